package regress

import "math"

// meat returns the middle of the sandwich, k × k: Σ q q' e f over rows or clusters, with
// the factor of the kind of errors; a nil f is e. Columns q are orthonormal and k counts the
// coefficients that are estimated, which may be more than there are columns. Classical is
// σ_ef times the identity.
func (g *design) meat(q [][]float64, e, f []float64, k int) []float64 {
	n := float64(len(e))
	if f == nil {
		f = e
	}
	switch g.errors {
	case Classical:
		m := make([]float64, len(q)*len(q))
		s := inner(e, f) / (n - float64(k+g.absorbed))
		for a := range q {
			m[a*len(q)+a] = s
		}
		return m
	case HC0:
		return rowMeat(q, e, f, 1)
	case HC1:
		return rowMeat(q, e, f, n/(n-float64(k+g.absorbed)))
	}
	factor := 1.
	if g.errors == Cluster1 {
		groups := float64(g.clusters)
		factor = groups / (groups - 1) * (n - 1) / (n - float64(g.estimated(k)))
	}
	m := clusterMeat(q, e, f, g.d.Cluster, factor)
	if g.d.Across == nil {
		return m
	}
	other := clusterMeat(q, e, f, g.d.Across, factor)
	both := clusterMeat(q, e, f, intersection(g.d.Cluster, g.d.Across), factor)
	for i := range m {
		m[i] += other[i] - both[i]
	}
	if &e[0] == &f[0] {
		m = nearestPositive(m, len(q))
	}
	return m
}

// estimated returns k and the fixed effects that are not nested in clusters, one at least.
func (g *design) estimated(k int) int {
	if len(g.d.Absorb) == 0 {
		return k
	}
	return k + max(1, absorbedFreedom(g.d.Absorb, func(q int) bool {
		return nested(g.d.Absorb[q], g.d.Cluster) || g.d.Across != nil && nested(g.d.Absorb[q], g.d.Across)
	}))
}

func rowMeat(q [][]float64, e, f []float64, factor float64) []float64 {
	k := len(q)
	m := make([]float64, k*k)
	for a := range k {
		for b := range a + 1 {
			sum := 0.
			qa, qb := q[a], q[b]
			for i, v := range e {
				sum += qa[i] * qb[i] * v * f[i]
			}
			m[a*k+b], m[b*k+a] = factor*sum, factor*sum
		}
	}
	return m
}

func clusterMeat(q [][]float64, e, f []float64, cluster []int32, factor float64) []float64 {
	k, groups := len(q), levels(cluster)
	left := clusterSums(q, e, cluster, groups)
	right := left
	if &e[0] != &f[0] {
		right = clusterSums(q, f, cluster, groups)
	}
	m := make([]float64, k*k)
	for c := range groups {
		l, r := left[c*k:][:k], right[c*k:][:k]
		for a, v := range l {
			for b, w := range r {
				m[a*k+b] += v * w
			}
		}
	}
	for i := range m {
		m[i] *= factor
	}
	return m
}

func clusterSums(q [][]float64, e []float64, cluster []int32, groups int) []float64 {
	k := len(q)
	sums := make([]float64, groups*k)
	for a, qa := range q {
		for i, c := range cluster {
			sums[int(c)*k+a] += qa[i] * e[i]
		}
	}
	return sums
}

// intersection numbers the pairs of codes that occur, in the order in which they first do.
func intersection(a, b []int32) []int32 {
	number := map[[2]int32]int32{}
	codes := make([]int32, len(a))
	for i := range a {
		pair := [2]int32{a[i], b[i]}
		c, ok := number[pair]
		if !ok {
			c = int32(len(number))
			number[pair] = c
		}
		codes[i] = c
	}
	return codes
}

// nearestPositive returns the symmetric matrix m with its negative eigenvalues set to 0:
// a difference of covariances need not be one.
func nearestPositive(m []float64, k int) []float64 {
	value, vector := eigen(m, k)
	least := math.Inf(1)
	for _, v := range value {
		least = math.Min(least, v)
	}
	if least >= 0 {
		return m
	}
	fixed := make([]float64, k*k)
	for s, v := range value {
		for a := range k {
			for b := range k {
				fixed[a*k+b] += math.Max(0, v) * vector[a*k+s] * vector[b*k+s]
			}
		}
	}
	return fixed
}

// eigen returns the eigenvalues of a symmetric matrix and its eigenvectors, as columns, by
// Jacobi's rotations.
//
// Source: Golub & Van Loan, Matrix Computations (2013), section 8.5.
func eigen(m []float64, k int) (value, vector []float64) {
	a := append([]float64(nil), m...)
	vector = make([]float64, k*k)
	for j := range k {
		vector[j*k+j] = 1
	}
	for range 60 {
		off, on := 0., 0.
		for r := range k {
			on += a[r*k+r] * a[r*k+r]
			for c := range r {
				off += a[r*k+c] * a[r*k+c]
			}
		}
		if off <= 1e-30*on {
			break
		}
		for p := range k {
			for q := p + 1; q < k; q++ {
				rotate(a, vector, k, p, q)
			}
		}
	}
	value = make([]float64, k)
	for j := range k {
		value[j] = a[j*k+j]
	}
	return value, vector
}

func rotate(a, vector []float64, k, p, q int) {
	if a[p*k+q] == 0 {
		return
	}
	tau := (a[q*k+q] - a[p*k+p]) / (2 * a[p*k+q])
	t := math.Copysign(1, tau) / (math.Abs(tau) + math.Sqrt(1+tau*tau))
	c := 1 / math.Sqrt(1+t*t)
	s := t * c
	for i := range k {
		x, y := a[i*k+p], a[i*k+q]
		a[i*k+p], a[i*k+q] = c*x-s*y, s*x+c*y
	}
	for i := range k {
		x, y := a[p*k+i], a[q*k+i]
		a[p*k+i], a[q*k+i] = c*x-s*y, s*x+c*y
		x, y = vector[i*k+p], vector[i*k+q]
		vector[i*k+p], vector[i*k+q] = c*x-s*y, s*x+c*y
	}
}
