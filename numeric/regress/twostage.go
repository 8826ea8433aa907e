package regress

import (
	"math"
	"slices"
)

// Instrumented is a regression by two-stage least squares: Fit with the residuals
// y - Xβ of the regressors themselves, and what tells whether the instruments carry it.
type Instrumented struct {
	Fit

	// EffectiveF measures the strength of the instruments for a single endogenous
	// regressor x under the kind of errors asked for: with the exogenous regressors taken
	// out of x and of instruments made orthonormal, Q,
	//
	//	F = |Q'x|² / tr(Σ qq'v²),  v the residual of x.
	//
	// It is the usual first-stage F for Classical errors, and the robust t² for a single
	// instrument. Below 10 the standard errors of Fit mean nothing: use AndersonRubinSet.
	// NaN for several endogenous regressors.
	//
	// Source: Montiel Olea & Pflueger (2013), Journal of Business & Economic Statistics
	// 31, 358.
	EffectiveF float64

	// Overidentified is Sargan's statistic, or Hansen's J for errors that are not
	// Classical, of chi-square with Extra degrees of freedom if every instrument is valid.
	// NaN where Extra, the instruments beyond the endogenous regressors, is 0.
	Overidentified float64
	Extra          int

	reduced
}

// reduced is what the Anderson–Rubin test needs: the reduced form of y (first) and of each
// endogenous regressor on q orthonormal instruments.
type reduced struct {
	slope   [][]float64   // slope[a]: Q' times variable a
	spread  [][][]float64 // spread[a][b]: q × q covariance of slopes a and b
	freedom float64
	guess   [2]float64 // coefficient and standard error of a single endogenous regressor
}

// TwoStage returns the two-stage least-squares fit of y on X, of which the columns listed
// in endogenous are instrumented by the columns of instruments and by the other columns of
// X; fixed effects are absorbed from all of them. With P the projection on instruments and
// exogenous regressors,
//
//	β = (X'PX)⁻¹ X'Py.
//
// It does not modify its arguments. It fails like OLS, with a *TooFewError also where there
// are fewer instruments than endogenous regressors; a *CollinearError counts instruments
// after the last coefficient. It panics if endogenous names a column that is not there, or
// one twice.
//
// Source: Theil (1953); Wooldridge, Econometric Analysis of Cross Section and Panel Data
// (2010), chapter 5, with the errors of theorem 5.3.
func TwoStage(d *Data, endogenous []int, instruments [][]float64, e Errors) (*Instrumented, error) {
	mustBeColumns(endogenous, len(d.X))
	if err := d.check(); err != nil {
		return nil, err
	}
	for l, z := range instruments {
		if err := finite("Instrument", l, z, len(d.Y)); err != nil {
			return nil, err
		}
	}
	if len(instruments) < len(endogenous) {
		return nil, &TooFewError{"instruments", len(instruments), len(endogenous)}
	}
	g, err := newDesign(d, e, instruments)
	if err != nil {
		return nil, err
	}
	if need := len(g.x) - len(endogenous) + len(instruments) + g.absorbed + 1; len(g.y) < need {
		return nil, &TooFewError{"rows", len(g.y), need}
	}
	first, err := g.firstStage(endogenous)
	if err != nil {
		return nil, withoutConstant(err, g.constant)
	}
	return first.secondStage()
}

func mustBeColumns(list []int, columns int) {
	for i, j := range list {
		if j < 0 || j >= columns || slices.Contains(list[:i], j) {
			panic("regress: not a list of different columns of X")
		}
	}
}

// stages holds the first stage: x less what is fitted, and orthonormal instruments from
// which the exogenous regressors are taken out.
type stages struct {
	g          *design
	endogenous []int
	exogenous  *basis
	excluded   [][]float64 // orthonormal
	total      float64     // variation of y after absorbing
	parts      [][]float64 // y and the endogenous regressors, less the exogenous ones
	slope      [][]float64 // their coefficients on excluded
	rest       [][]float64 // and residuals
}

// firstStage orthogonalises exogenous regressors and instruments together, so that a
// collinear set is named whole, and regresses y and every endogenous regressor on them.
func (g *design) firstStage(endogenous []int) (*stages, error) {
	k := len(g.x)
	s := &stages{g: g, endogenous: endogenous, total: inner(g.y, g.y)}
	var columns []int
	for j := range k + len(g.z) {
		if j >= k || !slices.Contains(endogenous, j) {
			columns = append(columns, j)
		}
	}
	var outer, all [][]float64
	var length []float64
	for _, j := range columns {
		length = append(length, g.length[j])
		if j < k {
			outer = append(outer, slices.Clone(g.x[j]))
			all = append(all, slices.Clone(g.x[j]))
		} else {
			all = append(all, slices.Clone(g.z[j-k]))
		}
	}
	rename := func(err error) error {
		if c, ok := err.(*CollinearError); ok {
			for i, j := range c.Columns {
				c.Columns[i] = columns[j]
			}
		}
		return err
	}
	if _, err := orthogonalise(all, length); err != nil {
		return nil, rename(err)
	}
	var err error
	if s.exogenous, err = orthogonalise(outer, length[:len(outer)]); err != nil {
		return nil, rename(err)
	}
	for _, z := range g.z {
		s.exogenous.solve(z)
	}
	excluded, err := orthogonalise(g.z, g.length[k:])
	if err != nil {
		columns = columns[len(outer):]
		return nil, rename(err)
	}
	s.excluded = excluded.q
	s.parts = [][]float64{slices.Clone(g.y)}
	for _, j := range endogenous {
		s.parts = append(s.parts, slices.Clone(g.x[j]))
	}
	for _, v := range s.parts {
		s.exogenous.solve(v)
		rest := slices.Clone(v)
		slope := make([]float64, len(s.excluded))
		for range 2 {
			for a, q := range s.excluded {
				p := inner(q, rest)
				slope[a] += p
				subtract(rest, q, p)
			}
		}
		s.slope, s.rest = append(s.slope, slope), append(s.rest, rest)
	}
	return s, nil
}

// secondStage regresses y on the fitted regressors.
func (s *stages) secondStage() (*Instrumented, error) {
	g := s.g
	fitted := slices.Clone(g.x)
	for j, x := range g.x {
		fitted[j] = slices.Clone(x)
	}
	for a, j := range s.endogenous {
		subtract(fitted[j], s.rest[a+1], 1)
	}
	b, err := orthogonalise(fitted, g.length)
	if err != nil {
		return nil, err
	}
	coef := b.solve(slices.Clone(g.y))
	e := slices.Clone(g.y)
	for j, x := range g.x {
		subtract(e, x, coef[j])
	}
	instrumented := &Instrumented{EffectiveF: math.NaN(), Overidentified: math.NaN(), Extra: len(s.excluded) - len(s.endogenous)}
	instrumented.reduced = s.reducedForm()
	if len(s.endogenous) == 1 {
		spread := instrumented.spread[1][1]
		trace := 0.
		for a := range s.excluded {
			trace += spread[a*len(s.excluded)+a]
		}
		instrumented.EffectiveF = inner(s.slope[1], s.slope[1]) / trace
	}
	if instrumented.Extra > 0 {
		instrumented.Overidentified = s.overidentified(e, b, coef)
	}
	instrumented.Fit = *g.fit(coef, b, e, s.total)
	if len(s.endogenous) == 1 {
		j := s.endogenous[0]
		instrumented.guess = [2]float64{coef[j], instrumented.SE[j]}
	}
	return instrumented, nil
}

// reducedForm gathers the slopes of y and the endogenous regressors on the instruments, and
// their covariances.
func (s *stages) reducedForm() reduced {
	g := s.g
	k := s.firstStageSize()
	r := reduced{slope: s.slope, freedom: float64(len(g.y) - k - g.absorbed)}
	if g.clusters > 0 {
		r.freedom = float64(g.clusters - 1)
	}
	for a := range s.rest {
		r.spread = append(r.spread, make([][]float64, len(s.rest)))
		for b := range a + 1 {
			f := s.rest[b]
			if a == b {
				f = nil
			}
			m := g.meat(s.excluded, s.rest[a], f, k)
			r.spread[a][b] = m
			if a != b {
				r.spread[b][a] = transposed(m, len(s.excluded))
			}
		}
	}
	return r
}

// firstStageSize counts the coefficients of the first stage.
func (s *stages) firstStageSize() int {
	return len(s.exogenous.q) + len(s.excluded)
}

// overidentified returns Sargan's statistic, n times the share of the residuals that the
// instruments explain, or Hansen's J of the two-step efficient estimate.
func (s *stages) overidentified(e []float64, b *basis, coef []float64) float64 {
	g := s.g
	if g.errors == Classical {
		explained := 0.
		for _, q := range s.excluded {
			p := inner(q, e)
			explained += p * p
		}
		return float64(len(e)) * explained / inner(e, e)
	}
	kind := HC0
	if g.errors.clustered() {
		kind = Cluster0
	}
	plain := *g
	plain.errors = kind
	// The residuals at the estimate differ from y less the endogenous parts only by the
	// exogenous regressors, to which the instruments are orthogonal here: the efficient
	// estimate need be found for the endogenous coefficients alone.
	l := len(s.excluded)
	weight, ok := cholesky(plain.meat(s.excluded, e, nil, s.firstStageSize()), l)
	if !ok {
		return math.NaN()
	}
	cols := make([][]float64, len(s.endogenous))
	length := make([]float64, len(cols))
	for a := range cols {
		cols[a] = slices.Clone(s.slope[a+1])
		forward(weight, l, cols[a])
		length[a] = math.Sqrt(inner(cols[a], cols[a]))
	}
	target := slices.Clone(s.slope[0])
	forward(weight, l, target)
	efficient, err := orthogonalise(cols, length)
	if err != nil {
		return math.NaN()
	}
	efficient.solve(target)
	return inner(target, target)
}

func transposed(m []float64, k int) []float64 {
	t := make([]float64, k*k)
	for a := range k {
		for b := range k {
			t[b*k+a] = m[a*k+b]
		}
	}
	return t
}
