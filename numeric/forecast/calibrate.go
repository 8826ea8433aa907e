package forecast

import "math"

// Window is a stretch of one series that its filter has not seen: what was known
// of the rate before, the offsets, and what came. Both slices have the same
// length. Actual may hold NaN.
type Window struct {
	Rate    Rate
	Offsets []float64
	Actual  []float64
}

// Calibrate learns a Calibration from held-out windows of many series.
//
//   - Scale makes the forecast of the sum of all windows right.
//   - Size and Slope maximise the likelihood of the single counts, on about
//     50,000 of them, evenly spaced.
//   - Drift is the smallest for which the closed interval between the 10 % and
//     the 90 % quantile holds the totals of 80 % of the windows. Counts of slow
//     series make a closed interval hold more than its level, so it is the
//     interval as shown that is set, not the probability in between.
//
// Windows are of one length, the Span. It does not modify windows. It returns a *TooShortError unless something was
// forecast and something came.
func Calibrate(windows []Window) (Calibration, error) {
	var c Calibration
	forecast, actual := 0.0, 0.0
	for _, w := range windows {
		f, a := w.sums()
		forecast += f
		actual += a
	}
	if !(forecast > 0 && actual > 0) {
		return c, &TooShortError{Method: "calibration", Have: 0, Need: 1}
	}
	c.Scale = actual / forecast
	c.Size, c.Slope = fitSize(sampleCounts(windows, c.Scale, 50_000))
	c.Span = len(windows[0].Actual)
	c.Drift = c.fitDrift(windows)
	return c, nil
}

// sums adds up forecast and actual over the periods that were observed and open.
func (w Window) sums() (forecast, actual float64) {
	for t, y := range w.Actual {
		if y >= 0 && w.Offsets[t] > 0 {
			forecast += w.Offsets[t]
			actual += y
		}
	}
	return forecast * w.Rate.Mean, actual
}

// count is one observed period: what was expected and what came.
type count struct{ mean, logMean, y float64 }

// sampleCounts lists about limit open periods of the windows, evenly spaced.
func sampleCounts(windows []Window, scale float64, limit int) []count {
	periods := 0
	for _, w := range windows {
		periods += len(w.Actual)
	}
	every := periods/limit | 1
	for every%7 == 0 || every%3 == 0 && every > 1 { // do not march in step with the calendar
		every += 2
	}
	counts := make([]count, 0, periods/every+1)
	i := 0
	for _, w := range windows {
		m := scale * w.Rate.Mean
		for t, y := range w.Actual {
			if i++; i%every != 0 {
				continue
			}
			if mu := m * w.Offsets[t]; mu > 1e-6 && y >= 0 {
				counts = append(counts, count{mu, math.Log(mu), y})
			}
		}
	}
	return counts
}

// fitSize maximises the likelihood of a negative binomial whose log size is a
// line in the log mean. A weak pull to (0, 1/2) keeps it finite where counts say
// nothing.
func fitSize(counts []count) (size, slope float64) {
	return minimizePlane(func(size, slope float64) float64 {
		loss := 0.1 * (size*size + (slope-0.5)*(slope-0.5))
		for _, c := range counts {
			r := math.Exp(size + slope*c.logMean)
			loss += r * math.Log1p(c.mean/r)
			if c.y > 0 {
				below, _ := math.Lgamma(r)
				above, _ := math.Lgamma(c.y + r)
				loss += below - above + c.y*math.Log1p(r/c.mean)
			}
		}
		return loss
	}, -1, 0.5, 0.5)
}

// fitDrift bisects for the drift at which the closed intervals hold 80 % of the
// totals of about 8,000 windows.
func (c Calibration) fitDrift(windows []Window) float64 {
	every := max(1, len(windows)/8000)
	hold := func(drift float64) bool {
		c.Drift = drift
		held, n := 0, 0
		for i := 0; i < len(windows); i += every {
			total := 0.0
			for _, y := range windows[i].Actual {
				total += y
			}
			if math.IsNaN(total) {
				continue
			}
			n++
			d := c.Total(windows[i].Rate, windows[i].Offsets)
			if d.CDF(total) >= 0.1 && d.CDF(total-1) < 0.9 {
				held++
			}
		}
		return 5*held >= 4*n
	}
	if hold(0) {
		return 0
	}
	lo, hi := 0.0, 4.0
	for range 12 {
		if mid := (lo + hi) / 2; hold(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}
