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

// worked is how many days a delivery took without those that closures added, at least one:
// what an order of its day takes where nobody is closed, by the way in which plans let
// closures to come delay an order.
func worked(r *commerce.Receipt, sup *commerce.Supply, shut []shut) float64 {
	days := max(1, r.Received.Sub(r.Ordered))
	if len(shut) == 0 {
		return float64(days)
	}
	var p inventory.Problem
	whole := false
	for _, c := range shut {
		if c.supplier != "" && c.supplier != sup.Supplier || !r.Ordered.Before(c.to) || !c.from.Before(r.Received) {
			continue
		}
		from, to := max(0, c.from.Sub(r.Ordered)), c.to.Sub(r.Ordered)
		if n := len(p.Closed); n > 0 && from <= p.Closed[n-1].To {
			p.Closed[n-1].To = max(p.Closed[n-1].To, to)
		} else {
			p.Closed = append(p.Closed, inventory.Closure{From: from, To: to})
		}
		p.Handling, whole = max(p.Handling, c.handling), whole || c.handling == 0
	}
	if len(p.Closed) == 0 {
		return float64(days)
	}
	if whole {
		p.Handling = 0
	}
	return float64(p.Worked(days))
}
