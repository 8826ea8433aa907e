package tradewind

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/operations/automation"
	"tradewind/plan"
	"tradewind/store"
)

// step approves one decision as a policy and lets it leave. A step that is nil was not
// taken; one beside an error was approved and has not left.
func (e *Engine) step(ctx context.Context, run string, d *decision.Decision, ev decision.Event, c *automation.Candidate) (*AutomatedStep, error) {
	if _, err := e.holds(ctx, d); err != nil { // an order just placed may have changed what this one rests on
		return nil, err
	}
	choice, err := choiceOf(run, d, ev, c)
	if err != nil {
		return nil, err
	}
	e.stepping.Lock()
	defer e.stepping.Unlock()
	ev.At = e.now()
	choice.At = ev.At
	if _, err := e.byPolicy(ctx, ev, choice, d, c); err != nil {
		return nil, err
	}
	return e.leave(ctx, ev)
}

// leave executes what a policy approved. A step that another round took meanwhile is nil: it
// stands in the report of that round.
func (e *Engine) leave(ctx context.Context, approval decision.Event) (*AutomatedStep, error) {
	policy, _ := approval.Policy()
	step := &AutomatedStep{Policy: policy, Mandate: approval.Mandate, Propensity: approval.Propensity}
	d, err := e.db.Decision(ctx, approval.Decision)
	if err != nil {
		return nil, err
	}
	r, fresh, err := e.execute(ctx, d, decision.Event{By: approval.By, Mandate: approval.Mandate, Propensity: approval.Propensity},
		func(ctx context.Context, ev decision.Event) (decision.State, error) {
			return e.byPolicy(ctx, ev, nil, d, nil)
		})
	step.Decision = viewOf(store.ListingOf(d), e.productNames(ctx))
	if err != nil {
		step.Problem = new(localized(messages.Of(err)))
		return step, err
	}
	if !fresh {
		return nil, nil
	}
	step.Executed, step.File = true, r.File
	return step, nil
}

// finish executes what policies approved before and a crash kept from leaving.
func (e *Engine) finish(ctx context.Context, r *AutomationRun) error {
	left, err := e.automated(ctx, "")
	if err != nil {
		return err
	}
	for i := range left {
		d := &left[i]
		_, err := e.holds(ctx, d)
		var step *AutomatedStep
		if err == nil {
			approval, _ := d.Approval()
			e.stepping.Lock()
			step, err = e.leave(ctx, approval)
			e.stepping.Unlock()
		}
		if step != nil {
			r.Done = append(r.Done, *step)
		}
		if err == nil {
			continue
		}
		if again := r.stops(err); again != nil || r.Stopped != nil {
			return again
		}
		if step == nil {
			r.hold(d, messages.Of(err))
		}
	}
	return nil
}

// automated lists what policies approved under a mandate, or under any (""), and has not
// left.
func (e *Engine) automated(ctx context.Context, mandate decision.ID) ([]decision.Decision, error) {
	approved, err := e.db.Listings(ctx, store.Filter{State: decision.Approved, Sort: "expires"})
	if err != nil {
		return nil, err
	}
	var list []decision.Decision
	for i := range approved {
		d, err := e.db.Decision(ctx, approved[i].ID)
		if err != nil {
			return nil, err
		}
		ev, ok := d.Approval()
		if _, policy := ev.Policy(); ok && policy && (mandate == "" || ev.Mandate == mandate) {
			list = append(list, *d)
		}
	}
	return list, nil
}

// choiceOf is the record of an approval: what the policy saw, what it took, and how likely
// that was.
func choiceOf(run string, d *decision.Decision, ev decision.Event, c *automation.Candidate) (*store.Choice, error) {
	state, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	action, err := decision.EncodeAction(d.Action)
	if err != nil {
		return nil, err
	}
	policy, _ := ev.Policy()
	return &store.Choice{
		Decision: ev.Decision, Mandate: ev.Mandate, Policy: policy, Run: run, CashE4: max(0, c.Cash.E4()), PriceChange: automation.ChangesPrice(c.Kind),
		State: state, Action: action, Propensity: ev.Propensity, Seed: d.Run.Seed,
	}, nil
}

// byPolicy records a step of a policy, if the mandate and the limits let it at the moment of
// the record. c is the candidate of an approval; an execution has none.
func (e *Engine) byPolicy(ctx context.Context, ev decision.Event, choice *store.Choice, d *decision.Decision, c *automation.Candidate) (decision.State, error) {
	from, to := e.today()
	e.deciding.Lock()
	defer e.deciding.Unlock()
	return e.db.MoveByPolicy(ctx, ev, choice, from, to, func(a store.Admission) error { return e.admit(a, &d.Proposal, c) })
}

// admit judges a step by how things stand in its own transaction: by the clock of then.
// What an execution takes of the day was counted when it was approved.
func (e *Engine) admit(a store.Admission, p *decision.Proposal, c *automation.Candidate) error {
	m := e.mandateOf(a.Mandate, a.Level)
	if !e.inForce(a.Mandate) || !m.Level.Acts() {
		return fault.New(fault.Blocked, "E-MANDATE-ENDED", fault.A("id", string(m.ID)), fault.A("policy", m.Policy))
	}
	limits, err := e.limits(a.Limits)
	if err != nil {
		return err
	}
	against := rungAgainst(p, a.Rungs)
	if c == nil && against == nil {
		against = firstBroken(automation.Test(automation.Measure(p), limits, automation.Used{}))
	}
	if against != nil {
		return fault.New(fault.Blocked, "E-AUTOMATION-LIMIT", fault.A("id", string(p.ID)), fault.A("reason", against.Message()))
	}
	if c == nil {
		return nil
	}
	s := automation.Situation{At: e.now(), Currency: e.currency, Limits: limits, Mandates: []automation.Mandate{m}, Used: usedOf(a.Used), Candidates: []automation.Candidate{*c}}
	s.Day = calendar.DayIn(s.At, e.zone)
	for _, j := range s.Judge() {
		if j.Mandate != nil {
			return nil
		}
		if len(j.Against) > 0 {
			return fault.New(fault.Blocked, "E-AUTOMATION-LIMIT", fault.A("id", string(c.ID)), fault.A("reason", j.Against[0].Message()))
		}
	}
	return fault.New(fault.Stale, "E-EXPIRED", fault.A("id", string(c.ID)), fault.A("expires", c.Expires))
}

// rungAgainst is the rung of the learned policy that changed a proposal, where it does not
// act on it; nil where it does, or none changed the proposal.
func rungAgainst(p *decision.Proposal, rungs map[store.LearnedSite]string) *automation.Verdict {
	site, adjusted := plan.AdjustedAt(p)
	if !adjusted {
		return nil
	}
	rung := automation.Level(rungs[store.LearnedSite{SKU: site.SKU, Location: site.Location}])
	if rung.Acts() {
		return nil
	}
	return &automation.Verdict{Name: automation.MandateLevel, Limit: string(automation.Act), Value: string(cmp.Or(rung, automation.Advise))}
}

func firstBroken(list []automation.Verdict) *automation.Verdict {
	i := slices.IndexFunc(list, func(v automation.Verdict) bool { return !v.Holds })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// RunReplay is a round of the automation reckoned again from what it rested on.
type RunReplay struct {
	Run    string `json:"run"`
	Events int    `json:"events"`
	Same   bool   `json:"same"` // to the byte
}

// ReplayAutomation reckons again what a round of the automation approved: the same
// proposals, mandates, limits, use and time give the same events.
func (e *Engine) ReplayAutomation(ctx context.Context, run string) (*RunReplay, error) {
	kept, err := e.db.AutomationRun(ctx, run)
	if err != nil {
		return nil, err
	}
	var s automation.Situation
	if err := json.Unmarshal(kept.Situation, &s); err != nil {
		return nil, fault.Wrap(err, "read run %s of the automation", run)
	}
	events := s.Approve()
	again, err := json.Marshal(events)
	if err != nil {
		return nil, err
	}
	return &RunReplay{run, len(events), bytes.Equal(again, kept.Events)}, nil
}
