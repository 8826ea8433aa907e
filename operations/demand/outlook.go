package demand

import (
	"math/rand/v2"

	"tradewind/numeric/distribution"
	"tradewind/numeric/forecast"
)

// Outlook is the forecast of one series: a distribution for every coming day, for the
// total over any span, and joint draws of both.
type Outlook struct {
	Model       string  // the method that was chosen
	Class       string  // the class of series whose backtest chose it; "" when pooled
	Pooled      bool    // too little history of its own: the rate is shared with similar series
	SellingDays int     // days with a sale
	Skill       float64 // 1 - RMSSE / RMSSE of weekly seasonal naive in the backtest; NaN when not measured
	Evidence    []Score // how every method did

	rate        forecast.Rate
	calibration forecast.Calibration
	ahead       []float64
	blocks      *forecast.Blocks
	other       *forecast.Forecast // when another method than the filter was chosen
}

// Needed returns the selling days from which on a series has a rate of its own.
func (o *Outlook) Needed() int { return MinSellingDays }

// Forecast returns the distributions of the next h days and of their total.
func (o *Outlook) Forecast(h int) forecast.Forecast {
	h = min(h, len(o.ahead))
	if o.other == nil {
		return o.calibration.Forecast(o.rate, o.ahead[:h])
	}
	f := forecast.Forecast{Period: o.other.Period[:h]}
	mean := 0.0
	for _, d := range f.Period {
		mean += d.Mean()
	}
	f.Total = scaled{o.other.Total, mean / max(o.other.Total.Mean(), 1e-12)}
	return f
}

// Mean returns the expected demand of the days from ≤ t < to.
func (o *Outlook) Mean(from, to int) float64 {
	if o.other == nil {
		return o.blocks.Mean(from, to)
	}
	return o.share(from, to) * o.other.Total.Mean()
}

// Draw draws the demand of consecutive blocks of days: see inventory.Demand. A method
// other than the filter gives the law of the total; its blocks take their expected shares
// of one draw of it.
func (o *Outlook) Draw(dst []float64, ends []int, rng *rand.Rand) {
	if o.other == nil {
		o.blocks.Draw(dst, ends, rng)
		return
	}
	total := distribution.Sample(o.other.Total, rng)
	before := 0
	for k, end := range ends {
		dst[k] = total * o.share(before, end)
		before = end
	}
}

// share is the part of the total over all periods that the days from ≤ t < to expect;
// days beyond the periods expect an average day.
func (o *Outlook) share(from, to int) float64 {
	n := len(o.other.Period)
	part := 0.0
	for t := from; t < min(to, n); t++ {
		part += o.other.Period[t].Mean()
	}
	share := part / max(o.other.Total.Mean(), 1e-12)
	if beyond := to - max(from, n); beyond > 0 {
		share += float64(beyond) / float64(n)
	}
	return share
}

// scaled is a distribution in other units: factor × D.
type scaled struct {
	distribution.Distribution
	factor float64
}

func (s scaled) Mean() float64              { return s.factor * s.Distribution.Mean() }
func (s scaled) Variance() float64          { return s.factor * s.factor * s.Distribution.Variance() }
func (s scaled) CDF(x float64) float64      { return s.Distribution.CDF(x / s.factor) }
func (s scaled) Quantile(u float64) float64 { return s.factor * s.Distribution.Quantile(u) }
func (s scaled) Loss(x float64) (above, below float64) {
	above, below = s.Distribution.Loss(x / s.factor)
	return s.factor * above, s.factor * below
}
