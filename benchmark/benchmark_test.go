package benchmark

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestMain lets the test program be its own child process, as the benchmark is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == caseArg {
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	repeats = 1
	os.Exit(m.Run())
}

// standIn replaces the benches by one that gives these rows.
func standIn(t *testing.T, rows []Row, err error) {
	t.Helper()
	real := benches
	t.Cleanup(func() { benches = real })
	benches = []bench{{"stand-in", "rows made by the test", func(context.Context, *run) ([]Row, error) { return rows, err }}}
}

// TestExitCodes: 0 where every must is kept, 1 where one is missed or a figure could not
// be taken, 2 where the command was misused.
func TestExitCodes(t *testing.T) {
	row := func(value, must float64, better string) []Row {
		return []Row{{Name: "x", Value: new(value), Must: new(must), Better: better}}
	}
	for _, tt := range []struct {
		name string
		rows []Row
		err  error
		args []string
		want int
	}{
		{"kept", row(1, 2, lower), nil, []string{"stand-in"}, 0},
		{"kept to the limit", row(2, 2, higher), nil, []string{"all"}, 0},
		{"missed above", row(3, 2, lower), nil, []string{"stand-in"}, 1},
		{"missed below", row(1, 2, higher), nil, []string{"stand-in", "-o", "json"}, 1},
		{"aim missed", []Row{{Name: "x", Value: new(3.0), Must: new(4.0), Aim: new(2.0), Better: lower}}, nil, []string{"stand-in"}, 0},
		{"not a number", row(math.NaN(), 2, lower), nil, []string{"stand-in"}, 1},
		{"absent", []Row{{Name: "x", Must: new(1.0), Better: lower, Reason: "no peer"}}, nil, []string{"stand-in"}, 0},
		{"failed", nil, errors.New("broken"), []string{"stand-in"}, 1},
		{"no name", nil, nil, nil, 0},
		{"unknown name", nil, nil, []string{"nonsense"}, 2},
		{"unknown flag", nil, nil, []string{"--nonsense"}, 2},
		{"unknown form", nil, nil, []string{"stand-in", "-o", "xml"}, 2},
		{"no such folder", nil, nil, []string{"stand-in", "--data", "/nowhere/at/all"}, 2},
		{"help", nil, nil, []string{"--help"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			standIn(t, tt.rows, tt.err)
			var out, errs bytes.Buffer
			if got := Main(tt.args, nil, &out, &errs); got != tt.want {
				t.Errorf("exit code %d, want %d; %s%s", got, tt.want, out.String(), errs.String())
			}
		})
	}
}

func TestUnknownNameListsTheNames(t *testing.T) {
	var out, errs bytes.Buffer
	Main([]string{"nonsense"}, nil, &out, &errs)
	for _, name := range []string{"import", "plan", "demo", "console", "demand", "inventory"} {
		if !strings.Contains(errs.String(), name) {
			t.Errorf("the complaint does not name %s: %s", name, errs.String())
		}
	}
	if out.Len() > 0 {
		t.Errorf("standard output has %q", out.String())
	}
}

// TestJSON: an array of rows with every field, null where there is nothing.
func TestJSON(t *testing.T) {
	standIn(t, []Row{
		{Name: "kept", Value: new(1.5), Unit: "s", Better: lower, Must: new(2.0), Aim: new(1.0), Reference: "r", Source: "s"},
		{Name: "information", Value: new(7.0), Unit: "s", Better: higher},
		{Name: "absent", Unit: "s", Better: lower, Must: new(1.0), Reason: "python3 is not installed"},
	}, nil)
	var out, errs bytes.Buffer
	if code := Main([]string{"stand-in", "-o", "json"}, nil, &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	var rows []map[string]any
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	fields := []string{"aim", "bench", "better", "must", "name", "ok", "reference", "source", "unit", "value"}
	for _, row := range rows {
		delete(row, "reason")
		if got := slices.Sorted(maps.Keys(row)); !slices.Equal(got, fields) {
			t.Errorf("fields %v, want %v", got, fields)
		}
	}
	if rows[0]["ok"] != true || rows[1]["ok"] != nil || rows[2]["ok"] != nil || rows[2]["value"] != nil || rows[0]["bench"] != "stand-in" {
		t.Errorf("rows %v", rows)
	}
	if !strings.Contains(out.String(), "python3 is not installed") {
		t.Error("the reason of an absent figure is lost")
	}
}

func TestMarkdown(t *testing.T) {
	standIn(t, []Row{
		{Name: "kept", Value: new(1.5), Unit: "s", Better: lower, Must: new(2.0), Source: "a | b"},
		{Name: "missed", Value: new(3.25), Unit: "ratio", Better: lower, Must: new(2.0)},
	}, nil)
	var out, errs bytes.Buffer
	Main([]string{"all", "--data", t.TempDir(), "-o", "markdown"}, nil, &out, &errs)
	for _, want := range []string{
		"| kept | 1.50 s | ≤ 2 |  | yes | a \\| b |\n", "| missed | 3.25 | ≤ 2 |  | **no** |  |\n",
		"`go run ./cmd/benchmark all --data DIR -o markdown`", "not to be edited by hand",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestPercentile(t *testing.T) {
	xs := []float64{5, 1, 4, 2, 3, 10, 9, 8, 7, 6}
	for _, tt := range []struct{ u, want float64 }{{.5, 5}, {.95, 10}, {.9, 9}, {1, 10}, {.01, 1}} {
		if got := percentile(xs, tt.u); got != tt.want {
			t.Errorf("percentile %v is %v, want %v", tt.u, got, tt.want)
		}
	}
	if got := median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median %v, want 2.5", got)
	}
}

func TestBetween(t *testing.T) {
	for _, tt := range []struct {
		value     float64
		low, high bool
	}{{-20, false, true}, {0, true, true}, {15, true, true}, {16, true, false}} {
		rows := between(Row{Name: "bias", Value: new(tt.value)}, -15, 15)
		if low, high := *judged(rows[0]).OK, *judged(rows[1]).OK; low != tt.low || high != tt.high {
			t.Errorf("%v: at least %v, at most %v, want %v, %v", tt.value, low, high, tt.low, tt.high)
		}
	}
}

// TestCost: a child that works shows its CPU seconds and its memory, and none of its
// parent's.
func TestCost(t *testing.T) {
	ballast := make([]byte, 300<<20)
	for i := range ballast {
		ballast[i] = byte(i) // resident here
	}
	const work = 200 // ms of CPU
	spun, cost, err := spinning.run(t.Context(), work)
	if err != nil {
		t.Fatal(err)
	}
	if spun == 0 || cost.CPU < .9*work/1000 || cost.CPU > 5*work/1000 || cost.Wall < .5*work/1000 {
		t.Errorf("cost %+v of %d ms of work", cost, work)
	}
	if cost.Peak < 5 || cost.Peak > 200 {
		t.Errorf("peak %v MiB, want that of the child alone", cost.Peak)
	}
	if ballast[1] != 1 {
		t.Error("the ballast is gone")
	}
	if _, _, err := spinning.run(t.Context(), -1); err == nil || !strings.Contains(err.Error(), "negative") {
		t.Errorf("a failure of the child is %v", err)
	}
}

// spinning uses CPU for some milliseconds.
var spinning = newWork("spin", func(_ context.Context, m *meter, ms int) (n int, err error) {
	if ms < 0 {
		return 0, errors.New("negative")
	}
	m.Begin()
	defer m.End()
	for end := cpuSeconds() + float64(ms)/1000; cpuSeconds() < end; n++ {
	}
	return n, nil
})
