package forecast

import "math"

// KPSS returns the statistic of the test whose null hypothesis is that y is stationary about a
// level, with trunc(3 √n / 13) Bartlett lags. Missing values are left out. Above 0.347,
// 0.463, 0.574 and 0.739 the hypothesis is rejected at 10, 5, 2.5 and 1 percent. It is 0
// for a constant series.
//
// Source: Kwiatkowski, Phillips, Schmidt & Shin, Testing the null hypothesis of stationarity
// against the alternative of a unit root (1992), doi:10.1016/0304-4076(92)90104-Y; lags as in
// R's forecast::ndiffs.
func KPSS(y []float64) float64 {
	e := presentValues(y)
	n := len(e)
	if n == 0 || nearlyConstant(e) {
		return 0
	}
	mean := 0.0
	for _, v := range e {
		mean += v / float64(n)
	}
	size := 0.0
	for t := range e {
		e[t] -= mean
		size = max(size, math.Abs(e[t]))
	}
	sum, squares := 0.0, 0.0
	for t := range e {
		e[t] /= size
		sum += e[t]
		squares += sum * sum
	}
	lags := int(3 * math.Sqrt(float64(n)) / 13)
	variance := arimaDot(e, e)
	for l := 1; l <= lags; l++ {
		variance += 2 * (1 - float64(l)/float64(lags+1)) * arimaDot(e[l:], e[:n-l])
	}
	if !(variance > 0) {
		return 0
	}
	return squares / (float64(n) * variance)
}

// present returns the values that are not missing.
func presentValues(y []float64) []float64 {
	var values []float64
	for _, v := range y {
		if !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	return values
}

// nearlyConstant reports whether all values are equal to about eight digits.
func nearlyConstant(y []float64) bool {
	gap, level := 0.0, 0.0
	var first float64
	seen := false
	for _, v := range y {
		if math.IsNaN(v) {
			continue
		}
		if !seen {
			first, seen = v, true
		}
		gap += math.Abs(v - first)
		level += math.Abs(first)
	}
	return gap <= 1.5e-8*level
}

// unitRootDifferences returns how many first differences, up to two, make y stationary by KPSS at 5 percent.
func unitRootDifferences(y []float64) int {
	const critical = .463
	x := presentValues(y)
	for d := range 2 {
		if nearlyConstant(x) || !(KPSS(x) > critical) {
			return d
		}
		x = arimaLagDifference(x, 1)
	}
	return 2
}

// seasonalDifferences returns 1 if season m of y is so strong that it needs a seasonal difference,
// and 0 otherwise.
//
// Source: Wang, Smith & Hyndman, Characteristic-based clustering for time series data
// (2006), doi:10.1007/s10618-005-0039-x; the threshold of R's forecast::nsdiffs.
func seasonalDifferences(y []float64, m int) int {
	if m < 2 || len(y) <= 2*m || nearlyConstant(y) {
		return 0
	}
	if strength, err := SeasonalStrength(y, m); err != nil || !(strength > .64) {
		return 0
	}
	return 1
}
