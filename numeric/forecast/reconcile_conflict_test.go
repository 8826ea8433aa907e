package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestReconcileConflicts holds half of the nodes at random values, some below zero: whatever
// cannot be had together gives a finite table that adds up.
func TestReconcileConflicts(t *testing.T) {
	for seed := range uint64(400) {
		for name, h := range hierarchies(t, 12+int(seed%30)) {
			rng := rand.New(rand.NewPCG(seed, 3))
			variances := make([]float64, h.Nodes())
			for j := range variances {
				if rng.Float64() < .5 {
					variances[j] = math.Exp(4 * rng.NormFloat64())
				}
			}
			p, err := h.WLS(variances)
			if err != nil {
				t.Fatal(err)
			}
			p.NonNegative = seed%2 == 0
			table := randomTable(h, 3, rng)
			for j := range table {
				for k := range table[j] {
					if rng.Float64() < .2 {
						table[j][k] -= 3
					}
				}
			}
			if err := p.Apply(table); err != nil {
				t.Fatal(err)
			}
			summed := copyTable(table)
			h.Sum(summed)
			nearTable(t, name, table, summed)
			for j := range table {
				for _, x := range table[j] {
					if !(math.Abs(x) < 1e4) || p.NonNegative && x < 0 {
						t.Fatalf("%s, seed %d: node %d is %v", name, seed, j, x)
					}
				}
			}
		}
	}
}
