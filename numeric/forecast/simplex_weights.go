package forecast

import "math"

// SimplexWeights returns the weights w of k forecasts, none below 0 and together 1, that
// make
//
//	Σ_n (y_n - Σ_k w_k f_nk)² + shrink · tr(A)/k · Σ_k (w_k - 1/k)²,   A = Σ_n f_n f_nᵀ,
//
// least: the combination with the least squared error, pulled towards equal weights, which
// a shrink of 1 comes close to. gram is A in rows, cross is Σ_n y_n f_n. Where nothing was
// seen the weights are equal. It does not modify its arguments.
//
// Source: Granger & Ramanathan, Improved methods of combining forecasts (1984), Journal of
// Forecasting 3, 197-204; Diebold & Pauly, The use of prior information in forecast
// combination (1990), International Journal of Forecasting 6, 503-508.
func SimplexWeights(gram [][]float64, cross []float64, shrink float64) []float64 {
	k := len(cross)
	equal := 1 / float64(k)
	w := make([]float64, k)
	trace := 0.0
	for i := range w {
		w[i] = equal
		trace += gram[i][i]
	}
	pull := shrink * trace * equal
	// Moving mass from one forecast to another keeps the sum; the best such move has a closed
	// form, and the loss is convex, so that rounds over all pairs end at the least.
	slope := func(i int) float64 {
		s := pull*(w[i]-equal) - cross[i]
		for j := range w {
			s += gram[i][j] * w[j]
		}
		return s
	}
	for range 200 {
		moved := 0.0
		for i := range w {
			for j := range i {
				curve := gram[i][i] + gram[j][j] - 2*gram[i][j] + 2*pull
				if !(curve > 0) {
					continue
				}
				step := (slope(j) - slope(i)) / curve // to i
				step = math.Max(-w[i], math.Min(w[j], step))
				w[i] += step
				w[j] -= step
				moved += math.Abs(step)
			}
		}
		if moved < 1e-10 {
			break
		}
	}
	return w
}
