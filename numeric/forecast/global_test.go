package forecast

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tradewind/numeric/distribution"
	"tradewind/numeric/neural"
)

type globalFit = func(series [][]float64, form GlobalForm, rng *rand.Rand) (Method, error)

// globalFits are the global models, the network a small one.
func globalFits() map[string]globalFit {
	return map[string]globalFit{
		"boosting": func(series [][]float64, form GlobalForm, rng *rand.Rand) (Method, error) {
			g, err := FitGlobalBoost(series, GlobalBoostForm{GlobalForm: form}, rng)
			if err != nil {
				return Method{}, err
			}
			return g.Method(), nil
		},
		"forest": func(series [][]float64, form GlobalForm, rng *rand.Rand) (Method, error) {
			g, err := FitGlobalForest(series, GlobalForestForm{GlobalForm: form}, rng)
			if err != nil {
				return Method{}, err
			}
			return g.Method(), nil
		},
		"LSTM": func(series [][]float64, form GlobalForm, rng *rand.Rand) (Method, error) {
			g, err := FitGlobalLSTM(context.Background(), series, GlobalLSTMForm{GlobalForm: form, Network: neural.LSTMForm{Hidden: 12, Windows: 2000, Epochs: 12}}, rng)
			if err != nil {
				return Method{}, err
			}
			return g.Method(), nil
		},
	}
}

// reverting draws series that return to a level of their own, each in a unit of its own,
// x_t - a = φ (x_{t-1} - a) + e, and the best forecasts of their last h values.
func reverting(n, length, h int, seed uint64) (past, actual, best [][]float64) {
	const phi = .5
	rng := rand.New(rand.NewPCG(seed, 1))
	for range n {
		level, unit := 20.+10*rng.Float64(), math.Exp(3*rng.NormFloat64())
		y, x := make([]float64, length+h), 0.0
		for t := range y {
			x = phi*x + rng.NormFloat64()
			y[t] = unit * (level + x)
		}
		ideal := make([]float64, h)
		for t := range ideal {
			ideal[t] = unit * (level + math.Pow(phi, float64(t+1))*(y[length-1]/unit-level))
		}
		past, actual, best = append(past, y[:length:length]), append(actual, y[length:]), append(best, ideal)
	}
	return past, actual, best
}

// TestGlobalLearnsTheClass: no series tells its own law well, all together do. The error
// is nearer to that of the true law, which knows each level besides, than to that of
// naive, and intervals hold.
func TestGlobalLearnsTheClass(t *testing.T) {
	const h = 4
	past, actual, best := reverting(300, 40, h, 5)
	for name, fit := range globalFits() {
		m, err := fit(past, GlobalForm{Horizon: h, Rows: 20_000}, rand.New(rand.NewPCG(1, 2)))
		if err != nil {
			t.Fatal(name, err)
		}
		var own, ideal, naive, inside average
		for i, y := range past {
			f, err := m.Forecast(y, h)
			if err != nil {
				t.Fatal(name, err)
			}
			unit := SeasonalScale(y, 1)
			own.add(meanAbsolute(actual[i], f.Means()) / unit)
			ideal.add(meanAbsolute(actual[i], best[i]) / unit)
			last := slices.Repeat([]float64{y[len(y)-1]}, h)
			naive.add(meanAbsolute(actual[i], last) / unit)
			for k, v := range actual[i] {
				in := 0.0
				if d := f.Period[k]; d.Quantile(.1) <= v && v <= d.Quantile(.9) {
					in = 1
				}
				inside.add(in)
			}
		}
		if own.mean() > (ideal.mean()+naive.mean())/2 {
			t.Errorf("%s: error %.3f, of the true law %.3f, of naive %.3f", name, own.mean(), ideal.mean(), naive.mean())
		}
		if c := inside.mean(); c < .74 || c > .86 {
			t.Errorf("%s: %.3f of the values in the 80 %% interval", name, c)
		}
	}
}

// TestGlobalCounts: counts whose rates differ from series to series are forecast without bias,
// by distributions that hold.
func TestGlobalCounts(t *testing.T) {
	const h, length = 6, 60
	rng := rand.New(rand.NewPCG(7, 8))
	var past, actual [][]float64
	for range 300 {
		rate := distribution.DrawGamma(.8, rng)
		y := make([]float64, length+h)
		for k := range y {
			y[k] = distribution.DrawPoisson(rate, rng)
		}
		past, actual = append(past, y[:length:length]), append(actual, y[length:])
	}
	for name, fit := range globalFits() {
		m, err := fit(past, GlobalForm{Horizon: h, Counts: true, Rows: 20_000}, rand.New(rand.NewPCG(1, 2)))
		if err != nil {
			t.Fatal(name, err)
		}
		sold, said := 0.0, 0.0
		var pit average
		for i, y := range past {
			f, err := m.Forecast(y, h)
			if err != nil {
				t.Fatal(name, err)
			}
			total := 0.0
			for _, v := range actual[i] {
				total += v
			}
			sold, said = sold+total, said+f.Total.Mean()
			pit.add(distribution.PIT(f.Total, total, rng.Float64()))
		}
		if bias := said/sold - 1; math.Abs(bias) > .1 {
			t.Errorf("%s: bias %.3f", name, bias)
		}
		if math.Abs(pit.mean()-.5) > .06 { // the standard error is .017
			t.Errorf("%s: the mean of the probability transform is %.3f", name, pit.mean())
		}
	}
}

// hostile are pasts that a class may hold.
func hostile() map[string][]float64 {
	fill := func(n int, f func(t int) float64) []float64 {
		y := make([]float64, n)
		for t := range y {
			y[t] = f(t)
		}
		return y
	}
	nan := math.NaN()
	return map[string][]float64{
		"empty":       {},
		"one":         {5},
		"two":         {5, 7},
		"constant":    fill(60, func(int) float64 { return 42 }),
		"zero":        fill(60, func(int) float64 { return 0 }),
		"missing":     fill(60, func(int) float64 { return nan }),
		"outlier":     fill(60, func(t int) float64 { return 10 + float64(t%5) + 1e12*float64(t/40*(40/max(1, t))) }),
		"negative":    fill(60, func(t int) float64 { return -100 + 7*math.Sin(float64(t)) }),
		"gaps":        fill(60, func(t int) float64 { return []float64{nan, 3, 4, nan, 6}[t%5] }),
		"silent end":  fill(900, func(t int) float64 { return []float64{float64(5 + t%7), nan}[min(1, t/300)] }),
		"infinite":    fill(60, func(t int) float64 { return 1 / float64(t%20) }),
		"huge":        fill(60, func(t int) float64 { return 1e300 * float64(t%2) }),
		"tiny":        fill(60, func(t int) float64 { return 1e-300 * float64(1+t%3) }),
		"10,000 long": fill(10_000, func(t int) float64 { return 50 + 20*math.Sin(float64(t)/7) }),
	}
}

// TestGlobalHardInput: such series neither spoil what is learnt from others nor get a
// forecast that is no number.
func TestGlobalHardInput(t *testing.T) {
	const h = 5
	series, _, _ := reverting(20, 50, h, 9)
	names := []string{}
	for name := range hostile() {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		series = append(series, hostile()[name])
	}
	for _, form := range []GlobalForm{{Horizon: h, Seasons: []float64{12}}, {Horizon: h, Counts: true, Seasons: []float64{7, 100}}} {
		form.Rows = 4000
		for model, fit := range globalFits() {
			m, err := fit(series, form, rand.New(rand.NewPCG(1, 2)))
			if err != nil {
				t.Fatal(model, err)
			}
			for _, name := range names {
				f, err := m.Forecast(hostile()[name], h+3)
				if name == "empty" || name == "missing" {
					if !errors.Is(err, ErrNothingObserved) {
						t.Errorf("%s, %s: error %v", model, name, err)
					}
					continue
				}
				if err != nil {
					t.Errorf("%s, %s: %v", model, name, err)
					continue
				}
				if len(f.Period) != h+3 {
					t.Fatalf("%s, %s: %d periods", model, name, len(f.Period))
				}
				for i, d := range append(slices.Clone(f.Period), f.Total) {
					for _, x := range []float64{d.Mean(), d.Variance(), d.Quantile(.1), d.Quantile(.9)} {
						if math.IsNaN(x) || math.IsInf(x, 0) {
							t.Fatalf("%s, %s: period %d is %v", model, name, i, d)
						}
					}
				}
			}
		}
	}
}

// TestGlobalTooShort: without a series to learn from there is no model.
func TestGlobalTooShort(t *testing.T) {
	for name, fit := range globalFits() {
		for _, series := range [][][]float64{nil, {{}}, {{1}, {1, 2}}, {{math.NaN(), math.NaN()}}} {
			var short *TooShortError
			if _, err := fit(series, GlobalForm{Horizon: 4}, rand.New(rand.NewPCG(1, 2))); !errors.As(err, &short) {
				t.Errorf("%s of %v: error %v", name, series, err)
			}
		}
	}
}

// TestGlobalEquivariance: the unit of a series does not matter, nor what was fitted before.
func TestGlobalEquivariance(t *testing.T) {
	const h = 4
	past, _, _ := reverting(60, 40, h, 5)
	for name, fit := range globalFits() {
		form := GlobalForm{Horizon: h, Rows: 4000}
		one, err := fit(past, form, rand.New(rand.NewPCG(1, 2)))
		if err != nil {
			t.Fatal(name, err)
		}
		two, _ := fit(past, form, rand.New(rand.NewPCG(1, 2)))
		for _, y := range past {
			a, _ := one.Forecast(y, h)
			b, _ := two.Forecast(y, h)
			eight := slices.Clone(y)
			for k := range eight {
				eight[k] *= 8
			}
			c, _ := one.Forecast(eight, h)
			for k := range h {
				if a.Period[k].Mean() != b.Period[k].Mean() {
					t.Fatalf("%s: %v, and again %v", name, a.Period[k].Mean(), b.Period[k].Mean())
				}
				if got, want := c.Period[k].Mean(), 8*a.Period[k].Mean(); relative(got, want) > 1e-5 {
					t.Fatalf("%s: %v of eight times the series, want %v", name, got, want)
				}
			}
		}
	}
}

// TestGlobalWithoutHeldOut: series too short for a held-out horizon get intervals all the same.
func TestGlobalWithoutHeldOut(t *testing.T) {
	series, _, _ := reverting(50, 8, 1, 3)
	g, err := FitGlobalBoost(series, GlobalBoostForm{GlobalForm: GlobalForm{Horizon: 6}}, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	for i, y := range series {
		f, err := g.Forecast(y, 6)
		if err != nil {
			t.Fatal(err)
		}
		for k, d := range f.Period {
			if !(d.Variance() > 0) {
				t.Fatalf("series %d, period %d: %v", i, k, d)
			}
		}
	}
}

func TestEvenly(t *testing.T) {
	for _, c := range []struct {
		can  []int
		all  int
		want int
	}{{[]int{1, 5, 9}, 9, 4}, {[]int{1, 5, 9}, 0, 1}, {[]int{3, 3}, 6, 1 << 30}} {
		if got := evenly(c.can, c.all); got != c.want {
			t.Errorf("evenly(%v, %d) = %d, want %d", c.can, c.all, got, c.want)
		}
	}
}

func BenchmarkGlobalBoost(b *testing.B) {
	past, _, _ := reverting(300, 40, 4, 5)
	for b.Loop() {
		if _, err := FitGlobalBoost(past, GlobalBoostForm{GlobalForm: GlobalForm{Horizon: 4}}, rand.New(rand.NewPCG(1, 2))); err != nil {
			b.Fatal(err)
		}
	}
}
