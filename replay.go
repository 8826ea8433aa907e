package tradewind

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/plan"
)

// Replayed is a decision made again from the same facts, settings and seed.
type Replayed struct {
	ID         decision.ID `json:"id"`
	Same       bool        `json:"same"`
	Difference []string    `json:"difference"` // empty when the same to the byte
}

// Replay makes a decision again and compares it byte by byte. It needs the facts and the
// settings of then: where those have changed since it is fault.Stale, which says so.
func (e *Engine) Replay(ctx context.Context, id decision.ID) (*Replayed, error) {
	d, err := e.db.Decision(ctx, id)
	if err != nil {
		return nil, err
	}
	if d.Author != "" {
		return nil, fault.New(fault.Invalid, "E-REPLAY-PERSON", fault.A("id", string(id)), fault.A("by", d.Author))
	}
	snapshot, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if snapshot.Hash != d.Run.Snapshot {
		return nil, fault.New(fault.Stale, "E-REPLAY-FACTS", fault.A("then", d.Run.Snapshot[:12]), fault.A("now", snapshot.Hash[:12]))
	}
	if e.config.Plan.Hash() != d.Run.Config {
		return nil, fault.New(fault.Stale, "E-REPLAY-SETTINGS", fault.A("id", string(id)))
	}
	if l, err := e.law(snapshot); err != nil || l.Name() != d.Run.Rules {
		return nil, cmp.Or(err, error(fault.New(fault.Stale, "E-REPLAY-RULES", fault.A("then", d.Run.Rules), fault.A("now", l.Name()))))
	}
	if _, name, err := e.climbed(ctx); err != nil || name != d.Run.Learned {
		return nil, cmp.Or(err, error(fault.New(fault.Stale, "E-REPLAY-LEARNED", fault.A("id", string(id)))))
	}
	placed, err := e.placedThen(ctx, snapshot.AsOf, d.Run.Placed)
	if err != nil {
		return nil, err
	}
	overrides, err := e.overriddenThen(ctx, d.Run.Overrides)
	if err != nil {
		return nil, err
	}
	p, err := e.makePlan(ctx, snapshot, placed, overrides, PlanOptions{})
	if err != nil {
		return nil, err
	}
	r := &Replayed{ID: id, Difference: []string{}}
	for i := range p.Proposals {
		again := &p.Proposals[i]
		if again.ID != id {
			continue
		}
		again.Expires = d.Expires // counted from the clock of the plan, not part of the answer
		r.Difference, err = differences(&d.Proposal, again)
		r.Same = len(r.Difference) == 0
		return r, err
	}
	r.Difference = append(r.Difference, "the plan does not propose it")
	return r, nil
}

// placedThen are the orders and transfers that a plan took as on their way, whatever became of them
// since: exactly these. An order has the day on which it left, or that of the facts where it
// still waited then.
func (e *Engine) placedThen(ctx context.Context, asOf calendar.Day, ids []decision.ID) ([]plan.Placed, error) {
	var list []plan.Placed
	for _, id := range ids {
		d, err := e.db.Decision(ctx, id)
		if err != nil {
			return nil, err
		}
		switch a := d.Action.(type) {
		case decision.Reorder:
			o := plan.Placed{Decision: id, SKU: a.SKU, Location: a.Location, Units: a.Units, Day: asOf}
			for _, ev := range d.History {
				switch day := calendar.DayIn(ev.At, e.zone); {
				case asOf.Before(day): // after the facts of the plan
				case ev.Verb == decision.Approve:
					o.Approved = day
				case ev.Verb == decision.Execute:
					o.Day = day
				}
			}
			list = append(list, o)
		case decision.MoveStock:
			list = append(list, placedTransfer(id, a, asOf))
		}
	}
	return list, nil
}

// overriddenThen are the overrides that a plan was given, removed since or not.
func (e *Engine) overriddenThen(ctx context.Context, ids []string) ([]plan.Override, error) {
	var list []plan.Override
	if len(ids) == 0 {
		return nil, nil
	}
	kept, err := e.db.Overrides(ctx, "")
	for i := range kept {
		if slices.Contains(ids, kept[i].ID) {
			list = append(list, e.planned(&kept[i]))
		}
	}
	return list, err
}

// differences names the parts of a proposal that are not the same bytes.
func differences(was, is *decision.Proposal) ([]string, error) {
	a, errA := fields(was)
	b, errB := fields(is)
	if errA != nil || errB != nil {
		return nil, fmt.Errorf("replay: %w", errors.Join(errA, errB))
	}
	out := []string{}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !bytes.Equal(a[name], b[name]) {
			out = append(out, fmt.Sprintf("%s: %.200s → %.200s", name, a[name], b[name]))
		}
	}
	return out, nil
}

func fields(p *decision.Proposal) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	m := map[string]json.RawMessage{}
	return m, json.Unmarshal(data, &m)
}
