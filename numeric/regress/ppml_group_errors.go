package regress

import (
	"cmp"
	"math"
	"slices"
)

// scores adds up what clusters of rows contribute to the estimating equations. In a group
// with factor L of its block and Y = L⁻¹ times the block beside it, a cluster contributes
// m = L⁻¹Σse to the group's own equations and u = z - Ym to those of the common effects, z
// being its residuals by code. With S the matrix between codes, the group's coefficients
// then have the covariance
//
//	L⁻ᵀ (Σmm' - Σmu'B' - BΣum' + B U B') L⁻¹,  B = Y'S⁻¹,
//
// where the first sums go over the clusters of the group and U = Σuu' over all.
type scores struct {
	a       *arrow
	e       []float64 // residuals times weights
	exact   bool      // without the corrections for few rows and clusters
	cluster []int32
	rows    []int32 // of a group, by cluster

	u          [][]float64 // U of each component
	own        []float64   // Σmm' of the group, q×q
	beside     []float64   // Σzm' by support, q each
	m          []float64
	z          []float64 // by support
	touched    []int32
	clusters   int
	solved     [][]float64 // columns of B'
	product, v []float64
}

func newScores(c *counts, a *arrow, cluster []int32, exact bool) *scores {
	s := &scores{a: a, e: make([]float64, len(c.y)), cluster: cluster, exact: exact}
	for k, m := range c.mu {
		s.e[k] = c.weight[k] * (c.y[k] - m)
	}
	most := 0
	for k := range a.parts {
		n := a.parts[k].codes
		s.u = append(s.u, make([]float64, n*n))
		most = max(most, n)
	}
	if !exact {
		c.inflate(s.e, a)
	}
	s.own, s.m, s.v = make([]float64, a.q*a.q), make([]float64, a.q), make([]float64, a.q*a.q)
	s.beside, s.z, s.product = make([]float64, most*a.q), make([]float64, most), make([]float64, most)
	for range a.q {
		s.solved = append(s.solved, make([]float64, most))
	}
	return s
}

// inflate divides residuals by 1 less their leverage within the group: a row that draws the
// fit towards itself leaves a residual that is too small by as much.
func (c *counts) inflate(e []float64, a *arrow) {
	q := a.q
	v := make([]float64, q)
	for g := range a.home {
		for i := a.start[g]; i < a.start[g+1]; i++ {
			v[0] = 1
			for j, x := range a.slopes {
				v[j+1] = x[i]
			}
			forward(a.block[g*q*q:(g+1)*q*q], q, v)
			e[i] /= max(1-c.work[i]*inner(v, v), 1e-3)
		}
	}
}

// gather adds up the clusters of group g. It adds their z z' to U if that is wanted.
func (s *scores) gather(g int, wanted bool) {
	a := s.a
	q := a.q
	begin, end := a.start[g], a.start[g+1]
	s.rows = s.rows[:0]
	for i := begin; i < end; i++ {
		s.rows = append(s.rows, i)
	}
	if s.cluster != nil {
		slices.SortStableFunc(s.rows, func(i, k int32) int { return cmp.Compare(s.cluster[i], s.cluster[k]) })
	}
	clear(s.own)
	clear(s.beside[:int(a.from[g+1]-a.from[g])*q])
	s.clusters = 0
	for low := 0; low < len(s.rows); {
		high := low + 1
		for s.cluster != nil && high < len(s.rows) && s.cluster[s.rows[high]] == s.cluster[s.rows[low]] {
			high++
		}
		s.gatherCluster(g, s.rows[low:high])
		if wanted {
			s.outer(g)
		}
		for _, t := range s.touched {
			s.z[t] = 0
		}
		s.clusters++
		low = high
	}
}

// gatherCluster leaves z of the cluster where it is.
func (s *scores) gatherCluster(g int, rows []int32) {
	a := s.a
	q := a.q
	clear(s.m)
	s.touched = s.touched[:0]
	for _, i := range rows {
		e := s.e[i]
		s.m[0] += e
		for j, x := range a.slopes {
			s.m[j+1] += e * x[i]
		}
		for _, slot := range a.slot {
			s.z[slot[i]] += e
			s.touched = append(s.touched, slot[i])
		}
	}
	slices.Sort(s.touched)
	s.touched = slices.Compact(s.touched)
	forward(a.block[g*q*q:(g+1)*q*q], q, s.m)
	for j, x := range s.m {
		for k, y := range s.m {
			s.own[j*q+k] += x * y
		}
		for _, t := range s.touched {
			s.beside[int(t)*q+j] += s.z[t] * x
		}
	}
}

// outer adds z z' of a cluster to U.
func (s *scores) outer(g int) {
	a := s.a
	support := a.support[a.from[g]:a.from[g+1]]
	u, n := s.u[a.home[g]], a.parts[a.home[g]].codes
	for k, t := range s.touched {
		row := u[int(support[t])*n:]
		for _, r := range s.touched[:k+1] {
			row[support[r]] += s.z[t] * s.z[r]
		}
	}
}

// spread adds the rest of Σuu' of the group that was gathered to the lower triangle of U.
func (s *scores) spread(g int) {
	a := s.a
	q := a.q
	support := a.support[a.from[g]:a.from[g+1]]
	y := a.cross[int(a.from[g])*q:]
	u, n := s.u[a.home[g]], a.parts[a.home[g]].codes
	half := make([]float64, len(support)*q) // Σzm' - YΣmm'/2
	for t := range support {
		for j := range q {
			half[t*q+j] = s.beside[t*q+j] - inner(y[t*q:(t+1)*q], s.own[j*q:(j+1)*q])/2
		}
	}
	for t, c := range support {
		row := u[int(c)*n:]
		for r, d := range support[:t+1] {
			row[d] -= inner(half[t*q:(t+1)*q], y[r*q:(r+1)*q]) + inner(y[t*q:(t+1)*q], half[r*q:(r+1)*q])
		}
	}
}

// variance writes the variances of the coefficients of the group that was gathered and
// returns their degrees of freedom.
func (s *scores) variance(dst []float64, g int) int {
	a := s.a
	q := a.q
	rows := float64(len(s.rows))
	if s.clusters <= q || len(s.rows) <= q {
		for j := range dst {
			dst[j] = math.Inf(1)
		}
		return 0
	}
	m := float64(s.clusters)
	factor := m / (m - 1) * (rows - 1) / (rows - float64(q))
	if s.exact {
		factor = 1
	}
	copy(s.v, s.own)
	if len(a.slot) > 0 {
		s.addEffects(g)
	}
	// L⁻ᵀ V L⁻¹: columns first, then rows.
	block := a.block[g*q*q : (g+1)*q*q]
	for range 2 {
		for j := range q {
			for k := range q {
				s.m[k] = s.v[k*q+j]
			}
			backward(block, q, s.m)
			for k := range q {
				s.v[k*q+j] = s.m[k]
			}
		}
		transpose(s.v, q)
	}
	for j := range dst {
		dst[j] = factor * s.v[j*q+j]
	}
	return s.clusters - q
}

// addEffects adds to V what the common effects contribute.
func (s *scores) addEffects(g int) {
	a := s.a
	q := a.q
	part := &a.parts[a.home[g]]
	support := a.support[a.from[g]:a.from[g+1]]
	y := a.cross[int(a.from[g])*q:]
	for j := range q {
		b := s.solved[j][:part.codes]
		clear(b)
		for t, c := range support {
			b[c] = y[t*q+j]
		}
		forward(part.matrix, part.codes, b)
		backward(part.matrix, part.codes, b)
	}
	for j := range q {
		s.multiply(a.home[g], s.solved[j])
		for k := range q {
			b := s.solved[k]
			s.v[j*q+k] += inner(s.product[:part.codes], b)
			for t, c := range support {
				// (Σmu')_jt = (Σmz')_jt - (Σmm'Y')_jt
				mu := s.beside[t*q+j] - inner(y[t*q:(t+1)*q], s.own[j*q:(j+1)*q])
				s.v[j*q+k] -= mu * b[c]
				s.v[k*q+j] -= mu * b[c]
			}
		}
	}
}

// multiply sets s.product to U b of a component.
func (s *scores) multiply(part int32, b []float64) {
	n := s.a.parts[part].codes
	u := s.u[part]
	clear(s.product[:n])
	for i := range n {
		row := u[i*n : i*n+i]
		s.product[i] += inner(row, b) + u[i*n+i]*b[i]
		for j, x := range row {
			s.product[j] += x * b[i]
		}
	}
}

func transpose(m []float64, n int) {
	for i := range n {
		for j := range i {
			m[i*n+j], m[j*n+i] = m[j*n+i], m[i*n+j]
		}
	}
}
