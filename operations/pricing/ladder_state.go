package pricing

import "math"

// drift is the law of an item's level beside all that is known: a latent AR(1) in the
// logarithm of demand, and noise beyond that of a Poisson variable.
//
//	log μ_t = a_t + …,  a_t = ρ a_{t-1} + N(0, (1-ρ²) level²)
//	Var(units_t / μ_t) = 1/μ_t + noise
//
// A seller who looks at sales before he sets a price makes prices follow that level. What
// is left of a week's sales when the weeks before are known does not depend on how he did
// it: with the law of the level right, least squares on these innovations, which is the
// likelihood, needs no model of the seller.
type drift struct{ rho, level, noise float64 }

// carry is what is left of the level after some weeks.
func (d drift) carry(weeks int32) float64 {
	if weeks == 1 {
		return d.rho
	}
	return math.Pow(d.rho, float64(weeks))
}

// normal are normal equations: the level, the regressors and maybe one more.
type normal struct {
	matrix [2 + columns][2 + columns]float64 // lower triangle
	right  [2 + columns]float64
}

// workspace is the room that one item's filter needs. Column 0 is the response, the others
// are the level, the regressors and maybe one more.
type workspace struct {
	state    [3 + columns]float64
	now      [3 + columns]float64
	variance []float64 // by row: of the filtered level
	filtered []float64
	normal
	solution [2 + columns]float64
	inverse  [2 + columns]float64
}

func newWorkspace(weeks int) *workspace {
	return &workspace{variance: make([]float64, weeks), filtered: make([]float64, weeks)}
}

// filterItem is what the filter reads of one item.
type filterItem struct {
	week     []int32
	response []float64 // working response less what items have in common
	variance []float64 // of its noise
	x        [columns][]float64
	more     []float64 // one more regressor; nil: none
}

// equations filters response and regressors and sums up the normal equations of the
// innovations, the level first. It returns log determinant of their variances, and the
// response's own sum of squares.
func (w *workspace) equations(f *filterItem, law drift) (logDet, square float64) {
	n := 1 + columns
	if f.more != nil {
		n++
	}
	for j := range n {
		w.right[j] = 0
		for k := range n {
			w.matrix[j][k] = 0
		}
	}
	clear(w.state[:])
	stationary := law.level * law.level
	p := stationary
	for t, week := range f.week {
		if t > 0 {
			carry := law.carry(week - f.week[t-1])
			p = carry*carry*p + (1-carry*carry)*stationary
			for j := range n + 1 {
				w.state[j] *= carry
			}
		}
		total := p + f.variance[t]
		k := p / total
		w.now[0], w.now[1] = f.response[t], 1
		for j := range columns {
			w.now[2+j] = f.x[j][t]
		}
		if f.more != nil {
			w.now[2+columns] = f.more[t]
		}
		scale := 1 / math.Sqrt(total)
		for j := range n + 1 {
			e := w.now[j] - w.state[j]
			w.state[j] += k * e
			w.now[j] = e * scale
		}
		p *= 1 - k
		logDet += math.Log(total)
		y := w.now[0]
		square += y * y
		for j := range n {
			a := w.now[1+j]
			w.right[j] += a * y
			row := &w.matrix[j]
			for m := range j + 1 {
				row[m] += a * w.now[1+m]
			}
		}
	}
	return logDet, square
}

// solve factors the first n rows of the normal equations, to which the caller has added
// what is known beforehand, and writes the solution. It returns half the log determinant.
func (w *workspace) solve(n int) (halfLogDet float64) {
	for j := range n {
		for k := range j + 1 {
			sum := w.matrix[j][k]
			for m := range k {
				sum -= w.matrix[j][m] * w.matrix[k][m]
			}
			if j == k {
				w.matrix[j][j] = math.Sqrt(math.Max(sum, 1e-12))
				halfLogDet += math.Log(w.matrix[j][j])
			} else {
				w.matrix[j][k] = sum / w.matrix[k][k]
			}
		}
	}
	for j := range n {
		sum := w.right[j]
		for k := range j {
			sum -= w.matrix[j][k] * w.solution[k]
		}
		w.solution[j] = sum / w.matrix[j][j]
	}
	w.back(n)
	return halfLogDet
}

func (w *workspace) back(n int) {
	for j := n - 1; j >= 0; j-- {
		sum := w.solution[j]
		for k := j + 1; k < n; k++ {
			sum -= w.matrix[k][j] * w.solution[k]
		}
		w.solution[j] = sum / w.matrix[j][j]
	}
}

// varianceOf returns element (j, j) of the inverse of the n normal equations that solve has
// factored.
func (w *workspace) varianceOf(j, n int) float64 {
	square := 0.0
	for k := range n {
		w.inverse[k] = 0
	}
	w.inverse[j] = 1
	for k := j; k < n; k++ {
		sum := w.inverse[k]
		for m := j; m < k; m++ {
			sum -= w.matrix[k][m] * w.inverse[m]
		}
		w.inverse[k] = sum / w.matrix[k][k]
		square += w.inverse[k] * w.inverse[k]
	}
	return square
}

// smooth writes the expected level of each row, given all residuals, to dst. It returns the
// sum of the squared standardised innovations.
func (w *workspace) smooth(dst, residual, variance []float64, week []int32, law drift) (square float64) {
	stationary := law.level * law.level
	p, state := stationary, 0.0
	for t := range residual {
		if t > 0 {
			carry := law.carry(week[t] - week[t-1])
			p = carry*carry*p + (1-carry*carry)*stationary
			state *= carry
		}
		e := residual[t] - state
		total := p + variance[t]
		square += e * e / total
		k := p / total
		state += k * e
		p *= 1 - k
		w.filtered[t], w.variance[t] = state, p
	}
	n := len(residual)
	dst[n-1] = state
	for t := n - 2; t >= 0; t-- {
		carry := law.carry(week[t+1] - week[t])
		before := carry*carry*w.variance[t] + (1-carry*carry)*stationary
		back := 0.0
		if before > 0 {
			back = carry * w.variance[t] / before
		}
		dst[t] = w.filtered[t] + back*(dst[t+1]-carry*w.filtered[t])
	}
	return square
}
