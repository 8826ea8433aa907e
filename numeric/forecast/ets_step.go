package forecast

import "math"

// improve takes Levenberg–Marquardt steps until they promise or bring less than tolerance,
// at most so many, or until the candidate has no prospect to come below limit.
//
// Source: Marquardt (1963), An algorithm for least-squares estimation of nonlinear
// parameters; the matrix is the Fisher information of the innovations form.
func (w *etsFit) improve(c *etsCandidate, tolerance float64, steps int, limit float64) {
	fresh := false
	for range steps {
		if c.settled || c.aicc()-c.prospect() > limit {
			return
		}
		if !fresh {
			w.differentiate(c)
			fresh = true
		}
		c.gain = w.solve(c)
		if c.gain < tolerance {
			c.settled = true
			return
		}
		x := w.trial[:len(c.x)]
		copy(x, c.x)
		for k, i := range c.free {
			x[i] += w.step[k]
		}
		for i, b := range etsBox {
			x[i] = math.Min(math.Max(x[i], b[0]), b[1])
		}
		f := w.deviance(c.form, x)
		brought := c.deviance - f
		if !(brought > 0) {
			c.damping = math.Max(c.damping*8, 1e-3)
			if c.damping > 1e9 {
				c.settled = true
			}
			continue
		}
		switch ratio := brought / c.gain; {
		case ratio > 0.75:
			c.damping /= 8
		case ratio < 0.25:
			c.damping *= 4
		}
		copy(c.x, x)
		c.deviance = f
		fresh = false
		if brought < tolerance {
			c.settled = true
			return
		}
	}
}

// prospect is what the deviance may still fall by, a generous guess from the last step.
func (c *etsCandidate) prospect() float64 {
	if c.gain == 0 || c.damping > 0.1 {
		return math.Inf(1)
	}
	return 4 * c.gain
}

var etsBox = [etsLevel][2]float64{{etsLeast, etsMost}, {0, 1}, {0, 1}, {etsPhiLeast, etsPhiMost}}

// solve writes the step into w.step: the minimum of the quadratic model of the deviance,
// damped, within the bounds of the smoothing parameters. The states are eliminated first, so that
// bounds concern the last few variables only. It returns by how much the model falls.
func (w *etsFit) solve(c *etsCandidate) float64 {
	d, p := &w.slopes, len(c.free)
	scale := 2 * float64(w.n) / w.floor(d.squares)
	curvature := scale
	if c.form.Error == ETSMultiplicative {
		curvature += 4
	}
	step, l := w.step[:p], w.factor[:p*p]
	for k := range step {
		step[k] = scale * d.gradient[k] / curvature
		if c.form.Error == ETSMultiplicative {
			step[k] -= 2 * d.pull[k] / curvature
		}
	}
	states := p
	for states > 0 && c.free[states-1] < etsLevel {
		states--
	}
	half := 0.0
	for i := range p {
		row, from := l[i*p:][:i+1], d.matrix[i*p:][:i+1]
		for j := range min(i+1, states) {
			other := l[j*p:][:j+1]
			s := from[j]
			if i == j {
				s *= 1 + c.damping
			}
			for k, v := range other[:j] {
				s -= row[k] * v
			}
			switch {
			case i != j:
				s /= other[j]
			case s <= 1e-14*from[j]:
				s = math.Inf(1) // a column that the others explain stays where it is
			default:
				s = math.Sqrt(s)
			}
			row[j] = s
			if j < i {
				step[i] -= s * step[j]
			}
		}
		for j := states; j <= i; j++ {
			other := l[j*p:]
			s := from[j]
			if i == j {
				s = s*(1+c.damping) + 1e-300
			}
			for k := range states {
				s -= row[k] * other[k]
			}
			row[j] = s
		}
		if i < states {
			step[i] /= row[i]
			half += step[i] * step[i]
		}
	}
	gain := half/2 + w.bounded(c, states)
	for j := states - 1; j >= 0; j-- {
		s := step[j]
		for i := j + 1; i < p; i++ {
			s -= l[i*p+j] * step[i]
		}
		step[j] = s / l[j*p+j]
	}
	return gain * curvature
}

// bounded minimises ½t'St - r't over the box, S and r being what elimination left in
// w.factor and w.step from place `from` on, and writes t over r. It goes from variable
// to variable until none moves.
func (w *etsFit) bounded(c *etsCandidate, from int) float64 {
	p := len(c.free)
	var s [etsLevel][etsLevel]float64
	var r, t, low, high [etsLevel]float64
	n := p - from
	for i := range n {
		for j := range i + 1 {
			s[i][j] = w.factor[(from+i)*p+from+j]
			s[j][i] = s[i][j]
		}
		r[i] = w.step[from+i]
		place := c.free[from+i]
		low[i], high[i] = etsBox[place][0]-c.x[place], etsBox[place][1]-c.x[place]
	}
	for range 60 {
		moved := 0.0
		for i := range n {
			if !(s[i][i] > 1e-200) {
				continue
			}
			v := r[i]
			for j := range n {
				v -= s[i][j] * t[j]
			}
			v = math.Min(math.Max(t[i]+v/s[i][i], low[i]), high[i])
			moved = math.Max(moved, math.Abs(v-t[i]))
			t[i] = v
		}
		if moved < 1e-7 {
			break
		}
	}
	gain := 0.0
	for i := range n {
		v := r[i]
		for j := range n {
			v -= s[i][j] * t[j] / 2
		}
		gain += v * t[i]
		w.step[from+i] = t[i]
	}
	return gain
}
