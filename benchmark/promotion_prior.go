package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/operations/compliance"
	"tradewind/operations/promotion"
)

// priorScore counts the reductions of plans that a rule on prior prices applies to.
type priorScore struct{ Plans, Offers, Broken int }

// checkingPriors solves the drawn problems, small and large, and lets the compliance
// checker, which knows nothing of plans, reckon the prior price of every reduction anew.
var checkingPriors = newWork("prior-prices", func(_ context.Context, m *meter, first uint64) (priorScore, error) {
	var a priorScore
	m.Begin()
	defer m.End()
	for seed := first; seed < first+planSeeds+largePlanSeeds; seed++ {
		rng := rand.New(rand.NewPCG(seed, 5))
		n, weeks := 2+rng.IntN(5), 3+rng.IntN(4)
		if seed >= first+planSeeds {
			n, weeks = 200, 26
		}
		items, limits := promotion.Draw(rng, n, weeks)
		plan, err := promotion.Solve(items, limits)
		if err != nil {
			return a, err
		}
		a.Plans++
		for i := range items {
			if err := a.item(&items[i], &limits, plan); err != nil {
				return a, fmt.Errorf("seed %d, %s: %w", seed, items[i].Item.SKU, err)
			}
		}
	}
	return a, nil
})

// item checks the reductions of one item in order: each is part of the history of those
// after it.
func (a *priorScore) item(it *promotion.Item, l *promotion.Limits, plan *promotion.Plan) error {
	var asked []compliance.Asked
	for _, h := range it.History {
		asked = append(asked, compliance.Asked{From: h.From, To: h.To, Price: h.Price})
	}
	day := l.Start
	for _, o := range plan.Offers {
		if o.Item != it.Item {
			continue
		}
		if day.Before(o.From) {
			asked = append(asked, compliance.Asked{From: day, To: o.From.AddDays(-1), Price: it.Price})
		}
		if days, _ := l.PriorDays(it.Item.Market, o.From); days > 0 {
			prior, err := compliance.PriorPrice(slices.Clone(asked), o.From, days)
			if err != nil {
				return err
			}
			a.Offers++
			// What is announced must be below the prior price, and by as much as is said.
			said := 1 - o.Price.Float()/prior.Price.Float()
			if o.Was != prior.Price || o.Price.Cmp(prior.Price) >= 0 || math.Abs(said-o.Announced) > 1e-9 {
				a.Broken++
			}
		}
		asked = append(asked, compliance.Asked{From: o.From, To: o.To, Price: o.Price})
		day = o.To.AddDays(1)
	}
	return nil
}

// priorRows says whether plans keep the rule on prior prices.
func priorRows(ctx context.Context) ([]Row, error) {
	a, _, err := checkingPriors.run(ctx, 1001)
	if err != nil {
		return nil, err
	}
	return []Row{{Name: "reductions announced against a wrong prior price", Value: new(float64(a.Broken)), Unit: "reductions", Better: lower, Must: new(0.0),
		Reference: "compliance.PriorPrice over the history and the plan's own prices: lowest of thirty days",
		Source:    fmt.Sprintf("promotion.Draw, %d reductions under the rule in %d plans", a.Offers, a.Plans)}}, nil
}
