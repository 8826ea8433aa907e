package forecast

import (
	"fmt"
	"math"
)

// AutoARIMAForm says what is known before an ARIMA model is chosen. The zero value is a series
// without a season.
type AutoARIMAForm struct {
	Period     int // m, periods in a season; 0 or 1 for none; a season above 24 is not modelled
	Regressors []Regressor
	Horizon    int // periods for which future values of regressors must be there
}

// arimaLongestSeason is the longest season that seasonal lags are worth their cost for.
const arimaLongestSeason = 24

// AutoARIMA chooses an ARIMA model for y and fits it: the seasonal difference by the strength of
// the season, differences by KPSS, and orders and constant by AICc in a stepwise search of up to
// 94 models. A model with an inverse root beyond 1/1.01 is refused. A constant series becomes its
// mean. Missing values are interpolated for the search only. It does not modify y.
//
// It returns a *TooShortError for fewer than 3 values, and the errors of FitARIMA for
// regressors. A search takes 10 to 50 fits: about 2 to 20 ms for ten years of months.
//
// Source: Hyndman & Khandakar, Automatic time series forecasting: the forecast package for R
// (2008), doi:10.18637/jss.v027.i03, with the defaults of auto.arima 8.20. Unlike there, every model is
// fitted by exact maximum likelihood however long the series, the search goes on without the
// constant once it was better dropped, and it also tries the best model without one of its parts.
func AutoARIMA(y []float64, form AutoARIMAForm) (*ARIMA, error) {
	return autoARIMA(y, form, nil)
}

// AutoARIMAMethod is AutoARIMA with a season of m periods; above 24 the season is one of Fourier
// terms, as in DynamicHarmonic.
func AutoARIMAMethod(m int) Method {
	if m > arimaLongestSeason {
		method := DynamicHarmonicMethod(float64(m))
		method.Name = fmt.Sprintf("auto ARIMA %d", m)
		return method
	}
	return methodOf(fmt.Sprintf("auto ARIMA %d", m), func(y []float64) (*ARIMA, error) { return AutoARIMA(y, AutoARIMAForm{Period: m}) })
}

// autoARIMA is AutoARIMA with further columns.
func autoARIMA(y []float64, form AutoARIMAForm, extra arimaColumns) (*ARIMA, error) {
	base := ARIMAForm{Period: max(1, form.Period), Regressors: form.Regressors, Horizon: form.Horizon}
	if base.Period > arimaLongestSeason {
		base.Period = 1
	}
	if err := base.check(len(y)); err != nil {
		return nil, err
	}
	if have := observed(y); have < 3 {
		return nil, &TooShortError{Method: "auto ARIMA", Have: have, Need: 3}
	}
	base.Constant = true
	if nearlyConstant(y) && extra == nil && len(form.Regressors) == 0 {
		base.Period = 1
		return fitARIMA(y, base, extra, nil)
	}
	whole := withoutMissing(y, base.Period)
	rest, err := withoutRegression(whole, base, extra)
	if err != nil {
		return nil, err
	}
	base.SeasonalD = seasonalDifferences(rest, base.Period)
	for range base.SeasonalD {
		rest = arimaLagDifference(rest, base.Period)
	}
	base.D = unitRootDifferences(rest)
	for range base.D {
		rest = arimaLagDifference(rest, 1)
	}
	if nearlyConstant(rest) {
		return fitARIMA(y, base, extra, nil)
	}
	return searchARIMA(y, whole, base, extra)
}

// fitARIMA is FitARIMA with further columns, and from a start that is near already unless it is nil.
func fitARIMA(y []float64, form ARIMAForm, extra arimaColumns, start []float64) (*ARIMA, error) {
	design, err := newARIMADesign(y, form, extra)
	if err != nil {
		return nil, err
	}
	var fit *arimaFit
	if start != nil {
		fit = design.polish(form.order(), start)
	} else {
		fit = design.fit(form.order(), form.ConditionalLeastSquares, nil, math.Inf(1))
	}
	if fit == nil {
		return nil, &TooShortError{Method: form.name(), Have: design.used(), Need: form.order().parameters() + len(design.kept) + 2}
	}
	return design.model(form, fit), nil
}

// withoutRegression returns y, which has no gaps, from its first value on, less its least-squares
// regression on the columns.
func withoutRegression(y []float64, form ARIMAForm, extra arimaColumns) ([]float64, error) {
	if extra == nil && len(form.Regressors) == 0 {
		return append([]float64(nil), y[firstObserved(y):]...), nil
	}
	form.D, form.SeasonalD, form.Constant = 0, 0, true
	d, err := newARIMADesign(y, form, extra)
	if err != nil {
		return nil, err
	}
	rest := append([]float64(nil), d.data[:d.n]...)
	for t := range rest {
		rest[t] *= d.scale
	}
	return rest, nil
}

// firstObserved is the period of the first value.
func firstObserved(y []float64) int {
	t := 0
	for t < len(y) && math.IsNaN(y[t]) {
		t++
	}
	return t
}

// withoutMissing returns y with its gaps interpolated, by season if it has one of m periods; what
// is missing before the first value stays so.
func withoutMissing(y []float64, m int) []float64 {
	lead := firstObserved(y)
	if observed(y) == len(y)-lead {
		return y
	}
	var filled []float64
	if m > 1 && 2*m < observed(y) {
		filled = interpolated(y[lead:], []int{m})
	} else {
		filled, _ = arimaInterpolate(y[lead:])
	}
	return append(append([]float64(nil), y[:lead]...), filled...)
}
