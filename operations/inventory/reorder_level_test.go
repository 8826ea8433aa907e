package inventory

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// Every policy in a wide box is priced.
func TestReorderLevelIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(.3, 8).Draw(t, "mean")
		r := ReorderLevel{
			Demand: CountsOf(distribution.NewNegativeBinomial(mean, rapid.Float64Range(.5, 50).Draw(t, "size"))),
			Fixed:  rapid.Float64Range(0, 60).Draw(t, "fixed"), Over: rapid.Float64Range(.5, 3).Draw(t, "over"), Under: rapid.Float64Range(1, 15).Draw(t, "under"),
		}
		lead := rapid.IntRange(0, 2).Draw(t, "lead")
		r.Wait = r.Demand.Times(lead + 1)
		low, high, cost := r.Best()
		z := r.start()
		for s := low - 12; s < low+12; s++ {
			for S := s + 1; S < high+15; S++ {
				if c := z.cost(s, S); c < cost-1e-9 {
					t.Fatalf("(%d, %d) costs %g, (%d, %d) %g", low, high, cost, s, S, c)
				}
			}
		}
		dearer := r
		dearer.Under *= rapid.Float64Range(1, 5).Draw(t, "dearer")
		if _, _, c := dearer.Best(); c < cost-1e-9 {
			t.Fatalf("cost falls from %g to %g as shortage becomes dearer", cost, c)
		}
	})
}

// Without a fixed cost it is the base-stock policy at the newsvendor level.
func TestReorderLevelWithoutFixedCost(t *testing.T) {
	r := ReorderLevel{Demand: CountsOf(distribution.NewPoisson(6)), Over: 1, Under: 4}
	low, high, cost := r.Best()
	level, want := Newsvendor{r.Demand, 1, 4}.Best()
	if high != int(level) || low != high-1 {
		t.Errorf("policy (%d, %d), newsvendor level %g", low, high, level)
	}
	agree(t, "cost", cost, want, 1e-12)
}

func TestReorderLevelSimulated(t *testing.T) {
	demand := distribution.NewPoisson(6)
	for _, lead := range []int{0, 2} {
		r := ReorderLevel{Demand: CountsOf(demand), Wait: CountsOf(demand).Times(lead + 1), Fixed: 64, Over: 1, Under: 9}
		low, high, cost := r.Best()
		w := watchPolicy(1_000_000, lead, r.Demand, 1, 9, 64, func(position float64) float64 {
			if position <= float64(low) {
				return float64(high) - position
			}
			return 0
		})
		if math.Abs(w.cost-cost) > 3*w.costError {
			t.Errorf("lead %d: simulated cost %g ± %g, analytic %g", lead, w.cost, w.costError, cost)
		}
	}
}

// The power approximation stays within a tenth of the exact optimum on the range it was
// fitted to (Ehrhardt & Mosier 1984 report a few per cent on average).
func TestPowerApproximationIsNear(t *testing.T) {
	for _, mean := range []float64{4, 8, 16} {
		for _, under := range []float64{4, 9, 24} {
			for _, fixed := range []float64{32, 64} {
				law := distribution.NewPoisson(mean)
				r := ReorderLevel{Demand: CountsOf(law), Fixed: fixed, Over: 1, Under: under}
				_, _, best := r.Best()
				low, high := PowerApproximation(law, law, fixed, 1, under)
				if c := r.Cost(int(math.Round(low)), int(math.Round(high))); c < best-1e-9 || c > 1.1*best {
					t.Errorf("mean %g, under %g, fixed %g: cost %g, best %g", mean, under, fixed, c, best)
				}
			}
		}
	}
}

func TestReorderQuantityOfCountIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate, lead := rapid.Float64Range(.2, 20).Draw(t, "rate"), rapid.Float64Range(.1, 3).Draw(t, "lead")
		r := ReorderQuantity{
			Wait: distribution.NewPoisson(rate * lead), Rate: rate, Fixed: rapid.Float64Range(.1, 50).Draw(t, "fixed"),
			Over: rapid.Float64Range(.5, 5).Draw(t, "over"), Under: rapid.Float64Range(.5, 50).Draw(t, "under"),
		}
		level, q, cost := r.BestCount()
		near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(b)) }
		if !near(r.CostOfCount(level, q), cost) {
			t.Fatalf("cost %g, said to be %g", r.CostOfCount(level, q), cost)
		}
		for other := level - 8; other < level+8; other++ {
			for size := max(1, q-8); size < q+8; size++ {
				if c := r.CostOfCount(other, size); c < cost-1e-9 {
					t.Fatalf("(%d, %d) costs %g, (%d, %d) %g", level, q, cost, other, size, c)
				}
			}
		}
	})
}

func TestReorderQuantityIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(5, 200).Draw(t, "mean")
		r := ReorderQuantity{
			Wait: distribution.NewNormal(mean, mean*rapid.Float64Range(.02, .3).Draw(t, "spread")),
			Rate: mean * rapid.Float64Range(.3, 10).Draw(t, "rate"), Fixed: rapid.Float64Range(.1, 200).Draw(t, "fixed"),
			Over: rapid.Float64Range(.1, 5).Draw(t, "over"), Under: rapid.Float64Range(.5, 50).Draw(t, "under"),
		}
		level, q, cost := r.Best()
		g := r.newsvendor()
		for name, x := range map[string]float64{"G(r)": g.Cost(level), "G(r+Q)": g.Cost(level + q), "c(r, Q)": r.Cost(level, q)} {
			if math.Abs(x-cost) > 1e-7*cost {
				t.Fatalf("%s is %g, not the best cost %g", name, x, cost)
			}
		}
		other, size := level+q*rapid.Float64Range(-1, 1).Draw(t, "other"), q*rapid.Float64Range(.2, 3).Draw(t, "size")
		if c := r.Cost(other, size); c < cost*(1-1e-8) {
			t.Fatalf("(%g, %g) costs %g, (%g, %g) %g", level, q, cost, other, size, c)
		}
		if c := r.Cost(r.FromEOQ()); c > 1.1181*cost { // Axsäter's bound (√5-2)/2
			t.Fatalf("the EOQ costs %g, the best %g", c, cost)
		}
		if at := r.LevelFor(q); math.Abs(at-level) > 1e-5*(1+q) {
			t.Fatalf("level %g for the best order, best %g", at, level)
		}
	})
}

// The fill rate of a policy on Poisson demand is the share of arrivals that find stock.
func TestReorderQuantityFillRate(t *testing.T) {
	wait := distribution.NewPoisson(12 * .5)
	r := ReorderQuantity{Wait: wait}
	for _, p := range [][2]int{{6, 7}, {3, 9}, {0, 1}, {-2, 4}} {
		var served float64 // positions are uniform on r+1 … r+Q; a demand is served if less than y came in a lead time
		for y := p[0] + 1; y <= p[0]+p[1]; y++ {
			served += wait.CDF(float64(y-1)) / float64(p[1])
		}
		agree(t, "fill rate", r.FillRate(float64(p[0]), float64(p[1])), served, 1e-12)
	}
}
