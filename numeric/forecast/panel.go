package forecast

import (
	"math"
	"math/rand/v2"
)

// PanelForm sets up a Panel. The zero value is the default.
type PanelForm struct {
	Horizon   int              // periods ahead; 0 means 28
	Windows   int              // held-out stretches of Horizon periods to calibrate on, latest first; 0 means 6
	MinActive int              // a series takes part in calibration with this many counts above zero; 0 means 20
	Closed    []bool           // of each period of the horizon, whether all series rest; nil means none
	Activity  []float64        // what the Index is taken of, one value a period of the past; nil means the number of series with a count above zero
	Index     IndexForm        // of the offsets that all series share
	Filter    GammaPoissonForm // of the rate of each series
}

func (form PanelForm) withDefaults() PanelForm {
	if form.Horizon == 0 {
		form.Horizon = 28
	}
	if form.Windows == 0 {
		form.Windows = 6
	}
	if form.MinActive == 0 {
		form.MinActive = 20
	}
	form.Index = form.Index.withDefaults()
	form.Filter = form.Filter.withDefaults()
	return form
}

// Panel forecasts many count series that share a calendar. An Index of the whole
// gives the offsets, a GammaPoisson filter the rate of each series, and a
// Calibration on earlier origins the rest.
//
// The number of active series is a robust activity, since one huge count moves it
// by one. It saturates where most series are active in every period: there a sum
// is better.
type Panel struct {
	Index       *Index
	Calibration Calibration
	Rates       []Rate // one a series, zero where it never had a count above zero

	// Error and NaiveError are the mean RMSSE over the calibration windows of
	// this method and of the seasonal naive one. Of what came in a window only
	// the one number Calibration.Scale was used to forecast it.
	Error, NaiveError float64
}

// FitPanel fits series: rows of the same length n, in time order, over the same
// n periods. NaN is missing, and what comes before the first count above zero is
// not on offer. It does not modify series. It returns a *TooShortError if there
// is too little history for an Index and one calibration window.
//
// The cost is O(len(series) · n · Windows).
func FitPanel(series [][]float64, form PanelForm) (*Panel, error) {
	form = form.withDefaults()
	activity := form.Activity
	if activity == nil {
		activity = Activity(series)
	}
	n := len(activity)
	for _, y := range series {
		if len(y) != n {
			panic("forecast: series and activity differ in length")
		}
	}

	index, err := FitIndex(activity, form.Horizon, form.Closed, form.Index)
	if err != nil {
		return nil, err
	}
	p := &Panel{Index: index, Rates: make([]Rate, len(series))}
	fitRates(p.Rates, series, n, index.Offsets, form.Filter)

	windows, origins := heldOut(series, activity, form)
	if p.Calibration, err = Calibrate(windows); err != nil {
		return nil, err
	}
	p.score(series, windows, origins, form.Index.Season)
	return p, nil
}

// Forecast returns the distributions of series i over the horizon.
func (p *Panel) Forecast(i int) Forecast {
	return p.Calibration.Forecast(p.Rates[i], p.Ahead())
}

// Path writes one possible future of series i into dst, one value a period of
// the horizon. It allocates nothing.
func (p *Panel) Path(dst []float64, i int, rng *rand.Rand) {
	p.Calibration.Path(dst, p.Rates[i], p.Ahead(), rng)
}

// Ahead returns the offsets of the horizon, to be read only.
func (p *Panel) Ahead() []float64 { return p.Index.Offsets[p.Index.past:] }

// place says which series a window was cut from, and where.
type place struct{ series, origin int }

// heldOut replays the panel at earlier origins, one horizon apart, as far back as
// the index reaches, and returns what would have been known of each series and
// what came.
func heldOut(series [][]float64, activity []float64, form PanelForm) ([]Window, []place) {
	var windows []Window
	var places []place
	open := openPeriods(activity, form.Index.Closed)
	closed := make([]bool, form.Horizon)
	rates := make([]Rate, len(series))
	for k := 1; k <= form.Windows; k++ {
		origin := len(activity) - k*form.Horizon
		if origin <= 0 {
			break
		}
		for j := range closed {
			closed[j] = !open[origin+j] // a calendar would have known
		}
		index, err := FitIndex(activity[:origin], form.Horizon, closed, form.Index)
		if err != nil {
			break
		}
		fitRates(rates, series, origin, index.Offsets, form.Filter)
		for i, y := range series {
			if activePeriods(y[:origin]) >= form.MinActive {
				windows = append(windows, Window{rates[i], index.Offsets[origin:], y[origin : origin+form.Horizon]})
				places = append(places, place{i, origin})
			}
		}
	}
	return windows, places
}

// fitRates writes what is known of the rate of each series after its first n
// periods into dst.
func fitRates(dst []Rate, series [][]float64, n int, offsets []float64, form GammaPoissonForm) {
	buffer := make([]float64, n)
	for i, y := range series {
		dst[i] = rateOf(y[:n], offsets, form, buffer)
	}
}

func rateOf(y, offsets []float64, form GammaPoissonForm, buffer []float64) Rate {
	f := NewGammaPoisson(form, capOf(y, form.CapQuantile, buffer))
	f.run(y, offsets)
	return f.Rate()
}

// score compares the calibrated means with the seasonal naive method.
func (p *Panel) score(series [][]float64, windows []Window, places []place, season int) {
	n := 0.0
	for k, w := range windows {
		origin := places[k].origin
		past := series[places[k].series][:origin]
		scale := naiveScale(past)
		if !(scale > 0) {
			continue
		}
		m := p.Calibration.Scale * w.Rate.Mean
		own, naive, seen := 0.0, 0.0, 0.0
		for t, y := range w.Actual {
			last := past[origin-season+t%season]
			if math.IsNaN(y) || math.IsNaN(last) {
				continue
			}
			seen++
			own += (y - m*w.Offsets[t]) * (y - m*w.Offsets[t])
			naive += (y - last) * (y - last)
		}
		if seen > 0 {
			n++
			p.Error += math.Sqrt(own / seen / scale)
			p.NaiveError += math.Sqrt(naive / seen / scale)
		}
	}
	if n > 0 {
		p.Error /= n
		p.NaiveError /= n
	}
}

// Activity counts the series with a count above zero in each period; a period
// that is missing everywhere is NaN.
func Activity(series [][]float64) []float64 {
	if len(series) == 0 {
		return nil
	}
	activity := make([]float64, len(series[0]))
	known := make([]bool, len(activity))
	for _, y := range series {
		if len(y) != len(activity) {
			panic("forecast: series differ in length")
		}
		for t, v := range y {
			if v > 0 {
				activity[t]++
			}
			known[t] = known[t] || !math.IsNaN(v)
		}
	}
	for t := range activity {
		if !known[t] {
			activity[t] = math.NaN()
		}
	}
	return activity
}

func activePeriods(y []float64) int {
	n := 0
	for _, v := range y {
		if v > 0 {
			n++
		}
	}
	return n
}
