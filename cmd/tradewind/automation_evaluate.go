package main

import (
	"context"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) automationEvaluate() *cobra.Command {
	var o tradewind.EvaluateOptions
	c := v.command("evaluate [SKU…]", "cli.automation.evaluate", between(0, -1, "[SKU…]"), func(ctx context.Context, args []string) error {
		if o.Episodes < 0 {
			return fault.New(fault.Usage, "E-NUMBER", fault.A("name", "--episodes"), fault.A("value", o.Episodes))
		}
		o.SKUs, o.By = skusOf(args), actor()
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			p, end := v.newProgress()
			o.Progress = p.update
			r, err := e.EvaluateAutomation(ctx, o)
			end(err)
			if err != nil {
				return err
			}
			return v.print(result{value: r, rows: v.evaluationRows(r.Sites), page: func(p *page) {
				for i := range r.Sites {
					if i > 0 {
						p.line("")
					}
					p.line(v.bold(siteTitle(r.Sites[i].SKU, r.Sites[i].Location, r.Sites[i].Product)))
					v.evaluatedPage(p, &r.Sites[i])
				}
			}})
		})
	})
	c.Flags().IntVar(&o.Episodes, "episodes", 0, v.text("cli.flag.episodes"))
	return c
}

func siteTitle(sku commerce.SKU, at commerce.Location, product string) string {
	return oneLine(joined([]string{string(sku), string(at), product}))
}

// evaluatedPage says how the policies of a site do, and what follows.
func (v *invocation) evaluatedPage(p *page, s *tradewind.EvaluatedView) {
	if len(s.Scenarios) > 0 { // none: what was learned cannot be played any more
		v.trialsPage(p, s)
	}
	p.heading("cli.evaluate.verdict")
	if s.Shadow != nil {
		p.prose("  - ", v.text("cli.evaluate.shadow", messages.A("gain", advantage(s.Shadow))))
	}
	p.prose("  - ", s.OffPolicy.Reason.In(v.lang)+v.offPolicyGain(s.OffPolicy.Gain))
	code := "cli.evaluate.stays"
	if s.From != s.To {
		code = "cli.evaluate.moves"
	}
	p.prose("  - ", v.text(code, messages.A("from", v.levelName(s.From)), messages.A("to", v.levelName(s.To)))+" "+s.Verdict.In(v.lang))
}

// trialsPage is the table of policies, over all scenarios and in each.
func (v *invocation) trialsPage(p *page, s *tradewind.EvaluatedView) {
	type policy = tradewind.PolicyView
	p.prose("", v.text("cli.evaluate.about", messages.A("weeks", s.Weeks), messages.A("n", len(s.Scenarios)), messages.A("ceiling", s.Overall.Ceiling)))
	p.table(list(s.Overall.Policies,
		column[policy]{title: "cli.head.policy", text: func(x policy) string { return x.Name.In(v.lang) }},
		column[policy]{title: "cli.head.a-year", right: true, text: func(x policy) string {
			return messages.Money(x.Mean) + " (" + messages.Grouped(x.Low.Decimal()) + " … " + messages.Grouped(x.High.Decimal()) + ")"
		}},
		column[policy]{title: "cli.head.over-classical", right: true, text: func(x policy) string { return advantage(&x.Over) }},
		column[policy]{title: "cli.head.gap", right: true, text: func(x policy) string { return percent(x.Gap) }},
		column[policy]{title: "cli.head.fill", right: true, text: func(x policy) string { return percent(x.Fill) }},
		column[policy]{title: "cli.head.mean-stock", right: true, text: func(x policy) string { return messages.Grouped(fixed(x.Stock, 1)) }},
		column[policy]{title: "cli.head.sold-out", right: true, text: func(x policy) string { return percent(x.Out) }},
	))
	type trial = tradewind.TrialView
	p.heading("cli.evaluate.scenarios")
	p.table(list(s.Scenarios,
		column[trial]{title: "cli.head.scenario", text: func(t trial) string { return t.Name.In(v.lang) }},
		column[trial]{title: "cli.head.learned", right: true, text: func(t trial) string { return messages.Money(t.Policies[0].Mean) }},
		column[trial]{title: "cli.head.over-classical", right: true, text: func(t trial) string { return advantage(&t.Policies[0].Over) }},
	))
}

func (v *invocation) offPolicyGain(a *tradewind.AdvantageView) string {
	if a == nil {
		return ""
	}
	return " " + advantage(a)
}

// trialLine is one policy in one scenario of one site.
type trialLine struct {
	SKU      commerce.SKU         `json:"sku"`
	Location commerce.Location    `json:"location"`
	Scenario string               `json:"scenario"`
	Ceiling  money.Amount         `json:"ceiling"`
	Policy   tradewind.PolicyView `json:"policy"`
}

func (v *invocation) evaluationRows(sites []tradewind.EvaluatedView) *rows {
	var all []trialLine
	for _, s := range sites {
		for _, t := range append([]tradewind.TrialView{s.Overall}, s.Scenarios...) {
			for _, x := range t.Policies {
				all = append(all, trialLine{s.SKU, s.Location, t.Scenario, t.Ceiling, x})
			}
		}
	}
	amount := func(key string, of func(trialLine) money.Amount) column[trialLine] {
		return column[trialLine]{key: key, right: true, text: func(l trialLine) string { return of(l).Decimal() }}
	}
	figure := func(key string, of func(trialLine) float64) column[trialLine] {
		return column[trialLine]{key: key, right: true, text: func(l trialLine) string { return exact(of(l)) }}
	}
	columns := []column[trialLine]{
		{key: "sku", text: func(l trialLine) string { return string(l.SKU) }},
		{key: "location", text: func(l trialLine) string { return string(l.Location) }},
		{key: "scenario", text: func(l trialLine) string { return l.Scenario }},
		{key: "policy", text: func(l trialLine) string { return l.Policy.Policy }},
		amount("a_year", func(l trialLine) money.Amount { return l.Policy.Mean }),
		amount("low95", func(l trialLine) money.Amount { return l.Policy.Low }),
		amount("high95", func(l trialLine) money.Amount { return l.Policy.High }),
	}
	columns = append(columns, advantageColumns("over_classical", func(l trialLine) *tradewind.AdvantageView { return &l.Policy.Over })...)
	return list(all, append(columns,
		amount("ceiling", func(l trialLine) money.Amount { return l.Ceiling }),
		column[trialLine]{key: "currency", text: func(l trialLine) string { return string(l.Policy.Mean.Currency()) }},
		figure("gap_closed", func(l trialLine) float64 { return l.Policy.Gap }),
		figure("fill_rate", func(l trialLine) float64 { return l.Policy.Fill }),
		figure("mean_stock", func(l trialLine) float64 { return l.Policy.Stock }),
		figure("weeks_sold_out", func(l trialLine) float64 { return l.Policy.Out }),
		figure("mean_price", func(l trialLine) float64 { return l.Policy.Price }),
	)...)
}

func (v *invocation) automationReview() *cobra.Command {
	var note string
	verdicts := []string{"right", "wrong"}
	c := v.command("review ID right|wrong", "cli.automation.review", exactly(2, "ID right|wrong"), func(ctx context.Context, args []string) error {
		if err := oneOf("VERDICT", args[1], verdicts); err != nil {
			return err
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			id := decisionID(args[0])
			if err := e.ReviewAutomated(ctx, id, args[1] == "right", actor(), note); err != nil {
				return err
			}
			type reviewed struct {
				ID     string `json:"id"`
				Review string `json:"review"`
			}
			return v.print(result{value: reviewed{string(id), args[1]}, page: func(p *page) {
				code := "cli.review.right"
				if args[1] == "wrong" {
					code = "cli.review.wrong"
				}
				p.prose("", v.text(code, messages.A("id", string(id))))
			}})
		})
	})
	c.Flags().StringVar(&note, "note", "", v.text("cli.flag.note"))
	return c
}

func (v *invocation) automationDrift() *cobra.Command {
	var items int
	c := v.command("drift", "cli.automation.drift", exactly(0, ""), func(ctx context.Context, _ []string) error {
		if items < 0 {
			return fault.New(fault.Usage, "E-NUMBER", fault.A("name", "--items"), fault.A("value", items))
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			r, err := e.Drift(ctx, items)
			if err != nil {
				return err
			}
			return v.print(result{value: r, rows: v.driftRows(r.Items), page: func(p *page) {
				p.prose("", v.text("cli.drift.done", messages.A("n", len(r.Items)), messages.A("asof", r.AsOf), messages.A("cost", r.Cost)))
				if len(r.Items) > 0 {
					p.line("")
					p.table(v.driftRows(r.Items[:min(len(r.Items), v.itemLimit())]))
				}
			}})
		})
	})
	c.Flags().IntVar(&items, "items", 0, v.text("cli.flag.drift-items"))
	return c
}

func (v *invocation) driftRows(all []tradewind.DriftView) *rows {
	type drift = tradewind.DriftView
	since := func(d drift) string {
		if len(d.Alarms) == 0 {
			return ""
		}
		return d.Alarms[len(d.Alarms)-1].Week.String()
	}
	return list(all,
		column[drift]{key: "sku", title: "cli.head.sku", text: func(d drift) string { return string(d.SKU) }},
		column[drift]{key: "weeks", title: "cli.head.weeks", right: true, text: func(d drift) string { return count(int64(d.Weeks)) }},
		column[drift]{key: "alarms", title: "cli.head.alarms", right: true, text: func(d drift) string { return count(int64(len(d.Alarms))) }},
		column[drift]{key: "newest_alarm", title: "cli.head.newest", text: since},
		amountColumn("cost_a_week", "cli.head.cost-a-week", func(d drift) *money.Amount { return &d.Cost }),
		column[drift]{key: "currency", text: func(d drift) string { return string(d.Cost.Currency()) }},
		column[drift]{key: "response", text: func(d drift) string { return d.Response }},
		column[drift]{key: "what", title: "cli.head.reason", flex: true, text: func(d drift) string { return d.What.In(v.lang) }},
	)
}
