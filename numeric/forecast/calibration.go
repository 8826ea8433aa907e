package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// Calibration is what many series teach together about the forecast of each:
// how far the rates are off as a whole, how lumpy the counts of a period are,
// and how far rates wander. With m = Scale · Rate.Mean, a period of offset o
// has
//
//	mean μ = m o,   size r(μ) = exp(Size + Slope log μ),
//	D ~ negative binomial(μ, r),   Var D = μ + μ²/r.
//
// The rate is drawn once for all h periods; it wanders, so that its squared coefficient
// of variation is c² = Drift·h/Span + 1/Evidence, at most the smallest 1/r. So a total has
//
//	mean Σμ,   Var ΣD = Σ(μ + μ²/r) + c² ((Σμ)² - Σμ²).
//
// Calibrate finds one; the zero value forecasts nothing.
type Calibration struct {
	Scale       float64 // actual total / forecast total
	Size, Slope float64 // log r is Size + Slope log μ
	Drift       float64 // variance of the relative change of a rate over Span periods
	Span        int     // periods of the windows that Drift was learnt from; 0 means that it does not grow
}

// Forecast returns the distribution of each period with the given offsets, and
// of their total, given what is known of the rate. A period with an offset that
// is NaN or not above zero is closed: its count is 0.
func (c Calibration) Forecast(rate Rate, offsets []float64) Forecast {
	m := c.Scale * rate.Mean
	f := Forecast{Period: make([]distribution.Distribution, len(offsets))}
	for i, o := range offsets {
		f.Period[i] = c.period(m, o)
	}
	f.Total = c.Total(rate, offsets)
	return f
}

// Period returns the distribution of the count of one period.
func (c Calibration) Period(rate Rate, offset float64) distribution.NegativeBinomial {
	return c.period(c.Scale*rate.Mean, offset)
}

func (c Calibration) period(m, offset float64) distribution.NegativeBinomial {
	mu := m * offset
	if !(mu > 0) {
		return distribution.NewNegativeBinomial(0, 1)
	}
	return distribution.NewNegativeBinomial(mu, c.size(mu))
}

// size is r(μ), kept where a variance can be told from a mean.
func (c Calibration) size(mu float64) float64 {
	return math.Min(math.Max(math.Exp(c.Size+c.Slope*math.Log(mu)), 1e-9), 1e9)
}

// Total returns the distribution of the sum of the counts of all periods.
func (c Calibration) Total(rate Rate, offsets []float64) distribution.NegativeBinomial {
	m := c.Scale * rate.Mean
	mean, own, squares, least := 0.0, 0.0, 0.0, math.Inf(1)
	for _, o := range offsets {
		mu := m * o
		if !(mu > 0) {
			continue
		}
		lumps := 1 / c.size(mu)
		mean += mu
		own += mu + mu*mu*lumps
		squares += mu * mu
		least = math.Min(least, lumps)
	}
	if mean == 0 {
		return distribution.NewNegativeBinomial(0, 1)
	}
	return distribution.NegativeBinomialOf(mean, own+c.spread(rate, len(offsets), least)*(mean*mean-squares))
}

// spread is the squared coefficient of variation of the rate over some periods.
func (c Calibration) spread(rate Rate, periods int, atMost float64) float64 {
	drift := c.Drift
	if c.Span > 0 {
		drift *= float64(periods) / float64(c.Span)
	}
	return math.Min(drift+1/rate.Evidence, atMost)
}

// Path writes one possible future into dst, of the length of offsets: the rate
// is drawn once, the counts of the periods independently given the rate. Means
// and variances are those of Forecast. It allocates nothing.
func (c Calibration) Path(dst []float64, rate Rate, offsets []float64, rng *rand.Rand) {
	if len(dst) != len(offsets) {
		panic("forecast: dst and offsets differ in length")
	}
	m := c.Scale * rate.Mean
	least := math.Inf(1)
	for _, o := range offsets {
		if mu := m * o; mu > 0 {
			least = math.Min(least, 1/c.size(mu))
		}
	}
	spread, factor := 0.0, 1.0
	if !math.IsInf(least, 1) {
		if spread = c.spread(rate, len(offsets), least); spread > 0 {
			factor = distribution.DrawGamma(1/spread, rng) * spread
		}
	}
	for i, o := range offsets {
		dst[i] = 0
		mu := m * o
		if !(mu > 0) {
			continue
		}
		if own := (1/c.size(mu) - spread) / (1 + spread); own > 1e-9 {
			dst[i] = distribution.DrawPoisson(mu*factor*distribution.DrawGamma(1/own, rng)*own, rng)
		} else {
			dst[i] = distribution.DrawPoisson(mu*factor, rng)
		}
	}
}
