package money

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tradewind/fault"
)

// e4s draws ten-thousandths: small ones, and the ends of the range.
func e4s() *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Int64Range(-1_000_000, 1_000_000),
		rapid.Int64Range(-math.MaxInt64, math.MaxInt64),
		rapid.Int64Range(math.MaxInt64-20_000, math.MaxInt64),
		rapid.Int64Range(-math.MaxInt64, -math.MaxInt64+20_000),
	)
}

// currencies draws one of every number of decimals, and none.
func currencies() *rapid.Generator[Currency] {
	return rapid.SampledFrom([]Currency{"", "GBP", "CNY", "JPY", "KRW", "KWD", "TND", "CLF", "UYW"})
}

func amounts() *rapid.Generator[Amount] {
	return rapid.Custom(func(t *rapid.T) Amount {
		return FromE4(e4s().Draw(t, "e4"), currencies().Draw(t, "currency"))
	})
}

// exact is an amount as a whole number of ten-thousandths of any size.
func exact(a Amount) *big.Int { return big.NewInt(a.E4()) }

// agrees checks a result against arithmetic that cannot overflow: equal where it fits,
// refused where it does not.
func agrees(t *rapid.T, got Amount, err error, want *big.Int, cur Currency) {
	t.Helper()
	if fits := want.CmpAbs(big.NewInt(math.MaxInt64)) <= 0; !fits {
		if f := fault.Of(err); f == nil || f.Code != "E-MONEY-OVERFLOW" || f.Kind != fault.Invalid {
			t.Fatalf("%v does not fit: got %v, %v, want E-MONEY-OVERFLOW", want, got, err)
		}
		return
	}
	if err != nil || exact(got).Cmp(want) != 0 || got.Currency() != cur {
		t.Fatalf("got %v (%d), %v; want %v %s", got, got.E4(), err, want, cur)
	}
}

func TestDecimalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		got, err := Parse(a.Decimal(), a.Currency())
		if err != nil || got != a {
			t.Fatalf("%d %s: wrote %q, read %v, %v", a.E4(), a.Currency(), a.Decimal(), got, err)
		}
		text, exact := new(big.Rat).SetString(a.Decimal())
		if !exact || text.Cmp(a.Rat()) != 0 {
			t.Fatalf("%q is not %v", a.Decimal(), a.Rat())
		}
		if _, frac, _ := strings.Cut(a.Decimal(), "."); len(frac) < a.Currency().Minor() {
			t.Fatalf("%q has fewer decimals than %s", a.Decimal(), a.Currency())
		}
	})
}

func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var got Amount
		if err := json.Unmarshal(text, &got); err != nil || got != a {
			t.Fatalf("%s read as %v, %v; want %v", text, got, err, a)
		}
	})
	if got, want := mustJSON(t, FromE4(123000, "EUR")), `{"amount":"12.30","currency":"EUR"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []string{`null`, `{}`, `12`, `"12"`, `{"amount":12,"currency":"EUR"}`, `{"amount":"1,5","currency":"EUR"}`, `{"amount":"1","currency":"€"}`} {
		var a Amount
		if err := json.Unmarshal([]byte(bad), &a); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s read as %v, %v; want an invalid fault", bad, a, err)
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestArithmeticAgainstBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := currencies().Draw(t, "currency")
		a, b := FromE4(e4s().Draw(t, "a"), cur), FromE4(e4s().Draw(t, "b"), cur)
		n := rapid.OneOf(rapid.Int64Range(-1000, 1000), rapid.Int64()).Draw(t, "n")

		sum, err := a.Add(b)
		agrees(t, sum, err, new(big.Int).Add(exact(a), exact(b)), cur)
		difference, err := a.Sub(b)
		agrees(t, difference, err, new(big.Int).Sub(exact(a), exact(b)), cur)
		product, err := a.Times(n)
		agrees(t, product, err, new(big.Int).Mul(exact(a), big.NewInt(n)), cur)
		agrees(t, a.Neg(), nil, new(big.Int).Neg(exact(a)), cur)
		if got, want := a.Cmp(b), exact(a).Cmp(exact(b)); got != want {
			t.Fatalf("%v.Cmp(%v) = %d, want %d", a, b, got, want)
		}
		if got, want := a.Sign(), exact(a).Sign(); got != want || a.IsZero() != (want == 0) {
			t.Fatalf("%v.Sign() = %d, want %d", a, got, want)
		}
	})
}

func TestSumAgainstBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.Int64Range(-1<<40, 1<<40), 1, 20).Draw(t, "parts")
		var all []Amount
		want := new(big.Int)
		for _, p := range parts {
			all = append(all, FromE4(p, "GBP"))
			want.Add(want, big.NewInt(p))
		}
		got, err := Sum(all...)
		agrees(t, got, err, want, "GBP")
	})
	if got, err := Sum(); err != nil || got != (Amount{}) {
		t.Errorf("the sum of none is %v, %v", got, err)
	}
}

func TestCurrenciesDoNotMix(t *testing.T) {
	gbp, eur := FromE4(1, "GBP"), FromE4(1, "EUR")
	for name, try := range map[string]func() (Amount, error){
		"add": func() (Amount, error) { return gbp.Add(eur) },
		"sub": func() (Amount, error) { return gbp.Sub(eur) },
		"sum": func() (Amount, error) { return Sum(gbp, gbp, eur) },
		// Nothing of no currency adds to anything; nothing of a currency does not.
		"zero": func() (Amount, error) { return gbp.Add(FromE4(0, "EUR")) },
		"none": func() (Amount, error) { return gbp.Add(FromE4(1, "")) },
	} {
		if got, err := try(); fault.Of(err) == nil || fault.Of(err).Code != "E-MONEY-MIXED" {
			t.Errorf("%s: got %v, %v; want E-MONEY-MIXED", name, got, err)
		}
	}
	if got, err := (Amount{}).Add(eur); err != nil || got != eur {
		t.Errorf("nothing + %v = %v, %v", eur, got, err)
	}
	defer func() {
		if recover() == nil {
			t.Error("comparing two currencies did not panic")
		}
	}()
	gbp.Cmp(eur)
}

// Parts sum to the whole, and none is a ten-thousandth or more from its exact share.
func TestAllocateLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		weights := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 10), rapid.Int64Range(0, math.MaxInt64)), 1, 12).Draw(t, "weights")
		total := new(big.Int)
		for _, w := range weights {
			total.Add(total, big.NewInt(w))
		}
		if total.Sign() == 0 || !total.IsUint64() {
			if !panics(func() { a.Allocate(weights) }) {
				t.Fatalf("weights that sum to %v were accepted", total)
			}
			return
		}
		sum := new(big.Int)
		for i, part := range a.Allocate(weights) {
			sum.Add(sum, exact(part))
			if part.Currency() != a.Currency() {
				t.Fatalf("part of %v is %v", a, part)
			}
			share := new(big.Rat).SetFrac(new(big.Int).Mul(exact(a), big.NewInt(weights[i])), total)
			off := new(big.Rat).Sub(new(big.Rat).SetInt(exact(part)), share)
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d of %v is %v, its share is %v", i, a, part, share)
			}
		}
		if sum.Cmp(exact(a)) != 0 {
			t.Fatalf("parts of %v sum to %v", a, sum)
		}
	})
	if !panics(func() { FromE4(1, "GBP").Allocate([]int64{1, -1}) }) {
		t.Error("a negative weight was accepted")
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

// Round gives the nearest whole minor unit, the even one of two that are equally near.
func TestRoundAgainstBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		step := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(4-a.Currency().Minor())), nil)
		q, r := new(big.Int).QuoRem(exact(a), step, new(big.Int)) // towards zero
		twice := new(big.Int).Abs(r)
		twice.Lsh(twice, 1)
		if c := twice.Cmp(step); c > 0 || c == 0 && q.Bit(0) == 1 {
			q.Add(q, big.NewInt(int64(a.Sign())))
		}
		want := q.Mul(q, step)
		if !want.IsInt64() || want.CmpAbs(big.NewInt(math.MaxInt64)) > 0 {
			want.Sub(want, new(big.Int).Mul(step, big.NewInt(int64(a.Sign()))))
		}
		if got := a.Round(); exact(got).Cmp(want) != 0 || got.Currency() != a.Currency() {
			t.Fatalf("%v (%d) rounds to %d, want %v", a, a.E4(), got.E4(), want)
		}
		if again := a.Round().Round(); again != a.Round() {
			t.Fatalf("%v rounds twice to %v", a, again)
		}
	})
}

func TestRound(t *testing.T) {
	for _, tt := range []struct {
		decimal string
		cur     Currency
		want    string
	}{
		{"0.125", "GBP", "GBP 0.12"}, {"0.135", "GBP", "GBP 0.14"}, {"-0.125", "GBP", "GBP -0.12"}, {"0.1251", "GBP", "GBP 0.13"},
		{"0.5", "JPY", "JPY 0"}, {"1.5", "JPY", "JPY 2"}, {"1200.4999", "JPY", "JPY 1200"},
		{"0.0005", "KWD", "KWD 0.000"}, {"0.0015", "KWD", "KWD 0.002"},
		{"0.1234", "CLF", "CLF 0.1234"},
	} {
		a, err := Parse(tt.decimal, tt.cur)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Round().String(); got != tt.want {
			t.Errorf("%s %s rounds to %s, want %s", tt.cur, tt.decimal, got, tt.want)
		}
	}
}

func TestString(t *testing.T) {
	for _, tt := range []struct {
		e4   int64
		cur  Currency
		want string
	}{
		{123000, "GBP", "GBP 12.30"}, {-125, "GBP", "GBP -0.0125"}, {12_000_000, "JPY", "JPY 1200"}, {12_000_001, "JPY", "JPY 1200.0001"},
		{15000, "KWD", "KWD 1.500"}, {1, "UYW", "UYW 0.0001"}, {0, "GBP", "GBP 0.00"}, {0, "", "0.00"},
		{math.MaxInt64, "GBP", "GBP 922337203685477.5807"}, {-math.MaxInt64, "JPY", "JPY -922337203685477.5807"},
	} {
		if got := FromE4(tt.e4, tt.cur).String(); got != tt.want {
			t.Errorf("%d %s is written %q, want %q", tt.e4, tt.cur, got, tt.want)
		}
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "+1.5": 15000, ".5": 5000, "5.": 50000, "-12.3456": -123456, "1.50000000": 15000, "007": 70000,
		"922337203685477.5807": math.MaxInt64, "-922337203685477.5807": -math.MaxInt64,
	} {
		if got, err := Parse(text, "GBP"); err != nil || got.E4() != want {
			t.Errorf("%q read as %d, %v; want %d", text, got.E4(), err, want)
		}
	}
	for text, code := range map[string]string{
		"": "E-MONEY-FORMAT", "-": "E-MONEY-FORMAT", ".": "E-MONEY-FORMAT", "1,5": "E-MONEY-FORMAT", "1 000": "E-MONEY-FORMAT",
		"£5": "E-MONEY-FORMAT", "1e3": "E-MONEY-FORMAT", "NaN": "E-MONEY-FORMAT", "1.2.3": "E-MONEY-FORMAT", "--1": "E-MONEY-FORMAT",
		"１": "E-MONEY-FORMAT", "0.00001": "E-MONEY-PRECISION",
		"922337203685477.5808": "E-MONEY-OVERFLOW", "-922337203685477.5808": "E-MONEY-OVERFLOW",
		"99999999999999999999": "E-MONEY-OVERFLOW", "1844674407370955.1616": "E-MONEY-OVERFLOW",
	} {
		if got, err := Parse(text, "GBP"); fault.Of(err) == nil || fault.Of(err).Code != code {
			t.Errorf("%q read as %v, %v; want %s", text, got, err, code)
		}
	}
}

// FuzzParse compares with arithmetic that cannot overflow: whatever is accepted means
// what an exact fraction makes of it, and the form of bytes reads as that of text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"0", "-12.3456", "922337203685477.5807", "922337203685477.5808", "1.00000", "0.00001", ".", "1,5", "1e3", "+.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e4, code := ParseE4(text)
		if again, other := ParseE4([]byte(text)); again != e4 || other != code {
			t.Fatalf("%q is %d %q as text, %d %q as bytes", text, e4, code, again, other)
		}
		if code != "" {
			if e4 != 0 || !strings.HasPrefix(code, "E-MONEY-") {
				t.Fatalf("%q gives %d with %q", text, e4, code)
			}
			return
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok || FromE4(e4, "").Rat().Cmp(want) != 0 {
			t.Fatalf("%q read as %d ten-thousandths", text, e4)
		}
	})
}

func TestFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// 2⁵³ ten-thousandths are exact in a float64.
		a := FromE4(rapid.Int64Range(-1<<52, 1<<52).Draw(t, "e4"), "GBP")
		if got, err := FromFloat(a.Float(), "GBP"); err != nil || got != a {
			t.Fatalf("%v became %v, %v", a, got, err)
		}
	})
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e15, -1e15, math.MaxFloat64, -float64(1<<63) / 1e4} {
		if got, err := FromFloat(x, "GBP"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v became %v, %v; want an invalid fault", x, got, err)
		}
	}
	if got, err := FromFloat(0.00005, "GBP"); err != nil || got.E4() != 0 { // half to even
		t.Errorf("0.00005 became %v, %v", got, err)
	}
}

func TestCurrency(t *testing.T) {
	for cur, want := range map[Currency]int{"GBP": 2, "JPY": 0, "KWD": 3, "CLF": 4, "CNY": 2, "": 2} {
		if got := cur.Minor(); got != want {
			t.Errorf("%q has %d decimals, want %d", cur, got, want)
		}
	}
	for _, bad := range []string{"", "gbp", "£", "¥", "RMB", "GB", "GBPX", "XXX"} {
		if got, err := ParseCurrency(bad); fault.Of(err) == nil || fault.Of(err).Code != "E-CURRENCY" {
			t.Errorf("%q read as %q, %v; want E-CURRENCY", bad, got, err)
		}
	}
	for cur := range minor {
		if got, err := ParseCurrency(string(cur)); err != nil || got != cur || len(cur) != 3 {
			t.Errorf("%q read as %q, %v", cur, got, err)
		}
	}
}

func TestOutOfRange(t *testing.T) {
	if !panics(func() { FromE4(math.MinInt64, "GBP") }) {
		t.Error("an amount without a negative was accepted")
	}
	most := FromE4(math.MaxInt64, "GBP")
	if _, err := most.Neg().Sub(FromE4(1, "GBP")); !errors.As(err, new(*fault.Error)) {
		t.Errorf("one less than the least amount: %v", err)
	}
}
