package policy

import (
	"fmt"
	"math"
)

// MDP is a finite Markov decision process with known chances: row (s, a) holds the
// expected reward r(s,a) and P(s′|s,a) of the states that may follow. It is immutable.
type MDP struct {
	states, actions int
	begin           []int32 // where the row of a pair begins in next and p, and one more
	next            []int32 // Terminal among them
	p               []float64
	reward          []float64
	allowed         []bool // nil: all are
	ends            bool   // some row leads to Terminal
}

// Row takes in what one action does in one state.
type Row struct {
	Reward float64 // expected
	next   []int32
	p      []float64
}

// Add says that next, a state or Terminal, follows with probability p. The same state may
// be added more than once.
func (r *Row) Add(next int, p float64) {
	if p != 0 {
		r.next, r.p = append(r.next, int32(next)), append(r.p, p)
	}
}

// ModelError names a pair that makes no Markov decision process. Action is -1 where it
// concerns the whole state.
type ModelError struct {
	State, Action int
	Reason        string
}

func (e *ModelError) Error() string {
	if e.Action < 0 {
		return fmt.Sprintf("policy: state %d: %s", e.State, e.Reason)
	}
	return fmt.Sprintf("policy: state %d, action %d: %s", e.State, e.Action, e.Reason)
}

// NewMDP asks fill for the row of each state and action. A row to which nothing is added
// is an action that is not allowed. What is no process is a ModelError: probabilities that
// are negative or do not sum to 1 within 1e-9, a next state out of range, a reward that is
// not finite, a state without an action.
func NewMDP(states, actions int, fill func(state, action int, row *Row)) (*MDP, error) {
	if states <= 0 || actions <= 0 {
		panic("policy: a process needs a state and an action")
	}
	m := &MDP{
		states: states, actions: actions,
		begin: make([]int32, 1, states*actions+1), reward: make([]float64, states*actions),
	}
	allowed, all := make([]bool, states*actions), true
	for s := range states {
		some := false
		for a := range actions {
			row := Row{next: m.next, p: m.p}
			fill(s, a, &row)
			first := len(m.next)
			m.next, m.p = row.next, row.p
			m.begin = append(m.begin, int32(len(m.next)))
			if len(m.next) == first {
				all = false
				continue
			}
			i := s*actions + a
			some, allowed[i], m.reward[i] = true, true, row.Reward
			if reason := m.wrong(first, row.Reward); reason != "" {
				return nil, &ModelError{s, a, reason}
			}
		}
		if !some {
			return nil, &ModelError{s, -1, "no action is allowed"}
		}
	}
	if !all {
		m.allowed = allowed
	}
	return m, nil
}

// wrong says what is wrong with the row that begins at first and is the last so far.
func (m *MDP) wrong(first int, reward float64) string {
	if math.IsNaN(reward) || math.IsInf(reward, 0) {
		return fmt.Sprintf("the reward is %v", reward)
	}
	var sum float64
	for i := first; i < len(m.next); i++ {
		if m.next[i] < Terminal || int(m.next[i]) >= m.states {
			return fmt.Sprintf("it leads to %d, which is no state", m.next[i])
		}
		if !(m.p[i] >= 0) {
			return fmt.Sprintf("a probability is %v", m.p[i])
		}
		m.ends = m.ends || m.next[i] == Terminal
		sum += m.p[i]
	}
	if !(math.Abs(sum-1) <= 1e-9) {
		return fmt.Sprintf("the probabilities sum to %v", sum)
	}
	return ""
}

// States returns the number of states.
func (m *MDP) States() int { return m.states }

// Actions returns the number of actions.
func (m *MDP) Actions() int { return m.actions }

// Allowed returns the mask of the actions by state, or nil if all are allowed. The caller
// must not modify it.
func (m *MDP) Allowed() []bool { return m.allowed }

// Row returns what may follow a pair and with which probabilities, and the expected
// reward. Nothing follows an action that is not allowed. The caller must not modify it.
func (m *MDP) Row(state, action int) (next []int32, p []float64, reward float64) {
	i := state*m.actions + action
	begin, end := m.begin[i], m.begin[i+1]
	return m.next[begin:end:end], m.p[begin:end:end], m.reward[i]
}

// Shaped returns the process whose reward is r + γ Φ(s′) − Φ(s), with Φ(Terminal) = 0. Its
// optimal policies under the discount γ are those of m, and its values are less by Φ.
//
// Source: Ng, Harada & Russell, Policy invariance under reward transformations (1999),
// Proceedings of the 16th International Conference on Machine Learning, theorem 1.
func (m *MDP) Shaped(potential []float64, gamma float64) *MDP {
	if len(potential) != m.states {
		panic("policy: Potential must have a place for each state")
	}
	shaped := *m
	shaped.reward = append([]float64(nil), m.reward...)
	for i := range shaped.reward {
		shaped.reward[i] -= potential[i/m.actions]
		for j := m.begin[i]; j < m.begin[i+1]; j++ {
			if next := m.next[j]; next != Terminal {
				shaped.reward[i] += gamma * m.p[j] * potential[next]
			}
		}
	}
	return &shaped
}

// Model returns a simulator of m: one uniform a step says what follows, and the reward is
// the expected one.
func (m *MDP) Model() Model { return mdpModel{m} }

type mdpModel struct{ *MDP }

func (m mdpModel) Size() (states, actions, uniforms int) { return m.states, m.actions, 1 }

func (m mdpModel) Step(state, action int, u []float64) (next int, reward float64) {
	i := state*m.actions + action
	begin, end := m.begin[i], m.begin[i+1]
	if begin == end {
		return Terminal, 0 // not allowed: what a learner throws away
	}
	left := u[0]
	for j := begin; j < end-1; j++ {
		if left < m.p[j] {
			return int(m.next[j]), m.reward[i]
		}
		left -= m.p[j]
	}
	return int(m.next[end-1]), m.reward[i]
}

func (m mdpModel) StepAll(dst []Transition, from, action int, u []float64) {
	for i := range dst {
		next, reward := m.Step(from+i, action, u)
		dst[i] = Transition{reward, int32(next)}
	}
}
