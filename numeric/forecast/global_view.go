package forecast

import "math"

// globalView is one series as it looks at one origin to a model that all series of a class
// share: without its season, the last level at 0 and the mean change at 1,
//
//	z_{n+h} = (x_{n+h} - x_n) / scale,   x = log y or y without the season.
//
// Counts are multiples of their recent mean, x_n = 0: see viewCounts.
type globalView struct {
	season seasonalAdjustment
	period int  // of the season; 1 for none
	logs   bool // x is a logarithm
	counts bool // x is a count, and level 0

	x            []float64 // gaps filled
	level, scale float64
	summary      []float64 // the features that are the same at every step
}

// globalLags is how many values a model sees one by one.
const globalLags = 12

// What else it sees of a past: running means and slopes over so many values, the last slope
// over all, and levels smoothed so fast.
var (
	globalMeans  = [...]int{3, 6, 12, 24}
	globalSlopes = [...]int{4, 8, 16, 1 << 20}
	globalAlphas = [...]float64{.1, .3, .6}
)

// A model looks back on so many seasons and on no fewer values than that: what lies before
// costs time and says little.
const globalSeasons, globalValues = 6, 300

// globalFeatures is room for the features of a view.
const globalFeatures = 48

// mostGlobal is beyond any value: what lies further out counts as missing.
const mostGlobal = 1e100

// globalPast drops what is missing before the first value, and what no sum could hold.
func globalPast(y []float64) []float64 {
	past := make([]float64, len(y))
	for t, v := range y {
		past[t] = v
		if !(math.Abs(v) <= mostGlobal) {
			past[t] = math.NaN()
		}
	}
	return begun(past)
}

// view looks at a past that has a value; if logs and the past is above zero throughout, at
// its logarithm.
func (form GlobalForm) view(y []float64, logs bool) *globalView {
	if form.Counts {
		return form.viewCounts(y)
	}
	v := &globalView{period: form.period(len(y)), logs: logs}
	if recent := y[max(0, len(y)-max(globalValues, globalSeasons*v.period)):]; observed(recent) > 0 {
		y = recent
	}
	v.season = testedSeason(y, v.period, 3*v.period)
	low, _ := seenRange(y)
	v.logs = logs && low > 0 && !v.season.additive
	x := v.season.adjusted(y)
	if v.logs {
		for t := range x {
			x[t] = math.Log(x[t])
		}
	}
	v.x = make([]float64, len(x))
	interpolateLine(v.x, x)
	v.level = v.x[len(v.x)-1]
	v.scale = math.Max(v.changes(len(v.x)), leastChange*v.size())
	if !(v.scale > 0) {
		v.scale = 1
	}
	v.summarise()
	return v
}

// leastChange is the smallest scale, as a share of the level.
const leastChange = 1e-3

// period is that of the longest season of which n values hold three; 1 if there is none.
func (form GlobalForm) period(n int) int {
	for k := len(form.Seasons) - 1; k >= 0; k-- {
		if m := int(math.Round(form.Seasons[k])); m > 1 && n >= 3*m {
			return m
		}
	}
	return 1
}

// size is the mean size of the values, of logarithms 1: their changes are shares already.
func (v *globalView) size() float64 {
	if v.logs {
		return 1
	}
	var size average
	for _, x := range v.x {
		size.add(math.Abs(x))
	}
	return size.mean()
}

// changes is the mean absolute change over the last n values.
func (v *globalView) changes(n int) float64 {
	var size average
	for t := max(1, len(v.x)-n); t < len(v.x); t++ {
		size.add(math.Abs(v.x[t] - v.x[t-1]))
	}
	if size.n == 0 {
		return 0
	}
	return size.mean()
}

// z is a value of x as the model sees it.
func (v *globalView) z(x float64) float64 { return (x - v.level) / v.scale }

// back is the value k periods before the last, missing before the first.
func (v *globalView) back(k int) float64 {
	if k >= len(v.x) {
		return math.NaN()
	}
	return v.z(v.x[len(v.x)-1-k])
}

// summarise computes what is the same at every step.
func (v *globalView) summarise() {
	n := len(v.x)
	f := make([]float64, 0, globalFeatures)
	for k := 1; k <= globalLags; k++ {
		f = append(f, v.back(k))
	}
	for _, w := range globalMeans {
		f = append(f, v.z(v.mean(w)))
	}
	for _, w := range globalSlopes {
		f = append(f, v.slope(w)/v.scale)
	}
	for _, a := range globalAlphas {
		f = append(f, v.z(v.smoothed(a)))
	}
	drift := math.NaN()
	if n > 1 {
		drift = -v.back(n-1) / float64(n-1)
	}
	f = append(f, drift, v.changes(6)/v.scale, v.turning(), math.Log(float64(n)), math.Log(v.scale/math.Max(v.size(), v.scale)), v.strength())
	v.summary = f
}

// mean of the last w values; NaN if there are fewer.
func (v *globalView) mean(w int) float64 {
	if w > len(v.x) {
		return math.NaN()
	}
	sum := 0.0
	for _, x := range v.x[len(v.x)-w:] {
		sum += x
	}
	return sum / float64(w)
}

// slope of the regression line through the last w values, through all if there are fewer;
// NaN of fewer than four.
func (v *globalView) slope(w int) float64 {
	x := v.x[max(0, len(v.x)-w):]
	n := float64(len(x))
	if len(x) < 4 {
		return math.NaN()
	}
	sum := 0.0
	for t, y := range x {
		sum += (float64(t) - (n-1)/2) * (y - v.level)
	}
	return sum / (n * (n*n - 1) / 12)
}

// smoothed is the level of simple exponential smoothing.
func (v *globalView) smoothed(alpha float64) float64 {
	level := v.x[0]
	for _, x := range v.x {
		level += alpha * (x - level)
	}
	return level
}

// turning is the correlation of neighbouring changes, near -1 if each takes back the one
// before it.
func (v *globalView) turning() float64 {
	if len(v.x) < 5 {
		return math.NaN()
	}
	both, square := 0.0, 0.0
	for t := 2; t < len(v.x); t++ {
		a, b := (v.x[t-1]-v.x[t-2])/v.scale, (v.x[t]-v.x[t-1])/v.scale
		both += a * b
		square += (a*a + b*b) / 2
	}
	if square == 0 {
		return 0
	}
	return both / square
}

// strength is how far the season reaches, in changes.
func (v *globalView) strength() float64 {
	if v.season.index == nil {
		return 0
	}
	lo, hi := seenRange(v.season.index)
	if v.logs {
		lo, hi = math.Log(lo), math.Log(hi)
	} else if !v.season.additive {
		lo, hi = lo*v.size(), hi*v.size()
	}
	return (hi - lo) / v.scale
}

// globalStepFeatures is how many features belong to a step.
const globalStepFeatures = 7

// features writes the features of a step, 1 for the next period, into dst.
func (v *globalView) features(dst []float64, step int) {
	n := copy(dst, v.summary)
	dst = dst[n:]
	h := float64(step)
	dst[0] = h
	one, two := math.NaN(), math.NaN()
	if m := v.period; m > 1 {
		k := (m - step%m) % m
		one, two = v.back(k), v.back(k+m)
	}
	dst[1], dst[2] = one, two
	if v.counts {
		dst[3] = v.samePosition(step)
		return
	}
	slopes := v.summary[globalLags+len(globalMeans):]
	dst[3], dst[4] = h*slopes[1], h*slopes[3]
	dst[5], dst[6] = v.seasonAt(step)/v.scale, v.seasonAt(0)/v.scale
}

// width is how many features a view has.
func (v *globalView) width() int {
	if v.counts {
		return len(v.summary) + 4
	}
	return len(v.summary) + globalStepFeatures
}

// seasonAt is the size of the season at a step, on the scale of x.
func (v *globalView) seasonAt(step int) float64 {
	factor, summand := v.season.at(len(v.x) - 1 + step)
	switch {
	case v.logs:
		return math.Log(factor)
	}
	return (factor-1)*v.level + summand
}

// target is what a value of y, step periods ahead, is to the model.
func (v *globalView) target(step int, y float64) float64 {
	x := v.season.remove(len(v.x)-1+step, y)
	if v.counts {
		x = math.Max(0, x)
	}
	if v.logs {
		if !(x > 0) {
			return -mostTarget
		}
		x = math.Log(x)
	}
	return math.Max(-mostTarget, math.Min(mostTarget, v.z(x)))
}

// mostTarget bounds what is learnt from an outlier.
const mostTarget = 25

// value takes the model's answer for a step back to y, with the derivative dy/dz.
func (v *globalView) value(step int, z float64) (y, slope float64) {
	x := v.level + v.scale*z
	factor, summand := v.season.at(len(v.x) - 1 + step)
	slope = v.scale
	if v.logs {
		x = math.Exp(math.Min(x, mostLog))
		slope *= x
	}
	return factor*x + summand, math.Abs(factor) * slope
}
