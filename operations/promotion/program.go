package promotion

import (
	"math"
	"math/bits"
)

// program is the choice of an option for every item and week, stripped to numbers: what
// the planner solves. Option 0 is no promotion. Rows are what items share in a week: the
// slots of a vehicle, the one place of a category.
type program struct {
	weeks    int
	entrants []entrant
	capacity [][]int // [row][week]
	budget   float64 // +Inf: without limit
}

// entrant is one item. Its state at the start of a week says when it was last promoted
// and how deep: 0 is not within memory, 1 + (since−1)·depths + depth−1 is since weeks ago
// (1: in the week before) at a depth 1 … depths.
//
// A week without promotion is worth idle·(keep[state]−1): what the dip after the last
// one takes. A week with option o is worth earn·act[state] − cost.
type entrant struct {
	depths  int
	depth   []int     // by option; depth[0] is 0
	rows    [][]int   // by option: the rows that it takes a place of
	earn    []float64 // [week·options + option], in full demand
	cost    []float64 // what it costs besides, and the contribution without it
	spend   []float64 // of the budget, never negative
	idle    []float64 // [week], going on after the last week while a dip lasts
	keep    []float64 // by state: share of demand that the dip leaves
	act     []float64 // by state: the same, and fatigue, for a week with a promotion
	legal   []uint64  // [week·states + state]: bit o is set where option o may be taken
	initial int
}

func (e *entrant) options() int { return len(e.depth) }
func (e *entrant) states() int  { return len(e.keep) }

// state is the state since weeks after a promotion at a depth.
func (e *entrant) state(since, depth int) int {
	if k := 1 + (since-1)*e.depths + depth - 1; since > 0 && depth > 0 && k < e.states() {
		return k
	}
	return 0
}

// last takes a state apart.
func (e *entrant) last(state int) (since, depth int) {
	if state == 0 {
		return 0, 0
	}
	return (state-1)/e.depths + 1, (state-1)%e.depths + 1
}

// after is the state a week later, option o being taken.
func (e *entrant) after(state, o int) int {
	switch {
	case o > 0:
		return e.state(1, e.depth[o])
	case state > 0 && state+e.depths < e.states():
		return state + e.depths
	}
	return 0
}

func (e *entrant) worth(week, state, o int) float64 {
	if o == 0 {
		return e.idle[week] * (e.keep[state] - 1)
	}
	i := week*e.options() + o
	return e.earn[i]*e.act[state] - e.cost[i]
}

// aftermath is what the dip takes in the weeks after the last, so that a promotion at
// the end does not pull demand forward for nothing.
func (e *entrant) aftermath(weeks, state int) float64 {
	sum := 0.0
	for week := weeks; week < len(e.idle) && state > 0; week++ {
		sum += e.worth(week, state, 0)
		state = e.after(state, 0)
	}
	return sum
}

// total is the worth of a schedule and what it spends.
func (e *entrant) total(schedule []uint8) (worth, spend float64) {
	state := e.initial
	for week, o := range schedule {
		worth += e.worth(week, state, int(o))
		if o > 0 {
			spend += e.spend[week*e.options()+int(o)]
		}
		state = e.after(state, int(o))
	}
	return worth + e.aftermath(len(schedule), state), spend
}

// table is the working memory of a dynamic programme over the weeks of one entrant.
type table struct {
	weeks int
	toll  []float64 // [week·options + option]: what an option has to pay; +Inf closes it
	value []float64 // [week·states + state]: the most that the weeks from there on bring
	taken []uint8
	rest  []float64 // by option
}

func (t *table) fit(e *entrant, weeks int) {
	t.weeks = weeks
	t.toll = sized(t.toll, weeks*e.options())
	t.value = sized(t.value, (weeks+1)*e.states())
	t.taken = sized(t.taken, weeks*e.states())
	t.rest = sized(t.rest, e.options())
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// solve fills the table backwards under the tolls set and returns the value of the best
// schedule: worth less tolls.
func (t *table) solve(e *entrant) float64 {
	states, options := e.states(), e.options()
	end := t.value[t.weeks*states:]
	for k := range states {
		end[k] = e.aftermath(t.weeks, k)
	}
	for week := t.weeks - 1; week >= 0; week-- {
		here, next := t.value[week*states:(week+1)*states], t.value[(week+1)*states:(week+2)*states]
		earn, taken := e.earn[week*options:(week+1)*options], t.taken[week*states:]
		for o := 1; o < options; o++ {
			t.rest[o] = next[e.state(1, e.depth[o])] - e.cost[week*options+o] - t.toll[week*options+o]
		}
		for k := range here {
			best, choice := e.idle[week]*(e.keep[k]-1)+next[e.after(k, 0)], 0
			act := e.act[k]
			for open := e.legal[week*states+k]; open != 0; open &= open - 1 {
				o := bits.TrailingZeros64(open)
				if v := earn[o]*act + t.rest[o]; v > best {
					best, choice = v, o
				}
			}
			here[k], taken[k] = best, uint8(choice)
		}
	}
	return t.value[e.initial]
}

// follow writes the best schedule of a solved table.
func (t *table) follow(e *entrant, dst []uint8) {
	state := e.initial
	for week := range t.weeks {
		o := t.taken[week*e.states()+state]
		dst[week] = o
		state = e.after(state, int(o))
	}
}

// load is what schedules take: places of rows by week, and money.
type load struct {
	used  [][]int
	spent float64
}

func (p *program) empty() load {
	l := load{used: make([][]int, len(p.capacity))}
	for r := range l.used {
		l.used[r] = make([]int, p.weeks)
	}
	return l
}

// add books a schedule of an entrant, or takes it back with sign −1.
func (l *load) add(e *entrant, schedule []uint8, sign int) {
	for week, o := range schedule {
		if o == 0 {
			continue
		}
		for _, r := range e.rows[o] {
			l.used[r][week] += sign
		}
		l.spent += float64(sign) * e.spend[week*e.options()+int(o)]
	}
}

// slack is the rounding that a sum of money of this size may carry.
func slack(x float64) float64 {
	if math.IsInf(x, 0) {
		return 0
	}
	return 1e-9 * math.Max(1, math.Abs(x))
}

// worth sums the schedules of all entrants.
func (p *program) worth(schedules [][]uint8) float64 {
	sum := 0.0
	for i := range p.entrants {
		w, _ := p.entrants[i].total(schedules[i])
		sum += w
	}
	return sum
}
