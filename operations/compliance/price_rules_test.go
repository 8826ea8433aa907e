package compliance

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
)

// binding are the rules that bind in a country on a day, by ID.
func binding(l PriceLaw) (ids []string) {
	for _, rule := range append([]*law.Rule{l.Prior.Rule, l.BelowCost}, l.Closed...) {
		if rule != nil {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

// checked are the rules that are left to a person, by ID, with a question mark where they
// are not known well enough.
func checked(l PriceLaw) (ids []string) {
	for _, c := range l.Check {
		id := c.Rule.ID
		if c.Unconfirmed {
			id += "?"
		}
		ids = append(ids, id)
	}
	return ids
}

// Each row is a rule that binds, the last day before it and its first. Days are the number
// by which reductions are judged before and after; the Union's rule stands below that of a
// state that came later.
func TestPriceRulesEitherSide(t *testing.T) {
	for _, tt := range []struct {
		rule      string
		market    commerce.Market
		last, day string
		before    int
		days      int
	}{
		{"EU.price.reduction", "HU", "2022-05-27", "2022-05-28", 0, 30},
		{"DE.price.reduction", "DE", "2022-05-27", "2022-05-28", 0, 30},
		{"DK.price.reduction", "DK", "2022-05-27", "2022-05-28", 0, 30},
		{"ES.price.reduction", "ES", "2022-05-27", "2022-05-28", 0, 30},
		{"FR.price.reduction", "FR", "2022-05-27", "2022-05-28", 0, 30},
		{"FR.price.reduction.2009", "FR", "2009-01-13", "2009-01-14", 0, 30},
		{"FR.price.reduction.2009", "FR", "2015-01-01", "2014-12-31", 0, 30}, // its last day
		{"PT.price.reduction", "PT", "2022-05-27", "2022-05-28", 0, 30},
		{"BE.price.reduction", "BE", "2022-06-01", "2022-06-02", 30, 30},
		{"AT.price.reduction", "AT", "2022-07-19", "2022-07-20", 30, 30},
		{"SE.price.reduction", "SE", "2022-08-31", "2022-09-01", 30, 30},
		{"IE.price.reduction", "IE", "2022-11-27", "2022-11-28", 30, 30},
		{"FI.price.reduction", "FI", "2022-12-31", "2023-01-01", 30, 30},
		{"NL.price.reduction", "NL", "2022-12-31", "2023-01-01", 30, 30},
		{"PL.price.reduction", "PL", "2022-12-31", "2023-01-01", 30, 30},
		{"CZ.price.reduction", "CZ", "2023-01-05", "2023-01-06", 30, 30},
		{"IT.price.reduction", "IT", "2023-06-30", "2023-07-01", 30, 30},
		{"NO.price.reduction", "NO", "2023-09-30", "2023-10-01", 0, 30},
		{"CN.price.promotion", "CN", "2020-11-30", "2020-12-01", 0, 7},
		{"FR.price.below-cost.2008", "FR", "2008-01-04", "2008-01-05", 0, 0},
		{"FR.price.below-cost", "FR", "2019-04-25", "2019-04-26", 0, 0},
		{"PT.price.below-cost.1993", "PT", "2006-12-31", "2007-01-01", 0, 0},
		{"PT.price.below-cost", "PT", "2014-02-24", "2014-02-25", 0, 0},
		{"ES.price.below-cost.1996", "ES", "2017-10-19", "2017-10-18", 0, 0}, // its last day
		{"LU.price.below-cost.2002", "LU", "2016-12-27", "2016-12-26", 0, 0}, // its last day
	} {
		then, now := PriceRules(law.Standard(), tt.market, day(t, tt.last)), PriceRules(law.Standard(), tt.market, day(t, tt.day))
		if ids := binding(then); slices.Contains(ids, tt.rule) || then.Prior.Days != tt.before {
			t.Errorf("%s on %s: %v binds, %d days, want %d and not the rule", tt.rule, tt.last, ids, then.Prior.Days, tt.before)
		}
		if ids := binding(now); !slices.Contains(ids, tt.rule) || now.Prior.Days != tt.days {
			t.Errorf("%s on %s: %v binds, %d days, want %d and the rule", tt.rule, tt.day, ids, now.Prior.Days, tt.days)
		}
	}
}

// What is contested or unconfirmed, and what hangs on more than prices, binds nobody and
// is named.
func TestPriceRulesThatAPersonLooksAt(t *testing.T) {
	for _, tt := range []struct {
		market commerce.Market
		day    string
		bind   []string
		check  []string
	}{
		{"BE", "2026-06-15", []string{"BE.price.reduction"}, []string{"BE.price.below-cost?", "BE.price.waiting-period?"}},
		{"BE", "2026-11-22", []string{"BE.price.reduction"}, []string{"BE.price.below-cost?"}},
		{"ES", "2018-01-01", nil, []string{"ES.price.below-cost.2017?"}},
		{"ES", "2026-11-22", []string{"ES.price.reduction"}, []string{"ES.price.below-cost"}},
		{"ES", "2011-11-22", []string{"ES.price.below-cost.1996"}, []string{"ES.price.season.1996"}},
		{"IT", "2026-11-22", []string{"IT.price.reduction"}, []string{"IT.price.below-cost", "IT.price.season?"}},
		{"RO", "2026-11-22", []string{"EU.price.reduction"}, []string{"RO.price.below-cost?"}},
		{"KR", "2026-11-22", nil, []string{"KR.price.reduction?"}},
		{"CN", "2026-11-22", []string{"CN.price.promotion"}, []string{"CN.price.below-cost", "CN.price.fraud?"}},
		{"JP", "2026-11-22", nil, []string{"JP.price.reduction"}},
		{"CH", "2024-12-31", nil, []string{"CH.price.comparison.1999"}},
		{"CH", "2025-01-01", nil, []string{"CH.price.comparison"}},
		{"GB", "2016-12-12", nil, []string{"GB.price.reduction.2010"}},
		{"GB", "2016-12-13", nil, []string{"GB.price.reduction"}},
		{"US", "2026-11-22", nil, []string{"US.price.reduction"}},
		{"US-NY", "2026-11-22", nil, []string{"US.price.reduction"}},
		{"CA", "2026-11-22", nil, []string{"CA.price.reduction"}},
		{"AU", "2026-11-22", nil, []string{"AU.price.reduction"}},
		{"DE", "2026-11-22", []string{"DE.price.reduction"}, []string{"DE.price.below-cost"}},
		{"LU", "2026-11-22", []string{"EU.price.reduction"}, []string{"LU.price.season"}},
		{"FR", "2026-11-22", []string{"FR.price.reduction", "FR.price.below-cost"}, []string{"FR.price.season"}},
		{"IE", "2026-11-22", []string{"IE.price.reduction"}, nil},
	} {
		l := PriceRules(law.Standard(), tt.market, day(t, tt.day))
		if got := binding(l); !slices.Equal(got, tt.bind) {
			t.Errorf("%s on %s: %v bind, want %v", tt.market, tt.day, got, tt.bind)
		}
		if got := checked(l); !slices.Equal(got, tt.check) {
			t.Errorf("%s on %s: %v to check, want %v", tt.market, tt.day, got, tt.check)
		}
	}
}

// Whatever the day and the place, only supported rules bind and every other rule on prices
// that holds is named.
func TestOnlySupportedPriceRulesBind(t *testing.T) {
	book := law.Standard()
	places := book.Jurisdictions()
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom(places).Draw(t, "place")
		on := calendar.FromOrdinal(rapid.Int32Range(12784, 22280).Draw(t, "day")) // 2005 to 2030
		l := PriceRules(book, place, on)
		for _, rule := range append([]*law.Rule{l.Prior.Rule, l.BelowCost}, l.Closed...) {
			if rule != nil && (!rule.Supported() || !rule.On(on)) {
				t.Fatalf("%s binds in %s on %s: %s, %s", rule.ID, place, on, rule.Status, rule.Evidence)
			}
		}
		if (l.Prior.Days > 0) != (l.Prior.Rule != nil) {
			t.Fatalf("%d days by %v", l.Prior.Days, l.Prior.Rule)
		}
		if days, rule := PriorDays(book, place, on); days != l.Prior.Days || rule != l.Prior.Rule {
			t.Fatalf("PriorDays says %d by %v, PriceRules %d by %v", days, rule, l.Prior.Days, l.Prior.Rule)
		}
		for _, c := range l.Check {
			if c.Unconfirmed == c.Rule.Supported() {
				t.Fatalf("%s: unconfirmed %v, supported %v", c.Rule.ID, c.Unconfirmed, c.Rule.Supported())
			}
		}
	})
}

// Portugal's ban is one on firms that are established there.
func TestPriceRulesForASeller(t *testing.T) {
	for established, want := range map[commerce.Market]bool{"": true, "PT": true, "PT-20": true, "DE": false, "CN": false} {
		if got := PriceRulesFor(law.Standard(), established, "PT", day(t, "2026-11-22")).BelowCost != nil; got != want {
			t.Errorf("established in %q: banned %v, want %v", established, got, want)
		}
	}
}

func BenchmarkPriceRules(b *testing.B) {
	book, on := law.Standard(), day(b, "2026-11-22")
	b.ReportAllocs()
	for b.Loop() {
		PriceRules(book, "FR", on)
	}
}

func TestPriorLawExceptions(t *testing.T) {
	on := day(t, "2026-11-22")
	for _, tt := range []struct {
		market commerce.Market
		want   PriorLaw
	}{
		{"HU", PriorLaw{Days: 30}},
		{"DE", PriorLaw{Days: 30, Gradual: true, Perishable: true}},
		{"AT", PriorLaw{Days: 30, Gradual: true, NewGoods: true, Perishable: true}},
		{"BE", PriorLaw{Days: 30, Gradual: true, NewGoods: true, NewDays: 7, Perishable: true}},
		{"NL", PriorLaw{Days: 30, Gradual: true, GradualDays: 89, Perishable: true}},
		{"FI", PriorLaw{Days: 30, Gradual: true, GradualDays: 60}},
		{"DK", PriorLaw{Days: 30, Gradual: true, Perishable: true, PerishableDays: 14}},
		{"PT", PriorLaw{Days: 30, Perishable: true, PerishableDays: 15}},
		{"PL", PriorLaw{Days: 30, NewGoods: true, Perishable: true}},
		{"NO", PriorLaw{Days: 30, Gradual: true}},
		{"GB", PriorLaw{}},
	} {
		got := PriceRules(law.Standard(), tt.market, on).Prior
		if got.Rule = nil; got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.market, got, tt.want)
		}
	}
}

func TestWindowOfNewGoods(t *testing.T) {
	on := day(t, "2026-11-22")
	for _, tt := range []struct {
		market  commerce.Market
		onOffer int
		days    int
		ok      bool
	}{
		{"DE", 30, 30, true}, {"DE", 29, 30, false}, {"DE", 400, 30, true},
		{"AT", 29, 29, true}, {"AT", 0, 0, false}, {"AT", 30, 30, true},
		{"BE", 29, 7, true}, {"BE", 7, 7, true}, {"BE", 6, 7, false}, {"BE", 30, 30, true},
		{"GB", 0, 0, true},
	} {
		if days, ok := PriceRules(law.Standard(), tt.market, on).Prior.Window(tt.onOffer); days != tt.days || ok != tt.ok {
			t.Errorf("%s, %d days on offer: %d %v, want %d %v", tt.market, tt.onOffer, days, ok, tt.days, tt.ok)
		}
	}
}

// closing is a pack as an adviser may send it: reductions of shoes are closed each year
// around the turn of the year, and a state asks for more days than its country.
const closing = `pack: own
recorded_on: 2026-01-01
rules:
  - id: DE.price.closing
    jurisdiction: DE
    topic: price
    title: {en: Closed days, zh: 关闭期}
    effective_from: 2026-01-01
    status: in_force
    evidence: B
    params: {hs: ["64"], practices: [price_reductions], prohibits: true, closed: "12-03..01-02", missing: block, owner: seller, remedy: {en: Wait., zh: 请等待。}}
    source: {title: An adviser, kind: adviser, retrieved_on: 2026-01-01}
    verified_on: 2026-01-01
  - id: DE-BY.price.days
    jurisdiction: DE-BY
    topic: price
    title: {en: Forty days, zh: 四十天}
    effective_from: 2026-01-01
    status: in_force
    evidence: B
    params: {practices: [price_reductions], settings: [prior_price_shown], figures: {days: 40}, missing: block, owner: seller, remedy: {en: Show it., zh: 请标示。}}
    source: {title: An adviser, kind: adviser, retrieved_on: 2026-01-01}
    verified_on: 2026-01-01
`

func TestClosedSeason(t *testing.T) {
	book, err := law.Standard().With(law.File{Name: "own.yaml", Data: []byte(closing)})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		day, hs string
		closed  bool
	}{
		{"2026-12-02", "640399", false}, {"2026-12-03", "640399", true}, {"2027-01-02", "640399", true}, {"2027-01-03", "640399", false},
		{"2026-12-03", "6", true}, {"2026-12-03", "", true}, {"2026-12-03", "610910", false}, {"2025-12-31", "640399", false},
	} {
		l := PriceRules(book, "DE", day(t, tt.day))
		if got := l.ClosedFor(tt.hs) != nil; got != tt.closed {
			t.Errorf("%s, goods %q: closed %v, want %v", tt.day, tt.hs, got, tt.closed)
		}
		seller := Seller{Practices: map[string]bool{priceReductions: true}}
		q := question("DE", "plain")
		q.Product.HS = tt.hs
		found := outcome(New(book, seller, nil, day(t, tt.day)).Item(q), "DE.price.closing")
		if known := len(tt.hs) > 1; known && (found == "block") != tt.closed {
			t.Errorf("%s, goods %q: the check of the product says %q", tt.day, tt.hs, found)
		}
	}
	if p := PriceRules(book, "DE-BY", day(t, "2026-11-22")).Prior; p.Days != 40 || p.Rule.ID != "DE-BY.price.days" {
		t.Errorf("%+v: want the forty days of the state", p)
	}
	if p := PriceRules(book, "DE", day(t, "2026-11-22")).Prior; p.Days != 30 {
		t.Errorf("%+v: want the thirty days of the country", p)
	}
}
