package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// pathFitted are the models of this file's tests: Theta family, CES, the naive set and a composition.
type pathFitted interface {
	Fitted
	Path(dst []float64, rng *rand.Rand)
}

func decompositionModels(m int) map[string]func(y []float64) (pathFitted, error) {
	models := map[string]func(y []float64) (pathFitted, error){
		"naive":           func(y []float64) (pathFitted, error) { return FitRandomWalk(y) },
		"drift":           func(y []float64) (pathFitted, error) { return FitDrift(y) },
		"naive 2":         func(y []float64) (pathFitted, error) { return FitNaive2(y, m) },
		"window mean":     func(y []float64) (pathFitted, error) { return FitWindowMean(y, 8) },
		"seasonal median": func(y []float64) (pathFitted, error) { return FitSeasonalMedian(y, m, 8) },
		"theta":           func(y []float64) (pathFitted, error) { return FitTheta(y, m) },
		"DOTM":            func(y []float64) (pathFitted, error) { return FitOptimizedTheta(y, ThetaForm{Period: m}) },
		"OTM":             func(y []float64) (pathFitted, error) { return FitOptimizedTheta(y, ThetaForm{Period: m, Static: true}) },
		"CES":             func(y []float64) (pathFitted, error) { return FitCES(y, m) },
	}
	if m > 1 {
		models["STL + DOTM"] = func(y []float64) (pathFitted, error) {
			return FitSeasonallyAdjusted(y, func(x []float64) (Fitted, error) { return FitOptimizedTheta(x, ThetaForm{}) }, m)
		}
		for _, form := range []CESForm{CESSimple, CESPartial, CESFull} {
			models["CES "+form.String()] = func(y []float64) (pathFitted, error) { return FitCESForm(y, m, form) }
		}
	}
	return models
}

// TestDecompositionModelsPaths: 40,000 paths have the means and variances of the forecast,
// period by period and in total, within five standard errors.
func TestDecompositionModelsPaths(t *testing.T) {
	const draws, h = 40000, 9
	y := decompositionSeries(t, "UKgas")
	rng := rand.New(rand.NewPCG(1, 2))
	for name, fit := range decompositionModels(4) {
		model, err := fit(y)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f := model.Forecast(h)
		var sums [h + 1]moments
		path := make([]float64, h)
		for range draws {
			model.Path(path, rng)
			total := 0.0
			for i, v := range path {
				sums[i].add(v)
				total += v
			}
			sums[h].add(total)
		}
		for i, d := range append(f.Period, f.Total) {
			sd := math.Sqrt(d.Variance())
			if math.Abs(sums[i].mean-d.Mean()) > 5*sd/math.Sqrt(draws) {
				t.Errorf("%s: mean %d of paths %v, of forecast %v ± %v", name, i, sums[i].mean, d.Mean(), sd)
			}
			if v := sums[i].squares / draws; relative(v, d.Variance()) > 5*math.Sqrt(2./draws) {
				t.Errorf("%s: variance %d of paths %v, of forecast %v", name, i, v, d.Variance())
			}
		}
	}
}

// TestDecompositionModelsUpdate: a value that comes as forecast, or does not come at all,
// leaves the means of what is to come.
func TestDecompositionModelsUpdate(t *testing.T) {
	y := decompositionSeries(t, "UKgas")
	for name, fit := range decompositionModels(4) {
		if name == "window mean" || name == "seasonal median" || name == "theta" {
			continue // they drop an old value, or learn the slope anew
		}
		for kind, next := range map[string]func(f Forecast) float64{
			"as forecast": func(f Forecast) float64 { return f.Period[0].Mean() },
			"missing":     func(Forecast) float64 { return math.NaN() },
		} {
			model, err := fit(y)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			before := model.Forecast(8)
			model.Update(next(before))
			for i, got := range model.Forecast(7).Means() {
				if want := before.Period[i+1].Mean(); relative(got, want) > 1e-9 {
					t.Errorf("%s, %s: forecast %d = %v, before %v", name, kind, i+1, got, want)
				}
			}
		}
	}
}

// TestDecompositionModelsScale: sixteen times the series has sixteen times the forecast.
func TestDecompositionModelsScale(t *testing.T) {
	y := decompositionSeries(t, "UKgas")
	for _, m := range []int{1, 4} {
		for name, fit := range decompositionModels(m) {
			model, err := fit(y)
			if err != nil {
				t.Fatal(err)
			}
			scaled := append([]float64(nil), y...)
			for i := range scaled {
				scaled[i] *= 16
			}
			big, err := fit(scaled)
			if err != nil {
				t.Fatal(err)
			}
			f, g := model.Forecast(6), big.Forecast(6)
			for i, d := range f.Period {
				if relative(g.Period[i].Mean(), 16*d.Mean()) > 1e-6 || relative(g.Period[i].Variance(), 256*d.Variance()) > 1e-6 {
					t.Errorf("%s [%d]: period %d: %v ± %v of 16 times %v ± %v", name, m, i, g.Period[i].Mean(), g.Period[i].Variance(), d.Mean(), d.Variance())
				}
			}
		}
	}
}

// TestDecompositionModelsHardInput: an error or finite forecasts, never a panic.
func TestDecompositionModelsHardInput(t *testing.T) {
	for series, y := range hardSeries() {
		for _, m := range []int{1, 2, 7, 12, 168} {
			for name, fit := range decompositionModels(m) {
				if series == "long" && m > 7 {
					continue
				}
				model, err := fit(y)
				if err != nil {
					var short *TooShortError
					if !errors.As(err, &short) || short.Need <= short.Have {
						t.Errorf("%s [%d] of %s: %v", name, m, series, err)
					}
					continue
				}
				model.Update(math.NaN())
				if len(y) > 0 && !math.IsNaN(y[0]) {
					model.Update(y[0])
				}
				f := model.Forecast(30)
				path := make([]float64, 30)
				model.Path(path, rand.New(rand.NewPCG(3, 4)))
				for i, d := range append(f.Period, f.Total) {
					for _, x := range []float64{d.Mean(), d.Variance(), d.Quantile(.05), d.CDF(20), path[min(i, 29)]} {
						if math.IsNaN(x) || math.IsInf(x, 0) {
							t.Fatalf("%s [%d] of %s: %v in period %d", name, m, series, x, i)
						}
					}
				}
				if model.Name() == "" {
					t.Errorf("%s has no name", name)
				}
				if series == "constant" && math.Abs(f.Total.Mean()-30*3.7) > 1e-6 {
					t.Errorf("%s [%d] of a constant: total %v", name, m, f.Total.Mean())
				}
			}
		}
	}
}

// TestSTLMethodReference is stlf of the R package forecast 8.20 with method "naive": the
// last seasonally adjusted value and the last season.
func TestSTLMethodReference(t *testing.T) {
	y := decompositionSeries(t, "AirPassengers")
	f, err := STLMethod(NaiveMethod(), 12).Forecast(y, 24)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range decompositionTable(t, "stl.csv")["AirPassengers stlf naive/mean"] {
		if got := f.Period[i].Mean(); relative(got, want) > 1e-10 {
			t.Errorf("forecast %d = %v, want %v", i, got, want)
		}
	}
	model, err := FitSeasonallyAdjusted(y, func(x []float64) (Fitted, error) { return FitRandomWalk(x) }, 12)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := model.Name(), "STL [12] + naive"; got != want {
		t.Errorf("name %q, want %q", got, want)
	}
	g := model.Forecast(24)
	if g.Total.Mean() != f.Total.Mean() || g.Total.Variance() != f.Total.Variance() {
		t.Errorf("total %v ± %v of the model, %v ± %v of the method", g.Total.Mean(), g.Total.Variance(), f.Total.Mean(), f.Total.Variance())
	}
	short, err := FitSeasonallyAdjusted(y[:20], func(x []float64) (Fitted, error) { return FitRandomWalk(x) }, 12)
	if err != nil || short.Name() != "naive" || short.Forecast(1).Period[0].Mean() != y[19] {
		t.Errorf("20 months: %v, %v", short.Name(), err)
	}
}

// TestShift: a distribution moved by 7 is that of D + 7.
func TestShift(t *testing.T) {
	f, err := FitGammaPoisson([]float64{0, 2, 1, 0, 3, 1, 1, 0, 2}, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1}, GammaPoissonForm{})
	if err != nil {
		t.Fatal(err)
	}
	d := f.Forecast([]float64{1}).Period[0]
	s := shift(d, 7)
	if s.Mean() != d.Mean()+7 || s.Variance() != d.Variance() || s.CDF(8.5) != d.CDF(1.5) || s.Quantile(.9) != d.Quantile(.9)+7 {
		t.Errorf("shifted %v", s)
	}
	a, b := s.Loss(8)
	c, e := d.Loss(1)
	if a != c || b != e {
		t.Errorf("loss %v, %v, want %v, %v", a, b, c, e)
	}
}
