package landed

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/messages"
	"tradewind/money"
)

// pack makes a book of one file of rules, each written as "id place topic from to status
// evidence params"; "-" leaves the last day open.
func pack(t testing.TB, recorded string, rules ...string) *law.Book {
	b, err := law.Read(packFile("test.yaml", recorded, rules...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func packFile(name, recorded string, rules ...string) law.File {
	var b strings.Builder
	fmt.Fprintf(&b, "pack: test\nrecorded_on: %s\nrules:\n", recorded)
	for _, r := range rules {
		f := strings.SplitN(r, " ", 8)
		id, version, _ := strings.Cut(f[0], "@")
		fmt.Fprintf(&b, "  - id: NO.%s\n    jurisdiction: %s\n    topic: %s\n    effective_from: %s\n", id, f[1], f[2], f[3])
		if version != "" {
			fmt.Fprintf(&b, "    version: %s\n", version)
		}
		if f[4] != "-" {
			fmt.Fprintf(&b, "    effective_to: %s\n", f[4])
		}
		fmt.Fprintf(&b, "    status: %s\n    evidence: %s\n    params: {%s}\n", f[5], f[6], f[7])
		b.WriteString("    title: {en: A rule of a test, zh: 测试规则}\n    source: {title: A test, kind: adviser, retrieved_on: 2026-11-22}\n    verified_on: 2026-11-22\n")
	}
	return law.File{Name: name, Data: []byte(b.String())}
}

func eur(decimal string) money.Amount {
	a, err := money.Parse(decimal, "EUR")
	if err != nil {
		panic(err)
	}
	return a
}

func schedule(t testing.TB, country, rows string) map[commerce.Market]*tariff.Schedule {
	s, err := tariff.ReadSchedule("test.csv", []byte("country,hs,rate,from,source,origin\n"+rows))
	if err != nil {
		t.Fatal(err)
	}
	return map[commerce.Market]*tariff.Schedule{commerce.Market(country): s}
}

func TestBadInput(t *testing.T) {
	good := func() *Consignment {
		return &Consignment{From: "CN", To: "DE", Lines: []Line{{SKU: "A", HS: "610910", Origin: "CN", Units: 2, Price: eur("10.00"), Grams: 200}}, Dates: Dates{Payment: dayOf(t, "2026-06-01")}}
	}
	k := New(law.Standard(), Env{})
	if _, err := k.Quote(good()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		make func(*Consignment)
		code string
	}{
		{"no goods", func(c *Consignment) { c.Lines = nil }, "E-LANDED-EMPTY"},
		{"no day", func(c *Consignment) { c.Dates = Dates{} }, "E-LANDED-DATE"},
		{"unknown destination", func(c *Consignment) { c.To = "QQ" }, "E-LANDED-COUNTRY"},
		{"UK is not a code", func(c *Consignment) { c.To = "UK" }, "E-LANDED-COUNTRY"},
		{"a union is no destination", func(c *Consignment) { c.To = "EU" }, "E-LANDED-COUNTRY"},
		{"no country stated", func(c *Consignment) { c.To = commerce.UnstatedMarket }, "E-LANDED-COUNTRY"},
		{"unknown sender", func(c *Consignment) { c.From = "" }, "E-LANDED-COUNTRY"},
		{"withdrawn country", func(c *Consignment) { c.Lines[0].Origin = "YU" }, "E-LANDED-COUNTRY"},
		{"a destination without rules", func(c *Consignment) { c.To = "AQ" }, "E-LANDED-NO-RULES"},
		{"withdrawn currency", func(c *Consignment) { c.Currency = "DEM" }, "E-LANDED-CURRENCY"},
		{"withdrawn currency of a price", func(c *Consignment) {
			c.Currency, c.Lines[0].Price = "EUR", money.FromE4(100_000, "DEM")
		}, "E-LANDED-CURRENCY"},
		{"mixed currencies without a rate", func(c *Consignment) { c.Freight = money.FromE4(50_000, "USD") }, "E-LANDED-RATE"},
		{"negative price", func(c *Consignment) { c.Lines[0].Price = eur("-1.00") }, "E-LANDED-NEGATIVE"},
		{"negative freight", func(c *Consignment) { c.Freight = eur("-1.00") }, "E-LANDED-NEGATIVE"},
		{"negative units", func(c *Consignment) { c.Lines[0].Units = -2 }, "E-LANDED-UNITS"},
		{"no units", func(c *Consignment) { c.Lines[0].Units = 0 }, "E-LANDED-UNITS"},
		{"negative weight", func(c *Consignment) { c.Lines[0].Grams = -1 }, "E-LANDED-WEIGHT"},
		{"negative volume", func(c *Consignment) { c.Lines[0].CubicCm = -1 }, "E-LANDED-WEIGHT"},
		{"a code of another edition", func(c *Consignment) { c.Lines[0].Edition = 2017 }, "E-HS-EDITION-UNHELD"},
		{"a code that no edition has", func(c *Consignment) { c.Lines[0].HS = "610999" }, "E-HS-UNKNOWN"},
		{"no code at all", func(c *Consignment) { c.Lines[0].HS = "shirt" }, "E-HS-FORM"},
		{"a term of Incoterms 2010", func(c *Consignment) { c.Incoterm = "DAT" }, "E-LANDED-INCOTERM"},
		{"a scheme that no rule knows", func(c *Consignment) { c.Scheme = "cbec" }, "E-LANDED-SCHEME"},
		{"a region of another country", func(c *Consignment) { c.Region = "US-CA" }, "E-LANDED-REGION"},
		{"unknown transport", func(c *Consignment) { c.Transport = "drone" }, "E-LANDED-TRANSPORT"},
		{"freight by a third", func(c *Consignment) { c.FreightBy = Carrier }, "E-LANDED-FREIGHT-BY"},
		{"percent for a share", func(c *Consignment) { c.Fees.CommissionShare = 15 }, "E-LANDED-SHARE"},
		{"a share that is no number", func(c *Consignment) { c.Returns.Share = math.NaN() }, "E-LANDED-SHARE"},
		{"too large", func(c *Consignment) { c.Lines[0].Price = money.FromE4(math.MaxInt64, "EUR") }, "E-LANDED-RANGE"},
		{"too large together", func(c *Consignment) { c.Lines[0].Price, c.Lines[0].Units = money.FromE4(1e12, "EUR"), 1e6 }, "E-LANDED-RANGE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := good()
			tt.make(c)
			_, err := k.Quote(c)
			f := fault.Of(err)
			if f == nil || f.Kind != fault.Invalid || f.Code != tt.code {
				t.Fatalf("got %v, want %s", err, tt.code)
			}
			for _, lang := range messages.Languages {
				m := messages.Of(err)
				for _, text := range []string{m.In(lang), m.Remedy().In(lang)} {
					if text == "" || strings.ContainsAny(text, "[]{}") {
						t.Errorf("%s in %s reads %q", tt.code, lang, text)
					}
				}
			}
		})
	}
}

// The same question as of an earlier day of knowledge gives the answer of that day, to the
// last digit, whatever was recorded since.
func TestKnowledgeTime(t *testing.T) {
	rules := plainRules("0.24")
	first := packFile("first.yaml", "2026-01-10", rules...)
	rules[0] = strings.Replace(plainRules("0.25")[0], "vat ", "vat@2 ", 1)
	second := packFile("second.yaml", "2026-03-01", rules[0])
	before, err := law.Read(first)
	if err != nil {
		t.Fatal(err)
	}
	after, err := before.With(second)
	if err != nil {
		t.Fatal(err)
	}
	tariffs := schedule(t, "NO", twoRates)
	c := &Consignment{From: "CN", To: "NO", Lines: []Line{{HS: "610910", Origin: "CN", Units: 3, Price: eur("33.33")}}, Dates: Dates{Payment: dayOf(t, "2025-06-01")}}
	then, err := Calculate(c, before, Env{Tariffs: tariffs})
	if err != nil {
		t.Fatal(err)
	}
	again := quoted(t, New(after, Env{Tariffs: tariffs, Known: dayOf(t, "2026-02-28")}), c)
	now := quoted(t, New(after, Env{Tariffs: tariffs}), c)
	if diff := cmp.Diff(then.Charges, again.Charges, sameMoney, cmp.AllowUnexported(Charge{}), cmp.Comparer(func(a, b calendar.Day) bool { return a == b })); diff != "" {
		t.Errorf("what was known then gives another answer (-then +again):\n%s", diff)
	}
	// 99.99 and 8.3 % duty of 8.30 are 108.29: 24 % is 25.99, 25 % is 27.07.
	if got, want := then.Tax.plain()+" "+again.Tax.plain()+" "+now.Tax.plain(), "25.99 25.99 27.07"; got != want {
		t.Errorf("taxes are %s, want %s", got, want)
	}
}

// What is not confirmed is a range or unknown, never the exact total.
func TestUnconfirmedRules(t *testing.T) {
	customs := "customs NO customs 2007-01-01 - in_force A base: cif, tax_base: [customs_value, duty]"
	vat := "vat NO tax_rate 2007-01-01 - in_force A tax: vat, class: standard, rate: 0.25"
	tariffs := schedule(t, "NO", "NO,610910,10%,2000-01-01,test,\n")
	for _, tt := range []struct {
		name                string
		rules               []string
		change              func(*Consignment)
		duty, tax, landed   string
		complete, automated bool
		asks                string
	}{
		{"all confirmed", []string{customs, vat}, nil, "10.00", "27.50", "137.50", true, true, ""},
		{"relief", []string{customs, vat, "relief NO duty_relief 2007-01-01 - unconfirmed C limit: 350 EUR"}, nil, "0.00..10.00", "25.00..27.50", "125.00..137.50", false, false, "landed.missing.confirm"},
		{"relief that does not reach", []string{customs, vat, "relief NO duty_relief 2007-01-01 - unconfirmed C limit: 50 EUR"}, nil, "10.00", "27.50", "137.50", true, true, ""},
		{"two reliefs", []string{customs, vat, "relief NO duty_relief 2007-01-01 - contested C limit: 350 EUR", "tax NO tax_relief 2007-01-01 - contested C limit: 350 EUR"}, nil, "0.00..10.00", "0.00..27.50", "100.00..137.50", false, false, "landed.missing.confirm"},
		{"tax rate", []string{customs, "vat NO tax_rate 2007-01-01 - unconfirmed K tax: vat, class: standard, rate: 0.25"}, nil, "10.00", "0.00+", "110.00+", false, false, "landed.missing.confirm"},
		{"a surcharge of a known rate", []string{customs, vat, "extra NO surcharge 2007-01-01 - contested B name: anti_dumping, rate: 0.2"}, nil, "10.00..30.00", "27.50..32.50", "137.50..162.50", false, false, "landed.missing.confirm"},
		{"a surcharge of an unknown rate", []string{customs, vat, "extra NO surcharge 2007-01-01 - in_force A name: anti_dumping"}, nil, "10.00+", "27.50+", "137.50+", false, false, "landed.missing.surcharge"},
		{"a surcharge of some rate", []string{customs, vat, "extra NO surcharge 2007-01-01 - unconfirmed C name: anti_dumping, high: 0.1"}, nil, "10.00..20.00", "27.50..30.00", "137.50..150.00", false, false, "landed.missing.confirm"},
		{"a fee", []string{customs, vat, "fee NO parcel_fee 2007-01-01 - unconfirmed C amount: 2 EUR, each: consignment"}, nil, "10.00", "27.50", "137.50..139.50", false, false, "landed.missing.confirm"},
		{"a proposed fee is no law", []string{customs, vat, "fee NO parcel_fee 2007-01-01 - proposed B amount: 2 EUR, each: consignment"}, nil, "10.00", "27.50", "137.50", true, true, ""},
		{"base of value", []string{"customs NO customs 2007-01-01 - unconfirmed C base: cif, tax_base: [customs_value, duty]", vat}, func(c *Consignment) { c.Incoterm, c.Freight = "FOB", eur("20.00") }, "10.00..12.00", "27.50..33.00", "157.50..165.00", false, false, "landed.missing.confirm"},
		{"base of value that makes no difference", []string{"customs NO customs 2007-01-01 - unconfirmed C base: cif, tax_base: [customs_value, duty]", vat}, nil, "10.00", "27.50", "137.50", true, false, ""},
		{"no rule on the base", []string{vat}, func(c *Consignment) { c.Incoterm, c.Freight = "FOB", eur("20.00") }, "10.00..12.00", "27.50..33.00", "157.50..165.00", false, false, "landed.missing.customs"},
		{"no tax rate", []string{customs}, nil, "10.00", "0.00+", "110.00+", false, false, "landed.missing.tax_rate"},
		{"no rate for the class", []string{customs, vat}, func(c *Consignment) { c.Lines[0].Class = "books" }, "10.00", "0.00+", "110.00+", false, false, "landed.missing.tax_rate"},
		{"no code", []string{customs, vat}, func(c *Consignment) { c.Lines[0].HS = "" }, "0.00+", "25.00+", "125.00+", false, false, "landed.missing.hs"},
		{"no such code in the tariff", []string{customs, vat}, func(c *Consignment) { c.Lines[0].HS = "910211" }, "0.00+", "25.00+", "125.00+", false, false, "landed.missing.duty"},
		{"origin asked for", []string{customs, vat, "extra NO surcharge 2007-01-01 - in_force A name: anti_dumping, rate: 0.2, origins: [CN]"}, func(c *Consignment) { c.Lines[0].Origin = "" }, "10.00..30.00", "27.50..32.50", "137.50..162.50", false, false, "landed.missing.origin"},
		{"a limit in another currency", []string{customs, vat, "relief NO duty_relief 2007-01-01 - in_force A limit: 350 NOK"}, nil, "0.00..10.00", "25.00..27.50", "125.00..137.50", false, false, "landed.missing.rate"},
		{"two rates of one tax", []string{customs, vat, "other NO tax_rate 2007-01-01 - contested C tax: vat, class: standard, region: NO-50, rate: 0.2"}, func(c *Consignment) { c.Region = "NO-50" }, "10.00", "0.00+", "110.00+", false, false, "landed.missing.confirm"},
		{"region asked for", []string{customs, vat, "other NO tax_rate 2007-01-01 - in_force A tax: vat, class: standard, region: NO-50, rate: 0.2"}, nil, "10.00", "22.00..27.50", "132.00..137.50", false, false, "landed.missing.region"},
		{"region given", []string{customs, vat, "other NO tax_rate 2007-01-01 - in_force A tax: vat, class: standard, region: NO-50, rate: 0.2"}, func(c *Consignment) { c.Region = "NO-50" }, "10.00", "22.00", "132.00", true, true, ""},
		{"two schemes", []string{customs, vat, "a NO simplified_import 2007-01-01 - in_force A scheme: a, bands: [{rate: 0.3}], replaces_tax: true", "b NO simplified_import 2007-01-01 - in_force A scheme: b, bands: [{rate: 0.4}], replaces_tax: true"}, nil, "30.00..40.00", "0.00", "130.00..140.00", false, false, "landed.missing.scheme"},
		{"the scheme is said", []string{customs, vat, "a NO simplified_import 2007-01-01 - in_force A scheme: a, bands: [{rate: 0.3}], replaces_tax: true", "b NO simplified_import 2007-01-01 - in_force A scheme: b, bands: [{rate: 0.4}], replaces_tax: true"}, func(c *Consignment) { c.Scheme = "b" }, "40.00", "0.00", "140.00", true, true, ""},
		{"no scheme is wished", []string{customs, vat, "a NO simplified_import 2007-01-01 - in_force A scheme: a, bands: [{rate: 0.3}], replaces_tax: true"}, func(c *Consignment) { c.Scheme = "none" }, "10.00", "27.50", "137.50", true, true, ""},
		{"a contested zone", []string{customs, vat, "zone NO tax_zone 2007-01-01 - contested B postcode: \"91[0-9]{2}\", rate: 0"}, func(c *Consignment) { c.Postcode = "9170" }, "10.00", "0.00..27.50", "110.00..137.50", false, false, "landed.missing.confirm"},
		{"a zone", []string{customs, vat, "zone NO tax_zone 2007-01-01 - in_force B postcode: \"91[0-9]{2}\", rate: 0"}, func(c *Consignment) { c.Postcode = "9170" }, "10.00", "0.00", "110.00", true, true, ""},
		{"beside the zone", []string{customs, vat, "zone NO tax_zone 2007-01-01 - in_force B postcode: \"91[0-9]{2}\", rate: 0"}, func(c *Consignment) { c.Postcode = "0170" }, "10.00", "27.50", "137.50", true, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &Consignment{From: "CN", To: "NO", Lines: []Line{{SKU: "A", HS: "610910", Origin: "CN", Units: 1, Price: eur("100.00")}}, Dates: Dates{Payment: dayOf(t, "2025-06-01")}}
			if tt.change != nil {
				tt.change(c)
			}
			q := quoted(t, New(pack(t, "2026-11-22", tt.rules...), Env{Tariffs: tariffs}), c)
			if got, want := q.Duty.plain()+" "+q.Tax.plain()+" "+q.Landed.plain(), tt.duty+" "+tt.tax+" "+tt.landed; got != want {
				t.Errorf("duty, tax, landed are %s, want %s", got, want)
			}
			if q.Complete != tt.complete || q.Automatable != tt.automated {
				t.Errorf("complete %v, automatable %v; want %v, %v", q.Complete, q.Automatable, tt.complete, tt.automated)
			}
			if tt.asks != "" && !slices.ContainsFunc(q.Missing, func(m messages.Message) bool { return m.Code == tt.asks }) || tt.asks == "" && len(q.Missing) > 0 {
				t.Errorf("asks for %v, want %s", q.Missing, tt.asks)
			}
			if t.Failed() {
				show(t, q)
			}
		})
	}
}

// Where prices include tax and the rate is not confirmed, what is left to the seller is not
// known exactly, either.
func TestPricesThatIncludeAnUnknownTax(t *testing.T) {
	for _, tt := range []struct{ rule, net string }{
		{"vat NO tax_rate 2007-01-01 - in_force A tax: vat, class: standard, rate: 0.25", "80.00"},
		{"vat NO tax_rate 2007-01-01 - unconfirmed C tax: vat, class: standard, rate: 0.25", "80.00..100.00"},
		{"vat NO tax_rate 2020-01-01 - in_force A tax: vat, class: standard, rate: 0.25", "0.00+"},
	} {
		q := quoted(t, New(pack(t, "2026-11-22", tt.rule), Env{}), &Consignment{From: "NO", To: "NO", IncludesTax: true, Lines: []Line{{Units: 1, Price: eur("100.00")}}, Dates: Dates{Payment: dayOf(t, "2015-06-01")}})
		if got := q.NetRevenue.plain(); got != tt.net {
			t.Errorf("under %s the seller keeps %s, want %s", tt.rule, got, tt.net)
		}
	}
}

// Every line, formula, party and request reads in both languages.
func TestEveryLineReads(t *testing.T) {
	k := New(law.Standard(), Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}})
	read := func(m messages.Message) {
		for _, lang := range messages.Languages {
			if text := m.In(lang); text == "" || strings.ContainsAny(text, "[]{}") {
				t.Errorf("%s in %s reads %q", m.Code, lang, text)
			}
		}
	}
	for _, to := range []commerce.Market{"DE", "FR", "GB", "US", "AU", "CA", "BR", "MX", "CN", "IN", "KR", "JP", "SG", "NZ", "CH", "NO"} {
		for _, day := range []string{"2010-06-01", "2025-06-02", "2026-11-22"} {
			q := quoted(t, k, &Consignment{From: "GB", To: to, Incoterm: "FOB", Lines: []Line{{HS: "610910", Origin: "CN", Units: 2, Price: money.FromE4(500_000, "GBP")}, {Units: 1, Price: money.FromE4(900_000, "GBP"), Class: "food"}},
				Freight: money.FromE4(90_000, "GBP"), Insurance: money.FromE4(1_000, "GBP"), Brokerage: money.FromE4(80_000, "GBP"), Handling: money.FromE4(10_000, "GBP"),
				Fees: Fees{CommissionShare: .1, PaymentShare: .02, ExchangeShare: .01}, Returns: Returns{Share: .1, Freight: money.FromE4(10_000, "GBP"), Salvage: money.FromE4(10_000, "GBP")},
				Dates: Dates{Payment: dayOf(t, day)}})
			for i := range q.Charges {
				c := &q.Charges[i]
				read(c.Label())
				read(c.Formula())
				read(PartyName(c.Payer))
				read(PartyName(c.Bearer))
				read(PartyName(c.To))
			}
			for _, m := range append(q.Missing, q.Assumed...) {
				read(m)
			}
		}
	}
}

// A calculator answers many at once, each as if alone.
func TestConcurrentUse(t *testing.T) {
	k := New(law.Standard(), Env{})
	sale := func(i int) *Sale {
		return &Sale{From: "GB", To: []commerce.Market{"DE", "FR", "AU", "CH"}[i%4], HS: "610910", Origin: "GB", Units: int64(1 + i%7), Price: money.FromE4(int64(10_000*(i+1)), "GBP"), Day: calendar.FromOrdinal(int32(15_000 + i*10))}
	}
	want := make([]Unit, 400)
	for i := range want {
		u, err := New(law.Standard(), Env{}).Unit(sale(i))
		if err != nil {
			t.Fatal(err)
		}
		want[i] = u
		if i == 39 {
			break // a calculator each is dear
		}
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range want {
				u, err := k.Unit(sale(i))
				if err != nil || i < 40 && u != want[i] {
					t.Errorf("sale %d is %+v, %v; alone it is %+v", i, u, err, want[i])
				}
			}
		})
	}
	wait.Wait()
}

func TestUnitDoesNotAllocate(t *testing.T) {
	k := New(law.Standard(), Env{})
	s := &Sale{HS: "610910", Origin: "CN", From: "CN", To: "DE", Price: eur("12.50"), Units: 4, Day: dayOf(t, "2026-06-01"), Seller: Seller{Registered: []Registration{{"EU", "ioss"}}}}
	if got := testing.AllocsPerRun(200, func() {
		if _, err := k.Unit(s); err != nil {
			t.Fatal(err)
		}
	}); got > 1 {
		t.Errorf("a unit allocates %v times, want none but what the pool loses", got)
	}
}
