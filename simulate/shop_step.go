package simulate

import (
	"math"
	"math/bits"

	"tradewind/numeric/distribution"
)

// ShopState is what a shop carries from one period to the next, as it stands when the seller
// looks: what is due has arrived. It is a plain value: a copy goes its own way.
type ShopState struct {
	OnHand    float64
	Ordered   [MaxLead + 1]float64 // units under way that were ordered k periods before; 0 at k = 0
	Returning [MaxLag - 1]float64  // units that will be resold: place 0 joins the shelf after the period now decided
	Price     float64              // asked in the period before
}

// OnOrder returns the units under way.
func (st *ShopState) OnOrder() float64 {
	sum := 0.
	for _, units := range st.Ordered {
		sum += units
	}
	return sum
}

// Position returns what is on the shelf and under way.
func (st *ShopState) Position() float64 { return st.OnHand + st.OnOrder() }

// Act is what a seller decides for a period. The price is held within the form's floor and
// ceiling, the order rounded up to packs and to the minimum.
type Act struct{ Price, Order float64 }

// Outcome is what came of a period.
type Outcome struct {
	Price   float64 // asked
	Ordered float64 // placed
	Sold    float64
	Out     bool // everything on the shelf sold: demand may have been more, which a seller sees
	Left    float64
	Cleared float64 // sold off after the season
	Demand  float64 // hidden from a seller where Out
	Lost    float64 // likewise

	Reward  float64 // the sum of the parts
	Margin  float64 // of what was sold, returns off
	Holding float64 // ≤ 0, and so are all below
	Missed  float64 // goodwill of lost units
	Fixed   float64 // order and price change
	Written float64 // off: what was cleared below its cost
}

// Start returns where a path begins: two weeks of the form's demand on the shelf, one week's
// in each week of the mean lead time under way, the reference price.
func (s *Shop) Start() ShopState {
	f := &s.form
	st := ShopState{OnHand: math.Round(2 * f.Level), Price: f.Reference}
	ages := max(1, min(MaxLead-1, int(math.Round(f.LeadDays/f.days()))))
	for k := 1; k < ages; k++ {
		st.Ordered[k] = math.Round(f.Level * f.weeks())
		if s.lead[MaxLead-k] <= uint8(k) { // it would be here by now
			st.OnHand, st.Ordered[k] = st.OnHand+st.Ordered[k], 0
		}
	}
	return st
}

// Demand returns the units that buyers want in period t at a price: a quantile of a uniform
// that was drawn for the period, never more at a higher price.
func (s *Shop) Demand(t int, price float64) float64 {
	mean := math.Exp(s.logMean[t] + s.elasticity[t]*math.Log(s.form.Legal(price)/s.form.Reference))
	return countQuantile(mean, s.size, s.chance[t])
}

// reciprocal holds 1/j.
var reciprocal = func() (table [1024]float64) {
	for j := 1; j < len(table); j++ {
		table[j] = 1 / float64(j)
	}
	return table
}()

// leastStart is the log of the probability of nothing below which terms would fade to
// nothing in floats.
const leastStart = -600

// countQuantile is the u-quantile of a negative binomial, summed up from zero: at the
// counts of an item in a week that is faster than a search by incomplete beta functions.
func countQuantile(mean, size, u float64) float64 {
	if mean == 0 {
		return 0
	}
	start := -size * math.Log1p(mean/size)
	if start < leastStart {
		return distribution.NewNegativeBinomial(mean, size).Quantile(u)
	}
	term := math.Exp(start)
	q := mean / (size + mean)
	sum := term
	for j := 1; j < len(reciprocal); j++ {
		if sum >= u {
			return float64(j - 1)
		}
		term *= (size + float64(j-1)) * q * reciprocal[j]
		sum += term
	}
	return distribution.NewNegativeBinomial(mean, size).Quantile(u)
}

// Step lets period t happen to a state.
func (s *Shop) Step(t int, st *ShopState, a Act) Outcome {
	return s.StepDemand(t, st, a, s.Demand(t, a.Price))
}

// StepDemand is Step with the period's demand at the act's price known: whoever tries many
// states and orders on one draw computes it once a price.
func (s *Shop) StepDemand(t int, st *ShopState, a Act, demand float64) Outcome {
	f := &s.form
	o := Outcome{Price: f.Legal(a.Price), Ordered: f.WholeOrder(a.Order), Demand: demand}
	o.Sold = min(demand, st.OnHand)
	o.Out = o.Sold == st.OnHand
	o.Lost = demand - o.Sold
	o.Left = st.OnHand - o.Sold
	cost := s.cost[t]
	o.Margin = o.Sold * f.Margin(o.Price, cost)
	o.Holding = -o.Left * (s.holding*cost + s.storage)
	o.Missed = -o.Lost * f.Goodwill
	if o.Ordered > 0 {
		o.Fixed -= f.OrderCost
	}
	if o.Price != st.Price {
		o.Fixed -= f.PriceChange
	}
	if s.clears[t] {
		o.Cleared, o.Left = o.Left, 0
		o.Written = -o.Cleared * (1 - f.Salvage) * cost
	}
	o.Reward = o.Margin + o.Holding + o.Missed + o.Fixed + o.Written

	back := st.Returning[0]
	copy(st.Returning[:], st.Returning[1:])
	st.Returning[MaxLag-2] = 0
	if o.Sold > 0 && s.resale < 0 {
		if resold, lag := s.resold(t, o.Sold), int(f.lag()); lag == 1 {
			back += resold
		} else {
			st.Returning[lag-2] += resold
		}
	}
	st.Ordered[0] = o.Ordered
	st.OnHand = o.Left + back + st.age(s.arrives[t+1])
	st.Price = o.Price
	return o
}

// age lets a period pass for the orders under way and returns the units that arrive.
func (st *ShopState) age(arrives uint32) float64 {
	units := st.Ordered[MaxLead] // has waited as long as anything may
	copy(st.Ordered[1:], st.Ordered[:MaxLead])
	st.Ordered[0] = 0
	for ; arrives != 0; arrives &= arrives - 1 {
		k := bits.TrailingZeros32(arrives)
		units += st.Ordered[k]
		st.Ordered[k] = 0
	}
	return units
}

// resold returns how many of the units sold in a period come back and are sold again: each
// with the same probability, whatever else was sold. It leaps from one to the next.
func (s *Shop) resold(t int, sold float64) float64 {
	back, at := 0., 0.
	for seed := s.returns[t]; ; seed++ {
		u := (float64(scramble(seed)>>12) + .5) / (1 << 52)
		at += 1 + math.Floor(math.Log(u)/s.resale)
		if at > sold {
			return back
		}
		back++
	}
}

// Sell is the part of a period that depends on nothing but the shelf and the price: what is
// sold of a stock, and the contribution before order, price change and clearing.
func (s *Shop) Sell(t int, onHand, demand, price float64) (sold, reward float64) {
	f := &s.form
	sold = min(demand, onHand)
	return sold, sold*f.Margin(price, s.cost[t]) - (onHand-sold)*(s.holding*s.cost[t]+s.storage) - (demand-sold)*f.Goodwill
}

// Backup says what period t's chance would do to every state under every act: next and
// reward have len(acts) places for each state in turn. It is a pure function of its arguments
// and the draw; it does not modify states, and it does not allocate. Acts of one price should
// follow one another: demand is then computed once.
func (s *Shop) Backup(t int, states []ShopState, acts []Act, next []ShopState, reward []float64) {
	price, demand := math.NaN(), 0.
	for j, a := range acts {
		if a.Price != price {
			price, demand = a.Price, s.Demand(t, a.Price)
		}
		for i := range states {
			at := i*len(acts) + j
			next[at] = states[i]
			reward[at] = s.StepDemand(t, &next[at], a, demand).Reward
		}
	}
}

// Closing returns what is written off when the path ends at the beginning of period t, at
// most nothing: what is on the shelf or under way fetches its salvage only.
func (s *Shop) Closing(t int, st *ShopState) float64 {
	return -st.Position() * (1 - s.form.Salvage) * s.cost[t]
}
