package tradewind

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/operations/automation"
	"tradewind/plan"
	"tradewind/store"
)

// learnedHistory is what the learned policies did, or other policies let pass that learned
// ones had changed, and what people found of it.
type learnedHistory struct {
	moves   []store.LearnedMove
	reviews []store.Review
	choices []acted
	limits  automation.Limits
}

// acted is a choice with the decision that it moved.
type acted struct {
	store.Choice
	decision decision.Decision
}

func (a *acted) site() plan.Site {
	s := a.decision.Action.Subject()
	return plan.Site{SKU: s.SKU, Location: s.Location}
}

// learnedHistory reads the history of some sites.
func (e *Engine) learnedHistory(ctx context.Context, list []learnedSite) (*learnedHistory, error) {
	h := &learnedHistory{}
	var err error
	if h.moves, err = e.db.LearnedMoves(ctx); err != nil {
		return nil, err
	}
	if h.reviews, err = e.learnedReviews(ctx); err != nil {
		return nil, err
	}
	set, err := e.db.Guardrails(ctx)
	if err != nil {
		return nil, err
	}
	if h.limits, err = e.limits(set); err != nil {
		return nil, err
	}
	h.choices, err = e.learnedChoices(ctx, list)
	return h, err
}

// learnedChoices is the log of what was chosen for some sites: by the learned policy, and
// under whatever mandate where it had changed what was chosen.
func (e *Engine) learnedChoices(ctx context.Context, list []learnedSite) (log []acted, err error) {
	choices, err := e.db.Choices(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, c := range choices {
		if c.Decision == "" {
			continue
		}
		a, err := decision.DecodeAction(c.Action)
		if err != nil {
			return nil, fault.Wrap(err, "read a choice about %s", c.Decision)
		}
		if sku := a.Subject().SKU; !slices.ContainsFunc(list, func(l learnedSite) bool { return l.SKU == sku }) {
			continue
		}
		d, err := e.db.Decision(ctx, c.Decision)
		if err != nil {
			return nil, err
		}
		if c.Policy == LearnedPolicy || plan.Adjusted(&d.Proposal) {
			log = append(log, acted{c, *d})
		}
	}
	return log, nil
}

// learnedReviews are the newest word on each decision that a learned policy made or
// changed: whoever looks twice counts once.
func (e *Engine) learnedReviews(ctx context.Context) ([]store.Review, error) {
	all, err := e.db.Reviews(ctx)
	if err != nil {
		return nil, err
	}
	var list []store.Review
	seen := map[decision.ID]bool{}
	for _, r := range slices.Backward(all) {
		if seen[r.Decision] {
			continue
		}
		seen[r.Decision] = true
		d, err := e.db.Decision(ctx, r.Decision)
		if err != nil {
			return nil, err
		}
		approval, _ := d.Approval()
		if policy, _ := approval.Policy(); policy == LearnedPolicy || plan.Adjusted(&d.Proposal) {
			list = append(list, r)
		}
	}
	return list, nil
}

// of a site: what it did since it stands where it stands. A price is decided for every
// location of a SKU, so that it counts for each of them.
func (h *learnedHistory) of(l *learnedSite) (list []acted) {
	for _, a := range h.choices {
		if s := a.site(); s.SKU == l.SKU && (s.Location == l.Location || s.Location == "") && !a.At.Before(l.Since) {
			list = append(list, a)
		}
	}
	return list
}

// standingOf is what the ladder knows of a site. Breaches are decisions of the policy that
// the guardrails of today do not allow; what somebody took back was wrong.
func (e *Engine) standingOf(ctx context.Context, s *shops, h *learnedHistory, l *learnedSite, proof *evidence) (automation.Standing, error) {
	st := automation.Standing{Level: l.level(), Periods: int(e.now().Sub(l.Since) / (7 * 24 * time.Hour)), Calibrated: true, Cooling: -1, Fresh: -1, Advantage: proof.Advantage}
	if !l.record.Sound() {
		st.Unread = string(l.SKU)
	}
	if shadow := cmp.Or(proof.Shadow, l.record.Shadow); shadow != nil {
		st.Shadow = *shadow
	}
	for _, a := range h.of(l) {
		st.Acted++
		c, ok := automation.CandidateOf(&a.decision.Proposal)
		if ok && slices.ContainsFunc(automation.Test(c, h.limits, automation.Used{}), func(v automation.Verdict) bool { return !v.Holds }) {
			st.Breaches++
		}
	}
	for _, r := range h.reviews {
		if r.SKU != l.SKU || r.Location != "" && r.Location != l.Location || r.At.Before(l.Since) {
			continue
		}
		if st.Reviewed++; !r.Right {
			st.Faulted++
		}
	}
	for _, m := range h.moves {
		if m.SKU != l.SKU || m.Location != l.Location || m.From == m.To {
			continue
		}
		st.Fresh = max(0, lastSold(s.facts, s.facts.AsOf).Sub(e.spentBy(s, l, &m, proof))) / 7
		if rung(m.To) < rung(m.From) {
			st.Cooling = int(e.now().Sub(m.At) / (7 * 24 * time.Hour))
		}
	}
	d, err := e.driftOf(ctx, s, l.SKU, l)
	if err != nil {
		return st, err
	}
	st.Drift = d.response
	return st, nil
}

func rung(level string) int { return slices.Index(automation.Levels, automation.Level(level)) }

// climb moves a site as the ladder says, and returns the record of it.
func (e *Engine) climb(l *learnedSite, c automation.Climb, by string) (*store.LearnedMove, error) {
	reason, err := json.Marshal(c.Why)
	if err != nil {
		return nil, fault.Wrap(err, "record a move of %s", l.SKU)
	}
	if c.To != c.From {
		l.Level, l.Since = string(c.To), e.now()
	}
	return &store.LearnedMove{SKU: l.SKU, Location: l.Location, From: string(c.From), To: string(c.To), Reason: reason, By: by, At: e.now()}, nil
}

// ladderName is who moves a policy down the ladder where nobody asked.
const ladderName = "ladder"

// watchLearned moves policies down that the world, a limit or a person speaks against. It
// never moves one up: that takes an evaluation.
func (e *Engine) watchLearned(ctx context.Context) error {
	list, err := e.learned(ctx)
	if err != nil || !slices.ContainsFunc(list, func(l learnedSite) bool { return l.level() != automation.Advise }) {
		return err
	}
	s, err := e.shops(ctx)
	if err != nil {
		return err
	}
	history, err := e.learnedHistory(ctx, list)
	if err != nil {
		return err
	}
	var fallen []store.LearnedPolicy
	var moves []store.LearnedMove
	for i := range list {
		l := &list[i]
		if l.level() == automation.Advise || l.Evidence == nil {
			continue
		}
		var proof evidence
		if err := json.Unmarshal(l.Evidence, &proof); err != nil {
			return fault.Wrap(err, "read the evaluation of %s", l.SKU)
		}
		standing, err := e.standingOf(ctx, s, history, l, &proof)
		if err != nil {
			return err
		}
		_, _, misfit := shopFactsOf(s.survey, s.PriceStudy, l.site())
		standing.Calibrated = misfit == nil
		c := standing.Next()
		if rung(string(c.To)) >= rung(string(c.From)) {
			continue
		}
		m, err := e.climb(l, c, ladderName)
		if err != nil {
			return err
		}
		proof.Spent = new(lastSold(s.facts, s.facts.AsOf))
		if l.Evidence, err = json.Marshal(proof); err != nil {
			return fault.Wrap(err, "keep the evaluation of %s", l.SKU)
		}
		fallen, moves = append(fallen, l.LearnedPolicy), append(moves, *m)
	}
	if len(fallen) == 0 {
		return nil
	}
	return e.db.SaveLearned(ctx, fallen, moves)
}

// ReviewAutomated records what a person found of a decision that a policy made. One that
// was wrong takes the policy off the rungs on which it acts.
func (e *Engine) ReviewAutomated(ctx context.Context, id decision.ID, right bool, by, note string) error {
	by, err := e.actor(ctx, MayRevoke, by)
	if err != nil {
		return err
	}
	d, err := e.db.Decision(ctx, id)
	if err != nil {
		return err
	}
	approval, ok := d.Approval()
	if _, automated := approval.Policy(); !ok || !automated {
		return fault.New(fault.Invalid, "E-REVIEW-PERSON", fault.A("id", string(id)))
	}
	s := d.Action.Subject()
	if err := e.db.SaveReview(ctx, store.Review{Decision: id, SKU: s.SKU, Location: s.Location, Right: right, By: by, At: e.now(), Note: note}); err != nil || right {
		return err
	}
	return e.watchLearned(ctx)
}
