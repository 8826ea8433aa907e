package tree

import (
	"math"
	"slices"
)

// Loss is what boosting makes small. It is one of L2, Poisson, Tweedie, Quantile and
// Logistic.
type Loss interface {
	// Link says on which scale trees add up.
	Link() Link
	// loss returns the loss of predicting the score s where y came, up to a constant of y.
	loss(y, s float64) float64
	// gradient returns the first and second derivative of loss by s.
	gradient(y, s float64) (g, h float64)
	// start returns the best constant score beside the offsets.
	start(d Data) float64
	// check returns why y cannot be, or "".
	check(y float64) string
	// flat reports whether the second derivative is 1 everywhere.
	flat() bool
}

// Link is the function from the mean, or quantile, to the score.
type Link uint8

const (
	Identity Link = iota
	Log
	Logit
)

// Inverse returns the mean, or quantile, of a score.
func (l Link) Inverse(score float64) float64 {
	switch l {
	case Log:
		return exp(score)
	case Logit:
		return 1 / (1 + exp(-score))
	}
	return score
}

// steep is the largest absolute score of a log or logit link, so that nothing overflows.
const steep = 60

func exp(s float64) float64 { return math.Exp(min(max(s, -steep), steep)) }

// L2 is half the squared error; it predicts the mean.
type L2 struct{}

func (L2) Link() Link                           { return Identity }
func (L2) loss(y, s float64) float64            { return (s - y) * (s - y) / 2 }
func (L2) gradient(y, s float64) (g, h float64) { return s - y, 1 }
func (L2) check(float64) string                 { return "" }
func (L2) flat() bool                           { return true }

func (L2) start(d Data) float64 {
	sum, weight := 0.0, 0.0
	for i, y := range d.Y {
		w := d.weight(i)
		sum += w * (y - d.offset(i))
		weight += w
	}
	return sum / weight
}

// Poisson is the loss of counts, e^s - y s; it predicts the mean.
type Poisson struct{}

func (Poisson) Link() Link                { return Log }
func (Poisson) loss(y, s float64) float64 { return exp(s) - y*s }
func (Poisson) flat() bool                { return false }
func (Poisson) check(y float64) string    { return notNegative(y) }
func (Poisson) start(d Data) float64      { return logStart(d, 1) }

func (Poisson) gradient(y, s float64) (g, h float64) {
	mean := exp(s)
	return mean - y, mean
}

func notNegative(y float64) string {
	if y < 0 {
		return "negative"
	}
	return ""
}

// logStart returns the best constant of the Tweedie loss of a power, which is that of
// Poisson at 1; where all is 0 that of a mean of 1e-10.
func logStart(d Data, power float64) float64 {
	above, below := 0.0, 0.0
	for i, y := range d.Y {
		w, o := d.weight(i), d.offset(i)
		above += w * y * exp((1-power)*o)
		below += w * exp((2-power)*o)
	}
	return math.Log(max(above/below, 1e-10))
}

// Tweedie is the loss of amounts that are often 0 and else positive and skewed, sums of a
// Poisson number of gamma parts, whose variance is as the mean to the Power:
//
//	-y e^((1-ρ)s)/(1-ρ) + e^((2-ρ)s)/(2-ρ),   1 < ρ < 2.
//
// It predicts the mean. A Power of 0 means 1.5.
//
// Source: Jørgensen, Exponential dispersion models (1987), Journal of the Royal
// Statistical Society B 49, 127-162.
type Tweedie struct{ Power float64 }

func (l Tweedie) power() float64 {
	if l.Power == 0 {
		return 1.5
	}
	return l.Power
}

func (Tweedie) Link() Link             { return Log }
func (Tweedie) flat() bool             { return false }
func (Tweedie) check(y float64) string { return notNegative(y) }
func (l Tweedie) start(d Data) float64 { return logStart(d, l.power()) }

func (l Tweedie) loss(y, s float64) float64 {
	a, b := 1-l.power(), 2-l.power()
	return -y*exp(a*s)/a + exp(b*s)/b
}

func (l Tweedie) gradient(y, s float64) (g, h float64) {
	a, b := 1-l.power(), 2-l.power()
	u, v := y*exp(a*s), exp(b*s)
	return v - u, b*v - a*u
}

// Quantile is the pinball loss, (U - [y < s]) (y - s); it predicts the U-quantile. The
// values of leaves are the quantiles of what is left to explain in them. A U of 0 means
// the median.
//
// Source: Koenker & Bassett, Regression quantiles (1978), Econometrica 46, 33-50;
// Friedman (2001), algorithm 3, for the leaves.
type Quantile struct{ U float64 }

func (l Quantile) u() float64 {
	if l.U == 0 {
		return .5
	}
	return l.U
}

func (Quantile) Link() Link           { return Identity }
func (Quantile) flat() bool           { return true }
func (Quantile) check(float64) string { return "" }

func (l Quantile) loss(y, s float64) float64 {
	if y < s {
		return (l.u() - 1) * (y - s)
	}
	return l.u() * (y - s)
}

func (l Quantile) gradient(y, s float64) (g, h float64) {
	if y < s {
		return 1 - l.u(), 1
	}
	return -l.u(), 1
}

func (l Quantile) start(d Data) float64 {
	q := make(weighted, len(d.Y))
	for i, y := range d.Y {
		q[i] = weightedValue{y - d.offset(i), d.weight(i)}
	}
	return q.quantile(l.u())
}

type weightedValue struct{ value, weight float64 }

// weighted is a sample in which values count differently.
type weighted []weightedValue

// quantile sorts the sample and returns the u-quantile, half-way between two values where
// both are one.
func (q weighted) quantile(u float64) float64 {
	slices.SortFunc(q, func(a, b weightedValue) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	whole := 0.0
	for _, v := range q {
		whole += v.weight
	}
	sum := 0.0
	for i, v := range q {
		sum += v.weight
		if sum > u*whole*(1+1e-12) {
			return v.value
		}
		if sum >= u*whole*(1-1e-12) {
			for _, next := range q[i+1:] {
				if next.weight > 0 {
					return v.value/2 + next.value/2
				}
			}
			return v.value
		}
	}
	return q[len(q)-1].value
}

// Logistic is the loss of a yes, 1, or no, 0, or a share between: log(1 + e^s) - y s. It
// predicts the probability.
type Logistic struct{}

func (Logistic) Link() Link { return Logit }
func (Logistic) flat() bool { return false }

func (Logistic) loss(y, s float64) float64 {
	return max(s, 0) + math.Log1p(math.Exp(-math.Abs(s))) - y*s
}

func (Logistic) gradient(y, s float64) (g, h float64) {
	p := Logit.Inverse(s)
	return p - y, p * (1 - p)
}

func (Logistic) check(y float64) string {
	if y < 0 || y > 1 {
		return "outside 0 to 1"
	}
	return ""
}

// start takes Newton's steps, each of at most 2, between -23 and 23: probabilities of
// 1e-10 and of 1 - 1e-10.
func (l Logistic) start(d Data) float64 {
	s := 0.0
	for range 50 {
		g, h := 0.0, 0.0
		for i, y := range d.Y {
			gi, hi := l.gradient(y, s+d.offset(i))
			g += d.weight(i) * gi
			h += d.weight(i) * hi
		}
		step := min(max(-g/h, -2), 2)
		if h == 0 {
			break
		}
		s = min(max(s+step, -23), 23)
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	return s
}
