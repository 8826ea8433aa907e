package mcda

import (
	"cmp"
	"slices"
)

// Compromise is the outcome of VIKOR. Less is better in all three measures.
type Compromise struct {
	Group  []float64 // S: the weighted sum of regrets
	Regret []float64 // R: the greatest single regret
	Q      []float64 // both, scaled to 0…1 between the best and the worst alternative

	// Solutions are the alternatives to choose among, best first: one alone where it leads
	// by enough and leads by S or R too.
	Solutions []int
}

// VIKOR ranks by closeness to the ideal with a compromise between the group's utility and
// the greatest regret (VIšekriterijumsko KOmpromisno Rangiranje):
//
//	r_ij = w_j (f*_j - x_ij)/(f*_j - f⁻_j),  S_i = Σ_j r_ij,  R_i = max_j r_ij
//	Q_i  = v (S_i - S*)/(S⁻ - S*) + (1-v) (R_i - R*)/(R⁻ - R*)
//
// v in [0, 1] is the weight of the group. Weights are scaled to sum to 1. A term whose
// alternatives are all alike is 0. The solutions follow the conditions of acceptable
// advantage, Q(second) - Q(first) ≥ 1/(m-1), and acceptable stability.
//
// Source: Opricovic & Tzeng, Compromise solution by MCDM methods, European Journal of
// Operational Research 156 (2004), 445–455.
func VIKOR(t Table, weights []float64, v float64) Compromise {
	if !(v >= 0 && v <= 1) {
		panic("mcda: the weight of the group lies between 0 and 1")
	}
	weights = t.normalized(weights)
	n := t.Alternatives()
	c := Compromise{Group: make([]float64, n), Regret: make([]float64, n), Q: make([]float64, n)}
	for j, w := range weights {
		best, worst := t.ideal(j)
		if best == worst {
			continue
		}
		for i := range n {
			r := w * (best - t.At(i, j)) / (best - worst)
			c.Group[i] += r
			c.Regret[i] = max(c.Regret[i], r)
		}
	}
	if n == 0 {
		return c
	}
	blend := func(x []float64, share float64) {
		least, most := slices.Min(x), slices.Max(x)
		for i := range x {
			if most-least > 1e-12*most { // less is rounding, which must not decide
				c.Q[i] += share * (x[i] - least) / (most - least)
			}
		}
	}
	blend(c.Group, v)
	blend(c.Regret, 1-v)
	c.Solutions = c.solutions()
	return c
}

func (c *Compromise) solutions() []int {
	n := len(c.Q)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(c.Q[a], c.Q[b]), a-b) })
	if n == 1 {
		return order
	}
	first, enough := order[0], 1/float64(n-1)
	if c.Q[order[1]]-c.Q[first] < enough {
		k := 1
		for k < n && c.Q[order[k]]-c.Q[first] < enough {
			k++
		}
		return order[:k]
	}
	if c.Group[first] == slices.Min(c.Group) || c.Regret[first] == slices.Min(c.Regret) {
		return order[:1]
	}
	return order[:2]
}
