package pricing

import (
	"math"
	"slices"

	"tradewind/money"
)

// The grid is laid around today's price and does not depend on the limits: so a stricter
// limit only takes points away. It is fine where prices are usually moved and coarse
// beyond; once the best of its points is known, finer ones are tried around it.
const (
	MaxGrid = 200 // most points

	fineStep  = .002 // in the logarithm of the price
	fineReach = 60   // steps up and down: 13 %
	coarse    = .04
	farReach  = 20 // coarse steps beyond the fine ones
	finer     = 38 // points tried between the neighbours of the best

	reach = 2.5 // farthest price over today's, a little less than the last step
)

// offset is the logarithm of the kth price over today's; k from -80 to 80.
func offset(k int) float64 {
	if k < 0 {
		return -offset(-k)
	}
	if k <= fineReach {
		return fineStep * float64(k)
	}
	return fineStep*fineReach + coarse*float64(k-fineReach)
}

// grid appends the prices to choose from to dst: those with a customary ending (or all
// that can be paid) next to each step of the lattice, ascending, today's price among
// them, at most MaxGrid - finer. Whether a limit excludes them is not asked.
func (p *Problem) grid(dst []money.Amount) []money.Amount {
	const last = fineReach + farReach
	today, currency := p.Price.E4(), p.Price.Currency()
	for k := -last; k <= last; k++ {
		at := money.FromE4(int64(math.Floor(float64(today)*math.Exp(offset(k)))), currency)
		if price, ok := p.Limits.below(at); ok && (len(dst) == 0 || price != dst[len(dst)-1]) {
			dst = append(dst, price)
		}
	}
	i, there := slices.BinarySearchFunc(dst, p.Price, money.Amount.Cmp)
	if !there {
		dst = slices.Insert(dst, i, p.Price)
	}
	return dst
}

// below returns the highest price that ends well and is not above another.
func (l *Limits) below(price money.Amount) (money.Amount, bool) {
	if len(l.Endings) == 0 {
		return l.payable(price)
	}
	best, found := money.Amount{}, false
	for _, e := range l.Endings {
		if b, ok := e.Below(price); ok && (!found || b.E4() > best.E4()) && l.ends(b) {
			best, found = b, true
		}
	}
	return best, found
}

// payable returns the highest amount of the minor unit, or of cash, that is not above a
// price; false where there is none above zero.
func (l *Limits) payable(price money.Amount) (money.Amount, bool) {
	unit := minorUnit(price.Currency())
	whole := money.FromE4(price.E4()/unit*unit, price.Currency())
	if l.Cash != nil {
		rounded := l.Cash(whole)
		for down := whole.E4(); rounded.E4() > whole.E4() && down > 0; down -= unit {
			rounded = l.Cash(money.FromE4(down, price.Currency()))
		}
		whole = rounded
	}
	return whole, whole.E4() > 0
}

// minorUnit is the smallest amount that prices of a currency are made of, in
// ten-thousandths.
func minorUnit(c money.Currency) int64 {
	unit := int64(10_000)
	for range c.Minor() {
		unit /= 10
	}
	return unit
}
