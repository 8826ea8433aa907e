package expansion

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// The knapsack against all subsets. Costs are whole steps of the budget, so that rounding
// plays no part.
func TestKnapsackIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var entries []Entry
		for range rapid.IntRange(0, 9).Draw(t, "n") {
			entries = append(entries, Entry{
				Cost:  Interval{Mean: float64(rapid.IntRange(0, 60).Draw(t, "cost"))},
				Value: Interval{Mean: float64(rapid.IntRange(-20, 50).Draw(t, "value"))},
			})
		}
		budget := float64(rapid.SampledFrom([]int{0, 50, 100, 200}).Draw(t, "budget"))
		best := 0.0
		for set := range 1 << len(entries) {
			cost, value := 0.0, 0.0
			for i, e := range entries {
				if set>>i&1 == 1 {
					cost, value = cost+e.Cost.Mean, value+e.Value.Mean
				}
			}
			if cost <= budget {
				best = max(best, value)
			}
		}
		cost, value := 0.0, 0.0
		for _, i := range knapsack(entries, budget) {
			cost, value = cost+entries[i].Cost.Mean, value+entries[i].Value.Mean
		}
		if cost > budget || math.Abs(value-best) > 1e-9 {
			t.Fatalf("worth %v at a cost of %v, want %v within %v", value, cost, best, budget)
		}
	})
}

func TestPortfolio(t *testing.T) {
	st := study(t, newGravityWorld(20, 1, chance(3)).snapshot(), Params{}, chance(4))
	before := 0.0
	for _, budget := range []float64{0, 5_000, 20_000, 100_000} { // more budget is never worse
		p, err := st.Portfolio(pounds(budget))
		if err != nil {
			t.Fatal(err)
		}
		if p.Cost > budget || p.Value.Mean < before-1e-9 || len(p.Entries) > 0 && !(p.Worst <= p.Value.P10 && p.Value.P10 < p.Value.P90) {
			t.Errorf("budget %v: %+v", budget, p)
		}
		before = p.Value.Mean
	}
	if before <= 0 {
		t.Error("nothing is worth entering")
	}
	for code, budget := range map[string]money.Amount{"E-EXPANSION-CURRENCY": money.FromE4(1, "EUR"), "E-EXPANSION-BUDGET": pounds(-1)} {
		if _, err := st.Portfolio(budget); fault.Of(err) == nil || fault.Of(err).Code != code {
			t.Errorf("%v: %v, want %s", budget, err, code)
		}
	}
}

func TestFactsCarryYearAndSource(t *testing.T) {
	st := study(t, newGravityWorld(20, 1, chance(3)).snapshot(), Params{}, chance(4))
	facts := st.Facts("DE")
	if len(facts) != 5 {
		t.Errorf("%d facts on Germany: %+v", len(facts), facts)
	}
	for _, f := range facts {
		if f.Source == "" || f.Name != "distance" && (f.Year < 2007 || f.Year > 2010) {
			t.Errorf("%+v: want a source, and a year before the day of the facts", f)
		}
	}
	if got := st.Facts(commerce.UnstatedMarket); len(got) != 0 {
		t.Errorf("facts on nowhere: %+v", got)
	}
	if !slices.ContainsFunc(facts, func(f Fact) bool { return f.Name == "logistics" && f.Year == 2010 }) {
		t.Errorf("%+v lacks the survey of 2010", facts)
	}
}
