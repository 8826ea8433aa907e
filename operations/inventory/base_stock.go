package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// PeriodicReview is the (R, S) policy: every R days the stock on hand and on order is
// raised to S; shortages wait. R of 1 with every period a day is the base-stock policy.
// Lead and Protection are the laws of demand over the lead time and over lead time plus
// review, taken together from the same paths where demand is correlated.
//
// Source: Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. 2019, chapter
// 4; fill rate: E. A. Silver, D. F. Pyke & D. J. Thomas, Inventory and Production
// Management in Supply Chains, 4th ed. 2017, chapter 6.
type PeriodicReview struct {
	Lead       distribution.Distribution
	Protection distribution.Distribution
}

// FillRate returns the share of demand that is served from the shelf without waiting:
//
//	β(S) = 1 - (E[(D_{L+R}-S)⁺] - E[(D_L-S)⁺]) / E[D_R].
//
// The second loss is what an earlier review period left waiting, which the usual
// approximation forgets. β is 1 where there is no demand.
func (r PeriodicReview) FillRate(level float64) float64 {
	due := r.Protection.Mean() - r.Lead.Mean()
	if due <= 0 {
		return 1
	}
	end, _ := r.Protection.Loss(level)
	start, _ := r.Lead.Loss(level)
	return min(1, max(0, 1-(end-start)/due))
}

// CycleService returns the probability that no demand waits in a review period: P(D ≤ S)
// over lead time and review. It is not the fill rate, and mostly the lower of the two.
func (r PeriodicReview) CycleService(level float64) float64 { return r.Protection.CDF(level) }

// LevelForFillRate returns the smallest level whose fill rate reaches the target in [0, 1),
// to within unit; 1 gives whole units.
func (r PeriodicReview) LevelForFillRate(target, unit float64) float64 {
	// The rate climbs with the level: grow a bracket from the mean outwards, then halve it
	// on the grid of units.
	step := unit * max(1, math.Ceil(math.Sqrt(r.Protection.Variance())/unit))
	high := unit * math.Ceil(r.Protection.Mean()/unit)
	for s := step; r.FillRate(high) < target; s *= 2 {
		high += s
	}
	low := high - step
	for s := step; r.FillRate(low) >= target; s *= 2 {
		if high = low; low <= -1e6*(step+math.Abs(r.Protection.Mean())) {
			return low // any level will do
		}
		low -= s
	}
	for steps := math.Round((high - low) / unit); steps > 1; {
		half := math.Floor(steps / 2)
		if r.FillRate(low+half*unit) >= target {
			high, steps = low+half*unit, half
		} else {
			low, steps = low+half*unit, steps-half
		}
	}
	return high
}

// OnHand returns the mean stock on the shelf just before an order arrives, when it is
// least, and just after, when it is most.
func (r PeriodicReview) OnHand(level float64) (before, after float64) {
	_, before = r.Protection.Loss(level)
	_, after = r.Lead.Loss(level)
	return before, after
}

// Waiting returns the mean number of units that customers wait for just before an order
// arrives, when it is most.
func (r PeriodicReview) Waiting(level float64) float64 {
	above, _ := r.Protection.Loss(level)
	return above
}
