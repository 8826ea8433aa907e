package tradewind

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/calendar"
	"tradewind/operations/automation"
	"tradewind/plan"
	"tradewind/simulate"
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
// facts, a policy stays on the rung that it has just climbed, and is told what to wait for. A
// count of stock tells nothing of sales. Four weeks of new sales let it go on, whatever day it
// was when it climbed.
func TestAClimbSpendsItsEvidence(t *testing.T) {
	e := proven(t)
	e.clock = e.clock.AddDate(0, 0, 3) // its sales are three days old
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
	mustImport(t, e, ImportOptions{}, write(t, "count.csv", laterCount))
	stays("four weeks later, and nothing but a count was imported")
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

// laterCount is a count of stock, four weeks after the last sale of the sample.
const laterCount = "sku,location,on_hand,inbound,day\n22797,UK-1,11,0,2012-01-06\n"

// TestShadowOfImportedWeeks: a count of stock that is four weeks newer than the newest sale
// adds no week to the past that policies are played on, and moves none of its seasons.
func TestShadowOfImportedWeeks(t *testing.T) {
	e := sample(t)
	e.config.FactsAsOf = ""
	e.clock = e.clock.AddDate(0, 0, 28)
	past := func() (*plan.ShopFacts, simulate.ShopForm, simulate.History) {
		t.Helper()
		s, err := e.shops(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, site := range s.worthMost(nil) {
			if facts, _, err := shopFactsOf(s.survey, s.PriceStudy, site); err == nil && site.SKU != "22797" {
				form, h := imported(s.facts, facts)
				return facts, form, h
			}
		}
		t.Fatal("no site can be simulated: the test shows nothing")
		return nil, simulate.ShopForm{}, simulate.History{}
	}
	all, before, want := past()
	if len(want.Units) != len(all.History.Units) {
		t.Fatalf("%d weeks of %d are played, and all were imported", len(want.Units), len(all.History.Units))
	}
	mustImport(t, e, ImportOptions{}, write(t, "count.csv", laterCount))
	all, after, got := past()
	if len(all.History.Units) != len(want.Units)+4 {
		t.Fatalf("%d weeks of facts, want four more than %d", len(all.History.Units), len(want.Units))
	}
	if diff := cmp.Diff(want.Units, got.Units, cmpopts.EquateNaNs()); diff != "" || len(got.Price) != len(got.Units) || len(got.Share) != len(got.Units) {
		t.Errorf("weeks that are played (-without the count +with it):\n%s", diff)
	}
	if math.Abs(before.Week-after.Week) > 1 { // weeks of the year are whole, a year of them is not
		t.Errorf("it begins in week %v of the year, want %v", after.Week, before.Week)
	}
}

// TestEvidenceOfOlderMoves: of a move about which nobody wrote down what it rested on, the
// last sale by its day counts.
func TestEvidenceOfOlderMoves(t *testing.T) {
	e := sample(t)
	s, err := e.shops(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last := lastSold(s.facts, s.facts.AsOf)
	trained := last.AddDays(-70).StartIn(e.zone)
	l := &learnedSite{LearnedPolicy: store.LearnedPolicy{TrainedAt: trained}}
	l.record.Sold = new(last.AddDays(-75))
	for _, x := range []struct {
		what  string
		proof evidence
		at    time.Time
		want  calendar.Day
	}{
		{"written down", evidence{Spent: new(last.AddDays(-9))}, last.AddDays(3).StartIn(e.zone), last.AddDays(-9)},
		{"days after the last sale", evidence{}, last.AddDays(3).StartIn(e.zone), last},
		{"on a day of sales", evidence{}, last.AddDays(-1).StartIn(e.zone), last.AddDays(-1)},
		{"by its training", evidence{}, trained, last.AddDays(-75)},
	} {
		if got := e.spentBy(s, l, &store.LearnedMove{At: x.at}, &x.proof); got != x.want {
			t.Errorf("%s: the move rests on sales by %v, want %v", x.what, got, x.want)
		}
	}
}
