package promotion

import (
	"math"
	"slices"
)

// prices are the Lagrange multipliers of a program: what a place in a row and a unit of
// the budget are worth.
type prices struct {
	budget float64
	row    [][]float64
}

// answer is the best plan found and the bound on any.
type answer struct {
	schedules    [][]uint8
	value, bound float64
	prices       prices // those that gave the bound
	proven       bool   // the search ended: nothing is better
}

const (
	dualRounds  = 1500 // subgradient steps at most
	planEvery   = 50   // steps between two plans made from the multipliers
	patience    = 20   // steps without a better bound until steps are halved
	smallest    = 1e-3 // step factor at which the search for multipliers ends
	deflection  = .6   // of the last direction kept in the next
	closeEnough = 1e-7 // relative gap that needs no more work
)

// solve plans under the Lagrange prices of rows and budget: each entrant by its own
// dynamic programme, prices by deflected subgradient steps of Polyak's length, plans by
// rounding and exchange, the rest by enumeration where that ends.
//
// Source: Held, Wolfe & Crowder, Validation of subgradient optimization, Mathematical
// Programming 6 (1974); Camerini, Fratta & Maffioli, On improving relaxation methods by
// modified gradient techniques, Mathematical Programming Study 3 (1975).
func (p *program) solve() answer {
	s := newSearch(p)
	s.descend(dualRounds)
	s.construct(&s.best.prices, 0, sweeps)
	for _, improve := range []func(){s.exchangePairs, func() { s.enumerate(nodeLimit) }, s.neighbourhoods, func() { s.enumerate(nodeLimit) }} {
		if !s.done() {
			improve()
		}
	}
	s.best.bound = math.Max(s.best.bound, s.best.value)
	return s.best
}

// descend looks for the multipliers of the least bound, making plans on the way.
func (s *search) descend(rounds int) {
	s.offer(s.p.blank()) // promoting nothing is a plan
	theta, stale := 1.0, 0
	lambda, direction := s.fresh(), s.fresh()
	for round := 0; round < rounds && theta > smallest; round++ {
		bound := s.relax(&lambda)
		if bound < s.best.bound-closeEnough*math.Abs(s.best.bound) {
			stale = 0
		} else if stale++; stale > patience {
			theta, stale = theta/2, 0
		}
		if bound < s.best.bound {
			s.best.bound, s.best.prices = bound, lambda.clone()
		}
		if round%planEvery == 0 {
			s.construct(&lambda, round/planEvery, 1)
		}
		if s.done() || !s.step(&lambda, &direction, theta*(bound-s.best.value)) {
			return
		}
	}
}

// search is the working state of solve.
type search struct {
	p       *program
	table   table
	best    answer
	relaxed [][]uint8 // the entrants' own best under the last multipliers
	own     []float64 // and its value
	load    load      // of relaxed
	dear    float64   // a price of the budget at which little is spent: the most that a unit of it earns in a week
	unit    float64   // money that a step of the budget's multiplier is measured in
}

func newSearch(p *program) *search {
	s := &search{p: p, relaxed: p.blank(), own: make([]float64, len(p.entrants)), load: p.empty()}
	s.best = answer{schedules: p.blank(), value: math.Inf(-1), bound: math.Inf(1), prices: s.fresh()}
	sum, n := 0.0, 0
	for i := range p.entrants {
		e := &p.entrants[i]
		for j, x := range e.spend {
			if x > 0 {
				sum, n = sum+x, n+1
				s.dear = math.Max(s.dear, (e.earn[j]-e.cost[j])/x/16)
			}
		}
	}
	s.unit = 1
	if n > 0 {
		s.unit = sum / float64(n)
	}
	return s
}

func (p *program) blank() [][]uint8 {
	all := make([][]uint8, len(p.entrants))
	for i := range all {
		all[i] = make([]uint8, p.weeks)
	}
	return all
}

func (s *search) fresh() prices {
	x := prices{row: make([][]float64, len(s.p.capacity))}
	for r := range x.row {
		x.row[r] = make([]float64, s.p.weeks)
	}
	return x
}

func (x *prices) clone() prices {
	c := prices{budget: x.budget, row: make([][]float64, len(x.row))}
	for r := range c.row {
		c.row[r] = slices.Clone(x.row[r])
	}
	return c
}

// offer keeps a plan that is better than the best so far.
func (s *search) offer(schedules [][]uint8) {
	if v := s.p.worth(schedules); v > s.best.value {
		s.best.value = v
		for i := range schedules {
			copy(s.best.schedules[i], schedules[i])
		}
	}
}

func (s *search) done() bool {
	if s.best.bound-s.best.value <= closeEnough*1e-2*math.Max(1, math.Abs(s.best.value)) {
		s.best.proven = true
	}
	return s.best.proven
}

// tolls sets what the options of an entrant pay under the multipliers.
func (s *search) tolls(e *entrant, x *prices) {
	s.table.fit(e, s.p.weeks)
	options := e.options()
	for week := range s.p.weeks {
		for o := 1; o < options; o++ {
			toll := 0.0
			if x.budget > 0 {
				toll = x.budget * e.spend[week*options+o]
			}
			for _, r := range e.rows[o] {
				toll += x.row[r][week]
			}
			s.table.toll[week*options+o] = toll
		}
	}
}

// relax solves every entrant alone under the multipliers and returns the bound: no plan
// that keeps rows and budget is worth more.
func (s *search) relax(x *prices) float64 {
	bound := 0.0
	if x.budget > 0 {
		bound = x.budget * s.p.budget
	}
	for r := range x.row {
		for week, price := range x.row[r] {
			bound += price * float64(s.p.capacity[r][week])
		}
		clear(s.load.used[r])
	}
	s.load.spent = 0
	for i := range s.p.entrants {
		e := &s.p.entrants[i]
		s.tolls(e, x)
		s.own[i] = s.table.solve(e)
		s.table.follow(e, s.relaxed[i])
		s.load.add(e, s.relaxed[i], 1)
		bound += s.own[i]
	}
	return bound
}

// step moves the multipliers along the deflected subgradient. It returns false where the
// relaxed plan breaks nothing and leaves nothing that is paid for unused: it is optimal.
func (s *search) step(x, direction *prices, length float64) bool {
	norm := 0.0
	move := func(at *float64, price, excess float64) {
		*at = excess + deflection**at
		if price == 0 && *at < 0 {
			*at = 0
		}
		norm += *at * *at
	}
	if !math.IsInf(s.p.budget, 1) {
		move(&direction.budget, x.budget, (s.load.spent-s.p.budget)/s.unit)
	}
	for r := range x.row {
		for week := range x.row[r] {
			move(&direction.row[r][week], x.row[r][week], float64(s.load.used[r][week]-s.p.capacity[r][week]))
		}
	}
	if norm == 0 || length <= 0 {
		return false
	}
	h := length / norm
	x.budget = math.Max(0, x.budget+h*direction.budget/s.unit)
	for r := range x.row {
		for week := range x.row[r] {
			x.row[r][week] = math.Max(0, x.row[r][week]+h*direction.row[r][week])
		}
	}
	return true
}
