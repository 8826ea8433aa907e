package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
)

func (v *invocation) marketsCommand() *cobra.Command {
	return v.group("markets", "cli.markets", v.marketsRank())
}

func (v *invocation) marketsRank() *cobra.Command {
	return v.command("rank", "cli.markets.rank", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			ranked, err := e.Markets(ctx)
			if err != nil {
				return err
			}
			if n := v.flags.limit; n > 0 && n < len(ranked) {
				ranked = ranked[:n]
			}
			if ranked == nil {
				ranked = []tradewind.MarketView{}
			}
			return v.print(result{value: ranked, rows: v.marketRows(ranked), page: func(p *page) {
				p.table(v.marketRows(ranked))
				p.line("")
				p.prose("", v.text("cli.markets.legend"))
			}})
		})
	})
}

func (v *invocation) marketRows(ranked []tradewind.MarketView) *rows {
	type view = tradewind.MarketView
	exact := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	// interval is one column for people and three for programs; nil is not known.
	interval := func(key, title string, show func(float64) string, of func(view) *tradewind.IntervalView) []column[view] {
		part := func(suffix string, pick func(*tradewind.IntervalView) float64) column[view] {
			return column[view]{key: key + suffix, right: true, text: func(m view) string {
				if i := of(m); i != nil {
					return exact(pick(i))
				}
				return ""
			}}
		}
		return []column[view]{
			{title: title, right: true, text: func(m view) string {
				if i := of(m); i != nil {
					return show(i.Mean) + " (" + show(i.Low) + " … " + show(i.High) + ")"
				}
				return "–"
			}},
			part("", func(i *tradewind.IntervalView) float64 { return i.Mean }),
			part("_p10", func(i *tradewind.IntervalView) float64 { return i.Low }),
			part("_p90", func(i *tradewind.IntervalView) float64 { return i.High }),
		}
	}
	amount := func(x float64) string { return messages.Grouped(strconv.FormatFloat(x, 'f', 0, 64)) }
	columns := []column[view]{
		{key: "rank", title: "cli.head.rank", right: true, text: func(m view) string { return fmt.Sprint(m.Rank) }},
		{key: "market", title: "cli.head.market", text: func(m view) string { return string(m.Market) }},
		{key: "name", title: "cli.head.name", text: func(m view) string { return m.Name.In(v.lang) }},
		{key: "sales", title: "cli.head.sales", right: true, text: func(m view) string { return messages.Money(m.Sales) }, raw: func(m view) string { return m.Sales.Decimal() }},
		{key: "currency", text: func(m view) string { return string(m.Sales.Currency()) }},
		{key: "share", title: "cli.head.share", right: true, text: func(m view) string { return percent(m.Share) }, raw: func(m view) string { return exact(m.Share) }},
	}
	columns = append(columns, interval("growth", "cli.head.growth", percent, func(m view) *tradewind.IntervalView { return m.Growth })...)
	columns = append(columns, interval("margin_rate", "cli.head.margin", percent, func(m view) *tradewind.IntervalView { return m.Margin })...)
	columns = append(columns, interval("expected_contribution", "cli.head.contribution", amount, func(m view) *tradewind.IntervalView { return &m.Score })...)
	return list(ranked, append(columns,
		column[view]{key: "p_top3", title: "cli.head.top3", right: true, text: func(m view) string { return percent(m.TopThree) }, raw: func(m view) string { return exact(m.TopThree) }},
		column[view]{key: "lines", title: "cli.head.lines", right: true, text: func(m view) string { return count(m.Lines) }, raw: func(m view) string { return fmt.Sprint(m.Lines) }},
		column[view]{key: "home", text: func(m view) string { return fmt.Sprint(m.Home) }},
		column[view]{key: "assumed", text: func(m view) string { return strings.Join(m.Assumed, " ") }},
	)...)
}

// percent shows a share; it is the form that messages give to messages.Percent.
func percent(share float64) string {
	return strconv.FormatFloat(share*100, 'f', 1, 64) + " %"
}
