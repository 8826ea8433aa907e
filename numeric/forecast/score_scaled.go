package forecast

import (
	"math"

	"tradewind/numeric/distribution"
)

// SMAPE returns the symmetric mean absolute percentage error,
//
//	mean of 200 |actual - forecast| / (|actual| + |forecast|),
//
// in percent, with nothing for a pair of zeros. Periods with a NaN are left out; NaN if
// none is left.
//
// Source: Makridakis, Spiliotis & Assimakopoulos, The M4 competition (2020),
// doi:10.1016/j.ijforecast.2019.04.014, equation 1.
func SMAPE(actual, forecast []float64) float64 {
	var loss average
	for t, y := range actual {
		switch size := math.Abs(y) + math.Abs(forecast[t]); size {
		case 0:
			loss.add(0)
		default:
			loss.add(200 * math.Abs(y-forecast[t]) / size)
		}
	}
	return loss.mean()
}

// SeasonalScale is the mean absolute difference of values one season of m periods apart:
// the in-sample error of seasonal naive, in units of y. It is NaN where the series never
// changes from season to season or is shorter than that.
func SeasonalScale(y []float64, m int) float64 {
	var size average
	for t := m; t < len(y); t++ {
		size.add(math.Abs(y[t] - y[t-m]))
	}
	return positiveOrNaN(size.mean())
}

// MASE returns the mean absolute scaled error, mean |actual - forecast| over the
// SeasonalScale of train; NaN where that is.
//
// Source: Hyndman & Koehler, Another look at measures of forecast accuracy (2006),
// doi:10.1016/j.ijforecast.2006.03.001.
func MASE(train, actual, forecast []float64, m int) float64 {
	var loss average
	for t, y := range actual {
		loss.add(math.Abs(y - forecast[t]))
	}
	return loss.mean() / SeasonalScale(train, m)
}

// MSIS returns the mean scaled interval score of the central interval that d give at a
// level, 1-α: the mean of
//
//	(u - l) + 2/α (l - y)+ + 2/α (y - u)+
//
// over the SeasonalScale of train; NaN where that is.
//
// Source: Gneiting & Raftery, Strictly proper scoring rules (2007), equation 43; scaled as
// in Makridakis, Spiliotis & Assimakopoulos (2020), equation 4.
func MSIS(train, actual []float64, d []distribution.Distribution, level float64, m int) float64 {
	alpha := 1 - level
	var score average
	for t, y := range actual {
		l, u := d[t].Quantile(alpha/2), d[t].Quantile(1-alpha/2)
		score.add(u - l + 2/alpha*(math.Max(0, l-y)+math.Max(0, y-u)))
	}
	return score.mean() / SeasonalScale(train, m)
}
