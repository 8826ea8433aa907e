package policy

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// Logged is one step of a finite Markov decision process that a log holds.
type Logged struct {
	State, Action int
	Reward        float64
	Propensity    float64 // chance with which Action was taken, in (0, 1]; 0 or NaN: nobody wrote it down
}

// Episode is consecutive steps. Next is the state after the last one, or Terminal.
type Episode struct {
	Steps []Logged
	Next  int
}

// LogForm is how a policy is judged from a log of states. The zero form is usable.
type LogForm struct {
	EvaluateForm
	Horizon   int    // steps that count; 0: those of the longest episode
	Folds     int    // parts of the log that the model is fitted without; 0: 5
	Bootstrap int    // resamples behind the interval of Model; 0: 200
	Seed      uint64 // of the resamples
	Support   int    // visits to a state after which an action never taken there counts as impossible; 0: 20
}

func (form LogForm) withDefaults() LogForm {
	form.EvaluateForm = form.EvaluateForm.withDefaults()
	if form.Folds == 0 {
		form.Folds = 5
	}
	if form.Bootstrap == 0 {
		form.Bootstrap = 200
	}
	if form.Support == 0 {
		form.Support = 20
	}
	if form.Folds < 2 || form.Bootstrap < 2 || form.Support < 1 || form.Horizon < 0 {
		panic("policy: a log form out of range")
	}
	return form
}

// ShortEpisodeError says that an episode breaks off before the horizon without having ended.
type ShortEpisodeError struct{ Episode, Steps, Horizon int }

func (e *ShortEpisodeError) Error() string {
	return fmt.Sprintf("policy: episode %d breaks off after %d of %d steps", e.Episode, e.Steps, e.Horizon)
}

// EvaluateLog judges target from a log of what another policy did. The value is that of
// Horizon steps from the log's first states, discounted; later steps are left out. Q̂ comes
// from fitted Q evaluation on the other folds (FittedQ), so that DR is unbiased by it, and
// Model is fitted Q evaluation on the whole log with a bootstrap over episodes.
//
// It fails as Evaluate does, with a *ShortEpisodeError too, and panics if a state or an
// action is none of target's. Cost: about Bootstrap·(steps + Horizon·kinds of transition).
//
// Source: Le, Voloshin & Yue, Batch policy learning under constraints (2019), International
// Conference on Machine Learning, 3703-3712 (fitted Q evaluation); Hao et al., Bootstrapping
// fitted Q-evaluation for off-policy inference (2021), same conference, 4074-4084.
func EvaluateLog(log []Episode, target Randomised, form LogForm) (Evaluation, error) {
	form = form.withDefaults()
	log, horizon, err := opeCut(log, form.Horizon)
	if err != nil {
		return Evaluation{Episodes: len(log)}, err
	}
	counts := newOpeCounts(log, target)
	ones := make([]float64, len(log))
	choices := make([][]Choice, len(log))
	for fold := range min(form.Folds, len(log)) {
		for i := range ones {
			ones[i] = 1
			if i%form.Folds == fold {
				ones[i] = 0
			}
		}
		model := counts.fit(ones, target, horizon, form.Gamma)
		for i := fold; i < len(log); i += form.Folds {
			choices[i] = counts.choices(log[i], target, model, horizon, form.Support)
		}
	}
	e, err := Evaluate(choices, form.EvaluateForm)
	if err != nil {
		return e, err
	}
	e.Model = counts.bootstrap(log, target, horizon, form)
	return e, nil
}

// FittedQ returns what the log expects of each action when target is followed afterwards:
//
//	Q_k(s, a) = mean of r + γ·V_{k-1}(s') over the log's steps (s, a),  V_k(s) = Σ π(a|s)·Q_k(s, a)
//
// for k = 1 … horizon steps to go, V_0 = 0. An action that the log never took in a state is
// given the mean of those that it took there, and a state that it never saw the mean of all.
// Without a horizon, MDP.Evaluate on Tally.MDP is the same in the limit.
//
// It fails and panics as EvaluateLog, but needs no propensities: that the log's actions
// depended on nothing but its states is for the caller to know.
func FittedQ(log []Episode, target Randomised, horizon int, gamma float64) (*Fitted, error) {
	log, horizon, err := opeCut(log, horizon)
	if err != nil {
		return nil, err
	}
	ones := make([]float64, len(log))
	for i := range ones {
		ones[i] = 1
	}
	return newOpeCounts(log, target).fit(ones, target, horizon, gamma), nil
}

// Fitted is a fitted value function by the number of steps to go.
type Fitted struct {
	Horizon, States, Actions int
	Q                        []float64 // Q[((k-1)·States+s)·Actions+a]
	V                        []float64 // V[(k-1)·States+s]
}

// Action returns Q_k(s, a) with k >= 1 steps to go.
func (f *Fitted) Action(k, state, action int) float64 {
	return f.Q[((k-1)*f.States+state)*f.Actions+action]
}

// State returns V_k(s) with k >= 1 steps to go.
func (f *Fitted) State(k, state int) float64 { return f.V[(k-1)*f.States+state] }

// opeCut shortens episodes to the horizon, and refuses those that break off before it.
func opeCut(log []Episode, horizon int) ([]Episode, int, error) {
	if horizon == 0 {
		for _, episode := range log {
			horizon = max(horizon, len(episode.Steps))
		}
	}
	cut := make([]Episode, len(log))
	for i, episode := range log {
		if len(episode.Steps) < horizon && episode.Next != Terminal {
			return log, horizon, &ShortEpisodeError{i, len(episode.Steps), horizon}
		}
		if len(episode.Steps) > horizon {
			episode = Episode{episode.Steps[:horizon], episode.Steps[horizon].State}
		}
		for t, step := range episode.Steps {
			if !opeFinite(step.Reward) {
				return log, horizon, &LogError{"Reward", i, t, step.Reward}
			}
		}
		cut[i] = episode
	}
	return cut, horizon, nil
}

// opeCounts is a log as kinds of transition, so that a resample is a weighted count of them.
type opeCounts struct {
	states, actions int
	pair            []int32     // state·actions + action of each kind
	next            []int32     // next state of each kind, or Terminal
	steps           [][]opeStep // by episode
	visits          []int       // of each pair in the whole log
}

type opeStep struct {
	kind   int32
	reward float64
}

func newOpeCounts(log []Episode, target Randomised) *opeCounts {
	c := &opeCounts{states: target.States(), actions: target.Actions, steps: make([][]opeStep, len(log))}
	c.visits = make([]int, c.states*c.actions)
	kinds := map[[2]int32]int32{}
	for i, episode := range log {
		for t, step := range episode.Steps {
			next := episode.Next
			if t+1 < len(episode.Steps) {
				next = episode.Steps[t+1].State
			}
			if step.State < 0 || step.State >= c.states || step.Action < 0 || step.Action >= c.actions || next >= c.states || next < Terminal {
				panic("policy: a logged state or action is none of the judged policy's")
			}
			key := [2]int32{int32(step.State*c.actions + step.Action), int32(next)}
			kind, known := kinds[key]
			if !known {
				kind = int32(len(c.pair))
				kinds[key] = kind
				c.pair, c.next = append(c.pair, key[0]), append(c.next, key[1])
			}
			c.visits[key[0]]++
			c.steps[i] = append(c.steps[i], opeStep{kind, step.Reward})
		}
	}
	return c
}

// fit is fitted Q evaluation with a weight for each episode.
func (c *opeCounts) fit(weight []float64, target Randomised, horizon int, gamma float64) *Fitted {
	pairs := c.states * c.actions
	count, times, reward := make([]float64, len(c.pair)), make([]float64, pairs), make([]float64, pairs)
	for i, steps := range c.steps {
		if weight[i] == 0 {
			continue
		}
		for _, step := range steps {
			count[step.kind] += weight[i]
			times[c.pair[step.kind]] += weight[i]
			reward[c.pair[step.kind]] += weight[i] * step.reward
		}
	}
	f := &Fitted{horizon, c.states, c.actions, make([]float64, horizon*pairs), make([]float64, horizon*c.states)}
	for k := 1; k <= horizon; k++ {
		q := f.Q[(k-1)*pairs : k*pairs]
		copy(q, reward)
		if k > 1 {
			for kind, n := range count {
				if c.next[kind] != Terminal {
					q[c.pair[kind]] += gamma * n * f.State(k-1, int(c.next[kind]))
				}
			}
		}
		c.average(q, times)
		for s := range c.states {
			for a, p := range target.Row(s) {
				f.V[(k-1)*c.states+s] += p * q[s*c.actions+a]
			}
		}
	}
	return f
}

// average divides the sums q by how often each pair occurred, and fills in those that never did.
func (c *opeCounts) average(q, times []float64) {
	allSum, allTimes := 0.0, 0.0
	for i := range q {
		allSum += q[i]
		allTimes += times[i]
	}
	everywhere := 0.0
	if allTimes > 0 {
		everywhere = allSum / allTimes
	}
	for s := range c.states {
		row, n := q[s*c.actions:(s+1)*c.actions], times[s*c.actions:(s+1)*c.actions]
		sum, visits := 0.0, 0.0
		for a := range row {
			sum += row[a]
			visits += n[a]
		}
		here := everywhere
		if visits > 0 {
			here = sum / visits
		}
		for a := range row {
			if n[a] > 0 {
				row[a] /= n[a]
			} else {
				row[a] = here
			}
		}
	}
}

// choices sets an episode beside the judged policy and a model.
func (c *opeCounts) choices(episode Episode, target Randomised, model *Fitted, horizon, support int) []Choice {
	choices := make([]Choice, len(episode.Steps))
	for t, step := range episode.Steps {
		left := horizon - t
		choices[t] = Choice{
			Reward: step.Reward, Propensity: step.Propensity, Target: target.Row(step.State)[step.Action],
			Missed: c.missed(step.State, target, support),
			Fitted: model.Action(left, step.State, step.Action), Value: model.State(left, step.State),
		}
	}
	return choices
}

// missed returns the chance of target, in a state that the log knows well, on actions that it
// never took there.
func (c *opeCounts) missed(state int, target Randomised, support int) float64 {
	visits, missed := 0, 0.0
	for a, p := range target.Row(state) {
		n := c.visits[state*c.actions+a]
		visits += n
		if n == 0 {
			missed += p
		}
	}
	if visits < support {
		return 0
	}
	return min(missed, 1)
}

// bootstrap returns fitted Q evaluation from the first states, with the spread of resampled
// logs as its standard error.
func (c *opeCounts) bootstrap(log []Episode, target Randomised, horizon int, form LogForm) Estimate {
	weight := make([]float64, len(log))
	for i := range weight {
		weight[i] = 1
	}
	value := func() float64 {
		model := c.fit(weight, target, horizon, form.Gamma)
		sum := 0.0
		for i, episode := range log {
			if len(episode.Steps) > 0 {
				sum += weight[i] * model.State(horizon, episode.Steps[0].State)
			}
		}
		return sum / float64(len(log))
	}
	whole := value()
	rng := rand.New(rand.NewPCG(form.Seed, 0x0b0075))
	mean, squares := 0.0, 0.0
	for b := range form.Bootstrap {
		clear(weight)
		for range log {
			weight[rng.IntN(len(log))]++
		}
		v := value()
		step := v - mean
		mean += step / float64(b+1)
		squares += step * (v - mean)
	}
	se := math.Sqrt(squares / float64(form.Bootstrap-1))
	half := se * distribution.NewNormal(0, 1).Quantile((1+form.Level)/2)
	return Estimate{whole, se, whole - half, whole + half}
}
