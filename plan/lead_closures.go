package plan

import (
	"cmp"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/operations/inventory"
)

// shut are the days, the last not included, of one closure.
type shut struct {
	supplier commerce.Supplier // "" is all
	from, to calendar.Day
	handling float64
}

func shutOn(closures []Closure) (list []shut) {
	for _, c := range closures {
		if from, to, err := c.days(); err == nil {
			list = append(list, shut{c.Supplier, from, to, c.Handling})
		}
	}
	slices.SortFunc(list, func(a, b shut) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
	return list
}

// closedFrom are the closures of a supplier, apart and in order, in days from a day on, as far
// as they begin before another; without one, all. Handling is the longest time for which the
// goods are with the supplier; 0 is the whole lead time.
func closedFrom(shut []shut, supplier commerce.Supplier, day, until calendar.Day) (list []inventory.Closure, handling float64) {
	whole := false
	for _, c := range shut {
		if c.supplier != "" && c.supplier != supplier || !day.Before(c.to) || until != (calendar.Day{}) && !c.from.Before(until) {
			continue
		}
		from, to := max(0, c.from.Sub(day)), c.to.Sub(day)
		if n := len(list); n > 0 && from <= list[n-1].To {
			list[n-1].To = max(list[n-1].To, to)
		} else {
			list = append(list, inventory.Closure{From: from, To: to})
		}
		handling, whole = max(handling, c.handling), whole || c.handling == 0
	}
	if whole {
		handling = 0
	}
	return list, handling
}

// worked is how many days a delivery took without those that closures added, at least one:
// what an order of its day takes where nobody is closed, by the way in which plans let
// closures to come delay an order.
func worked(r *commerce.Receipt, sup *commerce.Supply, shut []shut) float64 {
	days := max(1, r.Received.Sub(r.Ordered))
	closed, handling := closedFrom(shut, sup.Supplier, r.Ordered, r.Received)
	if len(closed) == 0 {
		return float64(days)
	}
	p := inventory.Problem{Closed: closed, Handling: handling}
	return float64(p.Worked(days))
}
