package tree

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

func grown(t testing.TB, d Data, form ForestForm) *Forest {
	t.Helper()
	f, err := FitForest(d, form, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *Forest) of(x [][]float64) []float64 {
	dst := make([]float64, len(x[0]))
	f.Predict(dst, x)
	return dst
}

// TestForestFriedman: scikit-learn 1.2.1's RandomForestRegressor, with the same settings,
// has a mean squared error of 3.833 on the same data, and R² of .8515 out of bag
// (testdata/reference).
func TestForestFriedman(t *testing.T) {
	train, test := friedman1(2000, 10, 1, 0), friedman1(5000, 10, 1, 1)
	f := grown(t, train, ForestForm{Trees: 500, MinRows: 5})
	if got, want := mse(f.of(test.X), test.Y), 3.833; math.Abs(got/want-1) > .04 {
		t.Errorf("mean squared error %.4f, want %.4f within 4 %%", got, want)
	}
	out := f.OutOfBag(train)
	if math.Abs(out.R2-.8515) > .006 {
		t.Errorf("R² out of bag %.4f, want .8515", out.R2)
	}
	if got := mse(out.Prediction, train.Y); math.Abs(got/out.MSE-1) > 1e-9 {
		t.Errorf("error out of bag %v, of the predictions %v", out.MSE, got)
	}
	if inBag := mse(f.of(train.X), train.Y); inBag > .7*out.MSE {
		t.Errorf("error %v in bag, %v out of it: the bags are not told apart", inBag, out.MSE)
	}
}

// TestPermutationImportance: the five features that matter stand apart from those that do
// not, which gain about nothing.
func TestPermutationImportance(t *testing.T) {
	d := friedman1(1500, 10, 1, 3)
	f := grown(t, d, ForestForm{Trees: 60})
	got := f.PermutationImportance(d, rand.New(rand.NewPCG(4, 4)))
	if low, high := slices.Min(got[:5]), slices.Max(got[5:]); low < 10*high || math.Abs(high) > .2 {
		t.Errorf("importance %.3f", got)
	}
	if slices.Max(got) != got[3] {
		t.Errorf("importance %.3f, want the fourth highest", got)
	}
}

// TestOneTree: a tree on all features and single rows gives every row of its sample back.
func TestOneTree(t *testing.T) {
	d := friedman1(300, 6, 1, 0)
	f := grown(t, d, ForestForm{Trees: 1, Features: 1, MinRows: 1})
	counts := make([]uint16, 300)
	bootstrap(counts, d.weighted(), f.generator(0))
	out, in := f.OutOfBag(d).Prediction, f.of(d.X)
	for i, y := range d.Y {
		if drawn := counts[i] > 0; drawn != math.IsNaN(out[i]) || drawn && math.Abs(in[i]-y) > 1e-9 {
			t.Fatalf("row %d, drawn %d times: %v, out of bag %v, want %v", i, counts[i], in[i], out[i], y)
		}
	}
}

// TestForestWorkers: the forest is the same to the byte on any number of goroutines.
func TestForestWorkers(t *testing.T) {
	d := friedman1(3000, 10, 1, 2)
	d.X[2][7] = math.NaN()
	var models []string
	for _, procs := range []int{1, 8} {
		before := runtime.GOMAXPROCS(procs)
		f := grown(t, d, ForestForm{Trees: 20, KeepRows: true})
		text, err := json.Marshal([]any{f, f.OutOfBag(d), f.PermutationImportance(d, rand.New(rand.NewPCG(1, 1)))})
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, string(text))
	}
	if models[0] != models[1] {
		t.Error("the forest depends on the number of goroutines")
	}
	var again []json.RawMessage
	var f Forest
	if err := json.Unmarshal([]byte(models[0]), &again); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again[0], &f); err != nil {
		t.Fatal(err)
	}
	row := make([]float64, 10)
	for j := range row {
		row[j] = d.X[j][7]
	}
	if got, want := f.PredictRow(row), grown(t, d, ForestForm{Trees: 20}).of(d.X)[7]; math.Abs(got-want) > 1e-12 {
		t.Errorf("read back it predicts %v, want %v", got, want)
	}
}

// TestForestEdges: whatever there is too little of, the mean comes out.
func TestForestEdges(t *testing.T) {
	nan := math.NaN()
	for name, d := range map[string]Data{
		"constant":      {X: [][]float64{{1, 2, 3, 4, 5, 6}}, Y: []float64{.3, .3, .3, .3, .3, .3}},
		"one row":       {X: [][]float64{{3}, {nan}}, Y: []float64{.3}},
		"no feature":    {Y: []float64{.3, .3}},
		"nothing known": {X: [][]float64{{nan, nan, nan}}, Y: []float64{.3, .3, .3}},
		"duplicates":    {X: [][]float64{{7, 7, 7}}, Y: []float64{.3, .3, .3}},
		"one weight":    {X: [][]float64{{1, 2, 3}}, Y: []float64{5, .3, 5}, Weight: []float64{0, 2, 0}},
	} {
		f := grown(t, d, ForestForm{Trees: 5, MinRows: 1, KeepRows: true})
		row := make([]float64, len(d.X))
		if got := f.PredictRow(row); math.Abs(got-.3) > 1e-12 {
			t.Errorf("%s: %v, want .3", name, got)
		}
		x := make([][]float64, len(d.X))
		for j := range x {
			x[j] = []float64{0}
		}
		dst := [][]float64{{0}, {0}}
		f.PredictQuantiles(dst, x, []float64{.1, .9})
		if dst[0][0] != .3 || dst[1][0] != .3 {
			t.Errorf("%s: quantiles %v, want .3", name, dst)
		}
	}
}

// TestForestSplits: categories, missing values and a monotone feature in a forest.
func TestForestSplits(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	d := Data{X: make([][]float64, 3)}
	for range 4000 {
		x := [3]float64{rng.Float64(), rng.Float64(), float64(rng.IntN(8))}
		y := 3*x[0] + math.Sin(9*x[0]) - 2*x[1] + float64([]int{4, 0, 3, 1, 4, 0, 2, 3}[int(x[2])])
		if rng.IntN(5) == 0 {
			x[1], y = math.NaN(), y+10
		}
		for j := range x {
			d.X[j] = append(d.X[j], x[j])
		}
		d.Y = append(d.Y, y+.3*rng.NormFloat64())
	}
	form := ForestForm{Trees: 40, Features: .7, Categorical: []bool{false, false, true}}
	free := grown(t, d, form)
	if got := free.OutOfBag(d).R2; got < .97 {
		t.Errorf("R² out of bag %v", got)
	}
	form.Monotone = []int8{1, -1, 0}
	bound := grown(t, d, form)
	if n := turns(rowwise{free}, form.Monotone, rng); n == 0 {
		t.Error("the free forest is monotone, so the test shows nothing")
	}
	if n := turns(rowwise{bound}, form.Monotone, rng); n > 0 {
		t.Errorf("%d turns", n)
	}
}

type rowwise struct{ *Forest }

func (f rowwise) PredictRow(row []float64, _ float64) float64 { return f.Forest.PredictRow(row) }

// TestQuantileForest: the share of new values below a quantile is that of the quantile,
// and the quantiles of each row rise.
func TestQuantileForest(t *testing.T) {
	draw := func(n int, seed uint64) Data {
		rng := rand.New(rand.NewPCG(seed, 1))
		d := Data{X: make([][]float64, 2)}
		for range n {
			x := rng.Float64()
			d.X[0], d.X[1] = append(d.X[0], x), append(d.X[1], rng.Float64())
			d.Y = append(d.Y, 3*x+(.2+2*x)*rng.NormFloat64())
		}
		return d
	}
	train, test := draw(8000, 1), draw(8000, 2)
	u := []float64{.1, .5, .9}
	for _, weight := range []float64{0, 2} {
		if weight > 0 {
			train.Weight = slices.Repeat([]float64{weight}, len(train.Y))
		}
		f := grown(t, train, ForestForm{MinRows: 40, KeepRows: true})
		dst := [][]float64{make([]float64, 8000), make([]float64, 8000), make([]float64, 8000)}
		f.PredictQuantiles(dst, test.X, u)
		for q := range u {
			below, n := [2]float64{}, [2]float64{}
			for i, y := range test.Y {
				half := toInt(test.X[0][i] > .5)
				n[half]++
				below[half] += float64(toInt(y < dst[q][i]))
				if q > 0 && dst[q][i] < dst[q-1][i] {
					t.Fatalf("row %d: quantiles fall", i)
				}
			}
			for half := range n {
				if c := below[half] / n[half]; math.Abs(c-u[q]) > .025 {
					t.Errorf("quantile %v, half %d: %.3f of the values are below", u[q], half, c)
				}
			}
		}
	}
}

// TestQuantilesOfOneLeaf: without a split a quantile is that of the bootstrap samples.
func TestQuantilesOfOneLeaf(t *testing.T) {
	d := Data{X: [][]float64{make([]float64, 101)}, Y: make([]float64, 101)}
	for i := range d.Y {
		d.Y[i] = float64(100 - i)
	}
	f := grown(t, d, ForestForm{Trees: 400, KeepRows: true})
	dst := [][]float64{{0}, {0}}
	f.PredictQuantiles(dst, [][]float64{{0}}, []float64{.25, .5})
	if math.Abs(dst[0][0]-25) > 1 || math.Abs(dst[1][0]-50) > 1 {
		t.Errorf("quartile %v and median %v, want 25 and 50", dst[0][0], dst[1][0])
	}
}
