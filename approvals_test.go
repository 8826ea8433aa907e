package tradewind

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
)

// agree approves as a user, and returns what the decision is then.
func agree(t *testing.T, e *Engine, as context.Context, d DecisionView) *DecisionView {
	t.Helper()
	v, err := e.Approve(as, d.ID, d.Fingerprint, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// twoAbove is a workspace with the sample's plan in which two people decide above an amount.
func twoAbove(t *testing.T, amount string) (*Engine, *PlanReport) {
	e := reopen(t, sample(t), func(c *Config) { c.Approval.TwoAbove = amount })
	return e, mustPlan(t, e)
}

func TestAboveAnAmountTwoPeopleDecide(t *testing.T) {
	e, p := twoAbove(t, "1")
	as := team(t, e, "bo:approver", "cy:approver", "pat:planner")
	d := on(t, p, "22763")
	v := agree(t, e, as["bo"], d)
	if v.State != decision.Proposed || v.Approvals == nil || v.Approvals.Needed != 2 || !slices.Equal(v.Approvals.Given, []string{"user:bo"}) || len(v.Approvals.Reasons) != 1 {
		t.Errorf("after one approval: %s, %+v", v.State, v.Approvals)
	}
	if x := explain(t, e, d.ID); x.Approvals == nil || len(x.Approvals.Given) != 1 || x.History[0].Verb != decision.Endorse || x.History[0].Fingerprint != d.Fingerprint {
		t.Errorf("explained with %+v after %+v", x.Approvals, x.History)
	}
	if list, err := e.Decisions(t.Context(), DecisionFilter{SKU: "22763", Kind: decision.KindReorder}); err != nil || !slices.Equal(list[0].Endorsed, []string{"user:bo"}) {
		t.Errorf("listed as endorsed by %v, %v", list[0].Endorsed, err)
	}
	_, err := e.Approve(as["bo"], d.ID, d.Fingerprint, "", "")
	refused(t, err, fault.Denied, "E-APPROVE-SECOND")
	_, err = e.Approve(as["pat"], d.ID, d.Fingerprint, "", "")
	refused(t, err, fault.Denied, "E-ROLE")
	_, err = e.Execute(as["bo"], []decision.ID{d.ID}, "")
	refused(t, err, fault.Stale, "E-STATE")
	if v := agree(t, e, as["cy"], d); v.State != decision.Approved || len(v.Approvals.Given) != 2 {
		t.Errorf("after two approvals: %s, %+v", v.State, v.Approvals)
	}
	// Taken back, it takes two again.
	if v, err := e.Revoke(as["bo"], d.ID, "", "not yet"); err != nil || v.State != decision.Proposed {
		t.Fatalf("revoked: %+v, %v", v, err)
	}
	if list, err := e.Decisions(t.Context(), DecisionFilter{SKU: "22763", Kind: decision.KindReorder}); err != nil || len(list[0].Endorsed) != 0 {
		t.Errorf("revoked, it is listed as endorsed by %v, %v", list[0].Endorsed, err)
	}
	if v := agree(t, e, as["cy"], d); v.State != decision.Proposed {
		t.Errorf("after it was revoked one approval makes it %s", v.State)
	}
	if v := agree(t, e, as["bo"], d); v.State != decision.Approved {
		t.Errorf("after two more it is %s", v.State)
	}
}

// An endorsement by somebody who may not approve any more is none.
func TestEndorsementEndsWithTheRole(t *testing.T) {
	e, p := twoAbove(t, "1")
	as := team(t, e, "bo:approver", "cy:approver")
	d := on(t, p, "22763")
	agree(t, e, as["bo"], d)
	if _, err := e.ChangeRole(as["ada"], "bo", RolePlanner, ""); err != nil {
		t.Fatal(err)
	}
	v := agree(t, e, as["cy"], d)
	if v.State != decision.Proposed || v.Approvals == nil || !slices.Equal(v.Approvals.Given, []string{"user:cy"}) {
		t.Errorf("with one approver left the decision is %s, agreed %+v; want proposed by user:cy alone", v.State, v.Approvals)
	}
}

func TestBelowTheAmountOneDecides(t *testing.T) {
	e, p := twoAbove(t, "1000000")
	as := team(t, e, "bo:approver")
	if v := agree(t, e, as["bo"], on(t, p, "22763")); v.State != decision.Approved || v.Approvals != nil {
		t.Errorf("%s, %+v", v.State, v.Approvals)
	}
}

// An amount above which two decide is no dead letter in a workspace with one owner.
func TestAboveAnAmountWithoutUsersNobodyDecides(t *testing.T) {
	e, p := twoAbove(t, "1")
	d := on(t, p, "22763")
	unchanged(t, e, func() {
		_, err := e.Approve(t.Context(), d.ID, d.Fingerprint, ann, "")
		refused(t, err, fault.Blocked, "E-TWO-NEED-USERS")
	})
	explain(t, e, d.ID)
	for _, bad := range []string{"-1", "many", "1,000"} {
		_, err := (Config{Approval: ApprovalConfig{TwoAbove: bad}}).check()
		if err == nil {
			t.Errorf("approval.two_above = %q is taken", bad)
		}
	}
}

// Who wrote what a decision rests on does not decide with another who did: one of the two
// has to look at it with fresh eyes.
func TestAuthorsNeverDecideAlone(t *testing.T) {
	e := reopen(t, sample(t), func(c *Config) { c.Approval.TwoAbove = "1" })
	as := team(t, e, "bo:approver", "cy:approver", "di:approver")
	from := calendar.DayIn(e.Now(), time.UTC).AddDays(1)
	for i, who := range []string{"bo", "cy"} {
		factor := 1.5
		if _, err := e.Override(as[who], OverrideRequest{SKU: "22763", Market: "GB", From: from.AddDays(7 * i), To: from.AddDays(7*i + 6), Factor: &factor, Reason: "fair"}); err != nil {
			t.Fatal(err)
		}
	}
	p, err := e.Plan(as["ada"], PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := on(t, p, "22763")
	if v := agree(t, e, as["bo"], d); v.State != decision.Proposed {
		t.Fatalf("its author alone makes it %s", v.State)
	}
	_, err = e.Approve(as["cy"], d.ID, d.Fingerprint, "", "")
	refused(t, err, fault.Denied, "E-APPROVE-AUTHORS")
	if v := agree(t, e, as["di"], d); v.State != decision.Approved {
		t.Errorf("with somebody else it is %s", v.State)
	}
}

// An endorsement is of what was seen: what a new plan makes of the decision, nobody has
// agreed to yet.
func TestEndorsementsAreOfWhatWasSeen(t *testing.T) {
	e, p := twoAbove(t, "1")
	as := team(t, e, "bo:approver", "cy:approver")
	d := on(t, p, "22763")
	agree(t, e, as["bo"], d)
	stored, err := e.db.Decision(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	// The same plan again, with one more input: the same decision with another fingerprint.
	renewed := stored.Proposal
	renewed.Inputs = append(slices.Clone(renewed.Inputs), decision.Input{Key: "demand.daily", Value: "9"})
	if err := renewed.Sign(); err != nil {
		t.Fatal(err)
	}
	put(t, e, renewed)
	_, err = e.Approve(as["cy"], d.ID, d.Fingerprint, "", "")
	refused(t, err, fault.Stale, "E-STALE-FINGERPRINT")
	if x := explain(t, e, d.ID); len(x.Approvals.Given) != 0 {
		t.Errorf("%v agreed to what nobody had seen", x.Approvals.Given)
	}
	d.Fingerprint = renewed.Fingerprint
	if v := agree(t, e, as["cy"], d); v.State != decision.Proposed || !slices.Equal(v.Approvals.Given, []string{"user:cy"}) {
		t.Errorf("%s, %+v", v.State, v.Approvals)
	}
}

// A limit that the team set holds for people too: outside it, one is not enough. A default
// does not.
func TestOutsideALimitTwoPeopleDecide(t *testing.T) {
	e, p := planned(t)
	as := team(t, e, "bo:approver", "cy:approver")
	d, other := on(t, p, "22763"), on(t, p, "22797")
	if _, err := e.SetGuardrail(as["ada"], "decision_cash", "0.5", "", "careful"); err != nil {
		t.Fatal(err)
	}
	v := agree(t, e, as["bo"], d)
	if v.State != decision.Proposed || len(v.Approvals.Reasons) != 1 {
		t.Fatalf("outside a limit: %s, %+v", v.State, v.Approvals)
	}
	readableText(t, v.Approvals.Reasons...)
	if v := agree(t, e, as["cy"], d); v.State != decision.Approved {
		t.Errorf("after two approvals: %s", v.State)
	}
	if _, err := e.SetGuardrail(as["ada"], "decision_cash", "", "", ""); err != nil {
		t.Fatal(err)
	}
	if v := agree(t, e, as["bo"], other); v.State != decision.Approved {
		t.Errorf("under the defaults: %s", v.State)
	}
}

// Of many who approve at once, two make it approved, whoever they are, and nobody's word is
// lost.
func TestManyApproveAtOnce(t *testing.T) {
	e, p := twoAbove(t, "1")
	as := team(t, e, "bo:approver", "cy:approver", "di:approver", "eve:approver")
	d := on(t, p, "22763")
	var all sync.WaitGroup
	for _, who := range []string{"bo", "cy", "di", "eve", "bo", "cy"} {
		all.Go(func() {
			_, err := e.Approve(as[who], d.ID, d.Fingerprint, "", "")
			if f := fault.Of(err); err != nil && (f == nil || f.Code != "E-STATE" && f.Code != "E-APPROVE-SECOND") {
				t.Errorf("%s: %v", who, err)
			}
		})
	}
	all.Wait()
	x := explain(t, e, d.ID)
	if x.State != decision.Approved || len(x.History) != 2 || x.History[0].Verb != decision.Endorse || x.History[1].Verb != decision.Approve || x.History[0].By == x.History[1].By {
		t.Errorf("%s after %+v", x.State, x.History)
	}
}

// readableText demands both languages without a hole.
func readableText(t tester, list ...LocalizedText) {
	t.Helper()
	for _, text := range list {
		for _, s := range []string{text.English, text.Chinese} {
			if s == "" || containsHole(s) {
				t.Errorf("said as %q", s)
			}
		}
	}
}

func containsHole(s string) bool {
	return slices.ContainsFunc([]rune(s), func(r rune) bool { return r == '{' || r == '}' || r == '[' })
}
