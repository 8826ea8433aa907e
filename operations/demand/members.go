package demand

import (
	"math"

	"tradewind/numeric/forecast"
)

// The members of the combination. Each gives a rate a day of offset 1, from counts up to
// the cap of the series; Calibration puts back what the cap holds back.
const (
	byFilter = iota // the Gamma–Poisson filter
	byMonth         // the mean of the last four weeks
	byTrees         // boosted trees over all series
	memberCount
)

var memberNames = [memberCount]string{filterName, "28-day mean", "boosted trees"}

// Weight is the share of a member in a forecast.
type Weight struct {
	Member string  `json:"member"`
	Weight float64 `json:"weight"`
}

// view is what the members say of one series at an origin.
type view struct {
	rates    [memberCount]float64 // NaN: no such member
	evidence float64              // of the filter
	scale    float64              // the rate over the whole life
	cap      float64
	rough    float64 // root mean squared difference of neighbouring days
	class    int
}

// rate is a rate of which as much is known as the filter knows of its own.
func (v *view) rate(mean float64) forecast.Rate {
	return forecast.Rate{Mean: mean, Evidence: v.evidence}
}

// viewer looks at series at an origin and keeps the room that it needs for that.
type viewer struct {
	*origin
	traits  traits
	buffer  []float64
	offsets []float64
}

// see asks the members about a series, of which the first n days are known.
func (v *viewer) see(y *Series) (out view, ok bool) {
	n := v.n
	if v.buffer, ok = v.traits.look(v.origin, y, n, v.buffer); !ok {
		return out, false
	}
	out.scale, out.cap, out.rough = v.traits.scale, v.traits.cap, v.traits.rough
	out.class = classOf(float64(y.sellingDays(n)) / float64(n-y.first))
	offsets := v.pastOffsets(y)
	filter := forecast.NewGammaPoisson(forecast.GammaPoissonForm{}, out.cap)
	for t := y.first; t < n; t++ {
		filter.Update(y.Units[t], offsets[t])
	}
	rate := filter.Rate()
	out.rates[byFilter], out.evidence = rate.Mean, rate.Evidence
	from := max(y.first, n-held)
	out.rates[byMonth] = math.NaN()
	if exposure := v.exposure(y, from, n); exposure > 0 {
		out.rates[byMonth] = y.capped(from, n, out.cap) / exposure
	}
	out.rates[byTrees] = math.NaN()
	if v.boost != nil {
		out.rates[byTrees] = v.boost.PredictRow(v.traits.row[:], 0) * out.scale / v.traits.level
	}
	return out, true
}

// pastOffsets are the offsets of the past of a series, lowered where it was out of stock.
func (v *viewer) pastOffsets(y *Series) []float64 {
	if y.Stocked == nil {
		return v.origin.offsets
	}
	v.offsets = append(v.offsets[:0], v.origin.offsets...)
	for t := range v.n {
		v.offsets[t] *= y.Stocked[t]
	}
	return v.offsets
}

// mix is the weighted geometric mean of the rates, which a member that strays pulls less
// than it would the arithmetic one. Rates near nothing are told apart down to a twentieth
// of scale. Where a member is missing the others take its weight.
func (w *weights) mix(rates [memberCount]float64, scale float64) float64 {
	floor := scale / 20
	sum, weight := 0.0, 0.0
	for k, r := range rates {
		if !math.IsNaN(r) {
			sum += w[k] * math.Log(r+floor)
			weight += w[k]
		}
	}
	if weight == 0 {
		return rates[byFilter]
	}
	return math.Max(0, math.Exp(sum/weight)-floor)
}

type weights [memberCount]float64

// name says what a forecast with these weights is made of.
func (w *weights) name() string {
	for k, x := range w {
		if x > .99 {
			return memberNames[k]
		}
	}
	return mixName
}

// list gives the weights of the members that a series has, as mix takes them.
func (w *weights) list(rates [memberCount]float64) []Weight {
	sum := 0.0
	for k, r := range rates {
		if !math.IsNaN(r) {
			sum += w[k]
		}
	}
	if sum == 0 {
		return []Weight{{memberNames[byFilter], 1}}
	}
	var list []Weight
	for k, r := range rates {
		if !math.IsNaN(r) && w[k] > 0 {
			list = append(list, Weight{memberNames[k], w[k] / sum})
		}
	}
	return list
}
