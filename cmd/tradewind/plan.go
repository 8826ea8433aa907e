package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/fault"
	"tradewind/messages"
)

// planShown is how many decisions and how many things left out a plan prints.
const planShown = 10

func (v *invocation) planCommand() *cobra.Command {
	var o tradewind.PlanOptions
	c := v.command("plan", "cli.plan", exactly(0, ""), func(ctx context.Context, _ []string) error {
		if o.Workers < 0 {
			return fault.New(fault.Usage, "E-NUMBER", fault.A("name", "--workers"), fault.A("value", o.Workers))
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			p, end := v.newProgress()
			o.Progress = p.update
			report, err := e.Plan(ctx, o)
			end(err)
			if err != nil {
				return err
			}
			run, err := automate(ctx, e, report)
			unsaid := v.print(result{value: planned{report, run}, rows: v.decisionRows(report.Decisions), page: func(p *page) {
				v.planPage(p, report)
				if run != nil {
					p.heading("cli.plan.policies")
					v.roundPage(p, run)
				}
			}})
			return errors.Join(err, unsaid)
		})
	})
	c.Flags().IntVar(&o.Workers, "workers", 0, v.text("cli.flag.workers"))
	return c
}

// planned is a plan, and what policies made of it.
type planned struct {
	*tradewind.PlanReport
	Automation *tradewind.AutomationRun `json:"automation"` // nil: no mandate is in force
}

// automate lets policies act on a plan where a mandate is in force, and shows the decisions
// that they took as they then stand.
func automate(ctx context.Context, e *tradewind.Engine, r *tradewind.PlanReport) (*tradewind.AutomationRun, error) {
	s, err := e.Automation(ctx)
	if err != nil || len(s.Mandates) == 0 {
		return nil, err
	}
	run, err := e.Automate(ctx, actor())
	if run == nil {
		return nil, err
	}
	for _, step := range run.Done {
		for i := range r.Decisions {
			if r.Decisions[i].ID == step.Decision.ID {
				r.Decisions[i] = step.Decision
			}
		}
	}
	return run, err
}

func (v *invocation) planPage(p *page, r *tradewind.PlanReport) {
	p.prose("", v.text("cli.plan.done", messages.A("n", len(r.Decisions)), messages.A("items", r.Items), messages.A("markets", r.Markets),
		messages.A("asof", r.FactsAsOf), messages.A("seconds", messages.Decimal{X: r.Seconds, Places: 1})))
	p.prose("", v.text("cli.plan.worth", messages.A("gain", r.Gain), messages.A("cash", r.Cash)))
	if shown := r.Decisions[:min(len(r.Decisions), limitOr(v.flags.limit, planShown))]; len(shown) > 0 {
		p.line("")
		p.table(v.decisionRows(shown))
		if more := len(r.Decisions) - len(shown); more > 0 {
			p.line(v.text("cli.plan.more", messages.A("n", more)))
		}
	}
	v.leftOut(p, r.LeftOut)
	if len(r.Limits) > 0 {
		p.heading("cli.plan.limits")
		v.constraints(p, r.Limits)
	}
	if len(r.Warnings) > 0 {
		p.heading("cli.plan.warnings")
		for _, w := range r.Warnings {
			p.prose("  - ", w.In(v.lang))
		}
	}
}

func (v *invocation) leftOut(p *page, out []tradewind.LeftOutView) {
	if len(out) == 0 {
		return
	}
	type left = tradewind.LeftOutView
	p.heading("cli.plan.left-out", messages.A("n", len(out)))
	p.table(list(out[:min(len(out), planShown)],
		column[left]{title: "cli.head.subject", text: func(l left) string { return l.Subject.String() }},
		column[left]{title: "cli.head.gain", right: true, text: func(l left) string { return messages.Money(l.Gain) }},
		column[left]{title: "cli.head.cash", right: true, text: func(l left) string { return messages.Money(l.Cash) }},
		column[left]{title: "cli.head.reason", flex: true, text: func(l left) string { return l.Reason.In(v.lang) }},
	))
}
