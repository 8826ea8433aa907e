package distribution

import "math"

// Poisson is the Poisson distribution, P(D = k) = λ^k e^-λ / k!. Rate 0 is the
// constant zero.
type Poisson struct{ rate float64 }

// NewPoisson returns the Poisson distribution. It panics unless rate is finite
// and not negative.
func NewPoisson(rate float64) Poisson {
	finite("rate", rate)
	if rate < 0 {
		panic("distribution: rate must not be negative")
	}
	return Poisson{rate}
}

func (d Poisson) Mean() float64     { return d.rate }
func (d Poisson) Variance() float64 { return d.rate }
func (Poisson) lattice()            {}

// Probability returns P(D = k); it is 0 unless k is a whole number >= 0.
func (d Poisson) Probability(k float64) float64 {
	if k < 0 || k != math.Floor(k) || math.IsInf(k, 1) {
		return 0
	}
	if d.rate == 0 {
		return step(0, k)
	}
	return math.Exp(logPoissonTerm(k, d.rate))
}

func (d Poisson) CDF(x float64) float64 {
	lower, _ := d.tails(x)
	return lower
}

// Survival returns P(D > x), without cancellation.
func (d Poisson) Survival(x float64) float64 {
	_, upper := d.tails(x)
	return upper
}

func (d Poisson) tails(x float64) (lower, upper float64) {
	switch {
	case x < 0:
		return 0, 1
	case d.rate == 0 || math.IsInf(x, 1):
		return 1, 0
	}
	upper, lower = gammaPQ(math.Floor(x)+1, d.rate)
	return lower, upper
}

func (d Poisson) Quantile(u float64) float64 {
	if x, done := atEnds(u, 0, latticeEnd(d.rate)); done {
		return x
	}
	if d.rate == 0 {
		return 0
	}
	sd := math.Sqrt(d.rate)
	return searchLattice(u, cornishFisher(u, d.rate, sd, 1/sd), d.tails)
}

// Loss is λ P(D >= n) - x P(D > n) above, n the whole part of x, and the
// matching difference of lower tails below.
func (d Poisson) Loss(x float64) (above, below float64) {
	return latticeLoss(x, d.rate, d.tails, d.tails, d.Probability)
}

// latticeEnd is the upper end of the support of a count with the given mean.
func latticeEnd(mean float64) float64 {
	if mean == 0 {
		return 0
	}
	return math.Inf(1)
}

// latticeLoss is the loss of a count D >= 0, for which E[D; D > n] is the mean
// times P(B > n-1) of a companion B. Where the difference of the two terms
// cancels it adds up the tail instead.
func latticeLoss(x, mean float64, tails, companion func(float64) (lower, upper float64), probability func(float64) float64) (above, below float64) {
	if x <= 0 {
		return mean - x, 0
	}
	n := math.Floor(x)
	lower, upper := tails(n)
	cLower, cUpper := companion(n - 1)
	if x <= mean {
		below = x*lower - mean*cLower
		if below < 1e-3*x*lower {
			below = 0
			for k := n; k >= 0; k-- {
				term := (x - k) * probability(k)
				below += term
				if term > 0 && term < below*epsilon {
					break
				}
			}
		}
		return below + mean - x, below
	}
	above = mean*cUpper - x*upper
	if above < 1e-3*x*upper {
		above = 0
		for k := n + 1; !math.IsInf(k, 1); k++ {
			term := (k - x) * probability(k)
			above += term
			if term <= above*epsilon {
				break
			}
		}
	}
	return above, above + x - mean
}
