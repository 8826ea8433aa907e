package policy

import (
	"math"
	"math/rand/v2"
)

// Exploration says how a walk tries what it does not hold for best. The parts add up: with
// chance Epsilon any allowed action, all alike; else by Softmax if Temperature is positive,
// by upper confidence if Bonus is, and else greedily, which with an optimistic table
// explores as well. The zero value is greedy.
type Exploration struct {
	Epsilon     Rate    // by step
	Bonus       float64 // c in Q(s,a) + c √(ln N(s) / n(s,a)), in units of the value
	Temperature float64 // chances in proportion to exp(Q(s,a)/Temperature)
}

func (e Exploration) check() {
	if !(e.Epsilon.First >= 0 && e.Epsilon.First <= 1 && e.Epsilon.Least >= 0 && e.Epsilon.Least <= 1 && e.Bonus >= 0 && e.Temperature >= 0) {
		panic("policy: Epsilon must be from 0 to 1, Bonus and Temperature not negative")
	}
}

// Softmax returns the rule with chances in proportion to exp(Q(s,a)/temperature)
// (Boltzmann). It panics unless the temperature is positive.
func (t *Table) Softmax(temperature float64) Randomised {
	if !(temperature > 0) {
		panic("policy: the temperature must be positive")
	}
	r := Randomised{t.Actions, make([]float64, len(t.Q))}
	for s := range t.States {
		qSoftmax(r.P[s*t.Actions:(s+1)*t.Actions], t.Row(s), temperature)
	}
	return r
}

// EpsilonGreedy returns the rule that takes the best action, and with chance epsilon any
// allowed one, all alike.
func (t *Table) EpsilonGreedy(epsilon float64) Randomised {
	if !(epsilon >= 0 && epsilon <= 1) {
		panic("policy: epsilon must be from 0 to 1")
	}
	r := Randomised{t.Actions, make([]float64, len(t.Q))}
	for s := range t.States {
		row := t.Row(s)
		share := epsilon / float64(qAllowed(row))
		for a, q := range row {
			if !math.IsInf(q, -1) {
				r.P[s*t.Actions+a] = share
			}
		}
		r.P[s*t.Actions+qGreedy(row)] += 1 - epsilon
	}
	return r
}

func qSoftmax(dst, row []float64, temperature float64) {
	best, sum := qMax(row), 0.
	for a, q := range row {
		dst[a] = math.Exp((q - best) / temperature)
		sum += dst[a]
	}
	for a := range dst {
		dst[a] /= sum
	}
}

// qAllowed counts the actions of a row that are allowed.
func qAllowed(row []float64) int {
	n := 0
	for _, q := range row {
		if !math.IsInf(q, -1) {
			n++
		}
	}
	return n
}

// qExplorer chooses the actions of a walk.
type qExplorer struct {
	Exploration
	epsilon *qRates
	table   *Table
	states  []uint32 // visits by state, for the bonus
	chances []float64
	pcg     rand.PCG
}

func newQExplorer(e Exploration, t *Table, seed uint64) *qExplorer {
	e.check()
	x := &qExplorer{Exploration: e, epsilon: newQRates(e.Epsilon), table: t, chances: make([]float64, t.Actions)}
	x.pcg.Seed(seed, 1)
	if e.Bonus > 0 {
		x.states = make([]uint32, t.States)
		for i, n := range t.Visits {
			x.states[i/t.Actions] += n
		}
	}
	return x
}

// choose returns the action of step k in a state whose best action is known.
func (x *qExplorer) choose(state, best, k int) int {
	if x.Epsilon != (Rate{}) && qUniform(&x.pcg) < x.epsilon.at(k) {
		return x.any(state)
	}
	switch {
	case x.Temperature > 0:
		qSoftmax(x.chances, x.table.Row(state), x.Temperature)
		a, _ := Randomised{x.table.Actions, x.chances}.Draw(0, qUniform(&x.pcg))
		return a
	case x.Bonus > 0:
		x.states[state]++
		return x.hopeful(state)
	}
	return best
}

func (x *qExplorer) any(state int) int {
	actions := x.table.Actions
	if x.table.Allowed == nil {
		return int(qUniform(&x.pcg) * float64(actions))
	}
	row := x.table.Row(state)
	left := int(qUniform(&x.pcg) * float64(qAllowed(row)))
	for a, q := range row {
		if math.IsInf(q, -1) {
			continue
		}
		if left == 0 {
			return a
		}
		left--
	}
	panic("policy: no action is allowed")
}

// hopeful returns the action with the largest upper bound; one never tried has none.
//
// Source: Auer, Cesa-Bianchi & Fischer (2002), doi:10.1023/A:1013689704352, with the count
// of the state in place of time.
func (x *qExplorer) hopeful(state int) int {
	row := x.table.Row(state)
	visits := x.table.Visits[state*len(row) : (state+1)*len(row)]
	log := math.Log(float64(x.states[state]))
	most, at := math.Inf(-1), 0
	for a, q := range row {
		if math.IsInf(q, -1) {
			continue
		}
		if visits[a] == 0 {
			return a
		}
		if hope := q + x.Bonus*math.Sqrt(log/float64(visits[a])); hope > most {
			most, at = hope, a
		}
	}
	return at
}
