package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) promosCommand() *cobra.Command {
	return v.group("promos", "cli.promos", v.promosPlan())
}

// mostSlots is the most promotions a week and market that the settings allow, too.
const mostSlots = 1000

func (v *invocation) promosPlan() *cobra.Command {
	var o tradewind.PromoOptions
	var market, budget string
	var c *cobra.Command
	c = v.command("plan", "cli.promos.plan", exactly(0, ""), func(ctx context.Context, _ []string) error {
		o.Market = marketOf(market)
		switch given := c.Flags().Changed; {
		case given("weeks") && o.Weeks == 0:
			return fault.New(fault.Usage, "E-PROMO-WEEKS", fault.A("n", 0))
		case given("slots") && (o.Slots < 1 || o.Slots > mostSlots):
			return fault.New(fault.Usage, "E-PROMO-SLOTS", fault.A("n", o.Slots), fault.A("most", mostSlots))
		case given("budget"):
			var err error
			if o.Budget, err = money.Parse(budget, ""); err != nil || o.Budget.Sign() <= 0 {
				return fault.New(fault.Usage, "E-PROMO-BUDGET", fault.A("value", budget))
			}
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error { return v.planPromos(ctx, e, o) })
	})
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.promos-market"))
	c.Flags().IntVar(&o.Weeks, "weeks", 0, v.text("cli.flag.promos-weeks"))
	c.Flags().IntVar(&o.Slots, "slots", 0, v.text("cli.flag.promos-slots"))
	c.Flags().StringVar(&budget, "budget", "", v.text("cli.flag.promos-budget"))
	return c
}

func (v *invocation) planPromos(ctx context.Context, e *tradewind.Engine, o tradewind.PromoOptions) error {
	if o.Market != "" {
		board, err := e.PriceBoard(ctx, tradewind.PriceFilter{Market: o.Market, Limit: 1})
		if err != nil {
			return err
		}
		if err := soldSomewhere(board, "", o.Market); err != nil {
			return err
		}
	}
	plan, err := e.PromoPlan(ctx, o)
	if err != nil {
		return err
	}
	return v.print(result{value: plan, rows: v.promoRows(plan.Promos), page: func(p *page) { v.promosPage(p, plan) }})
}

func (v *invocation) promosPage(p *page, plan *tradewind.PromoPlanView) {
	p.line(v.bold(v.text("cli.promos.title", messages.A("day", plan.From), messages.A("weeks", plan.Weeks), messages.A("slots", plan.Slots))))
	if len(plan.Promos) > 0 {
		p.table(v.promoRows(plan.Promos))
		p.line("")
	} else {
		p.prose("", plan.Reason.In(v.lang))
	}
	p.facts(
		[2]string{v.text("cli.promos.value"), estimated(&plan.Value)},
		[2]string{v.text("cli.promos.bound"), v.text("cli.promos.gap", messages.A("bound", plan.Bound), messages.A("gap", messages.Percent(plan.Gap)))},
	)
	if len(plan.Limits) > 0 {
		p.heading("cli.promos.limits")
		v.constraints(p, plan.Limits)
	}
	v.uplifts(p, plan.Uplifts)
	v.notPromoted(p, plan.LeftOut)
	v.pastPromos(p, plan.Past)
	if len(plan.Rules) > 0 {
		p.heading("cli.explain.rules")
		p.table(v.ruleTable(plan.Rules))
	}
	v.textPart(p, "cli.prices.warnings", plan.Warnings)
	v.assumedPart(p, plan.Assumed)
	v.notAdvice(p)
}

// vehicle names how a promotion reaches people.
func (v *invocation) vehicle(name string) string {
	if code := "decision.vehicle." + name; messages.Has(code) {
		return v.text(code)
	}
	return name
}

// promoRows are the calendar.
func (v *invocation) promoRows(promos []tradewind.PromoView) *rows {
	type promo = tradewind.PromoView
	columns := append([]column[promo]{
		{key: "week", title: "cli.head.week-no", right: true, text: func(x promo) string { return strconv.Itoa(x.Week) }},
		{key: "from", title: "cli.head.from", text: func(x promo) string { return x.From.String() }},
		{key: "to", title: "cli.head.to", text: func(x promo) string { return x.To.String() }},
	}, itemColumns(promos, func(x promo) commerce.Item { return x.Item })...)
	columns = append(columns,
		column[promo]{key: "product", text: func(x promo) string { return x.Product }},
		amountColumn("was", "cli.head.was", func(x promo) *money.Amount { return &x.Was }),
		amountColumn("price", "cli.head.price", func(x promo) *money.Amount { return &x.Price }),
		column[promo]{key: "currency", text: func(x promo) string { return string(x.Price.Currency()) }},
		column[promo]{key: "depth", title: "cli.head.depth", right: true, text: func(x promo) string { return percent(x.Depth) }, raw: func(x promo) string { return exact(x.Depth) }},
		amountColumn("prior_price", "cli.head.prior", func(x promo) *money.Amount { return known(x.Prior) }), // law may name none
		column[promo]{key: "announced_reduction", title: "cli.head.announced", right: true, text: func(x promo) string { return percent(x.Announce) }, raw: func(x promo) string { return exact(x.Announce) }},
		column[promo]{key: "vehicle", title: "cli.head.vehicle", text: func(x promo) string { return v.vehicle(x.Vehicle) }, raw: func(x promo) string { return x.Vehicle }},
	)
	columns = append(columns, intervalColumns("extra_units", "cli.head.extra", wholes, func(x promo) *tradewind.IntervalView { return &x.Units })...)
	columns = append(columns, estimateColumns("value", "cli.head.gain", func(x promo) *tradewind.EstimateView { return &x.Value })...)
	return list(promos, append(columns,
		column[promo]{key: "decision", title: "cli.head.decision", text: func(x promo) string { return string(x.Decision) }},
	)...)
}

func (v *invocation) uplifts(p *page, uplifts []tradewind.UpliftView) {
	if len(uplifts) == 0 {
		return
	}
	type uplift = tradewind.UpliftView
	p.heading("cli.promos.uplift")
	p.table(list(uplifts,
		column[uplift]{title: "cli.head.category", text: func(u uplift) string {
			if u.Category == "" {
				return v.text("cli.promos.no-category")
			}
			return u.Category
		}},
		column[uplift]{title: "cli.head.vehicle", text: func(u uplift) string { return v.vehicle(u.Vehicle) }},
		column[uplift]{title: "cli.head.promotions", right: true, text: func(u uplift) string { return count(int64(u.Promos)) }},
		column[uplift]{title: "cli.head.lift", right: true, text: func(u uplift) string { return spread(u.Lift, times) }},
		column[uplift]{title: "cli.head.dip", right: true, text: func(u uplift) string { return percentOr(u.Dip) }},
		column[uplift]{title: "cli.head.reason", flex: true, text: func(u uplift) string { return u.Reason.In(v.lang) }},
	))
}

func times(x float64) string { return "× " + fixed(x, 2) }

func (v *invocation) notPromoted(p *page, left []tradewind.PromoLeftOut) {
	if len(left) == 0 {
		return
	}
	type item = tradewind.PromoLeftOut
	p.heading("cli.promos.left", messages.A("n", len(left)))
	v.someOf(p, len(left), func(n int) *rows {
		return list(left[:n],
			column[item]{title: "cli.head.sku", text: func(x item) string { return string(x.Item.SKU) }},
			column[item]{title: "cli.head.market", text: func(x item) string { return string(x.Item.Market) }},
			column[item]{title: "cli.head.reason", flex: true, text: func(x item) string { return x.Reason.In(v.lang) }},
		)
	})
}

func (v *invocation) pastPromos(p *page, past []tradewind.PastPromotion) {
	if len(past) == 0 {
		return
	}
	type promo = tradewind.PastPromotion
	p.heading("cli.promos.past", messages.A("n", len(past)))
	v.someOf(p, len(past), func(n int) *rows {
		return list(past[:n],
			column[promo]{title: "cli.head.from", text: func(x promo) string { return x.From.String() }},
			column[promo]{title: "cli.head.to", text: func(x promo) string { return x.To.String() }},
			column[promo]{title: "cli.head.sku", text: func(x promo) string { return string(x.Item.SKU) }},
			column[promo]{title: "cli.head.market", text: func(x promo) string { return string(x.Item.Market) }},
			column[promo]{title: "cli.head.depth", right: true, text: func(x promo) string { return percentOr(x.Depth) }},
			column[promo]{title: "cli.head.vehicle", text: func(x promo) string { return v.vehicle(x.Vehicle) }},
			column[promo]{title: "cli.head.name", flex: true, text: func(x promo) string { return x.Name }},
		)
	})
}

// someOf writes the first of n rows, as many as --limit says, and how many are left.
func (v *invocation) someOf(p *page, n int, first func(n int) *rows) {
	shown := min(n, v.itemLimit())
	p.table(first(shown))
	if n > shown {
		p.line(v.text("cli.prices.more", messages.A("n", n-shown)))
	}
}
