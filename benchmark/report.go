package benchmark

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// report writes the rows in one of the forms.
func report(w io.Writer, form string, rows []Row, command string) error {
	switch form {
	case "json":
		out := json.NewEncoder(w)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(rows)
	case "markdown":
		return writeMarkdown(w, rows, command)
	}
	return writeTable(w, rows)
}

func writeTable(w io.Writer, rows []Row) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "bench\tfigure\tvalue\tmust\taim\tkept")
	for _, r := range rows {
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Bench, r.Name, withUnit(r.Value, r.Unit), r.limit(r.Must), r.limit(r.Aim), cmp.Or(r.verdict(), "–"))
	}
	return out.Flush()
}

// writeMarkdown makes docs/results.md.
func writeMarkdown(w io.Writer, rows []Row, command string) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# Results\n\nMade by `%s` on %s; not to be edited by hand. Times vary with the machine and with what else it does: this one is %s.\n",
		command, time.Now().UTC().Format(time.DateOnly), machine())
	for i, r := range rows {
		if i == 0 || rows[i-1].Bench != r.Bench {
			fmt.Fprintf(out, "\n## %s\n\n%s.\n\n| figure | value | must | aim | kept | how, against what |\n|---|---:|---:|---:|---|---|\n", r.Bench, capital(about(r.Bench)))
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", r.Name, withUnit(r.Value, r.Unit), r.limit(r.Must), r.limit(r.Aim), cmp.Or(r.verdict(), "–"), r.footing())
	}
	return out.Flush()
}

// footing is what a figure rests on.
func (r Row) footing() string {
	parts := []string{}
	if r.Source != "" {
		parts = append(parts, r.Source)
	}
	if r.Reference != "" {
		parts = append(parts, "reference: "+r.Reference)
	}
	if r.Value == nil {
		parts = append(parts, "not measured: "+r.Reason)
	}
	return strings.ReplaceAll(strings.Join(parts, "; "), "|", `\|`)
}

func (r Row) verdict() string {
	switch {
	case r.Value == nil && r.OK == nil:
		return "not measured"
	case r.OK == nil:
		return ""
	case *r.OK:
		return "yes"
	}
	return "**no**"
}

func (r Row) limit(x *float64) string {
	switch {
	case x == nil:
		return ""
	case r.Better == higher:
		return "≥ " + figure(*x)
	}
	return "≤ " + figure(*x)
}

func withUnit(x *float64, unit string) string {
	if x == nil {
		return "–"
	}
	if unit == "ratio" || unit == "0 or 1" {
		return figure(*x)
	}
	return figure(*x) + " " + unit
}

// figure shows three or four digits that count.
func figure(x float64) string {
	switch a := math.Abs(x); {
	case x == math.Trunc(x) && a < 1e15:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case a >= 1000:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case a < 1:
		return strconv.FormatFloat(x, 'f', 3, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

func about(name string) string {
	for _, b := range benches {
		if b.name == name {
			return b.about
		}
	}
	return name
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// machine describes what the run was on.
func machine() string {
	parts := []string{fmt.Sprintf("%s/%s with %d CPUs", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
	if name := procField("/proc/cpuinfo", "model name"); name != "" {
		parts = append(parts, name)
	}
	if kib, err := strconv.ParseFloat(strings.TrimSuffix(procField("/proc/meminfo", "MemTotal"), " kB"), 64); err == nil {
		parts = append(parts, fmt.Sprintf("%.0f GiB of memory", kib/(1<<20)))
	}
	return strings.Join(append(parts, runtime.Version()), ", ")
}

// procField reads "name : value" of a file under /proc; "" where there is none.
func procField(path, name string) string {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
