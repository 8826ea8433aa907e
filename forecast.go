package tradewind

import (
	"context"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/numeric/distribution"
	"tradewind/operations/demand"
	"tradewind/plan"
)

// ForecastView is the demand of a SKU in one market or in all, past and expected.
type ForecastView struct {
	Item      commerce.Item   `json:"item"` // market "" is all markets
	Product   string          `json:"product"`
	Markets   []MarketName    `json:"markets"` // in which it was sold
	Model     string          `json:"model"`
	Pooled    bool            `json:"pooled"`          // too little history of its own
	Class     string          `json:"class,omitempty"` // of series that the method was chosen for
	Evidence  []MethodScore   `json:"evidence"`        // how every method did in the backtest of that class
	Weights   []MethodWeight  `json:"weights"`         // of the methods that the model combines; empty where one stands alone
	Skill     *float64        `json:"value_added"`     // 1 - RMSSE / RMSSE of seasonal naive, backtest; nil: not measured
	Optimism  *float64        `json:"selection_optimism"`
	Alignment *AlignmentView  `json:"alignment"` // to the totals above the series; nil: none was measured
	Returns   ReturnRateView  `json:"returns"`
	Rests     []RestView      `json:"rests"` // coming days of rest, as far as the forecast
	History   []DemandPoint   `json:"history"`
	Past      []PastForecast  `json:"past_forecasts"` // kept ones, the newest first, beside what came
	Forecast  []ForecastPoint `json:"forecast"`
	Total     Quantiles       `json:"total"`     // over the first TotalDays
	Overrides []OverrideView  `json:"overrides"` // of the SKU in this market or in all, the newest first
	TotalDays int             `json:"total_days"`
	Stock     []StockPoint    `json:"stock"` // projected, without and with the open order
	Decisions []DecisionView  `json:"decisions"`
	Notes     []LocalizedText `json:"notes"`
	Facts     []InputView     `json:"facts"` // stock, cost, lead time …
}

// MarketName is a market and what it is called.
type MarketName struct {
	Market commerce.Market `json:"market"`
	Name   LocalizedText   `json:"name"`
}

type DemandPoint struct {
	Day      calendar.Day `json:"day"`
	Units    int64        `json:"units"`
	Returned int64        `json:"returned"`
}

// ForecastPoint is what is expected of a day. Model is the model's own mean, which is not
// Mean where somebody overrode it.
type ForecastPoint struct {
	Day   calendar.Day `json:"day"`
	Mean  float64      `json:"mean"`
	P10   float64      `json:"p10"`
	P50   float64      `json:"p50"`
	P90   float64      `json:"p90"`
	Model float64      `json:"model_mean"`
}

type Quantiles struct {
	Mean float64 `json:"mean"`
	P10  float64 `json:"p10"`
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
}

type StockPoint struct {
	Day        calendar.Day `json:"day"`
	Without    float64      `json:"without_p50"`
	WithoutP10 float64      `json:"without_p10"`
	With       float64      `json:"with_p50"`
	WithP10    float64      `json:"with_p10"`
}

// forecastDays is how far a forecast is shown.
const forecastDays = 84

// totalDays is what the total of a forecast is over: four weeks.
const totalDays = demand.PublishedDays

// Forecast shows the demand of a SKU, past and expected: in one market, or for market ""
// in all, with the projected stock at its location.
func (e *Engine) Forecast(ctx context.Context, sku commerce.SKU, market commerce.Market) (*ForecastView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	f := &ForecastView{Item: commerce.Item{SKU: sku, Market: market}, Product: e.productNames(ctx)[sku],
		Notes: []LocalizedText{}, Facts: []InputView{}, Stock: []StockPoint{}, Decisions: []DecisionView{}}
	if f.History, err = history(s, sku, market); err != nil {
		return nil, err
	}
	f.Markets = marketsOf(s, sku)
	kept, err := e.db.Overrides(ctx, sku)
	if err != nil {
		return nil, err
	}
	l, err := e.law(s)
	if err != nil {
		return nil, err
	}
	v := e.survey(s).Overridden(e.overrides(kept)).Under(l)
	f.fill(v, s.AsOf)
	f.Overrides = e.overrideViews(s, kept, market)
	if f.Past, err = e.pastForecasts(ctx, s, f.Item, f.History); err != nil {
		return nil, err
	}
	if f.Decisions, err = e.openOn(ctx, sku); err != nil {
		return nil, err
	}
	if market == "" {
		orders, err := e.db.Orders(ctx)
		if err != nil {
			return nil, err
		}
		placed, err := e.placed(ctx, s, orders)
		if err != nil {
			return nil, err
		}
		if err := f.project(ctx, e, v.With(placed), sku); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// inMarket selects a market, or with "" all of them.
func inMarket(market commerce.Market) func(commerce.Market) bool {
	return func(m commerce.Market) bool { return market == "" || m == market }
}

// shareIn is all of the demand of a market, or of every market ("").
func shareIn(market commerce.Market) func(commerce.Market) float64 {
	in := inMarket(market)
	return func(m commerce.Market) float64 {
		if in(m) {
			return 1
		}
		return 0
	}
}

// marketsOf lists the markets in which a SKU was sold.
func marketsOf(s *commerce.Snapshot, sku commerce.SKU) []MarketName {
	list := []MarketName{}
	lo, hi := s.ItemsOf(sku)
	for i := lo; i < hi; i++ {
		m := s.Items[i].Market
		if n := len(list); m != "" && (n == 0 || list[n-1].Market != m) {
			list = append(list, MarketName{m, countryName(m)})
		}
	}
	return list
}

// history is what was sold and came back a day. A SKU that nobody bought there is
// fault.NotFound.
func history(s *commerce.Snapshot, sku commerce.SKU, market commerce.Market) ([]DemandPoint, error) {
	lo, hi := s.ItemsOf(sku)
	if lo == hi {
		return nil, fault.New(fault.NotFound, "E-SKU-NOT-FOUND", fault.A("sku", string(sku)))
	}
	past := make([]DemandPoint, s.Days())
	for t := range past {
		past[t].Day = s.From.AddDays(t)
	}
	sold, in := false, inMarket(market)
	for i := lo; i < hi; i++ {
		if !in(s.Items[i].Market) {
			continue
		}
		sold = true
		a, b := s.Rows(i)
		for r := a; r < b; r++ {
			p := &past[s.Sales.Day[r].Sub(s.From)]
			p.Units += s.Sales.Gross[r]
			p.Returned += s.Sales.Returned[r]
		}
	}
	if !sold {
		return nil, fault.New(fault.NotFound, "E-ITEM-NOT-FOUND", fault.A("sku", string(sku)), fault.A("market", string(market)))
	}
	return past, nil
}

// fill forecasts and copies the outlook into the view.
func (f *ForecastView) fill(v *plan.Survey, asOf calendar.Day) {
	o := v.Demand.Outlook(plan.SeriesOf(v.Snapshot, f.Item.SKU, inMarket(f.Item.Market)))
	m := methodOf(o)
	f.Model, f.Pooled, f.Class, f.Skill, f.Optimism = m.Model, m.Pooled, m.Class, m.Skill, m.Optimism
	f.Evidence, f.Weights = m.Evidence, m.Weights
	f.Alignment, f.Returns, f.Rests = alignmentOf(o.Alignment), returnRateOf(o.Returns), restsOf(v.Demand.Rests(forecastDays))
	if o.Pooled {
		f.Notes = append(f.Notes, localized(messages.M("plan.caveat.pooled", messages.A("n", o.SellingDays))))
	}
	forecast := o.Forecast
	if r := v.Revise(o, f.Item.SKU, shareIn(f.Item.Market)); r != nil {
		forecast = r.Forecast
	}
	model := o.Forecast(forecastDays).Means()
	for t, d := range forecast(forecastDays).Period {
		q := quantilesOf(d)
		f.Forecast = append(f.Forecast, ForecastPoint{asOf.AddDays(t + 1), q.Mean, q.P10, q.P50, q.P90, model[t]})
	}
	f.TotalDays = totalDays
	f.Total = quantilesOf(forecast(totalDays).Total)
}

// project follows the stock of the first location that holds the SKU, without and with
// the open order there.
func (f *ForecastView) project(ctx context.Context, e *Engine, v *plan.Survey, sku commerce.SKU) error {
	stocks := v.Snapshot.StocksOf(sku)
	if len(stocks) == 0 {
		f.Notes = append(f.Notes, localized(messages.M("plan.refused.no-stock")))
		return nil
	}
	site := plan.Site{SKU: sku, Location: stocks[0].Location}
	for _, in := range plan.Facts(v.Snapshot, e.config.Plan, v.Law, site, v.Placed, v.Overrides) {
		f.Facts = append(f.Facts, e.inputView(in))
	}
	// The open order is the one that the projection is with and without.
	others := v.With(slices.DeleteFunc(slices.Clone(v.Placed), func(o plan.Placed) bool {
		return slices.ContainsFunc(f.Decisions, func(d DecisionView) bool { return d.ID == o.Decision })
	}))
	m := plan.Propose(others, []plan.Site{site})[0]
	if !m.Refused.IsZero() {
		f.Notes = append(f.Notes, localized(m.Refused))
		return nil
	}
	units, err := e.openUnits(ctx, f.Decisions, site.Location)
	if err != nil {
		return err
	}
	for t, p := range plan.Project(&m, units, forecastDays) {
		f.Stock = append(f.Stock, StockPoint{v.Snapshot.AsOf.AddDays(t + 1), p.Without, p.WithoutP10, p.With, p.WithP10})
	}
	return nil
}

// openUnits are the units of the open order into a location; 0 where none waits.
func (e *Engine) openUnits(ctx context.Context, open []DecisionView, into commerce.Location) (int64, error) {
	for _, view := range open {
		if view.Kind != decision.KindReorder || view.Subject.Location != into {
			continue
		}
		d, err := e.db.Decision(ctx, view.ID)
		if err != nil {
			return 0, err
		}
		return d.Action.(decision.Reorder).Units, nil
	}
	return 0, nil
}

func quantilesOf(d distribution.Distribution) Quantiles {
	return Quantiles{d.Mean(), d.Quantile(.1), d.Quantile(.5), d.Quantile(.9)}
}

// openOn lists the open decisions on a SKU.
func (e *Engine) openOn(ctx context.Context, sku commerce.SKU) ([]DecisionView, error) {
	open := []DecisionView{}
	for _, state := range []decision.State{decision.Proposed, decision.Approved} {
		list, err := e.Decisions(ctx, DecisionFilter{SKU: sku, State: state})
		if err != nil {
			return nil, err
		}
		open = append(open, list...)
	}
	return open, nil
}

// measured returns a number, or nil where it is NaN.
func measured(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
