package policy

import (
	"fmt"
	"math"
)

// Solution is an optimal policy and what it is worth.
type Solution struct {
	Table      *Table  // Q(s,a), and its mask
	Policy     Policy  // greedy in Q
	Gain       float64 // average reward a step; 0 under a discount
	Iterations int
	Residual   float64 // how far the values, or the gain, may be off
}

// ConvergenceError says that values did not settle.
type ConvergenceError struct {
	Iterations int
	Residual   float64
}

func (e *ConvergenceError) Error() string {
	return fmt.Sprintf("policy: after %d iterations the values may be off by %v", e.Iterations, e.Residual)
}

const (
	mdpMost   = 1_000_000 // iterations
	mdpDamped = .9        // share of a step in relative value iteration: periodic chains converge too
)

// ValueIteration returns the optimum under the discount gamma, each value within
// tolerance: by V ← max r + γ P V until the change differs little from state to state, and
// then by as much as that change must still add up to. With gamma = 1, for processes that
// end, tolerance is what values change by at the last iteration.
// It panics unless gamma is in [0, 1] and tolerance positive, and gives a ConvergenceError
// after a million iterations.
//
// Source: Puterman, Markov decision processes (1994), chapter 6 (value iteration with
// MacQueen's bounds).
func (m *MDP) ValueIteration(gamma, tolerance float64) (Solution, error) {
	values, n, off, err := m.discounted(nil, gamma, tolerance)
	if err != nil {
		return Solution{}, err
	}
	t := m.backup(values, gamma)
	return Solution{Table: t, Policy: t.Policy(), Iterations: n, Residual: off}, nil
}

// Evaluate returns the value of each state under p, within tolerance as ValueIteration.
func (m *MDP) Evaluate(p Randomised, gamma, tolerance float64) ([]float64, error) {
	m.mustTake(p)
	values, _, _, err := m.discounted(&p, gamma, tolerance)
	return values, err
}

// RelativeValueIteration returns the policy with the largest average reward, its gain
// within tolerance, and relative values of which state 0 has 0. It is for processes in
// which every policy has one recurrent class, and panics where one may end.
//
// Source: Puterman (1994), section 8.5; Odoni (1969),
// doi:10.1287/opre.17.5.857, for the bounds.
func (m *MDP) RelativeValueIteration(tolerance float64) (Solution, error) {
	values, gain, n, off, err := m.averaged(nil, tolerance)
	if err != nil {
		return Solution{}, err
	}
	t := m.backup(values, 1)
	for i := range t.Q {
		t.Q[i] -= gain
	}
	return Solution{Table: t, Policy: t.Policy(), Gain: gain, Iterations: n, Residual: off}, nil
}

// EvaluateAverage returns the average reward of p within tolerance, and how much more each
// state is worth than state 0.
func (m *MDP) EvaluateAverage(p Randomised, tolerance float64) (gain float64, bias []float64, err error) {
	m.mustTake(p)
	bias, gain, _, _, err = m.averaged(&p, tolerance)
	return gain, bias, err
}

func (m *MDP) mustTake(p Randomised) {
	if p.Actions != m.actions || p.States() != m.states {
		panic("policy: policy and process differ in size")
	}
	for i, chance := range p.P {
		if chance > 0 && m.allowed != nil && !m.allowed[i] {
			panic(fmt.Sprintf("policy: action %d is not allowed in state %d", i%m.actions, i/m.actions))
		}
	}
}

func (m *MDP) discounted(p *Randomised, gamma, tolerance float64) (values []float64, n int, off float64, err error) {
	if !(gamma >= 0 && gamma <= 1) || !(tolerance > 0) {
		panic("policy: gamma must be from 0 to 1 and tolerance positive")
	}
	v, w := make([]float64, m.states+1), make([]float64, m.states+1)
	for n = 1; n <= mdpMost; n++ {
		least, most := m.step(w, v, p, gamma)
		if m.ends {
			least, most = min(least, 0), max(most, 0) // what Terminal changes by
		}
		v, w = w, v
		if gamma == 1 {
			off = max(-least, most)
		} else {
			off = gamma / (1 - gamma) * (most - least) / 2
		}
		if off <= tolerance {
			if gamma < 1 {
				rest := gamma / (1 - gamma) * (most + least) / 2
				for s := range m.states {
					v[s+1] += rest
				}
			}
			return v[1:], n, off, nil
		}
	}
	return nil, mdpMost, off, &ConvergenceError{mdpMost, off}
}

func (m *MDP) averaged(p *Randomised, tolerance float64) (values []float64, gain float64, n int, off float64, err error) {
	if m.ends {
		panic("policy: a process that ends has no average reward")
	}
	if !(tolerance > 0) {
		panic("policy: tolerance must be positive")
	}
	v, w := make([]float64, m.states+1), make([]float64, m.states+1)
	for n = 1; n <= mdpMost; n++ {
		least, most := m.step(w, v, p, 1)
		off = (most - least) / 2
		if off <= tolerance {
			for s := m.states; s >= 0; s-- {
				v[s] -= v[1]
			}
			return v[1:], least + off, n, off, nil
		}
		for s := m.states; s > 0; s-- {
			v[s] += mdpDamped*(w[s]-v[s]) - mdpDamped*(w[1]-v[1])
		}
	}
	return nil, 0, mdpMost, off, &ConvergenceError{mdpMost, off}
}

// step writes r + γ P v of the best action, or of those p takes, and returns the least and
// the largest change. The value of state s is at s+1, and that of Terminal at 0.
func (m *MDP) step(dst, v []float64, p *Randomised, gamma float64) (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for s := range m.states {
		best, mean := math.Inf(-1), 0.
		for a := range m.actions {
			i := s*m.actions + a
			if m.begin[i] == m.begin[i+1] || p != nil && p.P[i] == 0 {
				continue
			}
			q := m.q(i, v, gamma)
			if best = max(best, q); p != nil {
				mean += p.P[i] * q
			}
		}
		if p != nil {
			best = mean
		}
		dst[s+1] = best
		least, most = min(least, best-v[s+1]), max(most, best-v[s+1])
	}
	return least, most
}

func (m *MDP) q(i int, v []float64, gamma float64) float64 {
	begin, end := m.begin[i], m.begin[i+1]
	next, p := m.next[begin:end], m.p[begin:end]
	var sum float64
	for j, s := range next {
		sum += p[j] * v[s+1]
	}
	return m.reward[i] + gamma*sum
}

// backup returns the table of r + γ P values.
func (m *MDP) backup(values []float64, gamma float64) *Table {
	v := append([]float64{0}, values...)
	t := NewTable(m.states, m.actions, m.allowed)
	t.Fill(func(s, a int) float64 { return m.q(s*m.actions+a, v, gamma) })
	return t
}
