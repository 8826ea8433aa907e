package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
)

// headPage is what is proposed and what it is worth: the top of an explanation, and
// all of `decisions show`.
func (v *invocation) headPage(p *page, x *tradewind.Explanation) {
	p.line(v.bold(oneLine(joined([]string{string(x.ID), x.Kind.Name().In(v.lang), x.Subject.String()}))))
	p.prose("", x.Summary.In(v.lang))
	expires := v.text("cli.explain.expires", messages.A("state", v.stateName(x.DecisionView)), messages.A("at", x.Expires))
	if x.Compensates != "" {
		expires += " · " + v.text("cli.explain.compensates", messages.A("id", string(x.Compensates)))
	}
	if x.Blocked {
		expires += " · " + v.text("cli.explain.blocked")
	}
	p.line(expires)
	v.agreed(p, x.Approvals)

	p.heading("cli.explain.proposal")
	p.facts(v.proposalFacts(x)...)
	p.heading("cli.explain.impact", messages.A("n", x.Impact.Horizon))
	p.facts(
		[2]string{v.text("cli.explain.mean"), messages.Money(x.Impact.Mean)},
		[2]string{v.text("cli.explain.range"), v.text("cli.explain.quantiles", messages.A("p10", x.Impact.P10), messages.A("p50", x.Impact.P50), messages.A("p90", x.Impact.P90))},
		[2]string{v.text("cli.explain.cash"), messages.Money(x.Cash)},
	)
}

// agreed says who has agreed to a decision that needs two people, and why it does.
func (v *invocation) agreed(p *page, a *tradewind.ApprovalsView) {
	if a == nil {
		return
	}
	who := v.text("cli.explain.nobody")
	if len(a.Given) > 0 {
		who = strings.Join(a.Given, ", ")
	}
	p.prose("", v.text("cli.explain.approvals", messages.A("n", a.Needed), messages.A("by", who))+" "+joinedTexts(v, a.Reasons))
}

func (v *invocation) proposalFacts(x *tradewind.Explanation) [][2]string {
	var facts [][2]string
	add := func(code, value string) {
		if value != "" {
			facts = append(facts, [2]string{v.text(code), value})
		}
	}
	add("cli.explain.product", x.Product)
	switch a := x.Proposal.(type) {
	case decision.Reorder:
		add("cli.explain.units", count(a.Units))
		add("cli.explain.supplier", string(a.Supplier))
		add("cli.explain.location", string(a.Location))
		add("cli.explain.unit-cost", messages.Money(a.UnitCost))
	case decision.SetPrice:
		add("cli.explain.price", messages.Money(a.Price))
		add("cli.explain.was", messages.Money(a.Was))
	case decision.RunPromotion:
		add("cli.explain.price", messages.Money(a.Price))
		add("cli.explain.was", messages.Money(a.Was))
		add("cli.explain.from", a.From.String())
		add("cli.explain.to", a.To.String())
		if how := "decision.vehicle." + a.Vehicle; messages.Has(how) {
			add("cli.explain.vehicle", v.text(how))
		}
	case decision.StartExperiment:
		add("cli.explain.control", messages.Money(a.Control))
		add("cli.explain.test", messages.Money(a.Test))
		add("cli.explain.from", a.From.String())
		add("cli.explain.weeks", count(int64(a.Weeks)))
	case decision.GrantMandate:
		var kinds []string
		for _, k := range a.Kinds {
			kinds = append(kinds, k.Name().In(v.lang))
		}
		add("cli.explain.policy", a.Policy)
		add("cli.explain.kinds", strings.Join(kinds, ", "))
		add("cli.explain.max-cash", messages.Money(a.MaxCash))
		add("cli.explain.day-cash", messages.Money(a.DayCash))
		if a.MaxStep > 0 {
			add("cli.explain.max-step", percent(a.MaxStep))
		}
		add("cli.explain.until", a.Until.String())
	}
	add("cli.explain.author", x.Author)
	return facts
}

// explainPage is the whole case for a decision, in reading order.
func (v *invocation) explainPage(p *page, x *tradewind.Explanation) {
	v.headPage(p, x)
	if len(x.Reasons) > 0 {
		p.heading("cli.explain.why")
		for i, r := range x.Reasons {
			p.prose(fmt.Sprintf("  %d. ", i+1), r.In(v.lang))
		}
	}
	v.drivers(p, x.Drivers)
	v.alternatives(p, x.Alternatives)
	v.flips(p, x.Flips)
	if len(x.Binding) > 0 {
		p.heading("cli.explain.binding")
		v.constraints(p, x.Binding)
	}
	if len(x.Rules) > 0 {
		p.heading("cli.explain.rules")
		p.table(v.ruleTable(x.Rules))
		v.notAdvice(p)
	}
	v.checks(p, "cli.explain.guardrails", x.Guardrails)
	v.inputs(p, x.Inputs)
	p.heading("cli.explain.record")
	p.prose("  ", x.TrackRecord.Note.In(v.lang))
	if len(x.Caveats) > 0 {
		p.heading("cli.explain.caveats")
		for _, c := range x.Caveats {
			p.prose("  - ", c.In(v.lang))
		}
	}
	v.history(p, x.History)
	if x.State == decision.Executed && x.Reversible {
		p.line("")
		p.line(v.text("cli.explain.reversible", messages.A("id", string(x.ID))))
	}
	v.reproduce(p, x)
}

func (v *invocation) drivers(p *page, drivers []tradewind.DriverView) {
	if len(drivers) == 0 {
		return
	}
	largest := 0.0
	for _, d := range drivers {
		largest = max(largest, math.Abs(d.Amount.Float()))
	}
	type driver = tradewind.DriverView
	p.heading("cli.explain.drivers")
	p.table(list(drivers,
		column[driver]{title: "cli.head.driver", text: func(d driver) string { return d.Name.In(v.lang) }},
		column[driver]{title: "cli.head.amount", right: true, text: func(d driver) string { return signed(d.Amount) }},
		column[driver]{title: "cli.head.bar", text: func(d driver) string { return bar(d.Amount.Float(), largest) }},
	))
}

// bar draws a share of the largest amount; the number beside it says the same.
func bar(x, largest float64) string {
	if largest == 0 {
		return ""
	}
	mark := "█"
	if x < 0 {
		mark = "░"
	}
	return strings.Repeat(mark, int(math.Round(24*math.Abs(x)/largest)))
}

func signed(a money.Amount) string {
	if a.Sign() > 0 {
		return "+" + messages.Money(a)
	}
	return messages.Money(a)
}

func (v *invocation) alternatives(p *page, all []tradewind.AlternativeView) {
	if len(all) == 0 {
		return
	}
	type alternative = tradewind.AlternativeView
	amount := func(title string, of func(alternative) money.Amount) column[alternative] {
		return column[alternative]{title: title, right: true, text: func(a alternative) string { return messages.Money(of(a)) }}
	}
	p.heading("cli.explain.alternatives")
	p.table(list(all,
		column[alternative]{title: "cli.head.action", text: func(a alternative) string {
			if a.Chosen {
				return "▸ " + a.Name.In(v.lang)
			}
			return "  " + a.Name.In(v.lang)
		}},
		amount("cli.head.gain", func(a alternative) money.Amount { return a.Gain.Mean }),
		amount("cli.head.p10", func(a alternative) money.Amount { return a.Gain.P10 }),
		amount("cli.head.p90", func(a alternative) money.Amount { return a.Gain.P90 }),
		amount("cli.head.cash", func(a alternative) money.Amount { return a.Cash }),
	))
}

func (v *invocation) flips(p *page, flips []tradewind.FlipView) {
	if len(flips) == 0 {
		return
	}
	type flip = tradewind.FlipView
	p.heading("cli.explain.flips")
	p.table(list(flips,
		column[flip]{title: "cli.head.if", text: func(f flip) string { return f.Name.In(v.lang) }},
		column[flip]{title: "cli.head.now", right: true, text: func(f flip) string { return short(f.Now) }},
		column[flip]{title: "cli.head.at", right: true, text: func(f flip) string { return short(f.At) }},
		column[flip]{title: "cli.head.becomes", flex: true, text: func(f flip) string { return f.Becomes.In(v.lang) }},
	))
}

// short shows a number with four significant digits, without an exponent.
func short(x float64) string {
	places := 0
	if a := math.Abs(x); a != 0 && a < 1000 {
		places = max(0, 3-int(math.Floor(math.Log10(a))))
	}
	s := strconv.FormatFloat(x, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return messages.Grouped(s)
}

func (v *invocation) constraints(p *page, all []tradewind.ConstraintView) {
	for _, c := range all {
		text := c.Name.In(v.lang)
		if !c.Shadow.IsZero() {
			text += v.text("cli.explain.shadow", messages.A("shadow", c.Shadow))
		}
		p.prose("  - ", text)
	}
}

func (v *invocation) checks(p *page, heading string, checks []tradewind.CheckView) {
	if len(checks) == 0 {
		return
	}
	type check = tradewind.CheckView
	p.heading(heading)
	p.table(list(checks,
		column[check]{title: "cli.head.check", text: func(c check) string { return c.Name.In(v.lang) }},
		column[check]{title: "cli.head.result", text: func(c check) string { return v.text("cli.outcome." + string(c.Outcome)) }},
		column[check]{title: "cli.head.value", right: true, text: func(c check) string { return c.Value }},
		column[check]{title: "cli.head.limit", right: true, text: func(c check) string { return c.Limit }},
	))
}

func (v *invocation) inputs(p *page, inputs []tradewind.InputView) {
	if len(inputs) == 0 {
		return
	}
	type input = tradewind.InputView
	p.heading("cli.explain.inputs")
	p.table(list(inputs,
		column[input]{title: "cli.head.input", text: func(in input) string { return in.Name.In(v.lang) }},
		column[input]{title: "cli.head.value", right: true, text: func(in input) string { return in.Value }},
		column[input]{title: "cli.head.as-of", text: func(in input) string { return in.AsOf.String() }},
		column[input]{title: "cli.head.age", right: true, text: func(in input) string { return v.text("cli.days", messages.A("n", in.AgeDays)) }},
		column[input]{title: "cli.head.quality", text: func(in input) string {
			if in.Assumed {
				return v.text("cli.assumed")
			}
			return v.text("cli.measured")
		}},
		column[input]{title: "cli.head.source", flex: true, text: func(in input) string { return messages.Method(v.lang, in.Source) }, raw: func(in input) string { return in.Source }},
	))
}

func (v *invocation) history(p *page, events []decision.Event) {
	if len(events) == 0 {
		return
	}
	p.heading("cli.explain.history")
	for _, e := range events {
		p.prose("  - ", v.text("cli.explain.event", messages.A("at", e.At), messages.A("verb", v.text("cli.verb."+string(e.Verb))),
			messages.A("by", e.By))+noteOf(e))
	}
}

func noteOf(e decision.Event) string {
	if e.Note == "" {
		return ""
	}
	return ": " + e.Note
}

func (v *invocation) reproduce(p *page, x *tradewind.Explanation) {
	r := x.Reproduce
	p.heading("cli.explain.reproduce")
	p.facts(
		[2]string{v.text("cli.explain.command"), r.Command},
		[2]string{v.text("cli.explain.model"), messages.Method(v.lang, r.Model)},
		[2]string{v.text("cli.explain.seed"), fmt.Sprint(r.Seed)},
		[2]string{v.text("cli.explain.data"), r.Snapshot},
		[2]string{v.text("cli.explain.config"), r.Config},
		[2]string{v.text("cli.explain.version"), r.Version},
		[2]string{v.text("cli.explain.fingerprint"), x.Fingerprint},
	)
}
