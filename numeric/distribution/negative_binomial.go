package distribution

import "math"

// NegativeBinomial is the count of a Poisson variable whose rate is gamma
// distributed with mean μ and shape r:
//
//	P(D = k) = Γ(k+r)/(Γ(r) k!) p^r q^k,  p = r/(r+μ), q = μ/(r+μ),
//
// with mean μ and variance μ + μ²/r. The size r may be +Inf: the Poisson
// distribution. Mean 0 is the constant zero.
type NegativeBinomial struct{ mu, size float64 }

// NewNegativeBinomial returns the negative binomial distribution. It panics
// unless mean is finite and not negative, and size positive.
func NewNegativeBinomial(mean, size float64) NegativeBinomial {
	finite("mean", mean)
	if mean < 0 {
		panic("distribution: mean must not be negative")
	}
	if !(size > 0) {
		panic("distribution: size must be positive")
	}
	return NegativeBinomial{mean, size}
}

// NegativeBinomialOf returns the negative binomial with the given mean and
// variance; a variance at or below the mean gives the Poisson distribution.
func NegativeBinomialOf(mean, variance float64) NegativeBinomial {
	if excess := variance - mean; excess > 0 && mean > 0 {
		return NewNegativeBinomial(mean, math.Max(mean*mean/excess, 1e-12))
	}
	return NewNegativeBinomial(mean, math.Inf(1))
}

func (d NegativeBinomial) Mean() float64     { return d.mu }
func (d NegativeBinomial) Size() float64     { return d.size }
func (d NegativeBinomial) Variance() float64 { return d.mu + d.mu*(d.mu/d.size) }
func (NegativeBinomial) lattice()            {}

// poisson reports whether the size is too large for its p and q to be told
// from the limit.
func (d NegativeBinomial) poisson() bool { return d.size > 1e17*(1+d.mu*d.mu) || d.mu == 0 }

func (d NegativeBinomial) odds() (p, q float64) {
	return d.size / (d.size + d.mu), d.mu / (d.size + d.mu)
}

// Probability returns P(D = k); it is 0 unless k is a whole number >= 0.
func (d NegativeBinomial) Probability(k float64) float64 {
	if d.poisson() {
		return Poisson{d.mu}.Probability(k)
	}
	return math.Exp(d.LogProbability(k))
}

// LogProbability returns log P(D = k), -Inf where the probability is 0.
func (d NegativeBinomial) LogProbability(k float64) float64 {
	switch {
	case k < 0 || k != math.Floor(k) || math.IsInf(k, 1):
		return math.Inf(-1)
	case d.mu == 0:
		return math.Log(step(0, k))
	case d.poisson():
		return logPoissonTerm(k, d.mu)
	}
	p, q := d.odds()
	if k == 0 {
		return d.size * logOfRest(p, q)
	}
	return logBinomialTerm(d.size, k, p, q) + math.Log(d.size/(d.size+k))
}

func (d NegativeBinomial) CDF(x float64) float64 {
	lower, _ := d.tails(x)
	return lower
}

// Survival returns P(D > x), without cancellation.
func (d NegativeBinomial) Survival(x float64) float64 {
	_, upper := d.tails(x)
	return upper
}

func (d NegativeBinomial) tails(x float64) (lower, upper float64) {
	switch {
	case x < 0:
		return 0, 1
	case math.IsInf(x, 1):
		return 1, 0
	case d.poisson():
		return Poisson{d.mu}.tails(x)
	}
	p, q := d.odds()
	return betaTails(d.size, math.Floor(x)+1, p, q)
}

func (d NegativeBinomial) Quantile(u float64) float64 {
	if x, done := atEnds(u, 0, latticeEnd(d.mu)); done {
		return x
	}
	if d.poisson() {
		return Poisson{d.mu}.Quantile(u)
	}
	return searchLattice(u, d.guess(u), d.tails)
}

// guess is the gamma quantile that the count tends to for small sizes, or the
// Cornish–Fisher one.
func (d NegativeBinomial) guess(u float64) float64 {
	sd := math.Sqrt(d.Variance())
	if d.size < 1 {
		g := Gamma{d.size, d.mu / d.size}
		return d.mu / d.size * g.guess(u)
	}
	return cornishFisher(u, d.mu, sd, (1+2*d.mu/d.size)/sd)
}

// Loss is μ P(B >= n) - x P(D > n) above, n the whole part of x and B negative
// binomial with one more in size and the same odds, and the matching
// difference of lower tails below.
func (d NegativeBinomial) Loss(x float64) (above, below float64) {
	if d.poisson() {
		return Poisson{d.mu}.Loss(x)
	}
	companion := NegativeBinomial{d.mu * (d.size + 1) / d.size, d.size + 1}
	return latticeLoss(x, d.mu, d.tails, companion.tails, d.Probability)
}
