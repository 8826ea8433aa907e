package forecast

import (
	"math"

	"tradewind/numeric/distribution"
)

// LogMethod forecasts log y with another method and takes the result back: for seasons
// and errors that grow with the level. The middle of a period is exp(μ), the median of a
// lognormal variable, and its standard deviation that of first order, exp(μ) σ; the total
// takes its dependence from the logs. A series with a value that is not positive goes to
// the method as it is.
//
// Source: Hyndman & Athanasopoulos, Forecasting: principles and practice (2021), section 3.1
// and 5.6, without the bias adjustment.
func LogMethod(inner Method) Method {
	return Method{Name: "log " + inner.Name, Forecast: func(past []float64, h int) (Forecast, error) {
		logs := make([]float64, len(past))
		for t, y := range past {
			if y <= 0 {
				return inner.Forecast(past, h)
			}
			logs[t] = math.Log(y) // NaN stays NaN
		}
		f, err := inner.Forecast(logs, h)
		if err != nil {
			return Forecast{}, err
		}
		return f.exponentiated(), nil
	}}
}

// mostLog and mostLogError bound what is taken back: nothing sensible lies beyond, and
// the squares would leave the numbers that there are.
const mostLog, mostLogError = 300, 2

func (f Forecast) exponentiated() Forecast {
	out := Forecast{Period: make([]distribution.Distribution, len(f.Period))}
	rho := f.dependence(len(f.Period))
	mean, sum, squares := 0.0, 0.0, 0.0
	for t, d := range f.Period {
		mu := math.Exp(math.Min(d.Mean(), mostLog))
		sd := mu * math.Min(math.Sqrt(d.Variance()), mostLogError)
		out.Period[t] = distribution.NewNormal(mu, sd)
		mean, sum, squares = mean+mu, sum+sd, squares+sd*sd
	}
	out.Total = distribution.NewNormal(mean, math.Sqrt(squares+rho*(sum*sum-squares)))
	return out
}
