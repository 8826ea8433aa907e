package tradewind

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/operations/automation"
	"tradewind/plan"
	"tradewind/store"
)

// climbedTo trains the sample, gives every site a policy that always orders up to 1.3 times
// what the classical one does, with the proof that such a policy would need, and puts it
// on a rung.
func climbedTo(t tester, level automation.Level) *Engine {
	t.Helper()
	e, _ := trained(t)
	put := func(l learnedSite) store.LearnedPolicy {
		l.record.Moves = alwaysMore()
		proof := automation.Comparison{Mean: 110, Other: 100, Gain: 10, Low: 5, High: 15, Level: .95, Episodes: 64}
		l.record.Shadow = &proof
		var err error
		if l.Policy, err = json.Marshal(l.record); err != nil {
			t.Fatal(err)
		}
		if l.Evidence, err = json.Marshal(evidence{Advantage: proof}); err != nil {
			t.Fatal(err)
		}
		l.Level, l.Since = string(level), e.Now()
		return l.LearnedPolicy
	}
	list, err := e.learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var kept []store.LearnedPolicy
	for _, l := range list {
		kept = append(kept, put(l))
	}
	if err := e.db.SaveLearned(t.Context(), kept, nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// alwaysMore is a table that in every state orders up to 1.3 times what the classical policy
// does, at its price.
func alwaysMore() []byte {
	for a := range automation.Actions {
		if price, target := automation.Multipliers(a); price == 1 && target == 1.3 {
			return slices.Repeat([]byte{byte(a)}, automation.States)
		}
	}
	panic("no action keeps the price and orders 1.3 times as much")
}

// adjustedOrders are the orders of a plan that a learned policy changed, with what they are.
func adjustedOrders(t tester, e *Engine) (list []decision.Decision) {
	t.Helper()
	all, err := e.db.Decisions(t.Context(), store.Filter{Kind: decision.KindReorder})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if plan.Adjusted(&d.Proposal) {
			list = append(list, d)
		}
	}
	return list
}

// TestLearnedPoliciesInThePlan: one that only advises changes nothing; one that proposes
// makes the order larger, says so, and can be replayed to the byte.
func TestLearnedPoliciesInThePlan(t *testing.T) {
	plain := climbedTo(t, automation.Advise)
	mustPlan(t, plain)
	if list := adjustedOrders(t, plain); len(list) != 0 {
		t.Fatalf("advice alone changed %d orders", len(list))
	}
	units := map[decision.Subject]int64{}
	all, err := plain.db.Decisions(t.Context(), store.Filter{Kind: decision.KindReorder})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		units[d.Action.Subject()] = d.Action.(decision.Reorder).Units
	}

	e := climbedTo(t, automation.Propose)
	mustPlan(t, e)
	list := adjustedOrders(t, e)
	if len(list) == 0 {
		t.Fatal("no order is adjusted: the test shows nothing")
	}
	for _, d := range list {
		s := d.Action.Subject()
		if got, was := d.Action.(decision.Reorder).Units, units[s]; got <= was {
			t.Errorf("%v: %d units, without what was learned %d", s, got, was)
		}
		said := fmt.Sprint(localizedAll(d.Reasons))
		if !strings.Contains(said, "× 1.30") || !strings.Contains(said, fmt.Sprintf("the order would be %d", units[s])) || !strings.HasSuffix(d.Run.Model, "learned residual") {
			t.Errorf("%v: %s; %s", s, d.Run.Model, said)
		}
	}
	again, err := e.Replay(t.Context(), list[0].ID)
	if err != nil || !again.Same {
		t.Errorf("replay: %+v, %v", again, err)
	}
	if _, err := e.TrainAutomation(t.Context(), TrainOptions{Effort: alittle, By: ann}); err != nil {
		t.Fatal(err)
	}
	_, err = e.Replay(t.Context(), list[0].ID)
	refused(t, err, fault.Stale, "E-REPLAY-LEARNED")
}

// TestLearnedPoliciesAct: under a mandate an adjusted order is approved only where its
// policy stands on a rung on which it acts, whichever policy the mandate is for; a review that
// finds fault takes it off that rung at once, and everything is in its log.
func TestLearnedPoliciesAct(t *testing.T) {
	for _, x := range []struct {
		level automation.Level
		by    string // that has the mandate
	}{{automation.Propose, LearnedPolicy}, {automation.Act, LearnedPolicy}, {automation.Propose, "routine"}, {automation.Act, "routine"}} {
		level := x.level
		e := climbedTo(t, level)
		mustPlan(t, e)
		adjusted := adjustedOrders(t, e)
		mandated(t, e, func(r *MandateRequest) {
			r.Policy, r.Kinds, r.MaxCash, r.DayCash, r.MaxStep = x.by, []decision.Kind{decision.KindReorder}, "100000", "500000", 0
		})
		for name, limit := range map[string]string{"assumed_inputs": "100", "cover_days": "1000", "loss": "100000", "decision_cash": "100000", "day_cash": "500000"} {
			if _, err := e.SetGuardrail(t.Context(), name, limit, ann, ""); err != nil {
				t.Fatal(err)
			}
		}
		run := mustAutomate(t, e)
		done := 0
		for _, id := range taken(run) {
			if slices.ContainsFunc(adjusted, func(d decision.Decision) bool { return d.ID == id }) {
				done++
			}
		}
		if level == automation.Propose {
			if done != 0 {
				t.Errorf("%d adjusted orders were approved by a policy that only proposes", done)
			}
			continue
		}
		if done == 0 {
			t.Fatalf("no adjusted order of %d was approved: %+v", len(adjusted), run)
		}
		actsAndFalls(t, e, x.by)
	}
}

func actsAndFalls(t tester, e *Engine, by string) {
	t.Helper()
	status, err := e.LearnedStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(status.Sites, func(v LearnedSiteView) bool { return len(v.Actions) > 0 })
	if at < 0 {
		t.Fatal("nothing is said of what the policy did")
	}
	v := status.Sites[at]
	if a := v.Actions[0]; a.Policy != by || a.Propensity != 1 || a.Mandate == "" || a.State != decision.Executed || a.Right != nil || !v.Advice.InPlan {
		t.Errorf("the action: %+v", a)
	}
	if err := e.ReviewAutomated(t.Context(), v.Actions[0].Decision, false, ann, "too much"); err != nil {
		t.Fatal(err)
	}
	if status, err = e.LearnedStatus(t.Context()); err != nil {
		t.Fatal(err)
	}
	v = status.Sites[at]
	if v.Level != string(automation.Propose) || len(v.Ladder) == 0 || v.Ladder[0].By != ladderName || v.Actions[0].Right == nil || *v.Actions[0].Right {
		t.Errorf("after a review that found fault: level %s, moves %+v", v.Level, v.Ladder)
	}
	run := mustAutomate(t, e)
	if run.Considered != 0 && len(run.Done) != 0 {
		t.Errorf("it goes on: %+v", run.Done)
	}
}
