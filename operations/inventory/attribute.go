package inventory

import "math/bits"

// Cause is something that makes a stock run out or pile up.
type Cause int

const (
	CauseDemand   Cause = iota // more or less was asked for than forecast
	CausePrice                 // a price or a promotion moved demand
	CauseReturns               // more or less came back than expected
	CauseLate                  // deliveries came on other days than promised
	CauseOrdering              // other units, or on other days, were ordered than the policy asked for
	CauseRounding              // packs and least orders
	causes
)

// Causes lists every cause, in the order above.
var Causes = []Cause{CauseDemand, CausePrice, CauseReturns, CauseLate, CauseOrdering, CauseRounding}

// PastOrder is an order as the policy asked for it and as it came about. Days are counted
// from the first day of the past; an arrival on none of its days is not part of it.
type PastOrder struct {
	Policy    float64 // units that the policy asked for
	Rounded   float64 // in packs, and at least the least order
	Units     float64 // that were ordered, and came
	PolicyDay int     // on which an order of the policy's day would have come as promised
	Due       int     // on which the order was promised
	Arrived   int     // on which it came
}

// Past is what happened to one stock, beside what was planned. Demand, Expected, Lift,
// Returned and ExpectedReturns hold one entry a day; nil is nothing on all days.
type Past struct {
	Start           float64 // units on the shelf before the first day
	Demand          []float64
	Expected        []float64 // as forecast
	Lift            []float64 // part of Demand that prices and promotions explain
	Returned        []float64 // units that came back to the shelf
	ExpectedReturns []float64
	Orders          []PastOrder

	Margin      float64 // contribution of a unit sold
	UnitCost    float64
	HoldingRate float64 // a year, share of UnitCost
	Enough      float64 // units beyond which stock is too much
}

// Episode is a time without stock, or one with too much of it, and what made it.
type Episode struct {
	Over     bool    // too much; else too little
	From, To int     // days, both included
	Units    float64 // sales lost; or units too many, the mean over its days
	Money    float64 // contribution lost; or the cost of holding the units too many
	Planned  float64 // part that would have come about had all gone as planned
	Of       [causes]float64
}

// Attribute finds the times in which a stock ran out or piled up, and says what made them.
//
// The past is replayed with every set of causes put back to what was planned: forecast
// demand, no price moves, expected returns, deliveries as promised, orders as the policy
// asked for, without rounding. What a cause is answerable for is its Shapley value, the mean
// over all orders of putting causes back of what its own turn changes. So of each episode
//
//	Money = Planned + Σ Of
//
// to rounding, causes that change nothing have nothing, and two that only matter together
// share alike. A share is negative where a cause made things better. Orders stand as they
// were in every replay: what people would have ordered had they known is not asked.
//
// Source: Shapley, A value for n-person games, 1953; Shorrocks, Decomposition procedures
// for distributional analysis, Journal of Economic Inequality 11, 2013.
func Attribute(p *Past) []Episode {
	var replays [1 << causes]pastReplay
	for set := range replays {
		replays[set] = p.replay(uint(set))
	}
	actual := &replays[len(replays)-1]
	var list []Episode
	for _, over := range []bool{false, true} {
		days := actual.short
		price := p.Margin
		if over {
			days, price = actual.over, p.UnitCost*p.HoldingRate/365
		}
		for from := 0; from < len(days); from++ {
			if days[from] <= 0 {
				continue
			}
			to := from
			for to+1 < len(days) && days[to+1] > 0 {
				to++
			}
			list = append(list, episodeOf(&replays, over, from, to, price))
			from = to
		}
	}
	return list
}

func episodeOf(replays *[1 << causes]pastReplay, over bool, from, to int, price float64) Episode {
	e := Episode{Over: over, From: from, To: to}
	var worth [1 << causes]float64
	for set := range worth {
		days := replays[set].short
		if over {
			days = replays[set].over
		}
		for _, units := range days[from : to+1] {
			worth[set] += units * price
		}
		if set == len(worth)-1 {
			for _, units := range days[from : to+1] {
				e.Units += units
			}
		}
	}
	if over {
		e.Units /= float64(to - from + 1)
	}
	e.Money, e.Planned = worth[len(worth)-1], worth[0]
	for _, c := range Causes {
		for set := range worth {
			if bit := 1 << c; set&bit == 0 {
				e.Of[c] += shapleyWeight(bits.OnesCount(uint(set))) * (worth[set|bit] - worth[set])
			}
		}
	}
	return e
}

// shapleyWeight is s!·(n-s-1)!/n!: the share of the orders of all causes in which a given
// set of s comes before a given one, and no other.
func shapleyWeight(s int) float64 {
	w := 1 / float64(causes)
	for k := 1; k <= s; k++ {
		w *= float64(k) / float64(int(causes)-k)
	}
	return w
}

// pastReplay is what a replay lacks and has too much of, by day.
type pastReplay struct{ short, over []float64 }

// replay follows the stock with the causes of a set as they were and the others as planned.
func (p *Past) replay(set uint) pastReplay {
	is := func(c Cause) bool { return set&(1<<c) != 0 }
	either := func(c Cause, was, planned float64) float64 {
		if is(c) {
			return was
		}
		return planned
	}
	n := len(p.Demand)
	arrivals := make([]float64, n)
	for _, o := range p.Orders {
		units := o.Policy + either(CauseRounding, o.Rounded-o.Policy, 0) + either(CauseOrdering, o.Units-o.Rounded, 0)
		day := o.PolicyDay
		if is(CauseOrdering) {
			day += o.Due - o.PolicyDay
		}
		if is(CauseLate) {
			day += o.Arrived - o.Due
		}
		if day >= 0 && day < n {
			arrivals[day] += max(0, units)
		}
	}
	r := pastReplay{make([]float64, n), make([]float64, n)}
	stock := p.Start
	for d := range n {
		stock += arrivals[d] + either(CauseReturns, onDay(p.Returned, d), onDay(p.ExpectedReturns, d))
		lift := onDay(p.Lift, d)
		demand := max(0, either(CauseDemand, p.Demand[d]-lift, onDay(p.Expected, d))+either(CausePrice, lift, 0))
		r.short[d] = max(0, demand-stock)
		stock = max(0, stock-demand)
		r.over[d] = max(0, stock-p.Enough)
	}
	return r
}

func onDay(list []float64, d int) float64 {
	if d < len(list) {
		return list[d]
	}
	return 0
}
