package tariff

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/fault"
	"tradewind/money"
)

func amount(t *testing.T, text string, cur money.Currency) money.Amount {
	t.Helper()
	a, err := money.Parse(text, cur)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestFormulas works rates out by hand.
func TestFormulas(t *testing.T) {
	for _, tt := range []struct {
		rate    string
		dollars bool
		value   string
		units   Quantities
		want    string
		missing string
	}{
		{"Free", false, "100", Quantities{}, "0", ""},
		{"free", false, "100", Quantities{}, "0", ""},
		{"16.5%", false, "10", Quantities{}, "1.65", ""},
		{"0.5%", false, "0.01", Quantities{}, "0", ""},      // 0.00005, half to even
		{"1.5%", false, "0.01", Quantities{}, "0.0002", ""}, // 0.00015, half to even
		{"4.4¢/kg + 6%", true, "100", Quantities{Kilograms: 10}, "6.44", ""},
		{"4.4¢/kg +6%", true, "100", Quantities{}, "", "kilograms"},
		{"$1.646/kg", true, "100", Quantities{Kilograms: 2.5}, "4.115", ""},
		{"3.9¢/doz.", true, "1", Quantities{Pieces: 24}, "0.078", ""},
		{"$1.44/1000", true, "1", Quantities{Pieces: 500}, "0.72", ""},
		{"0.9¢ each", true, "1", Quantities{Pieces: 3}, "0.027", ""},
		{"9.7¢/gross + 1.3%", true, "100", Quantities{Pieces: 144}, "1.397", ""},
		{"84¢/pr. + 37.5%", true, "2", Quantities{Pairs: 1}, "1.59", ""},
		{"84¢/pr. + 37.5%", true, "2", Quantities{Pieces: 1}, "", "pairs"},
		{"21.1¢/pf.liter", true, "2", Quantities{ProofLitres: .7}, "0.1477", ""},
		{"4.4¢/liter + 31.4¢/pf. liter", true, "2", Quantities{Litres: 1}, "", "proof-litres"},
		{"2 EUR/100 kg", false, "9", Quantities{Kilograms: 50}, "1", ""},
		{"1 EUR/hl", false, "9", Quantities{Litres: 50}, "0.5", ""},
		{"1 EUR/t", false, "9", Quantities{Kilograms: 500}, "0.5", ""},
		{"1 EUR/g", false, "9", Quantities{Kilograms: .002}, "2", ""},
		{"1 EUR/carat", false, "9", Quantities{Kilograms: .001}, "5", ""},
		{"max(10%; 3 EUR/piece)", false, "20", Quantities{Pieces: 1}, "3", ""},
		{"max(10%; 3 EUR/piece)", false, "50", Quantities{Pieces: 1}, "5", ""},
		{"max(10%; 3 EUR/piece)", false, "50", Quantities{}, "", "pieces"},
		{"min(10%; 3 EUR/piece) + 1%", false, "50", Quantities{Pieces: 1}, "3.5", ""},
		{"min( 10% + 1 EUR/kg ; max(1%;2%) )", false, "50", Quantities{Kilograms: 1}, "1", ""},
	} {
		cur := money.Currency("EUR")
		if tt.dollars {
			cur = "USD"
		}
		f, err := parseRate(tt.rate, tt.dollars)
		if err != nil {
			t.Errorf("%s: %v", tt.rate, err)
			continue
		}
		got, missing, err := Rate{Formula: f}.Amount(amount(t, tt.value, cur), tt.units)
		if err != nil {
			t.Errorf("%s: %v", tt.rate, err)
			continue
		}
		if tt.missing != "" {
			if len(missing) != 1 || missing[0] != tt.missing || !got.IsZero() {
				t.Errorf("%s: got %v, missing %q, want %s missing", tt.rate, got, missing, tt.missing)
			}
			continue
		}
		if want := amount(t, tt.want, cur); got != want || missing != nil {
			t.Errorf("%s of %s: got %v, missing %v, want %v", tt.rate, tt.value, got, missing, want)
		}
	}
}

// TestUnreadableRates: what is not understood to the last word is not read at all.
func TestUnreadableRates(t *testing.T) {
	for _, text := range []string{
		"", " ", "%", "4,2%", "4.2", "-4%", "5%%", "5% +", "+ 5%", "1.1 /kg", "1.1 USD", "1.1 USD/", "1.1 USD/furlong", "1.1 XXX/kg", "1.1 usd/kg",
		"Free, under bond", "See additional U.S. note 2", "5¢/kg", "$5/kg", "max()", "max(5%", "max(5%;)", "5%)", "10001%", "1.0000000001%", "9999999999999999%",
		"2 EUR/0 kg", "2 EUR/9999999 kg", "5 percent", "1 USD/kg on drained weight",
	} {
		if f, err := ParseRate(text); !fault.Is(err, fault.Invalid) || f != nil {
			t.Errorf("%q read as %v, %v", text, f, err)
		}
	}
	for _, text := range []string{
		"Free, under bond", "3.7¢/kg on drained weight", "See additional U.S. note 2", "25% on the entire set", "17¢ each + 2.5% + 1¢/jewel",
		"1.4606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) but not less than 0.943854¢/kg",
		"44¢ each + 6% on the case", "10¢/1,000 pins + 3.5%",
	} {
		if _, err := parseRate(text, true); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestBadAmounts(t *testing.T) {
	f, err := parseRate("1¢/kg", true)
	if err != nil {
		t.Fatal(err)
	}
	r := Rate{Formula: f}
	for _, tt := range []struct {
		value money.Amount
		units Quantities
		code  string
	}{
		{amount(t, "-1", "USD"), Quantities{Kilograms: 1}, "E-TARIFF-VALUE"},
		{amount(t, "1", "USD"), Quantities{Kilograms: -1}, "E-TARIFF-QUANTITY"},
		{amount(t, "1", "USD"), Quantities{Kilograms: math.Inf(1)}, "E-TARIFF-QUANTITY"},
		{amount(t, "1", "EUR"), Quantities{Kilograms: 1}, "E-TARIFF-CURRENCY"},
	} {
		if _, _, err := r.Amount(tt.value, tt.units); fault.Of(err) == nil || fault.Of(err).Code != tt.code {
			t.Errorf("%v for %v: %v, want %s", tt.units, tt.value, err, tt.code)
		}
	}
	if _, missing, err := r.Amount(amount(t, "1", "USD"), Quantities{Kilograms: math.NaN()}); err != nil || len(missing) != 1 {
		t.Errorf("NaN kilograms: missing %v, %v", missing, err)
	}
	if _, missing, err := (Rate{Text: "See note 1"}).Amount(amount(t, "1", "USD"), Quantities{}); err != nil || len(missing) != 1 || missing[0] != "rate" {
		t.Errorf("a text: missing %v, %v", missing, err)
	}
	huge, err := ParseRate("10000%")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := (Rate{Formula: huge}).Amount(money.FromE4(math.MaxInt64, "USD"), Quantities{}); fault.Of(err) == nil || fault.Of(err).Code != "E-TARIFF-RANGE" {
		t.Errorf("an amount past all bounds: %v", err)
	}
}

// TestDutyGrows: more value or more weight never lowers a duty, whatever the formula.
func TestDutyGrows(t *testing.T) {
	texts := []string{"5%", "2.5 EUR/kg", "3% + 1.25 EUR/kg", "max(5%; 2 EUR/kg)", "min(12%; 1.5 EUR/kg + 1%)"}
	rapid.Check(t, func(t *rapid.T) {
		f, err := ParseRate(rapid.SampledFrom(texts).Draw(t, "rate"))
		if err != nil {
			t.Fatal(err)
		}
		value, weight := rapid.Int64Range(0, 1e12).Draw(t, "value"), rapid.Float64Range(1e-6, 1e6).Draw(t, "weight")
		more, heavier := rapid.Int64Range(0, 1e12).Draw(t, "more"), rapid.Float64Range(0, 1e6).Draw(t, "heavier")
		a, _, err := Rate{Formula: f}.Amount(money.FromE4(value, "EUR"), Quantities{Kilograms: weight})
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := Rate{Formula: f}.Amount(money.FromE4(value+more, "EUR"), Quantities{Kilograms: weight + heavier})
		if err != nil {
			t.Fatal(err)
		}
		if b.Cmp(a) < 0 || a.Sign() < 0 {
			t.Fatalf("%v, then %v", a, b)
		}
	})
}

// FuzzParseRate: what is read computes without panic, and never below zero.
func FuzzParseRate(f *testing.F) {
	for _, s := range []string{"Free", "4.2%", "1.1 USD/kg", "5% + 2 USD/100 kg", "max(10%; 3 USD/piece)", "4.4¢/kg + 6%", "$1.44/1000", "84¢/pr. + 37.5%", "min(max(1%;2%);3%)"} {
		f.Add(s)
	}
	value := money.FromE4(1_000_000, "USD")
	all := Quantities{1, 2, 3, 4, 5, 6, 7, 8, 9}
	f.Fuzz(func(t *testing.T, text string) {
		for _, dollars := range []bool{false, true} {
			formula, err := parseRate(text, dollars)
			if err != nil {
				continue
			}
			duty, missing, err := Rate{Formula: formula}.Amount(value, all)
			if err != nil && !fault.Is(err, fault.Invalid) || missing != nil || duty.Sign() < 0 {
				t.Fatalf("%q: %v, missing %v, %v", text, duty, missing, err)
			}
		}
	})
}
