package benchmark

import (
	"context"
	"fmt"
)

// partsAnswer is how all policies did. The textbooks Plain, Recent and Ahead serve what the
// rule serves; Same and SameRecent, which are Plain and Recent again, serve what Solve does.
type partsAnswer struct {
	Parts                int
	Rule, Solve          partsScore
	Plain, Recent, Ahead zScore
	Same, SameRecent     zScore
}

// partsInStock runs the store under all policies. Only the learning of the
// rules is timed.
var partsInStock = newWork("parts-in-stock", func(_ context.Context, m *meter, path string) (a partsAnswer, err error) {
	series, err := readCarParts(path)
	if err != nil {
		return a, err
	}
	s, to := newPartsStore(series), len(series[0])
	f, err := forecastParts(series, partsLearn, to)
	if err != nil {
		return a, err
	}
	a.Parts = len(series)
	m.Begin()
	rules, err := f.learn(series, partsScored-partsRunIn, to, partsShort)
	m.End()
	if err != nil {
		return a, err
	}
	a.Rule = s.run(partsScored, to, rules.upTo)
	a.Solve = s.run(partsScored, to, f.solve(partsValue))
	fill := a.Rule.fill()
	a.Plain = s.asGood(partsScored, to, fill, 0, s.ofPast(to))
	a.Recent = s.asGood(partsScored, to, fill, 1, s.ofPast(partsPast))
	a.Ahead = s.asGood(partsScored, to, fill, 1, f.ofForecast)
	a.Same = s.asGood(partsScored, to, a.Solve.fill(), 0, s.ofPast(to))
	a.SameRecent = s.asGood(partsScored, to, a.Solve.fill(), 1, s.ofPast(partsPast))
	return a, nil
})

// partsLooks is what was known of the scored months when.
const partsLooks = "all that could be chosen was chosen on the 15 months before, yet the scored months were looked at three times: in the first two the policy was inventory.Solve, in the third this rule, learnt because Solve fell short"

// partsRows are the rows of the store.
func partsRows(ctx context.Context, r *run) ([]Row, error) {
	fill := Row{Name: "car parts: served from the shelf", Unit: "%",
		Source: fmt.Sprintf("rolling simulation, parts known in every month, 15 of 51 months scored; orders every month, lead times of 1 to 3 months by chance, lost sales; up to the level of inventory.FitLevelRule on the forecasts of forecast.FitCountSet, learnt anew every month from what had come, a unit short at %v units over, which serves 95 %% on months 27 to 35; %s", partsShort, partsLooks)}
	stock := Row{Name: "car parts: stock less than that of z·σ·√(L+R) serving the same", Unit: "%", Better: higher, Must: new(15.0), Aim: new(25.0),
		Reference: "order-up-to level of μ·(L+R) + z·σ·√(L+R) in whole units, mean and deviation of all months known, one z for the store, tuned on the scored months to the same fill",
		Source:    "units at the ends of months, on average, over all parts; third look at the scored months"}
	paths := lookFor(r.data, []string{carParts})
	if paths == nil {
		fill.Reason = "--data has no " + carParts
		stock.Reason = fill.Reason
		return append(between(fill, 93.5, 96.5), stock), nil
	}
	a, cost, err := partsInStock.run(ctx, paths[0])
	if err != nil {
		return nil, err
	}
	less := func(x partsScore, than zScore) *float64 { return new(100 * (1 - x.Stock/than.Score.Stock)) }
	fill.Value = new(100 * a.Rule.fill())
	if a.Plain.Score.fill() < a.Rule.fill() {
		stock.Reason = fmt.Sprintf("at no z up to %v does it serve more than %.1f %%", partsHighest, 100*a.Plain.Score.fill())
	} else {
		stock.Value = less(a.Rule, a.Plain)
	}
	return append(between(fill, 100*partsTarget-1.5, 100*partsTarget+1.5), stock,
		Row{Name: "car parts: stock less than that of z·σ·√(L+R) made stronger", Value: less(a.Rule, a.Recent), Unit: "%", Better: higher,
			Source: fmt.Sprintf("mean and deviation of the last %d months, which of 12, 24 and all did best, and at least 1 unit of every part; z = %.2f tuned on the scored months to the same fill; third look", partsPast, a.Recent.Z)},
		Row{Name: "car parts: stock less than that of z·σ·√(L+R) on the same forecasts", Value: less(a.Rule, a.Ahead), Unit: "%", Better: higher,
			Source: fmt.Sprintf("mean and deviation of the coming month as forecast.FitCountSet has them, at least 1 unit, z = %.2f tuned on the scored months to the same fill: what the rule adds to the forecasts", a.Ahead.Z)},
		Row{Name: "car parts: stock of inventory.Solve, by which plans order, less than that of z·σ·√(L+R)", Value: less(a.Solve, a.Same), Unit: "%", Better: higher,
			Source: fmt.Sprintf("order by order over 512 futures of each part's own forecast, a lost unit worth %v months of holding: serves %.1f %% with %.0f units, the textbook on all months with z = %.2f %.1f %% with %.0f; second look", partsValue, 100*a.Solve.fill(), a.Solve.Stock, a.Same.Z, 100*a.Same.Score.fill(), a.Same.Score.Stock)},
		Row{Name: "car parts: stock of inventory.Solve less than that of z·σ·√(L+R) made stronger", Value: less(a.Solve, a.SameRecent), Unit: "%", Better: higher,
			Source: fmt.Sprintf("the same orders; the stronger textbook serves as much with z = %.2f and %.0f units; second look", a.SameRecent.Z, a.SameRecent.Score.Stock)},
		Row{Name: "car parts: units in stock", Value: new(a.Rule.Stock), Unit: "units", Better: lower,
			Source: fmt.Sprintf("%d parts; z = %.2f on all months %.0f, made stronger %.0f, on the forecasts %.0f", a.Parts, a.Plain.Z, a.Plain.Score.Stock, a.Recent.Score.Stock, a.Ahead.Score.Stock)},
		Row{Name: "car parts: CPU time", Value: new(cost.CPU), Unit: "s", Better: lower, Source: fmt.Sprintf("%d rules learnt, one a month, each from all parts, and their levels", 15+partsRunIn)},
	), nil
}
