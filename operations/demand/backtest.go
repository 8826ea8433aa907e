package demand

import (
	"math"
	"sync"

	"tradewind/numeric/forecast"
)

// Series are judged in classes by the share of their days that have a sale: one series
// has too few backtest windows to pick a winner by.
const (
	sparse = iota // under 10 % of days
	medium        // 10 to 40 %
	dense         // over 40 %
	classCount
)

const (
	sampled = 240 // series a class that the backtest runs on
	origins = 3   // windows a series
)

// Score is how a method did in the backtest of a class.
type Score struct {
	Method string  `json:"method"`
	RMSSE  float64 `json:"rmsse"` // mean over series and windows
}

// evidence is what the backtest of a class found. methods and scores run alike: the
// filter first, seasonal naive second.
type evidence struct {
	name    string
	methods []forecast.Method
	scores  []Score
	chosen  int
	naive   int
}

// judged reports whether any series of the class could be backtested.
func (e *evidence) judged() bool { return len(e.scores) > 0 }

func (e *evidence) method() string { return e.scores[e.chosen].Method }

// skill is the value added over weekly seasonal naive.
func (e *evidence) skill() float64 {
	return 1 - e.scores[e.chosen].RMSSE/e.scores[e.naive].RMSSE
}

func classOf(y Series) int {
	switch share := float64(y.SellingDays()) / math.Max(1, float64(len(y.Units)-y.first)); {
	case share < .1:
		return sparse
	case share < .4:
		return medium
	}
	return dense
}

var classNames = [classCount]string{"sparse", "medium", "dense"}

// candidates are the methods that compete with the filter.
func candidates() []forecast.Method {
	return []forecast.Method{
		forecast.SeasonalNaiveMethod(7),
		forecast.SimpleSmoothingMethod(),
		forecast.TSBMethod(),
		forecast.HarmonicMethod(forecast.HarmonicForm{Period: 365.25, Harmonics: 1, Sine: true}),
	}
}

// backtest judges the methods class by class on an evenly spaced sample of series, and
// chooses: the filter, unless another is better by more than one standard error over the
// series and also over the windows, because what happens in a window happens to the whole
// shop. Better is the law of the total, which orders rest on, by pinball loss: a squared
// error of days, and with it the RMSSE that is shown, rewards forecasts below the mean
// where most days are without a sale.
func (v *Survey) backtest(all []Series, activity []float64) {
	for i := range v.held {
		index, err := forecast.FitIndex(activity[:len(activity)-(i+1)*held], held, nil, forecast.IndexForm{})
		if err != nil {
			return
		}
		v.held[i] = index.Offsets
	}
	var members [classCount][]Series
	for _, y := range all {
		if y.SellingDays() >= MinSellingDays && len(y.Units)-y.first > (origins+2)*held {
			members[classOf(y)] = append(members[classOf(y)], y)
		}
	}
	var wg sync.WaitGroup
	for c := range members {
		wg.Go(func() { v.classes[c] = v.judge(classNames[c], every(members[c], sampled)) })
	}
	wg.Wait()
}

func (v *Survey) judge(name string, sample []Series) evidence {
	e := evidence{name: name, methods: append([]forecast.Method{{Name: filterName}}, candidates()...), naive: 1}
	bySeries, byWindow := make([]forecast.Score, len(e.methods)), make([]forecast.Score, len(e.methods))
	for k, m := range e.methods {
		e.scores = append(e.scores, Score{Method: m.Name})
		byWindow[k].Losses = make([]float64, origins)
	}
	for _, y := range sample {
		own, ok := v.losses(y, e.methods)
		if !ok {
			continue
		}
		for k := range own {
			sum := 0.0
			for i, l := range own[k] {
				e.scores[k].RMSSE += l.rmsse / origins
				byWindow[k].Losses[i] += l.total
				sum += l.total
			}
			bySeries[k].Losses = append(bySeries[k].Losses, sum)
		}
	}
	if len(bySeries[0].Losses) == 0 {
		return evidence{}
	}
	for k := range e.scores {
		e.scores[k].RMSSE /= float64(len(bySeries[k].Losses))
	}
	if best := forecast.Choose(bySeries); best == forecast.Choose(byWindow) {
		e.chosen = best
	}
	return e
}

// loss is how a method did on one series in one window.
type loss struct {
	rmsse float64 // of the days
	total float64 // pinball loss of the window's total, in mean windows of the past
}

// losses returns the loss of every method on one series in each window. At each origin
// the filter sees the shop's calendar as it was known then.
func (v *Survey) losses(y Series, methods []forecast.Method) ([][origins]loss, bool) {
	own := y.Units[y.first:]
	losses := make([][origins]loss, len(methods))
	for i := range v.held {
		origin := len(own) - (i+1)*held
		past, actual := own[:origin], own[origin:origin+held]
		for k, m := range methods {
			var f forecast.Forecast
			var err error
			if k == 0 {
				f, err = v.filtered(past, v.held[i][y.first:])
			} else {
				if f, err = m.Forecast(past, held); err == nil {
					f = v.around(f.Means()).forecast(held)
				}
			}
			if err != nil {
				return nil, false
			}
			losses[k][i] = loss{forecast.RMSSE(past, actual, f.Means()), totalLoss(past, actual, f)}
			if math.IsNaN(losses[k][i].rmsse) { // nothing changed before this origin
				return nil, false
			}
		}
	}
	return losses, true
}

// totalLoss is the mean pinball loss of the forecast of a total at nine levels, in units
// of what the past sold in as many days.
func totalLoss(past, actual []float64, f forecast.Forecast) float64 {
	sum := 0.0
	for u := 1; u <= 9; u++ {
		level := float64(u) / 10
		sum += forecast.Pinball(total(actual), f.Total.Quantile(level), level) / 9
	}
	return sum / (total(past) / float64(len(past)) * float64(len(actual)))
}

func total(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum
}

// filtered returns the filter's forecast of a backtest window.
func (v *Survey) filtered(past, offsets []float64) (forecast.Forecast, error) {
	filter, err := forecast.FitGammaPoisson(past, offsets[:len(past)], forecast.GammaPoissonForm{})
	if err != nil {
		return forecast.Forecast{}, err
	}
	return v.calibration.Forecast(filter.Rate(), offsets[len(past):len(past)+held]), nil
}

// every takes n series at even distances.
func every(list []Series, n int) []Series {
	if len(list) <= n {
		return list
	}
	out := make([]Series, n)
	for i := range out {
		out[i] = list[i*len(list)/n]
	}
	return out
}
