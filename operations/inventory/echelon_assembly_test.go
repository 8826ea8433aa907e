package inventory

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tradewind/numeric/distribution"
)

// rosling is the system of figure 1 in Rosling (1989), nodes 1 to 7 at places 0 to 6, with
// demand even on 0 to 10; the figure leaves costs open. The lead of the product counts the
// period that an order has to last.
func rosling() (Assembly, PMF) {
	demand := make(PMF, 11)
	for k := range demand {
		demand[k] = 1.0 / 11
	}
	next := []int{-1, 0, 0, 2, 1, 3, 3}
	lead := []float64{1 + 1, 1, 3, 2, 4, 1, 2}
	echelon := []float64{2, 1, 1.5, .5, .25, 1, .75}
	a := Assembly{Under: 60, Demand: func(span float64) distribution.Distribution { return demand.Times(int(span)) }}
	for i := range next {
		a.Nodes = append(a.Nodes, AssemblyNode{next[i], lead[i], echelon[i]})
	}
	return a, demand
}

// From ordering to selling it takes 1, 2, 4, 6, 6, 7 and 8 periods for nodes 1 to 7.
func TestAssemblyToSerial(t *testing.T) {
	a, demand := rosling()
	chain, nodes := a.Serial()
	if !slices.Equal(nodes, []int{0, 1, 2, 3, 4, 5, 6}) {
		t.Errorf("stages are nodes %v", nodes)
	}
	for j, span := range []int{1 + 1, 1, 2, 2, 0, 1, 1} {
		agree(t, "mean lead-time demand", chain.Stages[j].Lead.Mean(), demand.Mean()*float64(span), 1e-12)
		agree(t, "echelon cost", chain.Stages[j].Echelon, a.Nodes[nodes[j]].Echelon, 0)
	}
}

// Items are ordered and put together piece by piece. Components must be there whenever the
// policy wants to put them together, and the cost is that of the chain.
func TestAssemblySimulated(t *testing.T) {
	a, demand := rosling()
	_, nodes := a.Serial()
	levels, cost := a.Best()
	n := len(nodes)
	leads, total := make([]int, n), make([]int, n)
	for i := range a.Nodes {
		leads[i] = int(a.Nodes[i].Lead)
		if i == 0 {
			leads[i]-- // the period that the order lasts is not a lead time here
		}
	}
	for i := range a.Nodes {
		for k := i; k >= 0; k = a.Nodes[k].Next {
			total[i] += leads[k]
		}
	}
	const periods, warm, batches = 300_000, 100, 50
	rng := rand.New(rand.NewPCG(23, 42))
	const memory = 16
	history := make([][memory]float64, n) // echelon positions after ordering
	var demands [memory]float64
	shelf, position, echelon := make([]float64, n), make([]float64, n), make([]float64, n)
	made := make([][memory]float64, n)
	var batch [batches]float64
	var waiting float64
	for t0 := range periods + warm {
		at := func(back int) int { return (t0 - back + 16*memory) % memory }
		for i := range a.Nodes { // what was started a lead time ago is ready
			ready := made[i][at(leads[i])]
			shelf[i] += ready
			echelon[i] += ready
		}
		start := make([]float64, n)
		for j := n - 1; j >= 0; j-- {
			i := nodes[j]
			target := levels[i]
			if j < n-1 {
				slower := nodes[j+1]
				gap := total[slower] - total[i]
				allowed := position[slower]
				if gap > 0 {
					allowed = history[slower][at(gap)]
					for back := 1; back <= gap; back++ {
						allowed -= demands[at(back)]
					}
				}
				target = min(target, allowed)
			}
			start[i] = max(0, target-position[i])
			position[i] += start[i]
			history[i][at(0)] = position[i]
		}
		for i := range a.Nodes {
			made[i][at(0)] = start[i]
			for k := range a.Nodes {
				if a.Nodes[k].Next != i {
					continue
				}
				if shelf[k] -= start[i]; shelf[k] < 0 {
					t.Fatalf("period %d: node %d lacks %g of node %d", t0, i+1, -shelf[k], k+1)
				}
			}
		}
		d := distribution.Sample(demand, rng)
		demands[at(0)] = d
		sold := min(waiting+d, shelf[0])
		shelf[0] -= sold
		waiting += d - sold
		var c, all float64
		for i := range a.Nodes {
			position[i] -= d
			echelon[i] -= d
			c += a.Nodes[i].Echelon * echelon[i]
			all += a.Nodes[i].Echelon
		}
		if c += (a.Under + all) * waiting; t0 >= warm {
			batch[(t0-warm)*batches/periods] += c
		}
	}
	// Costs here are paid at the end of a period, the last of the chain's lead times.
	for i := 1; i < n; i++ {
		cost -= a.Nodes[i].Echelon * demand.Mean()
	}
	got, standard := batchMean(batch[:], periods)
	if math.Abs(got-cost) > 3*standard {
		t.Errorf("simulated cost %g ± %g, analytic %g", got, standard, cost)
	}
}

// Two components that take as long as each other are one, dearer to hold.
func TestAssemblyOfEqualComponents(t *testing.T) {
	demand := func(span float64) distribution.Distribution { return distribution.NewPoisson(5 * span) }
	a := Assembly{Under: 20, Demand: demand, Nodes: []AssemblyNode{{-1, 1, 2}, {0, 2, .4}, {0, 2, .6}}}
	levels, cost := a.Best()
	want, wantCost := Serial{Under: 20, Stages: []SerialStage{{2, demand(1)}, {1, demand(2)}}}.Best()
	agree(t, "cost", cost, wantCost, 1e-12)
	agree(t, "level of the product", levels[0], want[0], 0)
	agree(t, "level of the quicker component", min(levels[1], levels[2]), want[1], 0)
}
