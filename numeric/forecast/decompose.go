package forecast

import (
	"errors"
	"math"
)

// Decomposition is a series split into a trend, seasonal components and what remains,
//
//	y = trend + Σ seasonal + remainder, or trend · Π seasonal · remainder.
//
// Every part has the length of the series and its units; a multiplicative seasonal
// component and remainder are factors around 1.
type Decomposition struct {
	Multiplicative bool
	Trend          []float64           // a classical one is NaN over the first and last half season
	Seasonal       []SeasonalComponent // shortest period first
	Remainder      []float64           // NaN where the value or the trend is missing
	Weights        []float64           // of a robust STL, 1 for a value in full; else nil
}

// SeasonalComponent is the part of a series that returns after Period values.
type SeasonalComponent struct {
	Period int
	Values []float64
}

// Ahead returns the component i = 0, 1, … periods after the end of the series: its
// last season again and again.
func (s SeasonalComponent) Ahead(i int) float64 {
	return s.Values[len(s.Values)-s.Period+i%s.Period]
}

// SeasonallyAdjusted returns y without the seasonal components; a NaN stays. It does
// not modify y, which must be the series that was decomposed.
func (d *Decomposition) SeasonallyAdjusted(y []float64) []float64 {
	adjusted := append([]float64(nil), y...)
	for _, s := range d.Seasonal {
		for t, v := range s.Values {
			if d.Multiplicative {
				adjusted[t] /= v
			} else {
				adjusted[t] -= v
			}
		}
	}
	return adjusted
}

// Strength returns how much of what is not trend the seasonal component k explains,
//
//	max(0, 1 - Var(remainder) / Var(remainder + seasonal)),
//
// from 0 for none to 1; 0 for a series without variation. Of a multiplicative
// decomposition it is that of the logarithms.
//
// Source: Wang, Smith & Hyndman, Characteristic-based clustering for time series data
// (2006); Hyndman & Athanasopoulos, Forecasting: principles and practice (2021),
// section 4.3.
func (d *Decomposition) Strength(k int) float64 {
	return d.strengthOf(d.Seasonal[k].Values)
}

// TrendStrength is as Strength for the trend.
func (d *Decomposition) TrendStrength() float64 {
	return d.strengthOf(d.Trend)
}

func (d *Decomposition) strengthOf(part []float64) float64 {
	var alone, both, size moments
	for t, r := range d.Remainder {
		p, level := part[t], d.Trend[t]
		if d.Multiplicative {
			r, p, level = math.Log(r), math.Log(p), 1
		}
		if !math.IsNaN(r + p) {
			alone.add(r)
			both.add(r + p)
			size.add(math.Abs(level))
		}
	}
	if rounding := 1e-13 * size.mean; both.squares <= both.n*rounding*rounding {
		return 0 // a constant
	}
	return math.Min(1, math.Max(0, 1-alone.squares/both.squares))
}

// moments are a running mean and the sum of squares about it (Welford 1962).
type moments struct{ n, mean, squares float64 }

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / m.n
	m.squares += d * (x - m.mean)
}

// ClassicalDecomposition splits y by a centred moving average over a season of m >= 2
// periods and the mean of what is left at each position of the season, the indices
// scaled to a mean of 0, or of 1 if multiplicative. A missing value is interpolated first
// and its remainder is NaN. It does not modify y. It returns a *TooShortError with less
// than two seasons, and an error if it is to be multiplicative and the average reaches zero.
//
// Source: Kendall & Stuart, The advanced theory of statistics (1983), volume 3,
// sections 46–49; R's decompose.
func ClassicalDecomposition(y []float64, m int, multiplicative bool) (*Decomposition, error) {
	if m < 2 {
		panic("forecast: a season to decompose needs at least two periods")
	}
	n := len(y)
	if have := observed(y); have < 2*m {
		return nil, &TooShortError{Method: "classical decomposition", Have: have, Need: 2 * m}
	}
	slab := make([]float64, 3*n+m)
	trend, values, remainder, figure := slab[:n:n], slab[n:2*n:2*n], slab[2*n:3*n:3*n], slab[3*n:]
	whole := interpolated(y, []int{m})
	centredAverage(trend, whole, m)
	if !seasonalFigure(figure, whole, trend, multiplicative) {
		return nil, errNotMultiplicative
	}
	for t := range values {
		values[t] = figure[t%m]
		if multiplicative {
			remainder[t] = y[t] / trend[t] / values[t]
		} else {
			remainder[t] = y[t] - trend[t] - values[t]
		}
	}
	return &Decomposition{Multiplicative: multiplicative, Trend: trend, Remainder: remainder,
		Seasonal: []SeasonalComponent{{Period: m, Values: values}}}, nil
}

var errNotMultiplicative = errors.New("forecast: a multiplicative decomposition needs a level above zero")

// centredAverage writes the moving average over m periods into dst, for an even m with
// half weights at both ends; NaN where the window leaves y.
func centredAverage(dst, y []float64, m int) {
	half := m / 2
	for t := range dst {
		if t < half || t+half >= len(y) {
			dst[t] = math.NaN()
			continue
		}
		window := y[t-half : t+half+1]
		sum := 0.0
		if m%2 == 0 {
			sum = 0.5 * (window[0] + window[m])
			window = window[1:m]
		}
		for _, v := range window {
			sum += v
		}
		dst[t] = sum / float64(m)
	}
}

// seasonalFigure writes the seasonal index of each of the len(figure) positions; it is not
// ok if indices are to be multiplicative and the trend is not above zero throughout.
func seasonalFigure(figure, y, trend []float64, multiplicative bool) (ok bool) {
	m := len(figure)
	mean := 0.0
	for i := range figure {
		var at average
		for t := i; t < len(y); t += m {
			if multiplicative {
				if trend[t] <= 0 {
					return false
				}
				at.add(y[t] / trend[t])
			} else {
				at.add(y[t] - trend[t])
			}
		}
		figure[i] = at.mean()
		mean += figure[i] / float64(m)
	}
	for i := range figure {
		if multiplicative {
			figure[i] /= mean
		} else {
			figure[i] -= mean
		}
	}
	return !multiplicative || mean > 0
}
