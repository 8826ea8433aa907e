package forecast

import (
	"fmt"
	"math"
	"strings"
)

// ARIMAForm chooses an ARIMA model. The zero value is white noise about zero.
type ARIMAForm struct {
	P, D, Q                         int // orders of autoregression, differences and moving average
	SeasonalP, SeasonalD, SeasonalQ int
	Period                          int         // m, periods in a season; 0 means 1
	Constant                        bool        // a mean; a drift with one difference; nothing with more
	Regressors                      []Regressor // with coefficients by generalised least squares
	Horizon                         int         // periods for which future values of regressors must be there
	ConditionalLeastSquares         bool        // instead of maximum likelihood: R's "CSS"
}

// Regressor is a column that explains a series: its values beside the series, then its
// known future values. The slice is kept: future values may be set later.
type Regressor struct {
	Name   string
	Values []float64
}

// ARIMA is the multiplicative seasonal ARIMA model with regressors,
//
//	φ(B) Φ(B^m) (1-B)^d (1-B^m)^D (y_t - c_t - x_t'β) = θ(B) Θ(B^m) ε_t,   ε_t ~ N(0, σ²),
//
// with φ(B) = 1 - φ_1 B - …, θ(B) = 1 + θ_1 B + …, and c_t a mean (no difference) or a drift c t
// (one difference).
//
// Source: Box & Jenkins, Time series analysis (1970); Harvey, Time series models (1993),
// chapter 5; conventions of R's arima().
type ARIMA struct {
	Form                           ARIMAForm
	AR, MA, SeasonalAR, SeasonalMA []float64 // φ, θ, Φ, Θ
	Regression                     []float64 // the constant, if there is one, then β
	Sigma2                         float64   // σ², maximum likelihood
	LogLik, AIC, AICc, BIC         float64   // of the differenced series
	Observations                   int       // differenced values behind them

	lead       int // values missing before the first
	angles     []float64
	design     *arimaDesign
	state      arimaState
	future     func(dst []float64, t int) // regressors at period t, counted from lead
	regression []float64                  // row
	series     []float64                  // from lead on
	gaps       []int                      // periods missing
	updated    bool
}

// FitARIMA fits y, of which missing values may be anywhere. Missing values cost time by
// their square; of more than 300, or √(3·10⁷/n) if that is less, the earlier ones are interpolated. It does not modify y.
//
// It returns a *TooShortError unless there are two more differenced values than
// coefficients, an error that wraps ErrDependent and names the column if a regressor
// depends on others after differencing, and an error if a regressor has no value
// for a period up to the horizon.
//
// One evaluation of the likelihood costs O(n r) with r = max(p + mP, q + mQ) lags, or
// O(n (p+q)) once the filter is steady; a fit takes 20 to 60 of them.
func FitARIMA(y []float64, form ARIMAForm) (*ARIMA, error) {
	if form.Period == 0 {
		form.Period = 1
	}
	if err := form.check(len(y)); err != nil {
		return nil, err
	}
	return fitARIMA(y, form, nil, nil)
}

func (form ARIMAForm) order() arimaOrder {
	return arimaOrder{form.P, form.Q, form.SeasonalP, form.SeasonalQ, form.Period}
}

// check panics at orders that cannot be, and returns what is wrong with the regressors.
func (form ARIMAForm) check(n int) error {
	for _, v := range []int{form.P, form.D, form.Q, form.SeasonalP, form.SeasonalD, form.SeasonalQ, form.Period - 1, form.Horizon} {
		if v < 0 {
			panic("forecast: an ARIMA order must not be negative")
		}
	}
	if max(form.P, form.Q, form.SeasonalP, form.SeasonalQ) > 12 {
		panic("forecast: an ARIMA order must not be above 12")
	}
	for _, r := range form.Regressors {
		if len(r.Values) < n+form.Horizon {
			return fmt.Errorf("forecast: regressor %q has %d values, the series and its horizon need %d", r.Name, len(r.Values), n+form.Horizon)
		}
		for t, v := range r.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("forecast: regressor %q has no finite value in period %d", r.Name, t+1)
			}
		}
	}
	return nil
}

func (form ARIMAForm) name() string {
	var b strings.Builder
	fmt.Fprintf(&b, "ARIMA(%d,%d,%d)", form.P, form.D, form.Q)
	if form.Period > 1 && form.SeasonalP+form.SeasonalD+form.SeasonalQ > 0 {
		fmt.Fprintf(&b, "(%d,%d,%d)[%d]", form.SeasonalP, form.SeasonalD, form.SeasonalQ, form.Period)
	}
	switch {
	case form.constant() == "":
	case form.D+form.SeasonalD == 0:
		b.WriteString(" with mean")
	default:
		b.WriteString(" with drift")
	}
	return b.String()
}

// constant is the name of the constant, empty if there is none.
func (form ARIMAForm) constant() string {
	switch {
	case !form.Constant || form.D+form.SeasonalD > 1:
		return ""
	case form.D+form.SeasonalD == 0:
		return "mean"
	default:
		return "drift"
	}
}

// Name returns the model as it is usually written, such as "ARIMA(2,1,1)(0,1,0)[12]".
func (m *ARIMA) Name() string {
	if len(m.Form.Regressors) > 0 {
		return "regression with " + m.Form.name() + " errors"
	}
	return m.Form.name()
}

// Residuals returns the one-step errors, each divided by the square root of its variance in
// units of σ², of the differenced series: the first d + mD periods have none. Missing
// values stand at their estimates.
func (m *ARIMA) Residuals() []float64 { return append([]float64(nil), m.state.residuals...) }
