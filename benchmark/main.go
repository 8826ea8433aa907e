package benchmark

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"tradewind"
)

// The exit codes of Main.
const (
	kept      = 0
	failed    = 1 // a must is missed, or a bench could not be measured
	misused   = 2
	allOfThem = "all"
)

// Main runs the benchmark with the arguments of its command line and returns the exit
// code. Rows go to out, progress to errs.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	tradewind.SpareMemory() // as the program does
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(args) == 2 && args[0] == caseArg {
		if err := carryOut(ctx, args[1], in, out); err != nil {
			fmt.Fprintln(errs, err)
			return failed
		}
		return kept
	}
	r := &run{log: errs}
	flags := pflag.NewFlagSet("benchmark", pflag.ContinueOnError)
	flags.SetOutput(errs)
	flags.StringVar(&r.data, "data", "", "folder of external data sets; without it the embedded ones are used")
	flags.BoolVar(&r.peers, "peers", false, "let Python peers do the same work in the same run")
	flags.StringVar(&r.contest.File, "file", "", "forecast: a competition of your own, in the layout of M3 (CSV, also gzip)")
	flags.StringVar(&r.contest.Train, "train", "", "forecast: a competition of your own, in the layout of M4: the past")
	flags.StringVar(&r.contest.Test, "test", "", "forecast: what came after --train")
	form := flags.StringP("output", "o", "table", "table, json or markdown")
	flags.Usage = func() { usage(errs, flags) }
	switch err := flags.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return kept
	case err != nil:
		return complain(errs, err.Error())
	}
	if flags.NArg() == 0 && flags.NFlag() > 0 {
		return complain(errs, "which benchmark? Want "+strings.Join(known(), ", "))
	}
	if flags.NArg() == 0 {
		usage(out, flags)
		return kept
	}
	chosen, err := choose(flags.Args())
	if err != nil {
		return complain(errs, err.Error())
	}
	if !slices.Contains([]string{"table", "json", "markdown"}, *form) {
		return complain(errs, fmt.Sprintf("-o %s: want table, json or markdown", *form))
	}
	if info, err := os.Stat(r.data); r.data != "" && (err != nil || !info.IsDir()) {
		return complain(errs, fmt.Sprintf("--data %s: there is no such folder", r.data))
	}
	switch asked, err := r.contest.asked(chosen); {
	case err != nil:
		return complain(errs, err.Error())
	case asked:
		return r.contend(ctx, *form, out, errs)
	}
	return r.all(ctx, chosen, *form, out, errs)
}

// contend runs a competition of the user's own instead of the project's rows.
func (r *run) contend(ctx context.Context, form string, out, errs io.Writer) int {
	result, _, err := contending.run(ctx, r.contest)
	if err == nil {
		err = result.write(out, form)
	}
	if err != nil {
		fmt.Fprintln(errs, "benchmark:", err)
		return failed
	}
	return kept
}

// all measures and reports, and leaves nothing behind.
func (r *run) all(ctx context.Context, chosen []bench, form string, out, errs io.Writer) int {
	var err error
	if r.temp, err = os.MkdirTemp("", "tradewind-benchmark-"); err != nil {
		fmt.Fprintln(errs, err)
		return failed
	}
	defer os.RemoveAll(r.temp)
	rows := r.measure(ctx, chosen)
	if err := report(out, form, rows, r.command(chosen)); err != nil {
		fmt.Fprintln(errs, err)
		return failed
	}
	if missed(rows) {
		return failed
	}
	return kept
}

// command is what was typed, with the place of the data left out.
func (r *run) command(chosen []bench) string {
	words := []string{"go run ./cmd/benchmark"}
	if len(chosen) == len(benches) {
		words = append(words, allOfThem)
	} else {
		for _, b := range chosen {
			words = append(words, b.name)
		}
	}
	if r.data != "" {
		words = append(words, "--data DIR")
	}
	if r.peers {
		words = append(words, "--peers")
	}
	return strings.Join(append(words, "-o markdown"), " ")
}

// choose finds the benches by name, each once, in their own order.
func choose(names []string) ([]bench, error) {
	wanted := map[string]bool{}
	for _, name := range names {
		if name != allOfThem && !slices.ContainsFunc(benches, func(b bench) bool { return b.name == name }) {
			return nil, fmt.Errorf("there is no benchmark %q: want %s", name, strings.Join(known(), ", "))
		}
		wanted[name] = true
	}
	var chosen []bench
	for _, b := range benches {
		if wanted[b.name] || wanted[allOfThem] {
			chosen = append(chosen, b)
		}
	}
	return chosen, nil
}

func known() []string {
	list := []string{}
	for _, b := range benches {
		list = append(list, b.name)
	}
	return append(list, allOfThem)
}

func usage(w io.Writer, flags *pflag.FlagSet) {
	fmt.Fprint(w, "Measures how good and how fast Tradewind is, and fails where a figure that must be kept is not.\n\n"+
		"  go run ./cmd/benchmark NAME… [--data DIR] [--peers] [-o table|json|markdown]\n"+
		"  go run ./cmd/benchmark forecast --file M3.csv.gz | --train M4-train.csv --test M4-test.csv\n\n")
	for _, b := range benches {
		fmt.Fprintf(w, "  %-10s %s\n", b.name, b.about)
	}
	fmt.Fprintf(w, "  %-10s every one of them\n\n%s", allOfThem, flags.FlagUsages())
}

func complain(w io.Writer, problem string) int {
	fmt.Fprintln(w, "benchmark: "+problem)
	return misused
}
