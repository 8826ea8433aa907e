package promotion

import (
	"math"

	"tradewind/numeric/regress"
)

// choose runs the group lasso and drops the groups that it sets to zero: of each category
// the entries of subcategories on their own other items are one group, those across
// subcategories another. With z the coefficients and Q the inverse of their
// correlations, both in standard errors, it minimises
//
//	½ (b−z)'Q(b−z) + Σ_g λ_g |b_g|,  λ_g = √p_g + √(2 ln G)
//
// which is the least-squares problem itself, by accelerated proximal steps. λ is what the
// largest of G groups of p_g coefficients of pure noise would reach.
//
// Source: Yuan & Lin (2006), equation 2.1; Beck & Teboulle, A fast iterative shrinkage-
// thresholding algorithm, SIAM Journal on Imaging Sciences 2 (2009).
func (c *cross) choose(fit *regress.Fit) {
	c.chosen = true
	k := len(c.pairs)
	stride := len(fit.Coef)
	z, correlation := make([]float64, k), make([]float64, k*k)
	for i := range k {
		z[i] = fit.Coef[i] / fit.SE[i]
		for j := range k {
			correlation[i*k+j] = fit.Cov[i*stride+j] / (fit.SE[i] * fit.SE[j])
		}
	}
	group, sizes, position := make([]int, k), []float64{}, map[[2]int]int{}
	for j, p := range c.pairs {
		key := [2]int{c.home[p.From], 0}
		if p.From == p.To {
			key[1] = 1
		}
		at, known := position[key]
		if !known {
			at = len(sizes)
			position[key], sizes = at, append(sizes, 0)
		}
		group[j] = at
		sizes[at]++
	}
	penalty := make([]float64, len(sizes))
	for g, n := range sizes {
		penalty[g] = math.Sqrt(n) + math.Sqrt(2*math.Log(float64(len(sizes))))
	}
	b := groupLasso(z, inverse(correlation, k), group, penalty)
	for j := k - 1; j >= 0; j-- {
		if b[j] == 0 {
			c.drop(j)
		}
	}
}

// groupLasso minimises ½ (b−z)'Q(b−z) + Σ penalty_g |b_g|; q is by rows.
func groupLasso(z, q []float64, group []int, penalty []float64) []float64 {
	k := len(z)
	largest := 0.0 // an upper bound of the eigenvalues of Q
	for i := range k {
		sum := 0.0
		for _, x := range q[i*k : (i+1)*k] {
			sum += math.Abs(x)
		}
		largest = math.Max(largest, sum)
	}
	b, ahead, next := make([]float64, k), make([]float64, k), make([]float64, k)
	momentum := 1.0
	norm := make([]float64, len(penalty))
	for range lassoRounds {
		clear(norm)
		for i := range k {
			gradient := 0.0
			for j := range k {
				gradient += q[i*k+j] * (ahead[j] - z[j])
			}
			next[i] = ahead[i] - gradient/largest
			norm[group[i]] += next[i] * next[i]
		}
		following := (1 + math.Sqrt(1+4*momentum*momentum)) / 2
		moved := 0.0
		for i := range k {
			keep := 0.0
			if n := math.Sqrt(norm[group[i]]); n > penalty[group[i]]/largest {
				keep = 1 - penalty[group[i]]/(largest*n)
			}
			next[i] *= keep
			moved = math.Max(moved, math.Abs(next[i]-b[i]))
			ahead[i] = next[i] + (momentum-1)/following*(next[i]-b[i])
			b[i] = next[i]
		}
		momentum = following
		if moved < 1e-9 {
			break
		}
	}
	return b
}

// inverse returns the inverse of a symmetric positive definite k × k matrix, by
// Gauss and Jordan without pivots.
func inverse(a []float64, k int) []float64 {
	m := make([]float64, len(a))
	copy(m, a)
	for p := range k {
		pivot := m[p*k+p]
		m[p*k+p] = 1
		for j := range k {
			m[p*k+j] /= pivot
		}
		for i := range k {
			if i == p {
				continue
			}
			by := m[i*k+p]
			m[i*k+p] = 0
			for j := range k {
				m[i*k+j] -= by * m[p*k+j]
			}
		}
	}
	return m
}
