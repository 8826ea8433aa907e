package forecast

import "math"

// leastSquares is the triangular form of a linear regression: R, Q'y and the
// residual sum of squares, from which coefficients and variances follow by back
// substitution. The normal equations are never formed.
type leastSquares struct {
	p     int
	r     []float64 // p x p, row-major, upper triangle
	qty   []float64
	scale []float64 // of the columns
	rss   float64
	n     int
}

// newLeastSquares factorises the n x p matrix x (row-major) with Householder
// reflections after scaling its columns to length one. It overwrites x and y.
//
// Source: Golub & Van Loan, Matrix computations (2013), algorithm 5.2.1.
func newLeastSquares(x, y []float64, p int) *leastSquares {
	n := len(y)
	ls := &leastSquares{p: p, r: make([]float64, p*p), qty: make([]float64, p), scale: make([]float64, p), n: n}
	for j := range p {
		ls.scale[j] = columnNorm(x, p, j, 0)
		if ls.scale[j] == 0 {
			ls.scale[j] = 1
		}
		for i := range n {
			x[i*p+j] /= ls.scale[j]
		}
	}
	for j := range p {
		reflect(x, y, p, j)
	}
	for j := range p {
		copy(ls.r[j*p+j:(j+1)*p], x[j*p+j:(j+1)*p])
		ls.qty[j] = y[j]
	}
	for _, e := range y[p:] {
		ls.rss += e * e
	}
	return ls
}

// columnNorm is the length of column j from row `from` on, safe from overflow.
func columnNorm(x []float64, p, j, from int) float64 {
	norm := 0.0
	for i := from*p + j; i < len(x); i += p {
		norm = math.Hypot(norm, x[i])
	}
	return norm
}

// reflect zeroes column j below the diagonal and applies the same reflection to
// the columns to its right and to y.
func reflect(x, y []float64, p, j int) {
	norm := columnNorm(x, p, j, j)
	if norm == 0 {
		return
	}
	if x[j*p+j] > 0 {
		norm = -norm
	}
	head := x[j*p+j] - norm // v = column - norm e_j, scaled so that v_j = 1
	for i := j + 1; i < len(y); i++ {
		x[i*p+j] /= head
	}
	beta := -head / norm
	for k := j + 1; k < p; k++ {
		s := x[j*p+k]
		for i := j + 1; i < len(y); i++ {
			s += x[i*p+j] * x[i*p+k]
		}
		s *= beta
		x[j*p+k] -= s
		for i := j + 1; i < len(y); i++ {
			x[i*p+k] -= s * x[i*p+j]
		}
	}
	s := y[j]
	for i := j + 1; i < len(y); i++ {
		s += x[i*p+j] * y[i]
	}
	s *= beta
	y[j] -= s
	for i := j + 1; i < len(y); i++ {
		y[i] -= s * x[i*p+j]
	}
	x[j*p+j] = norm
}

// add rotates one more row into the triangle (Givens), which costs O(p²). It overwrites row.
func (ls *leastSquares) add(row []float64, y float64) {
	p := ls.p
	for j := range row {
		row[j] /= ls.scale[j]
	}
	for j := range p {
		if row[j] == 0 {
			continue
		}
		diagonal := ls.r[j*p+j]
		h := math.Hypot(diagonal, row[j])
		c, s := diagonal/h, row[j]/h
		for k := j; k < p; k++ {
			ls.r[j*p+k], row[k] = c*ls.r[j*p+k]+s*row[k], c*row[k]-s*ls.r[j*p+k]
		}
		ls.qty[j], y = c*ls.qty[j]+s*y, c*y-s*ls.qty[j]
	}
	ls.rss += y * y
	ls.n++
}

// dependent reports whether a column is a combination of those before it, up to
// rounding.
func (ls *leastSquares) dependent() bool {
	for j := range ls.p {
		if math.Abs(ls.r[j*ls.p+j]) < 1e-14 {
			return true
		}
	}
	return false
}

// coefficients writes the least-squares solution into dst, p values.
func (ls *leastSquares) coefficients(dst []float64) {
	p := ls.p
	for j := p - 1; j >= 0; j-- {
		s := ls.qty[j]
		for k := j + 1; k < p; k++ {
			s -= ls.r[j*p+k] * dst[k]
		}
		dst[j] = s / ls.r[j*p+j]
	}
	for j := range dst {
		dst[j] /= ls.scale[j]
	}
}

// leverage is x'(X'X)⁻¹x = |R'⁻¹x|². It overwrites x.
func (ls *leastSquares) leverage(x []float64) float64 {
	p, sum := ls.p, 0.0
	for j := range p {
		s := x[j] / ls.scale[j]
		for k := range j {
			s -= ls.r[k*p+j] * x[k]
		}
		x[j] = s / ls.r[j*p+j]
		sum += x[j] * x[j]
	}
	return sum
}

// sigma is the residual standard deviation.
func (ls *leastSquares) sigma() float64 { return math.Sqrt(ls.rss / float64(ls.n-ls.p)) }
