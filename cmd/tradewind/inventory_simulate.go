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

func (v *invocation) inventorySimulate() *cobra.Command {
	var location string
	var s tradewind.StockScenario
	c := v.command("simulate SKU", "cli.inventory.simulate", exactly(1, "SKU"), func(ctx context.Context, args []string) error {
		for _, flag := range []struct {
			name string
			x    float64
		}{{"--demand", s.Demand}, {"--price", s.Price}, {"--weeks", float64(s.Weeks)}, {"--episodes", float64(s.Episodes)}} {
			if flag.x == 0 { // would stand for what is usual
				return fault.New(fault.Usage, "E-STOCK-NOTHING", fault.A("flag", flag.name))
			}
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			p, end := v.newProgress()
			s.Progress = p.update
			x, err := e.SimulateInventory(ctx, commerce.SKU(args[0]), commerce.Location(location), s)
			end(err)
			if err != nil {
				return err
			}
			return v.print(result{value: x, rows: v.wayRows(x.Policies), page: func(p *page) { v.simulatedStock(p, x) }})
		})
	})
	c.Flags().StringVar(&location, "location", "", v.text("cli.flag.stock-location-one"))
	c.Flags().Float64Var(&s.Demand, "demand", 1, v.text("cli.flag.stock-demand"))
	c.Flags().Float64Var(&s.LeadDays, "lead", 0, v.text("cli.flag.stock-lead"))
	c.Flags().Float64Var(&s.Fill, "fill", 0, v.text("cli.flag.stock-fill"))
	c.Flags().Float64Var(&s.Price, "price", 1, v.text("cli.flag.stock-price"))
	c.Flags().IntVar(&s.Weeks, "weeks", 52, v.text("cli.flag.stock-weeks"))
	c.Flags().IntVar(&s.Episodes, "episodes", 200, v.text("cli.flag.stock-episodes"))
	return c
}

func (v *invocation) simulatedStock(p *page, x *tradewind.StockSimulation) {
	p.line(v.bold(oneLine(joined([]string{string(x.SKU), x.Product, string(x.Location)}))))
	s := x.Scenario
	said := []string{v.text("cli.inventory.scenario", messages.A("demand", messages.Decimal{X: s.Demand, Places: 2}), messages.A("lead", signedUnits(s.LeadDays)), messages.A("price", messages.Decimal{X: s.Price, Places: 2}))}
	if s.Fill > 0 {
		said = append(said, v.text("cli.inventory.scenario-fill", messages.A("fill", messages.Percent(s.Fill))))
	}
	p.prose("", joined(said))
	if x.Reason != nil {
		p.prose("", x.Reason.In(v.lang))
	}
	if x.Now != nil {
		p.heading("cli.inventory.order")
		p.table(v.answerRows(x))
	}
	if weeks := everyWeek(x.Projection); len(weeks) > 0 {
		p.heading("cli.inventory.projection", messages.A("units", int64(x.Then.Units)))
		p.table(stockDays(weeks))
	}
	if x.Refused != nil {
		p.heading("cli.inventory.not-simulated")
		p.prose("  ", x.Refused.Reason.In(v.lang))
		p.prose("  → ", x.Refused.Remedy.In(v.lang))
	}
	if len(x.Policies) > 0 {
		p.heading("cli.inventory.trials", messages.A("weeks", s.Weeks), messages.A("n", s.Episodes))
		p.table(v.wayRows(x.Policies))
	}
	v.fitPart(p, x.Fit)
	v.textPart(p, "cli.prices.notes", x.Notes)
	v.assumedPart(p, x.Assumed)
}

// answer is what the ordering rule asks for, today or under the scenario.
type answer struct {
	name string
	*tradewind.OrderAnswer
}

func (v *invocation) answerRows(x *tradewind.StockSimulation) *rows {
	all := []answer{{v.text("cli.inventory.as-is"), x.Now}}
	if x.Then != nil {
		all = append(all, answer{v.text("cli.inventory.as-asked"), x.Then})
	}
	columns := []column[answer]{
		{title: "cli.head.case", text: func(a answer) string { return a.name }},
		wholeColumn("", "cli.head.order", func(a answer) float64 { return a.Units }),
		wholeColumn("", "cli.head.up-to", func(a answer) float64 { return a.UpTo }),
		shareColumn("", "cli.head.ratio", func(a answer) float64 { return a.Ratio }),
		shareColumn("", "cli.head.fill", func(a answer) float64 { return a.Fill }),
		shareColumn("", "cli.head.out", func(a answer) float64 { return a.StockOut }),
		wholeColumn("", "cli.head.lead", func(a answer) float64 { return a.LeadDays }),
		{title: "cli.head.daily", right: true, text: func(a answer) string { return fixed(a.Daily, 1) }},
	}
	columns = append(columns, estimateColumns("", "cli.head.gain", func(a answer) *tradewind.EstimateView { return &a.Gain })...)
	return list(all, append(columns, amountColumn("", "cli.head.cash", func(a answer) *money.Amount { return &a.Cash }))...)
}

func (v *invocation) wayRows(all []tradewind.StockTrial) *rows {
	type trial = tradewind.StockTrial
	amount := func(key, title string, of func(trial) money.Amount) column[trial] {
		return amountColumn(key, title, func(x trial) *money.Amount { return new(of(x)) })
	}
	return list(all,
		column[trial]{key: "policy", title: "cli.head.policy", text: func(x trial) string {
			name := x.Name.In(v.lang)
			if x.FreePrice {
				name += " *"
			}
			if x.Best {
				name = "▸ " + name
			}
			return name
		}, raw: func(x trial) string { return x.Policy }},
		column[trial]{key: "sets_prices", text: func(x trial) string { return truth(x.FreePrice) }},
		shareColumn("fill_rate", "cli.head.fill", func(x trial) float64 { return x.Fill }),
		column[trial]{key: "mean_stock", title: "cli.head.mean-stock", right: true, text: func(x trial) string { return wholes(x.Stock) }, raw: func(x trial) string { return exact(x.Stock) }},
		amount("tied", "cli.head.tied", func(x trial) money.Amount { return x.Tied }),
		shareColumn("weeks_sold_out", "cli.head.weeks-out", func(x trial) float64 { return x.Out }),
		wholeColumn("units_lost", "cli.head.lost", func(x trial) float64 { return x.Lost }),
		column[trial]{key: "orders", title: "cli.head.orders", right: true, text: func(x trial) string { return fixed(x.Orders, 1) }, raw: func(x trial) string { return exact(x.Orders) }},
		amount("mean_price", "cli.head.price", func(x trial) money.Amount { return x.Price }),
		column[trial]{title: "cli.head.contribution-year", right: true, text: func(x trial) string {
			return estimated(&tradewind.EstimateView{Mean: x.Mean, Low: x.Low, High: x.High})
		}},
		amount("contribution", "", func(x trial) money.Amount { return x.Mean }),
		amount("contribution_low", "", func(x trial) money.Amount { return x.Low }),
		amount("contribution_high", "", func(x trial) money.Amount { return x.High }),
		column[trial]{title: "cli.head.over-today", right: true, text: func(x trial) string {
			if x.Over.Gain.IsZero() && x.Over.Low.IsZero() {
				return "–"
			}
			return estimated(&tradewind.EstimateView{Mean: x.Over.Gain, Low: x.Over.Low, High: x.Over.High})
		}},
		amount("over_today", "", func(x trial) money.Amount { return x.Over.Gain }),
		amount("over_today_low", "", func(x trial) money.Amount { return x.Over.Low }),
		amount("over_today_high", "", func(x trial) money.Amount { return x.Over.High }),
		column[trial]{key: "currency", text: func(x trial) string { return string(x.Mean.Currency()) }},
	)
}

// fitPart shows how the simulated shop was held against the past.
func (v *invocation) fitPart(p *page, checks []tradewind.FitView) {
	if len(checks) == 0 {
		return
	}
	type fit = tradewind.FitView
	p.heading("cli.inventory.like")
	p.table(list(checks,
		column[fit]{title: "cli.head.check", text: func(f fit) string { return f.Title.In(v.lang) }},
		column[fit]{title: "cli.head.value", right: true, text: func(f fit) string {
			if !f.Tested {
				return "–"
			}
			return fixed(f.Statistic, 3)
		}},
		column[fit]{title: "cli.head.limit", right: true, text: func(f fit) string {
			return joinedRange(f.Least, f.Limit)
		}},
		column[fit]{title: "cli.head.passed", text: func(f fit) string {
			if !f.Tested {
				return v.text("cli.inventory.untested")
			}
			return v.yes(f.Passed)
		}},
	))
}

// joinedRange shows the bounds that a value has to keep.
func joinedRange(least, most *float64) string {
	switch {
	case least != nil && most != nil:
		return fixed(*least, 3) + " … " + fixed(*most, 3)
	case most != nil:
		return fixed(*most, 3)
	}
	return "–"
}
