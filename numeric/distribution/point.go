package distribution

import "math"

// Point is the constant: all probability on one value.
type Point float64

func (d Point) Mean() float64         { return float64(d) }
func (d Point) Variance() float64     { return 0 }
func (d Point) CDF(x float64) float64 { return step(x, float64(d)) }

func (d Point) Quantile(u float64) float64 {
	if u >= 0 && u <= 1 {
		return float64(d)
	}
	return math.NaN()
}

func (d Point) Loss(x float64) (above, below float64) {
	return math.Max(0, float64(d)-x), math.Max(0, x-float64(d))
}
