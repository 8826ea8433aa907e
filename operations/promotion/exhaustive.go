package promotion

import (
	"cmp"
	"math"
	"slices"

	"tradewind/fault"
)

// partialLimit is how many partial plans Exhaustive holds before it gives up.
const partialLimit = 20_000

// Exhaustive returns the value of the best plan by looking at every schedule of every
// item and every load that they can add up to. It knows no multipliers and no bounds:
// what Solve is held against on small problems. Its cost is exponential in weeks, and it
// is fault.Invalid where too many plans would have to be held.
func Exhaustive(items []Item, l Limits) (float64, error) {
	m, _, err := newModel(items, &l)
	if err != nil {
		return 0, err
	}
	p := &m.program
	reached := []partial{{used: make([]byte, len(p.capacity)*p.weeks)}}
	for i := range p.entrants {
		e := &p.entrants[i]
		var next []partial
		for n, c := range p.every(e) {
			for _, r := range reached {
				if joined, ok := p.join(r, e, c); ok {
					next = append(next, joined)
				}
			}
			if n%64 == 63 {
				next = p.frontier(next)
			}
		}
		if reached = p.frontier(next); len(reached) > partialLimit {
			return 0, fault.New(fault.Invalid, "E-PROMOTION-LARGE", fault.A("n", len(items)), fault.A("weeks", l.Weeks))
		}
	}
	best := math.Inf(-1)
	for _, r := range reached {
		best = math.Max(best, r.worth)
	}
	return best - p.worth(p.blank()), nil
}

// partial is a plan for the first items: its load and its worth.
type partial struct {
	used         []byte // [row·weeks + week]
	spent, worth float64
}

// every lists the schedules of an entrant that law and gap allow, but for those that take
// the same places as another, spend no less and are worth no more.
func (p *program) every(e *entrant) []column {
	var all []column
	schedule := make([]uint8, p.weeks)
	var walk func(week, state int)
	walk = func(week, state int) {
		if week == p.weeks {
			worth, spend := e.total(schedule)
			all = append(all, column{schedule: slices.Clone(schedule), worth: worth, spend: spend})
			return
		}
		for o := range e.options() {
			if o == 0 || e.legal[week*e.states()+state]>>o&1 == 1 {
				schedule[week] = uint8(o)
				walk(week+1, e.after(state, o))
			}
		}
		schedule[week] = 0
	}
	walk(0, e.initial)
	var alone []partial
	for i := range all {
		one, ok := p.join(partial{used: make([]byte, len(p.capacity)*p.weeks)}, e, all[i])
		if ok {
			one.spent, one.worth = all[i].spend, all[i].worth
			alone = append(alone, one)
		}
	}
	kept := map[[2]float64]bool{}
	for _, k := range p.frontier(alone) {
		kept[[2]float64{k.worth, k.spent}] = true
	}
	return slices.DeleteFunc(all, func(c column) bool { return !kept[[2]float64{c.worth, c.spend}] })
}

// join adds a schedule to a partial plan; false where it does not fit.
func (p *program) join(r partial, e *entrant, c column) (partial, bool) {
	joined := partial{used: slices.Clone(r.used), spent: r.spent + c.spend, worth: r.worth + c.worth}
	for week, o := range c.schedule {
		if o == 0 {
			continue
		}
		for _, row := range e.rows[o] {
			if joined.used[row*p.weeks+week]++; int(joined.used[row*p.weeks+week]) > p.capacity[row][week] {
				return joined, false
			}
		}
	}
	return joined, joined.spent <= p.budget+slack(p.budget)
}

// frontier keeps, of partial plans with the same places taken, those that no other beats
// in both worth and spend. Without a budget spend does not count.
func (p *program) frontier(all []partial) []partial {
	slices.SortFunc(all, func(a, b partial) int {
		return cmp.Or(slices.Compare(a.used, b.used), cmp.Compare(b.worth, a.worth), cmp.Compare(a.spent, b.spent))
	})
	var kept []partial
	for _, r := range all {
		if n := len(kept); n > 0 && slices.Equal(kept[n-1].used, r.used) && (kept[n-1].spent <= r.spent || math.IsInf(p.budget, 1)) {
			continue
		}
		kept = append(kept, r)
	}
	return kept
}
