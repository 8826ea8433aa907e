package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tradewind"
	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

const (
	runsListed    = 10 // rounds in their table
	stepsShown    = 40 // of what a round did, and of what it held
	runsExport    = 10_000
	defaultMonths = 1 // that a mandate proposed here lasts, unless said otherwise
)

// policyLevels are the rungs on which a policy can be put, the most cautious first.
var policyLevels = []string{"advise", "propose", "act", "act_reviewed"}

// automationPage is how policies stand: whether they may act, what bounds them, what they
// did and what they left to people.
type automationPage struct {
	*tradewind.AutomationStatus
	May         map[string]string // why not, by permission; "" where it may
	All         []tradewind.MandateView
	Proposed    int // mandates that wait for approval
	Runs        []tradewind.AutomationRun
	Counted     []round
	Round       *tradewind.AutomationRun // the one that is shown
	Levels      []string
	Form        mandateForm
	Failed      *problemView // what was wrong with a form that was sent
	MoreDone    int          // steps of the round beyond those shown
	MoreHeld    int
	Today, Last calendar.Day // bounds of the end of a mandate
}

// mandateForm is a mandate as it is being proposed.
type mandateForm struct {
	Policy, MaxCash, DayCash, MaxStep, Until, Reason string
	Kinds                                            []decision.Kind // that may be automated
	Chosen                                           []decision.Kind
	Open                                             bool
}

// Has reports whether a kind is ticked.
func (f mandateForm) Has(k decision.Kind) bool { return slices.Contains(f.Chosen, k) }

func (c *Console) automationPage(r *http.Request) (*view, error) {
	return c.automation(r, mandateForm{}, nil)
}

// automation shows the page, with a form as it was filled in and what was wrong with it.
func (c *Console) automation(r *http.Request, form mandateForm, wrong error) (*view, error) {
	ctx := r.Context()
	status, err := c.engine.Automation(ctx)
	if err != nil {
		return nil, err
	}
	p := automationPage{AutomationStatus: status, Levels: policyLevels}
	if p.May, err = c.barriers(r, tradewind.MayPause, tradewind.MayResume, tradewind.MayAutomate, tradewind.MayProposeMandate, tradewind.MayLevel, tradewind.MayRevoke); err != nil {
		return nil, err
	}
	if p.All, err = c.engine.Mandates(ctx); err != nil {
		return nil, err
	}
	for _, m := range p.All {
		if m.State == decision.Proposed {
			p.Proposed++
		}
	}
	if err := p.readRuns(c, r); err != nil {
		return nil, err
	}
	p.Today = calendar.DayIn(c.engine.Now(), time.UTC)
	p.Last = p.Today.AddDays(366)
	if p.Form, err = c.completed(r, form, p.Today); err != nil {
		return nil, err
	}
	v := &view{page: "automation", title: c.say(r, "console.auto.title"), section: "automation", data: &p}
	if wrong != nil {
		failed := c.failure(r, wrong)
		problem := failed.data.(problemView)
		p.Failed, v.status = &problem, failed.status
	}
	return v, nil
}

// Policies are the policies that mandates name, each once.
func (p *automationPage) Policies() []string {
	var names []string
	for _, m := range p.All {
		if !slices.Contains(names, m.Policy) {
			names = append(names, m.Policy)
		}
	}
	return names
}

// Currency is that of the limits.
func (p *automationPage) Currency() money.Currency { return p.UsedCash.Currency() }

// round is a line of the table of rounds.
type round struct {
	tradewind.AutomationRun
	Done, Held int
	Shown      bool // below the table
}

// readRuns reads the last rounds and picks the one that the address names, else the newest.
func (p *automationPage) readRuns(c *Console, r *http.Request) error {
	var err error
	if p.Runs, err = c.engine.AutomationRuns(r.Context(), runsListed); err != nil {
		return err
	}
	asked := r.URL.Query().Get("run")
	for i, run := range p.Runs {
		shown := run.ID == asked || asked == "" && i == 0
		if shown {
			p.Round = &p.Runs[i]
		}
		p.Counted = append(p.Counted, round{run, len(run.Done), len(run.Held), shown})
	}
	if p.Round == nil {
		if asked != "" {
			return fault.New(fault.NotFound, "E-AUTOMATION-RUN", fault.A("id", asked))
		}
		return nil
	}
	p.MoreDone, p.MoreHeld = max(0, len(p.Round.Done)-stepsShown), max(0, len(p.Round.Held)-stepsShown)
	p.Round.Done, p.Round.Held = p.Round.Done[:min(stepsShown, len(p.Round.Done))], p.Round.Held[:min(stepsShown, len(p.Round.Held))]
	return nil
}

// completed offers the kinds that policies may take now, and an end a month ahead.
func (c *Console) completed(r *http.Request, form mandateForm, today calendar.Day) (mandateForm, error) {
	limits, err := c.engine.Guardrails(r.Context())
	if err != nil {
		return form, err
	}
	for _, g := range limits {
		if g.Unit != "kinds" {
			continue
		}
		for k := range strings.FieldsSeq(cmp.Or(g.Value, g.Default)) {
			form.Kinds = append(form.Kinds, decision.Kind(k))
		}
	}
	form.Until = cmp.Or(form.Until, today.AddDays(30*defaultMonths).String())
	return form, nil
}

// pauseAutomation is the switch that stops every policy at once.
func (c *Console) pauseAutomation(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	defer c.lookAway()
	report, err := c.engine.Pause(r.Context(), c.actorOf(r), strings.TrimSpace(form.Get("note")))
	if err != nil {
		return nil, err
	}
	return seeOther(with("/automation", "did", "pause", "n", strconv.Itoa(len(report.Revoked)))), nil
}

func (c *Console) resumeAutomation(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	if _, err := c.engine.Resume(r.Context(), c.actorOf(r), strings.TrimSpace(form.Get("note"))); err != nil {
		return nil, err
	}
	return seeOther("/automation?did=resume"), nil
}

// runAutomation lets policies decide now what they may.
func (c *Console) runAutomation(r *http.Request) (*view, error) {
	defer c.lookAway()
	run, err := c.engine.Automate(r.Context(), c.actorOf(r))
	if err != nil {
		return nil, err
	}
	return seeOther(with("/automation", "did", "run", "n", strconv.Itoa(len(run.Done)))), nil
}

func (c *Console) proposeMandate(r *http.Request) (*view, error) {
	sent, err := formOf(r)
	if err != nil {
		return nil, err
	}
	text := func(name string) string { return strings.TrimSpace(sent.Get(name)) }
	form := mandateForm{Policy: text("policy"), MaxCash: text("max_cash"), DayCash: text("day_cash"), MaxStep: text("max_step"), Until: text("until"), Reason: text("reason"), Open: true}
	for _, k := range sent["kind"] {
		form.Chosen = append(form.Chosen, decision.Kind(k))
	}
	request, err := form.request(c.actorOf(r))
	if err != nil {
		return c.automation(r, form, err)
	}
	defer c.lookAway()
	d, err := c.engine.ProposeMandate(r.Context(), request)
	if err != nil && fault.KindOf(err) != fault.Internal {
		return c.automation(r, form, err)
	}
	if err != nil {
		return nil, err
	}
	return seeOther(with("/decisions/"+string(d.ID), "did", "mandate")), nil
}

// request reads what was filled in; which mandates there can be, the engine knows.
func (f mandateForm) request(by string) (tradewind.MandateRequest, error) {
	m := tradewind.MandateRequest{Policy: f.Policy, Kinds: f.Chosen, MaxCash: f.MaxCash, DayCash: f.DayCash, Reason: f.Reason, By: by}
	if f.MaxStep != "" {
		step, err := strconv.ParseFloat(f.MaxStep, 64)
		if err != nil {
			return m, fault.New(fault.Invalid, "E-MANDATE-LIMIT", fault.A("limit", "max_step"), fault.A("value", f.MaxStep))
		}
		m.MaxStep = step / 100
	}
	if f.Until != "" {
		until, err := calendar.ParseDay(f.Until)
		if err != nil {
			return m, fault.From(err, fault.Invalid, "E-DATE-FORMAT", fault.A("value", f.Until))
		}
		m.Until = until
	}
	return m, nil
}

// setLevel puts a policy on a rung.
func (c *Console) setLevel(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	if err := c.engine.SetPolicyLevel(r.Context(), strings.TrimSpace(form.Get("policy")), form.Get("level"), c.actorOf(r), strings.TrimSpace(form.Get("note"))); err != nil {
		return c.automation(r, mandateForm{}, err)
	}
	return seeOther("/automation?did=level"), nil
}

// automationCSV is one table of the page, whole.
func (c *Console) automationCSV(r *http.Request) (*view, error) {
	lang := c.languageOf(r)
	switch r.PathValue("table") {
	case "mandates.csv":
		all, err := c.engine.Mandates(r.Context())
		if err != nil {
			return nil, err
		}
		return &view{sheet: mandateSheet(lang, all)}, nil
	case "rounds.csv", "steps.csv":
		runs, err := c.engine.AutomationRuns(r.Context(), runsExport)
		if err != nil {
			return nil, err
		}
		if r.PathValue("table") == "rounds.csv" {
			return &view{sheet: roundSheet(lang, runs)}, nil
		}
		return &view{sheet: stepSheet(lang, runs)}, nil
	case "learned.csv":
		return c.learnedCSV(r)
	case "drift.csv":
		return c.driftCSV(r)
	}
	return c.noSuchPage(r)
}

func mandateSheet(lang messages.Language, all []tradewind.MandateView) *sheet {
	s := &sheet{file: "mandates", columns: []string{"id", "policy", "kinds", "max_cash", "day_cash", "currency", "max_step", "until", "state", "in_force", "level", "used_cash", "used_moves", "author", "granted_by", "summary"}}
	for _, m := range all {
		var kinds []string
		for _, k := range m.Kinds {
			kinds = append(kinds, string(k))
		}
		s.add(textCell(m.ID), textCell(m.Policy), textCell(strings.Join(kinds, " ")), amountCell(m.MaxCash), amountCell(m.DayCash), currencyCell(m.MaxCash), floatCell(m.MaxStep), plainCell(m.Until.String()),
			textCell(m.State), boolCell(m.InForce), textCell(m.Level), amountCell(m.UsedCash), intCell(m.UsedMoves), textCell(m.Author), textCell(strings.Join(m.GrantedBy, " ")), textCell(m.Summary.In(lang)))
	}
	return s
}

func roundSheet(lang messages.Language, runs []tradewind.AutomationRun) *sheet {
	s := &sheet{file: "rounds", columns: []string{"id", "at", "day", "paused", "considered", "done", "held", "stopped"}}
	for _, run := range runs {
		stopped := ""
		if run.Stopped != nil {
			stopped = run.Stopped.In(lang)
		}
		s.add(textCell(run.ID), timeCell(run.At), plainCell(run.Day.String()), boolCell(run.Paused), intCell(run.Considered), intCell(len(run.Done)), intCell(len(run.Held)), textCell(stopped))
	}
	return s
}

// stepSheet has a row for each decision that a round took or left to people.
func stepSheet(lang messages.Language, runs []tradewind.AutomationRun) *sheet {
	s := &sheet{file: "steps", columns: []string{"round", "at", "decision", "kind", "sku", "outcome", "policy", "mandate", "propensity", "cash", "currency", "reason"}}
	for _, run := range runs {
		for _, d := range run.Done {
			outcome, why := "approved", ""
			if d.Executed {
				outcome = "executed"
			}
			if d.Problem != nil {
				why = d.Problem.In(lang)
			}
			s.add(textCell(run.ID), timeCell(run.At), textCell(d.Decision.ID), textCell(d.Decision.Kind), textCell(d.Decision.Subject.SKU), plainCell(outcome), textCell(d.Policy), textCell(d.Mandate),
				floatCell(d.Propensity), amountCell(d.Decision.Cash), currencyCell(d.Decision.Cash), textCell(why))
		}
		for _, h := range run.Held {
			var why []string
			for _, reason := range h.Reasons {
				why = append(why, reason.In(lang))
			}
			s.add(textCell(run.ID), timeCell(run.At), textCell(h.Decision), textCell(h.Kind), textCell(h.Subject.SKU), plainCell("held"), cell{}, cell{}, cell{}, cell{}, cell{}, textCell(strings.Join(why, "; ")))
		}
	}
	return s
}
