package forecast

import (
	"fmt"
	"math"
)

// Method is a forecasting method with its settings: from the past of a series,
// oldest first, to its next h periods.
type Method struct {
	Name     string
	Forecast func(past []float64, h int) (Forecast, error)
}

// SeasonalNaiveMethod is SeasonalNaive with a season of m periods.
func SeasonalNaiveMethod(m int) Method {
	return methodOf(fmt.Sprintf("seasonal naive %d", m), func(y []float64) (*SeasonalNaive, error) { return FitSeasonalNaive(y, m) })
}

// SimpleSmoothingMethod is SimpleSmoothing.
func SimpleSmoothingMethod() Method { return methodOf("simple smoothing", FitSimpleSmoothing) }

// TSBMethod is TSB.
func TSBMethod() Method { return methodOf("TSB", FitTSB) }

// HarmonicMethod is Harmonic with the given columns.
func HarmonicMethod(form HarmonicForm) Method {
	return methodOf("harmonic trend", func(y []float64) (*Harmonic, error) { return FitHarmonic(y, form) })
}

func methodOf[M interface{ Forecast(h int) Forecast }](name string, fit func([]float64) (M, error)) Method {
	return Method{Name: name, Forecast: func(past []float64, h int) (Forecast, error) {
		m, err := fit(past)
		if err != nil {
			return Forecast{}, err
		}
		return m.Forecast(h), nil
	}}
}

// Score is how a method did at the origins of a Backtest. The losses are NaN at
// an origin where nothing was observed.
type Score struct {
	Name   string
	Losses []float64 // at each origin, latest first: the mean CRPS of its periods, in units of y
	Loss   float64   // their mean
	RMSSE  float64   // mean over the origins
	Bias   float64   // Σ forecast / Σ actual - 1 over all origins
}

// Backtest forecasts the last origins·h values of y, h at a time, each time from
// all that came before, with every method. It does not modify y. It returns the
// *TooShortError of the first method that could not be fitted at the earliest
// origin. The cost is one fit a method and origin.
func Backtest(y []float64, methods []Method, origins, h int) ([]Score, error) {
	if origins < 1 || h < 1 {
		panic("forecast: a backtest needs an origin and a horizon")
	}
	if len(y) <= origins*h {
		return nil, &TooShortError{Method: "backtest", Have: len(y), Need: origins*h + 1}
	}
	scores := make([]Score, len(methods))
	for k, m := range methods {
		score := Score{Name: m.Name, Losses: make([]float64, origins)}
		var forecasts, actuals []float64
		var loss, rmsse average
		for i := origins - 1; i >= 0; i-- {
			origin := len(y) - (i+1)*h
			past, actual := y[:origin], y[origin:origin+h]
			f, err := m.Forecast(past, h)
			if err != nil {
				return nil, err
			}
			score.Losses[i] = meanCRPS(f, actual)
			loss.add(score.Losses[i])
			rmsse.add(RMSSE(past, actual, f.Means()))
			forecasts = append(forecasts, f.Means()...)
			actuals = append(actuals, actual...)
		}
		score.Loss, score.RMSSE, score.Bias = loss.mean(), rmsse.mean(), Bias(actuals, forecasts)
		scores[k] = score
	}
	return scores, nil
}

func meanCRPS(f Forecast, actual []float64) float64 {
	var loss average
	for t, y := range actual {
		if !math.IsNaN(y) {
			loss.add(CRPS(f.Period[t], y))
		}
	}
	return loss.mean()
}

// average is a running mean that leaves out NaN.
type average struct{ sum, n float64 }

func (a *average) add(x float64) {
	if !math.IsNaN(x) {
		a.sum += x
		a.n++
	}
}

func (a *average) mean() float64 { return a.sum / a.n }

// Choose returns the index of the method to use. That is the first, which should be
// the plainest or the one to beat, unless another has a lower mean loss by more than one
// standard error of the paired differences, over at least 3 origins: then the one with the lowest
// loss among these. A method is not chosen on luck.
//
// Source: Breiman, Friedman, Olshen & Stone, Classification and regression trees
// (1984), section 3.4.3, the one standard error rule.
func Choose(scores []Score) int {
	best, least := 0, 0.0
	for k := 1; k < len(scores); k++ {
		gain, stdErr, n := pairedGain(scores[0].Losses, scores[k].Losses)
		if n >= 3 && gain > stdErr && gain > least {
			best, least = k, gain
		}
	}
	return best
}

// pairedGain is the mean of a - b with its standard error.
func pairedGain(a, b []float64) (mean, stdErr float64, n int) {
	squares := 0.0
	for i := range a {
		d := a[i] - b[i]
		if math.IsNaN(d) {
			continue
		}
		n++
		gap := d - mean
		mean += gap / float64(n)
		squares += gap * (d - mean)
	}
	if n < 2 {
		return mean, math.Inf(1), n
	}
	return mean, math.Sqrt(squares / float64(n-1) / float64(n)), n
}
