package policy

import (
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/numeric/distribution"
)

// BernoulliArm is an action that succeeds or fails. The zero arm has seen nothing: its chance
// of success is uniform, and Beta(1 + Wins, 1 + Losses) afterwards.
type BernoulliArm struct{ Wins, Losses float64 }

// Learn adds a reward in [0, 1]; one in between counts as a part of a success. It panics on
// any other.
func (a *BernoulliArm) Learn(reward float64) {
	if !(reward >= 0 && reward <= 1) {
		panic("policy: the reward of a Bernoulli arm lies in [0, 1]")
	}
	a.Wins += reward
	a.Losses += 1 - reward
}

// Posterior returns what is believed of the chance of success.
func (a *BernoulliArm) Posterior() distribution.Distribution {
	return distribution.NewBeta(1+a.Wins, 1+a.Losses)
}

// Draw draws from the posterior.
func (a *BernoulliArm) Draw(rng *rand.Rand) float64 {
	x := distribution.DrawGamma(1+a.Wins, rng)
	return x / (x + distribution.DrawGamma(1+a.Losses, rng))
}

// GaussianArm is an action with normal rewards of unknown mean and variance, under a
// normal-inverse-gamma prior; NewGaussianArm makes one.
type GaussianArm struct {
	Mean   float64 // believed mean reward
	Weight float64 // rewards that stand behind it, those of the prior included
	Shape  float64 // of the variance's inverse gamma
	Scale  float64
}

// NewGaussianArm returns an arm whose mean reward is believed to be mean, with the weight of
// so many rewards (a fraction is allowed), and whose rewards have a standard deviation of
// about sd, which counts as two. It panics unless sd and weight are positive.
func NewGaussianArm(mean, sd, weight float64) GaussianArm {
	if !(sd > 0) || !(weight > 0) || !opeFinite(mean) {
		panic("policy: a Gaussian arm out of range")
	}
	return GaussianArm{mean, weight, 1, sd * sd}
}

// Learn adds a reward. It panics on one that is not finite.
//
// Source: Murphy, Conjugate Bayesian analysis of the Gaussian distribution (2007), section 3.
func (a *GaussianArm) Learn(reward float64) {
	if !opeFinite(reward) {
		panic("policy: a reward is not finite")
	}
	apart := reward - a.Mean
	a.Scale += apart * apart * a.Weight / (a.Weight + 1) / 2
	a.Mean += apart / (a.Weight + 1)
	a.Weight++
	a.Shape += .5
}

// Posterior returns what is believed of the mean reward: Student's t.
func (a *GaussianArm) Posterior() distribution.Distribution {
	return distribution.NewStudentT(a.Mean, a.spread(), 2*a.Shape)
}

// Draw draws from the posterior.
func (a *GaussianArm) Draw(rng *rand.Rand) float64 {
	chi := distribution.DrawGamma(a.Shape, rng) / a.Shape
	return a.Mean + a.spread()*rng.NormFloat64()/math.Sqrt(chi)
}

func (a *GaussianArm) spread() float64 { return math.Sqrt(a.Scale / (a.Shape * a.Weight)) }

// CountArm is an action whose rewards are Value for each of a Poisson number of events, such
// as a price that brings its margin for every unit sold. The rate of events is believed to be
// Gamma with the given shape and rate, which are the events and the periods that the prior
// counts for, plus those learnt.
type CountArm struct{ Shape, Rate, Value float64 }

// Learn adds a number of events and the periods, or parts of one, in which they came. It
// panics unless events >= 0 and periods > 0.
func (a *CountArm) Learn(events, periods float64) {
	if !(events >= 0) || !(periods > 0) || math.IsInf(events+periods, 1) {
		panic("policy: events or periods of a count arm out of range")
	}
	a.Shape += events
	a.Rate += periods
}

// Posterior returns what is believed of the mean reward of a period.
func (a *CountArm) Posterior() distribution.Distribution {
	if a.Value == 0 {
		return distribution.Point(0)
	}
	rate := distribution.NewGamma(a.Shape, 1/a.Rate)
	if a.Value < 0 { // a loss on every event: fewer are better
		return mirrored{distribution.NewGamma(a.Shape, -a.Value/a.Rate)}
	}
	return distribution.NewScaled(rate, 0, a.Value)
}

// Draw draws from the posterior.
func (a *CountArm) Draw(rng *rand.Rand) float64 {
	return a.Value * distribution.DrawGamma(a.Shape, rng) / a.Rate
}

// mirrored is -D for a continuous D.
type mirrored struct{ distribution.Gamma }

func (d mirrored) Mean() float64              { return -d.Gamma.Mean() }
func (d mirrored) CDF(x float64) float64      { return d.Gamma.Survival(-x) }
func (d mirrored) Survival(x float64) float64 { return d.Gamma.CDF(-x) }
func (d mirrored) Quantile(u float64) float64 { return -d.Gamma.Quantile(1 - u) }
func (d mirrored) Loss(x float64) (above, below float64) {
	below, above = d.Gamma.Loss(-x)
	return above, below
}

// Drawer is an arm that Thompson can draw from.
type Drawer interface {
	Draw(rng *rand.Rand) float64
}

// Thompson draws from what is believed of every arm and returns the arm of the largest draw.
// The chance with which it takes an arm is in Best.
//
// Source: Thompson, On the likelihood that one unknown probability exceeds another (1933),
// Biometrika 25, 285-294; Agrawal & Goyal, Analysis of Thompson sampling (2012), COLT 23, 39.
func Thompson[A Drawer](arms []A, rng *rand.Rand) int {
	best, most := 0, math.Inf(-1)
	for i, arm := range arms {
		if x := arm.Draw(rng); x > most {
			best, most = i, x
		}
	}
	return best
}

// bestGrid are the probabilities at whose quantiles distribution functions are joined by
// straight lines.
var bestGrid = func() []float64 {
	grid := []float64{1e-8, 1e-6, 1e-4, 4e-4, .0015, .004}
	for k := 1; k < 64; k++ {
		grid = append(grid, float64(k)/64)
	}
	for _, u := range grid[:6] {
		grid = append(grid, 1-u)
	}
	slices.Sort(grid)
	return grid
}()

// gauss holds nodes and weights of a Gauss-Legendre rule of five points on [0, 1].
var gauss = [5][2]float64{
	{.046910077030668, .118463442528095}, {.230765344947158, .239314335249683}, {.5, .284444444444444},
	{.769234655052842, .239314335249683}, {.953089922969332, .118463442528095},
}

// Best returns for each arm the chance that its value is the largest of all, when they are
// independent and distributed as given: the propensities of Thompson. It integrates
// Π F_j dF_i with the distribution functions straight between some seventy quantiles of every
// arm: to about 1e-4, without drawing. The chances sum to 1. It panics without arms.
//
// Whoever needs propensities to the last digit draws from what Best returns, by
// Randomised.Draw, in place of Thompson.
func Best(posteriors []distribution.Distribution) []float64 {
	if len(posteriors) == 0 {
		panic("policy: no arms")
	}
	var at []float64
	for _, d := range posteriors {
		if x, certain := d.(distribution.Point); certain { // its step stays as steep as can be
			at = append(at, math.Nextafter(float64(x), math.Inf(-1)), float64(x))
			continue
		}
		for _, u := range bestGrid {
			at = append(at, d.Quantile(u))
		}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	k := len(posteriors)
	chances := make([]float64, k)
	low, high := make([]float64, k), make([]float64, k)
	here, ahead := make([]float64, k), make([]float64, k+1)
	for cell := 0; cell <= len(at); cell++ { // all lie below the first node with next to nothing
		for i, d := range posteriors {
			high[i] = 1
			if cell < len(at) {
				high[i] = d.CDF(at[cell])
			}
		}
		for _, node := range gauss {
			// here[i] becomes the product of all but i: that of those before, and of those after.
			ahead[k] = 1
			for i := k - 1; i >= 0; i-- {
				ahead[i] = ahead[i+1] * (low[i] + node[0]*(high[i]-low[i]))
			}
			before := 1.0
			for i := range here {
				here[i] = before * ahead[i+1]
				before *= low[i] + node[0]*(high[i]-low[i])
				chances[i] += node[1] * here[i] * (high[i] - low[i])
			}
		}
		low, high = high, low
	}
	sum := 0.0
	for _, p := range chances {
		sum += p
	}
	for i := range chances {
		chances[i] /= sum
	}
	return chances
}

// Floor mixes chances with equal ones so that none is below least: a choice that is drawn so
// can be learnt from, whatever it was. It does not modify p and panics unless least·len(p) is
// at most 1.
func Floor(p []float64, least float64) []float64 {
	equal := least * float64(len(p))
	if !(least >= 0 && equal <= 1+1e-12) {
		panic("policy: a least chance that not all can have")
	}
	mixed := make([]float64, len(p))
	for i := range p {
		mixed[i] = (1-equal)*p[i] + least
	}
	return mixed
}
