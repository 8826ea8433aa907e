package tradewind

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/plan"
)

// stockRows keeps what was last found out about the stock of all sites, and of what facts.
type stockRows struct {
	mu   sync.Mutex
	last []plan.StockRow
	of   stockStamp
}

type stockStamp struct {
	market marketStamp
	said   string // orders on their way and overrides
}

// InventoryBoard lists the stock of every SKU at every location, what needs somebody first.
func (e *Engine) InventoryBoard(ctx context.Context, f StockFilter) (*StockBoard, error) {
	if f.State != "" && !slices.Contains(StockStates, f.State) {
		return nil, fault.New(fault.Usage, "E-STOCK-STATE", fault.A("value", string(f.State)))
	}
	s, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if len(s.Items) == 0 {
		return nil, fault.New(fault.Invalid, "E-NO-FACTS")
	}
	rows, err := e.stockRows(ctx, s)
	if err != nil {
		return nil, err
	}
	open, err := e.openStock(ctx)
	if err != nil {
		return nil, err
	}
	names, search := e.productNames(ctx), strings.ToLower(strings.TrimSpace(f.Search))
	b := &StockBoard{AsOf: s.AsOf, Rows: []StockView{}, Counts: map[StockState]int{}}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	var tied, idle float64
	for _, r := range rows {
		name := names[r.Site.SKU]
		if f.Location != "" && f.Location != r.Site.Location ||
			!strings.Contains(strings.ToLower(string(r.Site.SKU)), search) && !strings.Contains(strings.ToLower(name), search) {
			continue
		}
		b.Counts[r.State]++
		if f.State != "" && f.State != r.State {
			continue
		}
		b.Total, tied, idle = b.Total+1, tied+r.Tied, idle+r.Idle
		if len(b.Rows) < limit {
			b.Rows = append(b.Rows, e.stockView(r, name, open[r.Site]))
		}
	}
	b.Tied, b.Idle = e.reported(tied), e.reported(idle)
	return b, nil
}

// stockRows describes the stock of all sites, once for the same facts, law, orders on
// their way and overrides.
func (e *Engine) stockRows(ctx context.Context, s *commerce.Snapshot) ([]plan.StockRow, error) {
	v, err := e.outlook(ctx, s)
	if err != nil {
		return nil, err
	}
	e.stocks.mu.Lock()
	defer e.stocks.mu.Unlock()
	if now := stampOf(v); e.stocks.last != nil && e.stocks.of == now {
		return e.stocks.last, nil
	}
	menus, err := plan.Menus(ctx, v, nil)
	if err != nil {
		return nil, err
	}
	return e.stocks.keep(v, menus), nil
}

// outlook is the survey of the facts with all that people said and ordered since.
func (e *Engine) outlook(ctx context.Context, s *commerce.Snapshot) (*plan.Survey, error) {
	now, err := e.standing(ctx, s)
	if err != nil {
		return nil, err
	}
	l, err := e.law(s)
	if err != nil {
		return nil, err
	}
	return e.advised(ctx, e.survey(s).With(now.placed).Overridden(now.overrides).Under(l))
}

// keep keeps the rows of menus that were just made; the caller holds the lock.
func (k *stockRows) keep(v *plan.Survey, menus []plan.Menu) []plan.StockRow {
	k.last, k.of = plan.StockRows(v, plan.Decided(v, menus)), stampOf(v)
	slices.SortStableFunc(k.last, plan.CompareStock)
	return k.last
}

func stampOf(v *plan.Survey) stockStamp {
	return stockStamp{marketStamp{v.Snapshot, v.Law.Calculator, &v.Law.Packs[0], v.Law.AsOf}, v.Said()}
}

// openStock finds the open decisions about the stock of a site.
func (e *Engine) openStock(ctx context.Context) (map[plan.Site]decision.ID, error) {
	open := map[plan.Site]decision.ID{}
	for _, kind := range []decision.Kind{decision.KindAllocateStock, decision.KindMoveStock, decision.KindReorder} { // the last one counts most
		list, err := e.Decisions(ctx, DecisionFilter{State: decision.Proposed, Kind: kind, Limit: math.MaxInt32})
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			open[plan.Site{SKU: d.Subject.SKU, Location: d.Subject.Location}] = d.ID
		}
	}
	return open, nil
}

func (e *Engine) stockView(r plan.StockRow, name string, open decision.ID) StockView {
	w := StockView{
		SKU: r.Site.SKU, Location: r.Site.Location, Product: name, State: r.State, OnHand: r.OnHand, Inbound: r.Inbound,
		Daily: r.Daily, LeadDays: r.LeadDays, StockOut: r.StockOut, UpTo: r.UpTo, Order: r.Order, Excess: r.Excess,
		Gain: e.reported(r.Gain), Tied: e.reported(r.Tied), Idle: e.reported(r.Idle), Decision: open,
	}
	if r.Daily > 0 {
		w.Cover = &r.Cover
	}
	if !r.Refused.IsZero() {
		reason := localized(r.Refused)
		w.Reason = &reason
	}
	return w
}

// reported rounds a model's number to money of the reporting currency; what no money can
// hold becomes nothing.
func (e *Engine) reported(x float64) money.Amount {
	a, err := money.FromFloat(x, e.currency)
	if err != nil {
		return money.FromE4(0, e.currency)
	}
	return a.Round()
}
