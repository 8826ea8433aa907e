package landed

import (
	"slices"
	"strings"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/messages"
	"tradewind/money"
)

// Duties by weight, by the piece, in another currency, and of codes that the tariff
// divides further.
func TestDutiesOfATariff(t *testing.T) {
	rules := plainRules("0.25")
	for _, tt := range []struct {
		name, rows, hs string
		change         func(*Consignment)
		duty, asks     string
	}{
		{"by weight", "NO,610910,2 EUR/kg,2000-01-01,test,\n", "610910", func(c *Consignment) { c.Lines[0].Grams = 250 }, "1.50", ""},               // 3 x .25 kg x 2
		{"by weight that is not known", "NO,610910,2 EUR/kg,2000-01-01,test,\n", "610910", nil, "0.00+", "landed.missing.quantity"},                 // never nothing
		{"by the piece", "NO,610910,1.25 EUR/piece,2000-01-01,test,\n", "610910", nil, "3.75", ""},                                                  // 3 x 1.25
		{"by the pair", "NO,610910,1.25 EUR/pair,2000-01-01,test,\n", "610910", func(c *Consignment) { c.Lines[0].Measures.Pairs = 2 }, "2.50", ""}, // 2 x 1.25
		{"by volume", "NO,610910,100 EUR/m3,2000-01-01,test,\n", "610910", func(c *Consignment) { c.Lines[0].CubicCm = 10_000 }, "3.00", ""},        // 3 x .01 m3 x 100
		{"the larger of two", "NO,610910,max(10%; 2 EUR/piece),2000-01-01,test,\n", "610910", nil, "30.00", ""},                                     // of 300: 30 or 6
		{"in crowns", "NO,610910,22.50 NOK/piece,2000-01-01,test,\n", "610910", nil, "6.00", ""},                                                    // 67.50 NOK at 11.25 a EUR
		{"in yen, for which there is no rate", "NO,610910,100 JPY/piece,2000-01-01,test,\n", "610910", nil, "0.00+", "landed.missing.rate"},
		{"divided, of one rate", "NO,61091010,8%,2000-01-01,test,\nNO,61091090,8%,2000-01-01,test,\n", "610910", nil, "24.00", ""},
		{"divided", "NO,61091010,8%,2000-01-01,test,\nNO,61091090,12%,2000-01-01,test,\n", "610910", nil, "24.00..36.00", "landed.missing.duty"},
		{"divided, one by weight", "NO,61091010,8%,2000-01-01,test,\nNO,61091090,2 EUR/kg,2000-01-01,test,\n", "610910", nil, "0.00+", "landed.missing.duty"},
		{"of the origin", "NO,610910,12%,2000-01-01,test,\nNO,610910,0%,2000-01-01,test,CN\n", "610910", nil, "0.00", ""},
		{"before the tariff", "NO,610910,12%,2026-01-01,test,\n", "610910", nil, "0.00+", "landed.missing.duty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &Consignment{From: "CN", To: "NO", Currency: "EUR", Lines: []Line{{HS: tt.hs, Origin: "CN", Units: 3, Price: eur("100.00")}}, Dates: Dates{Payment: dayOf(t, "2025-06-01")}}
			if tt.change != nil {
				tt.change(c)
			}
			crowns := func(base, quote money.Currency, on calendar.Day) (commerce.Rate, bool) {
				return commerce.Rate{Base: "EUR", Quote: "NOK", Day: on, Value: 11.25}, base == "EUR" && quote == "NOK"
			}
			q := quoted(t, New(pack(t, "2026-11-22", rules...), Env{Tariffs: schedule(t, "NO", tt.rows), Rates: crowns}), c)
			asked := tt.asks == "" && len(q.Missing) == 0 || slices.ContainsFunc(q.Missing, func(m messages.Message) bool { return m.Code == tt.asks })
			if got := q.Duty.plain(); got != tt.duty || !asked {
				t.Errorf("duty is %s and %v is missing; want %s, %s", got, q.Missing, tt.duty, tt.asks)
				show(t, q)
			}
		})
	}
}

// The US schedule: the general rate, a preference that nobody has checked, and the
// additional duty on goods of China that no official file lists.
//
// Source: HTS 6109.10.00, general 16.5 %, free for KR; section 301, list 4A.
func TestUnitedStatesSchedule(t *testing.T) {
	env := Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}}
	k := New(pack(t, "2026-11-22", "customs US customs 2007-01-01 - in_force A base: fob, tax_base: [customs_value]", "tax US tax_rate 2007-01-01 - in_force A tax: sales_tax, class: standard, region: US-CA, rate: 0.0825"), env)
	ask := func(origin commerce.Market, programme string) *Quote {
		return quoted(t, k, &Consignment{From: "GB", To: "US", Lines: []Line{{HS: "6109.10.00", Origin: origin, Programme: programme, Units: 10, Price: money.FromE4(1_000_000, "USD")}}, Dates: Dates{Payment: dayOf(t, "2025-06-02")}})
	}
	if got, want := ask("GB", "").Duty.plain(), "165.00"; got != want {
		t.Errorf("the general duty is %s, want %s", got, want)
	}
	if got, want := ask("KR", "KR").Duty.plain(), "0.00..165.00"; got != want {
		t.Errorf("the duty under a preference is %s, want %s", got, want)
	}
	q := ask("CN", "")
	if low, additional := q.Duty.Low.Decimal(), q.Duty.High != q.Duty.Low; low != "165.00" || !additional || q.Automatable {
		t.Errorf("the duty on goods of China is %s, automatable %v; want 165.00 and more, and a person asked", q.Duty.plain(), q.Automatable)
	}
}

// Lines without a code may share a subheading or not.
func TestFlatDutyOfLinesWithoutCode(t *testing.T) {
	rules := append(plainRules("0.25"), "flat NO flat_duty 2020-01-01 - in_force A limit: 150 EUR, amount: 3 EUR, each: subheading")
	k := New(pack(t, "2026-11-22", rules...), Env{})
	ask := func(codes ...string) string {
		c := &Consignment{From: "CN", To: "NO", Dates: Dates{Payment: dayOf(t, "2025-06-01")}}
		for _, hs := range codes {
			c.Lines = append(c.Lines, Line{HS: hs, Units: 1, Price: eur("10.00")})
		}
		return quoted(t, k, c).Duty.plain()
	}
	for _, tt := range []struct {
		codes []string
		want  string
	}{
		{[]string{"610910"}, "3.00"}, {[]string{"610910", "61091000"}, "3.00"}, {[]string{"610910", "910211"}, "6.00"},
		{[]string{""}, "3.00"}, {[]string{"", ""}, "3.00..6.00"}, {[]string{"610910", ""}, "3.00..6.00"}, {[]string{"610910", "910211", ""}, "6.00..9.00"},
	} {
		if got := ask(tt.codes...); got != tt.want {
			t.Errorf("%q cost %s, want %s", tt.codes, got, tt.want)
		}
	}
}

// Before the first relief that a book has, nobody knows whether there was one; after the
// last one ended, it is known that there is none.
func TestReliefOfAnEarlierDay(t *testing.T) {
	rules := append(plainRules("0.25"), "relief NO tax_relief 2020-01-01 2023-12-31 expired A limit: 35 EUR")
	k := New(pack(t, "2026-11-22", rules...), Env{Tariffs: schedule(t, "NO", "NO,610910,0%,2000-01-01,test,\n")})
	for _, tt := range []struct{ day, price, want string }{
		{"2015-06-01", "30.00", "0.00..7.50"}, {"2015-06-01", "40.00", "10.00"}, {"2021-06-01", "30.00", "0.00"}, {"2024-06-01", "30.00", "7.50"},
	} {
		q := quoted(t, k, &Consignment{From: "CN", To: "NO", Lines: []Line{{HS: "610910", Units: 1, Price: eur(tt.price)}}, Dates: Dates{Payment: dayOf(t, tt.day)}})
		if got := q.Tax.plain(); got != tt.want {
			t.Errorf("the tax on %s on %s is %s, want %s", tt.price, tt.day, got, tt.want)
		}
	}
}

// Goods below a limit an item are taxed at the sale, and the others of the same
// consignment at the border.
func TestSaleTaxByTheItem(t *testing.T) {
	k := New(law.Standard(), Env{Tariffs: schedule(t, "AU", "AU,610910,5%,2000-01-01,test,\n")})
	aud := func(e4 int64) money.Amount { return money.FromE4(e4, "AUD") }
	c := &Consignment{From: "CN", To: "AU", Seller: Seller{Registered: []Registration{{"AU", "gst"}}}, Dates: Dates{Payment: dayOf(t, "2025-03-03")},
		Lines: []Line{{HS: "610910", Origin: "CN", Units: 2, Price: aud(4_000_000)}, {HS: "610910", Origin: "CN", Units: 1, Price: aud(20_000_000)}}}
	q := quoted(t, k, c)
	// 10 % of 800 at the sale; the relief of duty asks for the consignment's 2,800, so that
	// both lines pay 5 %, and the border takes 10 % of 2,000 and their duty of 100.
	want := map[Code]string{SaleTax: "80.00", ImportTax: "210.00"}
	for i := range q.Charges {
		if c := &q.Charges[i]; want[c.Code] != "" && c.Amount.plain() != want[c.Code] {
			t.Errorf("%s is %s, want %s", c.Code, c.Amount.plain(), want[c.Code])
			show(t, q)
		}
	}
	if got := q.Duty.plain(); got != "140.00" {
		t.Errorf("duty is %s, want 140.00", got)
	}
	c.Marketplace, c.Seller = true, Seller{}
	for _, ch := range quoted(t, k, c).Charges {
		if want := map[Code]Party{SaleTax: Market, ImportTax: Buyer}; want[ch.Code] != "" && (ch.Payer != want[ch.Code] || ch.Bearer != Buyer) {
			t.Errorf("sold through a marketplace, %s owes %s; want %s", ch.Payer, ch.Code, want[ch.Code])
		}
	}
}

// A unit of a currency without minor units, and a limit in another one.
func TestYen(t *testing.T) {
	k := New(law.Standard(), Env{Rates: func(base, quote money.Currency, on calendar.Day) (commerce.Rate, bool) {
		return commerce.Rate{Base: base, Quote: quote, Day: on, Value: 150}, base == "USD" && quote == "JPY"
	}})
	q := quoted(t, k, &Consignment{From: "US", To: "JP", Currency: "JPY", Lines: []Line{{Units: 1, Price: money.FromE4(600_000, "USD")}}, Dates: Dates{Payment: dayOf(t, "2025-03-03")}})
	if got, want := q.Landed.plain(), "9000"; got != want || len(q.Rates) != 1 || q.Rates[0].Value != 150 {
		t.Errorf("60 USD at 150 are %s landed with rates %v, want %s: below 10,000 JPY nothing is due", got, q.Rates, want)
	}
}

// What a duty goes by is asked for in the reader's language.
func TestQuantityIsAskedForInWords(t *testing.T) {
	for rate, want := range map[string][2]string{
		"2 EUR/kg":   {"goes by the net weight in kilograms:", "按净重（千克）计征"},
		"3 EUR/pair": {"goes by the number of pairs:", "按双数计征"},
		"5 EUR/l":    {"goes by the volume in litres:", "按容量（升）计征"},
	} {
		c := &Consignment{From: "CN", To: "NO", Currency: "EUR", Lines: []Line{{HS: "610910", Origin: "CN", Units: 3, Price: eur("100.00")}}, Dates: Dates{Payment: dayOf(t, "2025-06-01")}}
		k := New(pack(t, "2026-11-22", plainRules("0.25")...), Env{Tariffs: schedule(t, "NO", "NO,610910,"+rate+",2000-01-01,test,\n")})
		var en, zh string
		for _, m := range quoted(t, k, c).Missing {
			en, zh = en+m.In(messages.English), zh+m.In(messages.Chinese)
		}
		if !strings.Contains(en, want[0]) || !strings.Contains(zh, want[1]) {
			t.Errorf("%s asks %q, %q; want %q, %q", rate, en, zh, want[0], want[1])
		}
	}
}
