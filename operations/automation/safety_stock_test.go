package automation

import (
	"testing"

	"tradewind/simulate"
)

// served plays training episodes and returns the share of demand served and the mean stock.
func served(a *Arena, p Policy, n int) (fill, stock float64) {
	demand, sold := 0., 0.
	for episode := range n {
		a.Watch(p, simulate.Training, uint64(episode), simulate.SteadyTrade, func(_ int, o simulate.Outcome) {
			demand, sold, stock = demand+o.Demand, sold+o.Sold, stock+o.Left
		})
	}
	return sold / demand, stock / float64(n*a.Periods)
}

// A higher safety factor means more stock and more demand served, and a fill rate that is
// asked for is kept with no more than it takes.
func TestSafetyStock(t *testing.T) {
	const n = 16
	for seed := uint64(1); seed <= 3; seed++ {
		f := simulate.DrawShopForm(seed)
		a := NewArena(&f, 52)
		at := func(z float64) Policy { return NewSafetyStock(&f, f.Reference, z, max(1, f.MOQ)) }
		fill, stock := 0., 0.
		for _, z := range []float64{-1, 0, 1, 2, 4} {
			more, higher := served(a, at(z), n)
			if more < fill || higher < stock {
				t.Errorf("seed %d, z %v: %v served with %v, less than %v with %v before", seed, z, more, higher, fill, stock)
			}
			fill, stock = more, higher
		}
		low, _ := served(a, at(0), n)
		target := (low + fill) / 2 // what z = 4 serves
		z, reached := a.AtFill(target, n, -4, 12, at)
		if !reached {
			t.Fatalf("seed %d: no safety factor serves %v", seed, target)
		}
		least := (12. + 4) / 4096
		if got, _ := served(a, at(z), n); got < target {
			t.Errorf("seed %d: z %v serves %v, want %v", seed, z, got, target)
		}
		if got, _ := served(a, at(z-least), n); got >= target {
			t.Errorf("seed %d: z %v serves %v already", seed, z-least, got)
		}
	}
}

// Where no stock in the range serves as much, AtFill says so.
func TestAtFillOutOfReach(t *testing.T) {
	f := simulate.DrawShopForm(1)
	a := NewArena(&f, 26)
	if x, reached := a.AtFill(.99, 4, 0, 1, func(x float64) Policy { return Fixed{f.Reference, x, 1} }); reached || x != 1 {
		t.Errorf("a shelf of one unit serves 99 %%: %v, %t", x, reached)
	}
}
