package promotion

import (
	"cmp"
	"math"
	"slices"
)

const (
	columnLimit = 20_000    // schedules of one entrant that are listed
	columnSum   = 200_000   // and of all
	nodeLimit   = 2_000_000 // partial plans looked at
)

// column is a schedule of an entrant that may stand in a plan better than the best found.
type column struct {
	schedule     []uint8
	worth, spend float64
	lost         float64 // its reduced value below that of the entrant's best
}

// enumerate closes the gap where it is small enough: of every entrant only the schedules
// remain whose reduced value lies within the gap of its best, and of these plans are put
// together, branch and bound. It proves the best plan where it comes to an end within its
// limits; else it keeps what it found, and the bound.
//
// Source: Baldacci, Christofides & Mingozzi, An exact algorithm for the vehicle routing
// problem based on the set partitioning formulation, Mathematical Programming 115 (2008),
// who close a gap in this way.
func (s *search) enumerate(nodes int) {
	x := &s.best.prices
	s.best.bound = math.Min(s.best.bound, s.relax(x))
	b := branch{search: s, gap: s.best.bound - s.best.value, load: s.p.empty(), plan: make([]int, len(s.p.entrants)), nodes: nodes}
	listed := 0
	for i := range s.p.entrants {
		columns, ok := s.columns(i, x, b.gap+slack(s.best.bound))
		if listed += len(columns); !ok || listed > columnSum {
			return
		}
		b.columns, b.order = append(b.columns, columns), append(b.order, i)
	}
	slices.SortStableFunc(b.order, func(i, j int) int { return cmp.Compare(len(b.columns[i]), len(b.columns[j])) })
	if b.extend(0, 0, 0) {
		s.best.proven, s.best.bound = true, s.best.value
	}
}

// columns lists the schedules of entrant i within the gap; false where there are too many.
func (s *search) columns(i int, x *prices, gap float64) ([]column, bool) {
	e := &s.p.entrants[i]
	s.tolls(e, x)
	best := s.table.solve(e)
	var found []column
	schedule := make([]uint8, s.p.weeks)
	var walk func(week, state int, sum float64) bool
	walk = func(week, state int, sum float64) bool {
		if best-sum-s.table.value[week*e.states()+state] > gap {
			return true
		}
		if week == s.p.weeks {
			worth, spend := e.total(schedule)
			found = append(found, column{slices.Clone(schedule), worth, spend, math.Max(0, best-sum-s.table.value[week*e.states()+state])})
			return len(found) <= columnLimit
		}
		for o := range e.options() {
			if o > 0 && e.legal[week*e.states()+state]>>o&1 == 0 {
				continue
			}
			schedule[week] = uint8(o)
			v := e.worth(week, state, o)
			if o > 0 {
				v -= s.table.toll[week*e.options()+o]
			}
			if !walk(week+1, e.after(state, o), sum+v) {
				return false
			}
		}
		schedule[week] = 0
		return true
	}
	if !walk(0, e.initial, 0) {
		return nil, false
	}
	return s.undominated(e, found), true
}

// undominated drops a schedule where another takes the same places, is worth no less and
// spends no more (which counts under a budget only), and orders the rest by what they lose.
func (s *search) undominated(e *entrant, all []column) []column {
	key := func(c *column) string {
		b := make([]byte, 0, 2*s.p.weeks)
		for week, o := range c.schedule {
			if o > 0 {
				for _, r := range e.rows[o] {
					b = append(b, byte(week), byte(r), byte(r>>8))
				}
			}
		}
		return string(b)
	}
	least := map[string]float64{} // spend of those kept that take the same places
	slices.SortStableFunc(all, func(a, b column) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.spend, b.spend))
	})
	var kept []column
	for i := range all {
		k := key(&all[i])
		if spend, known := least[k]; !known || all[i].spend < spend && !math.IsInf(s.p.budget, 1) {
			least[k] = all[i].spend
			kept = append(kept, all[i])
		}
	}
	slices.SortStableFunc(kept, func(a, b column) int { return cmp.Compare(a.lost, b.lost) })
	return kept
}

// branch is a partial plan in the making.
type branch struct {
	*search
	gap     float64
	columns [][]column
	order   []int
	plan    []int // by entrant: position in its columns
	load    load
	nodes   int
}

// extend tries every schedule of the next entrant that fits. What a plan is worth is the
// bound less what its schedules lose less what it leaves unused, so a plan that has lost
// the gap is no better than the best. It returns false where the limit was hit.
func (b *branch) extend(depth int, lost, worth float64) bool {
	if depth == len(b.order) {
		if worth > b.best.value {
			b.best.value, b.gap = worth, b.best.bound-worth
			for i, c := range b.plan {
				copy(b.best.schedules[i], b.columns[i][c].schedule)
			}
		}
		return true
	}
	i := b.order[depth]
	e := &b.p.entrants[i]
	for n := range b.columns[i] {
		c := &b.columns[i][n]
		if lost+c.lost > b.gap+slack(b.best.bound) {
			return true // the rest lose more
		}
		if b.nodes--; b.nodes < 0 {
			return false
		}
		if !b.fits(e, c) {
			continue
		}
		b.load.add(e, c.schedule, 1)
		b.plan[i] = n
		ended := b.extend(depth+1, lost+c.lost, worth+c.worth)
		b.load.add(e, c.schedule, -1)
		if !ended {
			return false
		}
	}
	return true
}

// fits reports whether the load leaves what a schedule takes.
func (b *branch) fits(e *entrant, c *column) bool {
	if b.load.spent+c.spend > b.p.budget+slack(b.p.budget) {
		return false
	}
	for week, o := range c.schedule {
		if o == 0 {
			continue
		}
		for _, r := range e.rows[o] {
			if b.load.used[r][week] >= b.p.capacity[r][week] {
				return false
			}
		}
	}
	return true
}
