package demand

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/forecast"
)

// Outlook is the forecast of one series: a distribution for every coming day, for the
// total over any span, and joint draws of both.
type Outlook struct {
	Model       string     // the method that was chosen
	Class       string     // the class of series whose backtest chose it; "" when pooled
	Pooled      bool       // too little history of its own: the rate is shared with similar series
	SellingDays int        // days with a sale
	Skill       float64    // 1 - RMSSE / RMSSE of weekly seasonal naive in the backtest; NaN when not measured
	Optimism    float64    // how much more of seasonal naive's RMSSE it made in the last window, which the choice did not see; NaN when not measured
	Weights     []Weight   // of the members that are combined; nil when one method stands alone
	Returns     ReturnRate // what comes back of what is sold
	Evidence    []Score    // how every method did
	Alignment   Alignment  // to the totals above the series

	law
	blocks *forecast.Blocks
}

// Needed returns the selling days from which on a series has a rate of its own.
func (o *Outlook) Needed() int { return MinSellingDays }

// Forecast returns the distributions of the next h days and of their total.
func (o *Outlook) Forecast(h int) forecast.Forecast {
	return o.law.forecast(min(h, len(o.ahead)))
}

// Mean returns the expected demand of the days from ≤ t < to.
func (o *Outlook) Mean(from, to int) float64 { return o.blocks.Mean(from, to) }

// Draw draws the demand of consecutive blocks of days: see inventory.Demand.
func (o *Outlook) Draw(dst []float64, ends []int, rng *rand.Rand) { o.blocks.Draw(dst, ends, rng) }

// Levels and DrawAt tell what all blocks of a future share from the chance within them:
// see inventory.Levels.
func (o *Outlook) Levels(dst []float64, days int) { o.blocks.Levels(dst, days) }

// DrawAt is Draw at a given level.
func (o *Outlook) DrawAt(dst []float64, ends []int, level float64, rng *rand.Rand) {
	o.blocks.DrawAt(dst, ends, level, rng)
}

// law is a rate under coming offsets with what the shop teaches about counts around it.
type law struct {
	rate        forecast.Rate
	calibration forecast.Calibration
	ahead       []float64
}

// around is the law of another method's means: the method says where the middle lies, the
// shop how far counts scatter and levels drift. Means below nothing are nothing.
func around(c forecast.Calibration, means []float64) law {
	c.Scale = 1 // what the filter's caps hold back, a method's means have
	ahead := make([]float64, len(means))
	for t, m := range means {
		ahead[t] = math.Max(0, m)
	}
	return law{forecast.Rate{Mean: 1, Evidence: math.Inf(1)}, c, ahead}
}

func (l law) forecast(h int) forecast.Forecast { return l.calibration.Forecast(l.rate, l.ahead[:h]) }
