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

func (d Scaled) Quantile(u float64) float64 { return d.outward(d.base.Quantile(u)) }

// Loss is that of the base, in its units times the scale.
func (d Scaled) Loss(x float64) (above, below float64) {
	above, below = d.base.Loss((x - d.location) / d.scale)
	return d.scale * above, d.scale * below
}

// outward is the value that z of the base stands for. Never fused into one operation, it
// gives the same bits wherever it is compiled in.
func (d Scaled) outward(z float64) float64 { return d.location + float64(d.scale*z) }

// inward is the largest z that does not go beyond x: a value that came from Quantile must
// not fall short of the jump that it came from because of rounding.
func (d Scaled) inward(x float64) float64 {
	z := (x - d.location) / d.scale
	if math.IsNaN(z) || math.IsInf(z, 0) {
		return z
	}
	const rounding = 0x1p-50
	near := rounding * ((math.Abs(x)+math.Abs(d.location))/d.scale + math.Abs(z))
	lo, hi := z-near, z+near
	for range 64 {
		mid := lo + (hi-lo)/2
		switch {
		case mid <= lo || mid >= hi:
			return lo
		case d.outward(mid) <= x:
			lo = mid
		default:
			hi = mid
		}
	}
	return lo
}
