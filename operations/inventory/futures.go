package inventory

import (
	"math"
	"math/rand/v2"
	"sort"

	"tradewind/numeric/distribution"
)

// future is one course of things if nothing is ordered today.
type future struct {
	lead  float64 // demand until an order of today arrives
	short bool    // some of it finds no stock
	left  float64 // stock when the order arrives, and what else arrives in the cycle
	wait  float64 // demand from then until an order of the next review arrives
	cycle float64 // demand from then to the end of the cycle
	hold  float64 // days from the order's arrival to that of the next review's, at most days
	days  float64 // days of the cycle
}

// simulate draws the futures. Lead times, and the level of demand where it can be told
// apart, are stratified: the futures hold the whole law of each, in an order of chance.
//
// A cycle lasts longer where the supplier is closed when the next order is due: an order
// of today has to last until that one arrives.
func (p *Problem) simulate(cycle int) []future {
	futures := make([]future, p.Scenarios)
	rng := rand.New(rand.NewPCG(p.Seed, 0x5DEECE66D))
	leads := p.leads(len(futures), rng)
	levels, level := p.levels(len(futures), int(math.Round(p.LeadDays))+cycle)
	c := newCourse(p)
	for i := range futures {
		arrival, later := p.arrival(0, leads[i]), p.arrival(p.Review, leads[i])
		end := arrival + cycle + max(0, later-arrival-p.Review)
		later = min(later, end)
		c.lay(float64(leads[i])/p.LeadDays, arrival, later, end)
		if levels != nil {
			levels.DrawAt(c.demand, c.ends, level[i], rng)
		} else {
			p.Demand.Draw(c.demand, c.ends, rng)
		}
		futures[i] = c.run(p)
		futures[i].hold, futures[i].days = float64(later-arrival), float64(end-arrival)
	}
	return futures
}

// levels asks demand for the levels of n futures; nil where it has none to tell.
func (p *Problem) levels(n, days int) (Levels, []float64) {
	demand, ok := p.Demand.(Levels)
	if !ok {
		return nil, nil
	}
	level := make([]float64, n)
	demand.Levels(level, days)
	return demand, level
}

// leads draws n lead times in whole days, at least one: every day as often as the law
// says, up to one, in an order of chance.
func (p *Problem) leads(n int, rng *rand.Rand) []int {
	days := make([]int, 0, n)
	law, stretch := p.leadLaw()
	if law == nil {
		for range n {
			days = append(days, max(1, int(math.Round(p.LeadDays))))
		}
		return days
	}
	day := max(1, int(law.Quantile(.5/float64(n))*stretch)-1)
	for len(days) < n {
		upTo := n
		if day < mostLead {
			upTo = min(n, int(float64(n)*law.CDF((float64(day)+.5)/stretch)+.5))
		}
		for len(days) < upTo {
			days = append(days, day)
		}
		day++
	}
	rng.Shuffle(n, func(i, k int) { days[i], days[k] = days[k], days[i] })
	return days
}

// mostLead is the longest lead time that is told apart, in days.
const mostLead = 2000

// leadLaw is the law of the lead time and the factor that stretches it to LeadDays; nil
// where it varies by less than moves a whole day.
func (p *Problem) leadLaw() (law distribution.Distribution, stretch float64) {
	if p.Lead != nil {
		return p.Lead, p.LeadDays / p.Lead.Mean()
	}
	if p.LeadSD < 0.05 {
		return nil, 1
	}
	shape := p.LeadDays * p.LeadDays / (p.LeadSD * p.LeadSD)
	return distribution.NewGamma(shape, p.LeadDays/shape), 1
}

// arrival is the day on which an order of the given day arrives, at the given lead time
// and what closures add to it.
func (p *Problem) arrival(day, lead int) int {
	if len(p.Closed) == 0 {
		return day + lead
	}
	atSupplier := lead
	if p.Handling > 0 {
		atSupplier = max(1, min(lead, int(math.Round(p.Handling*float64(lead)/p.LeadDays))))
	}
	return p.leaves(day, atSupplier) + lead - atSupplier
}

// leaves is the day on which the supplier is done with an order of the given day that it
// works on for some days: on none of those on which it is closed.
func (p *Problem) leaves(day, atSupplier int) int {
	leaves := day + atSupplier
	for _, c := range p.Closed {
		if c.To > day && c.From < leaves {
			leaves += c.To - max(c.From, day)
		}
	}
	return leaves
}

// Worked is the lead time of an order of day 0 that arrived on the given day, without what
// closures added to it: the longest that arrives by then where the goods leave after
// Handling days, and at least a day.
func (p *Problem) Worked(arrived int) int {
	longer := sort.Search(max(0, arrived), func(n int) bool {
		lead := n + 1
		atSupplier := lead
		if p.Handling > 0 {
			atSupplier = max(1, min(lead, int(math.Round(p.Handling))))
		}
		return p.leaves(0, atSupplier)+lead-atSupplier > arrived
	})
	return max(1, longer)
}

// course lays what happens in one future on a line of days: what is on its way arrives,
// and the marks of the order are passed.
type course struct {
	coming []Arrival // in units, by mean day
	marks  []mark    // by day
	ends   []int     // the days of the marks
	demand []float64 // between two marks
}

// mark is a day at whose end something happens.
type mark struct {
	day   int
	kind  markKind
	units float64 // that arrive
}

type markKind int

const (
	arrives markKind = iota // goods ordered before
	first                   // an order of today
	next                    // an order of the next review
	last                    // the end of the cycle
)

func newCourse(p *Problem) *course {
	c := &course{coming: p.Arrivals}
	if p.Inbound > 0 {
		c.coming = append(append([]Arrival{}, p.Arrivals...), Arrival{p.Inbound, p.LeadDays / 2})
	}
	n := len(c.coming) + 3
	c.marks, c.ends, c.demand = make([]mark, 0, n), make([]int, n), make([]float64, n)
	return c
}

// lay orders the marks of a future. late is its lead time as a multiple of the mean: what
// is on its way is as late as an order of today will be, so that none overtakes another.
func (c *course) lay(late float64, firstDay, nextDay, lastDay int) {
	c.marks = append(c.marks[:0], mark{firstDay, first, 0}, mark{nextDay, next, 0}, mark{lastDay, last, 0})
	for _, a := range c.coming {
		c.marks = append(c.marks, mark{max(1, int(math.Round(a.Day*late))), arrives, a.Units})
	}
	for i := 3; i < len(c.marks); i++ { // few: insertion; goods of the day of a mark count before it
		m, k := c.marks[i], i
		for ; k > 0 && (c.marks[k-1].day > m.day || c.marks[k-1].day == m.day && c.marks[k-1].kind != arrives); k-- {
			c.marks[k] = c.marks[k-1]
		}
		c.marks[k] = m
	}
	for k, m := range c.marks {
		c.ends[k] = m.day
	}
}

// run follows stock and demand along the marks. Demand that finds no stock is lost. What
// arrives within the cycle counts as left at its beginning, and what comes later not.
func (c *course) run(p *Problem) (f future) {
	stock, passed := p.OnHand, arrives
	for k, m := range c.marks {
		demand := p.Scale * c.demand[k]
		switch passed {
		case arrives:
			f.lead += demand
			f.short = f.short || demand > stock
			stock = max(0, stock-demand)
		case first:
			f.wait += demand
			f.cycle += demand
		case next:
			f.cycle += demand
		}
		switch {
		case m.kind == arrives && passed == arrives:
			stock += m.units
		case m.kind == arrives && passed != last:
			f.left += m.units
		case m.kind == first:
			f.left += stock
			passed = first
		case m.kind > first:
			passed = m.kind
		}
	}
	return f
}
