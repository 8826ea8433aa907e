package policy_test

import (
	"fmt"

	"tradewind/numeric/distribution"
	"tradewind/numeric/policy"
)

// machine wears out by chance: state 0 is new, 3 broken. Action 1 replaces it.
type machine struct{ wear policy.Lookup }

func (machine) Size() (states, actions, uniforms int) { return 4, 2, 1 }

func (m machine) Step(state, action int, u []float64) (next int, reward float64) {
	earned := []float64{10, 9, 6, 0}[state]
	if action == 1 {
		return 0, earned - 8
	}
	return min(3, state+m.wear.At(u[0])), earned
}

// A policy is learnt from draws of chance that are tried on every action in every state;
// what it earns is then asked of fresh ones.
func ExampleFullBackup() {
	m := machine{policy.LookupOf(distribution.NewPoisson(.4), 3)}
	table := policy.NewTable(4, 2, nil)
	at, err := policy.FullBackup(m, table, policy.SweepForm{Average: true, Draws: 6400, Batch: 64, Tail: .5, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	paths := policy.Rollout(m, table.Policy(), policy.RolloutForm{Paths: 20, Steps: 20_000, Average: true, Seed: 2})
	var earned float64
	for _, x := range paths {
		earned += x / float64(len(paths))
	}
	fmt.Printf("replace: %v, believed to earn %.1f, earns %.1f a step\n", table.Policy(), at.Gain, earned)
	// Output: replace: [0 0 1 1], believed to earn 7.6, earns 7.6 a step
}

// A log in which one action was hardly tried lets a better one through only where there is
// enough of it.
func ExampleSafeImprovement() {
	table := policy.NewTable(2, 2, nil)
	table.Q = []float64{5, 9, 5, 9}
	baseline := policy.Policy{0, 0}
	got := policy.SafeImprovement(table, baseline, policy.SafeForm{Counts: []uint32{400, 2, 400, 80}})
	fmt.Printf("%v, changed %d, too thin %d\n", got.Policy, got.Changed, got.Thin)
	// Output: [0 1], changed 1, too thin 1
}
