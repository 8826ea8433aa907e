package tradewind

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/money"
	"tradewind/plan"
)

// StockState is what the board says about the stock of a SKU at a location.
type StockState = plan.StockState

const (
	StockShort     = plan.StockShort     // likely to be out before an order of today arrives
	StockOrder     = plan.StockOrder     // an order is worth placing
	StockOver      = plan.StockOver      // more than an order should ever bring, beyond what is needed
	StockIdle      = plan.StockIdle      // stock that nobody is expected to buy
	StockUndecided = plan.StockUndecided // a fact is missing
	StockFine      = plan.StockFine
)

// StockStates lists them all, those that need somebody first.
var StockStates = plan.StockStates

// StockBoard is the stock of every SKU at every location, what needs somebody first.
type StockBoard struct {
	AsOf   calendar.Day       `json:"facts_as_of"`
	Rows   []StockView        `json:"rows"`
	Total  int                `json:"total"`  // rows that match, shown or not
	Counts map[StockState]int `json:"counts"` // of those that match, whatever their state
	Tied   money.Amount       `json:"tied"`   // money in the stock of all that match
	Idle   money.Amount       `json:"idle"`   // money in the excess of all that match
}

// StockView is one SKU at one location.
type StockView struct {
	SKU      commerce.SKU      `json:"sku"`
	Location commerce.Location `json:"location"`
	Product  string            `json:"product"`
	State    StockState        `json:"state"`
	OnHand   int64             `json:"on_hand"`
	Inbound  float64           `json:"inbound"`
	Daily    float64           `json:"units_a_day"`
	Cover    *float64          `json:"days_of_cover"` // nil where nothing is expected to sell
	LeadDays float64           `json:"lead_days"`
	StockOut float64           `json:"stock_out_probability"` // before an order of today arrives
	UpTo     float64           `json:"order_up_to"`
	Order    float64           `json:"order_units"` // worth ordering today; 0 for none
	Gain     money.Amount      `json:"gain"`        // of that order
	Excess   float64           `json:"excess_units"`
	Tied     money.Amount      `json:"tied"`
	Idle     money.Amount      `json:"idle"`
	Reason   *LocalizedText    `json:"reason"`   // why nothing can be said; nil where something is
	Decision decision.ID       `json:"decision"` // an open one about this stock; "" without
}

// StockFilter selects rows of the board; zero fields select all.
type StockFilter struct {
	State    StockState
	Location commerce.Location
	Search   string // in code or name
	Limit    int    // 0 is 50
}
