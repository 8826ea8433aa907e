package distribution

import "math"

// Gamma is the gamma distribution with density
// x^(k-1) e^(-x/θ) / (Γ(k) θ^k), shape k and scale θ. Half a chi-squared
// variable with ν degrees of freedom has shape ν/2 and scale 1.
type Gamma struct{ shape, scale float64 }

// NewGamma returns the gamma distribution. It panics unless both parameters are
// positive and finite.
func NewGamma(shape, scale float64) Gamma {
	positiveFinite("shape", shape)
	positiveFinite("scale", scale)
	return Gamma{shape, scale}
}

func (d Gamma) Mean() float64     { return d.shape * d.scale }
func (d Gamma) Variance() float64 { return d.shape * d.scale * d.scale }

func (d Gamma) CDF(x float64) float64 {
	return GammaP(d.shape, math.Max(0, x)/d.scale)
}

// Survival returns P(D > x), without cancellation.
func (d Gamma) Survival(x float64) float64 {
	return GammaQ(d.shape, math.Max(0, x)/d.scale)
}

func (d Gamma) Quantile(u float64) float64 {
	if x, done := atEnds(u, 0, math.Inf(1)); done {
		return x
	}
	tails := func(x float64) (lower, upper float64) { return gammaPQ(d.shape, x) }
	density := func(x float64) float64 {
		return math.Exp(logPoissonTerm(d.shape, x)) * d.shape / x
	}
	return d.scale * invert(u, d.guess(u), 0, math.Inf(1), tails, density)
}

// guess is the Wilson–Hilferty quantile at scale 1, or the first term of the
// series of P where the distribution hugs zero.
func (d Gamma) guess(u float64) float64 {
	c := 1 / (9 * d.shape)
	if w := 1 - c + normalQuantile(u)*math.Sqrt(c); w > 0.3 {
		return d.shape * w * w * w
	}
	g, _ := math.Lgamma(d.shape + 1)
	return math.Max(tiny, math.Exp((math.Log(u)+g)/d.shape))
}

// Loss is kθ Q(k+1, x/θ) - x Q(k, x/θ) above, and kθ and x with P below.
func (d Gamma) Loss(x float64) (above, below float64) {
	mean := d.Mean()
	if x <= 0 {
		return mean - x, 0
	}
	p0, q0 := gammaPQ(d.shape, x/d.scale)
	p1, q1 := gammaPQ(d.shape+1, x/d.scale)
	if x > mean {
		above = math.Max(0, mean*q1-x*q0)
		return above, above + x - mean
	}
	below = math.Max(0, x*p0-mean*p1)
	return below + mean - x, below
}
