package mcda

import "math"

// TOPSIS returns the closeness of each alternative to the ideal, between 0 and 1, more
// being better (technique for order preference by similarity to ideal solution), with
// vector normalisation:
//
//	v_ij = w_j x_ij / √Σ_i x_ij²,  C_i = d⁻_i / (d⁺_i + d⁻_i)
//
// where d⁺ and d⁻ are Euclidean distances from the best and from the worst value of every
// criterion. Weights are scaled to sum to 1. A criterion on which all are alike, or all 0,
// says nothing; where no criterion says anything every closeness is 1/2.
//
// Source: Hwang & Yoon, Multiple Attribute Decision Making, 1981, chapter III.
func TOPSIS(t Table, weights []float64) []float64 {
	weights = t.normalized(weights)
	n := t.Alternatives()
	closeness := make([]float64, n)
	toBest, toWorst := make([]float64, n), make([]float64, n)
	for j, w := range weights {
		norm := 0.0
		for i := range n {
			norm = math.Hypot(norm, t.At(i, j))
		}
		if norm == 0 {
			continue
		}
		best, worst := t.ideal(j)
		for i := range n {
			up, down := w*(t.At(i, j)-best)/norm, w*(t.At(i, j)-worst)/norm
			toBest[i] += up * up
			toWorst[i] += down * down
		}
	}
	for i := range n {
		up, down := math.Sqrt(toBest[i]), math.Sqrt(toWorst[i])
		closeness[i] = 0.5
		if up+down > 0 {
			closeness[i] = down / (up + down)
		}
	}
	return closeness
}
