package simulate

import (
	"math"
	"math/rand/v2"
)

// manager sets the prices and promotions of one item during the history.
type manager struct {
	it  *item
	rng *rand.Rand

	price   float64   // regular, now
	habit   float64   // by how much he likes to be off, in logs
	recent  []float64 // recent sales against what he expected, in logs, after each week
	trial   float64   // the price before a test that runs
	until   int       // the first week after the test
	offer   Promo     // that runs
	offered int       // weeks of it that are left
	rested  int       // weeks since the last promotion
}

// whim is the chance of a week; it is drawn whole before anything is decided.
type whim struct {
	looks, habit                      float64
	tests                             float64
	size                              int
	promotes, length, depth, featured float64
}

const (
	looksOften     = .50
	passesCost     = .9
	answersSeason  = .38
	answersSales   = .25
	followsRival   = .25
	habitLasts     = .5
	habitSD        = .12
	newsWeight     = .35
	testsOften     = .03
	testWeeks      = 4
	restWeeks      = 6
	promotes       = .035
	promotesMore   = .07 // in the world for promotions
	slackMatters   = 1.5
	salesMemory    = .25
	reportsAreLate = 2 // weeks
)

var testSizes = [...]float64{-.15, -.10, -.06, .06, .10, .15}

var depths = [...]float64{.10, .15, .20, .25, .30}

// runHistory lets the manager decide the weeks of the history.
func (s *Stores) runHistory() {
	managers := make([]manager, len(s.items))
	for i, it := range s.items {
		rng := s.chance(ofManager, it.product*len(places)+it.place)
		managers[i] = manager{it: it, rng: rng, habit: normal(rng, 0, habitSD), price: ninth(it.reference), rested: restWeeks}
	}
	prices, promos := make([]float64, len(s.items)), make([]Promo, len(s.items))
	often := promotes
	if s.form.Spillover {
		often = promotesMore
	}
	for t := range s.form.Weeks {
		for i := range managers {
			prices[i], promos[i] = managers[i].decide(t, often)
		}
		s.decide(prices, promos)
		for i := range managers {
			managers[i].read(t)
		}
	}
	for _, it := range s.items {
		if it.kind == Identified && !it.moved(s.form.Weeks) {
			it.kind = Steady
		}
	}
}

// decide returns the regular price and the promotion of a week; NaN before the item is
// offered.
func (m *manager) decide(t int, often float64) (float64, Promo) {
	w := m.draw()
	if t < m.it.firstWeek {
		return math.NaN(), Promo{}
	}
	promo := m.promote(t, w, often)
	if m.it.kind == OnePrice || m.it.kind == PromotionsOnly {
		return m.price, promo
	}
	if m.until > 0 && t == m.until {
		m.price, m.until = m.trial, 0
	}
	looks := w.looks < looksOften || t == m.it.firstWeek || m.it.kind == News
	switch {
	case m.until > 0 || promo.Depth > 0: // a test runs, or an offer: the price stays
	case w.tests < testsOften && m.it.kind != Steady && m.it.kind != News:
		m.trial, m.until = m.price, t+testWeeks
		m.price = ninth(m.price * (1 + testSizes[w.size]))
	case looks:
		m.habit = habitLasts*m.habit + w.habit
		m.price = ninth(m.it.reference * math.Exp(m.deviation(t)))
	}
	return m.price, promo
}

// deviation is by how much the manager wants to be off the reference, in logs.
func (m *manager) deviation(t int) float64 {
	it := m.it
	d := passesCost*it.localCost(t) + answersSeason*it.season[t] + answersSales*m.sales(t)
	if t > 0 {
		d += followsRival * math.Log(it.rival[t-1]/it.rivalReference)
	}
	if it.news == nil {
		d += m.habit
	} else {
		d += newsWeight * it.news[t]
		if t > 0 {
			d += newsWeight * it.news[t-1]
		}
	}
	if it.kind == Steady {
		return min(max(.1*d, -.025), .025)
	}
	return d
}

// sales returns what the manager has read of recent sales when he decides week t.
func (m *manager) sales(t int) float64 {
	if t < reportsAreLate {
		return 0
	}
	return m.recent[t-reportsAreLate]
}

// promote goes on with the offer that runs, or begins one in a slack week.
func (m *manager) promote(t int, w whim, often float64) Promo {
	if m.offered > 0 {
		m.offered--
		m.rested = 0
		return m.offer
	}
	m.rested++
	slack := min(.5, often*math.Exp(-slackMatters*(m.it.season[t]+m.sales(t))))
	if m.it.kind == OnePrice || m.it.kind == Steady || m.rested <= restWeeks || m.until > t || w.promotes >= slack {
		return Promo{}
	}
	m.offer = Promo{Depth: depths[int(w.depth*float64(len(depths)))], Featured: w.featured < .4}
	if w.length < .4 {
		m.offered = 1
	}
	m.rested = 0
	return m.offer
}

// read takes note of a week's sales. Weeks of promotions and those after say nothing.
func (m *manager) read(t int) {
	last := 0.
	if t > 0 {
		last = m.recent[t-1]
	}
	it := m.it
	if it.share[t] > 0 && m.rested > len(dip) {
		expected := it.base * math.Exp(it.season[t])
		last += salesMemory * (math.Log((it.units[t]/it.share[t]+1)/(expected+1)) - last)
	}
	m.recent = append(m.recent, last)
}

func (m *manager) draw() whim {
	rng := m.rng
	return whim{
		looks: rng.Float64(), habit: normal(rng, 0, habitSD*math.Sqrt(1-habitLasts*habitLasts)),
		tests: rng.Float64(), size: rng.IntN(len(testSizes)),
		promotes: rng.Float64(), length: rng.Float64(), depth: rng.Float64(), featured: rng.Float64(),
	}
}

// moved reports whether the regular price moved enough to tell anything: a coefficient of
// variation of 4 % and five prices.
func (it *item) moved(weeks int) bool {
	seen := map[float64]bool{}
	var n, sum, squares float64
	for _, p := range it.price[it.firstWeek:weeks] {
		seen[p] = true
		n, sum, squares = n+1, sum+p, squares+p*p
	}
	mean := sum / n
	return len(seen) >= 5 && math.Sqrt(max(0, squares/n-mean*mean)) >= .04*mean
}
