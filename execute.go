package tradewind

import (
	"context"

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
	Already  bool         `json:"already"` // the same bytes were there before
}

// Execute acts on approved decisions: on the given ones, or on all for none given. The
// file is written first and the state recorded after, so a crash between the two leads
// to the same bytes once more, never to two orders. A decision executed before is
// answered with its file again.
func (e *Engine) Execute(ctx context.Context, ids []decision.ID, by string) ([]Executed, error) {
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
		r, err := connect.Write(ctx, e.dir, d)
		if err != nil {
			return done, fault.Wrap(err, "execute %s", d.ID)
		}
		if d.State == decision.Approved {
			d.State, err = e.db.Move(ctx, decision.Event{
				Decision: d.ID, Verb: decision.Execute, From: d.State, By: by, At: e.now(), Receipt: r.File + " sha256:" + r.SHA256,
			})
			if err != nil {
				return done, err
			}
		}
		done = append(done, Executed{viewOf(d, names), r.File, r.SHA256, r.Already})
	}
	return done, nil
}

// executable loads the decisions to act on; one in any other state is fault.Stale.
func (e *Engine) executable(ctx context.Context, ids []decision.ID) ([]decision.Decision, error) {
	if len(ids) == 0 {
		approved, err := e.db.Decisions(ctx, store.Filter{State: decision.Approved})
		if err != nil {
			return nil, err
		}
		for i := range approved {
			ids = append(ids, approved[i].ID)
		}
	}
	var list []decision.Decision
	for _, id := range ids {
		d, err := e.db.Decision(ctx, id)
		if err != nil {
			return nil, err
		}
		if d.State != decision.Executed && d.State != decision.Measured {
			if _, err := decision.Next(d.State, decision.Execute); err != nil {
				return nil, err
			}
		}
		list = append(list, *d)
	}
	return list, nil
}
