package forecast

import "math"

// loess smooths n equally spaced values by local polynomials over a window of
// neighbours with tricube weights, at every jump-th value and the last; those between
// are interpolated. Without robustness weights a smoothed value is a fixed weighted
// mean of the values, so its weights are computed once and used for every series of
// this length.
//
// Source: Cleveland, Robust locally weighted regression and smoothing scatterplots
// (1979); Cleveland, Cleveland, McRae & Terpenning (1990), sections 3.1 and 3.4.
type loess struct {
	n, window, degree int
	jump              int
	rows              []loessRow // in order of their place
	before, after     loessRow   // one place outside the values, if extended
}

type loessRow struct {
	at      int       // the place that is smoothed, 0 … n-1, or -1 or n
	left    int       // the first value of its window
	weights []float64 // of the values of the window
}

// newLoess prepares the smoother; the window is odd. If extended, it also reaches one
// place before the first and after the last value.
func newLoess(n, window, degree, jump int, extended bool) *loess {
	l := &loess{n: n, window: window, degree: degree, jump: max(1, min(jump, n-1))}
	width := min(window, n)
	var middle []float64 // windows that reach equally far on both sides share their weights
	for at := 0; at < n; at += l.jump {
		left := min(max(at-window/2, 0), n-width)
		row := loessRow{at: at, left: left}
		if window < n && at-left == window/2 {
			if middle == nil {
				middle = make([]float64, width)
				l.weigh(middle, at, left, nil)
			}
			row.weights = middle
		} else {
			row.weights = make([]float64, width)
			l.weigh(row.weights, at, left, nil)
		}
		l.rows = append(l.rows, row)
	}
	if last := l.rows[len(l.rows)-1]; last.at < n-1 { // with the window of the place before, as the authors' program
		row := loessRow{at: n - 1, left: last.left, weights: make([]float64, width)}
		l.weigh(row.weights, row.at, row.left, nil)
		l.rows = append(l.rows, row)
	}
	if extended {
		l.before = loessRow{at: -1, left: 0, weights: make([]float64, width)}
		l.weigh(l.before.weights, -1, 0, nil)
		l.after = loessRow{at: n, left: n - width, weights: make([]float64, width)}
		l.weigh(l.after.weights, n, n-width, nil)
	}
	return l
}

// weigh writes the weights of the values left, left+1, … in the smoothed value at a
// place and reports whether any counts; robust may be nil.
func (l *loess) weigh(dst []float64, at, left int, robust []float64) bool {
	right := left + len(dst) - 1
	reach := float64(max(at-left, right-at))
	if l.window > l.n {
		reach += float64((l.window - l.n) / 2)
	}
	near, far := .001*reach, .999*reach
	sum := 0.0
	for j := range dst {
		distance := math.Abs(float64(left + j - at))
		w := 0.0
		switch {
		case distance <= near:
			w = 1
		case distance <= far:
			r := distance / reach
			w = 1 - r*r*r
			w = w * w * w
		}
		if robust != nil {
			w *= robust[left+j]
		}
		dst[j] = w
		sum += w
	}
	if sum <= 0 {
		return false
	}
	centre := 0.0
	for j := range dst {
		dst[j] /= sum
		centre += dst[j] * float64(left+j)
	}
	if reach > 0 && l.degree > 0 {
		l.tilt(dst, at, left, centre)
	}
	return true
}

// tilt turns the weights of a local mean into those of a local line.
func (l *loess) tilt(dst []float64, at, left int, centre float64) {
	spread := 0.0
	for j, w := range dst {
		d := float64(left+j) - centre
		spread += w * d * d
	}
	if math.Sqrt(spread) <= .001*float64(l.n-1) {
		return
	}
	slope := (float64(at) - centre) / spread
	for j := range dst {
		dst[j] *= slope*(float64(left+j)-centre) + 1
	}
}

// smooth writes the smoothed y into dst; robust may be nil, and scratch holds a window.
func (l *loess) smooth(dst, y, robust, scratch []float64) {
	if l.n < 2 {
		copy(dst, y)
		return
	}
	previous := 0
	for _, row := range l.rows {
		value, ok := l.value(row, y, robust, scratch)
		if !ok {
			value = y[row.at]
		}
		dst[row.at] = value
		if gap := row.at - previous; gap > 1 {
			step := (value - dst[previous]) / float64(gap)
			for j := 1; j < gap; j++ {
				dst[previous+j] = dst[previous] + step*float64(j)
			}
		}
		previous = row.at
	}
}

// value is the smoothed value of one row; not ok if robustness leaves nothing of it.
func (l *loess) value(row loessRow, y, robust, scratch []float64) (value float64, ok bool) {
	weights := row.weights
	if robust != nil {
		weights = scratch[:len(weights)]
		if !l.weigh(weights, row.at, row.left, robust) {
			return 0, false
		}
	}
	for j, v := range y[row.left : row.left+len(weights)] {
		value += weights[j] * v
	}
	return value, true
}
