package forecast_test

import (
	"fmt"

	"tradewind/numeric/forecast"
)

// One series: a weekly pattern without a season of a year.
func ExampleBacktest() {
	var y []float64
	for t := range 84 {
		y = append(y, []float64{9, 4, 5, 4, 5, 12, 0}[t%7]+float64(t*t%3))
	}
	scores, err := forecast.Backtest(y, []forecast.Method{
		forecast.SimpleSmoothingMethod(),
		forecast.SeasonalNaiveMethod(7),
		forecast.HarmonicMethod(forecast.HarmonicForm{Period: 7, Harmonics: 3, Sine: true}),
	}, 4, 7)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scores[forecast.Choose(scores)].Name)
	// Output: harmonic trend
}

// A count series with known offsets: the fourth period counts double.
func ExampleGammaPoisson() {
	y := []float64{2, 3, 1, 6, 2, 0, 3, 2}
	offsets := []float64{1, 1, 1, 2, 1, 1, 1, 1}
	f, err := forecast.FitGammaPoisson(y, offsets, forecast.GammaPoissonForm{CapQuantile: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f a period\n", f.Rate().Mean)
	// Output: 2.11 a period
}
