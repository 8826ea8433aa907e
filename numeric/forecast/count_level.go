package forecast

import "math"

// The level of a whole set moves with a damped trend,
//
//	l ← l + φ b + α e,   b ← φ b + α β e,
//
// a slow one: the constants lie in the flat valley of the squared relative error of six-month
// totals at 22 origins in the first 45 months of the car parts of Hyndman, Koehler, Ord &
// Snyder (2008), where the sum falls by a third.
const (
	levelAlpha  = 0.1
	levelBeta   = 0.2
	levelDamp   = 0.9
	levelStart  = 6    // periods whose mean it begins at
	levelSpread = 0.04 // squared relative error that the rates of a set have in common before the level is looked at
)

// dampedLevel forecasts the mean of the next h values of x, NaN where missing; NaN if there
// are none at all.
func dampedLevel(x []float64, h int) float64 {
	var start average
	for _, v := range x {
		if start.add(v); start.n == levelStart {
			break
		}
	}
	level, trend := start.mean(), 0.0
	for _, v := range x {
		level, trend = level+levelDamp*trend, levelDamp*trend
		if e := v - level; !math.IsNaN(e) {
			level += levelAlpha * e
			trend += levelAlpha * levelBeta * e
		}
	}
	mean, ahead := 0.0, level
	for range h {
		trend *= levelDamp
		ahead += trend
		mean += ahead / float64(h)
	}
	return math.Max(0, mean)
}

// levelOf aligns the rates of a set with the forecast of its sum: it returns the factor that
// they all take,
//
//	(Σ λ̄ · level / Σ λ)^Z,   Z = s/(s + lump/recent),   s = 0.04,
//
// where λ̄ are the plain means of the series up to the origin, the level forecasts the ratio
// of what came in each period to what these would give, and recent is how many units have
// come in the last ten periods or so. A few counts say little about a level.
func levelOf(series, offsets [][]float64, origin, h int, rates []CountRate, lump float64) float64 {
	came, expected := make([]float64, origin), make([]float64, origin)
	plain, own := 0.0, 0.0
	for i, y := range series {
		sum, exposure := 0.0, 0.0
		for t, v := range y[:origin] {
			if o := offsetAt(offsets, i, t); v >= 0 && o > 0 {
				sum += v
				exposure += o
			}
		}
		if sum == 0 {
			continue
		}
		mean := sum / exposure
		plain += mean
		own += rates[i].Mean
		for t, v := range y[:origin] {
			if o := offsetAt(offsets, i, t); v >= 0 && o > 0 {
				came[t] += v
				expected[t] += mean * o
			}
		}
	}
	recent, weight := 0.0, 1.0
	for t := origin - 1; t >= 0; t-- {
		recent += weight * came[t]
		weight *= 1 - levelAlpha
		came[t] /= expected[t] // NaN where nothing was known
	}
	ratio := plain * dampedLevel(came, h) / own
	if !(ratio > 0) || math.IsInf(ratio, 1) || recent == 0 {
		return 1
	}
	trust := levelSpread / (levelSpread + lump/recent)
	return math.Pow(math.Min(math.Max(ratio, .1), 10), trust)
}

// offsetAt is 1 where there are no offsets.
func offsetAt(offsets [][]float64, i, t int) float64 {
	if offsets == nil {
		return 1
	}
	return offsets[i][t]
}
