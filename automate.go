package tradewind

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/operations/automation"
	"tradewind/store"
)

// AutomationRun is one round of the automation: what policies approved and executed under
// the mandates in force, and what they left to people.
type AutomationRun struct {
	ID         string          `json:"id"` // "" where there was nothing to act under
	At         time.Time       `json:"at"`
	Day        calendar.Day    `json:"day"` // of the workspace
	Paused     bool            `json:"paused"`
	Considered int             `json:"considered"`
	Done       []AutomatedStep `json:"done"`
	Held       []HeldView      `json:"held"`
	Stopped    *LocalizedText  `json:"stopped"` // why it ended before its end
}

// AutomatedStep is a decision that a policy took.
type AutomatedStep struct {
	Decision   DecisionView   `json:"decision"`
	Policy     string         `json:"policy"`
	Mandate    decision.ID    `json:"mandate"`
	Propensity float64        `json:"propensity"`
	Executed   bool           `json:"executed"`
	File       string         `json:"file,omitempty"` // relative to the workspace
	Problem    *LocalizedText `json:"problem"`        // why it was approved and has not left
}

// HeldView is a decision that is left to people, and why.
type HeldView struct {
	Decision decision.ID      `json:"decision"`
	Kind     decision.Kind    `json:"kind"`
	Subject  decision.Subject `json:"subject"`
	Reasons  []LocalizedText  `json:"reasons"`
}

// Automate lets policies decide what mandates and guardrails allow of the proposals that
// stand open: each is approved and executed at once, one after the other, the most cautious
// first. Call it after a plan. Without a mandate in force, or paused, it does nothing.
//
// Each step holds in one transaction only if the automation is not paused, the mandate is
// in force, and the limits of now are kept with what the day has used so far; the facts
// behind the decision are held against those of now, as a person's approval is.
func (e *Engine) Automate(ctx context.Context, by string) (*AutomationRun, error) {
	if _, err := e.actor(ctx, MayAutomate, by); err != nil {
		return nil, err
	}
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	if err := e.watchLearned(ctx); err != nil {
		return nil, err
	}
	s, open, err := e.situation(ctx)
	if err != nil {
		return nil, err
	}
	r := &AutomationRun{At: s.At, Day: s.Day, Paused: s.Paused, Considered: len(s.Candidates), Done: []AutomatedStep{}, Held: []HeldView{}}
	switch {
	case s.Paused:
		r.Stopped = new(localized(messages.M("automation.stopped.paused")))
		return r, nil
	case len(s.Mandates) == 0:
		r.Stopped = new(localized(messages.M("automation.stopped.no-mandate")))
		return r, nil
	}
	events := s.Approve()
	if r.ID, err = e.beginRun(ctx, s, events); err != nil {
		return nil, err
	}
	for _, j := range s.Judge() {
		if j.Mandate == nil {
			r.hold(open[j.Candidate.ID], reasonsOf(j.Against)...)
		}
	}
	err = e.take(ctx, r, s, open, events)
	report, unsaid := json.Marshal(r)
	if unsaid == nil {
		unsaid = e.db.EndAutomationRun(context.WithoutCancel(ctx), r.ID, report)
	}
	return r, errors.Join(err, unsaid)
}

func (e *Engine) beginRun(ctx context.Context, s *automation.Situation, events []decision.Event) (string, error) {
	situation, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	follows, err := json.Marshal(events)
	if err != nil {
		return "", err
	}
	e.deciding.Lock()
	defer e.deciding.Unlock()
	return e.db.BeginAutomationRun(ctx, store.AutomationRun{At: s.At, Situation: situation, Events: follows})
}

func (r *AutomationRun) hold(d *decision.Decision, reasons ...messages.Message) {
	r.Held = append(r.Held, HeldView{d.ID, d.Action.Kind(), d.Action.Subject(), localizedAll(reasons)})
}

func reasonsOf(against []automation.Verdict) []messages.Message {
	list := make([]messages.Message, len(against))
	for i, v := range against {
		list[i] = v.Message()
	}
	return list
}

// situation is how things stand for the automation, with the decisions of its candidates.
// What is snoozed or no longer true is no candidate.
func (e *Engine) situation(ctx context.Context) (*automation.Situation, map[decision.ID]*decision.Decision, error) {
	s := &automation.Situation{At: e.now(), Currency: e.currency, Mandates: []automation.Mandate{}, Candidates: []automation.Candidate{}}
	s.Day = calendar.DayIn(s.At, e.zone)
	set, err := e.db.Guardrails(ctx)
	if err == nil {
		s.Limits, err = e.limits(set)
	}
	if err == nil {
		s.Paused, err = e.db.Paused(ctx)
	}
	if err == nil {
		s.Mandates, err = e.mandatesInForce(ctx)
	}
	if err != nil {
		return nil, nil, err
	}
	use, err := e.usedToday(ctx)
	if err != nil {
		return nil, nil, err
	}
	s.Used = usedOf(use)
	open := map[decision.ID]*decision.Decision{}
	list, err := e.db.Decisions(ctx, store.Filter{State: decision.Proposed})
	if err != nil || len(list) == 0 {
		return s, open, err
	}
	g, err := e.grounds(ctx)
	if err != nil {
		return nil, nil, err
	}
	learned, _, err := e.climbed(ctx)
	if err != nil {
		return nil, nil, err
	}
	for i := range list {
		d := &list[i]
		c, ok := automation.CandidateOf(&d.Proposal)
		if !ok || d.SnoozedUntil.After(s.At) || !actsAlone(learned, &d.Proposal) {
			continue
		}
		if err := e.holdsOn(ctx, g, d); fault.Is(err, fault.Stale) {
			continue
		} else if err != nil {
			return nil, nil, err
		}
		s.Candidates, open[d.ID] = append(s.Candidates, c), d
	}
	return s, open, nil
}

func (e *Engine) mandatesInForce(ctx context.Context) ([]automation.Mandate, error) {
	mandates := []automation.Mandate{}
	levels, err := e.db.PolicyLevels(ctx)
	if err != nil {
		return nil, err
	}
	list, err := e.db.Decisions(ctx, store.Filter{Kind: decision.KindGrantMandate, Sort: "expires"})
	for i := range list {
		if e.inForce(&list[i]) {
			g, _ := list[i].Action.(decision.GrantMandate)
			mandates = append(mandates, e.mandateOf(&list[i], levels[g.Policy]))
		}
	}
	return mandates, err
}

// today is the span of the workspace's day, in its zone.
func (e *Engine) today() (from, to time.Time) {
	day := calendar.DayIn(e.now(), e.zone)
	return day.StartIn(e.zone), day.AddDays(1).StartIn(e.zone)
}

func (e *Engine) usedToday(ctx context.Context) (store.DayUse, error) {
	from, to := e.today()
	return e.db.DayUse(ctx, from, to)
}

func usedOf(u store.DayUse) automation.Used {
	return automation.Used{Cash: u.CashE4, PriceChanges: u.PriceChanges, Mandates: u.MandateE4}
}

// take takes the steps of a run, after those that an earlier one left half done.
func (e *Engine) take(ctx context.Context, r *AutomationRun, s *automation.Situation, open map[decision.ID]*decision.Decision, events []decision.Event) error {
	if err := e.finish(ctx, r); err != nil || r.Stopped != nil {
		return err
	}
	candidates := map[decision.ID]*automation.Candidate{}
	for i := range s.Candidates {
		candidates[s.Candidates[i].ID] = &s.Candidates[i]
	}
	for _, ev := range events {
		d := open[ev.Decision]
		step, err := e.step(ctx, r.ID, d, ev, candidates[ev.Decision])
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

// stops ends a run that was paused, and returns what no run goes on after: a failure that
// is not about the one decision.
func (r *AutomationRun) stops(err error) error {
	f := fault.Of(err)
	switch {
	case f == nil, f.Kind == fault.Internal:
		return err
	case f.Code == errPaused:
		r.Paused, r.Stopped = true, new(localized(messages.M("automation.stopped.paused")))
	}
	return nil
}

// errPaused is the code under which the store refuses steps of policies.
const errPaused = "E-PAUSED"

// AutomationRuns returns the newest rounds of the automation, the newest first. One
// that was broken off has no decisions.
func (e *Engine) AutomationRuns(ctx context.Context, limit int) ([]AutomationRun, error) {
	kept, err := e.db.AutomationRuns(ctx, limit)
	if err != nil {
		return nil, err
	}
	runs := make([]AutomationRun, len(kept))
	for i, k := range kept {
		runs[i] = AutomationRun{At: k.At, Day: calendar.DayIn(k.At, e.zone), Done: []AutomatedStep{}, Held: []HeldView{}}
		if len(k.Report) > 0 {
			if err := json.Unmarshal(k.Report, &runs[i]); err != nil {
				return nil, fault.Wrap(err, "read run %s of the automation", k.ID)
			}
		}
		runs[i].ID = k.ID
	}
	return runs, nil
}
