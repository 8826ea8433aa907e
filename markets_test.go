package tradewind

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// near reports whether two figures are equal but for rounding.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(1, math.Abs(a), math.Abs(b)) }

// In the demo nobody set a seller: goods are delivered to the door with import charges borne
// by the buyer, at prices without tax, so that the seller bears nothing where the law is
// known. Where it is not, nothing is said, and never 0.
func TestMarketsUnderTheLaw(t *testing.T) {
	e, _ := demo(t)
	list, err := e.Markets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	book, err := e.book()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := e.MarketEntries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unknown := 0
	for _, m := range list {
		if m.Landed == nil {
			t.Fatalf("%s: landed charges are not applied", m.Market)
		}
		switch m.Landed.Status {
		case "unknown":
			unknown++
			if m.Landed.Rate != nil || m.Complete || !noted(m.Notes, "expansion.note.landed-unknown") {
				t.Errorf("%s: unknown charges, and yet %+v, complete %v", m.Market, *m.Landed, m.Complete)
			}
		case "known":
			if *m.Landed.Rate != 0 || !m.Complete || !slices.Contains(m.Assumed, "seller") || len(m.Assumptions) != len(m.Assumed) {
				t.Errorf("%s: charges of %v, complete %v, assumed %q", m.Market, *m.Landed.Rate, m.Complete, m.Assumed)
			}
		}
		for _, id := range m.Landed.Rules {
			if _, ok := book.Rule(id); !ok {
				t.Errorf("%s cites the rule %s, which is not in the book", m.Market, id)
			}
		}
		candidate := slices.ContainsFunc(entries.Entries, func(x EntryView) bool { return x.Market == m.Market })
		if weighed := !m.Home && len(m.Facts) > 0 && (m.Sales.Sign() > 0 || candidate); weighed != (m.Assessed != nil) {
			t.Errorf("%s: assessed %+v with %d facts", m.Market, m.Assessed, len(m.Facts))
		}
		for _, f := range m.Facts {
			if f.Source == "" || f.Name.Chinese == "" || f.Code != "distance" && (f.Year < 2000 || f.Year > 2011) {
				t.Errorf("%s: the fact %+v", m.Market, f)
			}
		}
	}
	if unknown == 0 || unknown > 8 {
		t.Errorf("%d of %d markets have unknown charges", unknown, len(list))
	}
	again, err := e.Markets(t.Context())
	if diff := cmp.Diff(list, again, cmp.AllowUnexported(money.Amount{})); err != nil || diff != "" {
		t.Errorf("asked again: %v %s", err, diff)
	}
}

func noted(notes []LocalizedText, code string) bool {
	return slices.Contains(notes, localized(messages.M(code)))
}

// Under all criteria exactly three markets are among the first three, one is the first, and
// the weights sum to one; without judgements money weighs three times as much as any other.
func TestMarketAssessmentAddsUp(t *testing.T) {
	e, _ := demo(t)
	a, err := e.MarketAssessment(t.Context())
	if err != nil || a == nil {
		t.Fatalf("%+v, %v", a, err)
	}
	var top, best, weights float64
	for i, r := range a.Rows {
		if r.Place != i+1 || r.Of != len(a.Rows) || i > 0 && r.TopThree > a.Rows[i-1].TopThree {
			t.Errorf("place %d: %+v", i+1, r)
		}
		top, best = top+r.TopThree, best+r.Best
	}
	used := 0
	for _, c := range a.Criteria {
		if weights += c.Weight; c.Used {
			used++
		}
		if c.Code == "readiness" && c.Used {
			t.Error("readiness is used, and the demo has no listings")
		}
	}
	if !near(top, 3) || !near(best, 1) || !near(weights, 1) || !near(a.Criteria[0].Weight, 3*a.Criteria[1].Weight) || a.Judged || a.Ratio >= .1 {
		t.Errorf("top three %v, first %v, weights %v of %d criteria, ratio %v", top, best, weights, used, a.Ratio)
	}
	if a.Criteria[0].Code != "contribution" || used != 7 {
		t.Errorf("%d criteria are used, of %+v; want all but the readiness of listings", used, a.Criteria)
	}
}

// What an entry is worth is what it brings less what it costs; only countries whose law is
// known and that nothing is sold to are candidates, and every one says what it assumes.
func TestMarketEntries(t *testing.T) {
	e, _ := demo(t)
	found, err := e.MarketEntries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.studied(s)
	if err != nil {
		t.Fatal(err)
	}
	sold := map[commerce.Market]bool{}
	for i := range m.Ranked {
		sold[m.Ranked[i].Market] = m.Ranked[i].Sales.Sign() > 0
	}
	if len(found.Entries) < 20 || found.Model.Markets < 8 || !(found.Model.Error >= 1) {
		t.Errorf("%d entries from %+v", len(found.Entries), found.Model)
	}
	for i, x := range found.Entries {
		if x.Place != i+1 || i > 0 && x.Value.Mean > found.Entries[i-1].Value.Mean || !near(x.Value.Mean, x.Contribution.Mean-x.Cost.Mean) {
			t.Errorf("place %d: %+v", i+1, x)
		}
		if sold[x.Market] || !slices.Contains(m.Params.Entry.Candidates, x.Market) || x.From != "GB" {
			t.Errorf("%s is a candidate, from %s", x.Market, x.From)
		}
		if !slices.Contains(x.Assumed, "entry_cost") || len(x.Assumptions) != len(x.Assumed) || len(x.Reasons) == 0 || x.Assessed == nil || !x.Assessed.Candidate {
			t.Errorf("%s assumes %q for %+v", x.Market, x.Assumed, x.Reasons)
		}
	}
}

func TestCompareMarkets(t *testing.T) {
	e, _ := demo(t)
	c, err := e.CompareMarkets(t.Context(), []commerce.Market{"NO", "CN", "GB"})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sides) != 3 || c.Sides[0].Present == nil || c.Sides[1].Entry == nil || c.Sides[2].Present == nil || !c.Sides[2].Present.Home {
		t.Fatalf("sides %+v", c.Sides)
	}
	for i := range c.Sides {
		for j := range c.Sides {
			if !near(c.Ahead[i][j]+c.Ahead[j][i], 1) {
				t.Errorf("%v and %v: %v and %v", c.Sides[i].Market, c.Sides[j].Market, c.Ahead[i][j], c.Ahead[j][i])
			}
		}
	}
	if c.Ahead[2][0] < .999 { // Britain took 280 times as much as Norway
		t.Errorf("Britain contributes more than Norway with a probability of %v", c.Ahead[2][0])
	}
	for _, tt := range []struct {
		code    string
		markets []commerce.Market
	}{
		{"E-EXPANSION-COMPARE", []commerce.Market{"DE"}},
		{"E-EXPANSION-COMPARE", []commerce.Market{"DE", "FR", "NO", "SE", "IE"}},
		{"E-EXPANSION-TWICE", []commerce.Market{"DE", "DE"}},
		{"E-EXPANSION-MARKET", []commerce.Market{"DE", "KP"}},
	} {
		if _, err := e.CompareMarkets(t.Context(), tt.markets); fault.Of(err) == nil || fault.Of(err).Code != tt.code {
			t.Errorf("%v: got %v, want %s", tt.markets, err, tt.code)
		}
	}
}

// Both columns of a scenario are drawn from the same futures: no change changes nothing,
// and a charge of 2 % of net sales takes 2 % of expected sales.
func TestMarketScenario(t *testing.T) {
	e, _ := demo(t)
	same, err := e.MarketScenario(t.Context(), MarketScenario{Market: "NO"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(same.Expected, same.Changed); diff != "" {
		t.Errorf("no change changes something: %s", diff)
	}
	charged, err := e.MarketScenario(t.Context(), MarketScenario{Market: "NO", Duty: .02, Volume: .1, EntryCost: "4000"})
	if err != nil {
		t.Fatal(err)
	}
	before, after := charged.Expected, charged.Changed
	if want := 1.1 * (before.Contribution.Mean - .02*before.Sales.Mean); !near(after.Contribution.Mean, want) {
		t.Errorf("a tenth more units and 2 %% more duty contribute %v, want %v", after.Contribution.Mean, want)
	}
	if !near(after.Sales.Mean, 1.1*before.Sales.Mean) || after.Cost != 4000 || !near(after.Result.Mean, after.Contribution.Mean-4000) {
		t.Errorf("changed to %+v from %+v", after, before)
	}
	if charged.Candidate || !slices.Contains(charged.Assumed, "unit_cost") || charged.NotAdvice.Chinese == "" {
		t.Errorf("%+v", charged)
	}
	for _, cost := range []string{"-1", "much"} {
		if _, err := e.MarketScenario(t.Context(), MarketScenario{Market: "NO", EntryCost: cost}); fault.Of(err) == nil {
			t.Errorf("an entry cost of %q is accepted", cost)
		}
	}
	if _, err := e.MarketScenario(t.Context(), MarketScenario{Market: "NO", Price: -1}); fault.Of(err) == nil {
		t.Error("prices of nothing are accepted")
	}
}
