package plan

import (
	"math"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/market"
	"tradewind/market/exchange"
	"tradewind/money"
	"tradewind/operations/landed"
)

// ExchangeRates looks a rate up among the shop's own facts first, and then among the reference
// rates, which are marked as assumed.
func ExchangeRates(s *commerce.Snapshot) landed.Rates {
	return func(base, quote money.Currency, on calendar.Day) (best commerce.Rate, ok bool) {
		for _, r := range s.Rates {
			if r.Base == base && r.Quote == quote && !on.Before(r.Day) && (!ok || best.Day.Before(r.Day)) {
				best, ok = r, true
			}
			if r.Base == quote && r.Quote == base && !on.Before(r.Day) && r.Value > 0 && (!ok || best.Day.Before(r.Day)) {
				best, ok = commerce.Rate{Base: base, Quote: quote, Day: r.Day, Value: 1 / r.Value, Provenance: r.Provenance}, true
			}
		}
		if ok {
			return best, true
		}
		return exchange.Reference(base, quote, on)
	}
}

// A currency's risk is taken from this many months of reference rates, and not from fewer
// than half of them.
const riskMonths = 36

// currencyRisks is the volatility of what each market's currency is worth in that of the
// shop: the standard deviation of its monthly logarithmic changes, over a year.
func currencyRisks(s *commerce.Snapshot, candidates []commerce.Market) map[commerce.Market]float64 {
	risks := map[commerce.Market]float64{}
	of := map[money.Currency]float64{s.Currency: 0}
	for _, m := range append(itemMarkets(s), candidates...) {
		t, ok := market.TerritoryOf(m)
		if !ok || t.Currency == "" {
			continue
		}
		risk, done := of[t.Currency]
		if !done {
			risk = volatility(t.Currency, s.Currency, s.AsOf)
			of[t.Currency] = risk
		}
		if !math.IsNaN(risk) {
			risks[m] = risk
		}
	}
	return risks
}

// volatility is NaN where there are too few rates.
func volatility(base, quote money.Currency, day calendar.Day) float64 {
	var changes []float64
	later, known := exchange.Reference(base, quote, day)
	for range riskMonths {
		if !known {
			break
		}
		_, _, date := later.Day.Date() // its month's last
		earlier, ok := exchange.Reference(base, quote, later.Day.AddDays(-date))
		if ok {
			changes = append(changes, math.Log(later.Value/earlier.Value))
		}
		later, known = earlier, ok
	}
	if len(changes) < riskMonths/2 {
		return math.NaN()
	}
	var sum, squares float64
	for _, c := range changes {
		sum, squares = sum+c, squares+c*c
	}
	n := float64(len(changes))
	return math.Sqrt(12 * max(0, squares-sum*sum/n) / (n - 1))
}
