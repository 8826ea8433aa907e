package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// naiveScale is the mean squared difference of neighbouring values of y, from the
// first value above zero; NaN where there is none.
func naiveScale(y []float64) float64 {
	sum, n := 0.0, 0.0
	begun := false
	for t, v := range y {
		if begun {
			if d := v - y[t-1]; !math.IsNaN(d) {
				sum += d * d
				n++
			}
		}
		begun = begun || v > 0
	}
	return sum / n
}

// RMSSE returns the root mean squared scaled error of forecast against actual,
//
//	sqrt( mean (actual - forecast)² / mean (train_t - train_{t-1})² ),
//
// the denominator taken from the first value of train above zero. Periods with a NaN
// are left out. It is NaN where train never changes or nothing was observed.
//
// Source: Makridakis, Spiliotis & Assimakopoulos, The M5 competition (2022),
// doi:10.1016/j.ijforecast.2021.07.007.
func RMSSE(train, actual, forecast []float64) float64 {
	return math.Sqrt(meanSquare(actual, forecast) / positiveOrNaN(naiveScale(train)))
}

func positiveOrNaN(x float64) float64 {
	if x > 0 {
		return x
	}
	return math.NaN()
}

func meanSquare(actual, forecast []float64) float64 {
	if len(actual) != len(forecast) {
		panic("forecast: actual and forecast differ in length")
	}
	sum, n := 0.0, 0.0
	for t, y := range actual {
		if e := y - forecast[t]; !math.IsNaN(e) {
			sum += e * e
			n++
		}
	}
	return sum / n
}

// Bias returns Σ forecast / Σ actual - 1 over the periods without a NaN; NaN if
// the actual values sum to zero.
func Bias(actual, forecast []float64) float64 {
	if len(actual) != len(forecast) {
		panic("forecast: actual and forecast differ in length")
	}
	sumF, sumA := 0.0, 0.0
	for t, y := range actual {
		if !math.IsNaN(y) && !math.IsNaN(forecast[t]) {
			sumF += forecast[t]
			sumA += y
		}
	}
	if sumA == 0 {
		return math.NaN()
	}
	return sumF/sumA - 1
}

// Pinball returns the loss of q as the u-quantile when y came,
// max(u (y-q), (1-u) (q-y)), in units of y.
func Pinball(y, q, u float64) float64 {
	return math.Max(u*(y-q), (1-u)*(q-y))
}

// CRPS approximates the continuous ranked probability score of d when y came,
// in units of y, by twice the mean pinball loss at the 49 levels 0.02 … 0.98.
//
// Source: Laio & Tamea (2007), doi:10.5194/hess-11-1267-2007.
func CRPS(d distribution.Distribution, y float64) float64 {
	const levels = 49
	sum := 0.0
	for i := 1; i <= levels; i++ {
		u := float64(i) / (levels + 1)
		sum += Pinball(y, d.Quantile(u), u)
	}
	return 2 * sum / levels
}

// Coverage counts how often randomised transforms fall into the central interval
// of a level. The zero value is ready.
type Coverage struct{ inside, n int }

// Add judges y under d; a NaN y is left out. The transform is randomised by rng,
// so a calibrated d is inside with probability level, whether it is discrete or not.
func (c *Coverage) Add(d distribution.Distribution, y, level float64, rng *rand.Rand) {
	v := rng.Float64()
	if math.IsNaN(y) {
		return
	}
	c.n++
	if u := distribution.PIT(d, y, v); math.Abs(u-0.5) <= level/2 {
		c.inside++
	}
}

// AddClosed judges whether y lies in the closed interval between the two
// quantiles of d at a central level; a NaN y is left out. For counts that is more
// often than level even if d is right.
func (c *Coverage) AddClosed(d distribution.Distribution, y, level float64) {
	if math.IsNaN(y) {
		return
	}
	c.n++
	if d.Quantile((1-level)/2) <= y && y <= d.Quantile((1+level)/2) {
		c.inside++
	}
}

// Share returns the share inside, NaN before the first value.
func (c *Coverage) Share() float64 { return float64(c.inside) / float64(c.n) }
