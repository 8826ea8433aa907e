package tradewind

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/automation"
	"tradewind/plan"
)

// LearnedReport is where the learned policies stand.
type LearnedReport struct {
	Policy string            `json:"policy"` // the name that mandates and levels go by
	Sites  []LearnedSiteView `json:"sites"`
}

// LearnedSiteView is where what was learned of a site stands.
type LearnedSiteView struct {
	TrainedView
	LevelName LocalizedText  `json:"level_name"`
	Since     time.Time      `json:"since"`     // it stands on that rung
	Advice    *AdviceView    `json:"advice"`    // nil: the site cannot be simulated today
	Reason    *LocalizedText `json:"reason"`    // why there is no advice; nil where there is
	Evaluated *EvaluatedView `json:"evaluated"` // nil: nobody did
	Drift     DriftView      `json:"drift"`
	Actions   []ActionView   `json:"actions"` // that it took or changed, the newest first
	Ladder    []LadderMove   `json:"ladder"`  // its moves, the newest first
}

// AdviceView is what the learned policy would do now, beside the classical one. Prices are
// means over the site's markets in the reporting currency.
type AdviceView struct {
	Price          float64      `json:"price_times"`  // of the classical price
	Target         float64      `json:"target_times"` // of what the classical policy orders up to
	ClassicalPrice money.Amount `json:"classical_price"`
	LearnedPrice   money.Amount `json:"learned_price"`
	ClassicalOrder float64      `json:"classical_order"` // units; 0 for none
	LearnedOrder   float64      `json:"learned_order"`
	Level          float64      `json:"demand_level"` // times what calendar and price say
	State          int          `json:"state"`        // of the learned table
	InPlan         bool         `json:"in_plan"`      // the plan follows it
}

// ActionView is a decision that the policy approved, or that it had changed and another
// approved under a mandate of its own.
type ActionView struct {
	Decision   decision.ID    `json:"decision"`
	Kind       decision.Kind  `json:"kind"`
	State      decision.State `json:"state"`
	At         time.Time      `json:"at"`
	Policy     string         `json:"policy"` // that approved it
	Mandate    decision.ID    `json:"mandate"`
	Propensity float64        `json:"propensity"`
	Cash       money.Amount   `json:"cash"`
	Summary    LocalizedText  `json:"summary"`
	Right      *bool          `json:"review"` // what a person found; nil: nobody looked
}

// LadderMove is a move on the ladder, or a verdict that changed nothing.
type LadderMove struct {
	From   string        `json:"from"`
	To     string        `json:"to"`
	Reason LocalizedText `json:"reason"`
	By     string        `json:"by"`
	At     time.Time     `json:"at"`
}

// LearnedStatus says of every trained site on which rung it stands, what it would do today,
// what it did, and how its world drifts. An empty list is no failure.
func (e *Engine) LearnedStatus(ctx context.Context) (*LearnedReport, error) {
	r := &LearnedReport{Policy: LearnedPolicy, Sites: []LearnedSiteView{}}
	list, err := e.learned(ctx)
	if err != nil || len(list) == 0 {
		return r, err
	}
	s, err := e.shops(ctx)
	if err != nil {
		return nil, err
	}
	history, err := e.learnedHistory(ctx, list)
	if err != nil {
		return nil, err
	}
	r.Sites = make([]LearnedSiteView, len(list))
	failed := make([]error, len(list))
	err = inPieces(ctx, len(list), 1, func(int) {}, func(i int) {
		r.Sites[i], failed[i] = e.learnedView(ctx, s, history, &list[i])
	})
	for i := range failed {
		if err == nil {
			err = failed[i]
		}
	}
	return r, err
}

func (e *Engine) learnedView(ctx context.Context, s *shops, h *learnedHistory, l *learnedSite) (LearnedSiteView, error) {
	v := LearnedSiteView{TrainedView: e.trainedView(l, s.names[l.SKU]), LevelName: localized(messages.M("automation.level." + l.Level)), Since: l.Since,
		Actions: []ActionView{}, Ladder: []LadderMove{}}
	if l.Evidence != nil {
		var proof evidence
		if err := json.Unmarshal(l.Evidence, &proof); err != nil {
			return v, fault.Wrap(err, "read the evaluation of %s", l.SKU)
		}
		v.Evaluated = &proof.View
	}
	advice, err := e.advice(s, l)
	switch {
	case err == nil:
		v.Advice = advice
	case fault.Of(err) == nil || fault.Is(err, fault.Internal):
		return v, err
	default:
		reason := localized(messages.Of(err))
		v.Reason = &reason
	}
	drifts, err := e.driftOf(ctx, s, l.SKU, l)
	if err != nil {
		return v, err
	}
	v.Drift = drifts.DriftView
	right := map[decision.ID]bool{}
	for _, review := range h.reviews {
		right[review.Decision] = review.Right
	}
	for i := len(h.choices) - 1; i >= 0; i-- {
		a := &h.choices[i]
		if site := a.site(); site.SKU != l.SKU || site.Location != "" && site.Location != l.Location {
			continue
		}
		action := ActionView{Decision: a.Decision, Kind: a.decision.Action.Kind(), State: a.decision.State, At: a.At, Policy: a.Policy, Mandate: a.Mandate,
			Propensity: a.Propensity, Cash: a.decision.Cash, Summary: localized(a.decision.Summary)}
		if found, looked := right[a.Decision]; looked {
			action.Right = &found
		}
		v.Actions = append(v.Actions, action)
	}
	for i := len(h.moves) - 1; i >= 0; i-- {
		m := &h.moves[i]
		if m.SKU != l.SKU || m.Location != l.Location {
			continue
		}
		var why messages.Message
		if err := json.Unmarshal(m.Reason, &why); err != nil {
			return v, fault.Wrap(err, "read a move of %s", l.SKU)
		}
		v.Ladder = append(v.Ladder, LadderMove{m.From, m.To, localized(why), m.By, m.At})
	}
	return v, nil
}

// advice is what the policy of a site would do now.
func (e *Engine) advice(s *shops, l *learnedSite) (*AdviceView, error) {
	a, facts, level, err := adviseAt(s.survey, s.PriceStudy, l)
	if err != nil {
		return nil, err
	}
	form := facts.Learnable()
	return &AdviceView{
		Price: a.Price, Target: a.Target, State: a.State, Level: math.Exp(level), InPlan: l.level() != automation.Advise && len(l.record.Moves) > 0,
		ClassicalPrice: e.reported(form.Legal(a.Classical.Price)), LearnedPrice: e.reported(form.Legal(a.Learned.Price)),
		ClassicalOrder: facts.Form.WholeOrder(a.Classical.Order), LearnedOrder: facts.Form.WholeOrder(a.Learned.Order),
	}, nil
}

// adviseAt asks the policy of a site what to do now, on what its shop sees; level is the log
// of demand as a multiple of what calendar and price say. It has nothing to say where the
// shop is not like the real one any more.
func adviseAt(v *plan.Survey, st *plan.PriceStudy, l *learnedSite) (a automation.Advice, facts *plan.ShopFacts, level float64, err error) {
	if facts, _, err = shopFactsOf(v, st, l.site()); err != nil {
		return a, nil, 0, err
	}
	form := facts.Learnable()
	policies, err := l.policies(&form, 1)
	if err != nil {
		return a, nil, 0, err
	}
	state, filter := v.ShopNow(l.site(), facts)
	level, _ = filter.Level()
	return policies.Advise(&state, filter, form.Cost), facts, level, nil
}
