package console

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tradewind"
	"tradewind/commerce"
	"tradewind/console/chart"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// detail is the whole case for one decision.
type detail struct {
	tradewind.Explanation
	Now          time.Time
	Fields       []field
	DriverChart  template.HTML
	ChoiceChart  template.HTML
	CanApprove   bool // proposed and no check forbids it
	CanDecide    bool // proposed
	AssumedCount int
	Problem      string // what is wrong with the form that was sent
	Snoozes      []int
	PricePage    string // of the item that a decision about a price or a promotion is about
	Promotes     bool
	May          map[string]string // why not, by permission; "" where it may
	CanRevoke    bool
	CanRollBack  bool
	Final        bool // executed, and not to be taken back from here
}

// field is one part of an action. Data is a name of the seller's and no word.
type field struct {
	Name, Value string
	Data        bool
}

// snoozes are the days for which a decision can be put off.
var snoozes = []int{1, 3, 7, 14}

func (c *Console) decisionPage(r *http.Request) (*view, error) { return c.detail(r, nil) }

// detail shows a decision; wrong is what was wrong with a form sent from it.
func (c *Console) detail(r *http.Request, wrong *fault.Error) (*view, error) {
	e, err := c.engine.Explain(r.Context(), decision.ID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	d := detail{Explanation: *e, Now: c.engine.Now(), Fields: fieldsOf(lang, e.Proposal), Snoozes: snoozes}
	d.CanDecide = e.State == decision.Proposed && d.Now.Before(e.Expires)
	d.CanApprove = d.CanDecide && !e.Blocked
	mandate := e.Kind == decision.KindGrantMandate
	left := e.State == decision.Executed || e.State == decision.Measured
	d.CanRevoke = e.State == decision.Approved || mandate && e.State == decision.Executed
	d.CanRollBack = left && !mandate && e.Reversible
	d.Final = left && !mandate && !e.Reversible
	if d.May, err = c.barriers(r, tradewind.MayApprove, tradewind.MayReject, tradewind.MaySnooze, tradewind.MayRevoke, tradewind.MayRollback); err != nil {
		return nil, err
	}
	if a := e.Approvals; a != nil && slices.Contains(a.Given, "user:"+c.actorOf(r)) {
		d.May["approve"] = c.say(r, "console.approvals.yours")
	}
	d.PricePage = pricePageOf(e.Proposal)
	d.Promotes = e.Kind == decision.KindRunPromotion
	d.DriverChart, d.ChoiceChart = c.driverChart(r, e), c.choiceChart(r, e)
	for _, in := range e.Inputs {
		if in.Assumed {
			d.AssumedCount++
		}
	}
	v := &view{page: "decision", title: c.say(r, "console.decision.named", messages.A("id", string(e.ID)), messages.A("kind", e.Kind.Name()), messages.A("subject", e.Subject.String())), section: "decisions", data: &d}
	if wrong != nil {
		d.Problem = messages.Of(wrong).In(lang)
		v.status = wrong.Kind.HTTPStatus()
	}
	return v, nil
}

// fieldsOf says what an action does, field by field.
func fieldsOf(lang messages.Language, action decision.Action) []field {
	var fields []field
	add := func(code, value string) {
		if value != "" {
			fields = append(fields, field{Name: messages.Text(lang, code), Value: value})
		}
	}
	name := func(code, value string) {
		if value != "" {
			fields = append(fields, field{messages.Text(lang, code), value, true})
		}
	}
	switch a := action.(type) {
	case decision.Reorder:
		add("console.field.units", messages.Grouped(strconv.FormatInt(a.Units, 10)))
		name("console.field.supplier", string(a.Supplier))
		name("console.field.location", string(a.Location))
		add("console.field.unit_cost", messages.Money(a.UnitCost))
		if total, err := a.UnitCost.Times(a.Units); err == nil { // a total too large to hold is left out
			add("console.field.total", messages.Money(total.Round()))
		}
	case decision.SetPrice:
		add("console.field.market", place(lang, a.Item.Market))
		name("console.field.channel", string(a.Item.Channel))
		add("console.field.was", messages.Money(a.Was))
		add("console.field.price", messages.Money(a.Price))
		if was := a.Was.Float(); was > 0 {
			add("console.field.step", percent(a.Price.Float()/was-1))
		}
	case decision.MoveStock:
		add("console.field.units", messages.Grouped(strconv.FormatInt(a.Units, 10)))
		name("console.field.movefrom", string(a.From))
		name("console.field.location", string(a.To))
	case decision.AllocateStock:
		add("console.field.market", place(lang, a.Item.Market))
		name("console.field.channel", string(a.Item.Channel))
		name("console.stock.location", string(a.Location))
		add("console.field.units", messages.Grouped(strconv.FormatInt(a.Units, 10)))
	case decision.GrantMandate:
		name("console.auto.policy", a.Policy)
		var kinds []string
		for _, k := range a.Kinds {
			kinds = append(kinds, k.Name().In(lang))
		}
		add("console.auto.kinds", strings.Join(kinds, ", "))
		add("console.auto.percase", messages.Money(a.MaxCash))
		add("console.auto.perday", messages.Money(a.DayCash))
		if a.MaxStep > 0 {
			add("console.auto.step", percent(a.MaxStep))
		}
		add("console.auto.until", a.Until.String())
	case decision.EnterMarket:
		add("console.field.market", place(lang, a.Market))
		name("console.field.channel", string(a.Channel))
	case decision.RegisterTax:
		add("console.field.jurisdiction", place(lang, a.Market))
		add("console.field.scheme", named(lang, "landed.name.", a.Scheme))
		add("console.field.threshold", messages.Money(a.Threshold.Round()))
		add("console.field.crosses", a.Crosses.String())
	case decision.LocalizeListing:
		add("console.field.market", place(lang, a.Item.Market))
		name("console.field.channel", string(a.Item.Channel))
		add("console.field.language", languageName(lang, a.Language))
		add("console.field.findings", findingsIn(lang, a.Findings))
	case decision.RunPromotion:
		add("console.field.market", place(lang, a.Item.Market))
		name("console.field.channel", string(a.Item.Channel))
		add("console.field.was", messages.Money(a.Was))
		add("console.field.price", messages.Money(a.Price))
		add("console.field.from", a.From.String())
		add("console.field.to", a.To.String())
		add("console.field.vehicle", named(lang, "decision.vehicle.", a.Vehicle))
	case decision.StartExperiment:
		add("console.field.market", place(lang, a.Item.Market))
		name("console.field.channel", string(a.Item.Channel))
		add("console.field.was", messages.Money(a.Control))
		add("console.field.test", messages.Money(a.Test))
		add("console.field.from", a.From.String())
		add("console.field.weeks", messages.Grouped(strconv.Itoa(a.Weeks)))
	}
	return fields
}

// pricePageOf is the page of the price that an action is about; "" where it is about none.
// An action that tries a price leads to what that price would bring.
func pricePageOf(action decision.Action) string {
	switch a := action.(type) {
	case decision.SetPrice:
		return with(itemPage(a.Item), "price", a.Price.Decimal())
	case decision.StartExperiment:
		return with(itemPage(a.Item), "price", a.Test.Decimal())
	case decision.RunPromotion:
		return itemPage(a.Item)
	}
	return ""
}

// languageName says a language tag: "zh-Hans" by the name of zh where it has none itself.
func languageName(lang messages.Language, tag string) string {
	if messages.Has("localization.language." + tag) {
		return named(lang, "localization.language.", tag)
	}
	primary, _, _ := strings.Cut(tag, "-")
	if !messages.Has("localization.language." + primary) {
		return tag
	}
	return named(lang, "localization.language.", primary) + " (" + tag + ")"
}

// findingsIn says the codes of findings in a few words each.
func findingsIn(lang messages.Language, codes string) string {
	var said []string
	for code := range strings.FieldsSeq(codes) {
		said = append(said, named(lang, "console.find.", code))
	}
	return strings.Join(said, ", ")
}

// place says a market by its name and code.
func place(lang messages.Language, m commerce.Market) string {
	if m == "" {
		return ""
	}
	return strings.TrimPrefix(messages.Country(lang, string(m))+" ("+string(m)+")", string(m)+" ")
}

func (c *Console) driverChart(r *http.Request, e *tradewind.Explanation) template.HTML {
	lang := c.languageOf(r)
	s := chart.Sum{Title: c.say(r, "console.chart.drivers"), Summary: c.say(r, "console.chart.drivers.desc", messages.A("total", e.Impact.Mean.Round()))}
	for _, d := range e.Drivers {
		s.Parts = append(s.Parts, chart.Part{Name: d.Name.In(lang), Value: d.Amount.Float(), Label: about(d.Amount)})
	}
	s.Total = chart.Part{Name: c.say(r, "console.drivers.total"), Value: e.Impact.Mean.Float(), Label: about(e.Impact.Mean)}
	return s.SVG()
}

func (c *Console) choiceChart(r *http.Request, e *tradewind.Explanation) template.HTML {
	lang := c.languageOf(r)
	g := chart.Intervals{Title: c.say(r, "console.chart.alternatives"), Summary: c.say(r, "console.chart.alternatives.desc"), Format: whole}
	for _, a := range e.Alternatives {
		row := gainRow(a.Name.In(lang), a.Gain)
		row.Strong = a.Chosen
		g.Rows = append(g.Rows, row)
	}
	return g.SVG()
}

// decisionCSV is one table of a decision.
func (c *Console) decisionCSV(r *http.Request) (*view, error) {
	e, err := c.engine.Explain(r.Context(), decision.ID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{}
	switch r.PathValue("table") {
	case "drivers.csv":
		s.columns = []string{"name", "amount", "currency"}
		for _, d := range e.Drivers {
			s.add(textCell(d.Name.In(lang)), amountCell(d.Amount), currencyCell(d.Amount))
		}
	case "alternatives.csv":
		s.columns = []string{"name", "chosen", "gain_mean", "gain_p10", "gain_p90", "gain_currency", "cash", "cash_currency"}
		for _, a := range e.Alternatives {
			s.add(textCell(a.Name.In(lang)), boolCell(a.Chosen), amountCell(a.Gain.Mean), amountCell(a.Gain.P10), amountCell(a.Gain.P90),
				currencyCell(a.Gain.Mean), amountCell(a.Cash), currencyCell(a.Cash))
		}
	case "inputs.csv":
		s = inputSheet(lang, e.Inputs)
	case "rules.csv":
		s = citedSheet(lang, e.Rules)
	case "history.csv":
		s.columns = []string{"seq", "verb", "from", "to", "by", "at", "note"}
		for _, h := range e.History {
			s.add(intCell(h.Seq), textCell(h.Verb), textCell(h.From), textCell(h.To), textCell(h.By), timeCell(h.At), textCell(h.Note))
		}
	default:
		return c.noSuchPage(r)
	}
	s.file = string(e.ID) + "-" + strings.TrimSuffix(r.PathValue("table"), ".csv")
	return &view{sheet: s}, nil
}

func citedSheet(lang messages.Language, rules []tradewind.RuleCited) *sheet {
	s := &sheet{columns: []string{"id", "version", "name", "effective_from", "effective_to", "status", "evidence", "supported", "source", "url", "verified_on"}}
	for _, r := range rules {
		s.add(textCell(r.ID), intCell(r.Version), textCell(r.Name.In(lang)), plainCell(r.From.String()), dayCell(r.To), textCell(r.Status), textCell(r.Evidence), boolCell(r.Supported),
			textCell(r.Source), textCell(r.URL), plainCell(r.VerifiedOn.String()))
	}
	return s
}

func inputSheet(lang messages.Language, inputs []tradewind.InputView) *sheet {
	s := &sheet{columns: []string{"key", "name", "value", "source", "as_of", "age_days", "assumed"}}
	for _, in := range inputs {
		s.add(textCell(in.Key), textCell(in.Name.In(lang)), textCell(in.Value), textCell(in.Source), plainCell(in.AsOf.String()), intCell(in.AgeDays), boolCell(in.Assumed))
	}
	return s
}
