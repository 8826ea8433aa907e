package benchmark

import (
	"context"
	"math"
	"math/rand/v2"
	"path/filepath"
	"time"

	"tradewind"
	"tradewind/operations/inventory"
	"tradewind/plan"
	"tradewind/store"
)

type solveAnswer struct{ Sites, Solved int }

// solving proposes for every site of the workspace on one goroutine; only that is timed.
var solving = newWork("solve", func(ctx context.Context, m *meter, dir string) (solveAnswer, error) {
	var a solveAnswer
	c, err := tradewind.ReadConfig(dir)
	if err != nil {
		return a, err
	}
	db, err := openStore(ctx, dir)
	if err != nil {
		return a, err
	}
	defer db.Close()
	s, err := db.Snapshot(ctx, nil, reporting)
	if err != nil {
		return a, err
	}
	c.Plan.Workers = 1
	v := plan.NewSurvey(s, c.Plan, s.AsOf.StartIn(time.UTC), tradewind.Version, nil)
	m.Begin()
	menus, err := plan.Menus(ctx, v, nil)
	m.End()
	a.Sites = len(menus)
	for i := range menus {
		if menus[i].Solution != nil {
			a.Solved++
		}
	}
	return a, err
})

func openStore(ctx context.Context, dir string) (*store.DB, error) {
	return store.Open(ctx, "duckdb:"+filepath.Join(dir, "shop.duckdb"))
}

// measureInventory goes from published answers and known optima through a store of real
// parts to how long a large shop takes.
func measureInventory(ctx context.Context, r *run) ([]Row, error) {
	var rows []Row
	for _, part := range []func(context.Context, *run) ([]Row, error){
		textbookRows, publishedRows, lostSalesRows, partsRows, orderRows, wideRows, budgetRows,
	} {
		more, err := part(ctx, r)
		if err != nil {
			return rows, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// orderRows time the orders of the demo.
func orderRows(ctx context.Context, r *run) ([]Row, error) {
	dir, err := r.workspace(ctx)
	if err != nil {
		return nil, err
	}
	var rates []float64
	var last solveAnswer
	for range repeats {
		a, cost, err := solving.run(ctx, dir)
		if err != nil {
			return nil, err
		}
		last, rates = a, append(rates, float64(a.Solved)/cost.CPU)
	}
	return []Row{
		{Name: "orders judged a CPU second", Value: new(median(rates)), Unit: "orders/s", Better: higher, Must: new(50_000 / (2 * 300.0)),
			Reference: "50,000 sites in five minutes on two cores",
			Source:    "plan.Propose over every site of the demo workspace on one goroutine: forecast, order-up-to level, every option over 512 futures; median of 3"},
		{Name: "sites with an ordering problem", Value: new(float64(last.Solved)), Unit: "sites", Better: higher, Source: "those that have stock, cost, supplier and sales"},
	}, nil
}

// textbookRows hold the discipline's own solver against printed answers.
func textbookRows(context.Context, *run) ([]Row, error) {
	const upTo, interval = 264.7668943741548, 304.0467800264368 / 1300 * 365
	level := inventory.Solve(&inventory.Problem{
		Demand: normalDays{50, 8}, Scale: 1, Scenarios: 200_000, Seed: 1,
		OnHand: 600, LeadDays: 4, Review: 1, MaxCycle: 1, // stock outlasts the lead time, as in the book
		Price: 1.70, UnitCost: 1, HoldingRate: .18 * 365, // margin .70, holding .18 a day
	}).UpTo
	cycle := inventory.Solve(&inventory.Problem{
		Demand: normalDays{1300.0 / 365, 0}, Scale: 1, Scenarios: 8, Seed: 1,
		LeadDays: 7, Review: 7, MaxCycle: 365, Price: 2, UnitCost: .75, HoldingRate: .3, OrderCost: 8,
	}).Cycle
	return []Row{
		{Name: "order-up-to level, distance from the book", Value: new(math.Abs(level - upTo)), Unit: "units", Better: lower, Must: new(1.3),
			Reference: "Snyder & Shen 2019, example 4.4: S = 264.7668943741548",
			Source:    "inventory.Solve with 200,000 futures; the limit is five standard errors of the quantile and the rounding up to whole units"},
		{Name: "economic order interval, distance from the book", Value: new(math.Abs(float64(cycle) - interval)), Unit: "days", Better: lower, Must: new(0.5),
			Reference: "Snyder & Shen 2019, example 3.1: Q* = 304.0467800264368, hence 85.37 days",
			Source:    "inventory.Solve; the limit is the rounding to whole days"},
	}, nil
}

// normalDays is demand of independent normal days.
type normalDays struct{ mean, sd float64 }

func (n normalDays) Draw(dst []float64, ends []int, rng *rand.Rand) {
	before := 0
	for k, end := range ends {
		days := float64(end - before)
		dst[k] = n.mean*days + n.sd*math.Sqrt(days)*rng.NormFloat64()
		before = end
	}
}
