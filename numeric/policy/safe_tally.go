package policy

import "slices"

// Tally counts what was seen of a process whose chances are not known.
type Tally struct {
	states, actions int
	seen            []uint64 // pair and next state, one a transition
	reward          []float64
	visits          []uint32
}

// NewTally returns a tally of nothing.
func NewTally(states, actions int) *Tally {
	return &Tally{states, actions, nil, make([]float64, states*actions), make([]uint32, states*actions)}
}

// Add counts a transition; next may be Terminal.
func (t *Tally) Add(state, action int, reward float64, next int) {
	if next < Terminal || next >= t.states {
		panic("policy: the next state is none")
	}
	i := state*t.actions + action
	t.visits[i]++
	t.reward[i] += (reward - t.reward[i]) / float64(t.visits[i])
	t.seen = append(t.seen, uint64(i)<<32|uint64(next+1))
}

// Visits returns how often each pair was seen, row-major. The caller must not modify it.
func (t *Tally) Visits() []uint32 { return t.visits }

// MDP returns the maximum-likelihood estimate of the process: the shares in which states
// followed, and mean rewards. A pair that was never seen ends the course with the reward
// unseen, which should be what the worst course is worth: then nothing is hoped of it.
func (t *Tally) MDP(unseen float64) (*MDP, error) {
	slices.Sort(t.seen)
	at := 0
	return NewMDP(t.states, t.actions, func(s, a int, row *Row) {
		i := s*t.actions + a
		n := t.visits[i]
		if n == 0 {
			row.Reward = unseen
			row.Add(Terminal, 1)
			return
		}
		row.Reward = t.reward[i]
		for end := at + int(n); at < end; {
			first := at
			for at < end && t.seen[at] == t.seen[first] {
				at++
			}
			row.Add(int(uint32(t.seen[first]))-1, float64(at-first)/float64(n))
		}
	})
}
