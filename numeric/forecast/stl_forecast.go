package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"tradewind/numeric/distribution"
)

// Fitted is a model of one series that forecasts, learns the value of each next period
// (NaN is missing) with its parameters kept, and has a name.
type Fitted interface {
	Forecast(h int) Forecast
	Update(y float64)
	Name() string
}

// SeasonallyAdjusted forecasts the parts of a series one by one: what MSTL leaves without
// its seasons by any model, and each season by its last run,
//
//	y_{n+h} = x_{n+h} + Σ_k s_{k, n+h-m_k⌈h/m_k⌉},   x = y - Σ_k s_k.
//
// So a model without a season, or for short ones only, serves hours with days and weeks
// or weeks with years. The seasons are taken as known: the spread is that of x alone.
//
// Source: Hyndman & Athanasopoulos, Forecasting: principles and practice (2021), section
// 5.7; stlf of the R package forecast 8.20.
type SeasonallyAdjusted struct {
	Inner   Fitted              // of the seasonally adjusted series
	Seasons []SeasonalComponent // those found; none if y was too short for every period
	since   int                 // periods learned after the fit
}

// FitSeasonallyAdjusted takes the seasons of the given periods out of y by MSTL and fits
// what remains. A period with no more than two seasons in y is left out, with none left y
// itself is fitted. Missing values stay missing. It does not modify y. Errors are those of fit.
func FitSeasonallyAdjusted(y []float64, fit func(x []float64) (Fitted, error), periods ...int) (*SeasonallyAdjusted, error) {
	x, seasons := withoutSeasons(y, periods)
	inner, err := fit(x)
	if err != nil {
		return nil, err
	}
	return &SeasonallyAdjusted{Inner: inner, Seasons: seasons}, nil
}

func withoutSeasons(y []float64, periods []int) (x []float64, seasons []SeasonalComponent) {
	d, err := MSTL(y, periods...)
	if err != nil { // too short
		return y, nil
	}
	return d.SeasonallyAdjusted(y), d.Seasonal
}

// Name is such as "STL [24 168] + ETS(A,Ad,N)".
func (s *SeasonallyAdjusted) Name() string {
	if len(s.Seasons) == 0 {
		return s.Inner.Name()
	}
	var periods []string
	for _, season := range s.Seasons {
		periods = append(periods, fmt.Sprint(season.Period))
	}
	return fmt.Sprintf("STL [%s] + %s", strings.Join(periods, " "), s.Inner.Name())
}

// season is that of the i-th period from the next, i = 0, 1, …
func (s *SeasonallyAdjusted) season(i int) float64 { return seasonsAhead(s.Seasons, s.since+i) }

func seasonsAhead(seasons []SeasonalComponent, i int) float64 {
	sum := 0.0
	for _, s := range seasons {
		sum += s.Ahead(i)
	}
	return sum
}

// Update learns the value of the next period; NaN is missing. The seasons stay.
func (s *SeasonallyAdjusted) Update(y float64) {
	s.Inner.Update(y - s.season(0))
	s.since++
}

// Forecast returns the distributions of the next h periods and of their total.
func (s *SeasonallyAdjusted) Forecast(h int) Forecast {
	return s.Inner.Forecast(h).shifted(s.season)
}

// Path draws the next len(dst) periods jointly, by the path of the inner model if it has
// one, and else by that of its Forecast.
func (s *SeasonallyAdjusted) Path(dst []float64, rng *rand.Rand) {
	if inner, ok := s.Inner.(interface {
		Path(dst []float64, rng *rand.Rand)
	}); ok {
		inner.Path(dst, rng)
	} else {
		s.Inner.Forecast(len(dst)).Path(dst, rng)
	}
	for i := range dst {
		dst[i] += s.season(i)
	}
}

// STLMethod is SeasonallyAdjusted with any method for the seasonally adjusted series.
func STLMethod(inner Method, periods ...int) Method {
	return Method{
		Name: fmt.Sprintf("STL %v + %s", periods, inner.Name),
		Forecast: func(past []float64, h int) (Forecast, error) {
			x, seasons := withoutSeasons(past, periods)
			f, err := inner.Forecast(x, h)
			if err != nil {
				return Forecast{}, err
			}
			return f.shifted(func(i int) float64 { return seasonsAhead(seasons, i) }), nil
		},
	}
}

// shifted is the forecast with by(i) added to period i.
func (f Forecast) shifted(by func(i int) float64) Forecast {
	moved := Forecast{Period: make([]distribution.Distribution, len(f.Period))}
	total := 0.0
	for i, d := range f.Period {
		moved.Period[i] = shift(d, by(i))
		total += by(i)
	}
	moved.Total = shift(f.Total, total)
	return moved
}

// shift is the distribution of D + by.
func shift(d distribution.Distribution, by float64) distribution.Distribution {
	if n, ok := d.(distribution.Normal); ok {
		return boundedNormal(n.Mean()+by, math.Sqrt(n.Variance()))
	}
	return shiftedDistribution{d, by}
}

type shiftedDistribution struct {
	of distribution.Distribution
	by float64
}

func (d shiftedDistribution) Mean() float64              { return d.of.Mean() + d.by }
func (d shiftedDistribution) Variance() float64          { return d.of.Variance() }
func (d shiftedDistribution) CDF(x float64) float64      { return d.of.CDF(x - d.by) }
func (d shiftedDistribution) Quantile(u float64) float64 { return d.of.Quantile(u) + d.by }
func (d shiftedDistribution) Loss(x float64) (above, below float64) {
	return d.of.Loss(x - d.by)
}
