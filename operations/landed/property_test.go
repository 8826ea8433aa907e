package landed

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/money"
)

// plainRules are a country's with a tax of a rate, CIF, and nothing else.
func plainRules(rate string) []string {
	return []string{
		"vat NO tax_rate 2007-01-01 - in_force A tax: vat, class: standard, rate: " + rate,
		"food NO tax_rate 2007-01-01 - in_force A tax: vat, class: food, rate: 0.15",
		"customs NO customs 2007-01-01 - in_force A base: cif, tax_base: [customs_value, duty]",
	}
}

const twoRates = "NO,610910,8.3%,2000-01-01,test,\nNO,910211,2.75%,2000-01-01,test,\n"

// drawn is a consignment to NO of up to six lines whose duties are known.
func drawn(t *rapid.T) *Consignment {
	c := &Consignment{From: "CN", To: "NO", Currency: "EUR", Dates: Dates{Payment: calendar.FromOrdinal(20_000)},
		Incoterm: rapid.SampledFrom(Incoterms).Draw(t, "incoterm"), Business: rapid.Bool().Draw(t, "business"), IncludesTax: rapid.Bool().Draw(t, "inclusive"),
		Freight: money.FromE4(rapid.Int64Range(0, 1e9).Draw(t, "freight"), "EUR"), Insurance: money.FromE4(rapid.Int64Range(0, 1e7).Draw(t, "insurance"), "EUR"),
		Brokerage: money.FromE4(rapid.Int64Range(0, 1e6).Draw(t, "brokerage"), "EUR"),
		Fees:      Fees{CommissionShare: rapid.Float64Range(0, .4).Draw(t, "commission"), PaymentShare: .029},
		Returns:   Returns{Share: rapid.Float64Range(0, .5).Draw(t, "returns"), Freight: eur("3.10"), Salvage: eur("1.20")},
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
		c.Lines = append(c.Lines, Line{SKU: commerce.SKU(fmt.Sprint("S", i)), HS: rapid.SampledFrom([]string{"610910", "9102.11"}).Draw(t, "hs"), Origin: "CN",
			Units: rapid.Int64Range(1, 500).Draw(t, "units"), Price: money.FromE4(rapid.Int64Range(0, 5e7).Draw(t, "price"), "EUR"),
			Class: rapid.SampledFrom([]string{"", "food"}).Draw(t, "class")})
	}
	return c
}

func quoted(t rapid.TB, k *Calculator, c *Consignment) *Quote {
	q, err := k.Quote(c)
	if err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	return q
}

// The totals are the sums of the lines, and nothing is computed twice.
func TestTotalsAreTheSumsOfTheLines(t *testing.T) {
	k := New(pack(t, "2026-11-22", plainRules("0.25")...), Env{Tariffs: schedule(t, "NO", twoRates)})
	rapid.Check(t, func(t *rapid.T) {
		q := quoted(t, k, drawn(t))
		var buyer, landed, net, duty, tax int64
		for i := range q.Charges {
			c := &q.Charges[i]
			e4 := c.Amount.Low.E4()
			if !c.Amount.Exact() {
				t.Fatalf("%s is %v", c.Code, c.Amount)
			}
			switch c.Code {
			case Duty:
				duty += e4
			case ImportTax:
				tax += e4
			}
			if c.Bearer == Buyer {
				buyer += e4
				if !c.Recoverable {
					landed += e4
				}
			}
			if c.To == SellerParty {
				net += e4
			} else if c.Bearer == SellerParty {
				net -= e4
			}
		}
		for _, total := range []struct {
			name string
			got  Amount
			want int64
		}{{"buyer", q.BuyerPays, buyer}, {"landed", q.Landed, landed}, {"net", q.NetRevenue, net}, {"duty", q.Duty, duty}, {"tax", q.Tax, tax}} {
			if total.got.Low.E4() != total.want || !total.got.Exact() {
				t.Fatalf("%s is %v, its lines sum to %d", total.name, total.got, total.want)
			}
		}
		if !q.Complete || !q.Automatable || len(q.Missing) != 0 {
			t.Fatalf("complete %v, automatable %v, missing %v", q.Complete, q.Automatable, q.Missing)
		}
	})
}

func TestTheOrderOfLinesDoesNotMatter(t *testing.T) {
	k := New(pack(t, "2026-11-22", plainRules("0.25")...), Env{Tariffs: schedule(t, "NO", twoRates)})
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		q := quoted(t, k, c)
		shuffled := *c
		shuffled.Lines = rapid.Permutation(c.Lines).Draw(t, "shuffled")
		p := quoted(t, k, &shuffled)
		if diff := cmp.Diff([]Amount{q.Duty, q.Tax, q.Fees, q.BuyerPays, q.Landed, q.NetRevenue}, []Amount{p.Duty, p.Tax, p.Fees, p.BuyerPays, p.Landed, p.NetRevenue}, sameMoney); diff != "" {
			t.Fatalf("totals differ (-first +shuffled):\n%s", diff)
		}
	})
}

var sameMoney = cmp.Comparer(func(a, b money.Amount) bool { return a == b })

// Ten times the prices and amounts give ten times every charge, but for rounding to the
// cent.
func TestChargesScaleWithValue(t *testing.T) {
	k := New(pack(t, "2026-11-22", plainRules("0.25")...), Env{Tariffs: schedule(t, "NO", twoRates)})
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		ten := *c
		ten.Lines = slices.Clone(c.Lines)
		times := func(a money.Amount) money.Amount { return money.FromE4(a.E4()*10, "EUR") }
		for i := range ten.Lines {
			ten.Lines[i].Price = times(ten.Lines[i].Price)
		}
		ten.Freight, ten.Insurance, ten.Brokerage = times(c.Freight), times(c.Insurance), times(c.Brokerage)
		ten.Returns.Freight, ten.Returns.Salvage = times(c.Returns.Freight), times(c.Returns.Salvage)
		q, p := quoted(t, k, c), quoted(t, k, &ten)
		if len(q.Charges) != len(p.Charges) {
			t.Fatalf("%d charges become %d", len(q.Charges), len(p.Charges))
		}
		// A charge is off by half a cent, and one on top of others by their halves too.
		const tolerance = 11 * 50 * 16
		for i := range q.Charges {
			if got, want := p.Charges[i].Amount.Low.E4(), 10*q.Charges[i].Amount.Low.E4(); max(got-want, want-got) > tolerance {
				t.Fatalf("%s is %d, want ten times as much as %d", q.Charges[i].Code, got, want/10)
			}
		}
	})
}

// Higher rates never give less tax or less duty.
func TestMonotoneInRates(t *testing.T) {
	var calculators []*Calculator
	rates := []float64{0, .05, .075, .19, .255, .27}
	for _, rate := range rates {
		rows := fmt.Sprintf("NO,610910,%g%%,2000-01-01,test,\nNO,910211,%g%%,2000-01-01,test,\n", rate*100, rate*50)
		calculators = append(calculators, New(pack(t, "2026-11-22", plainRules(fmt.Sprint(rate))...), Env{Tariffs: schedule(t, "NO", rows)}))
	}
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		c.IncludesTax = false
		i := rapid.IntRange(0, len(rates)-2).Draw(t, "rate")
		q, p := quoted(t, calculators[i], c), quoted(t, calculators[i+1], c)
		if p.Tax.Low.Cmp(q.Tax.Low) < 0 || p.Duty.Low.Cmp(q.Duty.Low) < 0 || p.Landed.Low.Cmp(q.Landed.Low) < 0 {
			t.Fatalf("at %v: duty %v, tax %v; at %v: duty %v, tax %v", rates[i], q.Duty, q.Tax, rates[i+1], p.Duty, p.Tax)
		}
	})
}

// A unit's figures are the quote's over the units, and numbers.
func TestUnitIsTheQuoteOverItsUnits(t *testing.T) {
	k := New(law.Standard(), Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}})
	markets := []commerce.Market{"DE", "FR", "GB", "US", "AU", "NO", "CH", "JP", "BR", "CA", "KR", "IN", "SG"}
	rapid.Check(t, func(t *rapid.T) {
		s := &Sale{
			HS: rapid.SampledFrom([]string{"", "610910", "6109.10.00"}).Draw(t, "hs"), Origin: rapid.SampledFrom([]commerce.Market{"", "CN", "GB"}).Draw(t, "origin"),
			From: "GB", To: rapid.SampledFrom(markets).Draw(t, "to"), Units: rapid.Int64Range(1, 200).Draw(t, "units"),
			Price: money.FromE4(rapid.Int64Range(1, 1e8).Draw(t, "price"), "GBP"), Freight: money.FromE4(rapid.Int64Range(0, 1e6).Draw(t, "freight"), "GBP"),
			IncludesTax: rapid.Bool().Draw(t, "inclusive"), Marketplace: rapid.Bool().Draw(t, "marketplace"), Business: rapid.Bool().Draw(t, "business"),
			Incoterm: rapid.SampledFrom(Incoterms).Draw(t, "incoterm"), Day: calendar.FromOrdinal(rapid.Int32Range(14_000, 21_000).Draw(t, "day")),
			Fees: Fees{CommissionShare: .15}, Returns: Returns{Share: .04},
		}
		u, err := k.Unit(s)
		if err != nil {
			t.Fatal(err)
		}
		q := quoted(t, k, s.Consignment())
		for _, pair := range []struct {
			unit Value
			all  Amount
		}{{u.Landed, q.Landed}, {u.Net, q.NetRevenue}} {
			low, high := pair.all.Low.Float()/float64(s.Units), pair.all.High.Float()/float64(s.Units)
			if math.Abs(pair.unit.Low-low) > 1e-9*math.Abs(low)+1e-12 || math.Abs(pair.unit.High-high) > 1e-9*math.Abs(high)+1e-12 || pair.unit.Unknown != pair.all.Unknown {
				t.Fatalf("a unit has %+v, the quote %+v", pair.unit, pair.all)
			}
			if math.IsNaN(pair.unit.Low+pair.unit.High) || pair.unit.High < pair.unit.Low {
				t.Fatalf("a unit has %+v", pair.unit)
			}
		}
		if u.Complete != q.Complete || u.Automatable != q.Automatable || u.Automatable && !u.Complete {
			t.Fatalf("unit %+v, quote complete %v automatable %v", u, q.Complete, q.Automatable)
		}
		if q.Complete == (len(q.Missing) > 0) {
			t.Fatalf("complete %v with missing %v", q.Complete, q.Missing)
		}
	})
}

// ratio is a·b/c rounded once, for every mode, as exact fractions have it.
func TestRatioIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Range(0, most).Draw(t, "a"), rapid.Int64Range(0, int64(2*whole)).Draw(t, "b")
		c := rapid.SampledFrom([]int64{1, 83, int64(whole), int64(whole) - 170_000_000}).Draw(t, "c")
		r := rounding{step: rapid.SampledFrom([]int64{1, 100, 10_000, 1_000_000}).Draw(t, "step"), mode: mode(rapid.IntRange(0, 3).Draw(t, "mode"))}
		exact := new(big.Rat).Mul(big.NewRat(a, 1), big.NewRat(b, 1))
		exact.Quo(exact, new(big.Rat).Mul(big.NewRat(c, 1), big.NewRat(r.step, 1)))
		n := new(big.Int).Quo(exact.Num(), exact.Denom())
		rest := new(big.Rat).Sub(exact, new(big.Rat).SetInt(n))
		half := rest.Cmp(big.NewRat(1, 2))
		if r.mode == up && rest.Sign() > 0 || r.mode == halfUp && half >= 0 || r.mode == halfEven && (half > 0 || half == 0 && n.Bit(0) == 1) {
			n.Add(n, big.NewInt(1))
		}
		n.Mul(n, big.NewInt(r.step))
		if !n.IsInt64() {
			n.SetInt64(math.MaxInt64)
		}
		if got := ratio(a, b, c, r); got != n.Int64() {
			t.Fatalf("%d·%d/%d with %+v is %d, want %v", a, b, c, r, got, n)
		}
	})
}

func TestFactorsAreTheDecimalsThatWereGiven(t *testing.T) {
	for rate, want := range map[float64]factor{0.85: {85, 100}, 1.1: {11, 10}, 118.21: {11821, 100}, 1: {1, 1}, 0.00123: {123, 100000}} {
		got, ok := factorOf(rate)
		if !ok || got.num*want.den != want.num*got.den {
			t.Errorf("%v is %d/%d, want %d/%d", rate, got.num, got.den, want.num, want.den)
		}
	}
	for _, rate := range []float64{0, -1, math.NaN(), math.Inf(1), 1e300} {
		if f, ok := factorOf(rate); ok {
			t.Errorf("%v is the rate %v", rate, f)
		}
	}
	// 135 GBP at 0.9 GBP a EUR are 150 EUR to the last digit: not above the limit.
	f, _ := factorOf(0.9)
	if got := f.compare(1_500_000, 1_350_000); got != 0 {
		t.Errorf("150 EUR at 0.9 against 135 GBP compare as %d", got)
	}
}

func TestShares(t *testing.T) {
	for rate, want := range map[float64]string{0.255: "25.5 %", 0.08875: "8.875 %", 0.21: "21 %", 0: "0 %", 0.3098: "30.98 %", 0.0000001: "0.00001 %"} {
		if got := ShareOf(rate).String(); got != want {
			t.Errorf("%v shows as %q, want %q", rate, got, want)
		}
	}
}

// Whatever is asked of the standard rules: no panic, every range the right way round, every
// total within the sums of its lines, complete only where all lines are exact, and the same
// answer twice.
func TestAnyConsignment(t *testing.T) {
	env := Env{Tariffs: map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}, Rates: func(base, quote money.Currency, on calendar.Day) (commerce.Rate, bool) {
		return commerce.Rate{Base: base, Quote: quote, Day: on, Value: 1.3}, base == "EUR" || base == "GBP" && quote == "USD"
	}}
	k := New(law.Standard(), env)
	places := slices.DeleteFunc(law.Standard().Jurisdictions(), func(m commerce.Market) bool { return !k.isPlace(m) || len(m) != 2 })
	if len(places) < 35 {
		t.Fatalf("only %d destinations have rules", len(places))
	}
	place := rapid.SampledFrom(places)
	rapid.Check(t, func(t *rapid.T) {
		c := &Consignment{
			Currency: rapid.SampledFrom([]money.Currency{"EUR", "GBP", "USD", "JPY"}).Draw(t, "currency"),
			From:     place.Draw(t, "from"), To: place.Draw(t, "to"),
			Region:      rapid.SampledFrom([]string{"", "US-CA", "CA-ON", "BR-SP", "ES-CN"}).Draw(t, "region"),
			Postcode:    rapid.SampledFrom([]string{"", "97110", "23041", "35001", "78266", "27498", "BT1 1AA"}).Draw(t, "postcode"),
			Marketplace: rapid.Bool().Draw(t, "marketplace"), Business: rapid.Bool().Draw(t, "business"), IncludesTax: rapid.Bool().Draw(t, "inclusive"),
			Incoterm: rapid.SampledFrom(append([]string{""}, Incoterms...)).Draw(t, "incoterm"), Transport: rapid.SampledFrom(append([]string{""}, Transports...)).Draw(t, "transport"),
			Scheme:  rapid.SampledFrom([]string{"", "none", "ioss", "cn_cbec", "in_9804_608"}).Draw(t, "scheme"),
			Returns: Returns{Share: rapid.Float64Range(0, 1).Draw(t, "returns")}, Fees: Fees{CommissionShare: rapid.Float64Range(0, 1).Draw(t, "commission")},
			Dates: Dates{Payment: calendar.FromOrdinal(rapid.Int32Range(13_000, 22_500).Draw(t, "payment")), Customs: calendar.FromOrdinal(rapid.Int32Range(13_000, 22_500).Draw(t, "customs"))},
		}
		if !strings.HasPrefix(c.Region, string(c.To)+"-") {
			c.Region = ""
		}
		amount := func(name string) money.Amount {
			return money.FromE4(rapid.Int64Range(0, 1e8).Draw(t, name), c.Currency)
		}
		c.Freight, c.Insurance, c.Brokerage = amount("freight"), amount("insurance"), amount("brokerage")
		for range rapid.IntRange(1, 4).Draw(t, "lines") {
			c.Lines = append(c.Lines, Line{HS: rapid.SampledFrom([]string{"", "61", "610910", "2204.21", "9102.11"}).Draw(t, "hs"), Origin: rapid.SampledFrom([]commerce.Market{"", "CN", "GB"}).Draw(t, "origin"),
				Units: rapid.Int64Range(1, 50).Draw(t, "units"), Price: amount("price"), Class: rapid.SampledFrom([]string{"", "reduced", "books"}).Draw(t, "class"), Grams: rapid.Int64Range(0, 999).Draw(t, "grams")})
		}
		q := quoted(t, k, c)
		exact := true
		var low, high int64
		for i := range q.Charges {
			ch := &q.Charges[i]
			if ch.Amount.High.Cmp(ch.Amount.Low) < 0 || ch.Amount.Low.Sign() < 0 {
				t.Fatalf("%s is %+v", ch.Code, ch.Amount)
			}
			exact = exact && ch.Amount.Exact()
			if ch.Bearer == Buyer {
				low, high = low+ch.Amount.Low.E4(), high+ch.Amount.High.E4()
			}
		}
		if q.Complete != exact || q.Automatable && !exact || exact == (len(q.Missing) > 0) {
			t.Fatalf("exact %v, complete %v, automatable %v, missing %v", exact, q.Complete, q.Automatable, q.Missing)
		}
		if b := q.BuyerPays; b.Low.E4() < low || b.High.E4() > high || b.High.Cmp(b.Low) < 0 || exact && (b.Low.E4() != low || b.Low != b.High) {
			t.Fatalf("the buyer pays %+v, the lines sum to %d..%d", b, low, high)
		}
		same := []cmp.Option{sameMoney, cmp.AllowUnexported(Charge{}), cmp.Comparer(func(a, b calendar.Day) bool { return a == b })}
		if diff := cmp.Diff(q, quoted(t, k, c), same...); diff != "" {
			t.Fatalf("asked twice (-first +second):\n%s", diff)
		}
	})
}
