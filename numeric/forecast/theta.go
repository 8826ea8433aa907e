package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Theta is the theta method of the M3 competition, which is simple exponential smoothing
// with half the slope of a straight line as drift,
//
//	x̂_{n+h} = l_n + b/2 (h - 1 + (1 - (1-α)^n) / α),
//
// x the series without its season (if IsSeasonal finds one in more than two), l and α of
// SimpleSmoothing with α in [0.0001, 0.9999], and b the slope of x on time by least squares.
// The errors are normal with variance σ² (1 + (h-1) α²), as if α and b were known, and times
// the square of the seasonal index.
//
// Source: Assimakopoulos & Nikolopoulos, The theta model: a decomposition approach to
// forecasting (2000); Hyndman & Billah, Unmasking the theta method (2003); the season is that
// of thetaf in the R package forecast 8.20.
type Theta struct {
	season  seasonalAdjustment
	ses     SimpleSmoothing
	line    lineFit
	decayed float64 // (1-α)^n, n the values seen
	pending int     // periods since the last value
}

// FitTheta fits y with a season of m >= 1 periods. A missing value leaves the level. It does
// not modify y. It returns a *TooShortError with less than 3 values.
func FitTheta(y []float64, m int) (*Theta, error) {
	if m < 1 {
		panic("forecast: a season needs at least one period")
	}
	if have := observed(y); have < 3 {
		return nil, &TooShortError{Method: "theta", Have: have, Need: 3}
	}
	f := &Theta{season: testedSeason(y, m, 2*m+1), decayed: 1}
	x := f.season.adjusted(y)
	ses, err := FitSimpleSmoothing(x)
	if err != nil {
		return nil, err
	}
	alpha := math.Min(.9999, math.Max(1e-4, ses.Alpha))
	start, _ := smoothingStart(x, alpha)
	f.ses = SimpleSmoothing{Alpha: alpha, Start: start, Level: start}
	for _, v := range y {
		f.Update(v)
	}
	return f, nil
}

// Name is "theta", with the season if there is one.
func (f *Theta) Name() string { return seasonalName("theta", f.season) }

func seasonalName(name string, s seasonalAdjustment) string {
	if s.index == nil {
		return name
	}
	return fmt.Sprintf("%s [%d]", name, len(s.index))
}

// Update learns the value of the next period; NaN is missing. α and the season stay, the
// slope is learned anew. The cost is constant.
func (f *Theta) Update(y float64) {
	x := f.season.remove(f.line.time, y)
	f.line.add(x)
	f.pending++
	if !math.IsNaN(x) {
		f.ses.Update(x)
		f.decayed *= 1 - f.ses.Alpha
		f.pending = 0
	}
}

// Alpha is the weight of the last value in the level, between 0 and 1.
func (f *Theta) Alpha() float64 { return f.ses.Alpha }

// Drift is b/2, in units of the seasonally adjusted series a period.
func (f *Theta) Drift() float64 { return f.line.slope() / 2 }

// Sigma is the standard deviation of the one-step errors of the seasonally adjusted
// series by simple smoothing.
func (f *Theta) Sigma() float64 { return f.ses.Sigma() }

// means writes the means of the seasonally adjusted future into dst.
func (f *Theta) means(dst []float64) {
	drift := f.Drift()
	at := f.ses.Level + drift*((1-f.decayed)/f.ses.Alpha+float64(f.pending))
	for i := range dst {
		dst[i] = at + drift*float64(i)
	}
}

// Forecast returns the distributions of the next h periods and of their total.
func (f *Theta) Forecast(h int) Forecast {
	means, weights := make([]float64, h), make([]float64, h)
	f.means(means)
	for i := range weights {
		weights[i] = f.ses.Alpha
	}
	if h > 0 {
		weights[0] = 1
	}
	return f.season.forecast(f.line.time, means, f.Sigma(), constantResponse(weights))
}

// Path draws the next len(dst) periods jointly.
func (f *Theta) Path(dst []float64, rng *rand.Rand) {
	f.means(dst)
	shift, sigma := 0.0, f.Sigma()
	for i := range dst {
		e := sigma * rng.NormFloat64()
		dst[i] += shift + e
		shift += f.ses.Alpha * e
	}
	f.season.restore(f.line.time, dst)
}

// ThetaMethod is Theta with a season of m periods.
func ThetaMethod(m int) Method {
	return methodOf("theta", func(y []float64) (*Theta, error) { return FitTheta(y, m) })
}

// lineFit is the straight line of a growing series on time 1, 2, … by least squares.
type lineFit struct {
	time           int
	n              float64 // values that are not missing
	meanT, meanX   float64
	squareT, cross float64
}

// add learns the value of the next period; NaN is missing.
func (l *lineFit) add(x float64) {
	l.time++
	if math.IsNaN(x) {
		return
	}
	l.n++
	t := float64(l.time) - l.meanT
	l.meanT += t / l.n
	l.squareT += t * (float64(l.time) - l.meanT)
	l.cross += (float64(l.time) - l.meanT) * (x - l.meanX)
	l.meanX += (x - l.meanX) / l.n
}

// slope is that of the line, 0 before the second value.
func (l *lineFit) slope() float64 {
	if l.squareT == 0 {
		return 0
	}
	return l.cross / l.squareT
}

// intercept is that of the line, at time 0.
func (l *lineFit) intercept() float64 { return l.meanX - l.slope()*l.meanT }
