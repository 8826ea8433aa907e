package forecast

import (
	"errors"
	"math"
	"slices"

	"tradewind/numeric/distribution"
)

// Ensemble forecasts the series of one class — of one frequency, say — by several methods
// at once: the median of its members in every period, or a weighted mean where the past
// of the class shows that weights pay, inside intervals that held on a past that no member
// was fitted to.
//
// Members that learn from all series at once are fitted anew before every horizon that they
// are judged on.
//
// Weights are each series' own, its members' mean absolute errors on its last two horizons
// to the power -p. The class chooses p, by forecasting the horizon before the
// last with weights from the one before that; p = 0, the plain median, unless another is
// better by more than a standard error. The last horizon is seen by no choice: it shows
// what was chosen to be worth something (Gain, Optimism) and calibrates the intervals.
//
// Source: Petropoulos & Svetunkov, A simple combination of univariate models (2020),
// doi:10.1016/j.ijforecast.2019.01.006, for the members and their median; Bates & Granger,
// The combination of forecasts (1969), for weights by inverse errors; Smith & Wallis (2009),
// doi:10.1111/j.1468-0084.2008.00541.x, for why equal ones are hard to beat.
type Ensemble struct {
	Power     float64    // p; 0 is the plain median
	Evidence  []Evidence // on the last horizon of the sampled series
	Judged    int        // series that could be judged on it
	Gain      float64    // share of the mean error of seasonal naive that the ensemble saves there; NaN when not judged
	GainError float64    // standard error of Gain
	Optimism  float64    // share of the plain median's error that weights saved on the horizon that p was chosen on, less the share there; NaN for p = 0
	Naive     bool       // the ensemble did not beat seasonal naive there, which stands in for it

	form      EnsembleForm
	conformal *Conformal
	global    [4][]*Method // as they were fitted so many horizons before the end; nil where they were not
}

// Evidence is how a member did on the last horizon of the sampled series.
type Evidence struct {
	Member string
	Error  float64 // mean absolute scaled error; NaN when it could not be fitted
}

// EnsembleForm sets an ensemble up.
type EnsembleForm struct {
	Seasons []float64                   // periods of the seasons, shortest first; none for no season
	Horizon int                         // periods ahead that evidence is taken for
	Members []Method                    // nil: Members(Seasons); empty: naive alone
	Global  []GlobalMember              // members that learn from all series at once, see GlobalMembers; they need a class of 50
	Seed    uint64                      // of the global members' generators
	Sample  int                         // series that evidence is taken from, at even distances; 0 means 250, or 125 of more than four members; below 0 none: equal weights, the members' own intervals
	Each    func(n int, do func(i int)) // does n pieces of work, in any order; nil: one after the other
}

// Warnings say what a Combined forecast could not do. They are plain values: whoever shows
// them has the words.
const (
	WarnNoEvidence = "no evidence"        // too short to be judged: equal weights
	WarnFallback   = "fallback"           // no member could be fitted: naive stands in
	WarnNotJudged  = "intervals not held" // the class had nothing to calibrate intervals on
	WarnNaive      = "naive"              // the class is forecast by seasonal naive, which was not beaten
)

// Combined is a forecast with what it is made of.
type Combined struct {
	Forecast
	Weights  []Weight // of the members that had a say, largest first
	Warnings []string
}

// Weight is a member's share in a forecast.
type Weight struct {
	Member string
	Share  float64
}

// powers that a class chooses from.
var powers = []float64{0, 1, 2, 4, 8}

const (
	sampledSeries = 250
	fewest        = 12 // series a class needs for a choice: no picking of winners on fewer
	leastPast     = 5  // values that a member is asked with at the least
)

// Members are the methods that Ensemble combines: ETS, ARIMA, CES and DOTM, for a season of
// at most 24 periods. Where seasons are several or longer, the four forecast what MSTL leaves
// of the series and of its logarithm, and beside them stand dynamic harmonic regression of
// both, ETS without a season, CES and DOTM with the first one, and seasonal naive with each.
func Members(seasons []float64) []Method {
	periods := make([]int, len(seasons))
	for i, s := range seasons {
		periods[i] = int(math.Round(s))
	}
	four := func(m int) []Method {
		return []Method{ETSMethod(m), AutoARIMAMethod(m), CESMethod(m), DOTMMethod(m)}
	}
	if len(periods) == 0 {
		return four(1)
	}
	if len(periods) == 1 && periods[0] <= 24 {
		return four(periods[0])
	}
	harmonic := DynamicHarmonicMethod(seasons...)
	members := []Method{ETSMethod(1), CESMethod(periods[0]), DOTMMethod(periods[0]), harmonic, LogMethod(harmonic)}
	for _, m := range four(1) {
		stl := STLMethod(m, periods...)
		members = append(members, stl, LogMethod(stl))
	}
	for _, m := range periods {
		members = append(members, SeasonalNaiveMethod(m))
	}
	return members
}

// FitEnsemble learns weights and intervals from the series of a class, which it does not
// modify. Series too short to be judged teach nothing and can still be forecast. It panics
// without a horizon. The cost is up to six fits of every member a sampled series.
func FitEnsemble(series [][]float64, form EnsembleForm) *Ensemble {
	if form.Horizon < 1 {
		panic("forecast: an ensemble needs a horizon")
	}
	if form.Members == nil {
		form.Members = Members(form.Seasons)
	}
	if len(series) < fewestGlobal {
		form.Global = nil
	}
	if form.Sample == 0 {
		form.Sample = sampledSeries
		if len(form.Members) > 4 { // long seasons: each member costs more, too
			form.Sample /= 2
		}
	}
	if form.Each == nil {
		form.Each = func(n int, do func(int)) {
			for i := range n {
				do(i)
			}
		}
	}
	e := &Ensemble{form: form, Gain: math.NaN(), GainError: math.NaN(), Optimism: math.NaN()}
	trials := make([]*trial, max(0, min(form.Sample, len(series))))
	sampled := func(i int) []float64 { return series[i*len(series)/len(trials)] }
	form.Each(len(trials), func(i int) { trials[i] = e.try(sampled(i)) })
	chosenOn := e.choose(trials)
	e.fitGlobal(series, len(trials) > 0)
	if len(form.Global) > 0 {
		form.Each(len(trials), func(i int) { e.tryGlobal(trials[i], sampled(i)) })
	}
	e.hold(trials, chosenOn)
	return e
}

// ErrNothingObserved says that a series holds no value at all.
var ErrNothingObserved = errors.New("forecast: the series has no value that is not missing")

// Forecast combines the members' forecasts of the next h periods of y. Where no member can
// be fitted, naive stands in and a warning says so; it fails only with ErrNothingObserved.
func (e *Ensemble) Forecast(y []float64, h int) (Combined, error) {
	y = begun(y)
	if observed(y) == 0 {
		return Combined{}, ErrNothingObserved
	}
	out := Combined{}
	if e.Naive {
		return e.naive(y, h, WarnNaive), nil
	}
	opinions := e.ask(y, h, 0)
	if !anyOpinion(opinions) {
		return e.naive(y, h, WarnFallback), nil
	}
	weights := weigh(make([]float64, len(opinions)), 0)
	if e.Power > 0 {
		if errors := e.errors(y); len(errors) > 0 {
			weights = weigh(recent(errors), e.Power)
		} else {
			out.Warnings = append(out.Warnings, WarnNoEvidence)
		}
	}
	out.Forecast = combine(opinions, weights, e.Power > 0)
	out.Weights = e.shares(opinions, weights)
	if e.conformal == nil {
		out.Warnings = append(out.Warnings, WarnNotJudged)
	} else {
		out.Forecast = e.conformal.Around(out.Forecast, observed(y))
	}
	return out, nil
}

// errors are those of the members on the last two horizons of y, the last first.
func (e *Ensemble) errors(y []float64) [][]float64 {
	var list [][]float64
	for back := 1; back <= 2; back++ {
		past, actual, ok := e.cut(y, back)
		if !ok {
			break
		}
		list = append(list, errorsOf(e.ask(past, e.form.Horizon, back), actual))
	}
	return list
}

// naive is seasonal naive where there is a season's worth of values, and else naive, or the
// only value.
func (e *Ensemble) naive(y []float64, h int, warning string) Combined {
	m := e.season()
	if observed(y) < m+1 {
		m = 1
	}
	method := SeasonalNaiveMethod(m)
	f, err := method.Forecast(y, h)
	if err != nil {
		f = flat(y, h)
	}
	if e.conformal != nil {
		f = e.conformal.Around(f, observed(y))
	}
	return Combined{Forecast: f, Weights: []Weight{{method.Name, 1}}, Warnings: []string{warning}}
}

// shares lists the weights of the members that had an opinion.
func (e *Ensemble) shares(opinions []*opinion, weights []float64) []Weight {
	var list []Weight
	all := 0.0
	for k, o := range opinions {
		if o != nil {
			list = append(list, Weight{e.name(k), weights[k]})
			all += weights[k]
		}
	}
	for k := range list {
		list[k].Share /= all
	}
	slices.SortStableFunc(list, func(a, b Weight) int {
		switch {
		case a.Share > b.Share:
			return -1
		case a.Share < b.Share:
			return 1
		}
		return 0
	})
	return list
}

// season is the one that seasonal naive repeats.
func (e *Ensemble) season() int {
	if len(e.form.Seasons) == 0 {
		return 1
	}
	return int(math.Round(e.form.Seasons[0]))
}

// ask lets every member forecast, the global ones as they were fitted so many horizons
// before the end.
func (e *Ensemble) ask(past []float64, h, back int) []*opinion {
	opinions := make([]*opinion, e.members())
	low, high := sane(past)
	for k, m := range e.form.Members {
		opinions[k] = ask(m, past, h, low, high)
	}
	e.askGlobal(opinions, past, h, back)
	return opinions
}

// cut leaves off the last back horizons of y, and gives the horizon after the cut.
func (e *Ensemble) cut(y []float64, back int) (past, actual []float64, ok bool) {
	at := len(y) - back*e.form.Horizon
	if at < leastPast || observed(y[:at]) < leastPast {
		return nil, nil, false
	}
	return y[:at], y[at : at+e.form.Horizon], true
}

// begun drops what is missing before the first value.
func begun(y []float64) []float64 {
	for t, v := range y {
		if !math.IsNaN(v) {
			return y[t:]
		}
	}
	return nil
}

// flat repeats the only value that was seen, in intervals as wide as it is large: one value
// does not tell how far the next may lie.
func flat(y []float64, h int) Forecast {
	only := 0.0
	for _, v := range y {
		if !math.IsNaN(v) {
			only = v
		}
	}
	f := Forecast{Period: make([]distribution.Distribution, h)}
	for t := range f.Period {
		f.Period[t] = distribution.NewNormal(only, math.Abs(only))
	}
	f.Total = distribution.NewNormal(float64(h)*only, float64(h)*math.Abs(only))
	return f
}
