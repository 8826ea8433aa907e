package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/messages"
	"tradewind/money"
)

func (v *invocation) pricesSimulate() *cobra.Command {
	var f itemFlags
	c := v.command("simulate SKU PRICE", "cli.prices.simulate", exactly(2, "SKU PRICE"), func(ctx context.Context, args []string) error {
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			s, err := e.SimulatePrice(ctx, f.item(args[0]), args[1])
			if err != nil {
				return err
			}
			return v.print(result{value: s, rows: v.sidesOf(s), page: func(p *page) { v.simulationPage(p, s) }})
		})
	})
	f.add(v, c)
	return c
}

// simulated is one of the two prices of a simulation.
type simulated struct {
	Case string `json:"case"` // now or then
	tradewind.CurvePoint
}

func (v *invocation) sidesOf(s *tradewind.PriceSimulation) *rows {
	names := map[string]string{"now": "cli.prices.today", "then": "cli.prices.asked"}
	columns := []column[simulated]{
		{key: "case", title: "cli.head.case", text: func(x simulated) string { return v.text(names[x.Case]) }, raw: func(x simulated) string { return x.Case }},
		amountColumn("price", "cli.head.price", func(x simulated) *money.Amount { return &x.Price }),
		{key: "currency", text: func(x simulated) string { return string(x.Price.Currency()) }},
		{key: "legal", title: "cli.head.allowed", text: func(x simulated) string { return v.yes(x.Legal) }, raw: func(x simulated) string { return truth(x.Legal) }},
		{key: "breaks", text: func(x simulated) string { return strings.Join(x.Breaks, " ") }},
	}
	columns = append(columns, intervalColumns("units", "cli.head.units", wholes, func(x simulated) *tradewind.IntervalView { return &x.Units })...)
	columns = append(columns, estimateColumns("profit", "cli.head.contribution", func(x simulated) *tradewind.EstimateView { return &x.Profit })...)
	return list([]simulated{{"now", s.Now}, {"then", s.Then}}, columns...)
}

func (v *invocation) simulationPage(p *page, s *tradewind.PriceSimulation) {
	p.line(v.bold(itemTitle(s.Item, s.Product)))
	p.prose("", v.text("cli.prices.what-if", messages.A("price", s.Then.Price), messages.A("was", s.Now.Price), messages.A("n", s.Horizon)))
	p.line("")
	p.table(v.sidesOf(s))
	p.line("")
	p.facts(
		[2]string{v.text("cli.prices.difference"), estimated(&s.Gain)},
		[2]string{v.text("cli.prices.pays"), percent(s.Better)},
	)
	v.priceLimits(p, "cli.prices.broken", s.Broken)
	v.waterfall(p, "cli.prices.waterfall", s.Waterfall)
	v.textPart(p, "cli.prices.notes", s.Notes)
	var assumed []tradewind.LocalizedText
	for _, part := range s.Waterfall {
		if part.Assumed {
			assumed = append(assumed, part.Name)
		}
	}
	v.assumedPart(p, assumed)
	v.notAdvice(p)
}

// truth is yes or no for programs.
func truth(is bool) string { return strconv.FormatBool(is) }
