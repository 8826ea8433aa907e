package inventory

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestEOQIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := EOQ{
			Fixed: rapid.Float64Range(.1, 1e4).Draw(t, "fixed"), Holding: rapid.Float64Range(.01, 100).Draw(t, "holding"),
			Rate: rapid.Float64Range(.1, 1e5).Draw(t, "rate"),
		}
		if rapid.Bool().Draw(t, "backorders") {
			e.Penalty = rapid.Float64Range(.01, 1000).Draw(t, "penalty")
		}
		if rapid.Bool().Draw(t, "production") {
			e.Production = e.Rate * rapid.Float64Range(1.01, 20).Draw(t, "production rate")
		}
		q, late, cost := e.Best()
		if at := e.Cost(q, late); math.Abs(at-cost) > 1e-9*cost {
			t.Fatalf("cost %g at the best order, said to be %g", at, cost)
		}
		otherQ, otherLate := q*rapid.Float64Range(.2, 5).Draw(t, "other q"), rapid.Float64Range(0, 1).Draw(t, "other late")
		if c := e.Cost(otherQ, otherLate); c < cost*(1-1e-9) {
			t.Fatalf("cost %g at (%g, %g), below the best %g", c, otherQ, otherLate, cost)
		}
	})
}

// The best order under discounts costs what it is said to, and no more than any of 4,000
// sizes priced directly.
func TestDiscountIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Discount{Fixed: rapid.Float64Range(1, 500).Draw(t, "fixed"), HoldingRate: rapid.Float64Range(.05, .6).Draw(t, "rate"), Rate: rapid.Float64Range(10, 5000).Draw(t, "demand")}
		from, unit := 0.0, rapid.Float64Range(2, 50).Draw(t, "unit cost")
		for range rapid.IntRange(1, 4).Draw(t, "breaks") {
			d.Breaks = append(d.Breaks, PriceBreak{from, unit})
			from += rapid.Float64Range(10, 400).Draw(t, "step")
			unit *= rapid.Float64Range(.7, .99).Draw(t, "cut")
		}
		price := func(x float64) (all, incremental float64) {
			var paid float64
			for i, b := range d.Breaks {
				if x >= b.From {
					all = b.UnitCost
					end := x
					if i+1 < len(d.Breaks) {
						end = min(x, d.Breaks[i+1].From)
					}
					paid += b.UnitCost * (end - b.From)
				}
			}
			return d.Fixed*d.Rate/x + all*d.Rate + d.HoldingRate*all*x/2, (d.Fixed+paid)*d.Rate/x + d.HoldingRate*paid/2
		}
		q, _, cost := d.AllUnits()
		iq, _, incremental := d.Incremental()
		if want, _ := price(q); math.Abs(cost-want) > 1e-9*want {
			t.Fatalf("all units: %g at %g, priced %g", cost, q, want)
		}
		if _, want := price(iq); math.Abs(incremental-want) > 1e-9*want {
			t.Fatalf("incremental: %g at %g, priced %g", incremental, iq, want)
		}
		for k := 1; k <= 4000; k++ {
			x := float64(k) / 1000 * (from + q + iq)
			if a, b := price(x); a < cost*(1-1e-9) || b < incremental*(1-1e-9) {
				t.Fatalf("%g costs %g and %g, the best %g and %g", x, a, b, cost, incremental)
			}
		}
	})
}

func TestJointReplenishmentIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := JointReplenishment{Shared: rapid.Float64Range(1, 500).Draw(t, "shared")}
		for range rapid.IntRange(1, 3).Draw(t, "items") {
			j.Items = append(j.Items, EOQ{Fixed: rapid.Float64Range(0, 200).Draw(t, "fixed"), Holding: rapid.Float64Range(.1, 10).Draw(t, "holding"), Rate: rapid.Float64Range(.1, 1000).Draw(t, "rate")})
		}
		best := j.Best()
		if silver := j.Silver(); best.Cost > silver.Cost*(1+1e-12) {
			t.Fatalf("best %g, Silver %g", best.Cost, silver.Cost)
		}
		multiples := j.ones()
		for multiples[0] > 0 { // all of 1 … 12, as an odometer
			if o := j.orders(multiples); o.Cost < best.Cost*(1-1e-12) {
				t.Fatalf("best %g, multiples %v cost %g", best.Cost, multiples, o.Cost)
			}
			i := len(multiples) - 1
			for ; i >= 0 && multiples[i] == 12; i-- {
				multiples[i] = 1
			}
			if i < 0 {
				break
			}
			multiples[i]++
		}
	})
}

// Every set of periods to order in is priced: a period's demand comes from the cheapest
// order up to it.
func TestWagnerWhitinIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		periods := make([]Planned, rapid.IntRange(1, 8).Draw(t, "periods"))
		for i := range periods {
			periods[i] = Planned{
				Demand:  float64(rapid.IntRange(0, 9).Draw(t, "demand")),
				Fixed:   float64(rapid.IntRange(0, 40).Draw(t, "fixed")),
				Unit:    float64(rapid.IntRange(0, 9).Draw(t, "unit")),
				Holding: float64(rapid.IntRange(0, 4).Draw(t, "holding")),
			}
		}
		orders, cost := WagnerWhitin(periods)
		best := math.Inf(1)
		for set := range 1 << len(periods) {
			total, cheapest := 0.0, math.Inf(1)
			for i, p := range periods {
				if set>>i&1 == 1 {
					total += p.Fixed
					cheapest = min(cheapest, p.Unit)
				}
				if p.Demand > 0 {
					total += p.Demand * cheapest
				}
				cheapest += p.Holding
			}
			best = min(best, total)
		}
		if math.Abs(cost-best) > 1e-9 {
			t.Fatalf("cost %g, best %g", cost, best)
		}
		var stock float64
		for i, p := range periods {
			if stock += orders[i] - p.Demand; stock < 0 {
				t.Fatalf("period %d is short: orders %v", i, orders)
			}
		}
		if stock != 0 {
			t.Fatalf("%g left: orders %v", stock, orders)
		}
	})
}

// Long horizons against the plain recursion over all next orders, O(T²).
func TestWagnerWhitinOfLongHorizons(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		periods := make([]Planned, 80)
		for i := range periods {
			periods[i] = Planned{10 * rng.ExpFloat64(), 60 * rng.Float64(), 8 * rng.Float64(), rng.Float64()}
			if rng.Float64() < .2 {
				periods[i].Demand = 0
			}
		}
		least := make([]float64, len(periods)+1)
		for i := len(periods) - 1; i >= 0; i-- {
			unit, total := periods[i].Unit, periods[i].Fixed
			least[i] = math.Inf(1)
			if periods[i].Demand == 0 {
				least[i] = least[i+1]
			}
			for j := i; j < len(periods); j++ {
				total += unit * periods[j].Demand
				unit += periods[j].Holding
				least[i] = min(least[i], total+least[j+1])
			}
		}
		if _, cost := WagnerWhitin(periods); math.Abs(cost-least[0]) > 1e-9*least[0] {
			t.Fatalf("cost %.12g, by the plain recursion %.12g", cost, least[0])
		}
	}
}
