package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// simulatedHourly is two days' worth of waves in a week, on a slow walk.
func simulatedHourly(rng *rand.Rand, n int) (y, mean []float64) {
	y, mean = make([]float64, n), make([]float64, n)
	level, e := 50.0, 0.0
	for t := range y {
		day, week := 2*math.Pi*float64(t)/24, 2*math.Pi*float64(t)/168
		level += .02 * rng.NormFloat64()
		e = .6*e + rng.NormFloat64()
		mean[t] = 8*math.Sin(day) + 4*math.Cos(2*day+1) + 5*math.Sin(week+2) + 2*math.Sin(3*week)
		y[t] = level + mean[t] + e
	}
	return y, mean
}

// TestDynamicHarmonicRecovers: the seasons of a simulated series are found, their number of harmonics
// about right, and its future is forecast with about the error of the process itself.
func TestDynamicHarmonicRecovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	y, _ := simulatedHourly(rng, 24*7*6)
	past, future := y[:len(y)-48], y[len(y)-48:]
	m, err := FitDynamicHarmonic(past, DynamicHarmonicForm{Periods: []float64{24, 168}})
	if err != nil {
		t.Fatal(err)
	}
	if k := m.Fourier.Harmonics; k[0] < 2 || k[0] > 4 || k[1] < 3 || k[1] > 5 {
		t.Errorf("%s: harmonics %v, simulated with 2 and 3", m.Name(), k)
	}
	f := m.Forecast(48)
	sum := 0.0
	for h, v := range future {
		e := v - f.Period[h].Mean()
		sum += e * e / f.Period[h].Variance()
	}
	if mean := sum / 48; mean < .3 || mean > 2.5 {
		t.Errorf("%s: squared errors are %v of their variance", m.Name(), mean)
	}
}

// TestDynamicHarmonicWhole: a period that is whole, or that repeats another's harmonics, gives no dependent
// column, and one that is too long is left out.
func TestDynamicHarmonicWhole(t *testing.T) {
	y := referenceSeries(t)["nottem"]
	m, err := FitDynamicHarmonic(y, DynamicHarmonicForm{Periods: []float64{2, 6, 12, 400}})
	if err != nil {
		t.Fatal(err)
	}
	if k := m.Fourier.Harmonics; k[2] == 0 || k[3] != 0 {
		t.Errorf("%s: harmonics %v", m.Name(), k)
	}
	plain, err := AutoARIMA(y, AutoARIMAForm{})
	if err != nil {
		t.Fatal(err)
	}
	if m.AICc > plain.AICc-100 {
		t.Errorf("AICc %v with harmonics, %v without", m.AICc, plain.AICc)
	}
	before := m.Forecast(14)
	m.Update(before.Period[0].Mean())
	after := m.Forecast(13)
	for h, d := range after.Period {
		if want := before.Period[h+1].Mean(); math.Abs(d.Mean()-want) > 1e-6*math.Abs(want) {
			t.Errorf("after its own forecast came true, period %d is %v, want %v", h+2, d.Mean(), want)
		}
	}
}

func TestFourierColumns(t *testing.T) {
	r := Fourier{Periods: []float64{12, 24}, Harmonics: []int{6, 3}}.Regressors(48)
	// 5 pairs and a cosine of 12; 1 and 3 of 24, as 2 of 24 is 1 of 12.
	if len(r) != 15 {
		t.Fatalf("%d columns", len(r))
	}
	for i := range r {
		for j := range i {
			if s := arimaDot(r[i].Values, r[j].Values); math.Abs(s) > 1e-9 {
				t.Errorf("%s and %s are not orthogonal: %v", r[i].Name, r[j].Name, s)
			}
		}
	}
	if r[0].Name != "cos1/12" || math.Abs(r[0].Values[0]-math.Cos(math.Pi/6)) > 1e-15 {
		t.Errorf("%s begins with %v", r[0].Name, r[0].Values[0])
	}
}

func BenchmarkDynamicHarmonicHourly(b *testing.B) {
	y, _ := simulatedHourly(rand.New(rand.NewPCG(11, 12)), 960)
	for b.Loop() {
		if _, err := FitDynamicHarmonic(y, DynamicHarmonicForm{Periods: []float64{24, 168}}); err != nil {
			b.Fatal(err)
		}
	}
}
