package forecast

import (
	"math"
	"math/rand/v2"
)

// OptimizedTheta is a theta model in state space form whose theta line is chosen, and
// whose straight line is learned anew with every value:
//
//	x_t = l_{t-1} + (1 - 1/θ) [(1-α)^{t-1} A_{t-1} + (1 - (1-α)^t)/α B_{t-1}] + e_t
//	l_t = l_{t-1} + α (x_t - l_{t-1}),   e ~ Normal(0, σ²)
//
// with A_t + B_t s the line at time s through x_1 … x_t by least squares; x is the series without its
// season, if IsSeasonal finds one in more than two. α is in [0.1, 0.99] and θ >= 1 by least
// squares of the errors from the second on. Given α the errors are linear in l_0 and
// 1 - 1/θ, so that only α is searched for.
//
// The model is linear: the future is normal with the means of the recursion, and its
// variances are exact for the parameters, errors entering both the level and the line.
//
// Source: Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler, Models for optimising the
// theta method and their relationship to state space models (2016),
// doi:10.1016/j.ijforecast.2016.02.005; bounds as in the authors' R package forecTheta.
type OptimizedTheta struct {
	Alpha float64
	Theta float64 // at most 1e10
	Start float64 // l_0, in units of the seasonally adjusted series

	form    ThetaForm
	begin   int // of the first value that is not missing
	season  seasonalAdjustment
	state   thetaState
	squares float64 // of one-step errors
	n       float64
}

// ThetaForm says which of the four models of the source is fitted; its zero value is the
// dynamic optimised theta model.
type ThetaForm struct {
	Period int     // of the season; 0 or 1: none
	Static bool    // one line through all values instead
	Theta  float64 // fixes θ >= 1; 0: optimised
}

const largestTheta = 1e10

// FitOptimizedTheta fits y, at least 4 values. A missing value is a straight line between its
// neighbours without the season, of which no error is counted. It does not modify y. It returns
// a *TooShortError for shorter series.
func FitOptimizedTheta(y []float64, form ThetaForm) (*OptimizedTheta, error) {
	if form.Period < 0 || (form.Theta != 0 && !(form.Theta >= 1)) {
		panic("forecast: a theta of at least 1 and a period of at least 0 are needed")
	}
	if have := observed(y); have < 4 {
		return nil, &TooShortError{Method: form.name(), Have: have, Need: 4}
	}
	m := &OptimizedTheta{form: form, season: testedSeason(y, form.Period, 2*form.Period+1)}
	x := m.season.adjusted(y)
	end := len(x)
	for math.IsNaN(x[m.begin]) {
		m.begin++
	}
	for math.IsNaN(x[end-1]) {
		end--
	}
	search := newThetaSearch(x[m.begin:end], form)
	m.Alpha = minimizeScalar(search.loss, .1, .99)
	var pull float64
	m.Start, pull, _ = search.solve(m.Alpha)
	m.Theta = math.Min(largestTheta, 1/(1-pull))
	m.follow(search)
	for range x[end:] {
		m.Update(math.NaN())
	}
	return m, nil
}

// follow runs the model with its parameters through the values of the fit.
func (m *OptimizedTheta) follow(s *thetaSearch) {
	m.state = thetaState{level: m.Start}
	if m.form.Static {
		for _, v := range s.whole {
			m.state.line.add(v)
		}
		m.state.line.time = 0
	}
	for t, v := range s.x {
		if math.IsNaN(v) {
			m.state.learn(s.whole[t], m.Alpha, m.form.Static)
		} else {
			m.learn(v)
		}
	}
}

func (f ThetaForm) name() string {
	switch {
	case f.Static && f.Theta != 0:
		return "STM"
	case f.Static:
		return "OTM"
	case f.Theta != 0:
		return "DSTM"
	}
	return "DOTM"
}

// thetaState is what the model knows after some periods.
type thetaState struct {
	level  float64
	line   lineFit
	ofOne  float64 // one and time as smoothed from 0 with the same α: 1 - (1-α)^t
	ofTime float64 // and t + 1 - (1 - (1-α)^{t+1})/α
}

// mean is that of the next period; pull is 1 - 1/θ.
func (s *thetaState) mean(pull float64) float64 {
	line := s.line.intercept()*(1-s.ofOne) + s.line.slope()*(float64(s.line.time+1)-s.ofTime)
	return s.level + pull*line
}

// learn moves on by one period. A static line only moves in time.
func (s *thetaState) learn(x, alpha float64, static bool) {
	if static {
		s.line.time++
	} else {
		s.line.add(x)
	}
	s.level += alpha * (x - s.level)
	s.ofOne += alpha * (1 - s.ofOne)
	s.ofTime += alpha * (float64(s.line.time) - s.ofTime)
}

// thetaSearch holds what the fit needs at every α: the values and, before each, the line.
type thetaSearch struct {
	x, whole         []float64 // with missing values, and with them filled in
	intercept, slope []float64
	pull             float64 // fixed 1 - 1/θ, or NaN
	from             int     // values whose errors do not count
}

// newThetaSearch takes a series whose first and last values are not missing.
func newThetaSearch(x []float64, form ThetaForm) *thetaSearch {
	n := len(x)
	slab := make([]float64, 3*n)
	s := &thetaSearch{x: x, whole: slab[:n:n], intercept: slab[n : 2*n], slope: slab[2*n:], pull: math.NaN()}
	interpolateLine(s.whole, x)
	if form.Theta != 0 {
		s.pull = 1 - 1/form.Theta
	}
	var line lineFit
	for t, v := range s.whole {
		s.intercept[t], s.slope[t] = line.intercept(), line.slope()
		line.add(v)
	}
	if form.Static {
		for t := range x {
			s.intercept[t], s.slope[t] = line.intercept(), line.slope()
		}
		return s
	}
	s.from = 1 // a line through nothing forecasts nothing
	return s
}

func (s *thetaSearch) loss(alpha float64) float64 {
	_, _, sse := s.solve(alpha)
	return sse
}

// solve returns the l_0 and 1 - 1/θ with the least squared errors for a given α, and that
// error: with the level smoothed from zero, e_t = u_t - l_0 (1-α)^{t-1} - (1-1/θ) d_t.
func (s *thetaSearch) solve(alpha float64) (start, pull, sse float64) {
	level, ofOne, ofTime := 0.0, 0.0, 0.0
	uu, uv, ud, vv, vd, dd := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for t, x := range s.whole {
		time := float64(t + 1)
		if t >= s.from && s.x[t] == s.x[t] { // not missing
			u, v := x-level, 1-ofOne
			d := s.intercept[t]*v + s.slope[t]*(time-ofTime)
			uu += u * u
			uv += u * v
			ud += u * d
			vv += v * v
			vd += v * d
			dd += d * d
		}
		level += alpha * (x - level)
		ofOne += alpha * (1 - ofOne)
		ofTime += alpha * (time - ofTime)
	}
	vv = math.Max(vv, math.SmallestNonzeroFloat64) // 0 where all early values are missing
	pull = s.pull
	if pull != pull {
		pull = .5 // of the classic θ = 2, where the errors do not tell
		if rest := dd - vd*vd/vv; rest > 1e-9*dd {
			pull = math.Min(1-1/largestTheta, math.Max(0, (ud-uv*vd/vv)/rest))
		}
	}
	start = (uv - pull*vd) / vv
	sse = uu - 2*start*uv - 2*pull*ud + start*start*vv + 2*start*pull*vd + pull*pull*dd
	return start, pull, math.Max(0, sse)
}

// Name is DOTM, or OTM if the line is static, or DSTM or STM if θ is fixed, with the season
// if there is one.
func (m *OptimizedTheta) Name() string { return seasonalName(m.form.name(), m.season) }

func (m *OptimizedTheta) pull() float64 { return 1 - 1/m.Theta }

// Update learns the value of the next period; NaN is missing and predicted through. The
// parameters and the season stay, and so does the line of a static model. The cost is constant.
func (m *OptimizedTheta) Update(y float64) {
	if math.IsNaN(y) {
		m.state.learn(m.state.mean(m.pull()), m.Alpha, m.form.Static)
		return
	}
	m.learn(m.season.remove(m.next(), y))
}

// learn counts the error of a value and moves on.
func (m *OptimizedTheta) learn(x float64) {
	if m.form.Static || m.state.line.time > 0 {
		e := x - m.state.mean(m.pull())
		m.squares += e * e
		m.n++
	}
	m.state.learn(x, m.Alpha, m.form.Static)
}

// next is the time of the next period, counted from the first value of y.
func (m *OptimizedTheta) next() int { return m.begin + m.state.line.time }

// Sigma is the standard deviation of the one-step errors of the seasonally adjusted
// series, with three degrees of freedom taken by l_0, α and θ.
func (m *OptimizedTheta) Sigma() float64 { return math.Sqrt(m.squares / math.Max(1, m.n-3)) }

// Forecast returns the distributions of the next h periods and of their total. The cost
// is O(h²).
func (m *OptimizedTheta) Forecast(h int) Forecast {
	means := make([]float64, h)
	state, pull := m.state, m.pull()
	for i := range means {
		means[i] = state.mean(pull)
		state.learn(means[i], m.Alpha, m.form.Static)
	}
	return m.season.forecast(m.next(), means, m.Sigma(), m.response)
}

// response runs the model, which is linear, for an error of 1 in period j of the future
// and nothing else; time and the weights of the line are those of the real state.
func (m *OptimizedTheta) response(j int, dst []float64) {
	if len(dst) == 0 {
		return
	}
	state, pull := m.state, m.pull()
	state.level, state.line.meanX, state.line.cross = 0, 0, 0
	for range j {
		state.learn(0, m.Alpha, m.form.Static)
	}
	dst[0] = 1
	state.learn(1, m.Alpha, m.form.Static)
	for i := 1; i < len(dst); i++ {
		dst[i] = state.mean(pull)
		state.learn(dst[i], m.Alpha, m.form.Static)
	}
}

// Path draws the next len(dst) periods jointly.
func (m *OptimizedTheta) Path(dst []float64, rng *rand.Rand) {
	state, pull, sigma := m.state, m.pull(), m.Sigma()
	for i := range dst {
		dst[i] = state.mean(pull) + sigma*rng.NormFloat64()
		state.learn(dst[i], m.Alpha, m.form.Static)
	}
	m.season.restore(m.next(), dst)
}

// DOTMMethod is OptimizedTheta in its dynamic form with a season of m periods.
func DOTMMethod(m int) Method {
	return methodOf("DOTM", func(y []float64) (*OptimizedTheta, error) { return FitOptimizedTheta(y, ThetaForm{Period: m}) })
}
