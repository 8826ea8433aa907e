// Package demand forecasts what customers will order, day by day and over any span, as
// distributions.
//
// A Survey learns from the whole shop what single series are too thin to tell: which days
// the shop trades, the weekday and the season, how lumpy orders are, how far levels
// drift, and which method has earned its place by a rolling-origin backtest against
// seasonal naive. An Outlook is the forecast of one series under that survey.
//
// Demand is gross: what was ordered and not cancelled the same day. Returns are a rate of
// their own. The package knows no stock and no price; inventory and plan come after it.
package demand

import (
	"math"

	"tradewind/commerce"
	"tradewind/numeric/forecast"
)

const (
	// MinSellingDays is how many days with a sale a series needs for a rate of its own.
	MinSellingDays = 20
	// horizon is how far the calendar is laid out: a season, beyond which Blocks go on.
	horizon = 126
	// held is the length of a backtest window, in days.
	held = 28
	// filterName names the default method.
	filterName = "Gamma–Poisson"
)

// Survey is what the whole shop teaches about each of its series. Nobody changes it after
// it is made.
type Survey struct {
	offsets     []float64 // past days, then horizon days ahead: weekday × season, 0 when closed
	past        int
	calibration forecast.Calibration
	pool        forecast.Pool      // of series too thin for a rate of their own
	held        [origins][]float64 // the calendar as it was known before each backtest window
	classes     [classCount]evidence
	ready       bool // enough history for all of the above
}

// NewSurvey surveys every item of a snapshot. With less than about three months of
// history there is no calendar and no backtest: every outlook is then pooled and says so.
func NewSurvey(s *commerce.Snapshot) *Survey {
	v := &Survey{past: s.Days()}
	v.flat()
	all := make([]Series, len(s.Items))
	for i := range all {
		all[i] = seriesOf(s, i)
	}
	v.learn(s, all)
	v.learnPool(all)
	return v
}

// learn fits the shared calendar and calibration, and backtests the methods by class.
func (v *Survey) learn(s *commerce.Snapshot, all []Series) {
	rows := make([][]float64, len(all))
	for i := range all {
		rows[i] = all[i].Units
	}
	closures := closedAhead(s, horizon)
	activity := spread(forecast.Activity(rows), len(rows))
	panel, err := forecast.FitPanel(rows, forecast.PanelForm{
		Horizon: held, MinActive: MinSellingDays, Closed: closures[:held], Activity: activity,
	})
	if err != nil {
		return // too short: the flat calendar stays
	}
	index, err := forecast.FitIndex(activity, horizon, closures, forecast.IndexForm{})
	if err != nil {
		return
	}
	v.offsets, v.calibration, v.ready = index.Offsets, panel.Calibration, true
	v.backtest(all, activity)
}

// spread turns the number of series that sell on a day into a measure that keeps growing
// with trade where most series sell every day: of n Poisson series of one rate, a share
// 1-exp(-rate) sells, so n·(-log(1 - share)) follows the rate. A shop whose series sell
// seldom keeps its counts.
func spread(active []float64, n int) []float64 {
	out := make([]float64, len(active))
	for t, a := range active {
		out[t] = -float64(n) * math.Log1p(-math.Min(a, float64(n)-.5)/float64(n))
	}
	return out
}

// flat is the calendar of a shop of which too little is known: every day alike, counts as
// lumpy as retail's usually are (variance twice the mean).
func (v *Survey) flat() {
	v.offsets = make([]float64, v.past+horizon)
	for t := range v.offsets {
		v.offsets[t] = 1
	}
	v.calibration = forecast.Calibration{Scale: 1, Size: 0, Slope: 1, Drift: .25, Span: held}
}

// learnPool finds the law of the rates of thin series: of all series, in a shop without
// enough history for a calendar.
func (v *Survey) learnPool(all []Series) {
	var thin []forecast.Thin
	for i := range all {
		if !v.ready || all[i].SellingDays() < MinSellingDays {
			thin = append(thin, v.thin(all[i]))
		}
	}
	v.pool = forecast.FitPool(thin)
}

// thin sums up what a series has shown since the day after its first sale. That sale says
// when the product came on offer, and would count too much: without it there is no series.
// Old days fade, by half in 69 days.
func (v *Survey) thin(y Series) forecast.Thin {
	const fade = .99
	var s forecast.Thin
	weight := 1.0
	for t := v.past - 1; t > y.first; t-- {
		u := y.Units[t]
		s.Count += weight * u
		s.Squares += weight * u * u
		s.Exposure += weight * v.offsets[t]
		weight *= fade
	}
	return s
}

// rate filters a series under the shared calendar.
func (v *Survey) rate(y Series) forecast.Rate {
	filter, err := forecast.FitGammaPoisson(y.Units[y.first:], v.offsets[y.first:v.past], forecast.GammaPoissonForm{})
	if err != nil {
		return forecast.Rate{}
	}
	return filter.Rate()
}

// Ahead returns the calendar of the coming days: weekday × season, 0 when closed.
func (v *Survey) Ahead() []float64 { return v.offsets[v.past:] }

// Outlook forecasts one series. A series with fewer than MinSellingDays days of sales
// starts from the rate that such series share, and is labelled Pooled.
func (v *Survey) Outlook(y Series) *Outlook {
	o := &Outlook{SellingDays: y.SellingDays(), Skill: math.NaN(), Model: filterName}
	o.Pooled = o.SellingDays < MinSellingDays || !v.ready
	switch class := &v.classes[classOf(y)]; {
	case o.Pooled:
		o.Model = "pooled " + filterName
		o.law = law{v.pool.Rate(v.thin(y)), v.calibration, v.Ahead()}
	case !class.judged():
		o.law = law{v.rate(y), v.calibration, v.Ahead()}
	default:
		o.Class, o.Evidence = class.name, class.scores
		o.Model, o.Skill = class.method(), class.skill()
		o.law = v.lawOf(class, y)
	}
	o.blocks = o.calibration.Blocks(o.rate, o.ahead)
	return o
}

// lawOf is the law of a series under the method that its class chose.
func (v *Survey) lawOf(class *evidence, y Series) law {
	if class.chosen > 0 {
		if f, err := class.methods[class.chosen].Forecast(y.Units[y.first:], horizon); err == nil {
			return v.around(f.Means())
		}
	}
	return law{v.rate(y), v.calibration, v.Ahead()}
}
