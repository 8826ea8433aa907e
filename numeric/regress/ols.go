package regress

import "math"

// OLS returns the least-squares fit of y on X, fixed effects absorbed:
//
//	min Σ_i w_i (y_i - x_i'β - Σ_q α_q[absorb_q[i]])².
//
// Errors clustered need d.Cluster. It does not modify d. It fails with a *DataError, a
// *CollinearError after absorbing, a *TooFewError where no degree of freedom is left, or a
// *ConvergenceError; it panics if lengths differ or there is an offset, which is part of y
// here. The cost is about n·k² and an absorbing iteration a pass over the rows and columns.
//
// Source: Frisch & Waugh (1933), Econometrica 1, 387, for absorbing; Errors for the rest.
func OLS(d *Data, e Errors) (*Fit, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	g, err := newDesign(d, e, nil)
	if err != nil {
		return nil, err
	}
	b, err := orthogonalise(g.x, g.length)
	if err != nil {
		return nil, withoutConstant(err, g.constant)
	}
	total := inner(g.y, g.y)
	coef := b.solve(g.y)
	return g.fit(coef, b, g.y, total), nil
}

// design is the data of a regression after absorbing: copies, rows scaled by the root of
// their weight.
type design struct {
	d        *Data
	errors   Errors
	y        []float64
	x        [][]float64 // the constant, if any, last
	z        [][]float64 // instruments
	length   []float64   // of x and then z, before absorbing
	root     []float64   // √weight; nil: 1
	constant int         // its column; -1 without
	absorbed int
	clusters int
}

func newDesign(d *Data, e Errors, instruments [][]float64) (*design, error) {
	if d.Offset != nil {
		panic("regress: only PPML takes an offset")
	}
	n, k := len(d.Y), len(d.X)
	g := &design{d: d, errors: e, constant: -1}
	if len(d.Absorb) == 0 && !d.NoConstant {
		g.constant = k
		k++
	}
	g.absorbed = absorbedFreedom(d.Absorb, nil)
	if need := k + g.absorbed + 1; n < need {
		return nil, &TooFewError{"rows", n, need}
	}
	if e.clustered() {
		if d.Cluster == nil {
			panic("regress: clustered errors without clusters")
		}
		g.clusters = used(d.Cluster)
		if d.Across != nil {
			g.clusters = min(g.clusters, used(d.Across))
		}
		if g.clusters < 2 {
			return nil, &TooFewError{"clusters", g.clusters, 2}
		}
	}
	g.copyColumns(n, k, instruments)
	all := append(append([][]float64{g.y}, g.x...), g.z...)
	for _, x := range all[1:] {
		g.length = append(g.length, math.Sqrt(squares(x, d.Weight)))
	}
	if err := demean(all, d.Absorb, d.Weight, absorbTolerance); err != nil {
		return nil, err
	}
	if g.root != nil {
		for _, x := range all {
			for i, r := range g.root {
				x[i] *= r
			}
		}
	}
	return g, nil
}

func (g *design) copyColumns(n, k int, instruments [][]float64) {
	slab := make([]float64, n*(1+k+len(instruments)))
	take := func(from []float64) []float64 {
		column := slab[:n:n]
		slab = slab[n:]
		copy(column, from)
		return column
	}
	g.y = take(g.d.Y)
	for _, x := range g.d.X {
		g.x = append(g.x, take(x))
	}
	if g.constant >= 0 {
		one := take(nil)
		for i := range one {
			one[i] = 1
		}
		g.x = append(g.x, one)
	}
	for _, z := range instruments {
		g.z = append(g.z, take(z))
	}
	if g.d.Weight != nil {
		g.root = make([]float64, n)
		for i, w := range g.d.Weight {
			g.root[i] = math.Sqrt(w)
		}
	}
}

// squares returns Σ w x².
func squares(x, weight []float64) float64 {
	if weight == nil {
		return inner(x, x)
	}
	sum := 0.
	for i, v := range x {
		sum += weight[i] * v * v
	}
	return sum
}

// fit makes the Fit of coefficients whose covariance comes from basis b, and of scaled
// residuals e, which it takes over. total is the variation of y after absorbing, about 0.
func (g *design) fit(coef []float64, b *basis, e []float64, total float64) *Fit {
	n, k := len(e), len(coef)
	f := &Fit{Coef: coef, Residual: e, Rows: n, Clusters: g.clusters, Absorbed: g.absorbed, Freedom: n - k - g.absorbed}
	rest := inner(e, e)
	f.Sigma = math.Sqrt(rest / float64(f.Freedom))
	f.R2 = 1 - rest/g.variation()
	f.Within = f.R2
	if len(g.d.Absorb) > 0 {
		f.Within = 1 - rest/total
	}
	if g.errors == Classical {
		f.Cov = b.covariance(nil)
		for i := range f.Cov {
			f.Cov[i] *= f.Sigma * f.Sigma
		}
	} else {
		f.Cov = b.covariance(g.meat(b.q, e, nil, k))
	}
	f.SE = make([]float64, k)
	for j := range k {
		f.SE[j] = math.Sqrt(f.Cov[j*k+j])
	}
	if g.root != nil {
		for i, r := range g.root {
			e[i] /= r
		}
	}
	return f
}

// variation returns Σ w (y - ȳ)², or Σ w y² without a constant and fixed effects.
func (g *design) variation() float64 {
	d := g.d
	if len(d.Absorb) == 0 && d.NoConstant {
		return squares(d.Y, d.Weight)
	}
	sum, weight := 0., 0.
	for i, y := range d.Y {
		w := 1.
		if d.Weight != nil {
			w = d.Weight[i]
		}
		sum += w * y
		weight += w
	}
	mean, total := sum/weight, 0.
	for i, y := range d.Y {
		w := 1.
		if d.Weight != nil {
			w = d.Weight[i]
		}
		total += w * (y - mean) * (y - mean)
	}
	return total
}
