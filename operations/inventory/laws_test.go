package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// Laws of demand that only published problems ask for.

// logNormal is e^X, X normal.
type logNormal struct{ mu, sigma float64 }

func (d logNormal) Mean() float64 { return math.Exp(d.mu + d.sigma*d.sigma/2) }
func (d logNormal) Variance() float64 {
	return math.Expm1(d.sigma*d.sigma) * d.Mean() * d.Mean()
}
func (d logNormal) CDF(x float64) float64 {
	return distribution.NewNormal(d.mu, d.sigma).CDF(math.Log(x))
}
func (d logNormal) Quantile(u float64) float64 {
	return math.Exp(distribution.NewNormal(d.mu, d.sigma).Quantile(u))
}
func (d logNormal) Loss(x float64) (above, below float64) {
	n := distribution.NewNormal(d.mu, d.sigma)
	shifted := distribution.NewNormal(d.mu+d.sigma*d.sigma, d.sigma)
	above = d.Mean()*shifted.Survival(math.Log(x)) - x*n.Survival(math.Log(x))
	return above, above - d.Mean() + x
}

type uniform struct{ low, high float64 }

func (d uniform) Mean() float64              { return (d.low + d.high) / 2 }
func (d uniform) Variance() float64          { return (d.high - d.low) * (d.high - d.low) / 12 }
func (d uniform) CDF(x float64) float64      { return min(1, max(0, (x-d.low)/(d.high-d.low))) }
func (d uniform) Quantile(u float64) float64 { return d.low + u*(d.high-d.low) }
func (d uniform) Loss(x float64) (above, below float64) {
	at := min(d.high, max(d.low, x))
	above = (d.high-at)*(d.high-at)/(2*(d.high-d.low)) + max(0, d.low-x)
	return above, above - d.Mean() + x
}

// cutNormal has the losses of the normal law, and its distribution function without what
// lies outside the whole numbers first to last.
type cutNormal struct {
	distribution.Normal
	first, last float64
}

func (d cutNormal) CDF(x float64) float64 {
	if x < d.first {
		return 0
	}
	return d.Normal.CDF(min(x, d.last+.5)) - d.Normal.CDF(d.first-.5)
}

func (d cutNormal) Quantile(u float64) float64 {
	return min(d.last, max(d.first, d.Normal.Quantile(u)))
}
