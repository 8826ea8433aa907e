package forecast

import "math"

// arimaRegression is the generalised least squares step of a filter pass: the first column
// of innovations on the others, of which the first ones are dummies for missing values.
//
// A missing value is estimated like a regression coefficient; with the determinant of its
// block the likelihood is exactly that of the values observed.
//
// Source: Gómez, Maravall & Peña, Missing observations in ARIMA models: skipping approach
// versus additive outlier approach (1999), doi:10.1016/S0304-4076(98)00032-8.
type arimaRegression struct {
	k, dummies, used int
	floor            float64   // least sum of squares that is more than rounding
	cross            []float64 // (k+1) x (k+1), then the Cholesky factor of the first k
	beta             []float64
	residual         []float64 // of the innovations, n
	squares          float64
	logDet           float64 // of the dummies
}

func newARIMARegression(k, n, dummies int) arimaRegression {
	return arimaRegression{
		k: k, dummies: dummies, used: n - dummies,
		cross: make([]float64, (k+1)*(k+1)), beta: make([]float64, k), residual: make([]float64, n),
	}
}

// solve reports whether the columns are independent under the filter.
func (g *arimaRegression) solve(f *arimaFilter) bool {
	y := f.column(0)[:f.n]
	copy(g.residual, y)
	g.logDet = 0
	if g.k > 0 {
		k := g.k
		for i := range k {
			a := f.column(i + 1)[:f.n]
			row := g.cross[i*k:]
			for j := range i + 1 {
				row[j] = arimaDot(a, f.column(j + 1)[:f.n])
			}
			g.beta[i] = arimaDot(a, y)
		}
		if !arimaCholesky(g.cross, k) {
			return false
		}
		for i := range g.dummies {
			g.logDet += 2 * math.Log(g.cross[i*k+i])
		}
		arimaCholeskySolve(g.cross, g.beta, k)
		for i, b := range g.beta {
			if b != 0 {
				for t, v := range f.column(i + 1)[:f.n] {
					g.residual[t] -= b * v
				}
			}
		}
	}
	g.squares = max(arimaDot(g.residual, g.residual), g.floor)
	return g.squares > 0 && !math.IsInf(g.squares, 1)
}

// arimaDot sums in four strands, which the processor runs side by side.
func arimaDot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += x[0] * y[0]
		s1 += x[1] * y[1]
		s2 += x[2] * y[2]
		s3 += x[3] * y[3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// arimaCholesky replaces the lower triangle of the k x k matrix a by its Cholesky factor, and
// reports whether a is positive definite.
func arimaCholesky(a []float64, k int) bool {
	for i := range k {
		ri := a[i*k : i*k+i+1]
		for j := range i {
			rj := a[j*k : j*k+j+1]
			ri[j] = (ri[j] - arimaDot(ri[:j], rj[:j])) / rj[j]
		}
		pivot := ri[i] - arimaDot(ri[:i], ri[:i])
		if !(pivot > 0) {
			return false
		}
		ri[i] = math.Sqrt(pivot)
	}
	return true
}

// arimaCholeskySolve replaces b by the solution of L L' x = b.
func arimaCholeskySolve(l, b []float64, k int) {
	for i := range k {
		b[i] = (b[i] - arimaDot(l[i*k:i*k+i], b[:i])) / l[i*k+i]
	}
	for i := k - 1; i >= 0; i-- {
		b[i] /= l[i*k+i]
		for j := range i {
			b[j] -= l[i*k+j] * b[i]
		}
	}
}
