package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// worstSeries are what a shop's data can look like at its worst.
func worstSeries() map[string][]float64 {
	rng := rand.New(rand.NewPCG(31, 7))
	noise := func(n int, level, sd float64) []float64 {
		y := make([]float64, n)
		for t := range y {
			y[t] = level + sd*rng.NormFloat64()
		}
		return y
	}
	outlier, late := noise(60, 100, 10), noise(60, 100, 10)
	outlier[30], late[59] = 1e12, 1e12
	holes := noise(60, 100, 10)
	for t := range holes {
		if t%3 > 0 {
			holes[t] = math.NaN()
		}
	}
	single := slices.Repeat([]float64{math.NaN()}, 60)
	single[20] = 4
	return map[string][]float64{
		"no value":            nil,
		"one value":           {5},
		"two values":          {5, 7},
		"five values":         {5, 7, 6, 9, 8},
		"shorter than season": noise(9, 100, 10),
		"constant":            slices.Repeat([]float64{3.3}, 60),
		"all zero":            make([]float64, 60),
		"all missing":         slices.Repeat([]float64{math.NaN()}, 60),
		"one seen":            single,
		"mostly missing":      holes,
		"late start":          append(slices.Repeat([]float64{math.NaN()}, 40), noise(20, 50, 5)...),
		"late end":            append(noise(40, 50, 5), slices.Repeat([]float64{math.NaN()}, 20)...),
		"outlier":             outlier,
		"outlier at the end":  late,
		"negative":            noise(60, -50, 20),
		"tiny":                noise(60, 1e-200, 1e-201),
		"huge":                noise(60, 1e120, 1e119),
	}
}

// assertFinite looks at everything that a decision reads off a forecast.
func assertFinite(t *testing.T, name string, f Forecast) {
	t.Helper()
	for i, d := range append(slices.Clip(f.Period), f.Total) {
		last := math.Inf(-1)
		for _, u := range []float64{.005, .1, .5, .9, .995} {
			q := d.Quantile(u)
			if math.IsNaN(q) || math.IsInf(q, 0) || q < last {
				t.Errorf("%s, period %d: quantile %v is %v after %v", name, i, u, q, last)
				return
			}
			last = q
		}
		above, below := d.Loss(d.Mean())
		for _, x := range []float64{d.Mean(), d.Variance(), d.CDF(d.Mean()), above, below} {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Errorf("%s, period %d: mean %v, variance %v, expected losses %v and %v", name, i, d.Mean(), d.Variance(), above, below)
				return
			}
		}
	}
}

// TestEnsembleHardInput: every such series, judged in a class and forecast by it, gives
// numbers, or the one error that there is nothing to forecast from.
func TestEnsembleHardInput(t *testing.T) {
	hard := worstSeries()
	names := []string{}
	var class [][]float64
	for name, y := range hard {
		names, class = append(names, name), append(class, y)
	}
	for _, seasons := range [][]float64{nil, {12}, {7, 365.25}, {100}} {
		e := FitEnsemble(class, EnsembleForm{Seasons: seasons, Horizon: 5})
		for i, y := range class {
			before := slices.Clone(y)
			c, err := e.Forecast(y, 7)
			if observed(y) == 0 {
				if !errors.Is(err, ErrNothingObserved) {
					t.Errorf("%v, %s: error %v, want ErrNothingObserved", seasons, names[i], err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%v, %s: %v", seasons, names[i], err)
				continue
			}
			if len(c.Period) != 7 || len(c.Weights) == 0 {
				t.Errorf("%v, %s: %d periods of %v", seasons, names[i], len(c.Period), c.Weights)
			}
			share := 0.0
			for _, w := range c.Weights {
				share += w.Share
			}
			if math.Abs(share-1) > 1e-9 {
				t.Errorf("%v, %s: shares %v sum to %v", seasons, names[i], c.Weights, share)
			}
			assertFinite(t, names[i], c.Forecast)
			if observed(y) < leastPast-1 && !slices.ContainsFunc(c.Warnings, func(w string) bool { return w == WarnFallback || w == WarnNaive }) {
				t.Errorf("%v, %s: warnings %v, want that naive stands in", seasons, names[i], c.Warnings)
			}
			if !slices.EqualFunc(y, before, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }) {
				t.Errorf("%v, %s: the series was modified", seasons, names[i])
			}
		}
	}
}

// TestEnsembleOfEachHardInput: a class of nothing but such a series.
func TestEnsembleOfEachHardInput(t *testing.T) {
	for name, y := range worstSeries() {
		e := FitEnsemble([][]float64{y, y}, EnsembleForm{Seasons: []float64{4}, Horizon: 3})
		c, err := e.Forecast(y, 3)
		if observed(y) > 0 && err != nil || observed(y) == 0 && !errors.Is(err, ErrNothingObserved) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			assertFinite(t, name, c.Forecast)
		}
	}
}

// TestEnsembleLongSeries: ten thousand values take seconds, not minutes.
func TestEnsembleLongSeries(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	y := make([]float64, 10_000)
	for t := range y {
		y[t] = 100 + 10*rng.NormFloat64()
	}
	e := FitEnsemble(nil, EnsembleForm{Horizon: 6})
	c, err := e.Forecast(y, 6)
	if err != nil {
		t.Fatal(err)
	}
	assertFinite(t, "ten thousand", c.Forecast)
	for _, m := range c.Means() {
		if math.Abs(m-100) > 1 {
			t.Errorf("mean %v of noise around 100", m)
		}
	}
}
