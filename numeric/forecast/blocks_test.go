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
