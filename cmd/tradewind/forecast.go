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
	return v.group("forecast", "cli.forecast", v.forecastShow(), v.forecastRun(), v.forecastBacktest(), v.forecastOverride())
}

func (v *invocation) forecastShow() *cobra.Command {
	var market string
	c := v.command("show SKU", "cli.forecast.show", exactly(1, "SKU"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			f, err := e.Forecast(ctx, commerce.SKU(args[0]), marketOf(market))
			if err != nil {
				return err
			}
			return v.print(result{value: f, rows: v.forecastDays(f.Forecast), page: func(p *page) { v.forecastPage(p, f) }})
		})
	})
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.market"))
	return c
}

func marketOf(flag string) commerce.Market {
	return commerce.Market(strings.ToUpper(strings.TrimSpace(flag)))
}

func (v *invocation) forecastDays(days []tradewind.ForecastPoint) *rows {
	type point = tradewind.ForecastPoint
	number := func(key string, of func(point) float64) column[point] {
		return column[point]{key: key, title: "cli.head.units-" + key, right: true,
			text: func(d point) string { return fixed(of(d), 1) },
			raw:  func(d point) string { return strconv.FormatFloat(of(d), 'f', -1, 64) }}
	}
	return list(days,
		column[point]{key: "day", title: "cli.head.day", text: func(d point) string { return d.Day.String() }},
		number("mean", func(d point) float64 { return d.Mean }),
		number("p10", func(d point) float64 { return d.P10 }),
		number("p50", func(d point) float64 { return d.P50 }),
		number("p90", func(d point) float64 { return d.P90 }),
		column[point]{key: "model_mean", text: func(d point) string { return strconv.FormatFloat(d.Model, 'f', -1, 64) }},
	)
}

func fixed(x float64, places int) string { return strconv.FormatFloat(x, 'f', places, 64) }

func units(x float64) messages.Decimal { return messages.Decimal{X: x} }

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
	model := v.text("cli.forecast.model", messages.A("model", messages.Method(v.lang, f.Model)))
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
		p.prose("", v.text("cli.forecast.total", messages.A("n", f.TotalDays), messages.A("mean", units(f.Total.Mean)),
			messages.A("p10", units(f.Total.P10)), messages.A("p50", units(f.Total.P50)), messages.A("p90", units(f.Total.P90))))
	}
	p.prose("", v.text("forecast.returns", messages.A("mean", messages.Percent(f.Returns.Mean)),
		messages.A("p10", messages.Percent(f.Returns.P10)), messages.A("p90", messages.Percent(f.Returns.P90))))
	v.inForce(p, f.Overrides)
	v.pastWeeks(p, f.History)
	if len(f.Forecast) > 0 {
		p.heading("cli.forecast.expected")
		p.table(v.forecastDays(f.Forecast[:min(len(f.Forecast), limitOr(v.flags.limit, f.TotalDays))]))
	}
	v.rests(p, f.Rests)
	v.pastForecasts(p, f.Past)
	v.evidence(p, f)
	v.overrideTable(p, f.Overrides)
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

// pastForecasts holds kept forecasts against what came: each over its 28 days, and the
// newest by week.
func (v *invocation) pastForecasts(p *page, past []tradewind.PastForecast) {
	p.heading("cli.forecast.kept")
	if len(past) == 0 {
		p.prose("  ", v.text("cli.forecast.none-kept"))
		return
	}
	type forecast = tradewind.PastForecast
	p.table(list(past,
		column[forecast]{title: "cli.head.origin", text: func(f forecast) string { return f.Origin.String() }},
		column[forecast]{title: "cli.head.units-mean", right: true, text: func(f forecast) string { return fixed(f.Total.Mean, 1) }},
		column[forecast]{title: "cli.head.units-p10", right: true, text: func(f forecast) string { return fixed(f.Total.P10, 0) }},
		column[forecast]{title: "cli.head.units-p90", right: true, text: func(f forecast) string { return fixed(f.Total.P90, 0) }},
		column[forecast]{title: "cli.head.actual", right: true, text: func(f forecast) string { return actual(f.Total) }},
		column[forecast]{title: "cli.head.error", right: true, text: func(f forecast) string { return missed(f.Total) }},
		column[forecast]{title: "cli.head.before", right: true, text: func(f forecast) string { return count(f.Before) }},
		column[forecast]{title: "cli.head.model", flex: true, text: func(f forecast) string { return messages.Method(v.lang, f.Model) }},
	))
	p.heading("cli.forecast.kept.week")
	type block = tradewind.PastBlock
	p.table(list(past[0].Weeks,
		column[block]{title: "cli.head.week", text: func(b block) string { return b.From.String() }},
		column[block]{title: "cli.head.units-mean", right: true, text: func(b block) string { return fixed(b.Mean, 1) }},
		column[block]{title: "cli.head.units-p10", right: true, text: func(b block) string { return fixed(b.P10, 0) }},
		column[block]{title: "cli.head.units-p90", right: true, text: func(b block) string { return fixed(b.P90, 0) }},
		column[block]{title: "cli.head.actual", right: true, text: actual},
		column[block]{title: "cli.head.error", right: true, text: missed},
	))
}

// actual is what came, or a dash while the days are not over.
func actual(b tradewind.PastBlock) string {
	if b.Actual == nil {
		return "–"
	}
	return count(*b.Actual)
}

// missed is forecast less actual.
func missed(b tradewind.PastBlock) string {
	if b.Actual == nil {
		return "–"
	}
	return signedUnits(b.Mean - float64(*b.Actual))
}

func signedUnits(x float64) string {
	s := fixed(x, 1)
	if x > 0 {
		return "+" + s
	}
	return s
}

func (v *invocation) evidence(p *page, f *tradewind.ForecastView) {
	if len(f.Evidence) == 0 {
		return
	}
	p.heading("cli.forecast.evidence", messages.A("class", v.classOf(f.Class)))
	type score = tradewind.MethodScore
	p.table(list(f.Evidence,
		column[score]{title: "cli.head.method", text: func(s score) string { return messages.Method(v.lang, s.Method) }},
		column[score]{title: "cli.head.rmsse", right: true, text: func(s score) string { return fixed(s.RMSSE, 3) }},
	))
	if f.Optimism != nil {
		p.prose("  ", v.text("forecast.optimism", messages.A("optimism", messages.Percent(*f.Optimism))))
	}
	if f.Alignment != nil {
		p.prose("  ", f.Alignment.Text.In(v.lang))
	}
	if len(f.Weights) == 0 {
		return
	}
	p.heading("cli.forecast.weights", messages.A("model", messages.Method(v.lang, f.Model)))
	type weight = tradewind.MethodWeight
	p.table(list(f.Weights,
		column[weight]{title: "cli.head.method", text: func(w weight) string { return messages.Method(v.lang, w.Method) }},
		column[weight]{title: "cli.head.weight", right: true, text: func(w weight) string { return share(w.Weight) }},
	))
}

// rests lists the coming days on which less is expected than on others of their weekday.
func (v *invocation) rests(p *page, rests []tradewind.RestView) {
	if len(rests) == 0 {
		return
	}
	p.heading("cli.forecast.rests")
	type rest = tradewind.RestView
	p.table(list(rests,
		column[rest]{title: "cli.head.day", text: func(r rest) string { return r.Day.String() }},
		column[rest]{title: "cli.head.trade", text: func(r rest) string {
			if r.Share == 0 {
				return v.text("forecast.rest.closed")
			}
			return v.text("forecast.rest.share", messages.A("share", messages.Percent(r.Share)))
		}},
		column[rest]{title: "cli.head.holiday", flex: true, text: func(r rest) string {
			if r.Name == "" {
				return v.text("forecast.rest.own")
			}
			return joined([]string{r.Name, string(r.Market)})
		}},
	))
}
