package plan

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/decision"
	"tradewind/messages"
)

// manySKUs is a shop of 40 products of all paces, prices and shelves.
func manySKUs() string {
	var b strings.Builder
	for i := range 40 {
		sku := fmt.Sprintf("%c%02d", 'A'+i%26, i)
		fmt.Fprintf(&b, "sells %s GB %d %d.50\nsells %s FR %.2f %d.00\n", sku, 1+i%17, 2+i%9, sku, .2*float64(i%5), 3+i%7)
		fmt.Fprintf(&b, "stock %s UK-1 %d %d\ncost %s %.2f\n", sku, (i*37)%120, (i%4)*10, sku, 1+float64(i%9)*.4)
		fmt.Fprintf(&b, "supply %s S%d %d %d %d %d %d\n", sku, i%3, 7+i%30, i%6, 1+(i%5)*12, 1+(i%4)*3, i%3*5)
	}
	return b.String()
}

func TestSameBytesOnAnyNumberOfWorkers(t *testing.T) {
	s := shop(t, manySKUs())
	one, err := json.Marshal(planOf(t, s, Config{Workers: 1}))
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{2, 16} {
		many, err := json.Marshal(planOf(t, s, Config{Workers: workers}))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(one), string(many)); diff != "" {
			t.Errorf("%d workers, -one +many\n%s", workers, diff)
		}
	}
	other, _ := json.Marshal(planOf(t, s, Config{Seed: 2}))
	if string(other) == string(one) {
		t.Error("another seed gives the same plan: the comparison cannot fail")
	}
}

func TestProposalsKeepTheirContract(t *testing.T) {
	p := planOf(t, shop(t, manySKUs()), Config{})
	if len(p.Proposals) < 10 {
		t.Fatalf("only %d proposals: the test has nothing to look at", len(p.Proposals))
	}
	for i := range p.Proposals {
		q := &p.Proposals[i]
		sum := p.Proposals[i].Gain.Mean
		for _, d := range q.Drivers {
			var err error
			if sum, err = sum.Sub(d.Amount); err != nil {
				t.Fatal(err)
			}
		}
		if !sum.IsZero() {
			t.Errorf("%s: drivers miss the mean by %s", q.ID, sum)
		}
		chosen, nothing := 0, 0
		for _, a := range q.Alternatives {
			if a.Chosen {
				chosen++
			}
			if a.Name.Code == "plan.option.nothing" && a.Gain.Mean.IsZero() && a.Cash.IsZero() {
				nothing++
			}
		}
		if chosen != 1 || nothing != 1 || len(q.Alternatives) < 3 {
			t.Errorf("%s: %d chosen, %d doing nothing, of %d alternatives", q.ID, chosen, nothing, len(q.Alternatives))
		}
		if q.Gain.P10.Cmp(q.Gain.P50) > 0 || q.Gain.P50.Cmp(q.Gain.P90) > 0 {
			t.Errorf("%s: quantiles out of order: %+v", q.ID, q.Gain)
		}
		for _, lang := range messages.Languages {
			if text := q.Summary.In(lang); len([]rune(text)) > 140 || strings.Contains(text, "[") {
				t.Errorf("%s: summary %q", q.ID, text)
			}
		}
		if q.Fingerprint == "" || !q.Expires.After(clock) || len(q.Inputs) < 8 {
			t.Errorf("%s: unsigned, expired or without inputs", q.ID)
		}
	}
}

// holds solves a flip again: at the value shown the plan drops the order, and within the
// 0.1 % before it, on the side of today, it does not.
func holds(m *Menu, f decision.Flip, prices Prices) bool {
	i := slices.IndexFunc(levers, func(l lever) bool { return l.key == f.Input })
	l, x := levers[i], f.At
	if f.Input == "demand.daily" {
		x = f.At / f.Now
	}
	accepts := func(x float64) bool {
		q := *m.Problem
		l.set(&q, x)
		return Accepts(&q, prices)
	}
	back := math.Copysign(1e-3*math.Abs(x), l.get(m.Problem)-x)
	for part := .1; part <= 1; part += .1 {
		if accepts(x + part*back) {
			return !accepts(x)
		}
	}
	return false
}

// TestFlipsAreSolvedOnBothSides takes every flip of the shop.
func TestFlipsAreSolvedOnBothSides(t *testing.T) {
	s := shop(t, manySKUs())
	v := NewSurvey(s, Config{}, clock, "test", nil)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	prices := Prices{Least: 1}
	checked := 0
	for i := range menus {
		m := &menus[i]
		if m.bestAt(0).option == nil {
			continue
		}
		for _, f := range flips(m, prices) {
			if !holds(m, f, prices) {
				t.Errorf("%v: flip of %s at %v does not hold", m.Site, f.Input, f.At)
			}
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("only %d flips to check", checked)
	}
}

// TestFingerprintIsBoundToWhatWasSeen changes one fact at a time.
func TestFingerprintIsBoundToWhatWasSeen(t *testing.T) {
	base := "sells A GB 10 5.00\nstock A UK-1 20 0\ncost A 2.50\nsupply A Acme 7 0 1 1 0\n"
	first := planOf(t, shop(t, base), Config{}).Proposals[0]
	for _, change := range [][2]string{{"UK-1 20", "UK-1 21"}, {"cost A 2.50", "cost A 2.51"}, {"Acme 7", "Acme 8"}, {"5.00", "5.10"}} {
		changed := planOf(t, shop(t, strings.Replace(base, change[0], change[1], 1)), Config{}).Proposals[0]
		if changed.Fingerprint == first.Fingerprint {
			t.Errorf("%q for %q leaves the fingerprint alone", change[1], change[0])
		}
	}
	if again := planOf(t, shop(t, base), Config{}).Proposals[0]; again.Fingerprint != first.Fingerprint || again.ID != first.ID {
		t.Error("the same facts give another fingerprint or ID")
	}
}

// TestRandomShopsPlan throws odd numbers at a plan: it may refuse, it may not fail.
func TestRandomShopsPlan(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := func(name string, most int) int { return rapid.IntRange(0, most).Draw(rt, name) }
		facts := fmt.Sprintf("sells A GB %d %d.01\nstock A UK-1 %d %d\ncost A %d.01\nsupply A S %d %d %d %d %d\n",
			n("daily", 30), n("price", 9), n("onhand", 900), n("inbound", 900), n("cost", 9),
			n("lead", 120), n("spread", 20), n("moq", 5000), n("pack", 500), n("fixed", 50))
		p := planOf(t, shop(t, facts), Config{Cash: fmt.Sprint(n("cash", 3000)), Scenarios: 32})
		for i := range p.Proposals {
			r := p.Proposals[i].Action.(decision.Reorder)
			if r.Units <= 0 || p.Proposals[i].Gain.Mean.Sign() <= 0 {
				rt.Fatalf("orders %d for %s", r.Units, p.Proposals[i].Gain.Mean)
			}
		}
	})
}

func BenchmarkPropose(b *testing.B) {
	v := NewSurvey(shop(b, manySKUs()), Config{}, clock, "bench", nil)
	b.ReportAllocs()
	for b.Loop() {
		Propose(v, v.Sites)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(v.Sites)), "ns/site")
}
