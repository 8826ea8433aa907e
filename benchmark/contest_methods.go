package benchmark

import (
	"context"
	"fmt"
	"math"

	"tradewind/numeric/forecast"
)

// contenders are the methods that forecast a frequency: the yardstick, the single methods,
// those that learn from all series at once, and the default.
func contenders(f frequency) []contender {
	season := 1
	if len(f.seasons) > 0 {
		season = int(math.Round(f.seasons[0]))
	}
	list := []contender{
		alone(yardstick, forecast.Naive2Method(f.lag)),
		alone("sNaive", forecast.SeasonalNaiveMethod(season)),
		alone("Theta", forecast.ThetaMethod(season)),
	}
	for _, s := range []struct {
		name   string
		method func(season int) forecast.Method
	}{{"ETS", forecast.ETSMethod}, {"ARIMA", forecast.AutoARIMAMethod}, {"CES", forecast.CESMethod}, {"DOTM", forecast.DOTMMethod}} {
		if season <= 24 && len(f.seasons) < 2 {
			list = append(list, alone(s.name, s.method(season)))
			continue
		}
		periods := make([]int, len(f.seasons))
		for i, p := range f.seasons {
			periods[i] = int(math.Round(p))
		}
		list = append(list, alone("MSTL + "+s.name, forecast.STLMethod(s.method(1), periods...)))
	}
	return append(append(list, globalContenders(f)...), contender{defaultMethod, byEnsemble(f, 0)})
}

// alone makes a contender of a method that forecasts each series by itself. Where it
// cannot, being asked for too short a series, naive stands in, as in the competitions, and
// for a single value that value.
func alone(name string, m forecast.Method) contender {
	plain := forecast.FitEnsemble(nil, forecast.EnsembleForm{Members: []forecast.Method{}, Horizon: 1})
	return contender{name, func(ctx context.Context, series []contestant, dst []forecast.Forecast) error {
		return inParallel(ctx, len(series), func(i int) error {
			past, h := series[i].train, len(series[i].test)
			f, err := m.Forecast(past, h)
			if err != nil {
				var c forecast.Combined
				c, err = plain.Forecast(past, h)
				f = c.Forecast
			}
			if err != nil {
				return fmt.Errorf("series %s: %w", series[i].id, err)
			}
			dst[i] = f
			return nil
		})
	}}
}

// byEnsemble forecasts a whole frequency as one class, with evidence and intervals from a
// sample of so many series.
func byEnsemble(f frequency, sample int) func(context.Context, []contestant, []forecast.Forecast) error {
	return func(ctx context.Context, series []contestant, dst []forecast.Forecast) error {
		form := forecast.EnsembleForm{Seasons: f.seasons, Sample: sample, Each: func(n int, do func(int)) {
			_ = inParallel(ctx, n, func(i int) error { do(i); return nil }) // a cancelled context is seen below
		}}
		past := make([][]float64, len(series))
		for i, s := range series {
			past[i] = s.train
			form.Horizon = max(form.Horizon, len(s.test))
		}
		form.Global = forecast.GlobalMembers(ctx, f.seasons, form.Horizon)
		ensemble := forecast.FitEnsemble(past, form)
		return inParallel(ctx, len(series), func(i int) error {
			c, err := ensemble.Forecast(past[i], len(series[i].test))
			if err != nil {
				return fmt.Errorf("series %s: %w", series[i].id, err)
			}
			dst[i] = c.Forecast
			return nil
		})
	}
}
