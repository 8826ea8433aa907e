package forecast

import (
	"fmt"
	"math"
	"slices"
)

// ETS is an exponential smoothing model in innovations form. With l the level, b the slope and
// s the season of m periods,
//
//	μ_t = l_{t-1} + φ b_{t-1} + s_{t-m}        or (l_{t-1} + φ b_{t-1}) s_{t-m},
//	y_t = μ_t + e_t                            or μ_t (1 + e_t),   e_t ~ Normal(0, σ²),
//
// and r_t = y_t - μ_t the news of a period, which a factor s_{t-m} or l_{t-1} + φ b_{t-1} divides,
//
//	l_t = l_{t-1} + φ b_{t-1} + α r_t,   b_t = φ b_{t-1} + β r_t,   s_t = s_{t-m} + γ r_t.
//
// A missing value brings no news.
//
// Source: Hyndman, Koehler, Ord & Snyder, Forecasting with exponential smoothing (2008),
// chapters 2, 5 and 6.
type ETS struct {
	Form                    ETSForm
	Alpha, Beta, Gamma, Phi float64 // β and γ zero where the form has none, φ then one

	unit           float64 // of level, slope and an additive season: the largest absolute value of the series
	level, slope   float64
	season         []float64 // of the coming m periods, from place next on
	next           int
	squares        float64 // Σ e²
	n              int     // of errors in squares
	deviance, aicc float64
	residuals      []float64
}

// FitETS fits one form to y by maximum likelihood, with α in [0.0001, 0.9999], β below α, γ below
// 1-α and φ in [0.8, 0.98], within the region where the past is forgotten. It does not modify y.
// It returns ErrETSForm for a form that is not admissible, ErrETSPositive for a multiplicative
// one where a value is not positive, and a *TooShortError for less than three values more than
// the form has parameters, of which initial states are a part. The cost is some fifty passes over
// y, each O(n p²) with p parameters.
func FitETS(y []float64, form ETSForm) (*ETS, error) {
	form, err := form.normal()
	if err != nil {
		return nil, err
	}
	if form.Error == ETSMultiplicative && !etsPositive(y) {
		return nil, fmt.Errorf("%w: %v", ErrETSPositive, form)
	}
	if have, need := observed(y), form.parameters()+etsSpare; have < need {
		return nil, &TooShortError{Method: form.String(), Have: have, Need: need}
	}
	w := newETSFit(y, form.Period)
	c := w.race(w.candidates(form))
	if c == nil {
		return nil, fmt.Errorf("%w: %v has no likelihood", ErrETSForm, form)
	}
	return w.model(c), nil
}

const etsSpare = 3 // values that a form needs beyond its parameters, for the AICc to exist

func etsPositive(y []float64) bool {
	for _, v := range y {
		if v <= 0 {
			return false
		}
	}
	return true
}

// etsForms are the forms that y allows.
func etsForms(positive bool, n, period int) []ETSForm {
	var forms []ETSForm
	for _, e := range []ETSKind{ETSAdditive, ETSMultiplicative} {
		for _, s := range []ETSKind{ETSNone, ETSAdditive, ETSMultiplicative} {
			for trend := range 3 {
				f := ETSForm{Period: period, Error: e, Season: s, Damped: trend == 2}
				if trend > 0 {
					f.Trend = ETSAdditive
				}
				if e == ETSMultiplicative && !positive || s != ETSNone && (period < 2 || period > 24) {
					continue
				}
				if f, err := f.normal(); err == nil && n >= f.parameters()+etsSpare {
					forms = append(forms, f)
				}
			}
		}
	}
	return forms
}

// AutoETS fits the form with the least AICc among those that y allows: with relative errors only
// where all values are positive, with a season only of 2 to 24 periods, and with three values
// more than parameters. A positive series gets no form whose mean falls to zero within two
// seasons, at least ten periods, as long as another form does better. It does not modify y. It
// returns a *TooShortError for less than five values. It costs a few times what the largest
// form costs in FitETS: forms that fall behind are given up.
//
// Source: Hyndman & Khandakar, Automatic time series forecasting (2008), doi:10.18637/jss.v027.i03.
func AutoETS(y []float64, period int) (*ETS, error) {
	n, positive := observed(y), etsPositive(y)
	forms := etsForms(positive, n, period)
	if len(forms) == 0 {
		return nil, &TooShortError{Method: "ETS", Have: n, Need: 2 + etsSpare}
	}
	m := 1
	for _, f := range forms {
		m = max(m, f.Period)
	}
	w := newETSFit(y, m)
	var candidates []*etsCandidate
	for _, f := range forms {
		candidates = append(candidates, w.candidates(f)...)
	}
	best := w.model(w.race(candidates))
	for s := best; positive && !s.staysPositive(); {
		candidates = slices.DeleteFunc(candidates, func(c *etsCandidate) bool { return c.form == s.Form })
		c := w.race(candidates)
		if c == nil {
			return best, nil
		}
		if s = w.model(c); s.staysPositive() {
			return s, nil
		}
	}
	return best, nil
}

// staysPositive reports whether the means of the next two seasons, at least ten periods, are positive.
func (s *ETS) staysPositive() bool {
	run := s.copy()
	for range max(10, 2*len(s.season)) {
		mu, q, season := run.mean()
		if mu <= 0 {
			return false
		}
		run.move(q, season, 0, 0)
	}
	return true
}

// copy is a model that can run ahead of s.
func (s *ETS) copy() *ETS {
	run := *s
	run.season = slices.Clone(s.season)
	return &run
}

// ETSMethod is AutoETS with a season of so many periods.
func ETSMethod(period int) Method {
	return methodOf(fmt.Sprintf("ETS %d", period), func(y []float64) (*ETS, error) { return AutoETS(y, period) })
}

// model runs the filter once more and keeps where it ends.
func (w *etsFit) model(c *etsCandidate) *ETS {
	alpha, beta, gamma, phi := c.form.natural(c.x)
	s := &ETS{
		Form: c.form, Alpha: alpha, Beta: beta, Gamma: gamma, Phi: phi,
		unit: w.unit, level: c.x[etsLevel], slope: c.x[etsSlope], season: slices.Clone(c.x[etsSeason:]),
		deviance: c.deviance + 2*float64(w.n)*math.Log(w.unit), residuals: make([]float64, len(w.y)),
	}
	s.aicc = s.deviance + c.penalty
	for t, v := range w.y {
		s.residuals[t] = s.learn(v)
		if s.Form.Error == ETSAdditive {
			s.residuals[t] *= s.unit
		}
	}
	return s
}

// mean is that of the next period, and its two parts.
func (s *ETS) mean() (mu, q, season float64) {
	q = s.level + s.Phi*s.slope
	switch season = s.season[s.next]; s.Form.Season {
	case ETSNone:
		return q, q, 0
	case ETSAdditive:
		return q + season, q, season
	}
	return q * season, q, season
}

// learn takes in the next value, in units of s.unit, and returns its error, NaN when it is missing
// or errors are relative to a mean that is not positive.
func (s *ETS) learn(v float64) float64 {
	mu, q, season := s.mean()
	switch {
	case math.IsNaN(v):
		s.move(q, season, 0, 0)
		return v
	case s.Form.Error == ETSAdditive:
		s.move(q, season, v-mu, v-mu)
		return s.count(v - mu)
	case !(mu > etsSmallest):
		if s.Form.Season == ETSMultiplicative {
			s.move(q, season, v/season-q, 0)
		} else {
			s.move(q, season, v-mu, v-mu)
		}
		return math.NaN()
	}
	e := math.Max(-1, v/mu-1)
	s.moveRelative(mu, q, season, e)
	return s.count(e)
}

// count takes an error into σ.
func (s *ETS) count(e float64) float64 {
	s.squares += e * e
	s.n++
	return e
}

// moveRelative takes the state one period on with an error relative to the mean.
func (s *ETS) moveRelative(mu, q, season, e float64) {
	if s.Form.Season == ETSMultiplicative {
		s.move(q, season, q*e, season*e)
	} else {
		s.move(q, season, mu*e, mu*e)
	}
}

// move takes the state one period on with what is news to the level and to the season.
func (s *ETS) move(q, season, toLevel, toSeason float64) {
	s.level = q + s.Alpha*toLevel
	s.slope = s.Phi*s.slope + s.Beta*toLevel
	s.season[s.next] = season + s.Gamma*toSeason
	if s.next++; s.next == len(s.season) {
		s.next = 0
	}
}

// Update learns the value of the next period; NaN is missing. Parameters stay, σ learns. A
// relative error counts as -1 at the least.
func (s *ETS) Update(y float64) { s.learn(y / s.unit) }

// Name is that of the form, such as ETS(M,Ad,M).
func (s *ETS) Name() string { return s.Form.String() }

// Sigma is σ, in units of y when errors are additive and relative to the mean when they are not,
// with a degree of freedom taken by each parameter and initial state.
func (s *ETS) Sigma() float64 {
	sigma := math.Sqrt(s.variance())
	if s.Form.Error == ETSAdditive {
		sigma *= s.unit
	}
	return sigma
}

// variance is σ² in units of s.unit.
func (s *ETS) variance() float64 {
	return s.squares / math.Max(1, float64(s.n-s.Form.parameters()))
}

// LogLik is the log likelihood of the series that was fitted, with σ² at its best and without
// constants: -½ n log Σe², less Σ log μ for relative errors.
func (s *ETS) LogLik() float64 { return -s.deviance / 2 }

// AIC is Akaike's criterion, with σ² among the parameters.
func (s *ETS) AIC() float64 { return s.deviance + 2*float64(s.Form.parameters()+1) }

// AICc is Akaike's criterion corrected for short series.
func (s *ETS) AICc() float64 { return s.aicc }

// Residuals are the errors e_t of the series that was fitted, NaN where a value is missing.
// They belong to the model and must not be changed.
func (s *ETS) Residuals() []float64 { return s.residuals }
