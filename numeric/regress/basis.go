package regress

import (
	"errors"
	"math"
	"slices"
)

// A column counts as a combination of others when orthogonalising leaves less than
// collinearShare of its length before anything was absorbed; a column is named beside it
// when it takes more than namedShare in the combination.
const (
	collinearShare = 1e-9
	namedShare     = 1e-6
)

// basis is the decomposition XP = QR of k columns: Q orthonormal, R upper triangular in
// the order of the pivots P.
type basis struct {
	q     [][]float64 // in the order of the pivots
	r     []float64   // k × k, by rows
	pivot []int       // pivot[s] is the column of X at place s
}

// orthogonalise decomposes the columns, in place, by the modified Gram–Schmidt method: the
// column that keeps most of its length goes next, and is orthogonalised twice. length holds
// the columns' lengths before anything was absorbed. It fails with a *CollinearError.
//
// Source: Björck (1994), Numerics of Gram–Schmidt orthogonalization, Linear Algebra and its
// Applications 197, 297; Giraud, Langou & Rozložník (2005): twice is enough.
func orthogonalise(cols [][]float64, length []float64) (*basis, error) {
	k := len(cols)
	b := &basis{slices.Clone(cols), make([]float64, k*k), make([]int, k)}
	own := make([]float64, k) // lengths before orthogonalising, by column
	left := make([]float64, k)
	for j := range k {
		b.pivot[j] = j
		own[j] = math.Sqrt(inner(cols[j], cols[j]))
		left[j] = own[j]
	}
	for s := range k {
		best, share := s, -1.
		for j := s; j < k; j++ {
			if p := left[j] / length[b.pivot[j]]; p > share {
				best, share = j, p
			}
		}
		if !(share > collinearShare) {
			return nil, b.collinear(s, own, length)
		}
		b.swap(s, best, left)
		b.normalise(s)
		for j := s + 1; j < k; j++ {
			c := inner(b.q[s], b.q[j])
			b.r[s*k+j] = c
			left[j] = math.Sqrt(subtract(b.q[j], b.q[s], c))
		}
	}
	return b, nil
}

func (b *basis) swap(s, t int, left []float64) {
	k := len(b.q)
	b.q[s], b.q[t] = b.q[t], b.q[s]
	b.pivot[s], b.pivot[t] = b.pivot[t], b.pivot[s]
	left[s], left[t] = left[t], left[s]
	for a := range s {
		b.r[a*k+s], b.r[a*k+t] = b.r[a*k+t], b.r[a*k+s]
	}
}

// normalise orthogonalises column s again to those before it and gives it length 1.
func (b *basis) normalise(s int) {
	k := len(b.q)
	for a := range s {
		c := inner(b.q[a], b.q[s])
		b.r[a*k+s] += c
		subtract(b.q[s], b.q[a], c)
	}
	size := math.Sqrt(inner(b.q[s], b.q[s]))
	b.r[s*k+s] = size
	for i := range b.q[s] {
		b.q[s][i] /= size
	}
}

// collinear names the first column that the s columns before it make up, and those.
func (b *basis) collinear(s int, own, length []float64) error {
	k := len(b.q)
	at := s
	for j := s; j < k; j++ {
		if b.pivot[j] < b.pivot[at] {
			at = j
		}
	}
	columns := []int{b.pivot[at]}
	if own[b.pivot[at]] > collinearShare*length[b.pivot[at]] {
		c := make([]float64, s)
		for a := range s {
			c[a] = b.r[a*k+at]
		}
		b.backward(c)
		for a := range s {
			if math.Abs(c[a])*own[b.pivot[a]] > namedShare*own[b.pivot[at]] {
				columns = append(columns, b.pivot[a])
			}
		}
	}
	slices.Sort(columns)
	return &CollinearError{columns}
}

// backward solves R c = c for the leading len(c) rows of R.
func (b *basis) backward(c []float64) {
	k := len(b.q)
	for a := len(c) - 1; a >= 0; a-- {
		for j := a + 1; j < len(c); j++ {
			c[a] -= b.r[a*k+j] * c[j]
		}
		c[a] /= b.r[a*k+a]
	}
}

// solve returns the coefficients of the projection of y, in the order of X, and takes the
// projection out of y, which is left orthogonal to Q.
func (b *basis) solve(y []float64) []float64 {
	c := make([]float64, len(b.q))
	for range 2 { // the second pass takes out what rounding left
		for s, q := range b.q {
			p := inner(q, y)
			c[s] += p
			subtract(y, q, p)
		}
	}
	b.backward(c)
	coef := make([]float64, len(c))
	for s, j := range b.pivot {
		coef[j] = c[s]
	}
	return coef
}

// covariance returns R⁻¹ M R⁻' in the order of X, for M (k × k) in the order of the pivots;
// a nil M is the identity.
func (b *basis) covariance(m []float64) []float64 {
	k := len(b.q)
	inverse := make([]float64, k*k) // column s of R⁻¹ at s*k
	for s := range k {
		column := inverse[s*k:][:k]
		column[s] = 1
		b.backward(column)
	}
	cov := make([]float64, k*k)
	half := make([]float64, k) // row a of R⁻¹M
	for a := range k {
		for t := range k {
			half[t] = inverse[t*k+a]
			if m != nil {
				half[t] = 0
				for s := range k {
					half[t] += inverse[s*k+a] * m[s*k+t]
				}
			}
		}
		for c := range k {
			sum := 0.
			for t := range k {
				sum += half[t] * inverse[t*k+c]
			}
			cov[b.pivot[a]*k+b.pivot[c]] = sum
		}
	}
	return cov
}

// withoutConstant takes the constant's column out of a *CollinearError that names others:
// of a column that does not vary, the constant is not to blame.
func withoutConstant(err error, constant int) error {
	var c *CollinearError
	if errors.As(err, &c) && len(c.Columns) > 1 {
		c.Columns = slices.DeleteFunc(c.Columns, func(j int) bool { return j == constant })
	}
	return err
}

func inner(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// subtract takes c times x from y and returns the square of the length that is left.
func subtract(y, x []float64, c float64) float64 {
	x = x[:len(y)]
	sum := 0.
	for i, v := range x {
		u := y[i] - c*v
		y[i] = u
		sum += u * u
	}
	return sum
}
