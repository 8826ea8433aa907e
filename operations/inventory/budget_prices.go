package inventory

import (
	"math"
)

// relaxed is the answer of the relaxation: prices, the bound that they give, and a choice
// within the limits that a menu-by-menu choice at some prices makes.
type relaxed struct {
	free     float64 // bound without prices: what all would gain if nothing were limited
	prices   LimitPrices
	bound    float64
	feasible LimitPrices // at which the best choice seen was within the limits
}

const (
	mostCuts   = 90
	settleCuts = 5 // cuts between two looks at which menus have settled
)

// relax finds the prices of the least bound.
func (t *offerTable) relax(l Limits) relaxed {
	w := t.whole(l)
	free := w.at(LimitPrices{})
	if free.use.within(l) {
		return relaxed{free: free.bound, prices: free.prices, bound: free.bound, feasible: free.prices}
	}
	region := t.region(l, free.bound)
	out := relaxed{free: free.bound, prices: free.prices, bound: free.bound, feasible: region.dearest()}
	best := math.Inf(-1)
	for cut := range mostCuts {
		p := region.centre()
		x := w.at(p)
		if x.bound < out.bound {
			out.bound, out.prices = x.bound, x.prices
		}
		if x.use.within(l) && x.use.gain > best {
			best, out.feasible = x.use.gain, x.prices
		}
		// Where a use is below its limit, the bound falls with the price, and else rises.
		slope := LimitPrices{Cash: slack(l.Cash, x.use.cash), Volume: slack(l.Volume, x.use.volume)}
		if slope.Cash >= 0 && slope.Volume >= 0 && p.Cash*slope.Cash+p.Volume*slope.Volume == 0 {
			break // the choice fills the limits that have a price: no other bounds better
		}
		region = region.cut(p, slope)
		if len(region) == 0 || region.narrow() || out.bound-region.least(p, x.bound, slope) <= rounding*out.free {
			break
		}
		if cut%settleCuts == settleCuts-1 {
			w.settle(region)
		}
	}
	return out
}

// slack is what a use leaves of a limit; 0 where there is none.
func slack(limit, use float64) float64 {
	if math.IsInf(limit, 1) {
		return 0
	}
	return limit - use
}

// region bounds the best prices: none is higher than the best gain a unit of its limit, and
// as the bound at the best prices is at least what the limits cost there, and at most the
// bound at none, λ·limits is at most that.
func (t *offerTable) region(l Limits, most float64) priceRegion {
	highest := func(use []float64, limit float64) float64 {
		if math.IsInf(limit, 1) {
			return 0
		}
		x := 0.0
		for k, g := range t.gain {
			if u := use[k]; u > 0 {
				x = max(x, g/u)
			}
		}
		if limit > 0 {
			x = min(x, most/limit)
		}
		return min(x*(1+1e-9), math.MaxFloat64)
	}
	return newPriceRegion(highest(t.cash, l.Cash), highest(t.volume, l.Volume))
}

// choosing are menus among which some have settled: their choice is the same at all prices
// that are still possible.
type choosing struct {
	offerTable // of the menus that have not settled
	settled    usage
	limits     Limits
	counted    bool // there are more menus than the count allows: none settles, for its choice hangs on the others'
	nets, rank []float64
	offers     []int32
}

func (t *offerTable) whole(l Limits) *choosing {
	w := &choosing{offerTable: *t, limits: l, counted: l.Count < t.menus()}
	if w.counted {
		w.nets, w.rank, w.offers = make([]float64, t.menus()), make([]float64, t.menus()), make([]int32, t.menus())
	}
	return w
}

// chosen is what menus choose at some prices.
type chosen struct {
	use    usage
	prices LimitPrices // with that of the count
	bound  float64
}

// at lets every menu choose at some prices of cash and volume. The count gets the price at
// which as many menus as it allows still choose something.
func (w *choosing) at(p LimitPrices) chosen {
	p.Count = 0
	x := chosen{use: w.settled}
	if w.counted {
		x.use, p.Count = w.reach(p, nil)
	} else {
		for i := range w.menus() {
			if k, _ := w.best(i, p); k >= 0 {
				x.use = w.add(x.use, k)
			}
		}
	}
	x.prices = p
	x.bound = x.use.gain + p.Cash*slack(w.limits.Cash, x.use.cash) + p.Volume*slack(w.limits.Volume, x.use.volume)
	return x
}

// reach takes the offers of the menus that the count reaches, best first, and returns the
// net of the first that it does not. Where picked is not nil, it writes them there.
func (w *choosing) reach(p LimitPrices, picked []int32) (u usage, price float64) {
	rank := w.rank[:0]
	for i := range w.menus() {
		w.offers[i], w.nets[i] = w.best(i, p)
		if w.nets[i] > 0 {
			rank = append(rank, w.nets[i])
		}
	}
	ties := w.limits.Count
	if ties < len(rank) {
		price = nthLargest(rank, ties)
		for _, net := range rank {
			if net > price {
				ties--
			}
		}
	}
	for i, net := range w.nets {
		switch {
		case net <= 0 || net < price:
			continue
		case price > 0 && net == price:
			if ties--; ties < 0 {
				continue
			}
		}
		u = w.add(u, w.offers[i])
		if picked != nil {
			picked[i] = w.offers[i]
		}
	}
	return u, price
}

// nthLargest returns the value that n others of xs are ahead of; it reorders xs.
func nthLargest(xs []float64, n int) float64 {
	for lo, hi := 0, len(xs)-1; ; {
		if lo >= hi {
			return xs[n]
		}
		pivot := max(min(xs[lo], xs[hi]), min(max(xs[lo], xs[hi]), xs[(lo+hi)/2])) // the middle one of three
		i, j := lo, hi
		for i <= j {
			for xs[i] > pivot {
				i++
			}
			for xs[j] < pivot {
				j--
			}
			if i <= j {
				xs[i], xs[j] = xs[j], xs[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j:
			hi = j
		case n >= i:
			lo = i
		default:
			return xs[n]
		}
	}
}

// settle takes out the menus that choose alike at all corners of a region, and so within
// it: the prices at which a menu prefers an offer form a convex set.
func (w *choosing) settle(region priceRegion) {
	if w.counted {
		return
	}
	var left offerTable
	left.start = append(left.start, 0)
	for i := range w.menus() {
		first, _ := w.best(i, region[0])
		same := true
		for _, corner := range region[1:] {
			if k, _ := w.best(i, corner); k != first {
				same = false
				break
			}
		}
		if same {
			if first >= 0 {
				w.settled = w.add(w.settled, first)
			}
			continue
		}
		lo, hi := w.start[i], w.start[i+1]
		left.gain, left.cash, left.volume = append(left.gain, w.gain[lo:hi]...), append(left.cash, w.cash[lo:hi]...), append(left.volume, w.volume[lo:hi]...)
		left.start = append(left.start, int32(len(left.gain)))
	}
	w.offerTable = left
}
