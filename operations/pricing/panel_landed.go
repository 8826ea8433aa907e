package pricing

import (
	"cmp"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// rateTable is the value of each currency in the reporting currency, by day.
type rateTable map[money.Currency][]dayRate

type dayRate struct {
	day   calendar.Day
	value float64
}

func newRateTable(s *commerce.Snapshot) rateTable {
	t := rateTable{}
	for _, r := range s.Rates {
		if r.Quote == s.Currency && r.Value > 0 {
			t[r.Base] = append(t[r.Base], dayRate{r.Day, r.Value})
		}
	}
	for _, rates := range t {
		slices.SortStableFunc(rates, func(a, b dayRate) int { return a.day.Compare(b.day) })
	}
	t[s.Currency] = []dayRate{{s.From, 1}}
	return t
}

// on returns the rate of a day: the last one before it, or the first; NaN where none is known.
func (t rateTable) on(currency money.Currency, day calendar.Day) float64 {
	rates := t[currency]
	if len(rates) == 0 {
		return math.NaN()
	}
	n, found := slices.BinarySearchFunc(rates, day, func(r dayRate, d calendar.Day) int { return r.day.Compare(d) })
	if !found {
		n = max(0, n-1)
	}
	return rates[n].value
}

// exchanged returns what a unit costs on a day where nothing but rates of exchange is known
// to have moved it: the supplier's quote, in the currency in which the item is sold.
func (w *weekly) exchanged(item commerce.Item, sold money.Currency) func(calendar.Day) float64 {
	cost := w.snapshot.Cost(item.SKU)
	if cost == nil {
		return nil
	}
	quote := cost.Unit
	if !cost.Quoted.IsZero() {
		quote = cost.Quoted
	}
	if quote.Sign() <= 0 || cmp.Or(quote.Currency(), sold) == sold {
		return nil
	}
	return func(day calendar.Day) float64 {
		return quote.Float() * w.rates.on(quote.Currency(), day) / w.rates.on(sold, day)
	}
}
