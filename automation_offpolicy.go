package tradewind

import (
	"errors"
	"math"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/numeric/policy"
	"tradewind/plan"
)

// OffPolicyView is what the log of automated choices can tell of the classical policy in the
// place of the learned one. Amounts are a choice's contribution over the four weeks after.
type OffPolicyView struct {
	Choices int            `json:"choices"`
	Gain    *AdvantageView `json:"gain"` // of the classical over what was done; nil: not evaluable
	Reason  LocalizedText  `json:"reason"`
}

// offPolicy asks the log. Choices that were not randomised say nothing of what was not
// chosen, and that is what it answers then.
func (e *Engine) offPolicy(s *shops, h *learnedHistory, l *learnedSite) OffPolicyView {
	var log [][]policy.Choice
	for _, a := range h.choices {
		if site := a.site(); site.SKU != l.SKU || site.Location != "" && site.Location != l.Location {
			continue
		}
		reward, over := s.contributed(l, a.At)
		if !over {
			continue
		}
		c := policy.Choice{Reward: reward, Propensity: a.Propensity}
		if !plan.Adjusted(&a.decision.Proposal) {
			c.Target = 1
		} else if a.Propensity == 1 {
			c.Missed = 1
		}
		log = append(log, []policy.Choice{c})
	}
	v := OffPolicyView{Choices: len(log)}
	if len(log) == 0 {
		v.Reason = localized(messages.M("learned.off-policy.none"))
		return v
	}
	ev, err := policy.Evaluate(log, policy.EvaluateForm{})
	var not *policy.NotEvaluable
	switch {
	case errors.As(err, &not):
		v.Reason = localized(messages.M("learned.off-policy."+offPolicyReasons[not.Reason], messages.A("n", len(log))))
	case err != nil: // a number that is none
		v.Reason = localized(messages.M("learned.off-policy.wrong", messages.A("n", len(log))))
	default:
		v.Gain = &AdvantageView{Mean: e.reported(ev.DR.Value), Other: e.reported(ev.Logged.Value), Gain: e.reported(ev.Gain.Value), Low: e.reported(ev.Gain.Low), High: e.reported(ev.Gain.High), Episodes: len(log)}
		v.Reason = localized(messages.M("learned.off-policy.said", messages.A("n", len(log))))
	}
	return v
}

var offPolicyReasons = map[policy.Reason]string{
	policy.NoPropensities: "propensities", policy.TooFewEpisodes: "few", policy.NoOverlap: "overlap", policy.ThinOverlap: "overlap", policy.WrongPropensities: "wrong",
}

// contributed is what a site contributed in the four weeks after an instant, once they are
// over.
func (s *shops) contributed(l *learnedSite, at time.Time) (sum float64, over bool) {
	const days = 28
	f := &l.record.Form
	sold := plan.SeriesOf(s.facts, l.SKU, func(m commerce.Market) bool { return s.facts.Serves(l.Location, m) }).Units
	from := calendar.DayIn(at, s.survey.Now.Location()).Sub(s.facts.From) + 1
	if from < 0 || from+days > len(sold) {
		return 0, false
	}
	for _, units := range sold[from : from+days] {
		if !math.IsNaN(units) {
			sum += units * f.Margin(f.Reference, f.Cost)
		}
	}
	return sum, true
}
