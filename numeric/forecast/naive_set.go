package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/numeric/distribution"
)

// RandomWalk forecasts by the last value, with or without a drift and a season:
//
//	x_{t+1} = x_t + b + e_t,   y_t = s_t x_t (or x_t + s_t),   e ~ Normal(0, σ²),
//
// b the mean step of the past, itself known up to σ²/(n-1). Missing values are steps that
// were not seen. It is the plainest method and the yardstick of the M competitions.
//
// Source: Hyndman & Athanasopoulos, Forecasting: principles and practice (2021), sections
// 5.2 and 5.5; Naive2 as the M4 organisers compute it (Makridakis, Spiliotis &
// Assimakopoulos 2020, doi:10.1016/j.ijforecast.2019.04.014).
type RandomWalk struct {
	drifts bool
	season seasonalAdjustment

	level   float64 // NaN before the first value
	time    int     // of the next period
	pending int     // periods since the last value
	squares float64 // Σ d²/g of steps of d over g periods
	rise    float64 // Σ d
	span    float64 // Σ g
	steps   float64
}

// FitRandomWalk fits the method called naive: no drift, no season. It does not modify y.
// It returns a *TooShortError with less than 2 values.
func FitRandomWalk(y []float64) (*RandomWalk, error) {
	return fitRandomWalk(y, "naive", 2, RandomWalk{})
}

// FitDrift fits a random walk with drift. It does not modify y. It returns a
// *TooShortError with less than 3 values.
func FitDrift(y []float64) (*RandomWalk, error) {
	return fitRandomWalk(y, "drift", 3, RandomWalk{drifts: true})
}

// FitNaive2 fits a random walk to y without its season of m >= 1 periods, if IsSeasonal
// finds one in at least three. It does not modify y. It returns a *TooShortError with less
// than 2 values.
func FitNaive2(y []float64, m int) (*RandomWalk, error) {
	if m < 1 {
		panic("forecast: a season needs at least one period")
	}
	return fitRandomWalk(y, "naive 2", 2, RandomWalk{season: testedSeason(y, m, 3*m)})
}

func fitRandomWalk(y []float64, name string, need int, w RandomWalk) (*RandomWalk, error) {
	if have := observed(y); have < need {
		return nil, &TooShortError{Method: name, Have: have, Need: need}
	}
	w.level = math.NaN()
	for _, v := range y {
		w.Update(v)
	}
	return &w, nil
}

// Name is "naive", "drift" or "naive 2", with the season if there is one.
func (w *RandomWalk) Name() string {
	switch {
	case w.season.index != nil:
		return fmt.Sprintf("naive 2 [%d]", len(w.season.index))
	case w.drifts:
		return "drift"
	}
	return "naive"
}

// Update learns the value of the next period; NaN is missing. The season stays.
func (w *RandomWalk) Update(y float64) {
	x := w.season.remove(w.time, y)
	w.time++
	w.pending++
	if math.IsNaN(x) {
		return
	}
	if !math.IsNaN(w.level) {
		d, g := x-w.level, float64(w.pending)
		w.squares += d * d / g
		w.rise += d
		w.span += g
		w.steps++
	}
	w.level, w.pending = x, 0
}

// Drift is b, the mean step, in units of y a period; 0 for a method without.
func (w *RandomWalk) Drift() float64 {
	if !w.drifts {
		return 0
	}
	return w.rise / w.span
}

// Sigma is the standard deviation of a step.
func (w *RandomWalk) Sigma() float64 {
	if w.drifts {
		return math.Sqrt(math.Max(0, w.squares-w.rise*w.rise/w.span) / math.Max(1, w.steps-1))
	}
	return math.Sqrt(w.squares / math.Max(1, w.steps))
}

// Forecast returns the distributions of the next h periods and of their total.
func (w *RandomWalk) Forecast(h int) Forecast {
	f := Forecast{Period: make([]distribution.Distribution, h)}
	drift, variance := w.Drift(), w.Sigma()*w.Sigma()
	ofDrift := 0.0 // its variance
	if w.drifts {
		ofDrift = variance / w.span
	}
	mean, factors, moved := 0.0, 0.0, 0.0
	for i := range f.Period {
		factor, summand := w.season.at(w.time + i)
		ahead := float64(w.pending + i + 1)
		at := factor*(w.level+drift*ahead) + summand
		f.Period[i] = boundedNormal(at, math.Abs(factor)*math.Sqrt(variance*ahead+ofDrift*ahead*ahead))
		mean += at
		factors += factor
		moved += factor * ahead
	}
	total := ofDrift*moved*moved + variance*float64(w.pending)*factors*factors
	for i := range h { // the step into period i moves all from there on
		total += variance * factors * factors
		factor, _ := w.season.at(w.time + i)
		factors -= factor
	}
	f.Total = boundedNormal(mean, math.Sqrt(total))
	return f
}

// Path draws the next len(dst) periods jointly.
func (w *RandomWalk) Path(dst []float64, rng *rand.Rand) {
	sigma, drift := w.Sigma(), w.Drift()
	if w.drifts {
		drift += sigma / math.Sqrt(w.span) * rng.NormFloat64()
	}
	x := w.level + drift*float64(w.pending) + sigma*math.Sqrt(float64(w.pending))*rng.NormFloat64()
	for i := range dst {
		x += drift + sigma*rng.NormFloat64()
		dst[i] = x
	}
	w.season.restore(w.time, dst)
}

// WindowMean forecasts by the mean of the last Window values, with normal errors that
// grow as those of simple smoothing with values of the same mean age,
//
//	y_{t+h} ~ Normal(mean, σ² (1 + (h-1) α²)),   α = 2/(Window+1).
//
// Source: Silver, Pyke & Thomas, Inventory and production management in supply chains
// (2017), section 3.4.1; the equivalence of windows and α is Brown (1959).
type WindowMean struct {
	ring    []float64
	seen    int
	squares float64 // of one-step errors
	n       float64
}

// FitWindowMean fits the mean of a window of values; missing ones are not counted. It does
// not modify y. It returns a *TooShortError with less than 2 values.
func FitWindowMean(y []float64, window int) (*WindowMean, error) {
	if window < 1 {
		panic("forecast: a window needs at least one value")
	}
	if have := observed(y); have < 2 {
		return nil, &TooShortError{Method: "window mean", Have: have, Need: 2}
	}
	w := &WindowMean{ring: make([]float64, window)}
	for _, v := range y {
		w.Update(v)
	}
	return w, nil
}

// Name is such as "window mean 8".
func (w *WindowMean) Name() string { return fmt.Sprintf("window mean %d", len(w.ring)) }

// Update learns the next value; NaN is missing. The cost is O(Window).
func (w *WindowMean) Update(y float64) {
	if math.IsNaN(y) {
		return
	}
	if w.seen > 0 {
		e := y - w.Mean()
		w.squares += e * e
		w.n++
	}
	w.ring[w.seen%len(w.ring)] = y
	w.seen++
}

// Mean is the mean of the window.
func (w *WindowMean) Mean() float64 {
	sum, n := 0.0, min(w.seen, len(w.ring))
	for _, v := range w.ring[:n] {
		sum += v
	}
	return sum / float64(n)
}

// Sigma is the standard deviation of the one-step errors.
func (w *WindowMean) Sigma() float64 { return math.Sqrt(w.squares / math.Max(1, w.n)) }

func (w *WindowMean) alpha() float64 { return 2 / (float64(len(w.ring)) + 1) }

// Forecast returns the distributions of the next h periods and of their total.
func (w *WindowMean) Forecast(h int) Forecast {
	f := Forecast{Period: make([]distribution.Distribution, h)}
	mean, sigma, alpha, total := w.Mean(), w.Sigma(), w.alpha(), 0.0
	for i := range f.Period {
		f.Period[i] = boundedNormal(mean, sigma*math.Sqrt(1+float64(i)*alpha*alpha))
		weight := 1 + float64(h-1-i)*alpha
		total += weight * weight
	}
	f.Total = boundedNormal(float64(h)*mean, sigma*math.Sqrt(total))
	return f
}

// Path draws the next len(dst) periods jointly.
func (w *WindowMean) Path(dst []float64, rng *rand.Rand) {
	level, sigma, alpha := w.Mean(), w.Sigma(), w.alpha()
	for i := range dst {
		e := sigma * rng.NormFloat64()
		dst[i] = level + e
		level += alpha * e
	}
}

// SeasonalMedian forecasts each period by the median of the last values at the same
// position of the season, such as the last eight Mondays, with independent normal errors.
// One odd week, a closed day or a big order, does not move it.
//
// Source: the same-weekday median is a common benchmark of daily retail and energy demand,
// as in Fildes, Ma & Kolassa, Retail forecasting: research and practice (2022).
type SeasonalMedian struct {
	seasons int
	last    [][]float64 // at each position, the oldest first
	next    int
	squares float64
	n       float64
	sorted  []float64
}

// FitSeasonalMedian fits the median of the last so many seasons of m periods; missing
// values are not counted. It does not modify y. It returns a *TooShortError with less than
// one season and one value.
func FitSeasonalMedian(y []float64, m, seasons int) (*SeasonalMedian, error) {
	if m < 1 || seasons < 1 {
		panic("forecast: a seasonal median needs a period and a season")
	}
	if have := observed(y); have < m+1 {
		return nil, &TooShortError{Method: "seasonal median", Have: have, Need: m + 1}
	}
	s := &SeasonalMedian{seasons: seasons, last: make([][]float64, m), sorted: make([]float64, 0, max(m, seasons))}
	slab := make([]float64, m*seasons)
	for i := range s.last {
		s.last[i] = slab[i*seasons : i*seasons : (i+1)*seasons]
	}
	for _, v := range y {
		s.Update(v)
	}
	return s, nil
}

// Name is such as "median of 8 [7]".
func (s *SeasonalMedian) Name() string {
	return fmt.Sprintf("median of %d [%d]", s.seasons, len(s.last))
}

// Update learns the value of the next period; NaN is missing. The cost is O(k log k) for k seasons.
func (s *SeasonalMedian) Update(y float64) {
	position := s.next
	s.next = (s.next + 1) % len(s.last)
	if math.IsNaN(y) {
		return
	}
	values := s.last[position]
	if len(values) > 0 {
		e := y - s.median(values)
		s.squares += e * e
		s.n++
	}
	if len(values) == s.seasons {
		copy(values, values[1:])
		values = values[:len(values)-1]
	}
	s.last[position] = append(values, y)
}

func (s *SeasonalMedian) median(values []float64) float64 {
	s.sorted = append(s.sorted[:0], values...)
	slices.Sort(s.sorted)
	k := len(values) / 2
	if len(values)%2 == 1 {
		return s.sorted[k]
	}
	return s.sorted[k-1]/2 + s.sorted[k]/2
}

// means writes the medians of the next periods into dst. A position never observed takes
// the median of the other medians.
func (s *SeasonalMedian) means(dst []float64) {
	m := len(s.last)
	var known []float64
	for _, values := range s.last {
		if len(values) > 0 {
			known = append(known, s.median(values))
		}
	}
	for i := range dst {
		if i >= m {
			dst[i] = dst[i-m]
		} else if values := s.last[(s.next+i)%m]; len(values) > 0 {
			dst[i] = s.median(values)
		} else {
			dst[i] = s.median(known)
		}
	}
}

// Sigma is the standard deviation of the errors of one season ahead.
func (s *SeasonalMedian) Sigma() float64 { return math.Sqrt(s.squares / math.Max(1, s.n)) }

// Forecast returns the distributions of the next h periods and of their total.
func (s *SeasonalMedian) Forecast(h int) Forecast {
	f := Forecast{Period: make([]distribution.Distribution, h)}
	means, sigma, sum := make([]float64, h), s.Sigma(), 0.0
	s.means(means)
	for i, mean := range means {
		f.Period[i] = boundedNormal(mean, sigma)
		sum += mean
	}
	f.Total = boundedNormal(sum, sigma*math.Sqrt(float64(h)))
	return f
}

// Path draws the next len(dst) periods jointly.
func (s *SeasonalMedian) Path(dst []float64, rng *rand.Rand) {
	s.means(dst)
	sigma := s.Sigma()
	for i := range dst {
		dst[i] += sigma * rng.NormFloat64()
	}
}

// NaiveMethod is RandomWalk without drift or season.
func NaiveMethod() Method { return methodOf("naive", FitRandomWalk) }

// DriftMethod is RandomWalk with drift.
func DriftMethod() Method { return methodOf("drift", FitDrift) }

// Naive2Method is FitNaive2 with a season of m periods.
func Naive2Method(m int) Method {
	return methodOf("naive 2", func(y []float64) (*RandomWalk, error) { return FitNaive2(y, m) })
}

// WindowMeanMethod is WindowMean.
func WindowMeanMethod(window int) Method {
	return methodOf(fmt.Sprintf("window mean %d", window), func(y []float64) (*WindowMean, error) { return FitWindowMean(y, window) })
}

// SeasonalMedianMethod is SeasonalMedian.
func SeasonalMedianMethod(m, seasons int) Method {
	return methodOf(fmt.Sprintf("median of %d [%d]", seasons, m), func(y []float64) (*SeasonalMedian, error) {
		return FitSeasonalMedian(y, m, seasons)
	})
}
