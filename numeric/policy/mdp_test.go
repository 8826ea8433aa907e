package policy

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// twoStates is the process of Puterman (1994), section 3.1: in the first state one action earns 5 and
// stays with chance .5, another earns 10 and leaves; the second state costs 1 for ever.
func twoStates(t testing.TB) *MDP {
	t.Helper()
	m, err := NewMDP(2, 2, func(s, a int, row *Row) {
		switch {
		case s == 0 && a == 0:
			row.Reward = 5
			row.Add(0, .5)
			row.Add(1, .5)
		case s == 0:
			row.Reward = 10
			row.Add(1, 1)
		case a == 0:
			row.Reward = -1
			row.Add(1, 1)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTwoStates(t *testing.T) {
	// v₂ = −1/(1−.95); v₁ = (5 + .95·.5·v₂)/(1 − .95·.5) = −60/7, above 10 + .95 v₂ = −9.
	got, err := twoStates(t).ValueIteration(.95, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{-60. / 7, -20}
	for s, v := range got.Table.Values() {
		if math.Abs(v-want[s]) > 1e-8 {
			t.Errorf("state %d is worth %v, want %v", s, v, want[s])
		}
	}
	if diff := cmp.Diff(Policy{0, 0}, got.Policy); diff != "" {
		t.Error(diff)
	}
	if !math.IsInf(got.Table.Q[3], -1) || got.Table.Allowed[3] {
		t.Error("an action to which nothing was added is allowed")
	}
}

// taxicab is Howard's taxicab (Dynamic programming and Markov processes, 1960, chapter 4):
// by town and way of finding fares, chances and rewards by town.
var taxicab = [3][3]struct{ p, r [3]float64 }{
	{
		{[3]float64{1. / 2, 1. / 4, 1. / 4}, [3]float64{10, 4, 8}},
		{[3]float64{1. / 16, 3. / 4, 3. / 16}, [3]float64{8, 2, 4}},
		{[3]float64{1. / 4, 1. / 8, 5. / 8}, [3]float64{4, 6, 4}},
	}, {
		{[3]float64{1. / 2, 0, 1. / 2}, [3]float64{14, 0, 18}},
		{[3]float64{1. / 16, 7. / 8, 1. / 16}, [3]float64{8, 16, 8}},
	}, {
		{[3]float64{1. / 4, 1. / 4, 1. / 2}, [3]float64{10, 2, 8}},
		{[3]float64{1. / 8, 3. / 4, 1. / 8}, [3]float64{6, 4, 2}},
		{[3]float64{3. / 4, 1. / 16, 3. / 16}, [3]float64{4, 0, 8}},
	},
}

func TestTaxicab(t *testing.T) {
	m, err := NewMDP(3, 3, func(s, a int, row *Row) {
		for next, p := range taxicab[s][a].p {
			row.Add(next, p)
			row.Reward += p * taxicab[s][a].r[next]
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	// Howard (1960), chapter 4: policy (2, 2, 2), gain 13.34, values −1.18, 12.66, 0.
	got, err := m.RelativeValueIteration(1e-9)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Policy{1, 1, 1}, got.Policy); diff != "" {
		t.Error(diff)
	}
	v := got.Table.Values()
	for i, pair := range [][2]float64{{got.Gain, 13.34}, {v[0] - v[2], -1.18}, {v[1] - v[2], 12.66}} {
		if math.Abs(pair[0]-pair[1]) > .006 {
			t.Errorf("number %d is %.4f, want %.2f", i, pair[0], pair[1])
		}
	}
	gain, bias, err := m.EvaluateAverage(got.Policy.Randomised(3), 1e-9)
	if err != nil || math.Abs(gain-got.Gain) > 1e-8 || math.Abs(bias[1]-(v[1]-v[0])) > 1e-6 {
		t.Errorf("evaluation says %v %v (%v), the solution %v %v", gain, bias, err, got.Gain, v)
	}
}

// TestOptimumIsOne draws processes and policies: no policy beats the optimum anywhere, the
// optimum is worth what it says, and more patience for the iteration changes no value by
// more than was promised.
func TestOptimumIsOne(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		states, actions := rapid.IntRange(2, 12).Draw(r, "states"), rapid.IntRange(1, 4).Draw(r, "actions")
		m := garnet(t, states, actions, rapid.IntRange(1, states).Draw(r, "branch"), rapid.Uint64().Draw(r, "seed"))
		gamma := rapid.Float64Range(0, .98).Draw(r, "gamma")
		rough, err := m.ValueIteration(gamma, 1e-2)
		if err != nil {
			r.Fatal(err)
		}
		fine, err := m.ValueIteration(gamma, 1e-9)
		if err != nil {
			r.Fatal(err)
		}
		if off := farthest(rough.Table, fine.Table); off > 1e-2+1e-9 {
			r.Fatalf("a value is off by %v, promised .01", off)
		}
		best := fine.Table.Values()
		own, err := m.Evaluate(fine.Policy.Randomised(actions), gamma, 1e-9)
		if err != nil {
			r.Fatal(err)
		}
		p := make(Policy, states)
		for s := range p {
			p[s] = rapid.IntRange(0, actions-1).Draw(r, "action")
		}
		other, err := m.Evaluate(p.Randomised(actions), gamma, 1e-9)
		if err != nil {
			r.Fatal(err)
		}
		for s := range best {
			if math.Abs(own[s]-best[s]) > 1e-6 || other[s] > best[s]+1e-7 {
				r.Fatalf("state %d: optimum %v, evaluated %v, another policy %v", s, best[s], own[s], other[s])
			}
		}
	})
}

// TestShaping holds Ng, Harada & Russell (1999), theorem 1 and its corollary: the values
// are less by the potential and the greedy policy is the same.
func TestShaping(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := garnet(t, 8, 3, 3, rapid.Uint64().Draw(r, "seed"))
		gamma := rapid.Float64Range(0, .95).Draw(r, "gamma")
		phi := rapid.SliceOfN(rapid.Float64Range(-10, 10), 8, 8).Draw(r, "potential")
		plain, err := m.ValueIteration(gamma, 1e-10)
		if err != nil {
			r.Fatal(err)
		}
		shaped, err := m.Shaped(phi, gamma).ValueIteration(gamma, 1e-10)
		if err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(plain.Policy, shaped.Policy); diff != "" {
			r.Fatal(diff)
		}
		shaped.Table.AddPotential(phi)
		if off := farthest(shaped.Table, plain.Table); off > 1e-8 {
			r.Fatalf("values differ by %v", off)
		}
	})
}

// TestEnds values a course that ends without a discount: after each step of cost 1 it goes
// on with chance .75, so it takes 4 steps in the mean.
func TestEnds(t *testing.T) {
	m, err := NewMDP(1, 1, func(_, _ int, row *Row) {
		row.Reward = -1
		row.Add(0, .75)
		row.Add(Terminal, .25)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, gamma := range []float64{1, .9} {
		got, err := m.ValueIteration(gamma, 1e-10)
		if err != nil {
			t.Fatal(err)
		}
		if want := -1 / (1 - gamma*.75); math.Abs(got.Table.Q[0]-want) > 1e-8 {
			t.Errorf("with discount %v it is worth %v, want %v", gamma, got.Table.Q[0], want)
		}
	}
}

func TestModelError(t *testing.T) {
	for want, fill := range map[string]func(s, a int, row *Row){
		"sum to":       func(_, _ int, row *Row) { row.Add(0, .5) },
		"is no state":  func(_, _ int, row *Row) { row.Add(3, 1) },
		"the reward":   func(_, _ int, row *Row) { row.Reward = math.NaN(); row.Add(0, 1) },
		"a probabilit": func(_, _ int, row *Row) { row.Add(0, -1); row.Add(1, 2) },
		"no action is": func(s, _ int, row *Row) { row.Add(0, float64(s)) },
	} {
		_, err := NewMDP(2, 1, fill)
		if _, ok := errors.AsType[*ModelError](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want a ModelError with %q", err, want)
		}
	}
	endless, err := NewMDP(1, 1, func(_, _ int, row *Row) { row.Reward = 1; row.Add(0, 1) })
	if err != nil {
		t.Fatal(err)
	}
	_, err = endless.ValueIteration(1, 1e-6)
	if _, ok := errors.AsType[*ConvergenceError](err); !ok {
		t.Errorf("a reward for ever without discount gives %v, want a ConvergenceError", err)
	}
}

// TestRollout compares simulated courses with the exact value, and checks the luck: the
// same for any number of workers, and for a policy that differs where no path comes.
func TestRollout(t *testing.T) {
	m := garnet(t, 12, 3, 3, 7)
	best, err := m.ValueIteration(.9, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	form := RolloutForm{Paths: 4000, Steps: 150, Gamma: .9, Start: 2, Seed: 5, Workers: 1}
	got := Rollout(m.Model(), best.Policy, form)
	var sum, squares float64
	for _, x := range got {
		sum, squares = sum+x, squares+x*x
	}
	n := float64(len(got))
	mean := sum / n
	se := math.Sqrt((squares/n - mean*mean) / n)
	if want := best.Table.Value(2); math.Abs(mean-want) > 3*se {
		t.Errorf("paths earn %.4f, standard error %.4f, want %.4f", mean, se, want)
	}
	form.Workers = 4
	if diff := cmp.Diff(got, Rollout(m.Model(), best.Policy, form)); diff != "" {
		t.Error("four workers differ from one")
	}

	average, err := m.RelativeValueIteration(1e-9)
	if err != nil {
		t.Fatal(err)
	}
	form = RolloutForm{Paths: 50, Steps: 10_100, Warm: 100, Average: true, Seed: 6}
	gains := Rollout(m.Model(), average.Policy, form)
	slices.Sort(gains)
	if low, high := gains[1], gains[48]; average.Gain < low || average.Gain > high {
		t.Errorf("average rewards from %.4f to %.4f, want %.4f among them", low, high, average.Gain)
	}
}
