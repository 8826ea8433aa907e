package inventory

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"tradewind/numeric/distribution"
)

// ReorderQuantity is the (r, Q) problem: stock is watched all the time, and Q units are
// ordered when the position falls to r; shortages wait.
//
//	c(r, Q) = (Fixed·Rate + Σ G(y)) / Q,  y = r+1 … r+Q, or the integral over y for a
//	continuous law,
//
// with G the newsvendor cost of Wait. It is exact for demand of one unit at a time.
//
// Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, equations (5.7) and (5.48).
type ReorderQuantity struct {
	Wait  distribution.Distribution // demand over the lead time
	Rate  float64                   // mean demand in a unit of time
	Fixed float64                   // cost of an order
	Over  float64                   // of a unit in stock for a unit of time
	Under float64                   // of a unit short for a unit of time; for ExpectedLevel, of a unit short
}

func (r ReorderQuantity) newsvendor() Newsvendor { return Newsvendor{r.Wait, r.Over, r.Under} }

// CostOfCount returns the cost in a unit of time of the policy for demand in whole units.
func (r ReorderQuantity) CostOfCount(level, q int) float64 {
	total, g := r.Fixed*r.Rate, r.newsvendor()
	for y := level + 1; y <= level+q; y++ {
		total += g.Cost(float64(y))
	}
	return total / float64(q)
}

// BestCount returns the policy of least cost for demand in whole units, exactly: starting
// from the best single position, the better neighbour joins while it costs less than the
// mean so far.
//
// Source: A. Federgruen & Y.-S. Zheng, An efficient algorithm for computing an optimal
// (r, Q) policy in continuous review stochastic inventory systems (1992), Operations
// Research 40(4), 808-813.
func (r ReorderQuantity) BestCount() (level, q int, cost float64) {
	g := r.newsvendor()
	position, least := g.Best()
	level, q = int(position)-1, 1
	total := r.Fixed*r.Rate + least
	below, above := g.Cost(float64(level)), g.Cost(float64(level+2))
	for min(below, above) < total/float64(q) {
		total += min(below, above)
		q++
		if below <= above {
			level--
			below = g.Cost(float64(level))
		} else {
			above = g.Cost(float64(level + q + 1))
		}
	}
	return level, q, total / float64(q)
}

// Cost returns the cost in a unit of time of the policy for a continuous law of demand.
func (r ReorderQuantity) Cost(level, q float64) float64 {
	return (r.Fixed*r.Rate + overPositions(r.newsvendor().Cost, level, level+q)) / q
}

// Best returns the policy of least cost for a continuous law of demand. At the optimum
// G(r) = G(r+Q) = c(r, Q): the cost is the height c at which the bowl of G, filled up to c,
// holds Fixed·Rate.
//
// Source: Y.-S. Zheng, On properties of stochastic inventory systems (1992), Management
// Science 38(1), 87-103.
func (r ReorderQuantity) Best() (level, q, cost float64) {
	g := r.newsvendor()
	_, least := g.Best()
	fill := func(height float64) float64 {
		left, right := r.walls(height)
		return height*(right-left) - overPositions(g.Cost, left, right)
	}
	low, high := least, 2*least+r.Fixed*r.Rate
	for fill(high) < r.Fixed*r.Rate {
		low, high = high, 2*high
	}
	cost = firstLevel(low, high, func(c float64) bool { return fill(c) >= r.Fixed*r.Rate })
	left, right := r.walls(cost)
	return left, right - left, cost
}

// LevelFor returns the best reorder level for a given order size, where G(r) = G(r+Q).
func (r ReorderQuantity) LevelFor(q float64) float64 {
	g := r.newsvendor()
	top, _ := g.Best()
	return firstLevel(top-q, top, func(y float64) bool { return g.Cost(y+q) >= g.Cost(y) })
}

// ExpectedLevel returns the policy that counts the mean stock for a sawtooth from Q+safety
// to safety, its cost by that count, and the cost of a shortage once, a unit, however long.
//
//	r = F⁻¹(1 - Q·Over/(Under·Rate)),  Q = √(2·Rate·(Fixed + Under·E[(D-r)⁺])/Over),
//
// solved by turns. It fails, with NaN, where a shortage is so cheap that no r does.
//
// Source: G. Hadley & T. M. Whitin, Analysis of Inventory Systems (1963); Snyder & Shen
// 2019, algorithm 5.1.
func (r ReorderQuantity) ExpectedLevel() (level, q, cost float64) {
	q = math.Sqrt(2 * r.Rate * r.Fixed / r.Over)
	for range 1000 {
		u := 1 - q*r.Over/(r.Under*r.Rate)
		if !(u > 0) {
			return math.NaN(), math.NaN(), math.NaN()
		}
		level = r.Wait.Quantile(u)
		above, _ := r.Wait.Loss(level)
		before := q
		q = math.Sqrt(2 * r.Rate * (r.Fixed + r.Under*above) / r.Over)
		if math.Abs(q-before) < 1e-13*q {
			break
		}
	}
	above, _ := r.Wait.Loss(level)
	cost = r.Over*(level-r.Wait.Mean()+q/2) + (r.Fixed+r.Under*above)*r.Rate/q
	return level, q, cost
}

// FromEOQ returns the order size of the EOQ with backorders and the best level for it; the
// cost is at most 1/8 above the optimum.
//
// Source: Zheng 1992; S. Axsäter, Using the deterministic EOQ formula in stochastic
// inventory control (1996), Management Science 42(6), 830-834 (the bound of .118).
func (r ReorderQuantity) FromEOQ() (level, q float64) {
	q, _, _ = EOQ{Fixed: r.Fixed, Holding: r.Over, Rate: r.Rate, Penalty: r.Under}.Best()
	return r.LevelFor(q), q
}

// SafetyStock returns the order size of the EOQ and the newsvendor level of Wait.
//
// Source: Snyder & Shen 2019, equation (5.21).
func (r ReorderQuantity) SafetyStock() (level, q float64) {
	q, _, _ = EOQ{Fixed: r.Fixed, Holding: r.Over, Rate: r.Rate}.Best()
	level, _ = r.newsvendor().Best()
	return level, q
}

// LossFunction returns the policy that forgets shortages at the top of a cycle:
//
//	E[(D-r)⁺] = Q·Over/(Over+Under),  Q = √(2·(Fixed·Rate + (Over+Under)·∫_r^∞ E[(D-y)⁺]dy)/Over).
//
// Source: Hadley & Whitin 1963; Snyder & Shen 2019, (5.28)-(5.29).
func (r ReorderQuantity) LossFunction() (level, q float64) {
	loss := func(y float64) float64 { above, _ := r.Wait.Loss(y); return above }
	end := r.Wait.Quantile(1 - 1e-15)
	q, _, _ = EOQ{Fixed: r.Fixed, Holding: r.Over, Rate: r.Rate}.Best()
	for range 1000 {
		aim := q * r.Over / (r.Over + r.Under)
		level = firstLevel(min(0, r.Wait.Mean()-aim)-1, end, func(y float64) bool { return loss(y) <= aim })
		before := q
		q = math.Sqrt(2 * (r.Fixed*r.Rate + (r.Over+r.Under)*overPositions(loss, level, end)) / r.Over)
		if math.Abs(q-before) < 1e-13*q {
			break
		}
	}
	return level, q
}

// FillRate returns the share of demand that a policy serves from the shelf without waiting,
// for counts and continuous laws alike: 1 - (E[(D-r)⁺] - E[(D-r-Q)⁺])/Q.
func (r ReorderQuantity) FillRate(level, q float64) float64 {
	low, _ := r.Wait.Loss(level)
	high, _ := r.Wait.Loss(level + q)
	return 1 - (low-high)/q
}

// walls returns the two positions at which the newsvendor cost has the given height, which
// lies at or above its least.
func (r ReorderQuantity) walls(height float64) (left, right float64) {
	g := r.newsvendor()
	bottom, _ := g.Best()
	reach := func(sign float64) float64 {
		far := height / min(r.Over, r.Under)
		for g.Cost(bottom+sign*far) < height {
			far *= 2
		}
		return firstLevel(0, far, func(x float64) bool { return g.Cost(bottom+sign*x) >= height })
	}
	return bottom - reach(-1), bottom + reach(1)
}

// firstLevel returns the smallest x in (low, high] at which is holds, when it holds from some x
// on and at high.
func firstLevel(low, high float64, is func(float64) bool) float64 {
	for range 200 {
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			break
		}
		if is(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// positionGauss holds the places and weights of Gauss-Legendre on 0 to 1.
var positionGauss = func() (g struct{ at, weight [24]float64 }) {
	quad.Legendre{}.FixedLocations(g.at[:], g.weight[:], 0, 1)
	return g
}()

// overPositions integrates a smooth function over an interval.
func overPositions(f func(float64) float64, low, high float64) float64 {
	var sum float64
	const parts = 8
	width := (high - low) / parts
	for k := range parts {
		for i, x := range positionGauss.at {
			sum += width * positionGauss.weight[i] * f(low+width*(float64(k)+x))
		}
	}
	return sum
}
