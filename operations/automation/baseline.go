package automation

import (
	"math"

	"tradewind/numeric/distribution"
	"tradewind/simulate"
)

// Classical is the best policy of the textbooks for one item: the price that maximises
// contribution at the elasticity that is believed, raised where the shelf would be empty
// before more arrives, and orders up to a projected inventory level. It follows demand by
// the form's filter, and is the baseline that a learned policy adjusts.
//
//	p* = argmax margin(p)·demand(p),  times Markup
//	run-out price above it:           demand(p)·wait = shelf
//	clearance price below it:         demand(p)·rest of the season = what will be there
//	order = (U - projected)⁺,         U = demand of the cover after arrival + Safety·σ,
//
// projected is the stock expected when an order of today arrives, demand of a cleared
// season cut at its end and its Safety replaced by the newsvendor's ratio. Price and U are
// tilted by the phase of the season: one Safety and one Markup for all year would order too
// little while a season builds up, and too much before it ends.
//
// A Classical keeps room for its work: it is not safe for concurrent use.
//
// Source: Gallego & van Ryzin, Optimal dynamic pricing of inventories with stochastic
// demand over finite horizons, Management Science 40(8), 1994 (run-out price); van Jaarsveld
// & Arts, Projected inventory-level policies for lost sales inventory systems, Operations
// Research 72(5), 2024.
type Classical struct {
	Settings

	form     *simulate.ShopForm
	days     float64   // of a period
	lead     int       // periods that an order is expected to take
	calendar []float64 // demand of a period at the reference price, level and regime at rest
	sums     []float64 // of calendar before a period
	squares  []float64 // of its squares
	clearing []int     // periods from one to the end of the next whose stock is sold off; many where none is
	arrivals [simulate.MaxLead + 1]float64
}

// Settings are what the classical policy leaves open: see Arena.BestClassical.
type Settings struct {
	Safety    float64 `json:"safety"`    // standard deviations of demand over lead time and cover
	Cover     int     `json:"cover"`     // periods that an order is for
	RunOut    bool    `json:"run_out"`   // ask the run-out price where it is above p*
	Clearance int     `json:"clearance"` // periods before the end of a season from which on the price may fall to sell what is there
	Early     int     `json:"early"`     // safety time: periods before the last moment at which an order is placed, within the cover
	Markup    float64 `json:"markup"`    // of the price over p*, for what p* leaves out: stock, and an elasticity that is not sure

	Tilts [phases]Tilt `json:"tilts"` // by phase of the season
}

// Tilt is by which share price and target lie higher in a phase of the season.
type Tilt struct {
	Price  float64 `json:"price"`
	Target float64 `json:"target"`
}

// View is what the classical policy makes of a period: what a learned policy may adjust,
// and what it looks at.
type View struct {
	Price     float64
	Rate      float64 // units a period that are expected at that price
	Projected float64 // stock when an order of today arrives
	Reorder   float64 // no order while the projected stock is above
	Target    float64 // what the stock is brought up to
	Phase     int     // of the season
}

// NewClassical makes the policy for paths of some periods. It panics where the form does
// not pass Check.
func NewClassical(form *simulate.ShopForm, periods int) *Classical {
	if err := form.Check(); err != nil {
		panic("automation: " + err.Error())
	}
	c := &Classical{Settings: Settings{Safety: 1, Cover: 1, Markup: 1}, form: form, days: form.Days}
	if c.days == 0 {
		c.days = 7
	}
	c.lead = max(1, min(simulate.MaxLead, int(math.Round(form.LeadDays/c.days))))
	n := periods + simulate.MaxLead + mostCover + 1
	c.sums, c.squares, c.clearing = make([]float64, n+1), make([]float64, n+1), make([]int, n)
	for t := range n {
		mean := form.Expected(t, form.Reference)
		c.calendar = append(c.calendar, mean)
		c.sums[t+1], c.squares[t+1] = c.sums[t]+mean, c.squares[t]+mean*mean
	}
	wait := never
	for t := n + longestYear - 1; t >= 0; t-- {
		wait++
		if form.ClearsAt(t) {
			wait = 0
		}
		if t < n {
			c.clearing[t] = wait
		}
	}
	return c
}

const (
	never       = 1 << 20
	longestYear = 366 // periods
)

// The longest cover and safety time that the policy can be given.
const (
	mostCover = 26
	mostEarly = 12
)

// Look makes the policy's view of period t.
func (c *Classical) Look(t int, st *simulate.ShopState, x *simulate.Filter, cost float64) View {
	level, sd := x.Level()
	return c.look(t, st, belief{math.Exp(level + sd*sd/2), sd}, cost)
}

// belief is what the filter says of a period: by how much demand lies above what calendar
// and price say, and how sure that is, in logs.
type belief struct{ times, sd float64 }

func (c *Classical) look(t int, st *simulate.ShopState, b belief, cost float64) View {
	v := View{Phase: c.phase(t)}
	v.Price = c.price(t, st, b.times, cost)
	answer := c.answer(b.times, v.Price)
	v.Rate = answer * c.calendar[t]
	v.Projected = c.Project(t, st, answer, b.sd)
	v.Target, v.Reorder = c.target(t, answer, b.sd, v.Price, cost)
	tilt := 1 + c.Tilts[v.Phase].Target
	v.Target, v.Reorder = v.Target*tilt, v.Reorder*tilt
	return v
}

// phase says where the season goes, as far as orders and prices care: for stock that is
// cleared how long it is until then, else demand when an order arrives as a share of today's.
func (c *Classical) phase(t int) int {
	if c.form.Clears {
		for k, until := range [phases - 1]int{2, 5, c.lead, c.lead + 4, c.lead + 10, 24, 32, 40} {
			if c.clearing[t] <= until {
				return k
			}
		}
		return phases - 1
	}
	ahead := c.calendar[t+c.lead] / c.calendar[t]
	for k, edge := range aheadEdges {
		if ahead < edge {
			return k
		}
	}
	return len(aheadEdges)
}

// phases is how many phases of a season there are: of stock that is cleared; of other stock
// aheadEdges tell fewer apart.
const phases = 9

var aheadEdges = [...]float64{.8, .95, 1.05, 1.2}

// Act is what the classical policy does.
func (c *Classical) Act(t int, st *simulate.ShopState, x *simulate.Filter, cost float64) simulate.Act {
	return c.Look(t, st, x, cost).Act(1, 1)
}

// Act asks a multiple of the price and orders up to a multiple of the target.
func (v View) Act(price, target float64) simulate.Act {
	a := simulate.Act{Price: v.Price * price}
	if v.Projected <= v.Reorder*target {
		a.Order = max(0, v.Target*target-v.Projected)
	}
	return a
}

// price is the best one at the level that is believed, and stays where a change does not
// pay within a quarter.
func (c *Classical) price(t int, st *simulate.ShopState, times, cost float64) float64 {
	f := c.form
	markup := c.Markup * (1 + c.Tilts[c.phase(t)].Price)
	best := f.Legal(f.BestPrice(cost) * markup)
	if c.RunOut {
		if p := f.Legal(max(best, c.runOut(t, st, times))); p > best {
			return p
		}
	}
	if p := c.clearance(t, st, times, cost); p < best {
		return p
	}
	if best == st.Price {
		return best
	}
	const quarter = 13
	// What the markup is for costs as much at either price: without it they compare.
	earns := func(price float64) float64 {
		price /= markup
		return f.Margin(price, cost) * c.answer(times, price) * c.calendar[t]
	}
	if (earns(best)-earns(st.Price))*quarter < f.PriceChange {
		return st.Price
	}
	return best
}

// answer is demand at a price as a multiple of the calendar's.
func (c *Classical) answer(times, price float64) float64 {
	return times * math.Exp(c.form.Elasticity*math.Log(price/c.form.Reference))
}

// clearance is the price at which what will be there sells by the end of the season, but
// none below the best price of a unit that costs no more than what clearing it brings;
// infinite where nothing is cleared.
func (c *Classical) clearance(t int, st *simulate.ShopState, times, cost float64) float64 {
	f := c.form
	if c.clearing[t] >= c.Clearance || f.Elasticity >= -1 { // a lower price would bring less
		return math.Inf(1)
	}
	c.schedule(st)
	supply := st.OnHand
	for k := 1; k <= min(c.clearing[t], simulate.MaxLead); k++ {
		supply += c.arrivals[k]
	}
	demand := times * (c.sums[t+c.clearing[t]+1] - c.sums[t])
	if supply <= 0 || demand <= 0 {
		return math.Inf(1)
	}
	sells := f.Reference * math.Exp(math.Log(supply/demand)/f.Elasticity)
	return f.Legal(max(sells, f.BestPrice(cost*f.Salvage)))
}

// runOut is the price at which the shelf lasts until the next delivery that is due.
func (c *Classical) runOut(t int, st *simulate.ShopState, times float64) float64 {
	if c.form.Elasticity == 0 {
		return 0
	}
	c.schedule(st)
	wait := 0.
	for k := 0; k <= c.lead; k++ {
		if k > 0 && c.arrivals[k] > 0 {
			break
		}
		wait += times * c.calendar[t+k]
	}
	if st.OnHand <= 0 || wait <= st.OnHand {
		return 0
	}
	return c.form.Reference * math.Pow(st.OnHand/wait, 1/c.form.Elasticity)
}

// schedule puts what is under way on the periods in which it is expected; what is late is
// expected next.
func (c *Classical) schedule(st *simulate.ShopState) {
	clear(c.arrivals[:])
	for age, units := range st.Ordered {
		if units > 0 {
			c.arrivals[max(1, c.lead-age)] += units
		}
	}
}

// Project returns the stock that is expected when an order of period t arrives, before it
// does, demand being answer times that of the calendar, give or take sd in logs. Stock less
// demand is taken for normal when goods come next: E(X⁺) of what is left, not the positive
// part of its mean, which lies below it where the shelf may or may not run out.
//
// Source: E(X⁺) = m·Φ(m/s) + s·φ(m/s) and E(X⁺)² = (m² + s²)·Φ(m/s) + m·s·φ(m/s): Clark, The
// greatest of a finite set of random variables, Operations Research 9(2), 1961.
func (c *Classical) Project(t int, st *simulate.ShopState, answer, sd float64) float64 {
	c.schedule(st)
	stock, variance, whole := st.OnHand, 0., 0.
	empty := stock <= 0 // until something arrives: nothing is left of nothing
	for k := range c.lead {
		mean := answer * c.calendar[t+k]
		variance += mean + mean*mean/c.form.Size + sd*sd*mean*(2*whole+mean) // the level errs in all periods alike
		whole += mean
		stock -= mean
		switch {
		case empty || c.clearing[t+k] == 0:
			stock, variance, whole, empty = 0, 0, 0, true
		case c.arrivals[k+1] > 0 || k == c.lead-1:
			stock, variance = positivePart(stock, variance)
		}
		if units := c.arrivals[k+1]; units > 0 {
			stock, empty = stock+units, false
		}
	}
	return stock
}

// positivePart returns mean and variance of X⁺, X normal.
func positivePart(mean, variance float64) (float64, float64) {
	const sure = 4 // standard deviations
	deviation := math.Sqrt(variance)
	switch {
	case mean >= sure*deviation:
		return mean, variance
	case mean <= -sure*deviation:
		return 0, 0
	}
	z := mean / deviation
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	share := math.Erfc(-z/math.Sqrt2) / 2
	part := mean*share + deviation*density
	return part, max(0, (mean*mean+variance)*share+mean*deviation*density-part*part)
}

// target is the stock to bring up to when an order of period t arrives, and the level at or
// below which it is worth to order at all: that of a cover of one period and the safety time.
func (c *Classical) target(t int, answer, sd, price, cost float64) (target, reorder float64) {
	arrives := t + c.lead
	reorder = c.cover(t, arrives+1+c.Early, answer, sd, c.Safety)
	if last := arrives + c.clearing[arrives] + 1; last <= arrives+c.Cover {
		target = c.cover(t, last, answer, sd, c.ratio(price, cost))
		return target, min(reorder, target)
	}
	return c.cover(t, arrives+c.Cover, answer, sd, c.Safety), reorder
}

// cover is demand from the arrival of an order of period t up to period until, with so many
// standard deviations of demand over lead time and cover.
func (c *Classical) cover(t, until int, answer, sd, safety float64) float64 {
	f := c.form
	arrives := t + c.lead
	whole := answer * (c.sums[until] - c.sums[t])
	variance := whole + answer*answer*(c.squares[until]-c.squares[t])/f.Size
	late := f.LeadSD / c.days * answer * (c.sums[arrives] - c.sums[t]) / float64(c.lead)
	sigma := math.Sqrt(variance + late*late + whole*sd*whole*sd)
	return max(0, answer*(c.sums[until]-c.sums[arrives])+safety*sigma)
}

// ratio is the newsvendor's safety factor for stock that is cleared.
func (c *Classical) ratio(price, cost float64) float64 {
	f := c.form
	under := max(0, f.Margin(price, cost)) + f.Goodwill
	over := (1 - f.Salvage) * cost
	if under+over <= 0 {
		return 0
	}
	return distribution.NewNormal(0, 1).Quantile(min(.99, max(.01, under/(under+over))))
}
