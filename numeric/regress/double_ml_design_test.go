package regress_test

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/regress"
	"tradewind/numeric/tree"
)

// confounded draws the partially linear design of Chernozhukov et al. (2018) as Bach et al.
// give it (DoubleML, make_plr_CCDDHNR2018): 20 normal columns with correlations .7^|j-k|,
//
//	d = x₁ + .25 logistic(x₃) + v,  y = .5 d + logistic(x₁) + .25 x₃ + ζ.
func confounded(n int, rng *rand.Rand) (y, d []float64, x [][]float64) {
	x = make([][]float64, 20)
	root := math.Sqrt(1 - .7*.7)
	for range n {
		last := rng.NormFloat64()
		for j := range x {
			if j > 0 {
				last = .7*last + root*rng.NormFloat64()
			}
			x[j] = append(x[j], last)
		}
		i := len(y)
		treatment := x[0][i] + .25*logistic(x[2][i]) + rng.NormFloat64()
		d = append(d, treatment)
		y = append(y, .5*treatment+logistic(x[0][i])+.25*x[2][i]+rng.NormFloat64())
	}
	return y, d, x
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// forest learns with a forest of the given form, on the goroutine that asks.
func forest(form tree.ForestForm) regress.Nuisance {
	form.Workers = 1
	return func(dst, y []float64, x, at [][]float64, rng *rand.Rand) error {
		f, err := tree.FitForest(tree.Data{X: x, Y: y}, form, rng)
		if err != nil {
			return err
		}
		f.Predict(dst, at)
		return nil
	}
}

// study is what repeated samples of the design show.
type study struct{ bias, spread, se, held, plainBias, plainHeld float64 }

// studied estimates θ = .5 from samples of 500 rows, by double machine learning and by
// regressing y on d alone.
func studied(runs, repeats int, seed uint64, learn regress.Nuisance) (s study, err error) {
	n := float64(runs)
	for run := range uint64(runs) {
		rng := rand.New(rand.NewPCG(seed, run))
		y, d, x := confounded(500, rng)
		c, err := regress.DoubleML(y, d, x, regress.DoubleMLForm{Repeats: repeats}, learn, rng)
		if err != nil {
			return s, err
		}
		s.bias += (c.Coef - .5) / n
		s.spread += (c.Coef - .5) * (c.Coef - .5) / n
		s.se += c.SE / n
		if c.Low <= .5 && .5 <= c.High {
			s.held += 1 / n
		}
		plain, err := regress.OLS(&regress.Data{Y: y, X: [][]float64{d}}, regress.HC1)
		if err != nil {
			return s, err
		}
		s.plainBias += (plain.Coef[0] - .5) / n
		if low, high := plain.Interval(0, .95); low <= .5 && .5 <= high {
			s.plainHeld += 1 / n
		}
	}
	s.spread = math.Sqrt(s.spread - s.bias*s.bias)
	return s, nil
}
