package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// ruleLength is the number of rules on a page: each brings its source and days with it.
const ruleLength = 40

// ruleFilter is what the address of the page selects.
type ruleFilter struct {
	tradewind.RuleFilter
	Day  calendar.Day
	All  bool // every rule that is known, whatever the day
	Page int
}

// ruleRow is a rule with its figure, if it has one: a rate, a limit or an amount.
type ruleRow struct {
	tradewind.RuleView
	Figure string
}

type ruleList struct {
	Filter   ruleFilter
	Own      calendar.Day // of the workspace's rules
	Today    calendar.Day
	Topics   []string
	Statuses []string
	Rows     []ruleRow
	All      int
	From, To int
	Prev     string
	Next     string
	CSV      string
	wrongForm
}

func (c *Console) rulesPage(r *http.Request) (*view, error) {
	status, _, err := c.look(r.Context())
	if err != nil {
		return nil, err
	}
	v := &view{page: "rules", title: c.say(r, "console.rules.title"), section: "compliance"}
	p := ruleList{Own: status.RulesAsOf, Today: calendar.DayIn(c.options.Now(), time.UTC), Topics: tradewind.RuleTopics(), Statuses: tradewind.RuleStatuses()}
	p.CSV = with("/compliance/rules.csv?"+r.URL.RawQuery, "page", "")
	rules, f, err := c.rules(r)
	p.Filter = f
	if p.wrongForm, err = c.mendable(r, v, err); err != nil {
		return nil, err
	}
	first := min((f.Page-1)*ruleLength, len(rules))
	shown := rules[first:min(first+ruleLength, len(rules))]
	p.All, p.From, p.To = len(rules), first+min(1, len(shown)), first+len(shown)
	if f.Page > 1 {
		p.Prev = with(here(r), "page", strconv.Itoa(f.Page-1))
	}
	if p.To < len(rules) {
		p.Next = with(here(r), "page", strconv.Itoa(f.Page+1))
	}
	for _, rule := range shown {
		detail, err := c.engine.Rule(r.Context(), rule.ID)
		if err != nil {
			return nil, err
		}
		p.Rows = append(p.Rows, ruleRow{rule, figureOf(c.languageOf(r), detail.Params)})
	}
	v.data = p
	return v, nil
}

// rules returns what the address selects.
func (c *Console) rules(r *http.Request) ([]tradewind.RuleView, ruleFilter, error) {
	q := r.URL.Query()
	f := ruleFilter{RuleFilter: tradewind.RuleFilter{Market: marketIn(q, "market"), Topic: q.Get("topic"), Status: q.Get("status")}, All: q.Get("all") == "1", Page: 1}
	status, _, err := c.look(r.Context())
	if err != nil {
		return nil, f, err
	}
	f.Day = status.RulesAsOf
	if text := q.Get("day"); text != "" {
		day, err := calendar.ParseDay(text)
		if err != nil {
			return nil, f, wrongParameter("day", text)
		}
		f.Day = day
	}
	page, err := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	switch {
	case f.Topic != "" && !slices.Contains(tradewind.RuleTopics(), f.Topic):
		return nil, f, wrongParameter("topic", f.Topic)
	case f.Status != "" && !slices.Contains(tradewind.RuleStatuses(), f.Status):
		return nil, f, wrongParameter("status", f.Status)
	case err != nil || page < 1 || page > mostDecisions:
		return nil, f, wrongParameter("page", q.Get("page"))
	}
	f.Page = page
	if f.All {
		rules, err := c.engine.Rules(r.Context(), f.RuleFilter)
		return rules, f, err
	}
	rules, err := c.engine.RulesAsOf(r.Context(), f.Day, nil, f.RuleFilter)
	return rules, f, err
}

// marketIn reads a market as people type it.
func marketIn(q url.Values, name string) commerce.Market {
	return commerce.Market(strings.ToUpper(strings.TrimSpace(q.Get(name))))
}

// wrongForm is what is wrong with a form or a filter, and how to mend it; "" is nothing.
type wrongForm struct{ Problem, Help string }

// mendable says at the form what the reader can mend; any other failure stays one.
func (c *Console) mendable(r *http.Request, v *view, err error) (wrongForm, error) {
	wrong := fault.Of(err)
	if wrong == nil || wrong.Kind == fault.Internal {
		return wrongForm{}, err
	}
	v.status = wrong.Kind.HTTPStatus()
	problem, help := problemIn(c.languageOf(r), wrong)
	return wrongForm{problem, help}, nil
}

// problemIn says what is wrong and how to mend it.
func problemIn(lang messages.Language, err error) (problem, help string) {
	m := messages.Of(err)
	if messages.Has(m.Remedy().Code) {
		help = m.Remedy().In(lang)
	}
	return m.In(lang), help
}

func (c *Console) rulesCSV(r *http.Request) (*view, error) {
	rules, _, err := c.rules(r)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "rules", columns: []string{"id", "version", "jurisdiction", "place", "topic", "title", "figure", "effective_from", "effective_to", "status", "evidence", "supported",
		"source", "url", "retrieved_on", "verified_by", "verified_on"}}
	for _, rule := range rules {
		detail, err := c.engine.Rule(r.Context(), rule.ID)
		if err != nil {
			return nil, err
		}
		s.add(textCell(rule.ID), intCell(rule.Version), textCell(rule.Jurisdiction), textCell(rule.Place.In(lang)), textCell(rule.Topic), textCell(rule.Title.In(lang)),
			textCell(figureOf(lang, detail.Params)), plainCell(rule.From.String()), dayCell(rule.To), textCell(rule.Status), textCell(rule.Evidence), boolCell(rule.Supported),
			textCell(rule.Source.Title), textCell(rule.Source.URL), plainCell(rule.Source.RetrievedOn.String()), textCell(rule.VerifiedBy), plainCell(rule.VerifiedOn.String()))
	}
	return &view{sheet: s}, nil
}

// ruleDetail is a rule and what it says, in words.
type ruleDetail struct {
	tradewind.RuleDetail
	Said []param
}

func (c *Console) rulePage(r *http.Request) (*view, error) {
	d, err := c.engine.Rule(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	return &view{page: "rule", title: d.Title.In(lang) + " · " + d.Place.In(lang), section: "compliance", data: ruleDetail{*d, paramsIn(lang, d.Params)}}, nil
}

// ruleCSV is one table of a rule.
func (c *Console) ruleCSV(r *http.Request) (*view, error) {
	d, err := c.engine.Rule(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	s := &sheet{file: d.ID + "-" + strings.TrimSuffix(r.PathValue("table"), ".csv")}
	switch r.PathValue("table") {
	case "params.csv":
		s.columns = []string{"name", "value"}
		for _, p := range d.Params {
			s.add(textCell(p.Name), textCell(plainValue(p.Value)))
		}
	case "versions.csv":
		s.columns = []string{"version", "effective_from", "effective_to", "status", "recorded_on", "retired_on", "pack"}
		for _, v := range d.Versions {
			s.add(intCell(v.Version), plainCell(v.From.String()), dayCell(v.To), textCell(v.Status), plainCell(v.RecordedOn.String()), dayCell(v.RetiredOn), textCell(v.Pack))
		}
	default:
		return c.noSuchPage(r)
	}
	return &view{sheet: s}, nil
}

// findingsShown is how many findings stand on their page; the CSV has all.
const findingsShown = 120

type findings struct {
	*tradewind.RulesReport
	Shown []tradewind.RuleFinding
}

func (c *Console) findingsPage(r *http.Request) (*view, error) {
	report, err := c.engine.RulesCheck(r.Context())
	if err != nil {
		return nil, err
	}
	p := findings{report, report.Findings[:min(findingsShown, len(report.Findings))]}
	return &view{page: "findings", title: c.say(r, "console.findings.title"), section: "compliance", data: p}, nil
}

func (c *Console) findingsCSV(r *http.Request) (*view, error) {
	report, err := c.engine.RulesCheck(r.Context())
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "rule-findings", columns: []string{"code", "jurisdiction", "rules", "days", "text", "remedy"}}
	for _, f := range report.Findings {
		s.add(textCell(f.Code), textCell(f.Jurisdiction), textCell(strings.Join(f.Rules, " ")), intCell(f.Days), textCell(f.Text.In(lang)), textCell(f.Remedy.In(lang)))
	}
	return &view{sheet: s}, nil
}
