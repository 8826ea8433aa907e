package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// Blocks draws the totals of consecutive blocks of periods of one future at a time: the
// joint law of Calibration.Path, summed, at the cost of a block instead of a period. The
// rate is drawn once for all blocks; given it, a block's total is a Gamma–Poisson count
// with the mean and variance of the sum of its periods.
type Blocks struct {
	mean  []float64 // mean[t] is Σμ over the first t periods
	lumps []float64 // likewise Σμ²·own, own being the variance of a period's own factor

	calibration Calibration
	rate        Rate
	least       float64 // smallest 1/r
}

// Blocks prepares draws for a rate and the offsets of the coming periods. Periods beyond
// the last offset go on at the mean of the last 28.
func (c Calibration) Blocks(rate Rate, offsets []float64) *Blocks {
	m := c.Scale * rate.Mean
	b := &Blocks{mean: make([]float64, len(offsets)+1), lumps: make([]float64, len(offsets)+1), calibration: c, rate: rate}
	least := math.Inf(1)
	for _, o := range offsets {
		if mu := m * o; mu > 0 {
			least = math.Min(least, 1/c.size(mu))
		}
	}
	b.least = least
	spread := b.spread(c.Span)
	for t, o := range offsets {
		mu, own := m*o, 0.0
		if mu > 0 {
			own = math.Max(0, (1/c.size(mu)-spread)/(1+spread))
		} else {
			mu = 0
		}
		b.mean[t+1] = b.mean[t] + mu
		b.lumps[t+1] = b.lumps[t] + mu*mu*own
	}
	return b
}

// Mean returns the mean of the total of the periods from ≤ t < to.
func (b *Blocks) Mean(from, to int) float64 { return upTo(b.mean, to) - upTo(b.mean, from) }

// spread is the squared coefficient of variation of the rate over some periods.
func (b *Blocks) spread(periods int) float64 {
	if math.IsInf(b.least, 1) {
		return 0 // nothing is expected
	}
	return b.calibration.spread(b.rate, periods, b.least)
}

// Draw writes one future into dst: block k is the total of the periods from ends[k-1] (0
// for the first) to ends[k], which do not descend. It allocates nothing.
func (b *Blocks) Draw(dst []float64, ends []int, rng *rand.Rand) {
	factor := 1.0
	if spread := b.spread(ends[len(ends)-1]); spread > 0 {
		factor = distribution.DrawGamma(1/spread, rng) * spread
	}
	b.DrawAt(dst, ends, factor, rng)
}

// DrawAt is Draw at a given factor of the rate: what is left to chance is what the blocks
// do not share.
func (b *Blocks) DrawAt(dst []float64, ends []int, factor float64, rng *rand.Rand) {
	before := 0
	for k, end := range ends {
		mean := upTo(b.mean, end) - upTo(b.mean, before)
		lumps := upTo(b.lumps, end) - upTo(b.lumps, before)
		before = end
		dst[k] = 0
		if !(mean > 0) {
			continue
		}
		if own := lumps / (mean * mean); own > 1e-9 {
			dst[k] = distribution.DrawPoisson(mean*factor*distribution.DrawGamma(1/own, rng)*own, rng)
		} else {
			dst[k] = distribution.DrawPoisson(mean*factor, rng)
		}
	}
}

// levelKnots are the probabilities at which Levels knows the factor's law: every 32nd, and
// closer in the tails, where the law bends.
var levelKnots = func() []float64 {
	var knots []float64
	for rest := 1024.0; rest >= 64; rest /= 2 {
		knots = append(knots, 1/rest)
	}
	for k := 1; k < 32; k++ {
		knots = append(knots, float64(k)/32)
	}
	for rest := 64.0; rest <= 1024; rest *= 2 {
		knots = append(knots, 1-1/rest)
	}
	return knots
}()

// Levels writes equally likely values of the factor of the rate over the given periods
// into dst, ascending, with mean 1: the quantiles of the middles of len(dst) equal shares
// of its law, straight between 41 exact ones, scaled to the mean.
func (b *Blocks) Levels(dst []float64, periods int) {
	spread := b.spread(periods)
	if !(spread > 0) {
		for i := range dst {
			dst[i] = 1
		}
		return
	}
	law := distribution.NewGamma(1/spread, spread)
	knots := levelKnots
	below, above := knots[0], knots[0] // the piece: probabilities, and values
	from := law.Quantile(below)
	to, sum := from, 0.0
	for i := range dst {
		u := (float64(i) + .5) / float64(len(dst))
		for u > above && len(knots) > 1 {
			knots = knots[1:]
			below, above, from = above, knots[0], to
			to = law.Quantile(above)
		}
		if u < below || u >= above {
			dst[i] = law.Quantile(u)
		} else {
			dst[i] = from + (to-from)*(u-below)/(above-below)
		}
		sum += dst[i]
	}
	for i := range dst {
		dst[i] *= float64(len(dst)) / sum
	}
}

// upTo reads a cumulative sum, going on beyond its end at the pace of the last 28 periods.
func upTo(sum []float64, t int) float64 {
	n := len(sum) - 1
	if t <= n {
		return sum[t]
	}
	if n == 0 {
		return 0
	}
	back := min(28, n)
	return sum[n] + (sum[n]-sum[n-back])/float64(back)*float64(t-n)
}
