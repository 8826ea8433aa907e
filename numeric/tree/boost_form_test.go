package tree

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCategories: codes without any order are told apart by sets; codes never seen go with
// the missing ones.
func TestCategories(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 3))
	effect := make([]float64, 60)
	for c := range effect {
		effect[c] = 2 * rng.NormFloat64()
	}
	d := Data{X: make([][]float64, 1)}
	for i := range 6000 {
		c := i % 60
		d.X[0], d.Y = append(d.X[0], float64(c)), append(d.Y, effect[c]+.3*rng.NormFloat64())
		if i%13 == 0 {
			d.X[0][i], d.Y[i] = math.NaN(), -9
		}
	}
	form := BoostForm{Rounds: 20, Rate: .5, MaxDepth: 3}
	numbers := mse(fitted(t, d, form).of(d.X), d.Y)
	form.Categorical = []bool{true}
	b := fitted(t, d, form)
	if sets := mse(b.of(d.X), d.Y); sets > .2 || sets > .8*numbers {
		t.Errorf("mean squared error %v by sets, %v by numbers", sets, numbers)
	}
	missing := b.PredictRow([]float64{math.NaN()}, 0)
	for _, x := range []float64{60, 254, 255, 1e9, -1, 3.5, math.Inf(1)} {
		if got := b.PredictRow([]float64{x}, 0); got != missing {
			t.Errorf("code %v gives %v, a missing one %v", x, got, missing)
		}
	}
	if math.Abs(missing+9) > .2 {
		t.Errorf("missing gives %v, want -9", missing)
	}
}

// TestSetsAreTheBestSplit: one split by category is the best of all subsets.
func TestSetsAreTheBestSplit(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 3))
	for range 50 {
		const codes = 7
		d := Data{X: make([][]float64, 1)}
		for c := range codes { // as many rows each, so that the order is that of the means
			effect := rng.NormFloat64()
			for range 6 {
				d.X[0], d.Y = append(d.X[0], float64(c)), append(d.Y, effect+rng.NormFloat64())
			}
		}
		b := fitted(t, d, BoostForm{Rounds: 1, MaxDepth: 1, MinRows: 1, Categorical: []bool{true}})
		best := 0.0
		for set := 1; set < 1<<codes-1; set++ {
			sum, n := [2]float64{}, [2]float64{}
			for i, y := range d.Y {
				k := set >> int(d.X[0][i]) & 1
				sum[k] += y - b.Start
				n[k]++
			}
			best = max(best, sum[0]*sum[0]/n[0]+sum[1]*sum[1]/n[1])
		}
		if math.Abs(b.Gain[0]-best) > 1e-9*best {
			t.Fatalf("gain %v, the best is %v", b.Gain[0], best)
		}
	}
}

// TestEarlyStopping: boosting ends soon after the held-out loss is lowest, and keeps the
// trees up to there.
func TestEarlyStopping(t *testing.T) {
	train, held := friedman1(500, 10, 1, 0), friedman1(2000, 10, 1, 1)
	b := fitted(t, train, BoostForm{Rounds: 2000, Rate: .2, Held: &held, Patience: 15})
	n := len(b.Trees)
	if n < 20 || n > 500 || len(b.HeldLoss) != n {
		t.Fatalf("%d trees and %d losses", n, len(b.HeldLoss))
	}
	for k, loss := range b.HeldLoss[:n-1] {
		if loss <= b.HeldLoss[n-1] {
			t.Errorf("tree %d has loss %v, the last %v", k, loss, b.HeldLoss[n-1])
		}
	}
	if got, want := b.HeldLoss[n-1], mse(b.of(held.X), held.Y)/2; math.Abs(got-want) > 1e-9 {
		t.Errorf("loss %v, want %v", got, want)
	}
}

// TestSampling: half of the rows, of the features, or those with large gradients, cost
// little accuracy; the same generator gives the same model.
func TestSampling(t *testing.T) {
	train, test := friedman1(4000, 10, 1, 0), friedman1(4000, 10, 1, 1)
	form := BoostForm{Rounds: 150}
	full := mse(fitted(t, train, form).of(test.X), test.Y)
	sided := form
	sided.OneSide.Top, sided.OneSide.Other = .2, .2
	for name, form := range map[string]BoostForm{
		"rows": {Rounds: 150, Rows: .5}, "features": {Rounds: 150, Features: .5}, "one-sided": sided,
	} {
		b := fitted(t, train, form)
		if got := mse(b.of(test.X), test.Y); got > 1.1*full {
			t.Errorf("%s: mean squared error %v, in full %v", name, got, full)
		}
		if d := cmp.Diff(b, fitted(t, train, form)); d != "" {
			t.Errorf("%s: the same generator gives another model: %s", name, d)
		}
	}
}

// TestLimits holds the leaves to what the form says.
func TestLimits(t *testing.T) {
	d := friedman1(1000, 10, 1, 0)
	for _, form := range []BoostForm{
		{MaxDepth: 3, MinRows: 40}, {MaxLeaves: 7, MinRows: 100}, {MaxDepth: 2, MaxLeaves: 31},
		{Loss: Poisson{}, MinWeight: 400}, {MinGain: 1000}, {MaxBins: 4},
	} {
		b := fitted(t, d, form)
		form = form.withDefaults()
		for k := range b.Trees {
			tree := &b.Trees[k]
			rows := map[int32]int{}
			for i := range d.Y {
				rows[tree.leafOf(d.X, i)]++
			}
			if form.MaxLeaves > 0 && tree.leaves() > form.MaxLeaves || len(rows) != tree.leaves() {
				t.Errorf("%+v: %d leaves, %d with rows", form, tree.leaves(), len(rows))
			}
			if depth := tree.depth(0); form.MaxDepth > 0 && depth > form.MaxDepth {
				t.Errorf("%+v: depth %d", form, depth)
			}
			for leaf, n := range rows {
				if n < form.MinRows {
					t.Errorf("%+v: leaf %d has %d rows", form, leaf, n)
				}
			}
		}
	}
	if b := fitted(t, d, BoostForm{MinGain: 1e9}); len(b.Trees) > 0 {
		t.Error("a gain below MinGain was taken")
	}
}

func (t *Tree) depth(at int32) int {
	if n := t.Nodes[at]; n.Left != 0 {
		return 1 + max(t.depth(n.Left), t.depth(n.Left+1))
	}
	return 0
}

// TestRowsAndColumnsAgree: one row, columns, and the model read back from JSON predict the
// same.
func TestRowsAndColumnsAgree(t *testing.T) {
	d := friedman1(2001, 5, 1, 0)
	d.X[3][17] = math.NaN()
	before := Data{X: [][]float64{}, Y: append([]float64{}, d.Y...)}
	for _, x := range d.X {
		before.X = append(before.X, append([]float64{}, x...))
	}
	b := fitted(t, d, BoostForm{})
	if diff := cmp.Diff(before.X, d.X, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })); diff != "" {
		t.Error("the data were changed: ", diff)
	}
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var again Boost
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	got, row := b.of(d.X), make([]float64, 5)
	for i := range got {
		for j := range row {
			row[j] = d.X[j][i]
		}
		if one := again.PredictRow(row, 0); math.Abs(one-got[i]) > 1e-12 {
			t.Fatalf("row %d: %v alone, %v among others", i, one, got[i])
		}
	}
	if n := testing.AllocsPerRun(10, func() { b.PredictRow(row, 0) }); n != 0 {
		t.Errorf("a row takes %v allocations", n)
	}
	if n := testing.AllocsPerRun(10, func() { b.Predict(got, d.X, nil) }); n > 1 {
		t.Errorf("all rows take %v allocations", n)
	}
}

// TestExtremes: huge, tiny and far-off numbers neither overflow nor blur.
func TestExtremes(t *testing.T) {
	x := [][]float64{{1, 2, 3, 4, 5, 6, 7, 8}}
	for _, scale := range []float64{1e-100, 1e-9, 1, 1e9, 1e29} {
		y := make([]float64, 8)
		for i := range y {
			y[i] = scale * float64(i/4)
		}
		got := fitted(t, Data{X: x, Y: y}, BoostForm{Rounds: 50, Rate: .5, MinRows: 1}).of(x)
		for i := range y {
			if math.Abs(got[i]-y[i]) > 1e-6*scale {
				t.Errorf("scale %v: %v, want %v", scale, got[i], y[i])
			}
		}
	}
	counts := Data{X: x, Y: []float64{0, 0, 0, 0, 0, 0, 0, 1e9}}
	for _, loss := range []Loss{Poisson{}, Tweedie{}} {
		for i, v := range fitted(t, counts, BoostForm{Loss: loss, Rounds: 400, Rate: .5, MinRows: 1}).of(x) {
			if want := counts.Y[i]; math.Abs(v-want) > 1e-3*want+1e-3 {
				t.Errorf("%T: %v, want %v", loss, v, want)
			}
		}
	}
}

// TestBadData: what cannot be learnt from is named with its place.
func TestBadData(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	x := [][]float64{{1, 2, 3}, {4, 5, 6}}
	y := []float64{0, 1, 1}
	for _, c := range []struct {
		d    Data
		form BoostForm
		want string
	}{
		{Data{X: [][]float64{{}}, Y: nil}, BoostForm{}, "tree: there is no row"},
		{Data{X: x, Y: []float64{0, nan, 1}}, BoostForm{}, "tree: Y, row 1: not a number from -1e30 to 1e30"},
		{Data{X: x, Y: []float64{0, 1, inf}}, BoostForm{}, "tree: Y, row 2: not a number from -1e30 to 1e30"},
		{Data{X: [][]float64{{1, 2, 3}, {4, 5, -inf}}, Y: y}, BoostForm{}, "tree: X, column 1, row 2: infinite"},
		{Data{X: x, Y: y, Weight: []float64{1, -1, 1}}, BoostForm{}, "tree: Weight, row 1: not a number from 0 to 1e30"},
		{Data{X: x, Y: y, Weight: []float64{0, 0, 0}}, BoostForm{}, "tree: no row has any weight"},
		{Data{X: x, Y: y, Offset: []float64{0, 0, nan}}, BoostForm{}, "tree: Offset, row 2: not a number from -1e30 to 1e30"},
		{Data{X: x, Y: []float64{0, 1, -2}}, BoostForm{Loss: Poisson{}}, "tree: Y, row 2: negative"},
		{Data{X: x, Y: []float64{0, 1, -2}}, BoostForm{Loss: Tweedie{}}, "tree: Y, row 2: negative"},
		{Data{X: x, Y: []float64{0, 1, 2}}, BoostForm{Loss: Logistic{}}, "tree: Y, row 2: outside 0 to 1"},
		{Data{X: [][]float64{{1, 255, 3}, {0, 0, 0}}, Y: y}, BoostForm{Categorical: []bool{true, false}}, "tree: X, column 0, row 1: a category is a whole number from 0 to 254"},
		{Data{X: [][]float64{{0, 0, 0}, {1, 2, 2.5}}, Y: y}, BoostForm{Categorical: []bool{false, true}}, "tree: X, column 1, row 2: a category is a whole number from 0 to 254"},
		{Data{X: x, Y: y}, BoostForm{Held: &Data{X: x, Y: []float64{1, nan, 1}}}, "tree: Y, row 1: not a number from -1e30 to 1e30"},
	} {
		_, err := FitBoost(c.d, c.form, nil)
		var place *DataError
		var empty *EmptyError
		if err == nil || err.Error() != c.want || !errors.As(err, &place) && !errors.As(err, &empty) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// TestMisuse: a form that makes no sense is a mistake of the program.
func TestMisuse(t *testing.T) {
	d := Data{X: [][]float64{{1, 2}}, Y: []float64{1, 2}}
	one := BoostForm{}
	one.OneSide.Top, one.OneSide.Other = .7, .6
	for i, do := range []func(){
		func() { FitBoost(d, BoostForm{Rate: 2}, nil) },
		func() { FitBoost(d, BoostForm{Rounds: -1}, nil) },
		func() { FitBoost(d, BoostForm{MaxBins: 256}, nil) },
		func() { FitBoost(d, BoostForm{L2: math.NaN()}, nil) },
		func() { FitBoost(d, BoostForm{Rows: .5}, nil) },
		func() { FitBoost(d, BoostForm{Loss: Tweedie{Power: 2}}, nil) },
		func() { FitBoost(d, BoostForm{Loss: Quantile{U: 1}}, nil) },
		func() { FitBoost(d, BoostForm{Monotone: []int8{1, 1}}, nil) },
		func() { FitBoost(d, BoostForm{Monotone: []int8{1}, Categorical: []bool{true}}, nil) },
		func() { FitBoost(d, one, rand.New(rand.NewPCG(1, 1))) },
		func() { FitBoost(Data{X: [][]float64{{1}}, Y: d.Y}, BoostForm{}, nil) },
		func() { FitForest(d, ForestForm{}, nil) },
		func() { FitForest(d, ForestForm{Features: 2}, rand.New(rand.NewPCG(1, 1))) },
		func() { FitForest(Data{X: d.X, Y: d.Y, Offset: d.Y}, ForestForm{}, rand.New(rand.NewPCG(1, 1))) },
		func() { (&Boost{Features: 2}).PredictRow([]float64{1}, 0) },
		func() { (&Boost{Features: 1}).Predict(make([]float64, 3), d.X, nil) },
		func() { (&Forest{Features: 1}).PredictQuantiles(nil, d.X, nil) },
	} {
		func() {
			defer func() {
				if p := recover(); p == nil || !strings.HasPrefix(fmt.Sprint(p), "tree: ") {
					t.Errorf("case %d: panic %v", i, p)
				}
			}()
			do()
		}()
	}
}
