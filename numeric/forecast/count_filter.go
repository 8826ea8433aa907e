package forecast

import "math"

// countFilter is the Gamma–Poisson filter of one series in a set: discounted sums of counts
// and of offsets since its first count above zero, to which the prior of the set is added
// whenever the rate is asked for, so that a series which fell silent falls back to it,
//
//	λ ~ Gamma(shape a + E, rate b + E/m).
//
// Before its first count the offsets add up too, and are forgotten when it comes: a series
// that was listed for years and sold nothing has a rate near zero, and one that sold on its
// first day was not on offer before.
type countFilter struct {
	a, b          float64
	begun         bool
	units, square float64 // Σ y and Σ y², not discounted
}

func (f *countFilter) update(y, offset, discount float64) {
	f.a *= discount
	f.b *= discount
	if !(offset > 0) || !(y >= 0) {
		return
	}
	if !f.begun && y > 0 {
		f.begun, f.b = true, 0
	}
	f.a += y
	f.b += offset
	f.units += y
	f.square += y * y
}

// rate is what is known, with the lump drawn to that of the set as by three units.
func (f *countFilter) rate(prior Rate, lump float64) CountRate {
	const units = 3
	if !(prior.Mean > 0) {
		return CountRate{Lump: 1}
	}
	evidence := f.a + prior.Evidence
	return CountRate{
		Rate: Rate{Mean: evidence / (f.b + prior.Evidence/prior.Mean), Evidence: evidence},
		Lump: math.Max(1, (f.square+units*lump)/(f.units+units)),
	}
}
