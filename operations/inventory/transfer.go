package inventory

import "math"

// Shelf is what the lots of one SKU are worth at one location: marginal values that do not
// rise from one lot to the next.
type Shelf struct {
	Keep []float64 // of the lots that lie there: Keep[0] sells first
	More []float64 // of lots that would come in beside all of these, at most so many
}

// Lane is a way on which lots may be moved.
type Lane struct {
	From, To int // positions of shelves
	Cost     float64
}

// Shipment is what goes over one lane.
type Shipment struct {
	Lane int
	Lots int
	Gain float64 // what it adds at its end, less what it takes at its start and the moving
}

// Rebalance moves lots between shelves so that they are worth most together:
//
//	maximise Σ_j Σ_{k<in_j} More_j[k] - Σ_i Σ_{k<out_i} Keep_i[last-k] - Σ cost · lots
//
// A lot moves where its marginal value at its end exceeds that at its start by more than
// the moving. The answer is optimal: every step takes the best path of all, over lanes
// forward and over lots already given to them back, which is the method of successive
// shortest paths for flows of convex cost. Where several shipments begin or end on one
// shelf, each has its share of what they take or add there. Shipments come in the order of
// the lanes. The cost is that of the lots moved times lanes times shelves.
//
// Source: Ahuja, Magnanti & Orlin, Network Flows, 1993, sections 9.7 and 14.5.
func Rebalance(shelves []Shelf, lanes []Lane) []Shipment {
	f := transferFlow{shelves, lanes, make([]int, len(lanes)), make([]int, len(shelves)), make([]int, len(shelves))}
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

// transferFlow is what moves so far.
type transferFlow struct {
	shelves []Shelf
	lanes   []Lane
	flow    []int // lots, by lane
	out, in []int // lots, by shelf
}

// augment sends one more lot along the path that is worth most; false where none is worth
// its cost. A shelf stands in it once as a start and once as an end.
func (f *transferFlow) augment() bool {
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

// transferTie is the difference of worth below which rounding decides.
const transferTie = 1e-9

func (f *transferFlow) gain(k int) float64 {
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
