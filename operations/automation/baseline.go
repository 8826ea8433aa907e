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
// season cut at its end and its Safety replaced by the newsvendor's ratio.
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
	Markup    float64 `json:"markup"`    // of the price over p*, for what p* leaves out: stock, and an elasticity that is not sure
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

// mostCover is the longest cover that the policy can be given.
const mostCover = 26

// Look makes the policy's view of period t.
func (c *Classical) Look(t int, st *simulate.ShopState, x *simulate.Filter, cost float64) View {
	level, sd := x.Level()
	return c.look(t, st, belief{math.Exp(level + sd*sd/2), sd}, cost)
}

// belief is what the filter says of a period: by how much demand lies above what calendar
// and price say, and how sure that is, in logs.
type belief struct{ times, sd float64 }

func (c *Classical) look(t int, st *simulate.ShopState, b belief, cost float64) View {
	v := View{Price: c.price(t, st, b.times, cost)}
	answer := c.answer(b.times, v.Price)
	v.Rate = answer * c.calendar[t]
	v.Projected = c.Project(t, st, answer)
	v.Target, v.Reorder = c.target(t, answer, b.sd, v.Price, cost)
	v.Phase = c.phase(t)
	return v
}

// phase says where the season goes, as far as orders and prices care: for stock that is
// cleared how long it is until then, else demand when an order arrives as a share of today's.
func (c *Classical) phase(t int) int {
	if c.form.Clears {
		for k, until := range [phases - 1]int{2, 5, c.lead, c.lead + 4, c.lead + 10} {
			if c.clearing[t] <= until {
				return k
			}
		}
		return phases - 1
	}
	ahead := c.calendar[t+c.lead] / c.calendar[t]
	for k, edge := range [phases - 1]float64{.7, .85, 1, 1.18, 1.4} {
		if ahead < edge {
			return k
		}
	}
	return phases - 1
}

// phases is how many phases of a season there are.
const phases = 6

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
	best := f.Legal(f.BestPrice(cost) * c.Markup)
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
		price /= c.Markup
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
	if c.clearing[t] >= c.Clearance {
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
	sells := f.Reference * math.Exp(math.Log(supply/demand)/min(f.Elasticity, -1e-9))
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
// does, demand being answer times that of the calendar.
func (c *Classical) Project(t int, st *simulate.ShopState, answer float64) float64 {
	c.schedule(st)
	stock := st.OnHand
	for k := range c.lead {
		stock = max(0, stock-answer*c.calendar[t+k])
		if c.clearing[t+k] == 0 {
			stock = 0
		}
		stock += c.arrivals[k+1]
	}
	return stock
}

// target is the stock to bring up to when an order of period t arrives, and the level at or
// below which it is worth to order at all: that of a cover of one period.
func (c *Classical) target(t int, answer, sd, price, cost float64) (target, reorder float64) {
	arrives := t + c.lead
	reorder = c.cover(t, arrives+1, answer, sd, c.Safety)
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
