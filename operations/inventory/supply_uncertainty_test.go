package inventory

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestDisruptionsIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Disruptions{
			Fixed: rapid.Float64Range(1, 100).Draw(t, "fixed"), Holding: rapid.Float64Range(.1, 5).Draw(t, "holding"), Penalty: rapid.Float64Range(1, 50).Draw(t, "penalty"),
			Rate: rapid.Float64Range(1, 1000).Draw(t, "rate"), Failure: rapid.Float64Range(.1, 5).Draw(t, "failure"), Recovery: rapid.Float64Range(1, 30).Draw(t, "recovery"),
		}
		q, cost := d.Best()
		if c := d.Cost(q * rapid.Float64Range(.1, 5).Draw(t, "other")); c < cost*(1-1e-12) {
			t.Fatalf("cost %g at the best order %g, a better one costs %g", cost, q, c)
		}
		// Snyder's ψ is larger, which costs more wherever it pays to order at all.
		if _, upper := d.Snyder(); cost < d.Penalty*d.Rate && upper < cost*(1-1e-12) {
			t.Fatalf("Snyder's cost %g below the exact %g", upper, cost)
		}
	})
}

// Cycles of example 9.1, simulated: an order lasts q/d, after which the supplier is up or
// down as its two-state chain says.
func TestDisruptionsSimulated(t *testing.T) {
	d := Disruptions{8, .225, 5, 1300, 1.5, 14}
	const q, cycles = 400.0, 400_000
	rng := rand.New(rand.NewPCG(3, 5))
	var paid, time float64
	var squares float64
	expected := d.Cost(q)
	for range cycles {
		cost, span := d.Fixed+d.Holding*q*q/(2*d.Rate), q/d.Rate
		up := true
		for left := span; ; {
			rate := d.Failure
			if !up {
				rate = d.Recovery
			}
			stay := rng.ExpFloat64() / rate
			if stay > left {
				break
			}
			left -= stay
			up = !up
		}
		if !up {
			wait := rng.ExpFloat64() / d.Recovery
			cost += d.Penalty * d.Rate * wait
			span += wait
		}
		paid += cost
		time += span
		squares += (cost - expected*span) * (cost - expected*span)
	}
	// Renewal reward: the error of the ratio is that of cost - g·span over the mean span.
	standard := math.Sqrt(squares) / time
	if math.Abs(paid/time-expected) > 3*standard {
		t.Errorf("simulated cost %g ± %g, analytic %g", paid/time, standard, expected)
	}
}

func TestDisruptedBaseStock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := DisruptedBaseStock{
			Demand: rapid.Float64Range(1, 100).Draw(t, "demand"), Over: rapid.Float64Range(.1, 5).Draw(t, "over"), Under: rapid.Float64Range(.1, 50).Draw(t, "under"),
			Failure: rapid.Float64Range(.01, .5).Draw(t, "failure"), Recovery: rapid.Float64Range(.1, .9).Draw(t, "recovery"),
		}
		level, cost := d.Best()
		other := level * rapid.Float64Range(0, 3).Draw(t, "other")
		if c := d.Cost(other); c < cost*(1-1e-12) {
			t.Fatalf("cost %g at %g, %g at the best level %g", c, other, cost, level)
		}
		// The whole sum, by the law of periods down.
		down := d.Failure / (d.Failure + d.Recovery)
		sum := (1 - down) * (d.Over*max(0, other-d.Demand) + d.Under*max(0, d.Demand-other))
		chance := down * d.Recovery
		for n := 2.0; n < 1500; n++ {
			sum += chance * (d.Over*max(0, other-n*d.Demand) + d.Under*max(0, n*d.Demand-other))
			chance *= 1 - d.Recovery
		}
		if c := d.Cost(other); math.Abs(c-sum) > 1e-9*(1+sum) {
			t.Fatalf("cost %g at %g, summed %g", c, other, sum)
		}
	})
}

func TestYieldIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := EOQ{Fixed: rapid.Float64Range(1, 1000).Draw(t, "fixed"), Holding: rapid.Float64Range(.1, 9).Draw(t, "holding"), Rate: rapid.Float64Range(1, 1000).Draw(t, "rate")}
		mean, sd := rapid.Float64Range(.3, 1).Draw(t, "mean"), rapid.Float64Range(0, .3).Draw(t, "sd")
		factor := rapid.Float64Range(.2, 4).Draw(t, "factor")
		q, cost := e.MultiplicativeYield(mean, sd)
		if c := e.YieldCost(factor*q*mean, factor*q*sd); c < cost*(1-1e-12) {
			t.Fatalf("multiplicative: %g at %g times the best order, best %g", c, factor, cost)
		}
		lost := -10 * sd
		q, cost = e.AdditiveYield(lost, sd)
		if c := e.YieldCost(factor*(q+lost), sd); c < cost*(1-1e-12) {
			t.Fatalf("additive: %g at %g times the best order, best %g", c, factor, cost)
		}
	})
}
