package tradewind

import (
	"context"
	"slices"
	"strings"
	"time"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/store"
)

// Approve moves a proposed decision to approved, if what was seen is still true: the
// fingerprint is the one that was seen, and no stock, cost, price, supply or setting
// behind it has changed since. Otherwise it is fault.Stale with the difference. A
// decision that a check blocks is fault.Blocked.
func (e *Engine) Approve(ctx context.Context, id decision.ID, fingerprint, by, note string) (*DecisionView, error) {
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	d, err := e.db.Decision(ctx, id)
	if err != nil {
		return nil, err
	}
	if d.Fingerprint != fingerprint {
		return nil, fault.New(fault.Stale, "E-STALE-FINGERPRINT", fault.A("id", string(id)))
	}
	if d.State == decision.Proposed && d.Blocked() {
		return nil, fault.New(fault.Blocked, "E-BLOCKED", fault.A("id", string(id)))
	}
	if d.State == decision.Proposed {
		if err := e.holds(ctx, d); err != nil {
			return nil, err
		}
	}
	return e.move(ctx, d, decision.Event{Verb: decision.Approve, By: by, Note: note})
}

// Reject moves a proposed decision to rejected.
func (e *Engine) Reject(ctx context.Context, id decision.ID, by, note string) (*DecisionView, error) {
	return e.moveByID(ctx, id, decision.Event{Verb: decision.Reject, By: by, Note: note})
}

// Snooze hides a proposed decision until a time; it expires all the same.
func (e *Engine) Snooze(ctx context.Context, id decision.ID, until time.Time, by, note string) (*DecisionView, error) {
	if !until.After(e.now()) {
		return nil, fault.New(fault.Usage, "E-SNOOZE-PAST", fault.A("until", until))
	}
	return e.moveByID(ctx, id, decision.Event{Verb: decision.Snooze, By: by, Note: note, Until: &until})
}

func (e *Engine) moveByID(ctx context.Context, id decision.ID, ev decision.Event) (*DecisionView, error) {
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	d, err := e.db.Decision(ctx, id)
	if err != nil {
		return nil, err
	}
	return e.move(ctx, d, ev)
}

func (e *Engine) move(ctx context.Context, d *decision.Decision, ev decision.Event) (*DecisionView, error) {
	ev.Decision, ev.From, ev.At = d.ID, d.State, e.now()
	to, err := e.record(ctx, ev)
	if err != nil {
		return nil, err
	}
	d.State = to
	if ev.Until != nil {
		d.SnoozedUntil = *ev.Until
	}
	v := viewOf(store.ListingOf(d), e.productNames(ctx))
	return &v, nil
}

// record moves a decision on and keeps the event.
func (e *Engine) record(ctx context.Context, ev decision.Event) (decision.State, error) {
	e.deciding.Lock()
	defer e.deciding.Unlock()
	return e.db.Move(ctx, ev)
}

// holds refuses a decision whose time is over by the workspace's clock, and one that rests
// on facts or settings that are others now.
func (e *Engine) holds(ctx context.Context, d *decision.Decision) error {
	if !d.Expires.After(e.now()) {
		return fault.New(fault.Stale, "E-EXPIRED", fault.A("id", string(d.ID)), fault.A("expires", d.Expires))
	}
	snapshot, err := e.snapshot(ctx)
	if err != nil {
		return err
	}
	orders, err := e.db.Orders(ctx)
	if err != nil {
		return err
	}
	overrides, err := e.overriddenNow(ctx)
	if err != nil {
		return err
	}
	l, err := e.law(snapshot)
	if err != nil {
		return err
	}
	changes, err := e.changes(ctx, snapshot, l, &d.Proposal, e.placed(orders), overrides)
	if err != nil {
		return err
	}
	if now := e.config.Plan.Hash(); now != d.Run.Config && !slices.ContainsFunc(changes, isSetting) {
		changes = append(changes, "settings: "+d.Run.Config+" → "+now)
	}
	if len(changes) > 0 {
		return fault.New(fault.Stale, "E-STALE-FACTS", fault.A("id", string(d.ID)), fault.A("changes", strings.Join(changes, "; ")))
	}
	return nil
}

func isSetting(change string) bool { return strings.HasPrefix(change, "settings.") }
