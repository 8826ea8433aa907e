package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tradewind"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

func (v *invocation) marketsCompare() *cobra.Command {
	return v.command("compare MARKET MARKET…", "cli.markets.compare", between(2, 4, "MARKET MARKET…"), func(ctx context.Context, args []string) error {
		var markets []commerce.Market
		for _, arg := range args {
			markets = append(markets, marketOf(arg))
		}
		return v.withEngine(ctx, func(e *tradewind.Engine) error {
			c, err := e.CompareMarkets(ctx, markets)
			if err != nil {
				return err
			}
			return v.print(result{value: c, rows: v.sideRows(c.Sides), page: func(p *page) { v.comparisonPage(p, c) }})
		})
	})
}

func (v *invocation) comparisonPage(p *page, c *tradewind.ComparisonView) {
	p.table(v.sideRows(c.Sides))
	if c.Assessment != nil {
		p.heading("cli.markets.criteria", messages.A("n", len(c.Assessment.Rows)))
		p.table(v.criteriaRows(c.Sides))
	}
	p.line("")
	p.table(v.factRows(c.Sides))
	p.heading("cli.markets.ahead")
	p.facts(v.aheadPairs(c)...)
	p.line("")
	p.prose("", v.text("cli.markets.legend"))
	var assumed []tradewind.LocalizedText
	for _, s := range c.Sides {
		assumed = append(assumed, assumptionsOf(s)...)
		for _, note := range notesOf(s) {
			p.prose("- ", s.Name.In(v.lang)+": "+note.In(v.lang))
		}
	}
	v.assumedPart(p, assumed)
	v.notAdvice(p)
}

// aheadPairs says of every pair how likely the first contributes more.
func (v *invocation) aheadPairs(c *tradewind.ComparisonView) (pairs [][2]string) {
	for i := range c.Sides {
		for j := i + 1; j < len(c.Sides); j++ {
			pairs = append(pairs, [2]string{string(c.Sides[i].Market) + " > " + string(c.Sides[j].Market), percent(c.Ahead[i][j])})
		}
	}
	return pairs
}

type side = tradewind.SideView

func assumptionsOf(s side) []tradewind.LocalizedText {
	if s.Entry != nil {
		return s.Entry.Assumptions
	}
	return s.Present.Assumptions
}

func notesOf(s side) []tradewind.LocalizedText {
	if s.Entry != nil {
		return slices.Concat(s.Entry.Reasons, s.Entry.Notes)
	}
	return s.Present.Notes
}

func factsOf(s side) []tradewind.FactView {
	if s.Entry != nil {
		return s.Entry.Facts
	}
	return s.Present.Facts
}

func assessedOf(s side) *tradewind.AssessedView {
	if s.Entry != nil {
		return s.Entry.Assessed
	}
	return s.Present.Assessed
}

func (v *invocation) sideRows(sides []side) *rows {
	columns := []column[side]{
		{key: "market", title: "cli.head.market", text: func(s side) string { return string(s.Market) }},
		{key: "name", title: "cli.head.name", text: func(s side) string { return s.Name.In(v.lang) }},
		{key: "candidate", title: "cli.head.state", text: func(s side) string {
			if s.Entry != nil {
				return v.text("cli.markets.candidate")
			}
			return v.text("cli.markets.present")
		}, raw: func(s side) string { return fmt.Sprint(s.Entry != nil) }},
		{key: "sales", title: "cli.head.sales", right: true, text: func(s side) string {
			if s.Entry != nil {
				return spread(&s.Entry.Sales, wholes)
			}
			return messages.Money(s.Present.Sales.Round())
		}, raw: func(s side) string {
			if s.Entry != nil {
				return ""
			}
			return s.Present.Sales.Decimal()
		}},
	}
	columns = append(columns, intervalColumns("growth", "cli.head.growth", percent, func(s side) *tradewind.IntervalView {
		if s.Entry != nil {
			return nil
		}
		return s.Present.Growth
	})...)
	columns = append(columns, intervalColumns("margin_rate", "cli.head.margin", percent, func(s side) *tradewind.IntervalView {
		if s.Entry != nil {
			return nil
		}
		return s.Present.Margin
	})...)
	columns = append(columns, landedColumns(v, func(s side) *tradewind.LandedView {
		if s.Entry != nil {
			return s.Entry.Landed
		}
		return s.Present.Landed
	})...)
	columns = append(columns, intervalColumns("expected_contribution", "cli.head.contribution", wholes, func(s side) *tradewind.IntervalView {
		if s.Entry != nil {
			return &s.Entry.Contribution
		}
		return &s.Present.Score
	})...)
	columns = append(columns, intervalColumns("value", "cli.head.entry-value", wholes, func(s side) *tradewind.IntervalView {
		if s.Entry == nil {
			return nil
		}
		return &s.Entry.Value
	})...)
	for _, c := range assessedColumns(assessedOf) {
		c.title = "" // a table of its own for people
		columns = append(columns, c)
	}
	return list(sides, columns...)
}

// criteriaRows are the ranks of the sides among all foreign markets and candidates.
func (v *invocation) criteriaRows(sides []side) *rows {
	show := func(of func(*tradewind.AssessedView) string) func(side) string {
		return func(s side) string {
			if a := assessedOf(s); a != nil {
				return of(a)
			}
			return "–"
		}
	}
	return list(sides,
		column[side]{title: "cli.head.market", text: func(s side) string { return string(s.Market) }},
		column[side]{title: "cli.head.place", right: true, text: show(func(a *tradewind.AssessedView) string {
			return v.text("cli.markets.place", messages.A("place", a.Place), messages.A("of", a.Of))
		})},
		column[side]{title: "cli.head.top3", right: true, text: show(func(a *tradewind.AssessedView) string { return percent(a.TopThree) })},
		column[side]{title: "cli.head.best", right: true, text: show(func(a *tradewind.AssessedView) string { return percent(a.Best) })},
		column[side]{title: "cli.head.topsis", right: true, text: show(func(a *tradewind.AssessedView) string { return strconv.FormatFloat(a.TOPSIS, 'f', 3, 64) })},
	)
}

// factRows are the published figures, each with its year and source.
func (v *invocation) factRows(sides []side) *rows {
	type fact struct {
		market commerce.Market
		tradewind.FactView
	}
	var all []fact
	for _, s := range sides {
		for _, f := range factsOf(s) {
			all = append(all, fact{s.Market, f})
		}
	}
	return list(all,
		column[fact]{title: "cli.head.market", text: func(f fact) string { return string(f.market) }},
		column[fact]{title: "cli.head.figure", text: func(f fact) string { return f.Name.In(v.lang) }},
		column[fact]{title: "cli.head.value", right: true, text: func(f fact) string { return strings.TrimSpace(short(f.Value) + " " + f.Unit) }},
		column[fact]{title: "cli.head.year", text: func(f fact) string {
			if f.Year == 0 {
				return "–"
			}
			return strconv.Itoa(f.Year)
		}},
		column[fact]{title: "cli.head.source", flex: true, text: func(f fact) string { return f.Source }},
	)
}

// change reads a share such as -5% or +10%; "" is none.
func change(flag, text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	share, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !percent || err != nil || math.IsNaN(share) || math.IsInf(share, 0) {
		return 0, fault.New(fault.Usage, "E-MARKETS-SHARE", fault.A("flag", flag), fault.A("value", text))
	}
	return share / 100, nil
}
