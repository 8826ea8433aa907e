package policy

import (
	"math"
	"math/rand/v2"
	"testing"
)

// garnet makes a random process: from each pair branch states follow, drawn without
// replacement, with the gaps between branch-1 sorted uniforms for chances; rewards are
// standard normal.
//
// Source: Archibald, McKinnon & Thomas, On the generation of Markov decision processes
// (1995), doi:10.1057/jors.1995.50; Bhatnagar et al. (2009),
// doi:10.1016/j.automatica.2009.07.008, section 6.
func garnet(t testing.TB, states, actions, branch int, seed uint64) *MDP {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 0))
	m, err := NewMDP(states, actions, func(_, _ int, row *Row) {
		row.Reward = rng.NormFloat64()
		to := rng.Perm(states)[:branch]
		left := 1.
		for i, s := range to {
			p := left
			if rest := branch - 1 - i; rest > 0 { // the least of rest uniforms on what is left
				p *= 1 - math.Pow(rng.Float64(), 1/float64(rest))
			}
			row.Add(s, p)
			left -= p
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func farthest(got, want *Table) float64 {
	var most float64
	for i := range want.Q {
		if want.allows(i) {
			most = max(most, math.Abs(got.Q[i]-want.Q[i]))
		}
	}
	return most
}

// TestGarnet holds Q-learning against value iteration: every value within 1e-2, where
// values reach 10 and one step has a standard deviation near 1.
func TestGarnet(t *testing.T) {
	const gamma = .9
	for seed := range uint64(3) {
		m := garnet(t, 20, 3, 4, seed)
		want, err := m.ValueIteration(gamma, 1e-9)
		if err != nil {
			t.Fatal(err)
		}
		for name, form := range map[string]SweepForm{
			"one by one":  {Draws: 60_000, Tail: .5},
			"double":      {Draws: 120_000, Tail: .5, Double: true},
			"batches":     {Draws: 60_000, Batch: 64, Tail: .5},
			"independent": {Draws: 1_000_000, Tail: .8, Random: true},
		} {
			form.Gamma, form.Seed = gamma, seed
			q := NewTable(m.States(), m.Actions(), nil)
			if _, err := FullBackup(m.Model(), q, form); err != nil {
				t.Fatal(err)
			}
			off := farthest(q, want.Table)
			t.Logf("Garnet %d, %s: off by %.4f", seed, name, off)
			if off > 1e-2 {
				t.Errorf("Garnet %d, %s: a value is off by %.4f, want .01 at most", seed, name, off)
			}
		}
	}
}
