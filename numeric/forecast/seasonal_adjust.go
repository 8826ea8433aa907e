package forecast

import (
	"math"

	"tradewind/numeric/distribution"
)

// IsSeasonal tests at 90 % whether y repeats itself after m periods: whether the
// autocorrelation at lag m exceeds its standard error without one (Bartlett 1946),
//
//	|r_m| > 1.645 √((1 + 2 Σ_{k<m} r_k²) / n).
//
// Missing values are interpolated. It is false for a constant and with no more than two seasons.
//
// Source: Assimakopoulos & Nikolopoulos, The theta model (2000); the M4 organisers' benchmarks
// (Makridakis, Spiliotis & Assimakopoulos 2020).
func IsSeasonal(y []float64, m int) bool {
	if m < 2 || observed(y) <= 2*m {
		return false
	}
	return isSeasonal(interpolated(y, []int{m}), m)
}

// isSeasonal is IsSeasonal of a y without missing values.
func isSeasonal(y []float64, m int) bool {
	n := float64(len(y))
	mean, scale := 0.0, 0.0
	for _, v := range y {
		mean += v / n
		scale = math.Max(scale, math.Abs(v))
	}
	square := 0.0
	for _, v := range y {
		square += (v - mean) * (v - mean)
	}
	if rounding := 1e-13 * scale; square <= n*rounding*rounding {
		return false
	}
	sum, last := 0.0, 0.0
	for k := 1; k <= m; k++ {
		r := 0.0
		for t, v := range y[k:] {
			r += (v - mean) * (y[t] - mean)
		}
		last = r / square
		if k < m {
			sum += last * last
		}
	}
	return math.Abs(last) > 1.645*math.Sqrt((1+2*sum)/n)
}

// seasonalAdjustment is a fixed season: y = x · index or y = x + index.
type seasonalAdjustment struct {
	index    []float64 // one a position, nil without a season
	additive bool
}

// testedSeason returns the season of m periods of y by classical decomposition, if there are
// at least so many values and IsSeasonal finds one. It multiplies; but it adds if y has a
// negative value, a level of zero or an index near zero, of which no ratio can be had.
func testedSeason(y []float64, m, values int) seasonalAdjustment {
	if m < 2 || observed(y) < max(values, 2*m+1) {
		return seasonalAdjustment{}
	}
	whole := interpolated(y, []int{m})
	if !isSeasonal(whole, m) {
		return seasonalAdjustment{}
	}
	slab := make([]float64, len(y)+m)
	trend, index := slab[:len(y)], slab[len(y):]
	centredAverage(trend, whole, m)
	if lo, _ := seenRange(y); lo >= 0 && seasonalFigure(index, whole, trend, true) && least(index) >= 1e-4 {
		return seasonalAdjustment{index: index}
	}
	seasonalFigure(index, whole, trend, false)
	return seasonalAdjustment{index: index, additive: true}
}

func least(x []float64) float64 {
	lo := math.Inf(1)
	for _, v := range x {
		lo = math.Min(lo, v)
	}
	return lo
}

// at returns the factor and the summand of time t, counted from the first value of the
// series: y_t = factor · x_t + summand.
func (s seasonalAdjustment) at(t int) (factor, summand float64) {
	switch {
	case s.index == nil:
		return 1, 0
	case s.additive:
		return 1, s.index[t%len(s.index)]
	}
	return s.index[t%len(s.index)], 0
}

// remove returns x_t of y_t.
func (s seasonalAdjustment) remove(t int, y float64) float64 {
	factor, summand := s.at(t)
	return (y - summand) / factor
}

// adjusted returns y without the season.
func (s seasonalAdjustment) adjusted(y []float64) []float64 {
	x := make([]float64, len(y))
	for t, v := range y {
		x[t] = s.remove(t, v)
	}
	return x
}

// forecast turns means of x from time t on into the forecast of y. The errors of x are
// normal with standard deviation sigma, and response(j, dst) writes what an error of period
// j adds to the periods j, j+1, …: 1 to the first.
func (s seasonalAdjustment) forecast(t int, means []float64, sigma float64, response func(j int, dst []float64)) Forecast {
	h := len(means)
	f := Forecast{Period: make([]distribution.Distribution, h)}
	slab := make([]float64, 3*h)
	squares, weights, factors := slab[:h], slab[h:2*h], slab[2*h:]
	for i := range means {
		factors[i], _ = s.at(t + i)
	}
	total := 0.0
	for j := range h {
		response(j, weights[j:])
		sum := 0.0
		for k := j; k < h; k++ {
			w := factors[k] * weights[k]
			squares[k] += w * w
			sum += w
		}
		total += sum * sum
	}
	mean := 0.0
	for i, x := range means {
		factor, summand := s.at(t + i)
		y := factor*x + summand
		mean += y
		f.Period[i] = boundedNormal(y, sigma*math.Sqrt(squares[i]))
	}
	f.Total = boundedNormal(mean, sigma*math.Sqrt(total))
	return f
}

// restore turns a path of x from time t on into one of y.
func (s seasonalAdjustment) restore(t int, path []float64) {
	for i := range path {
		factor, summand := s.at(t + i)
		path[i] = bounded(factor*path[i] + summand)
	}
}

// boundedNormal is the normal distribution, with numbers too large to hold cut off.
func boundedNormal(mean, sd float64) distribution.Normal {
	return distribution.NewNormal(bounded(mean), math.Abs(bounded(sd)))
}

// bounded keeps x within what sums and squares of a few can hold; NaN, of infinities that
// cancel, becomes the largest.
func bounded(x float64) float64 {
	const most = 1e150
	if math.IsNaN(x) {
		return most
	}
	return math.Min(most, math.Max(-most, x))
}

// constantResponse is the response of a model whose errors act the same at any time.
func constantResponse(weights []float64) func(j int, dst []float64) {
	return func(_ int, dst []float64) { copy(dst, weights) }
}
