package drift

import (
	"math"

	"tradewind/numeric/distribution"
)

// chainStates is the coarser of the two grids that a run length is computed on.
const chainStates = 60

// RunLength returns the mean number of values until a one-sided CUSUM of allowance k and
// limit h alarms, when the values are independent draws of d and it begins at 0. The sum is
// followed as a Markov chain on a grid, on two grids whose errors of second order cancel:
// accurate to about 1e-5 of its value for a continuous d, 1e-4 where it is millions. Watching both sides of a symmetric
// distribution halves it. It panics unless k >= 0 and h > 0.
//
// Source: Brook & Evans, An approach to the probability distribution of CUSUM run length
// (1972), Biometrika 59, 539-549.
func RunLength(d distribution.Distribution, k, h float64) float64 {
	if !(k >= 0) || !(h > 0) {
		panic("drift: a run length needs k >= 0 and h > 0")
	}
	coarse, fine := chainLength(d, k, h, chainStates), chainLength(d, k, h, 2*chainStates)
	// The cells are 2h/(2·states-1) wide, so one grid is a little less than half the other.
	ratio := (4*chainStates - 1.) / (2*chainStates - 1.)
	return fine + (fine-coarse)/(ratio*ratio-1)
}

// chainLength puts the sum on cells of width w: cell 0 reaches up to w/2, the last to h.
func chainLength(d distribution.Distribution, k, h float64, states int) float64 {
	w := 2 * h / float64(2*states-1)
	upTo := make([]float64, 2*states) // upTo[i]: P(z - k <= (i - states + ½)·w)
	for i := range upTo {
		upTo[i] = d.CDF((float64(i-states)+.5)*w + k)
	}
	// (I - R)·μ = 1, R[i][j] the probability of going from cell i to cell j.
	a := make([][]float64, states)
	for i := range a {
		a[i] = make([]float64, states+1)
		a[i][0] = -upTo[states-i]
		for j := 1; j < states; j++ {
			a[i][j] = upTo[states+j-i-1] - upTo[states+j-i]
		}
		a[i][i]++
		a[i][states] = 1
	}
	return firstUnknown(a)
}

// firstUnknown solves the equations whose right side is the last column of a and returns the
// first unknown. The matrix is one of a chain that ends, so no pivot vanishes. It overwrites a.
func firstUnknown(a [][]float64) float64 {
	n := len(a)
	for k := n - 1; k > 0; k-- { // from the last unknown up, so that only the first remains
		pivot := a[k]
		for _, row := range a[:k] {
			f := row[k] / pivot[k]
			row[n] -= f * pivot[n]
			left := row[:k]
			for j, p := range pivot[:k] {
				left[j] -= f * p
			}
		}
	}
	return a[0][n] / a[0][0]
}

// SiegmundRunLength returns Siegmund's closed form for the run length of a one-sided CUSUM of
// normal values with the given mean and standard deviation 1,
//
//	(e^(-2Δb) + 2Δb - 1)/(2Δ²),  Δ = mean - k,  b = h + 1.166
//
// and b² at Δ = 0; it is within a few per cent for k up to ½.
//
// Source: Siegmund, Sequential Analysis (1985), Springer, section 10.2.
func SiegmundRunLength(mean, k, h float64) float64 {
	drift, b := mean-k, h+1.166
	x := 2 * drift * b
	if math.Abs(x) < 1e-4 {
		return b * b * (1 - x/3)
	}
	return (math.Expm1(-x) + x) / (2 * drift * drift)
}

// Limit returns the h at which a one-sided CUSUM of allowance k runs for length values on
// average when they are independent draws of d. It panics unless k >= 0 and length exceeds
// what the smallest limit gives, 1/P(d > k).
func Limit(d distribution.Distribution, k, length float64) float64 {
	if !(length*(1-d.CDF(k)) > 1) || math.IsInf(length, 1) {
		panic("drift: a run length that no limit gives")
	}
	// ln RunLength is nearly straight in h, so that chords between two sides close in fast.
	apart := func(h float64) float64 { return math.Log(RunLength(d, k, h) / length) }
	low, high := 0.0, 1.0
	below, above := -math.Log(length*(1-d.CDF(k))), apart(high)
	for above < 0 {
		low, below, high = high, above, 2*high
		if high > 1e6 { // the values drift upward: no limit is too far
			panic("drift: a run length that no limit gives")
		}
		above = apart(high)
	}
	for range 60 {
		h := high - above*(high-low)/(above-below)
		at := apart(h)
		if math.Abs(at) < 1e-8 { // the grid is coarser than that
			return h
		}
		if at < 0 { // the side that stays counts half, so that it does not stay for ever
			low, below, above = h, at, above/2
		} else {
			high, above, below = h, at, below/2
		}
	}
	return high
}
