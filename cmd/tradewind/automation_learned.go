package main

import (
	"strconv"

	"tradewind"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// automationView is where the automation stands, with what was learned.
type automationView struct {
	*tradewind.AutomationStatus
	Learned *tradewind.LearnedReport `json:"learned"`
}

// onlyAbout leaves the sites of some SKUs.
func onlyAbout(r *tradewind.LearnedReport, skus []commerce.SKU) error {
	if len(skus) == 0 {
		return nil
	}
	kept := []tradewind.LearnedSiteView{}
	for _, sku := range skus {
		n := len(kept)
		for _, s := range r.Sites {
			if s.SKU == sku {
				kept = append(kept, s)
			}
		}
		if len(kept) == n {
			return fault.New(fault.NotFound, "E-UNTRAINED", fault.A("sku", string(sku)))
		}
	}
	r.Sites = kept
	return nil
}

// learnedPart lists what was learned of all sites.
func (v *invocation) learnedPart(p *page, r *tradewind.LearnedReport) {
	p.heading("cli.automation.learned")
	if len(r.Sites) == 0 {
		p.prose("  ", v.text("cli.automation.untrained"))
		return
	}
	shown := r.Sites[:min(len(r.Sites), v.itemLimit())]
	p.table(v.learnedRows(shown))
	if rest := len(r.Sites) - len(shown); rest > 0 {
		p.line(v.text("cli.prices.more", messages.A("n", rest)))
	}
	p.line(v.text("cli.learned.next", messages.A("sku", string(shown[0].SKU))))
}

func (v *invocation) learnedRows(all []tradewind.LearnedSiteView) *rows {
	type site = tradewind.LearnedSiteView
	times := func(key, title string, of func(*tradewind.AdviceView) float64) column[site] {
		return column[site]{key: key, title: title, right: true,
			text: func(s site) string {
				if s.Advice == nil {
					return "–"
				}
				return "× " + short(of(s.Advice))
			},
			raw: func(s site) string {
				if s.Advice == nil {
					return ""
				}
				return exact(of(s.Advice))
			}}
	}
	columns := []column[site]{
		{key: "sku", title: "cli.head.sku", text: func(s site) string { return string(s.SKU) }},
		{key: "location", title: "cli.head.at-location", text: func(s site) string { return string(s.Location) }},
		{key: "level", title: "cli.head.level", text: func(s site) string { return s.LevelName.In(v.lang) }, raw: func(s site) string { return s.Level }},
		{key: "since", text: func(s site) string { return instant(s.Since) }},
		{key: "learned", title: "cli.head.learned", text: func(s site) string { return v.yes(s.Learned) }, raw: func(s site) string { return truth(s.Learned) }},
		{title: "cli.head.advantage", right: true, text: func(s site) string { return advantage(&s.Advantage) }},
		times("price_times", "cli.head.price", func(a *tradewind.AdviceView) float64 { return a.Price }),
		times("target_times", "cli.head.order-up-to", func(a *tradewind.AdviceView) float64 { return a.Target }),
		{key: "actions", title: "cli.head.actions", right: true, text: func(s site) string { return count(int64(len(s.Actions))) }},
		amountColumn("drift_cost_a_week", "cli.head.drift", func(s site) *money.Amount { return known(s.Drift.Cost) }),
		{key: "drift_response", text: func(s site) string { return s.Drift.Response }},
	}
	columns = append(columns, advantageColumns("advantage", func(s site) *tradewind.AdvantageView { return &s.Advantage })...)
	return list(all, append(columns,
		column[site]{key: "currency", text: func(s site) string { return string(s.Advantage.Gain.Currency()) }},
		column[site]{key: "trained_at", text: func(s site) string { return instant(s.TrainedAt) }},
	)...)
}

// sitePage is all that is known of what was learned of one site.
func (v *invocation) sitePage(p *page, s *tradewind.LearnedSiteView) {
	p.line(v.bold(siteTitle(s.SKU, s.Location, s.Product)))
	facts := [][2]string{
		{v.text("cli.learned.level"), v.text("cli.learned.level-since", messages.A("level", s.LevelName.In(v.lang)), messages.A("at", s.Since))},
		{v.text("cli.learned.trained"), v.text("cli.learned.trained-at", messages.A("at", s.TrainedAt), messages.A("n", s.Moves))},
		{v.text("cli.learned.advantage"), advantage(&s.Advantage)},
		{v.text("cli.learned.shadow"), advantage(s.Shadow)},
		{v.text("cli.learned.drift"), s.Drift.What.In(v.lang)},
	}
	p.facts(facts...)
	v.advicePart(p, s)
	v.curvePart(p, s.Curve)
	v.fitPart(p, s.Checks)
	if s.Evaluated != nil {
		p.heading("cli.learned.evaluated", messages.A("at", s.Evaluated.At))
		v.evaluatedPage(p, s.Evaluated)
	}
	if len(s.Actions) > 0 {
		p.heading("cli.learned.actions")
		p.table(v.actionRows(s.Actions))
	}
	if len(s.Ladder) > 0 {
		p.heading("cli.learned.ladder")
		for _, m := range s.Ladder {
			code := "cli.learned.moved"
			if m.From == m.To {
				code = "cli.learned.stayed"
			}
			p.prose("  - ", v.text(code, messages.A("at", m.At), messages.A("by", m.By), messages.A("from", v.levelName(m.From)), messages.A("to", v.levelName(m.To)))+" "+m.Reason.In(v.lang))
		}
	}
	v.assumedPart(p, s.Assumed)
}

// advicePart sets what the learned policy would do now beside the classical one.
func (v *invocation) advicePart(p *page, s *tradewind.LearnedSiteView) {
	p.heading("cli.learned.advice")
	a := s.Advice
	if a == nil {
		if s.Reason != nil {
			p.prose("  ", s.Reason.In(v.lang))
		}
		return
	}
	type side struct {
		name  string
		price money.Amount
		order float64
	}
	p.table(list([]side{{"cli.learned.classical", a.ClassicalPrice, a.ClassicalOrder}, {"cli.learned.own", a.LearnedPrice, a.LearnedOrder}},
		column[side]{title: "cli.head.policy", text: func(x side) string { return v.text(x.name) }},
		column[side]{title: "cli.head.price", right: true, text: func(x side) string { return messages.Money(x.price) }},
		column[side]{title: "cli.head.order", right: true, text: func(x side) string { return messages.Grouped(fixed(x.order, 0)) }},
	))
	code := "cli.learned.only-advice"
	if a.InPlan {
		code = "cli.learned.in-plan"
	}
	p.prose("  ", v.text(code))
}

// curvePart shows how the advantage grew with learning.
func (v *invocation) curvePart(p *page, curve []tradewind.AdvantageView) {
	if len(curve) == 0 {
		return
	}
	type point struct {
		n int
		tradewind.AdvantageView
	}
	points, largest := make([]point, len(curve)), 0.0
	for i, c := range curve {
		points[i], largest = point{i + 1, c}, max(largest, c.Gain.Float(), -c.Gain.Float())
	}
	p.heading("cli.learned.curve")
	p.table(list(points,
		column[point]{title: "cli.head.lesson", right: true, text: func(x point) string { return strconv.Itoa(x.n) }},
		column[point]{title: "cli.head.over-classical", right: true, text: func(x point) string { return advantage(&x.AdvantageView) }},
		column[point]{title: "cli.head.bar", text: func(x point) string { return bar(x.Gain.Float(), largest) }},
	))
}

func (v *invocation) actionRows(all []tradewind.ActionView) *rows {
	type action = tradewind.ActionView
	return list(all,
		column[action]{title: "cli.head.id", text: func(a action) string { return string(a.Decision) }},
		column[action]{title: "cli.head.when-at", text: func(a action) string { return a.At.UTC().Format("2006-01-02 15:04") }},
		column[action]{title: "cli.head.policy", text: func(a action) string { return a.Policy }},
		column[action]{title: "cli.head.state", text: func(a action) string { return v.text("cli.state." + string(a.State)) }},
		amountColumn("", "cli.head.cash", func(a action) *money.Amount { return &a.Cash }),
		column[action]{title: "cli.head.review", text: func(a action) string {
			switch {
			case a.Right == nil:
				return "–"
			case *a.Right:
				return v.text("cli.review.was-right")
			}
			return v.text("cli.review.was-wrong")
		}},
		column[action]{title: "cli.head.summary", flex: true, text: func(a action) string { return a.Summary.In(v.lang) }},
	)
}
