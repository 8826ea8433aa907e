package policy

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

func TestRadicalInverse(t *testing.T) {
	// Halton (1960): mirrored digits of 1, 2, …
	for base, want := range map[uint64][]float64{
		2: {1. / 2, 1. / 4, 3. / 4, 1. / 8, 5. / 8}, 3: {1. / 3, 2. / 3, 1. / 9, 4. / 9, 7. / 9},
	} {
		for i, w := range want {
			if got := qRadicalInverse(uint64(i+1), base); math.Abs(got-w) > 1e-15 {
				t.Errorf("base %d, number %d: %v, want %v", base, i+1, got, w)
			}
		}
	}
}

// TestDrawsAreEven integrates a product over the unit cube: the low-discrepancy sequence
// misses by less than a tenth of what independent draws miss by, for each seed, and stays
// inside the open cube.
func TestDrawsAreEven(t *testing.T) {
	const n, dims = 20_000, 3
	miss := func(seed uint64, random bool) float64 {
		d, u, sum := newQDraws(seed, random), make([]float64, dims), 0.
		for k := range n {
			d.fill(u, k)
			f := 1.
			for _, x := range u {
				if !(x > 0 && x < 1) {
					t.Fatalf("a uniform is %v", x)
				}
				f *= 2 * x
			}
			sum += f
		}
		return math.Abs(sum/n - 1)
	}
	var even, random float64
	for seed := range uint64(10) {
		even, random = even+miss(seed, false), random+miss(seed, true)
	}
	if even > random/10 {
		t.Errorf("even draws miss by %.2e, independent ones by %.2e", even/10, random/10)
	}
	// the standard error of independent draws: √((4/3)³ − 1)/√n = .0083
	if mean := random / 10; mean < .002 || mean > .015 {
		t.Errorf("independent draws miss by %.4f, want about .0083·√(2/π)", mean)
	}
}

// TestLookup: the lookup is the quantile, at any uniform.
func TestLookup(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		mean := rapid.Float64Range(.05, 60).Draw(r, "mean")
		var d distribution.Distribution = distribution.NewPoisson(mean)
		if rapid.Bool().Draw(r, "wide") {
			d = distribution.NewNegativeBinomial(mean, rapid.Float64Range(.3, 20).Draw(r, "size"))
		}
		most := rapid.IntRange(0, 300).Draw(r, "most")
		l := LookupOf(d, most)
		for range 20 {
			u := rapid.Float64Range(1e-9, 1-1e-9).Draw(r, "u")
			want := min(d.Quantile(u), float64(most))
			if got := float64(l.At(u)); got != want {
				// where u is a value of the distribution function to the last digits, both are right
				if edge := d.CDF(min(got, want)); math.Abs(edge-u) > 1e-12 {
					r.Fatalf("at %v the lookup says %v, the quantile %v", u, got, want)
				}
			}
		}
	})
	l := NewLookup([]float64{0, 3, 0, 1, 0})
	for u, want := range map[float64]int{0: 1, .74: 1, .76: 3, math.Nextafter(1, 0): 3} {
		if got := l.At(u); got != want {
			t.Errorf("at %v: %d, want %d", u, got, want)
		}
	}
}
