package forecast

import (
	"fmt"
	"math"
	"slices"
)

// MSTL decomposes y additively into a trend and a seasonal component for every period, by
// STL one after the other, shortest first, and all once more: component i may change over
// 7 + 4 i seasons. A period with fewer than two full seasons is left out. A missing value
// is interpolated first and its remainder is NaN. It does not modify y. It returns a
// *TooShortError if y has two seasons or less of every period. The cost is that of two STL a
// period, of one with a single period.
//
// Source: Bandara, Hyndman & Bergmeir, MSTL: a seasonal-trend decomposition algorithm for
// time series with multiple seasonal patterns (2021), arXiv:2107.13462; the defaults are
// those of mstl in the R package forecast 8.20.
func MSTL(y []float64, periods ...int) (*Decomposition, error) {
	return mstlOf(y, periods, false)
}

// SeasonalStrength returns the Strength of a single season of m periods by MSTL, from 0 for
// none to 1. It is 0 for a series that does not vary, and a *TooShortError with two
// seasons or less.
func SeasonalStrength(y []float64, m int) (float64, error) {
	d, err := MSTL(y, m)
	if err != nil {
		return 0, err
	}
	return d.Strength(0), nil
}

func mstlOf(y []float64, periods []int, robust bool) (*Decomposition, error) {
	have := observed(y)
	used := usablePeriods(periods, have)
	if len(used) == 0 {
		need := 2*slices.Min(periods) + 1
		return nil, &TooShortError{Method: fmt.Sprintf("MSTL of %v", periods), Have: have, Need: need}
	}
	whole := interpolated(y, used)
	d := mstlDecompose(whole, used, robust)
	for t, v := range y {
		if math.IsNaN(v) {
			d.Remainder[t] = v
		}
	}
	return d, nil
}

// usablePeriods are the periods with more than two seasons in n values, in order.
func usablePeriods(periods []int, n int) []int {
	if len(periods) == 0 {
		panic("forecast: a seasonal decomposition needs a period")
	}
	var used []int
	for _, m := range periods {
		if m < 2 {
			panic("forecast: a season to decompose needs at least two periods")
		}
		if 2*m < n && !slices.Contains(used, m) {
			used = append(used, m)
		}
	}
	slices.Sort(used)
	return used
}

// mstlDecompose decomposes a y without missing values.
func mstlDecompose(y []float64, periods []int, robust bool) *Decomposition {
	rest := append([]float64(nil), y...)
	d := &Decomposition{Seasonal: make([]SeasonalComponent, len(periods))}
	smoothers := make([]*stl, len(periods))
	for i, m := range periods {
		d.Seasonal[i] = SeasonalComponent{Period: m, Values: make([]float64, len(y))}
		smoothers[i] = newSTL(len(y), STLForm{Period: m, SeasonalWindow: 7 + 4*(i+1), Robust: robust})
	}
	passes := 1
	if len(periods) > 1 {
		passes = 2
	}
	for range passes {
		for i, smoother := range smoothers {
			values := d.Seasonal[i].Values
			for t, v := range values {
				rest[t] += v
			}
			fit := smoother.decompose(rest)
			copy(values, fit.Seasonal[0].Values)
			for t, v := range values {
				rest[t] -= v
			}
			d.Trend, d.Weights = fit.Trend, fit.Weights
		}
	}
	for t := range rest {
		rest[t] -= d.Trend[t]
	}
	d.Remainder = rest
	return d
}
