package tradewind

import (
	"cmp"
	"math"
	"strconv"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// StockScenario is a question "what if" about a stock. Zero fields change nothing.
type StockScenario struct {
	Demand   float64        `json:"demand_times"` // 0 is 1
	LeadDays float64        `json:"lead_days_more"`
	Fill     float64        `json:"fill_target"` // share of demand to serve; 0 is as set, or what earns most
	Price    float64        `json:"price_times"` // 0 is 1
	Weeks    int            `json:"weeks"`       // of an episode; 0 is 52
	Episodes int            `json:"episodes"`    // 0 is 200
	Progress func(Progress) `json:"-"`           // may be nil
}

const (
	scenarioWeeks    = 52
	scenarioEpisodes = 200
)

// complete fills in what was left out, or says which number is out of its range.
func (c StockScenario) complete() (StockScenario, error) {
	c.Demand, c.Price = cmp.Or(c.Demand, 1), cmp.Or(c.Price, 1)
	c.Weeks, c.Episodes = cmp.Or(c.Weeks, scenarioWeeks), cmp.Or(c.Episodes, scenarioEpisodes)
	for _, r := range []struct {
		field          string
		x, least, most float64
	}{
		{"demand", c.Demand, .05, 20}, {"lead", c.LeadDays, -365, 365}, {"fill", c.Fill, 0, .999}, {"price", c.Price, .2, 5},
		{"weeks", float64(c.Weeks), 4, 260}, {"episodes", float64(c.Episodes), 10, 5000},
	} {
		if !(r.x >= r.least && r.x <= r.most) {
			return c, outOfScenario(r.field, r.x, r.least, r.most)
		}
	}
	return c, nil
}

func outOfScenario(field string, x, least, most float64) error {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	return fault.New(fault.Usage, "E-STOCK-SCENARIO", fault.A("field", messages.M("inventory.field."+field)), fault.A("value", number(x)),
		fault.A("low", number(least)), fault.A("high", number(most)))
}

// StockSimulation answers what a scenario does to a stock: what the ordering rule makes of
// it, and how ways of running the stock compare over many simulated weeks.
type StockSimulation struct {
	SKU        commerce.SKU      `json:"sku"`
	Location   commerce.Location `json:"location"`
	Product    string            `json:"product"`
	AsOf       calendar.Day      `json:"facts_as_of"`
	Scenario   StockScenario     `json:"scenario"`
	Now        *OrderAnswer      `json:"now"`        // nil where no order can be weighed
	Then       *OrderAnswer      `json:"then"`       // under the scenario; likewise
	Reason     *LocalizedText    `json:"reason"`     // why not; nil where it can
	Projection []StockPoint      `json:"projection"` // under the scenario
	Policies   []StockTrial      `json:"policies"`   // empty where the shop may not be simulated
	Fit        []FitView         `json:"fit"`        // of the simulated shop to the past
	Refused    *RefusalView      `json:"refused"`    // why it may not
	Assumed    []LocalizedText   `json:"assumed"`
	Notes      []LocalizedText   `json:"notes"`
}

// OrderAnswer is what the ordering rule asks for today.
type OrderAnswer struct {
	Units    float64      `json:"units"`
	UpTo     float64      `json:"order_up_to"`
	Ratio    float64      `json:"critical_ratio"`
	Fill     float64      `json:"fill_expected"`
	StockOut float64      `json:"stock_out_probability"`
	LeadDays float64      `json:"lead_days"`
	Daily    float64      `json:"units_a_day"`
	Gain     EstimateView `json:"gain"`
	Cash     money.Amount `json:"cash"`
}

// StockTrial is how a way of running a stock does; amounts are a year's, intervals of 95 %.
type StockTrial struct {
	Policy    string        `json:"policy"`
	Name      LocalizedText `json:"name"`
	FreePrice bool          `json:"sets_prices"` // else it asks the scenario's price
	Fill      float64       `json:"fill_rate"`
	Stock     float64       `json:"mean_stock"`
	Tied      money.Amount  `json:"tied"`
	Out       float64       `json:"weeks_sold_out"` // share of them
	Lost      float64       `json:"units_lost"`     // a year
	Orders    float64       `json:"orders"`         // a year
	Price     money.Amount  `json:"mean_price"`
	Mean      money.Amount  `json:"contribution"`
	Low       money.Amount  `json:"contribution_low"`
	High      money.Amount  `json:"contribution_high"`
	Over      AdvantageView `json:"over_today"`
	Best      bool          `json:"best"` // contributes most
}

// RefusalView says why something was not done, and what would change that.
type RefusalView struct {
	Code   string        `json:"code"`
	Reason LocalizedText `json:"reason"`
	Remedy LocalizedText `json:"remedy"`
}

func refusalOf(err error) *RefusalView {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	return &RefusalView{f.Code, localized(messages.Of(err)), localized(messages.Of(err).Remedy())}
}

// markBest marks the trial that contributes most.
func markBest(list []StockTrial, means []float64) {
	best := 0
	for i := range means {
		if means[i] > means[best] || math.IsNaN(means[best]) {
			best = i
		}
	}
	list[best].Best = true
}
