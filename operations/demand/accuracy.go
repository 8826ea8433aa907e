package demand

import (
	"math"

	"tradewind/numeric/forecast"
)

// Accuracy adds up how published forecasts did against what came: that of the days by
// RMSSE beside weekly seasonal naive, that of the total over PublishedDays beside the last
// PublishedDays. The zero value is ready.
//
// Series with fewer than MinSellingDays days of sales before the origin have no RMSSE: on
// them a forecast of nothing would win. The absolute error of a total is that of the
// median, which is the forecast that makes it least.
type Accuracy struct {
	Series int // forecasts that were judged
	Scaled int // of those, the ones with an RMSSE

	rmsse, naive     float64 // sums over Scaled
	expected, came   float64 // units
	missed, lastMiss float64 // absolute errors of the totals, units
	inside           float64 // of the central 80 % of the total
}

// Add judges one forecast. Past and actual are units a day, the actual ones of the
// PublishedDays after the past; days before the first sale are left out of the past.
func (a *Accuracy) Add(p *Published, profile Profile, past, actual []float64) {
	a.Series++
	came, last := total(actual), total(past[max(0, len(past)-PublishedDays):])
	a.expected, a.came = a.expected+p.Total.Mean, a.came+came
	a.missed += math.Abs(p.Total.P50 - came)
	a.lastMiss += math.Abs(last - came)
	switch {
	case p.Total.P10 < came && came < p.Total.P90:
		a.inside++
	case came == p.Total.P10:
		a.inside += p.InsideP10
	case came == p.Total.P90:
		a.inside += p.InsideP90
	}
	if len(past) < PublishedDays || sellingDays(past) < MinSellingDays {
		return
	}
	naive := make([]float64, len(actual))
	for t := range naive {
		naive[t] = past[len(past)-7+t%7]
	}
	own := forecast.RMSSE(past, actual, profile.Days(p))
	if math.IsNaN(own) {
		return
	}
	a.Scaled++
	a.rmsse, a.naive = a.rmsse+own, a.naive+forecast.RMSSE(past, actual, naive)
}

func sellingDays(units []float64) int {
	n := 0
	for _, u := range units {
		if u > 0 {
			n++
		}
	}
	return n
}

// Plus adds two sums.
func (a Accuracy) Plus(b Accuracy) Accuracy {
	return Accuracy{
		a.Series + b.Series, a.Scaled + b.Scaled, a.rmsse + b.rmsse, a.naive + b.naive,
		a.expected + b.expected, a.came + b.came, a.missed + b.missed, a.lastMiss + b.lastMiss, a.inside + b.inside,
	}
}

// Each of these is NaN while there is nothing to tell it from.

// RMSSE is the mean over the series.
func (a Accuracy) RMSSE() float64 { return a.rmsse / float64(a.Scaled) }

// NaiveRMSSE is that of "each day as on the same weekday of last week".
func (a Accuracy) NaiveRMSSE() float64 { return a.naive / float64(a.Scaled) }

// ValueAdded is the share of the error of seasonal naive that the forecast takes away.
func (a Accuracy) ValueAdded() float64 { return 1 - a.rmsse/positive(a.naive) }

// Bias is Σ forecast / Σ actual - 1.
func (a Accuracy) Bias() float64 { return a.expected/positive(a.came) - 1 }

// Coverage is the share of totals inside their central 80 %.
func (a Accuracy) Coverage() float64 { return a.inside / float64(a.Series) }

// TotalError is the sum of the absolute errors of the totals, as a share of what came.
func (a Accuracy) TotalError() float64 { return a.missed / positive(a.came) }

// LastError is that of "as many as in the last PublishedDays".
func (a Accuracy) LastError() float64 { return a.lastMiss / positive(a.came) }

// Units is what came in all.
func (a Accuracy) Units() float64 { return a.came }

func positive(x float64) float64 {
	if x > 0 {
		return x
	}
	return math.NaN()
}
