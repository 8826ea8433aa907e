package inventory

import (
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/numeric/distribution"
)

// futures are simulated demands, one entry a scenario: before the order arrives, in the
// review after that, and in the whole protection cycle.
type futures struct {
	lead  []float64 // until an order of today arrives
	wait  []float64 // the review days after that
	cycle []float64 // from arrival to the end of the protection cycle
}

// Solve finds the order-up-to level and compares the orders around it.
//
//	T = max(review, √(2·K / (h·c·λ)))           days an order covers (economic order interval)
//	Q = G⁻¹(Cu / (Cu + Co)),                    G the law of D_T - (position - D_L)⁺
//	S = position + Q                            order-up-to level; position = on hand + inbound
//
// and Q goes up or down to whole packs, at least the MOQ. Sales that are short during the
// lead time are lost, not waited for, so the order does not make up for them; where the
// position outlasts the lead time, S is the textbook's F⁻¹_{L+T}(Cu / (Cu + Co)).
//
// Each option is then simulated over the same futures, drawn from Seed: its gain is the
// contribution of the sales that would be lost in the cycle after arrival without it,
// less the holding of the order until it is sold and the cost of ordering. The best
// option has the highest mean; ordering at the next review is judged too, and where that
// is as good, the best option is to do nothing yet.
//
// Source: Snyder & Shen 2019, sections 3.2 (EOQ), 4.3 (newsvendor), 4.4 (order-up-to);
// lost sales: van Jaarsveld & Arts, Projected inventory-level policies for lost sales
// inventory systems, Operations Research 72(5), 2024.
func Solve(p *Problem) *Solution {
	cycle := p.cycle()
	f := p.simulate(cycle)
	s := &Solution{Cycle: cycle, Ratio: p.CriticalRatio(float64(cycle)), Lead: mean(f.lead), Window: mean(f.cycle)}
	position := p.OnHand + p.Inbound
	need := make([]float64, len(f.lead))
	for i := range need {
		need[i] = f.cycle[i] - max(0, position-f.lead[i])
		if f.lead[i] > position {
			s.StockOut++
		}
	}
	s.StockOut /= float64(len(need))
	slices.Sort(need)
	if s.Ratio > 0 {
		s.Need = math.Ceil(quantile(need, s.Ratio))
		s.UpTo = position + s.Need
	}
	s.Options = append(s.Options, Option{})
	for _, units := range p.quantities(s.Need) {
		s.Options = append(s.Options, p.judge(f, cycle, units, 0))
	}
	for i, o := range s.Options {
		if o.Mean > s.Options[s.Best].Mean {
			s.Best = i
		}
	}
	if s.Best > 0 {
		wait := p.judge(f, cycle, s.Chosen().Units, p.Review)
		if s.Options = append(s.Options, wait); wait.Mean >= s.Chosen().Mean {
			s.Best = 0 // it pays to order, but not yet
		}
	}
	return s
}

// cycle is the number of days that an order is meant to cover: the review, or the
// economic order interval √(2K/(hcλ)) where that is longer, up to the longest allowed.
func (p *Problem) cycle() int {
	rate := p.rate()
	if p.OrderCost <= 0 || p.HoldingRate <= 0 || p.UnitCost <= 0 || rate <= 0 {
		return p.Review
	}
	interval := math.Sqrt(2 * p.OrderCost / (p.HoldingRate / 365 * p.UnitCost * rate))
	return max(p.Review, int(math.Round(min(interval, float64(p.MaxCycle)))))
}

// simulate draws the futures.
func (p *Problem) simulate(cycle int) futures {
	n := p.Scenarios
	f := futures{make([]float64, n), make([]float64, n), make([]float64, n)}
	rng := rand.New(rand.NewPCG(p.Seed, 0x5DEECE66D))
	var block [3]float64
	for i := range n {
		lead := p.drawLead(rng)
		p.Demand.Draw(block[:], []int{lead, lead + p.Review, lead + cycle}, rng)
		f.lead[i] = p.Scale * block[0]
		f.wait[i] = p.Scale * block[1]
		f.cycle[i] = p.Scale * (block[1] + block[2])
	}
	return f
}

// rate is the mean demand a day over the lead time and the longest cycle, from a few futures.
func (p *Problem) rate() float64 {
	days := max(1, int(p.LeadDays)+p.MaxCycle)
	rng := rand.New(rand.NewPCG(p.Seed, 0x9E3779B97F4A7C15))
	var sum float64
	const draws = 32
	for range draws {
		var block [1]float64
		p.Demand.Draw(block[:], []int{days}, rng)
		sum += block[0]
	}
	return p.Scale * sum / draws / float64(days)
}

// drawLead draws a lead time in whole days: a Gamma variable with the given mean and
// standard deviation, at least one day.
func (p *Problem) drawLead(rng *rand.Rand) int {
	if p.LeadSD < 0.05 { // too little to move a whole day
		return max(1, int(math.Round(p.LeadDays)))
	}
	shape := p.LeadDays * p.LeadDays / (p.LeadSD * p.LeadSD)
	return max(1, int(math.Round(distribution.DrawGamma(shape, rng)*p.LeadDays/shape)))
}

// quantities lists the order sizes worth judging for a shortfall: whole packs of at
// least the MOQ, just below and above the shortfall, about a quarter, half and three
// quarters of it for when cash is short, and the MOQ.
func (p *Problem) quantities(shortfall float64) []float64 {
	pack, moq := max(1, p.Pack), max(1, p.MOQ)
	least := math.Ceil(moq/pack) * pack
	if shortfall <= 0 {
		return nil
	}
	sizes := []float64{least}
	for _, part := range []float64{.25, .5, .75} {
		sizes = append(sizes, max(least, math.Round(part*shortfall/pack)*pack))
	}
	sizes = append(sizes, max(least, math.Floor(shortfall/pack)*pack), max(least, math.Ceil(shortfall/pack)*pack))
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// judge simulates one order over the futures.
func (p *Problem) judge(f futures, cycle int, units float64, delay int) Option {
	o := Option{Units: units, Delay: delay}
	if delay == 0 {
		o.Cash = units*p.UnitCost + p.OrderCost
	}
	n := len(f.lead)
	gains := make([]float64, n)
	rate := max(mean(f.cycle)/float64(cycle), 1.0/365)
	price := (1 - p.ReturnRate) * p.Price * (1 - p.FeeRate)
	cost := (1 - p.ReturnRate) * p.UnitCost
	holdDay := p.UnitCost * p.HoldingRate / 365
	fixed := p.OrderCost
	if delay > 0 { // only the part of a later order's cycle that this one would cover counts
		share := max(0, 1-float64(delay)/float64(cycle))
		holdDay, fixed = holdDay*share, fixed*share
	}
	for i := range n {
		before, window, days := f.lead[i], f.cycle[i], float64(cycle)
		if delay > 0 {
			before += f.wait[i]
			window -= f.wait[i]
			days -= float64(delay)
		}
		left := max(0, p.OnHand+p.Inbound-before)
		saved, unitDays := sellThrough(left, units, window, days, rate)
		gains[i] = saved*(price-cost) - unitDays*holdDay - fixed
		o.Saved += saved
		o.Holding -= unitDays * holdDay
	}
	o.Saved /= float64(n)
	o.Holding /= float64(n)
	o.Revenue = o.Saved * price
	o.Goods = -o.Saved * cost
	o.Fixed = -fixed
	o.Mean = o.Revenue + o.Goods + o.Holding + o.Fixed
	slices.Sort(gains)
	o.P10, o.P50, o.P90 = quantile(gains, .1), quantile(gains, .5), quantile(gains, .9)
	return o
}

// sellThrough follows an order of units that arrives behind left units on the shelf.
// Demand runs evenly over the window's days and takes the older units first; what is
// left of the order at the end sells at rate. It returns the units of the order sold in
// the window and the days that all its units lie in stock.
func sellThrough(left, units, window, days, rate float64) (sold, unitDays float64) {
	if window <= left || days <= 0 {
		rest := max(0, left-window)
		return 0, units*days + units*rest/rate + units*units/(2*rate)
	}
	sold = min(units, window-left)
	start := days * left / window
	end := days * (left + sold) / window
	unitDays = units*start + (units-sold/2)*(end-start)
	if rest := units - sold; rest > 0 {
		unitDays += rest*(days-end) + rest*rest/(2*rate)
	}
	return sold, unitDays
}

func mean(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// quantile returns the generalised inverse of the empirical distribution of sorted xs.
func quantile(sorted []float64, u float64) float64 {
	k := int(math.Ceil(u*float64(len(sorted)))) - 1
	return sorted[min(max(k, 0), len(sorted)-1)]
}
