package neural

import "math"

// frame is how one window is brought to the size that the network is used to: values
// become log(1 + y/scale), signed ones (y - shift)/scale.
type frame struct {
	shift, scale float64
	signed       bool
}

// furthestValue bounds what a value becomes; an outlier further out says no more.
const furthestValue = 1e4

// frame looks at the periods from origin-Context to origin, and reports whether any has a
// value. Scale is the mean, to which half a count is added if counts are asked for, so
// that a window of zeros has one; for signed values it is the standard deviation. Where
// it would be 0 it is a thousandth of the mean or, if that is 0 too, 1.
func (form LSTMForm) frame(s Series, origin int) (frame, bool) {
	n, sum, squares := 0.0, 0.0, 0.0
	for t := max(0, origin-form.Context); t < origin; t++ {
		if !s.missing(t) {
			n++
			sum += form.clean(s.Values[t])
		}
	}
	if n == 0 {
		return frame{}, false
	}
	mean := sum / n
	for t := max(0, origin-form.Context); t < origin; t++ {
		if !s.missing(t) {
			e := form.clean(s.Values[t]) - mean
			squares += e * e
		}
	}
	f := frame{0, mean, form.Signed}
	switch {
	case form.Signed:
		f.shift, f.scale = mean, max(math.Sqrt(squares/n), 1e-3*math.Abs(mean))
	case form.Counts:
		f.scale += .5 / n
	}
	if !(f.scale > 0) {
		f.scale = 1
	}
	return f, true
}

// mostCount is beyond any count, and small enough for the distribution function of what
// is forecast from it.
const mostCount = 1e9

// clean is a value as it enters: not below zero unless that is allowed.
func (form LSTMForm) clean(y float64) float64 {
	switch {
	case form.Signed:
		return y
	case form.Counts:
		return max(0, min(mostCount, y))
	}
	return max(0, y)
}

// in brings a value that clean let through to the network's size, out brings one back.
func (f frame) in(y float64) float64 {
	z := math.Log1p(y / f.scale)
	if f.signed {
		z = (y - f.shift) / f.scale
	}
	return max(-furthestValue, min(furthestValue, z))
}

func (f frame) out(z float64) float64 {
	if f.signed {
		return f.shift + z*f.scale
	}
	return max(0, math.Expm1(min(z, mostLog))*f.scale)
}

// mostLog keeps the exponential of an output, and its product with a scale, finite for
// every scale that a past may have.
const mostLog = 50
