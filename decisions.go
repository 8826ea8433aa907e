package tradewind

import (
	"context"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/store"
)

// DecisionView is a decision as lists show it.
type DecisionView struct {
	ID          decision.ID      `json:"id"`
	Kind        decision.Kind    `json:"kind"`
	Subject     decision.Subject `json:"subject"`
	Product     string           `json:"product,omitempty"`
	Gain        GainView         `json:"gain"`
	Cash        money.Amount     `json:"cash"`
	State       decision.State   `json:"state"`
	Expires     time.Time        `json:"expires"`
	Snoozed     *time.Time       `json:"snoozed_until,omitempty"`
	Summary     LocalizedText    `json:"summary"`
	Assumed     []string         `json:"assumed"`
	Blocked     bool             `json:"blocked"`
	Fingerprint string           `json:"fingerprint"`
	Author      string           `json:"author,omitempty"`    // the person who proposed it; "" is a plan
	Endorsed    []string         `json:"endorsed,omitempty"`  // who has agreed, where another has to
	Approvals   *ApprovalsView   `json:"approvals,omitempty"` // where one approval is not enough, on what Approve and Explain return
}

// GainView is a gain as lists show it.
type GainView struct {
	Mean  money.Amount `json:"mean"`
	P10   money.Amount `json:"p10"`
	P90   money.Amount `json:"p90"`
	Level float64      `json:"level"`
}

// DecisionFilter selects decisions; zero fields select all.
type DecisionFilter struct {
	State  decision.State
	Kind   decision.Kind
	SKU    commerce.SKU
	Market commerce.Market
	Limit  int // 0 is 50
	Offset int
	Sort   string // gain (default, largest first), expires (soonest first) or cash (largest first); a leading "-" turns it round
}

// Decisions lists decisions.
func (e *Engine) Decisions(ctx context.Context, f DecisionFilter) ([]DecisionView, error) {
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	query, err := f.query()
	if err != nil {
		return nil, err
	}
	list, err := e.db.Listings(ctx, query)
	if err != nil {
		return nil, err
	}
	endorsers, err := e.db.Endorsers(ctx)
	if err != nil {
		return nil, err
	}
	names := e.productNames(ctx)
	views := make([]DecisionView, len(list))
	for i := range list {
		views[i] = viewOf(list[i], names)
		views[i].Endorsed = endorsers[list[i].ID]
	}
	return views, nil
}

// Counts returns how many decisions stand in each state.
func (e *Engine) Counts(ctx context.Context) (map[decision.State]int, error) {
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	return e.db.CountByState(ctx)
}

func (f DecisionFilter) query() (store.Filter, error) {
	q := store.Filter{State: f.State, Kind: f.Kind, SKU: f.SKU, Market: f.Market, Limit: f.Limit, Offset: f.Offset}
	if q.Limit <= 0 {
		q.Limit = 50
	}
	sort, turned := f.Sort, false
	if len(sort) > 0 && sort[0] == '-' {
		sort, turned = sort[1:], true
	}
	switch sort {
	case "", "gain":
		q.Sort, q.Descending = "gain", !turned
	case "cash":
		q.Sort, q.Descending = "cash", !turned
	case "expires":
		q.Sort, q.Descending = "expires", turned
	default:
		return q, fault.New(fault.Usage, "E-SORT", fault.A("value", f.Sort))
	}
	return q, nil
}

func viewOf(l store.Listing, names map[commerce.SKU]string) DecisionView {
	v := DecisionView{
		ID: l.ID, Kind: l.Action.Kind(), Subject: l.Action.Subject(), Product: names[l.Action.Subject().SKU],
		Gain: gainOf(l.Gain), Cash: l.Cash, State: l.State, Expires: l.Expires,
		Summary: localized(l.Summary), Assumed: l.Assumed, Blocked: l.Blocked, Fingerprint: l.Fingerprint, Author: l.Author,
	}
	if !l.SnoozedUntil.IsZero() {
		v.Snoozed = &l.SnoozedUntil
	}
	return v
}

func gainOf(g decision.Estimate) GainView { return GainView{g.Mean, g.P10, g.P90, g.Level} }

// expire ends what is past its time by the workspace's clock, before anybody looks.
func (e *Engine) expire(ctx context.Context) error {
	e.deciding.Lock()
	defer e.deciding.Unlock()
	_, err := e.db.ExpireDue(ctx, e.now())
	return err
}
