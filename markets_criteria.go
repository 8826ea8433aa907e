package tradewind

import (
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/market"
	"tradewind/market/exchange"
	"tradewind/money"
	"tradewind/operations/localization"
	"tradewind/plan"
)

// candidatesOf lists the countries whose law the rulebook knows, ascending: nobody should
// be sent where nothing is known of tax and duty. Without a rulebook every country with
// published figures is a candidate.
func candidatesOf(l plan.Law) []commerce.Market {
	if l.Book == nil {
		return nil
	}
	list := slices.DeleteFunc(l.Book.Jurisdictions(), func(m commerce.Market) bool { return !m.IsCountry() })
	for _, place := range l.Book.Jurisdictions() {
		list = append(list, l.Book.Members(place, l.AsOf)...)
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(m commerce.Market) bool { return !m.IsCountry() })
}

// burdenOf counts the rules of a market that hold whatever is sold: those that stop a sale
// until something is done, and those on any topic that nobody has confirmed. Where the book
// has no rule of the market's own or of its unions, nothing is known.
func burdenOf(l plan.Law) func(commerce.Market) (blocking, unconfirmed int, known bool) {
	if l.Book == nil {
		return nil
	}
	return func(m commerce.Market) (blocking, unconfirmed int, known bool) {
		for _, topic := range law.Topics() {
			for _, r := range l.Book.Rules(m, topic, l.AsOf) {
				known = known || r.Jurisdiction != law.World
				if r.Status == law.Unconfirmed || r.Status == law.Contested {
					unconfirmed++
				} else if q, ok := r.Params.(law.Requirement); ok && q.Missing == "block" && len(q.Traits)+len(q.HS) == 0 {
					blocking++
				}
			}
		}
		return blocking, unconfirmed, known
	}
}

// readinessOf is how ready the listings of each market are, 0 to 1; nil where the shop
// keeps no listings here.
func readinessOf(s *commerce.Snapshot, day calendar.Day) map[commerce.Market]float64 {
	if len(s.Listings) == 0 {
		return nil
	}
	ready := map[commerce.Market]float64{}
	for _, m := range localization.Summarize(localization.Audit(s, market.Packs(), day), localization.SalesOf(s)) {
		ready[m.Market] = m.Score / 100
	}
	return ready
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
