// Package distribution holds the random variables in which uncertain quantities
// are passed around: each knows its mean, variance, distribution function,
// quantiles and the two expected losses that ordering decisions rest on, all in
// closed form.
//
// It is not a toolbox for estimation: parameters come from elsewhere (package
// forecast builds most of them). It rests on nothing but the standard library;
// package forecast and every discipline that weighs risk come after it.
//
// Values are immutable and safe for concurrent use. A parameter outside its
// range is a programming error and panics in the constructor; a method never
// panics and never returns NaN unless its own argument is NaN.
package distribution

import (
	"math"
	"math/rand/v2"
)

// Distribution is a real random variable D.
//
// CDF(x) is P(D <= x), right-continuous. Quantile(u) is the smallest x with
// CDF(x) >= u; at u = 0 and u = 1 it is the lower and upper end of the support,
// possibly infinite, and outside [0, 1] it is NaN.
type Distribution interface {
	Mean() float64
	Variance() float64
	CDF(x float64) float64
	Quantile(u float64) float64

	// Loss returns the expected excess above x, E[(D-x)+], and the expected
	// shortfall below x, E[(x-D)+], in units of D. Their difference is the
	// mean less x. For a provision x against a need D, above is what is missing
	// and below what is left over.
	Loss(x float64) (above, below float64)
}

// Sample draws one value of d: of a mixture a part and then a value of that, and else by
// inverse transform.
func Sample(d Distribution, rng *rand.Rand) float64 {
	if m, ok := d.(Mixture); ok { // a quantile of a mixture takes a hundred times as long
		return Sample(m.part(rng.Float64()), rng)
	}
	return d.Quantile(openUniform(rng))
}

// SampleInto writes d.Quantile(u[i]) into dst[i]: the same uniforms give
// comparable draws from different distributions (common random numbers).
// dst and u have equal length, or it panics; u lies in (0, 1).
func SampleInto(dst []float64, d Distribution, u []float64) {
	if len(dst) != len(u) {
		panic("distribution: dst and u differ in length")
	}
	for i := range u {
		dst[i] = d.Quantile(u[i])
	}
}

// PIT returns the randomised probability integral transform of y under d,
//
//	F(y-) + v (F(y) - F(y-)),  v in [0, 1].
//
// If d is the true distribution of y and v is uniform then the result is
// uniform, for discrete and for continuous d alike.
//
// Source: Smith, Diagnostic checks of non-standard time series models (1985),
// Journal of Forecasting 4, 283-291; Czado, Gneiting & Held (2009),
// doi:10.1111/j.1541-0420.2009.01191.x.
func PIT(d Distribution, y, v float64) float64 {
	upper := d.CDF(y)
	lower := d.CDF(math.Nextafter(y, math.Inf(-1)))
	return lower + v*(upper-lower)
}

// openUniform draws from the open interval (0, 1), so that no quantile is infinite.
func openUniform(rng *rand.Rand) float64 {
	return (float64(rng.Uint64()>>12) + 0.5) * 0x1p-52
}

// positiveFinite panics unless x is a positive finite number.
func positiveFinite(name string, x float64) {
	if !(x > 0) || math.IsInf(x, 1) {
		panic("distribution: " + name + " must be positive and finite")
	}
}

// finite panics unless x is a finite number.
func finite(name string, x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		panic("distribution: " + name + " must be finite")
	}
}
