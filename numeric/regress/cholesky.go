package regress

import (
	"math"
	"slices"
)

// cholesky returns the lower triangular L with LL' = m, k × k, and whether there is one.
func cholesky(m []float64, k int) ([]float64, bool) {
	l := slices.Clone(m)
	return l, factor(l, k, nil, 0) == 0
}

// factor replaces the lower triangle of the symmetric n×n matrix m, row major, by its
// Cholesky factor. A pivot that is not above level times its scale (nil: the diagonal)
// becomes 0 and takes its row and column out: its coefficient is held at 0, as one of a
// set of collinear columns must be. It returns how many were taken out.
func factor(m []float64, n int, scale []float64, level float64) int {
	dropped := 0
	for i := range n {
		row := m[i*n : i*n+i+1]
		diagonal := row[i]
		if scale != nil {
			diagonal = scale[i]
		}
		for j := range i {
			other := m[j*n : j*n+j+1]
			if other[j] == 0 {
				row[j] = 0
				continue
			}
			row[j] = (row[j] - inner(row[:j], other[:j])) / other[j]
		}
		pivot := row[i] - inner(row[:i], row[:i])
		if !(pivot > level*diagonal) {
			clear(row)
			dropped++
			continue
		}
		row[i] = math.Sqrt(pivot)
	}
	return dropped
}

// forward solves l z = v in place, l as factor leaves it.
func forward(l []float64, n int, v []float64) {
	for i := range n {
		row := l[i*n : i*n+i+1]
		if row[i] == 0 {
			v[i] = 0
			continue
		}
		v[i] = (v[i] - inner(row[:i], v[:i])) / row[i]
	}
}

// backward solves lᵀ z = v in place.
func backward(l []float64, n int, v []float64) {
	for i := n - 1; i >= 0; i-- {
		row := l[i*n : i*n+i+1]
		if row[i] == 0 {
			v[i] = 0
			continue
		}
		v[i] /= row[i]
		for j, x := range row[:i] {
			v[j] -= x * v[i]
		}
	}
}
