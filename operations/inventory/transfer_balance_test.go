package inventory

import (
	stdcmp "cmp"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// plainly is Rebalance as the textbook has it: every lot looks at every lane, in every round.
func plainly(shelves []Shelf, lanes []Lane) []Shipment {
	f := plainFlow{shelves, lanes, make([]int, len(lanes)), make([]int, len(shelves)), make([]int, len(shelves))}
	for f.augment() {
	}
	var list []Shipment
	for k, n := range f.flow {
		if n > 0 {
			list = append(list, Shipment{Lane: k, Lots: n, Gain: f.gain(k)})
		}
	}
	return list
}

type plainFlow struct {
	shelves []Shelf
	lanes   []Lane
	flow    []int // lots, by lane
	out, in []int // lots, by shelf
}

// augment sends one more lot along the path that is worth most; false where none is worth
// its cost. A shelf stands in it once as a start and once as an end.
func (f *plainFlow) augment() bool {
	n := len(f.shelves)
	worth := make([]float64, 2*n) // of the best path to the starts, then to the ends
	via := make([]int, 2*n)       // lane by which it comes there
	for i := range n {
		worth[i], worth[n+i] = math.Inf(-1), math.Inf(-1)
		via[i] = -1
		if left := len(f.shelves[i].Keep) - f.out[i]; left > 0 {
			worth[i] = -f.shelves[i].Keep[left-1]
		}
	}
	for range 2 * n { // no path is longer
		changed := false
		for k, lane := range f.lanes {
			start, end := lane.From, n+lane.To
			if x := worth[start] - lane.Cost; x > worth[end]+transferTie {
				worth[end], via[end], changed = x, k, true
			}
			if x := worth[end] + lane.Cost; f.flow[k] > 0 && x > worth[start]+transferTie {
				worth[start], via[start], changed = x, k, true
			}
		}
		if !changed {
			break
		}
	}
	best, end := transferTie, -1
	for j := range n {
		if f.in[j] < len(f.shelves[j].More) {
			if x := worth[n+j] + f.shelves[j].More[f.in[j]]; x > best {
				best, end = x, j
			}
		}
	}
	if end < 0 {
		return false
	}
	f.in[end]++
	for at := n + end; ; { // back along the path, lane by lane
		k := via[at]
		switch {
		case at >= n:
			f.flow[k]++
			at = f.lanes[k].From
		case k >= 0:
			f.flow[k]--
			at = n + f.lanes[k].To
		default:
			f.out[at]++
			return true
		}
	}
}

func (f *plainFlow) gain(k int) float64 {
	lane, lots := f.lanes[k], float64(f.flow[k])
	var adds, takes float64
	for _, x := range f.shelves[lane.To].More[:f.in[lane.To]] {
		adds += x
	}
	keep := f.shelves[lane.From].Keep
	for _, x := range keep[len(keep)-f.out[lane.From]:] {
		takes += x
	}
	return lots * (adds/float64(f.in[lane.To]) - takes/float64(f.out[lane.From]) - lane.Cost)
}

// drawBalance draws shelves and lanes, of amounts that are often alike: then many answers
// are as good, and which it is is for the order of the lanes to say.
func drawBalance(t *rapid.T) ([]Shelf, []Lane) {
	amounts := rapid.SampledFrom([]*rapid.Generator[float64]{
		rapid.Float64Range(-3, 20),
		rapid.Map(rapid.IntRange(-3, 6), func(n int) float64 { return float64(n) }),
	}).Draw(t, "amounts")
	falling := func(name string) []float64 {
		list := rapid.SliceOfN(amounts, 0, 6).Draw(t, name)
		slices.SortFunc(list, func(a, b float64) int { return stdcmp.Compare(b, a) })
		return list
	}
	shelves := make([]Shelf, rapid.IntRange(2, 9).Draw(t, "shelves"))
	for i := range shelves {
		shelves[i] = Shelf{falling("keep"), falling("more")}
	}
	same, cost := rapid.Bool().Draw(t, "one cost"), rapid.Float64Range(0, 3).Draw(t, "cost")
	var lanes []Lane
	for i := range shelves {
		for j := range shelves {
			if i == j || rapid.IntRange(0, 4).Draw(t, "no lane") == 0 {
				continue
			}
			if !same {
				cost = float64(rapid.IntRange(0, 4).Draw(t, "cost"))
			}
			lanes = append(lanes, Lane{i, j, cost})
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "in any order") == 0 {
		lanes = rapid.Permutation(lanes).Draw(t, "lanes")
	}
	return shelves, lanes
}

// TestBalanceIsThePlainOne: the same lots on the same lanes to the last bit, at first and
// after every lane that is closed.
func TestBalanceIsThePlainOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shelves, lanes := drawBalance(t)
		open := make([]int, len(lanes))
		for k := range open {
			open[k] = k
		}
		b := NewBalance(shelves, lanes)
		for {
			var left []Lane
			for _, k := range open {
				left = append(left, lanes[k])
			}
			want := plainly(shelves, left)
			for i := range want {
				want[i].Lane = open[want[i].Lane]
			}
			got := b.Shipments()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("with lanes %v open (-plain +got):\n%s", open, diff)
			}
			if len(got) == 0 {
				return
			}
			drop := rapid.SampledFrom(got).Draw(t, "closed").Lane
			b.Close(drop)
			open = slices.DeleteFunc(open, func(k int) bool { return k == drop })
		}
	})
}
