package tradewind

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/store"
)

// put records proposals as a plan does.
func put(t tester, e *Engine, list ...decision.Proposal) {
	t.Helper()
	record := store.PlanRecord{ID: "P-test", At: e.Now(), JSON: []byte("{}")}
	if err := e.propose(t.Context(), record, list, store.Carried{}); err != nil {
		t.Fatal(err)
	}
}

// suggestion is a proposal that every default guardrail lets through, with the cash that it
// commits in pounds.
func suggestion(t tester, e *Engine, a decision.Action, cash int64, change ...func(*decision.Proposal)) decision.Proposal {
	t.Helper()
	p := decision.Proposal{
		Action: a, Cash: pence(100 * cash), Gain: decision.Estimate{Mean: pence(500), P10: pence(100), P50: pence(500), P90: pence(900), Level: .8, Horizon: 28},
		Summary: messages.M("decision.kind." + string(a.Kind())), Expires: e.Now().Add(72 * time.Hour), Run: decision.Run{Config: e.config.Plan.Hash(), Model: "test", Seed: 7},
		Exposure: decision.Exposure{Margin: new(.3), Cover: new(30.0)},
	}
	p.ID = decision.NewID(a.Kind(), a.Subject(), "snapshot", p.Run.Config, 7)
	for _, f := range change {
		f(&p)
	}
	if err := p.Sign(); err != nil {
		t.Fatal(err)
	}
	return p
}

// wording is an action that rests on no fact of the workspace.
func wording(n int) decision.LocalizeListing {
	return decision.LocalizeListing{Item: commerce.Item{SKU: commerce.SKU(fmt.Sprintf("S%03d", n)), Market: "DE", Channel: "web"}, Language: "de", Findings: "language"}
}

// mandated lets policies mend listings, reorder and set prices, as people granted it.
func mandated(t tester, e *Engine, change ...func(*MandateRequest)) *DecisionView {
	t.Helper()
	r := MandateRequest{Policy: "agent", Kinds: []decision.Kind{decision.KindLocalizeListing, decision.KindReorder, decision.KindSetPrice},
		MaxCash: "100", DayCash: "250", MaxStep: .05, Until: calendar.DayIn(e.Now(), e.zone).AddDays(7), Reason: "routine", By: ann}
	for _, f := range change {
		f(&r)
	}
	v, err := e.ProposeMandate(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if v, err = e.Approve(t.Context(), v.ID, v.Fingerprint, ann, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := e.SetGuardrail(t.Context(), "kinds", "localize_listing reorder set_price", ann, ""); err != nil {
		t.Fatal(err)
	}
	return v
}

func mustAutomate(t tester, e *Engine) *AutomationRun {
	t.Helper()
	r, err := e.Automate(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func taken(r *AutomationRun) []decision.ID {
	ids := []decision.ID{}
	for _, s := range r.Done {
		if s.Executed {
			ids = append(ids, s.Decision.ID)
		}
	}
	return ids
}

func TestAutomate(t *testing.T) {
	e := sample(t)
	first, second, third := suggestion(t, e, wording(1), 90), suggestion(t, e, wording(2), 95), suggestion(t, e, wording(3), 98)
	put(t, e, first, second, third)
	if r := mustAutomate(t, e); r.Stopped == nil || r.ID != "" || len(r.Done) != 0 {
		t.Errorf("without a mandate: %+v", r)
	}
	m := mandated(t, e)
	if m.State != decision.Approved || m.Author != ann {
		t.Fatalf("the mandate: %+v", m)
	}

	r := mustAutomate(t, e)
	if got, want := taken(r), []decision.ID{first.ID, second.ID}; !slices.Equal(got, want) {
		t.Errorf("taken %v, want %v: 90 + 95 of 250, and 98 more do not fit", got, want)
	}
	if len(r.Held) != 1 || r.Held[0].Decision != third.ID || !strings.Contains(r.Held[0].Reasons[0].English, "250.00") {
		t.Errorf("held back: %+v", r.Held)
	}
	for _, h := range r.Held {
		readableText(t, h.Reasons...)
	}
	for _, s := range r.Done {
		if s.Policy != "agent" || s.Mandate != m.ID || s.Propensity != 1 || s.Problem != nil || s.Decision.State != decision.Executed {
			t.Errorf("a step: %+v", s)
		}
		if !strings.Contains(read(t, filepath.Join(e.Dir(), s.File)), "policy:agent") {
			t.Errorf("%s does not say who approved it", s.File)
		}
	}
	x := explain(t, e, first.ID)
	if len(x.History) != 2 || x.History[0].By != "policy:agent" || x.History[0].Mandate != m.ID || x.History[0].Fingerprint != first.Fingerprint || x.History[1].Mandate != m.ID || x.History[1].Propensity != 1 {
		t.Errorf("history %+v", x.History)
	}
	choices, err := e.db.Choices(t.Context(), "agent")
	if err != nil || len(choices) != 2 || choices[0].Run != r.ID || choices[0].Seed != 7 || choices[0].Decision != first.ID || !strings.Contains(string(choices[0].Action), `"S001"`) || !strings.Contains(string(choices[0].State), first.Fingerprint) {
		t.Errorf("choices %+v, %v", choices, err)
	}
	if again, err := e.ReplayAutomation(t.Context(), r.ID); err != nil || !again.Same || again.Events != 2 {
		t.Errorf("reckoned again: %+v, %v", again, err)
	}

	// The day is used: what did not fit does not fit now. Tomorrow it does.
	if got := taken(mustAutomate(t, e)); len(got) != 0 {
		t.Errorf("a second round of the day takes %v", got)
	}
	status, err := e.Automation(t.Context())
	if err != nil || status.Paused || status.UsedCash != pence(18_500) || len(status.Mandates) != 1 || status.Mandates[0].UsedCash != pence(18_500) || status.Choices != 2 || status.LastRun == nil {
		t.Errorf("status %+v, %v", status, err)
	}
	e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-10T00:00:00Z" })
	if got := taken(mustAutomate(t, e)); !slices.Equal(got, []decision.ID{third.ID}) {
		t.Errorf("tomorrow it takes %v", got)
	}
	runs, err := e.AutomationRuns(t.Context(), 10)
	if err != nil || len(runs) != 3 || runs[0].ID != "A-3" || len(runs[2].Done) != 2 {
		t.Errorf("runs %+v, %v", runs, err)
	}
}

// A day is the workspace's, in its zone.
func TestTheDayOfAMandateIsTheWorkspaces(t *testing.T) {
	e := sample(t)
	e = reopen(t, e, func(c *Config) { c.Zone, c.Clock = "Asia/Shanghai", "2011-12-09T15:30:00Z" }) // half past eleven at night
	put(t, e, suggestion(t, e, wording(1), 90))
	mandated(t, e, func(r *MandateRequest) { r.DayCash = "100"; r.Until = someDay(t, "2011-12-10") })
	if got := taken(mustAutomate(t, e)); len(got) != 1 {
		t.Fatalf("taken %v", got)
	}
	next := suggestion(t, e, wording(2), 90)
	put(t, e, next)
	if got := taken(mustAutomate(t, e)); len(got) != 0 {
		t.Errorf("at half past eleven it takes %v more", got)
	}
	e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-09T16:30:00Z" }) // half past midnight
	if got := taken(mustAutomate(t, e)); len(got) != 1 {
		t.Errorf("after midnight it takes %v", got)
	}
	put(t, e, suggestion(t, e, wording(3), 10))
	e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-10T16:30:00Z" }) // the day after the last of the mandate
	if r := mustAutomate(t, e); len(r.Done) != 0 || r.Stopped == nil {
		t.Errorf("after its last day: %+v", r)
	}
}

// What no policy decides, whatever its mandate: what law blocks, what a person hid, what is
// no longer true, and, by default, what rests on an assumption.
func TestAutomateLeavesToPeople(t *testing.T) {
	e, p := planned(t)
	mandated(t, e, func(r *MandateRequest) { r.MaxCash, r.DayCash = "100000", "1000000" })
	for name, limit := range map[string]string{"margin": "-1", "cover_days": "3650", "loss": "100000"} {
		if _, err := e.SetGuardrail(t.Context(), name, limit, ann, ""); err != nil {
			t.Fatal(err)
		}
	}
	d, other := on(t, p, "22763"), on(t, p, "22797")
	r := mustAutomate(t, e)
	if len(r.Done) != 0 || r.Considered < 2 {
		t.Fatalf("of %d that rest on assumptions %d were taken", r.Considered, len(r.Done))
	}
	if _, err := e.SetGuardrail(t.Context(), "assumed_inputs", "100", ann, ""); err != nil {
		t.Fatal(err)
	}
	test, err := e.TestGuardrails(t.Context(), nil)
	if err != nil || test.Then.Approved < 2 || test.Now != test.Then {
		t.Fatalf("with assumptions allowed: %+v, %v", test, err)
	}
	if _, err := e.Snooze(t.Context(), other.ID, e.Now().Add(time.Hour), ann, ""); err != nil {
		t.Fatal(err)
	}
	blocked := suggestion(t, e, wording(1), 1, func(p *decision.Proposal) {
		p.Checks = []decision.Check{{Name: messages.M("plan.check.law"), Outcome: decision.Block}}
	})
	old := suggestion(t, e, wording(2), 1, func(p *decision.Proposal) { p.Run.Config = "of other settings" })
	hidden, err := e.db.Decision(t.Context(), other.ID)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := e.db.Decision(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	put(t, e, blocked, old, stored.Proposal, hidden.Proposal)
	// The facts behind 22763 change.
	mustImport(t, e, ImportOptions{}, write(t, "stock.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,30,0,2011-12-09\n"))
	if r := mustAutomate(t, e); len(r.Done) != 0 || r.Considered != 0 {
		t.Errorf("of %d considered, %v were taken", r.Considered, taken(r))
	}
}

// Reorders of a real plan: approved, executed, and on their way for the next plan.
func TestAutomateAPlan(t *testing.T) {
	e, _ := planned(t)
	mandated(t, e, func(r *MandateRequest) { r.MaxCash, r.DayCash = "100000", "1000000" })
	for name, limit := range map[string]string{"margin": "-1", "cover_days": "3650", "loss": "100000", "assumed_inputs": "100"} {
		if _, err := e.SetGuardrail(t.Context(), name, limit, ann, ""); err != nil {
			t.Fatal(err)
		}
	}
	r := mustAutomate(t, e)
	if len(taken(r)) < 2 || len(files(t, e)) != len(taken(r)) {
		t.Fatalf("taken %v, held %+v, %d files", taken(r), r.Held, len(files(t, e)))
	}
	again := mustPlan(t, e)
	if next := proposedOn(again, "22763"); next != nil && slices.Contains(taken(r), next.ID) {
		t.Errorf("what a policy ordered is proposed again: %+v", next)
	}
	if list, err := e.Mandates(t.Context()); err != nil || len(list) != 1 || !list[0].InForce {
		t.Errorf("after a plan the mandates are %+v, %v", list, err)
	}
}

// However many proposals a round works on: once Pause has returned, nothing is approved and
// nothing leaves any more, and what was approved and had not left is proposed again.
func TestPauseDuringAutomate(t *testing.T) {
	e := sample(t)
	const n = 150
	var list []decision.Proposal
	for i := range n {
		list = append(list, suggestion(t, e, wording(i), 1))
	}
	put(t, e, list...)
	mandated(t, e, func(r *MandateRequest) { r.DayCash = "1000" })
	var all sync.WaitGroup
	runs := make([]*AutomationRun, 2)
	errs := make([]error, 2)
	for i := range runs {
		all.Go(func() { runs[i], errs[i] = e.Automate(context.Background(), ann) })
	}
	for { // until it is well under way
		counts, err := e.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if counts[decision.Executed] >= 5 {
			break
		}
	}
	start := time.Now()
	report, err := e.Pause(t.Context(), ann, "stop")
	took := time.Since(start)
	if err != nil {
		t.Fatal(err)
	}
	outbox := func() []string {
		names, _ := filepath.Glob(filepath.Join(e.Dir(), "outbox", "localizations", "*"))
		return names
	}
	then, err := e.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	filesThen := outbox()
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	now, err := e.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []decision.State{decision.Approved, decision.Executed, decision.Proposed} {
		if then[s] != now[s] {
			t.Errorf("%d were %s when the pause returned, %d are", then[s], s, now[s])
		}
	}
	if then[decision.Approved] != 1 { // the mandate
		t.Errorf("%d are approved still", then[decision.Approved]-1)
	}
	if then[decision.Executed] == n {
		t.Error("the round was over before the pause")
	}
	if len(outbox()) != len(filesThen) || len(filesThen) != then[decision.Executed] {
		t.Errorf("%d files lay there when the pause returned, %d do; %d were executed", len(filesThen), len(outbox()), then[decision.Executed])
	}
	if took > time.Second {
		t.Errorf("the pause took %v", took)
	}
	if !report.Status.Paused || report.Status.By != ann || report.Status.Note != "stop" {
		t.Errorf("status %+v", report.Status)
	}
	for _, r := range runs {
		if r.Stopped == nil || !r.Paused {
			t.Errorf("a round ended with %+v", r.Stopped)
		}
	}
	if r := mustAutomate(t, e); !r.Paused || len(r.Done) != 0 {
		t.Errorf("paused, it takes %v", taken(r))
	}
	if s, err := e.Resume(t.Context(), ann, ""); err != nil || s.Paused {
		t.Fatalf("resumed: %+v, %v", s, err)
	}
	if r := mustAutomate(t, e); len(taken(r)) != n-then[decision.Executed] {
		t.Errorf("after it goes on %d are taken, %d were left", len(taken(r)), n-then[decision.Executed])
	}
}

// What a policy approved and a crash kept from leaving, the pause takes back; without one,
// the next round lets it leave.
func TestWhatWasApprovedAndHasNotLeft(t *testing.T) {
	for _, pause := range []bool{true, false} {
		e := sample(t)
		p := suggestion(t, e, wording(1), 1)
		put(t, e, p)
		mandated(t, e)
		broken := errors.New("no power")
		e.breakOff = func(point string) error {
			if point == "staged" {
				return broken
			}
			return nil
		}
		if _, err := e.Automate(t.Context(), ann); !errors.Is(err, broken) {
			t.Fatalf("broken off: %v", err)
		}
		e.breakOff = nil
		if x := explain(t, e, p.ID); x.State != decision.Approved {
			t.Fatalf("it is %s", x.State)
		}
		if pause {
			r, err := e.Pause(t.Context(), ann, "")
			if err != nil || len(r.Revoked) != 1 || r.Revoked[0].ID != p.ID || r.Revoked[0].State != decision.Proposed {
				t.Errorf("revoked %+v, %v", r, err)
			}
			continue
		}
		if got := taken(mustAutomate(t, e)); !slices.Equal(got, []decision.ID{p.ID}) {
			t.Errorf("the next round takes %v", got)
		}
	}
}

// A mandate that is revoked, ends by the clock, or whose policy falls to a lower rung between
// the check and the record lets nothing through.
func TestAMandateThatEndsMeanwhile(t *testing.T) {
	for name, end := range map[string]func(e *Engine, m *DecisionView){
		"revoked": func(e *Engine, m *DecisionView) {
			if _, err := e.Revoke(t.Context(), m.ID, ann, ""); err != nil {
				t.Error(err)
			}
		},
		"over":      func(e *Engine, _ *DecisionView) { e.clock = e.clock.AddDate(0, 0, 8) },
		"lower":     func(e *Engine, _ *DecisionView) { _ = e.SetPolicyLevel(t.Context(), "agent", "propose", ann, "drift") },
		"paused":    func(e *Engine, _ *DecisionView) { _ = e.db.SetPaused(t.Context(), true, store.Control{}) },
		"tightened": func(e *Engine, _ *DecisionView) { _, _ = e.SetGuardrail(t.Context(), "decision_cash", "0.50", ann, "") },
	} {
		t.Run(name, func(t *testing.T) {
			e := sample(t)
			p := suggestion(t, e, wording(1), 1, func(p *decision.Proposal) { p.Expires = e.Now().AddDate(1, 0, 0) })
			put(t, e, p)
			m := mandated(t, e)
			s, open, err := e.situation(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			events := s.Approve()
			if len(events) != 1 {
				t.Fatalf("before: %v", events)
			}
			end(e, m)
			_, err = e.step(t.Context(), "A-1", open[p.ID], events[0], &s.Candidates[0])
			if !fault.Is(err, fault.Blocked) {
				t.Errorf("the step: %v", err)
			}
			if x := explain(t, e, p.ID); x.State != decision.Proposed {
				t.Errorf("it is %s", x.State)
			}
			if names, _ := os.ReadDir(filepath.Join(e.Dir(), "outbox")); len(names) != 0 {
				t.Errorf("something left: %v", names)
			}
		})
	}
}

// Two rounds at once take each decision once and keep the day's limit together.
func TestRoundsAtOnce(t *testing.T) {
	e := sample(t)
	var list []decision.Proposal
	for i := range 30 {
		list = append(list, suggestion(t, e, wording(i), 10))
	}
	put(t, e, list...)
	mandated(t, e, func(r *MandateRequest) { r.DayCash = "120" })
	var all sync.WaitGroup
	var cash atomic.Int64
	for range 3 {
		all.Go(func() {
			r, err := e.Automate(context.Background(), ann)
			if err != nil {
				t.Error(err)
				return
			}
			for range taken(r) {
				cash.Add(10)
			}
		})
	}
	all.Wait()
	counts, err := e.Counts(t.Context())
	if err != nil || counts[decision.Executed] != 12 || cash.Load() != 120 {
		t.Errorf("%d were executed and %d spent, %v; want 12 and 120", counts[decision.Executed], cash.Load(), err)
	}
}
