package drift

import (
	"math"
	"slices"
)

// Wasserstein returns how far live values lie from the reference on average, the area
// between the two empirical distribution functions, in standard deviations of the reference:
// a shift by c adds |c|/σ. It is a size and no test. It returns a *TooFewError, a *ValueError,
// or a *ConstantError where σ is 0.
func Wasserstein(reference, live []float64) (float64, error) {
	if err := check("reference", reference, 2); err != nil {
		return 0, err
	}
	if err := check("live", live, 1); err != nil {
		return 0, err
	}
	_, squares := spread(reference)
	sigma := math.Sqrt(squares / float64(len(reference)-1))
	if sigma == 0 {
		return 0, &ConstantError{reference[0]}
	}
	x, y := slices.Clone(reference), slices.Clone(live)
	slices.Sort(x)
	slices.Sort(y)
	area, at := 0.0, min(x[0], y[0])
	for i, j := 0, 0; i < len(x) || j < len(y); {
		next := math.Inf(1)
		if i < len(x) {
			next = x[i]
		}
		if j < len(y) {
			next = min(next, y[j])
		}
		area += math.Abs(float64(i)/float64(len(x))-float64(j)/float64(len(y))) * (next - at)
		at = next
		for i < len(x) && x[i] == at {
			i++
		}
		for j < len(y) && y[j] == at {
			j++
		}
	}
	return area / sigma, nil
}
