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
	sampled = 160 // series a class that the backtest runs on
	judged  = 4   // windows that the choice rests on; the window after them tells how it holds
	fewest  = 12  // series a class needs for a choice: no picking of winners on fewer
)

// Score is how a method did in the backtest of a class.
type Score struct {
	Method string  `json:"method"`
	RMSSE  float64 `json:"rmsse"` // mean over series and windows
}

// The first of the methods that are judged.
const (
	chosenMix = iota
	chosenFilter
	chosenNaive
)

// evidence is what the backtest of a class found. methods and scores run alike.
type evidence struct {
	name     string
	methods  []forecast.Method // those beside the filter and the combination can forecast alone
	scores   []Score
	chosen   int
	optimism float64
}

// judged reports whether any series of the class could be backtested.
func (e *evidence) judged() bool { return len(e.scores) > 0 }

func (e *evidence) method() string { return e.scores[e.chosen].Method }

// skill is the value added over weekly seasonal naive.
func (e *evidence) skill() float64 {
	return 1 - e.scores[e.chosen].RMSSE/e.scores[chosenNaive].RMSSE
}

func classOf(share float64) int {
	switch {
	case share < .1:
		return sparse
	case share < .4:
		return medium
	}
	return dense
}

var classNames = [classCount]string{"sparse", "medium", "dense"}

const mixName = "combination"

// yardsticks are the methods that compete with the filter and the combination.
func yardsticks() []forecast.Method {
	return []forecast.Method{
		forecast.SeasonalNaiveMethod(7),
		forecast.SimpleSmoothingMethod(),
		forecast.TSBMethod(),
		forecast.HarmonicMethod(forecast.HarmonicForm{Period: 365.25, Harmonics: 1, Sine: true}),
	}
}

// backtest judges the methods class by class on an evenly spaced sample of series, and
// chooses: the combination, in which the filter has its share, unless another is better by more than one standard error over the
// series and also over the windows, because what happens in a window happens to the whole
// shop. Better is the law of the total, which orders rest on, by pinball loss: a squared
// error of days, and with it the RMSSE that is shown, rewards forecasts below the mean
// where most days are without a sale.
//
// The last window takes no part in the choice: how much worse the chosen method does
// there, against seasonal naive, is the optimism of the choice. How counts scatter is learnt
// without it, too.
func (v *Survey) backtest(past *replay, grown []Series) {
	var members [classCount][]int
	last := past.origins[0]
	for i := range grown {
		y := &grown[i]
		if y.sellsBy(last.n) && len(y.Units)-y.first > (len(past.origins)+1)*held {
			c := classOf(float64(y.sellingDays(last.n)) / float64(last.n-y.first))
			members[c] = append(members[c], i)
		}
	}
	scatter, err := past.calibrate(v.weights, 1)
	if err != nil {
		return
	}
	var wg sync.WaitGroup
	for c := range members {
		wg.Go(func() { v.classes[c] = v.judge(c, past, every(members[c], sampled), scatter) })
	}
	wg.Wait()
}

func (v *Survey) judge(c int, past *replay, sample []int, scatter forecast.Calibration) evidence {
	e := evidence{name: classNames[c], methods: append([]forecast.Method{{Name: mixName}, {Name: filterName}}, yardsticks()...)}
	filter := func(s *seen) float64 { return s.rates[byFilter] }
	mix := func(s *seen) float64 { return v.weights[s.class].mix(s.rates, s.scale) }
	v.scales[c] = [2]float64{past.scale(-1, c, mix), past.scale(-1, c, filter)}
	count := min(judged+1, len(past.origins))
	var scales [][2]float64
	for k := range count {
		scales = append(scales, [2]float64{past.scale(k, c, mix), past.scale(k, c, filter)})
	}
	bySeries, byWindow := make([]forecast.Score, len(e.methods)), make([]forecast.Score, len(e.methods))
	kept := make([]float64, len(e.methods)) // RMSSE of the last window
	for j, m := range e.methods {
		e.scores = append(e.scores, Score{Method: m.Name})
		byWindow[j].Losses = make([]float64, max(0, count-1))
	}
	for _, i := range sample {
		own, ok := v.losses(past, i, e.methods, scales, scatter)
		if !ok {
			continue
		}
		for j := range own {
			sum := 0.0
			for k, l := range own[j] {
				if k == 0 {
					kept[j] += l.rmsse
					continue
				}
				e.scores[j].RMSSE += l.rmsse / float64(count-1)
				byWindow[j].Losses[k-1] += l.total
				sum += l.total
			}
			bySeries[j].Losses = append(bySeries[j].Losses, sum)
		}
	}
	n := float64(len(bySeries[0].Losses))
	if n == 0 || count < 2 {
		return evidence{}
	}
	for j := range e.scores {
		e.scores[j].RMSSE /= n
		kept[j] /= n
	}
	if best := forecast.Choose(bySeries); n >= fewest && best == forecast.Choose(byWindow) {
		e.chosen = best
	}
	e.optimism = kept[e.chosen]/kept[chosenNaive] - e.scores[e.chosen].RMSSE/e.scores[chosenNaive].RMSSE
	return e
}

// loss is how a method did on one series in one window.
type loss struct {
	rmsse float64 // of the days
	total float64 // pinball loss of the window's total, in mean windows of the past
}

// losses returns the loss of every method on one series in each window, latest first. At
// each origin the members see the shop as it was known then, and the scale of a window is
// that of older ones.
func (v *Survey) losses(past *replay, i int, methods []forecast.Method, scales [][2]float64, scatter forecast.Calibration) ([][]loss, bool) {
	losses := make([][]loss, len(methods))
	for k := range scales {
		s := past.find(k, i)
		if s == nil {
			return nil, false
		}
		n := past.origins[k].n
		known, actual := s.series.Units[s.series.first:n], s.series.Units[n:n+held]
		w := past.window(k, s, forecast.Rate{})
		for j, m := range methods {
			var f forecast.Forecast
			switch c := scatter; j {
			case chosenFilter:
				c.Scale = scales[k][j]
				f = c.Forecast(s.rate(s.rates[byFilter]), w.Offsets)
			case chosenMix:
				c.Scale = scales[k][j]
				f = c.Forecast(s.rate(v.weights[s.class].mix(s.rates, s.scale)), w.Offsets)
			default:
				other, err := m.Forecast(known, held)
				if err != nil {
					return nil, false
				}
				f = around(scatter, other.Means()).forecast(held)
			}
			l := loss{forecast.RMSSE(known, actual, f.Means()), totalLoss(known, actual, f)}
			if math.IsNaN(l.rmsse) { // nothing changed before this origin
				return nil, false
			}
			losses[j] = append(losses[j], l)
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
		if x > 0 {
			sum += x
		}
	}
	return sum
}

// every takes n of a list at even distances.
func every[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	out := make([]T, n)
	for i := range out {
		out[i] = list[i*len(list)/n]
	}
	return out
}
