package pricing

import (
	"math"
	"testing"

	"tradewind/numeric/distribution"
)

func TestNewsvendorWithPricing(t *testing.T) {
	for _, goodwill := range []float64{0, 3} {
		n := &Newsvendor{A: 100, B: 4, Noise: distribution.NewNormal(0, 12), Cost: 6, Salvage: 2, Goodwill: goodwill}
		price, order, profit := n.Best()
		best, bestPrice, bestOrder := math.Inf(-1), 0., 0.
		for p := 12.; p < 19; p += .02 {
			for q := 5.; q < 90; q += .1 {
				short, left := n.Noise.Loss(q - (n.A - n.B*p))
				if x := p*(q-left) + n.Salvage*left - n.Cost*q - n.Goodwill*short; x > best {
					best, bestPrice, bestOrder = x, p, q
				}
			}
		}
		near(t, "profit", profit, best, 1e-5)
		near(t, "price", price, bestPrice, .005)
		near(t, "order", order, bestOrder, .01)
	}
}
