package benchmark

import (
	"encoding/json"
	"maps"
	"math"

	"tradewind/numeric/forecast"
)

// contestResult is what `-o json` prints for a file of one's own.
type contestResult struct {
	File    string         `json:"file"`
	Default string         `json:"default"`
	Peak    float64        `json:"peak_memory_mib"`
	Groups  []contestGroup `json:"groups"`
}

// contestGroup is one frequency, or all.
type contestGroup struct {
	Name    string                  `json:"name"`
	Series  int                     `json:"series"`
	Methods map[string]contestScore `json:"methods"`
}

// contestScore is how a method did on a group. sMAPE, MASE and MSIS are means over the
// series; a series whose scale is zero has no MASE and is left out of that mean. OWA is
// relative to Naive2 on the same series. Coverages are shares of all forecast periods.
type contestScore struct {
	SMAPE   orNull `json:"smape"`
	MASE    orNull `json:"mase"`
	OWA     orNull `json:"owa"`
	MSIS    orNull `json:"msis95"`
	Cover80 orNull `json:"coverage80"`
	Cover90 orNull `json:"coverage90"`
	Cover95 orNull `json:"coverage95"`
	CPU     orNull `json:"cpu_seconds"`
	Wall    orNull `json:"wall_seconds"`
}

// orNull is a figure that JSON shows as null where it is not defined.
type orNull float64

func (x orNull) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

func (x *orNull) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*x = orNull(math.NaN())
		return nil
	}
	return json.Unmarshal(text, (*float64)(x))
}

// levels of the intervals that are judged.
var levels = [3]float64{.8, .9, .95}

// tally sums the scores of one method on one group.
type tally struct {
	series            int // that were judged
	smape, mase, msis mean
	inside            [len(levels)]mean
	cost              Cost
}

// judge adds one series.
func (t *tally) judge(c contestant, f forecast.Forecast) {
	means := f.Means()
	t.series++
	t.smape.add(forecast.SMAPE(c.test, means))
	t.mase.add(forecast.MASE(c.train, c.test, means, c.frequency.lag))
	t.msis.add(forecast.MSIS(c.train, c.test, f.Period, levels[2], c.frequency.lag))
	for h, y := range c.test {
		if math.IsNaN(y) {
			continue
		}
		for k, level := range levels {
			d := f.Period[h]
			t.inside[k].add(*flag(d.Quantile((1-level)/2) <= y && y <= d.Quantile((1+level)/2)))
		}
	}
}

func (t *tally) merge(o tally) {
	t.series += o.series
	t.smape.merge(o.smape)
	t.mase.merge(o.mase)
	t.msis.merge(o.msis)
	for k := range t.inside {
		t.inside[k].merge(o.inside[k])
	}
	t.cost.CPU += o.cost.CPU
	t.cost.Wall += o.cost.Wall
}

// score sums up, relative to what the yardstick scored on the same series.
func (t *tally) score(naive2 reference) contestScore {
	owa := (t.smape.value()/naive2.smape + t.mase.value()/naive2.mase) / 2
	return contestScore{
		SMAPE: orNull(t.smape.value()), MASE: orNull(t.mase.value()), OWA: orNull(owa), MSIS: orNull(t.msis.value()),
		Cover80: orNull(t.inside[0].value()), Cover90: orNull(t.inside[1].value()), Cover95: orNull(t.inside[2].value()),
		CPU: orNull(t.cost.CPU), Wall: orNull(t.cost.Wall),
	}
}

// reference is what OWA is relative to.
type reference struct{ smape, mase float64 }

// publishedM3 are the scores of NAIVE2 as its authors submitted it to M3, by frequency. The
// test for seasons of the year 2000 was another than that of M4, so ours differ a little.
//
// Source: the forecasts in the R package Mcomp 2.8, scored as in M4.
var publishedM3 = map[string]reference{
	"all": {14.742, 1.665}, "yearly": {17.880, 3.172}, "quarterly": {9.951, 1.238}, "monthly": {16.891, 1.037}, "other": {6.302, 3.089},
}

// m3Series are how many series of each frequency M3 has.
var m3Series = map[string]int{"yearly": 645, "quarterly": 756, "monthly": 1428, "other": 174}

// referenceOf is Naive2 on the same series. For M3 itself, which is known by the number of
// its series and by our own scores of Naive2, it is the published one.
func referenceOf(group string, series map[string]int, naive2 *tally) reference {
	own := reference{naive2.smape.value(), naive2.mase.value()}
	published, known := publishedM3[group]
	near := math.Abs(own.smape/published.smape-1) < .02 && math.Abs(own.mase/published.mase-1) < .02
	if known && near && maps.Equal(series, m3Series) {
		return published
	}
	return own
}

// mean is a running mean that leaves out NaN.
type mean struct{ sum, n float64 }

func (m *mean) add(x float64) {
	if !math.IsNaN(x) {
		m.sum += x
		m.n++
	}
}

func (m *mean) merge(o mean) { m.sum, m.n = m.sum+o.sum, m.n+o.n }

func (m *mean) value() float64 { return m.sum / m.n }
