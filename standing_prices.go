package tradewind

import (
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
)

// pricedItem is the item whose price an action is about; false for other actions. An item
// has one such decision at a time: a test says nothing while a promotion runs, and both are
// reckoned on the price that a third would change.
func pricedItem(a decision.Action) (commerce.Item, bool) {
	switch a := a.(type) {
	case decision.SetPrice:
		return a.Item, true
	case decision.StartExperiment:
		return a.Item, true
	case decision.RunPromotion:
		return a.Item, true
	}
	return commerce.Item{}, false
}

// underWay reports whether an executed decision about a price still keeps others from its
// item. A test does to its last day, and a promotion for as many weeks as lie between two
// of them. A price is set until the facts show another than before; where they never do,
// nobody asked it, and the days between two moves over it counts no more.
func (e *Engine) underWay(d *decision.Decision, changes []string) bool {
	today, c := calendar.DayIn(e.now(), e.zone), e.config.Plan.Prices.Filled()
	switch a := d.Action.(type) {
	case decision.SetPrice:
		moved := slices.ContainsFunc(changes, func(change string) bool { return strings.HasPrefix(change, "price.asked: ") })
		return !moved && today.Before(calendar.DayIn(d.Expires, e.zone).AddDays(c.MinDays))
	case decision.StartExperiment:
		return today.Before(a.From.AddDays(7 * a.Weeks))
	case decision.RunPromotion:
		return !a.To.Before(today) || today.Before(a.From.AddDays(7*c.Promos.Gap))
	}
	return false
}
