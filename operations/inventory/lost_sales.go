package inventory

import (
	"fmt"
	"math"

	"tradewind/numeric/distribution"
)

// LostSales is the lost-sales inventory system in its textbook form: one item, periods
// without end, whole units, one chance to order a period.
//
//	state   x = (on hand with today's arrival, arrivals of the next Lead-1 periods)
//	period  order q, which arrives Lead periods later; demand D; sales min(D, on hand)
//	cost    Holding·(on hand - D)⁺ + Penalty·(D - on hand)⁺
//
// What is not on the shelf is not sold: nobody waits. The measure is the average cost a
// period in the long run. It is what orders that know nothing of costs, packs, seasons
// and random lead times can be judged against exactly; Solve is for those that do.
//
// Source: Zipkin, Old and new methods for lost-sales inventory systems, Operations
// Research 56(5), 2008.
type LostSales struct {
	Demand  distribution.Distribution // a period, on whole units
	Lead    int                       // periods from order to shelf, 1 or more
	Holding float64                   // a unit left at the end of a period
	Penalty float64                   // a unit asked for and not there
}

// LostSalesPolicy says how many units to order in a state: state[0] is on hand with
// today's arrival, state[k] what arrives in k periods. It does not keep or change state.
type LostSalesPolicy func(state []int) int

// LostSalesOptimum is the answer of the exact dynamic programme.
type LostSalesOptimum struct {
	Cost   float64 // average a period
	Sweeps int     // of the value iteration
	grid   *lostSalesGrid
	orders []int16
}

// Order returns the optimal order in a state; it is a LostSalesPolicy. A state beyond the
// largest position that is ever worth having orders nothing.
func (o *LostSalesOptimum) Order(state []int) int {
	if s, ok := o.grid.encode(state); ok {
		return int(o.orders[s])
	}
	return 0
}

// lostSalesSpan is how far apart the bounds on an average cost may be.
const lostSalesSpan = 1e-7

// Optimum solves the system exactly, to 1e-7 of cost a period, by relative value
// iteration with some sweeps of the policy found between two improvements. The number of
// states grows as the largest order to the power of Lead-1: it is an oracle for short
// lead times (Lead 4 with demand of mean 5 takes a tenth of a second), not for production.
//
// Source: Puterman, Markov Decision Processes, 1994, section 8.7 (modified policy
// iteration); Morton, Bounds on the solution of the lagged optimal inventory equation with
// no demand backlogging and proportional costs, SIAM Review 11(4), 1969 (the bound on orders).
func (l LostSales) Optimum() *LostSalesOptimum {
	ratio := l.ratio()
	largest := int(l.Demand.Quantile(ratio))
	g := l.grid(l.position(ratio)+2, largest+1) // a little beyond the bounds, for ties
	o := &LostSalesOptimum{grid: g, orders: make([]int16, g.states())}
	value, next := make([]float64, g.states()), make([]float64, g.states())
	for {
		low, high := math.Inf(1), math.Inf(-1)
		g.each(func(s, onHand, rest, position int) {
			best := math.Inf(1)
			for q := 0; q <= min(g.largest, g.most-position); q++ {
				if v := g.expect(value, onHand, rest, q); v < best {
					best, o.orders[s] = v, int16(q)
				}
			}
			next[s] = g.cost[onHand] + best
			low, high = min(low, next[s]-value[s]), max(high, next[s]-value[s])
		})
		o.Sweeps++
		value, next = next, value
		if o.Cost = (low + high) / 2; high-low < lostSalesSpan {
			return o
		}
		for range 8 {
			g.sweep(next, value, o.orders)
			value, next = next, value
		}
		base := value[0]
		for s := range value {
			value[s] -= base
		}
	}
}

// Cost returns the average cost a period of a policy, exactly to 1e-7. The policy starts
// with nothing on hand or on order, and its orders bound the states: position is the most
// that on hand and on order may ever be in sum, order the most that it ever orders. A
// policy that breaks them panics.
func (l LostSales) Cost(policy LostSalesPolicy, position, order int) float64 {
	g := l.grid(position, order)
	orders := make([]int16, g.states())
	reached := g.reach(policy, orders)
	value, next := make([]float64, g.states()), make([]float64, g.states())
	for {
		low, high := math.Inf(1), math.Inf(-1)
		for _, s := range reached {
			onHand, rest := g.split(int(s))
			next[s] = g.cost[onHand] + g.expect(value, onHand, rest, int(orders[s]))
			d := next[s] - value[s]
			low, high = min(low, d), max(high, d)
		}
		value, next = next, value
		if high-low < lostSalesSpan {
			return (low + high) / 2
		}
	}
}

// ratio is the newsvendor's.
func (l LostSales) ratio() float64 {
	if l.Lead < 1 || !(l.Holding > 0) || !(l.Penalty > 0) {
		panic(fmt.Sprintf("inventory: LostSales with lead %d, holding %v, penalty %v", l.Lead, l.Holding, l.Penalty))
	}
	return l.Penalty / (l.Penalty + l.Holding)
}

// position is the quantile of the demand of Lead+1 periods: the base-stock level if
// customers waited.
func (l LostSales) position(ratio float64) int {
	one := lostSalesMasses(l.Demand)
	sum := []float64{1}
	for range l.Lead + 1 {
		wider := make([]float64, len(sum)+len(one)-1)
		for i, a := range sum {
			for k, b := range one {
				wider[i+k] += a * b
			}
		}
		sum = wider
	}
	total := 0.0
	for s, p := range sum {
		if total += p; total >= ratio {
			return s
		}
	}
	return len(sum) - 1
}

// lostSalesMasses are the probabilities of 0, 1, 2 … units, to where no weight is left.
func lostSalesMasses(d distribution.Distribution) []float64 {
	var masses []float64
	below := 0.0
	for x := 0.0; below < 1-1e-14 && x < 1e6; x++ {
		upTo := d.CDF(x)
		masses = append(masses, upTo-below)
		below = upTo
	}
	return masses
}

// lostSalesGrid numbers the states. A state is on hand + (most+1)·rest, where rest holds
// the arrivals of the next Lead-1 periods as digits to the base largest+1, the soonest
// first. It holds the one-period costs and the law of what is left.
type lostSalesGrid struct {
	lead, most, largest int
	base, top           int // largest+1, and its power Lead-1
	cost                []float64
	left                [][]float64 // left[x][k]: probability that k of x units are left
}

func (l LostSales) grid(most, largest int) *lostSalesGrid {
	l.ratio() // checks
	g := &lostSalesGrid{lead: l.Lead, most: most, largest: largest, base: largest + 1, top: 1}
	for range l.Lead - 1 {
		g.top *= g.base
	}
	masses := lostSalesMasses(l.Demand)
	for x := 0; x <= most; x++ {
		above, below := l.Demand.Loss(float64(x))
		g.cost = append(g.cost, l.Holding*below+l.Penalty*above)
		row := make([]float64, x+1)
		rest := 1.0
		for d := 0; d < min(x, len(masses)); d++ {
			row[x-d] = masses[d]
			rest -= masses[d]
		}
		row[0] = max(0, rest)
		g.left = append(g.left, row)
	}
	return g
}

func (g *lostSalesGrid) states() int { return g.top * (g.most + 1) }

func (g *lostSalesGrid) split(s int) (onHand, rest int) { return s % (g.most + 1), s / (g.most + 1) }

// encode returns the number of a state, or false where it is off the grid.
func (g *lostSalesGrid) encode(state []int) (int, bool) {
	rest, sum := 0, state[0]
	for _, x := range state[1:] {
		if x > g.largest {
			return 0, false
		}
		rest, sum = rest*g.base+x, sum+x
	}
	return rest*(g.most+1) + state[0], sum <= g.most
}

// decode writes a state into dst.
func (g *lostSalesGrid) decode(dst []int, s int) {
	onHand, rest := g.split(s)
	dst[0] = onHand
	for k := g.lead - 1; k >= 1; k-- {
		dst[k], rest = rest%g.base, rest/g.base
	}
}

// each calls f for every state whose position is on the grid.
func (g *lostSalesGrid) each(f func(s, onHand, rest, position int)) {
	for rest := range g.top {
		coming := 0
		for r := rest; r > 0; r /= g.base {
			coming += r % g.base
		}
		for onHand := 0; onHand <= g.most-coming; onHand++ {
			f(rest*(g.most+1)+onHand, onHand, rest, onHand+coming)
		}
	}
}

// expect is the mean value of the state after a period with an order of q.
func (g *lostSalesGrid) expect(value []float64, onHand, rest, q int) float64 {
	all := rest*g.base + q
	arriving, rest := all/g.top, all%g.top
	law := g.left[onHand]
	after := value[rest*(g.most+1)+arriving:]
	after = after[:len(law)]
	sum := 0.0
	for k, p := range law {
		sum += float64(p * after[k])
	}
	return sum
}

// sweep writes the value after one more period under given orders.
func (g *lostSalesGrid) sweep(dst, value []float64, orders []int16) {
	g.each(func(s, onHand, rest, _ int) {
		dst[s] = g.cost[onHand] + g.expect(value, onHand, rest, int(orders[s]))
	})
}

// reach lists the states that a policy comes to from nothing, and writes its orders there.
func (g *lostSalesGrid) reach(policy LostSalesPolicy, orders []int16) []int32 {
	seen := make([]bool, g.states())
	seen[0] = true
	list := []int32{0}
	state := make([]int, g.lead)
	for i := 0; i < len(list); i++ {
		s := int(list[i])
		g.decode(state, s)
		q := policy(state)
		position := q
		for _, x := range state {
			position += x
		}
		if q < 0 || q > g.largest || position > g.most {
			panic(fmt.Sprintf("inventory: an order of %d in %v: want at most %d and a position of at most %d", q, state, g.largest, g.most))
		}
		orders[s] = int16(q)
		onHand, rest := g.split(s)
		all := rest*g.base + q
		for k, p := range g.left[onHand] {
			if next := (all%g.top)*(g.most+1) + k + all/g.top; p > 0 && !seen[next] {
				seen[next] = true
				list = append(list, int32(next))
			}
		}
	}
	return list
}
