package plan

import (
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/market"
	"tradewind/operations/localization"
)

// candidatesOf lists the countries whose law the rulebook knows, ascending: nobody should
// be sent where nothing is known of tax and duty. Without a rulebook every country with
// published figures is a candidate.
func candidatesOf(l Law) []commerce.Market {
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
func burdenOf(l Law) func(commerce.Market) (blocking, unconfirmed int, known bool) {
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
func readinessOf(s *commerce.Snapshot, packs []*market.Pack, day calendar.Day) map[commerce.Market]float64 {
	if len(s.Listings) == 0 {
		return nil
	}
	ready := map[commerce.Market]float64{}
	for _, m := range localization.Summarize(localization.Audit(s, packs, day), localization.SalesOf(s)) {
		ready[m.Market] = m.Score / 100
	}
	return ready
}
