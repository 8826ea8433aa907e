package drift

import (
	"cmp"
	"math"
	"slices"
)

// BenjaminiHochberg adjusts the P of many tests: of those whose adjusted P is at most q no
// more than the share q is expected to be false. The order is that of p, which is not
// modified. It panics on a p outside [0, 1].
//
// Source: Benjamini & Hochberg, Controlling the false discovery rate (1995), Journal of the
// Royal Statistical Society B 57, 289-300.
func BenjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
		if !(p[i] >= 0 && p[i] <= 1) {
			panic("drift: a P lies outside [0, 1]")
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	adjusted := make([]float64, len(p))
	least := 1.0
	for k, i := range order { // from the largest P down
		least = math.Min(least, p[i]*float64(len(p))/float64(len(p)-k))
		adjusted[i] = least
	}
	return adjusted
}
