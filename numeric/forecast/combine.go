package forecast

import (
	"math"
	"slices"

	"tradewind/numeric/distribution"
)

// opinion is what one member forecasts: the middle and the spread of every period and of
// the total. A member that could not be fitted, or that ran wild, has none.
type opinion struct {
	mean, sd []float64
	totalSD  float64
	global   bool // of a member that learns from all series: its spread is the class's
}

// ask lets a member forecast, and returns nil where that gives nothing of use.
func ask(m Method, past []float64, h int, low, high float64) *opinion {
	f, err := m.Forecast(past, h)
	if err != nil {
		return nil
	}
	o := &opinion{mean: make([]float64, h), sd: make([]float64, h)}
	for t, d := range f.Period {
		o.mean[t], o.sd[t] = d.Mean(), math.Sqrt(d.Variance())
		if !(o.mean[t] >= low && o.mean[t] <= high) || math.IsNaN(o.sd[t]) || math.IsInf(o.sd[t], 0) {
			return nil
		}
	}
	if o.totalSD = math.Sqrt(f.Total.Variance()); math.IsNaN(o.totalSD) || math.IsInf(o.totalSD, 0) {
		return nil
	}
	return o
}

// sane is the range in which a forecast is believed: twice the spread of all that was seen
// beyond it on either side, and not below zero for what never was.
func sane(y []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range y {
		if !math.IsNaN(v) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	room := 2*(high-low) + 1e-6*math.Max(math.Abs(low), math.Abs(high)) // the second for rounding
	if low >= 0 {
		return math.Max(0, low-room), high + room
	}
	return low - room, high + room
}

// combine takes the median of the means, period by period, or their weighted mean, and the
// weighted mean of the spreads, each up to three times their median: a member that thinks
// itself hopeless does not speak for all. Spreads are those of the members that know this
// series only, if there are any.
func combine(opinions []*opinion, weights []float64, average bool) Forecast {
	values, shares := make([]float64, 0, len(opinions)), make([]float64, 0, len(opinions))
	median := func(weights []float64, get func(*opinion) float64) float64 {
		values, shares = values[:0], shares[:0]
		for k, o := range opinions {
			if o != nil && weights[k] > 0 {
				values, shares = append(values, get(o)), append(shares, weights[k])
			}
		}
		return weightedMedian(values, shares)
	}
	own := ownWeights(opinions, weights)
	spread := func(get func(*opinion) float64) float64 {
		most := 3 * median(own, get)
		return weightedMean(opinions, own, func(o *opinion) float64 { return math.Min(most, get(o)) })
	}
	middle := func(get func(*opinion) float64) float64 { return median(weights, get) }
	if average {
		middle = func(get func(*opinion) float64) float64 { return weightedMean(opinions, weights, get) }
	}
	var f Forecast
	sum := 0.0
	for t := range horizonOf(opinions) {
		at := middle(func(o *opinion) float64 { return o.mean[t] })
		f.Period = append(f.Period, distribution.NewNormal(at, spread(func(o *opinion) float64 { return o.sd[t] })))
		sum += at
	}
	f.Total = distribution.NewNormal(sum, spread(func(o *opinion) float64 { return o.totalSD }))
	return f
}

// ownWeights leaves out the global members, unless nothing is left then.
func ownWeights(opinions []*opinion, weights []float64) []float64 {
	own, all := slices.Clone(weights), 0.0
	for k, o := range opinions {
		switch {
		case o == nil:
		case o.global:
			own[k] = 0
		default:
			all += own[k]
		}
	}
	if all > 0 {
		return own
	}
	return weights
}

func weightedMean(opinions []*opinion, weights []float64, get func(*opinion) float64) float64 {
	sum, all := 0.0, 0.0
	for k, o := range opinions {
		if o != nil {
			sum += weights[k] * get(o)
			all += weights[k]
		}
	}
	return sum / all
}

// horizonOf is how many periods the opinions are about.
func horizonOf(opinions []*opinion) int {
	for _, o := range opinions {
		if o != nil {
			return len(o.mean)
		}
	}
	return 0
}

// weightedMedian is the value below and above which no more than half of the weight lies,
// and in the middle of two where each half lies on one side: with equal weights the median.
// It sorts both slices.
func weightedMedian(values, weights []float64) float64 {
	all := 0.0
	for i := range values { // insertion sort: there are few
		for j := i; j > 0 && values[j] < values[j-1]; j-- {
			values[j], values[j-1] = values[j-1], values[j]
			weights[j], weights[j-1] = weights[j-1], weights[j]
		}
	}
	for _, w := range weights {
		all += w
	}
	upTo, rounding := 0.0, 1e-12*all
	for i, w := range weights[:len(weights)-1] {
		upTo += w
		switch {
		case math.Abs(upTo-all/2) <= rounding:
			return values[i] + (values[i+1]-values[i])/2
		case upTo > all/2:
			return values[i]
		}
	}
	return values[len(values)-1]
}

// weigh gives each member a weight of its mean absolute error to the power -p, so that 0 is
// equal weights. A member without an error, because it had no opinion or nothing was seen
// to judge it by, takes the mean error of the others.
func weigh(errors []float64, p float64) []float64 {
	w := make([]float64, len(errors))
	var known average
	least := math.Inf(1)
	for _, e := range errors {
		known.add(e)
		if e < least {
			least = e
		}
	}
	floor, sum := 1e-9*known.mean(), 0.0
	for k, e := range errors {
		switch {
		case p == 0 || known.n == 0 || !(known.mean() > 0):
			w[k] = 1
		case math.IsNaN(e):
			w[k] = math.Pow(known.mean()/math.Max(least, floor), -p)
		default:
			w[k] = math.Pow(math.Max(e, floor)/math.Max(least, floor), -p)
		}
		sum += w[k]
	}
	for k := range w {
		w[k] /= sum
	}
	return w
}

// errorsOf is the mean absolute error of every member; NaN where there is none.
func errorsOf(opinions []*opinion, actual []float64) []float64 {
	errors := make([]float64, len(opinions))
	for k, o := range opinions {
		errors[k] = math.NaN()
		if o != nil {
			errors[k] = meanAbsolute(actual, o.mean)
		}
	}
	return errors
}

func meanAbsolute(actual, forecast []float64) float64 {
	var loss average
	for t, y := range actual {
		loss.add(math.Abs(y - forecast[t]))
	}
	return loss.mean()
}

func anyOpinion(opinions []*opinion) bool {
	return slices.ContainsFunc(opinions, func(o *opinion) bool { return o != nil })
}
