// Package demand forecasts what customers will order, day by day and over any span, as
// distributions.
//
// A Survey learns from the whole shop what single series are too thin to tell: which days
// the shop trades, the weekday and the season, how lumpy orders are, how far levels
// drift, how to combine the methods and which has earned its place by a rolling-origin
// backtest against seasonal naive. An Outlook is the forecast of one series under that
// survey.
//
// Demand is gross: what was ordered and not cancelled the same day. Returns are a rate of
// their own. The package knows no stock and no price; inventory and plan come after it.
package demand

import (
	"math"

	"tradewind/calendar"
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
	// windows is how many such windows of the past the survey learns from at most.
	windows = 6
	// filterName names the plainest method.
	filterName = "Gamma–Poisson"
)

// Survey is what the whole shop teaches about each of its series. Nobody changes it after
// it is made.
type Survey struct {
	from        calendar.Day
	origins     []*origin // the present, then each backtest window's, latest first
	calibration forecast.Calibration
	weights     [classCount]weights
	scales      [classCount][2]float64 // of the combination and of the filter
	pool        forecast.Pool          // of series too thin for a rate of their own
	classes     [classCount]evidence
	returns     returnRates
	alignment   alignment
	ready       bool // enough history for all of the above
}

// NewSurvey surveys every item of a snapshot. With less than about three months of
// history there is no calendar and no backtest: every outlook is then pooled and says so.
func NewSurvey(s *commerce.Snapshot) *Survey {
	v := &Survey{from: s.From}
	v.flat(s.Days())
	all := make([]Series, len(s.Items))
	for i := range all {
		all[i] = SeriesOf(s, i)
	}
	v.learn(all, marketsOf(s))
	v.learnPool(all)
	v.returns = returnRatesOf(all)
	return v
}

// learn lays out the calendar at the present and at earlier origins, and learns at those
// how to combine, calibrate and judge the methods.
func (v *Survey) learn(all []Series, markets []commerce.Market) {
	rows := make([][]float64, len(all))
	for i := range all {
		rows[i] = all[i].Units
	}
	activity := spread(forecast.Activity(rows), len(rows))
	var grown []Series // those that ever have a rate of their own
	for i := range all {
		if all[i].sellsBy(len(activity)) {
			grown = append(grown, all[i])
		}
	}
	origins := originsOf(v.from, markets, activity, grown)
	if len(origins) < 2 {
		return // too short: the flat calendar stays
	}
	past := newReplay(origins[1:], grown)
	w := past.learnWeights()
	calibration, err := past.calibrate(w, 0)
	if err != nil {
		return
	}
	v.origins, v.weights, v.calibration, v.ready = origins, w, calibration, true
	v.backtest(past, grown)
	v.align(past, all, grown)
}

// originsOf replays the shop's knowledge at the present and before each window, as far
// back as there is a calendar.
func originsOf(from calendar.Day, markets []commerce.Market, activity []float64, grown []Series) []*origin {
	var origins []*origin
	for k := 0; k <= windows; k++ {
		n := len(activity) - k*held
		if n <= 0 {
			break
		}
		o, err := originAt(activity, n, habitsOf(from, activity[:n], markets))
		if err != nil {
			break
		}
		origins = append(origins, o)
	}
	parallel(len(origins), func(k int) {
		origins[k].boost = origins[k].boosted(grown)
		origins[k].seasons = origins[k].seasonsOf(grown)
	})
	return origins
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
func (v *Survey) flat(past int) {
	v.origins = []*origin{flatOrigin(past)}
	v.calibration = forecast.Calibration{Scale: 1, Size: 0, Slope: 1, Drift: .25, Span: held}
	for c := range v.weights {
		v.weights[c][byFilter] = 1
	}
}

// Ahead returns the calendar of the coming days: weekday × season, 0 when closed.
func (v *Survey) Ahead() []float64 { return v.origins[0].ahead() }

// Calendar returns the calendar of every day from the first of the snapshot to a season
// ahead: weekday × season, 0 when closed; the first past days of it are over. It must not
// be modified.
func (v *Survey) Calendar() (offsets []float64, past int) {
	return v.origins[0].offsets, v.origins[0].n
}

// Rests lists the days of rest among the coming days, at most a season ahead.
func (v *Survey) Rests(days int) []Rest {
	var list []Rest
	end := v.from.AddDays(v.origins[0].n + days)
	for _, r := range v.origins[0].rests {
		if r.Day.Before(end) {
			list = append(list, r)
		}
	}
	return list
}

// Outlook forecasts one series. A series with fewer than MinSellingDays days of sales
// starts from the rate that such series share, and is labelled Pooled.
func (v *Survey) Outlook(y Series) *Outlook {
	o := &Outlook{SellingDays: y.SellingDays(), Skill: math.NaN(), Optimism: math.NaN(), Model: filterName, Alignment: unaligned}
	o.Returns = v.returns.of(&y)
	o.Pooled = o.SellingDays < MinSellingDays || !v.ready
	if o.Pooled {
		o.Model = "pooled " + filterName
		o.law = law{v.pool.Rate(v.thin(&y)), v.calibration, v.Ahead()}
	} else {
		v.grown(o, &y)
	}
	o.blocks = o.calibration.Blocks(o.rate, o.ahead)
	return o
}

// grown fills in the outlook of a series with a rate of its own, under the method that
// its class chose.
func (v *Survey) grown(o *Outlook, y *Series) {
	looking := viewer{origin: v.origins[0]}
	seen, ok := looking.see(y)
	if !ok {
		o.law = law{forecast.Rate{}, v.calibration, v.Ahead()}
		return
	}
	class := &v.classes[seen.class]
	if class.judged() {
		o.Class, o.Evidence, o.Skill, o.Optimism = class.name, class.scores, class.skill(), class.optimism
	}
	c, ahead := v.calibration, looking.aheadOf(y)
	o.Alignment = v.alignment.of(y)
	factor := o.Alignment.Applied()
	switch {
	case class.judged() && class.chosen == chosenFilter:
		c.Scale = factor * v.scales[seen.class][chosenFilter]
		o.law = law{seen.rate(seen.rates[byFilter]), c, ahead}
	case class.judged() && class.chosen > chosenFilter:
		o.Model = class.method()
		if f, err := class.methods[class.chosen].Forecast(y.known(), horizon); err == nil {
			o.Alignment = unaligned
			o.law = around(v.calibration, f.Means())
			return
		}
		fallthrough
	default:
		w := v.weights[seen.class]
		c.Scale = factor * v.scales[seen.class][chosenMix]
		o.Model, o.Weights = w.name(), w.list(seen.rates)
		o.law = law{seen.rate(w.mix(seen.rates, seen.scale)), c, ahead}
	}
}
