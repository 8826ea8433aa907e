package policy

import (
	"fmt"
	"math"

	"tradewind/numeric/distribution"
)

// Choice is one action that a log holds, and what a policy that is to be judged would have
// made of it. Contexts of any kind can stand behind it: only their chances and, with a model,
// their expectations come in.
type Choice struct {
	Reward     float64
	Propensity float64 // chance with which it was taken, in (0, 1]; 0 or NaN: nobody wrote it down
	Target     float64 // chance with which the judged policy takes it
	Missed     float64 // chance that the judged policy gives to what could not have been taken; 0 if that is not known
	Fitted     float64 // what a model expects of it from here on, Q̂(s, a); 0 without a model
	Value      float64 // what the model expects of the judged policy here, Σ π(a|s)·Q̂(s, a)
}

// Estimate is an estimated value with its standard error and its interval.
type Estimate struct{ Value, SE, Low, High float64 }

// LogError names a number in a log that is none: not finite, or a chance outside [0, 1].
type LogError struct {
	Part          string // a field of Choice or Logged, or "Next"
	Episode, Step int
	Value         float64
}

func (e *LogError) Error() string {
	return fmt.Sprintf("policy: %s of step %d in episode %d is %v", e.Part, e.Step, e.Episode, e.Value)
}

// ImportanceSampling returns the mean over episodes of Σ γᵗ·wₜ·rₜ, with wₜ the product of
// Target/Propensity up to step t (per-decision importance sampling; inverse propensity
// scoring where episodes have one step). It is unbiased if the propensities are right and
// every action of the judged policy could have been taken; its variance grows with the
// weights. An episode that is over has rewards of 0 from there on. Episodes are independent
// of each other; level is that of the interval.
//
// Source: Precup, Sutton & Singh, Eligibility traces for off-policy policy evaluation (2000),
// International Conference on Machine Learning, 759-766.
func ImportanceSampling(episodes [][]Choice, gamma, level float64) Estimate {
	returns := make([]float64, len(episodes))
	for i, episode := range episodes {
		weight, discount := 1.0, 1.0
		for _, c := range episode {
			weight *= c.Target / c.Propensity
			returns[i] += discount * weight * c.Reward
			discount *= gamma
		}
	}
	return opeMean(returns, level)
}

// SelfNormalised returns Σ γᵗ·(Σ wₜ·rₜ)/(Σ wₜ), the inner sums over episodes: biased by the
// order of 1/n, within the range of the rewards, and of less variance than
// ImportanceSampling where weights differ much. Its standard error is linearised. If no
// episode has a weight it is 0 between infinite bounds.
//
// Source: Swaminathan & Joachims, The self-normalized estimator for counterfactual learning
// (2015), Advances in Neural Information Processing Systems 28.
func SelfNormalised(episodes [][]Choice, gamma, level float64) Estimate {
	n := len(episodes)
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 1
	}
	influence := make([]float64, n)
	value, discount := 0.0, 1.0
	for t := range opeHorizon(episodes) {
		sum, reward := 0.0, 0.0
		for i, episode := range episodes {
			if t < len(episode) {
				weights[i] *= episode[t].Target / episode[t].Propensity
				reward += weights[i] * episode[t].Reward
			}
			sum += weights[i] // what is over goes on with nothing, at the weight it had
		}
		if sum == 0 {
			return Estimate{0, math.Inf(1), math.Inf(-1), math.Inf(1)}
		}
		mean := reward / sum
		value += discount * mean
		for i, episode := range episodes {
			r := 0.0
			if t < len(episode) {
				r = episode[t].Reward
			}
			influence[i] += discount * weights[i] * (r - mean) * float64(n) / sum
		}
		discount *= gamma
	}
	spread := opeMean(influence, level)
	return Estimate{value, spread.SE, value + spread.Low - spread.Value, value + spread.High - spread.Value}
}

// DoublyRobust returns the mean over episodes of
//
//	Σ γᵗ·(wₜ·(rₜ - Q̂ₜ) + wₜ₋₁·V̂ₜ),  w₋₁ = 1
//
// with the weights of ImportanceSampling and a model's Fitted and Value. It is unbiased if
// either the propensities or the model are right, provided that the model was fitted on
// other episodes, and its variance is that of what the model leaves unexplained.
//
// Source: Jiang & Li, Doubly robust off-policy value evaluation for reinforcement learning
// (2016), International Conference on Machine Learning, 652-661; Dudík, Langford & Li (2011)
// for episodes of one step.
func DoublyRobust(episodes [][]Choice, gamma, level float64) Estimate {
	return opeMean(opeRobust(episodes, gamma, math.Inf(1)), level)
}

// opeRobust returns the doubly robust value of each episode, with weights of at most clip.
func opeRobust(episodes [][]Choice, gamma, clip float64) []float64 {
	values := make([]float64, len(episodes))
	for i, episode := range episodes {
		weight, before, discount := 1.0, 1.0, 1.0
		for _, c := range episode {
			weight *= c.Target / c.Propensity
			clipped := min(weight, clip)
			values[i] += discount * (clipped*(c.Reward-c.Fitted) + before*c.Value)
			before = clipped
			discount *= gamma
		}
	}
	return values
}

// opeLogged returns what each episode brought.
func opeLogged(episodes [][]Choice, gamma float64) []float64 {
	returns := make([]float64, len(episodes))
	for i, episode := range episodes {
		discount := 1.0
		for _, c := range episode {
			returns[i] += discount * c.Reward
			discount *= gamma
		}
	}
	return returns
}

// opeMean returns the mean of independent values and its interval by Student's t, which is
// without bounds below three values.
func opeMean(values []float64, level float64) Estimate {
	mean, squares := 0.0, 0.0
	for i, v := range values {
		step := v - mean
		mean += step / float64(i+1)
		squares += step * (v - mean)
	}
	n := float64(len(values))
	if n < 3 {
		return Estimate{mean, math.Inf(1), math.Inf(-1), math.Inf(1)}
	}
	se := math.Sqrt(squares / (n - 1) / n)
	half := se * distribution.NewStudentT(0, 1, n-1).Quantile((1+level)/2)
	return Estimate{mean, se, mean - half, mean + half}
}

func opeHorizon(episodes [][]Choice) int {
	longest := 0
	for _, episode := range episodes {
		longest = max(longest, len(episode))
	}
	return longest
}
