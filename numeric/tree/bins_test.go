package tree

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestKeysKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64().Draw(t, "a"), rapid.Float64().Draw(t, "b")
		if math.IsNaN(a) || math.IsNaN(b) {
			return
		}
		if got, want := ordered(a) < ordered(b), a < b; got != want {
			t.Fatalf("%v below %v: %v, want %v", a, b, got, want)
		}
		if got := value(ordered(a)); got != a {
			t.Fatalf("%v comes back as %v", a, got)
		}
	})
}

func TestSortKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		mask := rapid.Uint64().Draw(t, "mask") // digits that all keys share
		seed := rapid.Uint64().Draw(t, "seed") | 1
		keys := make([]uint64, n)
		for i := range keys {
			seed = seed*6364136223846793005 + 1442695040888963407
			keys[i] = (seed ^ seed>>29) & mask
		}
		want := slices.Sorted(slices.Values(keys))
		if got := sortKeys(keys, make([]uint64, n)); !slices.Equal(got, want) {
			t.Fatal("not sorted")
		}
	})
}

// TestBins: a value is in the bin whose end is the first that is not below it, few values
// have a bin each, and many are shared out evenly.
func TestBins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 600).Draw(t, "x")
		if rapid.Bool().Draw(t, "rounded") {
			for i := range x {
				x[i] = math.Round(x[i])
			}
		}
		limit := rapid.IntRange(2, 255).Draw(t, "limit")
		b, err := newBinning(x, 0, false, limit, make([]uint64, 2*len(x)))
		if err != nil {
			t.Fatal(err)
		}
		values := slices.Compact(slices.Sorted(slices.Values(x)))
		if b.count > limit || len(values) <= limit && b.count != len(values) {
			t.Fatalf("%d bins for %d values, at most %d", b.count, len(values), limit)
		}
		for _, v := range x {
			if k := b.bin(v); k >= b.count || v > b.upper[k] || k > 0 && v <= b.upper[k-1] {
				t.Fatalf("%v is in bin %d of %v", v, k, b.upper[:b.count])
			}
		}
	})
	x := make([]float64, 10_000)
	for i := range x {
		x[i] = float64(i * 7919 % 10_000)
	}
	b, _ := newBinning(x, 0, false, 100, make([]uint64, 2*len(x)))
	sizes := make([]int, b.count)
	for _, v := range x {
		sizes[b.bin(v)]++
	}
	if b.count != 100 || slices.Min(sizes) < 99 || slices.Max(sizes) > 101 {
		t.Errorf("bins of %v rows", sizes)
	}
}

// TestHeavyValue: a value that fills a bin does not drag its neighbours along.
func TestHeavyValue(t *testing.T) {
	x := make([]float64, 1000) // 600 zeros between 200 values below and 200 above
	for i := range 200 {
		x[i], x[999-i] = float64(-1-i), float64(1+i)
	}
	b, _ := newBinning(x, 0, false, 20, make([]uint64, 2*len(x)))
	if k := b.bin(0); b.bin(-1) == k || b.bin(1) == k {
		t.Errorf("0 shares bin %d of %v", k, b.upper[:b.count])
	}
}
