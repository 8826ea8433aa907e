package demand

import (
	"math"

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
	sampled = 60 // series a class that the backtest runs on
	origins = 3  // windows a series
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
// series of the class.
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
	for c := range members {
		v.classes[c] = v.judge(classNames[c], every(members[c], sampled))
	}
}

func (v *Survey) judge(name string, sample []Series) evidence {
	e := evidence{name: name, methods: append([]forecast.Method{{Name: "Gamma–Poisson"}}, candidates()...), naive: 1}
	judged := make([]forecast.Score, len(e.methods)) // a series stands where forecast.Choose has an origin
	for _, y := range sample {
		if own, ok := v.losses(y, e.methods); ok {
			for k, loss := range own {
				judged[k].Losses = append(judged[k].Losses, loss)
				judged[k].RMSSE += loss
			}
		}
	}
	for k, m := range e.methods {
		e.scores = append(e.scores, Score{m.Name, judged[k].RMSSE / math.Max(1, float64(len(judged[k].Losses)))})
	}
	e.chosen = forecast.Choose(judged)
	return e
}

// losses returns the mean RMSSE of every method over the backtest windows of one series.
// At each origin the filter sees the shop's calendar as it was known then.
func (v *Survey) losses(y Series, methods []forecast.Method) ([]float64, bool) {
	own := y.Units[y.first:]
	losses := make([]float64, len(methods))
	for i := range v.held {
		origin := len(own) - (i+1)*held
		past, actual := own[:origin], own[origin:origin+held]
		for k, m := range methods {
			var means []float64
			if k == 0 {
				means = v.filtered(past, v.held[i][y.first:])
			} else if f, err := m.Forecast(past, held); err == nil {
				means = f.Means()
			}
			if means == nil {
				return nil, false
			}
			losses[k] += forecast.RMSSE(past, actual, means) / origins
		}
	}
	return losses, !math.IsNaN(losses[0])
}

// filtered returns the filter's mean forecast of a backtest window.
func (v *Survey) filtered(past, offsets []float64) []float64 {
	filter, err := forecast.FitGammaPoisson(past, offsets[:len(past)], forecast.GammaPoissonForm{})
	if err != nil {
		return nil
	}
	return v.calibration.Forecast(filter.Rate(), offsets[len(past):len(past)+held]).Means()
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
