package automation

import (
	"math"

	"tradewind/simulate"
)

// SafetyStock is the rule that most systems order by: expected demand until the order after
// this one could arrive, and z·σ·√(L+1) on top, σ being that of a period's demand about its
// forecast and L the mean lead time in periods. It takes the lead time for sure, and demand
// for normal and waiting.
//
// Source: Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th
// ed. 2017, section 6.7.
type SafetyStock struct {
	Price, Z float64
	Gap      float64 // orders are placed once the position is so far below the level

	sigma float64
	lead  int
}

// NewSafetyStock makes the rule for a form, at the form's own scatter.
func NewSafetyStock(f *simulate.ShopForm, price, z, gap float64) *SafetyStock {
	days := f.Days
	if days == 0 {
		days = 7
	}
	mean := f.Level * days / 7
	return &SafetyStock{price, z, gap, math.Sqrt(mean + mean*mean/f.Size), max(1, int(math.Round(f.LeadDays/days)))}
}

// Act orders up to the level of the period.
func (p *SafetyStock) Act(t int, st *simulate.ShopState, x *simulate.Filter, _ float64) simulate.Act {
	level := p.Z * p.sigma * math.Sqrt(float64(p.lead+1))
	for k := 0; k <= p.lead; k++ {
		level += x.Expect(t+k, p.Price)
	}
	a := simulate.Act{Price: p.Price}
	if short := level - st.Position(); short >= p.Gap {
		a.Order = max(0, short)
	}
	return a
}

// AtFill finds, by bisection between low and high, the least x with which a policy serves a
// share of demand on the first n training episodes; more x must mean more stock. It is false
// where even high serves less.
func (a *Arena) AtFill(target float64, n int, low, high float64, policy func(x float64) Policy) (x float64, reached bool) {
	fill := func(x float64) float64 {
		demand, sold, p := 0., 0., policy(x)
		for episode := range n {
			a.Watch(p, simulate.Training, uint64(episode), simulate.SteadyTrade, func(_ int, o simulate.Outcome) {
				demand, sold = demand+o.Demand, sold+o.Sold
			})
		}
		return sold / max(demand, 1)
	}
	if fill(high) < target {
		return high, false
	}
	const halvings = 12
	for range halvings {
		if mid := (low + high) / 2; fill(mid) < target {
			low = mid
		} else {
			high = mid
		}
	}
	return high, true
}
