package tradewind

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/operations/automation"
	"tradewind/store"
)

// alittle is an effort that makes a policy, of which nothing need be true.
var alittle = TrainEffort{Fit: 2, Rounds: 1, Learn: 2, Screen: 4, Choose: 4}

// trained returns a workspace of the sample with what was learned of it.
func trained(t tester) (*Engine, *TrainReport) {
	t.Helper()
	e := sample(t)
	r, err := e.TrainAutomation(t.Context(), TrainOptions{Effort: alittle, By: ann})
	if err != nil {
		t.Fatal(err)
	}
	return e, r
}

// TestTraining: every site is either trained or refused with a reason and a remedy, trained
// ones advise only, and training again gives the same policy.
func TestTraining(t *testing.T) {
	e, r := trained(t)
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Trained {
		t.Logf("trained %s at %s: learned %v, %d moves, advantage %v of %v a year", x.SKU, x.Location, x.Learned, x.Moves, x.Advantage.Gain, x.Advantage.Other)
	}
	for _, u := range r.Refused {
		t.Logf("refused %s at %s: %s: %s / %s", u.SKU, u.Location, u.Code, u.Reason.English, u.Remedy.English)
		if u.Code == "" || u.Reason.English == "" || u.Remedy.Chinese == "" {
			t.Errorf("refused without a reason: %+v", u)
		}
	}
	if got, want := len(r.Trained)+len(r.Refused), len(s.Stocks); got != want || len(r.Trained) == 0 {
		t.Fatalf("%d sites trained or refused, want %d, some of them trained", got, want)
	}
	before, err := e.db.Learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Trained {
		if x.Level != string(automation.Advise) || !slices.ContainsFunc(x.Checks, func(c FitView) bool { return c.Tested }) || slices.ContainsFunc(x.Checks, func(c FitView) bool { return !c.Passed }) {
			t.Errorf("trained %+v", x)
		}
	}
	if _, err := e.TrainAutomation(t.Context(), TrainOptions{Effort: alittle, By: ann}); err != nil {
		t.Fatal(err)
	}
	after, err := e.db.Learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range before {
		if string(before[i].Policy) != string(after[i].Policy) {
			t.Errorf("%s: trained twice, not the same", before[i].SKU)
		}
	}
	_, err = e.TrainAutomation(t.Context(), TrainOptions{SKUs: []commerce.SKU{"nothing"}, By: ann})
	refused(t, err, fault.NotFound, "E-SKU-NOT-FOUND")
}

// TestEvaluation: the table has every policy in every scenario, the classical one gains
// nothing over itself, the verdict is kept and shown, and so few episodes move nothing.
func TestEvaluation(t *testing.T) {
	e, r := trained(t)
	got, err := e.EvaluateAutomation(t.Context(), EvaluateOptions{Episodes: 4, By: ann})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Sites) != len(r.Trained) {
		t.Fatalf("%d sites evaluated of %d", len(got.Sites), len(r.Trained))
	}
	for _, v := range got.Sites {
		if len(v.Scenarios) != 7 || v.Verdict.English == "" || v.Verdict.Chinese == "" || !v.Calibrated || v.OffPolicy.Reason.English == "" {
			t.Errorf("%s: %+v", v.SKU, v)
		}
		for _, sc := range append(v.Scenarios, v.Overall) {
			if len(sc.Policies) != 6 || sc.Name.English == "" {
				t.Fatalf("%s in %s: %d policies", v.SKU, sc.Scenario, len(sc.Policies))
			}
			for _, p := range sc.Policies {
				if p.Policy == automation.ByClassical && p.Over.Gain.Sign() != 0 {
					t.Errorf("the classical policy gains %v over itself", p.Over.Gain)
				}
				if p.Mean.Cmp(sc.Ceiling) > 0 || p.Low.Cmp(p.Mean) > 0 || p.High.Cmp(p.Mean) < 0 || math.IsNaN(p.Fill) || p.Fill > 1 {
					t.Errorf("%s in %s: %+v", v.SKU, sc.Scenario, p)
				}
			}
		}
		if v.To != v.From || !strings.Contains(v.Verdict.English, "4 episodes") {
			t.Errorf("%s: %s → %s after four episodes: %s", v.SKU, v.From, v.To, v.Verdict.English)
		}
	}
	status, err := e.LearnedStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range status.Sites {
		if v.Evaluated == nil || v.Evaluated.Verdict != got.Sites[i].Verdict || len(v.Ladder) != 1 || v.Advice == nil || v.LevelName.English == "" {
			t.Errorf("status of %s: %+v", v.SKU, v)
		} else if a := v.Advice; a.Price < .9 || a.Price > 1.1 || a.Target < .7 || a.Target > 1.3 || a.ClassicalPrice.Sign() <= 0 {
			t.Errorf("advice for %s: %+v", v.SKU, a)
		}
	}
	again, err := e.LearnedStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(status)
	b, _ := json.Marshal(again)
	var read struct {
		Sites []struct {
			Moves  *int  `json:"moves"`  // states in which it departs
			Ladder []any `json:"ladder"` // its moves on the ladder
		} `json:"sites"`
	}
	if err := json.Unmarshal(a, &read); err != nil || read.Sites[0].Moves == nil || *read.Sites[0].Moves != status.Sites[0].Moves || len(read.Sites[0].Ladder) != 1 {
		t.Errorf("moves and ladder as data: %+v, %v", read, err)
	}
	if diff := cmp.Diff(string(a), string(b)); diff != "" {
		t.Errorf("asked twice: %s", diff)
	}
}

func TestNothingLearned(t *testing.T) {
	e := sample(t)
	_, err := e.EvaluateAutomation(t.Context(), EvaluateOptions{By: ann})
	refused(t, err, fault.NotFound, "E-LEARNED-NONE")
	status, err := e.LearnedStatus(t.Context())
	if err != nil || len(status.Sites) != 0 {
		t.Errorf("status %+v, %v", status, err)
	}
	_, err = empty(t).TrainAutomation(t.Context(), TrainOptions{By: ann})
	refused(t, err, fault.Invalid, "E-NO-SALES")
	err = e.ReviewAutomated(t.Context(), decision.ID("D-00000000"), true, ann, "")
	refused(t, err, fault.NotFound, "E-DECISION-NOT-FOUND")
}

// TestLogsWithoutOverlap: choices that were not drawn at random say nothing of what was not
// chosen, and that is what is said; so are too few, and none.
func TestLogsWithoutOverlap(t *testing.T) {
	e, _ := trained(t)
	s, err := e.shops(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := e.learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l := &list[0]
	log := func(n int, propensity float64) *learnedHistory {
		h := &learnedHistory{}
		for i := range n {
			a := acted{Choice: store.Choice{Policy: LearnedPolicy, Propensity: propensity, At: s.facts.AsOf.AddDays(-60 - i).StartIn(time.UTC)}}
			a.decision.Action = decision.Reorder{SKU: l.SKU, Location: l.Location, Units: 1}
			if i%2 == 0 {
				a.decision.Inputs = []decision.Input{{Key: "policy.learned", Value: string(l.Location)}}
			}
			h.choices = append(h.choices, a)
		}
		return h
	}
	for _, x := range []struct {
		choices    int
		propensity float64
		says       string
	}{{0, 1, "decided nothing yet"}, {40, 1, "not drawn at random"}, {40, 0, "nobody wrote down"}, {10, .5, "too few"}} {
		v := e.offPolicy(s, log(x.choices, x.propensity), l)
		if v.Choices != x.choices || v.Gain != nil || !strings.Contains(v.Reason.English, x.says) || v.Reason.Chinese == "" {
			t.Errorf("%d choices with %v: %+v, want %q", x.choices, x.propensity, v, x.says)
		}
	}
	if v := e.offPolicy(s, log(60, .5), l); v.Gain == nil || v.Gain.Low.Cmp(v.Gain.High) > 0 || v.Gain.Episodes != 60 {
		t.Errorf("drawn at random: %+v", v)
	}
}
