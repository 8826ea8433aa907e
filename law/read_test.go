package law

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// A pack of two rules to which each test does one thing. The lines are counted from 1.
const samplePack = `pack: EE
recorded_on: 2026-11-22
rules:
  - id: EE.vat.2024
    topic: tax_rate
    title: {en: Standard VAT rate, zh: 增值税标准税率}
    effective_from: 2024-01-01
    effective_to: 2025-06-30
    status: expired
    evidence: B
    params: {tax: vat, class: standard, rate: 0.22}
    source: {title: The act, url: "https://example.org", kind: law, retrieved_on: 2026-11-22}
    verified_on: 2026-11-22
  - id: EE.vat.2025
    topic: tax_rate
    title:
      en: Standard VAT rate
      zh: 增值税标准税率
    effective_from: 2025-07-01
    status: in_force
    evidence: B
    params: {tax: vat, class: standard, rate: 0.24}
    source: {title: The act, kind: law, retrieved_on: 2026-11-22}
    verified_by: "A. Lawyer"
    verified_on: 2026-11-20
    supersedes: EE.vat.2024
    note: {en: Raised again., zh: 再次上调。}
`

func day(s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func read(t *testing.T, packs ...string) *Book {
	t.Helper()
	b, err := Read(files(packs...)...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func files(packs ...string) []File {
	var all []File
	for i, data := range packs {
		all = append(all, File{Name: string(rune('a'+i)) + ".yaml", Data: []byte(data)})
	}
	return all
}

func TestReadTakesEveryField(t *testing.T) {
	b := read(t, samplePack)
	got, ok := b.Rule("EE.vat.2025")
	if !ok {
		t.Fatal("the rule is not there")
	}
	want := &Rule{
		ID: "EE.vat.2025", Version: 1, Jurisdiction: "EE", Topic: TopicTaxRate, Title: Text{"Standard VAT rate", "增值税标准税率"},
		Params: TaxRate{Tax: "vat", Class: "standard", Rate: 0.24}, From: day("2025-07-01"),
		Status: InForce, Evidence: Adviser, Source: Source{Title: "The act", Kind: "law", RetrievedOn: day("2026-11-22")},
		VerifiedBy: "A. Lawyer", VerifiedOn: day("2026-11-20"), RecordedOn: day("2026-11-22"),
		Supersedes: "EE.vat.2024", Note: Text{"Raised again.", "再次上调。"}, Pack: "a.yaml:14",
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b calendar.Day) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if before, _ := b.Rule("EE.vat.2024"); before.To == nil || *before.To != day("2025-06-30") {
		t.Errorf("the earlier rate ends on %v", before.To)
	}
}

func TestReadTakesScopesAndAmounts(t *testing.T) {
	b := read(t, ruleOf("sale_tax", `
      scheme: ioss
      limit: 150 EUR
      above: "22.5 EUR"
      exclusive: true
      not_shipped_from: [EE, LV]
      transport: post
      not_hs: ["2203", 2204]
      consumers: true`))
	for r, p := range In[SaleTax](b, "EE", day("2026-01-01")) {
		want := SaleTax{Scheme: "ioss", Scope: Scope{
			Limit: money.FromE4(150_0000, "EUR"), Above: money.FromE4(22_5000, "EUR"), Exclusive: true,
			NotFrom: []commerce.Market{"EE", "LV"}, Transport: []string{"post"}, NotHS: []string{"2203", "2204"}, Consumers: true,
		}}
		if diff := cmp.Diff(want, p, cmp.Comparer(func(a, b money.Amount) bool { return a == b })); diff != "" || r.ID != "EE.x" {
			t.Error(diff)
		}
		return
	}
	t.Error("the rule does not hold")
}

// ruleOf is a pack of one rule.
func ruleOf(topic, params string) string {
	return `pack: EE
recorded_on: 2026-11-22
rules:
  - id: EE.x
    topic: ` + topic + `
    title: {en: A rule, zh: 规则}
    effective_from: 2025-07-01
    status: in_force
    evidence: A
    source: {title: The act, kind: law, retrieved_on: 2026-11-22}
    verified_on: 2026-11-22
    params: ` + params + "\n"
}

func TestReadRefuses(t *testing.T) {
	change := func(from, to string) string {
		if !strings.Contains(samplePack, from) {
			t.Fatalf("the sample does not hold %q", from)
		}
		return strings.Replace(samplePack, from, to, 1)
	}
	again := samplePack + strings.SplitAfter(samplePack, "rules:\n")[1]
	for _, tt := range []struct{ name, pack, code, place string }{
		{"broken YAML", "pack: EE\nrules: [\n", "E-LAW-YAML", "a.yaml:2"},
		{"no YAML", "\x00", "E-LAW-", "a.yaml"},
		{"two documents", "pack: EE\n---\npack: EE\n", "E-LAW-YAML", "a.yaml:3:1"},
		{"brackets in brackets", "a:\n  " + strings.Repeat("[", 1_000_000), "E-LAW-YAML", "a.yaml:2"},
		{"lists in lists", strings.Repeat("- ", 1_000_000), "E-LAW-YAML", "a.yaml:1"},
		{"nothing", "# only a comment\n", "E-LAW-EMPTY", "a.yaml"},
		{"a list", "- pack: EE\n", "E-LAW-SHAPE", "a.yaml:1:1"},
		{"a field twice", change("    evidence: B\n", "    evidence: B\n    evidence: A\n"), "E-LAW-YAML", "a.yaml:11:5"},
		{"unknown field", change("    evidence: B\n", "    evidense: B\n"), "E-LAW-FIELD", "a.yaml:10:5"},
		{"unknown field of a pack", change("pack: EE", "land: FI\npack: EE"), "E-LAW-FIELD", "a.yaml:1:1"},
		{"unknown parameter", change("class: standard", "kind: standard"), "E-LAW-FIELD", "a.yaml:11:24"},
		{"a tag", change("topic: tax_rate", "topic: !!str tax_rate"), "E-LAW-SHAPE", "a.yaml:5:12"},
		{"an anchor", change("topic: tax_rate", "topic: &t tax_rate"), "E-LAW-SHAPE", "a.yaml:5:12"},

		{"unknown topic", change("topic: tax_rate", "topic: tax_rates"), "E-LAW-TOPIC", "a.yaml:5:12"},
		{"unknown status", change("status: expired", "status: dead"), "E-LAW-WORD", "a.yaml:9:13"},
		{"unknown evidence", change("evidence: B", "evidence: D"), "E-LAW-WORD", "a.yaml:10:15"},
		{"unknown kind of source", change("kind: law", "kind: rumour"), "E-LAW-WORD", "a.yaml:12:64"},
		{"unknown jurisdiction", change("topic: tax_rate", "topic: tax_rate\n    jurisdiction: UK"), "E-LAW-PLACE", "a.yaml:6:19"},
		{"withdrawn country", change("pack: EE", "pack: AN"), "E-LAW-PLACE", "a.yaml:4:5"},
		{"no jurisdiction", change("pack: EE", "pack: rates"), "E-LAW-MISSING", "a.yaml:4:5"},
		{"unknown member", ruleOf("union", "{members: [EE, XX]}"), "E-LAW-PLACE", "a.yaml:12:28"},
		{"bad id", change("id: EE.vat.2024", "id: EE vat"), "E-LAW-ID", "a.yaml:4:9"},
		{"version 0", change("topic: tax_rate", "version: 0\n    topic: tax_rate"), "E-LAW-WHOLE", "a.yaml:5:14"},

		{"no source", change("    source: {title: The act, url: \"https://example.org\", kind: law, retrieved_on: 2026-11-22}\n", ""), "E-LAW-MISSING", "a.yaml:4:5"},
		{"no title of a source", change("{title: The act, url", "{url"), "E-LAW-MISSING", "a.yaml:12:14"},
		{"blank title of a source", change("{title: The act, url", "{title: \" \", url"), "E-LAW-BLANK", "a.yaml:12:21"},
		{"no kind of a source", change(" kind: law,", ""), "E-LAW-MISSING", "a.yaml:12:14"},
		{"a script for an address", change("https://example.org", "javascript:alert(1)"), "E-LAW-LINK", "a.yaml:12:3"},
		{"half an address", change("https://example.org", "example.org"), "E-LAW-LINK", "a.yaml:12:3"},
		{"no day of a source", change(", retrieved_on: 2026-11-22}", "}"), "E-LAW-MISSING", "a.yaml:12:14"},
		{"no Chinese", change(", zh: 增值税标准税率}", "}"), "E-LAW-MISSING", "a.yaml:6:13"},
		{"no rate", change(", rate: 0.22", ""), "E-LAW-MISSING", "a.yaml:11:14"},
		{"an empty rate", change("rate: 0.22", "rate:"), "E-LAW-MISSING", "a.yaml:11:14"},
		{"no day of knowledge", change("recorded_on: 2026-11-22\n", ""), "E-LAW-MISSING", "a.yaml:3:5"},
		{"no verified_on", change("    verified_on: 2026-11-22\n", ""), "E-LAW-MISSING", "a.yaml:4:5"},

		{"percent", change("rate: 0.22", "rate: 22"), "E-LAW-PERCENT", "a.yaml:11:47"},
		{"negative rate", change("rate: 0.22", "rate: -0.22"), "E-LAW-SHARE", "a.yaml:11:47"},
		{"no number", change("rate: 0.22", "rate: 22%"), "E-LAW-NUMBER", "a.yaml:11:47"},
		{"not a number", change("rate: 0.22", "rate: .nan"), "E-LAW-NUMBER", "a.yaml:11:47"},
		{"no day", change("2024-01-01", "2024-02-30"), "E-LAW-DAY", "a.yaml:7:21"},
		{"ends before it begins", change("2025-06-30", "2023-12-31"), "E-LAW-ENDS-BEFORE", "a.yaml:8:19"},
		{"expired without end", change("    effective_to: 2025-06-30\n", ""), "E-LAW-EXPIRED", "a.yaml:8:13"},
		{"weak and in force", change("    status: in_force\n    evidence: B", "    status: in_force\n    evidence: C"), "E-LAW-EVIDENCE", "a.yaml:20:13"},
		{"knowledge and in force", change("    status: in_force\n    evidence: B", "    status: in_force\n    evidence: K"), "E-LAW-EVIDENCE", "a.yaml:20:13"},

		{"amount without currency", ruleOf("duty_relief", "{limit: 150}"), "E-LAW-AMOUNT", "a.yaml:12:21"},
		{"amount of words", ruleOf("duty_relief", "{limit: many EUR}"), "E-LAW-AMOUNT", "a.yaml:12:21"},
		{"negative amount", ruleOf("duty_relief", "{limit: -1 EUR}"), "E-LAW-AMOUNT", "a.yaml:12:21"},
		{"withdrawn currency", ruleOf("duty_relief", "{limit: 150 DEM}"), "E-LAW-CURRENCY", "a.yaml:12:21"},
		{"a symbol", ruleOf("duty_relief", "{limit: 150 €}"), "E-LAW-CURRENCY", "a.yaml:12:21"},
		{"bad goods code", ruleOf("duty_relief", "{hs: [\"22.03\"]}"), "E-LAW-HS", "a.yaml:12:19"},
		{"days that are none", ruleOf("price", "{missing: warn, owner: seller, remedy: {en: Do, zh: 做}, closed: [\"12-03..13-02\"]}"), "E-LAW-SEASON", "a.yaml:12:"},
		{"unknown exception", ruleOf("price", "{missing: warn, owner: seller, remedy: {en: Do, zh: 做}, except: [old_goods]}"), "E-LAW-WORD", "a.yaml:12:"},
		{"bad pattern", ruleOf("tax_zone", "{region: EE-37, postcode: '('}"), "E-LAW-PATTERN", "a.yaml:12:39"},
		{"neither true nor false", ruleOf("duty_relief", "{consumers: perhaps}"), "E-LAW-YESNO", "a.yaml:12:25"},
		{"unknown trait", ruleOf("product", "{traits: [shiny], missing: warn, owner: seller, remedy: {en: Do, zh: 做}}"), "E-LAW-WORD", "a.yaml:12:23"},
		{"transactions below zero", ruleOf("registration", "{limit: 1 EUR, sales: all, scheme: vat, transactions: -1}"), "E-LAW-WHOLE", "a.yaml:12:67"},
		{"figures of words", ruleOf("consumer", "{missing: warn, owner: seller, remedy: {en: Do, zh: 做}, figures: {days: many}}"), "E-LAW-NUMBER", "a.yaml:12:"},
		{"a list where a value stands", change("class: standard", "class: [standard]"), "E-LAW-SHAPE", "a.yaml:11:31"},
		{"no mapping where one stands", change("params: {tax: vat, class: standard, rate: 0.22}", "params: 0.22"), "E-LAW-SHAPE", "a.yaml:11:13"},

		{"overlap", change("effective_to: 2025-06-30", "effective_to: 2025-07-01"), "E-LAW-OVERLAP", "a.yaml:14"},
		{"same ID and version", again, "E-LAW-TWICE", "a.yaml:28"},
		{"supersedes nothing", change("supersedes: EE.vat.2024", "supersedes: EE.vat.2023"), "E-LAW-SUPERSEDES", "a.yaml:14"},
		{"supersedes itself", change("supersedes: EE.vat.2024", "supersedes: EE.vat.2025"), "E-LAW-SUPERSEDES", "a.yaml:14"},
		{"another topic in a version", samplePack + strings.Replace(strings.SplitN(ruleOf("customs", "{base: cif, tax_base: [duty]}"), "rules:\n", 2)[1], "EE.x", "EE.vat.2025\n    version: 2", 1), "E-LAW-MOVED", "a.yaml:28"},
	} {
		_, err := Read(files(tt.pack)...)
		f := fault.Of(err)
		if f == nil || f.Kind != fault.Invalid || !strings.HasPrefix(f.Code, tt.code) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.code)
			continue
		}
		if place := argument(f, "place"); !strings.HasPrefix(place, tt.place) {
			t.Errorf("%s: the place is %q, want %q", tt.name, place, tt.place)
		}
		for _, lang := range messages.Languages {
			m := messages.Of(err)
			if text := m.In(lang) + m.Remedy().In(lang); emptyHole.MatchString(text) {
				t.Errorf("%s: the text is %q", tt.name, text)
			}
		}
	}
}

// emptyHole is how a text shows a code or a value that it does not have.
var emptyHole = regexp.MustCompile(`\[(E-[A-Z-]+|[a-z]+)\]`)

func argument(f *fault.Error, name string) string {
	for _, a := range f.Args {
		if a.Name == name {
			return a.Value.(string)
		}
	}
	return ""
}

// A reader who mends a pack sees every failure of every file at once.
func TestReadTellsAll(t *testing.T) {
	_, err := Read(files(strings.ReplaceAll(samplePack, "evidence: B", "evidence: Z"), "pack: EE\nrecorded_on: 2026\nrules: []\n")...)
	var several interface{ Unwrap() []error }
	if !errors.As(err, &several) {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, one := range several.Unwrap() {
		got = append(got, argument(fault.Of(one), "place"))
	}
	if want := []string{"a.yaml:10:15", "a.yaml:21:15", "b.yaml:2:14"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A known value of a percentage is offered as what is probably meant.
func TestPercentSuggestsTheShare(t *testing.T) {
	_, err := Read(files(strings.Replace(samplePack, "rate: 0.22", "rate: 22.5", 1))...)
	if got, want := messages.Of(err).In(messages.English), "a.yaml:11:47: 22.5 is more than the whole. Is 0.225 meant?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzRead: whatever comes in, Read answers or fails with a fault; what it accepts it
// accepts again, and every rule can be found on its first day.
func FuzzRead(f *testing.F) {
	f.Add([]byte(samplePack))
	f.Add([]byte(ruleOf("union", "{members: [EE, LV], customs: true, tax: true}")))
	f.Add([]byte(ruleOf("simplified_import", "{scheme: rc, bands: [{up_to: 50 USD, rate: 0.2}, {rate: 0.6, deduct: 20 USD}]}")))
	f.Add([]byte("a: &x [*x]\n"))
	f.Add([]byte("<<: {pack: EE}\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Add([]byte("pack: |\n  EE\nrules: !!binary x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read(File{Name: "f.yaml", Data: data})
		if err != nil {
			if fl := fault.Of(err); fl == nil || fl.Kind != fault.Invalid || !messages.Has(fl.Code) {
				t.Fatalf("got %v", err)
			}
			return
		}
		for _, r := range b.All() {
			if r.Status == Proposed {
				continue
			}
			found := false
			for _, on := range b.Rules(r.Jurisdiction, r.Topic, r.From) {
				found = found || on == r
			}
			if !found {
				t.Fatalf("%s does not hold on its first day", r.ID)
			}
			Fields(r.Params)
		}
		b.Check(calendar.FromOrdinal(20_000))
		if again, err := Read(File{Name: "f.yaml", Data: data}); err != nil || again.Version() != b.Version() {
			t.Fatalf("a second reading gives %v", err)
		}
	})
}
