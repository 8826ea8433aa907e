package tradewind

import (
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/plan"
	"tradewind/simulate"
	"tradewind/store"
)

// lastSold is the newest day up to a day on which the shop sold anything: so far reach the
// sales that were imported. A count of stock or a cost is a fact too, and tells nothing of
// what was sold. It is the first day of facts where nothing was.
func lastSold(s *commerce.Snapshot, by calendar.Day) calendar.Day {
	for _, t := range slices.Backward(s.Trading) {
		if t.Lines > 0 && !by.Before(t.Day) {
			return t.Day
		}
	}
	return s.From
}

// spentBy is the last day of the sales that a move of a site rested on. Of a move about
// which nobody wrote that down, it is the last one by the day of the move.
func (e *Engine) spentBy(s *shops, l *learnedSite, m *store.LearnedMove, proof *evidence) calendar.Day {
	switch {
	case proof.Spent != nil:
		return *proof.Spent
	case l.record.Sold != nil && m.At.Equal(l.TrainedAt): // its training moved it
		return *l.record.Sold
	}
	return lastSold(s.facts, calendar.DayIn(m.At, e.zone))
}

// imported is the past of a site up to the last week of which all sales were imported, and
// its shop as of the end of that week. A week that nobody imported looks like one in which
// nobody bought, and says nothing for or against a policy.
func imported(s *commerce.Snapshot, facts *plan.ShopFacts) (simulate.ShopForm, simulate.History) {
	form, h := facts.Learnable(), facts.History
	missing := (s.AsOf.Sub(lastSold(s, s.AsOf)) + 6) / 7
	if missing == 0 {
		return form, h
	}
	n := max(0, len(h.Units)-missing)
	h.Units, h.Price, h.Share = h.Units[:n], h.Price[:n], h.Share[:n]
	return form.At(-missing), h
}
