package promotion

import "math"

const (
	worthwhile  = 1e-3    // relative gap above which neighbourhoods are searched
	mostAround  = 120     // neighbourhoods at most
	around      = 5       // entrants in one
	aroundSteps = 120     // subgradient steps in one
	aroundNodes = 100_000 // and partial plans
)

// neighbourhoods takes a few entrants at a time out of the best plan and solves for them
// anew within what the others leave, until a round brings nothing. Entrants are taken at
// strides that differ from round to round, so that all meet all in time.
func (s *search) neighbourhoods() {
	n := len(s.p.entrants)
	idle, tried := 0, 0
	for stride := 1; tried < mostAround && idle < n; stride++ {
		for first := 0; first < n && tried < mostAround && idle < n; first += max(1, n/24) {
			if s.best.bound-s.best.value <= worthwhile*math.Abs(s.best.value) {
				return
			}
			tried++
			if idle++; s.improve(first, stride) {
				idle = 0
			}
		}
	}
}

// improve solves for a handful of entrants, all others held; it reports whether that
// brought more.
func (s *search) improve(first, stride int) bool {
	n := len(s.p.entrants)
	var members []int
	in := make([]bool, n)
	for i := first; len(members) < min(around, n); i = (i + stride) % n {
		for in[i] {
			i = (i + 1) % n
		}
		in[i] = true
		members = append(members, i)
	}
	rest := s.p.empty()
	before := 0.
	part := program{weeks: s.p.weeks}
	for i, schedule := range s.best.schedules {
		e := &s.p.entrants[i]
		if !in[i] {
			rest.add(e, schedule, 1)
		}
	}
	for _, i := range members {
		w, _ := s.p.entrants[i].total(s.best.schedules[i])
		before += w
		part.entrants = append(part.entrants, s.p.entrants[i])
	}
	part.budget = math.Max(0, s.p.budget-rest.spent)
	for r := range s.p.capacity {
		left := make([]int, s.p.weeks)
		for week := range left {
			left[week] = s.p.capacity[r][week] - rest.used[r][week]
		}
		part.capacity = append(part.capacity, left)
	}
	sub := newSearch(&part)
	sub.descend(aroundSteps)
	sub.construct(&sub.best.prices, 0, sweeps)
	if !sub.done() {
		sub.enumerate(aroundNodes)
	}
	if sub.best.value <= before+slack(before) {
		return false
	}
	for k, i := range members {
		copy(s.best.schedules[i], sub.best.schedules[k])
	}
	s.best.value = s.p.worth(s.best.schedules)
	return true
}
