package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) decisionsCommand() *cobra.Command {
	return v.group("decisions", "cli.decisions",
		v.decisionsList(), v.decisionsShow(), v.decisionsExplain(), v.decisionsReplay(),
		v.decisionsApprove(), v.decisionsReject(), v.decisionsSnooze(), v.decisionsExecute(),
		v.decisionsRevoke(), v.decisionsRollback())
}

// sorts are the orders of a list of decisions.
var sorts = []string{"gain", "-gain", "expires", "-expires", "cash", "-cash"}

func (v *invocation) decisionsList() *cobra.Command {
	var f tradewind.DecisionFilter
	var state, kind, sku, market string
	c := v.command("list", "cli.decisions.list", exactly(0, ""), func(ctx context.Context, _ []string) error {
		if err := oneOf("--state", state, append([]string{""}, states()...)); err != nil {
			return err
		}
		if err := oneOf("--kind", kind, append([]string{""}, kinds()...)); err != nil {
			return err
		}
		if err := oneOf("--sort", f.Sort, append([]string{""}, sorts...)); err != nil {
			return err
		}
		f.State, f.Kind = decision.State(state), decision.Kind(kind)
		f.SKU, f.Market = commerce.SKU(sku), commerce.Market(strings.ToUpper(market))
		f.Limit = v.flags.limit
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			found, err := e.Decisions(ctx, f)
			if err != nil {
				return err
			}
			return v.printDecisions(found)
		})
	})
	c.Flags().StringVar(&state, "state", "", v.text("cli.flag.state", messages.A("values", strings.Join(states(), ", "))))
	c.Flags().StringVar(&kind, "kind", "", v.text("cli.flag.kind", messages.A("values", strings.Join(kinds(), ", "))))
	c.Flags().StringVar(&sku, "sku", "", v.text("cli.flag.sku"))
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.market"))
	c.Flags().StringVar(&f.Sort, "sort", "", v.text("cli.flag.sort"))
	c.Flags().IntVar(&f.Offset, "offset", 0, v.text("cli.flag.offset"))
	complete(c, "state", states()...)
	complete(c, "kind", kinds()...)
	complete(c, "sort", sorts...)
	return c
}

func states() []string {
	var names []string
	for _, s := range decision.States {
		names = append(names, string(s))
	}
	return names
}

func kinds() []string {
	var names []string
	for _, k := range decision.Kinds {
		names = append(names, string(k))
	}
	return names
}

func (v *invocation) printDecisions(found []tradewind.DecisionView) error {
	if found == nil {
		found = []tradewind.DecisionView{}
	}
	return v.print(result{value: found, rows: v.decisionRows(found), page: func(p *page) {
		if len(found) == 0 {
			p.line(v.text("cli.decisions.none"))
			return
		}
		p.table(v.decisionRows(found))
	}})
}

func (v *invocation) decisionRows(found []tradewind.DecisionView) *rows {
	type view = tradewind.DecisionView
	amount := func(key string, of func(view) money.Amount) column[view] {
		return column[view]{key: key, title: "cli.head." + key, right: true,
			text: func(d view) string { return messages.Money(of(d)) }, raw: func(d view) string { return of(d).Decimal() }}
	}
	plain := func(key string, of func(view) string) column[view] { return column[view]{key: key, text: of} }
	return list(found,
		column[view]{key: "id", title: "cli.head.id", text: func(d view) string { return string(d.ID) }},
		plain("kind", func(d view) string { return string(d.Kind) }),
		plain("sku", func(d view) string { return string(d.Subject.SKU) }),
		plain("market", func(d view) string { return string(d.Subject.Market) }),
		plain("channel", func(d view) string { return string(d.Subject.Channel) }),
		plain("location", func(d view) string { return string(d.Subject.Location) }),
		plain("product", func(d view) string { return d.Product }),
		amount("gain", func(d view) money.Amount { return d.Gain.Mean }),
		amount("p10", func(d view) money.Amount { return d.Gain.P10 }),
		amount("p90", func(d view) money.Amount { return d.Gain.P90 }),
		plain("level", func(d view) string { return fmt.Sprint(d.Gain.Level) }),
		amount("cash", func(d view) money.Amount { return d.Cash }),
		plain("currency", func(d view) string { return string(d.Gain.Mean.Currency()) }),
		column[view]{key: "state", title: "cli.head.state", text: func(d view) string { return v.stateName(d) }, raw: func(d view) string { return string(d.State) }},
		column[view]{key: "expires", title: "cli.head.expires", text: func(d view) string { return d.Expires.UTC().Format("2006-01-02") }, raw: func(d view) string { return d.Expires.UTC().Format("2006-01-02T15:04:05Z") }},
		column[view]{key: "summary", title: "cli.head.summary", flex: true, text: func(d view) string { return d.Summary.In(v.lang) }},
		plain("assumed", func(d view) string { return strings.Join(d.Assumed, " ") }),
		plain("blocked", func(d view) string { return fmt.Sprint(d.Blocked) }),
		plain("fingerprint", func(d view) string { return d.Fingerprint }),
	)
}

func (v *invocation) stateName(d tradewind.DecisionView) string {
	if d.Snoozed != nil && d.State == decision.Proposed {
		return v.text("cli.state.snoozed")
	}
	return v.text("cli.state." + string(d.State))
}

func (v *invocation) decisionsShow() *cobra.Command {
	return v.command("show ID", "cli.decisions.show", exactly(1, "ID"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			x, err := e.Explain(ctx, decisionID(args[0]))
			if err != nil {
				return err
			}
			one := v.decisionRows([]tradewind.DecisionView{x.DecisionView})
			return v.print(result{value: x.DecisionView, rows: one, page: func(p *page) { v.headPage(p, x) }})
		})
	})
}

func (v *invocation) decisionsExplain() *cobra.Command {
	return v.command("explain ID", "cli.decisions.explain", exactly(1, "ID"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			x, err := e.Explain(ctx, decisionID(args[0]))
			if err != nil {
				return err
			}
			return v.print(result{value: x, page: func(p *page) { v.explainPage(p, x) }})
		})
	})
}

func (v *invocation) decisionsReplay() *cobra.Command {
	return v.command("replay ID", "cli.decisions.replay", exactly(1, "ID"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			r, err := e.Replay(ctx, decisionID(args[0]))
			if err != nil {
				return err
			}
			err = v.print(result{value: r, page: func(p *page) {
				if r.Same {
					p.line(v.text("cli.replay.same", messages.A("id", string(r.ID))))
				}
				for _, d := range r.Difference {
					p.line("  " + d)
				}
			}})
			if err == nil && !r.Same {
				err = fault.New(fault.Stale, "E-REPLAY", fault.A("id", string(r.ID)))
			}
			return err
		})
	})
}

// decisionID accepts an ID as people type it.
func decisionID(s string) decision.ID { return decision.ID(strings.ToUpper(strings.TrimSpace(s))) }
