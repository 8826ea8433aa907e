package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
)

func (v *invocation) forecastCommand() *cobra.Command {
	return v.group("forecast", "cli.forecast", v.forecastShow())
}

func (v *invocation) forecastShow() *cobra.Command {
	var market string
	c := v.command("show SKU", "cli.forecast.show", exactly(1, "SKU"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			f, err := e.Forecast(ctx, commerce.SKU(args[0]), commerce.Market(strings.ToUpper(market)))
			if err != nil {
				return err
			}
			return v.print(result{value: f, rows: v.forecastDays(f.Forecast), page: func(p *page) { v.forecastPage(p, f) }})
		})
	})
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.market"))
	return c
}

func (v *invocation) forecastDays(days []tradewind.ForecastPoint) *rows {
	type point = tradewind.ForecastPoint
	number := func(key string, of func(point) float64) column[point] {
		return column[point]{key: key, title: "cli.head.units-" + key, right: true,
			text: func(d point) string { return strconv.FormatFloat(of(d), 'f', 1, 64) },
			raw:  func(d point) string { return strconv.FormatFloat(of(d), 'f', -1, 64) }}
	}
	return list(days,
		column[point]{key: "day", title: "cli.head.day", text: func(d point) string { return d.Day.String() }},
		number("mean", func(d point) float64 { return d.Mean }),
		number("p10", func(d point) float64 { return d.P10 }),
		number("p50", func(d point) float64 { return d.P50 }),
		number("p90", func(d point) float64 { return d.P90 }),
	)
}

// week is the demand of one week, Monday to Sunday.
type week struct {
	monday calendar.Day
	units  int64
}

func (v *invocation) forecastPage(p *page, f *tradewind.ForecastView) {
	market := string(f.Item.Market)
	if market == "" {
		market = v.text("cli.all-markets")
	}
	p.line(v.bold(oneLine(joined([]string{string(f.Item.SKU), f.Product, market}))))
	model := v.text("cli.forecast.model", messages.A("model", f.Model))
	if f.Pooled {
		model += " · " + v.text("cli.forecast.pooled")
	}
	if f.Skill != nil {
		model += " · " + v.text("cli.forecast.skill", messages.A("skill", messages.Percent(*f.Skill)))
	}
	p.prose("", model)
	for _, n := range f.Notes {
		p.prose("  - ", n.In(v.lang))
	}
	if f.TotalDays > 0 {
		p.prose("", v.text("cli.forecast.total", messages.A("n", f.TotalDays), messages.A("mean", messages.Decimal{X: f.Total.Mean}),
			messages.A("p10", messages.Decimal{X: f.Total.P10}), messages.A("p50", messages.Decimal{X: f.Total.P50}), messages.A("p90", messages.Decimal{X: f.Total.P90})))
	}
	v.pastWeeks(p, f.History)
	if len(f.Forecast) > 0 {
		p.heading("cli.forecast.expected")
		p.table(v.forecastDays(f.Forecast[:min(len(f.Forecast), limitOr(v.flags.limit, f.TotalDays))]))
	}
	v.inputs(p, f.Facts)
	if len(f.Decisions) > 0 {
		p.heading("cli.forecast.decisions")
		p.table(v.decisionRows(f.Decisions))
	}
}

// pastShown is how many weeks of the past a forecast prints.
const pastShown = 8

func (v *invocation) pastWeeks(p *page, history []tradewind.DemandPoint) {
	weeks := byWeek(history)
	if len(weeks) == 0 {
		return
	}
	weeks = weeks[max(0, len(weeks)-pastShown):]
	var largest int64
	for _, w := range weeks {
		largest = max(largest, w.units)
	}
	p.heading("cli.forecast.past", messages.A("n", len(weeks)))
	p.table(list(weeks,
		column[week]{title: "cli.head.week", text: func(w week) string { return w.monday.String() }},
		column[week]{title: "cli.head.units", right: true, text: func(w week) string { return count(w.units) }},
		column[week]{title: "cli.head.bar", text: func(w week) string { return bar(float64(w.units), float64(largest)) }},
	))
}

func byWeek(history []tradewind.DemandPoint) []week {
	var weeks []week
	for _, d := range history {
		monday := d.Day.Monday()
		if len(weeks) == 0 || weeks[len(weeks)-1].monday != monday {
			weeks = append(weeks, week{monday: monday})
		}
		weeks[len(weeks)-1].units += d.Units
	}
	return weeks
}
