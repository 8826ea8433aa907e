package forecast

import (
	"math"
	"testing"
)

// TestRandomWalkReference holds rwf and naive of the R package forecast 8.20: means, and the
// upper ends of the 95 % intervals.
func TestRandomWalkReference(t *testing.T) {
	want := decompositionTable(t, "theta.csv")
	y := decompositionSeries(t, "Nile")
	naive, err := FitRandomWalk(y)
	if err != nil {
		t.Fatal(err)
	}
	drift, err := FitDrift(y)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]Forecast{"naive": naive.Forecast(12), "drift": drift.Forecast(12)} {
		for i, d := range f.Period {
			if w := want["Nile/"+name+" means"][i]; relative(d.Mean(), w) > 1e-10 {
				t.Errorf("%s: mean %d = %v, want %v", name, i, d.Mean(), w)
			}
			if w := want["Nile/"+name+" upper"][i]; relative(d.Quantile(.975), w) > 1e-9 {
				t.Errorf("%s: upper end %d = %v, want %v", name, i, d.Quantile(.975), w)
			}
		}
	}
}

// TestNaive2 is the M4 organisers' Naive2 written out: y over the classical indices, the last
// value, times the indices of the last season.
func TestNaive2(t *testing.T) {
	y := decompositionSeries(t, "AirPassengers")
	w, err := FitNaive2(y, 12)
	if err != nil {
		t.Fatal(err)
	}
	d, err := ClassicalDecomposition(y, 12, true)
	if err != nil {
		t.Fatal(err)
	}
	last := y[143] / d.Seasonal[0].Values[143]
	for i, got := range w.Forecast(24).Means() {
		if want := last * d.Seasonal[0].Ahead(i); relative(got, want) > 1e-12 {
			t.Errorf("forecast %d = %v, want %v", i, got, want)
		}
	}
	if got, want := w.Name(), "naive 2 [12]"; got != want {
		t.Errorf("name %q, want %q", got, want)
	}
	for name, short := range map[string][]float64{"35 months": y[:35], "Nile": decompositionSeries(t, "Nile")} {
		w, err := FitNaive2(short, 12)
		if err != nil || w.Name() != "naive" {
			t.Errorf("%s: %v, %v; want naive", name, w.Name(), err)
		}
	}
}

// TestIsSeasonal compares with the test written in R for thetaf (theta.R).
func TestIsSeasonal(t *testing.T) {
	want := decompositionTable(t, "theta.csv")
	for name, m := range map[string]int{"AirPassengers": 12, "USAccDeaths": 12, "UKgas": 4, "lynx": 10, "Nile": 7, "WWWusage": 12, "JohnsonJohnson": 4, "LakeHuron": 5} {
		if got, w := IsSeasonal(decompositionSeries(t, name), m), want[name+"/seasonal"][0] == 1; got != w {
			t.Errorf("%s by %d: %v, want %v", name, m, got, w)
		}
	}
}

// TestSeasonAddsWhereRatiosFail: a shop shut on one day of the week has an index of zero
// there, and the forecast of that day stays near zero.
func TestSeasonAddsWhereRatiosFail(t *testing.T) {
	y := make([]float64, 70)
	for i := range y {
		if i%7 != 6 {
			y[i] = float64(20 + i%7 + i%3)
		}
	}
	season := testedSeason(y, 7, 14)
	if !season.additive {
		t.Fatalf("season %+v, want an additive one", season)
	}
	w, err := FitNaive2(y, 7)
	if err != nil {
		t.Fatal(err)
	}
	if shut := w.Forecast(7).Period[6].Mean(); math.Abs(shut) > 1 {
		t.Errorf("closed day: %v", shut)
	}
}

func TestWindowMeanAndMedian(t *testing.T) {
	w, err := FitWindowMean([]float64{1, 2, math.NaN(), 3, 10}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Forecast(2).Total.Mean(); got != 10 {
		t.Errorf("twice the mean of 2, 3 and 10: %v", got)
	}
	// Errors 2-1, 3-1.5 and 10-2 of the means before.
	if got, want := w.Sigma(), math.Sqrt((1+2.25+64)/3); relative(got, want) > 1e-12 {
		t.Errorf("σ %v, want %v", got, want)
	}
	y := []float64{5, 1, 7, 2, 600, 3, 8, 4}
	s, err := FitSeasonalMedian(y, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	f := s.Forecast(3).Means()
	if f[0] != 8 || f[1] != 3 || f[2] != 8 {
		t.Errorf("medians of (7, 600, 8) and (2, 3, 4): %v", f)
	}
	if got, want := s.Name(), "median of 3 [2]"; got != want {
		t.Errorf("name %q, want %q", got, want)
	}
}

// TestDriftOverGaps: a gap in a straight line changes neither drift nor forecast.
func TestDriftOverGaps(t *testing.T) {
	nan := math.NaN()
	w, err := FitDrift([]float64{nan, 3, 5, nan, nan, 11, 13, nan})
	if err != nil {
		t.Fatal(err)
	}
	f := w.Forecast(2)
	if w.Drift() != 2 || f.Period[0].Mean() != 17 || f.Total.Mean() != 36 || f.Total.Variance() > 1e-20 {
		t.Errorf("drift %v, forecast %v, total %v", w.Drift(), f.Means(), f.Total)
	}
}
