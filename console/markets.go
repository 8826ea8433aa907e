package console

import (
	"html/template"
	"net/http"
	"strings"

	"tradewind"
	"tradewind/console/chart"
	"tradewind/messages"
	"tradewind/money"
)

const marketsDrawn = 15

type marketList struct {
	Rows     []tradewind.MarketView
	Currency money.Currency
	Chart    template.HTML
	Drawn    int
	Home     string // markets left out of the drawing; they would leave no room for the others
	Assumed  bool   // some rest on assumed inputs
}

func (c *Console) marketsPage(r *http.Request) (*view, error) {
	rows, err := c.markets(r)
	if err != nil {
		return nil, err
	}
	p := marketList{Rows: rows}
	lang := c.languageOf(r)
	var abroad []tradewind.MarketView
	for _, m := range rows {
		p.Currency = m.Sales.Currency()
		p.Assumed = p.Assumed || len(m.Assumed) > 0
		if m.Home && len(rows) > 1 {
			p.Home = strings.TrimPrefix(p.Home+", "+m.Name.In(lang), ", ")
		} else {
			abroad = append(abroad, m)
		}
	}
	p.Drawn = min(marketsDrawn, len(abroad))
	g := chart.Intervals{Title: c.say(r, "console.chart.markets"), Summary: c.say(r, "console.chart.markets.desc", messages.A("n", p.Drawn)), Format: whole}
	for _, m := range abroad[:p.Drawn] {
		g.Rows = append(g.Rows, chart.Interval{Name: string(m.Market) + " " + m.Name.In(lang), Mean: m.Score.Mean, Low: m.Score.Low, High: m.Score.High,
			Label: string(p.Currency) + " " + whole(m.Score.Mean)})
	}
	p.Chart = g.SVG()
	return &view{page: "markets", title: c.say(r, "console.markets.title"), section: "markets", data: p}, nil
}

// markets ranks the markets; there are none before the first import.
func (c *Console) markets(r *http.Request) ([]tradewind.MarketView, error) {
	if status, _, err := c.look(r.Context()); err != nil || status.FactsAsOf == nil {
		return nil, err
	}
	return c.engine.Markets(r.Context())
}

func (c *Console) marketsCSV(r *http.Request) (*view, error) {
	rows, err := c.markets(r)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "markets", columns: []string{"rank", "market", "name", "sales", "currency", "share", "growth_mean", "growth_p10", "growth_p90",
		"margin_rate_mean", "margin_rate_p10", "margin_rate_p90", "expected_contribution_mean", "expected_contribution_p10", "expected_contribution_p90", "p_top3", "lines", "home", "assumed"}}
	for _, m := range rows {
		growth, margin := intervalCells(m.Growth), intervalCells(m.Margin)
		s.add(intCell(m.Rank), textCell(m.Market), textCell(m.Name.In(lang)), amountCell(m.Sales), currencyCell(m.Sales), floatCell(m.Share),
			growth[0], growth[1], growth[2], margin[0], margin[1], margin[2],
			floatCell(m.Score.Mean), floatCell(m.Score.Low), floatCell(m.Score.High), floatCell(m.TopThree), intCell(m.Lines), boolCell(m.Home), textCell(strings.Join(m.Assumed, " ")))
	}
	return &view{sheet: s}, nil
}

// intervalCells are mean, p10 and p90; empty where nothing is known.
func intervalCells(v *tradewind.IntervalView) [3]cell {
	if v == nil {
		return [3]cell{}
	}
	return [3]cell{floatCell(v.Mean), floatCell(v.Low), floatCell(v.High)}
}
