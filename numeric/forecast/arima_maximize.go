package forecast

import "math"

// arimaMaximizer climbs the likelihood of an arimaFilter. The objective is nearly a sum of
// squares, so most of its curvature is known from the change of the innovations, which the
// gradient costs anyway (Levenberg–Marquardt); the rest is learned from the change of the gradient.
//
// Source: Dennis, Gay & Welsch, An adaptive nonlinear least-squares algorithm (1981),
// doi:10.1145/355958.355965.
type arimaMaximizer struct {
	x, trial, gradient, step []float64
	before, want             []float64
	known, second, curvature []float64 // k x k: of the squares, the rest, and both
	system                   []float64
	change                   []float64 // k x n, of the innovations by each angle
	base                     []float64 // innovations at x, n
	value, squares           float64
}

func newARIMAMaximizer(k, n int) *arimaMaximizer {
	m := &arimaMaximizer{change: make([]float64, k*n), base: make([]float64, n)}
	slab := make([]float64, 6*k+4*k*k)
	next := func(n int) []float64 {
		s := slab[:n:n]
		slab = slab[n:]
		return s
	}
	m.x, m.trial, m.gradient, m.step, m.before, m.want = next(k), next(k), next(k), next(k), next(k), next(k)
	m.known, m.second, m.curvature, m.system = next(k*k), next(k*k), next(k*k), next(k*k)
	return m
}

const (
	arimaStep        = 2e-6 // of the differences, radians
	arimaLongestStep = .7   // radians
)

// climb improves x until the likelihood is within tolerance of its maximum, for so many rounds at
// most. It stops and returns false if twenty times the gain that a step predicts would not bring the
// objective below the bound.
func (m *arimaMaximizer) climb(f *arimaFilter, tolerance float64, rounds int, bound float64) bool {
	k := len(m.x)
	m.value = f.objective(m.x)
	if k == 0 || math.IsInf(m.value, 1) {
		return true
	}
	copy(m.base, f.gls.residual)
	clear(m.second)
	m.squares = f.gls.squares
	m.differentiate(f)
	damping := 1e-3
	for range rounds {
		gain := m.solve(damping)
		if m.value-20*gain > bound {
			return false
		}
		for gain >= tolerance {
			for j, x := range m.x {
				m.trial[j] = x + m.step[j]
			}
			v := f.objective(m.trial)
			if v < m.value {
				ratio := (m.value - v) / gain
				if ratio > .5 {
					damping = max(damping/8, 1e-9)
				} else if ratio < .2 {
					damping *= 4
				}
				m.value, m.squares = v, f.gls.squares
				break
			}
			damping = max(damping*6, 1e-4)
			gain = m.solve(damping)
		}
		if gain < tolerance {
			return true
		}
		copy(m.x, m.trial)
		copy(m.base, f.gls.residual)
		copy(m.before, m.gradient)
		m.differentiate(f)
		m.learn()
	}
	return true
}

// differentiate sets gradient and the known part of the curvature at x.
func (m *arimaMaximizer) differentiate(f *arimaFilter) {
	k, n := len(m.x), len(m.base)
	copy(m.trial, m.x)
	for j := range k {
		change := m.change[j*n : (j+1)*n]
		m.trial[j] = m.x[j] + arimaStep
		m.gradient[j] = (f.objective(m.trial) - m.value) / arimaStep
		m.trial[j] = m.x[j]
		base := m.base[:len(change)]
		for t, e := range f.gls.residual[:len(change)] {
			change[t] = (e - base[t]) * (1 / arimaStep)
		}
	}
	weight := float64(f.gls.used) / m.squares
	for i := range k {
		for j := range i + 1 {
			c := weight * arimaDot(m.change[i*n:(i+1)*n], m.change[j*n:(j+1)*n])
			m.known[i*k+j], m.known[j*k+i] = c, c
		}
	}
}

// learn corrects the other part of the curvature by the change of gradient over the last step.
func (m *arimaMaximizer) learn() {
	k := len(m.x)
	along, have, missing := 0.0, 0.0, 0.0
	for i := range k {
		y := m.gradient[i] - m.before[i]
		known, second := 0.0, 0.0
		for j, s := range m.step {
			known += m.known[i*k+j] * s
			second += m.second[i*k+j] * s
		}
		m.trial[i] = second // S s
		m.before[i] = y
		m.want[i] = y - known
		along += y * m.step[i]
		have += m.step[i] * second
		missing += m.step[i] * m.want[i]
	}
	if !(along > 0) {
		return
	}
	size := 1.0
	if math.Abs(missing) < math.Abs(have) {
		size = math.Abs(missing / have)
	}
	inner := 0.0
	for i := range k {
		m.want[i] -= size * m.trial[i]
		inner += m.want[i] * m.step[i]
	}
	for i := range k {
		for j := range k {
			m.second[i*k+j] = size*m.second[i*k+j] +
				(m.want[i]*m.before[j]+m.before[i]*m.want[j])/along - inner*m.before[i]*m.before[j]/(along*along)
		}
	}
}

// solve sets the step, and returns the improvement that it predicts.
func (m *arimaMaximizer) solve(damping float64) float64 {
	k := len(m.x)
	for i, a := range m.known {
		m.curvature[i] = a + m.second[i]
	}
	for {
		copy(m.system, m.curvature)
		largest := 0.0
		for j := range k {
			largest = max(largest, m.known[j*k+j])
		}
		for j := range k {
			m.system[j*k+j] += damping*m.known[j*k+j] + (1e-10+1e-3*damping)*largest + 1e-300
			m.step[j] = -m.gradient[j]
		}
		if arimaCholesky(m.system, k) {
			break
		}
		damping = max(10*damping, 1e-6)
		if damping > 1e12 {
			return 0
		}
	}
	arimaCholeskySolve(m.system, m.step, k)
	longest := 0.0
	for _, s := range m.step {
		longest = max(longest, math.Abs(s))
	}
	if math.IsNaN(longest) {
		return 0
	}
	shrink := 1.0
	if longest > arimaLongestStep {
		shrink = arimaLongestStep / longest
	}
	slope, quadratic := 0.0, 0.0
	for i := range k {
		m.step[i] *= shrink
	}
	for i, s := range m.step {
		slope += s * m.gradient[i]
		for j, r := range m.step {
			quadratic += s * r * m.curvature[i*k+j]
		}
	}
	return -slope - .5*quadratic
}
