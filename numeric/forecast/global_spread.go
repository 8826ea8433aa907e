package forecast

import (
	"math"
	"slices"

	"tradewind/numeric/distribution"
)

// globalPath is what a global model says of one series: the middle of every period, and how
// much a unit of the model's own scale is there.
type globalPath struct{ mean, unit []float64 }

// globalSpread is how far the forecasts of a global model were off where they were held
// out: by step in units of the model, or for counts as the evidence behind a rate.
type globalSpread struct {
	counts bool
	sigma  []float64 // by step
	size   float64   // of a negative binomial; +Inf for a Poisson
	rho    float64   // correlation of the errors at two steps
}

// held forgets every error beyond this share of them, so that no series rules the spread.
const heldShare = .98

// spread learns from forecasts of what came after.
func (form GlobalForm) spread(paths []globalPath, actual [][]float64) *globalSpread {
	s := &globalSpread{counts: form.Counts, size: math.Inf(1), sigma: make([]float64, form.Horizon)}
	s.learnSize(paths, actual)
	sizes, most := make([][]float64, form.Horizon), 0.0
	for i, p := range paths {
		for t, y := range actual[i] {
			if e := s.standardised(p, t, y); !math.IsNaN(e) {
				sizes[t] = append(sizes[t], math.Abs(e))
			}
		}
	}
	for t, e := range sizes { // what is further ahead is no surer
		most = math.Max(most, winsorised(e))
		s.sigma[t] = most
	}
	s.learnDependence(paths, actual)
	return s
}

// standardised is an error in units of the model; for counts in those of a negative
// binomial.
func (s *globalSpread) standardised(p globalPath, t int, y float64) float64 {
	unit := p.unit[t]
	if s.counts {
		unit = math.Sqrt(s.countVariance(p.mean[t]))
	}
	if !(unit > 0) {
		return math.NaN()
	}
	return (y - p.mean[t]) / unit
}

func (s *globalSpread) countVariance(mean float64) float64 { return mean + mean*mean/s.size }

// learnSize estimates 1/size by moments, Σ w ((y-μ)² - μ) / Σ w μ² with w = 1/(μ (1+μ)).
func (s *globalSpread) learnSize(paths []globalPath, actual [][]float64) {
	if !s.counts {
		return
	}
	excess, squares := 0.0, 0.0
	for i, p := range paths {
		for t, y := range actual[i] {
			if m := p.mean[t]; m > 0 && !math.IsNaN(y) {
				w := 1 / (m * (1 + m))
				excess += w * (math.Min((y-m)*(y-m), mostExcess*(m+m*m)) - m)
				squares += w * m * m
			}
		}
	}
	if excess > 0 {
		s.size = squares / excess
	}
}

// mostExcess bounds what one outlier adds.
const mostExcess = 100

// winsorised is the root mean square of sizes, with those beyond heldShare drawn in; it
// sorts them.
func winsorised(sizes []float64) float64 {
	if len(sizes) == 0 {
		return 0
	}
	slices.Sort(sizes)
	most := sizes[int(heldShare*float64(len(sizes)-1))]
	sum := 0.0
	for _, e := range sizes {
		e = math.Min(e, most)
		sum += e * e
	}
	return math.Sqrt(sum / float64(len(sizes)))
}

// learnDependence takes the mean product of two standardised errors of one series.
func (s *globalSpread) learnDependence(paths []globalPath, actual [][]float64) {
	const furthest = 3
	both, pairs := 0.0, 0.0
	for i, p := range paths {
		sum, squares, n := 0.0, 0.0, 0.0
		for t, y := range actual[i] {
			e := s.standardised(p, t, y)
			if !s.counts {
				e /= s.sigma[t]
			}
			if math.IsNaN(e) {
				continue
			}
			e = math.Max(-furthest, math.Min(furthest, e))
			sum, squares, n = sum+e, squares+e*e, n+1
		}
		both += sum*sum - squares
		pairs += n * (n - 1)
	}
	if pairs > 0 {
		s.rho = math.Max(0, math.Min(1, both/pairs))
	}
}

// at is the spread at period i, from 0; beyond what was learnt it grows as that of a
// random walk.
func (s *globalSpread) at(i int) float64 {
	if n := len(s.sigma); i >= n {
		return s.sigma[n-1] * math.Sqrt(float64(i+1)/float64(n))
	}
	return s.sigma[i]
}

// around makes the distributions.
func (s *globalSpread) around(p globalPath) Forecast {
	f := Forecast{Period: make([]distribution.Distribution, len(p.mean))}
	mean, sum, squares := 0.0, 0.0, 0.0
	for i, m := range p.mean {
		if s.counts {
			f.Period[i] = distribution.NewNegativeBinomial(m, s.size)
		} else {
			f.Period[i] = boundedNormal(m, p.unit[i]*s.at(i))
		}
		v := f.Period[i].Variance()
		mean, sum, squares = mean+f.Period[i].Mean(), sum+math.Sqrt(v), squares+v
	}
	variance := squares + s.rho*(sum*sum-squares)
	if s.counts {
		f.Total = distribution.NegativeBinomialOf(mean, math.Max(variance, mean))
	} else {
		f.Total = boundedNormal(mean, math.Sqrt(variance))
	}
	return f
}
