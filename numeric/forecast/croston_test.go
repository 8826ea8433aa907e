package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
)

// sparse are the fits for series with many zeros, by name.
func sparse() map[string]func(y []float64) (sparseModel, error) {
	return map[string]func(y []float64) (sparseModel, error){
		"Croston": func(y []float64) (sparseModel, error) { return FitCroston(y, CrostonForm{}) },
		"SBA":     func(y []float64) (sparseModel, error) { return FitCroston(y, CrostonForm{SBA: true}) },
		"TSB":     func(y []float64) (sparseModel, error) { return FitTSB(y) },
		"ADIDA":   func(y []float64) (sparseModel, error) { return FitADIDA(y) },
		"IMAPA":   func(y []float64) (sparseModel, error) { return FitIMAPA(y) },
	}
}

type sparseModel interface {
	Name() string
	Mean() float64
	Forecast(h int) Forecast
	Path(dst []float64, rng *rand.Rand)
}

// lumpy is a series of n periods of which about a share p has a count.
func lumpy(n int, p float64, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 2))
	y := make([]float64, n)
	for t := range y {
		if rng.Float64() < p {
			y[t] = 1 + distribution.DrawPoisson(2, rng)
		}
	}
	return y
}

// TestSparseReference holds the means of R forecast 8.20 and statsforecast 2.1.1, see
// testdata/reference/intermittent.py. Levels of ADIDA and IMAPA are smoothed with
// constants of least squared error, found to about 1e-4 there.
func TestSparseReference(t *testing.T) {
	series, want := columns(t, "intermittent_series.csv"), columns(t, "intermittent.csv")
	for i, y := range series {
		croston, _ := FitCroston(y, CrostonForm{})
		sba, _ := FitCroston(y, CrostonForm{SBA: true})
		adida, _ := FitADIDA(y)
		imapa, _ := FitIMAPA(y)
		first := 0.0
		for _, v := range y {
			if v > 0 {
				first = v
				break
			}
		}
		// statsforecast begins at the first size and at whether the first period had one.
		tsb := TSB{Alpha: .2, Beta: .1, Probability: math.Min(1, y[0]), Size: first}
		for _, v := range y[1:] {
			tsb.Update(v)
		}
		for _, c := range []struct {
			name                 string
			got, want, tolerance float64
		}{
			{"Croston, R", croston.Mean(), want[0][i], 1e-11},
			{"Croston", croston.Mean(), want[1][i], 1e-11},
			{"SBA", sba.Mean(), want[2][i], 1e-11},
			{"TSB", tsb.Mean(), want[3][i], 1e-11},
			{"ADIDA", adida.Mean(), want[4][i], 1e-4},
			{"IMAPA", imapa.Mean(), want[5][i], 1e-4},
		} {
			if relative(c.got, c.want) > c.tolerance {
				t.Errorf("series %d, %s: mean %.12g, want %.12g", i, c.name, c.got, c.want)
			}
		}
	}
}

// TestCrostonR: forecast::croston(y, alpha = .1) of R forecast 8.20 gives .8872178943.
func TestCrostonR(t *testing.T) {
	y := []float64{0, 0, 3, 0, 0, 1, 0, 0, 0, 5, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0}
	m, err := FitCroston(y, CrostonForm{Alpha: .1})
	if err != nil || math.Abs(m.Mean()-.8872178943) > 5e-11 {
		t.Errorf("mean %.10f (%v), want .8872178943", m.Mean(), err)
	}
	half, _ := FitCroston(y[:10], CrostonForm{Alpha: .1})
	for _, v := range y[10:] {
		half.Update(v)
	}
	if *half != *m {
		t.Errorf("by updates %+v, by fit %+v", half, m)
	}
}

// TestSparseBadInput: nothing but finite answers or a named error.
func TestSparseBadInput(t *testing.T) {
	nan := math.NaN()
	long := lumpy(10_000, .02, 4)
	outlier := lumpy(60, .3, 5)
	outlier[30] = 1e12
	gaps := lumpy(60, .5, 6)
	for i := range gaps {
		if i%3 == 0 {
			gaps[i] = nan
		}
	}
	constant := make([]float64, 40)
	for i := range constant {
		constant[i] = 7
	}
	late := make([]float64, 10_000)
	late[9_998], late[9_999] = 1, 1
	for name, fit := range sparse() {
		for _, y := range [][]float64{nil, {}, {3}, {nan, nan, nan}, make([]float64, 50)} {
			_, err := fit(y)
			var short *TooShortError
			if !errors.As(err, &short) {
				t.Errorf("%s on %v: %v, want a *TooShortError", name, y, err)
			}
		}
		if name != "TSB" { // for which a value below zero is none
			_, err := fit([]float64{1, 0, -2, 3})
			var negative *NegativeError
			if !errors.As(err, &negative) || negative.At != 2 {
				t.Errorf("%s: %v, want a *NegativeError at 2", name, err)
			}
		}
		for what, y := range map[string][]float64{"long": long, "outlier": outlier, "gaps": gaps, "constant": constant, "late": late} {
			m, err := fit(y)
			if err != nil {
				t.Errorf("%s on %s: %v", name, what, err)
				continue
			}
			f := m.Forecast(6)
			path := make([]float64, 20)
			m.Path(path, rand.New(rand.NewPCG(1, 1)))
			above, below := f.Total.Loss(3)
			for _, x := range append(path, f.Total.Mean(), f.Total.Variance(), f.Total.Quantile(.01), f.Total.Quantile(.99), f.Period[5].Quantile(.9), above, below) {
				if !(x >= 0) || math.IsInf(x, 0) {
					t.Errorf("%s on %s: %v", name, what, x)
				}
			}
			if relative(f.Total.Mean(), 6*m.Mean()) > 1e-9 || m.Name() != name {
				t.Errorf("%s on %s: total %v of means %v", m.Name(), what, f.Total.Mean(), m.Mean())
			}
		}
		if m, _ := fit(constant); relative(m.Mean(), 7) > 1e-12 && name != "SBA" {
			t.Errorf("%s: mean %v of sevens", name, m.Mean())
		}
	}
}

// TestSparseScale: means go with the unit; missing periods take no time.
func TestSparseScale(t *testing.T) {
	y := lumpy(80, .3, 9)
	tenfold := make([]float64, len(y))
	for i := range y {
		tenfold[i] = 10 * y[i]
	}
	holes := append([]float64{math.NaN()}, y[:40]...)
	holes = append(append(holes, math.NaN(), math.NaN()), y[40:]...)
	for name, fit := range sparse() {
		a, _ := fit(y)
		b, _ := fit(tenfold)
		c, _ := fit(holes)
		if relative(b.Mean(), 10*a.Mean()) > 1e-6 || relative(c.Mean(), a.Mean()) > 1e-12 {
			t.Errorf("%s: mean %v, ten times the series %v, with missing periods %v", name, a.Mean(), b.Mean(), c.Mean())
		}
	}
}

// TestSparsePath: sums of paths have the mean and variance of the total.
func TestSparsePath(t *testing.T) {
	y := lumpy(120, .3, 11)
	for name, fit := range sparse() {
		m, err := fit(y)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(3, 8))
		path, totals := make([]float64, 6), make([]float64, 20_000)
		for i := range totals {
			m.Path(path, rng)
			for _, v := range path {
				totals[i] += v
			}
		}
		got, want := distribution.NewEmpirical(totals), m.Forecast(6).Total
		if relative(got.Mean(), want.Mean()) > .03 || relative(got.Variance(), want.Variance()) > .06 {
			t.Errorf("%s: paths sum to %v ± %v, total %v ± %v", name, got.Mean(), got.Variance(), want.Mean(), want.Variance())
		}
		if n := testing.AllocsPerRun(50, func() { m.Path(path, rng) }); n > 0 {
			t.Errorf("%s: %v allocations a path", name, n)
		}
	}
}

// TestSparseCoverage: the upper quantiles of totals hold what comes, for a steady series.
func TestSparseCoverage(t *testing.T) {
	for name, fit := range sparse() {
		var cover Coverage
		rng := rand.New(rand.NewPCG(4, 9))
		for seed := range uint64(400) {
			y := lumpy(126, .35, 100+seed)
			m, err := fit(y[:120])
			if err != nil {
				t.Fatal(err)
			}
			total := 0.0
			for _, v := range y[120:] {
				total += v
			}
			cover.Add(m.Forecast(6).Total, total, .8, rng)
		}
		// Two standard errors of 400 are .04; the error of the mean is not in the tail.
		if c := cover.Share(); c < .72 || c > .86 {
			t.Errorf("%s: 80 %% intervals hold %v", name, c)
		}
	}
}

func TestCrostonUpdateDoesNotAllocate(t *testing.T) {
	m, _ := FitCroston([]float64{1, 0, 2}, CrostonForm{})
	if n := testing.AllocsPerRun(100, func() { m.Update(3); m.Update(0) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFitCroston(b *testing.B) {
	y := lumpy(120, .3, 1)
	for b.Loop() {
		FitCroston(y, CrostonForm{})
	}
}

func BenchmarkFitIMAPA(b *testing.B) {
	y := lumpy(120, .2, 1)
	for b.Loop() {
		FitIMAPA(y)
	}
}
