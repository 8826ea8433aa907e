package policy

import (
	"math"

	"tradewind/numeric/distribution"
)

// LinUCB takes actions in contexts: the reward of arm a is expected to be x'θ_a, and the arm
// of the largest
//
//	x'θ_a + Alpha·√(x'A_a⁻¹x),  A_a = I + Σ xx',  θ_a = A_a⁻¹·Σ x·reward
//
// over the contexts in which it was taken, is chosen. Contexts should be of a size about 1.
// Its fields are exported so that it can be kept; they are not meant to be set by hand.
//
// Source: Li, Chu, Langford & Schapire, A contextual-bandit approach to personalized news
// article recommendation (2010), WWW 19, 661-670, algorithm 1 (disjoint models).
type LinUCB struct {
	Alpha     float64
	Dimension int
	Inverse   [][]float64 // A⁻¹ of each arm, row-major
	Theta     [][]float64 // coefficients of each arm
	Count     []int       // how often each arm was learnt from
}

// NewLinUCB returns a rule that knows nothing. It panics unless arms and dimension are
// positive and alpha is not negative.
func NewLinUCB(arms, dimension int, alpha float64) *LinUCB {
	if arms < 1 || dimension < 1 || !(alpha >= 0) {
		panic("policy: LinUCB out of range")
	}
	u := &LinUCB{Alpha: alpha, Dimension: dimension, Count: make([]int, arms)}
	for range arms {
		inverse := make([]float64, dimension*dimension)
		for i := range dimension {
			inverse[i*dimension+i] = 1
		}
		u.Inverse = append(u.Inverse, inverse)
		u.Theta = append(u.Theta, make([]float64, dimension))
	}
	return u
}

// Scores returns the upper bound of each arm in context x.
func (u *LinUCB) Scores(x []float64) []float64 {
	scores := make([]float64, len(u.Theta))
	for a := range scores {
		mean, sd := u.belief(a, x)
		scores[a] = mean + u.Alpha*sd
	}
	return scores
}

// Posteriors returns what is believed of each arm's expected reward in context x, normal with
// standard deviation Alpha·√(x'A⁻¹x): Best makes linear Thompson sampling of it, whose
// choices have propensities without any mixed in.
func (u *LinUCB) Posteriors(x []float64) []distribution.Distribution {
	posteriors := make([]distribution.Distribution, len(u.Theta))
	for a := range posteriors {
		mean, sd := u.belief(a, x)
		posteriors[a] = distribution.Point(mean)
		if spread := u.Alpha * sd; spread > 0 {
			posteriors[a] = distribution.NewNormal(mean, spread)
		}
	}
	return posteriors
}

// Propensities returns the chance of each arm in context x: explore is shared equally by all,
// the rest by those of the largest score, which is one but for ties. It panics unless explore
// lies in [0, 1].
func (u *LinUCB) Propensities(x []float64, explore float64) []float64 {
	if !(explore >= 0 && explore <= 1) {
		panic("policy: a share to explore lies in [0, 1]")
	}
	scores := u.Scores(x)
	most, ties := math.Inf(-1), 0.0
	for _, score := range scores {
		switch {
		case score > most:
			most, ties = score, 1
		case score == most:
			ties++
		}
	}
	chances := make([]float64, len(scores))
	for a, score := range scores {
		chances[a] = explore / float64(len(scores))
		if score == most {
			chances[a] += (1 - explore) / ties
		}
	}
	return chances
}

// Learn adds the reward of an arm in context x, in O(Dimension²) by the formula of Sherman
// and Morrison. It panics on a number that is not finite.
func (u *LinUCB) Learn(x []float64, arm int, reward float64) {
	u.mustFit(x)
	if !opeFinite(reward) {
		panic("policy: a reward is not finite")
	}
	n, inverse, theta := u.Dimension, u.Inverse[arm], u.Theta[arm]
	ax := make([]float64, n)
	spread, expected := 1.0, 0.0
	for i := range n {
		for j := range n {
			ax[i] += inverse[i*n+j] * x[j]
		}
		spread += x[i] * ax[i]
		expected += x[i] * theta[i]
	}
	for i := range n {
		theta[i] += ax[i] * (reward - expected) / spread
		for j := range n {
			inverse[i*n+j] -= ax[i] * ax[j] / spread
		}
	}
	u.Count[arm]++
}

// belief returns x'θ and √(x'A⁻¹x) of an arm.
func (u *LinUCB) belief(arm int, x []float64) (mean, sd float64) {
	u.mustFit(x)
	n, inverse := u.Dimension, u.Inverse[arm]
	variance := 0.0
	for i := range n {
		mean += x[i] * u.Theta[arm][i]
		for j := range n {
			variance += x[i] * inverse[i*n+j] * x[j]
		}
	}
	return mean, math.Sqrt(max(0, variance))
}

func (u *LinUCB) mustFit(x []float64) {
	if len(x) != u.Dimension {
		panic("policy: a context of another dimension")
	}
	for _, v := range x {
		if !opeFinite(v) {
			panic("policy: a context is not finite")
		}
	}
}
