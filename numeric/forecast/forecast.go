// Package forecast turns the past of one series, or of many, into probability
// distributions of its future: per period and for the total over a horizon.
//
// Every method stands alone:
//
//   - plain ones and yardsticks: SeasonalNaive, RandomWalk (naive, drift, Naive2),
//     WindowMean, SeasonalMedian, SimpleSmoothing;
//   - one series with level, trend and season: ETS, ARIMA (of given or automatic orders,
//     with regressors), Theta, OptimizedTheta, CES, Harmonic, DynamicHarmonic;
//   - seasons taken apart: ClassicalDecomposition, STL, MSTL, and SeasonallyAdjusted, which
//     forecasts what they leave;
//   - counts and rare demand: Croston (and SBA), TSB, ADIDA, IMAPA, GammaPoisson,
//     GammaPoissonSet;
//   - many series at once: GlobalBoost, GlobalForest, GlobalLSTM, Panel, Index, Pool.
//
// Ensemble combines them by the evidence of a class of series, Conformal and Calibration
// make intervals hold as often as they say, Hierarchy makes forecasts of parts and wholes
// agree, and Backtest with the scores judges.
//
// A series is in time order, oldest first, one value a period; a missing value is NaN and
// is skipped. No method returns NaN for values up to 1e150 in size. What is known of
// calendar, exposure or any other cause comes in as numbers: regressors, or offsets that
// multiply a rate.
//
// It does not clean data and knows no calendar; that comes before it. It rests
// on packages distribution, tree and neural; decisions that use its distributions
// come after it.
package forecast

import (
	"fmt"
	"math"

	"tradewind/numeric/distribution"
)

// Forecast is the future of one series over h periods.
type Forecast struct {
	Period []distribution.Distribution // one a period, nearest first
	Total  distribution.Distribution   // of the sum over all h periods
}

// Means returns the mean of every period, h values.
func (f Forecast) Means() []float64 {
	means := make([]float64, len(f.Period))
	for i, d := range f.Period {
		means[i] = d.Mean()
	}
	return means
}

// TooShortError says that a series has too few values for a method.
type TooShortError struct {
	Method     string
	Have, Need int // values that are not missing
}

func (e *TooShortError) Error() string {
	return fmt.Sprintf("forecast: %s needs %d values, the series has %d", e.Method, e.Need, e.Have)
}

// observed counts the values that are not missing.
func observed(y []float64) int {
	n := 0
	for _, v := range y {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}
