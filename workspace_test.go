package tradewind

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// tester is a test or one round of a property.
type tester interface {
	rapid.TB
	Context() context.Context
	Cleanup(func())
}

// scratch is a folder that lives as long as the test process.
var scratch string

// TestMain makes room for the workspaces that tests share. Started with holdVariable, the
// test program is the second process of TestSecondWriter instead.
func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		hold(dir)
		return
	}
	if err := flag.Set("rapid.checks", "25"); err != nil { // each round makes workspaces
		panic(err)
	}
	flag.Parse() // the command line may ask for more
	var err error
	if scratch, err = os.MkdirTemp("", "tradewind-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	if demoOnce.engine != nil {
		demoOnce.engine.Close()
	}
	os.RemoveAll(scratch)
	os.Exit(code)
}

const holdVariable = "TRADEWIND_TEST_HOLD"

// hold opens a workspace, says so, and keeps it until its input ends.
func hold(dir string) {
	e, err := Open(context.Background(), dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("open")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	e.Close()
}

var demoOnce struct {
	sync.Once
	engine *Engine
	report *DemoReport
	err    error
}

// demo returns the workspace of the demo, made once. Tests read it and leave it as it is.
func demo(t tester) (*Engine, *DemoReport) {
	t.Helper()
	demoOnce.Do(func() {
		demoOnce.engine, demoOnce.report, demoOnce.err = Demo(context.Background(), filepath.Join(scratch, "demo"), nil)
	})
	if demoOnce.err != nil {
		t.Fatal(demoOnce.err)
	}
	return demoOnce.engine, demoOnce.report
}

// The sample is three products of the demo, all their rows and a few of every other kind.
var (
	sampleOrders  = []string{"testdata/orders-2009-2010.csv", "testdata/orders-2010-2011.csv"}
	sampleAssumed = []string{
		"testdata/assumed-products.csv", "testdata/assumed-costs.csv", "testdata/assumed-warehouses.csv",
		"testdata/assumed-stock.csv", "testdata/assumed-supplies.csv",
	}
)

// makeSample makes the sample's workspace once; every test works on a copy.
var makeSample = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(scratch, "sample")
	if err := Init(dir, demoConfig); err != nil {
		return "", err
	}
	e, err := Open(context.Background(), dir)
	if err != nil {
		return "", err
	}
	_, err = e.Import(context.Background(), append(append([]string{}, sampleOrders...), sampleAssumed...), ImportOptions{})
	return dir, errors.Join(err, e.Close())
})

// sample returns a workspace of its own that knows the sample.
func sample(t tester) *Engine {
	t.Helper()
	return copyOf(t, makeSample)
}

// makeEmpty makes a workspace with the demo's settings and nothing in it.
var makeEmpty = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(scratch, "empty")
	if err := Init(dir, demoConfig); err != nil {
		return "", err
	}
	e, err := Open(context.Background(), dir)
	if err != nil {
		return "", err
	}
	return dir, e.Close()
})

// empty returns a workspace of its own that knows nothing.
func empty(t tester) *Engine {
	t.Helper()
	return copyOf(t, makeEmpty)
}

func copyOf(t tester, make func() (string, error)) *Engine {
	t.Helper()
	from, err := make()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(folder(t), "workspace")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return open(t, dir)
}

// planned returns a workspace of its own with the sample's plan.
func planned(t tester) (*Engine, *PlanReport) {
	t.Helper()
	e := sample(t)
	p, err := e.Plan(t.Context(), PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Decisions) < 2 {
		t.Fatalf("the sample's plan has %d decisions, want 2 at least", len(p.Decisions))
	}
	return e, p
}

// workspace returns an empty workspace.
func workspace(t tester, c Config) *Engine {
	t.Helper()
	dir := folder(t)
	if err := Init(dir, c); err != nil {
		t.Fatal(err)
	}
	return open(t, dir)
}

func open(t tester, dir string) *Engine {
	t.Helper()
	e, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// reopen closes a workspace and opens it with other settings.
func reopen(t tester, e *Engine, change func(*Config)) *Engine {
	t.Helper()
	c, dir := e.Config(), e.Dir()
	change(&c)
	if err := errors.Join(e.Close(), os.Remove(filepath.Join(dir, ConfigFile)), writeConfig(filepath.Join(dir, ConfigFile), c)); err != nil {
		t.Fatal(err)
	}
	return open(t, dir)
}

// folder makes a folder that goes when the test ends.
func folder(t tester) string {
	t.Helper()
	dir, err := os.MkdirTemp(scratch, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// write makes a file of a test's own.
func write(t tester, name, content string) string {
	t.Helper()
	path := filepath.Join(folder(t), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t tester, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func mustImport(t tester, e *Engine, o ImportOptions, files ...string) *ImportReport {
	t.Helper()
	r, err := e.Import(t.Context(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
