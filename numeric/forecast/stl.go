package forecast

import (
	"math"
	"slices"
)

// STLForm is what STL smooths and how much. The zero value of every field but Period is
// the usual choice.
type STLForm struct {
	Period int // of the season, at least 2

	SeasonalWindow int  // seasons over which the season may change, odd and at least 7; 0: it never changes
	SeasonalDegree int  // of its local polynomials, 0 or 1
	TrendWindow    int  // 0: the smallest odd number from 1.5 Period / (1 - 1.5 / SeasonalWindow)
	Robust         bool // give outliers less weight, by 15 passes

	TrendJump, SeasonalJump, LowpassJump int // smooth every so many values; 0: a tenth of the window
}

// STL decomposes y additively by local regression:
//
//	y = trend + seasonal + remainder.
//
// A missing value is interpolated first, by the trend and the season of a robust STL, and
// its remainder is NaN. It does not modify y. It returns a *TooShortError with two
// seasons or less. The cost is O(n) loess windows; a window of k values costs O(k/jump).
//
// Source: Cleveland, Cleveland, McRae & Terpenning, STL: a seasonal-trend decomposition
// procedure based on loess (1990), with the defaults of R's stl.
func STL(y []float64, form STLForm) (*Decomposition, error) {
	if form.Period < 2 {
		panic("forecast: a season to decompose needs at least two periods")
	}
	if have := observed(y); have <= 2*form.Period {
		return nil, &TooShortError{Method: "STL", Have: have, Need: 2*form.Period + 1}
	}
	whole := interpolated(y, []int{form.Period})
	s := newSTL(len(y), form)
	d := s.decompose(whole)
	for t, v := range y {
		if math.IsNaN(v) {
			d.Remainder[t] = v
		}
	}
	return d, nil
}

// stl is an STL of series of one length, with its smoothers and working memory.
type stl struct {
	n, period, inner, outer int
	periodic                bool
	lowpass, trendSmoother  *loess
	long, short             *loess // of the values at one position of the season

	seasonal, trend, robust                  []float64
	detrended, cycle, filtered, once, window []float64
	line, smoothed, lineRobust               []float64
}

// newSTL prepares the smoothers for n > 2 Period values.
func newSTL(n int, form STLForm) *stl {
	m := form.Period
	s := &stl{n: n, period: m, inner: 2, periodic: form.SeasonalWindow == 0}
	if form.Robust {
		s.inner, s.outer = 1, 15
	}
	seasonalWindow := form.SeasonalWindow
	if s.periodic {
		seasonalWindow = 10*n + 1
	}
	trendWindow := form.TrendWindow
	if trendWindow == 0 {
		trendWindow = int(math.Ceil(1.5 * float64(m) / (1 - 1.5/float64(seasonalWindow))))
	}
	seasonalWindow, trendWindow = oddFrom(max(3, seasonalWindow)), oddFrom(max(3, trendWindow))
	lowpassWindow := oddFrom(max(3, m))
	seasonalDegree := form.SeasonalDegree
	if s.periodic {
		seasonalDegree = 0
	}
	seasonalJump := jumpOr(form.SeasonalJump, seasonalWindow)
	s.trendSmoother = newLoess(n, trendWindow, 1, jumpOr(form.TrendJump, trendWindow), false)
	s.lowpass = newLoess(n, lowpassWindow, 1, jumpOr(form.LowpassJump, lowpassWindow), false)
	cycles := (n + m - 1) / m
	s.long = newLoess(cycles, seasonalWindow, seasonalDegree, seasonalJump, true)
	s.short = s.long
	if n%m != 0 {
		s.short = newLoess(cycles-1, seasonalWindow, seasonalDegree, seasonalJump, true)
	}

	slab := make([]float64, 4*n+3*(n+2*m)+3*(cycles+2)+n)
	take := func(k int) []float64 {
		part := slab[:k:k]
		slab = slab[k:]
		return part
	}
	s.seasonal, s.trend, s.robust, s.detrended = take(n), take(n), take(n), take(n)
	s.cycle, s.filtered, s.once = take(n+2*m), take(n+2*m), take(n+2*m)
	s.line, s.smoothed, s.lineRobust = take(cycles+2), take(cycles+2), take(cycles+2)
	s.window = take(n)
	return s
}

// oddFrom is the smallest odd number from k.
func oddFrom(k int) int { return k | 1 }

func jumpOr(jump, window int) int {
	if jump > 0 {
		return jump
	}
	return (window + 9) / 10
}

// decompose splits a y without missing values. What it returns is its own until the next call.
func (s *stl) decompose(y []float64) *Decomposition {
	clear(s.trend)
	var robust []float64 // nil until the first weights
	for k := 0; ; k++ {
		for range s.inner {
			s.pass(y, robust)
		}
		if k >= s.outer {
			break
		}
		s.weigh(y)
		robust = s.robust
	}
	if s.periodic {
		s.averageSeasons()
	}
	remainder := make([]float64, s.n)
	for t, v := range y {
		remainder[t] = v - s.trend[t] - s.seasonal[t]
	}
	d := &Decomposition{Trend: s.trend, Remainder: remainder,
		Seasonal: []SeasonalComponent{{Period: s.period, Values: s.seasonal}}}
	if s.outer > 0 {
		d.Weights = s.robust
	}
	return d
}

// pass is one pass of the inner loop: the season from the series without trend, and the
// trend from the series without season.
func (s *stl) pass(y, robust []float64) {
	n, m := s.n, s.period
	for t, v := range y {
		s.detrended[t] = v - s.trend[t]
	}
	for position := range m {
		s.smoothCycle(position, robust)
	}
	// What the smoothed cycles hold of a level is taken out by a low-pass filter.
	movingAverage(s.filtered, s.cycle, m)
	movingAverage(s.once, s.filtered[:n+m+1], m)
	movingAverage(s.filtered, s.once[:n+2], 3)
	s.lowpass.smooth(s.once[:n], s.filtered[:n], nil, s.window)
	for t := range n {
		s.seasonal[t] = s.cycle[m+t] - s.once[t]
		s.detrended[t] = y[t] - s.seasonal[t]
	}
	s.trendSmoother.smooth(s.trend, s.detrended, robust, s.window)
}

// smoothCycle smooths the values at one position of the season, from one season before
// the series to one after it.
func (s *stl) smoothCycle(position int, robust []float64) {
	k := (s.n-position-1)/s.period + 1
	smoother := s.long
	if k != smoother.n {
		smoother = s.short
	}
	line, smoothed := s.line[:k], s.smoothed[:k+2]
	for i := range line {
		line[i] = s.detrended[i*s.period+position]
	}
	var weights []float64
	if robust != nil {
		weights = s.lineRobust[:k]
		for i := range weights {
			weights[i] = robust[i*s.period+position]
		}
	}
	smoother.smooth(smoothed[1:k+1], line, weights, s.window)
	var ok bool
	if smoothed[0], ok = smoother.value(smoother.before, line, weights, s.window); !ok {
		smoothed[0] = smoothed[1]
	}
	if smoothed[k+1], ok = smoother.value(smoother.after, line, weights, s.window); !ok {
		smoothed[k+1] = smoothed[k]
	}
	for i, v := range smoothed {
		s.cycle[i*s.period+position] = v
	}
}

// movingAverage writes the len(x)-m+1 means of m neighbours into dst.
func movingAverage(dst, x []float64, m int) {
	sum := 0.0
	for _, v := range x[:m] {
		sum += v
	}
	dst[0] = sum / float64(m)
	for i := m; i < len(x); i++ {
		sum += x[i] - x[i-m]
		dst[i-m+1] = sum / float64(m)
	}
}

// weigh sets the robustness weights: bisquare of the remainder over six of its medians.
func (s *stl) weigh(y []float64) {
	size := s.detrended
	for t, v := range y {
		size[t] = math.Abs(v - s.trend[t] - s.seasonal[t])
	}
	sorted := s.once[:s.n]
	copy(sorted, size)
	slices.Sort(sorted)
	scale := 3 * (sorted[s.n/2] + sorted[s.n-s.n/2-1])
	near, far := .001*scale, .999*scale
	for t, r := range size {
		switch {
		case r <= near:
			s.robust[t] = 1
		case r <= far:
			u := r / scale
			s.robust[t] = (1 - u*u) * (1 - u*u)
		default:
			s.robust[t] = 0
		}
	}
}

// averageSeasons replaces the season by its mean at each position.
func (s *stl) averageSeasons() {
	for i := range s.period {
		var at average
		for t := i; t < s.n; t += s.period {
			at.add(s.seasonal[t])
		}
		for t := i; t < s.n; t += s.period {
			s.seasonal[t] = at.mean()
		}
	}
}
