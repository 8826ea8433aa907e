package tradewind

import (
	"context"
	"strings"
	"time"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/operations/automation"
	"tradewind/store"
)

// GuardrailView is a limit that no policy passes, whatever its mandate says. One that the
// team set holds for people too, but for those of a day and of kinds: outside it, two of
// them have to agree.
type GuardrailView struct {
	Name    string        `json:"name"`
	Unit    string        `json:"unit"`    // money, share, count, days or kinds
	Value   string        `json:"value"`   // "" is no limit but that of the mandate
	Default string        `json:"default"` // likewise
	Set     bool          `json:"set"`     // by the team; otherwise it stands at its default
	Meaning LocalizedText `json:"meaning"`
	By      string        `json:"by,omitempty"` // who set it last, or set it back
	At      *time.Time    `json:"at,omitempty"`
	Note    string        `json:"note,omitempty"`
}

// Guardrails lists every guardrail with its limit of now.
func (e *Engine) Guardrails(ctx context.Context) ([]GuardrailView, error) {
	set, err := e.db.Guardrails(ctx)
	if err != nil {
		return nil, err
	}
	log, err := e.db.Controls(ctx, "guardrail")
	if err != nil {
		return nil, err
	}
	views, err := e.guardrailViews(set)
	for i := range views {
		for _, c := range log {
			if c.Name == views[i].Name {
				views[i].By, views[i].At, views[i].Note = c.By, &c.At, c.Note
			}
		}
	}
	return views, err
}

func (e *Engine) guardrailViews(set map[string]string) ([]GuardrailView, error) {
	limits, err := e.limits(set)
	if err != nil {
		return nil, err
	}
	usual, err := e.limits(nil)
	if err != nil {
		return nil, err
	}
	views := make([]GuardrailView, len(automation.Guardrails))
	for i, g := range automation.Guardrails {
		_, isSet := set[string(g.Name)]
		views[i] = GuardrailView{Name: string(g.Name), Unit: string(g.Unit), Value: limits.Text(g), Default: usual.Text(g), Set: isSet, Meaning: localized(g.Meaning())}
	}
	return views, nil
}

// limits are the guardrails with what was set over their defaults, and beside them the
// amount above which two people decide: there no policy does.
func (e *Engine) limits(set map[string]string) (automation.Limits, error) {
	named := map[automation.Name]string{}
	for name, text := range set {
		named[automation.Name(name)] = text
	}
	limits, err := automation.ReadLimits(named, e.currency)
	if err == nil {
		limits.TwoPeople, err = e.config.Approval.twoAbove(e.currency)
	}
	return limits, err
}

// SetGuardrail sets the limit of a guardrail, or sets it back to its default (""). Once it
// returns, no policy takes a step under the old limit.
func (e *Engine) SetGuardrail(ctx context.Context, name, value, by, note string) (*GuardrailView, error) {
	by, err := e.actor(ctx, MayGuardrail, by)
	if err != nil {
		return nil, err
	}
	text, err := e.canonical(name, value)
	if err != nil {
		return nil, err
	}
	if err := e.db.SetGuardrail(ctx, name, text, text != "", store.Control{By: by, At: e.now(), Note: note}); err != nil {
		return nil, err
	}
	views, err := e.Guardrails(ctx)
	for i := range views {
		if views[i].Name == name {
			return &views[i], err
		}
	}
	return nil, err
}

// canonical writes a limit as it is kept; "" is back to the default.
func (e *Engine) canonical(name, value string) (string, error) {
	g, err := automation.GuardrailOf(automation.Name(name))
	if value = strings.TrimSpace(value); err != nil || value == "" {
		return "", err
	}
	var l automation.Limits
	if err := l.Set(g, value, e.currency); err != nil {
		return "", err
	}
	if text := l.Text(g); text != "" {
		return text, nil
	}
	return "", fault.New(fault.Invalid, "E-GUARDRAIL-VALUE", fault.A("name", name), fault.A("value", value), fault.A("unit", g.Form()))
}

// GuardrailTest says what the proposals that stand open would do under other limits.
type GuardrailTest struct {
	Limits    []GuardrailView `json:"limits"` // as tested
	Now       TestTotals      `json:"now"`
	Then      TestTotals      `json:"then"`
	Decisions []TestedView    `json:"decisions"` // in the order in which policies take them
}

// TestTotals counts decisions inside the guardrails, and those that policies would approve
// under the mandates in force.
type TestTotals struct {
	Within       int          `json:"within"`
	Approved     int          `json:"approved"`
	ApprovedCash money.Amount `json:"approved_cash"`
}

// TestedView is one decision under the tested limits.
type TestedView struct {
	Decision  DecisionView  `json:"decision"`
	Within    bool          `json:"within"`
	WithinNow bool          `json:"within_now"`
	Mandate   decision.ID   `json:"mandate,omitempty"` // under which it would be approved
	Verdicts  []VerdictView `json:"verdicts"`
}

// VerdictView is what one guardrail says of one decision.
type VerdictView struct {
	Name  string        `json:"name"`
	Limit string        `json:"limit"`
	Value string        `json:"value"` // "" is not known
	Holds bool          `json:"holds"`
	Text  LocalizedText `json:"text"`
}

func verdictViews(list []automation.Verdict) []VerdictView {
	views := make([]VerdictView, len(list))
	for i, v := range list {
		views[i] = VerdictView{string(v.Name), v.Limit, v.Value, v.Holds, localized(v.Message())}
	}
	return views
}

// TestGuardrails judges what stands open by other limits, given by name and laid over those
// of now; "" is the default. It changes nothing. What is blocked, snoozed, no longer true or
// left to people is not among the decisions.
func (e *Engine) TestGuardrails(ctx context.Context, changes map[string]string) (*GuardrailTest, error) {
	if err := e.expire(ctx); err != nil {
		return nil, err
	}
	s, open, err := e.situation(ctx)
	if err != nil {
		return nil, err
	}
	set, err := e.db.Guardrails(ctx)
	if err != nil {
		return nil, err
	}
	for name, value := range changes {
		text, err := e.canonical(name, value)
		if err != nil {
			return nil, err
		}
		if set[name] = text; text == "" {
			delete(set, name)
		}
	}
	then := *s
	if then.Limits, err = e.limits(set); err != nil {
		return nil, err
	}
	s.Paused, then.Paused = false, false
	t := &GuardrailTest{Decisions: []TestedView{}}
	if t.Limits, err = e.guardrailViews(set); err != nil {
		return nil, err
	}
	names := e.productNames(ctx)
	now, tested := s.Judge(), then.Judge() // in the same order
	for i, j := range tested {
		v := TestedView{Decision: viewOf(store.ListingOf(open[j.Candidate.ID]), names), Within: j.Within(), WithinNow: now[i].Within(), Verdicts: verdictViews(j.Verdicts)}
		if j.Mandate != nil {
			v.Mandate = j.Mandate.ID
		}
		t.Decisions = append(t.Decisions, v)
	}
	t.Now, t.Then = totalsOf(now, e.currency), totalsOf(tested, e.currency)
	return t, nil
}

func totalsOf(list []automation.Judgement, c money.Currency) TestTotals {
	t := TestTotals{ApprovedCash: money.FromE4(0, c)}
	for _, j := range list {
		if j.Within() {
			t.Within++
		}
		if j.Mandate != nil {
			t.Approved++
			if sum, err := t.ApprovedCash.Add(j.Candidate.Cash); err == nil {
				t.ApprovedCash = sum
			}
		}
	}
	return t
}
