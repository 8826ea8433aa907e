package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/tree"
)

// GlobalForm says what a global model is of: a class of series that have seasons and
// horizon in common.
type GlobalForm struct {
	Seasons []float64 // periods of the seasons, shortest first; none for no season
	Horizon int       // periods ahead
	Counts  bool      // whole numbers that are often 0; a value below zero counts as zero
	Rows    int       // periods that trees learn to forecast, at the most; 0 means 60,000
}

func (form GlobalForm) withDefaults() GlobalForm {
	if form.Horizon < 1 {
		panic("forecast: a global model needs a horizon")
	}
	if form.Rows == 0 {
		form.Rows = 60_000
	}
	return form
}

// globalRows is a table of features and targets, seen on the scale of one model.
type globalRows struct {
	x   [][]float64 // [feature][row]
	y   []float64
	row []float64
}

func (r *globalRows) add(v *globalView, step int, y float64) {
	if math.IsNaN(y) {
		return
	}
	if r.x == nil {
		r.x, r.row = make([][]float64, v.width()), make([]float64, v.width())
	}
	v.features(r.row, step)
	for j, f := range r.row {
		r.x[j] = append(r.x[j], f)
	}
	r.y = append(r.y, v.target(step, y))
}

func (r *globalRows) data() tree.Data { return tree.Data{X: r.x, Y: r.y} }

// globalSteps is how many steps of an origin are learnt from.
const globalSteps = 6

// rows takes origins all over the pasts, as evenly as the number of rows allows, and of each
// origin a few steps.
func (form GlobalForm) rows(pasts [][]float64, logs bool, rng *rand.Rand) *globalRows {
	r := new(globalRows)
	per := min(form.Horizon, globalSteps)
	origins := make([]int, len(pasts))
	for i, y := range pasts {
		origins[i] = max(0, len(y)-leastPast)
	}
	most := evenly(origins, form.Rows/per)
	for i, y := range pasts {
		n := min(most, origins[i])
		for k := range n {
			stretch := float64(origins[i]) / float64(n)
			origin := min(leastPast+int((float64(k)+rng.Float64())*stretch), len(y)-1)
			first := rng.IntN(form.Horizon)
			if observed(y[:origin]) < leastPast {
				continue
			}
			v := form.view(y[:origin:origin], logs)
			for j := range per {
				if step := 1 + (first+j*form.Horizon/per)%form.Horizon; origin+step <= len(y) {
					r.add(v, step, y[origin+step-1])
				}
			}
		}
	}
	return r
}

// evenly is the largest number of which, if each takes as many as it can, no more than all
// are taken; at the least 1.
func evenly(can []int, all int) int {
	lo, hi := 1, 1<<30
	for lo < hi {
		mid := (lo + hi + 1) / 2
		sum := 0
		for _, n := range can {
			sum += min(n, mid)
		}
		if sum <= all {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// beforeLast are the pasts without their last horizon; nil where nothing is left to
// forecast it from.
func (form GlobalForm) beforeLast(pasts [][]float64) [][]float64 {
	before := make([][]float64, len(pasts))
	for i, y := range pasts {
		if at := len(y) - form.Horizon; at >= leastPast && observed(y[:at]) >= leastPast {
			before[i] = y[:at:at]
		}
	}
	return before
}

// globalPasts are the series as models take them, and how many values the longest has.
func globalPasts(series [][]float64) (pasts [][]float64, longest int) {
	pasts = make([][]float64, len(series))
	for i, y := range series {
		pasts[i] = globalPast(y)
		longest = max(longest, observed(pasts[i]))
	}
	return pasts, longest
}
