package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestSimplexWeights: y = .7 a + .3 b exactly, c is noise; and a combination that least
// squares would give a weight below 0 gets none.
func TestSimplexWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	gram := [][]float64{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}
	cross := make([]float64, 3)
	for range 1000 {
		f := []float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}
		y := .7*f[0] + .3*f[1]
		for i := range f {
			cross[i] += y * f[i]
			for j := range f {
				gram[i][j] += f[i] * f[j]
			}
		}
	}
	for i, want := range []float64{.7, .3, 0} {
		if got := SimplexWeights(gram, cross, 0)[i]; math.Abs(got-want) > 1e-6 {
			t.Errorf("weight %d is %v, want %v", i, got, want)
		}
	}
	for i, got := range SimplexWeights(gram, cross, 1e6) {
		if math.Abs(got-1./3) > 1e-4 {
			t.Errorf("weight %d is %v under a strong pull, want 1/3", i, got)
		}
	}
	for i, got := range SimplexWeights([][]float64{{0, 0}, {0, 0}}, []float64{0, 0}, .1) {
		if got != .5 {
			t.Errorf("weight %d is %v where nothing was seen, want 1/2", i, got)
		}
	}
}

// TestSimplexWeightsAreWeights: never below 0, together 1, and no worse than equal ones.
func TestSimplexWeightsAreWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 5).Draw(t, "k")
		value := rapid.Float64Range(-10, 10)
		gram, cross := make([][]float64, k), make([]float64, k)
		for i := range gram {
			gram[i] = make([]float64, k)
		}
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			y, f := value.Draw(t, "y"), make([]float64, k)
			for i := range f {
				f[i] = value.Draw(t, "f")
			}
			for i := range f {
				cross[i] += y * f[i]
				for j := range f {
					gram[i][j] += f[i] * f[j]
				}
			}
		}
		loss := func(w []float64) float64 {
			sum := 0.0
			for i := range w {
				sum -= 2 * w[i] * cross[i]
				for j := range w {
					sum += w[i] * w[j] * gram[i][j]
				}
			}
			return sum
		}
		w, equal, sum := SimplexWeights(gram, cross, 0), make([]float64, k), 0.0
		for i, x := range w {
			equal[i] = 1 / float64(k)
			if sum += x; x < -1e-12 {
				t.Fatalf("weights %v", w)
			}
		}
		if math.Abs(sum-1) > 1e-9 || loss(w) > loss(equal)+1e-6*(1+math.Abs(loss(equal))) {
			t.Fatalf("weights %v: sum %v, loss %v, equal %v", w, sum, loss(w), loss(equal))
		}
	})
}
