package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/regress"
	"tradewind/numeric/tree"
)

// The design in which double machine learning is measured.
const (
	causalSample  = 500
	causalColumns = 20
	causalEffect  = .5
	causalRuns    = 200
	causalSeed    = 1001
)

// causalAnswer is what repeated samples show of each estimator.
type causalAnswer struct {
	Bias, Covered, SE, Spread float64
	PlainBias, PlainCovered   float64
}

// learningCause estimates one effect from many samples, by double machine learning with
// forests and by regressing y on d alone.
var learningCause = newWork("double-ml", func(ctx context.Context, m *meter, seed uint64) (a causalAnswer, err error) {
	m.Begin()
	defer m.End()
	for run := range uint64(causalRuns) {
		rng := rand.New(rand.NewPCG(seed, run))
		y, d, x := confoundedSample(rng)
		c, err := regress.DoubleML(y, d, x, regress.DoubleMLForm{}, byForest, rng)
		if err != nil {
			return a, err
		}
		a.Bias += (c.Coef - causalEffect) / causalRuns
		a.Spread += (c.Coef - causalEffect) * (c.Coef - causalEffect) / causalRuns
		a.SE += c.SE / causalRuns
		if c.Low <= causalEffect && causalEffect <= c.High {
			a.Covered += 1.0 / causalRuns
		}
		plain, err := regress.OLS(&regress.Data{Y: y, X: [][]float64{d}}, regress.HC1)
		if err != nil {
			return a, err
		}
		a.PlainBias += (plain.Coef[0] - causalEffect) / causalRuns
		if low, high := plain.Interval(0, .95); low <= causalEffect && causalEffect <= high {
			a.PlainCovered += 1.0 / causalRuns
		}
		if err := ctx.Err(); err != nil {
			return a, err
		}
	}
	a.Spread = math.Sqrt(a.Spread - a.Bias*a.Bias)
	return a, nil
})

// confoundedSample draws normal columns with correlations .7^|j-k| and
//
//	d = x₁ + .25 logistic(x₃) + v,  y = .5 d + logistic(x₁) + .25 x₃ + ζ.
//
// Source: Chernozhukov et al. (2018), Econometrics Journal 21, C1, as the package DoubleML
// makes it (make_plr_CCDDHNR2018).
func confoundedSample(rng *rand.Rand) (y, d []float64, x [][]float64) {
	logistic := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
	x = make([][]float64, causalColumns)
	for i := range causalSample {
		last := rng.NormFloat64()
		for j := range x {
			if j > 0 {
				last = .7*last + math.Sqrt(1-.7*.7)*rng.NormFloat64()
			}
			x[j] = append(x[j], last)
		}
		d = append(d, x[0][i]+.25*logistic(x[2][i])+rng.NormFloat64())
		y = append(y, causalEffect*d[i]+logistic(x[0][i])+.25*x[2][i]+rng.NormFloat64())
	}
	return y, d, x
}

// byForest learns a nuisance by a random forest.
func byForest(dst, y []float64, x, at [][]float64, rng *rand.Rand) error {
	f, err := tree.FitForest(tree.Data{X: x, Y: y}, tree.ForestForm{Workers: 1}, rng)
	if err != nil {
		return err
	}
	f.Predict(dst, at)
	return nil
}

// causalEffectRows holds double machine learning against its design.
func causalEffectRows(ctx context.Context, _ *run) ([]Row, error) {
	a, cost, err := learningCause.run(ctx, causalSeed)
	if err != nil {
		return nil, err
	}
	source := fmt.Sprintf("regress.DoubleML with random forests, 5 folds, 5 repeats; %d samples of %d rows, seed %d; mean standard error %.4f, spread of the estimates %.4f",
		causalRuns, causalSample, causalSeed, a.SE, a.Spread)
	const reference = "partially linear design of Chernozhukov et al. 2018, effect .5"
	rows := []Row{{Name: "double machine learning, bias", Value: new(math.Abs(a.Bias)), Better: lower, Must: new(.02), Reference: reference, Source: source}}
	rows = append(rows, between(Row{Name: "double machine learning, 95 % intervals that cover", Value: new(100 * a.Covered), Unit: "%", Reference: reference, Source: source}, 93, 97)...)
	const plain = "y on d alone, the same samples"
	return append(rows,
		Row{Name: "plain least squares, bias", Value: new(math.Abs(a.PlainBias)), Better: higher, Must: new(.1), Reference: reference + "; it must fail where double machine learning does not", Source: plain},
		Row{Name: "plain least squares, 95 % intervals that cover", Value: new(100 * a.PlainCovered), Unit: "%", Better: lower, Must: new(5.0), Reference: reference, Source: plain},
		Row{Name: "double machine learning, CPU time of a sample", Value: new(cost.CPU / causalRuns), Unit: "s", Better: lower, Source: source},
	), nil
}
