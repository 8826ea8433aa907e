package benchmark

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPartsStore works one part by hand: six months to fill, and two that are scored.
func TestPartsStore(t *testing.T) {
	s := &partsStore{
		demand: [][]float64{{0, 0, 0, 0, 0, 0, 3, 4}},
		leads:  [][]int{{1, 1, 1, 1, 1, 1, 2, 1}},
	}
	upToFive := func(state *partState) float64 { return math.Max(0, 5-state.position()) }
	// Five are there in month 6 and serve 3; what is ordered in month 7 comes too late for it.
	want := partsScore{Asked: 7, Served: 5, Stock: (2 + 0) / 2.}
	if got := s.run(6, 8, upToFive); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	// A textbook that knows only zeros has nothing, unless it holds a unit of everything.
	for least, want := range map[float64]float64{0: 0, 1: 1} {
		if got := s.run(6, 7, upTo(9, least, s.ofPast(8))).Served; got != want {
			t.Errorf("at least %v: served %v, want %v", least, got, want)
		}
	}
	if a := s.asGood(6, 7, 1, 0, s.ofPast(8)); a.Z != partsHighest || a.Score.fill() != 0 {
		t.Errorf("%+v, want the largest z and that it serves nothing", a)
	}
	mean, variance := s.ofPast(2)(&partState{month: 8})
	if mean != 3.5 || variance != .5 {
		t.Errorf("moments of 3 and 4: %v and %v", mean, variance)
	}
}

// TestPartCases: what is learnt from has come by then, and windows count as lead times make
// them.
func TestPartCases(t *testing.T) {
	series := [][]float64{{0, 1, 2, 3, 4, 5, 6, 7}}
	known := make([][][partColumns]float64, 8)
	for k := range known {
		known[k] = [][partColumns]float64{{float64(k)}}
	}
	c := partCases(series, known, 2, 7)
	// From months 2 and 3, windows of 2, 3 and 4 months; the last ends with month 6.
	if diff := cmp.Diff([]float64{2 + 3, 2 + 3 + 4, 2 + 3 + 4 + 5, 3 + 4, 3 + 4 + 5, 3 + 4 + 5 + 6}, c.Came); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{0, 0, 0, 1, 1, 1}, c.X[0]); diff != "" {
		t.Error(diff)
	}
	for i, want := range []float64{.3, .4, .3, .3, .4, .3} {
		if math.Abs(c.Weight[i]-want) > 1e-12 {
			t.Errorf("weight %d is %v, want %v", i, c.Weight[i], want)
		}
	}
}

func TestPartsWithoutData(t *testing.T) {
	rows, err := partsRows(t.Context(), &run{})
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v (%v), want the three goals, not measured", rows, err)
	}
	for _, row := range rows {
		if row = judged(row); row.Value != nil || row.OK != nil || !strings.Contains(row.Reason, carParts) {
			t.Errorf("%+v, want no figure and the reason", row)
		}
	}
}
