package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) marketsThresholds() *cobra.Command {
	return v.command("thresholds", "cli.markets.thresholds", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			found, err := e.TaxThresholds(ctx)
			if err != nil {
				return err
			}
			if n := v.flags.limit; n > 0 && n < len(found) {
				found = found[:n]
			}
			return v.print(result{value: found, rows: v.thresholdRows(found), page: func(p *page) { v.thresholdsPage(p, found) }})
		})
	})
}

func (v *invocation) thresholdsPage(p *page, found []tradewind.ThresholdView) {
	if len(found) == 0 {
		p.line(v.text("cli.markets.no-thresholds"))
		v.notAdvice(p)
		return
	}
	p.table(v.thresholdRows(found))
	p.line("")
	p.prose("", v.text("cli.markets.unsupported"))
	v.sharedNotes(p, found)
	var rules []tradewind.RuleCited
	for _, t := range found {
		rules = append(rules, t.Rule)
	}
	p.heading("cli.quote.rules")
	p.table(v.ruleTable(rules))
	v.notAdvice(p)
}

// sharedNotes says each note once, behind the markets that it is about.
func (v *invocation) sharedNotes(p *page, found []tradewind.ThresholdView) {
	var notes []string
	about := map[string][]commerce.Market{}
	for _, t := range found {
		for _, note := range t.Notes {
			text := note.In(v.lang)
			if about[text] == nil {
				notes = append(notes, text)
			}
			about[text] = append(about[text], t.Market)
		}
	}
	for _, text := range notes {
		p.prose("- ", codes(about[text])+": "+text)
	}
}

func (v *invocation) thresholdRows(found []tradewind.ThresholdView) *rows {
	type threshold = tradewind.ThresholdView
	decimal := func(a *money.Amount) string {
		if a == nil {
			return ""
		}
		return a.Decimal()
	}
	shown := func(a *money.Amount) string {
		if a == nil {
			return "–"
		}
		return messages.Money(a.Round())
	}
	day := func(of func(threshold) *calendar.Day) func(threshold) string {
		return func(t threshold) string { return lastDay(of(t), "") }
	}
	columns := []column[threshold]{
		{key: "market", title: "cli.head.market", text: func(t threshold) string { return string(t.Market) }},
		{key: "name", title: "cli.head.name", text: func(t threshold) string { return t.Name.In(v.lang) }},
		{key: "scheme", title: "cli.head.scheme", text: func(t threshold) string { return t.Scheme }},
		{key: "so_far", title: "cli.head.so-far", right: true, text: func(t threshold) string { return shown(t.SoFar) }, raw: func(t threshold) string { return decimal(t.SoFar) }},
		{key: "threshold", title: "cli.head.threshold", right: true, text: func(t threshold) string { return shown(t.Amount) }, raw: func(t threshold) string { return decimal(t.Amount) }},
		{key: "limit", right: true, text: func(t threshold) string { return t.Limit.Decimal() }},
		{key: "limit_currency", text: func(t threshold) string { return string(t.Limit.Currency()) }},
		{key: "window", text: func(t threshold) string { return t.Window }},
		{key: "p_within_365_days", title: "cli.head.within", right: true, text: func(t threshold) string {
			if t.Within365 == nil {
				return "–"
			}
			return percent(*t.Within365)
		}, raw: func(t threshold) string { return exactOrNone(t.Within365) }},
		{title: "cli.head.when", text: v.crossing},
		{key: "due", text: func(t threshold) string { return fmt.Sprint(t.Due) }},
		{key: "since", text: day(func(t threshold) *calendar.Day { return t.Since })},
		{key: "p10", text: day(func(t threshold) *calendar.Day { return t.P10 })},
		{key: "p50", text: day(func(t threshold) *calendar.Day { return t.P50 })},
		{key: "p90", text: day(func(t threshold) *calendar.Day { return t.P90 })},
		{key: "selling", text: func(t threshold) string { return codes(t.Selling) }},
		{key: "rule", title: "cli.head.rule", text: func(t threshold) string { return t.Rule.ID + star(t.Supported) }, raw: func(t threshold) string { return t.Rule.ID }},
		{key: "supported", text: func(t threshold) string { return fmt.Sprint(t.Supported) }},
	}
	return list(found, columns...)
}

func star(supported bool) string {
	if supported {
		return ""
	}
	return " *"
}

// crossing says when a threshold is crossed: the middle day with the interval around it.
func (v *invocation) crossing(t tradewind.ThresholdView) string {
	switch {
	case t.Since != nil:
		return v.text("cli.markets.due-since", messages.A("day", *t.Since))
	case t.Due:
		return v.text("cli.markets.due")
	case t.Within365 == nil:
		return "–"
	case t.P10 == nil:
		return v.text("cli.markets.later")
	}
	if t.P50 == nil {
		return v.text("cli.markets.earliest", messages.A("day", *t.P10))
	}
	return t.P50.String() + " (" + t.P10.String() + " … " + lastDay(t.P90, "") + ")"
}
