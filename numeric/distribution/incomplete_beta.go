package distribution

import "math"

// BetaI returns the regularised incomplete beta function
//
//	I_x(a, b) = 1/B(a, b) ∫_0^x t^(a-1) (1-t)^(b-1) dt,  a, b > 0, 0 <= x <= 1,
//
// with a relative error near 1e-14 into the lower tail (1e-300); the upper tail
// is I_{1-x}(b, a). It is NaN for arguments out of range. The cost grows like
// sqrt(max(a, b)).
//
// Source: Abramowitz & Stegun 26.5.8 (continued fraction), with the leading
// factor of Loader (2000).
func BetaI(a, b, x float64) float64 {
	lower, _ := betaTails(a, b, x, 1-x)
	return lower
}

// betaTails returns I_x(a, b) and its complement, each without cancellation
// where it is the smaller one. y = 1 - x comes separately because it may be
// known more exactly.
func betaTails(a, b, x, y float64) (lower, upper float64) {
	switch {
	case !(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0) || math.IsInf(a, 1) || math.IsInf(b, 1):
		return math.NaN(), math.NaN()
	case x == 0:
		return 0, 1
	case y == 0:
		return 1, 0
	}
	front := math.Exp(logBinomialTerm(a, b, x, y))
	if x <= (a+1)/(a+b+2) {
		lower = math.Min(1, front*(b/(a+b))*betaFraction(a, b, x))
		return lower, 1 - lower
	}
	upper = math.Min(1, front*(a/(a+b))*betaFraction(b, a, y))
	return 1 - upper, upper
}

// betaFraction is the continued fraction of the incomplete beta function by
// Lentz's method.
func betaFraction(a, b, x float64) float64 {
	c := 1.0
	d := 1 / nonzero(1-(a+b)*x/(a+1))
	h := d
	for m := 1.0; m < 1e7; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / nonzero(1+even*d)
		c = nonzero(1 + even/c)
		h *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / nonzero(1+odd*d)
		c = nonzero(1 + odd/c)
		step := d * c
		h *= step
		if math.Abs(step-1) < 2*epsilon {
			break
		}
	}
	return h
}
