package expansion

import (
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// Portfolio is a set of entries that a budget pays for.
type Portfolio struct {
	Entries []commerce.Market // ascending
	Cost    float64           // expected, at most the budget
	Value   Interval          // of all together, less their cost
	Worst   float64           // mean of the worst tenth of futures (conditional value at risk at .9)
	Loss    float64           // probability that all together lose
}

// budgetSteps is how finely a budget is divided. Costs are rounded up to steps, so that a
// portfolio never costs more than the budget.
const budgetSteps = 2000

// Portfolio returns the entries of the greatest expected value that a budget for the cost of
// entry pays for: a 0/1 knapsack, exact up to the rounding of costs to 1/2000 of the budget.
// An entry that is expected to lose is never in it. A budget in another currency or below 0
// is refused. Cost: entries × 2000.
//
// Source: Kellerer, Pferschy & Pisinger, Knapsack Problems, 2004, section 2.3.
func (st *Study) Portfolio(budget money.Amount) (*Portfolio, error) {
	if want := st.grounds.snapshot.Currency; budget.Currency() != want {
		return nil, fault.New(fault.Invalid, "E-EXPANSION-CURRENCY", fault.A("what", "budget"), fault.A("got", string(budget.Currency())), fault.A("want", string(want)))
	}
	if budget.Sign() < 0 {
		return nil, fault.New(fault.Invalid, "E-EXPANSION-BUDGET", fault.A("budget", budget))
	}
	chosen := knapsack(st.Entries, budget.Float())
	p := &Portfolio{}
	worth := st.grounds.Entry.annuity()
	total := make([]float64, st.grounds.Draws)
	mean := 0.0
	for _, i := range chosen {
		e := st.Entries[i]
		p.Entries = append(p.Entries, e.Market)
		p.Cost += e.Cost.Mean
		mean += e.Value.Mean
		for d, c := range st.outcomes.by[st.index[e.Market]] {
			total[d] += worth*c - e.Cost.Mean
		}
	}
	slices.Sort(p.Entries)
	slices.Sort(total)
	p.Value = spread(mean, total)
	tail := total[:max(1, len(total)/10)]
	p.Worst = sum(tail) / float64(len(tail))
	for _, v := range total {
		p.Loss += indicator(v < 0) / float64(len(total))
	}
	return p, nil
}

// knapsack returns the positions of the entries to choose.
func knapsack(entries []Entry, budget float64) (chosen []int) {
	steps := make([]int, len(entries))
	for i, e := range entries {
		switch {
		case e.Cost.Mean <= 0:
		case budget <= 0 || e.Cost.Mean > budget:
			steps[i] = budgetSteps + 1
		default:
			steps[i] = int(math.Ceil(e.Cost.Mean/budget*budgetSteps - 1e-9))
		}
	}
	best := make([]float64, budgetSteps+1)
	taken := make([][]bool, len(entries))
	for i, e := range entries {
		taken[i] = make([]bool, budgetSteps+1)
		if !(e.Value.Mean > 0) {
			continue
		}
		for b := budgetSteps; b >= steps[i]; b-- {
			if with := best[b-steps[i]] + e.Value.Mean; with > best[b] {
				best[b], taken[i][b] = with, true
			}
		}
	}
	b := budgetSteps
	for i := len(entries) - 1; i >= 0; i-- {
		if taken[i][b] {
			chosen, b = append(chosen, i), b-steps[i]
		}
	}
	return chosen
}
