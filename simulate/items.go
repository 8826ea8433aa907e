package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/commerce"
	"tradewind/money"
)

// product is what the items of a SKU share.
type product struct {
	sku         commerce.SKU
	category    int
	subcategory int // within the category
	supplier    money.Currency
	responds    float64   // of its elasticity, in logs
	cost        []float64 // landed, euro, week by week
}

// item is a SKU in a market: its truth, the chance that was drawn for it, and what
// happened.
type item struct {
	item          commerce.Item
	product       int
	category      int
	place         int
	kind          Kind
	firstWeek     int // on which it was offered
	elasticity    float64
	cross         float64
	base          float64
	size          float64
	reference     float64
	depthEffect   float64
	featureEffect float64
	markup        float64

	cost           []float64 // landed, euro
	rate           []float64 // euro for one unit of the market's currency
	season         []float64 // in logs
	drift          []float64 // growth, local and news, in logs
	news           []float64 // of the kind News, otherwise nil
	rival          []float64 // his price
	rivalReference float64
	stock          []float64
	chance         []float64 // the uniform of demand

	record
}

// record is what was decided and what came of it, week by week.
type record struct {
	price  []float64 // regular; NaN before the item was offered
	paid   []float64
	promo  []Promo
	uplift []float64 // log uplift of the promotion, 0 without
	demand []float64
	units  []float64
	share  []float64 // in stock; 0 before the item was offered
}

func (it *item) clone() *item {
	c := *it
	c.price, c.paid, c.promo = slices.Clone(it.price), slices.Clone(it.paid), slices.Clone(it.promo)
	c.uplift, c.demand = slices.Clone(it.uplift), slices.Clone(it.demand)
	c.units, c.share = slices.Clone(it.units), slices.Clone(it.share)
	return &c
}

// drawItems draws SKUs, their markets, and the items.
func (s *Stores) drawItems(categories []category) {
	freight := autoregression(s.chance(ofFreight, 0), s.last(), .97, .30)
	for k := range s.form.SKUs {
		rng := s.chance(ofProducts, k)
		p := product{sku: commerce.SKU(fmt.Sprintf("S%04d", k+1)), category: k % len(categoryElasticity), subcategory: rng.IntN(3)}
		p.responds = normal(rng, 0, .20)
		left := -1 // the market in which it is not sold
		if rng.Float64() < .5 {
			left = rng.IntN(len(places))
		}
		p.supplier, p.cost = s.drawCost(rng, freight)
		s.skus = append(s.skus, p)
		for m := range places {
			if m != left {
				s.items = append(s.items, s.drawItem(k, m, &categories[p.category]))
			}
		}
	}
	slices.SortFunc(s.items, func(a, b *item) int { return a.item.Compare(b.item) })
	s.drawKinds()
}

// drawCost returns what a unit of a SKU costs, landed: goods in the supplier's currency,
// and freight.
func (s *Stores) drawCost(rng *rand.Rand, freight []float64) (money.Currency, []float64) {
	supplier := money.Currency("EUR")
	switch u := rng.Float64(); {
	case u < .25:
		supplier = "USD"
	case u < .60:
		supplier = "CNY"
	case u < .80:
		supplier = "INR"
	}
	rate := s.rates(supplier)
	start := logNormalWithin(rng, 14, .6, 4, 60)
	share := uniform(rng, .08, .25)
	cost := make([]float64, s.last())
	quote := 0.
	for t := range cost {
		change, by := rng.Float64(), rng.NormFloat64()
		if t > 0 && change < .06 {
			quote = .9*quote + .12*by
		}
		cost[t] = start * ((1-share)*math.Exp(quote)*rate[t]/rate[0] + share*math.Exp(freight[t]-freight[0]))
	}
	return supplier, cost
}

func (s *Stores) drawItem(k, m int, c *category) *item {
	p := &s.skus[k]
	rng := s.chance(ofItems, k*len(places)+m)
	mean := categoryElasticity[p.category]
	it := &item{
		item:    commerce.Item{SKU: p.sku, Market: places[m].market, Channel: channel},
		product: k, category: p.category, place: m,
		cost: p.cost, rate: s.rates(places[m].currency),
	}
	it.elasticity = mean * math.Exp(p.responds+normal(rng, 0, .15))
	it.cross = uniform(rng, .15, .30) * -it.elasticity
	it.base = logNormalWithin(rng, 62, .85, 3, 150)
	it.size = math.Exp(uniform(rng, math.Log(40), math.Log(200)))
	it.depthEffect = c.depthEffect * math.Exp(normal(rng, 0, .2))
	it.featureEffect = c.featureBoost * math.Exp(normal(rng, 0, .2))
	it.markup = c.markup * math.Exp(normal(rng, 0, .10))
	it.reference = it.costPlus(0)

	it.season = c.season[m]
	growth := normal(rng, 0, .04)
	it.drift = autoregression(rng, s.last(), .93, .06)
	for t := range it.drift {
		it.drift[t] += growth * float64(t) / weeksAYear
	}
	it.drawStock(rng)
	it.chance = make([]float64, s.last())
	luck := s.chance(ofDemand, k*len(places)+m)
	for t := range it.chance {
		it.chance[t] = luck.Float64()
	}
	it.drawRival(s.chance(ofRivals, k*len(places)+m))
	it.record = record{promo: make([]Promo, s.last())}
	for _, column := range []*[]float64{&it.price, &it.paid, &it.uplift, &it.demand, &it.units, &it.share} {
		*column = make([]float64, s.last())
	}
	return it
}

// costPlus returns the price that the habitual markup gives on a week's cost.
func (it *item) costPlus(week int) float64 {
	return (it.cost[week] + places[it.place].handling) * it.markup / (kept * it.rate[week])
}

// localCost returns the change since week 0, in logs, of what a unit costs in the
// market's currency.
func (it *item) localCost(week int) float64 { return math.Log(it.costPlus(week) / it.reference) }

func (it *item) drawStock(rng *rand.Rand) {
	it.stock = make([]float64, len(it.season))
	for t := range it.stock {
		cover := math.Log(2.6) + .35*rng.NormFloat64()
		late, part := rng.Float64(), uniform(rng, .2, .8)
		if late >= .04 {
			part = 1
		}
		it.stock[t] = math.Ceil(it.base * math.Exp(it.season[t]+cover) * part)
	}
}

// drawRival draws the rival's prices: he has costs and seasons too, and ideas of his own.
func (it *item) drawRival(rng *rand.Rand) {
	it.rivalReference = it.reference * uniform(rng, .9, 1.1)
	idea := autoregression(rng, len(it.season), .9, .08)
	it.rival = make([]float64, len(it.season))
	price := cents(it.rivalReference)
	for t := range it.rival {
		looks := rng.Float64()
		if t == 0 || looks < .4 {
			price = cents(it.rivalReference * math.Exp(.4*it.localCost(t)+.10*it.season[t]+idea[t]))
		}
		it.rival[t] = price
	}
}

// drawKinds gives every kind but Identified its share of the items.
func (s *Stores) drawKinds() {
	rng := s.chance(ofKinds, 0)
	order := rng.Perm(len(s.items))
	share := len(s.items) / 20
	for n, i := range order {
		it := s.items[i]
		if kind := Kind(n/max(share, 1)) + 1; share > 0 && kind <= News {
			it.kind = kind
		}
		late := rng.IntN(11)
		news := autoregression(s.chance(ofKinds, 1+i), s.last(), .3, .35)
		switch it.kind {
		case FewWeeks:
			it.firstWeek = max(0, s.form.Weeks-8-late)
		case News:
			it.news = news
			for t := range it.drift {
				it.drift[t] += news[t]
			}
		}
		for t := range it.firstWeek {
			it.price[t], it.paid[t] = math.NaN(), math.NaN()
		}
	}
}

// drawNeighbours draws who feels whose promotions.
func (s *Stores) drawNeighbours() {
	s.feeling = make([][]influence, len(s.items))
	if !s.form.Spillover {
		return
	}
	at := make([][]int, len(s.skus)) // the item of a SKU in each place, -1 without
	for k := range at {
		at[k] = slices.Repeat([]int{-1}, len(places))
	}
	for i, it := range s.items {
		at[it.product][it.place] = i
	}
	for to, a := range s.skus {
		rng := s.chance(ofNeighbours, to)
		for from, b := range s.skus {
			kind, strength := rng.Float64(), rng.Float64()
			if from == to || a.category != b.category || a.subcategory != b.subcategory {
				continue
			}
			switch {
			case kind < .35:
				s.link(at[from], at[to], -(.05 + .20*strength))
			case kind < .50:
				s.link(at[from], at[to], .05+.15*strength)
			}
		}
	}
}

// link lets the items of one SKU feel those of another in the same market.
func (s *Stores) link(from, to []int, effect float64) {
	for m, i := range to {
		if j := from[m]; i >= 0 && j >= 0 {
			s.feeling[i] = append(s.feeling[i], influence{j, effect})
		}
	}
}

// Item returns the name of item i.
func (s *Stores) Item(i int) commerce.Item { return s.items[i].item }

// Find returns the number of an item, or -1.
func (s *Stores) Find(name commerce.Item) int {
	i, ok := slices.BinarySearchFunc(s.items, name, func(it *item, name commerce.Item) int { return it.item.Compare(name) })
	if !ok {
		return -1
	}
	return i
}

// cents rounds a price to two decimals.
func cents(price float64) float64 { return math.Round(price*100) / 100 }

// ninth rounds a price to the nearest that ends on 9 in the second decimal.
func ninth(price float64) float64 {
	return cents(max(.09, math.Round((price-.09)*10)/10+.09))
}
