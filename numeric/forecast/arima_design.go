package forecast

import (
	"fmt"
	"math"
)

// arimaMostMissing is how many missing values of n are estimated exactly: an evaluation of the
// likelihood costs n times their square.
func arimaMostMissing(n int) int {
	return max(50, min(300, int(math.Sqrt(3e7/float64(n)))))
}

// arimaDesign is the differenced series and its differenced columns, ready to be filtered:
// columns made orthonormal, the series less its projection on them and scaled. All models with the same
// differences and the same constant share one.
type arimaDesign struct {
	form    ARIMAForm
	lead    int       // values missing before the first
	series  []float64 // from the first value on, missing ones interpolated
	missing []int     // their periods, of those with a column
	names   []string  // of the columns after the dummies
	future  func(dst []float64, t int)

	n         int       // differenced periods
	kept      []int     // columns of the design that are independent
	dummies   int       // of these, dummies
	data      []float64 // n x (1 + kept)
	triangle  []float64 // columns kept = orthonormal · triangle
	alpha     []float64 // projection of the series
	logVolume float64   // Σ log of the triangle's diagonal over the dummies
	scale     float64
	floor     float64
	given     int // values that are there, from the first
}

// arimaColumns are regressors known for every period, the first of which is 0; nil for none.
type arimaColumns interface {
	Names() []string
	Row(dst []float64, t int)
}

// newARIMADesign prepares y. Columns may come besides the regressors of the form.
func newARIMADesign(y []float64, form ARIMAForm, extra arimaColumns) (*arimaDesign, error) {
	d := &arimaDesign{form: form}
	for d.lead < len(y) && math.IsNaN(y[d.lead]) {
		d.lead++
	}
	y = y[d.lead:]
	d.given = observed(y)
	if d.given == 0 {
		return nil, &TooShortError{Method: form.name(), Have: 0, Need: 1}
	}
	lost := form.D + form.Period*form.SeasonalD
	d.n = len(y) - lost
	if d.n < 1 || d.given-lost < 1 {
		return nil, &TooShortError{Method: form.name(), Have: d.given, Need: lost + 1}
	}
	d.series, d.missing = arimaInterpolate(y)
	if extra := len(d.missing) - arimaMostMissing(len(y)); extra > 0 {
		d.missing = d.missing[extra:]
	}
	d.columns(extra)
	return d, d.prepare()
}

// arimaInterpolate returns y with a straight line through each gap, and the periods that were missing.
func arimaInterpolate(y []float64) (filled []float64, missing []int) {
	filled = make([]float64, len(y))
	interpolateLine(filled, y)
	for t, v := range y {
		if math.IsNaN(v) {
			missing = append(missing, t)
		}
	}
	return filled, missing
}

// columns sets the regressors' names and how to have their values.
func (d *arimaDesign) columns(extra arimaColumns) {
	form, lead := d.form, d.lead
	constant := form.constant()
	if constant != "" {
		d.names = append(d.names, constant)
	}
	for _, r := range form.Regressors {
		d.names = append(d.names, r.Name)
	}
	if extra != nil {
		d.names = append(d.names, extra.Names()...)
	}
	d.future = func(dst []float64, t int) {
		i := 0
		switch constant {
		case "mean":
			dst[0] = 1
			i++
		case "drift":
			dst[0] = float64(t + 1)
			i++
		}
		for _, r := range form.Regressors {
			dst[i] = r.Values[lead+t]
			i++
		}
		if extra != nil {
			extra.Row(dst[i:], lead+t)
		}
	}
}

// difference returns (1-B)^d (1-B^m)^D x, in the room of x.
func (form ARIMAForm) difference(x []float64) []float64 {
	for range form.SeasonalD {
		x = arimaLagDifference(x, form.Period)
	}
	for range form.D {
		x = arimaLagDifference(x, 1)
	}
	return x
}

func arimaLagDifference(x []float64, lag int) []float64 {
	n := len(x) - lag
	for t := range n {
		x[t] = x[t+lag] - x[t]
	}
	return x[:n]
}

// prepare differences, makes orthonormal, projects and scales.
func (d *arimaDesign) prepare() error {
	total := len(d.series)
	k := len(d.missing) + len(d.names)
	raw := make([]float64, total)
	copy(raw, d.series)
	y := append([]float64(nil), d.form.difference(raw)...)
	largest := 0.0
	for _, v := range d.series {
		largest = max(largest, math.Abs(v))
	}
	basis := make([][]float64, 0, k)
	rows := d.rows()
	var triangle [][]float64
	for j := range k {
		raw = raw[:total]
		if j < len(d.missing) {
			clear(raw)
			raw[d.missing[j]] = 1
		} else {
			for t := range raw {
				raw[t] = rows[t*len(d.names)+j-len(d.missing)]
			}
		}
		column := d.form.difference(raw)
		before := math.Sqrt(arimaDot(column, column))
		r := make([]float64, len(basis)+1)
		for range 2 { // twice is enough: Kahan's rule for Gram–Schmidt
			for i, q := range basis {
				s := arimaDot(q, column)
				r[i] += s
				for t, v := range q {
					column[t] -= s * v
				}
			}
		}
		after := math.Sqrt(arimaDot(column, column))
		if !(after > 1e-9*before) || len(basis)+1 >= d.n {
			if j < len(d.missing) {
				continue
			}
			return fmt.Errorf("%w: %q", ErrDependent, d.names[j-len(d.missing)])
		}
		r[len(basis)] = after
		q := append([]float64(nil), column...)
		for t := range q {
			q[t] /= after
		}
		basis = append(basis, q)
		triangle = append(triangle, r)
		d.kept = append(d.kept, j)
		if j < len(d.missing) {
			d.dummies++
			d.logVolume += math.Log(after)
		}
	}
	kept := len(basis)
	d.triangle = make([]float64, kept*kept)
	d.alpha = make([]float64, kept)
	for j, r := range triangle {
		for i, v := range r {
			d.triangle[i*kept+j] = v
		}
	}
	for range 2 {
		for i, q := range basis {
			s := arimaDot(q, y)
			d.alpha[i] += s
			for t, v := range q {
				y[t] -= s * v
			}
		}
	}
	d.rescale(y, largest)
	d.data = make([]float64, 0, d.n*(kept+1))
	d.data = append(d.data, y...)
	for _, q := range basis {
		d.data = append(d.data, q...)
	}
	return nil
}

// rows are the values of the named columns at the periods of the series.
func (d *arimaDesign) rows() []float64 {
	k := len(d.names)
	rows := make([]float64, k*len(d.series))
	if k > 0 {
		for t := range d.series {
			d.future(rows[t*k:(t+1)*k], t)
		}
	}
	return rows
}

// rescale divides y by a power of two near its largest value, and sets the sum of squares below
// which there is only rounding.
func (d *arimaDesign) rescale(y []float64, largest float64) {
	size := 0.0
	for _, v := range y {
		size = max(size, math.Abs(v))
	}
	rounding := largest * 0x1p-50
	if size < rounding {
		size = max(rounding, math.SmallestNonzeroFloat64*0x1p60)
	}
	_, exponent := math.Frexp(size)
	d.scale = math.Ldexp(1, exponent)
	for t := range y {
		y[t] /= d.scale
	}
	rounding /= d.scale
	d.floor = float64(d.n) * max(rounding*rounding, 1e-30)
}

// used is the number of differenced values that are not missing.
func (d *arimaDesign) used() int { return d.n - d.dummies }

// arimaFit is what the maximisation of one model found.
type arimaFit struct {
	order         arimaOrder
	angles        []float64
	coefficients  []float64
	gamma         []float64 // of the columns kept
	sigma2        float64
	deviation     float64 // √σ² with the degrees of freedom taken off
	logLik        float64
	used, columns int
}

// parameters counts the coefficients and σ².
func (f *arimaFit) parameters() int { return f.order.parameters() + f.columns + 1 }

func (f *arimaFit) aic() float64 { return -2*f.logLik + 2*float64(f.parameters()) }

func (f *arimaFit) aicc() float64 { return -2*f.logLik + f.penalty() }

// penalty is what AICc charges for the parameters, +Inf where there are too few values for the
// correction.
func (f *arimaFit) penalty() float64 {
	k, n := float64(f.parameters()), float64(f.used)
	if n <= 3 { // as in auto.arima: AIC
		return 2 * k
	}
	if n-k-1 <= 0 {
		return math.Inf(1)
	}
	return 2*k + 2*k*(k+1)/(n-k-1)
}

// fit maximises the likelihood from the start given (nil for none), from the regressions of Hannan
// and Rissanen and from white noise: a few rounds from each, then on from the best. It returns nil
// if there are too few values, or as soon as it is plain that AICc will not fall below a bound.
func (d *arimaDesign) fit(order arimaOrder, css bool, start []float64, bound float64) *arimaFit {
	k := order.parameters()
	fit := &arimaFit{order: order, used: d.used(), columns: len(d.kept) - d.dummies}
	if fit.used-fit.parameters() < 0 || (css && fit.used <= order.arLags()+k) {
		return nil
	}
	f := d.filter(order, css)
	m := newARIMAMaximizer(k, d.n)
	regression, leader := make([]float64, k), make([]float64, k)
	arimaStart(regression, d.data[:d.n], order)
	order.angles(regression, regression)
	best := math.Inf(1)
	for _, x := range [][]float64{start, regression, make([]float64, k)} {
		if x == nil {
			continue
		}
		copy(m.x, x)
		if order.mixed() {
			m.climb(f, arimaTolerance, 6, best)
		} else {
			m.value = f.objective(x)
		}
		if m.value < best {
			best = m.value
			copy(leader, m.x)
		}
	}
	copy(m.x, leader)
	if !m.climb(f, arimaTolerance, 60, d.objectiveOf(fit, bound)) {
		return nil
	}
	f.objective(m.x)
	fit.finish(d, f, m)
	return fit
}

// polish maximises the likelihood from a start that is near already.
func (d *arimaDesign) polish(order arimaOrder, start []float64) *arimaFit {
	fit := &arimaFit{order: order, used: d.used(), columns: len(d.kept) - d.dummies}
	if fit.used-fit.parameters() < 0 {
		return nil
	}
	f, m := d.filter(order, false), newARIMAMaximizer(len(start), d.n)
	copy(m.x, start)
	m.climb(f, arimaTolerance, 60, math.Inf(1))
	f.objective(m.x)
	fit.finish(d, f, m)
	return fit
}

// arimaTolerance is how near the log-likelihood comes to its maximum.
const arimaTolerance = 1e-8

// filter makes a filter of the design.
func (d *arimaDesign) filter(order arimaOrder, css bool) *arimaFilter {
	f := newARIMAFilter(order, d.data, d.n, d.dummies)
	f.css, f.gls.floor = css, d.floor
	if css {
		f.gls.used -= len(f.ar.c)
	}
	return f
}

// objectiveOf is the value of the filter's objective at a given AICc of a fit.
func (d *arimaDesign) objectiveOf(fit *arimaFit, aicc float64) float64 {
	if math.IsInf(aicc, 1) {
		return aicc
	}
	n := float64(fit.used)
	constant := .5*n*(math.Log(2*math.Pi/n)+2*math.Log(d.scale)+1) + d.logVolume
	return .5*(aicc-fit.penalty()) - constant
}

// finish reads the fit off a filter that has just run at the optimum.
func (f *arimaFit) finish(d *arimaDesign, filter *arimaFilter, m *arimaMaximizer) {
	f.angles = append([]float64(nil), m.x...)
	f.coefficients = append([]float64(nil), filter.natural...)
	g := &filter.gls
	f.gamma = append([]float64(nil), g.beta...)
	n := float64(f.used)
	sigma2 := g.squares / float64(g.used)
	f.logLik = -.5 * (n*(math.Log(2*math.Pi*sigma2)+2*math.Log(d.scale)+1) + filter.logDet + g.logDet + 2*d.logVolume)
	f.sigma2 = sigma2 * d.scale * d.scale
	f.deviation = math.Sqrt(g.squares/math.Max(1, n-float64(f.parameters())+1)) * d.scale
}

// coefficients returns those of the columns kept, from those of the orthonormal ones.
func (d *arimaDesign) coefficients(gamma []float64) []float64 {
	k := len(d.kept)
	beta := make([]float64, k)
	for i := k - 1; i >= 0; i-- {
		s := d.alpha[i] + gamma[i]*d.scale
		for j := i + 1; j < k; j++ {
			s -= d.triangle[i*k+j] * beta[j]
		}
		beta[i] = s / d.triangle[i*k+i]
	}
	return beta
}

// model makes the public model of a fit.
func (d *arimaDesign) model(form ARIMAForm, fit *arimaFit) *ARIMA {
	ar, ma, sar, sma := fit.order.split(fit.coefficients)
	k, n := float64(fit.parameters()), float64(fit.used)
	m := &ARIMA{
		Form: form, AR: ar, MA: ma, SeasonalAR: sar, SeasonalMA: sma,
		Sigma2: fit.sigma2, LogLik: fit.logLik, Observations: fit.used,
		lead: d.lead, angles: fit.angles, design: d, future: d.future, series: d.series,
	}
	m.state.deviation = fit.deviation
	m.AIC = fit.aic()
	m.AICc = m.AIC + 2*k*(k+1)/max(n-k-1, 1e-9)
	m.BIC = m.AIC + k*(math.Log(n)-2)
	m.Regression = append([]float64(nil), d.coefficients(fit.gamma)[d.dummies:]...)
	m.regression = make([]float64, len(d.names))
	for _, j := range d.kept[:d.dummies] {
		m.gaps = append(m.gaps, d.missing[j])
	}
	m.condition(m.gaps)
	return m
}
