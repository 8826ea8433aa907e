package demand

import (
	"math"

	"tradewind/numeric/distribution"
	"tradewind/numeric/forecast"
)

const (
	// PublishedWeeks is how many weeks a published forecast covers.
	PublishedWeeks = 4
	// PublishedDays is as many days.
	PublishedDays = 7 * PublishedWeeks
)

// Published is a forecast as it is given out and kept: the next four weeks, and their
// total. Quantiles of weeks do not add up to those of the total; means do.
type Published struct {
	Weeks [PublishedWeeks]Spread
	Total Spread

	// Of cases in which the total is exactly P10, or exactly P90, this share counts as inside
	// the central 80 %. Counts have atoms: without the share too many would.
	InsideP10, InsideP90 float64
}

// Spread is a distribution in four numbers.
type Spread struct{ Mean, P10, P50, P90 float64 }

func spreadOf(d distribution.Distribution) Spread {
	return Spread{d.Mean(), d.Quantile(.1), d.Quantile(.5), d.Quantile(.9)}
}

// Publish sums up the forecast of the next PublishedDays days.
func Publish(f forecast.Forecast) Published {
	p := Published{Total: spreadOf(f.Total)}
	p.InsideP10, p.InsideP90 = inside(f.Total, p.Total.P10), inside(f.Total, p.Total.P90)
	for w, d := range weeksOf(f) {
		p.Weeks[w] = spreadOf(d)
	}
	return p
}

// inside is the part of the atom of d at y that lies in its central 80 %: of a randomised
// transform of y, the probability to fall between .1 and .9.
func inside(d distribution.Distribution, y float64) float64 {
	low, high := distribution.PIT(d, y, 0), distribution.PIT(d, y, 1)
	if high <= low {
		return 1 // no atom: y is on the edge
	}
	return math.Max(0, math.Min(high, .9)-math.Max(low, .1)) / (high - low)
}

// weeksOf returns the distribution of the total of each week. The days depend on each other
// as much as the variance of their total says, every pair alike, so with σ_t and that
// correlation ρ
//
//	Var[week] = Σσ²_t + ρ ((Σσ_t)² - Σσ²_t),
//
// and a week is a count with that mean and variance.
func weeksOf(f forecast.Forecast) [PublishedWeeks]distribution.Distribution {
	var weeks [PublishedWeeks]distribution.Distribution
	rho := dependence(f)
	for w := range weeks {
		mean, sum, squares := 0.0, 0.0, 0.0
		for _, d := range f.Period[7*w : 7*w+7] {
			v := d.Variance()
			mean, sum, squares = mean+d.Mean(), sum+math.Sqrt(v), squares+v
		}
		weeks[w] = distribution.NegativeBinomialOf(math.Max(0, mean), squares+rho*(sum*sum-squares))
	}
	return weeks
}

// dependence is the correlation of two days that the variance of the total tells of.
func dependence(f forecast.Forecast) float64 {
	sum, squares := 0.0, 0.0
	for _, d := range f.Period {
		v := d.Variance()
		sum, squares = sum+math.Sqrt(v), squares+v
	}
	cross := sum*sum - squares
	if !(cross > 0) {
		return 0
	}
	return math.Min(1, math.Max(0, (f.Total.Variance()-squares)/cross))
}

// Profile is how published weeks are spread over their days: PublishedDays shares, each
// week's adding up to 1.
type Profile []float64

// NewProfile takes the shares from the sum of many forecasts, day by day. A week in which
// nothing is expected is spread evenly.
func NewProfile(units []float64) Profile {
	p := make(Profile, PublishedDays)
	for w := range PublishedWeeks {
		week := units[7*w : 7*w+7]
		sum := total(week)
		for d := range week {
			p[7*w+d] = 1. / 7
			if sum > 0 {
				p[7*w+d] = week[d] / sum
			}
		}
	}
	return p
}

// Days spreads published weeks over their days.
func (p Profile) Days(f *Published) []float64 {
	days := make([]float64, PublishedDays)
	for t := range days {
		days[t] = f.Weeks[t/7].Mean * p[t]
	}
	return days
}
