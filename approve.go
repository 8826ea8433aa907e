package tradewind

import (
	"context"
	"slices"
	"strings"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/plan"
	"tradewind/store"
)

// Approve moves a proposed decision to approved, if what was seen is still true: the
// fingerprint is the one that was seen, and no stock, cost, price, supply or setting
// behind it has changed since. Otherwise it is fault.Stale with the difference. A
// decision that a check blocks is fault.Blocked.
//
// Where one person is not enough the first approval endorses: the decision stays proposed,
// and Approvals says who has agreed and that another person has to.
func (e *Engine) Approve(ctx context.Context, id decision.ID, fingerprint, by, note string) (*DecisionView, error) {
	by, err := e.actor(ctx, MayApprove, by)
	if err != nil {
		return nil, err
	}
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	for {
		v, err := e.approve(ctx, id, fingerprint, by, note)
		if f := fault.Of(err); f == nil || f.Code != errOvertaken {
			return v, err
		}
	}
}

// errOvertaken is the code of a lost race that is worth another look: of two people who
// approve at once, both as the first of two, the slower is the second.
const errOvertaken = "E-OVERTAKEN"

func (e *Engine) approve(ctx context.Context, id decision.ID, fingerprint, by, note string) (*DecisionView, error) {
	d, err := e.db.Decision(ctx, id)
	if err != nil {
		return nil, err
	}
	if d.Fingerprint != fingerprint {
		return nil, fault.New(fault.Stale, "E-STALE-FINGERPRINT", fault.A("id", string(id)))
	}
	if d.State != decision.Proposed { // refused here: by the time of a step it may be proposed again, and nothing below was asked
		_, err := decision.Next(d.State, decision.Approve)
		return nil, err
	}
	if d.Blocked() {
		return nil, fault.New(fault.Blocked, "E-BLOCKED", fault.A("id", string(id)))
	}
	now, err := e.holds(ctx, d)
	if err != nil {
		return nil, err
	}
	needs, err := e.approvalsOf(ctx, d, now)
	if err != nil {
		return nil, err
	}
	verb, err := needs.verb(id, by)
	if err != nil {
		return nil, err
	}
	ev := decision.Event{Verb: verb, By: by, Note: note, Fingerprint: fingerprint}
	if len(needs.reasons) > 0 {
		ev.Seq = len(d.History) + 1 // nobody else has said anything meanwhile
	}
	v, err := e.move(ctx, d, ev)
	if len(needs.reasons) > 0 && fault.Is(err, fault.Stale) && fault.Of(err).Code == "E-STORE-RACE" {
		return nil, fault.From(err, fault.Stale, errOvertaken)
	}
	if err == nil && len(needs.reasons) > 0 {
		needs.given = append(needs.given, by)
		v.Approvals = needs.view()
	}
	return v, err
}

// Reject moves a proposed decision to rejected.
func (e *Engine) Reject(ctx context.Context, id decision.ID, by, note string) (*DecisionView, error) {
	return e.moveByID(ctx, id, MayReject, decision.Event{Verb: decision.Reject, By: by, Note: note})
}

// Snooze hides a proposed decision until a time; it expires all the same.
func (e *Engine) Snooze(ctx context.Context, id decision.ID, until time.Time, by, note string) (*DecisionView, error) {
	if !until.After(e.now()) {
		return nil, fault.New(fault.Usage, "E-SNOOZE-PAST", fault.A("until", until))
	}
	return e.moveByID(ctx, id, MaySnooze, decision.Event{Verb: decision.Snooze, By: by, Note: note, Until: &until})
}

// Revoke takes an approval back: the decision is proposed again. What has left cannot be
// revoked, but a mandate that was recorded can: it ends, and what was approved under it and
// has not left is proposed again.
func (e *Engine) Revoke(ctx context.Context, id decision.ID, by, note string) (*DecisionView, error) {
	by, err := e.actor(ctx, MayRevoke, by)
	if err != nil {
		return nil, err
	}
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	d, err := e.db.Decision(ctx, id)
	if err != nil {
		return nil, err
	}
	mandate := d.Action.Kind() == decision.KindGrantMandate
	if d.State == decision.Executed && !mandate {
		return nil, fault.New(fault.Blocked, "E-REVOKE-EXECUTED", fault.A("id", string(id)))
	}
	v, err := e.move(ctx, d, decision.Event{Verb: decision.Revoke, By: by, Note: note})
	if err == nil && mandate {
		_, err = e.revokeAutomated(ctx, id, by, note)
	}
	return v, err
}

func (e *Engine) moveByID(ctx context.Context, id decision.ID, p Permission, ev decision.Event) (*DecisionView, error) {
	by, err := e.actor(ctx, p, ev.By)
	if err != nil {
		return nil, err
	}
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	ev.By = by
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

// grounds are the facts, orders, rules and words of people that decisions are held against.
type grounds struct {
	snapshot  *commerce.Snapshot
	law       plan.Law
	placed    []plan.Placed
	overrides []plan.Override
}

func (e *Engine) grounds(ctx context.Context) (g grounds, err error) {
	if g.snapshot, err = e.snapshot(ctx); err != nil {
		return g, err
	}
	if g.placed, err = e.underWayNow(ctx, g.snapshot); err != nil {
		return g, err
	}
	if g.overrides, err = e.overriddenNow(ctx); err != nil {
		return g, err
	}
	g.law, err = e.law(g.snapshot)
	return g, err
}

// holds refuses a decision whose time is over by the workspace's clock, and one that rests
// on facts or settings that are others now. What a person proposed rests on their word, and
// what takes another decision back on the law of today besides. It returns the proposal as
// it stands today: what limits are held against.
func (e *Engine) holds(ctx context.Context, d *decision.Decision) (*decision.Proposal, error) {
	if d.Author != "" {
		if err := e.inTime(d); err != nil {
			return nil, err
		}
		return e.reconsidered(ctx, d)
	}
	g, err := e.grounds(ctx)
	if err != nil {
		return nil, err
	}
	return &d.Proposal, e.holdsOn(ctx, g, d)
}

func (e *Engine) holdsOn(ctx context.Context, g grounds, d *decision.Decision) error {
	if err := e.inTime(d); err != nil {
		return err
	}
	changes, err := e.changes(ctx, g.snapshot, g.law, &d.Proposal, g.placed, g.overrides)
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

func (e *Engine) inTime(d *decision.Decision) error {
	if d.Expires.After(e.now()) {
		return nil
	}
	return fault.New(fault.Stale, "E-EXPIRED", fault.A("id", string(d.ID)), fault.A("expires", d.Expires))
}

func isSetting(change string) bool { return strings.HasPrefix(change, "settings.") }
