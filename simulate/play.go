package simulate

import "math"

// Week is what came of a played week, by item.
type Week struct {
	Week         int
	Units        []float64 // sold: demand, cut at the stock
	Demand       []float64 // what would have sold with stock enough
	Contribution []float64 // euro
	Expected     []float64 // contribution on average, at the prices and promotions of all items in this week
}

// Play decides one more week: a regular price for each item, and a promotion for each
// (nil is none for any). It panics where a price is not positive, a depth lies outside
// [0, 1), or no week is left.
func (s *Stores) Play(prices []float64, promos []Promo) Week {
	if promos == nil {
		promos = make([]Promo, len(s.items))
	}
	if len(prices) != len(s.items) || len(promos) != len(s.items) {
		panic("simulate: a price and a promotion for each item")
	}
	if s.weeks == s.last() {
		panic("simulate: no week is left to play")
	}
	w := Week{Week: s.weeks, Units: make([]float64, len(s.items)), Demand: make([]float64, len(s.items)),
		Contribution: make([]float64, len(s.items)), Expected: make([]float64, len(s.items))}
	for i, p := range prices {
		checkPrice(p)
		if !(promos[i].Depth >= 0 && promos[i].Depth < 1) {
			panic("simulate: the depth of a promotion lies in [0, 1)")
		}
	}
	s.decide(prices, promos)
	for i, it := range s.items {
		w.Units[i], w.Demand[i] = it.units[w.Week], it.demand[w.Week]
		w.Contribution[i] = w.Units[i] * s.Contribution(i, w.Week, it.paid[w.Week])
		_, w.Expected[i] = s.Expected(i, w.Week, prices[i], promos[i])
	}
	return w
}

// decide lets the next week happen. An item with price NaN is not offered. All promotions
// stand before any demand is drawn, because neighbours feel them.
func (s *Stores) decide(prices []float64, promos []Promo) {
	t := s.weeks
	for i, it := range s.items {
		it.price[t], it.promo[t] = prices[i], Promo{}
		if promos[i].Depth > 0 {
			it.promo[t] = promos[i]
		}
		it.paid[t] = Paid(prices[i], it.promo[t])
		it.uplift[t] = it.logUplift(it.promo[t])
	}
	for i, it := range s.items {
		if math.IsNaN(prices[i]) {
			continue
		}
		it.demand[t] = s.Law(i, t, prices[i], it.promo[t]).Quantile(it.chance[t])
		it.units[t], it.share[t] = min(it.demand[t], it.stock[t]), 1
		if it.demand[t] > it.stock[t] {
			it.share[t] = it.stock[t] / it.demand[t]
		}
	}
	s.weeks++
}
