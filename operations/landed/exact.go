package landed

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"tradewind/fault"
	"tradewind/money"
)

// Share is a rate in billionths: 0.21 is 210,000,000. Every rate of a law has fewer than
// nine decimals, so that a charge is a product of whole numbers, rounded once.
type Share int64

const whole Share = 1_000_000_000

// ShareOf returns the nearest Share of a rate.
func ShareOf(rate float64) Share { return Share(math.RoundToEven(rate * float64(whole))) }

// Float returns the rate as a number: 0.21.
func (s Share) Float() float64 { return float64(s) / float64(whole) }

// String returns the rate in percent with all its decimals: "25.5 %".
func (s Share) String() string {
	text := strconv.FormatFloat(float64(s)/1e7, 'f', 7, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + " %"
}

// rounding is how an authority rounds: to a step in ten-thousandths of its currency, ""
// being the currency of the quote.
type rounding struct {
	step     int64
	currency money.Currency
	mode     mode
}

type mode uint8

const (
	halfUp mode = iota
	halfEven
	down
	up
)

var modes = map[string]mode{"": halfUp, "half_up": halfUp, "half_even": halfEven, "down": down, "up": up}

// fine is no rounding but to the ten-thousandth.
var fine = rounding{step: 1, mode: halfEven}

// minorStep is the minor unit of a currency in ten-thousandths.
func minorStep(c money.Currency) int64 {
	step := int64(10_000)
	for range c.Minor() {
		step /= 10
	}
	return step
}

// ratio returns a·b/c rounded to a multiple of r.step, for a, b >= 0 and c > 0. What does
// not fit is the largest number, which check refuses at the end.
func ratio(a, b, c int64, r rounding) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	step := uint64(r.step)
	over, d := bits.Mul64(uint64(c), step)
	if over != 0 || hi >= d {
		return math.MaxInt64
	}
	n, rest := bits.Div64(hi, lo, d)
	switch r.mode {
	case up:
		if rest > 0 {
			n++
		}
	case halfUp:
		if rest >= d-rest {
			n++
		}
	case halfEven:
		if half := d - rest; rest > half || rest == half && n%2 == 1 {
			n++
		}
	}
	if over, n = bits.Mul64(n, step); over != 0 || n > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(n)
}

// times returns a·s, rounded.
func (s Share) times(a int64, r rounding) int64 { return ratio(a, int64(s), int64(whole), r) }

// factor is an exchange rate as a fraction: one of the base is num/den of the quote.
type factor struct{ num, den int64 }

var one = factor{1, 1}

// factorOf reads the shortest decimal that is the rate: 0.85 is 85/100 and not the
// binary number nearest to it.
func factorOf(rate float64) (factor, bool) {
	if !(rate > 1e-9 && rate < 1e9) {
		return factor{}, false
	}
	text := strconv.FormatFloat(rate, 'f', -1, 64)
	int_, frac, _ := strings.Cut(text, ".")
	if digits := 17 - len(int_); len(frac) > digits {
		frac = frac[:digits]
	}
	n, err := strconv.ParseInt(int_+frac, 10, 64)
	den := int64(1)
	for range frac {
		den *= 10
	}
	return factor{n, den}, err == nil && n > 0
}

func (f factor) inverse() factor { return factor{f.den, f.num} }

func (f factor) of(a int64, r rounding) int64 { return ratio(a, f.num, f.den, r) }

// compare holds a·f against b exactly: -1, 0, 1.
func (f factor) compare(a, b int64) int {
	hi, lo := bits.Mul64(uint64(a), uint64(f.num))
	hi2, lo2 := bits.Mul64(uint64(b), uint64(f.den))
	switch {
	case hi != hi2 && hi < hi2 || hi == hi2 && lo < lo2:
		return -1
	case hi == hi2 && lo == lo2:
		return 0
	}
	return 1
}

// most is the largest consignment in ten-thousandths of its currency: a hundred billion.
// Below it no sum of a quote can overflow.
const most = int64(1e15)

func tooLarge(what string) error {
	return fault.New(fault.Invalid, "E-LANDED-RANGE", fault.A("what", what))
}
