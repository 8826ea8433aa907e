package plan

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/operations/inventory"
)

// An order that came in parts is one delivery, of the mean days of its units: twelve parts
// that took 40 to 62 days, the last of them half of the order, took 56.
func TestPartsAreOneDelivery(t *testing.T) {
	s := shop(t, lonely)
	ordered := s.AsOf.AddDays(-100)
	for part := range 12 {
		r := commerce.Receipt{SKU: "A", Location: "UK-1", Units: 10, Ordered: ordered, Received: ordered.AddDays(40 + 2*part)}
		if part == 11 {
			r.Units = 110
		}
		s.Receipts = append(s.Receipts, r)
	}
	keep(s)
	parts := learnedOf(s, "A")
	s.Receipts = s.Receipts[:1]
	s.Receipts[0].Received = ordered.AddDays(56)
	whole := learnedOf(s, "A")
	// Typed 28 days count as three deliveries: (3·28 + 56)/4 = 35.
	if math.Abs(whole.Mean-35) > 1e-9 || math.Abs(parts.Mean-35) > 1e-9 || parts.Deliveries != 1 || math.Abs(parts.SD-whole.SD) > 1e-9 {
		t.Errorf("in parts %+v, whole %+v", parts, whole)
	}
	s.Supplies[0].LeadDays = 0 // nobody said: three orders are needed
	if l := learnedOf(s, "A"); l != nil {
		t.Errorf("the parts of one order make a lead time: %+v", l)
	}
}

// TestWhichLeadTimesAreGuesses: a lead time is assumed as long as fewer than three deliveries
// were measured and something that it rests on was not.
func TestWhichLeadTimesAreGuesses(t *testing.T) {
	for _, tt := range []struct {
		name                                   string
		own, ownGuessed, others, othersGuessed int
		typedGuessed                           bool
		assumed                                bool
	}{
		{"others that were assumed", 0, 0, 0, 6, false, true},
		{"others that were measured", 0, 0, 6, 0, false, false},
		{"two of others, and an assumed one", 0, 0, 2, 1, false, true},
		{"three of others, and an assumed one", 0, 0, 3, 1, false, false},
		{"one of its own, two of others, and assumed ones", 1, 1, 2, 1, false, false},
		{"an assumed one of its own", 0, 1, 0, 0, false, true},
		{"one measured beside what was typed", 1, 0, 0, 0, false, false},
		{"typed as a guess, others measured", 0, 0, 6, 0, true, true},
		{"typed as a guess, two measured", 2, 0, 6, 0, true, true},
		{"typed as a guess, three measured", 3, 2, 0, 2, true, false},
	} {
		s := shop(t, lonely+"supply B Acme 10 2 1 1 0\n")
		s.Supplies[0].Provenance.Assumed = tt.typedGuessed
		ordered := s.AsOf.AddDays(-400)
		add := func(sku commerce.SKU, n int, assumed bool) {
			for range n {
				ordered = ordered.AddDays(7)
				s.Receipts = append(s.Receipts, commerce.Receipt{SKU: sku, Location: "UK-1", Units: 5, Ordered: ordered, Received: ordered.AddDays(33), Provenance: commerce.Provenance{Assumed: assumed}})
			}
		}
		add("A", tt.own, false)
		add("A", tt.ownGuessed, true)
		add("B", tt.others, false)
		add("B", tt.othersGuessed, true)
		keep(s)
		l := learnedOf(s, "A")
		if l == nil || l.Deliveries != tt.own+tt.ownGuessed || l.Others != tt.others+tt.othersGuessed || l.Provenance.Assumed != tt.assumed {
			t.Errorf("%s: %+v, want assumed %v", tt.name, l, tt.assumed)
		}
	}
}

// TestClosuresAreNoLeadTime: six orders of 28 days, each of which met three weeks in which the
// supplier was closed, took 49 and teach 28; a closure to come then adds its days once.
func TestClosuresAreNoLeadTime(t *testing.T) {
	s := shop(t, lonely)
	var c Config
	for k := range 6 {
		ordered := s.AsOf.AddDays(-60 - 60*k)
		s.Receipts = append(s.Receipts, commerce.Receipt{SKU: "A", Location: "UK-1", Units: 50, Ordered: ordered, Received: ordered.AddDays(49)})
		c.Closures = append(c.Closures, Closure{Supplier: "Acme", From: ordered.AddDays(5).String(), To: ordered.AddDays(25).String()})
	}
	keep(s)
	lead := func() *LeadTime { return NewSurvey(s, c, clock, "test", nil).gather(Site{"A", "UK-1"}).lead }
	if l := lead(); math.Abs(l.Mean-28) > 1e-9 || l.Deliveries != 6 {
		t.Errorf("%+v, want 28 days", l)
	}
	for _, in := range Facts(s, c, Law{}, Site{"A", "UK-1"}, nil, nil) {
		if in.Key == "supply.lead_days" && in.Value != "28.0" {
			t.Errorf("what an approval is held against says %s days, want 28", in.Value)
		}
	}
	for i := range c.Closures {
		c.Closures[i].Handling = 4 // the goods had left before it: what was late was the way
	}
	if l := lead(); math.Abs(l.Mean-(3*28+6*49)/9.) > 1e-9 {
		t.Errorf("goods that had left: %+v, want 42 days", l)
	}
	for i := range c.Closures {
		c.Closures[i].Handling, c.Closures[i].Supplier = 0, "Best"
	}
	if l := lead(); math.Abs(l.Mean-(3*28+6*49)/9.) > 1e-9 {
		t.Errorf("another supplier's closures: %+v, want 42 days", l)
	}
}

// A receipt is read with the closures that a plan of the day of its order delays an order by.
func TestClosuresOfThenAndOfNow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf := calendar.FromOrdinal(15317)
		sup := commerce.Supply{SKU: "A", Supplier: "S"}
		v := &Survey{Snapshot: &commerce.Snapshot{AsOf: asOf}}
		handling := float64(rapid.IntRange(0, 40).Draw(t, "handling"))
		for range rapid.IntRange(0, 4).Draw(t, "closures") {
			from := asOf.AddDays(rapid.IntRange(-10, 100).Draw(t, "from"))
			v.Config.Closures = append(v.Config.Closures, Closure{Supplier: rapid.SampledFrom([]commerce.Supplier{"", "S", "T"}).Draw(t, "whose"),
				From: from.String(), To: from.AddDays(rapid.IntRange(0, 30).Draw(t, "days")).String(), Handling: handling})
		}
		took := rapid.IntRange(0, 200).Draw(t, "took")
		r := commerce.Receipt{SKU: "A", Ordered: asOf, Received: asOf.AddDays(took)}
		var p inventory.Problem
		p.Closed, p.Handling = closed(v, "S")
		if got := worked(&r, &sup, shutOn(v.Config.Closures)); got != float64(p.Worked(took)) {
			t.Errorf("%d days tell %v, by a plan of then %d", took, got, p.Worked(took))
		}
	})
}

// Receipts that teach nothing, for their supplier is none of the SKU's, are said at the plan.
func TestReceiptsOfNobody(t *testing.T) {
	s := shop(t, lonely+"supply B Acme 10 2 1 1 0\nsupply B Best 12 2 1 1 0\n")
	warned := func() string {
		v := NewSurvey(s, Config{}, clock, "test", nil)
		for _, w := range v.Warnings {
			if w.Code == "plan.untaught" {
				if zh := w.In(messages.Chinese); !strings.Contains(zh, "收货") || strings.ContainsAny(zh, "{}") {
					t.Error(zh)
				}
				return w.In(messages.English)
			}
		}
		return ""
	}
	took(s, "A", 40, 41)
	if got := warned(); got != "" {
		t.Error(got)
	}
	s.Receipts[0].Supplier, s.Receipts[1].Supplier = "ACME", "Acme"
	if got := warned(); !strings.HasPrefix(got, "1 goods receipt counts") || !strings.Contains(got, "A, “ACME”") {
		t.Error(got)
	}
	took(s, "B", 9) // of one of two, nobody says of which
	took(s, "C", 9) // without a supply, of which a plan says more
	if got := warned(); !strings.HasPrefix(got, "2 goods receipts count") {
		t.Error(got)
	}
	for i := range s.Receipts {
		s.Receipts[i].Received = s.AsOf.AddDays(-leadMemory)
	}
	if got := warned(); got != "" {
		t.Error(got)
	}
}
