package expansion

import "math"

// estimate is a figure measured on one market and the variance of its error.
type estimate struct{ value, variance float64 }

// none is an estimate that the evidence does not allow.
var none = estimate{math.NaN(), math.NaN()}

func (e estimate) known() bool { return !math.IsNaN(e.value) && e.variance >= 0 }

// population is what the markets have in common: values scatter around mean with
// variance between. known is false when no market has a value of its own.
type population struct {
	known        bool
	mean         float64
	meanVariance float64
	between      float64 // τ²
	markets      int     // with a value of their own
	typical      float64 // mean variance of their errors
	own          []estimate
}

// dersimonianLaird returns the variance between groups whose values y were measured with
// error variances v, by the method of moments:
//
//	τ² = max(0, (Q - (k-1)) / (Σw - Σw²/Σw)),  Q = Σ w (y - ȳ)²,  w = 1/v
//
// It is 0 for fewer than two groups. Variances must be positive.
//
// Source: DerSimonian & Laird, Meta-analysis in clinical trials, Controlled Clinical
// Trials 7 (1986), 177–188.
func dersimonianLaird(y, v []float64) float64 {
	var w1, w2, wy float64
	for i := range y {
		w := 1 / v[i]
		w1, w2, wy = w1+w, w2+w*w, wy+w*y[i]
	}
	mean := wy / w1
	var q float64
	for i := range y {
		q += (y[i] - mean) * (y[i] - mean) / v[i]
	}
	if spread := w1 - w2/w1; spread > 0 {
		return max(0, (q-float64(len(y)-1))/spread)
	}
	return 0
}

// smallestVariance keeps weights finite where all blocks of a market are alike.
const smallestVariance = 1e-8

// shrink fits the population to the estimates that are known.
func shrink(own []estimate) population {
	var y, v []float64
	for _, e := range own {
		if e.known() {
			y, v = append(y, e.value), append(v, max(e.variance, smallestVariance))
		}
	}
	p := population{known: len(y) > 0, markets: len(y), own: own}
	if !p.known {
		return p
	}
	p.between = dersimonianLaird(y, v)
	var w1, wy float64
	for i := range y {
		w := 1 / (v[i] + p.between)
		w1, wy = w1+w, wy+w*y[i]
		p.typical += v[i] / float64(len(y))
	}
	p.mean, p.meanVariance = wy/w1, 1/w1
	return p
}

// posterior is what is believed of one market's value after shrinkage.
type posterior struct {
	mean, variance float64
	own            float64 // before; NaN when pooled
	pooled         bool
	distance       float64 // of own from the mean of all markets, y - ȳ
	shrinkage      float64 // B: weight of that mean
	meanVariance   float64 // var(ȳ)
	error          float64 // variance of the market's own error, σ²
	between        float64 // τ²
	extra          float64 // the part of variance that is owed to B being an estimate
}

// of returns the empirical-Bayes posterior of market i:
//
//	mean     = B ȳ + (1-B) y,  B = σ²/(σ²+τ²)
//	variance = (1-B) σ² + B² var(ȳ) + 2/(k-3) · B² (y-ȳ)² · (mean σ² + τ²)/(σ²+τ²)
//
// The last term is there because τ² is itself estimated: without it an estimate of
// τ² = 0 would claim that all markets are alike to the last digit. A market without a
// value of its own gets ȳ with variance τ² + var(ȳ).
//
// Source: Morris, Parametric empirical Bayes inference, Journal of the American
// Statistical Association 78 (1983), 47–55.
func (p population) of(i int) posterior {
	e := p.own[i]
	if !p.known {
		return posterior{mean: math.NaN(), variance: math.NaN(), own: math.NaN(), pooled: true}
	}
	if !e.known() {
		return posterior{mean: p.mean, variance: p.between + p.meanVariance, own: math.NaN(), pooled: true, between: p.between, meanVariance: p.meanVariance, shrinkage: 1}
	}
	variance := max(e.variance, smallestVariance)
	b := variance / (variance + p.between)
	distance := e.value - p.mean
	extra := 0.0
	if p.markets > 3 {
		extra = 2 / float64(p.markets-3) * b * b * distance * distance * (p.typical + p.between) / (variance + p.between)
	}
	return posterior{
		mean:     b*p.mean + (1-b)*e.value,
		variance: (1-b)*variance + b*b*p.meanVariance + extra,
		own:      e.value, distance: distance, shrinkage: b, meanVariance: p.meanVariance,
		error: variance, between: p.between, extra: extra,
	}
}

// z80 is the 90 % quantile of the standard normal distribution.
const z80 = 1.2815515655446004

// interval returns the mean and the 80 % interval, more being another variance to add.
func (q posterior) interval(more float64) *Interval {
	half := z80 * math.Sqrt(q.variance+more)
	return &Interval{q.mean, q.mean - half, q.mean, q.mean + half}
}
