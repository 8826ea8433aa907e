package inventory

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
	"tradewind/numeric/tree"
)

// poissonCases are items whose demand is Poisson: what is known is the log of the mean, and
// something that has nothing to do with it.
func poissonCases(n int, seed uint64) LevelCases {
	rng := rand.New(rand.NewPCG(seed, 0))
	c := LevelCases{X: make([][]float64, 2)}
	for range n {
		log := 4*rng.Float64() - 1
		c.X[0] = append(c.X[0], log)
		c.X[1] = append(c.X[1], rng.NormFloat64())
		c.Came = append(c.Came, distribution.DrawPoisson(math.Exp(log), rng))
		c.Weight = append(c.Weight, 1)
	}
	return c
}

// TestLevelRule: on demand that the rule has not seen, its levels cost little more than those
// of somebody who knows the law, and much less than one level for all.
func TestLevelRule(t *testing.T) {
	for _, ratio := range []float64{.8, .98} {
		learnt, fresh := poissonCases(40_000, 1), poissonCases(40_000, 2)
		rule, err := FitLevelRule(learnt, ratio)
		if err != nil {
			t.Fatal(err)
		}
		cost := func(level func(i int) float64) (sum float64) {
			for i, came := range fresh.Came {
				over := math.Round(level(i)) - came
				sum += math.Max(over, 0) + ratio/(1-ratio)*math.Max(-over, 0)
			}
			return sum
		}
		got := cost(func(i int) float64 { return rule.Level([]float64{fresh.X[0][i], fresh.X[1][i]}) })
		best := cost(func(i int) float64 { return distribution.NewPoisson(math.Exp(fresh.X[0][i])).Quantile(ratio) })
		one := math.Inf(1)
		for level := range 40 {
			one = math.Min(one, cost(func(int) float64 { return float64(level) }))
		}
		if got > 1.02*best || got > .6*one {
			t.Errorf("ratio %v: the rule costs %.0f, who knows the law pays %.0f, one level for all %.0f", ratio, got, best, one)
		}
	}
}

// TestLevelRuleWeighs: a case that counts twice is two cases.
func TestLevelRuleWeighs(t *testing.T) {
	c := poissonCases(4000, 3)
	twice := LevelCases{X: make([][]float64, 2)}
	for i := range c.Came {
		c.Weight[i] = float64(1 + i%2)
		for range 1 + i%2 {
			twice.X[0], twice.X[1] = append(twice.X[0], c.X[0][i]), append(twice.X[1], c.X[1][i])
			twice.Came, twice.Weight = append(twice.Came, c.Came[i]), append(twice.Weight, 1)
		}
	}
	a := LevelRule{slope: make([]float64, 1)}
	b := LevelRule{slope: make([]float64, 1)}
	ones := func(n int) [][]float64 {
		rows := make([][]float64, n)
		for i := range rows {
			rows[i] = []float64{1}
		}
		return rows
	}
	a.descend(ones(len(c.Came)), c, 9)
	b.descend(ones(len(twice.Came)), twice, 9)
	if math.Abs(a.slope[0]-b.slope[0]) > 1e-3 {
		t.Errorf("lines of %v and %v", a.slope, b.slope)
	}
}

func TestLevelRuleOnWhatCannotBeLearnt(t *testing.T) {
	c := poissonCases(3000, 4)
	c.X[1][7] = math.Inf(1)
	var data *tree.DataError
	if _, err := FitLevelRule(c, .9); !errors.As(err, &data) || data.Part != "X" || data.Column != 1 || data.Row != 7 {
		t.Errorf("got %v, want the infinite value named", err)
	}
	c = poissonCases(3000, 4)
	c.Came[9] = -1
	if _, err := FitLevelRule(c, .9); !errors.As(err, &data) || data.Part != "Y" || data.Row != 9 {
		t.Errorf("got %v, want the negative demand named", err)
	}
	none := poissonCases(3000, 5)
	clear(none.Came)
	rule, err := FitLevelRule(none, .98)
	if err != nil {
		t.Fatal(err)
	}
	if level := math.Round(rule.Level([]float64{1, 0})); level != 0 {
		t.Errorf("a level of %v where nothing ever came", level)
	}
}
