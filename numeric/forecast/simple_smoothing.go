package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// SimpleSmoothing is simple exponential smoothing,
//
//	ŷ_{t+1} = l_t,   l_t = l_{t-1} + α (y_t - l_{t-1}),
//
// with α and l_0 by least squares of the one-step errors, and normal predictions of
// variance σ² (1 + (h-1) α²).
//
// Source: Hyndman, Koehler, Ord & Snyder, Forecasting with exponential smoothing
// (2008), the ETS(A,N,N) model, section 6.3.
type SimpleSmoothing struct {
	Alpha   float64 // in [0, 1]
	Start   float64 // l_0
	Level   float64 // l_n
	squares float64 // of one-step errors
	n       float64
}

// FitSimpleSmoothing fits y, at least 3 values; a missing value leaves the level.
// It does not modify y. It returns a *TooShortError for shorter series.
func FitSimpleSmoothing(y []float64) (*SimpleSmoothing, error) {
	if have := observed(y); have < 3 {
		return nil, &TooShortError{Method: "simple smoothing", Have: have, Need: 3}
	}
	alpha := minimizeScalar(func(alpha float64) float64 {
		_, sse := smoothingStart(y, alpha)
		return sse
	}, 0, 1)
	start, _ := smoothingStart(y, alpha)
	s := &SimpleSmoothing{Alpha: alpha, Start: start, Level: start}
	for _, v := range y {
		s.Update(v)
	}
	return s, nil
}

// smoothingStart returns the l_0 with the least squared error for a given α, and
// that error: the one-step errors are linear in l_0, e_t = u_t - v_t l_0 with
// u smoothed from a level of zero and v_t = (1-α)^(t-1).
func smoothingStart(y []float64, alpha float64) (start, sse float64) {
	level, v := 0.0, 1.0
	uu, uv, vv := 0.0, 0.0, 0.0
	for _, x := range y {
		if math.IsNaN(x) {
			continue
		}
		u := x - level
		uu += u * u
		uv += u * v
		vv += v * v
		level += alpha * u
		v *= 1 - alpha
	}
	start = uv / vv
	return start, math.Max(0, uu-uv*start)
}

// Update learns the next value; NaN is missing.
func (s *SimpleSmoothing) Update(y float64) {
	if math.IsNaN(y) {
		return
	}
	e := y - s.Level
	s.Level += s.Alpha * e
	s.squares += e * e
	s.n++
}

// Sigma returns the standard deviation of the one-step errors, with two
// degrees of freedom taken by α and l_0.
func (s *SimpleSmoothing) Sigma() float64 { return math.Sqrt(s.squares / math.Max(1, s.n-2)) }

// Name is "simple smoothing".
func (s *SimpleSmoothing) Name() string { return "simple smoothing" }

// Path draws the next len(dst) periods jointly.
func (s *SimpleSmoothing) Path(dst []float64, rng *rand.Rand) {
	level, sigma := s.Level, s.Sigma()
	for i := range dst {
		e := sigma * rng.NormFloat64()
		dst[i] = level + e
		level += s.Alpha * e
	}
}

// Forecast returns the distributions of the next h periods and of their total.
func (s *SimpleSmoothing) Forecast(h int) Forecast {
	sigma := s.Sigma()
	f := Forecast{Period: make([]distribution.Distribution, h)}
	total := 0.0
	for i := range f.Period {
		f.Period[i] = boundedNormal(s.Level, sigma*math.Sqrt(1+float64(i)*s.Alpha*s.Alpha))
		weight := 1 + float64(h-1-i)*s.Alpha // of the error of period i in the total
		total += weight * weight
	}
	f.Total = boundedNormal(float64(h)*s.Level, sigma*math.Sqrt(total))
	return f
}
