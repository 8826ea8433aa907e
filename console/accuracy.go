package console

import (
	"net/http"
	"strings"

	"tradewind"
	"tradewind/messages"
)

// accuracyView is how kept forecasts did against what came.
type accuracyView struct {
	*tradewind.AccuracyReport
	Days   string // of the origins
	Wholes []accuracyGroup
	Class  []accuracyGroup
	Market []accuracyGroup
	Better int // overrides that came nearer than the model
}

// accuracyGroup is a line of a table of accuracy.
type accuracyGroup struct {
	Of, Title string
	tradewind.AccuracyRow
}

func (c *Console) accuracyPage(r *http.Request) (*view, error) {
	p, err := c.accuracy(r)
	if err != nil {
		return nil, err
	}
	return &view{page: "accuracy", title: c.say(r, "console.accuracy.title"), section: "forecasts", data: p}, nil
}

// accuracy judges the kept forecasts; there are none before the first import.
func (c *Console) accuracy(r *http.Request) (*accuracyView, error) {
	p := &accuracyView{AccuracyReport: &tradewind.AccuracyReport{}}
	if status, _, err := c.look(r.Context()); err != nil || status.FactsAsOf == nil {
		return p, err
	}
	report, err := c.engine.Accuracy(r.Context())
	if err != nil {
		return nil, err
	}
	p.AccuracyReport = report
	var days []string
	for _, run := range report.Runs {
		days = append(days, run.Origin.String())
	}
	p.Days = strings.Join(days, ", ")
	p.Wholes = []accuracyGroup{{"all", c.say(r, "console.accuracy.all"), report.All}, {"all_markets_together", c.say(r, "console.accuracy.together"), report.Together}}
	for _, row := range report.Classes {
		p.Class = append(p.Class, accuracyGroup{"class", named(c.languageOf(r), "forecast.class.", row.Name), row})
	}
	for _, row := range report.Markets {
		p.Market = append(p.Market, accuracyGroup{"market", row.Name + " " + messages.Country(c.languageOf(r), row.Name), row})
	}
	for _, o := range report.Overrides {
		if o.Score.Better == "override" {
			p.Better++
		}
	}
	return p, nil
}

func (c *Console) accuracyCSV(r *http.Request) (*view, error) {
	p, err := c.accuracy(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "forecast-accuracy", columns: []string{"of", "name", "series", "units", "rmsse", "naive_rmsse", "value_added", "bias", "coverage_80", "total_error", "last_28_days_error"}}
	for _, groups := range [][]accuracyGroup{p.Wholes, p.Class, p.Market} {
		for _, g := range groups {
			s.add(plainCell(g.Of), textCell(g.Name), intCell(g.Series), floatCell(g.Units), knownCell(g.RMSSE), knownCell(g.NaiveRMSSE), knownCell(g.Skill),
				knownCell(g.Bias), knownCell(g.Coverage), knownCell(g.TotalError), knownCell(g.LastError))
		}
	}
	return &view{sheet: s}, nil
}

// knownCell is a number, or nothing.
func knownCell(x *float64) cell {
	if x == nil {
		return plainCell("")
	}
	return floatCell(*x)
}
