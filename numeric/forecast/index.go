package forecast

import (
	"math"
	"slices"
)

// IndexForm sets up an Index. The zero value is the default, for daily values.
type IndexForm struct {
	Season int     // periods in the short season; 0 means 7
	Cycle  int     // periods in the long season, a multiple of Season; 0 means 364
	Window int     // periods that make up the recent level; 0 means 28
	Noise  float64 // variance of the log ratio of two neighbouring windows when nothing changes; 0 means 0.015
	Closed float64 // a period below this share of the median period counts as closed; 0 means 0.02
}

func (form IndexForm) withDefaults() IndexForm {
	if form.Season == 0 {
		form.Season = 7
	}
	if form.Cycle == 0 {
		form.Cycle = 364
	}
	if form.Window == 0 {
		form.Window = 28
	}
	if form.Noise == 0 {
		form.Noise = 0.015
	}
	if form.Closed == 0 {
		form.Closed = 0.02
	}
	return form
}

// Index splits the activity of a whole (the number of its series that are active
// in each period, or their sum) into a factor for the position in the short
// season and a slowly moving level, and gives their product as the offsets that
// the single series share:
//
//	offset_t = position_{t mod Season} · level_t / recent level,  0 if closed.
//
// The level of the past is a centred moving average over three seasons. Its
// future is the recent level times what the level did one cycle ago,
//
//	level_{n+j} = recent · (level_{n+j-Cycle} / recent level one cycle ago)^g,
//
// shrunk by g = r²/(r²+Noise), r being the log ratio of each window to the recent one:
// a change that is no larger than the usual noise is not believed. With less than
// a cycle and a window of history g is 0.
type Index struct {
	Offsets   []float64 // past and future: n + horizon values
	Positions []float64 // Season values with mean 1 over the positions
	Trust     float64   // g of the first window ahead

	past int // n
}

// FitIndex returns the index of activity, n values without sign, of which NaN and
// closed periods teach nothing, over n + horizon periods. closed, if not nil,
// says of each of the future periods whether it is closed; closed
// past periods are found from activity itself. It does not modify its arguments.
// It returns a *TooShortError with fewer than two seasons or one window of values.
func FitIndex(activity []float64, horizon int, closed []bool, form IndexForm) (*Index, error) {
	form = form.withDefaults()
	n := len(activity)
	need := max(2*form.Season, form.Window)
	if have := observed(activity); have < need || n < need {
		return nil, &TooShortError{Method: "index", Have: have, Need: need}
	}
	if closed != nil && len(closed) != horizon {
		panic("forecast: closed must have one value a period of the horizon")
	}

	open := openPeriods(activity, form.Closed)
	positions := positionFactors(activity, open, form)
	past := make([]float64, n) // activity of open periods
	base := make([]float64, n) // what the position alone would give
	for t := range past {
		if p := positions[t%form.Season]; open[t] && p > 0 {
			past[t], base[t] = activity[t], p
		}
	}
	level := movingRatio(past, base, 3*form.Season)
	recent := ratio(past[n-form.Window:], base[n-form.Window:])
	if !(recent > 0) {
		return nil, &TooShortError{Method: "index", Have: 0, Need: form.Window}
	}

	index := &Index{Offsets: make([]float64, n+horizon), Positions: positions, past: n}
	for t := range past {
		if base[t] > 0 {
			index.Offsets[t] = base[t] * level[t] / recent
		}
	}
	ahead := make([]float64, horizon)
	index.Trust = cycleAhead(ahead, past, base, level, form)
	for j := range ahead {
		if closed == nil || !closed[j] {
			index.Offsets[n+j] = positions[(n+j)%form.Season] * ahead[j]
		}
	}
	return index, nil
}

// openPeriods are those with more than share of the median of the periods above zero.
func openPeriods(activity []float64, share float64) []bool {
	positive := make([]float64, 0, len(activity))
	for _, v := range activity {
		if v > 0 {
			positive = append(positive, v)
		}
	}
	slices.Sort(positive)
	open := make([]bool, len(activity))
	if len(positive) == 0 {
		return open
	}
	least := share * positive[len(positive)/2]
	for t, v := range activity {
		open[t] = v > least
	}
	return open
}

// positionFactors averages the open periods of the last cycle at each
// position of the season; a position open less than one time in five is closed.
func positionFactors(activity []float64, open []bool, form IndexForm) []float64 {
	sums := make([]float64, form.Season)
	opened := make([]float64, form.Season)
	counts := make([]float64, form.Season)
	for t := max(0, len(activity)-form.Cycle); t < len(activity); t++ {
		k := t % form.Season
		if !math.IsNaN(activity[t]) {
			counts[k]++
		}
		if open[t] {
			opened[k]++
			sums[k] += activity[t]
		}
	}
	total := 0.0
	for k := range sums {
		if opened[k] <= 0.2*counts[k] {
			sums[k] = 0
		} else {
			sums[k] /= opened[k]
		}
		total += sums[k]
	}
	for k := range sums {
		sums[k] *= float64(form.Season) / total
	}
	return sums
}

// movingRatio is the centred moving sum of x over that of base.
func movingRatio(x, base []float64, width int) []float64 {
	level := make([]float64, len(x))
	half := width / 2
	sum, weight := 0.0, 0.0
	for t := -half; t < len(x); t++ {
		if in := t + half; in < len(x) {
			sum += x[in]
			weight += base[in]
		}
		if out := t - half - 1; out >= 0 {
			sum -= x[out]
			weight -= base[out]
		}
		if t >= 0 && weight > 1e-9 {
			level[t] = math.Max(0, sum/weight)
		}
	}
	return level
}

// cycleAhead writes into dst the level of the future relative to the recent one, window
// by window, and returns how far the last cycle was trusted in the first window.
func cycleAhead(dst, past, base, level []float64, form IndexForm) (trust float64) {
	for j := range dst {
		dst[j] = 1
	}
	n := len(past)
	then := n - form.Cycle // one cycle ago
	if then < form.Window {
		return 0
	}
	before := ratio(past[then-form.Window:then], base[then-form.Window:then])
	for from := 0; from < len(dst); from += form.Window {
		to := min(from+form.Window, len(dst))
		lo, hi := max(0, then+from-form.Season), min(n, then+to+form.Season)
		if lo >= hi {
			break // further ahead than a cycle
		}
		after := ratio(past[lo:hi], base[lo:hi])
		if !(before > 0 && after > 0) {
			continue
		}
		r := math.Log(after / before)
		g := r * r / (r*r + form.Noise)
		if from == 0 {
			trust = g
		}
		for j := from; j < to; j++ {
			if l := level[min(then+j, n-1)]; l > 0 {
				dst[j] = math.Pow(l/before, g)
			}
		}
	}
	return trust
}

func ratio(x, base []float64) float64 {
	sum, weight := 0.0, 0.0
	for t := range x {
		sum += x[t]
		weight += base[t]
	}
	if weight == 0 {
		return 0
	}
	return sum / weight
}
