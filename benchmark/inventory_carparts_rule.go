package benchmark

import (
	"math"
	"slices"

	"tradewind/operations/inventory"
)

// partColumns is what the rule goes by.
const partColumns = 5

// known is what the rule goes by at the beginning of a month: the forecast's mean of a month
// and deviation of three, the lumps that demand came in, the largest, and whether any came.
func (f *partsForecasts) known(demand []float64, part, month int) (x [partColumns]float64) {
	set := f.sets[month-f.first]
	ahead := set.Forecast(part, months[:3])
	largest := slices.Max(demand[:month])
	x = [...]float64{
		math.Log(ahead.Period[0].Mean()), math.Log(set.Rate(part).Lump), 0, math.Log1p(largest), math.Log(ahead.Total.Variance()),
	}
	if largest == 0 {
		x[2] = 1
	}
	return x
}

// partsRules are the rules of each month, learnt from what had come by then, and the levels
// that they give.
type partsRules struct {
	first  int // month
	levels [][]float64
}

// learn learns a rule for every month from from to until to. All months that it learns from
// had seen the whole window after them.
func (f *partsForecasts) learn(series [][]float64, from, to int, short float64) (*partsRules, error) {
	known := make([][][partColumns]float64, to-f.first) // by month and part
	for k := range known {
		known[k] = make([][partColumns]float64, len(series))
		for i, y := range series {
			known[k][i] = f.known(y, i, f.first+k)
		}
	}
	r := &partsRules{first: from, levels: make([][]float64, to-from)}
	return r, eachOf(len(r.levels), func(k int) error {
		rule, err := inventory.FitLevelRule(partCases(series, known, f.first, from+k), short/(1+short))
		if err != nil {
			return err
		}
		for _, x := range known[from+k-f.first] {
			r.levels[k] = append(r.levels[k], math.Round(rule.Level(x[:])))
		}
		return nil
	})
}

// partCases are what was known in the months from first on, and what came in the windows of
// a lead time and a month after them that had ended by now. A window of so many months
// counts as often as lead times make it.
func partCases(series [][]float64, known [][][partColumns]float64, first, now int) inventory.LevelCases {
	c := inventory.LevelCases{X: make([][]float64, partColumns)}
	longest := int(partsLead.Quantile(1)) + 1
	for month := first; month+longest <= now; month++ {
		for i, y := range series {
			came := y[month]
			for window := 2; window <= longest; window++ {
				came += y[month+window-1]
				for j, x := range known[month-first][i] {
					c.X[j] = append(c.X[j], x)
				}
				c.Came = append(c.Came, came)
				c.Weight = append(c.Weight, partsLead.CDF(float64(window-1))-partsLead.CDF(float64(window-2)))
			}
		}
	}
	return c
}

// upTo orders up to the level of the month's rule.
func (r *partsRules) upTo(state *partState) float64 {
	return math.Max(0, r.levels[state.month-r.first][state.part]-state.position())
}
