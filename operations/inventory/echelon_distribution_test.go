package inventory

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// fanOut is the system of figure 1(a) in Rong, Atan & Snyder (2017): one place supplies
// two, each of which supplies two with customers.
func fanOut() DistributionNetwork {
	d := DistributionNetwork{Nodes: []DistributionNode{
		{From: -1, Lead: 1, Holding: 1. / 3}, {From: 0, Lead: 1, Holding: 2. / 3}, {From: 0, Lead: 1, Holding: 2. / 3},
	}}
	for _, from := range []int{1, 1, 2, 2} {
		d.Nodes = append(d.Nodes, DistributionNode{From: from, Lead: 1, Holding: 1, Rate: 8, Under: 20})
	}
	return d
}

// Units that are marked one by one from a Poisson number are a Poisson number.
func TestThinnedPoisson(t *testing.T) {
	for _, share := range []float64{0, .125, .5, 1} {
		got := CountsOf(distribution.NewPoisson(30)).thinned(share)
		want := CountsOf(distribution.NewPoisson(30 * share))
		for k := range want {
			var x float64
			if k < len(got) {
				x = got[k]
			}
			agree(t, "probability", x, want[k], 1e-12)
		}
	}
}

// A network without branches is a chain: local base stocks cost what Serial says for the
// echelon ones, less goods in transit.
func TestDistributionWithoutBranches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "places")
		rate := rapid.Float64Range(.2, 12).Draw(t, "rate")
		var d DistributionNetwork
		chain := Serial{Under: rapid.Float64Range(1, 40).Draw(t, "under"), Stages: make([]SerialStage, n)}
		levels, echelon := make([]int, n), make([]float64, n)
		var holding, transit float64
		for j := range n {
			added, lead := rapid.Float64Range(.1, 2).Draw(t, "added"), rapid.Float64Range(0, 1).Draw(t, "lead")
			transit += holding * rate * lead
			holding += added
			d.Nodes = append(d.Nodes, DistributionNode{From: j - 1, Lead: lead, Holding: holding})
			levels[j] = rapid.IntRange(0, 20).Draw(t, "level")
			chain.Stages[n-1-j] = SerialStage{added, distribution.NewPoisson(rate * lead)}
		}
		d.Nodes[n-1].Rate, d.Nodes[n-1].Under = rate, chain.Under
		var below float64
		for j := n - 1; j >= 0; j-- {
			below += float64(levels[j])
			echelon[n-1-j] = below
		}
		got, want := d.Cost(levels), chain.Cost(echelon)-transit
		if math.Abs(got-want) > 1e-9*(1+want) {
			t.Fatalf("network %.12g, chain %.12g", got, want)
		}
		if n > 1 {
			return
		}
		if _, cost := d.Best(); cost > got+1e-9 {
			t.Fatalf("best %g, level %d costs %g", cost, levels[0], got)
		}
	})
}

// With one place above the others the answer is the best of all.
func TestDistributionOfTwoEchelonsIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := DistributionNetwork{Nodes: []DistributionNode{{From: -1, Lead: rapid.Float64Range(.1, 2).Draw(t, "lead"), Holding: rapid.Float64Range(.1, 1).Draw(t, "holding")}}}
		for range 2 {
			d.Nodes = append(d.Nodes, DistributionNode{
				From: 0, Lead: rapid.Float64Range(0, 1).Draw(t, "lead"), Holding: rapid.Float64Range(.3, 3).Draw(t, "holding"),
				Rate: rapid.Float64Range(.1, 2).Draw(t, "rate"), Under: rapid.Float64Range(1, 30).Draw(t, "under"),
			})
		}
		_, cost := d.Best()
		for a := range 9 {
			for b := range 7 {
				for c := range 7 {
					if other := d.Cost([]int{a, b, c}); other < cost-1e-9 {
						t.Fatalf("best %g, (%d, %d, %d) costs %g", cost, a, b, c, other)
					}
				}
			}
		}
	})
}

func TestDistributionBestOfFanOut(t *testing.T) {
	d := fanOut()
	matched := d.Matched()
	levels, cost := d.Best()
	near := d.Cost(matched)
	if cost > near || near > 1.03*cost {
		t.Errorf("best %v costs %g, matched %v %g", levels, cost, matched, near)
	}
	if levels[1] != levels[2] || levels[3] != levels[6] {
		t.Errorf("equal places have different levels: %v", levels)
	}
	for j := range levels {
		for _, step := range []int{-1, 1} {
			levels[j] += step
			if c := d.Cost(levels); c < cost {
				t.Errorf("place %d by %+d costs %g, best %g", j, step, c, cost)
			}
			levels[j] -= step
		}
	}
}

// Each unit is followed: the k-th order of a place is filled by its supplier in turn, and
// serves its (k+S)-th demand. By Little's law what is owed is the rate times the mean wait,
// and what is on hand the rate times the mean time on the shelf.
func TestDistributionSimulated(t *testing.T) {
	d := fanOut()
	levels := []int{30, 18, 22, 11, 12, 13, 9}
	places := d.Watch(levels)
	const demands, warm, batches = 2_000_000, 20_000, 50
	rng := rand.New(rand.NewPCG(5, 99))
	type place struct {
		arrivals, times []float64 // of orders by number, of demands by number
		wait, shelf     [batches]float64
		atOnce, seen    float64
	}
	sim := make([]place, len(d.Nodes))
	rates := d.rates()
	now := 0.0
	for n := range demands {
		now += rng.ExpFloat64() / rates[0]
		leaf := 3 + rng.IntN(4) // all have the same rate
		path := []int{0, d.Nodes[leaf].From, leaf}
		filled := now // when the order of the next place is filled
		for _, j := range path {
			p := &sim[j]
			k := len(p.times)
			p.times = append(p.times, now)
			if j == 0 {
				p.arrivals = append(p.arrivals, now+d.Nodes[j].Lead)
			} else {
				p.arrivals = append(p.arrivals, filled+d.Nodes[j].Lead)
			}
			filled = now
			if k >= levels[j] {
				arrived := p.arrivals[k-levels[j]]
				filled = max(now, arrived)
				if n >= warm {
					b := (n - warm) * batches / (demands - warm)
					p.wait[b] += filled - now
					p.shelf[b] += filled - arrived
					p.seen++
					if arrived <= now {
						p.atOnce++
					}
				}
			}
		}
	}
	for j := range sim {
		owed, owedError := batchMean(sim[j].wait[:], sim[j].seen)
		onHand, onHandError := batchMean(sim[j].shelf[:], sim[j].seen)
		owed, owedError, onHand, onHandError = owed*rates[j], owedError*rates[j], onHand*rates[j], onHandError*rates[j]
		if math.Abs(owed-places[j].Owed) > 3*owedError {
			t.Errorf("place %d: owes %g ± %g, analytic %g", j, owed, owedError, places[j].Owed)
		}
		if math.Abs(onHand-places[j].OnHand) > 3*onHandError {
			t.Errorf("place %d: on hand %g ± %g, analytic %g", j, onHand, onHandError, places[j].OnHand)
		}
		if ready := sim[j].atOnce / sim[j].seen; math.Abs(ready-places[j].Ready) > .004 {
			t.Errorf("place %d: serves %g at once, analytic %g", j, ready, places[j].Ready)
		}
	}
}
