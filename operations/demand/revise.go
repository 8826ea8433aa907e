package demand

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
	"tradewind/numeric/forecast"
)

// Revised is an outlook whose mean somebody replaced on some of the coming days. The shape
// stays: where the mean is r times the model's, so is every quantile, up to whole units.
type Revised struct {
	*Outlook
	added []float64 // added[t] is what the revision adds to the mean of the first t days
	means []float64
}

// Revise returns the outlook with other means of the first len(means) days. It keeps means.
func (o *Outlook) Revise(means []float64) *Revised {
	r := &Revised{Outlook: o, means: means, added: make([]float64, len(means)+1)}
	for t, m := range means {
		r.added[t+1] = r.added[t] + (m - o.Mean(t, t+1))
	}
	return r
}

// Mean returns the expected demand of the days from ≤ t < to.
func (r *Revised) Mean(from, to int) float64 {
	last := len(r.means)
	return math.Max(0, r.Outlook.Mean(from, to)+(r.added[min(to, last)]-r.added[min(from, last)]))
}

// Forecast returns the distributions of the next h days and of their total.
func (r *Revised) Forecast(h int) forecast.Forecast {
	f := r.Outlook.Forecast(h)
	days := make([]distribution.Distribution, len(f.Period))
	for t, d := range f.Period {
		days[t] = r.withMean(d, t, t+1)
	}
	return forecast.Forecast{Period: days, Total: r.withMean(f.Total, 0, len(days))}
}

// Draw draws the demand of consecutive blocks of days: the model's draws, scaled to the
// revised means. Where the model expects nothing there is nothing to scale: a Poisson count
// stands in.
func (r *Revised) Draw(dst []float64, ends []int, rng *rand.Rand) {
	r.Outlook.Draw(dst, ends, rng)
	r.scale(dst, ends, rng)
}

// DrawAt is Draw at a given level.
func (r *Revised) DrawAt(dst []float64, ends []int, level float64, rng *rand.Rand) {
	r.Outlook.DrawAt(dst, ends, level, rng)
	r.scale(dst, ends, rng)
}

func (r *Revised) scale(dst []float64, ends []int, rng *rand.Rand) {
	before := 0
	for k, end := range ends {
		was, is := r.Outlook.Mean(before, end), r.Mean(before, end)
		before = end
		switch {
		case was == is:
		case was > 0:
			dst[k] *= is / was
		default:
			dst[k] = distribution.DrawPoisson(is, rng)
		}
	}
}

// withMean is the model's count of the days from ≤ t < to with the revised mean and the
// same coefficient of variation.
func (r *Revised) withMean(d distribution.Distribution, from, to int) distribution.Distribution {
	last := len(r.means)
	if r.added[min(to, last)] == r.added[min(from, last)] {
		return d
	}
	mean, was := r.Mean(from, to), d.Mean()
	if !(was > 0) {
		return distribution.NegativeBinomialOf(mean, mean)
	}
	ratio := mean / was
	return distribution.NegativeBinomialOf(mean, ratio*ratio*d.Variance())
}
