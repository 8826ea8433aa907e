package demand

import "math"

// spans are the days that rates are looked at over.
var spans = [...]int{7, 14, 28, 56, 112, 224, 365}

const (
	traitCount = 3*len(spans) + 11
	year       = 364 // whole weeks
)

// traits are what a series shows at a day: how much it sold, and how often, over shorter
// and longer spans, what it did at this season a year ago, its age. Rates are a day of
// the calendar's offset 1 at that day's level of trade; those in units are in multiples of
// scale, the rate over the whole life.
type traits struct {
	row   [traitCount]float64
	scale float64
	cap   float64
	level float64
	rough float64 // root mean squared difference of neighbouring days
}

// look reads the traits of a series at the end of its first n days. It reports false for
// a series without a sale in them, or where the shop itself had none of late. It returns the
// buffer, grown if need be.
func (tr *traits) look(o *origin, y *Series, n int, buffer []float64) ([]float64, bool) {
	tr.cap, buffer = capOf(y.Units[y.first:n], buffer)
	if math.IsInf(tr.cap, 1) {
		return buffer, false
	}
	if tr.level = o.level(n); !(tr.level > 0) {
		return buffer, false // the shop rested for four weeks
	}
	var units, capped, active [len(spans)]float64
	var exposure [len(spans)]float64
	var lastYear, lastYearWide, before, beforeWide rate
	var sumUnits, sumCapped, sumActive, sumExposure float64
	squares, next := 0.0, math.NaN()
	since, k := -1, 0
	past := n - year
	note := func(k int) {
		units[k], capped[k], active[k], exposure[k] = sumUnits, sumCapped, sumActive, sumExposure/tr.level
	}
	for t := n - 1; t >= y.first; t-- {
		u, e := y.Units[t], o.offsets[t]*y.exposure(t)
		on := 0.0
		if u > 0 {
			on = 1
			sumUnits += u
			sumCapped += math.Min(u, tr.cap)
			sumActive++
			if since < 0 {
				since = n - 1 - t
			}
		}
		sumExposure += e
		if d := u - next; d == d {
			squares += d * d
		}
		next = u
		if d := t - past; d < 42 {
			switch {
			case d >= 0 && d < 28:
				lastYear.add(on, e)
			case d >= -28 && d < 0:
				before.add(on, e)
			}
			switch {
			case d >= -7 && d < 35:
				lastYearWide.add(on, e)
			case d >= -63 && d < -7:
				beforeWide.add(on, e)
			}
		}
		for k < len(spans) && n-t == spans[k] {
			note(k)
			k++
		}
	}
	age := n - y.first
	for ; k < len(spans); k++ {
		note(k)
	}
	if !(sumExposure > 0) {
		return buffer, false
	}
	life := sumExposure / tr.level
	tr.scale = sumCapped / life
	tr.rough = math.Sqrt(squares / math.Max(1, float64(age-1)))
	x := tr.row[:0]
	for k, span := range spans {
		e := exposure[k]
		if 2*age < span || !(e > 0) {
			x = append(x, math.NaN(), math.NaN(), math.NaN())
			continue
		}
		x = append(x, units[k]/e/tr.scale, capped[k]/e/tr.scale, active[k]/e)
	}
	x = append(x, tr.scale, sumActive/life, sumUnits/sumActive, tr.cap*sumActive/sumUnits, float64(age), float64(since))
	if age < year+14 {
		nan := math.NaN()
		x = append(x, nan, nan, nan, nan, nan)
	} else {
		x = append(x, lastYear.mean(), before.mean(), lastYearWide.mean(), beforeWide.mean(),
			math.Log(lastYearWide.near(sumActive/life*tr.level)/beforeWide.near(sumActive/life*tr.level)))
	}
	return buffer, len(x) == traitCount
}

// rate is a sum over an exposure.
type rate struct{ sum, exposure float64 }

func (r *rate) add(x, exposure float64) {
	r.sum += x
	r.exposure += exposure
}

func (r *rate) mean() float64 {
	if r.exposure <= 0 {
		return math.NaN()
	}
	return r.sum / r.exposure
}

// near is the mean shrunk to a usual rate as if two weeks had been seen at it.
func (r *rate) near(usual float64) float64 { return (r.sum + 14*usual) / (r.exposure + 14) }
