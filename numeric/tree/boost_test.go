package tree

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func fitted(t testing.TB, d Data, form BoostForm) *Boost {
	t.Helper()
	b, err := FitBoost(d, form, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *Boost) of(x [][]float64) []float64 {
	dst := make([]float64, len(x[0]))
	b.Predict(dst, x, nil)
	return dst
}

// TestBoostFriedman: scikit-learn 1.2.1's HistGradientBoostingRegressor, with the same
// settings, has a mean squared error of 1.6478 on the same data (testdata/reference).
func TestBoostFriedman(t *testing.T) {
	train, test := friedman1(2000, 10, 1, 0), friedman1(5000, 10, 1, 1)
	b := fitted(t, train, BoostForm{Rounds: 300, Rate: .05, MaxLeaves: 15, MinRows: 20})
	if got, want := mse(b.of(test.X), test.Y), 1.6478; math.Abs(got/want-1) > .05 {
		t.Errorf("mean squared error %.4f, want %.4f within 5 %%", got, want)
	}
	for j := range b.Gain {
		if slices.Max(b.Gain[5:]) > .03*slices.Min(b.Gain[:5]) {
			t.Fatalf("feature %d has gain %v of %v", j, b.Gain[j], b.Gain)
		}
	}
	for k := range b.Trees {
		if n := b.Trees[k].leaves(); n > 15 {
			t.Fatalf("tree %d has %d leaves", k, n)
		}
	}
}

// TestStump: a tree of one split is the best of all that can be made, missing values on
// either side.
func TestStump(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		l2 := rapid.SampledFrom([]float64{0, 1, 5}).Draw(t, "l2")
		weighs := rapid.Bool().Draw(t, "weighs")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		d := Data{X: [][]float64{make([]float64, n), make([]float64, n)}, Y: make([]float64, n)}
		for i := range n {
			for _, x := range d.X {
				x[i] = float64(rng.IntN(7))
				if rng.IntN(4) == 0 {
					x[i] = math.NaN()
				}
			}
			d.Y[i] = rng.NormFloat64()
		}
		if weighs {
			for range n {
				d.Weight = append(d.Weight, .5+rng.Float64())
			}
		}
		b, err := FitBoost(d, BoostForm{Rounds: 1, Rate: 1, MaxDepth: 1, MinRows: 1, L2: l2}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, want := 0.0, bestStump(d, b.Start, l2)
		if len(b.Trees) > 0 {
			got = b.Gain[b.Trees[0].Nodes[0].Feature]
		}
		if math.Abs(got-want) > 1e-9*(1+want) {
			t.Fatalf("gain %v, the best is %v", got, want)
		}
	})
}

// bestStump tries every threshold, with missing values left and right.
func bestStump(d Data, start, l2 float64) float64 {
	side := func(left func(i int) bool) (float64, bool) {
		g, h := [2]float64{}, [2]float64{}
		for i, y := range d.Y {
			k := toInt(left(i))
			g[k] += d.weight(i) * (start - y)
			h[k] += d.weight(i)
		}
		whole := (g[0] + g[1]) * (g[0] + g[1]) / (h[0] + h[1] + l2)
		return g[0]*g[0]/(h[0]+l2) + g[1]*g[1]/(h[1]+l2) - whole, h[0] > 0 && h[1] > 0
	}
	best := 0.0
	for _, x := range d.X {
		for _, threshold := range append([]float64{math.MaxFloat64}, x...) {
			for _, missing := range []bool{false, true} {
				gain, both := side(func(i int) bool { return x[i] <= threshold || missing && math.IsNaN(x[i]) })
				if both {
					best = max(best, gain)
				}
			}
		}
	}
	if best < 1e-12 {
		return 0
	}
	return best
}

// TestMissingIsKnowledge: where being missing says it all, the split is on that.
func TestMissingIsKnowledge(t *testing.T) {
	d := Data{X: [][]float64{nil, nil}}
	for i := range 400 {
		x, y := float64(i%10), 1.0
		if i%4 == 0 {
			x, y = math.NaN(), 5
		}
		d.X[0], d.X[1], d.Y = append(d.X[0], x), append(d.X[1], math.NaN()), append(d.Y, y)
	}
	for i := 380; i < 400; i++ { // deeper down, the largest value that is known is not the largest there is
		d.X[0][i], d.Y[i] = 20+float64(i), 3
	}
	b := fitted(t, d, BoostForm{Rounds: 1, Rate: 1, MinRows: 1})
	for x, want := range map[float64]float64{math.NaN(): 5, 0: 1, 9: 1, 500: 3, 1e9: 3} {
		if got := b.PredictRow([]float64{x, 3}, 0); math.Abs(got-want) > 1e-6 {
			t.Errorf("x %v gives %v, want %v", x, got, want)
		}
	}
}

// TestNothingToLearn: constant targets, single rows and columns without a value give the
// constant, whatever the loss.
func TestNothingToLearn(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name string
		d    Data
	}{
		{"constant", Data{X: [][]float64{{1, 2, 3, 4, 5, 6}}, Y: []float64{.1, .1, .1, .1, .1, .1}}},
		{"one row", Data{X: [][]float64{{3}, {nan}}, Y: []float64{.1}}},
		{"no feature", Data{Y: []float64{.1, .1}}},
		{"nothing known", Data{X: [][]float64{{nan, nan, nan}}, Y: []float64{.1, .1, .1}}},
		{"nothing differs", Data{X: [][]float64{{7, 7, 7}}, Y: []float64{.05, .15, .1}}},
	} {
		for _, loss := range []Loss{L2{}, Poisson{}, Tweedie{}, Quantile{}, Logistic{}} {
			b := fitted(t, c.d, BoostForm{Loss: loss, MinRows: 1, Rounds: 50, Rate: .5})
			for i := range c.d.Y {
				row := []float64{}
				for _, x := range c.d.X {
					row = append(row, x[i])
				}
				if got := b.PredictRow(row, 0); math.Abs(got-.1) > 1e-9 {
					t.Errorf("%s, %T: %v, want .1", c.name, loss, got)
				}
			}
		}
	}
}

// TestWeightsAreRepetition: a row of weight 3 is three rows.
func TestWeightsAreRepetition(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, loss := range []Loss{L2{}, Poisson{}, Tweedie{Power: 1.2}, Quantile{U: .7}, Logistic{}} {
		weighted, repeated := Data{X: make([][]float64, 2)}, Data{X: make([][]float64, 2)}
		for range 300 {
			a, b, w := float64(rng.IntN(30)), float64(rng.IntN(30)), rng.IntN(4)
			y := rng.Float64() * (1 + a) / 40
			weighted.X[0], weighted.X[1] = append(weighted.X[0], a), append(weighted.X[1], b)
			weighted.Y, weighted.Weight = append(weighted.Y, y), append(weighted.Weight, float64(w))
			for range w {
				repeated.X[0], repeated.X[1] = append(repeated.X[0], a), append(repeated.X[1], b)
				repeated.Y = append(repeated.Y, y)
			}
		}
		form := BoostForm{Loss: loss, Rounds: 20, MaxDepth: 3, MinRows: 1, L2: 1}
		got, want := fitted(t, weighted, form).of(weighted.X), fitted(t, repeated, form).of(weighted.X)
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-6 {
				t.Errorf("%T: row %d is %v weighted and %v repeated", loss, i, got[i], want[i])
				break
			}
		}
	}
}

// TestMonotone: along a constrained feature the prediction never turns, wherever the
// others stand; without the constraint it does.
func TestMonotone(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	d := Data{X: make([][]float64, 3)}
	for range 3000 {
		x := [3]float64{rng.Float64(), rng.Float64(), rng.Float64()}
		for j := range x {
			d.X[j] = append(d.X[j], x[j])
		}
		if rng.IntN(10) == 0 {
			d.X[0][len(d.Y)] = math.NaN()
		}
		y := 2*x[0] + math.Sin(9*x[0])*(1+x[2]) - x[1] - math.Cos(7*x[1]*x[2]) + 4
		d.Y = append(d.Y, max(0, y+.5*rng.NormFloat64()))
	}
	monotone := []int8{1, -1, 0}
	for _, loss := range []Loss{L2{}, Poisson{}, Tweedie{}, Quantile{U: .8}} {
		for _, depth := range []int{0, 5} {
			form := BoostForm{Loss: loss, Rounds: 60, MaxDepth: depth, MinRows: 5, Monotone: monotone}
			if falls := turns(fitted(t, d, form), monotone, rng); falls > 0 {
				t.Errorf("%T, depth %d: %d turns", loss, depth, falls)
			}
			form.Monotone = nil
			if falls := turns(fitted(t, d, form), monotone, rng); falls == 0 {
				t.Errorf("%T, depth %d: the free model is monotone, so the test shows nothing", loss, depth)
			}
		}
	}
}

// turns counts steps of a grid at which the prediction goes the wrong way.
func turns(model interface {
	PredictRow([]float64, float64) float64
}, monotone []int8, rng *rand.Rand) int {
	n := 0
	for range 200 {
		row := []float64{rng.Float64(), rng.Float64(), rng.Float64()}
		for j, m := range monotone {
			last := math.Inf(-int(m))
			for k := 0; m != 0 && k <= 100; k++ {
				row[j] = float64(k) / 100
				v := model.PredictRow(row, 0)
				if float64(m)*(v-last) < -1e-12 {
					n++
				}
				last = v
			}
			row[j] = rng.Float64()
		}
	}
	return n
}

// TestWorkers: the model is the same to the byte on any number of goroutines.
func TestWorkers(t *testing.T) {
	d := friedman1(40_000, 10, 1, 2)
	d.Weight = make([]float64, len(d.Y))
	for i := range d.Weight {
		d.Weight[i] = 1 + float64(i%3)
	}
	plain := Data{X: d.X, Y: d.Y}
	sided := BoostForm{Rounds: 5}
	sided.OneSide.Top, sided.OneSide.Other = .2, .1
	for name, c := range map[string]struct {
		d    Data
		form BoostForm
	}{
		"narrow":  {plain, BoostForm{Rounds: 5, MaxDepth: 6}},
		"wide":    {d, BoostForm{Rounds: 5, Loss: Tweedie{}}},
		"sampled": {d, BoostForm{Rounds: 5, Rows: .5, Features: .6}},
		"sided":   {plain, sided},
	} {
		c.d.Y = slices.Clone(c.d.Y)
		for i, y := range c.d.Y {
			c.d.Y[i] = max(y, 0)
		}
		var models []string
		for _, procs := range []int{1, 8} {
			before := runtime.GOMAXPROCS(procs)
			text, err := json.Marshal(fitted(t, c.d, c.form))
			runtime.GOMAXPROCS(before)
			if err != nil {
				t.Fatal(err)
			}
			models = append(models, string(text))
		}
		if models[0] != models[1] {
			t.Errorf("%s: the model depends on the number of goroutines", name)
		}
	}
}

// TestTweedie recovers the means of compound Poisson amounts, which are 0 in most rows.
func TestTweedie(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	d := Data{X: make([][]float64, 1)}
	mean := func(x float64) float64 { return (.2 + .1*x) * (1 + x) }
	for i := range 60_000 {
		x, sum := float64(i%6), 0.0
		for left := math.Exp(-(.2 + .1*x)); ; { // Knuth's Poisson count of exponential parts
			if left = left / max(rng.Float64(), 1e-300); left > 1 {
				break
			}
			sum += (1 + x) * rng.ExpFloat64()
		}
		d.X[0], d.Y = append(d.X[0], x), append(d.Y, sum)
	}
	b := fitted(t, d, BoostForm{Loss: Tweedie{Power: 1.5}, Rounds: 200})
	for i := range 6 {
		x := float64(i)
		if got, want := b.PredictRow([]float64{x}, 0), mean(x); math.Abs(got/want-1) > .06 {
			t.Errorf("mean at %v is %v, want %v", x, got, want)
		}
	}
}

// TestOffset: rates that do not depend on the exposure are found behind it.
func TestOffset(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	d := Data{X: make([][]float64, 1)}
	for i := range 20_000 {
		exposure := 1 + 9*rng.Float64()
		rate := .5 + float64(i%2)
		n := 0.0
		for at := rng.ExpFloat64(); at < rate*exposure; at += rng.ExpFloat64() {
			n++
		}
		d.X[0], d.Y = append(d.X[0], float64(i%2)), append(d.Y, n)
		d.Offset = append(d.Offset, math.Log(exposure))
	}
	b := fitted(t, d, BoostForm{Loss: Poisson{}})
	for _, exposure := range []float64{1, 7} {
		for x, rate := range []float64{.5, 1.5} {
			if got, want := b.PredictRow([]float64{float64(x)}, math.Log(exposure)), rate*exposure; math.Abs(got/want-1) > .02 {
				t.Errorf("x %d, exposure %v: %v, want %v", x, exposure, got, want)
			}
		}
	}
}

// TestQuantileCoverage: the share of new values below the predicted quantile is that of
// the quantile, where the spread is narrow and where it is wide.
func TestQuantileCoverage(t *testing.T) {
	spread := func(n int, seed uint64) Data {
		rng := rand.New(rand.NewPCG(seed, 1))
		d := Data{X: make([][]float64, 2)}
		for range n {
			x := rng.Float64()
			d.X[0], d.X[1] = append(d.X[0], x), append(d.X[1], rng.Float64())
			d.Y = append(d.Y, 3*x+(.2+2*x)*rng.NormFloat64())
		}
		return d
	}
	train, test := spread(20_000, 1), spread(20_000, 2)
	for _, u := range []float64{.1, .5, .9} {
		got := fitted(t, train, BoostForm{Loss: Quantile{U: u}, MaxLeaves: 8, MinRows: 100}).of(test.X)
		below, n := [2]float64{}, [2]float64{}
		for i, y := range test.Y {
			half := toInt(test.X[0][i] > .5)
			n[half]++
			below[half] += float64(toInt(y < got[i]))
		}
		for half := range n {
			if c := below[half] / n[half]; math.Abs(c-u) > .025 {
				t.Errorf("quantile %v, half %d: %.3f of the values are below", u, half, c)
			}
		}
	}
}
