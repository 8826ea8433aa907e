package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"
)

// TestPoolRecoversTheLawOfRates draws 4,000 series of lumps of 3 and finds the mean and the
// shape of the law that their rates were drawn from. Tolerance: the law is learnt from
// about 20,000 lumps.
func TestPoolRecoversTheLawOfRates(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const shape, mean, lump = 2.0, .06, 3.0
	var series []Thin
	for range 4000 {
		lambda := distribution.DrawGamma(shape, rng) * mean / shape
		o := 50 + 100*rng.Float64()
		lumps := distribution.DrawPoisson(lambda*o/lump, rng)
		series = append(series, Thin{Count: lump * lumps, Squares: lump * lump * lumps, Exposure: o})
	}
	p := FitPool(series)
	if math.Abs(p.Prior.Mean/mean-1) > .03 || math.Abs(p.Lump-lump) > 1e-9 || math.Abs(p.Prior.Evidence/shape-1) > .15 {
		t.Errorf("found mean %v, shape %v, lump %v; want %v, %v, %v", p.Prior.Mean, p.Prior.Evidence, p.Lump, mean, shape, lump)
	}
}

// TestOneLumpIsOneEvent: a single bulk sale in a pool of slow series moves the rate about
// as much as a single small one, and a series that has shown nothing has the pool's rate.
func TestOneLumpIsOneEvent(t *testing.T) {
	var series []Thin
	for i := range 300 {
		n := float64(3 + i%5)
		series = append(series, Thin{Count: n, Squares: n, Exposure: 90})
	}
	series = append(series, Thin{}) // first sold yesterday: no exposure yet
	p := FitPool(series)
	if got := p.Rate(Thin{}).Mean; math.Abs(got-p.Prior.Mean) > 1e-12 {
		t.Errorf("nothing known: rate %v, want the pool's %v", got, p.Prior.Mean)
	}
	if got := p.Rate(Thin{Count: 5, Squares: 5, Exposure: 1}).Mean; got > 1.1*p.Prior.Mean {
		t.Errorf("5 units on the first day make %v of %v", got, p.Prior.Mean)
	}
	wide := FitPool([]Thin{{3, 3, 90}, {90, 90, 90}, {9, 9, 90}, {40, 40, 90}})
	if got := wide.Rate(Thin{Count: 2000, Squares: 2000, Exposure: 3000}).Mean; math.Abs(got/(2.0/3)-1) > .05 {
		t.Errorf("3,000 days of its own evidence give %v, want about %v", got, 2.0/3)
	}
	if got := (Pool{}).Rate(Thin{Count: 5, Exposure: 1}); got != (Rate{}) {
		t.Errorf("an empty pool knows %v", got)
	}
}
