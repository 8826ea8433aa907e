package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// NegativeError says that a series for a method of counts goes below zero.
type NegativeError struct {
	Method string
	At     int // index into the series
	Value  float64
}

func (e *NegativeError) Error() string {
	return fmt.Sprintf("forecast: %s needs values that are not negative, value %d is %v", e.Method, e.At, e.Value)
}

// CrostonForm sets up Croston's method. The zero value is the default.
type CrostonForm struct {
	Alpha float64 // smoothing constant of sizes and of intervals, in (0, 1]; 0 means 0.1
	SBA   bool    // with the correction of Syntetos and Boylan
}

// Croston is the method of Croston for series with many zeros: the size z of the values
// above zero and the interval q from one to the next are smoothed apart, whenever one
// comes,
//
//	z ← z + α (y - z),   q ← q + α (gap - q),   ŷ = z/q,
//
// begun at the first value above zero and the periods until it. The ratio of two means
// is too high on average; SBA, the approximation of Syntetos and Boylan, takes
//
//	ŷ = (1 - α/2) z/q.
//
// The mean stays where it is while nothing comes: a series that ended is not noticed (see
// TSB). Counts are taken as negative binomial with the mean square of the one-step errors
// as variance of a period, and as independent of each other.
//
// Source: Croston, Forecasting and stock control for intermittent demands (1972),
// doi:10.1057/jors.1972.50; Syntetos & Boylan, The accuracy of intermittent demand
// estimates (2005), doi:10.1016/j.ijforecast.2004.10.001.
type Croston struct {
	Alpha    float64
	SBA      bool
	Size     float64 // z, 0 before the first value above zero
	Interval float64 // q, periods
	waited   float64 // periods since the last value above zero
	errors   countErrors
}

// FitCroston fits y, values >= 0 with at least 1 above zero in at least 2. A missing value
// teaches nothing and takes no time. It does not modify y. It returns a *TooShortError
// for shorter series and a *NegativeError for a value below zero, and panics if the
// smoothing constant is outside (0, 1].
func FitCroston(y []float64, form CrostonForm) (*Croston, error) {
	if form.Alpha == 0 {
		form.Alpha = 0.1
	}
	if !(form.Alpha > 0 && form.Alpha <= 1) {
		panic("forecast: smoothing constant outside (0, 1]")
	}
	s := &Croston{Alpha: form.Alpha, SBA: form.SBA}
	if err := countsFor(s.Name(), y); err != nil {
		return nil, err
	}
	for _, v := range y {
		s.Update(v)
	}
	return s, nil
}

// Name returns "Croston" or "SBA".
func (s *Croston) Name() string {
	if s.SBA {
		return "SBA"
	}
	return "Croston"
}

// Mean returns the mean of a period.
func (s *Croston) Mean() float64 {
	switch {
	case s.Interval == 0:
		return 0
	case s.SBA:
		return (1 - s.Alpha/2) * s.Size / s.Interval
	}
	return s.Size / s.Interval
}

// Update learns the next value; NaN is missing and a value below zero counts as zero.
func (s *Croston) Update(y float64) {
	if math.IsNaN(y) {
		return
	}
	if s.Interval > 0 {
		s.errors.add(math.Max(0, y) - s.Mean())
	}
	s.waited++
	if !(y > 0) {
		return
	}
	if s.Interval == 0 {
		s.Size, s.Interval = y, s.waited
	} else {
		s.Size += s.Alpha * (y - s.Size)
		s.Interval += s.Alpha * (s.waited - s.Interval)
	}
	s.waited = 0
}

// Forecast returns the distributions of the next h periods, which are alike, and of their
// total.
func (s *Croston) Forecast(h int) Forecast { return s.errors.forecast(s.Mean(), h) }

// Path writes one possible future into dst. It allocates nothing.
func (s *Croston) Path(dst []float64, rng *rand.Rand) { s.errors.path(dst, s.Mean(), rng) }

// CrostonMethod is Croston with its default smoothing constant.
func CrostonMethod() Method {
	return methodOf("Croston", func(y []float64) (*Croston, error) { return FitCroston(y, CrostonForm{}) })
}

// SBAMethod is Croston with the correction of Syntetos and Boylan.
func SBAMethod() Method {
	return methodOf("SBA", func(y []float64) (*Croston, error) { return FitCroston(y, CrostonForm{SBA: true}) })
}

// countsFor checks that y suits a method for series with many zeros.
func countsFor(method string, y []float64) error {
	for t, v := range y {
		if v < 0 {
			return &NegativeError{Method: method, At: t, Value: v}
		}
	}
	if have := observed(y); have < 2 {
		return &TooShortError{Method: method, Have: have, Need: 2}
	}
	if activePeriods(y) == 0 {
		return &TooShortError{Method: method + ", in values above zero,", Have: 0, Need: 1}
	}
	return nil
}

// countErrors turns the one-step errors of a mean into a tail: counts that are negative
// binomial, with the mean square of the errors as variance, at least that of Poisson counts.
type countErrors struct{ squares, n float64 }

func (e *countErrors) add(err float64) {
	e.squares += err * err
	e.n++
}

// variance of one period.
func (e countErrors) variance(mean float64) float64 {
	if e.n == 0 {
		return mean
	}
	return math.Max(mean, e.squares/e.n)
}

func (e countErrors) forecast(mean float64, h int) Forecast {
	variance := e.variance(mean)
	f := Forecast{Period: make([]distribution.Distribution, h)}
	one := distribution.NegativeBinomialOf(mean, variance)
	for i := range f.Period {
		f.Period[i] = one
	}
	f.Total = distribution.NegativeBinomialOf(float64(h)*mean, float64(h)*variance)
	return f
}

func (e countErrors) path(dst []float64, mean float64, rng *rand.Rand) {
	size := distribution.NegativeBinomialOf(mean, e.variance(mean)).Size()
	for i := range dst {
		if math.IsInf(size, 1) {
			dst[i] = distribution.DrawPoisson(mean, rng)
		} else {
			dst[i] = distribution.DrawPoisson(mean/size*distribution.DrawGamma(size, rng), rng)
		}
	}
}
