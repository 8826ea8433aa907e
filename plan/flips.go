package plan

import (
	"cmp"
	"math"
	"slices"

	"tradewind/decision"
	"tradewind/messages"
	"tradewind/operations/inventory"
)

// lever is an input whose change may flip the answer, and the direction that argues
// against ordering.
type lever struct {
	key string
	up  bool
	get func(*inventory.Problem) float64
	set func(*inventory.Problem, float64)
}

var levers = []lever{
	{"demand.daily", false,
		func(p *inventory.Problem) float64 { return p.Scale },
		func(p *inventory.Problem, x float64) { p.Scale = x }},
	{"stock.on_hand", true,
		func(p *inventory.Problem) float64 { return p.OnHand },
		func(p *inventory.Problem, x float64) { p.OnHand = x }},
	{"cost.unit", true,
		func(p *inventory.Problem) float64 { return p.UnitCost },
		func(p *inventory.Problem, x float64) { p.UnitCost = x }},
	{"price.paid", false,
		func(p *inventory.Problem) float64 { return p.Price },
		func(p *inventory.Problem, x float64) { p.Price = x }},
	{"supply.lead_days", false,
		func(p *inventory.Problem) float64 { return p.LeadDays },
		func(p *inventory.Problem, x float64) { p.LeadDays = x }},
}

// steps are the relative changes tried in turn to bracket a flip.
var steps = []float64{1.02, 1.05, 1.1, 1.2, 1.35, 1.5, 2, 3, 5, 10}

// Accepts reports whether a problem, solved again, still earns a place in a plan at the
// given prices.
func Accepts(p *inventory.Problem, prices Prices) bool {
	m := Menu{Solution: inventory.Solve(p)}
	best := m.bestAt(prices.Cash)
	return best.option != nil && best.net > prices.Attention && best.option.Mean >= prices.Least
}

// flips finds, input by input, the smallest change against ordering that makes the plan
// drop the order, all else equal. Every flip has been solved on both sides.
func flips(m *Menu, prices Prices) []decision.Flip {
	type found struct {
		flip   decision.Flip
		change float64
	}
	var all []found
	for _, l := range levers {
		now := l.get(m.Problem)
		at, ok := l.search(m.Problem, prices)
		if !ok {
			continue
		}
		shownNow, shownAt := now, at
		switch l.key {
		case "demand.daily": // shown as units a day, not as a factor
			daily := m.daily()
			shownNow, shownAt = daily, daily*at
		case "price.paid": // shown as paid, tax and charges included
			shownNow, shownAt = now/m.terms.kept, at/m.terms.kept
		}
		all = append(all, found{decision.Flip{
			Input: l.key, Name: messages.M("plan.input." + l.key), Now: shownNow, At: shownAt,
			Becomes: messages.M("plan.becomes.nothing"),
		}, math.Abs(math.Log((at + 1e-9) / (now + 1e-9)))})
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.change, b.change) })
	out := make([]decision.Flip, len(all))
	for i := range all {
		out[i] = all[i].flip
	}
	return out
}

// search brackets the flip by growing steps and bisects it to 0.1 %. The value returned
// is refused by the solver, and its neighbour on the side of today is accepted.
func (l lever) search(p *inventory.Problem, prices Prices) (at float64, ok bool) {
	now := l.get(p)
	accepts := func(x float64) bool {
		q := *p
		l.set(&q, x)
		return Accepts(&q, prices)
	}
	if !accepts(now) { // picked from what cash was left: any change may drop it
		return 0, false
	}
	base := now
	if base == 0 { // an empty shelf: count the steps in units of a day's demand
		base = 1
	}
	inside, outside := now, now
	for _, step := range steps {
		x := base * step
		if !l.up {
			x = base / step
		}
		if accepts(x) {
			inside = x
			continue
		}
		outside = x
		break
	}
	if outside == now {
		return 0, false
	}
	for math.Abs(outside-inside) > 1e-3*math.Abs(outside) {
		if mid := (inside + outside) / 2; accepts(mid) {
			inside = mid
		} else {
			outside = mid
		}
	}
	return outside, true
}
