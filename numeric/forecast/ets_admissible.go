package forecast

import "math"

// etsAdmissible reports whether the errors of a seasonal form forget the initial states:
// whether all roots of
//
//	z^(m+1) + (α+β-φ) z^m + (α+β-αφ)(z^(m-1) + … + z²) + (α+β-αφ+γ-1) z + φ(1-α-γ),
//	z^m + α(z^(m-1) + … + z) + α+γ-1   without a trend, the first divided by z-1,
//
// lie inside the unit circle. The Schur–Cohn recursion finds out without computing them:
// it lowers the degree step by step, and each time the last coefficient has to be smaller
// than the first. a and b have room for m+2 values. Without a season the usual bounds
// imply it.
//
// Source: Hyndman, Koehler, Ord & Snyder, Forecasting with exponential smoothing (2008),
// section 10.2; Jury, Theory and application of the z-transform method (1964).
func etsAdmissible(alpha, beta, gamma, phi float64, m int, trend bool, a, b []float64) bool {
	n := m // degree; coefficients are by falling power
	if trend {
		n = m + 1
		inner := alpha + beta - alpha*phi
		a[1], a[n-1], a[n] = alpha+beta-phi, inner+gamma-1, phi*(1-alpha-gamma)
		for i := 2; i < n-1; i++ {
			a[i] = inner
		}
	} else {
		for i := 1; i < n; i++ {
			a[i] = alpha
		}
		a[n] = alpha + gamma - 1
	}
	a[0] = 1
	for ; n > 0; n-- {
		k := a[n]
		if !(math.Abs(k) < 1) {
			return false
		}
		scale := 1 / (1 - k*k)
		b[0] = 1
		for i := 1; i < n; i++ {
			b[i] = (a[i] - k*a[n-i]) * scale
		}
		a, b = b, a
	}
	return true
}
