package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// CESForm is the kind of season of a complex exponential smoothing.
type CESForm int

// The four forms of the source.
const (
	CESNone    CESForm = iota // no season
	CESSimple                 // the whole model one season apart: a series for each position
	CESPartial                // a fixed additive season, smoothed by a real parameter
	CESFull                   // a complex season beside the complex level
)

func (f CESForm) String() string {
	return [...]string{"none", "simple", "partial", "full"}[f]
}

// CES is complex exponential smoothing. Besides the level l it smooths an information
// potential c, the imaginary part of a complex level, with the complex parameter α_0 + i α_1:
//
//	y_t = l_{t-1} + e_t,   e ~ Normal(0, σ²)
//	l_t = l_{t-1} - (1-α_1) c_{t-1} + (α_0 - α_1) e_t
//	c_t = l_{t-1} + (1-α_0) c_{t-1} + (α_0 + α_1) e_t
//
// so that one model follows levels, trends and what lies between. A simple season has
// t-m for t-1; a partial one adds s_{t-m} to y and s_t = s_{t-m} + β_0 e_t; a full one adds
// a second pair with β_0 + i β_1 and t-m. The first states are backcast: the filter runs
// forward, backward, and forward again. Parameters are those of least squared errors in the
// region where old errors fade; the future is exactly normal given them.
//
// Source: Svetunkov, Kourentzes & Ord, Complex exponential smoothing (2022),
// doi:10.1002/nav.22074; backcasting as in Nixtla's statsforecast 2.1.
type CES struct {
	Form    CESForm
	Alpha   [2]float64 // α_0, α_1
	Beta    [2]float64 // β_0, β_1; 0 where the form has none
	AICc    float64    // of n log Σe², to compare forms of one series; +Inf if it has fewer values than parameters
	state   cesState
	squares float64
	n       float64
}

// FitCES fits y with a season of m >= 1 periods in all forms that its length allows, and
// keeps the one with the least AICc: a seasonal one needs more than two seasons. A missing value is
// predicted through. It does not modify y. It returns a *TooShortError with less than 7 values.
func FitCES(y []float64, m int) (*CES, error) {
	if m < 1 {
		panic("forecast: a season needs at least one period")
	}
	if have := observed(y); have < 7 {
		return nil, &TooShortError{Method: "CES", Have: have, Need: 7}
	}
	search := newCESSearch(y, m)
	best := search.fit(CESNone)
	if m > 1 && observed(y) > 2*m {
		for _, form := range []CESForm{CESSimple, CESPartial, CESFull} {
			if c := search.fit(form); c.AICc < best.AICc {
				best = c
			}
		}
	}
	return best, nil
}

// FitCESForm is FitCES for one form. It returns a *TooShortError if y is too short for it.
func FitCESForm(y []float64, m int, form CESForm) (*CES, error) {
	need := 7
	if form != CESNone {
		if m < 2 {
			panic("forecast: a seasonal form needs a season of at least two periods")
		}
		need = max(2*m+1, 8)
	}
	if have := observed(y); have < need {
		return nil, &TooShortError{Method: fmt.Sprintf("CES(%v)", form), Have: have, Need: need}
	}
	return newCESSearch(y, m).fit(form), nil
}

// cesState is what the model knows after some periods.
type cesState struct {
	form          CESForm
	level, info   float64   // l and c, of all forms but the simple
	levels, infos []float64 // of each position of the season
	next          int       // position of the next period
}

// mean is that of the next period.
func (s *cesState) mean() float64 {
	switch s.form {
	case CESNone:
		return s.level
	case CESSimple:
		return s.levels[s.next]
	}
	return s.level + s.levels[s.next]
}

// learn moves all that concerns one position by the error e; the position itself stays.
func (s *cesState) learn(e float64, p *cesParameters) {
	if s.form != CESSimple {
		l, c := s.level, s.info
		s.level = l - (1-p.alpha1)*c + (p.alpha0-p.alpha1)*e
		s.info = l + (1-p.alpha0)*c + (p.alpha0+p.alpha1)*e
	}
	switch s.form {
	case CESSimple:
		l, c := s.levels[s.next], s.infos[s.next]
		s.levels[s.next] = l - (1-p.alpha1)*c + (p.alpha0-p.alpha1)*e
		s.infos[s.next] = l + (1-p.alpha0)*c + (p.alpha0+p.alpha1)*e
	case CESPartial:
		s.levels[s.next] += p.beta0 * e
	case CESFull:
		l, c := s.levels[s.next], s.infos[s.next]
		s.levels[s.next] = l - (1-p.beta1)*c + (p.beta0-p.beta1)*e
		s.infos[s.next] = l + (1-p.beta0)*c + (p.beta0+p.beta1)*e
	}
}

// forward moves to the next position.
func (s *cesState) forward() {
	if s.next++; s.next >= len(s.levels) {
		s.next = 0
	}
}

// turn lets the state pass one season without errors, as the start of a run the other way.
func (s *cesState) turn(p *cesParameters) {
	level, info := s.level, s.info
	for i := range s.levels {
		s.next = i
		s.learn(0, p)
	}
	s.level = level - (1-p.alpha1)*info
	s.info = level + (1-p.alpha0)*info
}

func (s *cesState) clone() cesState {
	c := *s
	c.levels, c.infos = slices.Clone(s.levels), slices.Clone(s.infos)
	return c
}

type cesParameters struct{ alpha0, alpha1, beta0, beta1 float64 }

// Name is such as "CES(partial) [12]".
func (c *CES) Name() string {
	if c.Form == CESNone {
		return "CES(none)"
	}
	return fmt.Sprintf("CES(%v) [%d]", c.Form, len(c.state.levels))
}

func (c *CES) smoothing() *cesParameters {
	return &cesParameters{c.Alpha[0], c.Alpha[1], c.Beta[0], c.Beta[1]}
}

// Update learns the value of the next period; NaN is missing. The parameters stay. The
// cost is constant.
func (c *CES) Update(y float64) {
	e := y - c.state.mean()
	if math.IsNaN(e) {
		e = 0
	} else {
		c.squares += e * e
		c.n++
	}
	c.state.learn(e, c.smoothing())
	c.state.forward()
}

// Sigma is the standard deviation of the one-step errors, the parameters and first states
// taken from the degrees of freedom.
func (c *CES) Sigma() float64 { return math.Sqrt(c.squares / math.Max(1, c.n-c.parameters())) }

// Forecast returns the distributions of the next h periods and of their total.
func (c *CES) Forecast(h int) Forecast {
	slab := make([]float64, 2*h)
	means, weights := slab[:h], slab[h:]
	state, p := c.state.clone(), c.smoothing()
	for i := range means {
		means[i] = state.mean()
		state.learn(0, p)
		state.forward()
	}
	state.level, state.info, state.next = 0, 0, 0
	clear(state.levels)
	clear(state.infos)
	e := 1.0 // the model is linear: what one error does later
	for i := range weights {
		weights[i] = state.mean() + e
		state.learn(e, p)
		state.forward()
		e = 0
	}
	return seasonalAdjustment{}.forecast(0, means, c.Sigma(), constantResponse(weights))
}

// Path draws the next len(dst) periods jointly.
func (c *CES) Path(dst []float64, rng *rand.Rand) {
	state, p, sigma := c.state.clone(), c.smoothing(), c.Sigma()
	for i := range dst {
		e := sigma * rng.NormFloat64()
		dst[i] = bounded(state.mean() + e)
		state.learn(e, p)
		state.forward()
	}
}

// CESMethod is CES with a season of m periods.
func CESMethod(m int) Method {
	return methodOf("CES", func(y []float64) (*CES, error) { return FitCES(y, m) })
}
