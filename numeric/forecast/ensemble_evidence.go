package forecast

import (
	"math"

	"tradewind/numeric/distribution"
)

// trial is what the members said of one sampled series at up to four past origins, the
// latest first: one to four horizons before its end.
type trial struct {
	opinions [4][]*opinion
	actual   [4][]float64
	errors   [4][]float64 // of every member
	past     int          // values before the last horizon
	scale    float64      // of the seasonal differences before the last horizon; NaN where there are none
	later    [2]later     // from origins within the last horizon, for the intervals only

	naive       float64    // error of seasonal naive on the last horizon, NaN where there is none
	naiveErrors HeldErrors // its standardised errors there
}

// try asks the members at past origins of y.
func (e *Ensemble) try(y []float64) *trial {
	y = begun(y)
	t := &trial{scale: math.NaN(), naive: math.NaN()}
	for k := range t.opinions {
		past, actual, ok := e.cut(y, k+1)
		if !ok {
			break
		}
		if o := e.ask(past, e.form.Horizon, k+1); anyOpinion(o) {
			t.opinions[k], t.actual[k], t.errors[k] = o, actual, errorsOf(o, actual)
		}
		if k == 0 {
			t.past, t.scale = observed(past), e.scale(past)
			e.askLater(t, y)
			naive := e.naive(past, e.form.Horizon, "")
			t.naive = meanAbsolute(actual, naive.Means()) / t.scale
			t.naiveErrors = heldErrors(naive.Forecast, actual, t.past, true)
		}
	}
	return t
}

// scale is the size of the seasonal differences of y, or else of its differences.
func (e *Ensemble) scale(y []float64) float64 {
	if scale := SeasonalScale(y, e.season()); !math.IsNaN(scale) {
		return scale
	}
	return SeasonalScale(y, 1)
}

// later is what the members said from an origin less than a horizon before the end.
type later struct {
	opinions []*opinion
	actual   []float64
	past     int
}

// askLater asks the members a third and two thirds into the last horizon: errors of few
// steps are then judged on pasts that are nearly as long, and times nearly as recent, as
// those of the forecasts to come.
func (e *Ensemble) askLater(t *trial, y []float64) {
	for k := range t.later {
		left := e.form.Horizon * (len(t.later) - k) / (len(t.later) + 1)
		if left == 0 {
			continue
		}
		past := y[:len(y)-left]
		if o := e.ask(past, left, 1); anyOpinion(o) {
			t.later[k] = later{o, y[len(y)-left:], observed(past)}
		}
	}
}

// held are the errors of a trial that intervals are learnt from.
func (e *Ensemble) held(t *trial) []HeldErrors {
	var list []HeldErrors
	weights := e.weights(t, 0, e.Power)
	for _, l := range append([]later{{t.opinions[0], t.actual[0], t.past}}, t.later[:]...) {
		if l.opinions == nil {
			continue
		}
		f := combine(l.opinions, weights, e.Power > 0)
		list = append(list, heldErrors(f, l.actual, l.past, len(l.actual) == e.form.Horizon))
	}
	return list
}

// heldErrors holds a forecast from so many past values against what came; the total only
// where that is a whole horizon.
func heldErrors(f Forecast, actual []float64, past int, whole bool) HeldErrors {
	e, sum := HeldErrors{Past: past, Steps: make([]float64, len(actual)), Total: math.NaN()}, 0.0
	for s, y := range actual {
		e.Steps[s] = standardised(f.Period[s], y)
		sum += y
	}
	if whole {
		e.Total = standardised(f.Total, sum)
	}
	return e
}

// loss is the scaled error on horizon k with weights from the horizons before it; NaN where
// there is none.
func (e *Ensemble) loss(t *trial, k int, power float64) float64 {
	f, ok := e.replay(t, k, power)
	if !ok {
		return math.NaN()
	}
	return meanAbsolute(t.actual[k], f.Means()) / t.scale
}

// replay combines the opinions on horizon k as they would have been combined at the time.
func (e *Ensemble) replay(t *trial, k int, power float64) (Forecast, bool) {
	if t.opinions[k] == nil {
		return Forecast{}, false
	}
	return combine(t.opinions[k], e.weights(t, k, power), power > 0), true
}

// weights are those of horizon k, from the errors on the two horizons before it.
func (e *Ensemble) weights(t *trial, k int, power float64) []float64 {
	before := t.errors[min(k+1, len(t.errors)):]
	if power == 0 || len(before) == 0 || before[0] == nil {
		return weigh(make([]float64, e.members()), 0)
	}
	return weigh(recent(before), power)
}

// recent is the mean error on the last two horizons, the last counted twice: what is recent
// tells most, and one horizon is little.
func recent(errors [][]float64) []float64 {
	if len(errors) < 2 || errors[1] == nil {
		return errors[0]
	}
	mixed := make([]float64, len(errors[0]))
	for k, last := range errors[0] {
		switch earlier := errors[1][k]; {
		case math.IsNaN(earlier):
			mixed[k] = last
		default:
			mixed[k] = (2*last + earlier) / 3
		}
	}
	return mixed
}

// choose sets the power from the horizon before the last, with weights from the ones before
// that, if half of the trials or more reach back so far, and returns what that gained there:
// the share of the error of the plain median that it saves.
func (e *Ensemble) choose(trials []*trial) float64 {
	const on = 1
	losses := make([][]float64, len(powers))
	for p, power := range powers {
		for _, t := range trials {
			x := math.NaN()
			if t.opinions[on+1] != nil {
				x = e.loss(t, on, power)
			}
			losses[p] = append(losses[p], x)
		}
	}
	chosen, most := 0, 0.0
	for p := 1; p < len(powers); p++ {
		gain, stdErr, n := pairedGain(losses[0], losses[p])
		if n >= max(fewest, len(trials)/2) && gain > stdErr && gain > most {
			chosen, most = p, gain
		}
	}
	e.Power = powers[chosen]
	return shareSaved(losses[0], losses[chosen])
}

// shareSaved is by what share the mean of the second lies below that of the first, where
// both are known.
func shareSaved(plain, chosen []float64) float64 {
	var a, b average
	for i := range plain {
		if !math.IsNaN(plain[i] - chosen[i]) {
			a.add(plain[i])
			b.add(chosen[i])
		}
	}
	return 1 - b.mean()/a.mean()
}

// hold judges what was chosen on the last horizon, which no choice has seen, and learns the
// intervals there.
func (e *Ensemble) hold(trials []*trial, promised float64) {
	var held, naiveHeld []HeldErrors
	var own, naive, plain []float64
	members := make([]average, e.members())
	for _, t := range trials {
		f, ok := e.replay(t, 0, e.Power)
		if !ok {
			continue
		}
		loss := meanAbsolute(t.actual[0], f.Means()) / t.scale
		own, naive = append(own, loss), append(naive, t.naive)
		plain = append(plain, e.loss(t, 0, 0))
		for k, x := range t.errors[0] {
			members[k].add(x / t.scale)
		}
		held = append(held, e.held(t)...)
		naiveHeld = append(naiveHeld, t.naiveErrors)
	}
	for k, m := range members {
		e.Evidence = append(e.Evidence, Evidence{e.name(k), m.mean()})
	}
	e.judge(own, naive)
	if e.Power > 0 {
		e.Optimism = promised - shareSaved(plain, own)
	}
	if e.Naive {
		held = naiveHeld
	}
	if len(own) > 0 {
		e.conformal = FitConformal(held)
	}
}

func standardised(d distribution.Distribution, y float64) float64 {
	return (y - d.Mean()) / math.Sqrt(d.Variance())
}

// judge compares with seasonal naive. It stands in where the ensemble was judged on enough
// series and does not beat it.
func (e *Ensemble) judge(own, naive []float64) {
	gain, stdErr, n := pairedGain(naive, own)
	e.Judged = n
	var level average
	for i, x := range naive {
		if !math.IsNaN(x - own[i]) {
			level.add(x)
		}
	}
	if n == 0 || !(level.mean() > 0) {
		return
	}
	e.Gain, e.GainError = gain/level.mean(), stdErr/level.mean()
	e.Naive = n >= fewest && e.Gain-1.645*e.GainError <= 0
}
