package benchmark

import (
	"context"
	"fmt"
	"math/rand/v2"

	"tradewind/numeric/forecast"
)

// globalContenders are the models that learn from all series of a frequency at once.
func globalContenders(f frequency) []contender {
	type method = func(past []float64, h int) (forecast.Forecast, error)
	return []contender{
		global("GBDT", f, func(_ context.Context, past [][]float64, form forecast.GlobalForm, rng *rand.Rand) (method, error) {
			g, err := forecast.FitGlobalBoost(past, forecast.GlobalBoostForm{GlobalForm: form}, rng)
			if err != nil {
				return nil, err
			}
			return g.Forecast, nil
		}),
		global("Forest", f, func(_ context.Context, past [][]float64, form forecast.GlobalForm, rng *rand.Rand) (method, error) {
			g, err := forecast.FitGlobalForest(past, forecast.GlobalForestForm{GlobalForm: form}, rng)
			if err != nil {
				return nil, err
			}
			return g.Forecast, nil
		}),
		global("LSTM", f, func(ctx context.Context, past [][]float64, form forecast.GlobalForm, rng *rand.Rand) (method, error) {
			g, err := forecast.FitGlobalLSTM(ctx, past, forecast.GlobalLSTMForm{GlobalForm: form}, rng)
			if err != nil {
				return nil, err
			}
			return g.Forecast, nil
		}),
	}
}

// global makes a contender of a model that is fitted to a whole frequency. Where it cannot
// be, all series being too short, naive stands in, as it does for a series without a value
// that could be forecast from.
func global(name string, f frequency, fit func(context.Context, [][]float64, forecast.GlobalForm, *rand.Rand) (func([]float64, int) (forecast.Forecast, error), error)) contender {
	return contender{name, func(ctx context.Context, series []contestant, dst []forecast.Forecast) error {
		form := forecast.GlobalForm{Seasons: f.seasons}
		past := make([][]float64, len(series))
		for i, s := range series {
			past[i] = s.train
			form.Horizon = max(form.Horizon, len(s.test))
		}
		model, err := fit(ctx, past, form, rand.New(rand.NewPCG(1, 0)))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			model = forecast.NaiveMethod().Forecast
		}
		return inParallel(ctx, len(series), func(i int) error {
			h := len(series[i].test)
			made, err := model(past[i], h)
			if err != nil {
				made, err = forecast.NaiveMethod().Forecast(past[i], h)
			}
			if err != nil {
				return fmt.Errorf("series %s: %w", series[i].id, err)
			}
			dst[i] = made
			return nil
		})
	}}
}
