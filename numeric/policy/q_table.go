package policy

import (
	"fmt"
	"math"
)

// Table holds the value Q(s, a) of each action in each state, row-major. It is plain data:
// what is kept of it can be learnt on.
type Table struct {
	States, Actions int
	Q               []float64 // -Inf where an action is not allowed
	Allowed         []bool    // by state and action; nil: everything is
	Visits          []uint32  // how often Walk or Update learnt from the pair
	Sweeps          int       // how many draws of chance taught all pairs at once
}

// NewTable returns a table of zeros. It panics unless each state has an allowed action.
// The mask is not copied.
func NewTable(states, actions int, allowed []bool) *Table {
	if states <= 0 || actions <= 0 {
		panic("policy: a table needs a state and an action")
	}
	if allowed != nil && len(allowed) != states*actions {
		panic("policy: the mask must have a place for each state and action")
	}
	t := &Table{states, actions, make([]float64, states*actions), allowed, make([]uint32, states*actions), 0}
	t.Fill(func(_, _ int) float64 { return 0 })
	for s := range states {
		if math.IsInf(t.Value(s), -1) {
			panic(fmt.Sprintf("policy: no action is allowed in state %d", s))
		}
	}
	return t
}

// Fill sets the value of each allowed action, as from a baseline or an optimistic guess.
func (t *Table) Fill(value func(state, action int) float64) {
	for i := range t.Q {
		if t.allows(i) {
			t.Q[i] = value(i/t.Actions, i%t.Actions)
		} else {
			t.Q[i] = math.Inf(-1)
		}
	}
}

// FillValues sets Q(s, a) to values[s] + add: what a baseline is worth, and optimism. With
// add above the error of values every action is tried before one is given up.
func (t *Table) FillValues(values []float64, add float64) {
	t.mustHold(values, "values")
	t.Fill(func(s, _ int) float64 { return values[s] + add })
}

// AddPotential adds potential[s] to Q(s, a): from the scale of a shaped reward back to that
// of the reward itself.
func (t *Table) AddPotential(potential []float64) {
	t.mustHold(potential, "potential")
	for i := range t.Q {
		t.Q[i] += potential[i/t.Actions]
	}
}

func (t *Table) mustHold(x []float64, name string) {
	if len(x) != t.States {
		panic("policy: " + name + " must have a place for each state")
	}
}

func (t *Table) allows(i int) bool { return t.Allowed == nil || t.Allowed[i] }

// Row returns the values of the actions in a state. The caller must not modify it.
func (t *Table) Row(state int) []float64 {
	return t.Q[state*t.Actions : (state+1)*t.Actions : (state+1)*t.Actions]
}

// Count returns how often the pair was learnt from, alone and in sweeps.
func (t *Table) Count(state, action int) int {
	i := state*t.Actions + action
	if !t.allows(i) {
		return 0
	}
	return t.Sweeps + int(t.Visits[i])
}

// Greedy returns the best action in a state, of equals the first.
func (t *Table) Greedy(state int) int { return qGreedy(t.Row(state)) }

// Value returns max Q(s, a).
func (t *Table) Value(state int) float64 { return qMax(t.Row(state)) }

// Policy returns the greedy policy.
func (t *Table) Policy() Policy {
	p := make(Policy, t.States)
	for s := range p {
		p[s] = t.Greedy(s)
	}
	return p
}

// Values returns the value of each state.
func (t *Table) Values() []float64 {
	v := make([]float64, t.States)
	for s := range v {
		v[s] = t.Value(s)
	}
	return v
}

// Update is one step of Q-learning, for loops outside this package:
//
//	Q(s,a) ← Q(s,a) + α [r + γ max Q(s′,a′) − Q(s,a)],
//
// with max Q(Terminal, ·) = 0, and counts the visit. It panics if the action is not
// allowed.
//
// Source: Watkins & Dayan, Q-learning (1992), doi:10.1007/BF00992698.
func (t *Table) Update(state, action int, reward float64, next int, alpha, gamma float64) {
	i := state*t.Actions + action
	if !t.allows(i) {
		panic(fmt.Sprintf("policy: action %d is not allowed in state %d", action, state))
	}
	var after float64
	if next != Terminal {
		after = t.Value(next)
	}
	t.Q[i] += alpha * (reward + gamma*after - t.Q[i])
	t.Visits[i]++
}

// check returns a ValueError for the first value that is no finite number.
func (t *Table) check() error {
	for i, q := range t.Q {
		if t.allows(i) && (math.IsNaN(q) || math.IsInf(q, 0)) {
			return &ValueError{i / t.Actions, i % t.Actions, q}
		}
	}
	return nil
}

// ValueError says that the value of an action ran away: the model gave a reward that is no
// finite number, or rewards without discount and without end.
type ValueError struct {
	State, Action int
	Value         float64
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("policy: the value of action %d in state %d is %v", e.Action, e.State, e.Value)
}

func qGreedy(row []float64) int {
	best, at := row[0], 0
	for a := 1; a < len(row); a++ {
		if row[a] > best {
			best, at = row[a], a
		}
	}
	return at
}

func qMax(row []float64) float64 {
	best := row[0]
	for _, q := range row[1:] {
		if q > best {
			best = q
		}
	}
	return best
}
