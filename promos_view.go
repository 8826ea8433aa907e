package tradewind

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/money"
)

// PromoOptions steer a plan of promotions. What is 0 is taken from the settings.
type PromoOptions struct {
	Market commerce.Market // "" is all
	Weeks  int             // to plan for
	Slots  int             // promotions a week and market
	Budget money.Amount    // most that fixed costs and discounts may take
}

// PromoPlanView is a calendar of promotions, what it is worth and how far it can be from
// the best one.
type PromoPlanView struct {
	AsOf     calendar.Day      `json:"facts_as_of"`
	From     calendar.Day      `json:"from"` // a Monday
	Weeks    int               `json:"weeks"`
	Slots    int               `json:"slots"`
	Promos   []PromoView       `json:"promotions"` // by week, then worth most first
	Value    EstimateView      `json:"value"`      // incremental contribution, reporting currency
	Bound    money.Amount      `json:"bound"`      // no plan within the limits is worth more
	Gap      float64           `json:"gap"`        // (bound − value) / bound
	Uplifts  []UpliftView      `json:"uplifts"`    // by category
	LeftOut  []PromoLeftOut    `json:"left_out"`   // items for which no promotion can be planned
	Rules    []RuleCited       `json:"rules"`
	Limits   []ConstraintView  `json:"limits"`
	Warnings []LocalizedText   `json:"warnings"`
	Reason   LocalizedText     `json:"reason"` // why there is no promotion in the plan; empty where there is one
	Past     []PastPromotion   `json:"past"`   // promotions that the facts know, newest first
	Assumed  []LocalizedText   `json:"assumptions"`
	Markets  []commerce.Market `json:"markets"`
}

// PromoView is one promotion of a plan.
type PromoView struct {
	Item     commerce.Item   `json:"item"`
	Product  string          `json:"product"`
	Week     int             `json:"week"` // from 1
	From     calendar.Day    `json:"from"`
	To       calendar.Day    `json:"to"`
	Price    money.Amount    `json:"price"`
	Was      money.Amount    `json:"was"`   // the price before
	Prior    money.Amount    `json:"prior"` // that the reduction may be announced against
	Depth    float64         `json:"depth"` // off the price before
	Announce float64         `json:"announced_reduction"`
	Vehicle  string          `json:"vehicle"`
	Units    IntervalView    `json:"extra_units"`
	Value    EstimateView    `json:"value"`
	Parts    []WaterfallPart `json:"parts"` // Now holds each part of the value
	Proof    []PriceSpell    `json:"proof"` // the prices of the days that the law looks at
	Decision decision.ID     `json:"decision"`
}

// UpliftView is what promotions of a category do to its sales.
type UpliftView struct {
	Category string        `json:"category"`
	Vehicle  string        `json:"vehicle"`
	Promos   int           `json:"promotions"` // in the facts
	Lift     *IntervalView `json:"lift"`       // factor on units at a fifth off; nil: not known
	Dip      *float64      `json:"dip"`        // share of the lift that is lost in the weeks after
	Reason   LocalizedText `json:"reason"`
}

// PromoLeftOut is an item without a promotion, and why.
type PromoLeftOut struct {
	Item   commerce.Item `json:"item"`
	Reason LocalizedText `json:"reason"`
}

// PastPromotion is a promotion of the facts.
type PastPromotion struct {
	Item    commerce.Item `json:"item"`
	Name    string        `json:"name"`
	From    calendar.Day  `json:"from"`
	To      calendar.Day  `json:"to"`
	Depth   *float64      `json:"depth"`
	Vehicle string        `json:"vehicle"`
}
