package landed

import (
	"slices"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/messages"
	"tradewind/money"
)

// What the standard rules come to where an address, a seller or a code decides which of
// them hold.
func TestStandardRules(t *testing.T) {
	pounds := func(base, quote money.Currency, on calendar.Day) (commerce.Rate, bool) {
		return commerce.Rate{Base: "EUR", Quote: "GBP", Day: on, Value: .85}, base == "EUR" && quote == "GBP"
	}
	k := New(law.Standard(), Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}, Rates: pounds})
	for _, tt := range []struct {
		name, day       string
		from, to, wants commerce.Market
		hs              string
		change          func(*Consignment)
		duty, tax       string
		says            string // a message that is missing or assumed
		rule            string // behind a line
	}{
		// HM Revenue & Customs, VATREG37210: into Northern Ireland import VAT or IOSS, not the VAT at the sale of Great Britain.
		{"Belfast", "2026-03-01", "CN", "GB", "XI", "610910", func(c *Consignment) { c.Postcode = "BT1 1AA" }, "0.00", "20.00", "", "XI.vat.standard.2021"},
		{"Northern Ireland by subdivision", "2026-03-01", "CN", "GB", "XI", "610910", func(c *Consignment) { c.Region = "GB-NIR" }, "0.00", "20.00", "", "EU.duty_relief.2010"},
		{"Belfast in the Union", "2020-06-01", "CN", "GB", "GB", "610910", func(c *Consignment) { c.Postcode = "BT1 1AA" }, "0.00", "20.00", "", ""},
		{"Bath", "2026-03-01", "CN", "GB", "GB", "610910", func(c *Consignment) { c.Postcode = "BA1 1AA" }, "0.00", "20.00", "landed.assumed.registered", "GB.uk_135"},

		// Tolley, imports of consignments of 135 GBP or less: a customer with a VAT number accounts for the tax.
		{"a business in Bath", "2026-03-01", "CN", "GB", "GB", "610910", func(c *Consignment) { c.Business = true }, "0.00", "0.00", "", "GB.uk_135"},

		// Directive 2006/112/EC, Article 59c: 10,000 EUR for a seller of one member state who sends from there. 19 % in DE, 21 % in ES.
		{"stands where it sends from", "2026-03-01", "DE", "ES", "ES", "610910", func(c *Consignment) { c.Seller.Established = []commerce.Market{"DE"} }, "0.00", "19.00", "landed.assumed.origin_tax", ""},
		{"stands outside of the Union", "2026-03-01", "DE", "ES", "ES", "610910", func(c *Consignment) { c.Seller.Established = []commerce.Market{"CN"} }, "0.00", "21.00", "landed.assumed.registered", ""},
		{"stands in two states", "2026-03-01", "DE", "ES", "ES", "610910", func(c *Consignment) { c.Seller.Established = []commerce.Market{"DE", "FR"} }, "0.00", "21.00", "landed.assumed.registered", ""},
		{"before 2021 a threshold was anybody's", "2021-06-30", "DE", "ES", "ES", "610910", func(c *Consignment) { c.Seller.Established = []commerce.Market{"CN"} }, "0.00", "19.00", "landed.assumed.origin_tax", ""},

		{"IOSS without a registration", "2026-03-01", "CN", "DE", "DE", "610910", func(c *Consignment) { c.Scheme = "ioss" }, "0.00", "19.00", "landed.assumed.scheme_out", ""},
		{"IOSS with one", "2026-03-01", "CN", "DE", "DE", "610910", func(c *Consignment) {
			c.Scheme, c.Seller.Registered = "ioss", []Registration{{In: "EU", Scheme: "ioss"}}
		}, "0.00", "19.00", "", "EU.ioss"},
		{"Canary Islands", "2026-03-01", "DE", "ES", "ES", "610910", func(c *Consignment) { c.Postcode = "35001" }, "0.00", "0.00+", "landed.missing.zone_tax", ""},
		{"a tax of 0 % on a duty that is not known", "2026-03-01", "CN", "HK", "HK", "610910", nil, "0.00", "0.00", "", ""},

		// Section 122, 10 %: 16.5 % + 10 % on a T-shirt; in chapters with exempt goods 10 % or nothing.
		{"not in a list of section 122", "2026-03-15", "GB", "US", "US", "610910", nil, "26.50", "0.00", "", "US.section_122"},
		{"medicine, some of which is exempt", "2026-03-15", "GB", "US", "US", "3004.10", nil, "0.00..10.00", "0.00", "landed.missing.confirm", "US.section_122.listed"},
		{"steel, under section 232", "2026-03-15", "GB", "US", "US", "7323.93", nil, "2.00..62.00", "0.00", "landed.missing.confirm", "US.section_232.metals"},
		{"by post", "2026-03-15", "GB", "US", "US", "610910", func(c *Consignment) { c.Transport = "post" }, "10.00..26.50", "0.00", "landed.missing.confirm", "US.post.122"},
		{"section 301 of a code listed in part", "2025-07-01", "CN", "US", "US", "8517.13", nil, "0.00+", "0.00", "landed.missing.listed", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &Consignment{From: tt.from, To: tt.to, Currency: "EUR", Lines: []Line{{HS: tt.hs, Origin: tt.from, Units: 1, Price: eur("100.00")}}, Dates: Dates{Payment: dayOf(t, tt.day)}}
			if tt.change != nil {
				tt.change(c)
			}
			given := c.To
			q := quoted(t, k, c)
			if c.To != given {
				t.Errorf("the consignment goes to %s now", c.To)
			}
			if q.To != tt.wants || q.Duty.plain() != tt.duty || q.Tax.plain() != tt.tax {
				t.Errorf("to %s: duty %s, tax %s; want %s, %s, %s", q.To, q.Duty.plain(), q.Tax.plain(), tt.wants, tt.duty, tt.tax)
				show(t, q)
			}
			if notes := slices.Concat(q.Missing, q.Assumed); tt.says != "" && !slices.ContainsFunc(notes, func(m messages.Message) bool { return m.Code == tt.says }) {
				t.Errorf("%v does not say %s", notes, tt.says)
			}
			if tt.rule != "" && !slices.ContainsFunc(q.Charges, func(c Charge) bool {
				return slices.ContainsFunc(c.Rules, func(r law.Ref) bool { return r.ID == tt.rule })
			}) {
				t.Errorf("nothing rests on %s", tt.rule)
				show(t, q)
			}
		})
	}
}

// Goods without a code may be in a list of the surcharge or not: it counts once.
func TestSurchargeCountsOnce(t *testing.T) {
	k := New(law.Standard(), Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}})
	q := quoted(t, k, &Consignment{From: "GB", To: "US", Currency: "EUR", Lines: []Line{{Origin: "GB", Units: 1, Price: eur("100.00")}}, Dates: Dates{Payment: dayOf(t, "2026-03-15")}})
	got := 0
	for i := range q.Charges {
		if q.Charges[i].Name == "section_122" {
			got++
		}
	}
	if got != 1 {
		t.Errorf("section 122 counts %d times", got)
		show(t, q)
	}
}

// No message about a line shows an empty name or an empty rate.
func TestLinesHaveNames(t *testing.T) {
	k := New(law.Standard(), Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}})
	q := quoted(t, k, &Consignment{From: "CN", To: "US", Currency: "EUR", Lines: []Line{{HS: "8517.13", Origin: "CN", Units: 1, Price: eur("100.00")}}, Dates: Dates{Payment: dayOf(t, "2025-07-01")}})
	want := "Whether line 1 (851713) bears an additional duty is not known: the list has only part of the code, or one that was replaced. Give a longer code, or look it up in the official lists."
	var got []string
	for _, m := range q.Missing {
		got = append(got, m.In(messages.English))
	}
	if !slices.Contains(got, want) {
		t.Errorf("it asks for %q, not for %q", got, want)
	}
}
