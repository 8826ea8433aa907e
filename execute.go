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
		if err := e.recordExecution(ctx, d, by, r); err != nil {
			return done, err
		}
		done = append(done, Executed{viewOf(d, names), r.File, r.SHA256, r.Already})
	}
	return done, nil
}

// recordExecution moves a decision on, unless somebody has done so already.
func (e *Engine) recordExecution(ctx context.Context, d *decision.Decision, by string, r connect.Receipt) error {
	if d.State != decision.Approved {
		return nil
	}
	_, err := e.db.Move(ctx, decision.Event{
		Decision: d.ID, Verb: decision.Execute, By: by, At: e.now(), Receipt: r.File + " sha256:" + r.SHA256,
	})
	if err == nil {
		d.State = decision.Executed
		return nil
	}
	if now, again := e.db.Decision(ctx, d.ID); again == nil && now.State == decision.Executed {
		d.State = now.State // another process was faster, with the same file
		return nil
	}
	return err
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
	seen := map[decision.ID]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
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
