package inventory

import (
	"math"
	"slices"
)

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
// the lanes. The cost is that of the lots moved times lanes times shelves, at worst.
//
// Source: Ahuja, Magnanti & Orlin, Network Flows, 1993, sections 9.7 and 14.5.
func Rebalance(shelves []Shelf, lanes []Lane) []Shipment {
	return NewBalance(shelves, lanes).Shipments()
}

// Balance is a rebalancing whose lanes may be closed one after the other.
type Balance struct {
	shelves []Shelf
	lanes   []Lane // one that is closed costs ∞
	bundles []bundle
	bundled []int   // bundle of every lane
	cost    float64 // of any path: that of a lane where all cost the same, and else -∞
	flow    []int   // lots, by lane
	out, in []int   // lots, by shelf

	// The paths of the lots that move, in the order in which they were found. A path is its
	// lanes from its end back to its start: every other one, the first among them, forward.
	paths  []int
	begins []int // of each path

	worth []float64 // of the best path to every start, then to every end
	via   []int     // lane by which it comes there
}

// bundle is a row of lanes that begin on one shelf.
type bundle struct {
	from, lo, hi int
	lots         int  // that go over it
	stale        bool // its start has risen since its lanes were last tried
}

// NewBalance rebalances shelves over all lanes.
func NewBalance(shelves []Shelf, lanes []Lane) *Balance {
	n := len(shelves)
	b := &Balance{shelves: shelves, lanes: slices.Clone(lanes), flow: make([]int, len(lanes)),
		out: make([]int, n), in: make([]int, n), worth: make([]float64, 2*n), via: make([]int, 2*n)}
	if len(lanes) > 0 {
		b.cost = lanes[0].Cost
	}
	for k, lane := range lanes {
		if lane.Cost != b.cost {
			b.cost = math.Inf(-1)
		}
		last := len(b.bundles) - 1
		if last < 0 || b.bundles[last].from != lane.From {
			b.bundles, last = append(b.bundles, bundle{from: lane.From, lo: k}), last+1
		}
		b.bundles[last].hi, b.bundled = k+1, append(b.bundled, last)
	}
	for b.augment() {
	}
	return b
}

// Close rebalances anew without one more lane. Steps that came before the first on which a
// lot took that lane would be the same without it, as it was on no best path: they stay, and
// the others are taken again. The answer is that of a rebalancing without the closed lanes.
func (b *Balance) Close(lane int) {
	b.lanes[lane].Cost = math.Inf(1)
	for at, k := range b.paths {
		if k != lane {
			continue
		}
		first, found := slices.BinarySearch(b.begins, at)
		if !found {
			first--
		}
		for len(b.begins) > first {
			b.undo()
		}
		break
	}
	for b.augment() {
	}
}

// Shipments is what moves.
func (b *Balance) Shipments() []Shipment {
	var list []Shipment
	for k, n := range b.flow {
		if n > 0 {
			list = append(list, Shipment{Lane: k, Lots: n, Gain: b.gain(k)})
		}
	}
	return list
}

// augment sends one more lot along the path that is worth most; false where none is worth
// its cost. A shelf stands in it once as a start and once as an end.
func (b *Balance) augment() bool {
	n := len(b.shelves)
	most := math.Inf(-1) // that a lot adds anywhere
	for i := range n {
		if b.in[i] < len(b.shelves[i].More) {
			most = max(most, b.shelves[i].More[b.in[i]])
		}
	}
	for i := range n {
		b.worth[i], b.worth[n+i], b.via[i] = math.Inf(-1), math.Inf(-1), -1
		if left := len(b.shelves[i].Keep) - b.out[i]; left > 0 && most-b.shelves[i].Keep[left-1]-b.cost > -transferTie {
			b.worth[i] = -b.shelves[i].Keep[left-1]
		}
	}
	for i := range b.bundles {
		b.bundles[i].stale = !math.IsInf(b.worth[b.bundles[i].from], -1)
	}
	for range 2 * n { // no path is longer
		changed := false
		for i := range b.bundles {
			if r := &b.bundles[i]; (r.stale || r.lots > 0) && b.try(r) {
				changed = true
			}
		}
		if !changed {
			break
		}
	}
	best, end := transferTie, -1
	for j := range n {
		if b.in[j] < len(b.shelves[j].More) {
			if x := b.worth[n+j] + b.shelves[j].More[b.in[j]]; x > best {
				best, end = x, j
			}
		}
	}
	if end < 0 {
		return false
	}
	b.send(end)
	return true
}

// try follows the lanes of a bundle forward where its start has risen, and back where lots
// go over them. It reports whether that led to a better path.
func (b *Balance) try(r *bundle) (changed bool) {
	ends, ways := b.worth[len(b.shelves):], b.via[len(b.shelves):]
	stale, worth := r.stale, b.worth[r.from]
	r.stale = false
	for k := r.lo; k < r.hi; k++ {
		lane := &b.lanes[k]
		if stale {
			if x := worth - lane.Cost; x > ends[lane.To]+transferTie {
				ends[lane.To], ways[lane.To], changed = x, k, true
			}
		}
		if r.lots == 0 || b.flow[k] == 0 {
			continue
		}
		if x := ends[lane.To] + lane.Cost; x > worth+transferTie {
			worth, b.worth[r.from], b.via[r.from], changed = x, x, k, true
			b.rise(r.from) // the lanes before this one are tried in the next round
			stale = true
		}
	}
	return changed
}

// rise has all bundles that begin on a shelf tried again.
func (b *Balance) rise(shelf int) {
	for i := range b.bundles {
		if b.bundles[i].from == shelf {
			b.bundles[i].stale = true
		}
	}
}

// send moves a lot to the end of the best path, back along it lane by lane.
func (b *Balance) send(end int) {
	n := len(b.shelves)
	b.begins = append(b.begins, len(b.paths))
	b.in[end]++
	for at := n + end; ; {
		k := b.via[at]
		switch {
		case at >= n:
			b.carry(k, 1)
			at = b.lanes[k].From
		case k >= 0:
			b.carry(k, -1)
			at = n + b.lanes[k].To
		default:
			b.out[at]++
			return
		}
		b.paths = append(b.paths, k)
	}
}

// undo takes the last lot back.
func (b *Balance) undo() {
	last := len(b.begins) - 1
	path := b.paths[b.begins[last]:]
	for i, k := range path {
		b.carry(k, 2*(i%2)-1)
	}
	b.in[b.lanes[path[0]].To]--
	b.out[b.lanes[path[len(path)-1]].From]--
	b.paths, b.begins = b.paths[:b.begins[last]], b.begins[:last]
}

// carry has lots more, or fewer, go over a lane.
func (b *Balance) carry(lane, lots int) {
	b.flow[lane] += lots
	b.bundles[b.bundled[lane]].lots += lots
}

// transferTie is the difference of worth below which rounding decides.
const transferTie = 1e-9

func (b *Balance) gain(k int) float64 {
	lane, lots := b.lanes[k], float64(b.flow[k])
	var adds, takes float64
	for _, x := range b.shelves[lane.To].More[:b.in[lane.To]] {
		adds += x
	}
	keep := b.shelves[lane.From].Keep
	for _, x := range keep[len(keep)-b.out[lane.From]:] {
		takes += x
	}
	return lots * (adds/float64(b.in[lane.To]) - takes/float64(b.out[lane.From]) - lane.Cost)
}
