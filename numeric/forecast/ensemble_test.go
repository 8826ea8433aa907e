package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"tradewind/numeric/distribution"
)

// seasonal makes series of n values with level, trend, season of m and noise.
func seasonal(count, n, m int, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 9))
	list := make([][]float64, count)
	for i := range list {
		level, slope, swing, phase := 50+100*rng.Float64(), rng.NormFloat64(), 5+20*rng.Float64(), rng.Float64()
		for t := range n {
			season := swing * math.Sin(2*math.Pi*(float64(t)/float64(m)+phase))
			list[i] = append(list[i], level+slope*float64(t)+season+4*rng.NormFloat64())
		}
	}
	return list
}

// randomWalks are series whose best forecast is their last value.
func randomWalks(count, n int, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 2))
	list := make([][]float64, count)
	for i := range list {
		y := 100.0
		for range n {
			y += rng.NormFloat64()
			list[i] = append(list[i], y)
		}
	}
	return list
}

// constant is a member that knows the answer for one kind of series up to an error.
func constant(name string, value func(past []float64) float64) Method {
	return Method{Name: name, Forecast: func(past []float64, h int) (Forecast, error) {
		f := Forecast{Total: distribution.NewNormal(float64(h)*value(past), float64(h))}
		for range h {
			f.Period = append(f.Period, distribution.NewNormal(value(past), 1))
		}
		return f, nil
	}}
}

// printed is all that an ensemble learnt and forecasts, digit for digit.
func printed(t *testing.T, e *Ensemble, series [][]float64, h int) string {
	t.Helper()
	out := fmt.Sprintf("%v %v %v %v %v %v %v\n", e.Power, e.Evidence, e.Judged, e.Gain, e.GainError, e.Optimism, e.Naive)
	for _, y := range series {
		c, err := e.Forecast(y, h)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range append(c.Period, c.Total) {
			out += fmt.Sprintln(d.Mean(), d.Variance(), d.Quantile(.05), d.Quantile(.95))
		}
		out += fmt.Sprintln(c.Weights, c.Warnings)
	}
	return out
}

// TestEnsembleInAnyOrder: forwards, backwards or in parallel, the bytes are the same.
func TestEnsembleInAnyOrder(t *testing.T) {
	series := seasonal(16, 40, 4, 1)
	fit := func(each func(int, func(int))) string {
		return printed(t, FitEnsemble(series, EnsembleForm{Seasons: []float64{4}, Horizon: 4, Each: each}), series[:3], 4)
	}
	want := fit(nil)
	for name, each := range map[string]func(int, func(int)){
		"backwards": func(n int, do func(int)) {
			for i := n - 1; i >= 0; i-- {
				do(i)
			}
		},
		"in parallel": func(n int, do func(int)) {
			var all sync.WaitGroup
			for i := range n {
				all.Go(func() { do(i) })
			}
			all.Wait()
		},
	} {
		if got := fit(each); got != want {
			t.Errorf("%s: %s", name, cmp.Diff(want, got))
		}
	}
}

// TestEnsembleScale: ten times the series of a class are ten times the forecasts, by the
// same choice.
func TestEnsembleScale(t *testing.T) {
	series := seasonal(14, 44, 4, 5)
	form := EnsembleForm{Seasons: []float64{4}, Horizon: 4}
	ten := make([][]float64, len(series))
	for i, y := range series {
		for _, v := range y {
			ten[i] = append(ten[i], 10*v)
		}
	}
	a, b := FitEnsemble(series, form), FitEnsemble(ten, form)
	if a.Power != b.Power || a.Naive != b.Naive || relative(a.Gain, b.Gain) > 1e-3 {
		t.Errorf("power %v, gain %v; of ten times the series %v, %v", a.Power, a.Gain, b.Power, b.Gain)
	}
	for i := range 4 {
		fa, _ := a.Forecast(series[i], 6)
		fb, _ := b.Forecast(ten[i], 6)
		for k, d := range append(fa.Period, fa.Total) {
			e := append(fb.Period, fb.Total)[k]
			if relative(e.Mean(), 10*d.Mean()) > 1e-4 || relative(e.Quantile(.9), 10*d.Quantile(.9)) > 1e-3 {
				t.Errorf("series %d, period %d: %v and %v, want ten times %v and %v", i, k, e.Mean(), e.Quantile(.9), d.Mean(), d.Quantile(.9))
			}
		}
	}
}

// TestNoMemberSeesWhatItIsJudgedOn records what members are shown while a class is learnt:
// always the beginning of a series, ending before the periods that they are asked for, and
// those lie within the series.
func TestNoMemberSeesWhatItIsJudgedOn(t *testing.T) {
	series := seasonal(13, 30, 4, 3)
	for i := range series {
		for k := range series[i] {
			series[i][k] = 1000*float64(i+1) + float64(k) // the value tells the series and the time
		}
	}
	for _, h := range []int{1, 2, 5, 6} {
		asked := 0
		spy := Method{Name: "spy", Forecast: func(past []float64, h int) (Forecast, error) {
			asked++
			i := int(past[0])/1000 - 1
			if !slices.Equal(past, series[i][:len(past)]) {
				t.Fatalf("shown %v, which is not the beginning of series %d", past, i)
			}
			if h < 1 || len(past)+h > len(series[i]) {
				t.Fatalf("asked for %d periods after %d of %d values: nothing there to judge it on", h, len(past), len(series[i]))
			}
			return NaiveMethod().Forecast(past, h)
		}}
		FitEnsemble(series, EnsembleForm{Horizon: h, Members: []Method{spy}})
		if want := 13 * 4; asked < want {
			t.Errorf("horizon %d: asked %d times, want %d and more", h, asked, want)
		}
	}
}

// TestLastHorizonIsSeenByNoChoice: whatever happens in the last horizon, the power and what
// it was chosen on stay; the published gain and the intervals change.
func TestLastHorizonIsSeenByNoChoice(t *testing.T) {
	form := EnsembleForm{Horizon: 3, Members: []Method{
		constant("last", func(past []float64) float64 { return past[len(past)-1] }),
		constant("mean", func(past []float64) float64 { return averageOf(past) }),
		constant("zero", func([]float64) float64 { return 0 }),
	}}
	for seed := range uint64(8) {
		series := randomWalks(20, 24, seed)
		rng := rand.New(rand.NewPCG(seed, 40))
		other := make([][]float64, len(series))
		for i, y := range series {
			other[i] = slices.Clone(y)
			for k := 1; k <= form.Horizon; k++ {
				other[i][len(y)-k] = 100 * math.Exp(3*rng.NormFloat64())
			}
		}
		a, b := FitEnsemble(series, form), FitEnsemble(other, form)
		if a.Power != b.Power {
			t.Errorf("seed %d: power %v, and %v with another last horizon", seed, a.Power, b.Power)
		}
		if a.Gain == b.Gain || a.Optimism == b.Optimism {
			t.Errorf("seed %d: gain %v and optimism %v do not come from the last horizon", seed, a.Gain, a.Optimism)
		}
	}
}

func averageOf(y []float64) float64 {
	var a average
	for _, v := range y {
		a.add(v)
	}
	return a.mean()
}

// TestPastForecastsDoNotKnowTheFuture: a forecast from an origin does not depend on what came
// after it, nor do the members' errors at an origin.
func TestPastForecastsDoNotKnowTheFuture(t *testing.T) {
	e := FitEnsemble(nil, EnsembleForm{Seasons: []float64{4}, Horizon: 4})
	y := seasonal(1, 48, 4, 6)[0]
	changed := slices.Clone(y)
	for k := 44; k < 48; k++ {
		changed[k] = 1e4
	}
	a, b := e.try(y), e.try(changed)
	for k := 1; k < len(a.errors); k++ {
		if !slices.Equal(a.errors[k], b.errors[k]) || !slices.Equal(a.actual[k], b.actual[k]) {
			t.Errorf("%d horizons before the last: errors %v, and %v with another last horizon", k, a.errors[k], b.errors[k])
		}
	}
	if a.scale != b.scale {
		t.Errorf("scale %v, and %v with another last horizon", a.scale, b.scale)
	}
	for m, o := range a.opinions[0] {
		if !slices.Equal(o.mean, b.opinions[0][m].mean) {
			t.Errorf("%s forecasts the last horizon with knowledge of it", e.form.Members[m].Name)
		}
	}
}

// TestPowerWherePastTells: of series that each belong to another member, which is right for
// all of its time, the class learns to weigh by the past; and a series goes to its member.
func TestPowerWherePastTells(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 1))
	form := EnsembleForm{Horizon: 4}
	var series [][]float64
	for k := range 4 {
		level := 10 * math.Pow(2, float64(k))
		form.Members = append(form.Members, constant(fmt.Sprint(level), func([]float64) float64 { return level }))
	}
	for i := range 24 {
		level := 10 * math.Pow(2, float64(i%4))
		y := make([]float64, 40)
		for t := range y {
			y[t] = level + 2*rng.NormFloat64()
		}
		y[0], y[1] = 1, 100 // so that every member's level is believed
		series = append(series, y)
	}
	e := FitEnsemble(series, form)
	if e.Power == 0 || e.Naive || !(e.Gain > 0) {
		t.Fatalf("power %v, gain %v, naive %v; want weights that pay", e.Power, e.Gain, e.Naive)
	}
	if math.Abs(e.Optimism) > .3 {
		t.Errorf("optimism %v where all time is alike", e.Optimism)
	}
	if len(e.Evidence) != 4 || e.Evidence[0].Member != "10" || !(e.Evidence[0].Error > 0) {
		t.Errorf("evidence %v", e.Evidence)
	}
	for i := range 4 {
		c, err := e.Forecast(series[i], 4)
		if err != nil {
			t.Fatal(err)
		}
		if want := form.Members[i].Name; c.Weights[0].Member != want || c.Weights[0].Share < .5 {
			t.Errorf("series around %s: weights %v", want, c.Weights)
		}
		if !slices.IsSortedFunc(c.Weights, func(a, b Weight) int { return int(math.Copysign(1, b.Share-a.Share)) }) {
			t.Errorf("weights are not in order: %v", c.Weights)
		}
	}
	short := series[0][:8] // no horizon to be judged on
	if c, _ := e.Forecast(short, 4); !slices.Contains(c.Warnings, WarnNoEvidence) || c.Weights[0].Share != .25 {
		t.Errorf("a short series: weights %v, warnings %v; want equal ones and a warning", c.Weights, c.Warnings)
	}
}

// TestNoPowerWithoutEvidence: short series, and few of them, leave the plain median.
func TestNoPowerWithoutEvidence(t *testing.T) {
	for name, series := range map[string][][]float64{
		"too short for a choice": seasonal(30, 13, 4, 2),
		"too few for a choice":   seasonal(8, 60, 4, 2),
		"none":                   nil,
	} {
		e := FitEnsemble(series, EnsembleForm{Seasons: []float64{4}, Horizon: 4})
		if e.Power != 0 || !math.IsNaN(e.Optimism) {
			t.Errorf("%s: power %v, optimism %v; want the median and no claim", name, e.Power, e.Optimism)
		}
		if name != "none" {
			continue
		}
		c, err := e.Forecast(seasonal(1, 40, 4, 1)[0], 4)
		if err != nil || !slices.Contains(c.Warnings, WarnNotJudged) || e.Judged != 0 || !math.IsNaN(e.Gain) {
			t.Errorf("none: %v, warnings %v, gain %v of %d; want one that says that intervals were not held", err, c.Warnings, e.Gain, e.Judged)
		}
	}
}

// TestSeasonIsWorthSomething: on series with trend and season the ensemble beats seasonal
// naive, and its intervals hold on values that it has not seen.
func TestSeasonIsWorthSomething(t *testing.T) {
	const h = 4
	series := seasonal(60, 52, 4, 21)
	var past [][]float64
	for _, y := range series {
		past = append(past, y[:len(y)-h])
	}
	e := FitEnsemble(past, EnsembleForm{Seasons: []float64{4}, Horizon: h})
	if e.Naive || !(e.Gain > 2*e.GainError) || e.Judged != 60 {
		t.Errorf("gain %v ± %v of %d, naive %v", e.Gain, e.GainError, e.Judged, e.Naive)
	}
	var inside [2]Coverage
	for i, y := range series {
		c, err := e.Forecast(past[i], h)
		if err != nil || len(c.Warnings) > 0 {
			t.Fatal(err, c.Warnings)
		}
		for k, d := range c.Period {
			inside[0].AddClosed(d, y[len(y)-h+k], .8)
			inside[1].AddClosed(d, y[len(y)-h+k], .95)
		}
	}
	// Four standard errors of 240 values, of which those of one series move together.
	if a, b := inside[0].Share(), inside[1].Share(); math.Abs(a-.8) > .13 || math.Abs(b-.95) > .07 {
		t.Errorf("80 and 95 %% intervals held %v and %v", a, b)
	}
}

// TestNothingToFindInRandomWalks is the negative control: nothing beats the last value of a
// random walk, and over many classes the ensemble does not claim to. Where it does not, naive
// stands in, its intervals held by its own errors.
func TestNothingToFindInRandomWalks(t *testing.T) {
	const classes, h = 12, 3
	claimed := 0
	var inside Coverage
	for seed := range uint64(classes) {
		series := randomWalks(30, 30+h, 100+seed)
		var past [][]float64
		for _, y := range series {
			past = append(past, y[:30])
		}
		e := FitEnsemble(past, EnsembleForm{Horizon: h, Members: []Method{SimpleSmoothingMethod(), ThetaMethod(1), WindowMeanMethod(4), DriftMethod()}})
		if !e.Naive {
			claimed++
			continue
		}
		for i, y := range series {
			c, err := e.Forecast(past[i], h)
			if err != nil || !slices.Equal(c.Warnings, []string{WarnNaive}) || !slices.Equal(c.Weights, []Weight{{"seasonal naive 1", 1}}) {
				t.Fatalf("%v, warnings %v, weights %v", err, c.Warnings, c.Weights)
			}
			for k, d := range c.Period {
				if math.Abs(d.Mean()-past[i][29]) > 1e-9 {
					t.Fatalf("mean %v, want the last value %v", d.Mean(), past[i][29])
				}
				inside.AddClosed(d, y[30+k], .8)
			}
		}
	}
	if claimed > 2 { // a level of 5 % each
		t.Errorf("%d of %d classes of random walks claim to beat naive", claimed, classes)
	}
	if share := inside.Share(); math.Abs(share-.8) > .06 {
		t.Errorf("80 %% intervals of naive held %v", share)
	}
}

// TestEnsembleWithoutMembers: nobody to ask leaves naive.
func TestEnsembleWithoutMembers(t *testing.T) {
	refuses := Method{Name: "refuses", Forecast: func([]float64, int) (Forecast, error) {
		return Forecast{}, &TooShortError{Method: "refuses", Need: 1 << 30}
	}}
	for _, members := range [][]Method{{}, {refuses}} {
		e := FitEnsemble(seasonal(15, 40, 4, 3), EnsembleForm{Seasons: []float64{4}, Horizon: 4, Members: members})
		y := []float64{1, 2, 3, 4, 5, 6, 7, 8}
		c, err := e.Forecast(y, 4)
		if err != nil || !slices.Equal(c.Means(), []float64{5, 6, 7, 8}) || !slices.Contains(c.Warnings, WarnFallback) {
			t.Errorf("%v: means %v, warnings %v; want the last season and a warning", err, c.Means(), c.Warnings)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("no horizon: no panic")
		}
	}()
	FitEnsemble(nil, EnsembleForm{})
}

// TestGlobalMembersDoNotSeeWhatTheyAreJudgedOn: a member that learns from all series is asked
// about periods that lie after all that it was fitted to, and learns from all series alike.
func TestGlobalMembersDoNotSeeWhatTheyAreJudgedOn(t *testing.T) {
	const n, h = 36, 4
	series := seasonal(fewestGlobal, n, 4, 8)
	fitted, asked := map[int]bool{}, 0
	spy := GlobalMember{Name: "spy", Fit: func(series [][]float64, _ *rand.Rand) (Method, error) {
		known := len(series[0])
		fitted[n-known] = true
		for _, y := range series {
			if len(y) != known {
				t.Errorf("fitted to %d values of one series and %d of another", known, len(y))
			}
		}
		return Method{Name: "spy", Forecast: func(past []float64, h int) (Forecast, error) {
			asked++
			if len(past) < known || len(past)+h > n && len(past) < n {
				t.Fatalf("fitted to %d values, asked for %d after %d of %d", known, h, len(past), n)
			}
			return NaiveMethod().Forecast(past, h)
		}}, nil
	}}
	form := EnsembleForm{Horizon: h, Members: []Method{NaiveMethod(), WindowMeanMethod(4)}, Global: []GlobalMember{spy}}
	e := FitEnsemble(series, form)
	if !fitted[0] || !fitted[h] || asked == 0 {
		t.Errorf("fitted before the last %v periods, asked %d times; want a fit to all and one without the last horizon", fitted, asked)
	}
	if last := e.Evidence[len(e.Evidence)-1]; len(e.Evidence) != 3 || last.Member != "spy" || math.IsNaN(last.Error) {
		t.Errorf("evidence %v, want that of the global member, too", e.Evidence)
	}
	asked = 0
	if c, err := e.Forecast(series[3], h); err != nil || len(c.Weights) != 3 && !e.Naive {
		t.Errorf("%v, weights %v", err, c.Weights)
	}
	clear(fitted)
	if FitEnsemble(series[:fewestGlobal-1], form); len(fitted) > 0 {
		t.Error("a class that is too small has global members")
	}
}

// TestNaiveHasIntervalsOfItsOwn: where naive stands in for members that do not know how wrong
// they are, its intervals come from its own errors.
func TestNaiveHasIntervalsOfItsOwn(t *testing.T) {
	const h = 3
	unsure := Method{Name: "unsure", Forecast: func(past []float64, h int) (Forecast, error) {
		f := Forecast{Total: distribution.NewNormal(0, 1000)}
		for range h {
			f.Period = append(f.Period, distribution.NewNormal(past[len(past)-1]+1, 100))
		}
		return f, nil
	}}
	var past [][]float64
	series := randomWalks(80, 40+h, 7)
	for _, y := range series {
		past = append(past, y[:40])
	}
	e := FitEnsemble(past, EnsembleForm{Horizon: h, Members: []Method{unsure}})
	if !e.Naive {
		t.Fatalf("gain %v ± %v of a member that is always off", e.Gain, e.GainError)
	}
	var inside Coverage
	for i, y := range series {
		c, err := e.Forecast(past[i], h)
		if err != nil {
			t.Fatal(err)
		}
		for k, d := range c.Period {
			inside.AddClosed(d, y[40+k], .8)
		}
	}
	if share := inside.Share(); math.Abs(share-.8) > .12 { // three standard errors
		t.Errorf("80 %% intervals held %v", share)
	}
}
