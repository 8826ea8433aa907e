package inventory

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// watched is what a simulated policy with waiting customers brings, as means a period.
type watched struct {
	cost, costError float64 // with the standard error from means of batches
	fill            float64
	before, waiting float64 // on hand and waiting just before an order arrives
	onOrder         float64
	demand, arrived float64
}

// watchPolicy simulates a periodic-review policy with the given lead time for a number of
// periods. Each period: what was ordered lead periods ago arrives, order names the next
// order for a position, demand comes, and costs are paid. With lead 0 the order is there
// at once.
func watchPolicy(periods, lead int, demand distribution.Distribution, over, under, fixed float64, order func(position float64) float64) watched {
	rng := rand.New(rand.NewPCG(7, 11))
	var w watched
	pipeline := make([]float64, lead+1)
	stock, onOrder := 0.0, 0.0
	const batches = 50
	var batch [batches]float64
	var served float64
	for t := range periods {
		w.onOrder += onOrder
		q := order(stock + onOrder)
		pipeline[t%(lead+1)] = q
		onOrder += q
		arrives := pipeline[(t+1)%(lead+1)]
		pipeline[(t+1)%(lead+1)] = 0
		stock += arrives
		onOrder -= arrives
		w.arrived += arrives
		d := distribution.Sample(demand, rng)
		served += min(d, max(0, stock))
		stock -= d
		w.demand += d
		w.before += max(0, stock)
		w.waiting += max(0, -stock)
		c := over*max(0, stock) + under*max(0, -stock)
		if q > 0 {
			c += fixed
		}
		batch[t*batches/periods] += c
	}
	w.fill = served / w.demand
	n := float64(periods)
	var sum, squares float64
	for _, b := range batch {
		m := b / (n / batches)
		sum += m
		squares += m * m
	}
	w.cost = sum / batches
	w.costError = math.Sqrt((squares/batches - w.cost*w.cost) / (batches - 1))
	for _, x := range []*float64{&w.before, &w.waiting, &w.onOrder, &w.demand, &w.arrived} {
		*x /= n
	}
	return w
}

func TestBaseStockSimulated(t *testing.T) {
	const over, under, periods = 1, 9, 1_000_000
	counts := CountsOf(distribution.NewNegativeBinomial(5, 3))
	for _, lead := range []int{0, 1, 4} {
		r := PeriodicReview{counts.Times(lead), counts.Times(lead + 1)}
		level, cost := Newsvendor{r.Protection, over, under}.Best()
		w := watchPolicy(periods, lead, counts, over, under, 0, func(position float64) float64 { return max(0, level-position) })
		if math.Abs(w.cost-cost) > 3*w.costError {
			t.Errorf("lead %d: simulated cost %g ± %g, analytic %g", lead, w.cost, w.costError, cost)
		}
		// The tolerances are three standard errors of a million periods, rounded up.
		if before, _ := r.OnHand(level); math.Abs(w.before-before) > .06 {
			t.Errorf("lead %d: on hand %g, analytic %g", lead, w.before, before)
		}
		if math.Abs(w.waiting-r.Waiting(level)) > .02 {
			t.Errorf("lead %d: waiting %g, analytic %g", lead, w.waiting, r.Waiting(level))
		}
		if math.Abs(w.fill-r.FillRate(level)) > .001 {
			t.Errorf("lead %d: fill rate %g, analytic %g", lead, w.fill, r.FillRate(level))
		}
		if math.Abs(w.onOrder-float64(lead)*w.demand) > .01 { // Little's law
			t.Errorf("lead %d: %g on order, demand of the lead time %g", lead, w.onOrder, float64(lead)*w.demand)
		}
		if math.Abs(w.arrived-w.demand) > 1e-3 { // what comes in goes out
			t.Errorf("lead %d: %g arrived, demand %g", lead, w.arrived, w.demand)
		}
	}
}

func TestFillRateIsNotCycleService(t *testing.T) {
	// Lumpy demand: most demand is served though most cycles run short, or the reverse.
	r := PeriodicReview{distribution.NewPoisson(0), distribution.NewPoisson(100)}
	if fill, cycle := r.FillRate(100), r.CycleService(100); !(fill > .95 && cycle < .6) {
		t.Errorf("fill rate %g, cycle service %g", fill, cycle)
	}
}

func TestLevelForFillRateIsSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		law := distribution.NewNegativeBinomial(rapid.Float64Range(.05, 30).Draw(t, "mean"), rapid.Float64Range(.1, 10).Draw(t, "size"))
		counts := CountsOf(law)
		lead, review := rapid.IntRange(0, 4).Draw(t, "lead"), rapid.IntRange(1, 4).Draw(t, "review")
		r := PeriodicReview{counts.Times(lead), counts.Times(lead + review)}
		target := rapid.Float64Range(.01, .999).Draw(t, "target")
		level := r.LevelForFillRate(target, 1)
		if r.FillRate(level) < target || r.FillRate(level-1) >= target || level != math.Floor(level) {
			t.Fatalf("level %g fills %g, one less %g, target %g", level, r.FillRate(level), r.FillRate(level-1), target)
		}
		stricter := target + (1-target)*rapid.Float64Range(0, .9).Draw(t, "stricter")
		if r.LevelForFillRate(stricter, 1) < level {
			t.Fatalf("a stricter target lowers the level %g", level)
		}
	})
}
