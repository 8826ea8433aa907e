// Package promotion says what promotions bring, and plans them: a model of uplift with
// its dip, fatigue, halo and cannibalisation; a calendar of promotions under slots, budget
// and the law of price reductions; and the marking down of a stock to a date.
//
// Every item is planned by a dynamic programme over weeks under Lagrange prices for what
// items share, so each plan has a bound that none can pass. What law allows is a
// constraint and not a penalty: a reduction is announced against the lowest price of the
// days before it, and a promotion of last month is part of those days.
//
// It is not for regular prices (operations/pricing) and not for ordering the goods that a
// promotion sells (operations/inventory). Facts come from operations/demand and
// operations/compliance by way of plan, as values and functions; the offers go back to
// plan, which proposes them as decision.RunPromotion.
package promotion

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// Memory is how many weeks a promotion is remembered at least: no fatigue is left after.
const Memory = 8

// DipWeeks is how many weeks after a promotion demand is lower because people stocked up.
const DipWeeks = 4

// The vehicles by which a promotion reaches people. Price alone is the plain reduction;
// the others come on top of it.
const (
	Price   = "price"
	Feature = "feature"
	Display = "display"
	Coupon  = "coupon"
)

// Depths are the shares off the regular price that a plan tries unless told otherwise.
var Depths = []float64{.10, .15, .20, .25, .30}

// Item is a candidate: an item, its regular price and what is known of its demand. Money is
// in the reporting currency, but for Price, History and Net.
type Item struct {
	Item     commerce.Item
	Category string       // of which at most one item may be promoted in a week, see Limits.Exclusive
	Price    money.Amount // asked through the weeks of the plan where no promotion is on
	Rate     float64      // reporting currency for one unit of the price's currency; 0: 1
	History  []Asked      // what was asked before the plan, the proof of the prior price; sorted by From

	Base  []float64 // units a week without promotion, first week of the plan first; the last holds on
	Level []float64 // scenarios of the level of demand, mean 1; nil: certain

	UnitCost float64                     // landed
	Net      func(price float64) float64 // what tax, duty, fees and returns leave of a price, both in its own currency; nil: all of it
	Funding  float64                     // a unit sold in a promotion, paid by the supplier

	Response Response
	Cross    []Cross

	Since int     // weeks from the start of the last promotion to the first of the plan; 0: none in memory
	Depth float64 // of that promotion
}

// Cross is what a promotion of the item does to the demand of other items: ln of their
// units changes by Coef·f(depth).
type Cross struct {
	Coef  float64   // above 0 halo, below 0 cannibalisation: the entry of the matrix times the item's share of its subcategory in the market
	Value []float64 // contribution a week of those others at their regular prices, reporting currency; the last holds on
}

// Vehicle is a way to promote: its cost and its places.
type Vehicle struct {
	Name  string
	Cost  float64 // fixed, a promotion of a week, reporting currency
	Slots int     // items a week and market; 0: without limit
}

// Limits of a plan: of the team and of law.
type Limits struct {
	Start     calendar.Day // of the first week; a promotion runs seven days
	Weeks     int
	Depths    []float64 // nil: Depths
	Vehicles  []Vehicle // nil: Price alone, for nothing
	Budget    float64   // for fixed cost and unfunded reductions together, reporting currency; 0: without limit
	MinGap    int       // weeks from the start of one promotion of an item to the next; 0: 4
	Exclusive bool      // one item of a category a week and market
	Announce  float64   // smallest reduction worth announcing; 0: .05

	// PriorDays is the number of days before a reduction whose lowest price it is announced
	// against, in a market on a day, and the rule that says so; 0 days: no rule. nil: no rule.
	PriorDays func(market commerce.Market, day calendar.Day) (days int, rule string)
	// BelowCost names the rule that bans sales below UnitCost, "" where there is none; nil: none.
	BelowCost func(market commerce.Market, day calendar.Day) (rule string)
	// Closed names the rule that bans promotions on a day, as outside of seasons of sale; nil: none.
	Closed func(market commerce.Market, day calendar.Day) (rule string)
	// Legal rounds a price down to one that may be asked; nil: to whole minor units.
	Legal func(item commerce.Item, price money.Amount) money.Amount
}

// Plan is a calendar of promotions.
type Plan struct {
	Offers   []Offer // by item, then day
	Value    float64 // contribution of the plan above that of promoting nothing
	Bound    float64 // no plan within the limits is worth more
	Proven   bool    // nothing is better
	Spent    float64 // of the budget
	Excluded []Exclusion
	Refused  []Refusal

	BudgetPrice float64     // contribution that one more unit of budget would bring
	SlotPrices  []SlotPrice // of the places that were short
}

// Gap is the share of the bound that may be missing.
func (p *Plan) Gap() float64 {
	if p.Bound <= 0 {
		return 0
	}
	return (p.Bound - p.Value) / p.Bound
}

// SlotPrice is what one more place would bring.
type SlotPrice struct {
	Market   commerce.Market
	Vehicle  string // "": the one place of Category
	Category string
	Week     calendar.Day
	Price    float64
}

// Offer is one promotion of a plan, ready for decision.RunPromotion.
type Offer struct {
	Item      commerce.Item
	From, To  calendar.Day // both included
	Price     money.Amount
	Was       money.Amount // the prior price that the reduction is announced against
	Depth     float64      // off the regular price
	Announced float64      // off Was
	Vehicle   string
	Units     float64  // expected in its week
	Uplift    Estimate // of ln units, dip and fatigue apart

	Mean, P10, P50, P90 float64 // incremental contribution, its pull-forward included
	Parts               Parts
	Proof               *Proof             // of Was; nil where no rule asks for one
	Limits              []messages.Message // what bound the choice
}

// Parts of an offer's mean contribution; they sum to it.
type Parts struct {
	Uplift       float64 // margin on the units that would not have been sold
	Subsidy      float64 // reduction given on those that would have been, negative
	Cannibalised float64 // lost on other items, negative
	Halo         float64 // won on other items
	PullForward  float64 // lost in the weeks after, negative
	Fixed        float64 // cost of the vehicle, negative
}

// Sum of the parts.
func (p Parts) Sum() float64 {
	return p.Uplift + p.Subsidy + p.Cannibalised + p.Halo + p.PullForward + p.Fixed
}

// Refusal is an item that is not planned, why, and the cheapest remedy.
type Refusal struct {
	Item   commerce.Item
	Reason messages.Message
	Remedy messages.Message
}
