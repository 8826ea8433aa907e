package simulate

import (
	"math"
	"math/rand/v2"

	"tradewind/money"
)

func normal(rng *rand.Rand, mean, sd float64) float64 { return mean + sd*rng.NormFloat64() }

func uniform(rng *rand.Rand, low, high float64) float64 { return low + (high-low)*rng.Float64() }

// logNormalWithin draws exp(N(log median, sd)) again until it lies in [low, high].
func logNormalWithin(rng *rand.Rand, median, sd, low, high float64) float64 {
	for {
		if x := median * math.Exp(sd*rng.NormFloat64()); x >= low && x <= high {
			return x
		}
	}
}

// autoregression draws a stationary AR(1) of the given standard deviation.
func autoregression(rng *rand.Rand, n int, coefficient, sd float64) []float64 {
	path := make([]float64, n)
	innovation := sd * math.Sqrt(1-coefficient*coefficient)
	x := normal(rng, 0, sd)
	for t := range path {
		path[t] = x
		x = coefficient*x + normal(rng, 0, innovation)
	}
	return path
}

// currency is the worth of one unit in euro, week by week.
type currency struct {
	code money.Currency
	rate []float64
}

// drawCurrencies lets rates walk from where they stood at the beginning of 2023, roughly.
func (s *Stores) drawCurrencies() {
	start := []currency{{code: "EUR"}, {code: "USD"}, {code: "GBP"}, {code: "CNY"}, {code: "INR"}}
	level := []float64{1, .94, 1.13, .136, .0113}
	for c := range start {
		rng := s.chance(ofCurrencies, c)
		rate := make([]float64, s.last())
		log := math.Log(level[c])
		for t := range rate {
			rate[t] = math.Exp(log)
			if c > 0 {
				log += normal(rng, 0, .010)
			}
		}
		start[c].rate = rate
	}
	s.currency = start
}

// rates returns the worth of a currency, week by week.
func (s *Stores) rates(code money.Currency) []float64 {
	for _, c := range s.currency {
		if c.code == code {
			return c.rate
		}
	}
	panic("simulate: no rate of " + string(code))
}
