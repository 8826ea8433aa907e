package console

import (
	"html/template"
	"net/http"
	"time"

	"tradewind"
	"tradewind/console/chart"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// How much of each list the overview shows.
const (
	bestShown    = 8
	marketsShown = 6
	leftShown    = 6
)

type overview struct {
	Now     time.Time
	Status  *tradewind.DataStatus
	Plan    *tradewind.PlanReport // nil: no plan has been made
	Best    []tradewind.DecisionView
	Sum     summary
	Chart   template.HTML
	Markets []tradewind.MarketView
	LeftOut []tradewind.LeftOutView
}

func (c *Console) overviewPage(r *http.Request) (*view, error) {
	o := overview{Now: c.engine.Now()}
	status, proposed, err := c.look(r.Context())
	if err != nil {
		return nil, err
	}
	if o.Status = status; status.FactsAsOf != nil {
		if err := c.fillOverview(r, &o, proposed); err != nil {
			return nil, err
		}
	}
	return &view{page: "overview", title: c.say(r, "console.overview.title"), section: "overview", data: o}, nil
}

func (c *Console) fillOverview(r *http.Request, o *overview, proposed []tradewind.DecisionView) error {
	waiting, _ := c.awake(proposed)
	var err error
	if o.Sum, err = summarize(o.Now, waiting); err != nil {
		return err
	}
	o.Best = waiting[:min(bestShown, len(waiting))]
	o.Chart = c.gainChart(r, o.Best)
	markets, err := c.engine.Markets(r.Context())
	if err != nil {
		return err
	}
	o.Markets = markets[:min(marketsShown, len(markets))]
	if o.Plan, err = c.latestPlan(r); err != nil || o.Plan == nil {
		return err
	}
	o.LeftOut = o.Plan.LeftOut[:min(leftShown, len(o.Plan.LeftOut))]
	return nil
}

// latestPlan returns nil where none has been made.
func (c *Console) latestPlan(r *http.Request) (*tradewind.PlanReport, error) {
	p, err := c.engine.LatestPlan(r.Context())
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return p, err
}

// summary is what a set of decisions comes to.
type summary struct {
	Count    int
	Gain     money.Amount // sum of the means
	Cash     money.Amount
	Expiring int // within seven days
	Assumed  int // rest on an assumed input
}

func summarize(now time.Time, all []tradewind.DecisionView) (summary, error) {
	s := summary{Count: len(all)}
	for _, d := range all {
		var err error
		if s.Gain, err = s.Gain.Add(d.Gain.Mean); err != nil {
			return s, fault.Wrap(err, "sum of gains")
		}
		if s.Cash, err = s.Cash.Add(d.Cash); err != nil {
			return s, fault.Wrap(err, "sum of cash")
		}
		if d.Expires.Sub(now) <= 7*24*time.Hour {
			s.Expiring++
		}
		if len(d.Assumed) > 0 {
			s.Assumed++
		}
	}
	return s, nil
}

// gainChart shows what decisions are worth, with their intervals.
func (c *Console) gainChart(r *http.Request, all []tradewind.DecisionView) template.HTML {
	g := chart.Intervals{Title: c.say(r, "console.chart.gains"), Summary: c.say(r, "console.chart.gains.desc"), Format: whole}
	lang := c.languageOf(r)
	for _, d := range all {
		name := string(d.Subject.SKU) + " " + d.Product
		if d.Subject.SKU == "" {
			name = d.Kind.Name().In(lang) + ": " + messages.Country(lang, string(d.Subject.Market))
		}
		g.Rows = append(g.Rows, gainRow(name, d.Gain))
	}
	return g.SVG()
}

func gainRow(name string, g tradewind.GainView) chart.Interval {
	return chart.Interval{Name: name, Mean: g.Mean.Float(), Low: g.P10.Float(), High: g.P90.Float(), Label: about(g.Mean)}
}
