package benchmark

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"

	"tradewind/numeric/distribution"
	"tradewind/numeric/forecast"
)

// carParts is the monthly demand for 2,674 spare parts of Hyndman, Koehler, Ord & Snyder,
// Forecasting with exponential smoothing (2008), where --data has it: a header, and one part a
// row with its name and a count a month.
const (
	carParts      = "intermittent-car-parts/carparts.csv.gz"
	carPartsAhead = 6 // months held out
)

// sparseScore is how one method did on the held-out months.
type sparseScore struct {
	Pinball float64 // of the totals, mean over series and the levels .50, .51 … .99, units
	Bias    float64 // Σ forecast / Σ actual - 1, percent
	RMSSE   float64 // of the months, mean over series
	Upper   float64 // totals at or below the 95 % quantile, percent
}

type sparseScores struct {
	Series                    int
	Own, Filters, IMAPA, Zero sparseScore
	Discount, Weight          float64
}

// sparseDemand forecasts the last months of every part. Only the set is timed, not the
// yardsticks.
var sparseDemand = newWork("intermittent", func(_ context.Context, m *meter, path string) (sparseScores, error) {
	var a sparseScores
	series, err := readCarParts(path)
	if err != nil {
		return a, err
	}
	a.Series = len(series)
	past, actual := make([][]float64, len(series)), make([][]float64, len(series))
	for i, y := range series {
		origin := len(y) - carPartsAhead
		past[i], actual[i] = y[:origin:origin], y[origin:]
	}
	own := make([]forecast.Forecast, len(series))
	steady := []float64{1, 1, 1, 1, 1, 1}
	m.Begin()
	set, err := forecast.FitCountSet(past, nil, forecast.GammaPoissonSetForm{Horizon: carPartsAhead})
	if err != nil {
		return a, err
	}
	for i := range own {
		own[i] = set.Forecast(i, steady)
	}
	m.End()
	a.Discount, a.Weight = set.Filters.Discount, set.Weight
	filters := make([]forecast.Forecast, len(series))
	for i := range filters {
		filters[i] = set.Filters.Forecast(i, steady)
	}
	a.Own, a.Filters = scoreSparse(past, actual, own), scoreSparse(past, actual, filters)

	imapa, zero := make([]forecast.Forecast, len(series)), make([]forecast.Forecast, len(series))
	for i := range series {
		zero[i] = nothing(carPartsAhead)
		imapa[i] = zero[i]
		model, err := forecast.FitIMAPA(past[i])
		var short *forecast.TooShortError
		if err == nil {
			imapa[i] = model.Forecast(carPartsAhead)
		} else if !errors.As(err, &short) { // what never came is forecast not to come
			return a, err
		}
	}
	a.IMAPA, a.Zero = scoreSparse(past, actual, imapa), scoreSparse(past, actual, zero)
	return a, nil
})

// nothing forecasts zero, without doubt.
func nothing(h int) forecast.Forecast {
	f := forecast.Forecast{Total: distribution.Point(0)}
	for range h {
		f.Period = append(f.Period, distribution.Point(0))
	}
	return f
}

// scoreSparse judges forecasts. Series that never change have no RMSSE.
func scoreSparse(past, actual [][]float64, forecasts []forecast.Forecast) sparseScore {
	var s sparseScore
	sumForecast, sumActual, scaled, n := 0.0, 0.0, 0.0, float64(len(past))
	for i, f := range forecasts {
		total := 0.0
		for _, y := range actual[i] {
			total += y
		}
		for level := 50; level <= 99; level++ {
			u := float64(level) / 100
			s.Pinball += forecast.Pinball(total, f.Total.Quantile(u), u) / 50 / n
		}
		if total <= f.Total.Quantile(.95) {
			s.Upper += 100 / n
		}
		sumForecast += f.Total.Mean()
		sumActual += total
		if e := forecast.RMSSE(past[i], actual[i], f.Means()); !math.IsNaN(e) {
			s.RMSSE += e
			scaled++
		}
	}
	s.Bias = 100 * (sumForecast/sumActual - 1)
	s.RMSSE /= scaled
	return s
}

// readCarParts reads the parts of which every month is known.
func readCarParts(path string) ([][]float64, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	rows, err := csv.NewReader(unpacked).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var series [][]float64
rows:
	for i, row := range rows {
		if i == 0 {
			continue
		}
		y := make([]float64, 0, len(row)-1)
		for _, cell := range row[1:] {
			if cell == "" {
				continue rows
			}
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				return nil, fmt.Errorf("%s, row %d: %w", path, i+1, err)
			}
			y = append(y, v)
		}
		series = append(series, y)
	}
	if len(series) == 0 || len(series[0]) < 4*carPartsAhead {
		return nil, fmt.Errorf("%s: no part with %d months", path, 4*carPartsAhead)
	}
	return series, nil
}

func measureIntermittent(ctx context.Context, r *run) ([]Row, error) {
	ratio := Row{Name: "pinball loss of six-month totals, of that of IMAPA", Unit: "ratio", Better: lower, Must: new(1.0), Aim: new(.95),
		Reference: "IMAPA (Petropoulos & Kourentzes 2015) with a negative binomial of six times its in-sample mean squared error",
		Source:    "car parts of Hyndman et al. (2008), parts known in every month; the last 6 of 51 months held out; mean over parts and the levels .50, .51 … .99; constants chosen on the months before"}
	bias := Row{Name: "bias of the six-month totals", Unit: "%", Source: "sum of the means over the sum of what came"}
	paths := lookFor(r.data, []string{carParts})
	if paths == nil {
		ratio.Reason = "--data has no " + carParts
		bias.Reason = ratio.Reason
		return append([]Row{ratio}, between(bias, -5, 5)...), nil
	}
	var costs []float64
	var a sparseScores
	for range repeats {
		scores, cost, err := sparseDemand.run(ctx, paths[0])
		if err != nil {
			return nil, err
		}
		a, costs = scores, append(costs, cost.CPU)
	}
	ratio.Value, bias.Value = new(a.Own.Pinball/a.IMAPA.Pinball), new(a.Own.Bias)
	information := func(name string, value float64, unit, better, source string) Row {
		return Row{Name: name, Value: new(value), Unit: unit, Better: better, Source: source}
	}
	rows := append([]Row{ratio}, between(bias, -5, 5)...)
	return append(rows,
		information("pinball loss of six-month totals", a.Own.Pinball, "units", lower, fmt.Sprintf("forecast.FitCountSet over %d parts; held-back months gave the trees a weight of %v, and the filters a discount of %v", a.Series, a.Weight, a.Discount)),
		information("pinball loss of the filters alone", a.Filters.Pinball, "units", lower, "forecast.FitGammaPoissonSet, for comparison"),
		information("pinball loss of IMAPA", a.IMAPA.Pinball, "units", lower, "the yardstick of the ratio"),
		information("pinball loss of the all-zero forecast", a.Zero.Pinball, "units", lower, "for scale"),
		information("bias of the filters alone", a.Filters.Bias, "%", lower, "for comparison"),
		information("bias of IMAPA", a.IMAPA.Bias, "%", lower, "for comparison"),
		information("totals within the 95 % quantile", a.Own.Upper, "%", higher, "closed: counts hold a little more than the level"),
		information("totals within the 95 % quantile of IMAPA", a.IMAPA.Upper, "%", higher, "for comparison"),
		information("RMSSE of the months", a.Own.RMSSE, "", lower, "mean over parts; a root of squares prefers forecasts below the mean"),
		information("RMSSE of IMAPA", a.IMAPA.RMSSE, "", lower, "for comparison"),
		information("RMSSE of the all-zero forecast", a.Zero.RMSSE, "", lower, "for comparison"),
		information("CPU time", median(costs), "s", lower, fmt.Sprintf("one fit of the set and %d forecasts on one goroutine; median of %d", a.Series, repeats)),
	), nil
}
