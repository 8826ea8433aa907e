package policy

import (
	"fmt"
	"math/rand/v2"
)

// Rule is what a walk learns from each step, with δ the error of what was believed.
type Rule int

const (
	// QLearning: δ = r + γ max Q(s′,·) − Q(s,a), Q(s,a) ← Q(s,a) + α δ.
	// Source: Watkins & Dayan (1992), doi:10.1007/BF00992698.
	QLearning Rule = iota
	// DoubleQ: of two tables A and B, drawn by a coin, δ = r + γ B(s′, argmax A(s′,·)) − A(s,a),
	// which does not take the luckiest action for the best one. The table that is handed
	// in comes to hold their mean.
	// Source: van Hasselt (2010), Advances in Neural Information Processing Systems 23,
	// algorithm 1.
	DoubleQ
	// RelativeQ, for the average reward: δ = r + max Q(s′,·) − max Q(s₀,·) − Q(s,a), with s₀
	// the reference state. Source: Abounadi, Bertsekas & Borkar (2001),
	// doi:10.1137/S0363012999361974.
	RelativeQ
	// DifferentialQ, for the average reward: δ = r − g + max Q(s′,·) − Q(s,a), and
	// g ← g + η α δ. It needs no reference state. Source: Wan, Naik & Sutton,
	// Learning and planning in average-reward Markov decision processes (2021), Proceedings
	// of Machine Learning Research 139.
	DifferentialQ
)

// WalkForm sets up learning along one course of states.
type WalkForm struct {
	Rule      Rule
	Gamma     float64 // discount a step, in [0, 1]; of no use to RelativeQ and DifferentialQ
	Reference int     // s₀ of RelativeQ
	Eta       float64 // η of DifferentialQ; 0 means 1
	Rate      Rate    // by visit of the pair; the zero value is HarmonicPower
	Explore   Exploration
	Potential []float64 // Φ by state: the reward becomes r + γ Φ(s′) − Φ(s)

	Steps   int
	Horizon int // steps after which a new course begins; 0: only after Terminal
	Start   int // state in which courses begin, unless Begin says
	Begin   func(course int) (start int)
	Seed    uint64 // walks that go on from one another should differ in it

	Every int                 // how many steps lie between two calls of Watch
	Watch func(Progress) bool // may read the table; false ends learning
}

func (form WalkForm) check(t *Table) WalkForm {
	if form.Rule == RelativeQ || form.Rule == DifferentialQ {
		form.Gamma = 1
	}
	if form.Eta == 0 {
		form.Eta = 1
	}
	switch {
	case form.Rule < QLearning || form.Rule > DifferentialQ:
		panic("policy: no such rule")
	case !(form.Gamma >= 0 && form.Gamma <= 1) || !(form.Eta > 0):
		panic("policy: Gamma must be from 0 to 1, and Eta positive")
	case form.Potential != nil && len(form.Potential) != t.States:
		panic("policy: Potential must have a place for each state")
	case min(form.Reference, form.Start) < 0 || max(form.Reference, form.Start) >= t.States:
		panic("policy: Reference or Start is no state")
	}
	form.Rate = form.Rate.or(HarmonicPower)
	form.Rate.mustLearn()
	return form
}

// Walk is tabular Q-learning along one course of states, one pair a step. Progress.Gain is
// the average reward that was learnt, or under a discount the one that was earned.
//
// It goes on from t and writes into it, visits included. A value that runs away is a
// ValueError; a next state that is none panics. What is explored and what happens come
// from streams of their own, both from Seed. It makes no garbage.
func Walk(m Model, t *Table, form WalkForm) (Progress, error) {
	states, actions, uniforms := m.Size()
	t.mustFit(states, actions)
	form = form.check(t)
	w := newQWalk(t, form)
	u := make([]float64, uniforms)
	var chance rand.PCG
	chance.Seed(form.Seed, 2)

	at, looked, was := Progress{Table: t}, -1, t.Values()
	course, since := 0, 0
	state := w.begin(course)
	for k := range form.Steps {
		a := w.explorer.choose(state, int(w.mean.best[state]), k)
		for j := range u {
			u[j] = qUniform(&chance)
		}
		next, reward := m.Step(state, a, u)
		if next < Terminal || next >= states {
			panic(fmt.Sprintf("policy: the model goes from state %d to %d, which is none", state, next))
		}
		w.learn(state, a, reward, next)
		w.earned += reward
		if since++; next == Terminal || since == form.Horizon {
			course, since = course+1, 0
			next = w.begin(course)
		}
		state = next
		at.Done = k + 1
		if form.Watch != nil && form.Every > 0 && at.Done%form.Every == 0 {
			at.Gain, at.Change, looked = w.average(at.Done), qChange(was, t), at.Done
			if !form.Watch(at) {
				break
			}
		}
	}
	if looked < at.Done {
		at.Gain, at.Change = w.average(max(at.Done, 1)), qChange(was, t)
	}
	return at, t.check()
}

// qWalk is what a walk has learnt.
type qWalk struct {
	form     WalkForm
	table    *Table
	mean     qBest    // the table handed in
	two      [2]qBest // DoubleQ
	visits   [2][]uint32
	coin     rand.PCG
	rates    *qRates
	explorer *qExplorer
	gain     float64
	earned   float64
}

func newQWalk(t *Table, form WalkForm) *qWalk {
	w := &qWalk{form: form, table: t, mean: newQBest(t.Q, t.Actions), rates: newQRates(form.Rate)}
	w.explorer = newQExplorer(form.Explore, t, form.Seed)
	if form.Rule == DoubleQ {
		w.coin.Seed(form.Seed, 3)
		for x := range w.two {
			w.two[x] = newQBest(append([]float64(nil), t.Q...), t.Actions)
			w.visits[x] = make([]uint32, len(t.Visits))
			for i, n := range t.Visits {
				w.visits[x][i] = n / 2
			}
		}
	}
	return w
}

func (w *qWalk) begin(course int) int {
	if w.form.Begin == nil {
		return w.form.Start
	}
	start := w.form.Begin(course)
	if start < 0 || start >= w.table.States {
		panic("policy: a course begins in a state that is none")
	}
	return start
}

func (w *qWalk) learn(state, action int, reward float64, next int) {
	i := state*w.table.Actions + action
	if phi := w.form.Potential; phi != nil {
		reward -= phi[state]
		if next != Terminal {
			reward += w.form.Gamma * phi[next]
		}
	}
	if w.form.Rule == DoubleQ {
		x := int(w.coin.Uint64() >> 63)
		own, other := &w.two[x], &w.two[1-x]
		target := reward
		if next != Terminal {
			target += w.form.Gamma * other.q[next*w.table.Actions+int(own.best[next])]
		}
		own.set(state, action, own.q[i]+w.rates.at(int(w.visits[x][i]))*(target-own.q[i]))
		w.visits[x][i]++
		w.table.Visits[i]++
		w.mean.set(state, action, (own.q[i]+other.q[i])/2)
		return
	}
	target := reward
	if next != Terminal {
		target += w.form.Gamma * w.mean.value(next)
	}
	alpha := w.rates.at(int(w.table.Visits[i]))
	w.table.Visits[i]++
	switch w.form.Rule {
	case RelativeQ:
		target -= w.mean.value(w.form.Reference)
	case DifferentialQ:
		target -= w.gain
		w.gain += w.form.Eta * alpha * (target - w.mean.q[i])
	}
	w.mean.set(state, action, w.mean.q[i]+alpha*(target-w.mean.q[i]))
}

func (w *qWalk) average(steps int) float64 {
	switch w.form.Rule {
	case RelativeQ:
		return w.mean.value(w.form.Reference)
	case DifferentialQ:
		return w.gain
	}
	return w.earned / float64(steps)
}

// qBest is a table that knows the best action of each state at any time. An update moves
// one value, and mostly not the best one down: only then is a row looked through.
type qBest struct {
	q       []float64
	actions int
	best    []int32
}

func newQBest(q []float64, actions int) qBest {
	b := qBest{q, actions, make([]int32, len(q)/actions)}
	for s := range b.best {
		b.best[s] = int32(qGreedy(q[s*actions : (s+1)*actions]))
	}
	return b
}

func (b *qBest) value(state int) float64 { return b.q[state*b.actions+int(b.best[state])] }

func (b *qBest) set(state, action int, q float64) {
	row := b.q[state*b.actions : (state+1)*b.actions]
	best := int(b.best[state])
	was := row[action]
	row[action] = q
	switch {
	case action == best:
		if q < was {
			b.best[state] = int32(qGreedy(row))
		}
	case q > row[best] || q == row[best] && action < best:
		b.best[state] = int32(action)
	}
}
