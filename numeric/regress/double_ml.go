package regress

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Nuisance learns y from the columns x and writes its predictions for the columns at into
// dst. It must not keep or change what it is given, must draw from rng alone, and may be
// called by several goroutines at once.
type Nuisance func(dst []float64, y []float64, x [][]float64, at [][]float64, rng *rand.Rand) error

// DoubleMLForm sets up DoubleML. The zero value is the default.
type DoubleMLForm struct {
	// Block holds a code for each row: rows of a block are always learnt from, or predicted,
	// together. Where neighbours in time are alike, a block must be a stretch of time (of a
	// group, say), or the residuals are too small and the estimate biased. nil: each row is
	// a block.
	Block      []int32
	Cluster    []int32   // codes of rows whose errors may depend on each other; nil: none do
	Folds      int       // 0 means 5
	Repeats    int       // 0 means 5
	Instrument []float64 // moves d and, but for d, not y; nil: d is as good as random given x
}

// Causal is the effect of d on y. Residuals are those of the repeat whose estimate is the
// (lower) median.
type Causal struct {
	Coef, SE            float64
	Low, High           float64 // interval of 95 %
	Rows, Clusters      int
	YResidual           []float64
	DResidual           []float64
	InstrumentResidual  []float64
	YExplained          float64 // share of the variation of y that its prediction out of fold explains, median
	DExplained          float64 // the same of d
	InstrumentExplained float64
	Strength            float64 // F of the instrument's residual in the regression of d's, median; +Inf without instrument
	PerRepeat           []Repeat
}

// Repeat is the estimate with one division into folds.
type Repeat struct{ Coef, SE float64 }

// DoubleML estimates θ of the partially linear model
//
//	y = θd + g(x) + ζ,  d = m(x) + v,  E[ζ | x, d] = 0,
//
// or, with an instrument z, of y = θd + g(x) + ζ, z = m(x) + v, E[ζ | x, z] = 0. What x
// predicts of y, d and z is learnt from other rows than it is taken from (cross-fitting);
// θ then is the ratio of the residuals' products, which errors of the predictions touch only
// in the second order. The division into folds is drawn anew for each repeat, and the
// median of the estimates taken, its variance the median of each repeat's variance plus its
// squared distance from the median.
//
// Errors hold under unequal variances and, with clusters, within them (times G/(G-1)); the
// interval goes by Student's t with G-1 degrees of freedom then, else by the normal
// distribution. It does not modify what it is given. It draws from rng, each fold
// getting a generator of its own, so that the result does not depend on the number of cores.
//
// It fails with a *DataError for what is not finite (predictions included), a *TooFewError
// for fewer blocks than folds or fewer than two clusters, a *CollinearError of column 0 if
// nothing of d, or of the instrument, is left, and with what learn fails with. It panics if
// lengths differ. learn is called 2 or 3 · Folds · Repeats times.
//
// Source: Chernozhukov, Chetverikov, Demirer, Duflo, Hansen, Newey & Robins, Double/debiased
// machine learning for treatment and structural parameters (2018), Econometrics Journal 21,
// C1: definitions 3.2 and 3.3, equations 4.3 and 4.7.
func DoubleML(y, d []float64, x [][]float64, form DoubleMLForm, learn Nuisance, rng *rand.Rand) (*Causal, error) {
	if form.Folds == 0 {
		form.Folds = 5
	}
	if form.Repeats == 0 {
		form.Repeats = 5
	}
	if form.Folds < 2 || form.Repeats < 1 {
		panic("regress: double machine learning needs two folds and one repeat")
	}
	m := &crossFitting{form: form, x: x, learn: learn, targets: [][]float64{y, d}}
	if form.Instrument != nil {
		m.targets = append(m.targets, form.Instrument)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := m.crossFit(rng); err != nil {
		return nil, err
	}
	return m.causal()
}

// crossFitting is the work of DoubleML: residuals[r][t] is what is left of target t in repeat r.
type crossFitting struct {
	form      DoubleMLForm
	x         [][]float64
	learn     Nuisance
	targets   [][]float64 // y, d and maybe the instrument
	clusters  int
	residuals [][][]float64
}

func (m *crossFitting) check() error {
	n := len(m.targets[0])
	for t, part := range []string{"Y", "D", "Instrument"}[:len(m.targets)] {
		if err := finite(part, 0, m.targets[t], n); err != nil {
			return err
		}
	}
	for j, x := range m.x { // a missing value is for learn to judge
		if len(x) != n {
			panic("regress: X and Y differ in length")
		}
		if i := slices.IndexFunc(x, func(v float64) bool { return math.IsInf(v, 0) }); i >= 0 {
			return &DataError{"X", j, i, x[i]}
		}
	}
	if m.form.Cluster != nil {
		mustBeCodes(m.form.Cluster, n)
		if m.clusters = used(m.form.Cluster); m.clusters < 2 {
			return &TooFewError{"clusters", m.clusters, 2}
		}
	}
	blocks := n
	if m.form.Block != nil {
		mustBeCodes(m.form.Block, n)
		blocks = used(m.form.Block)
	}
	if blocks < m.form.Folds {
		return &TooFewError{"blocks", blocks, m.form.Folds}
	}
	return nil
}

// causal puts the repeats together.
func (m *crossFitting) causal() (*Causal, error) {
	c := &Causal{Rows: len(m.targets[0]), Clusters: m.clusters, Strength: math.Inf(1)}
	explained := make([][]float64, len(m.targets))
	var strength []float64
	for _, left := range m.residuals {
		z := left[len(left)-1] // the instrument's residual, or that of d
		if !(inner(z, z) > 1e-18*variationOf(m.targets[len(left)-1])) || !(math.Abs(inner(z, left[1])) > 0) {
			return nil, &CollinearError{[]int{0}}
		}
		coef, se := m.ratio(left[0], left[1], z)
		c.PerRepeat = append(c.PerRepeat, Repeat{coef, se})
		for t, r := range left {
			explained[t] = append(explained[t], 1-inner(r, r)/variationOf(m.targets[t]))
		}
		if len(left) > 2 {
			first, se := m.ratio(left[1], z, z)
			strength = append(strength, first*first/(se*se))
		}
	}
	coefs := make([]float64, len(c.PerRepeat))
	for r, p := range c.PerRepeat {
		coefs[r] = p.Coef
	}
	c.Coef = median(coefs)
	variances := make([]float64, len(coefs))
	for r, p := range c.PerRepeat {
		variances[r] = p.SE*p.SE + (p.Coef-c.Coef)*(p.Coef-c.Coef)
	}
	c.SE = math.Sqrt(median(variances))
	half := quantileT(.975, math.Inf(1))
	if m.clusters > 0 {
		half = quantileT(.975, float64(m.clusters-1))
	}
	c.Low, c.High = c.Coef-half*c.SE, c.Coef+half*c.SE
	c.YExplained, c.DExplained = median(explained[0]), median(explained[1])
	sorted := slices.Clone(coefs)
	slices.Sort(sorted)
	left := m.residuals[slices.Index(coefs, sorted[(len(sorted)-1)/2])]
	c.YResidual, c.DResidual = left[0], left[1]
	if len(left) > 2 {
		c.InstrumentResidual, c.InstrumentExplained = left[2], median(explained[2])
		c.Strength = median(strength)
	}
	return c, nil
}

// ratio returns Σzy/Σzd and its standard error.
func (m *crossFitting) ratio(y, d, z []float64) (coef, se float64) {
	slope := inner(z, d)
	coef = inner(z, y) / slope
	sum := 0.0
	if m.form.Cluster == nil {
		for i, v := range z {
			score := v * (y[i] - coef*d[i])
			sum += score * score
		}
		return coef, math.Sqrt(sum) / math.Abs(slope)
	}
	total := make([]float64, levels(m.form.Cluster))
	for i, g := range m.form.Cluster {
		total[g] += z[i] * (y[i] - coef*d[i])
	}
	for _, s := range total {
		sum += s * s
	}
	g := float64(m.clusters)
	return coef, math.Sqrt(sum*g/(g-1)) / math.Abs(slope)
}

// variationOf returns Σ(v - mean)².
func variationOf(v []float64) float64 {
	mean, sum := 0.0, 0.0
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	for _, x := range v {
		sum += (x - mean) * (x - mean)
	}
	return sum
}

func median(v []float64) float64 {
	s := slices.Clone(v)
	slices.Sort(s)
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}
