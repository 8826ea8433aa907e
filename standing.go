package tradewind

import (
	"context"
	"slices"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/plan"
	"tradewind/store"
)

// standing is what people have said so far, as far as it bears on a new plan.
type standing struct {
	placed   []plan.Placed
	withdraw []decision.ID                 // approved, but what they rest on has changed: a new plan judges anew
	holding  map[string]*decision.Decision // by open key: approved or rejected on facts that still hold
	snoozed  map[string]*decision.Decision // by open key, likewise

	overrides []plan.Override // what people expect in place of the model

	at      time.Time
	pricing map[commerce.Item]bool // a decision about their price is approved, or under way
}

// standing reads what people have said and holds it against the facts of now.
func (e *Engine) standing(ctx context.Context, s *commerce.Snapshot) (*standing, error) {
	orders, err := e.db.Orders(ctx)
	if err != nil {
		return nil, err
	}
	list, err := e.db.Holding(ctx, e.now())
	if err != nil {
		return nil, err
	}
	now := &standing{holding: map[string]*decision.Decision{}, snoozed: map[string]*decision.Decision{},
		at: e.now(), pricing: map[commerce.Item]bool{}}
	if now.overrides, err = e.overriddenNow(ctx); err != nil {
		return nil, err
	}
	l, err := e.law(s)
	if err != nil {
		return nil, err
	}
	all, err := e.placed(ctx, s, orders)
	if err != nil {
		return nil, err
	}
	all = append(all, e.transfers(list)...)
	for i := range list {
		d := &list[i]
		if d.Action.Kind() == decision.KindGrantMandate {
			continue // says who approves, nothing about what is proposed
		}
		key := decision.OpenKey(d.Action)
		changes, err := e.changes(ctx, s, l, &d.Proposal, all, now.overrides)
		if err != nil {
			return nil, err
		}
		holds := len(changes) == 0
		item, prices := pricedItem(d.Action)
		if prices && (d.State == decision.Approved && holds || d.State == decision.Executed && e.underWay(d, changes)) {
			now.pricing[item] = true
		}
		switch {
		case d.State == decision.Executed && prices && !now.pricing[item]: // over: what comes next is another decision
		case d.State == decision.Executed && ofStock(d.Action) && !(holds && d.Expires.After(now.at)): // likewise
		case d.State == decision.Executed:
			now.holding[key] = d
		case d.State == decision.Approved && !holds:
			now.withdraw = append(now.withdraw, d.ID)
		case d.State == decision.Proposed && holds:
			now.snoozed[key] = d
		case d.State == decision.Approved, d.State == decision.Rejected && holds && now.holding[key] == nil:
			now.holding[key] = d
		}
	}
	now.placed = slices.DeleteFunc(all, func(o plan.Placed) bool { return slices.Contains(now.withdraw, o.Decision) })
	return now, nil
}

// placed are orders as a plan sees them. One that waits to leave leaves today. The day of
// approval is read for those that no stock count knows: goods may have come of them that were
// ordered before they left here.
func (e *Engine) placed(ctx context.Context, s *commerce.Snapshot, orders []store.Order) ([]plan.Placed, error) {
	list := make([]plan.Placed, len(orders))
	for i, o := range orders {
		left := o.Left
		if left.IsZero() {
			left = e.now()
		}
		list[i] = plan.Placed{Decision: o.ID, SKU: o.Reorder.SKU, Location: o.Reorder.Location, Units: o.Reorder.Units,
			Day: calendar.DayIn(left, e.zone)}
	}
	return list, e.approved(ctx, s, list, func(o *plan.Placed) bool {
		return slices.ContainsFunc(s.StocksOf(o.SKU), func(st commerce.Stock) bool { return st.Location == o.Location && !o.Day.Before(st.Day) })
	})
}

// approved reads the days on which orders were approved, of those that are asked for and to
// whose site goods came that were ordered before they left.
func (e *Engine) approved(ctx context.Context, s *commerce.Snapshot, placed []plan.Placed, asked func(*plan.Placed) bool) error {
	for i := range placed {
		o := &placed[i]
		if !asked(o) || !slices.ContainsFunc(s.ReceiptsOf(o.SKU), func(r commerce.Receipt) bool { return r.Location == o.Location && r.Ordered.Before(o.Day) }) {
			continue
		}
		d, err := e.db.Decision(ctx, o.Decision)
		if err != nil {
			return err
		}
		if ev, ok := d.Approval(); ok {
			o.Approved = calendar.DayIn(ev.At, e.zone)
		}
	}
	return nil
}

// changes says what has changed under a proposal since it was made. An order does not make
// itself outdated: it is left out of what is on its way.
func (e *Engine) changes(ctx context.Context, s *commerce.Snapshot, l plan.Law, p *decision.Proposal, placed []plan.Placed, overrides []plan.Override) ([]string, error) {
	ruled := plan.LawChanges(p, l)
	if p.Author != "" {
		return ruled, nil // rests on a person's word
	}
	if item, ok := pricedItem(p.Action); ok {
		list, err := e.priceChanges(ctx, s, l, p, item)
		return append(list, ruled...), err
	}
	if ofStock(p.Action) {
		return append(plan.StockChanges(s, e.config.Plan, p), ruled...), nil
	}
	reorder, ok := p.Action.(decision.Reorder)
	if !ok {
		return ruled, nil
	}
	var others []plan.Placed
	for _, o := range placed {
		if o.Decision != p.ID && o.SKU == reorder.SKU && o.Location == reorder.Location {
			others = append(others, o)
		}
	}
	site := plan.Site{SKU: reorder.SKU, Location: reorder.Location}
	facts := plan.Facts(s, e.config.Plan, l, site, others, overrides)
	facts = append(facts, plan.MovedFact(s, p, site, placed)...)
	return append(plan.Changes(p, facts), ruled...), nil
}

// settle takes out of a plan's proposals what people have decided already, and says so.
func (now *standing) settle(proposals []decision.Proposal, states map[decision.ID]decision.State) (kept []decision.Proposal, left []LeftOutView, carried store.Carried) {
	carried = store.Carried{Withdrawn: now.withdraw, Snoozed: map[decision.ID]time.Time{}}
	for _, d := range now.holding {
		if d.State == decision.Approved {
			left = append(left, leftOut(&d.Proposal, "engine.left-out.approved"))
		}
	}
	slices.SortFunc(left, func(a, b LeftOutView) int { return b.Gain.Cmp(a.Gain) })
	for _, p := range proposals {
		key := decision.OpenKey(p.Action)
		held, isHeld := now.holding[key]
		state, known := states[p.ID]
		switch {
		case isHeld && held.State == decision.Approved:
			continue // listed above
		case isHeld && held.State == decision.Executed:
			left = append(left, leftOut(&p, "engine.left-out.done"))
			continue
		case isHeld, known && state == decision.Rejected:
			left = append(left, leftOut(&p, "engine.left-out.rejected"))
			continue
		case known && state != decision.Proposed && state != decision.Expired:
			left = append(left, leftOut(&p, "engine.left-out.done"))
			continue
		case !p.Expires.After(now.at):
			left = append(left, leftOut(&p, "prices.left-out.begun"))
			continue
		}
		if item, ok := pricedItem(p.Action); ok && now.pricing[item] {
			left = append(left, leftOut(&p, "prices.left-out.busy"))
			continue
		}
		if d := now.snoozed[key]; d != nil && d.ID != p.ID {
			carried.Snoozed[p.ID] = d.SnoozedUntil
		}
		kept = append(kept, p)
	}
	return kept, left, carried
}

func leftOut(p *decision.Proposal, reason string) LeftOutView {
	return LeftOutView{p.Action.Subject(), p.Gain.Mean, p.Cash, localized(messages.M(reason))}
}
