package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// mandating are the flags of a request for a mandate.
type mandating struct {
	kinds, maxCash, dayCash, until, reason string
	maxStep                                float64
}

func (v *invocation) automationMandate() *cobra.Command {
	var m mandating
	c := v.command("mandate POLICY", "cli.automation.mandate", exactly(1, "POLICY"), func(ctx context.Context, args []string) error {
		r, err := m.request(args[0])
		if err != nil {
			return err
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			d, err := e.ProposeMandate(ctx, r)
			if err != nil {
				return err
			}
			if err := v.printDecisions([]tradewind.DecisionView{*d}); err != nil {
				return err
			}
			v.say(messages.M("cli.mandate.next", messages.A("id", string(d.ID))))
			return nil
		})
	})
	f := c.Flags()
	f.StringVar(&m.kinds, "kinds", "", v.text("cli.flag.kinds"))
	f.StringVar(&m.maxCash, "max-cash", "", v.text("cli.flag.max-cash"))
	f.StringVar(&m.dayCash, "day-cash", "", v.text("cli.flag.day-cash"))
	f.Float64Var(&m.maxStep, "max-step", 0, v.text("cli.flag.max-step"))
	f.StringVar(&m.until, "until", "", v.text("cli.flag.last-day"))
	f.StringVar(&m.reason, "reason", "", v.text("cli.flag.mandate-reason"))
	complete(c, "kinds", kinds()...)
	return c
}

// request passes on what was said; which mandates there can be, the engine knows.
func (m *mandating) request(policy string) (r tradewind.MandateRequest, err error) {
	r = tradewind.MandateRequest{Policy: policy, MaxCash: m.maxCash, DayCash: m.dayCash, MaxStep: m.maxStep, Reason: m.reason, By: actor()}
	for _, k := range strings.FieldsFunc(m.kinds, func(r rune) bool { return r == ',' || r == ' ' }) {
		if err := oneOf("--kinds", k, kinds()); err != nil {
			return r, err
		}
		r.Kinds = append(r.Kinds, decision.Kind(k))
	}
	if m.until != "" {
		if r.Until, err = calendar.ParseDay(m.until); err != nil {
			return r, fault.From(err, fault.Usage, "E-DATE-FORMAT", fault.A("value", m.until))
		}
	}
	return r, nil
}

func (v *invocation) automationMandates() *cobra.Command {
	return v.command("mandates", "cli.automation.mandates", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			all, err := e.Mandates(ctx)
			if err != nil {
				return err
			}
			return v.print(result{value: all, rows: v.mandateRows(all), page: func(p *page) {
				if len(all) == 0 {
					p.prose("", v.text("cli.mandates.none"))
					return
				}
				p.table(v.mandateRows(all))
			}})
		})
	})
}

func (v *invocation) mandateRows(all []tradewind.MandateView) *rows {
	type mandate = tradewind.MandateView
	kinds := func(m mandate) (words, names []string) {
		for _, k := range m.Kinds {
			words, names = append(words, k.Name().In(v.lang)), append(names, string(k))
		}
		return words, names
	}
	step := ""
	if slices.ContainsFunc(all, func(m mandate) bool { return m.MaxStep > 0 }) {
		step = "cli.head.step"
	}
	return list(all,
		column[mandate]{key: "id", title: "cli.head.id", text: func(m mandate) string { return string(m.ID) }},
		column[mandate]{key: "policy", title: "cli.head.policy", text: func(m mandate) string { return m.Policy }},
		column[mandate]{key: "state", title: "cli.head.state", text: func(m mandate) string { return v.text("cli.state." + string(m.State)) }, raw: func(m mandate) string { return string(m.State) }},
		column[mandate]{key: "in_force", title: "cli.head.in-force", text: func(m mandate) string { return v.yes(m.InForce) }, raw: func(m mandate) string { return truth(m.InForce) }},
		column[mandate]{key: "level", title: "cli.head.level", text: func(m mandate) string { return v.levelName(m.Level) }, raw: func(m mandate) string { return m.Level }},
		column[mandate]{key: "kinds", title: "cli.head.kinds", text: func(m mandate) string { words, _ := kinds(m); return strings.Join(words, ", ") }, raw: func(m mandate) string { _, names := kinds(m); return strings.Join(names, " ") }},
		amountColumn("max_cash", "cli.head.max-cash", func(m mandate) *money.Amount { return &m.MaxCash }),
		amountColumn("day_cash", "cli.head.day-cash", func(m mandate) *money.Amount { return &m.DayCash }),
		amountColumn("used_cash", "cli.head.used", func(m mandate) *money.Amount { return &m.UsedCash }),
		column[mandate]{key: "currency", text: func(m mandate) string { return string(m.MaxCash.Currency()) }},
		column[mandate]{key: "max_step", title: step, right: true, text: func(m mandate) string { return percent(m.MaxStep) }, raw: func(m mandate) string { return exact(m.MaxStep) }},
		column[mandate]{key: "used_moves", right: true, text: func(m mandate) string { return count(int64(m.UsedMoves)) }},
		column[mandate]{key: "until", title: "cli.head.until", text: func(m mandate) string { return m.Until.String() }},
		column[mandate]{key: "author", text: func(m mandate) string { return m.Author }},
		column[mandate]{key: "granted_by", text: func(m mandate) string { return strings.Join(m.GrantedBy, " ") }},
		column[mandate]{key: "fingerprint", text: func(m mandate) string { return m.Fingerprint }},
	)
}

// levelName says how far a policy has climbed.
func (v *invocation) levelName(level string) string { return v.text("automation.level." + level) }
