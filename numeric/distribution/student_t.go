package distribution

import "math"

// StudentT is Student's t distribution with ν degrees of freedom, moved to
// location μ and stretched by scale σ: the predictive distribution of a linear
// regression.
type StudentT struct{ mu, sigma, nu float64 }

// NewStudentT returns the distribution. It panics unless mu is finite, sigma
// positive and finite, and nu > 1, so that there is a mean.
func NewStudentT(mu, sigma, nu float64) StudentT {
	finite("mu", mu)
	positiveFinite("sigma", sigma)
	if !(nu > 1) {
		panic("distribution: nu must be above 1")
	}
	return StudentT{mu, sigma, math.Min(nu, 1e15)}
}

func (d StudentT) Mean() float64 { return d.mu }

// Variance is σ²ν/(ν-2), +Inf for ν <= 2.
func (d StudentT) Variance() float64 {
	if d.nu <= 2 {
		return math.Inf(1)
	}
	return d.sigma * d.sigma * d.nu / (d.nu - 2)
}

func (d StudentT) CDF(x float64) float64 {
	lower, _ := d.tails((x - d.mu) / d.sigma)
	return lower
}

// Survival returns P(D > x), without cancellation.
func (d StudentT) Survival(x float64) float64 {
	_, upper := d.tails((x - d.mu) / d.sigma)
	return upper
}

func (d StudentT) tails(t float64) (lower, upper float64) {
	if math.IsInf(t, 0) {
		return step(t, 0), 1 - step(t, 0)
	}
	tt := t * t
	inner, outer := betaTails(0.5, d.nu/2, tt/(d.nu+tt), d.nu/(d.nu+tt))
	if t < 0 {
		return outer / 2, 0.5 + inner/2
	}
	return 0.5 + inner/2, outer / 2
}

// density is that of the standard t, with the leading factor of Loader (2000).
func (d StudentT) density(t float64) float64 {
	half := d.nu / 2
	front := stirlingError(half+0.5) - stirlingError(half) - deviance(half, half+0.5)
	spread := math.Log1p(t * t / d.nu)
	return math.Exp(front - logSqrt2Pi - (half+0.5)*spread)
}

func (d StudentT) Quantile(u float64) float64 {
	if x, done := atEnds(u, math.Inf(-1), math.Inf(1)); done {
		return x
	}
	if u == 0.5 {
		return d.mu
	}
	t := invert(math.Min(u, 1-u), normalQuantile(math.Min(u, 1-u)), math.Inf(-1), 0, d.tails, d.density)
	if u > 0.5 {
		t = -t
	}
	return d.mu + d.sigma*t
}

// Loss is σ((ν+t²)/(ν-1) f(t) - t S(t)) above, t = (x-μ)/σ.
func (d StudentT) Loss(x float64) (above, below float64) {
	t := (x - d.mu) / d.sigma
	_, upper := d.tails(math.Abs(t))
	far := (d.nu+t*t)/(d.nu-1)*d.density(t) - math.Abs(t)*upper
	far = math.Max(0, far)
	if t > 0 {
		return d.sigma * far, d.sigma * (far + t)
	}
	return d.sigma * (far - t), d.sigma * far
}
