// Package policy learns and judges rules of action in finite Markov decision processes:
// exact solutions where the chances are known (MDP), Q-learning where they can only be
// drawn, safe improvement on a baseline, bandits, and the evaluation of one rule from what
// another one did.
//
// States, actions and rewards are numbers; what they mean is for the caller to say, who
// also brings the simulator. Chance comes in as uniforms that do not depend on what is
// done, so that one draw can be tried on every action in every state, and two policies can
// be compared under the same luck. Whatever runs side by side gives the same bytes on any
// number of goroutines.
//
// It makes no forecast and fits no simulator, and it is no place for problems whose
// structure gives the answer away: a newsvendor or a base stock is computed, not learnt.
// Package distribution comes before it; the disciplines that automate come after.
package policy

import "fmt"

// Terminal is the next state of a transition after which nothing follows: its value is 0.
const Terminal = -1

// Policy is a deterministic rule: the action for each state.
type Policy []int

// Randomised returns p as a rule with chances 0 and 1.
func (p Policy) Randomised(actions int) Randomised {
	r := Randomised{actions, make([]float64, len(p)*actions)}
	for s, a := range p {
		r.P[s*actions+a] = 1
	}
	return r
}

// Randomised is a rule that draws: P[s·Actions+a] is the chance of action a in state s,
// its propensity. A row sums to 1.
type Randomised struct {
	Actions int
	P       []float64
}

// States returns the number of states.
func (r Randomised) States() int {
	if r.Actions <= 0 {
		return 0
	}
	return len(r.P) / r.Actions
}

// Row returns the chances of the actions in a state. The caller must not modify it.
func (r Randomised) Row(state int) []float64 {
	return r.P[state*r.Actions : (state+1)*r.Actions : (state+1)*r.Actions]
}

// Draw returns the action at the uniform u in [0, 1) and its propensity.
func (r Randomised) Draw(state int, u float64) (action int, propensity float64) {
	row := r.Row(state)
	last := -1
	for a, p := range row {
		if p <= 0 {
			continue
		}
		if last = a; u < p {
			return a, p
		}
		u -= p
	}
	if last < 0 {
		panic(fmt.Sprintf("policy: no action has a chance in state %d", state))
	}
	return last, row[last] // what rounding leaves over
}
