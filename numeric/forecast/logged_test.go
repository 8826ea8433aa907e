package forecast

import (
	"errors"
	"math"
	"testing"

	"tradewind/numeric/distribution"
)

// spoken is a method that says the same whatever it is asked.
func spoken(f Forecast) Method {
	return Method{Name: "spoken", Forecast: func([]float64, int) (Forecast, error) { return f, nil }}
}

func normals(total distribution.Distribution, meansAndSDs ...float64) Forecast {
	f := Forecast{Total: total}
	for i := 0; i < len(meansAndSDs); i += 2 {
		f.Period = append(f.Period, distribution.NewNormal(meansAndSDs[i], meansAndSDs[i+1]))
	}
	return f
}

// TestLogIsTheLognormal: the middle is the median exp(μ) of the lognormal variable, and for
// small σ its standard deviation is exp(μ + σ²/2) √(exp(σ²) - 1) to first order.
func TestLogIsTheLognormal(t *testing.T) {
	for _, sigma := range []float64{.001, .01, .05} {
		for _, mu := range []float64{-2, 0, 3, 9} {
			f, err := LogMethod(spoken(normals(distribution.NewNormal(mu, sigma), mu, sigma))).Forecast([]float64{1, 2, 3}, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := f.Period[0].Mean(), math.Exp(mu); relative(got, want) > 1e-14 {
				t.Errorf("μ = %v: middle %v, want the median %v", mu, got, want)
			}
			want := math.Exp(mu+sigma*sigma/2) * math.Sqrt(math.Expm1(sigma*sigma))
			if got := math.Sqrt(f.Period[0].Variance()); relative(got, want) > sigma*sigma {
				t.Errorf("μ = %v, σ = %v: standard deviation %v, want %v within σ²", mu, sigma, got, want)
			}
			if relative(f.Total.Variance(), f.Period[0].Variance()) > 1e-12 {
				t.Errorf("the total of one period varies by %v, the period by %v", f.Total.Variance(), f.Period[0].Variance())
			}
		}
	}
}

// TestLogTotal: the dependence of the logs is that of the values, so that totals of
// independent periods add their variances and of equal ones their standard deviations.
func TestLogTotal(t *testing.T) {
	for _, tt := range []struct {
		name       string
		total      float64 // variance of the sum of the logs
		of         func(a, b float64) float64
		mu1, s1    float64
		mu2, s2    float64
		wantSpread float64
	}{
		{name: "independent", total: .01 + .04, mu1: 1, s1: .1, mu2: 2, s2: .2, of: math.Hypot},
		{name: "one cause", total: .3 * .3, mu1: 1, s1: .1, mu2: 2, s2: .2, of: func(a, b float64) float64 { return a + b }},
		{name: "against each other, taken as independent", total: .001, mu1: 1, s1: .1, mu2: 2, s2: .2, of: math.Hypot},
	} {
		inner := normals(distribution.NewNormal(tt.mu1+tt.mu2, math.Sqrt(tt.total)), tt.mu1, tt.s1, tt.mu2, tt.s2)
		f, _ := LogMethod(spoken(inner)).Forecast([]float64{1}, 2)
		want := tt.of(tt.s1*math.Exp(tt.mu1), tt.s2*math.Exp(tt.mu2))
		if got := math.Sqrt(f.Total.Variance()); relative(got, want) > 1e-9 {
			t.Errorf("%s: the total varies by %v, want %v", tt.name, got, want)
		}
		if got, want := f.Total.Mean(), math.Exp(tt.mu1)+math.Exp(tt.mu2); relative(got, want) > 1e-14 {
			t.Errorf("%s: total %v, want %v", tt.name, got, want)
		}
	}
}

// TestLogOfWhat: zero and negative values go to the method as they are, missing ones stay
// missing, and what the method refuses stays refused.
func TestLogOfWhat(t *testing.T) {
	var seen []float64
	spy := Method{Name: "spy", Forecast: func(past []float64, h int) (Forecast, error) {
		seen = past
		return NaiveMethod().Forecast(past, h)
	}}
	for _, past := range [][]float64{{3, 0, 2}, {3, -1, 2}} {
		f, err := LogMethod(spy).Forecast(past, 1)
		if err != nil || f.Period[0].Mean() != 2 || seen[0] != 3 {
			t.Errorf("%v: %v, %v after %v; want naive on the values themselves", past, f, err, seen)
		}
	}
	f, err := LogMethod(spy).Forecast([]float64{math.E, math.NaN(), 1}, 1)
	if err != nil || relative(f.Period[0].Mean(), 1) > 1e-14 || seen[0] != 1 || !math.IsNaN(seen[1]) || seen[2] != 0 {
		t.Errorf("mean %v, %v after %v; want 1 after 1, NaN, 0", f.Means(), err, seen)
	}
	var short *TooShortError
	if _, err := LogMethod(spy).Forecast([]float64{1}, 1); !errors.As(err, &short) {
		t.Errorf("one value: %v, want the *TooShortError of the method", err)
	}
	if got := LogMethod(spy).Name; got != "log spy" {
		t.Errorf("name %q", got)
	}
}

// TestLogStaysFinite: whatever the method makes of the logs, numbers come back.
func TestLogStaysFinite(t *testing.T) {
	for _, mu := range []float64{-1e6, 0, 250, 400, 700, 1e9} {
		for _, sigma := range []float64{0, 1, 1e3, 1e9} {
			inner := normals(distribution.NewNormal(2*mu, 2*sigma), mu, sigma, mu, sigma)
			f, err := LogMethod(spoken(inner)).Forecast([]float64{1}, 2)
			if err != nil {
				t.Fatal(err)
			}
			assertFinite(t, "log", f)
		}
	}
}
