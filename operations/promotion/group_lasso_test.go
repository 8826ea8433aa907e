package promotion

import (
	"math"
	"math/rand/v2"
	"testing"
)

// With Q the identity the group lasso is a shrinkage of each group by its length (Yuan &
// Lin 2006, section 2); otherwise its solution meets the conditions of Karush, Kuhn and
// Tucker.
func TestGroupLasso(t *testing.T) {
	z, group, penalty := []float64{3, 4, 1, -1}, []int{0, 0, 1, 1}, []float64{2, 2}
	identity := []float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}
	for i, want := range []float64{3 * .6, 4 * .6, 0, 0} {
		if got := groupLasso(z, identity, group, penalty)[i]; math.Abs(got-want) > 1e-7 {
			t.Errorf("b[%d] = %v, want %v", i, got, want)
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	const k = 6
	a, q := make([]float64, k*k), make([]float64, k*k)
	for i := range a {
		a[i] = rng.NormFloat64()
	}
	for i := range k {
		q[i*k+i] = .5
		for j := range k {
			for n := range k {
				q[i*k+j] += a[n*k+i] * a[n*k+j]
			}
		}
	}
	z, group, penalty = []float64{2, -1, .3, .2, -3, 1}, []int{0, 0, 1, 1, 2, 2}, []float64{1.5, 4, 1.5}
	b := groupLasso(z, q, group, penalty)
	for g := range penalty {
		length, pull := 0., 0.
		var gradient []float64
		for i := range k {
			if group[i] != g {
				continue
			}
			sum := 0.
			for j := range k {
				sum += q[i*k+j] * (b[j] - z[j])
			}
			gradient = append(gradient, sum)
			length += b[i] * b[i]
			pull += sum * sum
		}
		if length == 0 && math.Sqrt(pull) > penalty[g]+1e-6 || length > 0 && math.Abs(math.Sqrt(pull)-penalty[g]) > 1e-5 {
			t.Errorf("group %d: length %v, gradient %v, penalty %v", g, math.Sqrt(length), gradient, penalty[g])
		}
	}
	inverted := inverse(q, k)
	for i := range k {
		for j := range k {
			sum := 0.
			for n := range k {
				sum += q[i*k+n] * inverted[n*k+j]
			}
			if want := when(i == j, 1); math.Abs(sum-want) > 1e-9 {
				t.Errorf("Q·Q⁻¹[%d,%d] = %v", i, j, sum)
			}
		}
	}
}
