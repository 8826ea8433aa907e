package forecast

import (
	"math"
	"math/rand/v2"
)

// ADIDA is aggregation and disaggregation for series with many zeros: sums over blocks of
// Level periods, the mean interval between two values above zero, have few zeros left and
// are forecast by simple exponential smoothing; a period gets its share of a block,
//
//	ŷ = l/Level,   l ← l + α (block - l),
//
// with blocks that end with the series, l begun at the first block and α in [0.1, 0.3] of
// least squared error. Counts are taken as by Croston.
//
// Source: Nikolopoulos, Syntetos, Boylan, Petropoulos & Assimakopoulos, An
// aggregate–disaggregate intermittent demand approach (2011), doi:10.1057/jors.2010.32.
type ADIDA struct {
	Level  int // periods a block
	mean   float64
	errors countErrors
}

// FitADIDA fits y, values >= 0 with at least 1 above zero in at least 2. A missing value
// is left out, as if there had been no such period. It does not modify y. It returns a
// *TooShortError for shorter series and a *NegativeError for a value below zero.
func FitADIDA(y []float64) (*ADIDA, error) {
	if err := countsFor("ADIDA", y); err != nil {
		return nil, err
	}
	s := newBlockSmoothing(y)
	level := s.interval()
	s.add(level)
	m := &ADIDA{Level: level}
	m.mean, m.errors = s.finish()
	return m, nil
}

// Name returns "ADIDA".
func (m *ADIDA) Name() string { return "ADIDA" }

// Mean returns the mean of a period.
func (m *ADIDA) Mean() float64 { return m.mean }

// Forecast returns the distributions of the next h periods, which are alike, and of their
// total.
func (m *ADIDA) Forecast(h int) Forecast { return m.errors.forecast(m.mean, h) }

// Path writes one possible future into dst. It allocates nothing.
func (m *ADIDA) Path(dst []float64, rng *rand.Rand) { m.errors.path(dst, m.mean, rng) }

// ADIDAMethod is ADIDA.
func ADIDAMethod() Method { return methodOf("ADIDA", FitADIDA) }

// IMAPA is the mean of the forecasts of ADIDA at every level from 1 to Levels, the mean
// interval between two values above zero.
//
// Source: Petropoulos & Kourentzes, Forecast combinations for intermittent demand (2015),
// doi:10.1057/jors.2014.62.
type IMAPA struct {
	Levels int
	mean   float64
	errors countErrors
}

// FitIMAPA fits y like FitADIDA. The cost is O(n log Levels).
func FitIMAPA(y []float64) (*IMAPA, error) {
	if err := countsFor("IMAPA", y); err != nil {
		return nil, err
	}
	s := newBlockSmoothing(y)
	levels := s.interval()
	for level := 1; level <= levels; level++ {
		s.add(level)
	}
	m := &IMAPA{Levels: levels}
	m.mean, m.errors = s.finish()
	return m, nil
}

// Name returns "IMAPA".
func (m *IMAPA) Name() string { return "IMAPA" }

// Mean returns the mean of a period.
func (m *IMAPA) Mean() float64 { return m.mean }

// Forecast returns the distributions of the next h periods, which are alike, and of their
// total.
func (m *IMAPA) Forecast(h int) Forecast { return m.errors.forecast(m.mean, h) }

// Path writes one possible future into dst. It allocates nothing.
func (m *IMAPA) Path(dst []float64, rng *rand.Rand) { m.errors.path(dst, m.mean, rng) }

// IMAPAMethod is IMAPA.
func IMAPAMethod() Method { return methodOf("IMAPA", FitIMAPA) }

// blockSmoothing collects the mean forecast of several levels of aggregation, over time.
// levels[t] and change[t] say how many levels begin to forecast with value t, and by how much
// the sum of their forecasts changes then.
type blockSmoothing struct {
	y              []float64 // without missing values
	sums           []float64 // sums[t] is Σ y over the first t values
	blocks         []float64
	change, levels []float64
	last, n        float64 // sum of the last forecasts, and their number
}

func newBlockSmoothing(y []float64) *blockSmoothing {
	n := observed(y)
	slab := make([]float64, 5*n+3)
	s := &blockSmoothing{
		y: slab[:0:n], sums: slab[n : 2*n+1], blocks: slab[2*n+1 : 3*n+1],
		change: slab[3*n+1 : 4*n+2], levels: slab[4*n+2:],
	}
	for _, v := range y {
		if !math.IsNaN(v) {
			s.y = append(s.y, v)
			s.sums[len(s.y)] = s.sums[len(s.y)-1] + v
		}
	}
	return s
}

// interval is the mean number of periods from one value above zero to the next, the first
// counted from the beginning.
func (s *blockSmoothing) interval() int {
	last, n := 0, 0
	for t, v := range s.y {
		if v > 0 {
			last, n = t+1, n+1
		}
	}
	return max(1, int(math.RoundToEven(float64(last)/float64(n))))
}

// add smooths the sums over blocks of k values.
func (s *blockSmoothing) add(k int) {
	n := len(s.y)
	blocks := s.blocks[:n/k]
	for i := range blocks {
		to := n - (len(blocks)-1-i)*k
		blocks[i] = s.sums[to] - s.sums[to-k]
	}
	alpha := 0.1
	if len(blocks) > 2 { // two blocks fit every α alike
		alpha = minimizeScalar(func(alpha float64) float64 {
			level, sse := blocks[0], 0.0
			for _, x := range blocks[1:] {
				e := x - level
				sse += e * e
				level += alpha * e
			}
			return sse
		}, 0.1, 0.3)
	}
	level, before := blocks[0], 0.0
	s.levels[n-(len(blocks)-1)*k]++
	for i, x := range blocks {
		level += alpha * (x - level)
		s.change[n-(len(blocks)-1-i)*k] += (level - before) / float64(k)
		before = level
	}
	s.last += level / float64(k)
	s.n++
}

// finish returns the mean forecast of the levels, and the errors of the same mean one step
// ahead in the series.
func (s *blockSmoothing) finish() (mean float64, errors countErrors) {
	sum, levels := 0.0, 0.0
	for t, v := range s.y {
		sum += s.change[t]
		if levels += s.levels[t]; levels > 0 {
			errors.add(v - sum/levels)
		}
	}
	return s.last / s.n, errors
}
