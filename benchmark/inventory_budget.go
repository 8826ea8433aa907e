package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"

	"tradewind/numeric/distribution"
	"tradewind/operations/inventory"
)

// A budget of cash and volume is shared among as many SKUs, each with orders of up to so
// many packs.
const (
	budgetSKUs, budgetOffers = 100_000, 7
	budgetCash, budgetVolume = .5, .4 // of what the best order of every SKU would take
)

type budgetAnswer struct {
	Offers, Picked int
	Gap            float64 // by which the bound lies above the choice, as a share
	Proved, Within bool
}

// sharingBudget shares both limits; drawing the offers is not timed.
var sharingBudget = newWork("budget", func(_ context.Context, m *meter, q struct{ SKUs, Seed int }) (budgetAnswer, error) {
	runtime.GOMAXPROCS(1)
	return shareBudget(m, q.SKUs, uint64(q.Seed)), nil
})

func shareBudget(m *meter, skus int, seed uint64) (a budgetAnswer) {
	rng := rand.New(rand.NewPCG(seed, 6))
	menus := make([][]inventory.Offer, skus)
	var most inventory.Limits
	for i := range menus {
		menus[i] = ordersOf(rng)
		best := inventory.Offer{}
		for _, o := range menus[i] {
			a.Offers++
			if o.Gain > best.Gain {
				best = o
			}
		}
		most.Cash, most.Volume = most.Cash+best.Cash, most.Volume+best.Volume
	}
	limits := inventory.Limits{Cash: budgetCash * most.Cash, Volume: budgetVolume * most.Volume, Count: math.MaxInt}
	m.Begin()
	s := inventory.Share(menus, limits)
	m.End()
	a.Picked, a.Gap, a.Proved = s.Count, s.Bound/s.Gain-1, s.Proved
	a.Within = s.Cash <= limits.Cash && s.Volume <= limits.Volume
	return a
}

// ordersOf draws the orders of a SKU with normal demand: a least order, packs, and a cost of
// ordering; each gains what a newsvendor expects of it.
func ordersOf(rng *rand.Rand) []inventory.Offer {
	cost, mean := math.Exp(1+rng.NormFloat64()), math.Exp(2+.5*rng.NormFloat64())
	demand := distribution.NewNormal(mean, mean*(.1+.4*rng.Float64()))
	margin, over, volume := cost*(.2+rng.Float64()), cost*.05, .001*math.Exp(rng.NormFloat64())
	pack := float64(1 + rng.IntN(12))
	least := 1 + rng.IntN(3)
	var orders []inventory.Offer
	for k := least; k <= budgetOffers; k++ {
		q := pack * float64(k)
		short, left := demand.Loss(q)
		orders = append(orders, inventory.Offer{Gain: margin*(mean-short) - over*left - 3, Cash: cost * q, Volume: volume * q})
	}
	return orders
}

// budgetRows time the sharing of a budget and hold it against its bound.
func budgetRows(ctx context.Context, _ *run) ([]Row, error) {
	var times []float64
	var last budgetAnswer
	worst, within := 0.0, true
	for k := range repeats {
		a, cost, err := sharingBudget.run(ctx, struct{ SKUs, Seed int }{budgetSKUs, k + 1})
		if err != nil {
			return nil, err
		}
		last, times = a, append(times, 1000*cost.CPU)
		worst, within = max(worst, a.Gap), within && a.Within
	}
	source := fmt.Sprintf("inventory.Share on one core, %d SKUs with %d orders of packs and least orders; half of the cash and four tenths of the volume that all would take; median of %d draws, %d SKUs are ordered", budgetSKUs, last.Offers, repeats, last.Picked)
	return []Row{
		{Name: "cash and volume shared among 100,000 SKUs, CPU time", Value: new(median(times)), Unit: "ms", Better: lower, Must: new(200.0), Source: source},
		{Name: "the same: gain below what no choice exceeds, worst", Value: new(100 * worst), Unit: "%", Better: lower, Must: new(.01), Reference: "Lagrange's bound at the shadow prices", Source: source},
		{Name: "the same: within both limits", Value: flag(within), Unit: "0 or 1", Better: higher, Must: new(1.0), Source: source},
	}, nil
}
