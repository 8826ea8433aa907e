package policy

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestSafeImprovement draws tables, baselines and counts: no action is ever taken that the
// baseline does not take and that was not seen often enough, nor one that is not better by
// the gain asked for; more evidence asked for never changes more; and with plenty of it
// the policy is greedy.
func TestSafeImprovement(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		states, actions := rapid.IntRange(1, 8).Draw(r, "states"), rapid.IntRange(1, 4).Draw(r, "actions")
		q := NewTable(states, actions, nil)
		q.Fill(func(_, _ int) float64 { return float64(rapid.IntRange(-9, 9).Draw(r, "value")) })
		counts := make([]uint32, states*actions)
		for i := range counts {
			counts[i] = uint32(rapid.IntRange(0, 40).Draw(r, "count"))
		}
		baseline := make(Policy, states)
		for s := range baseline {
			baseline[s] = rapid.IntRange(0, actions-1).Draw(r, "baseline")
		}
		form := SafeForm{Counts: counts, Least: rapid.IntRange(1, 40).Draw(r, "least"), Gain: rapid.Float64Range(0, 3).Draw(r, "gain")}
		got := SafeImprovement(q, baseline, form)
		mask := SafeMask(baseline, counts, actions, form.Least)
		changed := 0
		for s, a := range got.Policy {
			if !mask[s*actions+a] {
				r.Fatalf("state %d takes action %d, which the mask of safe actions rules out", s, a)
			}
			if a == baseline[s] {
				continue
			}
			changed++
			if n := counts[s*actions+a]; n < uint32(form.Least) {
				r.Fatalf("state %d takes action %d, seen %d times of %d", s, a, n, form.Least)
			}
			if q.Row(s)[a] < q.Row(s)[baseline[s]]+form.Gain {
				r.Fatalf("state %d takes action %d for less than the gain", s, a)
			}
		}
		if changed != got.Changed || got.Changed+got.Thin+got.Small > states {
			r.Fatalf("%d changes, counted %+v", changed, got)
		}
		form.Least++
		if stricter := SafeImprovement(q, baseline, form); stricter.Changed > got.Changed {
			r.Fatalf("%d changes become %d when more evidence is asked for", got.Changed, stricter.Changed)
		}
		plenty := SafeImprovement(q, baseline, SafeForm{Counts: slices.Repeat([]uint32{20}, len(counts))})
		for s, a := range plenty.Policy {
			if q.Row(s)[a] != q.Value(s) {
				r.Fatalf("state %d takes %d with plenty of evidence, and not the best action", s, a)
			}
		}
	})
}

func TestSafeCounts(t *testing.T) {
	q := NewTable(4, 2, nil)
	q.Q = []float64{0, 1, 0, 1, 0, .1, 0, 1}
	q.Visits = []uint32{30, 30, 30, 3, 30, 30, 3, 30}
	got := SafeImprovement(q, Policy{0, 0, 0, 0}, SafeForm{Gain: .5})
	want := Improvement{Policy: Policy{1, 0, 0, 0}, Changed: 1, Thin: 2, Small: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSPIBBOfOneAction: with a baseline that does not draw, SPIBB is value iteration among
// the safe actions.
func TestSPIBBOfOneAction(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := garnet(t, 8, 3, 3, rapid.Uint64().Draw(r, "seed"))
		baseline, counts := make(Policy, 8), make([]uint32, 24)
		for i := range counts {
			counts[i] = uint32(rapid.IntRange(0, 40).Draw(r, "count"))
			baseline[i/3] = rapid.IntRange(0, 2).Draw(r, "baseline")
		}
		got, err := SPIBB(m, baseline.Randomised(3), counts, 20, .9, 1e-9)
		if err != nil {
			r.Fatal(err)
		}
		mask := SafeMask(baseline, counts, 3, 20)
		safe, err := NewMDP(8, 3, func(s, a int, row *Row) {
			if !mask[s*3+a] {
				return
			}
			next, p, reward := m.Row(s, a)
			row.Reward = reward
			for i := range next {
				row.Add(int(next[i]), p[i])
			}
		})
		if err != nil {
			r.Fatal(err)
		}
		want, err := safe.ValueIteration(.9, 1e-10)
		if err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(want.Policy.Randomised(3), got); diff != "" {
			r.Fatal(diff)
		}
	})
}

// TestSPIBBIsSafe repeats in small what Laroche, Trichelair & Tachet des Combes (2019) show
// on random processes: from logs of a baseline that draws, SPIBB is worth more than the
// baseline in the mean and at least as much in the worst tenth of logs, where the best
// policy of the estimated process is worth less.
func TestSPIBBIsSafe(t *testing.T) {
	const gamma, logs = .9, 120
	var safe, greedy []float64 // of each log, the value less that of the baseline
	for seed := range uint64(logs) {
		m := garnet(t, 20, 4, 3, seed)
		best, err := m.ValueIteration(gamma, 1e-6)
		if err != nil {
			t.Fatal(err)
		}
		baseline := best.Table.Softmax(.5)
		rng := rand.New(rand.NewPCG(seed, 1))
		log, model, state := NewTally(20, 4), m.Model(), 0
		for range 1500 {
			a, _ := baseline.Draw(state, rng.Float64())
			next, reward := model.Step(state, a, []float64{rng.Float64()})
			log.Add(state, a, reward+rng.NormFloat64(), next)
			state = next
		}
		estimate, err := log.MDP(-20)
		if err != nil {
			t.Fatal(err)
		}
		improved, err := SPIBB(estimate, baseline, log.Visits(), 10, gamma, 1e-6)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range improved.P {
			if log.Visits()[i] < 10 && p != baseline.P[i] {
				t.Fatalf("log %d: the chance of a thin pair moved from %v to %v", seed, baseline.P[i], p)
			}
		}
		trusting, err := estimate.ValueIteration(gamma, 1e-6)
		if err != nil {
			t.Fatal(err)
		}
		worth := func(p Randomised) float64 {
			v, err := m.Evaluate(p, gamma, 1e-6)
			if err != nil {
				t.Fatal(err)
			}
			return v[0]
		}
		was := worth(baseline)
		safe, greedy = append(safe, worth(improved)-was), append(greedy, worth(trusting.Policy.Randomised(4))-was)
	}
	tenth := func(x []float64) (mean, worst float64) {
		slices.Sort(x)
		for i, v := range x {
			if mean += v / logs; i < logs/10 {
				worst += v / (logs / 10)
			}
		}
		return mean, worst
	}
	mean, worst := tenth(safe)
	meanGreedy, worstGreedy := tenth(greedy)
	t.Logf("more than the baseline: safe %.3f, worst tenth %.3f; trusting %.3f, worst tenth %.3f", mean, worst, meanGreedy, worstGreedy)
	if mean <= 0 || worst < 0 || worstGreedy >= worst {
		t.Errorf("more than the baseline: safe %.3f, worst tenth %.3f; trusting %.3f, worst tenth %.3f", mean, worst, meanGreedy, worstGreedy)
	}
}

// TestTally: what is counted comes back as shares, and in the limit is the process.
func TestTally(t *testing.T) {
	log := NewTally(2, 2)
	for i, next := range []int{1, 1, 0, Terminal} {
		log.Add(0, 1, float64(i), next)
	}
	m, err := log.MDP(-7)
	if err != nil {
		t.Fatal(err)
	}
	next, p, reward := m.Row(0, 1)
	if diff := cmp.Diff([]any{[]int32{Terminal, 0, 1}, []float64{.25, .25, .5}, 1.5}, []any{next, p, reward}); diff != "" {
		t.Error(diff)
	}
	if next, _, reward := m.Row(1, 0); next[0] != Terminal || reward != -7 {
		t.Errorf("a pair never seen leads to %v and earns %v", next, reward)
	}

	truth := garnet(t, 5, 2, 3, 1)
	log, model, rng := NewTally(5, 2), truth.Model(), rand.New(rand.NewPCG(4, 4))
	for i := range 200_000 {
		s, a := i%5, i/5%2
		next, reward := model.Step(s, a, []float64{rng.Float64()})
		log.Add(s, a, reward, next)
	}
	estimate, err := log.MDP(0)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := truth.ValueIteration(.9, 1e-9)
	got, err := estimate.ValueIteration(.9, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	if off := farthest(got.Table, want.Table); off > .15 || math.IsNaN(off) { // 4 standard errors of .9·sd(V)/(1−γ)/√20000
		t.Errorf("values of the estimate are off by %.3f", off)
	}
}
