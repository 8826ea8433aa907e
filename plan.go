package tradewind

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
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
	Forecasts    string           `json:"forecast_run"` // kept with the plan, to be held against what comes
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
// plans that are not in the new one expire. What people decided before stands: units that
// were ordered are on their way, and what was rejected stays rejected until its time is
// over or its facts change. An approved decision whose facts have changed is withdrawn.
// What the plan expects of every series is kept as a forecast run.
func (e *Engine) Plan(ctx context.Context, o PlanOptions) (*PlanReport, error) {
	start := time.Now()
	if _, err := e.actor(ctx, MayPlan, ""); err != nil {
		return nil, err
	}
	tell(o.Progress, "engine.stage.freeze", 0, 0)
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	snapshot, err := e.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if len(snapshot.Items) == 0 {
		return nil, fault.New(fault.Invalid, "E-NO-FACTS")
	}
	if err := e.watchLearned(ctx); err != nil {
		return nil, err
	}
	before, err := e.standing(ctx, snapshot)
	if err != nil {
		return nil, err
	}
	p, err := e.makePlan(ctx, snapshot, before.placed, before.overrides, o)
	if err != nil {
		return nil, err
	}
	states, err := e.db.States(ctx)
	if err != nil {
		return nil, err
	}
	run, _, err := e.publish(ctx, snapshot, before.overrides, "plan", ForecastOptions{Progress: o.Progress}, func() *plan.Survey { return e.survey(snapshot) })
	if err != nil {
		return nil, err
	}
	kept, left, carried := before.settle(p.Proposals, states)
	p.Proposals = kept
	r := e.planReport(snapshot, p, e.productNames(ctx))
	r.Forecasts = run.ID
	r.LeftOut, r.LeftOutCount = append(left, r.LeftOut...), r.LeftOutCount+len(left)
	r.Seconds = time.Since(start).Seconds()
	data, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	record := store.PlanRecord{ID: e.planID(snapshot), At: e.now(), JSON: data}
	if err := e.propose(ctx, record, p.Proposals, carried); err != nil {
		return nil, err
	}
	return r, e.stand(ctx, r, record.ID)
}

func (e *Engine) propose(ctx context.Context, record store.PlanRecord, proposals []decision.Proposal, carried store.Carried) error {
	e.deciding.Lock()
	defer e.deciding.Unlock()
	return e.db.Propose(ctx, record, proposals, carried, e.now())
}

// LatestPlan returns the report of the newest plan; fault.NotFound before the first.
func (e *Engine) LatestPlan(ctx context.Context) (*PlanReport, error) {
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
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
	return r, e.stand(ctx, r, record.ID)
}

// stand shows each decision of a report as it is stored now, whatever became of it since.
// A subject that somebody approved a decision on while the plan was made got no second
// one; it is left out. Gain and cash are those of what is still open.
func (e *Engine) stand(ctx context.Context, r *PlanReport, id string) error {
	listed, err := e.db.Listings(ctx, store.Filter{Plan: id})
	if err != nil {
		return err
	}
	stored := map[decision.ID]*store.Listing{}
	for i := range listed {
		stored[listed[i].ID] = &listed[i]
	}
	kept := []DecisionView{}
	r.Gain, r.Cash = money.FromE4(0, r.Gain.Currency()), money.FromE4(0, r.Cash.Currency())
	for _, d := range r.Decisions {
		l, recorded := stored[d.ID]
		if !recorded {
			reason := localized(messages.M("engine.left-out.approved"))
			r.LeftOut = append([]LeftOutView{{d.Subject, d.Gain.Mean, d.Cash, reason}}, r.LeftOut...)
			r.LeftOutCount++
			continue
		}
		kept = append(kept, viewOf(*l, map[commerce.SKU]string{d.Subject.SKU: d.Product}))
		if !l.State.Open() {
			continue
		}
		gain, errGain := r.Gain.Add(l.Gain.Mean)
		cash, errCash := r.Cash.Add(l.Cash)
		if err := errors.Join(errGain, errCash); err != nil {
			return err
		}
		r.Gain, r.Cash = gain, cash
	}
	r.Decisions = kept
	return nil
}

// makePlan plans on frozen facts: the same facts, orders on their way, overrides, settings
// and seed make the same plan.
func (e *Engine) makePlan(ctx context.Context, s *commerce.Snapshot, placed []plan.Placed, overrides []plan.Override, o PlanOptions) (*plan.Plan, error) {
	tell(o.Progress, "engine.stage.survey", 0, 0)
	l, err := e.law(s)
	if err != nil {
		return nil, err
	}
	v, err := e.advised(ctx, e.survey(s).With(placed).Overridden(overrides).Under(l))
	if err != nil {
		return nil, err
	}
	v.Config.Workers, v.Now = o.Workers, e.now() // the survey may be days old
	prices := e.priceMoves(ctx, s, l)            // has stretches on one core, which the orders fill
	study, err := e.marketStudy(s, l)
	if err != nil {
		return nil, err
	}
	moves, warnings, err := plan.MovesOf(v, study)
	if err != nil {
		return nil, err
	}
	menus, err := plan.Menus(ctx, v, func(done int) {
		tell(o.Progress, "engine.stage.propose", int64(done), int64(len(v.Sites)))
	})
	if err != nil {
		return nil, err
	}
	if moves.Prices, moves.Promos, err = prices(); err != nil {
		return nil, err
	}
	var after []plan.Menu // with the stock as transfers leave it
	moves.Stock, after = plan.StudyStock(v, menus)
	v.Moves, v.Warnings = moves, append(slices.Clone(v.Warnings), warnings...)
	e.stocks.mu.Lock()
	e.stocks.keep(v, menus)
	e.stocks.mu.Unlock()
	tell(o.Progress, "engine.stage.choose", 0, 0)
	return plan.Choose(v, after), nil
}

// priceMoves begins to study prices and promotions, and returns a function that waits for
// what they have to offer.
func (e *Engine) priceMoves(ctx context.Context, s *commerce.Snapshot, l plan.Law) func() (*plan.PriceStudy, *plan.PromoStudy, error) {
	var prices *plan.PriceStudy
	var promos *plan.PromoStudy
	failed := make(chan error, 1)
	go func() {
		var err error
		if prices, err = e.priceStudy(ctx, s, l); err == nil {
			promos, err = e.promoStudy(prices, plan.PromoRequest{})
		}
		failed <- err
	}()
	return func() (*plan.PriceStudy, *plan.PromoStudy, error) {
		err := <-failed
		return prices, promos, err
	}
}

func (e *Engine) planReport(s *commerce.Snapshot, p *plan.Plan, names map[commerce.SKU]string) *PlanReport {
	r := &PlanReport{
		FactsAsOf: s.AsOf, Snapshot: s.Hash, Items: len(s.Items), Markets: marketsIn(s),
		Gain: p.Gain, Cash: p.Cash, Warnings: localizedAll(p.Warnings), LeftOutCount: len(p.LeftOut),
		Decisions: []DecisionView{}, LeftOut: []LeftOutView{}, Limits: []ConstraintView{},
	}
	for i := range p.Proposals {
		d := decision.Decision{Proposal: p.Proposals[i], State: decision.Proposed}
		r.Decisions = append(r.Decisions, viewOf(store.ListingOf(&d), names))
	}
	for _, l := range p.LeftOut[:min(len(p.LeftOut), leftOutShown)] {
		r.LeftOut = append(r.LeftOut, LeftOutView{l.Site.Subject(), l.Gain, l.Cash, localized(l.Reason)})
	}
	for _, c := range p.Limits {
		r.Limits = append(r.Limits, ConstraintView{localized(c.Name), c.Shadow})
	}
	return r
}

// planID names a plan by its facts and its settings.
func (e *Engine) planID(s *commerce.Snapshot) string {
	return "P-" + s.Hash[:8] + "-" + e.config.Plan.Hash()[:8]
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
