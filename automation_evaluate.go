package tradewind

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/automation"
	"tradewind/simulate"
	"tradewind/store"
)

// EvaluateOptions say what to evaluate. The zero value evaluates every trained site.
type EvaluateOptions struct {
	SKUs     []commerce.SKU
	Episodes int // of each scenario; 0 is 64
	By       string
	Progress func(Progress) // may be nil
}

// EvaluationReport is how the trained policies do in weeks that nothing was learned on.
type EvaluationReport struct {
	Sites   []EvaluatedView `json:"sites"`
	Seconds float64         `json:"seconds"`
}

// EvaluatedView is how the policies of one site do, and what follows from it.
type EvaluatedView struct {
	SKU        commerce.SKU      `json:"sku"`
	Location   commerce.Location `json:"location"`
	Product    string            `json:"product"`
	Weeks      int               `json:"weeks"` // of an episode
	Scenarios  []TrialView       `json:"scenarios"`
	Overall    TrialView         `json:"overall"` // mean of the scenarios
	Shadow     *AdvantageView    `json:"shadow"`  // on the site's own past; nil: too short
	OffPolicy  OffPolicyView     `json:"off_policy"`
	Calibrated bool              `json:"calibrated"` // the simulated shop is like the real one today
	From       string            `json:"from_level"`
	To         string            `json:"to_level"`
	Verdict    LocalizedText     `json:"verdict"`
	At         time.Time         `json:"at"`
}

// TrialView is one scenario: every policy with the same luck. Amounts are a year's
// contribution.
type TrialView struct {
	Scenario string        `json:"scenario"`
	Name     LocalizedText `json:"name"`
	Ceiling  money.Amount  `json:"ceiling"` // what no policy exceeds
	Policies []PolicyView  `json:"policies"`
}

// PolicyView is how a policy does; its interval is one of 95 %.
type PolicyView struct {
	Policy string        `json:"policy"`
	Name   LocalizedText `json:"name"`
	Mean   money.Amount  `json:"mean"`
	Low    money.Amount  `json:"low"`
	High   money.Amount  `json:"high"`
	Over   AdvantageView `json:"over_classical"`
	Gap    float64       `json:"gap_closed"` // share of what lies between the classical policy and the ceiling
	Fill   float64       `json:"fill_rate"`
	Stock  float64       `json:"mean_stock"`
	Out    float64       `json:"weeks_sold_out"` // share of them
	Price  float64       `json:"mean_price"`
}

// evidence is what is kept of an evaluation.
type evidence struct {
	View      EvaluatedView         `json:"view"`
	Advantage automation.Comparison `json:"advantage"` // of the learned over the classical policy, over all scenarios

	Shadow *automation.Comparison `json:"shadow"` // the same on the site's own past up to then; nil: too short

	Spent *calendar.Day `json:"spent"` // the last day of the sales that the last move rested on; nil: nobody wrote it down
}

const evaluatedEpisodes = 64

// EvaluateAutomation plays what was learned against the textbooks' policies and the way the
// shop is run today, in simulated weeks that nothing was learned on and whatever happens in
// them; plays it on the site's own past, up to now; and moves it on the ladder of autonomy,
// by one rung up at most, and not again on facts that it has moved on. What it finds, and
// every move with its reason, is kept.
func (e *Engine) EvaluateAutomation(ctx context.Context, o EvaluateOptions) (*EvaluationReport, error) {
	start := time.Now()
	by, err := e.actor(ctx, MayAutomate, o.By)
	if err != nil {
		return nil, err
	}
	list, err := e.learnedOf(ctx, o.SKUs)
	if err != nil {
		return nil, err
	}
	shops, err := e.shops(ctx)
	if err != nil {
		return nil, err
	}
	if o.Episodes <= 0 {
		o.Episodes = evaluatedEpisodes
	}
	proofs := make([]evidence, len(list))
	failed := make([]error, len(list))
	tell(o.Progress, "learned.stage.evaluate", 0, int64(len(list)))
	err = inPieces(ctx, len(list), 1, func(done int) {
		tell(o.Progress, "learned.stage.evaluate", int64(done), int64(len(list)))
	}, func(i int) {
		proofs[i], failed[i] = e.prove(shops, &list[i], o.Episodes)
	})
	if err != nil {
		return nil, err
	}
	history, err := e.learnedHistory(ctx, list)
	if err != nil {
		return nil, err
	}
	r := &EvaluationReport{Sites: []EvaluatedView{}}
	var moves []store.LearnedMove
	for i := range list {
		l, p := &list[i], &proofs[i]
		if failed[i] != nil {
			return nil, failed[i]
		}
		if p.Spent, err = l.spent(); err != nil {
			return nil, err
		}
		standing, err := e.standingOf(ctx, shops, history, l, p)
		if err != nil {
			return nil, err
		}
		standing.Calibrated = p.View.Calibrated
		p.View.OffPolicy = e.offPolicy(shops, history, l)
		next := standing.Next()
		m, err := e.climb(l, next, by)
		if err != nil {
			return nil, err
		}
		if m.From != m.To {
			p.Spent = new(lastSold(shops.facts, shops.facts.AsOf))
		}
		p.View.From, p.View.To, p.View.At = m.From, m.To, m.At
		p.View.Verdict = localized(next.Why)
		if l.Evidence, err = json.Marshal(p); err != nil {
			return nil, fault.Wrap(err, "keep the evaluation of %s", l.SKU)
		}
		moves = append(moves, *m)
		r.Sites = append(r.Sites, p.View)
	}
	kept := make([]store.LearnedPolicy, len(list))
	for i := range list {
		kept[i] = list[i].LearnedPolicy
	}
	if err := e.db.SaveLearned(ctx, kept, moves); err != nil {
		return nil, err
	}
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// spent is what the last move of a site rested on, as its last evaluation has it.
func (l *learnedSite) spent() (*calendar.Day, error) {
	if l.Evidence == nil {
		return nil, nil
	}
	var last evidence
	if err := json.Unmarshal(l.Evidence, &last); err != nil {
		return nil, fault.Wrap(err, "read the evaluation of %s", l.SKU)
	}
	return last.Spent, nil
}

// prove plays the policies of a site on scored episodes. What another version of the program
// learned cannot be played: it proves nothing.
func (e *Engine) prove(s *shops, l *learnedSite, episodes int) (evidence, error) {
	if !l.record.Sound() {
		none := TrialView{Scenario: "overall", Name: localized(messages.M("learned.scenario.overall")), Ceiling: e.reported(0), Policies: []PolicyView{}}
		return evidence{View: EvaluatedView{SKU: l.SKU, Location: l.Location, Product: s.names[l.SKU], Weeks: learnedWeeks, Scenarios: []TrialView{}, Overall: none}}, nil
	}
	arena := automation.NewArena(&l.record.Form, learnedWeeks)
	policies, err := l.policies(&l.record.Form, learnedWeeks)
	if err != nil {
		return evidence{}, err
	}
	field := arena.Field(policies, l.record.Today, l.record.Effort.Fit)
	cells := arena.Evaluate(field, episodes, simulate.Scenarios[:])
	overall := automation.Overall(cells)
	p := evidence{Advantage: overall.Results[0].Over}
	v := &p.View
	v.SKU, v.Location, v.Product, v.Weeks = l.SKU, l.Location, s.names[l.SKU], learnedWeeks
	for i := range cells {
		v.Scenarios = append(v.Scenarios, e.scenario(strings.ReplaceAll(cells[i].Scenario.String(), " ", "-"), &cells[i]))
	}
	v.Overall = e.scenario("overall", &overall)
	weeks := l.record.PastWeeks
	facts, _, err := shopFactsOf(s.survey, s.PriceStudy, l.site())
	switch {
	case err == nil:
		form, past := imported(s.facts, facts)
		v.Calibrated, weeks = true, len(past.Units)
		if p.Shadow, err = l.record.shadow(&form, past); err != nil {
			return p, err
		}
	case fault.Of(err) == nil:
		return p, err
	default: // its past cannot be played any more
		p.Shadow = l.record.Shadow
	}
	if p.Shadow != nil {
		shadow := e.comparison(*p.Shadow, weeks)
		v.Shadow = &shadow
	}
	return p, nil
}

func (e *Engine) scenario(name string, c *automation.Cell) TrialView {
	year := func(x float64) money.Amount { return e.reported(x * 52 / learnedWeeks) }
	v := TrialView{Scenario: name, Name: localized(messages.M("learned.scenario." + name)), Ceiling: year(c.Ceiling), Policies: []PolicyView{}}
	for i := range c.Results {
		r := &c.Results[i]
		v.Policies = append(v.Policies, PolicyView{
			Policy: r.Name, Name: localized(messages.M("learned.policy." + r.Name)), Mean: year(r.Mean), Low: year(r.Low), High: year(r.High),
			Over: e.comparison(r.Over, learnedWeeks), Gap: r.Gap, Fill: r.Service.Fill, Stock: r.Service.Stock, Out: r.Service.Out, Price: r.Service.Price,
		})
	}
	return v
}
