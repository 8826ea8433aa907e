package inventory

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// drawLaw draws a law of demand of some kind with a mean from 1 to 60.
func drawLaw(t *rapid.T) distribution.Distribution {
	mean := rapid.Float64Range(1, 60).Draw(t, "mean")
	switch spread := rapid.Float64Range(.05, 1.2).Draw(t, "spread"); rapid.IntRange(0, 3).Draw(t, "law") {
	case 0:
		return distribution.NewPoisson(mean)
	case 1:
		return distribution.NewNegativeBinomial(mean, 1/(spread*spread))
	case 2:
		return distribution.NewGamma(1/(spread*spread), mean*spread*spread)
	default:
		return distribution.NewNormal(mean, mean*min(spread, .3))
	}
}

func TestNewsvendorIsBestAndClimbsWithTheCostOfShortage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := Newsvendor{drawLaw(t), rapid.Float64Range(.01, 9).Draw(t, "over"), rapid.Float64Range(.01, 9).Draw(t, "under")}
		level, cost := n.Best()
		for _, other := range []float64{level - 1, level + 1, level * rapid.Float64Range(0, 2).Draw(t, "other")} {
			if c := n.Cost(other); c < cost-1e-9*(1+cost) {
				t.Fatalf("cost %g at %g, but %g at the best level %g", c, other, cost, level)
			}
		}
		dearer := n
		dearer.Under *= rapid.Float64Range(1, 10).Draw(t, "dearer")
		higher, more := dearer.Best()
		if higher < level || more < cost-1e-12 {
			t.Fatalf("dearer shortage: level %g after %g, cost %g after %g", higher, level, more, cost)
		}
	})
}

func TestSeasonIsItsNewsvendor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost := rapid.Float64Range(1, 5).Draw(t, "cost")
		s := Season{Demand: drawLaw(t), Price: cost + rapid.Float64Range(.1, 5).Draw(t, "margin"), Cost: cost, Salvage: cost * rapid.Float64Range(0, .9).Draw(t, "salvage")}
		order := rapid.Float64Range(0, 100).Draw(t, "order")
		_, left := s.Demand.Loss(order)
		sold := order - left
		want := s.Price*sold + s.Salvage*left - s.Cost*order
		if got := s.Profit(order); math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
			t.Fatalf("profit %g, sales less purchases %g", got, want)
		}
	})
}

// No law of the same mean and deviation without negative values costs more at Scarf's
// level than his bound, and the law on two values reaches it (Scarf 1958).
func TestScarfBoundsEveryLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var law distribution.Distribution = distribution.NewGamma(rapid.Float64Range(.2, 20).Draw(t, "shape"), rapid.Float64Range(.2, 9).Draw(t, "scale"))
		if rapid.Bool().Draw(t, "counts") {
			law = distribution.NewNegativeBinomial(rapid.Float64Range(.1, 30).Draw(t, "mean"), rapid.Float64Range(.2, 20).Draw(t, "size"))
		}
		over, under := rapid.Float64Range(.1, 9).Draw(t, "over"), rapid.Float64Range(.1, 9).Draw(t, "under")
		mean, sd := law.Mean(), math.Sqrt(law.Variance())
		level, bound := Scarf(mean, sd, over, under)
		if got := (Newsvendor{law, over, under}).Cost(level); got > bound+1e-9 {
			t.Fatalf("cost %g beyond the bound %g", got, bound)
		}
		if level == 0 {
			return
		}
		r := math.Sqrt(over / under)
		low, high := mean-sd*r, mean+sd/r
		two := distribution.NewMixture([]float64{under, over}, []distribution.Distribution{distribution.Point(low), distribution.Point(high)})
		worst := Newsvendor{two, over, under}.Cost(level)
		if math.Abs(two.Variance()-sd*sd) > 1e-9*(1+sd*sd) || math.Abs(worst-bound) > 1e-9*(1+bound) {
			t.Fatalf("two-point law: deviation %g of %g, cost %g of the bound %g", math.Sqrt(two.Variance()), sd, worst, bound)
		}
	})
}

func TestCountsKeepLawAndAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Float64Range(.1, 20).Draw(t, "rate")
		n := rapid.IntRange(0, 7).Draw(t, "periods")
		one := CountsOf(distribution.NewPoisson(rate))
		sum, whole := one.Times(n), distribution.NewPoisson(rate*float64(n))
		x := rapid.Float64Range(0, 2*rate*float64(n)+2).Draw(t, "x")
		above, below := sum.Loss(x)
		wantAbove, wantBelow := whole.Loss(x)
		for _, pair := range [][2]float64{
			{sum.Mean(), whole.Mean()}, {sum.Variance(), whole.Variance()}, {sum.CDF(x), whole.CDF(x)},
			{above, wantAbove}, {below, wantBelow},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-10*(1+math.Abs(pair[1])) {
				t.Fatalf("Poisson %g × %d at %g: got %.15g, want %.15g", rate, n, x, pair[0], pair[1])
			}
		}
		if u := rapid.Float64Range(.001, .999).Draw(t, "u"); sum.Quantile(u) != whole.Quantile(u) {
			t.Fatalf("quantile %g: %g, want %g", u, sum.Quantile(u), whole.Quantile(u))
		}
	})
}

// Over a random time the mean is E[N]·μ and the variance E[N]·σ² + Var[N]·μ².
func TestCountsOverRandomPeriods(t *testing.T) {
	one := CountsOf(distribution.NewNegativeBinomial(3, 2))
	lead := PMF{0, .2, .5, 0, .3}
	got := one.Over(lead)
	agree(t, "mean", got.Mean(), lead.Mean()*3, 1e-11)
	agree(t, "variance", got.Variance(), lead.Mean()*one.Variance()+lead.Variance()*9, 1e-10)
}
