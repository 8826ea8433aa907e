package distribution

import "math"

// Scaled is the distribution of location + scale·D for another variable D: a law of
// standardised errors, say, put around a forecast. Many can share one D.
type Scaled struct {
	base            Distribution
	location, scale float64
}

// NewScaled returns the distribution of location + scale·base. It panics unless location
// is finite and scale positive and finite.
func NewScaled(base Distribution, location, scale float64) Scaled {
	finite("location", location)
	positiveFinite("scale", scale)
	return Scaled{base, location, scale}
}

func (d Scaled) Mean() float64         { return d.location + d.scale*d.base.Mean() }
func (d Scaled) Variance() float64     { return d.scale * d.scale * d.base.Variance() }
func (d Scaled) CDF(x float64) float64 { return d.base.CDF(d.inward(x)) }

func (d Scaled) Quantile(u float64) float64 { return d.location + d.scale*d.base.Quantile(u) }

// Loss is that of the base, in its units times the scale.
func (d Scaled) Loss(x float64) (above, below float64) {
	above, below = d.base.Loss(d.inward(x))
	return d.scale * above, d.scale * below
}

// inward is the value of the base that stands for x. A value that came from Quantile goes
// back to where it came from: rounding there and back must not fall just short of a jump.
func (d Scaled) inward(x float64) float64 {
	z := (x - d.location) / d.scale
	if next := math.Nextafter(z, math.Inf(1)); d.location+d.scale*next <= x {
		return next
	}
	return z
}
