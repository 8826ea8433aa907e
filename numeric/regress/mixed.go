package regress

import (
	"math"
	"slices"
)

// MixedFit is a linear mixed model: Fit holds the fixed effects, the constant last, with
// Residual what is left when the groups' effects are out as well, R2 with them, Sigma the
// standard deviation of a row and Within NaN. The random effects are the intercept first,
// then the slopes in the order asked for.
type MixedFit struct {
	Fit
	LogLik      float64     // restricted log likelihood
	SD          []float64   // of each random effect over groups
	Correlation []float64   // of random effects, q × q by rows; NaN where an SD is 0
	Effect      [][]float64 // Effect[a][g]: random effect a of group g, its deviation from the fixed effect
	EffectSD    [][]float64 // and its posterior standard deviation, the fixed effects and variances given
}

// Mixed returns the fit of the linear mixed model
//
//	y_gt = x_gt'β + z_gt'b_g + e_gt,  b_g ~ N(0, Σ),  e ~ N(0, σ²),
//
// z the constant and the columns of X listed in random, Σ any covariance, by restricted
// maximum likelihood. With Σ = σ²ΛΛ' the fixed effects and σ have closed forms given the
// lower triangle Λ, so that only its q(q+1)/2 numbers are searched, and data enter through
// cross products within groups: an evaluation costs the same however many rows there are.
//
// It does not modify d, whose Weight, Absorb and NoConstant must be at rest, else it panics,
// as for columns that are not there. It fails with a *DataError, a *CollinearError, a
// *TooFewError unless there are two groups and more rows than random effects, or a
// *ConvergenceError.
//
// Source: Bates, Mächler, Bolker & Walker (2015), Fitting linear mixed-effects models using
// lme4, Journal of Statistical Software 67(1), equations 29-41.
func Mixed(d *Data, group []int32, random []int) (*MixedFit, error) {
	d.mustBePlain("Mixed")
	mustBeColumns(random, len(d.X))
	if err := d.check(); err != nil {
		return nil, err
	}
	mustBeCodes(group, len(d.Y))
	groups, q := used(group), len(random)+1
	if groups < 2 {
		return nil, &TooFewError{"groups", groups, 2}
	}
	if need := q*groups + 1; len(d.Y) < need {
		return nil, &TooFewError{"rows", len(d.Y), need}
	}
	m, err := newMixture(d, group, random)
	if err != nil {
		return nil, err
	}
	theta := make([]float64, q*(q+1)/2)
	for a, at := 0, 0; a < q; a, at = a+1, at+a+2 {
		theta[at] = 1
	}
	if !minimize(m.deviance, theta) {
		return nil, &ConvergenceError{"restricted likelihood", mostSteps}
	}
	return m.fit(d, theta), nil
}

// mixture holds the cross products of a mixed model. The fixed effects are orthonormal, X =
// QR, and y is orthogonal to them, which changes the likelihood by a constant and loses no
// digits where columns have large means. Random effects are scaled to mean square 1.
type mixture struct {
	group          []int32
	rows, groups   int
	p, q           int
	base           *basis
	coef           []float64 // of ordinary least squares
	z              [][]float64
	scale          []float64 // z = column / scale
	zz, zx, zy     []float64 // by group: q × q, q × p, q
	yy, logR       float64
	lambda, factor []float64 // Λ and its product with Z'Z, q × q
	chol, ux, uy   []float64 // by group: L, L⁻¹Λ'Z'Q, L⁻¹Λ'Z'y
	s, t           []float64 // Q'V⁻¹Q with its Cholesky factor in place, Q'V⁻¹y
	sum            float64   // y'V⁻¹y less what the fixed effects explain
}

func newMixture(d *Data, group []int32, random []int) (*mixture, error) {
	g, err := newDesign(d, Classical, nil)
	if err != nil {
		return nil, err
	}
	m := &mixture{group: group, rows: len(d.Y), groups: levels(group), p: len(g.x), q: len(random) + 1}
	m.z = append(m.z, slices.Clone(g.x[g.constant]))
	for _, j := range random {
		m.z = append(m.z, slices.Clone(g.x[j]))
	}
	if m.base, err = orthogonalise(g.x, g.length); err != nil {
		return nil, withoutConstant(err, g.constant)
	}
	m.coef = m.base.solve(g.y)
	for s := range m.p {
		m.logR += math.Log(m.base.r[s*m.p+s])
	}
	for _, z := range m.z {
		scale := math.Sqrt(inner(z, z) / float64(m.rows))
		for i := range z {
			z[i] /= scale
		}
		m.scale = append(m.scale, scale)
	}
	m.cross(g.y)
	return m, nil
}

func (m *mixture) cross(y []float64) {
	p, q, n := m.p, m.q, m.groups
	m.zz, m.zx, m.zy = make([]float64, n*q*q), make([]float64, n*q*p), make([]float64, n*q)
	m.chol, m.ux, m.uy = make([]float64, n*q*q), make([]float64, n*q*p), make([]float64, n*q)
	m.lambda, m.factor = make([]float64, q*q), make([]float64, q*q)
	m.s, m.t = make([]float64, p*p), make([]float64, p)
	m.yy = inner(y, y)
	for i, c := range m.group {
		g := int(c)
		for a, z := range m.z {
			v := z[i]
			m.zy[g*q+a] += v * y[i]
			for b := range q {
				m.zz[(g*q+a)*q+b] += v * m.z[b][i]
			}
			for j, x := range m.base.q {
				m.zx[(g*q+a)*p+j] += v * x[i]
			}
		}
	}
}

// deviance returns minus twice the restricted log likelihood at Λ, the lower triangle of
// theta by rows, β and σ at their best. It allocates nothing.
func (m *mixture) deviance(theta []float64) float64 {
	p := m.p
	at := 0
	for a := range m.q {
		for b := range a + 1 {
			m.lambda[a*m.q+b] = theta[at]
			at++
		}
	}
	clear(m.s)
	clear(m.t)
	for j := range p {
		m.s[j*p+j] = 1
	}
	m.sum = m.yy
	logL := 0.
	for g := range m.groups {
		logL += m.eliminate(g)
	}
	if factor(m.s, p, nil, 0) > 0 {
		return math.Inf(1)
	}
	logX := 0.
	for a := range p {
		logX += 2 * math.Log(m.s[a*p+a])
	}
	forward(m.s, p, m.t)
	m.sum -= inner(m.t, m.t)
	free := float64(m.rows - p)
	m.sum = math.Max(m.sum, 1e-300)
	return 2*logL + logX + 2*m.logR + free*(1+math.Log(2*math.Pi*m.sum/free))
}

// eliminate takes the random effects of group g out of the cross products and returns
// log|L|, LL' = Λ'Z'ZΛ + I.
func (m *mixture) eliminate(g int) float64 {
	p, q := m.p, m.q
	zz, l := m.zz[g*q*q:][:q*q], m.chol[g*q*q:][:q*q]
	for a := range q { // factor = Z'Z Λ
		for b := range q {
			v := 0.
			for c := b; c < q; c++ {
				v += zz[a*q+c] * m.lambda[c*q+b]
			}
			m.factor[a*q+b] = v
		}
	}
	logL := 0.
	ux, uy := m.ux[g*q*p:][:q*p], m.uy[g*q:][:q]
	for a := range q {
		for b := range a + 1 {
			v := 0.
			for c := a; c < q; c++ {
				v += m.lambda[c*q+a] * m.factor[c*q+b]
			}
			if a == b {
				v++
			}
			for c := range b {
				v -= l[a*q+c] * l[b*q+c]
			}
			if a == b {
				l[a*q+a] = math.Sqrt(v)
				logL += math.Log(l[a*q+a])
			} else {
				l[a*q+b] = v / l[b*q+b]
			}
		}
		uy[a] = m.whiten(l, m.zy[g*q:], uy, a, 0, 1)
		for j := range p {
			ux[a*p+j] = m.whiten(l, m.zx[g*q*p:], ux, a, j, p)
		}
	}
	for a := range q {
		m.sum -= uy[a] * uy[a]
		u := ux[a*p:][:p]
		for j, v := range u {
			m.t[j] -= v * uy[a]
			for k := range j + 1 {
				m.s[j*p+k] -= v * u[k]
			}
		}
	}
	return logL
}

// whiten returns row a of L⁻¹Λ'v for column j of v, whose rows lie width apart, given the
// rows before it in done.
func (m *mixture) whiten(l, v, done []float64, a, j, width int) float64 {
	q := m.q
	sum := 0.
	for c := a; c < q; c++ {
		sum += m.lambda[c*q+a] * v[c*width+j]
	}
	for c := range a {
		sum -= l[a*q+c] * done[c*width+j]
	}
	return sum / l[a*q+a]
}
