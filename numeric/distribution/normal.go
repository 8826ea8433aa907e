package distribution

import "math"

// Normal is the normal distribution with mean Mu and standard deviation Sigma.
// Sigma 0 is a point mass.
type Normal struct{ mu, sigma float64 }

// NewNormal returns the normal distribution. It panics unless mu is finite and
// sigma finite and not negative.
func NewNormal(mu, sigma float64) Normal {
	finite("mu", mu)
	finite("sigma", sigma)
	if sigma < 0 {
		panic("distribution: sigma must not be negative")
	}
	return Normal{mu, sigma}
}

func (d Normal) Mean() float64     { return d.mu }
func (d Normal) Variance() float64 { return d.sigma * d.sigma }

func (d Normal) CDF(x float64) float64 {
	if d.sigma == 0 {
		return step(x, d.mu)
	}
	return normalTail((d.mu - x) / d.sigma)
}

// Survival returns P(D > x), without cancellation.
func (d Normal) Survival(x float64) float64 {
	if d.sigma == 0 {
		return 1 - step(x, d.mu)
	}
	return normalTail((x - d.mu) / d.sigma)
}

func (d Normal) Quantile(u float64) float64 {
	if x, done := atEnds(u, math.Inf(-1), math.Inf(1)); done {
		return x
	}
	return d.mu + d.sigma*normalQuantile(u)
}

// Loss is σ(φ(z) - z Q(z)) above and σ(φ(z) + z Φ(z)) below, z = (x-μ)/σ.
func (d Normal) Loss(x float64) (above, below float64) {
	if d.sigma == 0 {
		return math.Max(0, d.mu-x), math.Max(0, x-d.mu)
	}
	z := (x - d.mu) / d.sigma
	return d.sigma * normalLoss(z), d.sigma * normalLoss(-z)
}

// normalLoss is E[(Z-z)+] of the standard normal; far out it is taken from
// the asymptotic series, because the two terms cancel.
func normalLoss(z float64) float64 {
	if z > 25 {
		w := 1 / (z * z)
		return normalDensity(z) * w * (1 - w*(3-w*(15-w*(105-w*(945-w*10395)))))
	}
	return normalDensity(z) - z*normalTail(z)
}

func normalDensity(z float64) float64 { return math.Exp(-0.5*z*z - logSqrt2Pi) }

// normalTail is Q(z) = 1 - Φ(z).
func normalTail(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// normalQuantile is Φ⁻¹(u) for u in (0, 1): the library's inverse error function
// in the middle, Newton steps on the logarithm of the tail outside.
func normalQuantile(u float64) float64 {
	p := math.Min(u, 1-u)
	if p > 0.01 {
		return math.Sqrt2 * math.Erfinv(2*u-1)
	}
	l := -2 * math.Log(p)
	z := math.Sqrt(l - math.Log(2*math.Pi*l))
	for range 5 {
		q := normalTail(z)
		step := math.Log(q/p) * q / normalDensity(z)
		z += step
		if math.Abs(step) < 1e-9*z {
			break
		}
	}
	if u < 0.5 {
		return -z
	}
	return z
}

// step is the distribution function of the constant c.
func step(x, c float64) float64 {
	if x < c {
		return 0
	}
	return 1
}
