package tradewind

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

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
	Model     string          `json:"model"`
	Pooled    bool            `json:"pooled"`          // too little history of its own
	Class     string          `json:"class,omitempty"` // of series that the method was chosen for
	Evidence  []MethodScore   `json:"evidence"`        // how every method did in the backtest of that class
	Skill     *float64        `json:"value_added"`     // 1 - RMSSE / RMSSE of seasonal naive, backtest; nil: not measured
	History   []DemandPoint   `json:"history"`
	Forecast  []ForecastPoint `json:"forecast"`
	Total     Quantiles       `json:"total"` // over the first TotalDays
	TotalDays int             `json:"total_days"`
	Stock     []StockPoint    `json:"stock"` // projected, without and with the open order
	Decisions []DecisionView  `json:"decisions"`
	Notes     []LocalizedText `json:"notes"`
	Facts     []InputView     `json:"facts"` // stock, cost, lead time …
}

type DemandPoint struct {
	Day      calendar.Day `json:"day"`
	Units    int64        `json:"units"`
	Returned int64        `json:"returned"`
}

type ForecastPoint struct {
	Day  calendar.Day `json:"day"`
	Mean float64      `json:"mean"`
	P10  float64      `json:"p10"`
	P50  float64      `json:"p50"`
	P90  float64      `json:"p90"`
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

// MethodScore is how a method did in the backtest.
type MethodScore struct {
	Method string  `json:"method"`
	RMSSE  float64 `json:"rmsse"`
}

// forecastDays is how far a forecast is shown.
const forecastDays = 84

// totalDays is what the total of a forecast is over: four weeks.
const totalDays = 28

// Forecast shows the demand of a SKU, past and expected: in one market, or for market ""
// in all, with the projected stock at its location.
func (e *Engine) Forecast(ctx context.Context, sku commerce.SKU, market commerce.Market) (*ForecastView, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	lo, hi := s.ItemsOf(sku)
	if lo == hi {
		return nil, fault.New(fault.NotFound, "E-SKU-NOT-FOUND", fault.A("sku", string(sku)))
	}
	v := e.survey(s)
	y := demand.NewSeries(s.From, s.AsOf)
	f := &ForecastView{Item: commerce.Item{SKU: sku, Market: market}, Product: e.productNames(ctx)[sku],
		Notes: []LocalizedText{}, Facts: []InputView{}, Stock: []StockPoint{}, Decisions: []DecisionView{}}
	past := make([]DemandPoint, s.Days())
	for t := range past {
		past[t].Day = s.From.AddDays(t)
	}
	sold := false
	for i := lo; i < hi; i++ {
		if market != "" && s.Items[i].Market != market {
			continue
		}
		sold = true
		a, b := s.Rows(i)
		for r := a; r < b; r++ {
			y.Add(s.Sales.Day[r], float64(s.Sales.Gross[r]))
			p := &past[s.Sales.Day[r].Sub(s.From)]
			p.Units += s.Sales.Gross[r]
			p.Returned += s.Sales.Returned[r]
		}
	}
	if !sold {
		return nil, fault.New(fault.NotFound, "E-ITEM-NOT-FOUND", fault.A("sku", string(sku)), fault.A("market", string(market)))
	}
	f.History = past
	outlook := v.Demand.Outlook(y)
	f.fill(outlook, s.AsOf)
	if f.Decisions, err = e.openOn(ctx, sku); err != nil {
		return nil, err
	}
	if market == "" {
		orders, err := e.db.Orders(ctx)
		if err != nil {
			return nil, err
		}
		if err := f.project(ctx, e, v.With(e.placed(orders)), sku); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// fill copies the outlook into the view.
func (f *ForecastView) fill(o *demand.Outlook, asOf calendar.Day) {
	f.Model, f.Pooled, f.Class = o.Model, o.Pooled, o.Class
	if !math.IsNaN(o.Skill) {
		skill := o.Skill
		f.Skill = &skill
	}
	f.Evidence = []MethodScore{}
	for _, s := range o.Evidence {
		f.Evidence = append(f.Evidence, MethodScore(s))
	}
	if o.Pooled {
		f.Notes = append(f.Notes, localized(messages.M("plan.caveat.pooled", messages.A("n", o.SellingDays))))
	}
	ahead := o.Forecast(forecastDays)
	for t, d := range ahead.Period {
		q := quantilesOf(d)
		f.Forecast = append(f.Forecast, ForecastPoint{asOf.AddDays(t + 1), q.Mean, q.P10, q.P50, q.P90})
	}
	f.TotalDays = totalDays
	f.Total = quantilesOf(o.Forecast(totalDays).Total)
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
	for _, in := range plan.Facts(v.Snapshot, e.config.Plan, site, v.Placed) {
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

// SKURow is a line of the SKU list.
type SKURow struct {
	SKU      commerce.SKU `json:"sku"`
	Name     string       `json:"name"`
	Units28  int64        `json:"units_28d"`
	OnHand   *int64       `json:"on_hand"`       // nil: nobody counted
	Cover    *float64     `json:"days_of_cover"` // at the pace of the last 28 days; nil when unknown
	Decision decision.ID  `json:"decision,omitempty"`
}

// SKUs lists products whose code or name contains the search text, by units sold in the
// last 28 days; a limit of 0 is 50.
func (e *Engine) SKUs(ctx context.Context, search string, limit int) ([]SKURow, error) {
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	open := map[commerce.SKU]decision.ID{}
	proposed, err := e.Decisions(ctx, DecisionFilter{State: decision.Proposed, Limit: 1 << 20})
	if err != nil {
		return nil, err
	}
	for _, d := range proposed {
		open[d.Subject.SKU] = d.ID
	}
	names := e.productNames(ctx)
	search = strings.ToLower(strings.TrimSpace(search))
	rows := []SKURow{}
	for _, sku := range s.SKUs() {
		name := names[sku]
		if strings.Contains(strings.ToLower(string(sku)), search) || strings.Contains(strings.ToLower(name), search) {
			rows = append(rows, skuRow(s, sku, name, open[sku]))
		}
	}
	slices.SortStableFunc(rows, func(a, b SKURow) int { return cmp.Compare(b.Units28, a.Units28) })
	if limit <= 0 {
		limit = 50
	}
	return rows[:min(limit, len(rows))], nil
}

func skuRow(s *commerce.Snapshot, sku commerce.SKU, name string, open decision.ID) SKURow {
	row := SKURow{SKU: sku, Name: name, Decision: open}
	lo, hi := s.ItemsOf(sku)
	for i := lo; i < hi; i++ {
		a, b := s.Rows(i)
		for r := b - 1; r >= a && s.AsOf.Sub(s.Sales.Day[r]) < 28; r-- {
			row.Units28 += s.Sales.Gross[r]
		}
	}
	var onHand int64
	stocks := s.StocksOf(sku)
	for _, st := range stocks {
		onHand += st.OnHand
	}
	if len(stocks) > 0 {
		row.OnHand = &onHand
		if row.Units28 > 0 {
			cover := float64(onHand) / float64(row.Units28) * 28
			row.Cover = &cover
		}
	}
	return row
}
