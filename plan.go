package tradewind

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/plan"
	"tradewind/store"
)

// PlanReport says what a plan decided and what it left out.
type PlanReport struct {
	FactsAsOf    calendar.Day     `json:"facts_as_of"`
	Snapshot     string           `json:"data_fingerprint"`
	Items        int              `json:"items"`
	Markets      int              `json:"markets"`
	Decisions    []DecisionView   `json:"decisions"`
	Gain         money.Amount     `json:"gain"`
	Cash         money.Amount     `json:"cash"`
	LeftOut      []LeftOutView    `json:"left_out"`
	LeftOutCount int              `json:"left_out_count"`
	Limits       []ConstraintView `json:"limits"`
	Warnings     []LocalizedText  `json:"warnings"`
	Seconds      float64          `json:"seconds"`
}

// LeftOutView is what a plan did not propose, and why.
type LeftOutView struct {
	Subject decision.Subject `json:"subject"`
	Gain    money.Amount     `json:"gain"`
	Cash    money.Amount     `json:"cash"`
	Reason  LocalizedText    `json:"reason"`
}

// PlanOptions steer a plan.
type PlanOptions struct {
	Workers  int            // goroutines; 0 is one a core. The result does not depend on it.
	Progress func(Progress) // may be nil
}

// leftOutShown is how many left-out sites a report lists; it counts all of them.
const leftOutShown = 200

// Plan freezes the facts, decides, and records the proposals. Open proposals of earlier
// plans that are not in the new one expire.
func (e *Engine) Plan(ctx context.Context, o PlanOptions) (*PlanReport, error) {
	start := time.Now()
	tell(o.Progress, "engine.stage.freeze", 0, 0)
	snapshot, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if len(snapshot.Items) == 0 {
		return nil, fault.New(fault.Invalid, "E-NO-FACTS")
	}
	p, err := e.makePlan(ctx, snapshot, o)
	if err != nil {
		return nil, err
	}
	r := e.planReport(snapshot, p)
	r.Seconds = time.Since(start).Seconds()
	data, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	record := store.PlanRecord{ID: planID(snapshot.Hash, p), At: e.now(), JSON: data}
	if err := e.db.Propose(ctx, record, p.Proposals, e.now()); err != nil {
		return nil, err
	}
	return r, e.stand(ctx, r)
}

// LatestPlan returns the report of the newest plan; fault.NotFound before the first.
func (e *Engine) LatestPlan(ctx context.Context) (*PlanReport, error) {
	record, err := e.db.LatestPlan(ctx)
	if err != nil {
		return nil, err
	}
	if record == nil {
		return nil, fault.New(fault.NotFound, "E-NO-PLAN")
	}
	r := new(PlanReport)
	if err := json.Unmarshal(record.JSON, r); err != nil {
		return nil, fault.Wrap(err, "read plan %s", record.ID)
	}
	return r, e.stand(ctx, r)
}

// stand shows each decision of a report as it stands now: somebody may have rejected it
// under an earlier plan of the same facts. A subject that an approved decision waits on
// got no second one; it is left out.
func (e *Engine) stand(ctx context.Context, r *PlanReport) error {
	states, err := e.db.States(ctx)
	if err != nil {
		return err
	}
	kept := []DecisionView{}
	r.Gain, r.Cash = money.FromE4(0, r.Gain.Currency()), money.FromE4(0, r.Cash.Currency())
	for _, d := range r.Decisions {
		state, recorded := states[d.ID]
		if !recorded {
			reason := localized(messages.M("engine.left-out.approved"))
			r.LeftOut = append([]LeftOutView{{d.Subject, d.Gain.Mean, d.Cash, reason}}, r.LeftOut...)
			r.LeftOutCount++
			continue
		}
		d.State = state
		kept = append(kept, d)
		gain, errGain := r.Gain.Add(d.Gain.Mean)
		cash, errCash := r.Cash.Add(d.Cash)
		if err := errors.Join(errGain, errCash); err != nil {
			return err
		}
		r.Gain, r.Cash = gain, cash
	}
	r.Decisions = kept
	return nil
}

// makePlan plans on frozen facts: the same facts, settings and seed make the same plan.
func (e *Engine) makePlan(ctx context.Context, s *commerce.Snapshot, o PlanOptions) (*plan.Plan, error) {
	tell(o.Progress, "engine.stage.survey", 0, 0)
	v := *e.survey(s)
	v.Config.Workers, v.Now = o.Workers, e.now() // the survey may be days old
	menus, err := plan.Menus(ctx, &v, func(done int) {
		tell(o.Progress, "engine.stage.propose", int64(done), int64(len(v.Sites)))
	})
	if err != nil {
		return nil, err
	}
	tell(o.Progress, "engine.stage.choose", 0, 0)
	return plan.Choose(&v, menus), nil
}

func (e *Engine) planReport(s *commerce.Snapshot, p *plan.Plan) *PlanReport {
	r := &PlanReport{
		FactsAsOf: s.AsOf, Snapshot: s.Hash, Items: len(s.Items), Markets: marketsIn(s),
		Gain: p.Gain, Cash: p.Cash, Warnings: localizedAll(p.Warnings), LeftOutCount: len(p.LeftOut),
		Decisions: []DecisionView{}, LeftOut: []LeftOutView{}, Limits: []ConstraintView{},
	}
	names := namesOf(s)
	for i := range p.Proposals {
		d := decision.Decision{Proposal: p.Proposals[i], State: decision.Proposed}
		r.Decisions = append(r.Decisions, viewOf(&d, names))
	}
	for _, l := range p.LeftOut[:min(len(p.LeftOut), leftOutShown)] {
		r.LeftOut = append(r.LeftOut, LeftOutView{l.Site.Subject(), l.Gain, l.Cash, localized(l.Reason)})
	}
	for _, c := range p.Limits {
		r.Limits = append(r.Limits, ConstraintView{localized(c.Name), c.Shadow})
	}
	return r
}

// planID names a plan by its facts and what it proposed.
func planID(snapshot string, p *plan.Plan) string {
	if len(p.Proposals) > 0 {
		return "P-" + snapshot[:8] + "-" + p.Proposals[0].Run.Config[:8]
	}
	return "P-" + snapshot[:8]
}

func marketsIn(s *commerce.Snapshot) int {
	seen := map[string]bool{}
	for _, it := range s.Items {
		seen[string(it.Market)] = true
	}
	return len(seen)
}

func tell(progress func(Progress), stage string, done, total int64) {
	if progress != nil {
		progress(Progress{Stage: messages.M(stage), Done: done, Total: total})
	}
}
