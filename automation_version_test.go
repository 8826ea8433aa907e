package tradewind

import (
	"encoding/json"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/operations/automation"
	"tradewind/store"
)

// outdated gives one trained site a table of another number of states, as another version of
// the program would have learned it, and lets it act.
func outdated(t tester) (*Engine, commerce.SKU) {
	t.Helper()
	e, _ := trained(t)
	list, err := e.learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l := &list[0]
	l.record.Moves = make([]byte, automation.States+1)
	l.Level = string(automation.Act)
	var wrong [2]error
	l.Policy, wrong[0] = json.Marshal(l.record)
	l.Evidence, wrong[1] = json.Marshal(evidence{})
	for _, err := range append(wrong[:], e.db.SaveLearned(t.Context(), []store.LearnedPolicy{l.LearnedPolicy}, nil)) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(list) < 2 {
		t.Fatal("one site alone: the test shows nothing of others")
	}
	return e, l.SKU
}

// namesTheTraining holds a text of the ladder against what a person has to do.
func namesTheTraining(t tester, sku commerce.SKU, text LocalizedText) {
	t.Helper()
	for _, said := range []string{text.English, text.Chinese} {
		if !strings.Contains(said, "tradewind automation train "+string(sku)) {
			t.Errorf("it does not say what to train: %s", said)
		}
	}
}

// TestEvaluateBesideAnotherVersion: a policy that another version of the program learned
// falls to advice and is named; the other sites are evaluated as ever.
func TestEvaluateBesideAnotherVersion(t *testing.T) {
	e, sku := outdated(t)
	r, err := e.EvaluateAutomation(t.Context(), EvaluateOptions{Episodes: 4, By: ann})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Sites {
		if v.SKU != sku {
			if len(v.Scenarios) != 7 || !v.Calibrated {
				t.Errorf("%s: %+v", v.SKU, v)
			}
			continue
		}
		if v.From != string(automation.Act) || v.To != string(automation.Advise) || v.Calibrated || len(v.Scenarios) != 0 {
			t.Errorf("%s: %s → %s, calibrated %v, %d scenarios", sku, v.From, v.To, v.Calibrated, len(v.Scenarios))
		}
		namesTheTraining(t, sku, v.Verdict)
	}
	status, err := e.LearnedStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range status.Sites {
		if v.SKU == sku && (v.Advice != nil || v.Reason == nil || !strings.Contains(v.Reason.English, string(sku))) {
			t.Errorf("status of %s: %+v, %+v", sku, v.Advice, v.Reason)
		}
	}
}

// TestAnotherVersionDoesNotAct: nobody need evaluate for that; the ladder takes it down.
func TestAnotherVersionDoesNotAct(t *testing.T) {
	e, sku := outdated(t)
	if err := e.watchLearned(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, err := e.LearnedStatus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range status.Sites {
		if v.SKU != sku {
			continue
		}
		if v.Level != string(automation.Advise) || len(v.Ladder) == 0 || v.Ladder[0].To != v.Level || v.Ladder[0].By != ladderName {
			t.Fatalf("%s stands at %s: %+v", sku, v.Level, v.Ladder)
		}
		namesTheTraining(t, sku, v.Ladder[0].Reason)
	}
	list, err := e.learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = list[0].policies(&list[0].record.Form, 1)
	refused(t, err, fault.Invalid, "E-LEARNED-KEPT")
	namesTheTraining(t, sku, localized(messages.Of(err).Remedy()))
}
