package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
)

// updater is what every method of one series can do.
type updater interface {
	Update(y float64)
	Forecast(h int) Forecast
}

// methods are the fits of one series, by name.
func methods() map[string]func(y []float64) (updater, error) {
	return map[string]func(y []float64) (updater, error){
		"seasonal naive":   func(y []float64) (updater, error) { return FitSeasonalNaive(y, 7) },
		"simple smoothing": func(y []float64) (updater, error) { return FitSimpleSmoothing(y) },
		"TSB":              func(y []float64) (updater, error) { return FitTSB(y) },
		"harmonic": func(y []float64) (updater, error) {
			return FitHarmonic(y, HarmonicForm{Period: 7, Harmonics: 2, Sine: true})
		},
	}
}

// weekly is a series with a season of 7, a level, noise and some zeros.
func weekly(n int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	y := make([]float64, n)
	for t := range y {
		y[t] = math.Max(0, 20+10*math.Sin(2*math.Pi*float64(t)/7)+4*rng.NormFloat64())
		if t%5 == 3 {
			y[t] = 0
		}
	}
	return y
}

func TestTooShort(t *testing.T) {
	nan := math.NaN()
	for name, fit := range methods() {
		for _, y := range [][]float64{nil, {}, {1}, {nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan}} {
			_, err := fit(y)
			var short *TooShortError
			if !errors.As(err, &short) || short.Need <= short.Have {
				t.Errorf("%s on %v: error %v, want a *TooShortError", name, y, err)
			}
		}
	}
	if _, err := FitGammaPoisson([]float64{0, nan}, []float64{1, 1}, GammaPoissonForm{}); err == nil {
		t.Error("Gamma–Poisson without a count: no error")
	}
	if _, err := FitIndex(make([]float64, 10), 5, nil, IndexForm{}); err == nil {
		t.Error("index of 10 periods: no error")
	}
	if _, err := Calibrate(nil); err == nil {
		t.Error("calibration without windows: no error")
	}
	if _, err := FitPanel(nil, PanelForm{}); err == nil {
		t.Error("empty panel: no error")
	}
}

// TestNoNaN hides values at random and asks for finite answers everywhere.
func TestNoNaN(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	y := weekly(120, 3)
	for i := range y {
		if rng.Float64() < 0.3 || i < 4 {
			y[i] = math.NaN()
		}
	}
	for name, fit := range methods() {
		m, err := fit(y)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m.Update(math.NaN())
		f := m.Forecast(10)
		for i, d := range append(f.Period, f.Total) {
			above, below := d.Loss(20)
			for _, x := range []float64{d.Mean(), d.Variance(), d.Quantile(.05), d.Quantile(.95), d.CDF(20), above, below} {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Errorf("%s: %v in period %d", name, x, i)
				}
			}
		}
	}
}

// TestUpdateIsFit feeds the last values one by one and compares with a fit of
// the whole, for methods without constants that the fit optimises.
func TestUpdateIsFit(t *testing.T) {
	y := weekly(200, 8)
	y[150] = math.NaN()
	for _, name := range []string{"seasonal naive", "harmonic"} {
		whole, _ := methods()[name](y)
		grown, _ := methods()[name](y[:100])
		for _, v := range y[100:] {
			grown.Update(v)
		}
		a, b := whole.Forecast(9).Total, grown.Forecast(9).Total
		if relative(a.Mean(), b.Mean()) > 1e-10 || relative(a.Variance(), b.Variance()) > 1e-10 {
			t.Errorf("%s: total %v ± %v by updates, %v ± %v by fit", name, b.Mean(), b.Variance(), a.Mean(), a.Variance())
		}
	}
}

// TestScaleEquivariance: ten times the series is ten times the forecast.
func TestScaleEquivariance(t *testing.T) {
	y := weekly(150, 4)
	scaled := make([]float64, len(y))
	for i := range y {
		scaled[i] = 10 * y[i]
	}
	for name, fit := range methods() {
		a, _ := fit(y)
		b, _ := fit(scaled)
		fa, fb := a.Forecast(8), b.Forecast(8)
		for i, d := range append(fa.Period, fa.Total) {
			e := append(fb.Period, fb.Total)[i]
			if relative(e.Mean(), 10*d.Mean()) > 1e-9 || relative(e.Variance(), 100*d.Variance()) > 1e-6 || relative(e.Quantile(.9), 10*d.Quantile(.9)) > 1e-6 {
				t.Errorf("%s, period %d: mean %v, want 10 · %v", name, i, e.Mean(), d.Mean())
			}
		}
	}
}

// TestShiftEquivariance: adding a constant moves the forecast by it (TSB is for
// values with a true zero and is left out).
func TestShiftEquivariance(t *testing.T) {
	y := weekly(150, 6)
	moved := make([]float64, len(y))
	for i := range y {
		moved[i] = y[i] + 100
	}
	for name, fit := range methods() {
		if name == "TSB" {
			continue
		}
		a, _ := fit(y)
		b, _ := fit(moved)
		fa, fb := a.Forecast(8), b.Forecast(8)
		for i := range fa.Period {
			if math.Abs(fb.Period[i].Mean()-fa.Period[i].Mean()-100) > 1e-4 || relative(fb.Period[i].Variance(), fa.Period[i].Variance()) > 1e-5 {
				t.Errorf("%s, period %d: mean %v, want %v + 100", name, i, fb.Period[i].Mean(), fa.Period[i].Mean())
			}
		}
	}
}

// TestTotalsBySimulation compares the variance of the totals of simple smoothing and
// seasonal naive with simulated futures of their models.
func TestTotalsBySimulation(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 2))
	const h, paths = 10, 40_000
	smoothing := &SimpleSmoothing{Alpha: 0.3, Level: 50, squares: 98, n: 100}
	naive := &SeasonalNaive{last: []float64{1, 2, 3}, squares: 100, n: 100}
	var a, b []float64
	for range paths {
		level, sum := 50.0, 0.0
		last, walk := []float64{1, 2, 3}, 0.0
		for i := range h {
			e := rng.NormFloat64()
			sum += level + e
			level += 0.3 * e
			last[i%3] += rng.NormFloat64()
			walk += last[i%3]
		}
		a, b = append(a, sum), append(b, walk)
	}
	for _, c := range []struct {
		name      string
		got, want distribution.Distribution
	}{
		{"simple smoothing", smoothing.Forecast(h).Total, distribution.NewEmpirical(a)},
		{"seasonal naive", naive.Forecast(h).Total, distribution.NewEmpirical(b)},
	} {
		if math.Abs(c.got.Mean()-c.want.Mean()) > 0.3 || relative(c.got.Variance(), c.want.Variance()) > 0.05 {
			t.Errorf("%s: total %v ± %v, simulated %v ± %v", c.name, c.got.Mean(), c.got.Variance(), c.want.Mean(), c.want.Variance())
		}
	}
}

// TestTSB follows the recursion by hand: p = .5, z = 4, then 6, 0 with α = .1, β = .2.
func TestTSB(t *testing.T) {
	s := TSB{Alpha: .1, Beta: .2, Probability: .5, Size: 4, spread: 1}
	s.Update(6)
	s.Update(0)
	if p := .6 * .8; math.Abs(s.Probability-p) > 1e-15 || math.Abs(s.Size-4.2) > 1e-15 {
		t.Errorf("p = %v, z = %v, want %v and 4.2", s.Probability, s.Size, p)
	}
	f := s.Forecast(14)
	if relative(f.Total.Mean(), 14*s.Mean()) > 1e-12 || relative(f.Total.Variance(), 14*f.Period[0].Variance()) > 1e-9 {
		t.Errorf("total %v ± %v of periods %v ± %v", f.Total.Mean(), f.Total.Variance(), f.Period[0].Mean(), f.Period[0].Variance())
	}
	if got, want := f.Total.CDF(0), math.Pow(1-s.Probability, 14); relative(got, want) > 1e-12 {
		t.Errorf("P(total = 0) = %v, want %v", got, want)
	}
}

func TestHarmonicDependent(t *testing.T) {
	if _, err := FitHarmonic(weekly(60, 1), HarmonicForm{Period: 2, Sine: true}); !errors.Is(err, ErrDependent) {
		t.Errorf("sine of period 2: error %v, want ErrDependent", err)
	}
}

func TestHarmonicExact(t *testing.T) {
	y := make([]float64, 40)
	for i := range y {
		y[i] = 5 + 0.5*float64(i+1) + 3*math.Cos(2*math.Pi*float64(i+1)/6.5)
	}
	m, err := FitHarmonic(y, HarmonicForm{Period: 6.5})
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []float64{5, .5, 3} {
		if math.Abs(m.Coefficients[j].Estimate-want) > 1e-12 {
			t.Errorf("%s = %v, want %v", m.Coefficients[j].Name, m.Coefficients[j].Estimate, want)
		}
	}
}

func TestUpdateDoesNotAllocate(t *testing.T) {
	y := weekly(100, 2)
	for name, fit := range methods() {
		m, err := fit(y)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { m.Update(3) }); n > 0 {
			t.Errorf("%s: Update allocates %v times", name, n)
		}
	}
}

func BenchmarkSimpleSmoothing(b *testing.B) {
	y := weekly(700, 1)
	for b.Loop() {
		FitSimpleSmoothing(y)
	}
}

func BenchmarkTSB(b *testing.B) {
	y := weekly(700, 1)
	for b.Loop() {
		FitTSB(y)
	}
}

func BenchmarkHarmonic(b *testing.B) {
	y := weekly(700, 1)
	for b.Loop() {
		FitHarmonic(y, HarmonicForm{Period: 365.25, Harmonics: 3, Sine: true})
	}
}
