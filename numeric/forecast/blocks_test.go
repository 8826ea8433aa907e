package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestBlocksHaveTheMomentsOfTotal compares drawn totals with Calibration.Total, which has
// mean and variance in closed form. Tolerance: five standard errors of 200,000 draws.
func TestBlocksHaveTheMomentsOfTotal(t *testing.T) {
	c := Calibration{Scale: 1.1, Size: -.4, Slope: .5, Drift: .15}
	rate := Rate{Mean: 3, Evidence: 12}
	offsets := make([]float64, 35)
	for i := range offsets {
		offsets[i] = []float64{0, 1.2, .8, 1, 1.5, 1, .5}[i%7]
	}
	b := c.Blocks(rate, offsets)
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 200_000
	var dst [3]float64
	var sum, squares float64
	for range n {
		b.Draw(dst[:], []int{7, 14, 35}, rng)
		total := dst[0] + dst[1] + dst[2]
		sum += total
		squares += total * total
	}
	want := c.Total(rate, offsets)
	mean := sum / n
	variance := squares/n - mean*mean
	if se := math.Sqrt(want.Variance() / n); math.Abs(mean-want.Mean()) > 5*se {
		t.Errorf("mean %v, want %v ± %v", mean, want.Mean(), 5*se)
	}
	if math.Abs(variance/want.Variance()-1) > .03 {
		t.Errorf("variance %v, want %v within 3 %%", variance, want.Variance())
	}
	if got := b.Mean(0, 35); math.Abs(got-want.Mean()) > 1e-9 {
		t.Errorf("Mean %v, want %v", got, want.Mean())
	}
	// Beyond the offsets the last 28 periods set the pace.
	if got, want := b.Mean(35, 63), b.Mean(7, 35); math.Abs(got-want) > 1e-9 {
		t.Errorf("mean beyond the end %v, want %v", got, want)
	}
	if allocs := testing.AllocsPerRun(100, func() { b.Draw(dst[:], []int{7, 14, 35}, rng) }); allocs > 1 {
		t.Errorf("a draw allocates %v times", allocs)
	}
}

// TestLevelsAreTheLawOfTheFactor: the levels have the mean 1 and the variance of the
// Gamma law that Draw draws from, whatever its shape, without a far value that chance
// decides.
func TestLevelsAreTheLawOfTheFactor(t *testing.T) {
	for _, evidence := range []float64{.3, 2, 30, 1000} {
		c := Calibration{Scale: 1, Size: -5, Span: 28} // lumpy enough not to cap the spread
		b := c.Blocks(Rate{Mean: 5, Evidence: evidence}, []float64{1, 1, 1, 1, 1, 1, 1})
		spread := b.spread(7)
		if !(spread > 0) {
			t.Fatalf("evidence %v: no spread", evidence)
		}
		if math.Abs(spread*evidence-1) > 1e-9 {
			t.Fatalf("evidence %v: spread %v", evidence, spread)
		}
		levels := make([]float64, 512)
		b.Levels(levels, 7)
		mean, variance := 0.0, 0.0
		for i, x := range levels {
			mean += x / 512
			variance += (x - 1) * (x - 1) / 512
			if i > 0 && x < levels[i-1] {
				t.Fatalf("evidence %v: level %d is %v after %v", evidence, i, x, levels[i-1])
			}
		}
		if math.Abs(mean-1) > 1e-12 || math.Abs(variance/spread-1) > .06 {
			t.Errorf("evidence %v: mean %v and variance %v, want 1 and %v", evidence, mean, variance, spread)
		}
	}
}
