package demand

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
)

// TestReturnRates: items whose rates are Beta with mean .06 and strength 60. Shrunk rates
// are nearer to the truth than the shares that were seen, and the strength is found.
func TestReturnRates(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	var all []Series
	var truth []float64
	for range 2000 {
		a, b := distribution.DrawGamma(60*.06, rng), distribution.DrawGamma(60*.94, rng)
		p := a / (a + b)
		y := Series{returns: returns{sold: float64(1 + rng.IntN(80))}}
		for range int(y.returns.sold) {
			if rng.Float64() < p {
				y.AddReturned(1)
			}
		}
		all, truth = append(all, y), append(truth, p)
	}
	rates := returnRatesOf(all)
	if s := rates.items; s < 45 || s > 80 {
		t.Errorf("strength %v, want about 60", s)
	}
	var shrunk, seen float64
	for i := range all {
		shrunk += math.Pow(rates.of(&all[i]).Mean-truth[i], 2)
		seen += math.Pow(all[i].returns.back/all[i].returns.sold-truth[i], 2)
	}
	if shrunk > .5*seen {
		t.Errorf("squared error %v, of the shares seen %v", shrunk, seen)
	}
	if got := rates.of(&Series{}).Mean; math.Abs(got-.06) > .006 {
		t.Errorf("a product without sales returns %v, want the shop's .06", got)
	}
	if got := returnRatesOf(nil); got.of(&Series{}).Mean != 0 {
		t.Errorf("a shop without sales returns %v", got.of(&Series{}))
	}
}

// TestReturnsOfACategory: an item without history takes the rate of its category.
func TestReturnsOfACategory(t *testing.T) {
	var all []Series
	for c, back := range map[string]float64{"shoes": 30, "mugs": 2, "pens": 1, "hats": 10} {
		for range 20 {
			all = append(all, Series{Category: c, returns: returns{100, back}})
		}
	}
	rates := returnRatesOf(all)
	shoes, mugs := rates.of(&Series{Category: "shoes"}).Mean, rates.of(&Series{Category: "mugs"}).Mean
	if shoes < .25 || mugs > .04 {
		t.Errorf("new shoes return %v, new mugs %v, want about .3 and .02", shoes, mugs)
	}
}
