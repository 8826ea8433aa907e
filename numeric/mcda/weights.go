package mcda

import "math"

// EntropyWeights returns weights by how much the alternatives differ on each criterion, in
// the sense of Shannon:
//
//	p_ij = x_ij/Σ_i x_ij,  e_j = -Σ_i p_ij ln p_ij / ln m,  w_j ∝ 1 - e_j
//
// They say where the table discriminates, not what anybody cares about. Values must be
// positive, or it is a *NotPositiveError; equal weights where nothing differs.
//
// Source: Hwang & Yoon, Multiple Attribute Decision Making, 1981, section 3.2.2.
func EntropyWeights(t Table) ([]float64, error) {
	t.check()
	n := t.Alternatives()
	weights := make([]float64, t.Criteria)
	for j := range weights {
		total := 0.0
		for i := range n {
			x := t.At(i, j)
			if !(x > 0) {
				return nil, &NotPositiveError{"entropy", i, j, x}
			}
			total += x
		}
		entropy := 0.0
		for i := range n {
			p := t.At(i, j) / total
			entropy -= p * math.Log(p)
		}
		if n > 1 {
			weights[j] = max(0, 1-entropy/math.Log(float64(n)))
		}
	}
	return shares(weights), nil
}

// CRITICWeights returns weights by how much a criterion varies and how little it repeats
// the others (criteria importance through intercriteria correlation), over values scaled to
// 0…1 from worst to best:
//
//	w_j ∝ σ_j Σ_k (1 - r_jk)
//
// with σ the sample standard deviation and r Pearson's correlation. A criterion on which all
// are alike has weight 0; equal weights where nothing differs.
//
// Source: Diakoulaki, Mavrotas & Papayannakis, Computers & Operations Research 22 (1995),
// 763–770.
func CRITICWeights(t Table) []float64 {
	t.check()
	n := t.Alternatives()
	centred := make([][]float64, t.Criteria)
	length := make([]float64, t.Criteria)
	for j := range centred {
		best, worst := t.ideal(j)
		centred[j] = make([]float64, n)
		if best == worst || n < 2 {
			continue
		}
		mean := 0.0
		for i := range n {
			centred[j][i] = (t.At(i, j) - worst) / (best - worst)
			mean += centred[j][i] / float64(n)
		}
		for i := range n {
			centred[j][i] -= mean
			length[j] = math.Hypot(length[j], centred[j][i])
		}
	}
	weights := make([]float64, t.Criteria)
	for j := range weights {
		conflict := 0.0
		for k := range weights {
			if k == j || length[j] == 0 || length[k] == 0 {
				continue
			}
			dot := 0.0
			for i := range n {
				dot += centred[j][i] * centred[k][i]
			}
			conflict += 1 - dot/(length[j]*length[k])
		}
		weights[j] = length[j] * conflict
	}
	return shares(weights)
}

// shares scales x to sum to 1 in place; equal shares where all are 0.
func shares(x []float64) []float64 {
	total := 0.0
	for _, v := range x {
		total += v
	}
	for i := range x {
		if total > 0 {
			x[i] /= total
		} else {
			x[i] = 1 / float64(len(x))
		}
	}
	return x
}
