package regress_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/numeric/regress"
	"tradewind/numeric/tree"
)

// linear learns by least squares with a constant.
func linear(dst, y []float64, x, at [][]float64, _ *rand.Rand) error {
	fit, err := regress.OLS(&regress.Data{Y: y, X: x}, regress.Classical)
	if err != nil {
		return err
	}
	for i := range dst {
		dst[i] = fit.Coef[len(x)]
		for j, column := range at {
			dst[i] += fit.Coef[j] * column[i]
		}
	}
	return nil
}

// The design on which double machine learning was proposed, with forests as they come: the
// regression of y on d alone is off by a third and never holds the truth; what is learnt
// of x takes that away. The numbers of 200 samples are BenchmarkDoubleML's; with 20 the
// share held has a standard deviation of 5 %, the bias one of .01.
func TestDoubleMLUnconfounds(t *testing.T) {
	s, err := studied(20, 1, 2018, forest(tree.ForestForm{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+.3v", s)
	if math.Abs(s.bias) > .03 || s.held < .8 {
		t.Errorf("bias %.3f, %.3f of the intervals hold the truth", s.bias, s.held)
	}
	if s.plainBias < .12 || s.plainHeld > .2 {
		t.Errorf("the plain regression: bias %.3f, %.3f of the intervals hold the truth", s.plainBias, s.plainHeld)
	}
}

func BenchmarkDoubleML(b *testing.B) {
	var s study
	for b.Loop() {
		var err error
		if s, err = studied(200, 5, 2018, forest(tree.ForestForm{})); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(s.bias, "bias")
	b.ReportMetric(s.held, "coverage")
	b.ReportMetric(s.spread, "sd")
	b.ReportMetric(s.se, "se")
	b.ReportMetric(s.plainBias, "plain-bias")
	b.ReportMetric(s.plainHeld, "plain-coverage")
}

// With a linear world and a linear learner the estimate is that of least squares on all
// columns, but for what cross-fitting costs.
func TestDoubleMLIsLeastSquares(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	y, d, x := linearWorld(4000, rng)
	c, err := regress.DoubleML(y, d, x, regress.DoubleMLForm{}, linear, rng)
	if err != nil {
		t.Fatal(err)
	}
	fit, err := regress.OLS(&regress.Data{Y: y, X: append([][]float64{d}, x...)}, regress.HC0)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(c.Coef-fit.Coef[0]) > .1*fit.SE[0] {
		t.Errorf("%g, least squares %g ± %g", c.Coef, fit.Coef[0], fit.SE[0])
	}
	if ratio := c.SE / fit.SE[0]; math.Abs(ratio-1) > .03 {
		t.Errorf("errors are %g times those of least squares", ratio)
	}
}

func linearWorld(n int, rng *rand.Rand) (y, d []float64, x [][]float64) {
	x = make([][]float64, 3)
	for range n {
		a, b, c := rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
		x[0], x[1], x[2] = append(x[0], a), append(x[1], b), append(x[2], c)
		treatment := a - b + rng.NormFloat64()
		d = append(d, treatment)
		y = append(y, -2*treatment+3*a+c+rng.NormFloat64()*(1+math.Abs(treatment)))
	}
	return y, d, x
}

// Price answers to demand that nobody sees; a cost moves price alone. Without the
// instrument the estimate is far off, with it the intervals hold the truth.
func TestDoubleMLInstrument(t *testing.T) {
	const runs = 100
	held, plain := 0, 0.0
	for seed := range uint64(runs) {
		rng := rand.New(rand.NewPCG(2, seed))
		var y, d, z []float64
		x := make([][]float64, 2)
		for range 400 {
			a, b, hidden, cost := rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
			x[0], x[1] = append(x[0], a), append(x[1], b)
			z = append(z, cost+a)
			price := cost + .5*a + hidden + .5*rng.NormFloat64()
			d = append(d, price)
			y = append(y, -2*price+a+b+2*hidden+rng.NormFloat64())
		}
		c, err := regress.DoubleML(y, d, x, regress.DoubleMLForm{Instrument: z, Repeats: 3}, linear, rng)
		if err != nil {
			t.Fatal(err)
		}
		if c.Low <= -2 && -2 <= c.High {
			held++
		}
		if c.Strength < 50 || len(c.InstrumentResidual) != 400 {
			t.Errorf("strength %g", c.Strength)
		}
		without, err := regress.DoubleML(y, d, x, regress.DoubleMLForm{Repeats: 1}, linear, rng)
		if err != nil {
			t.Fatal(err)
		}
		plain += (without.Coef + 2) / runs
	}
	// Binomial(100, .95) has a standard deviation of 2.2.
	if held < 88 {
		t.Errorf("%d of %d intervals hold the truth", held, runs)
	}
	// cov(price, 2 hidden) / var(price) = 2 / 2.25.
	if math.Abs(plain-2/2.25) > .05 {
		t.Errorf("without the instrument the bias is %g, want %g", plain, 2/2.25)
	}
}

// Errors that a cluster shares, in d as in ζ, widen the interval as they must.
func TestDoubleMLClusters(t *testing.T) {
	const runs = 100
	held, naive := 0, 0
	for seed := range uint64(runs) {
		rng := rand.New(rand.NewPCG(3, seed))
		var y, d []float64
		var cluster []int32
		x := make([][]float64, 1)
		for g := range int32(50) {
			sharedD, sharedY := rng.NormFloat64(), rng.NormFloat64()
			for range 10 {
				a := rng.NormFloat64()
				x[0], cluster = append(x[0], a), append(cluster, g)
				treatment := a + sharedD + .5*rng.NormFloat64()
				d = append(d, treatment)
				y = append(y, treatment+a+sharedY+.5*rng.NormFloat64())
			}
		}
		form := regress.DoubleMLForm{Block: cluster, Cluster: cluster, Repeats: 1}
		c, err := regress.DoubleML(y, d, x, form, linear, rng)
		if err != nil {
			t.Fatal(err)
		}
		if c.Low <= 1 && 1 <= c.High {
			held++
		}
		form.Cluster = nil
		if c, err = regress.DoubleML(y, d, x, form, linear, rng); err != nil {
			t.Fatal(err)
		}
		if c.Low <= 1 && 1 <= c.High {
			naive++
		}
	}
	if held < 87 || naive > 75 {
		t.Errorf("clustered intervals hold the truth %d times of %d, others %d times", held, runs, naive)
	}
}

// The same bytes on one core and on four.
func TestDoubleMLOnAnyCores(t *testing.T) {
	y, d, x := confounded(200, rand.New(rand.NewPCG(4, 1)))
	estimate := func(cores int) *regress.Causal {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		c, err := regress.DoubleML(y, d, x, regress.DoubleMLForm{Repeats: 2}, forest(tree.ForestForm{Trees: 10}), rand.New(rand.NewPCG(4, 2)))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if diff := cmp.Diff(estimate(1), estimate(4)); diff != "" {
		t.Error(diff)
	}
}

// No row is predicted with the help of its own block, every row is predicted once a repeat,
// and folds are of like size.
func TestDoubleMLFolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	n := 300
	y, block := make([]float64, n), make([]int32, n)
	x := [][]float64{make([]float64, n)}
	for i := range y {
		y[i], block[i] = rng.NormFloat64(), int32(i/10)
		x[0][i] = float64(block[i]) // the only column names the block
	}
	var lock sync.Mutex
	seen := 0
	learn := func(dst, y []float64, x, at [][]float64, _ *rand.Rand) error {
		lock.Lock()
		defer lock.Unlock()
		seen += len(dst)
		if len(dst) != n/5 || len(y) != n-n/5 {
			t.Errorf("%d rows are predicted from %d", len(dst), len(y))
		}
		for _, b := range at[0] {
			if slices.Contains(x[0], b) {
				t.Errorf("block %g is learnt from and predicted", b)
			}
		}
		return nil
	}
	if _, err := regress.DoubleML(y, y, x, regress.DoubleMLForm{Block: block, Repeats: 3}, learn, rng); err != nil {
		t.Fatal(err)
	}
	if want := n * 3 * 2; seen != want {
		t.Errorf("%d predictions, want %d", seen, want)
	}
}

func TestDoubleMLMedian(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	y, d, x := linearWorld(100, rng)
	c, err := regress.DoubleML(y, d, x, regress.DoubleMLForm{Repeats: 5}, linear, rng)
	if err != nil {
		t.Fatal(err)
	}
	var coefs, variances []float64
	for _, r := range c.PerRepeat {
		coefs = append(coefs, r.Coef)
	}
	slices.Sort(coefs)
	for _, r := range c.PerRepeat {
		variances = append(variances, r.SE*r.SE+(r.Coef-coefs[2])*(r.Coef-coefs[2]))
	}
	slices.Sort(variances)
	if c.Coef != coefs[2] || c.SE != math.Sqrt(variances[2]) {
		t.Errorf("%g ± %g from %v", c.Coef, c.SE, c.PerRepeat)
	}
	top, bottom := 0.0, 0.0
	for i, v := range c.DResidual {
		top += v * c.YResidual[i]
		bottom += v * v
	}
	if got := top / bottom; math.Abs(got-c.Coef) > 1e-12 {
		t.Errorf("the residuals say %g, the estimate is %g", got, c.Coef)
	}
	// x makes 6 of the variance of y, 4 + 1 + 2√(6/π) + 3 is noise; and 2 of 3 of that of d.
	if math.Abs(c.YExplained-.357) > .2 || math.Abs(c.DExplained-.667) > .15 {
		t.Errorf("explained: %g of y, %g of d", c.YExplained, c.DExplained)
	}
}

func TestDoubleMLRefuses(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	y, d, x := linearWorld(50, rng)
	var few *regress.TooFewError
	_, err := regress.DoubleML(y, d, x, regress.DoubleMLForm{Block: make([]int32, 50)}, linear, rng)
	if !errors.As(err, &few) || few.What != "blocks" || few.Have != 1 || few.Need != 5 {
		t.Errorf("one block: %v", err)
	}
	_, err = regress.DoubleML(y, d, x, regress.DoubleMLForm{Cluster: make([]int32, 50)}, linear, rng)
	if !errors.As(err, &few) || few.What != "clusters" {
		t.Errorf("one cluster: %v", err)
	}
	var collinear *regress.CollinearError
	if _, err = regress.DoubleML(y, make([]float64, 50), x, regress.DoubleMLForm{}, linear, rng); !errors.As(err, &collinear) {
		t.Errorf("a treatment that never varies: %v", err)
	}
	broken := slices.Clone(d)
	broken[7] = math.NaN()
	var value *regress.DataError
	if _, err = regress.DoubleML(y, broken, x, regress.DoubleMLForm{}, linear, rng); !errors.As(err, &value) || value.Part != "D" || value.Row != 7 {
		t.Errorf("a treatment that is missing: %v", err)
	}
	unwilling := errors.New("unwilling")
	_, err = regress.DoubleML(y, d, x, regress.DoubleMLForm{}, func([]float64, []float64, [][]float64, [][]float64, *rand.Rand) error { return unwilling }, rng)
	if !errors.Is(err, unwilling) {
		t.Errorf("a learner that fails: %v", err)
	}
	_, err = regress.DoubleML(y, d, x, regress.DoubleMLForm{}, func(dst, _ []float64, _, _ [][]float64, _ *rand.Rand) error { dst[0] = math.NaN(); return nil }, rng)
	if !errors.As(err, &value) || value.Part != "Prediction" {
		t.Errorf("a learner that says NaN: %v", err)
	}
}
