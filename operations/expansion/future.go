package expansion

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// future is the distribution of next year's contribution of one market:
//
//	sales × exp(drift + noise·z - noise²/2) × (margin + marginSD·e + assumed·c)
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
func outlook(h *history, days int, growth, margin posterior, assumedShare float64, p Params) future {
	f := future{sales: float64(max(h.sales, 0)) / 1e4, margin: 1}
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
	if !math.IsNaN(margin.mean) {
		f.margin, f.marginSD = margin.mean, math.Sqrt(margin.variance)
		f.assumed = p.CostErrorSD * max(0, 1-margin.mean-p.FeeRate) * assumedShare
		f.costError = f.assumed * f.assumed
	}
	return f
}

// simulate draws futures of all markets together and sets each market's Contribution and
// TopThree.
func simulate(markets []Market, futures []future, draws int, rng *rand.Rand) {
	outcomes := make([][]float64, len(futures))
	for i := range outcomes {
		outcomes[i] = make([]float64, draws)
	}
	top := make([]int, len(futures))
	order := make([]int, len(futures))
	for d := range draws {
		common := rng.NormFloat64()
		for i, f := range futures {
			sales := f.sales * math.Exp(f.drift+f.noise*rng.NormFloat64()-f.noise*f.noise/2)
			outcomes[i][d] = sales * (f.margin + f.marginSD*rng.NormFloat64() + f.assumed*common)
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(outcomes[b][d], outcomes[a][d]), a-b)
		})
		for _, i := range order[:min(3, len(order))] {
			top[i]++
		}
	}
	for i := range markets {
		slices.Sort(outcomes[i])
		markets[i].TopThree = float64(top[i]) / float64(draws)
		f := futures[i]
		markets[i].Contribution = Interval{
			Mean: f.sales * math.Exp(f.drift) * f.margin, // exact: the noise has mean 1
			P10:  outcomes[i][draws/10],
			P90:  outcomes[i][draws*9/10],
		}
	}
}
