package compliance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/messages"
)

func day(t testing.TB, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// abroad sells from China into the Union.
var abroad = Seller{Established: "CN"}

func question(market commerce.Market, traits commerce.Traits) Question {
	item := commerce.Item{SKU: "A", Market: market, Channel: "web"}
	return Question{Item: item, Product: &commerce.Product{SKU: "A", Traits: traits}, ShippedFrom: "CN",
		Listings: []commerce.Listing{{Item: item, Language: "en", Legal: "Manufacturer: M, 1 Road, m@example.com. EU responsible person: R, r@example.com. You have the right to withdraw within 14 days."}}}
}

// outcome is what was found for a rule: "" where it does not apply.
func outcome(findings []Finding, id string) decision.Outcome {
	for _, f := range findings {
		if f.Unknown == "" && f.Rules[0].ID == id {
			return f.Outcome
		}
	}
	return ""
}

// Each row is one rule on the day before and on the day from which it holds.
func TestDatesEitherSide(t *testing.T) {
	for _, tt := range []struct {
		rule        string
		market      commerce.Market
		traits      commerce.Traits
		before, day string
		seller      Seller
		then, now   decision.Outcome
	}{
		{"EU.product.gpsr-responsible", "DE", "plain", "2024-12-12", "2024-12-13", abroad, "", decision.Block},
		{"EU.product.battery-register", "FR", "lithium_ion_equipment", "2025-08-17", "2025-08-18", abroad, "", decision.Block},
		{"EU.product.battery-representative", "FR", "lithium_ion_alone", "2025-08-17", "2025-08-18", abroad, "", decision.Block},
		{"EU.product.ppwr-representative", "IT", "plain", "2026-08-11", "2026-08-12", abroad, "", decision.Block},
		{"EU.product.ppwr-representative-member", "IT", "plain", "2026-08-11", "2026-08-12", Seller{Established: "DE"}, "", decision.Warn},
		{"EU.consumer.withdrawal-function", "DE", "plain", "2026-06-18", "2026-06-19", Seller{Established: "DE", Declared: map[string]bool{"withdrawal_function": false}}, "", decision.Block},
		{"EU.consumer.withdrawal-function", "DE", "plain", "2026-06-18", "2026-06-19", Seller{Established: "DE"}, "", decision.Warn},
		{"001.transport.un3481-packed-charge", "US", "lithium_ion_packed", "2025-12-31", "2026-01-01", abroad, "", decision.Block},
		{"001.transport.un3480-charge", "US", "lithium_ion_alone", "2016-03-31", "2016-04-01", abroad, "", decision.Block},
		{"EU.product.cosmetic-responsible", "DE", "cosmetic", "2013-07-10", "2013-07-11", abroad, "", decision.Block},
		{"EU.product.toys", "DE", "toy", "2011-07-19", "2011-07-20", abroad, "", decision.Block},
		{"GB.product.cosmetic-responsible", "GB", "cosmetic", "2020-12-31", "2021-01-01", abroad, "", decision.Block},
		{"EU.product.cosmetic-responsible", "GB", "cosmetic", "2021-01-01", "2020-12-31", abroad, "", decision.Block}, // left the Union
		{"EU.consumer.withdrawal", "DE", "plain", "2014-06-12", "2014-06-13", abroad, "", decision.Pass},
		{"US.price.personalised-ny", "US", "plain", "2025-11-09", "2025-11-10", Seller{Practices: map[string]bool{"personalised_prices": true}, Declared: map[string]bool{"ny_algorithmic_price_notice": false}}, "", decision.Block},
		{"EU.price.personalised", "DE", "plain", "2022-05-27", "2022-05-28", Seller{Practices: map[string]bool{"personalised_prices": true}}, "", decision.Warn},
		{"CN.price.platform", "CN", "plain", "2026-04-09", "2026-04-10", Seller{Practices: map[string]bool{"personalised_prices": true}, Declared: map[string]bool{"price_difference_disclosed": false}}, "", decision.Block},
		{"CN.price.platform", "CN", "plain", "2031-04-11", "2031-04-10", Seller{Practices: map[string]bool{"personalised_prices": true}, Declared: map[string]bool{"price_difference_disclosed": false}}, "", decision.Block},
	} {
		t.Run(tt.rule+"/"+tt.day, func(t *testing.T) {
			for d, want := range map[string]decision.Outcome{tt.before: tt.then, tt.day: tt.now} {
				c := New(law.Standard(), tt.seller, nil, day(t, d))
				findings := append(c.Item(question(tt.market, tt.traits)), c.Seller(tt.market)...)
				if got := outcome(findings, tt.rule); got != want {
					t.Errorf("on %s: %q, want %q", d, got, want)
				}
			}
		})
	}
}

// A weak rule warns of what a strong one blocks.
func TestOnlySupportedRulesBlock(t *testing.T) {
	c := New(law.Standard(), Seller{}, nil, day(t, "2026-11-22"))
	for _, market := range []commerce.Market{"DE", "FR", "GB", "US", "CN", "BR", "XI"} {
		for _, trait := range commerce.KnownTraits {
			for _, f := range append(c.Item(question(market, commerce.Traits(trait))), c.Seller(market)...) {
				for _, r := range f.Rules {
					supported := r.Status == law.InForce && (r.Evidence == law.Official || r.Evidence == law.Adviser)
					if f.Outcome == decision.Block && !supported {
						t.Errorf("%s %s: %s blocks with status %s and evidence %s", market, trait, r.ID, r.Status, r.Evidence)
					}
				}
			}
		}
	}
	findings := New(law.Standard(), abroad, nil, day(t, "2026-11-22")).Item(question("DE", "electrical radio toy"))
	for rule, want := range map[string]decision.Outcome{"EU.product.electrical": decision.Warn, "EU.product.radio": decision.Warn, "EU.product.toys": decision.Block} {
		if got := outcome(findings, rule); got != want {
			t.Errorf("%s: %q, want %q", rule, got, want)
		}
	}
}

func TestDocuments(t *testing.T) {
	today := day(t, "2026-11-22")
	doc := func(sku commerce.SKU, market commerce.Market, from, until string) commerce.Document {
		d := commerce.Document{SKU: sku, Market: market, Kind: "toy_declaration"}
		if from != "" {
			d.From = day(t, from)
		}
		if until != "" {
			d.Until = day(t, until)
		}
		return d
	}
	for _, tt := range []struct {
		name  string
		docs  []commerce.Document
		want  decision.Outcome
		state State
	}{
		{"none", nil, decision.Block, Missing},
		{"for all", []commerce.Document{doc("", "", "", "")}, decision.Pass, Held},
		{"for the union", []commerce.Document{doc("A", "EU", "", "")}, decision.Pass, Held},
		{"for another product", []commerce.Document{doc("B", "DE", "", "")}, decision.Block, Missing},
		{"for another country", []commerce.Document{doc("A", "FR", "", "")}, decision.Block, Missing},
		{"ended yesterday", []commerce.Document{doc("A", "DE", "", "2026-11-21")}, decision.Block, Expired},
		{"ends today", []commerce.Document{doc("A", "DE", "", "2026-11-22")}, decision.Warn, ExpiresSoon},
		{"ends in 59 days", []commerce.Document{doc("A", "DE", "", "2027-01-20")}, decision.Warn, ExpiresSoon},
		{"ends in 60 days", []commerce.Document{doc("A", "DE", "", "2027-01-21")}, decision.Pass, Held},
		{"begins tomorrow", []commerce.Document{doc("A", "DE", "2026-11-23", "")}, decision.Block, NotYet},
		{"begins today", []commerce.Document{doc("A", "DE", "2026-11-22", "")}, decision.Pass, Held},
		{"an ended and a new one", []commerce.Document{doc("A", "DE", "", "2020-01-01"), doc("A", "DE", "", "2030-01-01")}, decision.Pass, Held},
	} {
		t.Run(tt.name, func(t *testing.T) {
			findings := New(law.Standard(), abroad, tt.docs, today).Item(question("DE", "toy"))
			if got := outcome(findings, "EU.product.toys"); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			for _, f := range findings {
				if f.Unknown == "" && f.Rules[0].ID == "EU.product.toys" && f.Needs[0].State != tt.state {
					t.Errorf("state %s, want %s", f.Needs[0].State, tt.state)
				}
			}
		})
	}
}

// A register of one country proves nothing in another, nor does one paper for all.
func TestRegistersNameTheCountry(t *testing.T) {
	for market, want := range map[commerce.Market]decision.Outcome{"": decision.Block, "EU": decision.Block, "FR": decision.Block, "DE": decision.Pass} {
		docs := []commerce.Document{{Market: market, Kind: "battery_registration"}}
		findings := New(law.Standard(), abroad, docs, day(t, "2026-11-22")).Item(question("DE", "lithium_ion_equipment"))
		if got := outcome(findings, "EU.product.battery-register"); got != want {
			t.Errorf("document for %q: %q, want %q", market, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	today := day(t, "2026-11-22")
	for _, tt := range []struct {
		name     string
		listings []commerce.Listing
		want     decision.Outcome
	}{
		{"no listing", nil, decision.Warn},
		{"no legal text", []commerce.Listing{{Language: "de"}}, decision.Block},
		{"in German", []commerce.Listing{{Language: "de-DE", Legal: "Sie haben ein WIDERRUFSRECHT von 14 Tagen."}}, decision.Pass},
		{"in Chinese", []commerce.Listing{{Language: "zh-Hans", Legal: "您享有撤回权。"}}, decision.Pass},
		{"by its key", []commerce.Listing{{Language: "ja", Legal: "withdrawal_right: https://example.com"}}, decision.Pass},
		{"other words", []commerce.Listing{{Language: "de", Legal: "Viel Freude damit."}}, decision.Warn},
		{"words of another language", []commerce.Listing{{Language: "fr", Legal: "Widerruf"}}, decision.Warn},
		{"one of two", []commerce.Listing{{Language: "de", Legal: "Widerruf"}, {Language: "fr"}}, decision.Block},
	} {
		q := question("DE", "plain")
		q.Listings = tt.listings
		if got := outcome(New(law.Standard(), abroad, nil, today).Item(q), "EU.consumer.withdrawal"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What nobody has said is a warning and never a pass.
func TestUnknownIsSaid(t *testing.T) {
	today := day(t, "2026-11-22")
	asked := func(c *Checker, q Question) []string {
		var out []string
		for _, f := range c.Item(q) {
			if f.Unknown != "" {
				out = append(out, f.Unknown)
				if f.Outcome != decision.Warn || len(f.Rules) == 0 {
					t.Errorf("%s: %s with %d rules", f.Unknown, f.Outcome, len(f.Rules))
				}
			}
		}
		slices.Sort(out)
		return out
	}
	unanswered := question("DE", "")
	if diff := cmp.Diff([]string{"traits"}, asked(New(law.Standard(), abroad, nil, today), unanswered)); diff != "" {
		t.Errorf("traits (-want +got):\n%s", diff)
	}
	missing := question("DE", "lithium_ion_alone")
	missing.ShippedFrom = ""
	if diff := cmp.Diff([]string{"seller", "shipped_from"}, asked(New(law.Standard(), Seller{}, nil, today), missing)); diff != "" {
		t.Errorf("route and seller (-want +got):\n%s", diff)
	}
	c := New(law.Standard(), Seller{Practices: map[string]bool{"personal_data_from_cn": true}}, nil, today)
	var counters []string
	for _, f := range c.Seller("CN") {
		if strings.HasPrefix(f.Unknown, "counter.") {
			counters = append(counters, f.Unknown)
		}
	}
	if diff := cmp.Diff([]string{"counter.cn_persons_exported"}, counters); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
}

func TestChinaExportCounter(t *testing.T) {
	const contract, assessment = "CN.data.export-contract", "CN.data.export-assessment"
	for _, tt := range []struct {
		persons      float64
		first, other decision.Outcome
	}{{99_999, "", ""}, {100_000, decision.Block, ""}, {999_999, decision.Block, ""}, {1_000_000, "", decision.Block}} {
		s := Seller{Practices: map[string]bool{"personal_data_from_cn": true}, Counters: map[string]float64{"cn_persons_exported": tt.persons}}
		findings := New(law.Standard(), s, nil, day(t, "2026-11-22")).Seller("CN")
		if a, b := outcome(findings, contract), outcome(findings, assessment); a != tt.first || b != tt.other {
			t.Errorf("%v persons: %q and %q, want %q and %q", tt.persons, a, b, tt.first, tt.other)
		}
	}
}

// In 2011 almost nothing of this was law: what is not in force yet is not listed.
func TestThePast(t *testing.T) {
	c := New(law.Standard(), Seller{Established: "GB"}, nil, day(t, "2011-12-09"))
	for _, f := range c.Item(question("GB", "cosmetic textile")) {
		for _, r := range f.Rules {
			if c.Day().Before(r.From) {
				t.Errorf("%s holds only from %s", r.ID, r.From)
			}
		}
		if f.Outcome == decision.Block {
			t.Errorf("%s blocks in 2011", f.Rules[0].ID)
		}
	}
}

func TestReadinessAndChecks(t *testing.T) {
	c := New(law.Standard(), Seller{Established: "DE"}, nil, day(t, "2026-11-22"))
	var questions []Question
	for i, traits := range []commerce.Traits{"plain", "toy", "", "toy"} {
		q := question("DE", traits)
		q.Item.SKU = commerce.SKU(fmt.Sprint(i))
		questions = append(questions, q)
	}
	questions = append(questions, question("FR", "toy"))
	r := c.Readiness("DE", questions)
	if got, want := [3]int{r.Ready, r.Warned, r.Blocked}, [3]int{1, 1, 2}; got != want {
		t.Errorf("ready, warned, blocked %v, want %v", got, want)
	}
	if got, want := r.Reasons[0], (Reason{"EU.product.toys", decision.Block, 2}); got != want {
		t.Errorf("first reason %v, want %v", got, want)
	}
	findings := c.Item(questions[1])
	p := decision.Proposal{Checks: c.Checks(findings), Rules: Rules(findings)}
	if !p.Blocked() {
		t.Error("a block does not block the proposal")
	}
	if p := (decision.Proposal{Checks: c.Checks(c.Item(questions[0]))}); p.Blocked() {
		t.Error("a ready product blocks the proposal")
	}
	for _, f := range findings {
		p.Checks = append(p.Checks, decision.Check{Name: f.Says()})
	}
	for _, check := range p.Checks {
		for _, lang := range messages.Languages {
			if text := check.Name.In(lang); strings.Contains(text, "[") || strings.Contains(text, "{") {
				t.Errorf("%s: %q", lang, text)
			}
		}
	}
}

// Every need of every rule has a name in words, and every rule tells what to do.
func TestEveryNeedIsNamed(t *testing.T) {
	for _, rule := range law.Standard().All() {
		r, ok := rule.Params.(law.Requirement)
		if !ok {
			continue
		}
		for _, key := range slices.Concat(r.Documents, r.Texts, r.Settings) {
			if !messages.Has("compliance.need." + key) {
				t.Errorf("%s: %s has no text", rule.ID, key)
			}
		}
		if len(r.Documents)+len(r.Texts)+len(r.Settings) == 0 && !r.Prohibits {
			t.Errorf("%s asks for nothing", rule.ID)
		}
		for _, key := range r.Texts {
			if phrases[key] == nil {
				t.Errorf("%s: nobody knows the words of %s", rule.ID, key)
			}
		}
	}
}

// More documents and more answers never make a known outcome worse.
func TestMoreDocumentsAreNeverWorse(t *testing.T) {
	kinds := []string{"toy_declaration", "gpsr_responsible_person", "battery_registration", "battery_representative", "battery_charge_declaration", "cpnp_notification", "cosmetic_responsible_person"}
	today := day(t, "2026-11-22")
	rapid.Check(t, func(t *rapid.T) {
		document := rapid.Custom(func(t *rapid.T) commerce.Document {
			d := commerce.Document{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Market: rapid.SampledFrom([]commerce.Market{"", "EU", "DE", "FR"}).Draw(t, "market"),
				SKU: rapid.SampledFrom([]commerce.SKU{"", "A", "B"}).Draw(t, "sku")}
			if rapid.Bool().Draw(t, "ends") {
				d.Until = today.AddDays(rapid.IntRange(-100, 100).Draw(t, "until"))
			}
			if rapid.Bool().Draw(t, "begins") {
				d.From = today.AddDays(rapid.IntRange(-100, 100).Draw(t, "from"))
			}
			return d
		})
		all := rapid.SliceOfN(document, 0, 12).Draw(t, "documents")
		few := all[:rapid.IntRange(0, len(all)).Draw(t, "few")]
		traits := commerce.Traits(strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(commerce.KnownTraits[1:]), 1, 3, func(s string) string { return s }).Draw(t, "traits"), " "))
		q := question("DE", traits)
		before, after := New(law.Standard(), abroad, few, today).Item(q), New(law.Standard(), abroad, all, today).Item(q)
		for _, f := range before {
			if f.Unknown != "" {
				continue
			}
			if id := f.Rules[0].ID; rank(outcome(after, id)) > rank(f.Outcome) {
				t.Fatalf("%s: %s with fewer documents, %s with more", id, f.Outcome, outcome(after, id))
			}
		}
	})
}

func TestEveryStateIsNamed(t *testing.T) {
	for _, s := range []State{Held, ExpiresSoon, Missing, Expired, NotYet, Declined, Undeclared, Unlisted, Unrecognised} {
		if code := s.Name().Code; !messages.Has(code) {
			t.Errorf("%s has no text", code)
		}
	}
}
