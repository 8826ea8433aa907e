package tradewind

import (
	"errors"
	"slices"
	"testing"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/operations/automation"
	"tradewind/store"
)

// What a policy approved under wider limits does not leave under the limits of now.
func TestWhatWasApprovedLeavesByTheLimitsOfNow(t *testing.T) {
	e := sample(t)
	p := suggestion(t, e, wording(1), 20)
	put(t, e, p)
	mandated(t, e)
	broken := errors.New("no power")
	e.breakOff = func(string) error { return broken }
	if _, err := e.Automate(t.Context(), ann); !errors.Is(err, broken) {
		t.Fatalf("broken off: %v", err)
	}
	e.breakOff = nil
	for _, x := range []struct {
		limit string
		taken []decision.ID
	}{{"19.99", []decision.ID{}}, {"20.00", []decision.ID{p.ID}}} {
		if _, err := e.SetGuardrail(t.Context(), "decision_cash", x.limit, ann, ""); err != nil {
			t.Fatal(err)
		}
		if got := taken(mustAutomate(t, e)); !slices.Equal(got, x.taken) {
			t.Errorf("with %s a decision %v left, want %v", x.limit, got, x.taken)
		}
	}
}

// A learned policy that falls between the check and the record takes no step any more.
func TestALearnedPolicyThatFallsMeanwhile(t *testing.T) {
	e := sample(t)
	site := store.LearnedPolicy{SKU: wording(1).Item.SKU, Location: "UK-1", TrainedAt: e.Now(), Since: e.Now(), Level: string(automation.Act), Policy: []byte(`{"moves":"AA=="}`)}
	fallTo := func(level automation.Level) {
		t.Helper()
		site.Level = string(level)
		if err := e.db.SaveLearned(t.Context(), []store.LearnedPolicy{site}, nil); err != nil {
			t.Fatal(err)
		}
	}
	fallTo(automation.Act)
	p := suggestion(t, e, wording(1), 1, func(p *decision.Proposal) {
		p.Inputs = []decision.Input{{Key: "policy.learned", Value: "UK-1"}}
	})
	put(t, e, p)
	mandated(t, e)
	s, open, err := e.situation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events := s.Approve()
	if len(events) != 1 {
		t.Fatalf("before it fell: %v", events)
	}
	fallTo(automation.Propose)
	_, err = e.step(t.Context(), "A-1", open[p.ID], events[0], &s.Candidates[0])
	refused(t, err, fault.Blocked, "E-AUTOMATION-LIMIT")
	fallTo(automation.Act)
	if _, err := e.step(t.Context(), "A-1", open[p.ID], events[0], &s.Candidates[0]); err != nil {
		t.Errorf("on a rung on which it acts: %v", err)
	}
}

// Whoever looks twice at a decision counts once, with the newest word, and only decisions
// of the learned policy count for it.
func TestReviewsCountOnce(t *testing.T) {
	e := sample(t)
	for i, policy := range []string{"agent", LearnedPolicy} {
		p := suggestion(t, e, wording(i), 1)
		put(t, e, p)
		m := mandated(t, e, func(r *MandateRequest) { r.Policy = policy })
		if got := taken(mustAutomate(t, e)); !slices.Equal(got, []decision.ID{p.ID}) {
			t.Fatalf("%s took %v", policy, got)
		}
		for _, right := range []bool{false, true, true} {
			if err := e.ReviewAutomated(t.Context(), p.ID, right, ann, ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := e.Revoke(t.Context(), m.ID, ann, ""); err != nil {
			t.Fatal(err)
		}
	}
	got, err := e.learnedReviews(t.Context())
	if err != nil || len(got) != 1 || got[0].SKU != wording(1).Item.SKU || !got[0].Right {
		t.Errorf("reviews that count: %+v, %v", got, err)
	}
}

func TestLevelsAreOfPolicies(t *testing.T) {
	e := sample(t)
	for _, name := range []string{"", "Learned", "learned "} {
		refused(t, e.SetPolicyLevel(t.Context(), name, string(automation.Propose), ann, ""), fault.Invalid, "E-MANDATE-POLICY")
	}
}
