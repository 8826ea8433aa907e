package promotion

import (
	"fmt"
	"math/rand/v2"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// Draw makes a problem of the given size up: items of two markets and three categories,
// some with a history that law looks at, under slots, a budget, a gap and a rule of thirty
// days. It is for tests and benchmarks.
func Draw(rng *rand.Rand, items, weeks int) ([]Item, Limits) {
	start := calendar.FromOrdinal(20_450).Monday()
	between := func(a, b float64) float64 { return a + (b-a)*rng.Float64() }
	l := Limits{Start: start, Weeks: weeks, MinGap: 2 + rng.IntN(3), Exclusive: rng.IntN(2) == 0, Announce: .05,
		Vehicles: []Vehicle{{Name: Price}, {Name: Feature, Cost: between(2, 20), Slots: 1 + items/12}},
		PriorDays: func(m commerce.Market, _ calendar.Day) (int, string) {
			if m == "DE" {
				return 30, "EU.price.reduction"
			}
			return 0, ""
		}}
	if rng.IntN(4) > 0 {
		l.Vehicles[0].Slots = 1 + items/6
	}
	if rng.IntN(3) > 0 {
		l.Budget = between(20, 60) * float64(items*weeks) / 6
	}
	var all []Item
	for i := range items {
		price := money.FromE4(int64(between(8, 60))*10_000+9_900, "EUR")
		it := Item{Item: commerce.Item{SKU: commerce.SKU(fmt.Sprintf("S%04d", i)), Market: [...]commerce.Market{"DE", "US"}[rng.IntN(2)], Channel: "web"},
			Category: string(rune('A' + rng.IntN(max(3, items/8)))), Price: price, UnitCost: price.Float() * between(.3, .6), Funding: price.Float() * between(0, .08),
			Response: Response{Depth: Estimate{between(1.5, 4.5), between(.1, .5)}, Vehicle: []VehicleEffect{{Feature, Estimate{between(.05, .5), .1}}},
				Dip: [DipWeeks]float64{between(0, .6), between(0, .4), between(0, .2), between(0, .1)}, Fatigue: between(0, .5), Support: .30},
			History: []Asked{{start.AddDays(-200), start.AddDays(-1), price}}}
		level := between(5, 60)
		for range weeks + DipWeeks {
			it.Base = append(it.Base, level*between(.7, 1.4))
		}
		if rng.IntN(3) == 0 { // a reduction of late stands in the way
			low := money.FromE4(price.E4()*int64(80+rng.IntN(15))/100, "EUR").Round()
			from := start.AddDays(-10 - rng.IntN(20))
			it.History = []Asked{{start.AddDays(-200), from.AddDays(-1), price}, {from, from.AddDays(6), low}, {from.AddDays(7), start.AddDays(-1), price}}
			it.Since, it.Depth = 1+start.Sub(from)/7, 1-low.Float()/price.Float()
		}
		if rng.IntN(2) == 0 {
			it.Cross = []Cross{{between(-.3, .3), []float64{between(50, 400)}}}
		}
		all = append(all, it)
	}
	return all, l
}
