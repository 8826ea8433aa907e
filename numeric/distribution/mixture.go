package distribution

import "math"

// Mixture draws one of several distributions with given weights and then a value
// from it: F(x) = Σ w_i F_i(x).
type Mixture struct {
	weights []float64 // sum to 1
	parts   []Distribution
}

// NewMixture returns the mixture of parts. The weights are scaled to sum to 1.
// It keeps parts and does not modify weights. It panics if the lengths differ or
// are zero, a weight is negative or not finite, or all weights are zero.
func NewMixture(weights []float64, parts []Distribution) Mixture {
	if len(weights) != len(parts) || len(parts) == 0 {
		panic("distribution: a mixture needs one weight a part")
	}
	total := 0.0
	for _, w := range weights {
		finite("weight", w)
		if w < 0 {
			panic("distribution: weight must not be negative")
		}
		total += w
	}
	positiveFinite("sum of weights", total)
	scaled := make([]float64, len(weights))
	for i, w := range weights {
		scaled[i] = w / total
	}
	return Mixture{scaled, parts}
}

// part returns the part at u in [0, 1) when the parts are laid side by side by weight.
func (d Mixture) part(u float64) Distribution {
	last := 0
	for i, w := range d.weights {
		if w > 0 {
			if last = i; u < w {
				break
			}
			u -= w
		}
	}
	return d.parts[last]
}

func (d Mixture) Mean() float64 {
	mean := 0.0
	for i, w := range d.weights {
		mean += w * d.parts[i].Mean()
	}
	return mean
}

// Variance is the mean of the variances plus the variance of the means.
func (d Mixture) Variance() float64 {
	mean, variance := d.Mean(), 0.0
	for i, w := range d.weights {
		gap := d.parts[i].Mean() - mean
		variance += w * (d.parts[i].Variance() + gap*gap)
	}
	return variance
}

func (d Mixture) CDF(x float64) float64 {
	p := 0.0
	for i, w := range d.weights {
		p += w * d.parts[i].CDF(x)
	}
	return math.Min(1, p)
}

// Quantile bisects between the smallest and the largest quantile of the parts,
// over whole numbers if every part is a count.
func (d Mixture) Quantile(u float64) float64 {
	if math.IsNaN(u) || u < 0 || u > 1 {
		return math.NaN()
	}
	lo, hi, counts := math.Inf(1), math.Inf(-1), true
	for i, w := range d.weights {
		if w == 0 {
			continue
		}
		x := d.parts[i].Quantile(u)
		lo, hi = math.Min(lo, x), math.Max(hi, x)
		_, count := d.parts[i].(interface{ lattice() })
		counts = counts && count
	}
	switch {
	case lo == hi:
		return lo
	case u == 0:
		return lo
	case u == 1:
		return hi
	case counts:
		return d.bisect(u, lo-1, hi, func(lo, hi float64) float64 { return math.Floor(lo + (hi-lo)/2) })
	}
	return d.bisect(u, math.Nextafter(lo, math.Inf(-1)), hi, func(lo, hi float64) float64 { return lo + (hi-lo)/2 })
}

// bisect keeps CDF(lo) < u <= CDF(hi).
func (d Mixture) bisect(u, lo, hi float64, middle func(lo, hi float64) float64) float64 {
	for {
		mid := middle(lo, hi)
		if mid <= lo || mid >= hi {
			return hi
		}
		if d.CDF(mid) >= u*(1-fuzz) {
			hi = mid
		} else {
			lo = mid
		}
	}
}

func (d Mixture) Loss(x float64) (above, below float64) {
	for i, w := range d.weights {
		a, b := d.parts[i].Loss(x)
		above += w * a
		below += w * b
	}
	return above, below
}
