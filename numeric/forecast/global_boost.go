package forecast

import (
	"math/rand/v2"

	"tradewind/numeric/tree"
)

// GlobalBoostForm sets up FitGlobalBoost. Only Horizon must be given.
type GlobalBoostForm struct {
	GlobalForm
	// Boost is how the trees grow. What is zero in it takes a default of its own: the loss
	// tree.Quantile of .5, or tree.Tweedie of power 1.2 for counts; 300 rounds, a rate of
	// .05, 15 leaves of at least 100 rows, half of the features a tree.
	Boost tree.BoostForm
}

// GlobalBoost forecasts all series of a class with gradient boosting: trees that have learnt,
// at origins all over the pasts of all series, how the next periods depended on what was
// seen there. What they see, and say, is without season, level and size, so that series
// learn from each other:
//
//	y_{n+h} = season_{n+h} (x_n + scale · f(features of x_1 … x_n, h)),
//
// with scale the mean absolute change, once for x = y and once for its logarithm; the two
// are averaged. One step is as good as another to f, which is asked for each directly. The middle is a
// median, which the loss fits. Counts have no season taken out, are seen as multiples of
// their recent mean, and forecast by a mean.
//
// The spread is that of the errors on the last horizon of every series, by models that had
// not seen it. It can be used by many goroutines at once.
//
// Source: Januschowski et al., Forecasting with trees (2022),
// doi:10.1016/j.ijforecast.2021.10.004; Montero-Manso & Hyndman, Principles and algorithms
// for forecasting groups of time series (2021), doi:10.1016/j.ijforecast.2021.03.004.
type GlobalBoost struct {
	Models []*tree.Boost // one on the scale of the values, one on that of their logarithms; of counts one
	trees  globalTrees
}

// FitGlobalBoost learns from the series of a class, which it does not modify. Missing values
// are allowed; series too short to be learnt from teach nothing and can still be forecast.
// It returns a *TooShortError where none is long enough, and panics without a horizon. It
// draws from rng, and the same series, form and generator give the same model.
//
// The cost is that of four fits of tree.FitBoost to Rows rows of some forty features, two
// for counts: a few seconds for a thousand series.
func FitGlobalBoost(series [][]float64, form GlobalBoostForm, rng *rand.Rand) (*GlobalBoost, error) {
	g := &GlobalBoost{trees: globalTrees{form: form.GlobalForm.withDefaults()}}
	boost := boostDefaults(form.Boost, form.Counts)
	err := g.trees.learn("global boosting", series, rng, func(rows tree.Data, last bool) (func([]float64) float64, error) {
		m, err := tree.FitBoost(rows, boost, rng)
		if err != nil {
			return nil, err
		}
		if last {
			g.Models = append(g.Models, m)
		}
		return func(row []float64) float64 { return m.PredictRow(row, 0) }, nil
	})
	if err != nil {
		return nil, err
	}
	return g, nil
}

// boostDefaults were chosen on the last horizon of the training data of M3, which no test
// value belongs to. Stopping early by held-out rows did worse: series share their last year,
// and one year is one draw.
func boostDefaults(form tree.BoostForm, counts bool) tree.BoostForm {
	if form.Loss == nil {
		form.Loss = tree.Quantile{U: .5}
		if counts {
			form.Loss = tree.Tweedie{Power: 1.2}
		}
	}
	if form.Rounds == 0 {
		form.Rounds = 300
	}
	if form.Rate == 0 {
		form.Rate = .05
	}
	if form.MaxLeaves == 0 && form.MaxDepth == 0 {
		form.MaxLeaves = 15
	}
	if form.MinRows == 0 {
		form.MinRows = 100
	}
	if form.Features == 0 {
		form.Features = .5
	}
	return form
}

// Forecast returns the distributions of the h periods after a past and of their total. The
// past need not be one that was learnt from. Beyond the Horizon the last step's answer
// stays. It fails only with ErrNothingObserved. The cost is that of Horizon walks down
// every tree.
func (g *GlobalBoost) Forecast(past []float64, h int) (Forecast, error) {
	return g.trees.forecast(past, h)
}

// Method is the model as a forecasting method. It has learnt from the pasts that it was
// fitted to: a backtest needs one that was fitted to what came before.
func (g *GlobalBoost) Method() Method { return Method{Name: "global boosting", Forecast: g.Forecast} }
