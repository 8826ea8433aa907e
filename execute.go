package tradewind

import (
	"context"
	"slices"

	"tradewind/connect"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/store"
)

// Executed is what acting on one decision did.
type Executed struct {
	Decision DecisionView `json:"decision"`
	File     string       `json:"file"` // relative to the workspace
	SHA256   string       `json:"sha256"`
	Already  bool         `json:"already"` // it had left before
}

// Execute acts on approved decisions: on the given ones, or for none given on all, and on
// those that a crash kept from leaving. A decision whose time is over, or under which facts
// or settings have changed since its approval, is fault.Stale, and then none is acted on.
// One that was executed before is answered from its receipt, and its file is not made again.
//
// An order leaves once: its file is made under a hidden name, the database records it, and
// a rename publishes it. Broken off before the record, the decision is approved still;
// after it, the hidden file says that it has not left (docs/outbox.md).
func (e *Engine) Execute(ctx context.Context, ids []decision.ID, by string) ([]Executed, error) {
	by, err := e.actor(ctx, MayExecute, by)
	if err != nil {
		return nil, err
	}
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	list, err := e.executable(ctx, ids)
	if err != nil {
		return nil, err
	}
	done := []Executed{}
	names := e.productNames(ctx)
	for i := range list {
		d := &list[i]
		r, fresh, err := e.execute(ctx, d, decision.Event{By: by}, e.record)
		if err != nil {
			return done, fault.Wrap(err, "execute %s", d.ID)
		}
		done = append(done, Executed{viewOf(store.ListingOf(d), names), r.File, r.SHA256, !fresh})
	}
	return done, nil
}

// recorder moves a decision on and keeps the event.
type recorder func(context.Context, decision.Event) (decision.State, error)

// execute lets a decision leave. ev says who acts, and under which mandate where a policy
// does; record keeps the step.
func (e *Engine) execute(ctx context.Context, d *decision.Decision, ev decision.Event, record recorder) (r connect.Receipt, fresh bool, err error) {
	if d.State == decision.Approved {
		if r, err = e.depart(ctx, d, ev, record); err != nil {
			return r, false, err
		}
	} else if r, err = receiptOf(d); err != nil {
		return r, false, err
	}
	if err := e.brokenOff("recorded"); err != nil {
		return r, false, err
	}
	fresh, err = connect.Publish(ctx, e.dir, r)
	return r, fresh, err
}

// depart stages the file of an approved decision and moves the decision on. Of many who
// try, one is recorded; the others take back what they staged and go on with its receipt.
func (e *Engine) depart(ctx context.Context, d *decision.Decision, ev decision.Event, record recorder) (connect.Receipt, error) {
	r, err := connect.Stage(ctx, e.dir, d)
	if err != nil {
		return r, err
	}
	if err := e.brokenOff("staged"); err != nil {
		return r, err
	}
	ev.Decision, ev.Verb, ev.At, ev.Receipt = d.ID, decision.Execute, e.now(), r.String()
	_, err = record(ctx, ev)
	if err == nil {
		d.State = decision.Executed
		return r, nil
	}
	// Whoever cancels the call may have done so after the database took the step, so ask it
	// without their context before anything is taken back.
	now, again := e.db.Decision(context.WithoutCancel(ctx), d.ID)
	if again != nil {
		return r, err // the staged file stays: nobody knows whether it was recorded
	}
	recorded, unread := receiptOf(now)
	if unread == nil && recorded == r {
		*d = *now
		return r, nil
	}
	if lost := connect.Discard(e.dir, r); lost != nil {
		return r, lost
	}
	if now.State != decision.Executed || unread != nil {
		return r, err
	}
	*d = *now
	return recorded, nil
}

// receiptOf reads the receipt in a decision's history.
func receiptOf(d *decision.Decision) (connect.Receipt, error) {
	for _, ev := range slices.Backward(d.History) {
		if ev.Verb == decision.Execute {
			return connect.ParseReceipt(ev.Receipt)
		}
	}
	_, err := decision.Next(d.State, decision.Execute)
	return connect.Receipt{}, err
}

// executable loads the decisions to act on. One that is not approved or executed, or no
// longer holds, is fault.Stale.
func (e *Engine) executable(ctx context.Context, ids []decision.ID) ([]decision.Decision, error) {
	waiting, err := e.waiting(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []decision.Decision
	seen := map[decision.ID]bool{}
	for _, id := range waiting {
		if seen[id] {
			continue
		}
		seen[id] = true
		d, err := e.db.Decision(ctx, id)
		if err != nil {
			return nil, err
		}
		switch d.State {
		case decision.Executed, decision.Measured:
		case decision.Approved:
			_, err = e.holds(ctx, d)
		default:
			_, err = decision.Next(d.State, decision.Execute)
			if len(ids) == 0 {
				continue // staged once, and decided otherwise since
			}
		}
		if err != nil {
			return nil, err
		}
		list = append(list, *d)
	}
	return list, nil
}

// waiting are the given decisions, or for none given all that are approved and all whose
// file was staged and did not leave.
func (e *Engine) waiting(ctx context.Context, ids []decision.ID) ([]decision.ID, error) {
	if len(ids) > 0 {
		return ids, nil
	}
	approved, err := e.db.Listings(ctx, store.Filter{State: decision.Approved})
	if err != nil {
		return nil, err
	}
	for i := range approved {
		ids = append(ids, approved[i].ID)
	}
	staged, err := connect.Staged(e.dir)
	return append(ids, staged...), err
}

// brokenOff is where a test makes the power fail.
func (e *Engine) brokenOff(point string) error {
	if e.breakOff == nil {
		return nil
	}
	return e.breakOff(point)
}
