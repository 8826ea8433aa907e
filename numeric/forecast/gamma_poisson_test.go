package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
)

// TestGammaPoissonSums compares the recursion with the sums it stands for.
func TestGammaPoissonSums(t *testing.T) {
	y := []float64{0, 3, 0, 1, 12, 0, 2}
	o := []float64{1, 1, .5, 2, 1, 0, 1.5}
	form := GammaPoissonForm{Discount: .9, CapQuantile: 1}
	f, err := FitGammaPoisson(y, o, form)
	if err != nil {
		t.Fatal(err)
	}
	a, b, squares := 0.0, 0.0, 0.0
	weight := func(i int) float64 { return math.Pow(.9, float64(len(y)-1-i)) }
	for i := 1; i < len(y); i++ { // from the first count above zero; offset 0 teaches nothing
		if o[i] > 0 {
			a += weight(i) * y[i]
			b += weight(i) * o[i]
		}
	}
	for i := 1; i < len(y); i++ {
		if o[i] > 0 {
			e := y[i] - a/b*o[i]
			squares += weight(i) * weight(i) * e * e
		}
	}
	r := f.Rate()
	if relative(r.Mean, a/b) > 1e-12 || relative(r.Evidence, a*a/squares) > 1e-12 {
		t.Errorf("rate %+v, want mean %v and evidence %v", r, a/b, a*a/squares)
	}
}

// TestGammaPoissonRecovers: a steady Poisson rate with known offsets is found, and
// its evidence is that of the counts it remembers.
func TestGammaPoissonRecovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	y, o := make([]float64, 4000), make([]float64, 4000)
	for i := range y {
		o[i] = 0.5 + rng.Float64()
		y[i] = distribution.DrawPoisson(3*o[i], rng)
	}
	f, err := FitGammaPoisson(y, o, GammaPoissonForm{Discount: .99, CapQuantile: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := f.Rate()
	if math.Abs(r.Mean-3) > .4 {
		t.Errorf("rate %v, want 3", r.Mean)
	}
	if want := 3 * 1.99 / .01; relative(r.Evidence, want) > .3 {
		t.Errorf("evidence %v, want about %v", r.Evidence, want)
	}
}

// TestGammaPoissonCensored stops counting at 6 and still finds a rate of 5.
func TestGammaPoissonCensored(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 3))
	f := NewGammaPoisson(GammaPoissonForm{Discount: .998}, math.Inf(1))
	naive := NewGammaPoisson(GammaPoissonForm{Discount: .998}, math.Inf(1))
	for range 4000 {
		y := distribution.DrawPoisson(5, rng)
		naive.Update(math.Min(y, 6), 1)
		if y >= 6 {
			f.UpdateCensored(6, 1)
		} else {
			f.Update(y, 1)
		}
	}
	if got := f.Rate().Mean; relative(got, 5) > .03 {
		t.Errorf("rate %v, want 5 (%v without the correction)", got, naive.Rate().Mean)
	}
	if got := naive.Rate().Mean; got > 4.8 {
		t.Errorf("censoring does not bite: %v", got)
	}
}

func TestGammaPoissonPrior(t *testing.T) {
	form := GammaPoissonForm{Discount: .95, Prior: Rate{Mean: 2, Evidence: 3}}
	f := NewGammaPoisson(form, math.Inf(1))
	if r := f.Rate(); relative(r.Mean, 2) > 1e-12 || relative(r.Evidence, 3) > 1e-12 {
		t.Errorf("before any value %+v, want the prior", r)
	}
	for range 300 {
		f.Update(5, 1)
	}
	if r := f.Rate(); relative(r.Mean, 5) > .01 {
		t.Errorf("after 300 fives %+v", r)
	}
}

// TestGammaPoissonOffsets: twice the offset is half the rate, and a closed period
// is no evidence of a fall.
func TestGammaPoissonOffsets(t *testing.T) {
	y := []float64{4, 6, 5, 7, 3, 5, 4, 6}
	one, two := make([]float64, len(y)), make([]float64, len(y))
	for i := range y {
		one[i], two[i] = 1, 2
	}
	a, _ := FitGammaPoisson(y, one, GammaPoissonForm{})
	b, _ := FitGammaPoisson(y, two, GammaPoissonForm{})
	if relative(a.Rate().Mean, 2*b.Rate().Mean) > 1e-12 || relative(a.Rate().Evidence, b.Rate().Evidence) > 1e-12 {
		t.Errorf("rates %+v and %+v", a.Rate(), b.Rate())
	}
	before := a.Rate().Mean
	a.Update(0, 0)
	a.Update(math.NaN(), 1)
	if got := a.Rate().Mean; relative(got, before) > 1e-12 {
		t.Errorf("rate %v after closed periods, was %v", got, before)
	}
}

func TestGammaPoissonUpdateDoesNotAllocate(t *testing.T) {
	f := NewGammaPoisson(GammaPoissonForm{}, 10)
	if n := testing.AllocsPerRun(100, func() { f.Update(3, 1.2); f.Rate() }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestGammaPoissonForecast: intervals of the filter alone hold what comes, for
// Poisson counts and for lumpy ones.
func TestGammaPoissonForecast(t *testing.T) {
	for _, size := range []float64{0.8, math.Inf(1)} {
		rng := rand.New(rand.NewPCG(31, 5))
		var periods, totals Coverage
		for range 1500 {
			d := distribution.NewNegativeBinomial(2+3*rng.Float64(), size)
			f := NewGammaPoisson(GammaPoissonForm{}, math.Inf(1))
			for range 150 {
				f.Update(distribution.Sample(d, rng), 1)
			}
			forecast, total := f.Forecast([]float64{1, 1, 1, 1, 1, 1, 1}), 0.0
			for _, p := range forecast.Period {
				y := distribution.Sample(d, rng)
				periods.Add(p, y, .8, rng)
				total += y
			}
			totals.Add(forecast.Total, total, .8, rng)
		}
		if a, b := periods.Share(), totals.Share(); math.Abs(a-.8) > .03 || math.Abs(b-.8) > .04 {
			t.Errorf("size %v: coverage of periods %v and totals %v, want .8", size, a, b)
		}
	}
}

func BenchmarkGammaPoissonUpdate(b *testing.B) {
	f := NewGammaPoisson(GammaPoissonForm{}, 10)
	for b.Loop() {
		f.Update(3, 1.2)
	}
}
