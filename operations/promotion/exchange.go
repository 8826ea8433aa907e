package promotion

import (
	"math"
	"slices"
)

const (
	sweeps    = 4     // rounds of single exchanges at most
	pairLimit = 4_000 // pairs of entrants tried at most
	doublings = 12    // of the budget's price until a schedule fits
	halvings  = 10    // of the interval in which it fits
)

// construct makes a plan that keeps every row and the budget: entrants one after the
// other, in the order of what they would bring alone, each taking only places that are
// left and paying the multipliers for them. Then it improves the plan by single exchanges.
func (s *search) construct(x *prices, turn, rounds int) {
	order := make([]int, len(s.p.entrants))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case s.own[a] > s.own[b]:
			return -1
		case s.own[a] < s.own[b]:
			return 1
		}
		return 0
	})
	if turn%2 == 1 {
		slices.Reverse(order)
	}
	plan, used := s.p.blank(), s.p.empty()
	for _, i := range order {
		s.insert(i, plan, &used, x)
	}
	s.exchangeSingles(plan, &used, x, order, rounds)
	s.offer(plan)
}

// insert solves entrant i within what the load leaves, paying the multipliers, and books
// the schedule. It returns its worth. Where it would spend more than is left, the price of
// the budget is raised until it does not, by bisection.
func (s *search) insert(i int, plan [][]uint8, used *load, x *prices) float64 {
	e := &s.p.entrants[i]
	left := s.p.budget + slack(s.p.budget) - used.spent
	try := func(budget float64) (worth float64, fits bool) {
		price := *x
		price.budget = budget
		s.tolls(e, &price)
		s.close(e, used)
		s.table.solve(e)
		s.table.follow(e, plan[i])
		worth, spend := e.total(plan[i])
		return worth, spend <= left
	}
	worth, fits := try(x.budget)
	if !fits {
		low, high := x.budget, math.Max(x.budget, s.dear)
		for range doublings {
			if worth, fits = try(high); fits {
				break
			}
			low, high = high, 2*high
		}
		if !fits {
			clear(plan[i])
			worth, _ = e.total(plan[i])
		}
		for range halvings {
			if middle := (low + high) / 2; fits {
				if w, ok := try(middle); ok {
					high, worth = middle, w
				} else {
					low = middle
				}
			}
		}
		if fits {
			worth, _ = try(high)
		}
	}
	used.add(e, plan[i], 1)
	return worth
}

// close bars the options of which a row is full.
func (s *search) close(e *entrant, used *load) {
	options := e.options()
	for week := range s.p.weeks {
		for o := 1; o < options; o++ {
			for _, r := range e.rows[o] {
				if used.used[r][week] >= s.p.capacity[r][week] {
					s.table.toll[week*options+o] = math.Inf(1)
				}
			}
		}
	}
}

// free is the multipliers with nothing to pay for places: what is left may be taken.
func (x *prices) free() prices {
	c := x.clone()
	for r := range c.row {
		clear(c.row[r])
	}
	return c
}

// exchangeSingles solves one entrant at a time again, all others held, while that helps.
func (s *search) exchangeSingles(plan [][]uint8, used *load, x *prices, order []int, rounds int) {
	free := x.free()
	none := prices{row: free.row}
	kept := make([]uint8, s.p.weeks)
	for range rounds {
		better := false
		for _, i := range order {
			e := &s.p.entrants[i]
			for _, price := range []*prices{&free, &none} {
				copy(kept, plan[i])
				before, _ := e.total(kept)
				used.add(e, kept, -1)
				if s.insert(i, plan, used, price) > before+slack(before) {
					better = true
					continue
				}
				used.add(e, plan[i], -1)
				copy(plan[i], kept)
				used.add(e, kept, 1)
				if math.IsInf(s.p.budget, 1) {
					break
				}
			}
		}
		if !better {
			return
		}
	}
}

// exchangePairs takes two entrants that want the same place, or the same money, out of
// the best plan and puts them back in the other order, while that helps.
func (s *search) exchangePairs() {
	plan := s.p.blank()
	used := s.p.empty()
	for i := range plan {
		copy(plan[i], s.best.schedules[i])
		used.add(&s.p.entrants[i], plan[i], 1)
	}
	free := s.best.prices.free()
	one, two := make([]uint8, s.p.weeks), make([]uint8, s.p.weeks)
	tried := 0
	none := prices{row: free.row}
	n := len(plan)
	for turn := range 2 * max(0, n-1) {
		first := &free // it leaves the second what the price of money says, or takes all that it wants
		if turn%2 == 1 {
			first = &none
		}
		for i := 0; i < n && tried < pairLimit; i++ {
			j := (i + turn/2 + 1) % n
			if !s.contend(i, j, plan[j], &used) {
				continue
			}
			tried++
			a, b := &s.p.entrants[i], &s.p.entrants[j]
			copy(one, plan[i])
			copy(two, plan[j])
			x1, _ := a.total(one)
			x2, _ := b.total(two)
			used.add(a, one, -1)
			used.add(b, two, -1)
			now := s.insert(i, plan, &used, first) + s.insert(j, plan, &used, &none)
			if now > x1+x2+slack(x1+x2) {
				continue
			}
			used.add(a, plan[i], -1)
			used.add(b, plan[j], -1)
			copy(plan[i], one)
			copy(plan[j], two)
			used.add(a, one, 1)
			used.add(b, two, 1)
		}
	}
	s.offer(plan)
}

// contend reports whether j holds a place in a full row that i could take, or money that
// i lacks.
func (s *search) contend(i, j int, schedule []uint8, used *load) bool {
	a, b := &s.p.entrants[i], &s.p.entrants[j]
	for week, o := range schedule {
		if o == 0 {
			continue
		}
		if s.best.prices.budget > 0 {
			return true
		}
		for _, r := range b.rows[o] {
			if used.used[r][week] < s.p.capacity[r][week] {
				continue
			}
			if slices.ContainsFunc(a.rows, func(rows []int) bool { return slices.Contains(rows, r) }) {
				return true
			}
		}
	}
	return false
}
