package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

func (v *invocation) forecastRun() *cobra.Command {
	var sku, market string
	c := v.command("run", "cli.forecast.run", exactly(0, ""), func(ctx context.Context, _ []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			p, end := v.newProgress()
			r, err := e.RunForecast(ctx, tradewind.ForecastOptions{SKU: commerce.SKU(sku), Market: marketOf(market), Progress: p.update})
			end(err)
			if err != nil {
				return err
			}
			return v.print(result{value: r, rows: v.methodRows(r.Methods), page: func(p *page) { v.runPage(p, r) }})
		})
	})
	c.Flags().StringVar(&sku, "sku", "", v.text("cli.flag.forecast-sku"))
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.market"))
	return c
}

func (v *invocation) runPage(p *page, r *tradewind.ForecastRun) {
	code := "cli.run.done"
	if r.Known {
		code = "cli.run.known"
	}
	p.prose("", v.text(code, messages.A("id", r.ID), messages.A("n", r.Series), messages.A("asof", r.Origin), messages.A("seconds", messages.Decimal{X: r.Seconds, Places: 1})))
	if len(r.Overrides) > 0 {
		p.prose("", v.text("cli.run.override", messages.A("ids", strings.Join(r.Overrides, ", "))))
	}
	p.heading("cli.run.methods")
	p.table(v.methodRows(r.Methods))
	p.line("")
	p.prose("", v.text("cli.run.next"))
}

func (v *invocation) methodRows(methods []tradewind.MethodView) *rows {
	type method = tradewind.MethodView
	return list(methods,
		column[method]{key: "model", title: "cli.head.model", flex: true, text: func(m method) string { return messages.Method(v.lang, m.Model) }, raw: func(m method) string { return m.Model }},
		column[method]{key: "class", title: "cli.head.class", text: func(m method) string { return v.className(m) }, raw: func(m method) string { return m.Class }},
		column[method]{key: "series", title: "cli.head.series", right: true, text: func(m method) string { return count(int64(m.Series)) }, raw: func(m method) string { return strconv.Itoa(m.Series) }},
		number("value_added", "cli.head.value-added", func(m method) *float64 { return m.Skill }, share),
	)
}

// className names the class of series of a method in words.
func (v *invocation) className(m tradewind.MethodView) string {
	if m.Class == "" {
		return v.classOf("pooled")
	}
	return v.classOf(m.Class)
}

func (v *invocation) classOf(name string) string {
	if code := "forecast.class." + name; messages.Has(code) {
		return v.text(code)
	}
	return name
}

// number is a column of numbers that may not be known.
func number[T any](key, title string, of func(T) *float64, show func(float64) string) column[T] {
	return column[T]{key: key, title: title, right: true,
		text: func(t T) string {
			if x := of(t); x != nil {
				return show(*x)
			}
			return "–"
		},
		raw: func(t T) string {
			if x := of(t); x != nil {
				return strconv.FormatFloat(*x, 'f', -1, 64)
			}
			return ""
		}}
}

func share(x float64) string  { return fixed(100*x, 1) + " %" }
func scaled(x float64) string { return fixed(x, 3) }

func (v *invocation) forecastBacktest() *cobra.Command {
	var o tradewind.BacktestOptions
	var sku, market string
	c := v.command("backtest", "cli.forecast.backtest", exactly(0, ""), func(ctx context.Context, _ []string) error {
		if o.Origins < 1 {
			return fault.New(fault.Usage, "E-NUMBER", fault.A("name", "--origins"), fault.A("value", o.Origins))
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			p, end := v.newProgress()
			o.ForecastOptions = tradewind.ForecastOptions{SKU: commerce.SKU(sku), Market: marketOf(market), Progress: p.update}
			r, err := e.Backtest(ctx, o)
			end(err)
			if err != nil {
				return err
			}
			return v.print(result{value: r, rows: v.accuracyRows(v.groups(r)), page: func(p *page) { v.backtestPage(p, r) }})
		})
	})
	c.Flags().IntVar(&o.Origins, "origins", 3, v.text("cli.flag.origins"))
	c.Flags().StringVar(&sku, "sku", "", v.text("cli.flag.forecast-sku"))
	c.Flags().StringVar(&market, "market", "", v.text("cli.flag.market"))
	return c
}

// group is a line of accuracy: what it is of, and what that is called.
type group struct {
	Of    string `json:"of"` // all, all_markets_together, class or market
	title string
	tradewind.AccuracyRow
}

func (v *invocation) groups(r *tradewind.AccuracyReport) []group {
	return append(append(v.wholes(r), v.classGroups(r)...), v.marketGroups(r)...)
}

func (v *invocation) wholes(r *tradewind.AccuracyReport) []group {
	return []group{{"all", v.text("cli.backtest.all"), r.All}, {"all_markets_together", v.text("cli.backtest.together"), r.Together}}
}

func (v *invocation) classGroups(r *tradewind.AccuracyReport) (list []group) {
	for _, row := range r.Classes {
		list = append(list, group{"class", v.classOf(row.Name), row})
	}
	return list
}

func (v *invocation) marketGroups(r *tradewind.AccuracyReport) (list []group) {
	for _, row := range r.Markets {
		list = append(list, group{"market", row.Name + " " + messages.Country(v.lang, row.Name), row})
	}
	return list
}

func (v *invocation) accuracyRows(groups []group) *rows {
	return list(groups,
		column[group]{key: "of", text: func(g group) string { return g.Of }},
		column[group]{key: "name", title: "cli.head.group", flex: true, text: func(g group) string { return g.title }, raw: func(g group) string { return g.Name }},
		column[group]{key: "series", title: "cli.head.series", right: true, text: func(g group) string { return count(int64(g.Series)) }, raw: func(g group) string { return strconv.Itoa(g.Series) }},
		column[group]{key: "units", title: "cli.head.units", right: true, text: func(g group) string { return count(int64(g.Units)) }, raw: func(g group) string { return fixed(g.Units, -1) }},
		number("rmsse", "cli.head.rmsse", func(g group) *float64 { return g.RMSSE }, scaled),
		number("naive_rmsse", "cli.head.naive", func(g group) *float64 { return g.NaiveRMSSE }, scaled),
		number("value_added", "cli.head.value-added", func(g group) *float64 { return g.Skill }, share),
		number("bias", "cli.head.bias", func(g group) *float64 { return g.Bias }, share),
		number("coverage_80", "cli.head.coverage", func(g group) *float64 { return g.Coverage }, share),
		number("total_error", "cli.head.total-error", func(g group) *float64 { return g.TotalError }, share),
		number("last_28_days_error", "cli.head.last-error", func(g group) *float64 { return g.LastError }, share),
	)
}

// marketsShown is how many markets a backtest prints.
const marketsShown = 12

func (v *invocation) backtestPage(p *page, r *tradewind.AccuracyReport) {
	if len(r.Runs) == 0 {
		p.prose("", v.text("cli.backtest.none"))
		return
	}
	var days []string
	for _, run := range r.Runs {
		days = append(days, run.Origin.String())
	}
	p.prose("", v.text("cli.backtest.origins", messages.A("days", strings.Join(days, ", ")), messages.A("seconds", messages.Decimal{X: r.Seconds, Places: 1})))
	p.heading("cli.backtest.classes")
	p.table(v.accuracyRows(append(v.wholes(r), v.classGroups(r)...)))
	p.heading("cli.backtest.markets")
	shown := r.Markets[:min(len(r.Markets), limitOr(v.flags.limit, marketsShown))]
	p.table(v.accuracyRows(v.marketGroups(&tradewind.AccuracyReport{Markets: shown})))
	if more := len(r.Markets) - len(shown); more > 0 {
		p.line(v.text("cli.backtest.more", messages.A("n", more)))
	}
	p.line("")
	p.prose("", v.text("cli.backtest.legend"))
}
