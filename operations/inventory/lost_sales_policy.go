package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// CappedBaseStock orders up to a level, and never more than a cap: min(Cap, (Level -
// position)⁺). Without the cap a shelf that has just run empty orders a heap that
// arrives when the lack is long over.
//
// Source: Xin, Understanding the performance of capped base-stock policies in lost-sales
// inventory models, Operations Research 69(1), 2021.
type CappedBaseStock struct{ Level, Cap int }

// Order is a LostSalesPolicy.
func (c CappedBaseStock) Order(state []int) int {
	position := 0
	for _, x := range state {
		position += x
	}
	return min(c.Cap, max(0, c.Level-position))
}

// BaseStock returns the best base-stock level and its average cost a period.
func (l LostSales) BaseStock() (level int, cost float64) {
	at := l.position(l.ratio())
	costs := map[int]float64{}
	eval := func(s int) float64 {
		if _, done := costs[s]; !done {
			costs[s] = l.Cost(CappedBaseStock{s, s}.Order, s, s)
		}
		return costs[s]
	}
	for at > 0 && eval(at-1) < eval(at) { // convex in the level, and the start is above it
		at--
	}
	return at, eval(at)
}

// CappedBaseStock returns the best capped base-stock policy and its average cost a
// period, by exact evaluation of every cap with the best level for it.
func (l LostSales) CappedBaseStock() (CappedBaseStock, float64) {
	uncapped, cost := l.BaseStock()
	best := CappedBaseStock{uncapped, uncapped}
	least := max(1, int(math.Ceil(l.Demand.Mean()*.7)))
	worse := 0
	level := l.position(l.ratio())
	for limit := least; limit <= level && worse < 3; limit++ {
		at := func(s int) float64 { return l.Cost(CappedBaseStock{s, limit}.Order, s, limit) }
		s, c := level, at(level)
		for s > limit {
			lower := at(s - 1)
			if lower > c {
				break
			}
			s, c = s-1, lower
		}
		if worse++; c < cost {
			best, cost, worse = CappedBaseStock{s, limit}, c, 0
		}
	}
	return best, cost
}

// ProjectedLevel orders so that the stock expected at the arrival of the order comes up to
// Level: one number that holds whatever lies on the way and whatever of it will be lost.
//
// Source: van Jaarsveld & Arts, Projected inventory-level policies for lost sales inventory
// systems: asymptotic optimality in two regimes, Operations Research 72(5), 2024.
type ProjectedLevel struct {
	Level  float64
	demand []float64
}

// NewProjectedLevel makes the policy for a demand a period.
func NewProjectedLevel(level float64, demand distribution.Distribution) ProjectedLevel {
	return ProjectedLevel{level, lostSalesMasses(demand)}
}

// Order is a LostSalesPolicy. It rounds to the nearest unit.
func (p ProjectedLevel) Order(state []int) int {
	return max(0, int(math.Round(p.Level-p.Expected(state))))
}

// Expected returns the stock expected in len(state) periods, before that period's order
// arrives: what is left of each period's shelf goes on to the next.
func (p ProjectedLevel) Expected(state []int) float64 {
	law := make([]float64, state[0]+1)
	law[state[0]] = 1
	for k := 1; k <= len(state); k++ {
		after := make([]float64, len(law))
		for x, w := range law {
			if w == 0 {
				continue
			}
			rest := w
			for d := 0; d < min(x, len(p.demand)); d++ {
				after[x-d] += w * p.demand[d]
				rest -= w * p.demand[d]
			}
			after[0] += max(0, rest)
		}
		law = after
		if k < len(state) && state[k] > 0 {
			law = append(make([]float64, state[k]), after...)
		}
	}
	mean := 0.0
	for x, w := range law {
		mean += float64(x) * w
	}
	return mean
}

// ProjectedLevel returns the best projected level, to a tenth of a unit, and its average
// cost a period.
func (l LostSales) ProjectedLevel() (level, cost float64) {
	masses := lostSalesMasses(l.Demand)
	mean, sd := l.Demand.Mean(), math.Sqrt(l.Demand.Variance())
	position := 2 * (l.position(l.ratio()) + l.Lead)
	best := 0
	cost = math.Inf(1)
	try := func(from, to, step int) { // in tenths; rounding makes the cost too ragged for a descent
		for at := max(from, 1); at <= to; at += step {
			p := ProjectedLevel{float64(at) / 10, masses}
			if c := l.Cost(p.Order, position, int(p.Level)+1); c < cost {
				best, cost = at, c
			}
		}
	}
	try(int(5*mean), int(10*(mean+4*sd)), 5)
	try(best-8, best+8, 1)
	return float64(best) / 10, cost
}
