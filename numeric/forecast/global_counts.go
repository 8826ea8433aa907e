package forecast

import "math"

// mostGlobalCount is beyond any count, and small enough for the laws of counts.
const mostGlobalCount = 1e9

// countWindow is how many values the scale of counts is the mean of.
const countWindow = 24

// viewCounts looks at a past of counts: at its last values as multiples of their mean, to
// which half a count is added, so that a past of zeros has one.
func (form GlobalForm) viewCounts(y []float64) *globalView {
	v := &globalView{counts: true, period: form.period(len(y))}
	y = y[max(0, len(y)-max(globalValues, globalSeasons*v.period)):]
	v.x = make([]float64, len(y))
	for t, c := range y {
		v.x[t] = math.Min(mostGlobalCount, math.Max(0, c)) // NaN stays NaN
	}
	recent := v.x[max(0, len(v.x)-countWindow):]
	var mean average
	for _, c := range recent {
		mean.add(c)
	}
	v.scale = .5 / math.Max(1, mean.n)
	if mean.n > 0 {
		v.scale += mean.mean()
	}
	v.summariseCounts()
	return v
}

func (v *globalView) summariseCounts() {
	f := make([]float64, 0, globalFeatures)
	for k := range globalLags {
		f = append(f, v.back(k))
	}
	for _, w := range globalMeans {
		mean, _, zero := v.countsOf(w)
		f = append(f, mean, zero)
	}
	mean, sd, zero := v.countsOf(len(v.x))
	_, recentSD, _ := v.countsOf(countWindow)
	for _, a := range globalAlphas {
		level := mean * v.scale
		for _, c := range v.x {
			if !math.IsNaN(c) {
				level += a * (c - level)
			}
		}
		f = append(f, v.z(level))
	}
	f = append(f, mean, sd, recentSD, zero, math.Log1p(float64(v.silence())), math.Log(float64(len(v.x))))
	v.summary = append(f, math.Log(v.scale))
}

// countsOf is the mean and standard deviation of the last w counts, as multiples of the scale, and
// the share of zeros.
func (v *globalView) countsOf(w int) (mean, sd, zero float64) {
	var m moments
	none := 0.0
	for _, c := range v.x[max(0, len(v.x)-w):] {
		if !math.IsNaN(c) {
			m.add(v.z(c))
			if c == 0 {
				none++
			}
		}
	}
	if m.n == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	return m.mean, math.Sqrt(m.squares / m.n), none / m.n
}

// silence is for how many periods nothing has come.
func (v *globalView) silence() int {
	for k := range v.x {
		if v.x[len(v.x)-1-k] > 0 {
			return k
		}
	}
	return len(v.x)
}

// samePosition is the mean of the last counts at the position in the season that a step
// has, missing without a season.
func (v *globalView) samePosition(step int) float64 {
	const seasons = 4
	if v.period < 2 {
		return math.NaN()
	}
	var mean average
	for k := range seasons {
		mean.add(v.back((v.period-step%v.period)%v.period + k*v.period))
	}
	return mean.mean()
}
