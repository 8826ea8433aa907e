package pricing

import (
	"math"

	"tradewind/numeric/distribution"
)

// Newsvendor is the item whose price and order are set together before one season, with
// demand a - b·p + noise: what is left is salvaged, what is missing costs goodwill.
type Newsvendor struct {
	A, B     float64 // demand in the mean, but for the noise
	Noise    distribution.Distribution
	Cost     float64 // a unit
	Salvage  float64 // a unit left; below Cost
	Goodwill float64 // a unit missing
}

// Best returns the price, the order and the expected profit of the season. Given the
// stock z that is held against noise, the best price is (a+bc+μ)/2b - Θ(z)/2b, where
// Θ(z) = E[(noise-z)⁺]; z is searched over the quantiles of the noise.
//
// Source: N. C. Petruzzi and M. Dada, Pricing and the newsvendor problem: a review with
// extensions, Operations Research 47 (1999), theorem 1.
func (n *Newsvendor) Best() (price, order, profit float64) {
	mean := n.Noise.Mean()
	at := func(z float64) (price, profit float64) {
		above, below := n.Noise.Loss(z)
		price = (n.A+n.B*n.Cost+mean)/(2*n.B) - above/(2*n.B)
		sure := n.A - n.B*price
		profit = (price-n.Cost)*(sure+mean) - (n.Cost-n.Salvage)*below - (price-n.Cost+n.Goodwill)*above
		return price, profit
	}
	// Profit in z may have two peaks: look everywhere, then close in.
	const places = 400
	best, highest := 1, math.Inf(-1)
	for k := 1; k < places; k++ {
		if _, x := at(n.Noise.Quantile(float64(k) / places)); x > highest {
			best, highest = k, x
		}
	}
	low := n.Noise.Quantile((float64(best) - .999) / places)
	high := n.Noise.Quantile((float64(best) + .999) / places)
	z := golden(low, high, func(z float64) float64 { _, x := at(z); return x })
	price, profit = at(z)
	return price, n.A - n.B*price + z, profit
}

// golden returns where a function with one peak between low and high is highest.
func golden(low, high float64, f func(float64) float64) float64 {
	const ratio = 0.6180339887498949
	a, b := high-ratio*(high-low), low+ratio*(high-low)
	fa, fb := f(a), f(b)
	for range 80 {
		if fa < fb {
			low, a, fa = a, b, fb
			b = low + ratio*(high-low)
			fb = f(b)
		} else {
			high, b, fb = b, a, fa
			a = high - ratio*(high-low)
			fa = f(a)
		}
	}
	return (low + high) / 2
}
