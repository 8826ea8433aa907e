package forecast

import (
	"math"
	"slices"

	"tradewind/numeric/distribution"
)

// Conformal is the law of the standardised errors (y - μ)/σ that a method made, step by
// step ahead, on series and origins that it was not fitted on. Put around a forecast it
// gives intervals that hold as often as they say, whatever the method thinks of its own σ.
//
// With n errors of a step, the central interval of level 1-α reaches to the
// ⌈(n+1)(1-α)⌉-th smallest absolute error: split conformal prediction, whose coverage is at
// least 1-α if the next error is exchangeable with those n.
//
// Source: Lei, G'Sell, Rinaldo, Tibshirani & Wasserman, Distribution-free predictive
// inference for regression (2018), doi:10.1080/01621459.2017.1307116.
//
// Errors after few values are larger than σ says, which takes parameters as known: they
// are put into proportion to the width of an interval with estimated parameters first.
type Conformal struct {
	steps []*distribution.Empirical
	total *distribution.Empirical
}

// HeldErrors are the standardised errors of one forecast that was held against what came.
type HeldErrors struct {
	Past  int       // values that the forecast rests on
	Steps []float64 // (y - μ)/σ one step ahead, two, …; NaN where nothing was observed
	Total float64   // of the sum
}

// FitConformal learns from the errors of many forecasts of the same number of steps. A step
// is judged with its neighbours, which are like it. Steps without errors keep the normal
// law. It does not modify held.
func FitConformal(held []HeldErrors) *Conformal {
	c := new(Conformal)
	var totals []float64
	var steps [][]float64
	for _, e := range held {
		by := widening(e.Past)
		for len(steps) < len(e.Steps) {
			steps = append(steps, nil)
		}
		for t, z := range e.Steps {
			steps[t] = append(steps[t], z/by)
		}
		totals = append(totals, e.Total/by)
	}
	if len(steps) == 0 {
		steps = make([][]float64, 1)
	}
	for t := range steps {
		near := steps[max(0, t-1):min(len(steps), t+2)]
		c.steps = append(c.steps, symmetric(slices.Concat(near...)))
	}
	c.total = symmetric(totals)
	return c
}

// estimated is the number of parameters that forecasts are taken to rest on: a level, a
// trend, and how fast either follows.
const estimated = 4

// widening is how much wider an 80 % interval is when its k parameters come from n values,
//
//	t_{n-k}(.9)/Φ⁻¹(.9) · √(1 + k/n),
//
// as in a regression at the mean of its regressors.
func widening(n int) float64 {
	df := math.Max(2, float64(n-estimated))
	return distribution.NewStudentT(0, 1, df).Quantile(.9) / standardNormal.Quantile(.9) * math.Sqrt(1+estimated/math.Max(1, float64(n)))
}

// native is how many errors the method's own claim counts for: a few errors move a few
// quantiles only.
const native = 8

// sizes are the absolute values of those that are finite.
func sizes(z []float64) []float64 {
	var size []float64
	for _, e := range z {
		if !math.IsNaN(e) && !math.IsInf(e, 0) {
			size = append(size, math.Abs(e))
		}
	}
	return size
}

// mostBeyond bounds the errors by the size that nine tenths of them keep: one farther out
// says that its σ was next to nothing, as after a constant, and not how far errors reach.
// It would be all of the variance and of the expected losses.
const mostBeyond = 10

// symmetric is the empirical law of ±|z|, together with evenly spaced quantiles of the
// normal law, and one error beyond all that were seen: the (n+1)-th of the conformal
// quantile, put as far out as the tail suggests.
func symmetric(z []float64) *distribution.Empirical {
	size := sizes(z)
	for k := range native {
		size = append(size, standardNormal.Quantile(.5+(float64(k)+.5)/(2*native)))
	}
	slices.Sort(size)
	n := len(size)
	for i, most := n-1, mostBeyond*size[n-1-n/10]; size[i] > most; i-- {
		size[i] = most
	}
	size = append(size, size[n-1]+(size[n-1]-size[n-1-n/10])/2)
	both := make([]float64, 0, 2*len(size))
	for _, s := range size {
		both = append(both, -s, s)
	}
	return distribution.NewEmpirical(both)
}

// Around puts the law around the means and standard deviations of a forecast that rests on
// n values. A step beyond those learnt takes the law of the last.
func (c *Conformal) Around(f Forecast, n int) Forecast {
	by := widening(n)
	out := Forecast{Period: make([]distribution.Distribution, len(f.Period)), Total: spread(c.total, f.Total, by)}
	for t, d := range f.Period {
		out.Period[t] = spread(c.steps[min(t, len(c.steps)-1)], d, by)
	}
	return out
}

// spread is a law of standardised errors around the mean of d, as wide as d times by.
func spread(law, d distribution.Distribution, by float64) distribution.Distribution {
	sd := math.Sqrt(d.Variance()) * by
	if !(sd > 0) {
		return d
	}
	return distribution.NewScaled(law, d.Mean(), sd)
}
