package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// CountRate is what is known of the rate of one series of counts: its mean and evidence,
// and how large the lumps are that its counts come in, Σy²/Σy, 1 for single units.
type CountRate struct {
	Rate
	Lump float64
}

// SizeLine is the size of a negative binomial as a line in logs,
//
//	log r = Level + Slope log μ + Lump log lump.
type SizeLine struct{ Level, Slope, Lump float64 }

func (s SizeLine) size(logMean, logLump float64) float64 {
	return math.Exp(math.Min(math.Max(s.Level+s.Slope*logMean+s.Lump*logLump, -9), 16))
}

// CountLaw is what held-out counts of many series teach about the counts of each: with
// m = Scale · Rate.Mean, a period of offset o and mean μ = m o has a count of
//
//	0 with probability Idle, else negative binomial(μ/(1-Idle), r),   r by the line Period,
//
// and a total of Span such periods has a size by the line Total. The rate is drawn once for
// all periods; its squared coefficient of variation c² is what the two lines leave,
//
//	1/r_Total = c² + (x - c²)/Span,   0 ≤ c² ≤ 1/r,   x = Var[D]/μ² - 1/μ,
//
// so that the total of any periods is taken as negative binomial with
//
//	mean Σμ,   Var ΣD = Σ(μ + μ² (x - c²)) + c² (Σμ)².
type CountLaw struct {
	Scale         float64
	Period, Total SizeLine
	Idle          float64 // share of periods in which nothing can come, in [0, 1)
	Span          int     // periods of the totals that Total was learnt from, at least 2
}

// Forecast returns the distribution of the count of each period with the given offsets, and
// of their total. A period with an offset that is NaN or not above zero is closed.
func (l CountLaw) Forecast(rate CountRate, offsets []float64) Forecast {
	f := Forecast{Period: make([]distribution.Distribution, len(offsets))}
	logLump := math.Log(rate.Lump)
	for i, o := range offsets {
		f.Period[i] = l.period(l.Scale*rate.Mean*o, logLump)
	}
	f.Total = l.total(rate, offsets)
	return f
}

func (l CountLaw) period(mu, logLump float64) distribution.Distribution {
	if !(mu > 0) {
		return distribution.NewNegativeBinomial(0, 1)
	}
	active := mu / (1 - l.Idle)
	d := distribution.NewNegativeBinomial(active, l.Period.size(math.Log(active), logLump))
	if l.Idle == 0 {
		return d
	}
	nothing := distribution.NewNegativeBinomial(0, 1)
	return distribution.NewMixture([]float64{l.Idle, 1 - l.Idle}, []distribution.Distribution{nothing, d})
}

// excess is x = Var[D]/μ² - 1/μ of a period with mean μ.
func (l CountLaw) excess(mu, logLump float64) float64 {
	active := mu / (1 - l.Idle)
	return (1+1/l.Period.size(math.Log(active), logLump))/(1-l.Idle) - 1
}

// spread is c², at most least.
func (l CountLaw) spread(mu, logLump, least float64) float64 {
	n := float64(l.Span)
	total := 1 / l.Total.size(math.Log(n*mu), logLump)
	return math.Min(math.Max(0, (n*total-l.excess(mu, logLump))/(n-1)), least)
}

// of sums up the open periods: their number, Σμ, Σμ²x, Σμ² and the least x.
func (l CountLaw) of(rate CountRate, offsets []float64) (n, sum, lumps, squares, least float64) {
	logLump := math.Log(rate.Lump)
	least = math.Inf(1)
	for _, o := range offsets {
		mu := l.Scale * rate.Mean * o
		if !(mu > 0) {
			continue
		}
		x := l.excess(mu, logLump)
		n++
		sum += mu
		lumps += mu * mu * x
		squares += mu * mu
		least = math.Min(least, x)
	}
	return n, sum, lumps, squares, least
}

func (l CountLaw) total(rate CountRate, offsets []float64) distribution.NegativeBinomial {
	n, sum, lumps, squares, least := l.of(rate, offsets)
	if n == 0 {
		return distribution.NewNegativeBinomial(0, 1)
	}
	c := l.spread(sum/n, math.Log(rate.Lump), l.activeExcess(least))
	return distribution.NegativeBinomialOf(sum, sum+lumps+c*(sum*sum-squares))
}

// Path writes one possible future into dst, of the length of offsets: the rate is drawn
// once, the counts of the periods independently given the rate. Means and variances are
// those of Forecast. It allocates nothing.
func (l CountLaw) Path(dst []float64, rate CountRate, offsets []float64, rng *rand.Rand) {
	if len(dst) != len(offsets) {
		panic("forecast: dst and offsets differ in length")
	}
	logLump := math.Log(rate.Lump)
	factor, spread := 1.0, 0.0
	if n, sum, _, _, least := l.of(rate, offsets); n > 0 {
		if spread = l.spread(sum/n, logLump, l.activeExcess(least)); spread > 1e-9 {
			factor = distribution.DrawGamma(1/spread, rng) * spread
		}
	}
	for i, o := range offsets {
		dst[i] = 0
		mu := l.Scale * rate.Mean * o
		if !(mu > 0) || l.Idle > 0 && rng.Float64() < l.Idle {
			continue
		}
		mean := mu / (1 - l.Idle) * factor
		if own := (l.activeExcess(l.excess(mu, logLump)) - spread) / (1 + spread); own > 1e-9 {
			mean *= distribution.DrawGamma(1/own, rng) * own
		}
		dst[i] = distribution.DrawPoisson(mean, rng)
	}
}

// activeExcess is 1/r of a period that is not idle, of its x.
func (l CountLaw) activeExcess(x float64) float64 { return (1+x)*(1-l.Idle) - 1 }
