package forecast

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
)

// lumpySet draws series of n periods: gamma rates of the given shape and mean, each period
// negative binomial around it with the given size.
func lumpySet(series, n int, mean, shape, size float64, seed uint64) (set [][]float64, rates []float64) {
	rng := rand.New(rand.NewPCG(seed, 77))
	for range series {
		rate := mean / shape * distribution.DrawGamma(shape, rng)
		y := make([]float64, n)
		for t := range y {
			y[t] = distribution.DrawPoisson(rate*distribution.DrawGamma(size, rng)/size, rng)
		}
		set, rates = append(set, y), append(rates, rate)
	}
	return set, rates
}

func unitOffsets(n int) []float64 {
	o := make([]float64, n)
	for i := range o {
		o[i] = 1
	}
	return o
}

// firstPeriods returns the first n periods of every series.
func firstPeriods(series [][]float64, n int) [][]float64 {
	past := make([][]float64, len(series))
	for i, y := range series {
		past[i] = y[:n]
	}
	return past
}

// TestGammaPoissonSetRecovers: of steady rates the law is found, and the mean of each series
// lies nearer to its rate than its own average does. Rates seen from the first count on
// look higher than they are, the more so the rarer counts are: hence 3 %.
func TestGammaPoissonSetRecovers(t *testing.T) {
	series, rates := lumpySet(1500, 60, .8, 2, 1.5, 1)
	s, err := FitGammaPoissonSet(series, nil, GammaPoissonSetForm{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Discount < .98 {
		t.Errorf("discount %v of steady rates", s.Discount)
	}
	if relative(s.Prior.Mean, .8) > .05 || relative(s.Prior.Evidence, 2) > .4 {
		t.Errorf("prior %+v, want 0.8 and about 2", s.Prior)
	}
	if s.Law.Idle > 0 {
		t.Errorf("a share of %v is idle where none is", s.Law.Idle)
	}
	ours, plain, sum, want := 0.0, 0.0, 0.0, 0.0
	for i, y := range series {
		average := 0.0
		for _, v := range y {
			average += v / float64(len(y))
		}
		m := s.Law.Scale * s.Rate(i).Mean
		ours += (m - rates[i]) * (m - rates[i])
		plain += (average - rates[i]) * (average - rates[i])
		sum += m
		want += rates[i]
	}
	if ours >= plain || relative(sum, want) > .03 {
		t.Errorf("squared error %v, of plain means %v; sum %v, want %v", ours, plain, sum, want)
	}
	// Var = μ + μ²/1.5 of a period, whatever the lump says.
	if v := s.Forecast(0, unitOffsets(6)).Period[0]; relative(v.Variance(), v.Mean()+v.Mean()*v.Mean()/1.5) > .15 {
		t.Errorf("variance %v at mean %v", v.Variance(), v.Mean())
	}
}

// TestGammaPoissonSetCoverage: quantiles of totals ahead hold what comes, for steady and for
// wandering rates, and for other horizons than the one that was fitted.
func TestGammaPoissonSetCoverage(t *testing.T) {
	for _, drift := range []float64{0, .15} {
		rng := rand.New(rand.NewPCG(9, 4))
		series := make([][]float64, 1200)
		for i := range series {
			rate := .7 * distribution.DrawGamma(2, rng)
			series[i] = make([]float64, 66)
			for p := range series[i] {
				rate *= math.Exp(drift*rng.NormFloat64() - drift*drift/2)
				series[i][p] = distribution.DrawPoisson(rate*distribution.DrawGamma(1, rng), rng)
			}
		}
		s, err := FitGammaPoissonSet(firstPeriods(series, 54), nil, GammaPoissonSetForm{})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []int{1, 6, 12} {
			var central, upper Coverage
			for i, y := range series {
				total := 0.0
				for _, v := range y[54 : 54+h] {
					total += v
				}
				d := s.Forecast(i, unitOffsets(h)).Total
				central.Add(d, total, .8, rng)
				if total <= d.Quantile(.95) {
					upper.inside++
				}
				upper.n++
			}
			// The standard error of 1,200 is .012; beyond the fitted horizon drift is not in the law.
			if math.Abs(central.Share()-.8) > .05 || upper.Share() < .915 {
				t.Errorf("drift %v, horizon %d: 80 %% holds %v, 95 %% quantile %v, ω %v", drift, h, central.Share(), upper.Share(), s.Discount)
			}
		}
	}
}

// TestGammaPoissonSetPath: paths have the means and variances of the forecast, for a law with
// and without idle periods and for uneven offsets.
func TestGammaPoissonSetPath(t *testing.T) {
	rate := CountRate{Rate{Mean: 1.2, Evidence: 6}, 3}
	offsets := []float64{1, .5, 2, 0, 1, math.NaN(), 1.5}
	for _, law := range []CountLaw{
		{Scale: 1.1, Period: usualPeriod, Total: usualTotal, Span: 6},
		{Scale: .9, Period: usualPeriod, Total: usualTotal, Idle: .3, Span: 6},
		{Scale: 1, Period: SizeLine{Level: 12}, Total: SizeLine{Level: 12}, Span: 4}, // Poisson, nearly
	} {
		f := law.Forecast(rate, offsets)
		rng := rand.New(rand.NewPCG(5, 6))
		const n = 60_000
		totals, second := make([]float64, n), make([]float64, n)
		path := make([]float64, len(offsets))
		for k := range totals {
			law.Path(path, rate, offsets, rng)
			for _, v := range path {
				totals[k] += v
			}
			second[k] = path[2]
			if path[3] != 0 || path[5] != 0 {
				t.Fatal("a count in a closed period")
			}
		}
		for _, c := range []struct {
			name      string
			got, want distribution.Distribution
		}{{"total", distribution.NewEmpirical(totals), f.Total}, {"period", distribution.NewEmpirical(second), f.Period[2]}} {
			if relative(c.got.Mean(), c.want.Mean()) > .02 || relative(c.got.Variance(), c.want.Variance()) > .05 {
				t.Errorf("%s of %+v: paths %v ± %v, forecast %v ± %v", c.name, law, c.got.Mean(), c.got.Variance(), c.want.Mean(), c.want.Variance())
			}
		}
		if a := testing.AllocsPerRun(50, func() { law.Path(path, rate, offsets, rng) }); a > 0 {
			t.Errorf("%v allocations a path", a)
		}
	}
}

// TestGammaPoissonSetIdle: idle periods are found where they are.
func TestGammaPoissonSetIdle(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 4))
	series, _ := lumpySet(600, 48, 4, 8, 20, 3)
	for _, y := range series {
		for p := range y {
			if rng.Float64() < .3 {
				y[p] = 0
			}
		}
	}
	s, err := FitGammaPoissonSet(series, nil, GammaPoissonSetForm{})
	if err != nil || s.Law.Idle < .2 || s.Law.Idle > .4 {
		t.Fatalf("idle %v (%v), want about .3", s.Law.Idle, err)
	}
	f := s.Forecast(0, unitOffsets(6))
	if d := f.Period[0]; math.Abs(d.CDF(0)-.3) > .15 || relative(d.Mean(), f.Total.Mean()/6) > 1e-9 {
		t.Errorf("nothing comes with probability %v, mean %v of a total of %v", d.CDF(0), d.Mean(), f.Total.Mean())
	}
}

// TestGammaPoissonSetMask hides a fifth of the counts behind a stock that sold out, and
// recovers the mean within 3 %.
func TestGammaPoissonSetMask(t *testing.T) {
	for _, size := range []float64{1.5, math.Inf(1)} {
		rng := rand.New(rand.NewPCG(18, 4))
		series, censored := make([][]float64, 30), make([][]bool, 30)
		want, masked, share := 0.0, 0.0, 0.0
		const n = 600
		for i := range series {
			d := distribution.NewNegativeBinomial(3+float64(i%6), size)
			series[i], censored[i] = make([]float64, n), make([]bool, n)
			want += d.Mean()
			for p := range n {
				y := distribution.Sample(d, rng)
				if rng.Float64() < .5 { // stock runs low in half of the periods
					if stock := d.Quantile(.62); y >= stock {
						y, censored[i][p] = stock, true
						share += 1. / (30 * n)
					}
				}
				series[i][p] = y
				masked += y / n
			}
		}
		form := GammaPoissonSetForm{Censored: censored, Discounts: []float64{.995}}
		s, err := FitGammaPoissonSet(series, nil, form)
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		for i := range series {
			got += s.Law.Scale * s.Rate(i).Mean
		}
		if relative(got, want) > .03 || relative(masked, want) < .05 || math.Abs(share-.2) > .05 {
			t.Errorf("size %v: sum %v, want %v; %v with %.0f %% hidden", size, got, want, masked, 100*share)
		}
		before := s.Rate(0).Mean
		s.UpdateCensored(0, 10, 1)
		if s.Rate(0).Mean <= before {
			t.Error("ten or more did not raise the rate")
		}
	}
}

// TestGammaPoissonSetExposure: half the exposure and half the counts are the same rate.
func TestGammaPoissonSetExposure(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 4))
	series, offsets := make([][]float64, 400), make([][]float64, 400)
	rates := make([]float64, 400)
	sum, want := 0.0, 0.0
	for i := range series {
		rates[i] = distribution.DrawGamma(3, rng)
		series[i], offsets[i] = make([]float64, 48), make([]float64, 48)
		for p := range series[i] {
			offsets[i][p] = []float64{0, .25, .5, 1}[rng.IntN(4)]
			series[i][p] = distribution.DrawPoisson(rates[i]*offsets[i][p], rng)
		}
	}
	s, err := FitGammaPoissonSet(series, offsets, GammaPoissonSetForm{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range series {
		sum += s.Forecast(i, unitOffsets(4)).Total.Mean() / 4
		want += rates[i]
	}
	if relative(sum, want) > .04 {
		t.Errorf("rates sum to %v, want %v", sum, want)
	}
}

// TestGammaPoissonSetAlone: a single series is a set, and updates are its fit continued.
func TestGammaPoissonSetAlone(t *testing.T) {
	series, rates := lumpySet(40, 160, 3, 4, 2, 6)
	var cover Coverage
	rng := rand.New(rand.NewPCG(1, 4))
	sum, want := 0.0, 0.0
	for i, y := range series {
		s, err := FitGammaPoissonSeries(y[:148], nil, GammaPoissonSetForm{})
		if err != nil {
			t.Fatal(err)
		}
		f := s.Forecast(0, unitOffsets(6))
		sum += f.Period[0].Mean()
		want += rates[i]
		for k := range 2 {
			total := 0.0
			for _, v := range y[148+6*k : 154+6*k] {
				total += v
			}
			cover.Add(f.Total, total, .8, rng)
		}
	}
	if relative(sum, want) > .1 || cover.Share() < .68 || cover.Share() > .92 {
		t.Errorf("means sum to %v, want %v; 80 %% intervals hold %v", sum, want, cover.Share())
	}
	y := series[0]
	form := GammaPoissonSetForm{Discounts: []float64{.95}}
	whole, _ := FitGammaPoissonSeries(y, nil, form)
	part, _ := FitGammaPoissonSeries(y[:150], nil, form)
	for _, v := range y[150:] {
		part.Update(0, v, 1)
	}
	part.Prior = whole.Prior
	if a, b := part.Rate(0), whole.Rate(0); relative(a.Mean, b.Mean) > .01 {
		t.Errorf("by updates %+v, by fit %+v", a, b)
	}
	if n := testing.AllocsPerRun(50, func() { part.Update(0, 2, 1); part.Rate(0) }); n > 0 {
		t.Errorf("%v allocations an update", n)
	}
}

// TestGammaPoissonSetSilence: a series that was listed all along and never sold is forecast
// far below the set, one that has not been seen at the mean of the set.
func TestGammaPoissonSetSilence(t *testing.T) {
	series, _ := lumpySet(200, 60, 1, 2, 2, 8)
	unseen := make([]float64, 60)
	for p := range unseen {
		unseen[p] = math.NaN()
	}
	series = append(series, make([]float64, 60), unseen)
	s, err := FitGammaPoissonSet(series, nil, GammaPoissonSetForm{})
	if err != nil {
		t.Fatal(err)
	}
	if silent := s.Rate(200).Mean; silent > .2*s.Prior.Mean {
		t.Errorf("never sold: %v of %v", silent, s.Prior.Mean)
	}
	if got := s.Rate(201).Mean; relative(got, s.Prior.Mean) > 1e-9 || s.Unknown() != s.Rate(201) {
		t.Errorf("never seen: %v, want %v", got, s.Prior.Mean)
	}
}

// TestGammaPoissonSetBadInput: named errors, and finite answers for whatever is finite.
func TestGammaPoissonSetBadInput(t *testing.T) {
	nan := math.NaN()
	var short *TooShortError
	for _, series := range [][][]float64{nil, {}, {{}}, {{0, 0, 0}}, {{nan, nan}}, {{-1, -2}}} {
		if _, err := FitGammaPoissonSet(series, nil, GammaPoissonSetForm{}); !errors.As(err, &short) {
			t.Errorf("%v: %v, want a *TooShortError", series, err)
		}
	}
	var shape *ShapeError
	for name, err := range map[string]error{
		"uneven":          failureOf(FitGammaPoissonSet([][]float64{{1, 2}, {1}}, nil, GammaPoissonSetForm{})),
		"offsets":         failureOf(FitGammaPoissonSet([][]float64{{1, 2}}, [][]float64{{1}}, GammaPoissonSetForm{})),
		"rows of offsets": failureOf(FitGammaPoissonSet([][]float64{{1, 2}}, [][]float64{}, GammaPoissonSetForm{})),
		"marks":           failureOf(FitGammaPoissonSet([][]float64{{1, 2}}, nil, GammaPoissonSetForm{Censored: [][]bool{{true}}})),
	} {
		if !errors.As(err, &shape) {
			t.Errorf("%s: %v, want a *ShapeError", name, err)
		}
	}
	outlier := lumpy(60, .3, 5)
	outlier[30] = 1e12
	constant := make([]float64, 40)
	for i := range constant {
		constant[i] = 7
	}
	gaps := lumpy(60, .5, 6)
	for i := range gaps {
		if i%3 == 0 {
			gaps[i] = nan
		}
	}
	for name, y := range map[string][]float64{
		"one": {3}, "two": {0, 1}, "outlier": outlier, "constant": constant, "gaps": gaps,
		"long": lumpy(10_000, .02, 4), "negative": {1, -5, 2, 0, 0, 3, 1, -2, 0, 0, 0, 1, 1, 0}, "last only": append(make([]float64, 50), 1),
		"fractions": {.5, 0, 0, .25, 0, 0, 1.5, 0, 0, 0, .1, 0, 0, 0, 2.5, 0, 0, .5},
	} {
		s, err := FitGammaPoissonSeries(y, nil, GammaPoissonSetForm{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f := s.Forecast(0, unitOffsets(6))
		path := make([]float64, 6)
		s.Path(path, 0, unitOffsets(6), rand.New(rand.NewPCG(1, 1)))
		above, below := f.Total.Loss(3)
		for _, x := range append(path, f.Total.Mean(), f.Total.Variance(), f.Total.Quantile(.01), f.Total.Quantile(.99), f.Period[5].Quantile(.9), above, below) {
			if !(x >= 0) || math.IsInf(x, 0) {
				t.Errorf("%s: %v", name, x)
			}
		}
		if m := f.Total.Mean(); name == "constant" && relative(m, 42) > .02 {
			t.Errorf("sevens: total %v of 6", m)
		}
	}
}

func failureOf[T any](_ T, err error) error { return err }

// TestGammaPoissonSetOrder: the order of the series does not matter.
func TestGammaPoissonSetOrder(t *testing.T) {
	series, _ := lumpySet(50, 40, 1, 2, 2, 12)
	turned := make([][]float64, 50)
	for i := range turned {
		turned[i] = series[49-i]
	}
	a, _ := FitGammaPoissonSet(series, nil, GammaPoissonSetForm{})
	b, _ := FitGammaPoissonSet(turned, nil, GammaPoissonSetForm{})
	for i := range series {
		x, y := a.Forecast(i, unitOffsets(6)).Total, b.Forecast(49-i, unitOffsets(6)).Total
		if relative(x.Mean(), y.Mean()) > 1e-3 || relative(x.Variance(), y.Variance()) > 1e-2 {
			t.Errorf("series %d: %v ± %v, turned round %v ± %v", i, x.Mean(), x.Variance(), y.Mean(), y.Variance())
		}
	}
}

// TestGammaPoissonMethod: alone, it is as good as Croston where that is at home, on steady
// series, and better where demand ends half a year before.
func TestGammaPoissonMethod(t *testing.T) {
	series, _ := lumpySet(10, 120, .8, 2, 1, 31)
	for _, faded := range []bool{false, true} {
		ours, croston := 0.0, 0.0
		for _, y := range series {
			if faded {
				clear(y[84:])
			}
			scores, err := Backtest(y, []Method{GammaPoissonMethod(), CrostonMethod()}, 4, 6)
			if err != nil {
				t.Fatal(err)
			}
			ours += scores[0].Loss
			croston += scores[1].Loss
		}
		if limit := map[bool]float64{false: 1.01, true: .8}[faded]; ours > limit*croston {
			t.Errorf("faded %v: loss %v, Croston's %v", faded, ours, croston)
		}
	}
}

func BenchmarkFitGammaPoissonSet(b *testing.B) {
	for _, n := range []int{1, 100, 2500} {
		series, _ := lumpySet(n, 45, .5, 2, 1, 1)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				FitGammaPoissonSet(series, nil, GammaPoissonSetForm{})
			}
		})
	}
}
