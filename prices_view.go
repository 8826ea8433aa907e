package tradewind

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/money"
	"tradewind/plan"
)

// PriceState is what the board says about an item's price.
type PriceState = plan.PriceState

const (
	PriceChange  = plan.PriceChange  // another price is worth more
	PriceKeep    = plan.PriceKeep    // no legal price is worth enough more
	PriceTest    = plan.PriceTest    // the data cannot tell; a price test is worth its cost
	PriceUnknown = plan.PriceUnknown // the data cannot tell, and no test is known to pay
	PriceRefused = plan.PriceRefused // nothing can be said: the reason names why
)

// PriceStates lists them all, in the order of a board.
var PriceStates = []PriceState{PriceChange, PriceTest, PriceKeep, PriceUnknown, PriceRefused}

// PriceBoard is what could be asked for every item. Prices are in the currency of the item.
type PriceBoard struct {
	AsOf     calendar.Day       `json:"facts_as_of"`
	Horizon  int                `json:"horizon_days"` // that gains are counted over
	Rows     []PriceView        `json:"rows"`         // worth most first
	Total    int                `json:"total"`        // rows that match, shown or not
	Counts   map[PriceState]int `json:"counts"`       // of the items that match, whatever their state
	Warnings []LocalizedText    `json:"warnings"`
}

// PriceView is one item on the board.
type PriceView struct {
	Item       commerce.Item   `json:"item"`
	Product    string          `json:"product"`
	State      PriceState      `json:"state"`
	Price      money.Amount    `json:"price"`       // asked now
	Since      *calendar.Day   `json:"price_since"` // nil: from before the facts
	Best       *money.Amount   `json:"best_price"`  // nil where nothing is proposed
	Flat       []money.Amount  `json:"flat"`        // lowest and highest price within 1 % of the best profit; empty where nothing is known
	Gain       *EstimateView   `json:"gain"`        // of the best price over the horizon, reporting currency; of a test, its value
	Cost       *money.Amount   `json:"unit_cost"`   // landed, currency of the price; nil: unknown
	Margin     *float64        `json:"margin_rate"` // contribution as a share of the price; nil: unknown
	Units      float64         `json:"units_a_week"`
	Rival      *money.Amount   `json:"rival_price"` // the lowest; nil: none is known
	Elasticity *ElasticityView `json:"elasticity"`
	Reason     LocalizedText   `json:"reason"`
	Decision   decision.ID     `json:"decision"` // an open one about this price; "" without
	Assumed    []LocalizedText `json:"assumptions"`
}

// EstimateView is money that is not known yet, with its 80 % interval.
type EstimateView struct {
	Mean money.Amount `json:"mean"`
	Low  money.Amount `json:"p10"`
	High money.Amount `json:"p90"`
}

// ElasticityView is per cent of units for one per cent of price.
type ElasticityView struct {
	Mean       float64       `json:"mean"`
	Low        float64       `json:"q05"`
	High       float64       `json:"q95"`
	Source     string        `json:"source"` // own, category, prior, test
	SourceName LocalizedText `json:"source_name"`
	Identified bool          `json:"identified"`
	Reason     LocalizedText `json:"reason"`
	Rival      *float64      `json:"rival"` // of units to the rivals' price; nil: unknown
}

// PriceDetail is everything about one item's price.
type PriceDetail struct {
	PriceView
	Horizon   int             `json:"horizon_days"`
	Curve     []CurvePoint    `json:"curve"`    // by price, ascending; empty where nothing is known
	Observed  []ObservedPrice `json:"observed"` // by price, ascending
	Waterfall []WaterfallPart `json:"waterfall"`
	Rungs     []RungView      `json:"estimators"`
	Gates     []GateView      `json:"identification"`
	Limits    []LimitView     `json:"limits"`
	History   []PriceSpell    `json:"history"` // oldest first
	Test      *PriceTestView  `json:"test"`    // nil: none is worth its cost
	Notes     []LocalizedText `json:"notes"`
}

// CurvePoint is what one price is expected to bring over the horizon.
type CurvePoint struct {
	Price    money.Amount `json:"price"`
	Legal    bool         `json:"legal"`  // within all limits
	Breaks   []string     `json:"breaks"` // codes of the limits that it does not keep
	Units    IntervalView `json:"units"`
	Profit   EstimateView `json:"profit"` // contribution, reporting currency
	Selected bool         `json:"best"`
}

// ObservedPrice is what was sold in the weeks in which a price was asked.
type ObservedPrice struct {
	Price money.Amount `json:"price"`
	Weeks int          `json:"weeks"`
	Units float64      `json:"units_a_week"`
	Promo bool         `json:"promoted"`
}

// WaterfallPart is one step from the price that a customer pays to what is left of it. The
// parts below the first sum to the last with their signs.
type WaterfallPart struct {
	Code    string        `json:"code"` // price, tax, charges, fees, returns, goods, contribution
	Name    LocalizedText `json:"name"`
	Now     money.Amount  `json:"now"`
	Then    *money.Amount `json:"then"` // at the best or the simulated price
	Assumed bool          `json:"assumed"`
}

// RungView is what one estimator says about the elasticity.
type RungView struct {
	Code   string        `json:"code"`
	Name   LocalizedText `json:"name"`
	Mean   *float64      `json:"mean"`
	SE     *float64      `json:"se"`
	Low    *float64      `json:"low"` // 95 %
	High   *float64      `json:"high"`
	Agrees bool          `json:"agrees"`
	Note   LocalizedText `json:"note"`
}

// GateView is one condition of identification.
type GateView struct {
	Code   string        `json:"code"`
	Name   LocalizedText `json:"name"`
	Value  string        `json:"value"`
	Limit  string        `json:"limit"`
	Passed bool          `json:"passed"`
}

// LimitView is a limit on the price of an item.
type LimitView struct {
	Code    string        `json:"code"`
	Name    LocalizedText `json:"name"`
	Low     *money.Amount `json:"low"`
	High    *money.Amount `json:"high"`
	Binding bool          `json:"binding"`
	Source  LocalizedText `json:"source"` // the setting, rule or fact that it comes from
}

// PriceSpell is a price and the days on which it was asked, both included.
type PriceSpell struct {
	Price  money.Amount `json:"price"`
	From   calendar.Day `json:"from"`
	To     calendar.Day `json:"to"`
	Source string       `json:"source"` // "asked" or "paid"; in a proof, the rule that looks at it
}

// PriceTestView is a switchback test of a price.
type PriceTestView struct {
	Control money.Amount  `json:"control"`
	Test    money.Amount  `json:"test"`
	Weeks   int           `json:"weeks"`
	Value   EstimateView  `json:"value"` // of knowing, less the cost of testing
	Cost    money.Amount  `json:"cost"`
	Says    LocalizedText `json:"says"`
}

// PriceSimulation answers "what if we asked this".
type PriceSimulation struct {
	Item      commerce.Item   `json:"item"`
	Product   string          `json:"product"`
	Horizon   int             `json:"horizon_days"`
	Now       CurvePoint      `json:"now"`
	Then      CurvePoint      `json:"then"`
	Gain      EstimateView    `json:"gain"`
	Better    float64         `json:"p_better"` // probability that the gain is positive
	Broken    []LimitView     `json:"broken"`   // limits that the price does not keep
	Waterfall []WaterfallPart `json:"waterfall"`
	Notes     []LocalizedText `json:"notes"`
}

// PriceFilter narrows the board; what is empty does not.
type PriceFilter struct {
	Market commerce.Market
	SKU    commerce.SKU
	State  PriceState
	Skip   int // rows before the first one shown
	Limit  int // rows; 0 is all
}
