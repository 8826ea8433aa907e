// Package money holds amounts that never lose a ten-thousandth and never forget their
// currency. Ten-thousandths cover every ISO 4217 minor unit and the unit prices of
// wholesale goods; the range is ± 922 trillion.
//
// It is not for arithmetic in models: Float and FromFloat are the only doors to float64.
package money

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"tradewind/fault"
)

// unit is one whole of any currency in ten-thousandths.
const unit = 10_000

// Amount is a sum of money: a whole number of ten-thousandths of one currency.
// It is comparable; the zero Amount is nothing of no currency and adds to anything.
type Amount struct {
	e4  int64
	cur Currency
}

// FromE4 returns n ten-thousandths of a currency: the form in which amounts are stored.
// It panics on math.MinInt64, which has no negative.
func FromE4(n int64, cur Currency) Amount {
	if n == math.MinInt64 {
		panic("money: amount out of range")
	}
	return Amount{n, cur}
}

// E4 returns the amount in ten-thousandths.
func (a Amount) E4() int64 { return a.e4 }

// Currency returns the amount's currency.
func (a Amount) Currency() Currency { return a.cur }

// IsZero reports whether the amount is nothing, whatever its currency.
func (a Amount) IsZero() bool { return a.e4 == 0 }

// Sign returns -1, 0 or 1.
func (a Amount) Sign() int {
	switch {
	case a.e4 < 0:
		return -1
	case a.e4 > 0:
		return 1
	}
	return 0
}

// Parse reads a plain decimal such as "-12.3456": a sign, digits, at most one point and
// at most four decimals that are not zero. Anything else is fault.Invalid: separators,
// symbols and commas are the business of an import format, never guessed here.
func Parse(s string, cur Currency) (Amount, error) {
	e4, code := ParseE4(s)
	if code != "" {
		return Amount{}, fault.New(fault.Invalid, code, fault.A("value", s))
	}
	return Amount{e4, cur}, nil
}

// ParseE4 is Parse for inner loops: ten-thousandths, and the code of what is wrong
// ("" when nothing is).
func ParseE4[T string | []byte](s T) (e4 int64, code string) {
	i, n := 0, len(s)
	negative := false
	if i < n && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	var v uint64
	digits, decimals, point := 0, 0, false
	for ; i < n; i++ {
		c := s[i]
		switch {
		case c == '.' && !point:
			point = true
		case c >= '0' && c <= '9':
			digits++
			if point {
				if decimals == 4 {
					if c != '0' {
						return 0, "E-MONEY-PRECISION"
					}
					continue
				}
				decimals++
			}
			hi, lo := bits.Mul64(v, 10)
			if hi != 0 || lo > math.MaxUint64-9 {
				return 0, "E-MONEY-OVERFLOW"
			}
			v = lo + uint64(c-'0')
		default:
			return 0, "E-MONEY-FORMAT"
		}
	}
	if digits == 0 {
		return 0, "E-MONEY-FORMAT"
	}
	for ; decimals < 4; decimals++ {
		hi, lo := bits.Mul64(v, 10)
		if hi != 0 {
			return 0, "E-MONEY-OVERFLOW"
		}
		v = lo
	}
	if v > math.MaxInt64 {
		return 0, "E-MONEY-OVERFLOW"
	}
	if negative {
		return -int64(v), ""
	}
	return int64(v), ""
}

// Add returns a + b. Mixed currencies and overflow are fault.Invalid.
func (a Amount) Add(b Amount) (Amount, error) {
	cur, err := common(a, b)
	if err != nil {
		return Amount{}, err
	}
	sum := a.e4 + b.e4
	if (sum > a.e4) != (b.e4 > 0) && b.e4 != 0 || sum == math.MinInt64 {
		return Amount{}, overflow(a)
	}
	return Amount{sum, cur}, nil
}

// Sub returns a - b. Mixed currencies and overflow are fault.Invalid.
func (a Amount) Sub(b Amount) (Amount, error) { return a.Add(b.Neg()) }

// Neg returns -a.
func (a Amount) Neg() Amount { return Amount{-a.e4, a.cur} }

// Times returns a for n units. Overflow is fault.Invalid.
func (a Amount) Times(n int64) (Amount, error) {
	hi, lo := bits.Mul64(magnitude(a.e4), magnitude(n))
	if hi != 0 || lo > math.MaxInt64 {
		return Amount{}, overflow(a)
	}
	v := int64(lo)
	if (a.e4 < 0) != (n < 0) {
		v = -v
	}
	return Amount{v, a.cur}, nil
}

// Cmp compares two amounts of one currency: -1, 0 or 1. It panics on mixed currencies,
// which is a programming error.
func (a Amount) Cmp(b Amount) int {
	if _, err := common(a, b); err != nil {
		panic("money: compared " + a.String() + " with " + b.String())
	}
	switch {
	case a.e4 < b.e4:
		return -1
	case a.e4 > b.e4:
		return 1
	}
	return 0
}

// Sum adds amounts of one currency; the sum of none is the zero Amount.
func Sum(amounts ...Amount) (Amount, error) {
	var total Amount
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			return Amount{}, err
		}
	}
	return total, nil
}

// Allocate splits a by weights so that the parts sum to a exactly: each part gets the
// floor of its share in ten-thousandths, and the largest remainders get one more.
// Weights must not be negative, not all be zero and not sum to 2⁶⁴; it panics otherwise.
//
// Source: the method of the largest remainder (Hare–Niemeyer).
func (a Amount) Allocate(weights []int64) []Amount {
	var total uint64
	for _, w := range weights {
		if w < 0 {
			panic("money: negative weight")
		}
		if total > math.MaxUint64-uint64(w) {
			panic("money: weights are too large")
		}
		total += uint64(w)
	}
	if total == 0 {
		panic("money: weights are all zero")
	}
	parts := make([]Amount, len(weights))
	rest := make([]uint64, len(weights))
	left := magnitude(a.e4)
	sign := int64(1)
	if a.e4 < 0 {
		sign = -1
	}
	whole := left
	for i, w := range weights {
		hi, lo := bits.Mul64(whole, uint64(w))
		q, r := bits.Div64(hi, lo, total)
		parts[i] = Amount{sign * int64(q), a.cur}
		rest[i] = r
		left -= q
	}
	for ; left > 0; left-- {
		best := 0
		for i, r := range rest {
			if r > rest[best] {
				best = i
			}
		}
		parts[best].e4 += sign
		rest[best] = 0
	}
	return parts
}

// Round returns the amount in the currency's own minor unit, halves to even. At the very
// end of the range, where that would overflow, it rounds towards zero.
func (a Amount) Round() Amount {
	step := int64(unit)
	for range a.cur.Minor() {
		step /= 10
	}
	q, r := a.e4/step, a.e4%step
	twice := 2 * magnitude(r)
	up := twice > uint64(step) || twice == uint64(step) && q%2 != 0
	switch last := math.MaxInt64 / step; {
	case up && a.e4 > 0 && q < last:
		q++
	case up && a.e4 < 0 && q > -last:
		q--
	}
	return Amount{q * step, a.cur}
}

// Float returns the amount in whole units of the currency, for models.
func (a Amount) Float() float64 { return float64(a.e4) / unit }

// FromFloat rounds x whole units to the nearest ten-thousandth, halves to even. NaN,
// infinities and what does not fit are fault.Invalid.
func FromFloat(x float64, cur Currency) (Amount, error) {
	v := math.RoundToEven(x * unit)
	if !(v > -(1<<63) && v < 1<<63) {
		return Amount{}, fault.New(fault.Invalid, "E-MONEY-OVERFLOW", fault.A("value", strconv.FormatFloat(x, 'g', -1, 64)))
	}
	return Amount{int64(v), cur}, nil
}

// Decimal returns the plain decimal with the currency's minor units, and up to four
// decimals where the amount needs them: "12.30", "0.0125", "1200" for JPY.
func (a Amount) Decimal() string {
	b := make([]byte, 0, 24)
	m := magnitude(a.e4)
	if a.e4 < 0 {
		b = append(b, '-')
	}
	b = strconv.AppendUint(b, m/unit, 10)
	frac := strconv.Itoa(int(m%unit) + unit)[1:]
	keep := a.cur.Minor()
	for i := len(frac); i > keep; i-- {
		if frac[i-1] != '0' {
			keep = i
			break
		}
	}
	if keep > 0 {
		b = append(b, '.')
		b = append(b, frac[:keep]...)
	}
	return string(b)
}

// String returns currency and decimal: "GBP 12.30". Never a bare symbol.
func (a Amount) String() string {
	if a.cur == "" {
		return a.Decimal()
	}
	return string(a.cur) + " " + a.Decimal()
}

// MarshalJSON writes {"amount":"12.30","currency":"GBP"}.
func (a Amount) MarshalJSON() ([]byte, error) {
	return []byte(`{"amount":"` + a.Decimal() + `","currency":"` + string(a.cur) + `"}`), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Amount) UnmarshalJSON(data []byte) error {
	amount, currency, err := readJSON(data)
	if err != nil {
		return fault.From(err, fault.Invalid, "E-MONEY-FORMAT", fault.A("value", string(data)))
	}
	cur := Currency("")
	if currency != "" {
		if cur, err = ParseCurrency(currency); err != nil {
			return err
		}
	}
	*a, err = Parse(amount, cur)
	return err
}

// Rat returns the amount in whole units as an exact fraction.
func (a Amount) Rat() *big.Rat { return big.NewRat(a.e4, unit) }

func common(a, b Amount) (Currency, error) {
	switch {
	case a.cur == b.cur || b == Amount{}:
		return a.cur, nil
	case a == Amount{}:
		return b.cur, nil
	}
	return "", fault.New(fault.Invalid, "E-MONEY-MIXED", fault.A("a", a.String()), fault.A("b", b.String()))
}

func overflow(a Amount) error {
	return fault.New(fault.Invalid, "E-MONEY-OVERFLOW", fault.A("value", strings.TrimSpace(a.String())))
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}
