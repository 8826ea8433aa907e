package forecast

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// ErrDependent says that the columns of a regression are linearly dependent, for
// example a sine of period 2 at whole times.
var ErrDependent = errors.New("forecast: regression columns are linearly dependent")

// HarmonicForm chooses the columns of a harmonic trend regression.
type HarmonicForm struct {
	Period    float64 // P > 1, periods in a season; it need not be whole
	Harmonics int     // K, cosines of P, P/2 … P/K; 0 means 1
	Sine      bool    // adds sines: without them the peak is forced to t = 0 mod P
}

// Harmonic is the harmonic trend regression
//
//	y_t = a + b t + Σ_k g_k cos(2πkt/P) [+ h_k sin(2πkt/P)] + e_t,   t = 1 … n,
//
// with independent normal e, by least squares (Householder QR). Predictions are
// Student t,  ŷ ± t_{n-p} σ sqrt(1 + x'(X'X)⁻¹x).
//
// Source: Harvey, Forecasting, structural time series models and the Kalman
// filter (1989), section 2.3.
type Harmonic struct {
	Coefficients []Coefficient // intercept, trend, then cosine (and sine) of each harmonic
	Sigma        float64       // residual standard deviation, in units of y
	R2           float64       // share of the variance of y explained; 0 if y is constant
	AICc         float64       // of the normal likelihood, p + 1 parameters; +Inf if n is too small for it
	DF           int           // residual degrees of freedom, n - p

	form          HarmonicForm
	ls            *leastSquares
	t             int     // periods so far, missing ones too
	mean, squares float64 // of y, running
	row, solution []float64
}

// Coefficient is one estimate of a regression, with its standard error, t
// statistic and two-sided p value.
type Coefficient struct {
	Name               string
	Estimate, StdErr   float64
	TStatistic, PValue float64
}

// FitHarmonic fits y. Missing values are left out; t counts them. It does not
// modify y. It returns a *TooShortError unless there are two more values than
// coefficients, and ErrDependent.
func FitHarmonic(y []float64, form HarmonicForm) (*Harmonic, error) {
	if !(form.Period > 1) || form.Harmonics < 0 {
		panic("forecast: a harmonic needs a period above 1")
	}
	form.Harmonics = max(1, form.Harmonics)
	p := form.columns()
	n := observed(y)
	if n < p+2 {
		return nil, &TooShortError{Method: "harmonic trend regression", Have: n, Need: p + 2}
	}
	m := &Harmonic{form: form, t: len(y), row: make([]float64, p), solution: make([]float64, p)}
	x, target := make([]float64, 0, n*p), make([]float64, 0, n)
	for i, v := range y {
		if math.IsNaN(v) {
			continue
		}
		form.fill(m.row, float64(i+1))
		x = append(x, m.row...)
		target = append(target, v)
		m.weigh(v, len(target))
	}
	m.ls = newLeastSquares(x, target, p)
	if m.ls.dependent() {
		return nil, ErrDependent
	}
	m.Coefficients = make([]Coefficient, p)
	for j := range m.Coefficients {
		m.Coefficients[j].Name = form.name(j)
	}
	m.solve()
	return m, nil
}

func (form HarmonicForm) columns() int {
	if form.Sine {
		return 2 + 2*form.Harmonics
	}
	return 2 + form.Harmonics
}

// fill writes the row of time t into dst.
func (form HarmonicForm) fill(dst []float64, t float64) {
	dst[0], dst[1] = 1, t
	j := 2
	for k := 1; k <= form.Harmonics; k++ {
		sin, cos := math.Sincos(2 * math.Pi * math.Mod(float64(k)*t, form.Period) / form.Period)
		dst[j] = cos
		j++
		if form.Sine {
			dst[j] = sin
			j++
		}
	}
}

func (form HarmonicForm) name(j int) string {
	switch {
	case j == 0:
		return "intercept"
	case j == 1:
		return "trend"
	case !form.Sine:
		return fmt.Sprintf("cos%d", j-1)
	case j%2 == 0:
		return fmt.Sprintf("cos%d", j/2)
	default:
		return fmt.Sprintf("sin%d", j/2)
	}
}

// weigh takes the n-th value into the running mean and sum of squares of y.
func (m *Harmonic) weigh(y float64, n int) {
	gap := y - m.mean
	m.mean += gap / float64(n)
	m.squares += gap * (y - m.mean)
}

// Name is "harmonic trend".
func (m *Harmonic) Name() string { return "harmonic trend" }

// Path draws the next len(dst) periods jointly, see Forecast.Path.
func (m *Harmonic) Path(dst []float64, rng *rand.Rand) { m.Forecast(len(dst)).Path(dst, rng) }

// Update learns the value of the next period; NaN is missing. The cost does not
// depend on the length of the series.
func (m *Harmonic) Update(y float64) {
	m.t++
	if math.IsNaN(y) {
		return
	}
	m.form.fill(m.row, float64(m.t))
	m.ls.add(m.row, y)
	m.weigh(y, m.ls.n)
	m.solve()
}

// solve brings the public fields up to date.
func (m *Harmonic) solve() {
	ls := m.ls
	n, p := float64(ls.n), float64(ls.p)
	m.DF = ls.n - ls.p
	m.Sigma = ls.sigma()
	m.R2 = 0
	if m.squares > 0 {
		m.R2 = 1 - ls.rss/m.squares
	}
	m.AICc = math.Inf(1)
	if n > p+2 && ls.rss > 0 {
		m.AICc = n*(math.Log(2*math.Pi*ls.rss/n)+1) + 2*(p+1)*n/(n-p-2)
	}
	ls.coefficients(m.solution)
	student := distribution.NewStudentT(0, 1, float64(m.DF))
	for j := range m.Coefficients {
		clear(m.row)
		m.row[j] = 1
		c := &m.Coefficients[j]
		c.Estimate = m.solution[j]
		c.StdErr = m.Sigma * math.Sqrt(ls.leverage(m.row))
		c.TStatistic, c.PValue = 0, 1
		if c.StdErr > 0 {
			c.TStatistic = c.Estimate / c.StdErr
			c.PValue = 2 * student.Survival(math.Abs(c.TStatistic))
		}
	}
}

// Forecast returns the distributions of the next h periods and of their total.
func (m *Harmonic) Forecast(h int) Forecast {
	f := Forecast{Period: make([]distribution.Distribution, h)}
	row, sum := make([]float64, m.ls.p), make([]float64, m.ls.p)
	for i := range f.Period {
		m.form.fill(row, float64(m.t+1+i))
		for j, x := range row {
			sum[j] += x
		}
		f.Period[i] = m.predict(row, 1)
	}
	f.Total = m.predict(sum, float64(h))
	return f
}

// predict returns the distribution of the sum of n periods whose rows add up to
// row, which it overwrites.
func (m *Harmonic) predict(row []float64, n float64) distribution.Distribution {
	mean := 0.0
	for j, x := range row {
		mean += x * m.solution[j]
	}
	spread := m.Sigma * math.Sqrt(n+m.ls.leverage(row))
	if !(spread > 0) {
		return distribution.Point(mean)
	}
	return distribution.NewStudentT(mean, spread, float64(m.DF))
}
