package distribution

import "math"

// Beta is the beta distribution on [0, 1] with density
// x^(a-1) (1-x)^(b-1) / B(a, b).
type Beta struct{ a, b float64 }

// NewBeta returns the beta distribution. It panics unless both parameters are
// positive and finite.
func NewBeta(a, b float64) Beta {
	positiveFinite("a", a)
	positiveFinite("b", b)
	return Beta{a, b}
}

func (d Beta) Mean() float64 { return d.a / (d.a + d.b) }

func (d Beta) Variance() float64 {
	sum := d.a + d.b
	return d.a / sum * (d.b / sum) / (sum + 1)
}

func (d Beta) CDF(x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	return BetaI(d.a, d.b, x)
}

// Survival returns P(D > x), without cancellation.
func (d Beta) Survival(x float64) float64 { return Beta{d.b, d.a}.CDF(1 - x) }

func (d Beta) Quantile(u float64) float64 {
	if x, done := atEnds(u, 0, 1); done {
		return x
	}
	tails := func(x float64) (lower, upper float64) { return d.CDF(x), d.Survival(x) }
	la, _ := math.Lgamma(d.a)
	lb, _ := math.Lgamma(d.b)
	ls, _ := math.Lgamma(d.a + d.b)
	density := func(x float64) float64 {
		return math.Exp(ls - la - lb + (d.a-1)*math.Log(x) + (d.b-1)*math.Log1p(-x))
	}
	return invert(u, d.Mean(), 0, 1, tails, density)
}

// Loss is mean·P(D' > x) - x·P(D > x) above, with D' of parameters a + 1 and b.
func (d Beta) Loss(x float64) (above, below float64) {
	mean := d.Mean()
	switch {
	case x <= 0:
		return mean - x, 0
	case x >= 1:
		return 0, x - mean
	}
	more := Beta{d.a + 1, d.b}
	if x > mean {
		above = math.Max(0, mean*more.Survival(x)-x*d.Survival(x))
		return above, above + x - mean
	}
	below = math.Max(0, x*d.CDF(x)-mean*more.CDF(x))
	return below + mean - x, below
}
