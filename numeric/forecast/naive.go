package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// SeasonalNaive forecasts each period by the last value at the same position of
// the season, with normal errors that add up from season to season:
//
//	y_{t+h} ~ Normal(last value there, σ² (1 + ⌊(h-1)/m⌋)).
//
// It is the yardstick that other methods have to beat.
//
// Source: Hyndman & Athanasopoulos, Forecasting: principles and practice (2021),
// sections 5.2 and 5.5.
type SeasonalNaive struct {
	last    []float64 // one value a position, NaN before the first
	next    int       // position of the next period
	squares float64   // of seasonal differences
	n       float64
}

// FitSeasonalNaive fits y with a season of m >= 1 periods. A missing value
// leaves the last one at its position. It does not modify y. It returns a
// *TooShortError with less than one season and one value.
func FitSeasonalNaive(y []float64, m int) (*SeasonalNaive, error) {
	if m < 1 {
		panic("forecast: a season needs at least one period")
	}
	if have := observed(y); have < m+1 {
		return nil, &TooShortError{Method: "seasonal naive", Have: have, Need: m + 1}
	}
	s := &SeasonalNaive{last: make([]float64, m)}
	for i := range s.last {
		s.last[i] = math.NaN()
	}
	for _, v := range y {
		s.Update(v)
	}
	return s, nil
}

// Update learns the value of the next period; NaN is missing.
func (s *SeasonalNaive) Update(y float64) {
	if d := y - s.last[s.next]; !math.IsNaN(d) {
		s.squares += d * d
		s.n++
	}
	if !math.IsNaN(y) {
		s.last[s.next] = y
	}
	s.next = (s.next + 1) % len(s.last)
}

// Name is "seasonal naive", with the season.
func (s *SeasonalNaive) Name() string { return fmt.Sprintf("seasonal naive %d", len(s.last)) }

// Path draws the next len(dst) periods jointly.
func (s *SeasonalNaive) Path(dst []float64, rng *rand.Rand) {
	m, sigma := len(s.last), math.Sqrt(s.squares/math.Max(1, s.n))
	for i := range dst {
		at := s.at((s.next + i) % m)
		if i >= m {
			at = dst[i-m]
		}
		dst[i] = at + sigma*rng.NormFloat64()
	}
}

// Forecast returns the distributions of the next h periods and of their total.
// A position that was never observed takes the mean of the others.
func (s *SeasonalNaive) Forecast(h int) Forecast {
	m := len(s.last)
	variance := s.squares / math.Max(1, s.n)
	f := Forecast{Period: make([]distribution.Distribution, h)}
	mean, total := 0.0, 0.0
	for i := range f.Period {
		at := s.at((s.next + i) % m)
		f.Period[i] = boundedNormal(at, math.Sqrt(variance*float64(1+i/m)))
		mean += at
	}
	for k := range min(m, h) { // steps of one random walk: Σ Σ min(i, j) = n(n+1)(2n+1)/6
		n := float64((h-k-1)/m + 1)
		total += variance * n * (n + 1) * (2*n + 1) / 6
	}
	f.Total = boundedNormal(mean, math.Sqrt(total))
	return f
}

func (s *SeasonalNaive) at(position int) float64 {
	if v := s.last[position]; !math.IsNaN(v) {
		return v
	}
	sum, n := 0.0, 0.0
	for _, v := range s.last {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / n
}
