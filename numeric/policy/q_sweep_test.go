package policy

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// table is a deterministic model: what follows each pair, and what it earns.
type table struct {
	actions int
	next    []int
	reward  []float64
}

func (m *table) Size() (states, actions, uniforms int) {
	return len(m.next) / m.actions, m.actions, 0
}

func (m *table) Step(state, action int, _ []float64) (next int, reward float64) {
	i := state*m.actions + action
	return m.next[i], m.reward[i]
}

// anyTable draws a deterministic model and a mask that leaves something in each state.
func anyTable(r *rapid.T) (*table, []bool) {
	states, actions := rapid.IntRange(1, 10).Draw(r, "states"), rapid.IntRange(1, 4).Draw(r, "actions")
	m, mask := &table{actions: actions}, make([]bool, states*actions)
	for i := range mask {
		m.next = append(m.next, rapid.IntRange(Terminal, states-1).Draw(r, "next"))
		m.reward = append(m.reward, rapid.Float64Range(-5, 5).Draw(r, "reward"))
		mask[i] = rapid.Bool().Draw(r, "allowed")
	}
	for s := range states {
		mask[s*actions+rapid.IntRange(0, actions-1).Draw(r, "kept")] = true
	}
	return m, mask
}

// TestFullBackupIsValueIteration: without chance and at rate 1, n draws are n iterations,
// and enough of them the optimum; masked pairs are never learnt nor chosen.
func TestFullBackupIsValueIteration(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m, mask := anyTable(r)
		states, actions, _ := m.Size()
		gamma := rapid.Float64Range(0, .9).Draw(r, "gamma")
		draws := rapid.IntRange(0, 40).Draw(r, "draws")
		form := SweepForm{Gamma: gamma, Rate: Constant(1), Draws: draws, Double: false}
		got := NewTable(states, actions, mask)
		if _, err := FullBackup(m, got, form); err != nil {
			r.Fatal(err)
		}
		want := NewTable(states, actions, mask)
		for range draws {
			v := want.Values()
			want.Fill(func(s, a int) float64 {
				next, reward := m.Step(s, a, nil)
				if next != Terminal {
					reward += gamma * v[next]
				}
				return reward
			})
		}
		if off := farthest(got, want); off > 1e-12 {
			r.Fatalf("after %d draws a value is off by %v", draws, off)
		}
		exact, err := NewMDP(states, actions, func(s, a int, row *Row) {
			if mask[s*actions+a] {
				row.Reward = m.reward[s*actions+a]
				row.Add(m.next[s*actions+a], 1)
			}
		})
		if err != nil {
			r.Fatal(err)
		}
		best, err := exact.ValueIteration(gamma, 1e-10)
		if err != nil {
			r.Fatal(err)
		}
		if off, most := farthest(got, best.Table), math.Pow(gamma, float64(draws))*5/(1-gamma); off > most+1e-9 {
			r.Fatalf("after %d draws a value is off by %v, more than %v", draws, off, most)
		}
		for s, a := range got.Policy() {
			if !mask[s*actions+a] {
				r.Fatalf("state %d takes action %d, which is not allowed", s, a)
			}
		}
		for i, ok := range mask {
			if !ok && !math.IsInf(got.Q[i], -1) {
				r.Fatalf("pair %d is not allowed and has the value %v", i, got.Q[i])
			}
		}
	})
}

// pairs is a Model seen as an AfterModel whose post-decision states are its pairs.
type pairs struct{ Model }

func (m pairs) Afters() int { states, actions, _ := m.Size(); return states * actions }

func (m pairs) Decide(state, action int) (after int, reward float64) {
	_, actions, _ := m.Size()
	return state*actions + action, 0
}

func (m pairs) Chance(dst []Transition, from int, u []float64) {
	_, actions, _ := m.Size()
	for i := range dst {
		next, reward := m.Step((from+i)/actions, (from+i)%actions, u)
		dst[i] = Transition{reward, int32(next)}
	}
}

// sweepForms are the ways of sweeping that both learners have.
func sweepForms(states int) map[string]SweepForm {
	return map[string]SweepForm{
		"plain":   {Gamma: .9, Draws: 500},
		"tail":    {Gamma: .9, Draws: 500, Tail: .5},
		"random":  {Gamma: .9, Draws: 500, Random: true, Seed: 3},
		"average": {Average: true, Draws: 500, Reference: states / 2},
		"double":  {Gamma: .9, Draws: 500, Double: true, Tail: .3},
		"batch":   {Gamma: .9, Draws: 500, Batch: 64, Tail: .5},
		"batches": {Average: true, Draws: 500, Batch: 8, Double: true},
		"follow":  {Gamma: .9, Draws: 500, Follow: make(Policy, states)},
	}
}

func TestAfterBackupIsFullBackup(t *testing.T) {
	m := garnet(t, 30, 3, 4, 1).Model()
	for name, form := range sweepForms(30) {
		full, after := NewTable(30, 3, nil), NewTable(30, 3, nil)
		want, err := FullBackup(m, full, form)
		if err != nil {
			t.Fatal(err)
		}
		got, err := AfterBackup(pairs{m}, after, make([]float64, 90), form)
		if err != nil {
			t.Fatal(err)
		}
		if off := farthest(after, full); off > 1e-10 || math.Abs(got.Gain-want.Gain) > 1e-10 {
			t.Errorf("%s: post-decision states differ from pairs by %v, gains %v and %v", name, off, got.Gain, want.Gain)
		}
	}
}

func TestSameBytesOnAnyWorkers(t *testing.T) {
	m := newGridShop()
	states, actions, _ := m.Size()
	for name, form := range sweepForms(states) {
		form.Draws, form.Batch = 12, min(form.Batch, 4)
		learn := func(workers int) (*Table, []float64, Progress) {
			form.Workers = workers
			table, values := NewTable(states, actions, nil), make([]float64, m.Afters())
			at, err := AfterBackup(m, table, values, form)
			if err != nil {
				t.Fatal(err)
			}
			return table, values, at
		}
		one, values, at := learn(1)
		four, values4, at4 := learn(4)
		if !slices.Equal(one.Q, four.Q) || !slices.Equal(values, values4) || at.Gain != at4.Gain || at.Change != at4.Change {
			t.Errorf("after, %s: four workers differ from one", name)
		}
	}
	c := garnet(t, 700, 3, 4, 2).Model()
	for name, form := range sweepForms(700) {
		form.Draws, form.Workers = 60, 1
		one, four := NewTable(700, 3, nil), NewTable(700, 3, nil)
		if _, err := FullBackup(c, one, form); err != nil {
			t.Fatal(err)
		}
		form.Workers = 4
		if _, err := FullBackup(c, four, form); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(one.Q, four.Q) {
			t.Errorf("full, %s: four workers differ from one", name)
		}
	}
}

// TestLearningGoesOn: 300 draws at once are 100 and then 200.
func TestLearningGoesOn(t *testing.T) {
	m := garnet(t, 20, 3, 4, 4).Model()
	form := SweepForm{Gamma: .9, Draws: 300, Seed: 9}
	once, twice := NewTable(20, 3, nil), NewTable(20, 3, nil)
	for _, run := range []struct {
		t     *Table
		draws int
	}{{once, 300}, {twice, 100}, {twice, 200}} {
		form.Draws = run.draws
		if _, err := FullBackup(m, run.t, form); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(once, twice); diff != "" {
		t.Error(diff)
	}
	if got := once.Count(3, 1); got != 300 {
		t.Errorf("a pair was learnt from %d times, want 300", got)
	}
}

// TestFollowEvaluates: the values of a policy learnt from draws are those of the equations,
// and one step of improvement on them does not lose (policy improvement theorem).
func TestFollowEvaluates(t *testing.T) {
	m := garnet(t, 30, 3, 4, 5)
	p := make(Policy, 30)
	for s := range p {
		p[s] = s % 3
	}
	q := NewTable(30, 3, nil)
	if _, err := FullBackup(m.Model(), q, SweepForm{Gamma: .9, Draws: 40_000, Tail: .5, Follow: p}); err != nil {
		t.Fatal(err)
	}
	want, err := m.Evaluate(p.Randomised(3), .9, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	better, err := m.Evaluate(q.Policy().Randomised(3), .9, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	for s := range want {
		if got := q.Row(s)[p[s]]; math.Abs(got-want[s]) > 1e-2 {
			t.Errorf("state %d is worth %.4f under the policy, want %.4f", s, got, want[s])
		}
		if better[s] < want[s]-1e-2 {
			t.Errorf("state %d falls from %.4f to %.4f by an improvement", s, want[s], better[s])
		}
	}
}

// TestPotential holds Wiewiora (2003): learning with a potential from zero is learning
// without it from the potential, update by update, so that the greedy policy is the same
// at any time.
func TestPotential(t *testing.T) {
	m := garnet(t, 25, 3, 4, 6).Model()
	phi := make([]float64, 25)
	for s := range phi {
		phi[s] = 5 * math.Sin(float64(s))
	}
	for _, average := range []bool{false, true} {
		form := SweepForm{Gamma: .9, Average: average, Draws: 400, Seed: 2}
		if average {
			form.Reference = 4
		}
		plain, shaped := NewTable(25, 3, nil), NewTable(25, 3, nil)
		plain.FillValues(phi, 0)
		if _, err := FullBackup(m, plain, form); err != nil {
			t.Fatal(err)
		}
		form.Potential = phi
		if _, err := FullBackup(m, shaped, form); err != nil {
			t.Fatal(err)
		}
		policy := shaped.Policy()
		shaped.AddPotential(phi)
		// with an average reward the reference state is read without its potential
		shift := plain.Q[0] - shaped.Q[0]
		for i := range shaped.Q {
			shaped.Q[i] += shift
		}
		if off := farthest(shaped, plain); off > 1e-9 || !average && math.Abs(shift) > 1e-9 {
			t.Errorf("average %v: shaped values differ by %v, shifted by %v", average, off, shift)
		}
		if diff := cmp.Diff(plain.Policy(), policy); diff != "" {
			t.Errorf("average %v: shaping changes the policy: %s", average, diff)
		}
	}
	walk := WalkForm{Gamma: .9, Steps: 20_000, Explore: Exploration{Epsilon: Constant(1)}}
	plain, shaped := NewTable(25, 3, nil), NewTable(25, 3, nil)
	plain.FillValues(phi, 0)
	if _, err := Walk(m, plain, walk); err != nil {
		t.Fatal(err)
	}
	walk.Potential = phi
	if _, err := Walk(m, shaped, walk); err != nil {
		t.Fatal(err)
	}
	shaped.AddPotential(phi)
	if off := farthest(shaped, plain); off > 1e-9 {
		t.Errorf("shaped walk: values differ by %v", off)
	}
}

func TestWatchAndBegin(t *testing.T) {
	m := garnet(t, 10, 2, 3, 8).Model()
	begun, seen := 0, []int(nil)
	q := NewTable(10, 2, nil)
	at, err := FullBackup(m, q, SweepForm{
		Gamma: .9, Draws: 1000, Every: 100,
		Begin: func(int) { begun++ },
		Watch: func(p Progress) bool { seen = append(seen, p.Done); return p.Done < 300 },
	})
	if err != nil || at.Done != 300 || begun != 300 || q.Sweeps != 300 || !cmp.Equal(seen, []int{100, 200, 300}) {
		t.Errorf("stopped after %d draws, %d begun, %d counted, seen %v (%v)", at.Done, begun, q.Sweeps, seen, err)
	}
}

func TestNoGarbage(t *testing.T) {
	shop, shelf := newGridShop(), newShelf()
	states, actions, _ := shop.Size()
	big, values, small := NewTable(states, actions, nil), make([]float64, shop.Afters()), NewTable(51, 21, nil)
	count := func(run func(n int)) (few, many float64) {
		return testing.AllocsPerRun(1, func() { run(2) }), testing.AllocsPerRun(1, func() { run(8) })
	}
	for name, run := range map[string]func(n int){
		"after":  func(n int) { AfterBackup(shop, big, values, SweepForm{Gamma: .9, Draws: n, Workers: 1, Tail: .5}) },
		"full":   func(n int) { FullBackup(shelf, small, SweepForm{Gamma: .9, Draws: n, Workers: 1, Tail: .5}) },
		"walk":   func(n int) { Walk(shelf, small, shelfWalk(QLearning, 100*n)) },
		"double": func(n int) { Walk(shelf, small, shelfWalk(DoubleQ, 100*n)) },
	} {
		if few, many := count(run); few != many {
			t.Errorf("%s: %v pieces of garbage for 2 rounds, %v for 8", name, few, many)
		}
	}
}

func TestValueError(t *testing.T) {
	m := &table{actions: 1, next: []int{0}, reward: []float64{math.NaN()}}
	_, err := FullBackup(m, NewTable(1, 1, nil), SweepForm{Gamma: .9, Draws: 3})
	if _, ok := errors.AsType[*ValueError](err); !ok {
		t.Errorf("a reward that is no number gives %v, want a ValueError", err)
	}
	_, err = Walk(m, NewTable(1, 1, nil), WalkForm{Gamma: .9, Steps: 3})
	if _, ok := errors.AsType[*ValueError](err); !ok {
		t.Errorf("a reward that is no number gives %v, want a ValueError", err)
	}
}

func TestPanics(t *testing.T) {
	m := &table{actions: 1, next: []int{0}, reward: []float64{1}}
	q := func() *Table { return NewTable(1, 1, nil) }
	for name, do := range map[string]func(){
		"no action":     func() { NewTable(1, 2, []bool{false, false}) },
		"discount":      func() { FullBackup(m, q(), SweepForm{Gamma: 1.1, Draws: 1}) },
		"rate":          func() { FullBackup(m, q(), SweepForm{Rate: Constant(2), Draws: 1}) },
		"size":          func() { FullBackup(m, NewTable(2, 1, nil), SweepForm{Draws: 1}) },
		"double follow": func() { FullBackup(m, q(), SweepForm{Double: true, Follow: Policy{0}, Draws: 1}) },
		"next state":    func() { Walk(&table{1, []int{7}, []float64{0}}, q(), WalkForm{Steps: 1}) },
		"next swept":    func() { FullBackup(&table{1, []int{7}, []float64{0}}, q(), SweepForm{Draws: 1}) },
		"temperature":   func() { q().Softmax(0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			do()
		}()
	}
}
