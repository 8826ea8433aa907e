package inventory

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Solve finds the order-up-to level and compares the orders around it.
//
//	T = max(review, √(2·K / (h·c·λ)))           days an order covers (economic order interval)
//	N = D_T - J                                 what the cycle is short of; J: stock at arrival, after lost sales
//	Q = G⁻¹(Cu / (Cu + Co)),  G the law of N,   or the least Q with E(N - Q)⁺ ≤ (1 - fill rate)·E D_T
//	S = position + Q                            order-up-to level
//
// and Q goes up or down to whole packs, at least the MOQ. Sales that are short during the
// lead time are lost, not waited for, so the order does not make up for them; where the
// position outlasts the lead time, S is the textbook's F⁻¹_{L+T}(Cu / (Cu + Co)).
//
// A unit left over costs more than its cycle: where sales are being lost before an order
// arrives, it takes the place of a unit of the next order only by chance, for orders on
// their way are not called back. Co holds it for T + 0.22·L days, L being the lead time,
// and for T where the position outlasts it. The factor was chosen on Poisson, negative
// binomial and geometric demand of other means than that of the published cells, on
// which 512 futures stay within .8 % of the exact optimum (TestSolveAgainstOptimum).
//
// Each option is then simulated over the same futures, drawn from Seed: its gain is the
// contribution of the sales that would be lost in the cycle after arrival without it,
// less the holding of the order until it is sold and the cost of ordering. The best
// option has the highest mean, or is the one that keeps the fill rate; ordering at the
// next review is judged too, and where that is as good, the best option is to do nothing
// yet. A problem that cannot be answered is refused: see Refusal.
//
// Source: Snyder & Shen 2019, sections 3.2 (EOQ), 4.3 (newsvendor), 4.4 (order-up-to);
// lost sales: Zipkin, Old and new methods for lost-sales inventory systems, Operations
// Research 56(5), 2008 (the myopic policy, which this is but for Co).
func Solve(p *Problem) *Solution {
	if r := p.Refusal(); r != nil {
		return &Solution{Refused: r, Options: []Option{{}}}
	}
	cycle := p.cycle()
	j := newJudge(p, p.simulate(cycle))
	s := &Solution{Cycle: cycle, Lead: j.lead, Window: j.window, StockOut: j.stockOut}
	s.Ratio = p.CriticalRatio(float64(cycle) + j.carry)
	if s.Ratio > 0 {
		s.Need = math.Ceil(j.need(s.Ratio))
		s.UpTo = p.Position() + s.Need
	}
	s.Options = append(s.Options, Option{})
	for _, units := range p.quantities(s.Need) {
		s.Options = append(s.Options, j.option(units, false))
	}
	for i, o := range s.Options {
		if o.Mean > s.Options[s.Best].Mean || p.FillRate > 0 {
			s.Best = i
		}
	}
	if s.Best > 0 {
		later := j.option(s.Chosen().Units, true)
		if s.Options = append(s.Options, later); later.Mean >= s.Chosen().Mean && p.FillRate == 0 {
			s.Best = 0 // it pays to order, but not yet
		}
	}
	s.Fill = j.fill(s.Chosen().Units)
	return s
}

// cycle is the number of days that an order is meant to cover: the review, or the
// economic order interval √(2K/(hcλ)) where that is longer, up to the longest allowed and
// to what keeps.
func (p *Problem) cycle() int {
	days := p.Review
	if p.OrderCost > 0 && p.HoldingRate > 0 && p.UnitCost > 0 {
		if rate := p.rate(); rate > 0 {
			interval := math.Sqrt(2 * p.OrderCost / (p.HoldingRate / 365 * p.UnitCost * rate))
			days = max(days, int(math.Round(min(interval, float64(p.MaxCycle)))))
		}
	}
	if p.ShelfDays > 0 {
		days = max(p.Review, min(days, p.ShelfDays))
	}
	return days
}

// rate is the mean demand a day over the lead time and the longest cycle: where demand
// cannot say, from a few futures.
func (p *Problem) rate() float64 {
	days := max(1, int(p.LeadDays)+p.MaxCycle)
	if levels, ok := p.Demand.(Levels); ok {
		return p.Scale * levels.Mean(0, days) / float64(days)
	}
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

// quantities lists the order sizes worth judging for a need: whole packs of at least the
// MOQ and at most the largest order, just below and above the need, about a quarter, half
// and three quarters of it for when cash is short, the MOQ, and what people expect. Under
// a fill rate it is the one that keeps it.
func (p *Problem) quantities(need float64) []float64 {
	if need <= 0 {
		return nil
	}
	pack, least, most := max(1, p.Pack), p.whole(), math.Inf(1)
	if p.MaxOrder > 0 {
		most = math.Floor(p.MaxOrder/pack) * pack
	}
	fit := func(units float64) float64 { return min(most, max(least, units)) }
	if p.FillRate > 0 {
		return []float64{fit(math.Ceil(need/pack) * pack)}
	}
	sizes := []float64{least}
	for _, part := range []float64{.25, .5, .75} {
		sizes = append(sizes, fit(math.Round(part*need/pack)*pack))
	}
	sizes = append(sizes, fit(math.Floor(need/pack)*pack), fit(math.Ceil(need/pack)*pack))
	if p.Expected > 0 {
		sizes = append(sizes, fit(math.Round(p.Expected/pack)*pack))
	}
	slices.Sort(sizes)
	return slices.Compact(sizes)
}
