package tradewind

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
)

// A mandate without a limit or an end is refused, with what is missing, and nothing is kept.
func TestMandatesThatAreNone(t *testing.T) {
	e := empty(t)
	good := MandateRequest{Policy: "agent", Kinds: []decision.Kind{decision.KindSetPrice}, MaxCash: "10", DayCash: "20", MaxStep: .1, Until: calendar.DayIn(e.Now(), e.zone), By: ann}
	for name, test := range map[string]struct {
		change func(*MandateRequest)
		code   string
	}{
		"nobody":         {func(r *MandateRequest) { r.By = " " }, "E-MANDATE-BY"},
		"no policy":      {func(r *MandateRequest) { r.Policy = "" }, "E-MANDATE-POLICY"},
		"no kind":        {func(r *MandateRequest) { r.Kinds = nil }, "E-MANDATE-KINDS"},
		"a sort of none": {func(r *MandateRequest) { r.Kinds = []decision.Kind{decision.KindSetPrice, "fly"} }, "E-MANDATE-KIND"},
		"mandates":       {func(r *MandateRequest) { r.Kinds = []decision.Kind{decision.KindGrantMandate} }, "E-MANDATE-KIND"},
		"no limit":       {func(r *MandateRequest) { r.MaxCash = "" }, "E-MANDATE-LIMIT"},
		"no day's limit": {func(r *MandateRequest) { r.DayCash = "0" }, "E-MANDATE-LIMIT"},
		"no number":      {func(r *MandateRequest) { r.DayCash = "lots" }, "E-MANDATE-LIMIT"},
		"no step":        {func(r *MandateRequest) { r.MaxStep = 0 }, "E-MANDATE-LIMIT"},
		"no end":         {func(r *MandateRequest) { r.Until = calendar.Day{} }, "E-MANDATE-END"},
		"an end of old":  {func(r *MandateRequest) { r.Until = r.Until.AddDays(-1) }, "E-MANDATE-END"},
		"an end one day": {func(r *MandateRequest) { r.Until = r.Until.AddDays(367) }, "E-MANDATE-END"},
	} {
		r := good
		test.change(&r)
		unchanged(t, e, func() {
			_, err := e.ProposeMandate(t.Context(), r)
			if f := fault.Of(err); f == nil || f.Code != test.code {
				t.Errorf("%s: got %v, want %s", name, err, test.code)
				return
			}
			refused(t, err, fault.Invalid, test.code)
		})
	}
}

func TestLifeOfAMandate(t *testing.T) {
	e, _ := planned(t)
	until := calendar.DayIn(e.Now(), e.zone).AddDays(3)
	r := MandateRequest{Policy: "agent", Kinds: []decision.Kind{decision.KindSetPrice, decision.KindReorder, decision.KindReorder}, MaxCash: "10", DayCash: "20.50", MaxStep: .1, Until: until, Reason: "small things", By: ann}
	v, err := e.ProposeMandate(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	x := explain(t, e, v.ID)
	if g := x.Proposal.(decision.GrantMandate); !slices.Equal(g.Kinds, []decision.Kind{decision.KindReorder, decision.KindSetPrice}) || g.MaxCash != pence(1000) || g.DayCash != pence(2050) || g.Until != until {
		t.Errorf("proposed %+v", g)
	}
	if !strings.Contains(x.Reasons[0].English, "82.00") { // 20.50 today and three days more
		t.Errorf("it does not say what may be committed until its end: %q", x.Reasons[0].English)
	}
	readableText(t, x.Summary)
	readableText(t, x.Reasons...)
	readableText(t, x.Caveats...)
	if en, zh := x.Summary.English, x.Summary.Chinese; !strings.Contains(en, "Reorder, Set price;") || !strings.Contains(zh, "“补货、定价”") {
		t.Errorf("the kinds are not named as people read them: %q, %q", en, zh)
	}
	state := func(want decision.State, force bool) MandateView {
		t.Helper()
		list, err := e.Mandates(t.Context())
		if err != nil || len(list) == 0 || list[0].ID != v.ID || list[0].State != want || list[0].InForce != force || list[0].Author != ann {
			t.Fatalf("mandates %+v, %v; want %s, in force %v", list, err, want, force)
		}
		return list[0]
	}
	state(decision.Proposed, false)
	_, err = e.ProposeMandate(t.Context(), r)
	refused(t, err, fault.Stale, "E-STORE-OPEN")
	mustPlan(t, e) // a plan does not end what a person proposed
	if _, err := e.Approve(t.Context(), v.ID, v.Fingerprint, ann, ""); err != nil {
		t.Fatal(err)
	}
	if m := state(decision.Approved, true); !slices.Equal(m.GrantedBy, []string{ann}) || m.Level != "act" {
		t.Errorf("granted: %+v", m)
	}
	if p := mustPlan(t, e); slices.ContainsFunc(p.LeftOut, func(l LeftOutView) bool { return l.Subject == decision.Subject{} }) {
		t.Error("the plan lists the mandate among what it left out")
	}
	if done := mustExecute(t, e, v.ID); !strings.Contains(read(t, e.Dir()+"/"+done[0].File), "agent") {
		t.Errorf("its record is %+v", done)
	}
	state(decision.Executed, true)
	// While it is in force another may take its place.
	r.Until = until.AddDays(1)
	next, err := e.ProposeMandate(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Reject(t.Context(), next.ID, ann, ""); err != nil {
		t.Fatal(err)
	}
	if got, err := e.Rollback(t.Context(), v.ID, ann, "enough"); err != nil || got.State != decision.Rejected {
		t.Errorf("ended: %+v, %v", got, err)
	}
	if list, err := e.Mandates(t.Context()); err != nil || len(list) != 2 || list[0].InForce || list[1].InForce {
		t.Errorf("after it ended: %+v, %v", list, err)
	}
}

// A mandate ends with its last day: approved or recorded, nobody need do anything.
func TestMandatesExpire(t *testing.T) {
	for _, recorded := range []bool{false, true} {
		e := empty(t)
		v := mandated(t, e, func(r *MandateRequest) { r.Until = calendar.DayIn(e.Now(), e.zone) })
		if recorded {
			mustExecute(t, e, v.ID)
		}
		e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-09T23:59:59Z" })
		if list, err := e.Mandates(t.Context()); err != nil || !list[0].InForce {
			t.Errorf("on its last day: %+v, %v", list, err)
		}
		e = reopen(t, e, func(c *Config) { c.Clock = "2011-12-10T00:00:00Z" })
		if list, err := e.Mandates(t.Context()); err != nil || list[0].InForce {
			t.Errorf("after its last day: %+v, %v", list, err)
		}
	}
}

// What a mandate may commit until its end is at stake when it is granted, and its author does
// not grant it alone above the amount.
func TestMandatesTakeTwoPeople(t *testing.T) {
	e := reopen(t, sample(t), func(c *Config) { c.Approval.TwoAbove = "100" })
	as := team(t, e, "bo:approver", "cy:approver")
	propose := func(as context.Context, policy, day string) *DecisionView {
		t.Helper()
		v, err := e.ProposeMandate(as, MandateRequest{Policy: policy, Kinds: []decision.Kind{decision.KindReorder}, MaxCash: "10", DayCash: day, Until: calendar.DayIn(e.Now(), e.zone).AddDays(4)})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	small, large := propose(as["bo"], "small", "20"), propose(as["bo"], "large", "20.01") // over five days
	if v := agree(t, e, as["bo"], *small); v.State != decision.Approved {
		t.Errorf("at the amount one makes it %s", v.State)
	}
	if v := agree(t, e, as["bo"], *large); v.State != decision.Proposed {
		t.Errorf("above it its author alone makes it %s", v.State)
	}
	if v := agree(t, e, as["cy"], *large); v.State != decision.Approved {
		t.Errorf("two make it %s", v.State)
	}
	list, err := e.Mandates(t.Context())
	if err != nil || !slices.ContainsFunc(list, func(m MandateView) bool { return slices.Equal(m.GrantedBy, []string{"user:bo", "user:cy"}) }) {
		t.Errorf("mandates %+v, %v", list, err)
	}
	// No policy stands for one of the two.
	put(t, e, suggestion(t, e, wording(1), 101), suggestion(t, e, wording(2), 9))
	if _, err := e.SetGuardrail(as["ada"], "kinds", "localize_listing", "", ""); err != nil {
		t.Fatal(err)
	}
	test, err := e.TestGuardrails(t.Context(), nil)
	if err != nil || test.Then.Within != 1 {
		t.Errorf("within the limits are %+v, %v", test, err)
	}
}

func TestGuardrails(t *testing.T) {
	e := sample(t)
	list, err := e.Guardrails(t.Context())
	if err != nil || len(list) != 9 {
		t.Fatalf("%d guardrails, %v", len(list), err)
	}
	for _, g := range list {
		readableText(t, g.Meaning)
		if g.Set || g.Value != g.Default || g.At != nil {
			t.Errorf("nobody set %+v", g)
		}
	}
	unchanged(t, e, func() {
		_, err := e.SetGuardrail(t.Context(), "speed", "1", ann, "")
		refused(t, err, fault.NotFound, "E-GUARDRAIL-NAME")
		for name, bad := range map[string]string{"loss": "-1", "price_step": "10 %", "kinds": "grant_mandate", "cover_days": "forever"} {
			_, err := e.SetGuardrail(t.Context(), name, bad, ann, "")
			refused(t, err, fault.Invalid, "E-GUARDRAIL-VALUE")
			_, err = e.TestGuardrails(t.Context(), map[string]string{name: bad})
			refused(t, err, fault.Invalid, "E-GUARDRAIL-VALUE")
		}
	})
	v, err := e.SetGuardrail(t.Context(), "price_step", " 0.050 ", ann, "careful")
	if err != nil || v.Value != "0.05" || v.Default != "0.1" || !v.Set || v.By != ann || v.Note != "careful" || v.At == nil || !v.At.Equal(e.Now()) {
		t.Errorf("set to %+v, %v", v, err)
	}
	if v, err = e.SetGuardrail(t.Context(), "price_step", "", ann, "as it was"); err != nil || v.Set || v.Value != "0.1" || v.Note != "as it was" {
		t.Errorf("set back to %+v, %v", v, err)
	}
}

// A test of limits says what they would do, and does nothing.
func TestTestGuardrails(t *testing.T) {
	e := sample(t)
	put(t, e, suggestion(t, e, wording(1), 10), suggestion(t, e, wording(2), 20), suggestion(t, e, wording(3), 30))
	m := mandated(t, e)
	unchanged(t, e, func() {
		r, err := e.TestGuardrails(t.Context(), map[string]string{"decision_cash": "20", "kinds": ""})
		if err != nil || r.Now.Within != 3 || r.Now.Approved != 3 || r.Now.ApprovedCash != pence(6000) || r.Then.Within != 0 {
			t.Errorf("with the kinds of the default: %+v, %v", r, err)
		}
		r, err = e.TestGuardrails(t.Context(), map[string]string{"decision_cash": "20"})
		if err != nil || r.Then.Within != 2 || r.Then.Approved != 2 || r.Then.ApprovedCash != pence(3000) || len(r.Decisions) != 3 {
			t.Fatalf("%+v, %v", r, err)
		}
		for i, d := range r.Decisions {
			inside := i < 2
			if d.Within != inside || !d.WithinNow || (d.Mandate == m.ID) != inside {
				t.Errorf("decision %d: %+v", i, d)
			}
			for _, v := range d.Verdicts {
				readableText(t, v.Text)
			}
		}
		if i := slices.IndexFunc(r.Limits, func(g GuardrailView) bool { return g.Name == "decision_cash" }); r.Limits[i].Value != "20.00" || !r.Limits[i].Set {
			t.Errorf("tested with %+v", r.Limits[i])
		}
	})
	// Also while the automation is paused, and without a mandate.
	if _, err := e.Pause(t.Context(), ann, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Revoke(t.Context(), m.ID, ann, ""); err != nil {
		t.Fatal(err)
	}
	if r, err := e.TestGuardrails(t.Context(), nil); err != nil || r.Then.Within != 3 || r.Then.Approved != 0 {
		t.Errorf("without a mandate: %+v, %v", r, err)
	}
}
