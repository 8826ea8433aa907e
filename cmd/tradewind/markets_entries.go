package main

import (
	"context"
	"fmt"
	"strings"

	"tradewind"
	"tradewind/messages"
)

func (v *invocation) printEntries(ctx context.Context, e *tradewind.Engine) error {
	found, err := e.MarketEntries(ctx)
	if err != nil {
		return err
	}
	if n := v.flags.limit; n > 0 && n < len(found.Entries) {
		found.Entries = found.Entries[:n]
	}
	return v.print(result{value: found, rows: v.entryRows(found.Entries), page: func(p *page) {
		p.table(v.entryRows(found.Entries))
		p.line("")
		p.prose("", v.text("cli.markets.entries.legend"))
		p.prose("", v.text("cli.markets.model", messages.A("n", found.Model.Markets),
			messages.A("error", messages.Decimal{X: found.Model.Error, Places: 1}), messages.A("covered", messages.Percent(found.Model.Covered))))
		if len(found.Unknown) > 0 {
			p.prose("", v.text("cli.markets.no-figures", messages.A("list", codes(found.Unknown))))
		}
		var assumed []tradewind.LocalizedText
		for _, x := range found.Entries {
			assumed = append(assumed, x.Assumptions...)
		}
		v.assumedPart(p, assumed)
		v.notAdvice(p)
	}})
}

func (v *invocation) entryRows(entries []tradewind.EntryView) *rows {
	type view = tradewind.EntryView
	columns := []column[view]{
		{key: "place", title: "cli.head.rank", right: true, text: func(x view) string { return fmt.Sprint(x.Place) }},
		{key: "market", title: "cli.head.market", text: func(x view) string { return string(x.Market) }},
		{key: "name", title: "cli.head.name", text: func(x view) string { return x.Name.In(v.lang) }},
		{key: "channel", text: func(x view) string { return string(x.Channel) }},
		{key: "from", text: func(x view) string { return string(x.From) }},
		{key: "currency", text: func(x view) string { return x.Currency }},
	}
	columns = append(columns, intervalColumns("expected_sales", "cli.head.sales-next", wholes, func(x view) *tradewind.IntervalView { return &x.Sales })...)
	columns = append(columns, landedColumns(v, func(x view) *tradewind.LandedView { return x.Landed })...)
	columns = append(columns, intervalColumns("expected_contribution", "cli.head.contribution", wholes, func(x view) *tradewind.IntervalView { return &x.Contribution })...)
	columns = append(columns, intervalColumns("entry_cost", "cli.head.entry-cost", wholes, func(x view) *tradewind.IntervalView { return &x.Cost })...)
	columns = append(columns, intervalColumns("value", "cli.head.entry-value", wholes, func(x view) *tradewind.IntervalView { return &x.Value })...)
	columns = append(columns,
		column[view]{key: "p_profit", title: "cli.head.profit", right: true, text: func(x view) string { return percent(x.Profit) }, raw: func(x view) string { return exact(x.Profit) }},
		column[view]{key: "p_top3", right: true, text: func(x view) string { return exact(x.TopThree) }},
		column[view]{key: "complete", text: func(x view) string { return fmt.Sprint(x.Complete) }},
	)
	columns = append(columns, assessedColumns(func(x view) *tradewind.AssessedView { return x.Assessed })...)
	return list(entries, append(columns,
		column[view]{key: "reasons", text: func(x view) string { return joinedTexts(v, x.Reasons) }},
		column[view]{key: "assumed", text: func(x view) string { return strings.Join(x.Assumed, " ") }},
	)...)
}

func joinedTexts(v *invocation, texts []tradewind.LocalizedText) string {
	var list []string
	for _, t := range texts {
		list = append(list, t.In(v.lang))
	}
	return strings.Join(list, " ")
}
