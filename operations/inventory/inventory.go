// Package inventory decides how much of a SKU to order into a location: an order-up-to
// level at the newsvendor's critical ratio, rounded to packs and the supplier's minimum,
// and judged by simulation against ordering nothing, waiting, and ordering less.
//
// It takes demand as a function (operations/demand makes it, plan passes it on) and
// gives amounts in whole units of the reporting currency. It is not for choosing among
// SKUs: plan does that under cash and attention limits.
package inventory

import (
	"math/rand/v2"
)

// Demand draws one future: the demand of consecutive blocks of days. Block k runs from
// ends[k-1] (0 for the first) to ends[k], in days from today, ascending; dst has one
// place a block. Blocks of one draw share what is uncertain about the level of demand,
// which independent days would not.
type Demand interface {
	Draw(dst []float64, ends []int, rng *rand.Rand)
}

// Problem is one SKU at one location. Amounts are whole units of the reporting currency.
type Problem struct {
	OnHand  float64 // units on the shelf
	Inbound float64 // units ordered before, counted as there when a new order arrives

	MOQ  float64 // smallest order; 0 means 1
	Pack float64 // orders are whole packs; 0 means 1

	Price       float64 // paid a unit, mean over the markets served
	FeeRate     float64 // share of the price that channels and payment take
	UnitCost    float64 // delivered to the location
	ReturnRate  float64 // share of sold units that come back and are refunded
	OrderCost   float64 // fixed cost of an order
	HoldingRate float64 // a year, share of UnitCost

	LeadDays float64 // mean days from order to shelf
	LeadSD   float64 // standard deviation of those days

	Review   int // days until the next chance to order
	MaxCycle int // most days that one order may cover

	Demand    Demand
	Scale     float64 // multiplies demand; 1 but in what-if questions
	Scenarios int     // futures to simulate
	Seed      uint64
}

// Margin returns the contribution of one unit sold: (1-returns)·((1-fees)·price - cost).
// A returned unit goes back to the shelf.
func (p *Problem) Margin() float64 {
	return (1 - p.ReturnRate) * (p.Price*(1-p.FeeRate) - p.UnitCost)
}

// CriticalRatio returns the newsvendor's Cu/(Cu+Co): a unit short loses its margin, a
// unit over is held for one protection cycle of the given days. It is 0 where the margin
// is not positive.
//
// Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, section 4.3.
func (p *Problem) CriticalRatio(cycle float64) float64 {
	under := p.Margin()
	over := p.UnitCost * p.HoldingRate * cycle / 365
	if under <= 0 {
		return 0
	}
	return under / (under + over)
}

// Option is one order quantity and what it brings against ordering nothing.
type Option struct {
	Units float64
	Delay int     // days to wait before ordering
	Cash  float64 // committed: units · cost + order cost; 0 for a delayed order

	Mean, P10, P50, P90 float64

	// The parts of Mean.
	Revenue float64 // of sales that would have been lost, fees and refunds off
	Goods   float64 // cost of the goods in those sales, negative
	Holding float64 // of the order from arrival until it is sold, negative
	Fixed   float64 // order cost, negative

	Saved float64 // mean units sold that would have been lost
}

// Solution is the answer to a Problem.
type Solution struct {
	Cycle    int     // days that an order is meant to cover: the review, or longer if orders are dear
	Ratio    float64 // critical ratio
	Need     float64 // units that the order should bring: the Ratio quantile of what the cycle will be short; negative where there is plenty
	UpTo     float64 // order-up-to level S: position and Need
	Lead     float64 // mean demand over the lead time
	Window   float64 // mean demand over the cycle after arrival
	StockOut float64 // probability that stock and inbound do not last until an order of today arrives
	Options  []Option
	Best     int // position in Options; Options[0] is doing nothing
}

// Chosen returns the best option.
func (s *Solution) Chosen() Option { return s.Options[s.Best] }
