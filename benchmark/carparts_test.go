package benchmark

import (
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tradewind/numeric/distribution"
	"tradewind/numeric/forecast"
)

// TestScoreSparse works one part by hand: six months of a total of 9 under a forecast that is
// certain of 6.
func TestScoreSparse(t *testing.T) {
	f := forecast.Forecast{Total: distribution.Point(6)}
	for range carPartsAhead {
		f.Period = append(f.Period, distribution.Point(1))
	}
	past, actual := [][]float64{{0, 1, 0, 1, 0, 1}}, [][]float64{{3, 0, 3, 0, 3, 0}}
	got := scoreSparse(past, actual, []forecast.Forecast{f})
	// Every level u costs 3 u, and the levels average .745. Errors are 2 and -1 in turn, and
	// neighbours of the past differ by 1.
	want := sparseScore{Pinball: 3 * .745, Bias: 100 * (6./9 - 1), RMSSE: math.Sqrt((4. + 1) / 2), Upper: 0}
	for _, c := range [][2]float64{{got.Pinball, want.Pinball}, {got.Bias, want.Bias}, {got.RMSSE, want.RMSSE}, {got.Upper, want.Upper}} {
		if math.Abs(c[0]-c[1]) > 1e-12 {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// parts writes a table of parts as --data may hold it.
func parts(t *testing.T, rows ...string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, carParts)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	out := gzip.NewWriter(file)
	if _, err := out.Write([]byte(strings.Join(rows, "\n") + "\n")); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCarParts(t *testing.T) {
	months := func(cell string) string { return strings.Repeat(","+cell, 24) }
	dir := parts(t, "series"+months("m"), "a"+months("1"), "b"+months(""), "c"+months("2"))
	series, err := readCarParts(filepath.Join(dir, carParts))
	if err != nil || len(series) != 2 || len(series[0]) != 24 || series[1][23] != 2 {
		t.Errorf("%v (%v), want the two parts that are known in every month", series, err)
	}
	for name, dir := range map[string]string{
		"short": parts(t, "series,m", "a,1"), "words": parts(t, "series"+months("m"), "a"+months("x")), "none": parts(t, "series"+months("m")),
	} {
		if _, err := readCarParts(filepath.Join(dir, carParts)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	rows, err := measureIntermittent(t.Context(), &run{})
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v (%v), want the three goals, not measured", rows, err)
	}
	for _, row := range rows {
		if row = judged(row); row.Value != nil || row.OK != nil || !strings.Contains(row.Reason, carParts) {
			t.Errorf("%+v, want no figure and the reason", row)
		}
	}
}
