package simulate

import (
	"math"

	"tradewind/numeric/distribution"
)

// Promo is the offer of a week; the zero Promo is none.
type Promo struct {
	Depth    float64 // share off the regular price; 0 is no promotion
	Featured bool    // and shown; without a depth it is no promotion either
}

// dip is the share of a promotion's log uplift by which demand falls in the weeks after.
var dip = [...]float64{.25, .12, .05}

// logUplift is what a promotion adds to an item's own log demand while it runs.
func (it *item) logUplift(p Promo) float64 {
	if p.Depth == 0 {
		return 0
	}
	if p.Featured {
		return it.depthEffect*p.Depth + it.featureEffect
	}
	return it.depthEffect * p.Depth
}

// logMean is the log of expected demand at a regular price and promotion, given the
// promotions of the weeks before and of the neighbours.
func (s *Stores) logMean(i, week int, price float64, promo Promo) float64 {
	it := s.items[i]
	log := math.Log(it.base) + it.season[week] + it.drift[week] +
		it.elasticity*math.Log(price/it.reference) + it.cross*math.Log(it.rival[week]/it.rivalReference) +
		it.logUplift(promo)
	for after, part := range dip {
		if before := week - after - 1; before >= 0 {
			log -= part * it.uplift[before]
		}
	}
	for _, f := range s.feeling[i] {
		log += f.effect * s.items[f.from].uplift[week]
	}
	return log
}

// Law returns the distribution of item i's demand in a week at a regular price and
// promotion: what stock does to it is not in it. Promotions of its neighbours count in
// weeks that are over.
func (s *Stores) Law(i, week int, price float64, promo Promo) distribution.NegativeBinomial {
	checkPrice(price)
	return distribution.NewNegativeBinomial(math.Exp(s.logMean(i, week, price, promo)), s.items[i].size)
}

// Expected returns the units that sell on average in a week, cut at the stock, and what
// they contribute in euro.
func (s *Stores) Expected(i, week int, price float64, promo Promo) (units, contribution float64) {
	law := s.Law(i, week, price, promo)
	lost, _ := law.Loss(s.items[i].stock[week])
	units = law.Mean() - lost
	return units, units * s.Contribution(i, week, Paid(price, promo))
}

// Contribution returns what a unit leaves in euro when an amount is paid for it.
func (s *Stores) Contribution(i, week int, paid float64) float64 {
	it := s.items[i]
	return kept*paid*it.rate[week] - it.cost[week] - places[it.place].handling
}

// CostPlus returns the price that the manager's habitual markup gives on a week's cost.
func (s *Stores) CostPlus(i, week int) float64 { return s.items[i].costPlus(week) }

// Oracle returns the price of a grid that has the greatest expected contribution in a
// week without a promotion, and that contribution; of equals the first.
func (s *Stores) Oracle(i, week int, grid []float64) (price, contribution float64) {
	if len(grid) == 0 {
		panic("simulate: a grid needs a price")
	}
	contribution = math.Inf(-1)
	for _, p := range grid {
		if _, c := s.Expected(i, week, p, Promo{}); c > contribution {
			price, contribution = p, c
		}
	}
	return price, contribution
}

// Paid returns what is paid at a regular price and promotion, in whole cents where a
// promotion lowers it.
func Paid(price float64, promo Promo) float64 {
	if promo.Depth == 0 {
		return price
	}
	return cents(price * (1 - promo.Depth))
}

func checkPrice(price float64) {
	if !(price > 0) || math.IsInf(price, 1) {
		panic("simulate: a price is positive and finite")
	}
}
