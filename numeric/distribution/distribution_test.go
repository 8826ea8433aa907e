package distribution

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// TestReference compares with testdata/reference/distribution.csv (mpmath, 60
// digits). Cumulative functions hold 1e-12 relative into tails of 1e-300; above
// loses what the difference of its terms costs.
func TestReference(t *testing.T) {
	file, err := os.Open("testdata/reference/distribution.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		a, b, x, want := number(t, row[1]), number(t, row[2]), number(t, row[4]), number(t, row[5])
		got := evaluate(t, row[0], row[3], a, b, x)
		tolerance := 1e-12
		switch {
		case row[3] == "above":
			tolerance = 1e-10
		case row[0] == "t" && a > 1e4:
			tolerance = 3e-12 // the continued fraction cancels near x = 1
		}
		if difference(got, want) > tolerance && math.Abs(want) > 1e-305 {
			t.Errorf("%s(%s, %s).%s(%s) = %.17g, want %.17g (off by %.1e)", row[0], row[1], row[2], row[3], row[4], got, want, difference(got, want))
		}
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(x, 0) && x != 0 {
		t.Fatal(err)
	}
	return x
}

func difference(got, want float64) float64 {
	if got == want {
		return 0
	}
	return math.Abs(got-want) / math.Max(math.Abs(want), 1e-300)
}

type survivor interface {
	Distribution
	Survival(x float64) float64
}

func evaluate(t *testing.T, name, function string, a, b, x float64) float64 {
	var d survivor
	switch name {
	case "normal":
		d = NewNormal(a, b)
	case "gamma":
		d = NewGamma(a, b)
	case "poisson":
		d = NewPoisson(a)
	case "negbin":
		d = NewNegativeBinomial(a, b)
	case "t":
		d = NewStudentT(0, 1, a)
	case "beta":
		return BetaI(a, b, x)
	}
	switch function {
	case "cdf":
		return d.CDF(x)
	case "survival":
		return d.Survival(x)
	case "quantile":
		return d.Quantile(x)
	case "pmf":
		return d.(NegativeBinomial).Probability(x)
	case "above":
		above, _ := d.Loss(x)
		return above
	}
	t.Fatalf("no function %q", function)
	return 0
}

func TestScalars(t *testing.T) {
	above := func(d Distribution, x float64) float64 { a, _ := d.Loss(x); return a }
	// For t5 the value 2.5705818366147395 is also in print; its upper tail is not .025.
	const source = "SciPy 1.17; the distribution functions at these points in 60 digits agree"
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"normal .975", NewNormal(0, 1).Quantile(.975), 1.959963984540054},
		{"t5 .975", NewStudentT(0, 1, 5).Quantile(.975), 2.570581835636314},
		{"chi-squared 3 .95", NewGamma(1.5, 2).Quantile(.95), 7.814727903251179},
		{"gamma 2.5, 3 .95", NewGamma(2.5, 3).Quantile(.95), 16.605746540274527},
		{"beta 3, 40", BetaI(3, 40, .01975080506143475), .05},
		{"negative binomial n=3 p=.25 .9", NewNegativeBinomial(9, 3).Quantile(.9), 17},
		{"Poisson 5 .9", NewPoisson(5).Quantile(.9), 8},
		{"normal loss L(1)", above(NewNormal(0, 1), 1), .08331547058768629},
	} {
		if difference(c.got, c.want) > 1e-12 {
			t.Errorf("%s = %.17g, want %.17g (%s)", c.name, c.got, c.want, source)
		}
	}
}

// everyKind is a list of distributions that cover the shapes in use.
func everyKind() map[string]Distribution {
	return map[string]Distribution{
		"normal":             NewNormal(3, 2),
		"gamma":              NewGamma(0.7, 4),
		"Poisson":            NewPoisson(4.2),
		"Poisson 0":          NewPoisson(0),
		"negative binomial":  NewNegativeBinomial(6, 0.4),
		"sparse":             NewNegativeBinomial(0.3, 0.2),
		"nearly Poisson":     NewNegativeBinomial(6, 1e9),
		"Poisson limit":      NewNegativeBinomial(6, math.Inf(1)),
		"zero":               NewNegativeBinomial(0, 1),
		"Student t":          NewStudentT(-2, 3, 4),
		"beta":               NewBeta(.6, 2.4),
		"empirical":          NewEmpirical([]float64{5, 1, 1, 9, 0, 2.5}),
		"point":              Point(3),
		"scaled":             NewScaled(NewEmpirical([]float64{-2, -.3, .3, 2, 1. / 3, .1}), 3, .7),
		"scaled gamma":       NewScaled(NewGamma(2, 1.5), -1, 2.2),
		"mixture of counts":  NewMixture([]float64{2, 1}, []Distribution{NewPoisson(1), NewNegativeBinomial(20, 2)}),
		"mixture with zeros": NewMixture([]float64{.6, .4}, []Distribution{Point(0), NewGamma(3, 2)}),
	}
}

func TestQuantileInvertsCDF(t *testing.T) {
	for name, d := range everyKind() {
		last := math.Inf(-1)
		for i := 1; i < 200; i++ {
			u := float64(i) / 200
			x := d.Quantile(u)
			if x < last {
				t.Errorf("%s: quantile falls at %v", name, u)
			}
			last = x
			if d.CDF(x) < u*(1-1e-12) {
				t.Errorf("%s: CDF(Quantile(%v)) = %v", name, u, d.CDF(x))
			}
			if before := d.CDF(x - 1e-6*(1+math.Abs(x))); before > u*(1+1e-12) {
				t.Errorf("%s: CDF just below Quantile(%v) = %v", name, u, before)
			}
		}
		if x := d.Quantile(math.NaN()); !math.IsNaN(x) {
			t.Errorf("%s: Quantile(NaN) = %v", name, x)
		}
	}
}

func TestQuantileOfCDFIsSame(t *testing.T) {
	for _, d := range []Distribution{NewPoisson(0.3), NewPoisson(77), NewNegativeBinomial(12, 0.2), NewNegativeBinomial(500, 30)} {
		for k := 0.0; k < 60; k++ {
			if u := d.CDF(k); u < 1-1e-12 && d.Quantile(u) != k {
				t.Errorf("%v: Quantile(CDF(%v)) = %v", d, k, d.Quantile(u))
			}
		}
	}
}

// TestLoss compares with the integral of the distribution function, and the
// difference of both losses with the mean.
func TestLoss(t *testing.T) {
	for name, d := range everyKind() {
		for _, x := range []float64{-4, 0, 0.5, 1, 3, 7.25, 30} {
			above, below := d.Loss(x)
			if above < 0 || below < 0 {
				t.Errorf("%s: Loss(%v) = %v, %v", name, x, above, below)
			}
			if got := above - below + x; math.Abs(got-d.Mean()) > 1e-11*(1+math.Abs(x)) {
				t.Errorf("%s: above - below + %v = %v, want the mean %v", name, x, got, d.Mean())
			}
			const steps, from = 10_000, -400.0
			sum, width := 0.0, (x-from)/steps
			for i := range steps {
				sum += d.CDF(from + (float64(i)+0.5)*width)
			}
			if got := sum * width; math.Abs(got-below) > 4e-2 {
				t.Errorf("%s: below(%v) = %v, the integral is %v", name, x, below, got)
			}
			if testing.Short() {
				break
			}
		}
	}
}

func TestMoments(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for name, d := range everyKind() {
		const n = 8_000
		sample := make([]float64, n)
		for i := range sample {
			sample[i] = Sample(d, rng)
		}
		e := NewEmpirical(sample)
		stdErr := math.Sqrt(d.Variance()/n) + 1e-12
		if math.Abs(e.Mean()-d.Mean()) > 5*stdErr {
			t.Errorf("%s: sample mean %v, want %v", name, e.Mean(), d.Mean())
		}
		if v := d.Variance(); math.Abs(e.Variance()-v) > 0.25*v+1e-12 {
			t.Errorf("%s: sample variance %v, want %v", name, e.Variance(), v)
		}
	}
}

func TestPITIsUniform(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	for name, d := range everyKind() {
		const n = 8_000
		inside := 0
		for range n {
			if u := PIT(d, Sample(d, rng), rng.Float64()); u >= .1 && u <= .9 {
				inside++
			}
		}
		if name == "empirical" || name == "scaled" { // knows its own atoms
			continue
		}
		if share := float64(inside) / n; math.Abs(share-.8) > .02 {
			t.Errorf("%s: coverage %v, want .8", name, share)
		}
	}
}

func TestSampleIntoIsMonotone(t *testing.T) {
	u := []float64{.1, .5, .9}
	low, high := make([]float64, 3), make([]float64, 3)
	SampleInto(low, NewNegativeBinomial(3, 1), u)
	SampleInto(high, NewNegativeBinomial(4, 1), u)
	for i := range u {
		if low[i] > high[i] {
			t.Errorf("common uniform %v: mean 3 draws %v, mean 4 draws %v", u[i], low[i], high[i])
		}
	}
}

func TestNegativeBinomialOf(t *testing.T) {
	d := NegativeBinomialOf(4, 10)
	if d.Mean() != 4 || math.Abs(d.Variance()-10) > 1e-12 {
		t.Errorf("mean %v variance %v, want 4 and 10", d.Mean(), d.Variance())
	}
	if d := NegativeBinomialOf(4, 3); d.Variance() != 4 {
		t.Errorf("variance below the mean gives %v, want the Poisson's 4", d.Variance())
	}
}

func TestPanicsOnBadParameters(t *testing.T) {
	for name, f := range map[string]func(){
		"negative sigma": func() { NewNormal(0, -1) },
		"NaN mean":       func() { NewNegativeBinomial(math.NaN(), 1) },
		"zero size":      func() { NewNegativeBinomial(1, 0) },
		"no scale":       func() { NewScaled(Point(1), 0, 0) },
		"NaN location":   func() { NewScaled(Point(1), math.NaN(), 1) },
		"no sample":      func() { NewEmpirical(nil) },
		"zero weights":   func() { NewMixture([]float64{0}, []Distribution{Point(1)}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestNoAllocations(t *testing.T) {
	d, u := NewNegativeBinomial(3, 0.5), 0.1
	if n := testing.AllocsPerRun(100, func() {
		d.CDF(4)
		d.Loss(4)
		d.Quantile(u)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkNegativeBinomialCDF(b *testing.B) {
	d := NewNegativeBinomial(3, 0.5)
	for b.Loop() {
		d.CDF(4)
	}
}

func BenchmarkNegativeBinomialQuantile(b *testing.B) {
	d := NewNegativeBinomial(3, 0.5)
	for b.Loop() {
		d.Quantile(.95)
	}
}

func BenchmarkGammaQuantile(b *testing.B) {
	d := NewGamma(0.5, 3)
	for b.Loop() {
		d.Quantile(.95)
	}
}
