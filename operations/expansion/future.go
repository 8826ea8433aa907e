package expansion

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// future is the distribution of next year's contribution of one market:
//
//	sales × exp(drift + noise·z - noise²/2) × (margin + marginSD·e + assumed·c - landed)
//
// with z and e its own and c common to all markets, all standard normal.
type future struct {
	sales     float64 // of the last 365 days, in whole units of currency, a year's worth
	drift     float64
	noise     float64
	margin    float64
	marginSD  float64
	assumed   float64 // margin lost when assumed costs are one CostErrorSD too low
	costError float64 // its square: what the common error adds to the margin's variance
	landed    *Landed // nil: nothing is taken off
	most      float64 // that sales can be; 0 is no limit
}

// mean returns the expected contribution.
func (f *future) mean() float64 { return f.meanSales() * (f.margin - f.landed.mean()) }

// meanSales returns the expected sales. The noise has mean 1; under a limit m
//
//	E min(X, m) = E X · Φ((ln m - µ - σ²)/σ) + m · (1 - Φ((ln m - µ)/σ))
func (f *future) meanSales() float64 {
	mean := f.sales * math.Exp(f.drift)
	if f.most <= 0 {
		return mean
	}
	if f.noise <= 0 || mean <= 0 {
		return min(mean, f.most)
	}
	above := (math.Log(f.most/mean) + f.noise*f.noise/2) / f.noise // (ln m - µ)/σ
	return mean*normalCDF(above-f.noise) + f.most*normalCDF(-above)
}

func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// draw returns the sales, the margin rate and the landed rate of one future, given the error
// that all markets share.
func (f *future) draw(common float64, rng *rand.Rand) (sales, margin, landed float64) {
	sales = f.sales * math.Exp(f.drift+f.noise*rng.NormFloat64()-f.noise*f.noise/2)
	if f.most > 0 {
		sales = min(sales, f.most)
	}
	margin = f.margin + f.marginSD*rng.NormFloat64() + f.assumed*common
	return sales, margin, f.landed.draw(rng)
}

// cost sets what is known of the margin: goods, fees and landed charges. Without any known
// cost the future is one of sales.
func (f *future) cost(margin posterior, assumedShare float64, landed *Landed, p Params) {
	f.margin = 1
	if !math.IsNaN(margin.mean) {
		f.margin, f.marginSD, f.landed = margin.mean, math.Sqrt(margin.variance), landed
		f.assumed = p.CostErrorSD * max(0, 1-margin.mean-p.FeeRate) * assumedShare
		f.costError = f.assumed * f.assumed
	}
}

// outlook combines a market's level, growth and margin.
//
// This year's sales hold the same luck as the growth they are compared by. With growth g
// around ȳ (variance τ²) and errors of variance σ²/2 in both years, the expected luck of
// this year is B/2 of the distance of the measured growth from ȳ, and is taken back out:
// what was luck does not come again. So
//
//	drift = shrunk growth - B/2 · (y - ȳ)
//	noise² = τ² + σ²/2 - (τ²-σ²/2)²/(τ²+σ²) + σ²/2 + extra
//
// from the normal distribution of (g - luck) given y, with next year's own luck and the
// uncertainty of B and ȳ added. assumedShare is the part of the goods whose cost nobody
// measured.
func outlook(h *history, days int, growth, margin posterior, assumedShare float64, landed *Landed, p Params) future {
	f := future{sales: float64(max(h.sales, 0)) / 1e4}
	if days < 365 {
		f.sales *= 365 / float64(days)
	}
	lumpy := 2 * h.lumpiness() // this year's error and next year's
	switch {
	case math.IsNaN(growth.mean): // nothing is known of growth: as this year
		f.noise = math.Sqrt(lumpy)
	case growth.pooled:
		f.drift, f.noise = growth.mean, math.Sqrt(growth.variance+lumpy)
	default:
		half, between := growth.error/2, growth.between
		f.drift = growth.mean - growth.shrinkage/2*growth.distance
		variance := between + half - (between-half)*(between-half)/(between+growth.error) + half
		f.noise = math.Sqrt(variance + growth.shrinkage*growth.shrinkage*growth.meanVariance + growth.extra)
	}
	f.cost(margin, assumedShare, landed, p)
	return f
}

// outcomes are the contributions of all futures, drawn together.
type outcomes struct {
	by      [][]float64 // by future and draw
	futures []future
	top     []float64 // probability of a rank of 3 or better
}

// simulate draws futures of all markets together.
func simulate(futures []future, draws int, rng *rand.Rand) *outcomes {
	o := &outcomes{by: make([][]float64, len(futures)), futures: futures, top: make([]float64, len(futures))}
	for i := range o.by {
		o.by[i] = make([]float64, draws)
	}
	order := make([]int, len(futures))
	for d := range draws {
		common := rng.NormFloat64()
		for i := range futures {
			sales, margin, landed := futures[i].draw(common, rng)
			o.by[i][d] = sales * (margin - landed)
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(o.by[b][d], o.by[a][d]), a-b)
		})
		for _, i := range order[:min(3, len(order))] {
			o.top[i]++
		}
	}
	for i := range o.top {
		o.top[i] /= float64(draws)
	}
	return o
}

// interval returns the mean and the 80 % interval of a future's contribution.
func (o *outcomes) interval(i int) Interval { return spread(o.futures[i].mean(), o.by[i]) }

// tell sets the Contribution and TopThree of the first futures, one a market.
func (o *outcomes) tell(markets []Market) {
	for i := range markets {
		markets[i].TopThree, markets[i].Contribution = o.top[i], o.interval(i)
	}
}

// spread returns the 80 % interval of a sample around a mean that is known.
func spread(mean float64, sample []float64) Interval {
	sorted := slices.Sorted(slices.Values(sample))
	return Interval{Mean: mean, P10: sorted[len(sorted)/10], P50: sorted[len(sorted)/2], P90: sorted[len(sorted)*9/10]}
}
