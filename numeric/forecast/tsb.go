package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// TSB is the method of Teunter, Syntetos and Babai for series with many zeros: the
// probability p of a value above zero and the size z of such values are
// smoothed apart,
//
//	p ← p + β (1{y>0} - p) every period,   z ← z + α (y - z) if y > 0,
//
// and the mean is p z. Unlike Croston's method it lets p fade when nothing
// comes any more. Sizes are taken as gamma distributed with a variance that is
// smoothed like z.
//
// Source: Teunter, Syntetos & Babai, Intermittent demand: linking forecasting to
// inventory obsolescence (2011), doi:10.1016/j.ejor.2011.05.018.
type TSB struct {
	Alpha, Beta float64
	Probability float64 // p
	Size        float64 // z, above zero
	spread      float64 // variance of sizes
}

// tsbRates are the smoothing constants that FitTSB tries.
var tsbRates = [...]float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5}

// FitTSB fits y, values >= 0 with at least 2 above zero, by the least squared
// one-step error over 7 x 7 smoothing constants from 0.01 to 0.5. A missing value teaches
// nothing. It does not modify y. It returns a *TooShortError for shorter series.
func FitTSB(y []float64) (*TSB, error) {
	if have := activePeriods(y); have < 2 {
		return nil, &TooShortError{Method: "TSB", Have: have, Need: 2}
	}
	start := startTSB(y)
	best, least := start, math.Inf(1)
	for _, alpha := range tsbRates {
		for _, beta := range tsbRates {
			s := start
			s.Alpha, s.Beta = alpha, beta
			sse := 0.0
			for _, v := range y {
				if e := v - s.Mean(); !math.IsNaN(e) {
					sse += e * e
				}
				s.Update(v)
			}
			if sse < least {
				best, least = s, sse
			}
		}
	}
	return &best, nil
}

// startTSB takes the means over the whole series as the state before it.
func startTSB(y []float64) TSB {
	n, positive, sum, squares := 0.0, 0.0, 0.0, 0.0
	for _, v := range y {
		if math.IsNaN(v) {
			continue
		}
		n++
		if v > 0 {
			positive++
			sum += v
		}
	}
	size := sum / positive
	for _, v := range y {
		if v > 0 {
			squares += (v - size) * (v - size)
		}
	}
	return TSB{Probability: positive / n, Size: size, spread: squares / positive}
}

// Name returns "TSB".
func (s *TSB) Name() string { return "TSB" }

// Mean returns p z, the mean of a period.
func (s *TSB) Mean() float64 { return s.Probability * s.Size }

// Update learns the next value; NaN is missing.
func (s *TSB) Update(y float64) {
	switch {
	case math.IsNaN(y):
	case y > 0:
		gap := y - s.Size
		s.Probability += s.Beta * (1 - s.Probability)
		s.Size += s.Alpha * gap
		s.spread += s.Alpha * (gap*gap - s.spread)
	default:
		s.Probability -= s.Beta * s.Probability
	}
}

// Forecast returns the distributions of the next h periods, which are alike, and
// of their total, whose part above zero is taken as gamma distributed with the
// exact mean and variance.
func (s *TSB) Forecast(h int) Forecast {
	f := Forecast{Period: make([]distribution.Distribution, h)}
	p, z := s.Probability, s.Size
	one := hurdle(p, p*z, p*(s.spread+z*z))
	for i := range f.Period {
		f.Period[i] = one
	}
	n := float64(h)
	mean := n * p * z
	variance := n * (p*(s.spread+z*z) - p*p*z*z)
	f.Total = hurdle(-math.Expm1(n*math.Log1p(-p)), mean, variance+mean*mean)
	return f
}

// hurdle is zero with probability 1-p and else gamma distributed, so that mean
// and mean square are as given.
func hurdle(p, mean, meanSquare float64) distribution.Distribution {
	if p <= 0 || mean <= 0 {
		return distribution.Point(0)
	}
	m := mean / p
	variance := meanSquare/p - m*m
	var above distribution.Distribution = distribution.Point(m)
	if variance > 1e-12*m*m {
		above = distribution.NewGamma(m*m/variance, variance/m)
	}
	return distribution.NewMixture([]float64{1 - p, p}, []distribution.Distribution{distribution.Point(0), above})
}

// Path writes one possible future into dst: a value comes with probability p, and is gamma
// distributed. It allocates nothing.
func (s *TSB) Path(dst []float64, rng *rand.Rand) {
	for i := range dst {
		dst[i] = 0
		if rng.Float64() >= s.Probability {
			continue
		}
		dst[i] = s.Size
		if s.spread > 1e-12*s.Size*s.Size {
			dst[i] = s.spread / s.Size * distribution.DrawGamma(s.Size*s.Size/s.spread, rng)
		}
	}
}
