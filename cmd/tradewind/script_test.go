package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tradewind/simulate"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tradewind": main})
}

// TestScripts runs the sessions in testdata/*.txtar, each in an empty folder with the
// small shop of testdata/shop beside it ($SHOP), and that with prices and promotions
// ($PRICES; the items whose price never moves and moves only in promotions are $ONE and
// $PROMOTED in $ONE_MARKET and $PROMOTED_MARKET, one that can be learnt from $KNOWN).
func TestScripts(t *testing.T) {
	shop, err := filepath.Abs("testdata/shop")
	if err != nil {
		t.Fatal(err)
	}
	prices := newPriceShop(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SHOP", shop)
			env.Setenv("PRICES", prices.dir)
			for name, kind := range map[string]simulate.Kind{"KNOWN": simulate.Identified, "ONE": simulate.OnePrice, "PROMOTED": simulate.PromotionsOnly} {
				env.Setenv(name, string(prices.item[kind].SKU))
				env.Setenv(name+"_MARKET", string(prices.item[kind].Market))
			}
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("TRADEWIND_LANG", "en")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":     exits,
			"appears":   appears,
			"interrupt": interrupt,
			"field":     field,
			"broken":    broken,
		},
	})
}

// exits runs a command and holds its exit code against the first argument:
// exits 2 tradewind nonsense
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command [args…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := exitCode(ts, ts.Exec(args[1], args[2:]...))
	if got != want {
		ts.Fatalf("%s exits %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

func exitCode(ts *testscript.TestScript, err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	ts.Check(err)
	return -1
}

// appears waits until a file is there.
func appears(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: appears FILE")
	}
	if !thereWithin(ts.MkAbs(args[0]), 60*time.Second) {
		ts.Fatalf("%s did not appear", args[0])
	}
}

func thereWithin(path string, patience time.Duration) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			return true
		}
	}
	return false
}

// interrupt runs a command, sends it Ctrl+C once a file is there, and wants exit code 130:
// interrupt shop/shop.duckdb tradewind import …
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: interrupt FILE command [args…]")
	}
	program, err := exec.LookPath(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], args[1]))
	ts.Check(err)
	c := exec.Command(program, args[2:]...)
	c.Dir, c.Env = ts.MkAbs("."), append(os.Environ(), "TRADEWIND_LANG=en")
	var said strings.Builder
	c.Stderr = &said
	ts.Check(c.Start())
	if !thereWithin(ts.MkAbs(args[0]), 60*time.Second) {
		ts.Fatalf("%s did not appear: %s", args[0], said.String())
	}
	ts.Check(c.Process.Signal(os.Interrupt))
	if got := exitCode(ts, c.Wait()); got != exitInterrupted {
		ts.Fatalf("interrupted command exits %d, want %d: %s", got, exitInterrupted, said.String())
	}
	if !strings.Contains(said.String(), "Interrupted") {
		ts.Fatalf("interrupted command said %q", said.String())
	}
}

// field puts a value of the JSON on standard output into a variable:
// field ID '[0].id'
func field(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: field NAME PATH")
	}
	value, err := lookup([]byte(ts.ReadFile("stdout")), args[1])
	if err != nil {
		ts.Fatalf("%s: %v", args[1], err)
	}
	ts.Setenv(args[0], value)
}

// broken writes a file that is damaged in a way that a script cannot hold:
// broken truncated FROM TO
func broken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: broken truncated|nul|long-line|latin FROM TO")
	}
	text := []byte(ts.ReadFile(args[1]))
	half := len(text)/2 + bytes.IndexByte(text[len(text)/2:], '\n') + 1 // a line begins here
	switch args[0] {
	case "truncated":
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err := w.Write(text)
		ts.Check(errors.Join(err, w.Close()))
		text = packed.Bytes()[:packed.Len()/2]
	case "nul":
		text = bytes.Replace(text, []byte("2.95"), []byte("2\x0095"), 1)
	case "long-line":
		long := append(bytes.Repeat([]byte("x"), 10<<20), '\n')
		text = append(append(append([]byte{}, text[:half]...), long...), text[half:]...)
	case "latin":
		text = bytes.Replace(text, []byte("REGENCY"), []byte("R\xc9GENCY"), 1)
	default:
		ts.Fatalf("no such damage: %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), text, 0o600))
}
