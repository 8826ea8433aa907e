package inventory

import (
	"math"
	"slices"

	"tradewind/numeric/tree"
)

// LevelRule says up to what level to order an item from what is known of it, without a law
// of its demand: the rule is learnt from what came after like states of all items of a shop,
//
//	S(x) = exp(β₀ + Σ β z(x)) · b(x),
//
// z being x in standard scores and b boosted trees. Both minimise the newsvendor's cost over
// the cases, Σ w [(S - D)⁺ + r/(1-r)·(D - S)⁺]: a line in logs says how levels grow with
// what is expected, and trees what the line misses. Where the far tail decides, at ratios
// of .98, few items have seen their own; what items alike have seen is what there is.
//
// Source: Ban & Rudin, The big data newsvendor: practical insights from machine learning
// (2019), Operations Research 67, 90-108, for the rule; Koenker & Bassett, Regression
// quantiles (1978), Econometrica 46, 33-50.
type LevelRule struct {
	middle, scale []float64 // of the columns
	slope         []float64 // slope[0] is β₀
	trees         *tree.Boost
}

// LevelCases are what was known of items at earlier times, and what came until an order of
// then would have been followed by the next.
type LevelCases struct {
	X      [][]float64 // X[j][i] is column j of case i
	Came   []float64
	Weight []float64
}

// The trees are few and small, and add little each: with them the rule lies close to the
// line, which a tree cannot extrapolate.
const (
	levelTrees  = 60
	levelLeaves = 4
	levelLeaf   = 1000 // cases: some of them beyond a level at a ratio of .98
	levelRate   = .05

	mostLogLevel = 7 // of the line: levels from .01 to 1,100
)

// FitLevelRule learns a rule at a critical ratio r, 0 < r < 1. The error is of type
// *tree.DataError: it names a value that cannot be learnt from.
func FitLevelRule(c LevelCases, ratio float64) (*LevelRule, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	r := &LevelRule{slope: make([]float64, len(c.X)+1)}
	rows := make([][]float64, len(c.Came)) // standard scores, after a 1
	for i := range rows {
		rows[i] = make([]float64, len(c.X)+1)
		rows[i][0] = 1
	}
	for j, column := range c.X {
		middle, scale := standard(column)
		r.middle, r.scale = append(r.middle, middle), append(r.scale, scale)
		for i, x := range column {
			rows[i][j+1] = (x - middle) / scale
		}
	}
	r.descend(rows, c, ratio/(1-ratio))

	data := tree.Data{X: c.X, Y: make([]float64, len(rows)), Weight: make([]float64, len(rows))}
	for i, z := range rows {
		line := r.line(z)
		data.Y[i], data.Weight[i] = c.Came[i]/line, c.Weight[i]*line // costs stay those of units
	}
	var err error
	r.trees, err = tree.FitBoost(data, tree.BoostForm{
		Loss: tree.Quantile{U: ratio}, Rounds: levelTrees, Rate: levelRate, MaxLeaves: levelLeaves, MinRows: levelLeaf, MaxBins: 64, Workers: 1,
	}, nil)
	return r, err
}

// check finds what is not a number, and demand below zero.
func (c LevelCases) check() error {
	for j, column := range c.X {
		for i, x := range column {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return &tree.DataError{Part: "X", Column: j, Row: i, Reason: "not a number"}
			}
		}
	}
	for i, d := range c.Came {
		if !(d >= 0) || math.IsInf(d, 0) {
			return &tree.DataError{Part: "Y", Row: i, Reason: "not a demand"}
		}
	}
	return nil
}

// Level is the order-up-to level of an item of which x is known, not rounded.
func (r *LevelRule) Level(x []float64) float64 {
	z := make([]float64, len(x)+1)
	z[0] = 1
	for j, v := range x {
		z[j+1] = (v - r.middle[j]) / r.scale[j]
	}
	return math.Max(0, r.line(z)*r.trees.PredictRow(x, 0))
}

func (r *LevelRule) line(z []float64) float64 {
	sum := 0.0
	for j, v := range z {
		sum += r.slope[j] * v
	}
	return math.Exp(math.Min(math.Max(sum, -mostLogLevel), mostLogLevel))
}

func standard(column []float64) (middle, scale float64) {
	middle = mean(column)
	for _, x := range column {
		scale += (x - middle) * (x - middle) / float64(len(column))
	}
	if scale > 0 {
		return middle, math.Sqrt(scale)
	}
	return middle, 1
}

// descend finds the line of least cost by Newton's method, damped until the cost falls. The
// cost has a bend at S = D, which is rounded within half a unit: levels are whole in the end.
func (r *LevelRule) descend(rows [][]float64, c LevelCases, short float64) {
	r.slope[0] = math.Log(1 + mean(c.Came))
	n := len(r.slope)
	cost, gradient, bend := r.cost(rows, c, short)
	for damping := 1e-3; damping < 1e9; {
		system := make([]float64, n*n)
		copy(system, bend)
		for j := range n {
			system[j*n+j] += damping*bend[j*n+j] + 1e-9*bend[0]
		}
		before := slices.Clone(r.slope)
		for j, step := range solvePositive(system, gradient) {
			r.slope[j] -= step
		}
		next, g, b := r.cost(rows, c, short)
		if !(next < cost) {
			r.slope = before
			damping *= 10
			continue
		}
		fallen := cost - next
		cost, gradient, bend, damping = next, g, b, math.Max(damping/10, 1e-9)
		if fallen < 1e-7*cost {
			return
		}
	}
}

// cost is that of the line, with its slope and its bend; of the bend what is never negative.
func (r *LevelRule) cost(rows [][]float64, c LevelCases, short float64) (cost float64, gradient, bend []float64) {
	const round = .5 // units on either side of S = D
	n := len(r.slope)
	gradient, bend = make([]float64, n), make([]float64, n*n)
	for i, z := range rows {
		level := r.line(z)
		over := math.Min(math.Max((level-c.Came[i]+round)/(2*round), 0), 1) // share of the last unit that is too much
		left := over * over * round
		if over == 1 {
			left = level - c.Came[i]
		}
		cost += c.Weight[i] * (left + short*(left-level+c.Came[i]))
		first := c.Weight[i] * level * (over + short*(over-1))
		second := c.Weight[i] * level * over
		if over > 0 && over < 1 {
			second += c.Weight[i] * level * level * (1 + short) / (2 * round)
		}
		for j, v := range z {
			gradient[j] += first * v
			for k := range j + 1 {
				bend[j*n+k] += second * v * z[k]
			}
		}
	}
	for j := range n {
		for k := range j {
			bend[k*n+j] = bend[j*n+k]
		}
	}
	return cost, gradient, bend
}

// solvePositive solves a·x = b for a symmetric positive definite a, which it overwrites.
func solvePositive(a, b []float64) []float64 {
	n, x := len(b), slices.Clone(b)
	for j := range n {
		for i := j + 1; i < n; i++ {
			f := a[i*n+j] / a[j*n+j]
			for k := j; k < n; k++ {
				a[i*n+k] -= f * a[j*n+k]
			}
			x[i] -= f * x[j]
		}
	}
	for j := n - 1; j >= 0; j-- {
		for k := j + 1; k < n; k++ {
			x[j] -= a[j*n+k] * x[k]
		}
		x[j] /= a[j*n+j]
	}
	return x
}
