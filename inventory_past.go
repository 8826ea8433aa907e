package tradewind

import (
	"context"
	"math"
	"slices"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/operations/inventory"
	"tradewind/plan"
)

// pastDays keeps the earlier days that were asked for last: to survey one takes as long as
// to survey the facts of now.
type pastDays struct {
	mu   sync.Mutex
	at   int64 // import as of which they hold
	list []*pastDay
}

// pastDay is the facts of an earlier day, and their survey once somebody needs it.
type pastDay struct {
	facts  *commerce.Snapshot
	law    plan.Law
	once   sync.Once
	survey *plan.Survey
}

// pastDaysKept is how many of them there are at most.
const pastDaysKept = 2

// StockHistory says when the stock of a SKU at a location ran out or piled up, and what made
// it: it replays what happened since a day as long ago as an order of then was to last
// against what a plan of then would have ordered on the forecast of then. Location "" is the
// one that needs somebody most.
func (e *Engine) StockHistory(ctx context.Context, sku commerce.SKU, location commerce.Location) (*StockPast, error) {
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
	m := &menus[siteIn(plan.StockPlaces(v, menus), location)]
	x := &StockPast{SKU: sku, Location: m.Site.Location, Product: e.productNames(ctx)[sku], From: s.AsOf, To: s.AsOf,
		Episodes: []StockEpisode{}, Lost: e.reported(0), Held: e.reported(0), Caveats: []LocalizedText{}, Receipts: receiptsAt(s, m.Site)}
	if m.Solution == nil {
		return x.refuse(m.Refused), nil
	}
	weeks := int(math.Ceil((m.Problem.LeadDays + float64(m.Solution.Cycle)) / 7))
	day := s.AsOf.AddDays(-7 * weeks)
	if s.Days() < 7*weeks+leastHistory {
		return x.refuse(messages.M("inventory.past.short", messages.A("day", day), messages.A("from", s.From))), nil
	}
	counted, err := e.db.Counted(ctx, sku, m.Site.Location, day)
	if err != nil {
		return nil, err
	}
	if !counted {
		return x.refuse(messages.M("inventory.past.no-count", messages.A("day", day), messages.A("location", string(m.Site.Location)))), nil
	}
	then, err := e.pastOf(ctx, day)
	if err != nil {
		return nil, err
	}
	placed, err := e.underWayNow(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := e.approved(ctx, s, placed, func(o *plan.Placed) bool {
		return o.From == "" && m.Site == plan.Site{SKU: o.SKU, Location: o.Location}
	}); err != nil {
		return nil, err
	}
	x.fill(e, plan.Attribute(then.surveyed(e).With(before(placed, day)), s, m.Site, placed))
	return x, nil
}

// receiptsAt are the goods receipts of a site, the latest first.
func receiptsAt(s *commerce.Snapshot, site plan.Site) []ReceiptView {
	list := []ReceiptView{}
	for _, r := range slices.Backward(s.ReceiptsOf(site.SKU)) { // by location and day
		if r.Location == site.Location {
			list = append(list, ReceiptView{r.Ordered, r.Received, r.Received.Sub(r.Ordered), r.Units, r.Supplier, r.Reference})
		}
	}
	return list
}

func (x *StockPast) refuse(why messages.Message) *StockPast {
	said := localized(why)
	x.Refused = &said
	return x
}

// pastOf freezes the facts as they were known of a day.
func (e *Engine) pastOf(ctx context.Context, day calendar.Day) (*pastDay, error) {
	k := &e.pasts
	k.mu.Lock()
	defer k.mu.Unlock()
	newest, err := e.db.NewestImport(ctx)
	if err != nil {
		return nil, err
	}
	if k.at != newest {
		k.at, k.list = newest, nil
	}
	for _, p := range k.list {
		if p.facts.AsOf == day {
			return p, nil
		}
	}
	p := new(pastDay)
	if p.facts, err = e.db.Snapshot(ctx, &day, e.currency); err != nil {
		return nil, err
	}
	if p.law, err = e.law(p.facts); err != nil {
		return nil, err
	}
	k.list = append([]*pastDay{p}, k.list[:min(len(k.list), pastDaysKept-1)]...)
	return p, nil
}

// surveyed is the survey of that day, under its law.
func (p *pastDay) surveyed(e *Engine) *plan.Survey {
	p.once.Do(func() { p.survey = plan.NewSurvey(p.facts, e.config.Plan, e.now(), Version, nil).Under(p.law) })
	return p.survey
}

// before are the orders that had left by a day.
func before(placed []plan.Placed, day calendar.Day) []plan.Placed {
	var list []plan.Placed
	for _, o := range placed {
		if !day.Before(o.Day) {
			list = append(list, o)
		}
	}
	return list
}

func (x *StockPast) fill(e *Engine, a *plan.Attribution) {
	x.From, x.To, x.Unexplained = a.From, a.To, finite(a.Unexplained)
	x.Caveats = append(x.Caveats, localizedAll(a.Caveats)...)
	if !a.Refused.IsZero() {
		x.Unexplained = nil
		x.refuse(a.Refused)
		return
	}
	var lost, held float64
	for _, ep := range a.Episodes {
		w := StockEpisode{Over: ep.Over, From: a.Day(ep.From), To: a.Day(ep.To), Units: ep.Units,
			Money: e.reported(ep.Money), Planned: e.reported(ep.Planned), Causes: []StockCause{}}
		for _, c := range inventory.Causes {
			if ep.Of[c] != 0 {
				name := plan.CauseName(c)
				w.Causes = append(w.Causes, StockCause{name.Code[len("plan.cause."):], localized(name), e.reported(ep.Of[c])})
			}
		}
		if x.Episodes = append(x.Episodes, w); ep.Over {
			held += ep.Money
		} else {
			lost += ep.Money
		}
	}
	x.Lost, x.Held = e.reported(lost), e.reported(held)
}
