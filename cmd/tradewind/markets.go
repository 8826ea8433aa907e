package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
)

func (v *invocation) marketsCommand() *cobra.Command {
	return v.group("markets", "cli.markets", v.marketsRank(), v.marketsCompare(), v.marketsScenario(), v.marketsThresholds())
}

func (v *invocation) marketsRank() *cobra.Command {
	var entries bool
	c := v.command("rank", "cli.markets.rank", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			if entries {
				return v.printEntries(ctx, e)
			}
			return v.printMarkets(ctx, e)
		})
	})
	c.Flags().BoolVar(&entries, "entries", false, v.text("cli.flag.entries"))
	return c
}

func (v *invocation) printMarkets(ctx context.Context, e *tradewind.Engine) error {
	ranked, err := e.Markets(ctx)
	if err != nil {
		return err
	}
	assessment, err := e.MarketAssessment(ctx)
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
		v.criteriaPart(p, assessment)
		var assumed []tradewind.LocalizedText
		for _, m := range ranked {
			assumed = append(assumed, m.Assumptions...)
		}
		v.assumedPart(p, assumed)
		v.notAdvice(p)
	}})
}

// criteriaPart says how markets stand when more than money counts.
func (v *invocation) criteriaPart(p *page, a *tradewind.AssessmentView) {
	if a == nil {
		return
	}
	p.heading("cli.markets.criteria", messages.A("n", len(a.Rows)))
	var first, weights []string
	for _, r := range a.Rows[:min(5, len(a.Rows))] {
		first = append(first, string(r.Market)+" "+percent(r.TopThree))
	}
	for _, c := range a.Criteria {
		if c.Used {
			weights = append(weights, c.Name.In(v.lang)+" "+percent(c.Weight))
		}
	}
	p.prose("", v.text("cli.markets.first", messages.A("list", strings.Join(first, ", "))))
	p.prose("", v.text("cli.markets.weights", messages.A("weights", strings.Join(weights, ", ")), messages.A("ratio", messages.Decimal{X: a.Ratio, Places: 3}),
		messages.A("leeway", messages.Decimal{X: a.Leeway, Places: 1}), messages.A("draws", a.Draws)))
	for _, note := range a.Notes {
		p.prose("- ", note.In(v.lang))
	}
	if len(a.Unknown) > 0 {
		p.prose("- ", v.text("cli.markets.no-figures", messages.A("list", codes(a.Unknown))))
	}
}

// assumedPart names every assumed input once.
func (v *invocation) assumedPart(p *page, assumed []tradewind.LocalizedText) {
	for i, a := range assumed {
		if i == 0 {
			p.heading("cli.quote.assumed")
		}
		if !slices.Contains(assumed[:i], a) {
			p.prose("  - ", a.In(v.lang))
		}
	}
}

func codes[M ~string](markets []M) string {
	var list []string
	for _, m := range markets {
		list = append(list, string(m))
	}
	return strings.Join(list, ", ")
}

func (v *invocation) marketRows(ranked []tradewind.MarketView) *rows {
	type view = tradewind.MarketView
	columns := []column[view]{
		{key: "rank", title: "cli.head.rank", right: true, text: func(m view) string { return fmt.Sprint(m.Rank) }},
		{key: "market", title: "cli.head.market", text: func(m view) string { return string(m.Market) }},
		{key: "name", title: "cli.head.name", text: func(m view) string { return m.Name.In(v.lang) }},
		{key: "sales", title: "cli.head.sales", right: true, text: func(m view) string { return messages.Money(m.Sales.Round()) }, raw: func(m view) string { return m.Sales.Decimal() }},
		{key: "currency", text: func(m view) string { return string(m.Sales.Currency()) }},
		{key: "share", title: "cli.head.share", right: true, text: func(m view) string { return percent(m.Share) }, raw: func(m view) string { return exact(m.Share) }},
	}
	columns = append(columns, intervalColumns("growth", "cli.head.growth", percent, func(m view) *tradewind.IntervalView { return m.Growth })...)
	columns = append(columns, intervalColumns("margin_rate", "cli.head.margin", percent, func(m view) *tradewind.IntervalView { return m.Margin })...)
	columns = append(columns, landedColumns(v, func(m view) *tradewind.LandedView { return m.Landed })...)
	columns = append(columns, intervalColumns("expected_contribution", "cli.head.contribution", wholes, func(m view) *tradewind.IntervalView { return &m.Score })...)
	columns = append(columns,
		column[view]{key: "complete", text: func(m view) string { return fmt.Sprint(m.Complete) }},
		column[view]{key: "p_top3", title: "cli.head.top3", right: true, text: func(m view) string { return percent(m.TopThree) }, raw: func(m view) string { return exact(m.TopThree) }},
	)
	columns = append(columns, assessedColumns(func(m view) *tradewind.AssessedView { return m.Assessed })...)
	return list(ranked, append(columns,
		column[view]{key: "lines", title: "cli.head.lines", right: true, text: func(m view) string { return count(m.Lines) }, raw: func(m view) string { return fmt.Sprint(m.Lines) }},
		column[view]{key: "home", text: func(m view) string { return fmt.Sprint(m.Home) }},
		column[view]{key: "assumed", text: func(m view) string { return strings.Join(m.Assumed, " ") }},
	)...)
}

// intervalColumns is one column for people and three for programs; nil is not known.
func intervalColumns[T any](key, title string, show func(float64) string, of func(T) *tradewind.IntervalView) []column[T] {
	part := func(suffix string, pick func(*tradewind.IntervalView) float64) column[T] {
		return column[T]{key: key + suffix, right: true, text: func(x T) string {
			if i := of(x); i != nil {
				return exact(pick(i))
			}
			return ""
		}}
	}
	return []column[T]{
		{title: title, right: true, text: func(x T) string { return spread(of(x), show) }},
		part("", func(i *tradewind.IntervalView) float64 { return i.Mean }),
		part("_p10", func(i *tradewind.IntervalView) float64 { return i.Low }),
		part("_p90", func(i *tradewind.IntervalView) float64 { return i.High }),
	}
}

// spread shows an estimate with its interval.
func spread(i *tradewind.IntervalView, show func(float64) string) string {
	if i == nil {
		return "–"
	}
	return show(i.Mean) + " (" + show(i.Low) + " … " + show(i.High) + ")"
}

// landedColumns show charges for people as a rate, a range or unknown; empty cells are not
// known to programs either.
func landedColumns[T any](v *invocation, of func(T) *tradewind.LandedView) []column[T] {
	columns := shareColumns(v, "landed", "cli.head.landed", func(x T) *tradewind.ShareView {
		if l := of(x); l != nil {
			return &l.ShareView
		}
		return nil
	})
	columns = append(columns, shareColumns(v, "charges_due", "cli.head.due", func(x T) *tradewind.ShareView {
		if l := of(x); l != nil {
			return &l.Due
		}
		return nil
	})...)
	return append(columns, column[T]{key: "landed_rules", text: func(x T) string {
		if l := of(x); l != nil {
			return strings.Join(l.Rules, " ")
		}
		return ""
	}})
}

func shareColumns[T any](v *invocation, key, title string, of func(T) *tradewind.ShareView) []column[T] {
	part := func(suffix string, pick func(*tradewind.ShareView) *float64) column[T] {
		return column[T]{key: key + suffix, right: true, text: func(x T) string {
			if s := of(x); s != nil {
				return exactOrNone(pick(s))
			}
			return ""
		}}
	}
	return []column[T]{
		{title: title, right: true, text: func(x T) string { return v.charge(of(x)) }},
		{key: key + "_status", text: func(x T) string {
			if s := of(x); s != nil {
				return s.Status
			}
			return ""
		}},
		part("_rate", func(s *tradewind.ShareView) *float64 { return s.Rate }),
		part("_low", func(s *tradewind.ShareView) *float64 { return s.Low }),
		part("_high", func(s *tradewind.ShareView) *float64 { return s.High }),
	}
}

func (v *invocation) charge(s *tradewind.ShareView) string {
	switch {
	case s == nil:
		return v.text("cli.markets.landed.none")
	case s.Rate == nil:
		return v.text("cli.markets.landed.unknown")
	case *s.Low == *s.High:
		return percent(*s.Rate)
	}
	return percent(*s.Low) + " … " + percent(*s.High)
}

// assessedColumns show how a market stands under all criteria.
func assessedColumns[T any](of func(T) *tradewind.AssessedView) []column[T] {
	pick := func(get func(*tradewind.AssessedView) float64, show func(float64) string, none string) func(T) string {
		return func(x T) string {
			if a := of(x); a != nil {
				return show(get(a))
			}
			return none
		}
	}
	top := func(a *tradewind.AssessedView) float64 { return a.TopThree }
	return []column[T]{
		{key: "criteria_place", right: true, text: pick(func(a *tradewind.AssessedView) float64 { return float64(a.Place) }, exact, "")},
		{key: "criteria_p_top3", title: "cli.head.criteria3", right: true, text: pick(top, percent, "–"), raw: pick(top, exact, "")},
		{key: "criteria_p_best", right: true, text: pick(func(a *tradewind.AssessedView) float64 { return a.Best }, exact, "")},
		{key: "topsis", right: true, text: pick(func(a *tradewind.AssessedView) float64 { return a.TOPSIS }, exact, "")},
	}
}

func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func exactOrNone(x *float64) string {
	if x == nil {
		return ""
	}
	return exact(*x)
}

// wholes shows money in whole units.
func wholes(x float64) string {
	text := strconv.FormatFloat(x, 'f', 0, 64)
	if text == "-0" {
		text = "0"
	}
	return messages.Grouped(text)
}

// percent shows a share; it is the form that messages give to messages.Percent.
func percent(share float64) string {
	return strconv.FormatFloat(share*100, 'f', 1, 64) + " %"
}
