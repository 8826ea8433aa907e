package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// ReorderLevel is the (s, S) problem without end: at each review an order of any size costs
// Fixed, what is short waits, and Over and Under are paid a unit at the end of the period.
// The policy orders up to S whenever the position is at s or below.
//
// Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, section 4.4.
type ReorderLevel struct {
	Demand PMF     // of one period, not always 0
	Wait   PMF     // of lead time and review; nil means Demand: what is ordered comes at once
	Fixed  float64 // cost of an order
	Over   float64 // of a unit in stock at the end of a period
	Under  float64 // of a unit missing at the end of a period
}

// Cost returns the mean cost a period of the policy, low < high.
//
//	c(s, S) = (K + Σ m(j)·G(S-j)) / Σ m(j),  j = 0 … S-s-1,
//
// with G the newsvendor cost and m the renewal density of demand: m(j) periods of a cycle
// are spent at the position S-j.
func (r ReorderLevel) Cost(low, high int) float64 { return r.start().cost(low, high) }

// Best returns the policy of least cost, exactly. It takes as long as evaluating about
// 2.4·(S-s) single policies.
//
// Source: Y.-S. Zheng & A. Federgruen, Finding optimal (s, S) policies is about as simple
// as evaluating a single policy (1991), Operations Research 39(4), 654-665.
func (r ReorderLevel) Best() (low, high int, cost float64) {
	z := r.start()
	newsvendor, _ := z.newsvendor.Best()
	high = int(newsvendor)
	low = high - 1
	for cost = z.cost(low, high); cost > z.at(low); cost = z.cost(low, high) {
		low--
	}
	// No S can be optimal whose own period already costs more than the best cycle.
	for try := high + 1; z.at(try) <= cost; try++ {
		c := z.cost(low, try)
		if c >= cost {
			continue
		}
		high, cost = try, c
		for cost <= z.at(low+1) && low+1 < high {
			low++
			cost = z.cost(low, high)
		}
	}
	return low, high, cost
}

// renewals keeps what policies of one problem share.
type renewals struct {
	newsvendor Newsvendor
	fixed      float64
	demand     PMF
	density    []float64       // m(j) so far
	period     map[int]float64 // G so far
}

func (r ReorderLevel) start() *renewals {
	wait := r.Wait
	if wait == nil {
		wait = r.Demand
	}
	return &renewals{
		newsvendor: Newsvendor{wait, r.Over, r.Under},
		fixed:      r.Fixed,
		demand:     r.Demand,
		density:    []float64{1 / (1 - r.Demand[0])},
		period:     map[int]float64{},
	}
}

func (z *renewals) at(position int) float64 {
	g, known := z.period[position]
	if !known {
		g = z.newsvendor.Cost(float64(position))
		z.period[position] = g
	}
	return g
}

func (z *renewals) cost(low, high int) float64 {
	for j := len(z.density); j < high-low; j++ {
		var sum float64
		for d := 1; d <= j && d < len(z.demand); d++ {
			sum += z.demand[d] * z.density[j-d]
		}
		z.density = append(z.density, sum/(1-z.demand[0]))
	}
	total, periods := z.fixed, 0.0
	for j := range high - low {
		total += z.density[j] * z.at(high-j)
		periods += z.density[j]
	}
	return total / periods
}

// PowerApproximation returns a near-optimal (s, S) in closed form from the mean and
// standard deviation of demand in a period and of demand over lead time and review.
//
// Source: R. Ehrhardt & C. Mosier, A revision of the power approximation for computing
// (s, S) policies (1984), Management Science 30(5), 618-622; Snyder & Shen 2019, (4.77)-(4.80).
func PowerApproximation(demand, wait distribution.Distribution, fixed, over, under float64) (low, high float64) {
	mean, sd := wait.Mean(), math.Sqrt(wait.Variance())
	order := 1.30 * math.Pow(demand.Mean(), .494) * math.Pow(fixed/over, .506) *
		math.Pow(1+sd*sd/(demand.Mean()*demand.Mean()), .116)
	z := math.Sqrt(order / sd * over / under)
	low = .973*mean + sd*(.183/z+1.063-2.192*z)
	return low, low + order
}
