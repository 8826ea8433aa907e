package main

import (
	"context"
	"strings"

	"tradewind"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) showStock(ctx context.Context, e *tradewind.Engine, sku commerce.SKU, location commerce.Location) error {
	x, err := e.InventoryItem(ctx, sku, location)
	if err != nil {
		return err
	}
	return v.print(result{value: x, rows: stockDays(x.Projection), page: func(p *page) { v.stockPage(p, x) }})
}

// stockPage is everything about one stock, in reading order: how it stands, what comes, what
// to order and why, where it lies.
func (v *invocation) stockPage(p *page, x *tradewind.StockItem) {
	p.line(v.bold(oneLine(joined([]string{string(x.SKU), x.Product, string(x.Location)}))))
	p.prose("", joined([]string{v.stockState(x.State), saidOr(v, x.Reason)}))
	p.heading("cli.inventory.stock")
	p.facts(v.stockFacts(x)...)
	v.comingPart(p, x.Coming)
	if x.Policy != nil {
		p.heading("cli.inventory.policy")
		p.facts(v.policyFacts(x.Policy)...)
		v.textPart(p, "cli.inventory.why", x.Policy.Reasons)
	}
	if len(x.Options) > 0 {
		p.heading("cli.inventory.options")
		p.table(v.optionRows(x.Options))
	}
	if weeks := everyWeek(x.Projection); len(weeks) > 0 {
		p.heading("cli.inventory.projection", messages.A("units", x.Units))
		p.table(stockDays(weeks))
	}
	p.heading("cli.inventory.network")
	p.table(v.placeRows(x.Places))
	if len(x.Limits) > 0 {
		p.heading("cli.plan.limits")
		v.constraints(p, x.Limits)
	}
	if len(x.Decisions) > 0 {
		p.heading("cli.forecast.decisions")
		p.table(v.decisionRows(x.Decisions))
	}
	v.inputs(p, x.Facts)
	v.textPart(p, "cli.prices.notes", x.Notes)
	p.line("")
	p.line(v.text("cli.inventory.asks", messages.A("sku", string(x.SKU)), messages.A("location", string(x.Location))))
}

func (v *invocation) stockFacts(x *tradewind.StockItem) [][2]string {
	facts := [][2]string{
		{v.text("cli.inventory.on-hand"), count(x.OnHand)},
		{v.text("cli.inventory.inbound"), wholes(x.Inbound)},
		{v.text("cli.inventory.daily"), fixed(x.Daily, 1)},
		{v.text("cli.inventory.cover"), wholesOr(x.Cover)},
		{v.text("cli.inventory.tied-up"), messages.Money(x.Tied)},
	}
	add := func(code, value string) { facts = append(facts, [2]string{v.text(code), value}) }
	if x.Excess > 0 {
		add("cli.inventory.excess", v.text("cli.inventory.excess-of", messages.A("units", units(x.Excess)), messages.A("idle", x.Idle)))
	}
	if x.Policy == nil {
		return facts
	}
	add("cli.inventory.stock-out", percent(x.StockOut))
	add("cli.inventory.empty", v.text("cli.inventory.empty-on", messages.A("half", v.dayOrLater(x.OutDay)), messages.A("tenth", v.dayOrLater(x.EarlyOut))))
	return facts
}

func (v *invocation) comingPart(p *page, coming []tradewind.ComingView) {
	if len(coming) == 0 {
		return
	}
	type view = tradewind.ComingView
	p.heading("cli.inventory.coming")
	p.table(list(coming,
		column[view]{title: "cli.head.units", right: true, text: func(x view) string { return wholes(x.Units) }},
		column[view]{title: "cli.head.day", text: func(x view) string {
			if x.Late {
				return v.text("cli.inventory.late", messages.A("day", *x.Day))
			}
			return dayOrDash(x.Day)
		}},
		column[view]{title: "cli.head.source", text: func(x view) string {
			if x.Decision == "" {
				return v.text("cli.inventory.counted")
			}
			return string(x.Decision)
		}},
	))
}

func (v *invocation) policyFacts(o *tradewind.OrderPolicy) [][2]string {
	reorder, most := v.text("cli.inventory.never"), v.text("cli.inventory.unlimited")
	if o.Reorder != nil {
		reorder = wholes(*o.Reorder)
	}
	if o.Cap != nil {
		most = wholes(*o.Cap)
	}
	target := v.text("cli.inventory.earns-most")
	if o.FillTarget > 0 {
		target = percent(o.FillTarget)
	}
	return [][2]string{
		{v.text("cli.inventory.rule"), o.Name.In(v.lang)},
		{v.text("cli.inventory.up-to"), v.text("cli.inventory.up-to-of", messages.A("level", units(o.UpTo)), messages.A("position", units(o.Position)), messages.A("need", units(o.Need)))},
		{v.text("cli.inventory.reorder"), reorder},
		{v.text("cli.inventory.ratio"), percent(o.Ratio)},
		{v.text("cli.inventory.fill"), v.text("cli.inventory.fill-of", messages.A("fill", messages.Percent(o.Fill)), messages.A("target", target))},
		{v.text("cli.inventory.lead"), v.text("cli.inventory.lead-of", messages.A("days", units(o.LeadDays)), messages.A("sd", units(o.LeadSD)), messages.A("units", units(o.LeadDemand)))},
		{v.text("cli.inventory.cycle"), v.text("cli.inventory.cycle-of", messages.A("days", o.CycleDays), messages.A("units", units(o.CycleDemand)), messages.A("review", o.ReviewDays))},
		{v.text("cli.inventory.lots"), v.text("cli.inventory.lots-of", messages.A("moq", units(o.MOQ)), messages.A("pack", units(o.Pack)))},
		{v.text("cli.inventory.cap"), most},
		{v.text("cli.inventory.margin"), v.text("cli.inventory.margin-of", messages.A("margin", o.Margin), messages.A("holding", o.Holding), messages.A("days", o.CycleDays))},
	}
}

func (v *invocation) optionRows(all []tradewind.StockOption) *rows {
	type option = tradewind.StockOption
	columns := []column[option]{{title: "cli.head.option", text: func(o option) string {
		name := v.text("plan.option.order", messages.A("units", int64(o.Units)))
		switch {
		case o.Units == 0:
			name = v.text("plan.option.nothing")
		case o.Delay > 0:
			name = v.text("plan.option.wait", messages.A("days", o.Delay), messages.A("units", int64(o.Units)))
		}
		if o.Chosen {
			name = "▸ " + name
		}
		return name
	}}}
	columns = append(columns, estimateColumns("gain", "cli.head.gain", func(o option) *tradewind.EstimateView { return &o.Gain })...)
	return list(all, append(columns,
		amountColumn("cash", "cli.head.cash", func(o option) *money.Amount { return &o.Cash }),
		wholeColumn("units_saved", "cli.head.saved", func(o option) float64 { return o.Saved }))...)
}

// everyWeek thins a projection out to one day a week, the last day included.
func everyWeek(days []tradewind.StockPoint) []tradewind.StockPoint {
	var out []tradewind.StockPoint
	for i := 6; i < len(days); i += 7 {
		out = append(out, days[i])
	}
	if n := len(days); n > 0 && n%7 != 0 {
		out = append(out, days[n-1])
	}
	return out
}

func stockDays(days []tradewind.StockPoint) *rows {
	type point = tradewind.StockPoint
	return list(days,
		column[point]{key: "day", title: "cli.head.day", text: func(x point) string { return x.Day.String() }},
		wholeColumn("without_p50", "cli.head.without", func(x point) float64 { return x.Without }),
		wholeColumn("without_p10", "cli.head.without-low", func(x point) float64 { return x.WithoutP10 }),
		wholeColumn("with_p50", "cli.head.with", func(x point) float64 { return x.With }),
		wholeColumn("with_p10", "cli.head.with-low", func(x point) float64 { return x.WithP10 }),
	)
}

func (v *invocation) placeRows(all []tradewind.StockPlace) *rows {
	type place = tradewind.StockPlace
	return list(all,
		column[place]{title: "cli.head.location", text: func(x place) string {
			if x.Here {
				return "▸ " + string(x.Location)
			}
			return string(x.Location)
		}},
		column[place]{title: "cli.head.country", text: func(x place) string { return x.Country.In(v.lang) }},
		column[place]{title: "cli.head.serves", flex: true, text: func(x place) string {
			var codes []string
			for _, m := range x.Serves {
				codes = append(codes, string(m.Market))
			}
			if len(codes) == 0 {
				return v.text("cli.all-markets")
			}
			return strings.Join(codes, " ")
		}},
		shareColumn("", "cli.head.share", func(x place) float64 { return x.Share }),
		column[place]{title: "cli.head.supplier", text: func(x place) string { return string(x.Supplier) }},
		column[place]{title: "cli.head.lead", right: true, text: func(x place) string { return wholes(x.LeadDays) }},
		wholeColumn("", "cli.head.on-hand", func(x place) float64 { return float64(x.OnHand) }),
		wholeColumn("", "cli.head.inbound", func(x place) float64 { return x.Inbound }),
		column[place]{title: "cli.head.cover", right: true, text: func(x place) string { return wholesOr(x.Cover) }},
		column[place]{title: "cli.head.state", text: func(x place) string { return v.stockState(x.State) }},
		column[place]{title: "cli.head.decision", text: func(x place) string { return string(x.Decision) }},
	)
}
