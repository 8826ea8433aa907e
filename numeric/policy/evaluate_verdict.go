package policy

import (
	"fmt"
	"math"
)

// EvaluateForm is how a policy is judged from a log. The zero form is usable.
type EvaluateForm struct {
	Gamma  float64   // discount of a step; 0: 1
	Level  float64   // of the intervals; 0: .95
	Least  int       // episodes, and effective ones, that there must be; 0: 30
	Missed float64   // share of the judged policy's choices that may lie outside of the log; 0: .01
	Clips  []float64 // limits of the weights to try; nil: 2, 5, 10, 20 and 50
}

func (form EvaluateForm) withDefaults() EvaluateForm {
	if form.Gamma == 0 {
		form.Gamma = 1
	}
	if form.Level == 0 {
		form.Level = .95
	}
	if form.Least == 0 {
		form.Least = 30
	}
	if form.Missed == 0 {
		form.Missed = .01
	}
	if form.Clips == nil {
		form.Clips = []float64{2, 5, 10, 20, 50}
	}
	if !(form.Gamma > 0 && form.Gamma <= 1) || !(form.Level > 0 && form.Level < 1) || form.Least < 3 || !(form.Missed > 0) {
		panic("policy: an evaluation form out of range")
	}
	return form
}

// Evaluation is what a log says about a policy that did not write it.
type Evaluation struct {
	Episodes, Steps int
	Weights         Weights
	Logged          Estimate // what the log's own policy brought
	IPS             Estimate // by ImportanceSampling
	SNIPS           Estimate // by SelfNormalised
	DR              Estimate // by DoublyRobust: the one to go by
	Gain            Estimate // DR less Logged, episode by episode; deploy if Low > 0
	Model           Estimate // what the model alone says; its interval knows nothing of its bias
	Clips           []Clipped
}

// Weights says how much of the log speaks for the judged policy.
type Weights struct {
	ESS    float64 // effective episodes, (Σw)²/Σw², at the step where they are fewest
	Max    float64 // the largest weight
	Ratio  float64 // mean of Target/Propensity over all steps, which is expected to be 1
	Missed float64 // share of the judged policy's choices that the log cannot hold
}

// Clipped is the doubly robust estimate with weights of at most Limit: if it differs much
// from the one without, a few episodes decide.
type Clipped struct {
	Limit float64
	Share float64 // of the steps whose weight is clipped
	DR    Estimate
}

// Reason says why a log cannot judge a policy.
type Reason string

// The reasons.
const (
	NoPropensities    Reason = "propensities missing"
	TooFewEpisodes    Reason = "too few episodes"
	NoOverlap         Reason = "no overlap"
	ThinOverlap       Reason = "thin overlap"
	WrongPropensities Reason = "propensities contradict"
)

// Remedy says what helps.
type Remedy string

// The remedies.
const (
	LogPropensities   Remedy = "draw choices and log the chance of each"
	LogMore           Remedy = "go on logging, up to Need episodes"
	RunPilot          Remedy = "let a pilot take, now and then, what the policy would take"
	CheckPropensities Remedy = "find out how choices were really drawn"
)

// Remedy returns what helps against a reason.
func (r Reason) Remedy() Remedy {
	switch r {
	case NoPropensities:
		return LogPropensities
	case NoOverlap:
		return RunPilot
	case WrongPropensities:
		return CheckPropensities
	}
	return LogMore // a policy nearer to the log's needs fewer
}

// NotEvaluable is the verdict "not evaluable from logs". Have and Need are steps with a
// propensity and all steps (NoPropensities), episodes (TooFewEpisodes, ThinOverlap), the
// share of the judged policy's choices that the log may hold and the least (NoOverlap), or
// the mean ratio of chances and 1 (WrongPropensities).
type NotEvaluable struct {
	Reason     Reason
	Have, Need float64
}

func (e *NotEvaluable) Error() string {
	return fmt.Sprintf("policy: not evaluable from logs: %s: %.4g, needed %.4g: %s", e.Reason, e.Have, e.Need, e.Reason.Remedy())
}

// opeSurely is by how many standard errors the mean ratio of chances may be off 1: with right
// propensities it is beyond that some sixty times in a million.
const opeSurely = 4

// Evaluate judges a policy from what another one did: one slice of choices an episode, which
// is independent of the others, has one step for a bandit, and is over where it is shorter
// than the longest. A model that stands behind Fitted and Value must come from other episodes
// (EvaluateLog sees to that).
//
// Where the log cannot answer it returns a *NotEvaluable, and of the Evaluation only what
// was counted until then. A number that is none is a *LogError.
func Evaluate(episodes [][]Choice, form EvaluateForm) (Evaluation, error) {
	form = form.withDefaults()
	e := Evaluation{Episodes: len(episodes)}
	if err := e.count(episodes, form); err != nil {
		return e, err
	}
	if err := e.weigh(episodes, form); err != nil {
		return e, err
	}
	returns, robust := opeLogged(episodes, form.Gamma), opeRobust(episodes, form.Gamma, math.Inf(1))
	gains, models := make([]float64, len(episodes)), make([]float64, len(episodes))
	for i, episode := range episodes {
		gains[i] = robust[i] - returns[i]
		if len(episode) > 0 {
			models[i] = episode[0].Value
		}
	}
	e.Logged = opeMean(returns, form.Level)
	e.IPS = ImportanceSampling(episodes, form.Gamma, form.Level)
	e.SNIPS = SelfNormalised(episodes, form.Gamma, form.Level)
	e.DR = opeMean(robust, form.Level)
	e.Gain = opeMean(gains, form.Level)
	e.Model = opeMean(models, form.Level)
	for _, limit := range form.Clips {
		above := 0
		opeEachWeight(episodes, func(_, _ int, weight float64) {
			if weight > limit {
				above++
			}
		})
		share := float64(above) / float64(e.Steps)
		e.Clips = append(e.Clips, Clipped{limit, share, opeMean(opeRobust(episodes, form.Gamma, limit), form.Level)})
	}
	return e, nil
}

// count checks every number, and that there are enough episodes and propensities.
func (e *Evaluation) count(episodes [][]Choice, form EvaluateForm) error {
	without, missed := 0, 0.0
	for i, episode := range episodes {
		for t, c := range episode {
			e.Steps++
			for _, field := range []struct {
				part  string
				value float64
				wrong bool
			}{
				{"Reward", c.Reward, !opeFinite(c.Reward)},
				{"Propensity", c.Propensity, c.Propensity < 0 || c.Propensity > 1+1e-9},
				{"Target", c.Target, !(c.Target >= 0 && c.Target <= 1+1e-9)},
				{"Missed", c.Missed, !(c.Missed >= 0 && c.Missed <= 1+1e-9)},
				{"Fitted", c.Fitted, !opeFinite(c.Fitted)},
				{"Value", c.Value, !opeFinite(c.Value)},
			} {
				if field.wrong {
					return &LogError{field.part, i, t, field.value}
				}
			}
			if !(c.Propensity > 0) {
				without++
			}
			if c.Propensity >= 1-1e-9 { // nothing else could have been taken
				missed += max(c.Missed, 1-c.Target)
			} else {
				missed += c.Missed
			}
		}
	}
	switch {
	case without > 0:
		return &NotEvaluable{NoPropensities, float64(e.Steps - without), float64(e.Steps)}
	case len(episodes) < form.Least || e.Steps == 0:
		return &NotEvaluable{TooFewEpisodes, float64(len(episodes)), float64(form.Least)}
	}
	e.Weights.Missed = missed / float64(e.Steps)
	if e.Weights.Missed > form.Missed {
		return &NotEvaluable{NoOverlap, 1 - e.Weights.Missed, 1 - form.Missed}
	}
	return nil
}

// weigh looks at the chances: their ratios must be 1 on average, step by step, and their
// products must not rest on a few episodes.
func (e *Evaluation) weigh(episodes [][]Choice, form EvaluateForm) error {
	n, horizon := float64(len(episodes)), opeHorizon(episodes)
	sums, squares := make([]float64, horizon), make([]float64, horizon)
	opeEachWeight(episodes, func(i, t int, weight float64) {
		e.Weights.Max = max(e.Weights.Max, weight)
		until := t + 1
		if until == len(episodes[i]) { // what is over keeps its weight
			until = horizon
		}
		for ; t < until; t++ {
			sums[t] += weight
			squares[t] += weight * weight
		}
	})
	e.Weights.ESS = n
	for t := range sums {
		if sums[t] == 0 {
			e.Weights.ESS = 0
			return &NotEvaluable{NoOverlap, 0, 1 - form.Missed}
		}
		e.Weights.ESS = min(e.Weights.ESS, sums[t]*sums[t]/squares[t])
	}
	ratio, se := opeRatio(episodes)
	e.Weights.Ratio = ratio
	switch {
	case ratio < 1-1e-9-opeSurely*se:
		return &NotEvaluable{NoOverlap, ratio, 1 - form.Missed}
	case ratio > 1+1e-9+opeSurely*se:
		return &NotEvaluable{WrongPropensities, ratio, 1}
	case e.Weights.ESS < float64(form.Least):
		return &NotEvaluable{ThinOverlap, n, math.Ceil(n * float64(form.Least) / e.Weights.ESS)}
	}
	return nil
}

// opeRatio returns the mean of Target/Propensity over all steps and its standard error. Given
// what came before, each is 1 on average, so that they are uncorrelated; their products are
// too skew for such a test.
func opeRatio(episodes [][]Choice) (mean, se float64) {
	n, squares := 0.0, 0.0
	for _, episode := range episodes {
		for _, c := range episode {
			n++
			ratio := c.Target / c.Propensity
			step := ratio - mean
			mean += step / n
			squares += step * (ratio - mean)
		}
	}
	return mean, math.Sqrt(squares) / n
}

// opeEachWeight goes through the weights of all steps.
func opeEachWeight(episodes [][]Choice, visit func(episode, step int, weight float64)) {
	for i, episode := range episodes {
		weight := 1.0
		for t, c := range episode {
			weight *= c.Target / c.Propensity
			visit(i, t, weight)
		}
	}
}

func opeFinite(x float64) bool { return math.Abs(x) <= 1e100 }
