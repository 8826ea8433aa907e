package main

import (
	"context"
	"math"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
)

func (v *invocation) marketsScenario() *cobra.Command {
	var price, volume, duty, fx string
	var q tradewind.MarketScenario
	c := v.command("scenario MARKET", "cli.markets.scenario", exactly(1, "MARKET"), func(ctx context.Context, args []string) (err error) {
		q.Market = marketOf(args[0])
		for _, share := range []struct {
			flag, text string
			to         *float64
		}{{"--price", price, &q.Price}, {"--volume", volume, &q.Volume}, {"--duty", duty, &q.Duty}, {"--fx", fx, &q.FX}} {
			if *share.to, err = change(share.flag, share.text); err != nil {
				return err
			}
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			s, err := e.MarketScenario(ctx, q)
			if err != nil {
				return err
			}
			return v.print(result{value: s, rows: v.outcomeRows(s), page: func(p *page) { v.scenarioPage(p, s) }})
		})
	})
	c.Flags().StringVar(&price, "price", "", v.text("cli.flag.price"))
	c.Flags().StringVar(&volume, "volume", "", v.text("cli.flag.volume"))
	c.Flags().StringVar(&duty, "duty", "", v.text("cli.flag.duty"))
	c.Flags().StringVar(&fx, "fx", "", v.text("cli.flag.fx"))
	c.Flags().Float64Var(&q.Elasticity, "elasticity", 0, v.text("cli.flag.elasticity"))
	c.Flags().StringVar(&q.EntryCost, "entry-cost", "", v.text("cli.flag.entry-cost"))
	return c
}

func (v *invocation) scenarioPage(p *page, s *tradewind.ScenarioView) {
	p.line(v.bold(v.text("cli.markets.scenario.title", messages.A("name", s.Name.In(v.lang)), messages.A("currency", string(s.Currency)))))
	p.table(v.outcomeRows(s))
	p.line("")
	if !s.Complete {
		p.prose("", v.text("cli.markets.incomplete"))
	}
	for _, note := range s.Notes {
		p.prose("- ", note.In(v.lang))
	}
	v.assumedPart(p, s.Assumptions)
	v.notAdvice(p)
}

// scenarioLine is one figure of a scenario, as it is expected and as it would be.
type scenarioLine struct {
	key, title        string
	expected, changed tradewind.IntervalView
	single            bool
	show              func(float64) string
}

func (v *invocation) outcomeRows(s *tradewind.ScenarioView) *rows {
	interval := func(key, title string, of func(*tradewind.OutcomeView) tradewind.IntervalView) scenarioLine {
		return scenarioLine{key: key, title: title, expected: of(&s.Expected), changed: of(&s.Changed), show: wholes}
	}
	single := func(key, title string, show func(float64) string, of func(*tradewind.OutcomeView) *float64) scenarioLine {
		return scenarioLine{key: key, title: title, expected: point(of(&s.Expected)), changed: point(of(&s.Changed)), single: true, show: show}
	}
	days := func(x float64) string { return v.text("cli.markets.days", messages.A("n", int(math.Round(x)))) }
	all := []scenarioLine{
		interval("sales", "cli.markets.row.expected", func(o *tradewind.OutcomeView) tradewind.IntervalView { return o.Sales }),
		interval("contribution", "cli.markets.row.before", func(o *tradewind.OutcomeView) tradewind.IntervalView { return o.Contribution }),
		single("entry_cost", "cli.markets.row.cost", wholes, func(o *tradewind.OutcomeView) *float64 { return &o.Cost }),
		interval("result", "cli.markets.row.result", func(o *tradewind.OutcomeView) tradewind.IntervalView { return o.Result }),
		single("p_profit", "cli.markets.row.profit", percent, func(o *tradewind.OutcomeView) *float64 { return &o.Profit }),
		single("break_even_volume", "cli.markets.row.volume", percent, func(o *tradewind.OutcomeView) *float64 { return o.BreakEvenVolume }),
		single("break_even_price", "cli.markets.row.price", percent, func(o *tradewind.OutcomeView) *float64 { return o.BreakEvenPrice }),
		single("payback_days", "cli.markets.row.payback", days, func(o *tradewind.OutcomeView) *float64 { return o.Payback }),
	}
	text := func(i tradewind.IntervalView, o scenarioLine) string {
		switch {
		case math.IsNaN(i.Mean):
			return "–"
		case o.single:
			return o.show(i.Mean)
		}
		return spread(&i, o.show)
	}
	cell := func(x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return exact(x)
	}
	columns := []column[scenarioLine]{
		{key: "figure", text: func(o scenarioLine) string { return o.key }},
		{title: "cli.head.figure", text: func(o scenarioLine) string { return v.text(o.title) }},
		{title: "cli.head.as-expected", right: true, text: func(o scenarioLine) string { return text(o.expected, o) }},
		{title: "cli.head.changed", right: true, text: func(o scenarioLine) string { return text(o.changed, o) }},
	}
	for _, part := range []struct {
		key string
		of  func(scenarioLine) tradewind.IntervalView
	}{{"expected", func(o scenarioLine) tradewind.IntervalView { return o.expected }}, {"changed", func(o scenarioLine) tradewind.IntervalView { return o.changed }}} {
		columns = append(columns,
			column[scenarioLine]{key: part.key, right: true, text: func(o scenarioLine) string { return cell(part.of(o).Mean) }},
			column[scenarioLine]{key: part.key + "_p10", right: true, text: func(o scenarioLine) string { return cell(part.of(o).Low) }},
			column[scenarioLine]{key: part.key + "_p90", right: true, text: func(o scenarioLine) string { return cell(part.of(o).High) }},
		)
	}
	return list(all, columns...)
}

// point is a figure without an interval; nil is not known.
func point(x *float64) tradewind.IntervalView {
	none := math.NaN()
	if x == nil {
		return tradewind.IntervalView{Mean: none, Low: none, High: none}
	}
	return tradewind.IntervalView{Mean: *x, Low: none, High: none}
}
