package forecast

import "math"

// etsFit is the workspace of the fits of one series: neither the likelihood nor a step towards
// its maximum allocates.
type etsFit struct {
	y      []float64   // in units of unit
	unit   float64     // the largest absolute value
	n      int         // values that are not missing
	starts [3]etsStart // one a kind of season
	slopes etsSlopes
	ring   []float64    // the season of a running filter
	trial  []float64    // parameters that are tried
	step   []float64    // to them
	factor []float64    // of the matrix for the step, p x p, lower triangle
	stable [2][]float64 // for etsAdmissible
}

// newETSFit prepares the fits of y with a season of m periods, 1 for none.
func newETSFit(y []float64, m int) *etsFit {
	w := &etsFit{n: observed(y)}
	for _, v := range y {
		if a := math.Abs(v); a > w.unit {
			w.unit = a
		}
	}
	if w.unit == 0 {
		w.unit = 1
	}
	size, p := etsSeason+m, etsSeason+m
	slab := make([]float64, len(y)*3+p*(2*p+m+etsRows+10)+3*(m+size))
	cut := func(n int) []float64 {
		s := slab[:n:n]
		slab = slab[n:]
		return s
	}
	w.y = cut(len(y))
	for i, v := range y {
		w.y[i] = v / w.unit
	}
	w.slopes = etsSlopes{level: cut(p), slope: cut(p), ring: cut(m * p), rows: cut(etsRows * p), gradient: cut(p), pull: cut(p), matrix: cut(p * p)}
	w.ring, w.trial, w.step, w.factor = cut(m), cut(size), cut(p), cut(p*p)
	w.stable = [2][]float64{cut(m + 2), cut(m + 2)}
	filled, smooth := cut(len(y)), cut(len(y))
	interpolateLine(filled, w.y)
	for k := range w.starts {
		if ETSKind(k) == ETSNone || m > 1 {
			w.starts[k].season = make([]float64, m)
			w.starts[k].estimate(filled, smooth, ETSKind(k), m)
		}
	}
	return w
}

// deviance is -2 log likelihood without its constants,
//
//	n log Σe² + 2 Σ log μ  (the second for relative errors),
//
// or +Inf outside the admissible region.
func (w *etsFit) deviance(form ETSForm, x []float64) float64 {
	alpha, beta, gamma, phi := form.natural(x)
	relative := form.Error == ETSMultiplicative
	var squares, logs float64
	if form.Season == ETSNone {
		squares, logs = etsPlain(w.y, relative, alpha, beta, phi, x[etsLevel], x[etsSlope])
	} else {
		m := form.Period
		if !etsAdmissible(alpha, beta, gamma, phi, m, form.Trend != ETSNone, w.stable[0], w.stable[1]) {
			return math.Inf(1)
		}
		ring := w.ring[:m]
		copy(ring, x[etsSeason:])
		if form.Season == ETSAdditive {
			squares, logs = etsAdded(w.y, relative, alpha, beta, gamma, phi, x[etsLevel], x[etsSlope], ring)
		} else {
			squares, logs = etsMultiplied(w.y, alpha, beta, gamma, phi, x[etsLevel], x[etsSlope], ring)
		}
	}
	f := float64(w.n)*math.Log(w.floor(squares)) + 2*logs
	if f != f {
		return math.Inf(1)
	}
	return f
}

// floor keeps the logarithm of a perfect fit finite: errors of the size of rounding.
func (w *etsFit) floor(squares float64) float64 { return math.Max(squares, float64(w.n)*1e-30) }
