package regress

import (
	"errors"
	"math"
	"slices"
)

// Poisson is a regression of a non-negative quantity on the exponential scale. Residual is
// y - Mean, R2 the share of the deviance from the mean that is explained, Within is not
// given (NaN), and Sigma² is Pearson's dispersion: 1 for counts that are truly Poisson.
type Poisson struct {
	Fit
	Deviance   float64
	Iterations int
	Mean       []float64 // what the model expects in each row; 0 where it is separated
	Separated  []int32   // rows left out, ascending: zeros that effects or regressors predict for certain
}

// PPML estimates
//
//	E[y | x] = exp(offset + xβ + Σ fixed effects)
//
// by Poisson pseudo maximum likelihood: consistent whenever that mean is right, whatever
// the variance, and at home with zeros. It is Newton's method with the fixed effects taken
// out of each step: exactly if all factors but the largest have few codes (items and weeks,
// say), else by alternating projections that start where the last step ended and are as
// precise as the step deserves.
//
// Zeros that some combination of columns and effects predicts for certain have no finite
// estimate: those rows carry no information about the rest, are left out and listed. It
// returns a *DataError for a negative or infinite value, a *CollinearError for regressors
// that cannot be told apart, a *SeparatedError if they can be told apart only in rows that
// are separated or nothing is above 0, a *TooFewError, and a *ConvergenceError. Errors are
// as for OLS, Classical meaning the inverse information times Sigma².
//
// The exact path costs O(rows · (columns + codes in a group)) an iteration.
//
// Source: Santos Silva & Tenreyro, The log of gravity (2006), Review of Economics and
// Statistics 88, 641; Correia, Guimarães & Zylkin, Fast Poisson estimation with
// high-dimensional fixed effects (2020), Stata Journal 20, 95; separation: Correia,
// Guimarães & Zylkin, Verifying the existence of maximum likelihood estimates for
// generalized linear models (2021), arXiv:1903.01633.
func PPML(d *Data, e Errors) (*Poisson, error) {
	if err := d.checkCounts(); err != nil {
		return nil, err
	}
	c, err := fitCounts(d, d.Absorb, nil, !d.NoConstant && len(d.Absorb) == 0)
	if err != nil {
		return nil, err
	}
	p := c.poisson(len(d.Y))
	if err := c.errors(p, d, e); err != nil {
		return nil, err
	}
	return p, nil
}

// checkCounts looks at every value of d, and that y is never negative.
func (d *Data) checkCounts() error {
	if err := d.check(); err != nil {
		return err
	}
	for i, y := range d.Y {
		if y < 0 {
			return &DataError{"Y", 0, i, y}
		}
	}
	return nil
}

// fitCounts runs Newton's method to its end, leaving out separated rows as they show.
// slopes have a coefficient for each code of the first factor.
func fitCounts(d *Data, factors [][]int32, slopes [][]float64, constant bool) (*counts, error) {
	keep := withoutZeroCodes(d.Y, factors)
	var eta []float64 // by row of d, from which the next round starts
	var gone []int32  // rows that turned out to be separated
	for round := 0; ; round++ {
		c, err := newCounts(d, factors, slopes, constant, keep)
		if err != nil {
			return nil, err
		}
		c.begin(eta)
		separated, err := c.newton()
		if collinear := (*CollinearError)(nil); errors.As(err, &collinear) && round > 0 {
			return nil, &SeparatedError{collinear.Columns, gone} // they differed only in rows that are gone
		}
		if err != nil || len(separated) == 0 {
			return c, err
		}
		gone = append(gone, separated...)
		slices.Sort(gone)
		if round == maxRounds {
			return nil, &SeparatedError{Rows: gone}
		}
		for _, i := range separated {
			keep[i] = false
		}
		eta = make([]float64, len(d.Y))
		for k, i := range c.rows {
			eta[i] = c.eta[k]
		}
	}
}

const (
	maxRounds     = 20
	maxIterations = 200
	leastMean     = 1e-250 // what a separated row may sink to before it is found
)

// withoutZeroCodes marks the rows that are not in a code whose rows are all zero. Leaving
// rows out can make more codes all zero, so it goes on until none is.
func withoutZeroCodes(y []float64, factors [][]int32) []bool {
	keep := make([]bool, len(y))
	for i := range keep {
		keep[i] = true
	}
	for changed := true; changed; {
		changed = false
		for _, codes := range factors {
			some := make([]bool, levels(codes))
			for i, c := range codes {
				if keep[i] && y[i] > 0 {
					some[c] = true
				}
			}
			for i, c := range codes {
				if keep[i] && !some[c] {
					keep[i], changed = false, true
				}
			}
		}
	}
	return keep
}

// begin sets the linear predictor: eta by row of the data, or nil for halfway between each
// observation and the mean, whence the first step is all but a least-squares fit in logs.
//
// That start lies outside the model and nearer to the data than any fit, so that whatever
// deviance the first step leads to is taken.
func (c *counts) begin(eta []float64) {
	c.deviance = math.Inf(1)
	if eta != nil {
		for k, i := range c.rows {
			c.eta[k] = eta[i]
		}
		c.expected(c.eta)
		return
	}
	// Exposure belongs into the mean: y and the mean are compared a unit of it.
	mean := c.mean()
	for k, y := range c.y {
		c.eta[k] = math.Log((y + mean*math.Exp(c.offset[k]-c.largest)) / 2)
	}
	c.expected(c.eta)
}

// mean returns what is expected of a row with the largest exposure, if exposure is all that
// counts.
func (c *counts) mean() float64 {
	sum, mass := 0.0, 0.0
	for k, y := range c.y {
		sum += c.weight[k] * y
		mass += c.weight[k] * math.Exp(c.offset[k]-c.largest)
	}
	return sum / mass
}

// expected sets mu from eta and returns the deviance.
func (c *counts) expected(eta []float64) float64 {
	sum := 0.0
	for k, v := range eta {
		m := max(math.Exp(v), leastMean)
		c.mu[k] = m
		sum += c.weight[k] * (c.saturated[k] - c.y[k]*v + m)
	}
	return 2 * sum
}

// newton steps until the linear predictor stands still. It returns the rows (of the data)
// that turn out to be separated, with which a new round must do without.
func (c *counts) newton() ([]int32, error) {
	positive := math.Inf(1) // largest change of the linear predictor where there are units
	for c.iterations = 1; c.iterations <= maxIterations; c.iterations++ {
		// The next change is about the square of this one: effects need be no more precise.
		tol := min(1e-4, max(1e-11, 1e-3*positive*positive))
		if err := c.step(tol); err != nil {
			return nil, err
		}
		var zero float64 // and where there are none
		positive, zero = c.advance()
		if max(positive, zero) < 1e-6 {
			return nil, nil
		}
		if positive < 1e-4 && zero > .1 {
			if rows := c.receding(); rows != nil {
				return rows, nil
			}
		}
	}
	return nil, &ConvergenceError{"likelihood", maxIterations}
}

// step computes the next linear predictor of the full Newton step into c.next.
func (c *counts) step(tol float64) error {
	for k, m := range c.mu {
		c.work[k] = c.weight[k] * m
		z := c.eta[k] - c.offset[k] + c.y[k]/m - 1
		c.rest[k] += z - c.z[k] // the effects in z - rest are taken out already
		c.z[k] = z
	}
	c.part.weigh(c.work)
	if err := c.part.residuals(append(c.tilde, c.rest), tol); err != nil {
		return err
	}
	if err := c.regress(); err != nil {
		return err
	}
	for k, z := range c.z {
		r := c.rest[k]
		for j, x := range c.tilde {
			r -= c.beta[j] * x[k]
		}
		c.next[k] = z + c.offset[k] - r
	}
	return nil
}

// regress solves the normal equations of what is left of z on what is left of x.
func (c *counts) regress() error {
	n := len(c.tilde)
	scaled := c.next // which the step fills afterwards
	for j, x := range c.tilde {
		for i, w := range c.work {
			scaled[i] = w * x[i]
		}
		c.beta[j] = inner(scaled, c.rest)
		for k, z := range c.tilde[:j+1] {
			c.normal[j*n+k] = inner(scaled, z)
		}
	}
	if c.iterations == 1 {
		if _, err := c.orthogonal(); err != nil {
			return err
		}
	}
	factor(c.normal, n, nil, 0)
	forward(c.normal, n, c.beta)
	backward(c.normal, n, c.beta)
	return nil
}

// advance moves to c.next, or only part of the way as long as the deviance would rise, and
// returns the largest moves that the full step asks for, among rows with y > 0 and y = 0.
func (c *counts) advance() (positive, zero float64) {
	before := c.deviance
	share := 1.0
	for range 30 {
		for k, v := range c.next {
			c.trial[k] = c.eta[k] + share*(v-c.eta[k])
		}
		c.deviance = c.expected(c.trial)
		if c.deviance <= math.MaxFloat64 && c.deviance <= before+1e-9*(before+1) {
			break
		}
		share /= 2
	}
	for k, v := range c.next {
		move := math.Abs(v - c.eta[k])
		if c.y[k] > 0 {
			positive = max(positive, move)
		} else {
			zero = max(zero, move)
		}
	}
	c.eta, c.trial = c.trial, c.eta
	return positive, zero
}

// receding returns the rows that the last step moved towards minus infinity, if it moved no
// others. Such a step is the proof of separation: a combination of the columns that is 0
// where y > 0, and nowhere positive. Newton's steps on an exponential that has no minimum
// tend to -1, so it comes up by itself within some iterations.
func (c *counts) receding() []int32 {
	var rows []int32
	for k, v := range c.eta {
		switch move := v - c.trial[k]; {
		case c.y[k] == 0 && move < -.1:
			rows = append(rows, c.rows[k])
		case math.Abs(move) > 1e-4:
			return nil
		}
	}
	return rows
}
