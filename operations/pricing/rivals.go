package pricing

import (
	"math"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// staleDays is how long a competitor's price is taken to hold after it was seen.
const staleDays = 60

// rivals writes the lowest price of a competitor in the middle of each week.
func (w *weekly) rivals(item commerce.Item, currency money.Currency) {
	for t := range w.rival {
		w.rival[t] = math.NaN()
	}
	prices := w.snapshot.PricesOf(item)
	for k, q := range prices {
		x := q.Price.Float()
		if q.Seller == "" || q.MinUnits > 1 || q.Price.Currency() != currency || !(x > 0) {
			continue
		}
		until := q.From.AddDays(staleDays)
		if k+1 < len(prices) && prices[k+1].Seller == q.Seller && prices[k+1].MinUnits <= 1 {
			until = earlier(until, prices[k+1].From.AddDays(-1))
		}
		// Day 3 of week t lies on or after From, and on or before until.
		first := max(0, floorDiv(q.From.Sub(w.panel.From)+3, 7))
		last := min(len(w.rival)-1, floorDiv(until.Sub(w.panel.From)-3, 7))
		for t := first; t <= last; t++ {
			if !(w.rival[t] <= x) {
				w.rival[t] = x
			}
		}
	}
}

func earlier(a, b calendar.Day) calendar.Day {
	if b.Before(a) {
		return b
	}
	return a
}

// floorDiv rounds down, also below 0.
func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Corridor returns the lowest and the highest price that competitors ask for a unit of an
// item on a day, in a currency, and false where none is known. A price counts until its
// seller's next one, and at most 60 days.
func Corridor(s *commerce.Snapshot, item commerce.Item, day calendar.Day, currency money.Currency) (lowest, highest float64, ok bool) {
	return rivalPrices(s.PricesOf(item), day, currency)
}

// rivalPrices goes through prices sorted by seller, quantity and day.
func rivalPrices(prices []commerce.Price, day calendar.Day, currency money.Currency) (lowest, highest float64, ok bool) {
	lowest, highest = math.Inf(1), math.Inf(-1)
	for k, q := range prices {
		if q.Seller == "" || q.MinUnits > 1 || q.From.Compare(day) > 0 {
			continue
		}
		if k+1 < len(prices) {
			next := prices[k+1]
			if next.Seller == q.Seller && next.MinUnits <= 1 && next.From.Compare(day) <= 0 {
				continue // replaced
			}
		}
		x := q.Price.Float()
		if day.Sub(q.From) > staleDays || q.Price.Currency() != currency || !(x > 0) {
			continue
		}
		lowest, highest, ok = math.Min(lowest, x), math.Max(highest, x), true
	}
	return lowest, highest, ok
}
