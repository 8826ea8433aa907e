package inventory

import (
	"math"
)

// Offer is one thing that could be done with a SKU, and what it takes of limits that all
// SKUs share. What it takes is not negative.
type Offer struct {
	Gain   float64
	Cash   float64
	Volume float64
}

// Limits are shared by all SKUs. +Inf and math.MaxInt are no limit: see Unlimited.
type Limits struct {
	Cash   float64
	Volume float64 // in the unit of the offers, cubic metres for a container
	Count  int     // of SKUs for which an offer is taken
}

// Unlimited are limits that bind nothing.
var Unlimited = Limits{Cash: math.Inf(1), Volume: math.Inf(1), Count: math.MaxInt}

// LimitPrices are the shadow prices of limits: what one more unit of each would earn.
type LimitPrices struct{ Cash, Volume, Count float64 }

// net is what an offer earns once it has paid for what it takes.
func (p LimitPrices) net(o *Offer) float64 {
	return o.Gain - p.Cash*o.Cash - p.Volume*o.Volume - p.Count
}

// Shared is a choice of at most one offer a menu within the limits.
type Shared struct {
	Picked []int // position in each menu, -1 for none
	Gain   float64
	Cash   float64
	Volume float64
	Count  int

	Prices LimitPrices
	Bound  float64 // no choice within the limits gains more
	Proved bool    // none gains more than this one: Bound is Gain
}

// Share picks at most one offer from each menu, so that together they gain most within the
// limits:
//
//	maximise Σ gain   subject to   Σ cash ≤ Cash,  Σ volume ≤ Volume,  number ≤ Count
//
// Limits are given prices λ. At given prices every menu takes the offer of the highest
// gain - λ·use, the marginal value of each limit is then the same in all menus, and
//
//	L(λ) = λ·limits + Σ max(0, gain - λ·use)
//
// bounds every choice from above; the least L is found by cutting planes through the
// centre of gravity of what prices are still possible. Where offers are whole packs and
// least orders, the choice at those prices need not fill the limits: a search among the
// offers that can still matter repairs it. An offer whose loss against its menu's best is
// the gap between bound and choice or more cannot be in a better choice, so that search is
// short; it stops after a fixed number of steps, and Proved says whether it had finished.
//
// Offers without a gain are never picked. Share does not modify menus; the same menus give
// the same answer to the bit. Negative or undefined uses panic. The cost is that of about
// 40 passes over the offers, fewer as menus settle.
//
// Source: Everett, Generalized Lagrange multiplier method, Operations Research 11(3), 1963;
// Newman, Location of the maximum on unimodal surfaces, Journal of the ACM 12(3), 1965;
// Kellerer, Pferschy & Pisinger, Knapsack Problems, 2004, chapter 11 (multiple choice).
func Share(menus [][]Offer, l Limits) *Shared {
	t := newOfferTable(menus)
	r := t.relax(l)
	s := &Shared{Picked: make([]int, len(menus)), Prices: r.prices, Bound: r.bound}
	picked := t.repair(l, r)
	for i := range menus {
		s.Picked[i] = -1
		if k := picked.offer[i]; k >= 0 {
			o := &menus[i][t.place[k]]
			s.Picked[i] = int(t.place[k])
			s.Gain, s.Cash, s.Volume, s.Count = s.Gain+o.Gain, s.Cash+o.Cash, s.Volume+o.Volume, s.Count+1
		}
	}
	if s.Proved = picked.proved; s.Proved {
		s.Bound = s.Gain
	}
	s.Bound = max(s.Bound, s.Gain) // equal but for rounding
	return s
}

// offerTable holds the offers worth a look, in columns: those of menu i lie in
// start[i] ≤ k < start[i+1].
type offerTable struct {
	start              []int32
	gain, cash, volume []float64
	place              []int32 // in the menu
}

func newOfferTable(menus [][]Offer) *offerTable {
	n := 0
	for _, m := range menus {
		n += len(m)
	}
	t := &offerTable{start: make([]int32, 1, len(menus)+1), place: make([]int32, 0, n)}
	all := make([]float64, 3*n)
	t.gain, t.cash, t.volume = all[:0:n], all[n:n:2*n], all[2*n:2*n]
	for _, m := range menus {
		for j := range m {
			o := &m[j]
			if !(o.Cash >= 0 && o.Volume >= 0) {
				panic("inventory: an offer takes a negative or undefined part of a limit")
			}
			if o.Gain > 0 && o.Gain <= math.MaxFloat64 {
				t.gain, t.cash, t.volume = append(t.gain, o.Gain), append(t.cash, o.Cash), append(t.volume, o.Volume)
				t.place = append(t.place, int32(j))
			}
		}
		t.start = append(t.start, int32(len(t.gain)))
	}
	return t
}

func (t *offerTable) menus() int { return len(t.start) - 1 }

// best is the offer of a menu that earns most at some prices, -1 where none earns anything.
func (t *offerTable) best(i int, p LimitPrices) (offer int32, net float64) {
	offer = -1
	for k := t.start[i]; k < t.start[i+1]; k++ {
		if x := t.gain[k] - p.Cash*t.cash[k] - p.Volume*t.volume[k] - p.Count; x > net {
			offer, net = k, x
		}
	}
	return offer, net
}

// usage is what a choice gains and takes.
type usage struct {
	gain, cash, volume float64
	count              int
}

func (u usage) within(l Limits) bool {
	return u.cash <= l.Cash && u.volume <= l.Volume && u.count <= l.Count
}

func (t *offerTable) add(u usage, k int32) usage {
	return usage{u.gain + t.gain[k], u.cash + t.cash[k], u.volume + t.volume[k], u.count + 1}
}

func (t *offerTable) usage(offers []int32) usage {
	var u usage
	for _, k := range offers {
		if k >= 0 {
			u = t.add(u, k)
		}
	}
	return u
}
