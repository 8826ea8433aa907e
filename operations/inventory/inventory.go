// Package inventory decides how much of a SKU to order into a location: an order-up-to
// level at the newsvendor's critical ratio or at a fill rate, rounded to packs and the
// supplier's minimum, and judged by simulation against ordering nothing, waiting, and
// ordering less.
//
// Beside that decision stand what it is held against and what joins many of them: the
// textbooks' policies in closed form or by exact recursion (newsvendor to multi-echelon),
// the sharing of cash among orders (Share), of stock among locations (Rebalance) and among
// channels (Allocate), and what caused a shelf to be empty or full (Attribute).
//
// It takes demand as a function (operations/demand makes it, plan passes it on) and gives
// amounts in whole units of the reporting currency. It is not for prices, nor for what a
// policy may do on its own.
package inventory

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// Demand draws one future: the demand of consecutive blocks of days. Block k runs from
// ends[k-1] (0 for the first) to ends[k], in days from today, ascending; dst has one
// place a block. Blocks of one draw share what is uncertain about the level of demand,
// which independent days would not.
type Demand interface {
	Draw(dst []float64, ends []int, rng *rand.Rand)
}

// Levels is a Demand that can tell what all blocks of one future share, a factor of mean
// 1, from the chance within them. Solve then spreads the factor evenly over its law, so
// that no single far draw decides.
type Levels interface {
	Demand

	// Mean is the expected demand of the days from ≤ t < to.
	Mean(from, to int) float64

	// Levels writes equally likely values of the factor over the coming days, ascending.
	Levels(dst []float64, days int)

	// DrawAt is Draw with the factor given.
	DrawAt(dst []float64, ends []int, level float64, rng *rand.Rand)
}

// Arrival is an order on its way.
type Arrival struct {
	Units float64
	Day   float64 // expected, in days from today, where lead times are as long as their mean
}

// Closure is a span of days, counted from today, on which the supplier neither takes
// orders in hand nor ships: From ≤ day < To.
type Closure struct{ From, To int }

// Problem is one SKU at one location. Amounts are whole units of the reporting currency.
type Problem struct {
	OnHand   float64   // units on the shelf
	Inbound  float64   // units ordered before, nobody knows when: half a lead time ago
	Arrivals []Arrival // units ordered before, beside Inbound

	MOQ      float64 // smallest order; 0 means 1
	Pack     float64 // orders are whole packs; 0 means 1
	MaxOrder float64 // largest order; 0 is no limit
	Budget   float64 // most that an order may cost; 0 is no limit

	Price       float64 // paid a unit, mean over the markets served
	FeeRate     float64 // share of the price that channels and payment take
	UnitCost    float64 // delivered to the location
	ReturnRate  float64 // share of sold units that come back and are refunded
	OrderCost   float64 // fixed cost of an order
	HoldingRate float64 // a year, share of UnitCost
	ShelfDays   int     // days after arrival on which a unit can be sold; 0 is for ever

	FillRate float64 // share of demand to serve from the shelf; 0 is what pays best

	LeadDays float64                   // mean days from order to shelf
	LeadSD   float64                   // standard deviation of those days
	Lead     distribution.Distribution // shape of those days, stretched to LeadDays; nil is a Gamma variable with LeadSD
	Closed   []Closure                 // ascending, apart
	Handling float64                   // days of the lead time before the goods leave the supplier, which closures stretch; 0 is all of it

	Review   int // days until the next chance to order
	MaxCycle int // most days that one order may cover
	Frozen   int // days from today on which nothing may be ordered: what was said stands

	Expected   float64 // units that people were told would be ordered now
	ChangeCost float64 // of a unit more or less than Expected

	Demand    Demand
	Scale     float64 // multiplies demand; 1 but in what-if questions
	Scenarios int     // futures to simulate
	Seed      uint64
}

// Position is what lies on the shelf and what is on its way.
func (p *Problem) Position() float64 {
	sum := p.OnHand + p.Inbound
	for _, a := range p.Arrivals {
		sum += a.Units
	}
	return sum
}

// Margin returns the contribution of one unit sold: (1-returns)·((1-fees)·price - cost).
// A returned unit goes back to the shelf.
func (p *Problem) Margin() float64 {
	return (1 - p.ReturnRate) * (p.Price*(1-p.FeeRate) - p.UnitCost)
}

// CriticalRatio returns the newsvendor's Cu/(Cu+Co): a unit short loses its margin, a
// unit over is held for the given days. It is 0 where the margin is not positive.
//
// Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, section 4.3.
func (p *Problem) CriticalRatio(days float64) float64 {
	under := p.Margin()
	over := p.UnitCost * p.HoldingRate * days / 365
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
	Goods   float64 // cost of the goods in those sales, and of those that spoil, negative
	Holding float64 // of the order from arrival until it is sold, negative
	Fixed   float64 // order cost, and that of differing from what was expected, negative

	Saved float64 // mean units sold that would have been lost
}

// Solution is the answer to a Problem.
type Solution struct {
	Refused  *Refusal // the problem cannot be answered; nil when it can
	Cycle    int      // days that an order is meant to cover: the review, or longer if orders are dear
	Ratio    float64  // critical ratio
	Need     float64  // units that the order should bring: the Ratio quantile of what the cycle will be short, or what FillRate asks for; negative where there is plenty
	UpTo     float64  // order-up-to level S: position and Need
	Lead     float64  // mean demand over the lead time
	Window   float64  // mean demand over the cycle after arrival
	StockOut float64  // probability that stock and inbound do not last until an order of today arrives
	Fill     float64  // share of the cycle's demand that the best option leaves to be served from the shelf
	Options  []Option
	Best     int // position in Options; Options[0] is doing nothing
}

// Chosen returns the best option.
func (s *Solution) Chosen() Option { return s.Options[s.Best] }

// whole is the smallest order: the MOQ in whole packs.
func (p *Problem) whole() float64 {
	pack := max(1, p.Pack)
	return math.Ceil(max(1, p.MOQ)/pack) * pack
}
