package distribution

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestScaledNormal: location + scale·N(μ, σ) is N(location + scale·μ, scale·σ).
func TestScaledNormal(t *testing.T) {
	d, want := NewScaled(NewNormal(1, 2), 10, 3), NewNormal(13, 6)
	if d.Mean() != want.Mean() || d.Variance() != want.Variance() {
		t.Errorf("%v ± √%v, want %v ± √%v", d.Mean(), d.Variance(), want.Mean(), want.Variance())
	}
	for _, u := range []float64{.001, .3, .5, .99} {
		if got, want := d.Quantile(u), want.Quantile(u); difference(got, want) > 1e-14 {
			t.Errorf("quantile %v is %v, want %v", u, got, want)
		}
	}
	for _, x := range []float64{-20, 5, 13, 40} {
		if got, want := d.CDF(x), want.CDF(x); difference(got, want) > 1e-12 {
			t.Errorf("CDF(%v) = %v, want %v", x, got, want)
		}
		above, below := d.Loss(x)
		wantAbove, wantBelow := want.Loss(x)
		if difference(above, wantAbove) > 1e-11 || difference(below, wantBelow) > 1e-11 {
			t.Errorf("Loss(%v) = %v, %v, want %v, %v", x, above, below, wantAbove, wantBelow)
		}
	}
	if lo, hi := d.Quantile(0), d.Quantile(1); !math.IsInf(lo, -1) || !math.IsInf(hi, 1) {
		t.Errorf("support from %v to %v", lo, hi)
	}
	if !math.IsNaN(d.Quantile(-1)) || !math.IsNaN(d.CDF(math.NaN())) {
		t.Error("no NaN for what is none")
	}
}

// TestScaledJumps: whatever the location and scale, a jump of the base stays one: going to a
// value of the sample and back loses nothing to rounding.
func TestScaledJumps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sample := rapid.SliceOfN(rapid.Float64Range(-50, 50), 1, 12).Draw(t, "sample")
		base := NewEmpirical(sample)
		d := NewScaled(base, rapid.Float64Range(-1e6, 1e6).Draw(t, "location"), rapid.Float64Range(1e-3, 1e6).Draw(t, "scale"))
		for i := 1; i <= 20; i++ {
			u := float64(i) / 20
			if got := d.CDF(d.Quantile(u)); got < u*(1-1e-12) {
				t.Fatalf("CDF(Quantile(%v)) = %v", u, got)
			}
		}
	})
}
