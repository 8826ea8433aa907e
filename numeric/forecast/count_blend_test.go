package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"tradewind/numeric/distribution"
)

// mortalSet draws series of 48 periods that, in every period, end for good with the given
// probability; rates are gamma around 1.2 and wander by drift a
// period. expected is the mean of the next six periods together, given the rate.
func mortalSet(n int, death, drift float64, seed uint64) (series [][]float64, expected []float64) {
	rng := rand.New(rand.NewPCG(seed, 5))
	for range n {
		rate := .8 * distribution.DrawGamma(1.5, rng)
		y := make([]float64, 48)
		for t := range y {
			rate *= math.Exp(drift*rng.NormFloat64() - drift*drift/2)
			if rng.Float64() < death {
				rate = 0
			}
			y[t] = distribution.DrawPoisson(rate*distribution.DrawGamma(1, rng), rng)
		}
		mean := 0.0
		for k := range 6 {
			mean += rate * math.Pow(1-death, float64(k+1))
		}
		series, expected = append(series, y), append(expected, mean)
	}
	return series, expected
}

// TestCountSetBlend: 150 series that wander and may end are too many to say of each alone
// that it ended, and too few for trees to know all: over sixteen worlds the weighted mean lies
// nearer to what is to be expected than either member.
func TestCountSetBlend(t *testing.T) {
	filters, trees, blend := 0.0, 0.0, 0.0
	for seed := range uint64(16) {
		series, expected := mortalSet(150, .01, .1, seed)
		s, err := FitCountSet(series, nil, GammaPoissonSetForm{})
		if err != nil || s.Alone != nil {
			t.Fatal(err, s.Alone)
		}
		m, err := s.Filters.withTrees(series, nil, GammaPoissonSetForm{Horizon: 6})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range expected {
			loss := func(mean float64) float64 { return (mean - want) * (mean - want) / (1 + want) }
			filters += loss(6 * m.filters[i].Mean)
			trees += loss(6 * m.trees[i])
			blend += loss(s.Forecast(i, unitOffsets(6)).Total.Mean())
		}
	}
	if blend > .95*math.Min(filters, trees) {
		t.Errorf("error %v, of the filters %v, of the trees %v", blend, filters, trees)
	}
}

// TestCountSetSteady: of steady rates the filters know all that there is to know, and are
// left alone.
func TestCountSetSteady(t *testing.T) {
	for seed := range uint64(4) {
		series, _ := mortalSet(800, 0, 0, seed)
		s, err := FitCountSet(series, nil, GammaPoissonSetForm{})
		if err != nil || s.Alone != nil {
			t.Fatal(err, s.Alone)
		}
		if s.Weight != 0 || s.Gain != 0 || s.Law != s.Filters.Law || s.Name() != s.Filters.Name() {
			t.Errorf("seed %d: weight %v, gain %v", seed, s.Weight, s.Gain)
		}
		if got, want := s.Forecast(3, unitOffsets(6)).Total, s.Filters.Forecast(3, unitOffsets(6)).Total; got != want {
			t.Errorf("seed %d: %v, want the filter's %v", seed, got, want)
		}
	}
}

// TestCountSetHeldBack: whatever comes in a held-back window, and after it, the members that
// are judged on it say the same.
func TestCountSetHeldBack(t *testing.T) {
	series, _ := mortalSet(200, .02, .1, 1)
	form := GammaPoissonSetForm{Windows: 2}.withDefaults(len(series))
	before, err := heldBack(&setTrial{series: series, form: form})
	if err != nil || !slices.Equal(before.origins, []int{42, 36}) {
		t.Fatal(before, err)
	}
	for k, origin := range before.origins {
		other := firstOf(series, 48)
		for i := range other {
			other[i] = append(slices.Clone(other[i][:origin]), lumpy(48-origin, .5, uint64(i))...)
		}
		after, err := heldBack(&setTrial{series: other, form: form})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(before.members[k].trees, after.members[k].trees) || !slices.Equal(before.members[k].filters, after.members[k].filters) {
			t.Errorf("the members before %d look ahead", origin)
		}
	}
}

// TestCountSetShort: with too little to grow or judge trees by, the filters stand alone, and
// the set tells why.
func TestCountSetShort(t *testing.T) {
	long, _ := mortalSet(400, .03, 0, 1)
	for name, series := range map[string][][]float64{
		"no window":  firstOf(long, 11),
		"no origin":  firstOf(long, 17),
		"few series": long[:20], "one": {lumpy(60, .3, 5)}, "one count": {{3}},
	} {
		s, err := FitCountSet(series, nil, GammaPoissonSetForm{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if short := (*TooShortError)(nil); !errors.As(s.Alone, &short) || short.Have >= short.Need {
			t.Errorf("%s: alone for %v", name, s.Alone)
		}
		if s.Weight != 0 || s.Rate(0) != s.Filters.Rate(0) {
			t.Errorf("%s: weight %v", name, s.Weight)
		}
	}
	var short *TooShortError
	if _, err := FitCountSet([][]float64{{0, 0, 0}}, nil, GammaPoissonSetForm{}); !errors.As(err, &short) {
		t.Errorf("%v, want a *TooShortError", err)
	}
	var shape *ShapeError
	if _, err := FitCountSet([][]float64{{1, 2}, {1}}, nil, GammaPoissonSetForm{}); !errors.As(err, &shape) {
		t.Errorf("%v, want a *ShapeError", err)
	}
}

// TestCountSetHard: hard series among others leave every forecast finite and not negative,
// and one huge count in the last window the others nearly as they were.
func TestCountSetHard(t *testing.T) {
	clean, _ := mortalSet(800, .03, 0, 7)
	nan := math.NaN()
	series := slices.Clone(clean)
	n := len(clean[0])
	outlier, gaps, unseen, late := slices.Clone(clean[0]), slices.Clone(clean[1]), make([]float64, n), make([]float64, n)
	outlier[n-2], late[n-1] = 1e12, 1
	for t := range n {
		unseen[t] = nan
		if t%3 > 0 {
			gaps[t] = nan
		}
	}
	negative := slices.Clone(clean[2])
	negative[n-1], negative[5] = -4, math.Inf(-1)
	series = append(series, outlier, gaps, unseen, late, make([]float64, n), negative)
	s, err := FitCountSet(series, nil, GammaPoissonSetForm{})
	if err != nil {
		t.Fatal(err)
	}
	path, rng := make([]float64, 6), rand.New(rand.NewPCG(1, 1))
	for i := range series {
		f := s.Forecast(i, unitOffsets(6))
		s.Path(path, i, unitOffsets(6), rng)
		for _, x := range append(path, f.Total.Mean(), f.Total.Variance(), f.Total.Quantile(.99), f.Period[5].Mean()) {
			if !(x >= 0) || math.IsInf(x, 0) {
				t.Fatalf("series %d: %v", i, x)
			}
		}
	}
	// The level of the set, a sum, is moved by the outlier; what the trees say hardly is.
	form := GammaPoissonSetForm{Horizon: 6}
	was, err := FitGammaPoissonSet(clean, nil, form)
	if err != nil {
		t.Fatal(err)
	}
	a, err := was.withTrees(clean, nil, form)
	b, errHard := s.Filters.withTrees(series, nil, form)
	if err != nil || errHard != nil {
		t.Fatal(err, errHard)
	}
	x, y := 0.0, 0.0
	for i := range clean {
		x += a.trees[i]
		y += b.trees[i]
	}
	if relative(y, x) > .25 {
		t.Errorf("trees expect %v of the others, %v without the outlier", y, x)
	}
	for _, weight := range []float64{0, .5} { // no trees for what has not begun
		s.Weight = weight
		if err := s.mix(series, nil, form); err != nil {
			t.Fatal(err)
		}
		if got := s.rates[len(clean)+2]; got != s.Filters.scaled(len(clean)+2) {
			t.Errorf("weight %v, never seen: %v, want the filter's", weight, got)
		}
		for i, rate := range s.rates {
			if !(rate.Mean >= 0) || math.IsInf(rate.Mean, 0) {
				t.Errorf("weight %v, series %d: %v", weight, i, rate)
			}
		}
	}
}

// TestCountSetSame: the same on any number of cores, and a series of exposure two looks like
// one of half the rate.
func TestCountSetSame(t *testing.T) {
	series, _ := mortalSet(500, .03, 0, 3)
	one, two := make([][]float64, len(series)), make([][]float64, len(series))
	for i := range series {
		one[i], two[i] = unitOffsets(48), unitOffsets(48)
		for t := range two[i] {
			two[i][t] = 2
		}
	}
	plain, err := FitCountSet(series, nil, GammaPoissonSetForm{})
	if err != nil || plain.Weight == 0 {
		t.Fatal(err, "trees were to take part")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	alone, _ := FitCountSet(series, one, GammaPoissonSetForm{})
	doubled, err := FitCountSet(series, two, GammaPoissonSetForm{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range series {
		if plain.Rate(i) != alone.Rate(i) {
			t.Fatalf("series %d: %v and %v", i, plain.Rate(i), alone.Rate(i))
		}
		a, b := plain.Forecast(i, unitOffsets(6)).Total.Mean(), doubled.Forecast(i, two[i][:6]).Total.Mean()
		if relative(a, b) > .02 {
			t.Errorf("series %d: %v, of exposure two %v", i, a, b)
		}
	}
}

// TestCountSetCensored: counts that were cut off raise what is expected.
func TestCountSetCensored(t *testing.T) {
	series, _ := mortalSet(400, .02, 0, 9)
	censored := make([][]bool, len(series))
	for i, y := range series {
		series[i], censored[i] = slices.Clone(y), make([]bool, len(y))
		for t, v := range y {
			if v >= 2 {
				series[i][t], censored[i][t] = 2, true
			}
		}
	}
	sum := func(form GammaPoissonSetForm) (sum float64) {
		s, err := FitCountSet(series, nil, form)
		if err != nil {
			t.Fatal(err)
		}
		for i := range series {
			sum += s.Forecast(i, unitOffsets(6)).Total.Mean()
		}
		return sum
	}
	if got, cut := sum(GammaPoissonSetForm{Censored: censored}), sum(GammaPoissonSetForm{}); got < 1.1*cut {
		t.Errorf("%v, taken as they are %v", got, cut)
	}
}

func BenchmarkFitCountSet(b *testing.B) {
	series, _ := mortalSet(2500, .02, .1, 1)
	for b.Loop() {
		FitCountSet(series, nil, GammaPoissonSetForm{})
	}
}
