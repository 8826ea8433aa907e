package pricing

import (
	"cmp"
	"math"
	"slices"

	"tradewind/fault"
)

// Coupling is a multiple-choice knapsack: one choice an item, so that what all take of
// each limit stays within it. A floor is written as a ceiling with both sides negative.
type Coupling struct {
	Items  [][]Choice
	Limits []GroupLimit
}

// Choice is one price of an item: what it brings and what it takes of each limit.
type Choice struct {
	Profit float64
	Use    []float64
}

// GroupLimit is the most that the choices together may take.
type GroupLimit struct {
	Name string
	Most float64
}

// Coupled is a choice of one place an item.
type Coupled struct {
	Pick          []int
	Profit, Bound float64   // no choice within the limits brings more than Bound
	Dual          []float64 // a limit: what relaxing it by one brings, at most
	Exact         bool      // no choice brings more than this one
}

// The effort of Solve.
const (
	dualRounds = 400     // of the subgradient method
	nodesMost  = 200_000 // of the tree search
	pairsMost  = 2_000   // choices in all up to which pairs of items are exchanged
	sweepsMost = 50      // of the exchange
	limitSlack = 1e-9    // forgiven to a limit, of itself or of one
	boundSlack = 1e-12   // relative, below which two profits are the same
)

// Solve maximises the sum of profits within the limits. The Lagrangian relaxation gives
// the bound and a start, which is repaired and improved by exchanging one item's choice
// and then two at a time; a tree search under the same bound then proves small instances
// to the end (Exact) and leaves large ones when its nodes are spent.
//
// A limit that no choice can keep is fault.Blocked and names the best it can come to; so
// is the case in which all limits together admit nothing that was found.
//
// Source: P. Sinha and A. A. Zoltners, The multiple-choice knapsack problem, Operations
// Research 27 (1979).
func (c *Coupling) Solve() (*Coupled, error) {
	if err := c.keepable(); err != nil {
		return nil, err
	}
	s := &coupled{Coupling: c, dual: make([]float64, len(c.Limits)), used: make([]float64, len(c.Limits)), profit: math.Inf(-1)}
	bound := s.relax()
	s.start()
	exact := s.search()
	if s.best == nil {
		return nil, fault.New(fault.Blocked, "E-PRICING-TOGETHER", fault.A("n", len(c.Limits)))
	}
	if exact {
		bound = s.profit
	}
	return &Coupled{Pick: s.best, Profit: s.profit, Bound: max(bound, s.profit), Dual: s.dual, Exact: exact}, nil
}

// keepable holds each limit against the least that the items can take of it.
func (c *Coupling) keepable() error {
	for j, l := range c.Limits {
		least := 0.
		for _, item := range c.Items {
			low := math.Inf(1)
			for _, choice := range item {
				low = min(low, choice.Use[j])
			}
			least += low
		}
		if least > l.Most+l.slack() {
			sign := 1.
			if l.Most < 0 {
				sign = -1
			}
			return fault.New(fault.Blocked, "E-PRICING-COUPLED", fault.A("limit", l.Name), fault.A("best", plain(sign*least)), fault.A("most", plain(sign*l.Most)))
		}
	}
	return nil
}

func (l GroupLimit) slack() float64 { return limitSlack * max(1, math.Abs(l.Most)) }

// coupled is the state of one Solve.
type coupled struct {
	*Coupling
	dual   []float64
	pick   []int
	used   []float64
	best   []int
	profit float64
}

// relaxed picks for each item the choice with the highest profit less what it takes at
// the duals.
func (s *coupled) relaxed(dual []float64) []int {
	pick := make([]int, len(s.Items))
	for i := range s.Items {
		pick[i], _ = s.richest(i, dual)
	}
	return pick
}

func (s *coupled) richest(i int, dual []float64) (place int, value float64) {
	value = math.Inf(-1)
	for k := range s.Items[i] {
		if x := s.Items[i][k].reduced(dual); x > value {
			place, value = k, x
		}
	}
	return place, value
}

// reduced is the profit less what the choice takes at the duals.
func (c *Choice) reduced(dual []float64) float64 {
	x := c.Profit
	for j, d := range dual {
		x -= d * c.Use[j]
	}
	return x
}

// lagrangian returns the bound at the duals and sets slope to what the limits leave over.
func (s *coupled) lagrangian(dual, slope []float64) float64 {
	value := 0.
	for j, l := range s.Limits {
		value += dual[j] * l.Most
		slope[j] = l.Most
	}
	for i := range s.Items {
		k, x := s.richest(i, dual)
		value += x
		for j := range slope {
			slope[j] -= s.Items[i][k].Use[j]
		}
	}
	return value
}

// relax searches the duals with the lowest bound: one limit by bisection on the sign of
// the slope, several in turns and then by subgradients.
func (s *coupled) relax() float64 {
	slope := make([]float64, len(s.Limits))
	best := s.lagrangian(s.dual, slope)
	try := slices.Clone(s.dual)
	better := func() bool {
		x := s.lagrangian(try, slope)
		if x >= best {
			return false
		}
		best = x
		copy(s.dual, try)
		return true
	}
	for range 1 + 10*min(1, len(s.Limits)-1) {
		for j := range s.Limits {
			copy(try, s.dual)
			low, high := 0., 1e-6
			for try[j] = high; high < 1e18; try[j] = high {
				better()
				if slope[j] >= 0 {
					break
				}
				low, high = high, high*4
			}
			for range 100 {
				try[j] = (low + high) / 2
				better()
				if slope[j] >= 0 {
					high = try[j]
				} else {
					low = try[j]
				}
			}
		}
	}
	if len(s.Limits) > 1 {
		s.subgradients(try, slope, better)
	}
	for j := range s.dual { // a limit that costs nothing has no price, not a tiny one
		copy(try, s.dual)
		try[j] = 0
		if x := s.lagrangian(try, slope); x <= best+boundSlack*math.Abs(best) {
			best, s.dual[j] = max(best, x), 0
		}
	}
	return best
}

// subgradients walks down from the duals found in turns, which may sit on a ridge.
func (s *coupled) subgradients(try, slope []float64, better func() bool) {
	copy(try, s.dual)
	for round := range dualRounds {
		better()
		for j := range try {
			scale := (s.dual[j] + 1e-6) / (math.Abs(s.Limits[j].Most) + 1)
			try[j] = max(0, try[j]-scale*slope[j]/float64(1+round/4))
		}
	}
}

// keep remembers a choice that is within the limits and the best so far.
func (s *coupled) keep(pick []int) {
	total := 0.
	for i, k := range pick {
		total += s.Items[i][k].Profit
	}
	if total > s.profit {
		s.best, s.profit = slices.Clone(pick), total
	}
}

// excess is how far a use lies beyond the limits, each as a share of itself.
func (s *coupled) excess(used []float64) float64 {
	sum := 0.
	for j, l := range s.Limits {
		if over := used[j] - l.Most; over > l.slack() {
			sum += over / max(math.Abs(l.Most), 1e-12)
		}
	}
	return sum
}

func (s *coupled) take(i, k int) {
	for j := range s.used {
		s.used[j] += s.Items[i][k].Use[j] - s.Items[i][s.pick[i]].Use[j]
	}
	s.pick[i] = k
}

func (s *coupled) count() {
	clear(s.used)
	for i, k := range s.pick {
		for j := range s.used {
			s.used[j] += s.Items[i][k].Use[j]
		}
	}
}

// start looks for a choice within the limits: what is best at the duals, repaired and
// improved; where it cannot be repaired, at ever higher duals.
func (s *coupled) start() {
	for _, times := range [...]float64{1, 1.01, 1.1, 2, 10, 1000} {
		dual := slices.Clone(s.dual)
		for j := range dual {
			dual[j] *= times
		}
		s.pick = s.relaxed(dual)
		if s.repair(dual) {
			s.exchange()
			s.keep(s.pick)
			return
		}
	}
}

// repair exchanges the choice that gives up the least profit at the duals for what it
// takes off the excess, until nothing is in excess; false where it gets stuck.
func (s *coupled) repair(dual []float64) bool {
	s.count()
	used := make([]float64, len(s.used))
	over := s.excess(s.used)
	for range 2 * len(s.Items) {
		if over == 0 {
			break
		}
		item, place, least := -1, 0, math.Inf(1)
		for i := range s.Items {
			now := &s.Items[i][s.pick[i]]
			held := now.reduced(dual)
			for k := range s.Items[i] {
				for j := range used {
					used[j] = s.used[j] + s.Items[i][k].Use[j] - now.Use[j]
				}
				relief := over - s.excess(used)
				if relief <= 1e-9*over {
					continue
				}
				if price := max(0, held-s.Items[i][k].reduced(dual)) / relief; price < least {
					item, place, least = i, k, price
				}
			}
		}
		if item < 0 {
			return false
		}
		s.take(item, place)
		over = s.excess(s.used)
	}
	s.count()
	return s.excess(s.used) == 0
}

// exchange improves a choice within the limits by one item at a time, and where there are
// few choices by two, until nothing helps.
func (s *coupled) exchange() {
	choices := 0
	for i := range s.Items {
		choices += len(s.Items[i])
	}
	for range sweepsMost {
		improved := false
		for i := range s.Items {
			improved = s.improve(i, choices <= pairsMost) || improved
		}
		if !improved {
			return
		}
	}
}

// improve takes the best exchange of item i, alone or with a later item.
func (s *coupled) improve(i int, pairs bool) bool {
	type exchange struct {
		place, other, otherPlace int
		gain                     float64
	}
	best := exchange{other: -1}
	was := s.pick[i]
	now := s.Items[i][was].Profit
	for k := range s.Items[i] {
		gain := s.Items[i][k].Profit - now
		s.take(i, k)
		if gain > best.gain+boundSlack*math.Abs(now) && s.excess(s.used) == 0 {
			best = exchange{k, -1, 0, gain}
		}
		for o := i + 1; pairs && k != was && o < len(s.Items); o++ {
			held := s.pick[o]
			for n := range s.Items[o] {
				both := gain + s.Items[o][n].Profit - s.Items[o][held].Profit
				if both <= best.gain+boundSlack*math.Abs(now) {
					continue
				}
				s.take(o, n)
				if s.excess(s.used) == 0 {
					best = exchange{k, o, n, both}
				}
				s.take(o, held)
			}
		}
		s.take(i, was)
	}
	if best.gain <= 0 {
		return false
	}
	s.take(i, best.place)
	if best.other >= 0 {
		s.take(best.other, best.otherPlace)
	}
	s.count() // what was added and taken away leaves no dust
	return s.excess(s.used) == 0
}

// search goes through the tree of choices, best reduced profit first, and cuts branches
// whose bound at the duals is no better than what is known or that no rest can bring
// within the limits. It reports whether it came to the end.
func (s *coupled) search() bool {
	n, m := len(s.Items), len(s.Limits)
	order := make([][]int, n)
	rest := make([]float64, n+1)    // best reduced profit of the items from i on
	least := make([][]float64, n+1) // least use of those items
	least[n] = make([]float64, m)
	for i := n - 1; i >= 0; i-- {
		order[i] = make([]int, len(s.Items[i]))
		for k := range order[i] {
			order[i][k] = k
		}
		slices.SortStableFunc(order[i], func(a, b int) int {
			return cmp.Compare(s.Items[i][b].reduced(s.dual), s.Items[i][a].reduced(s.dual))
		})
		rest[i] = rest[i+1] + s.Items[i][order[i][0]].reduced(s.dual)
		least[i] = slices.Clone(least[i+1])
		for j := range m {
			low := math.Inf(1)
			for k := range s.Items[i] {
				low = min(low, s.Items[i][k].Use[j])
			}
			least[i][j] += low
		}
	}
	base := 0.
	for j, l := range s.Limits {
		base += s.dual[j] * l.Most
	}
	pick := make([]int, n)
	used := make([][]float64, n+1)
	for i := range used {
		used[i] = make([]float64, m)
	}
	nodes := 0
	var descend func(i int, reduced float64) bool
	descend = func(i int, reduced float64) bool {
		if nodes++; nodes > nodesMost {
			return false
		}
		if i == n {
			s.keep(pick)
			return true
		}
		for _, k := range order[i] {
			choice := &s.Items[i][k]
			x := reduced + choice.reduced(s.dual)
			if base+x+rest[i+1] <= s.profit+boundSlack*math.Abs(s.profit) {
				break // the rest of the order is worse
			}
			fits := true
			for j, l := range s.Limits {
				used[i+1][j] = used[i][j] + choice.Use[j]
				fits = fits && used[i+1][j]+least[i+1][j] <= l.Most+l.slack()
			}
			if pick[i] = k; fits && !descend(i+1, x) {
				return false
			}
		}
		return true
	}
	return descend(0, 0)
}
