package inventory

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// Stock that lasts one period is a newsvendor: units left are held and thrown away.
func TestPerishableOfOnePeriod(t *testing.T) {
	p := Perishable{Demand: CountsOf(distribution.NewPoisson(7)), Life: 1, Over: .5, Under: 6, Outdate: 2}
	level, cost := Newsvendor{p.Demand, p.Over + p.Outdate, p.Under}.Best()
	best := p.Best()
	agree(t, "cost", best.Cost, cost, 1e-9)
	agree(t, "order", float64(best.Order(nil)), level, 0)
	agree(t, "order in closed form", float64(p.Order(nil)), level, 0)
}

// Stock that outlasts all demand is a base stock at the newsvendor level (with lost sales
// too, as orders come at once).
func TestPerishableOfLongLife(t *testing.T) {
	p := Perishable{Demand: PMF{.1, .2, .3, .4}, Life: 4, Over: 1, Under: 9, Outdate: 50}
	long := p
	long.Life = 12
	level, cost := Newsvendor{p.Demand, p.Over, p.Under}.Best()
	ages := make([]int, long.Life-1)
	ages[len(ages)-1] = 1
	agree(t, "order of a long life", float64(long.Order(ages)), level-1, 0)
	run := long.Simulate(long.Order, 100_000, rand.New(rand.NewPCG(2, 3)))
	if math.Abs(run.Cost-cost) > 3*run.CostError || run.Outdated > 1e-5 {
		t.Errorf("cost %g ± %g, newsvendor %g; %g thrown away", run.Cost, run.CostError, cost, run.Outdated)
	}
	if best := p.Best(); best.Cost < cost-1e-9 {
		t.Errorf("cost %g with outdating, %g without", best.Cost, cost)
	}
}

func drawPerishable(t *rapid.T) Perishable {
	return Perishable{
		Demand: CountsOf(distribution.NewPoisson(rapid.Float64Range(.5, 3).Draw(t, "mean"))),
		Life:   rapid.IntRange(1, 3).Draw(t, "life"),
		Over:   rapid.Float64Range(.05, 2).Draw(t, "over"), Under: rapid.Float64Range(.5, 20).Draw(t, "under"), Outdate: rapid.Float64Range(0, 15).Draw(t, "outdate"),
	}
}

// The closed-form order and base stocks cost at least the optimum; a longer life never
// costs more.
func TestPerishableIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPerishable(t)
		best := p.Best()
		if c := p.PolicyCost(best.Order); math.Abs(c-best.Cost) > 1e-7*(1+best.Cost) {
			t.Fatalf("the best policy costs %g, said to be %g", c, best.Cost)
		}
		if c := p.PolicyCost(p.Order); c < best.Cost*(1-1e-7) {
			t.Fatalf("Order costs %g, the best %g", c, best.Cost)
		}
		level := rapid.IntRange(0, 12).Draw(t, "level")
		if c := p.PolicyCost(orderUpTo(level)); c < best.Cost*(1-1e-7) {
			t.Fatalf("base stock %d costs %g, the best %g", level, c, best.Cost)
		}
		if p.Life < 3 {
			p.Life++
			if longer := p.Best().Cost; longer > best.Cost*(1+1e-7) {
				t.Fatalf("cost %g with life %d, %g with one period less", longer, p.Life, best.Cost)
			}
		}
	})
}

func orderUpTo(level int) func(ages []int) int {
	return func(ages []int) int {
		stock := 0
		for _, units := range ages {
			stock += units
		}
		return max(0, level-stock)
	}
}

// The order in closed form stays near the optimum, nearer with the share that suits best.
func TestPerishableOrderIsNear(t *testing.T) {
	for _, life := range []int{2, 3} {
		for _, under := range []float64{4, 19} {
			for _, outdate := range []float64{1, 5, 10} {
				p := Perishable{CountsOf(distribution.NewPoisson(2)), life, .2, under, outdate}
				best := p.Best().Cost
				if c := p.PolicyCost(p.Order); c > 1.04*best {
					t.Errorf("life %d, under %g, outdate %g: cost %g, best %g (%+.2f %%)", life, under, outdate, c, best, 100*(c/best-1))
				}
				share, _ := p.Tune(10_000, 1)
				if c := p.PolicyCost(func(ages []int) int { return p.OrderAt(share, ages) }); c > 1.01*best {
					t.Errorf("life %d, under %g, outdate %g: tuned to %g costs %g, best %g (%+.2f %%)", life, under, outdate, share, c, best, 100*(c/best-1))
				}
			}
		}
	}
}

// At lives beyond the optimum's reach it beats every base stock.
func TestPerishableOrderOfLongerLife(t *testing.T) {
	p := Perishable{CountsOf(distribution.NewNegativeBinomial(3, 1)), 6, .1, 9, 9}
	_, cost := p.Tune(6_000, 4)
	for level := 4; level <= 20; level++ {
		run := p.Simulate(orderUpTo(level), 6_000, rand.New(rand.NewPCG(4, 0x5EED)))
		if run.Cost < cost {
			t.Errorf("base stock %d costs %g, tuned order %g", level, run.Cost, cost)
		}
	}
}

func TestPerishableSimulated(t *testing.T) {
	p := Perishable{CountsOf(distribution.NewPoisson(4)), 3, .2, 9, 5}
	best := p.Best()
	for name, order := range map[string]func([]int) int{"best": best.Order, "closed form": p.Order, "base stock": orderUpTo(9)} {
		want := p.PolicyCost(order)
		run := p.Simulate(order, 400_000, rand.New(rand.NewPCG(8, 1)))
		if math.Abs(run.Cost-want) > 3*run.CostError {
			t.Errorf("%s: simulated cost %g ± %g, exact %g", name, run.Cost, run.CostError, want)
		}
	}
}
