package tradewind

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tradewind/operations/automation"
	"tradewind/store"
)

// proven trains the sample and puts a classical policy that keeps too little stock
// beside a learned one that always keeps more: any fair trial proves the learned one better.
func proven(t tester) *Engine {
	t.Helper()
	e, _ := trained(t)
	e.config.FactsAsOf = "" // facts go on
	list, err := e.learned(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept := make([]store.LearnedPolicy, len(list))
	for i, l := range list {
		s := &l.record.Settings
		s.Safety, s.Cover, s.RunOut, l.record.Moves = -.3, 4, false, alwaysMore()
		if l.Policy, err = json.Marshal(l.record); err != nil {
			t.Fatal(err)
		}
		kept[i] = l.LearnedPolicy
	}
	if err := e.db.SaveLearned(t.Context(), kept, nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// laterOrders writes the orders of the sample's last days once more, as if they had come so
// many days later.
func laterOrders(t tester, days int) string {
	t.Helper()
	data, err := os.ReadFile(sampleOrders[1])
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const form, invoice, date = "2006-01-02 15:04:05", 0, 4
	last, err := time.Parse(form, rows[len(rows)-1][date])
	if err != nil {
		t.Fatal(err)
	}
	later := rows[:1]
	for _, row := range rows[1:] {
		at, err := time.Parse(form, row[date])
		if err != nil {
			t.Fatal(err)
		}
		if last.Sub(at) < time.Duration(days)*24*time.Hour {
			row[invoice], row[date] = strings.Replace(row[invoice], "5", "9", 1), at.AddDate(0, 0, days).Format(form)
			later = append(later, row)
		}
	}
	var b strings.Builder
	file := filepath.Join(folder(t), "later.csv")
	if err := errors.Join(csv.NewWriter(&b).WriteAll(later), os.WriteFile(file, []byte(b.String()), 0o600)); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestAClimbSpendsItsEvidence: evaluated again within minutes, or weeks later on the same
// facts, a policy stays on the rung that it has just climbed, and is told what to wait for.
// Four weeks of new sales let it go on.
func TestAClimbSpendsItsEvidence(t *testing.T) {
	e := proven(t)
	evaluate := func() map[string]EvaluatedView {
		t.Helper()
		r, err := e.EvaluateAutomation(t.Context(), EvaluateOptions{Episodes: 30, By: ann})
		if err != nil {
			t.Fatal(err)
		}
		views := map[string]EvaluatedView{}
		for _, v := range r.Sites {
			views[string(v.SKU)] = v
		}
		return views
	}
	var climbed []string
	for sku, v := range evaluate() {
		if v.From == string(automation.Advise) && v.To == string(automation.Propose) {
			climbed = append(climbed, sku)
		} else {
			t.Logf("%s: %s → %s: %s", sku, v.From, v.To, v.Verdict.English)
		}
	}
	if len(climbed) == 0 {
		t.Fatal("nothing climbs: the test shows nothing")
	}
	stays := func(when string) {
		t.Helper()
		all := evaluate()
		for _, sku := range climbed {
			if v := all[sku]; v.To != string(automation.Propose) || !strings.Contains(v.Verdict.English, "0 of 4 whole weeks") || !strings.Contains(v.Verdict.Chinese, "0/4") {
				t.Errorf("%s: %s %s → %s: %s", when, sku, v.From, v.To, v.Verdict.English)
			}
		}
	}
	e.clock = e.clock.Add(5 * time.Minute)
	stays("five minutes later")
	e.clock = e.clock.AddDate(0, 0, 28)
	stays("four weeks later, and nothing was imported")
	if _, err := e.Import(t.Context(), []string{laterOrders(t, 28)}, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	all := evaluate()
	if !slices.ContainsFunc(climbed, func(sku string) bool { return all[sku].To == string(automation.Act) }) {
		for _, v := range all {
			t.Errorf("with four weeks of new sales: %s %s → %s: %s", v.SKU, v.From, v.To, v.Verdict.English)
		}
	}
}
