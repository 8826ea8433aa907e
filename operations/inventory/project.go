package inventory

import (
	"math/rand/v2"
	"slices"
)

// Projection is the stock at the end of each coming day, as quantiles over futures.
type Projection struct {
	Without, WithoutP10 []float64 // ordering nothing
	With, WithP10       []float64 // ordering the given units today
}

// Project follows the stock for the given days, without and with an order of today. Demand
// beyond the stock is lost; what is on its way arrives as in Solve.
func Project(p *Problem, units float64, days, scenarios int) Projection {
	rng := rand.New(rand.NewPCG(p.Seed, 0xD1B54A32D192ED03))
	ends := make([]int, days)
	for d := range ends {
		ends[d] = d + 1
	}
	without, with := make([][]float64, days), make([][]float64, days)
	for d := range days {
		without[d], with[d] = make([]float64, scenarios), make([]float64, scenarios)
	}
	leads := p.leads(scenarios, rng)
	levels, level := p.levels(scenarios, days)
	c := newCourse(p)
	path := make([]float64, days)
	for i := range scenarios {
		if levels != nil {
			levels.DrawAt(path, ends, level[i], rng)
		} else {
			p.Demand.Draw(path, ends, rng)
		}
		day := p.arrival(0, leads[i])
		c.lay(float64(leads[i])/p.LeadDays, day, day, day)
		a, b, k := p.OnHand, p.OnHand, 0
		for d, demand := range path {
			a, b = max(0, a-p.Scale*demand), max(0, b-p.Scale*demand)
			for ; k < len(c.marks) && c.marks[k].day == d+1; k++ { // it serves from the next day on, as in Solve
				switch m := c.marks[k]; m.kind {
				case arrives:
					a, b = a+m.units, b+m.units
				case first:
					b += units
				}
			}
			without[d][i], with[d][i] = a, b
		}
	}
	var out Projection
	for d := range days {
		slices.Sort(without[d])
		slices.Sort(with[d])
		out.Without = append(out.Without, quantile(without[d], .5))
		out.WithoutP10 = append(out.WithoutP10, quantile(without[d], .1))
		out.With = append(out.With, quantile(with[d], .5))
		out.WithP10 = append(out.WithP10, quantile(with[d], .1))
	}
	return out
}
