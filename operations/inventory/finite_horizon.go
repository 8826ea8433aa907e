package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// Stage is one period of a horizon.
type Stage struct {
	Demand   distribution.Distribution
	Fixed    float64 // cost of an order
	Unit     float64 // cost of a unit ordered
	Over     float64 // of a unit in stock at the end
	Under    float64 // of a unit missing at the end
	Discount float64 // of what comes after; 0 means 1
}

func (s Stage) discount() float64 {
	if s.Discount == 0 {
		return 1
	}
	return s.Discount
}

// Horizon is ordering over a number of periods, after which a unit left costs EndOver and
// a unit short EndUnder. Orders come at once and shortages wait.
type Horizon struct {
	Stages   []Stage
	EndOver  float64
	EndUnder float64
}

// HorizonPolicy holds an (s, S) policy a stage: below or at Low order up to High. Where
// it never pays to order Low is math.MinInt. It is optimal among all policies, on whole
// positions, where Discount·Fixed of a stage is at most Fixed of the one before (Scarf 1960).
type HorizonPolicy struct {
	Low, High []int
	base      int       // position of first[0]
	first     []float64 // least cost of all stages by position
	slope     float64   // of that cost below base
}

// Cost returns the least expected discounted cost of the horizon from a position, NaN for
// one above the highest that was asked for.
func (h HorizonPolicy) Cost(position int) float64 {
	if position >= h.base+len(h.first) {
		return math.NaN()
	}
	return horizonAt(h.first, h.base, position, h.slope)
}

// Solve finds the policy for starting positions up to highest, by dynamic programming over
// whole positions. Expected costs of a period are those of its demand as given; demand
// moves the position in whole units (see CountsOf). The grid grows until nothing beyond it
// can be better: far below, costs are linear in the position; far above, by K-convexity,
// once a position costs more than the best one and an order. Holding stock or buying it
// must cost something, or no grid reaches far enough.
//
// It takes stages × positions × demands operations.
//
// Source: H. Scarf, The optimality of (S, s) policies in the dynamic inventory problem
// (1960); Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, section 4.4.3.
func (h Horizon) Solve(highest int) HorizonPolicy {
	laws := make([]PMF, len(h.Stages))
	base, top := min(0, highest), max(1, highest)
	for t, s := range h.Stages {
		laws[t] = CountsOf(s.Demand)
		level, _ := Newsvendor{s.Demand, s.Over, s.Under}.Best()
		base = min(base, int(level)-2*len(laws[t]))
		top = max(top, int(level)+2*len(laws[t]))
	}
	for {
		policy, below, above := h.sweep(laws, base, top)
		if below && above {
			return policy
		}
		if !below {
			base -= top - base
		}
		if !above {
			top += top - base
		}
	}
}

// sweep is Solve on the positions base to top. It reports whether they reach far enough
// below and above.
func (h Horizon) sweep(laws []PMF, base, top int) (policy HorizonPolicy, below, above bool) {
	size := top - base + 1
	value, stay := make([]float64, size), make([]float64, size)
	for i := range value {
		x := float64(base + i)
		value[i] = h.EndOver*max(0, x) + h.EndUnder*max(0, -x)
	}
	slope := -h.EndUnder
	policy = HorizonPolicy{Low: make([]int, len(h.Stages)), High: make([]int, len(h.Stages)), base: base}
	below, above = true, true
	for t := len(h.Stages) - 1; t >= 0; t-- {
		s := h.Stages[t]
		g := Newsvendor{s.Demand, s.Over, s.Under}
		for i := range stay {
			var future float64
			for d, p := range laws[t] {
				future += p * horizonAt(value, base, base+i-d, slope)
			}
			stay[i] = g.Cost(float64(base+i)) + s.discount()*future
		}
		// From the top down: the best position to order up to, and whether it pays.
		policy.Low[t], policy.High[t] = math.MinInt, math.MinInt
		best := size - 1
		reach := func(i int) float64 { return stay[i] + s.Unit*float64(i) }
		for i := size - 1; i >= 0; i-- {
			if reach(i) <= reach(best) {
				best = i
			}
			order := s.Fixed + reach(best) - s.Unit*float64(i)
			value[i] = stay[i]
			if best > i && order < stay[i] {
				value[i] = order
				if policy.Low[t] == math.MinInt {
					policy.Low[t] = base + i
				}
				policy.High[t] = base + best
			}
		}
		if s.Fixed == 0 && policy.High[t] != math.MinInt {
			policy.Low[t] = policy.High[t]
		}
		// Below base staying gets dearer by rate a unit and ordering by Unit: what is better
		// at base must be what is better ever after.
		rate := s.Under - s.discount()*slope
		orders := best > 0 && reach(0) > s.Fixed+reach(best)
		below = below && (rate == s.Unit || orders == (rate > s.Unit))
		above = above && reach(size-1) > s.Fixed+reach(best)
		if slope = -rate; orders {
			slope = -s.Unit
		}
	}
	policy.first, policy.slope = value, slope
	return policy, below, above
}

// horizonAt reads a cost by position, linear below base.
func horizonAt(value []float64, base, position int, slope float64) float64 {
	if position < base {
		return value[0] + slope*float64(position-base)
	}
	return value[min(position-base, len(value)-1)]
}

// Myopic returns the level that is best for one stage when what is left is worth its
// discounted unit cost of the next, and the expected cost of that:
//
//	G(y) = Unit·y + g(y) - Discount·next·(y - E[D]),
//
// for Under above Unit - Discount·next and that above -Over.
//
// Source: A. F. Veinott, On the optimality of (s, S) inventory policies: new conditions
// and a new proof (1966), SIAM Journal on Applied Mathematics 14(5), 1067-1083.
func (s Stage) Myopic(next float64) (level, cost float64) {
	extra := s.Unit - s.discount()*next
	level = s.Demand.Quantile((s.Under - extra) / (s.Under + s.Over))
	return level, s.MyopicCost(level, next)
}

// MyopicCost returns G at a level.
func (s Stage) MyopicCost(level, next float64) float64 {
	return s.Unit*level + Newsvendor{s.Demand, s.Over, s.Under}.Cost(level) - s.discount()*next*(level-s.Demand.Mean())
}
