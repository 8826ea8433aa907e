package console

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/commerce"
	"tradewind/console/chart"
)

// mostCompared is how many markets stand side by side.
const mostCompared = 4

type comparison struct {
	*tradewind.ComparisonView // nil: nothing was asked, or it cannot be answered
	Asked                     [mostCompared]commerce.Market
	Chart                     template.HTML
	CSV                       string
	wrongForm
}

func (c *Console) comparePage(r *http.Request) (*view, error) {
	v := &view{page: "compare", title: c.say(r, "console.compare.title"), section: "markets"}
	asked := marketsAsked(r.URL.Query())
	p := comparison{CSV: "/markets/compare.csv?" + r.URL.RawQuery}
	copy(p.Asked[:], asked)
	if len(asked) > 0 {
		found, err := c.compared(r)
		if p.wrongForm, err = c.mendable(r, v, err); err != nil {
			return nil, err
		}
		if found != nil {
			p.ComparisonView, p.Chart = found, c.sidesChart(r, found)
		}
	}
	v.data = p
	return v, nil
}

// marketsAsked reads the markets of an address, empty fields left out.
func marketsAsked(q url.Values) []commerce.Market {
	var all []commerce.Market
	for _, text := range q["m"] {
		if m := commerce.Market(strings.ToUpper(strings.TrimSpace(text))); m != "" && !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

func (c *Console) compared(r *http.Request) (*tradewind.ComparisonView, error) {
	return c.engine.CompareMarkets(r.Context(), marketsAsked(r.URL.Query()))
}

// expected is what a side brings in a year, whether the shop sells there or not.
func expected(s tradewind.SideView) tradewind.IntervalView {
	if s.Present != nil {
		return s.Present.Score
	}
	if s.Entry != nil {
		return s.Entry.Contribution
	}
	return tradewind.IntervalView{}
}

func (c *Console) sidesChart(r *http.Request, v *tradewind.ComparisonView) template.HTML {
	g := chart.Intervals{Title: c.say(r, "console.compare.chart"), Summary: c.say(r, "console.chart.gains.desc"), Format: whole}
	for _, s := range v.Sides {
		x := expected(s)
		g.Rows = append(g.Rows, chart.Interval{Name: string(s.Market) + " " + s.Name.In(c.languageOf(r)), Mean: x.Mean, Low: x.Low, High: x.High, Label: string(v.Currency) + " " + whole(x.Mean)})
	}
	return g.SVG()
}

func (c *Console) compareCSV(r *http.Request) (*view, error) {
	found, err := c.compared(r)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "market-comparison", columns: []string{"market", "name", "candidate", "expected_contribution_mean", "expected_contribution_p10", "expected_contribution_p90", "currency", "landed_status", "landed_rate"}}
	for _, side := range found.Sides {
		s.columns = append(s.columns, "p_ahead_"+strings.ToLower(string(side.Market)))
	}
	for i, side := range found.Sides {
		x, charges := expected(side), landedCells(landedOf(side))
		row := []cell{textCell(side.Market), textCell(side.Name.In(lang)), boolCell(side.Entry != nil), floatCell(x.Mean), floatCell(x.Low), floatCell(x.High), textCell(found.Currency), charges[0], charges[1]}
		for k := range found.Sides {
			ahead := plainCell("")
			if i != k {
				ahead = floatCell(found.Ahead[i][k])
			}
			row = append(row, ahead)
		}
		s.add(row...)
	}
	return &view{sheet: s}, nil
}

func landedOf(s tradewind.SideView) *tradewind.LandedView {
	if s.Present != nil {
		return s.Present.Landed
	}
	if s.Entry != nil {
		return s.Entry.Landed
	}
	return nil
}

// scenarioFields are the changes that a scenario takes; those of per cent are written as
// people write them: 5 is 5 %.
var scenarioFields = []string{"price", "volume", "duty", "fx"}

type scenario struct {
	*tradewind.ScenarioView // nil: nothing was asked, or it cannot be answered
	Query                   url.Values
	Fields                  []string
	CSV                     string
	wrongForm
}

// Of returns what a field of the form holds.
func (s scenario) Of(name string) string { return strings.TrimSpace(s.Query.Get(name)) }

func (c *Console) scenarioPage(r *http.Request) (*view, error) {
	v := &view{page: "scenario", title: c.say(r, "console.scenario.title"), section: "markets"}
	p := scenario{Query: r.URL.Query(), Fields: scenarioFields, CSV: "/markets/scenario.csv?" + r.URL.RawQuery}
	if p.Of("market") != "" {
		found, err := c.scenario(r)
		if p.wrongForm, err = c.mendable(r, v, err); err != nil {
			return nil, err
		}
		p.ScenarioView = found
	}
	v.data = p
	return v, nil
}

func (c *Console) scenario(r *http.Request) (*tradewind.ScenarioView, error) {
	q := r.URL.Query()
	ask := tradewind.MarketScenario{Market: marketIn(q, "market"), EntryCost: strings.TrimSpace(q.Get("entry_cost"))}
	for name, to := range map[string]*float64{"price": &ask.Price, "volume": &ask.Volume, "duty": &ask.Duty, "fx": &ask.FX} {
		x, err := numberIn(q, name)
		if err != nil {
			return nil, err
		}
		*to = x / 100
	}
	var err error
	if ask.Elasticity, err = numberIn(q, "elasticity"); err != nil {
		return nil, err
	}
	return c.engine.MarketScenario(r.Context(), ask)
}

// numberIn reads a plain number; an empty field is 0.
func numberIn(q url.Values, name string) (float64, error) {
	text := strings.TrimSpace(q.Get(name))
	if text == "" {
		return 0, nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x-x != 0 { // not a number, or without end
		return 0, wrongParameter(name, text)
	}
	return x, nil
}

// outlook is one figure of a scenario as expected and changed.
type outlook struct {
	Code              string
	Expected, Changed tradewind.IntervalView
	Share             bool
}

// Lines lists the figures of a scenario.
func (s scenario) Lines() []outlook {
	point := func(x float64) tradewind.IntervalView { return tradewind.IntervalView{Mean: x, Low: x, High: x} }
	e, n := s.Expected, s.Changed
	return []outlook{
		{"sales", e.Sales, n.Sales, false}, {"contribution", e.Contribution, n.Contribution, false},
		{"entry_cost", point(e.Cost), point(n.Cost), false}, {"result", e.Result, n.Result, false}, {"p_profit", point(e.Profit), point(n.Profit), true},
	}
}

// Ranged reports a line with an interval.
func (l outlook) Ranged() bool {
	return l.Expected.Low != l.Expected.High || l.Changed.Low != l.Changed.High
}

func (c *Console) scenarioCSV(r *http.Request) (*view, error) {
	found, err := c.scenario(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "scenario-" + string(found.Market), columns: []string{"figure", "expected_mean", "expected_p10", "expected_p90", "changed_mean", "changed_p10", "changed_p90", "currency"}}
	for _, l := range (scenario{ScenarioView: found}).Lines() {
		currency := textCell(found.Currency)
		if l.Share {
			currency = plainCell("")
		}
		s.add(textCell(l.Code), floatCell(l.Expected.Mean), floatCell(l.Expected.Low), floatCell(l.Expected.High), floatCell(l.Changed.Mean), floatCell(l.Changed.Low), floatCell(l.Changed.High), currency)
	}
	return &view{sheet: s}, nil
}
