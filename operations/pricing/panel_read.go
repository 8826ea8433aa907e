package pricing

import (
	"math"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// Today returns the base price that is asked for item i at the end of the panel, and the
// Monday of the week from which it has been: zero where it was never another one. It is
// false where no price is known.
func (p *Panel) Today(i int) (price money.Amount, since calendar.Day, known bool) {
	lo, hi := p.Rows(i)
	if lo == hi {
		return price, since, false
	}
	price = rounded(p.Price[hi-1], p.Currency[i])
	for r := hi - 1; r > lo; r-- {
		if moved(p.Price[r-1], p.Price[r]) {
			return price, p.From.AddDays(7 * int(p.Week[r])), price.Sign() > 0
		}
	}
	return price, since, price.Sign() > 0
}

// Seen returns the lowest and the highest base price of item i in weeks that say something.
func (p *Panel) Seen(i int) (low, high money.Amount) {
	least, most := math.Inf(1), math.Inf(-1)
	lo, hi := p.Rows(i)
	for r := lo; r < hi; r++ {
		if p.Exposure[r] > 0 {
			least, most = math.Min(least, p.Price[r]), math.Max(most, p.Price[r])
		}
	}
	if least > most {
		return money.Amount{}, money.Amount{}
	}
	return rounded(least, p.Currency[i]), rounded(most, p.Currency[i])
}

// Shown returns the vehicle of the promotion in a row of the panel: how it was shown, or a
// price cut where it was not. It is "" where there was none.
func (p *Panel) Shown(r int) string {
	switch v := p.Vehicle[r]; {
	case p.Depth[r] <= 0:
		return ""
	case v&featured != 0:
		return commerce.Feature
	case v&displayed != 0:
		return commerce.Display
	case v&couponed != 0:
		return commerce.Coupon
	}
	return commerce.PriceCut
}
