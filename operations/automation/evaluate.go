package automation

import (
	"math"

	"tradewind/simulate"
)

// Contestant is a policy under the name that a table gives it.
type Contestant struct {
	Name   string
	Policy Policy
}

// The policies that are held against each other.
const (
	ByLearned   = "learned"    // the residual that was chosen on the classical policy
	ByClassical = "classical"  // what it adjusts: price and projected inventory level that follow demand
	ByMyopic    = "myopic"     // (s,S), and the best price of the week as if stock were no matter
	ByFixed     = "fixed"      // the best fixed price with the best (s,S) policy
	ByBaseStock = "base-stock" // the best fixed price with the best base stock
	ByToday     = "today"      // how the shop is run now
)

// Field lines up the contestants of one item, the classical policy second: what was learned,
// the textbooks' policies fitted on the first fit training episodes, and how the shop is run
// now; nil: not known.
func (a *Arena) Field(l *Learned, today Policy, fit int) []Contestant {
	fixed := a.BestFixed(fit)
	list := []Contestant{
		{ByLearned, l.Best()}, {ByClassical, l.Classical},
		{ByMyopic, a.bestMyopic(l.Classical, fixed, fit)}, {ByFixed, fixed},
		{ByBaseStock, a.BestBaseStock(fit)},
	}
	if today != nil {
		list = append(list, Contestant{ByToday, today})
	}
	return list
}

// Baseline is the place of the classical policy in a field.
const Baseline = 1

// Myopic asks the best price of the period at the level of demand that is believed, and
// orders up to a fixed position once it has fallen by the gap.
type Myopic struct {
	Base  *Classical // whose price is asked, without the run-out price
	Stock Fixed      // whose price is not
}

// Act is the classical price with fixed orders.
func (p *Myopic) Act(t int, st *simulate.ShopState, x *simulate.Filter, cost float64) simulate.Act {
	act := p.Stock.Act(t, st, x, cost)
	level, sd := x.Level()
	act.Price = p.Base.price(t, st, math.Exp(level+sd*sd/2), cost)
	return act
}

// bestMyopic is the myopic price with the level around the fixed policy's that earns
// most with it.
func (a *Arena) bestMyopic(c *Classical, fixed Fixed, n int) *Myopic {
	base := *c
	base.RunOut, base.Clearance = false, 0
	best, earned := &Myopic{&base, fixed}, math.Inf(-1)
	answer := c.answer(1, c.form.BestPrice(c.form.Cost)) / c.answer(1, fixed.Price)
	for _, level := range [...]float64{.7, .85, 1, 1.15, 1.3} {
		for _, times := range [...]float64{1, answer} {
			p := &Myopic{&base, Fixed{fixed.Price, fixed.Level * level * times, fixed.Gap}}
			if x := a.Mean(p, simulate.Training, n, simulate.SteadyTrade); x > earned {
				best, earned = p, x
			}
		}
	}
	return best
}

// Cell is how a field did in one scenario.
type Cell struct {
	Scenario simulate.Scenario
	Ceiling  float64 // contribution of an episode that no policy's mean exceeds
	Results  []Result
}

// Result is how a contestant did.
type Result struct {
	Name      string
	Mean      float64    // contribution of an episode
	Low, High float64    // its 95 % interval
	Over      Comparison // the classical policy, on the same episodes
	Gap       float64    // share of what lies between the classical policy and the ceiling
	Service   Service
	Sample    []float64 // contribution of each episode
}

// Service is what buyers and the shelf saw.
type Service struct {
	Fill  float64 // share of demand that was served
	Stock float64 // mean units on the shelf at the end of a period
	Out   float64 // share of periods that sold out
	Price float64 // mean asked
}

// Evaluate plays a field on the first n scored episodes of each scenario: all policies and
// all scenarios of an episode with the same chance. Nothing was learned, fitted or chosen on
// these episodes, and nothing should be after they were looked at.
func (a *Arena) Evaluate(field []Contestant, n int, scenarios []simulate.Scenario) []Cell {
	cells := make([]Cell, len(scenarios))
	for i, sc := range scenarios {
		cells[i] = a.cell(field, n, sc)
	}
	return cells
}

func (a *Arena) cell(field []Contestant, n int, sc simulate.Scenario) Cell {
	c := Cell{Scenario: sc, Results: make([]Result, len(field))}
	samples := make([][]float64, len(field))
	for i, f := range field {
		samples[i], c.Results[i].Service = a.serve(f.Policy, n, sc)
	}
	for episode := range n {
		a.shop.Draw(simulate.Scored, uint64(episode), sc)
		c.Ceiling += a.ceiling() / float64(n)
	}
	for i := range field {
		c.Results[i].Name, c.Results[i].Sample = field[i].Name, samples[i]
	}
	c.compare()
	return c
}

// compare holds the samples against that of the classical policy.
func (c *Cell) compare() {
	base := c.Results[Baseline].Sample
	for i := range c.Results {
		r := &c.Results[i]
		alone := Compare(r.Sample, make([]float64, len(r.Sample)), .95)
		r.Mean, r.Low, r.High = alone.Mean, alone.Low, alone.High
		r.Over = Compare(r.Sample, base, .95)
		if gap := c.Ceiling - r.Over.Other; gap > 0 {
			r.Gap = r.Over.Gain / gap
		}
	}
}

// Overall is the mean of all cells, episode by episode: an interval of its own, as the
// scenarios of an episode share their chance. Its Scenario says nothing.
func Overall(cells []Cell) Cell {
	var all Cell
	share := 1 / float64(len(cells))
	for i, c := range cells {
		if i == 0 {
			all.Results = make([]Result, len(c.Results))
		}
		all.Ceiling += share * c.Ceiling
		for k, r := range c.Results {
			o := &all.Results[k]
			if i == 0 {
				o.Name, o.Sample = r.Name, make([]float64, len(r.Sample))
			}
			for episode, x := range r.Sample {
				o.Sample[episode] += share * x
			}
			o.Service.Fill += share * r.Service.Fill
			o.Service.Stock += share * r.Service.Stock
			o.Service.Out += share * r.Service.Out
			o.Service.Price += share * r.Service.Price
		}
	}
	all.compare()
	return all
}

// serve plays scored episodes and counts what buyers and the shelf saw.
func (a *Arena) serve(p Policy, n int, sc simulate.Scenario) ([]float64, Service) {
	var s Service
	demand, sold, x := 0., 0., make([]float64, n)
	for episode := range x {
		x[episode] = a.Watch(p, simulate.Scored, uint64(episode), sc, func(_ int, o simulate.Outcome) {
			demand, sold = demand+o.Demand, sold+o.Sold
			s.Stock, s.Price = s.Stock+o.Left, s.Price+o.Price
			if o.Out {
				s.Out++
			}
		})
	}
	periods := float64(n * a.Periods)
	s.Fill, s.Stock, s.Price, s.Out = 1, s.Stock/periods, s.Price/periods, s.Out/periods
	if demand > 0 {
		s.Fill = sold / demand
	}
	return x, s
}

// ceiling is what a seller would contribute in the episode that is drawn if stock were
// always there and cost nothing to keep, prices changed for free, and the truth about
// demand's mean were known: no policy's mean over episodes is more, as each pays for what
// this one has for nothing.
func (a *Arena) ceiling() float64 {
	sum := 0.
	for t := range a.Periods {
		truth, cost := a.shop.Truth(t), a.shop.Cost(t)
		f := *a.Form
		f.Elasticity = truth.Elasticity
		best := 0.
		for _, p := range [...]float64{f.BestPrice(cost), f.Legal(f.Floor + 1e-9)} {
			best = max(best, f.Margin(p, cost)*truth.Mean*math.Exp(truth.Elasticity*math.Log(f.Legal(p)/f.Reference)))
		}
		sum += best
	}
	return sum
}
