package console

import (
	"html/template"
	"net/http"
	"strings"

	"tradewind"
	"tradewind/console/chart"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

const (
	marketsDrawn  = 15
	assessedDrawn = 12
	assessedShown = 60
	entriesShown  = 40
)

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

// hasFacts reports whether anything was imported: before that no market is known.
func (c *Console) hasFacts(r *http.Request) (bool, error) {
	status, _, err := c.look(r.Context())
	return err == nil && status.FactsAsOf != nil, err
}

// markets ranks the markets; there are none before the first import.
func (c *Console) markets(r *http.Request) ([]tradewind.MarketView, error) {
	if ok, err := c.hasFacts(r); !ok {
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
		"margin_rate_mean", "margin_rate_p10", "margin_rate_p90", "landed_status", "landed_rate", "landed_low", "landed_high",
		"expected_contribution_mean", "expected_contribution_p10", "expected_contribution_p90", "complete", "p_top3", "lines", "home", "assumed"}}
	for _, m := range rows {
		growth, margin, charges := intervalCells(m.Growth), intervalCells(m.Margin), landedCells(m.Landed)
		s.add(intCell(m.Rank), textCell(m.Market), textCell(m.Name.In(lang)), amountCell(m.Sales), currencyCell(m.Sales), floatCell(m.Share),
			growth[0], growth[1], growth[2], margin[0], margin[1], margin[2], charges[0], charges[1], charges[2], charges[3],
			floatCell(m.Score.Mean), floatCell(m.Score.Low), floatCell(m.Score.High), boolCell(m.Complete), floatCell(m.TopThree), intCell(m.Lines), boolCell(m.Home), textCell(strings.Join(m.Assumed, " ")))
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

// landedCells are status, rate, low and high; a rate that is not known is empty.
func landedCells(v *tradewind.LandedView) [4]cell {
	if v == nil {
		return [4]cell{}
	}
	return [4]cell{textCell(v.Status), knownCell(v.Rate), knownCell(v.Low), knownCell(v.High)}
}

// assessedView weighs the markets by all criteria.
type assessedView struct {
	*tradewind.AssessmentView // nil: no foreign market has published figures
	Shown                     []tradewind.AssessedView
	Chart                     template.HTML
}

func (c *Console) criteriaPage(r *http.Request) (*view, error) {
	a, err := c.assessment(r)
	if err != nil {
		return nil, err
	}
	p := assessedView{AssessmentView: a}
	if a != nil {
		p.Shown, p.Chart = a.Rows[:min(assessedShown, len(a.Rows))], c.acceptabilityChart(r, a.Rows)
	}
	return &view{page: "criteria", title: c.say(r, "console.criteria.title"), section: "markets", data: p}, nil
}

func (c *Console) assessment(r *http.Request) (*tradewind.AssessmentView, error) {
	if ok, err := c.hasFacts(r); !ok {
		return nil, err
	}
	return c.engine.MarketAssessment(r.Context())
}

// acceptabilityChart shows the probability of each rank: of the first three one by one, of
// the fourth to the tenth together.
func (c *Console) acceptabilityChart(r *http.Request, rows []tradewind.AssessedView) template.HTML {
	lang := c.languageOf(r)
	s := chart.Shares{Title: c.say(r, "console.criteria.chart"), Summary: c.say(r, "console.criteria.chart.desc")}
	for _, code := range []string{"1", "2", "3", "4", "rest"} {
		s.Names = append(s.Names, c.say(r, "console.criteria.rank."+code))
	}
	for _, m := range rows[:min(assessedDrawn, len(rows))] {
		row := chart.Share{Name: string(m.Market) + " " + messages.Country(lang, string(m.Market)), Parts: make([]float64, 4), Label: percent(m.TopThree)}
		for rank, p := range m.Ranks {
			row.Parts[min(rank, 3)] += p
		}
		s.Rows = append(s.Rows, row)
	}
	return s.SVG()
}

func (c *Console) criteriaCSV(r *http.Request) (*view, error) {
	a, err := c.assessment(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "market-criteria", columns: []string{"place", "market", "candidate", "p_top3", "p_best", "confidence", "topsis"}}
	if a == nil {
		return &view{sheet: s}, nil
	}
	used := 0
	for _, x := range a.Criteria {
		if x.Used {
			used++
			s.columns = append(s.columns, x.Code)
		}
	}
	for _, m := range a.Rows {
		row := []cell{intCell(m.Place), textCell(m.Market), boolCell(m.Candidate), floatCell(m.TopThree), floatCell(m.Best), floatCell(m.Confident), floatCell(m.TOPSIS)}
		for k := range used {
			row = append(row, knownCell(m.Values[k]))
		}
		s.add(row...)
	}
	return &view{sheet: s}, nil
}

// entriesView is the markets without sales that the shop could enter.
type entriesView struct {
	*tradewind.EntriesView // nil before the first import, and where nothing can be said
	Shown                  []tradewind.EntryView
	wrongForm
}

func (c *Console) entriesPage(r *http.Request) (*view, error) {
	p, err := c.entries(r)
	if err != nil {
		return nil, err
	}
	return &view{page: "entries", title: c.say(r, "console.entries.title"), section: "markets", data: p}, nil
}

// entries asks for the candidates. A shop with too few markets is told so and is no failure.
func (c *Console) entries(r *http.Request) (*entriesView, error) {
	p := &entriesView{}
	if ok, err := c.hasFacts(r); !ok {
		return p, err
	}
	found, err := c.engine.MarketEntries(r.Context())
	if fault.Is(err, fault.Invalid) {
		p.Problem, p.Help = problemIn(c.languageOf(r), err)
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	p.EntriesView, p.Shown = found, found.Entries[:min(entriesShown, len(found.Entries))]
	return p, nil
}

func (c *Console) entriesCSV(r *http.Request) (*view, error) {
	p, err := c.entries(r)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "market-entries", columns: []string{"place", "market", "name", "channel", "from", "currency", "expected_sales", "expected_sales_p10", "expected_sales_p90",
		"expected_contribution", "expected_contribution_p10", "expected_contribution_p90", "entry_cost", "value", "value_p10", "value_p90", "p_profit", "p_top3", "landed_status", "landed_rate", "complete", "assumed"}}
	if p.EntriesView != nil {
		for _, x := range p.Entries {
			charges := landedCells(x.Landed)
			s.add(intCell(x.Place), textCell(x.Market), textCell(x.Name.In(lang)), textCell(x.Channel), textCell(x.From), textCell(x.Currency),
				floatCell(x.Sales.Mean), floatCell(x.Sales.Low), floatCell(x.Sales.High), floatCell(x.Contribution.Mean), floatCell(x.Contribution.Low), floatCell(x.Contribution.High),
				floatCell(x.Cost.Mean), floatCell(x.Value.Mean), floatCell(x.Value.Low), floatCell(x.Value.High), floatCell(x.Profit), floatCell(x.TopThree),
				charges[0], charges[1], boolCell(x.Complete), textCell(strings.Join(x.Assumed, " ")))
		}
	}
	return &view{sheet: s}, nil
}
