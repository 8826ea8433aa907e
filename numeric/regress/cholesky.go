package regress

import "math"

// cholesky returns the lower triangular L with LL' = m, k × k, and whether there is one.
func cholesky(m []float64, k int) ([]float64, bool) {
	l := make([]float64, k*k)
	for a := range k {
		for b := range a + 1 {
			sum := m[a*k+b]
			for c := range b {
				sum -= l[a*k+c] * l[b*k+c]
			}
			if a != b {
				l[a*k+b] = sum / l[b*k+b]
				continue
			}
			if !(sum > 0) {
				return nil, false
			}
			l[a*k+a] = math.Sqrt(sum)
		}
	}
	return l, true
}

// solveLower solves Lx = v in place.
func solveLower(l, v []float64) []float64 {
	k := len(v)
	for a := range v {
		for b := range a {
			v[a] -= l[a*k+b] * v[b]
		}
		v[a] /= l[a*k+a]
	}
	return v
}

// solveUpper solves L'x = v in place.
func solveUpper(l, v []float64) {
	k := len(v)
	for a := k - 1; a >= 0; a-- {
		for b := a + 1; b < k; b++ {
			v[a] -= l[b*k+a] * v[b]
		}
		v[a] /= l[a*k+a]
	}
}
