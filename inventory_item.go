package tradewind

import (
	"context"
	"math"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/plan"
)

// InventoryItem shows everything about the stock of a SKU at a location. Location "" is the
// one that needs somebody most.
func (e *Engine) InventoryItem(ctx context.Context, sku commerce.SKU, location commerce.Location) (*StockItem, error) {
	decisions, err := e.openOn(ctx, sku)
	if err != nil {
		return nil, err
	}
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	sites, err := stockedAt(s, sku, location)
	if err != nil {
		return nil, err
	}
	v, err := e.outlook(ctx, s)
	if err != nil {
		return nil, err
	}
	menus := plan.Decided(v, plan.Propose(v, sites))
	places := plan.StockPlaces(v, menus)
	here := siteIn(places, location)
	open, err := e.openStock(ctx)
	if err != nil {
		return nil, err
	}
	site := places[here].Site
	x := &StockItem{
		StockView: e.stockView(places[here].StockRow, e.productNames(ctx)[sku], open[site]), AsOf: s.AsOf,
		Places: []StockPlace{}, Coming: []ComingView{}, Options: []StockOption{}, Projection: []StockPoint{}, Limits: []ConstraintView{},
		Decisions: []DecisionView{}, Facts: []InputView{}, Notes: []LocalizedText{},
	}
	for i := range places {
		x.Places = append(x.Places, placeView(s, &places[i], i == here, open[places[i].Site]))
	}
	for _, c := range places[here].Coming {
		x.Coming = append(x.Coming, comingView(c, s.AsOf))
	}
	x.Decisions = append(x.Decisions, aboutStock(decisions)...)
	for _, in := range plan.Facts(s, e.config.Plan, v.Law, site, v.Placed, v.Overrides) {
		x.Facts = append(x.Facts, e.inputView(in))
	}
	if x.Limits, err = e.limitsNow(ctx); err != nil {
		return nil, err
	}
	if menus[here].Solution == nil {
		return x, nil
	}
	e.weighed(x, v, &menus[here])
	return x, e.projected(ctx, x, v, &menus[here])
}

// stockedAt are the sites at which a SKU was counted.
func stockedAt(s *commerce.Snapshot, sku commerce.SKU, location commerce.Location) ([]plan.Site, error) {
	var sites []plan.Site
	var words []string
	for _, st := range s.StocksOf(sku) {
		sites, words = append(sites, plan.Site{SKU: sku, Location: st.Location}), append(words, string(st.Location))
	}
	switch {
	case len(sites) == 0:
		return nil, fault.New(fault.NotFound, "E-STOCK-SKU", fault.A("sku", string(sku)))
	case location != "" && !slices.Contains(sites, plan.Site{SKU: sku, Location: location}):
		return nil, fault.New(fault.NotFound, "E-STOCK-LOCATION", fault.A("sku", string(sku)), fault.A("location", string(location)), fault.A("locations", strings.Join(words, ", ")))
	}
	return sites, nil
}

// siteIn is the place of a location among those of a SKU, or for "" of the one that needs
// somebody most.
func siteIn(places []plan.StockPlace, location commerce.Location) int {
	best := 0
	for i := range places {
		if places[i].Site.Location == location {
			return i
		}
		if plan.CompareStock(places[i].StockRow, places[best].StockRow) < 0 {
			best = i
		}
	}
	return best
}

func placeView(s *commerce.Snapshot, p *plan.StockPlace, here bool, open decision.ID) StockPlace {
	w := StockPlace{Location: p.Site.Location, Here: here, Serves: []MarketName{}, Share: p.Share, Supplier: p.Supplier, LeadDays: p.LeadDays,
		OnHand: p.OnHand, Inbound: p.Inbound, Daily: p.Daily, State: p.State, Order: p.Order, Decision: open}
	if p.Country != "" {
		w.Country = countryName(p.Country)
	}
	for _, m := range p.Serves {
		w.Serves = append(w.Serves, MarketName{m, countryName(m)})
	}
	if p.Daily > 0 {
		w.Cover = &p.Cover
	}
	return w
}

func comingView(c plan.ComingStock, asOf calendar.Day) ComingView {
	w := ComingView{Units: c.Units, Decision: c.Decision}
	if c.Day != (calendar.Day{}) {
		w.Day, w.Late = &c.Day, c.Day.Before(asOf)
	}
	return w
}

// aboutStock are the decisions that order, move or share out stock.
func aboutStock(list []DecisionView) []DecisionView {
	kinds := []decision.Kind{decision.KindReorder, decision.KindMoveStock, decision.KindAllocateStock}
	return slices.DeleteFunc(list, func(d DecisionView) bool { return !slices.Contains(kinds, d.Kind) })
}

// limitsNow are the limits of the newest plan and what a little more of each would earn.
func (e *Engine) limitsNow(ctx context.Context) ([]ConstraintView, error) {
	p, err := e.LatestPlan(ctx)
	switch {
	case fault.Is(err, fault.NotFound):
		return []ConstraintView{}, nil
	case err != nil:
		return nil, err
	}
	return p.Limits, nil
}

// weighed shows how the order of a menu is found and what else was looked at.
func (e *Engine) weighed(x *StockItem, v *plan.Survey, m *plan.Menu) {
	p, s := m.Problem, m.Solution
	name := "inventory.policy.ratio"
	if p.FillRate > 0 {
		name = "inventory.policy.fill"
	}
	x.Policy = &OrderPolicy{
		Name: localized(messages.M(name)), Position: p.Position(), UpTo: s.UpTo, Need: s.Need, Reorder: finite(m.Reorder()), Cap: finite(m.MostUnits()),
		MOQ: max(1, p.MOQ), Pack: max(1, p.Pack), LeadDays: p.LeadDays, LeadSD: p.LeadSD, CycleDays: s.Cycle, ReviewDays: p.Review,
		Ratio: s.Ratio, FillTarget: p.FillRate, Fill: s.Fill, LeadDemand: s.Lead, CycleDemand: s.Window,
		Margin: e.reported(p.Margin()), Holding: e.reported(p.UnitCost * p.HoldingRate / 365 * float64(s.Cycle)), Reasons: localizedAll(v.OrderReasons(m)),
	}
	for i := range s.Options {
		o := &s.Options[i]
		w := StockOption{Units: o.Units, Delay: o.Delay, Gain: EstimateView{e.reported(o.Mean), e.reported(o.P10), e.reported(o.P90)},
			Cash: e.reported(o.Cash), Saved: o.Saved, Chosen: i == s.Best, Drivers: []DriverView{}}
		for _, d := range v.OrderDrivers(m, i) {
			w.Drivers = append(w.Drivers, DriverView{localized(d.Name), d.Amount})
		}
		x.Options = append(x.Options, w)
	}
}

// projected follows the stock without and with the open order, or else the one that is
// worth placing.
func (e *Engine) projected(ctx context.Context, x *StockItem, v *plan.Survey, m *plan.Menu) error {
	open := slices.DeleteFunc(slices.Clone(x.Decisions), func(d DecisionView) bool {
		return d.Kind != decision.KindReorder || d.Subject.Location != x.Location
	})
	units, err := e.openUnits(ctx, open, x.Location)
	if err != nil {
		return err
	}
	if x.Units = units; units == 0 {
		x.Units = int64(m.Solution.Chosen().Units)
	}
	// An approved order is under way already: the projection is with and without it.
	others := slices.DeleteFunc(slices.Clone(v.Placed), func(o plan.Placed) bool {
		return slices.ContainsFunc(open, func(d DecisionView) bool { return d.ID == o.Decision })
	})
	if len(others) < len(v.Placed) {
		without := *v
		without.Placed = others
		if again := plan.Decided(&without, plan.Propose(&without, []plan.Site{m.Site}))[0]; again.Solution != nil {
			m = &again
		}
	}
	x.Projection = stockPoints(m, x.Units, x.AsOf)
	x.OutDay = emptyOn(x.Projection, func(p StockPoint) float64 { return p.Without })
	x.EarlyOut = emptyOn(x.Projection, func(p StockPoint) float64 { return p.WithoutP10 })
	return nil
}

// stockPoints projects as far as an order of today should last, twelve weeks at least and
// half a year at most.
func stockPoints(m *plan.Menu, units int64, asOf calendar.Day) []StockPoint {
	const longest = 182
	days := max(forecastDays, min(longest, int(math.Ceil(m.Problem.LeadDays+2*m.Problem.LeadSD))+m.Solution.Cycle))
	list := []StockPoint{}
	for t, p := range plan.Project(m, units, days) {
		list = append(list, StockPoint{asOf.AddDays(t + 1), p.Without, p.WithoutP10, p.With, p.WithP10})
	}
	return list
}

// emptyOn is the first day with less than half a unit on the shelf; nil where there is none.
func emptyOn(list []StockPoint, level func(StockPoint) float64) *calendar.Day {
	for i := range list {
		if level(list[i]) < .5 {
			return &list[i].Day
		}
	}
	return nil
}
