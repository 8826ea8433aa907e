package inventory

import (
	"cmp"
	"math"
	"slices"
)

// What repair looks at, at most: deviations to fill up with (and any that lose no more than
// the last of them), deviations to search among, and steps of that search.
const (
	mostNear  = 1 << 15
	mostPairs = 1 << 9 // deviations paired with each other
	mostCore  = 1 << 12
	mostSteps = 1 << 17
)

// repaired is a choice within the limits.
type repaired struct {
	offer  []int32 // of each menu, -1 for none
	proved bool    // no choice gains more
}

// deviation is an offer other than the one that its menu chooses at the best prices, or
// taking none (-1), and what the menu loses by it at those prices.
type deviation struct {
	menu, offer int32
	loss        float64
}

// repair turns the relaxation into a choice within the limits. It begins with the best
// choice that some prices made within them, and with that of the best prices brought within
// them, fills up both with what still fits, betters them two menus at a time, and searches
// for what is better still.
func (t *offerTable) repair(l Limits, r relaxed) repaired {
	free := t.picks(l, r.prices)
	at := t.picks(l, r.feasible)
	use := t.usage(at)
	if !use.within(l) { // by rounding
		if at, use = t.reduced(at, l, t.deviations(l, r.prices, math.Inf(1), free)); !use.within(l) {
			at, use = slices.Repeat([]int32{-1}, t.menus()), usage{}
		}
	}
	gap := r.bound - use.gain
	if gap <= rounding*r.free {
		return repaired{at, true}
	}
	near := t.deviations(l, r.prices, gap, free)
	consider := func(other []int32, u usage) {
		if !u.within(l) {
			return
		}
		if other, u = t.fill(other, l, r.prices, returning(other, free, near)); u.gain > use.gain {
			at, use = other, u
		}
	}
	consider(slices.Clone(at), use)
	consider(t.reduced(slices.Clone(free), l, near))
	consider(t.paired(slices.Clone(free), l, near))
	for range 2 {
		consider(t.paired(slices.Clone(at), l, returning(at, free, near)))
	}
	gap = r.bound - use.gain
	n, _ := slices.BinarySearchFunc(near, gap, func(d deviation, gap float64) int { return cmp.Compare(d.loss, gap) })
	all := n <= mostCore && (n < len(near) || n < mostNear) // those that lose less than the gap are all at hand
	s := newCoreSearch(t, l, r, free, at, use, near[:min(n, mostCore)])
	s.visit(0, 0, s.fixed)
	return repaired{s.best, all && s.steps > 0}
}

// returning puts first what takes a choice back to that of the best prices, at no loss.
func returning(at, free []int32, near []deviation) []deviation {
	var list []deviation
	for i, k := range free {
		if at[i] != k {
			list = append(list, deviation{menu: int32(i), offer: k})
		}
	}
	return append(list, near...)
}

// rounding is the relative difference of two sums of the same amounts.
const rounding = 1e-12

// picks are the offers chosen at some prices.
func (t *offerTable) picks(l Limits, p LimitPrices) []int32 {
	w := t.whole(l)
	out := make([]int32, t.menus())
	p.Count = 0
	if w.counted {
		for i := range out {
			out[i] = -1
		}
		w.reach(p, out)
		return out
	}
	for i := range out {
		out[i], _ = w.best(i, p)
	}
	return out
}

// reduced puts offers that take less of the limits that are exceeded, or none, in place of
// chosen ones, until the rest is within the limits: first those that lose least for it.
func (t *offerTable) reduced(at []int32, l Limits, near []deviation) ([]int32, usage) {
	use := t.usage(at)
	relief := func(d deviation) (u usage, rate float64) {
		u = t.instead(use, at[d.menu], d.offer)
		part := func(before, after, limit float64) float64 {
			if before <= limit {
				return 0
			}
			return (before - after) / before
		}
		eased := part(use.cash, u.cash, l.Cash) + part(use.volume, u.volume, l.Volume) + part(float64(use.count), float64(u.count), float64(l.Count))
		if eased <= 0 {
			return u, math.Inf(1)
		}
		return u, d.loss / eased
	}
	for range 64 { // a swap that eases one limit may exceed another
		if use.within(l) {
			break
		}
		list := t.ranked(near, func(d deviation) float64 { _, rate := relief(d); return rate })
		if len(list) == 0 {
			break // what is near does not bring it within the limits
		}
		for _, d := range list {
			if use.within(l) {
				break
			}
			if u, rate := relief(d); !math.IsInf(rate, 1) {
				at[d.menu], use = d.offer, u
			}
		}
		use = t.usage(at)
	}
	return at, use
}

// instead is a use with one offer of a menu in place of another; -1 is none.
func (t *offerTable) instead(u usage, old, new int32) usage {
	if old >= 0 {
		u = usage{u.gain - t.gain[old], u.cash - t.cash[old], u.volume - t.volume[old], u.count - 1}
	}
	if new >= 0 {
		u = t.add(u, new)
	}
	return u
}

// ranked sorts deviations by a rate, the lowest first, without those of an infinite one.
func (t *offerTable) ranked(near []deviation, rate func(deviation) float64) []deviation {
	type rated struct {
		deviation
		rate float64
	}
	var list []rated
	for _, d := range near {
		if x := rate(d); !math.IsInf(x, 1) {
			list = append(list, rated{d, x})
		}
	}
	slices.SortFunc(list, func(a, b rated) int {
		return cmp.Or(cmp.Compare(a.rate, b.rate), cmp.Compare(a.loss, b.loss), cmp.Compare(a.menu, b.menu), cmp.Compare(a.offer, b.offer))
	})
	out := make([]deviation, len(list))
	for i, x := range list {
		out[i] = x.deviation
	}
	return out
}

func (t *offerTable) net(k int32, p LimitPrices) float64 {
	return t.gain[k] - p.Cash*t.cash[k] - p.Volume*t.volume[k] - p.Count
}

// deviations lists those that lose less than the gap and could be within the limits, least
// first, or the first of these.
func (t *offerTable) deviations(l Limits, p LimitPrices, gap float64, free []int32) []deviation {
	most := math.Nextafter(gap, 0)
	each := func(do func(d deviation)) {
		for i, k := range free {
			net := 0.0
			if k >= 0 {
				if net = t.net(k, p); net <= most {
					do(deviation{int32(i), -1, max(0, net)})
				}
			}
			for j := t.start[i]; j < t.start[i+1]; j++ {
				if loss := net - t.net(j, p); j != k && loss <= most && t.cash[j] <= l.Cash && t.volume[j] <= l.Volume {
					do(deviation{int32(i), j, max(0, loss)})
				}
			}
		}
	}
	losses := make([]float64, 0, len(t.gain)+t.menus())
	each(func(d deviation) { losses = append(losses, -d.loss) })
	if len(losses) > mostNear {
		most = -nthLargest(losses, mostNear)
	}
	list := make([]deviation, 0, min(len(losses), 2*mostNear))
	each(func(d deviation) { list = append(list, d) })
	slices.SortFunc(list, func(a, b deviation) int {
		return cmp.Or(cmp.Compare(a.loss, b.loss), cmp.Compare(a.menu, b.menu), cmp.Compare(a.offer, b.offer))
	})
	return list
}

// fill puts better offers in place of chosen ones while they fit, first those that gain most
// for what they take at the prices, until none does.
func (t *offerTable) fill(at []int32, l Limits, p LimitPrices, offers []deviation) ([]int32, usage) {
	use := t.usage(at)
	upgrade := func(d deviation) (u usage, rate float64) {
		u = t.instead(use, at[d.menu], d.offer)
		gains := u.gain - use.gain
		if !(gains > rounding*use.gain) || !u.within(l) {
			return u, math.Inf(1)
		}
		takes := p.Cash*(u.cash-use.cash) + p.Volume*(u.volume-use.volume) + p.Count*float64(u.count-use.count)
		return u, takes / gains
	}
	for {
		list := t.ranked(offers, func(d deviation) float64 { _, rate := upgrade(d); return rate })
		if len(list) == 0 {
			return at, use
		}
		var undo []deviation
		for _, d := range list {
			if u, rate := upgrade(d); !math.IsInf(rate, 1) {
				undo = append(undo, deviation{menu: d.menu, offer: at[d.menu]})
				at[d.menu], use = d.offer, u
			}
		}
		use = t.usage(at)
		if use.within(l) {
			continue
		}
		for ; !use.within(l); use = t.usage(at) { // the running sums were rounded
			last := undo[len(undo)-1]
			at[last.menu], undo = last.offer, undo[:len(undo)-1]
		}
		return at, use
	}
}

// paired makes the two deviations at once that bring a choice within the limits at the
// highest gain; none where none do.
func (t *offerTable) paired(at []int32, l Limits, near []deviation) ([]int32, usage) {
	base := t.usage(at)
	near = near[:min(len(near), mostPairs)]
	after := make([]usage, len(near))
	for i, d := range near {
		after[i] = t.instead(usage{}, at[d.menu], d.offer)
	}
	one, two, best := -1, -1, math.Inf(-1)
	for i, a := range after {
		u := base.plus(a)
		if u.gain > best && u.within(l) {
			one, two, best = i, -1, u.gain
		}
		for j, b := range after[:i] {
			if u.gain+b.gain > best && near[i].menu != near[j].menu && u.plus(b).within(l) {
				one, two, best = i, j, u.gain+b.gain
			}
		}
	}
	for _, i := range []int{one, two} {
		if i >= 0 {
			at[near[i].menu] = near[i].offer
		}
	}
	return at, t.usage(at)
}

// coreSearch looks through what the menus with near offers could choose, the others left
// as the prices have them.
type coreSearch struct {
	*offerTable
	limits Limits
	relaxed
	menus []coreMenu
	fixed usage // of the other menus

	most, least []usage // of the menus from a depth on
	now, best   []int32
	gain        float64 // of best
	steps       int     // left
}

type coreMenu struct {
	menu    int32
	choices []deviation // least loss first
}

func newCoreSearch(t *offerTable, l Limits, r relaxed, free, at []int32, use usage, near []deviation) *coreSearch {
	s := &coreSearch{offerTable: t, limits: l, relaxed: r, best: at, gain: use.gain, steps: mostSteps}
	s.now = slices.Clone(free)
	place := map[int32]int{}
	for _, d := range near {
		n, ok := place[d.menu]
		if !ok {
			n = len(s.menus)
			place[d.menu] = n
			s.menus = append(s.menus, coreMenu{d.menu, []deviation{{menu: d.menu, offer: free[d.menu]}}})
			s.now[d.menu] = -1
		}
		s.menus[n].choices = append(s.menus[n].choices, d)
	}
	slices.Reverse(s.menus) // a better choice found among those that lose little cuts off those that lose much
	s.fixed = t.usage(s.now)
	s.most, s.least = make([]usage, len(s.menus)+1), make([]usage, len(s.menus)+1)
	for d := len(s.menus) - 1; d >= 0; d-- {
		most, least := usage{}, usage{gain: 0, cash: math.Inf(1), volume: math.Inf(1), count: 1}
		for _, c := range s.menus[d].choices {
			var u usage
			if c.offer >= 0 {
				u = t.add(u, c.offer)
			}
			most = usage{0, max(most.cash, u.cash), max(most.volume, u.volume), max(most.count, u.count)}
			least = usage{0, min(least.cash, u.cash), min(least.volume, u.volume), min(least.count, u.count)}
		}
		s.most[d], s.least[d] = s.most[d+1].plus(most), s.least[d+1].plus(least)
	}
	return s
}

func (u usage) plus(v usage) usage {
	return usage{u.gain + v.gain, u.cash + v.cash, u.volume + v.volume, u.count + v.count}
}

// visit tries every choice of the menus from a depth on, but those that cannot gain more
// than the best: gain = bound - losses - prices · what is left of the limits.
func (s *coreSearch) visit(depth int, loss float64, u usage) {
	if s.steps--; s.steps <= 0 {
		return
	}
	if !u.plus(s.least[depth]).within(s.limits) {
		return
	}
	full := u.plus(s.most[depth])
	idle := s.prices.Cash*max(0, slack(s.limits.Cash, full.cash)) + s.prices.Volume*max(0, slack(s.limits.Volume, full.volume))
	if s.prices.Count > 0 {
		idle += s.prices.Count * float64(max(0, s.limits.Count-full.count))
	}
	if loss+idle >= s.bound-s.gain-rounding*s.free {
		return
	}
	if depth == len(s.menus) {
		if !u.within(s.limits) || u.gain <= s.gain {
			return
		}
		if exact := s.usage(s.now); exact.within(s.limits) && exact.gain > s.gain {
			s.best, s.gain = slices.Clone(s.now), exact.gain
		}
		return
	}
	m := &s.menus[depth]
	for _, c := range m.choices {
		next := u
		if s.now[m.menu] = c.offer; c.offer >= 0 {
			next = s.add(u, c.offer)
		}
		s.visit(depth+1, loss+c.loss, next)
	}
	s.now[m.menu] = -1
}
