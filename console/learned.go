package console

import (
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/console/chart"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// learnedPage lists the sites for which a policy was trained.
type learnedPage struct {
	*tradewind.LearnedReport
	Empty bool // nothing was imported yet
}

func (c *Console) learnedPage(r *http.Request) (*view, error) {
	p := learnedPage{}
	report, err := c.learned(r)
	if err != nil {
		return nil, err
	}
	p.LearnedReport = report
	return &view{page: "learned", title: c.say(r, "console.learned.title"), section: "automation", data: p}, nil
}

// learned asks the engine; before the first import nothing can have been learned.
func (c *Console) learned(r *http.Request) (*tradewind.LearnedReport, error) {
	if ok, err := c.hasFacts(r); !ok {
		return &tradewind.LearnedReport{}, err
	}
	return c.engine.LearnedStatus(r.Context())
}

// learnedCSV has a row for each site.
func (c *Console) learnedCSV(r *http.Request) (*view, error) {
	report, err := c.learned(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "learned", columns: []string{"sku", "location", "product", "level", "learned", "prices_learned", "moves", "gain", "gain_low", "gain_high", "currency", "episodes", "trained_at",
		"advice_price_times", "advice_target_times", "in_plan", "decisions", "drift_cost"}}
	for i := range report.Sites {
		v := &report.Sites[i]
		var price, target, in cell
		if a := v.Advice; a != nil {
			price, target, in = floatCell(a.Price), floatCell(a.Target), boolCell(a.InPlan)
		}
		s.add(textCell(v.SKU), textCell(v.Location), textCell(v.Product), textCell(v.Level), boolCell(v.Learned), boolCell(v.Priced), intCell(v.Moves), amountCell(v.Advantage.Gain), amountCell(v.Advantage.Low),
			amountCell(v.Advantage.High), currencyCell(v.Advantage.Gain), intCell(v.Advantage.Episodes), timeCell(v.TrainedAt), price, target, in, intCell(len(v.Actions)), amountCell(v.Drift.Cost))
	}
	return &view{sheet: s}, nil
}

// sitePage is all about the policy of one site: what it is worth beside the others, how it
// was learned, what it would do now and what it did.
type sitePage struct {
	tradewind.LearnedSiteView
	Rivals  template.HTML // chart: a year under each policy
	Learner template.HTML // chart: how the advantage grew
	Losses  template.HTML // chart: forecast loss by week
	Query   template.URL
	May     map[string]string
	Problem *problemView
}

// sitePath is the address of the page of a site.
func sitePath(sku, location string) string {
	return "/automation/learned/site?" + url.Values{"sku": {sku}, "location": {location}}.Encode()
}

func (c *Console) site(r *http.Request) (*tradewind.LearnedSiteView, error) {
	report, err := c.learned(r)
	if err != nil {
		return nil, err
	}
	sku, location := r.URL.Query().Get("sku"), r.URL.Query().Get("location")
	for i := range report.Sites {
		if v := &report.Sites[i]; string(v.SKU) == sku && (location == "" || string(v.Location) == location) {
			return v, nil
		}
	}
	return nil, fault.New(fault.NotFound, "E-CONSOLE-LEARNED", fault.A("sku", sku), fault.A("location", location))
}

func (c *Console) learnedSitePage(r *http.Request) (*view, error) {
	v, err := c.site(r)
	if err != nil {
		return nil, err
	}
	p := sitePage{LearnedSiteView: *v, Query: template.URL(url.Values{"sku": {string(v.SKU)}, "location": {string(v.Location)}}.Encode())}
	if p.May, err = c.barriers(r, tradewind.MayRevoke); err != nil {
		return nil, err
	}
	p.Rivals, p.Learner, p.Losses = c.rivalChart(r, v), c.learnerChart(r, v), c.lossChart(r, &v.Drift)
	return &view{page: "learnedsite", title: string(v.SKU) + " " + v.Product, section: "automation", data: &p}, nil
}

// rivalChart shows a year's contribution under each policy: the learned one, and those that
// it is held against.
func (c *Console) rivalChart(r *http.Request, v *tradewind.LearnedSiteView) template.HTML {
	if v.Evaluated == nil {
		return ""
	}
	g := chart.Intervals{Title: c.say(r, "console.learned.rivals"), Summary: c.say(r, "console.learned.rivals.desc"), Format: whole}
	for _, p := range v.Evaluated.Overall.Policies {
		g.Rows = append(g.Rows, chart.Interval{Name: named(c.languageOf(r), "console.learned.name.", p.Policy), Mean: p.Mean.Float(), Low: p.Low.Float(), High: p.High.Float(), Label: about(p.Mean), Strong: p.Policy == "learned"})
	}
	return g.SVG()
}

// learnerChart shows the advantage over the classical policy after each round of learning.
func (c *Console) learnerChart(r *http.Request, v *tradewind.LearnedSiteView) template.HTML {
	if len(v.Curve) < 2 {
		return ""
	}
	k := chart.Curve{Title: c.say(r, "console.learned.curve"), Summary: c.say(r, "console.learned.curve.desc", messages.A("n", len(v.Curve))), Across: c.say(r, "console.learned.round"),
		Axis: c.say(r, "console.learned.axis", messages.A("currency", string(v.Advantage.Gain.Currency()))), Line: c.say(r, "console.learned.line"), Band: c.say(r, "console.learned.band"), FormatX: counted, FormatY: whole}
	for i, a := range v.Curve {
		k.Spots = append(k.Spots, chart.Spot{X: float64(i + 1), Y: a.Gain.Float(), Low: a.Low.Float(), High: a.High.Float()})
	}
	return k.SVG()
}

// counted labels whole numbers, and nothing between them.
func counted(x float64) string {
	if x != math.Trunc(x) {
		return ""
	}
	return whole(x)
}

// lossChart shows how far kept forecasts were off, week by week, and where that was found
// to have become worse.
func (c *Console) lossChart(r *http.Request, d *tradewind.DriftView) template.HTML {
	t := chart.Trend{Title: c.say(r, "console.drift.loss"), Summary: c.say(r, "console.drift.loss.desc", messages.A("n", len(d.Loss))), Axis: c.say(r, "console.drift.axis"), Step: 7, Height: 160, Format: tidy}
	for _, w := range d.Loss {
		t.Bars = append(t.Bars, chart.Point{Day: w.From, Y: w.Loss})
	}
	for _, a := range d.Alarms {
		t.Marks = append(t.Marks, chart.Mark{Day: a.Week, Name: about(a.Cost)})
	}
	return t.SVG()
}

// reviewAutomated records what a person found about a decision that a policy took.
func (c *Console) reviewAutomated(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	found := form.Get("found")
	if found != "right" && found != "wrong" {
		return nil, wrongParameter("found", found)
	}
	if err := c.engine.ReviewAutomated(r.Context(), decision.ID(form.Get("decision")), found == "right", c.actorOf(r), strings.TrimSpace(form.Get("note"))); err != nil {
		return nil, err
	}
	return seeOther(with(sitePath(form.Get("sku"), form.Get("location")), "did", "review")), nil
}

// siteCSV is one table of a site.
func (c *Console) siteCSV(r *http.Request) (*view, error) {
	v, err := c.site(r)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	table := r.PathValue("table")
	s := &sheet{file: string(v.SKU) + "-" + strings.TrimSuffix(table, ".csv")}
	switch table {
	case "policies.csv":
		s.columns = []string{"scenario", "policy", "mean", "low", "high", "over_classical", "over_low", "over_high", "currency", "gap_closed", "fill_rate", "mean_stock", "weeks_sold_out", "mean_price"}
		if v.Evaluated != nil {
			for _, trial := range append(v.Evaluated.Scenarios, v.Evaluated.Overall) {
				for _, p := range trial.Policies {
					s.add(textCell(trial.Scenario), textCell(p.Policy), amountCell(p.Mean), amountCell(p.Low), amountCell(p.High), amountCell(p.Over.Gain), amountCell(p.Over.Low), amountCell(p.Over.High), currencyCell(p.Mean),
						floatCell(p.Gap), floatCell(p.Fill), floatCell(p.Stock), floatCell(p.Out), floatCell(p.Price))
				}
			}
		}
	case "curve.csv":
		s.columns = []string{"round", "gain", "low", "high", "currency"}
		for i, a := range v.Curve {
			s.add(intCell(i+1), amountCell(a.Gain), amountCell(a.Low), amountCell(a.High), currencyCell(a.Gain))
		}
	case "actions.csv":
		s.columns = []string{"decision", "kind", "state", "at", "policy", "mandate", "propensity", "cash", "currency", "summary", "review"}
		for _, a := range v.Actions {
			review := cell{}
			if a.Right != nil {
				review = boolCell(*a.Right)
			}
			s.add(textCell(a.Decision), textCell(a.Kind), textCell(a.State), timeCell(a.At), textCell(a.Policy), textCell(a.Mandate), floatCell(a.Propensity), amountCell(a.Cash), currencyCell(a.Cash), textCell(a.Summary.In(lang)), review)
		}
	case "ladder.csv":
		s.columns = []string{"at", "from", "to", "by", "reason"}
		for _, m := range v.Ladder {
			s.add(timeCell(m.At), textCell(m.From), textCell(m.To), textCell(m.By), textCell(m.Reason.In(lang)))
		}
	case "checks.csv":
		s.columns = []string{"name", "tested", "statistic", "least", "limit", "p", "passed"}
		for _, f := range v.Checks {
			s.add(textCell(f.Name), boolCell(f.Tested), floatCell(f.Statistic), knownCell(f.Least), knownCell(f.Limit), floatCell(f.P), boolCell(f.Passed))
		}
	case "loss.csv":
		s.columns = []string{"week", "loss"}
		for _, w := range v.Drift.Loss {
			s.add(plainCell(w.From.String()), floatCell(w.Loss))
		}
	default:
		return c.noSuchPage(r)
	}
	return &view{sheet: s}, nil
}

// driftShown are the items whose forecasts are held against what came.
const driftShown = 20

func (c *Console) drift(r *http.Request) (*tradewind.DriftReport, error) {
	if ok, err := c.hasFacts(r); !ok {
		return nil, err
	}
	return c.engine.Drift(r.Context(), driftShown)
}

func (c *Console) driftPage(r *http.Request) (*view, error) {
	report, err := c.drift(r)
	if err != nil {
		return nil, err
	}
	return &view{page: "drift", title: c.say(r, "console.drift.title"), section: "automation", data: struct{ *tradewind.DriftReport }{report}}, nil
}

func (c *Console) driftCSV(r *http.Request) (*view, error) {
	report, err := c.drift(r)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "drift", columns: []string{"sku", "product", "weeks", "response", "alarms", "alarm_week", "loss_before", "loss_after", "cost_a_week", "currency"}}
	if report != nil {
		for _, d := range report.Items {
			var alarm [3]cell
			if n := len(d.Alarms); n > 0 {
				last := d.Alarms[n-1]
				alarm = [3]cell{plainCell(last.Week.String()), floatCell(last.Before), floatCell(last.After)}
			}
			s.add(textCell(d.SKU), textCell(d.Product), intCell(d.Weeks), textCell(d.Response), plainCell(strconv.Itoa(len(d.Alarms))), alarm[0], alarm[1], alarm[2], amountCell(d.Cost), currencyCell(d.Cost))
		}
	}
	return &view{sheet: s}, nil
}
