package law

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
)

// The members by day as EUR-Lex gives them: Croatia from 2013-07-01 (OJ L 112, 2012),
// the United Kingdom until the end of the transition on 2020-12-31 (OJ L 29, 2020).
const unionPack = `pack: EU
recorded_on: 2026-11-22
rules:
  - {id: EU.union.1, topic: union, title: {en: Union, zh: 联盟}, effective_from: 2007-01-01, effective_to: 2013-06-30, status: expired, evidence: A,
     source: {title: Treaty, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {members: [EE, DE, GB], customs: true, tax: true}}
  - {id: EU.union.2, topic: union, title: {en: Union, zh: 联盟}, effective_from: 2013-07-01, effective_to: 2020-12-31, status: expired, evidence: A,
     source: {title: Treaty, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {members: [EE, DE, GB, HR], customs: true, tax: true}}
  - {id: EU.union.3, topic: union, title: {en: Union, zh: 联盟}, effective_from: 2021-01-01, status: in_force, evidence: A,
     source: {title: Treaty, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {members: [EE, DE, HR, XI], customs: true, tax: true}}
  - {id: EU.union.tr, topic: union, title: {en: Customs union, zh: 关税同盟}, effective_from: 1995-12-31, status: in_force, evidence: A,
     source: {title: Decision 1/95, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {members: [TR], customs: true}}
  - {id: EU.relief, topic: duty_relief, title: {en: Relief, zh: 免税}, effective_from: 2008-12-01, effective_to: 2026-06-30, status: expired, evidence: B,
     source: {title: Regulation, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {limit: 150 EUR}}
  - {id: EU.ioss, topic: sale_tax, title: {en: IOSS, zh: IOSS 制度}, effective_from: 2021-07-01, status: in_force, evidence: B,
     source: {title: Directive, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {scheme: ioss, limit: 150 EUR}}
  - {id: EU.withdrawal, topic: consumer, title: {en: Withdrawal, zh: 撤回}, effective_from: 2014-06-13, status: in_force, evidence: B,
     source: {title: Directive, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22,
     params: {missing: warn, owner: seller, remedy: {en: Say it, zh: 告知}, figures: {days: 14}}}
  - {id: EU.next, topic: parcel_fee, title: {en: Fee, zh: 费用}, effective_from: 2024-01-01, status: proposed, evidence: C,
     source: {title: Draft, kind: secondary, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {amount: 2 EUR, each: consignment}}
  - {id: world.un3481, jurisdiction: 001, topic: transport, title: {en: Batteries, zh: 电池}, effective_from: 2026-01-01, status: contested, evidence: C,
     source: {title: Re-post, kind: secondary, retrieved_on: 2026-11-22}, verified_on: 2026-11-22,
     params: {traits: [lithium_ion_packed], missing: block, owner: carrier, remedy: {en: Charge less, zh: 降低电量}}}
  - {id: DE.relief, jurisdiction: DE, topic: duty_relief, title: {en: Relief, zh: 免税}, effective_from: 2022-01-01, status: in_force, evidence: B,
     source: {title: Act, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {limit: 22 EUR}}
  - {id: CPTPP.list, jurisdiction: CPTPP, topic: union, title: {en: Parties, zh: 缔约方}, effective_from: 2018-12-30, status: in_force, evidence: A,
     source: {title: Agreement, kind: law, retrieved_on: 2026-11-22}, verified_on: 2026-11-22, params: {members: [JP, EU]}}
`

func ids(rules []*Rule) string {
	var all []string
	for _, r := range rules {
		all = append(all, r.ID)
	}
	return strings.Join(all, " ")
}

func TestRulesComeFromUnions(t *testing.T) {
	b := read(t, unionPack)
	for _, tt := range []struct {
		place commerce.Market
		topic Topic
		on    string
		want  string
	}{
		{"EE", TopicSaleTax, "2021-06-30", ""},
		{"EE", TopicSaleTax, "2021-07-01", "EU.ioss"},
		{"XI", TopicSaleTax, "2021-07-01", "EU.ioss"},
		{"GB", TopicSaleTax, "2021-07-01", ""},
		{"GB", TopicDutyRelief, "2020-12-31", "EU.relief"},
		{"GB", TopicDutyRelief, "2021-01-01", ""},
		{"HR", TopicDutyRelief, "2013-06-30", ""},
		{"HR", TopicDutyRelief, "2013-07-01", "EU.relief"},
		{"DE", TopicDutyRelief, "2026-06-30", "DE.relief EU.relief"},
		{"DE", TopicDutyRelief, "2026-07-01", "DE.relief"},
		{"DE-BY", TopicDutyRelief, "2026-06-30", "DE.relief EU.relief"},
		{"TR", TopicDutyRelief, "2020-01-01", "EU.relief"}, // a customs union carries customs
		{"TR", TopicSaleTax, "2022-01-01", ""},             // and neither tax
		{"TR", TopicConsumer, "2022-01-01", ""},            // nor consumer law
		{"EE", TopicConsumer, "2022-01-01", "EU.withdrawal"},
		{"EE", TopicUnion, "2022-01-01", ""},
		{"EU", TopicUnion, "2022-01-01", "EU.union.3 EU.union.tr"},
		{"EE", TopicParcelFee, "2025-01-01", ""}, // a draft is no law
		{"EE", TopicTransport, "2026-01-01", "world.un3481"},
		{"BR", TopicTransport, "2026-01-01", "world.un3481"},
		{"BR-SP", TopicTransport, "2026-01-01", "world.un3481"},
		{"BR", TopicTransport, "2025-12-31", ""},
		{"BR", TopicSaleTax, "2026-01-01", ""},
		{"JP", TopicSaleTax, "2026-01-01", ""}, // a list of parties is no union
	} {
		if got := ids(b.Rules(tt.place, tt.topic, day(tt.on))); got != tt.want {
			t.Errorf("%s %s on %s: got %q, want %q", tt.place, tt.topic, tt.on, got, tt.want)
		}
	}
	if r, ok := b.One("DE", TopicDutyRelief, day("2026-06-30")); !ok || r.ID != "DE.relief" {
		t.Errorf("nearest to DE stands %v", r)
	}
	if r, ok := b.One("EE", TopicDutyRelief, day("2026-06-30")); !ok || r.ID != "EU.relief" {
		t.Errorf("nearest to EE stands %v", r)
	}
	if r, ok := b.One("EE", TopicDutyRelief, day("2026-07-01")); ok {
		t.Errorf("after the end %s holds", r.ID)
	}
	var asked []string
	for r, req := range b.Requirements("EE", day("2026-01-01")) {
		asked = append(asked, r.ID+" "+string(req.About)+" "+req.Missing)
	}
	if want := []string{"world.un3481 transport block", "EU.withdrawal consumer warn"}; !slices.Equal(asked, want) {
		t.Errorf("asked is %q, want %q", asked, want)
	}
}

func TestUnions(t *testing.T) {
	b := read(t, unionPack)
	if got, want := b.Members("EU", day("2020-12-31")), []commerce.Market{"DE", "EE", "GB", "HR", "TR"}; !slices.Equal(got, want) {
		t.Errorf("members in 2020: got %v, want %v", got, want)
	}
	if got, want := b.Members("CPTPP", day("2026-01-01")), []commerce.Market{"DE", "EE", "EU", "HR", "JP", "TR", "XI"}; !slices.Equal(got, want) {
		t.Errorf("parties: got %v, want %v", got, want)
	}
	for _, tt := range []struct {
		a, b commerce.Market
		on   string
		tie  Tie
		want bool
	}{
		{"EE", "DE", "2026-01-01", TaxTie, true}, {"EE", "GB", "2020-12-31", TaxTie, true}, {"EE", "GB", "2021-01-01", TaxTie, false},
		{"EE", "TR", "2026-01-01", CustomsTie, true}, {"EE", "TR", "2026-01-01", TaxTie, false},
		{"EE", "EE", "1990-01-01", TaxTie, true}, {"US-CA", "US-NY", "2026-01-01", TaxTie, true},
		{"EE", "JP", "2026-01-01", CustomsTie, false}, {"EE", "EU", "2026-01-01", CustomsTie, true}, {"EU", "TR", "2026-01-01", TaxTie, false},
		{"XI", "DE", "2026-01-01", TaxTie, true},
	} {
		if got := b.SameUnion(tt.a, tt.b, day(tt.on), tt.tie); got != tt.want || b.SameUnion(tt.b, tt.a, day(tt.on), tt.tie) != got {
			t.Errorf("%s and %s on %s: got %v, want %v", tt.a, tt.b, tt.on, got, tt.want)
		}
	}
	for _, tt := range []struct {
		place, area commerce.Market
		want        bool
	}{
		{"EE", "EU", true}, {"DE-BY", "EU", true}, {"EU", "EU", true}, {"GB", "EU", false}, {"EE", World, true}, {"US-CA", "US", true},
		{"US", "US-CA", false}, {"EE", "CPTPP", true}, {"ZZ", "EU", false}, {"EU", "EE", false},
	} {
		if got := b.Within(tt.place, tt.area, day("2026-01-01")); got != tt.want {
			t.Errorf("%s within %s: got %v, want %v", tt.place, tt.area, got, tt.want)
		}
	}
}

// history draws the packs of a shop over time: for each of a few rules versions that
// were recorded one after the other, each with days of its own. Rules of one identity
// may collide; those draws are refused by Read and drawn again.
func history(t *rapid.T) *Book {
	var text strings.Builder
	text.WriteString("pack: EE\nrules:\n")
	n := rapid.IntRange(1, 5).Draw(t, "rules")
	for i := range n {
		recorded := 0
		for version := range rapid.IntRange(1, 3).Draw(t, "versions") {
			recorded += rapid.IntRange(0, 30).Draw(t, "recorded")
			from := rapid.IntRange(0, 120).Draw(t, "from")
			fmt.Fprintf(&text, "  - {id: EE.r%d, version: %d, topic: tax_rate, title: {en: A, zh: 甲}, status: in_force, evidence: A, verified_on: 2020-01-01,\n"+
				"     source: {title: S, kind: law, retrieved_on: 2020-01-01}, recorded_on: %s, effective_from: %s, effective_to: %s,\n"+
				"     params: {tax: vat, class: c%d, rate: 0.%d}}\n",
				i, version+1, epoch.AddDays(recorded), epoch.AddDays(from), epoch.AddDays(from+rapid.IntRange(0, 60).Draw(t, "length")),
				rapid.IntRange(0, 2).Draw(t, "class"), 10+i)
		}
	}
	b, err := Read(File{Name: "h.yaml", Data: []byte(text.String())})
	if err != nil {
		t.Skip("two rules collide, as Read says") // rapid draws another
	}
	return b
}

var epoch = day("2020-01-01")

// The index answers what a look at every rule answers, on any day and of any knowledge.
func TestLookupsAgreeWithALookAtEveryRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := history(t)
		known := epoch.AddDays(rapid.IntRange(-1, 100).Draw(t, "known"))
		on := epoch.AddDays(rapid.IntRange(-1, 190).Draw(t, "on"))
		then := b.Known(known)

		var want []*Rule
		for _, r := range b.every {
			last := true // the newest version that was recorded by then
			for _, other := range b.every {
				last = last && !(other.ID == r.ID && other.Version > r.Version && !known.Before(other.RecordedOn))
			}
			if !known.Before(r.RecordedOn) && last && r.On(on) {
				want = append(want, r)
			}
		}
		got := then.Rules("EE", TopicTaxRate, on)
		if ids(got) != ids(want) {
			t.Fatalf("known on %s, on %s: got %q, want %q", known, on, ids(got), ids(want))
		}
		classes := map[string]bool{}
		for _, r := range got {
			if r.RecordedOn.Compare(known) > 0 {
				t.Fatalf("%s was recorded on %s, after %s", r.ID, r.RecordedOn, known)
			}
			class := r.Params.(TaxRate).Class
			if classes[class] {
				t.Fatalf("two rates of class %s on %s", class, on)
			}
			classes[class] = true
		}
	})
}

// What was known on a day does not change by what is recorded later.
func TestThePastStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := history(t)
		known := epoch.AddDays(rapid.IntRange(0, 100).Draw(t, "known"))
		on := epoch.AddDays(rapid.IntRange(0, 190).Draw(t, "on"))
		later := known.AddDays(rapid.IntRange(1, 400).Draw(t, "later"))
		more, err := b.With(File{Name: "later.yaml", Data: []byte(fmt.Sprintf(`{pack: EE, recorded_on: %s, rules: [{id: EE.r0, version: 99, topic: tax_rate, title: {en: A, zh: 甲},
			status: in_force, evidence: A, verified_on: 2020-01-01, source: {title: S, kind: law, retrieved_on: 2020-01-01}, effective_from: 2030-01-01,
			params: {tax: vat, class: c9, rate: 0.5}}]}`, later))})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := ids(more.Known(known).Rules("EE", TopicTaxRate, on)), ids(b.Known(known).Rules("EE", TopicTaxRate, on)); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func TestVersions(t *testing.T) {
	b := read(t, samplePack)
	more, err := b.With(File{Name: "shop.yaml", Data: []byte(strings.Replace(strings.Replace(ruleOf("tax_rate", "{tax: vat, class: standard, rate: 0.23}"),
		"EE.x", "EE.vat.2025\n    version: 2", 1), "recorded_on: 2026-11-22", "recorded_on: 2026-12-01", 1))})
	if err != nil {
		t.Fatal(err)
	}
	on := day("2026-01-01")
	rate := func(b *Book) float64 {
		for _, p := range In[TaxRate](b, "EE", on) {
			return p.Rate
		}
		return -1
	}
	if rate(b) != 0.24 || rate(more) != 0.23 || rate(more.Known(day("2026-11-30"))) != 0.24 || rate(more.Known(day("2026-12-01"))) != 0.23 || rate(more.Known(day("2026-11-21"))) != -1 {
		t.Errorf("rates: %v %v %v %v", rate(b), rate(more), rate(more.Known(day("2026-11-30"))), rate(more.Known(day("2026-11-21"))))
	}
	first, _ := b.Rule("EE.vat.2025")
	cited, ok := more.Cited(first.Ref())
	if !ok || cited.Version != 1 || cited.RetiredOn == nil || *cited.RetiredOn != day("2026-12-01") {
		t.Errorf("cited is %+v", cited)
	}
	if first.RetiredOn != nil {
		t.Error("With changed the book that it was given")
	}
	if len(more.Versions("EE.vat.2025")) != 2 || len(more.Versions("nothing")) != 0 {
		t.Errorf("versions: %v", more.Versions("EE.vat.2025"))
	}
	if b.Version() == more.Version() || len(b.Version()) != 16 || b.Known(on).Version() != b.Version()+"@2026-01-01" {
		t.Errorf("versions of the books: %s, %s, %s", b.Version(), more.Version(), b.Known(on).Version())
	}
	swapped, err := Read(files(unionPack, samplePack)...)
	if straight := read(t, samplePack, unionPack); err != nil || swapped.Version() != straight.Version() {
		t.Errorf("the order of the files changes the version: %v", err)
	}
}

func TestStandardHolds(t *testing.T) {
	b := Standard()
	if len(b.All()) == 0 || len(b.Packs()) == 0 {
		t.Fatal("no rules")
	}
	for _, p := range b.Packs() {
		if !p.Standard || p.Rules == 0 {
			t.Errorf("%+v", p)
		}
	}
	days := []calendar.Day{}
	for _, r := range b.All() {
		days = append(days, r.From, r.From.AddDays(-1))
		if r.To != nil {
			days = append(days, *r.To, r.To.AddDays(1))
		}
	}
	slices.SortFunc(days, calendar.Day.Compare)
	for _, place := range b.Jurisdictions() {
		for _, on := range slices.Compact(days) {
			rates := map[string]string{}
			for r, p := range In[TaxRate](b, place, on) {
				key := p.Tax + " " + p.Class + " " + p.Region
				if rates[key] != "" && r.Jurisdiction == place {
					t.Errorf("%s on %s has two rates of %s: %s and %s", place, on, key, rates[key], r.ID)
				}
				rates[key] = r.ID
			}
		}
	}
}

func BenchmarkRules(b *testing.B) {
	book := Standard()
	on := day("2026-11-22")
	places := book.Jurisdictions()
	b.ReportAllocs()
	i, n := 0, 0
	for b.Loop() {
		n += len(book.Rules(places[i%len(places)], TopicTaxRate, on))
		i++
	}
	if n == 0 {
		b.Fatal("nothing holds")
	}
}

func BenchmarkIn(b *testing.B) {
	book := Standard()
	on := day("2026-11-22")
	b.ReportAllocs()
	sum := 0.0
	for b.Loop() {
		for _, p := range In[TaxRate](book, "EE", on) {
			sum += p.Rate
		}
	}
	if sum == 0 {
		b.Fatal("nothing holds")
	}
}

func BenchmarkWithin(b *testing.B) {
	book := Standard()
	on := day("2026-11-22")
	b.ReportAllocs()
	for b.Loop() {
		book.Within("CN", "EU", on)
	}
}

// BenchmarkStandard is what every start of a command that needs the rules pays.
func BenchmarkStandard(b *testing.B) {
	for b.Loop() {
		if _, err := readEmbedded(packs); err != nil {
			b.Fatal(err)
		}
	}
}

func TestLookupsAllocateNothing(t *testing.T) {
	book := read(t, samplePack, unionPack)
	on := day("2026-11-22")
	sum := 0.0
	for name, look := range map[string]func(){
		"Rules":     func() { book.Rules("EE", TopicTaxRate, on) },
		"One":       func() { book.One("DE-BY", TopicSaleTax, on) },
		"SameUnion": func() { book.SameUnion("EE", "DE", on, TaxTie) },
		"Within":    func() { book.Within("DE-BY", "EU", on) },
		"In": func() {
			for _, p := range In[TaxRate](book, "EE", on) {
				sum += p.Rate
			}
		},
	} {
		if n := testing.AllocsPerRun(100, look); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}
