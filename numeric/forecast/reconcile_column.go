package forecast

import "math"

// columnSolver solves one column of a table at a time: where groups lie across each other,
// and where values must not be negative.
type columnSolver struct {
	p                    *Projection
	kept                 [][]float64 // the table before it was changed
	forecast             []float64   // ŷ
	bottom               []float64   // b̂
	held                 []bool      // bottom series held at zero
	z, right             []float64   // one a group
	residual, step, push []float64
	scale                []float64 // the diagonal of the equations
	gain, share          []float64 // of a tree, without the series that are held
	variance             []float64
}

func newColumnSolver(p *Projection) *columnSolver {
	upper, bottom := p.h.Upper(), p.h.bottom
	slab := make([]float64, 7*upper+3*(upper+bottom)+bottom)
	take := func(n int) []float64 {
		part := slab[:n:n]
		slab = slab[n:]
		return part
	}
	return &columnSolver{
		p: p, held: make([]bool, bottom), forecast: take(upper + bottom), bottom: take(bottom),
		z: take(upper), right: take(upper), residual: take(upper), step: take(upper), push: take(upper), scale: take(upper),
		gain: take(upper), share: take(upper + bottom), variance: take(upper + bottom),
	}
}

// keep copies the table.
func (s *columnSolver) keep(table [][]float64) {
	n := len(table[0])
	slab := make([]float64, len(table)*n)
	s.kept = make([][]float64, len(table))
	for j, row := range table {
		s.kept[j] = slab[j*n : (j+1)*n]
		copy(s.kept[j], row)
	}
}

// mend solves the columns again that have come out with a bottom value below zero.
func (s *columnSolver) mend(table [][]float64) {
	upper := s.p.h.Upper()
	for t := range table[0] {
		for _, row := range table[upper:] {
			if row[t] < 0 {
				for j := range table {
					table[j][t] = s.kept[j][t]
				}
				s.solve(table, t)
				break
			}
		}
	}
}

// solve writes the bottom values of column t. Without a bound that is one solution; with
// it, bottom series that would be negative are held at zero and the others solved again,
// until none changes sides. A series is freed when the pressure of its groups,
// ŷ + w Σz, would bring it above zero.
//
// Source: Hintermüller, Ito & Kunisch, The primal-dual active set strategy as a semismooth
// Newton method (2002), doi:10.1137/S1052623401383558.
func (s *columnSolver) solve(table [][]float64, t int) {
	h, upper := s.p.h, s.p.h.Upper()
	for j, row := range table {
		s.forecast[j] = row[t]
	}
	clear(s.held)
	clear(s.z)
	for round := 0; ; round++ {
		if round == 50 { // held values that cannot be had together
			s.descend()
			break
		}
		if h.Nested() {
			s.treeMultipliers()
		} else {
			s.multipliers()
		}
		changed := false
		for i := range s.bottom {
			free := s.forecast[upper+i]
			if w := s.p.variance[upper+i]; w > 0 {
				free += w * s.pressure(i)
			}
			s.bottom[i] = free
			if s.p.NonNegative && free < 0 != s.held[i] {
				s.held[i] = free < 0
				changed = true
			}
		}
		if !changed {
			break
		}
	}
	for i, b := range s.bottom {
		if s.p.NonNegative {
			b = math.Max(0, b)
		}
		table[upper+i][t] = b
	}
}

// descend goes down one bottom series after the other: slowly, and wherever it stops the
// sum of squares is less than before and nothing is below zero.
func (s *columnSolver) descend() {
	h, w, upper := s.p.h, s.p.variance, s.p.h.Upper()
	pull := s.z // ŷ - sum of each group
	for j := range pull {
		pull[j] = s.forecast[j]
	}
	for i := range s.bottom {
		s.bottom[i] = math.Max(0, s.forecast[upper+i])
		for _, group := range h.group {
			pull[group[i]] -= s.bottom[i]
		}
	}
	for range 200 {
		for i, b := range s.bottom {
			if w[upper+i] == 0 {
				continue
			}
			slope, curvature := (s.forecast[upper+i]-b)/w[upper+i], 1/w[upper+i]
			exact := math.Inf(1) // what a group that is held leaves to this series
			for _, group := range h.group {
				if j := group[i]; w[j] > 0 {
					slope += pull[j] / w[j]
					curvature += 1 / w[j]
				} else {
					exact = math.Min(exact, b+pull[j])
				}
			}
			to := math.Max(0, b+slope/curvature)
			if !math.IsInf(exact, 1) {
				to = math.Max(0, exact)
			}
			s.bottom[i] = to
			for _, group := range h.group {
				pull[group[i]] -= to - b
			}
		}
	}
}

// pressure is Σ z of the groups of bottom series i; of a tree it is kept ready at the lowest.
func (s *columnSolver) pressure(i int) float64 {
	h, sum := s.p.h, 0.0
	if h.Nested() {
		if j := h.parent[h.Upper()+i]; j >= 0 {
			return s.z[j]
		}
		return 0
	}
	for _, group := range h.group {
		sum += s.z[group[i]]
	}
	return sum
}

// treeMultipliers writes Σ z from the top to each group, from one pass up the tree and one
// down: what falls on a part is its variance times that sum.
func (s *columnSolver) treeMultipliers() {
	h, upper := s.p.h, s.p.h.Upper()
	copy(s.variance, s.p.variance)
	for i, held := range s.held {
		if held {
			s.variance[upper+i] = 0
		}
	}
	h.gains(s.gain, s.share, s.variance)
	parts, total, spread := s.residual, s.step, s.scale // of each group: Σ of the parts, its own value, Σ of variances
	clear(parts)
	clear(spread)
	for j := h.Nodes() - 1; j >= 0; j-- {
		value, v := 0.0, s.variance[j]
		if j < upper {
			total[j] = parts[j] + s.gain[j]*(s.forecast[j]-parts[j])
			value, v = total[j], s.gain[j]*v
		} else if !s.held[j-upper] {
			value = s.forecast[j]
		}
		if p := h.parent[j]; p >= 0 {
			parts[p] += value
			spread[p] += v
		}
	}
	for j := range upper {
		above := 0.0
		if p := h.parent[j]; p >= 0 {
			total[j] += s.share[j] * s.push[p]
			above = s.z[p]
		}
		s.push[j] = total[j] - parts[j] // the change that falls on the parts
		switch gap := s.forecast[j] - total[j]; {
		case spread[j] > 0:
			s.z[j] = s.push[j] / spread[j]
		case s.variance[j] > 0:
			s.z[j] = above + gap/s.variance[j]
		case gap != 0:
			s.z[j] = math.Inf(1 - 2*int(math.Float64bits(gap)>>63))
		default:
			s.z[j] = above
		}
	}
}

// multipliers solves (W_u + A W_b A') z = ŷ_u - A ŷ_b without the series that are held, by
// conjugate gradients from the last z, scaled by the diagonal.
func (s *columnSolver) multipliers() {
	h, w, upper := s.p.h, s.p.variance, s.p.h.Upper()
	if upper == 0 {
		return
	}
	copy(s.right, s.forecast[:upper])
	copy(s.scale, w[:upper])
	for _, group := range h.group {
		for i, j := range group {
			if !s.held[i] {
				s.right[j] -= s.forecast[upper+i]
				s.scale[j] += w[upper+i]
			}
		}
	}
	s.times(s.residual, s.z)
	size, error2 := 0.0, 0.0
	for j := range s.residual {
		s.residual[j] = s.right[j] - s.residual[j]
		if s.scale[j] == 0 { // nothing can move: what its parts say is all there is
			s.residual[j], s.right[j] = 0, 0
		} else {
			size += s.right[j] * s.right[j] / s.scale[j]
			error2 += s.residual[j] * s.residual[j] / s.scale[j]
		}
	}
	for j := range s.step {
		s.step[j] = 0
		if s.scale[j] > 0 {
			s.step[j] = s.residual[j] / s.scale[j]
		}
	}
	for range s.p.iteration {
		if error2 <= 1e-28*size || error2 == 0 {
			break
		}
		s.times(s.push, s.step)
		curvature := reconcileDot(s.step, s.push)
		if !(curvature > 0) || math.IsInf(curvature, 1) {
			break
		}
		length := error2 / curvature
		last := error2
		error2 = 0
		for j := range s.z {
			s.z[j] += length * s.step[j]
			s.residual[j] -= length * s.push[j]
			if s.scale[j] > 0 {
				error2 += s.residual[j] * s.residual[j] / s.scale[j]
			}
		}
		for j := range s.step {
			along := error2 / last * s.step[j]
			s.step[j] = along
			if s.scale[j] > 0 {
				s.step[j] += s.residual[j] / s.scale[j]
			}
		}
	}
}

// times writes (W_u + A W_b A') x.
func (s *columnSolver) times(dst, x []float64) {
	h, w, upper := s.p.h, s.p.variance, s.p.h.Upper()
	for j := range dst {
		dst[j] = w[j] * x[j]
	}
	for i := range s.bottom {
		if s.held[i] || w[upper+i] == 0 {
			continue
		}
		pressure := 0.0
		for _, group := range h.group {
			pressure += x[group[i]]
		}
		pressure *= w[upper+i]
		for _, group := range h.group {
			dst[group[i]] += pressure
		}
	}
}

func reconcileDot(a, b []float64) float64 {
	sum := 0.0
	for j := range a {
		sum += a[j] * b[j]
	}
	return sum
}
