package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// itemFlags say which item of a SKU is meant.
type itemFlags struct{ market, channel string }

func (f *itemFlags) add(v *invocation, c *cobra.Command) {
	c.Flags().StringVar(&f.market, "market", "", v.text("cli.flag.prices-item-market"))
	c.Flags().StringVar(&f.channel, "channel", "", v.text("cli.flag.prices-item-channel"))
}

func (f *itemFlags) item(sku string) commerce.Item {
	return commerce.Item{SKU: commerce.SKU(sku), Market: marketOf(f.market), Channel: commerce.Channel(f.channel)}
}

func (v *invocation) pricesExplain() *cobra.Command {
	var f itemFlags
	c := v.command("explain SKU", "cli.prices.explain", exactly(1, "SKU"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			d, err := e.ExplainPrice(ctx, f.item(args[0]))
			if err != nil {
				return err
			}
			return v.print(result{value: d, rows: v.curveRows(d.Curve), page: func(p *page) { v.pricePage(p, d) }})
		})
	})
	f.add(v, c)
	return c
}

// pricePage is everything about one price, in reading order: what to do, what it rests on,
// what keeps it where it is.
func (v *invocation) pricePage(p *page, d *tradewind.PriceDetail) {
	p.line(v.bold(itemTitle(d.Item, d.Product)))
	p.prose("", joined([]string{v.priceState(d.State), d.Reason.In(v.lang)}))
	p.heading("cli.prices.price")
	p.facts(v.priceFacts(d)...)
	if d.Elasticity != nil {
		p.heading("cli.prices.elasticity")
		p.facts(v.elasticityFacts(d.Elasticity)...)
	}
	v.estimators(p, d.Rungs)
	v.gates(p, d.Gates)
	if len(d.Curve) > 0 {
		p.heading("cli.prices.curve", messages.A("n", d.Horizon))
		p.table(v.curveRows(d.Curve))
	}
	v.observed(p, d.Observed)
	v.waterfall(p, "cli.prices.waterfall", d.Waterfall)
	v.priceLimits(p, "cli.prices.limits", d.Limits)
	v.priceHistory(p, "cli.prices.history", d.History)
	v.priceTest(p, d.Test)
	v.textPart(p, "cli.prices.notes", d.Notes)
	v.assumedPart(p, d.Assumed)
	if d.Decision != "" {
		p.line("")
		p.line(v.text("cli.prices.decision", messages.A("id", string(d.Decision))))
	}
	v.notAdvice(p)
}

func itemTitle(item commerce.Item, product string) string {
	return oneLine(joined([]string{string(item.SKU), product, string(item.Market), string(item.Channel)}))
}

func (v *invocation) priceFacts(d *tradewind.PriceDetail) [][2]string {
	asked := moneyOr(known(d.Price))
	if d.Since != nil {
		asked = v.text("cli.prices.since", messages.A("price", d.Price), messages.A("day", *d.Since))
	}
	facts := [][2]string{{v.text("cli.prices.now"), asked}}
	add := func(code, value string) { facts = append(facts, [2]string{v.text(code), value}) }
	if d.Best != nil {
		add("cli.prices.best", messages.Money(*d.Best))
	}
	if len(d.Flat) == 2 {
		add("cli.prices.flat", v.text("cli.prices.range", messages.A("low", d.Flat[0]), messages.A("high", d.Flat[1])))
	}
	if d.Gain != nil {
		add("cli.prices.gain", v.text("cli.prices.gained", messages.A("gain", estimated(d.Gain)), messages.A("n", d.Horizon)))
	}
	add("cli.prices.cost", moneyOr(d.Cost))
	add("cli.prices.margin", percentOr(d.Margin))
	add("cli.prices.weekly", fixed(d.Units, 1))
	add("cli.prices.rival", moneyOr(d.Rival))
	return facts
}

func (v *invocation) elasticityFacts(e *tradewind.ElasticityView) [][2]string {
	facts := [][2]string{
		{v.text("cli.prices.mean"), v.text("cli.prices.interval", messages.A("mean", messages.Decimal{X: e.Mean, Places: 2}),
			messages.A("low", messages.Decimal{X: e.Low, Places: 2}), messages.A("high", messages.Decimal{X: e.High, Places: 2}))},
		{v.text("cli.prices.rests-on"), e.SourceName.In(v.lang)},
		{v.text("cli.prices.identified"), v.yes(e.Identified)},
	}
	if reason := e.Reason.In(v.lang); reason != "" {
		facts = append(facts, [2]string{v.text("cli.prices.reason"), reason})
	}
	if e.Rival != nil {
		facts = append(facts, [2]string{v.text("cli.prices.cross"), fixed(*e.Rival, 2)})
	}
	return facts
}

func (v *invocation) yes(is bool) string {
	if is {
		return v.text("cli.yes")
	}
	return v.text("cli.no")
}

// numberOr shows a number that may not be known.
func numberOr(x *float64) string {
	if x == nil {
		return "–"
	}
	return fixed(*x, 2)
}

func (v *invocation) estimators(p *page, rungs []tradewind.RungView) {
	if len(rungs) == 0 {
		return
	}
	type rung = tradewind.RungView
	number := func(title string, of func(rung) *float64) column[rung] {
		return column[rung]{title: title, right: true, text: func(r rung) string { return numberOr(of(r)) }}
	}
	p.heading("cli.prices.estimators")
	p.table(list(rungs,
		column[rung]{title: "cli.head.estimator", text: func(r rung) string { return r.Name.In(v.lang) }},
		number("cli.head.elasticity", func(r rung) *float64 { return r.Mean }),
		number("cli.head.se", func(r rung) *float64 { return r.SE }),
		number("cli.head.low95", func(r rung) *float64 { return r.Low }),
		number("cli.head.high95", func(r rung) *float64 { return r.High }),
		column[rung]{title: "cli.head.agrees", text: func(r rung) string {
			if r.Mean == nil {
				return "–"
			}
			return v.yes(r.Agrees)
		}},
		column[rung]{title: "cli.head.note", flex: true, text: func(r rung) string { return r.Note.In(v.lang) }},
	))
}

func (v *invocation) gates(p *page, gates []tradewind.GateView) {
	if len(gates) == 0 {
		return
	}
	type gate = tradewind.GateView
	p.heading("cli.prices.gates")
	p.table(list(gates,
		column[gate]{title: "cli.head.check", text: func(g gate) string { return g.Name.In(v.lang) }},
		column[gate]{title: "cli.head.value", right: true, text: func(g gate) string { return g.Value }},
		column[gate]{title: "cli.head.limit", right: true, text: func(g gate) string { return g.Limit }},
		column[gate]{title: "cli.head.passed", text: func(g gate) string { return v.yes(g.Passed) }},
	))
}

func (v *invocation) curveRows(points []tradewind.CurvePoint) *rows {
	type point = tradewind.CurvePoint
	columns := []column[point]{
		{title: "cli.head.bar", text: func(x point) string {
			if x.Selected {
				return "▸"
			}
			return ""
		}},
		amountColumn("price", "cli.head.price", func(x point) *money.Amount { return &x.Price }),
		{key: "currency", text: func(x point) string { return string(x.Price.Currency()) }},
		{key: "legal", title: "cli.head.allowed", text: func(x point) string { return v.yes(x.Legal) }, raw: func(x point) string { return truth(x.Legal) }},
		{key: "breaks", text: func(x point) string { return strings.Join(x.Breaks, " ") }},
		{key: "best", text: func(x point) string { return truth(x.Selected) }},
	}
	columns = append(columns, intervalColumns("units", "cli.head.units", wholes, func(x point) *tradewind.IntervalView { return &x.Units })...)
	return list(points, append(columns, estimateColumns("profit", "cli.head.contribution", func(x point) *tradewind.EstimateView { return &x.Profit })...)...)
}

func (v *invocation) observed(p *page, observed []tradewind.ObservedPrice) {
	if len(observed) == 0 {
		return
	}
	type seen = tradewind.ObservedPrice
	p.heading("cli.prices.observed")
	p.table(list(observed,
		amountColumn("", "cli.head.price", func(o seen) *money.Amount { return &o.Price }),
		column[seen]{title: "cli.head.weeks", right: true, text: func(o seen) string { return count(int64(o.Weeks)) }},
		column[seen]{title: "cli.head.weekly", right: true, text: func(o seen) string { return fixed(o.Units, 1) }},
		column[seen]{title: "cli.head.promoted", text: func(o seen) string { return v.yes(o.Promo) }},
	))
}

// waterfall shows what becomes of today's price and, where there is one, of another.
func (v *invocation) waterfall(p *page, heading string, parts []tradewind.WaterfallPart) {
	if len(parts) == 0 {
		return
	}
	type part = tradewind.WaterfallPart
	columns := []column[part]{
		{title: "cli.head.driver", text: func(x part) string { return x.Name.In(v.lang) }},
		amountColumn("", "cli.head.now", func(x part) *money.Amount { return &x.Now }),
	}
	if parts[0].Then != nil {
		columns = append(columns, amountColumn("", "cli.head.then", func(x part) *money.Amount { return x.Then }))
	}
	columns = append(columns, column[part]{title: "cli.head.quality", text: func(x part) string {
		if x.Assumed {
			return v.text("cli.assumed")
		}
		return ""
	}})
	p.heading(heading)
	p.table(list(parts, columns...))
}

func (v *invocation) priceLimits(p *page, heading string, limits []tradewind.LimitView) {
	if len(limits) == 0 {
		return
	}
	type limit = tradewind.LimitView
	p.heading(heading)
	p.table(list(limits,
		column[limit]{title: "cli.head.bar", text: func(l limit) string {
			if l.Binding {
				return "▸"
			}
			return ""
		}},
		column[limit]{title: "cli.head.limit", text: func(l limit) string { return l.Name.In(v.lang) }},
		column[limit]{title: "cli.head.source", text: func(l limit) string { return l.Source.In(v.lang) }},
	))
}

func (v *invocation) priceHistory(p *page, heading string, spells []tradewind.PriceSpell) {
	if len(spells) == 0 {
		return
	}
	type spell = tradewind.PriceSpell
	shown := spells[max(0, len(spells)-shownItems):]
	p.heading(heading)
	if n := len(spells) - len(shown); n > 0 {
		p.line(v.text("cli.prices.earlier", messages.A("n", n)))
	}
	p.table(list(shown,
		column[spell]{title: "cli.head.from", text: func(s spell) string { return s.From.String() }},
		column[spell]{title: "cli.head.to", text: func(s spell) string { return s.To.String() }},
		amountColumn("", "cli.head.price", func(s spell) *money.Amount { return &s.Price }),
		column[spell]{title: "cli.head.source", text: func(s spell) string { return v.text("cli.price-source." + s.Source) }},
	))
}

func (v *invocation) priceTest(p *page, t *tradewind.PriceTestView) {
	if t == nil {
		return
	}
	p.heading("cli.prices.test")
	p.prose("  ", t.Says.In(v.lang))
	p.facts(
		[2]string{v.text("cli.explain.control"), messages.Money(t.Control)},
		[2]string{v.text("cli.explain.test"), messages.Money(t.Test)},
		[2]string{v.text("cli.explain.weeks"), count(int64(t.Weeks))},
		[2]string{v.text("cli.prices.test-value"), estimated(&t.Value)},
		[2]string{v.text("cli.prices.test-cost"), messages.Money(t.Cost)},
	)
}
