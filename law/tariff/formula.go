package tariff

import (
	"math"
	"math/bits"
	"slices"

	"tradewind/fault"
	"tradewind/money"
)

// Formula is how a duty follows from the customs value and the quantities: a sum of ad
// valorem and specific parts, or the largest or smallest of several such sums.
type Formula struct {
	join  join
	parts []part
}

type join uint8

const (
	sum join = iota
	largest
	smallest
)

// billion is how finely rates are kept: "20.6606¢/kg" is 206,606,000 billionths.
const billion = 1_000_000_000

// part is a share of the value, a price per unit, or a formula of its own.
type part struct {
	rate     int64 // billionths: of the value, or of one currency unit per unit
	specific bool
	unit     unit
	currency money.Currency
	inner    *Formula
}

// AdValorem returns the share of the customs value that the duty is, and false where it
// also depends on anything else.
func (f *Formula) AdValorem() (share float64, ok bool) {
	if f == nil || f.join != sum {
		return 0, false
	}
	total := int64(0)
	for _, p := range f.parts {
		if p.specific || p.inner != nil {
			return 0, false
		}
		total += p.rate
	}
	return float64(total) / billion, true
}

// amount is the duty in ten-thousandths of the value's currency. missing gets the
// dimensions that are not known; then the duty is not, either.
func (f *Formula) amount(value money.Amount, q *Quantities, missing *[]string) (int64, error) {
	total := int64(0)
	for i := range f.parts {
		p := &f.parts[i]
		var e4 int64
		var err error
		switch {
		case p.inner != nil:
			e4, err = p.inner.amount(value, q, missing)
		case p.specific:
			e4, err = p.byQuantity(value, q, missing)
		default:
			e4, err = ratio(value.E4(), p.rate, billion)
		}
		if err != nil {
			return 0, err
		}
		switch {
		case i == 0:
			total = e4
		case f.join == largest:
			total = max(total, e4)
		case f.join == smallest:
			total = min(total, e4)
		case e4 > math.MaxInt64-total:
			return 0, tooLarge()
		default:
			total += e4
		}
	}
	return total, nil
}

func (p *part) byQuantity(value money.Amount, q *Quantities, missing *[]string) (int64, error) {
	if p.currency != value.Currency() {
		return 0, fault.New(fault.Invalid, "E-TARIFF-CURRENCY", fault.A("value", value), fault.A("currency", string(p.currency)))
	}
	n, known, err := q.micro(p.unit.dimension)
	if err != nil {
		return 0, err
	}
	if !known {
		if name := dimensions[p.unit.dimension]; !slices.Contains(*missing, name) {
			*missing = append(*missing, name)
		}
		return 0, nil
	}
	return ratio(n, p.rate, p.unit.micro*(billion/10_000))
}

// ratio returns a·b/c rounded half to even, for a, b >= 0 and c > 0.
func ratio(a, b, c int64) (int64, error) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return 0, tooLarge()
	}
	n, rest := bits.Div64(hi, lo, uint64(c))
	if half := uint64(c) - rest; rest > half || rest == half && n%2 == 1 {
		n++
	}
	if n > math.MaxInt64 {
		return 0, tooLarge()
	}
	return int64(n), nil
}

func tooLarge() error { return fault.New(fault.Invalid, "E-TARIFF-RANGE") }
