package forecast

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var values = rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 9)

func ordinaryMedian(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// TestMedianOfEqualWeights: with equal weights, of any size, it is the median.
func TestMedianOfEqualWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, w := values.Draw(t, "x"), rapid.Float64Range(1e-6, 1e6).Draw(t, "w")
		want := ordinaryMedian(x)
		if got := weightedMedian(slices.Clone(x), slices.Repeat([]float64{w}, len(x))); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
			t.Fatalf("%v of %v, want %v", got, x, want)
		}
	})
}

// TestWeightedMedian: it lies within the values, does not depend on their order or on the
// unit of the weights, turns with the sign, follows a value that rises, and comes to the
// value that has nearly all the weight.
func TestWeightedMedian(t *testing.T) {
	median := func(x, w []float64) float64 { return weightedMedian(slices.Clone(x), slices.Clone(w)) }
	rapid.Check(t, func(t *rapid.T) {
		x := values.Draw(t, "x")
		w := rapid.SliceOfN(rapid.Float64Range(.01, 10), len(x), len(x)).Draw(t, "w")
		k := rapid.IntRange(0, len(x)-1).Draw(t, "k")
		got := median(x, w)
		near := func(what string, other float64) {
			if math.Abs(other-got) > 1e-6*(1+math.Abs(got)) {
				t.Fatalf("%s: %v, want %v", what, other, got)
			}
		}
		if got < slices.Min(x) || got > slices.Max(x) {
			t.Fatalf("%v lies outside %v", got, x)
		}
		turnedX, turnedW := slices.Clone(x), slices.Clone(w)
		slices.Reverse(turnedX)
		slices.Reverse(turnedW)
		near("other order", median(turnedX, turnedW))
		minus, heavy := make([]float64, len(x)), make([]float64, len(x))
		for i := range x {
			minus[i], heavy[i] = -x[i], 7*w[i]
		}
		near("weights in another unit", median(x, heavy))
		near("other sign", -median(minus, w))
		risen := slices.Clone(x)
		risen[k] += 1000
		if up := median(risen, w); up < got-1e-6 {
			t.Fatalf("a value rose and the median fell from %v to %v", got, up)
		}
		all := slices.Clone(w)
		all[k] = 1e9
		if one := median(x, all); math.Abs(one-x[k]) > 1 {
			t.Fatalf("%v, want %v that has all the weight", one, x[k])
		}
	})
}

// TestWeigh: weights sum to one; power 0 is equal; a smaller error weighs more, by the ratio
// to the power; the unit of the errors does not matter; no error is an error of the mean.
func TestWeigh(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		errors []float64
		p      float64
		want   []float64
	}{
		{[]float64{1, 2, 4}, 0, []float64{1. / 3, 1. / 3, 1. / 3}},
		{[]float64{1, 2, 4}, 1, []float64{4. / 7, 2. / 7, 1. / 7}},
		{[]float64{1, 2, 2}, 2, []float64{4. / 6, 1. / 6, 1. / 6}},
		{[]float64{1, nan, 3}, 1, []float64{6. / 11, 3. / 11, 2. / 11}}, // as if the error were 2
		{[]float64{nan, nan}, 2, []float64{.5, .5}},
		{[]float64{0, 0, 0}, 8, []float64{1. / 3, 1. / 3, 1. / 3}},
		{[]float64{0, 1}, 1, []float64{1, 0}},
		{[]float64{1e-200, 2e-200}, 1, []float64{2. / 3, 1. / 3}},
		{[]float64{1e200, 2e200, nan}, 1, []float64{6. / 13, 3. / 13, 4. / 13}},
	} {
		got := weigh(tt.errors, tt.p)
		sum := 0.0
		for k := range got {
			sum += got[k]
			if math.Abs(got[k]-tt.want[k]) > 1e-8 {
				t.Errorf("errors %v to the power %v: weights %v, want %v", tt.errors, tt.p, got, tt.want)
				break
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("errors %v: weights sum to %v", tt.errors, sum)
		}
	}
}

// TestCombine: medians or weighted means of the middles, and of the spreads a weighted mean in
// which none counts for more than three times the median. Who has no opinion has no say.
func TestCombine(t *testing.T) {
	opinions := []*opinion{
		{mean: []float64{10, 1}, sd: []float64{1, 2}, totalSD: 3},
		nil,
		{mean: []float64{20, 2}, sd: []float64{2, 2}, totalSD: 5},
		{mean: []float64{60, 9}, sd: []float64{100, 2}, totalSD: 7},
	}
	f := combine(opinions, []float64{.25, .25, .25, .25}, false)
	if got := f.Means(); got[0] != 20 || got[1] != 2 || f.Total.Mean() != 22 {
		t.Errorf("medians %v, total %v, want 20, 2 and 22", got, f.Total.Mean())
	}
	for _, tt := range []struct{ got, want float64 }{
		{math.Sqrt(f.Period[0].Variance()), (1.0 + 2 + 6) / 3}, // 100 counts for 3·2
		{math.Sqrt(f.Period[1].Variance()), 2},
		{math.Sqrt(f.Total.Variance()), 5},
	} {
		if math.Abs(tt.got-tt.want) > 1e-12 {
			t.Errorf("spread %v, want %v", tt.got, tt.want)
		}
	}
	f = combine(opinions, []float64{.5, .2, .2, .1}, true)
	if got, want := f.Means()[0], (5.0+4+6)/.8; math.Abs(got-want) > 1e-12 {
		t.Errorf("weighted mean %v, want %v", got, want)
	}
}

// TestAskOnlySense: what is no number, or far outside all that was seen, is no opinion.
func TestAskOnlySense(t *testing.T) {
	past := []float64{1, 5, math.NaN(), 3}
	low, high := sane(past)
	if low != 0 || math.Abs(high-13) > 1e-4 {
		t.Errorf("believed from %v to %v, want 0 to 13: never below what never was, twice the spread beyond", low, high)
	}
	if low, _ := sane([]float64{-1, 3}); low > -9 || low < -9.1 {
		t.Errorf("believed from %v where there are negative values, want -9", low)
	}
	for _, tt := range []struct {
		mean float64
		ok   bool
	}{{3, true}, {0, true}, {13, true}, {-.1, false}, {14, false}} {
		o := ask(spoken(normals(standardNormal, 2, 1, tt.mean, 1)), past, 2, low, high)
		if (o != nil) != tt.ok {
			t.Errorf("a mean of %v: believed %v, want %v", tt.mean, o != nil, tt.ok)
		}
	}
	if o := ask(SeasonalNaiveMethod(12), past, 2, low, high); o != nil {
		t.Error("a method that could not be fitted has an opinion")
	}
}
