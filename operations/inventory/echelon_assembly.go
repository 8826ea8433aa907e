package inventory

import (
	"cmp"
	"slices"

	"tradewind/numeric/distribution"
)

// AssemblyNode is one item of an assembly system; every unit of Next holds one unit of it.
type AssemblyNode struct {
	Next    int     // the item that it goes into; -1 for the product that is sold
	Lead    float64 // time to make or bring the item once all that goes into it is there
	Echelon float64 // what a unit costs more to hold than all that went into it; positive
}

// Assembly is a system in which every item goes into one other, down to one product whose
// customers wait at Under a unit of time. Demand gives the law of demand over a span.
//
// Source: K. Rosling, Optimal inventory policies for assembly systems under random demands
// (1989), Operations Research 37(4), 565-579.
type Assembly struct {
	Nodes  []AssemblyNode
	Demand func(span float64) distribution.Distribution
	Under  float64
	Unit   float64 // as for Serial
}

// Serial returns the chain that costs the same up to a constant and has the same best
// echelon levels, and which node each of its stages is. Stages are ordered by the time
// from ordering an item to selling it; a stage's lead time is how much longer that is than
// for the stage before it. Components that are quicker to get wait for the slower ones
// that go with them, so they are never ordered beyond what those allow.
func (a Assembly) Serial() (chain Serial, nodes []int) {
	chain, nodes, _ = a.chain()
	return chain, nodes
}

func (a Assembly) chain() (chain Serial, nodes []int, leads []float64) {
	total := make([]float64, len(a.Nodes))
	for i := range a.Nodes {
		for k := i; k >= 0; k = a.Nodes[k].Next {
			total[i] += a.Nodes[k].Lead
		}
		nodes = append(nodes, i)
	}
	slices.SortStableFunc(nodes, func(i, k int) int { return cmp.Compare(total[i], total[k]) })
	chain = Serial{Under: a.Under, Unit: a.Unit}
	before := 0.0
	for _, i := range nodes {
		leads = append(leads, total[i]-before)
		chain.Stages = append(chain.Stages, SerialStage{a.Nodes[i].Echelon, a.Demand(total[i] - before)})
		before = total[i]
	}
	return chain, nodes, leads
}

// Best returns the echelon base stock of each item and the least cost, counting items from
// when they are ready as Serial does. Order an item up to its level, but no further than
// the next slower one was at the difference of their times before, less demand since.
func (a Assembly) Best() (levels []float64, cost float64) {
	chain, nodes, leads := a.chain()
	places, cost := chain.Best()
	levels = make([]float64, len(nodes))
	rate := a.Demand(1).Mean()
	for j, i := range nodes {
		levels[i] = places[j]
		cost += a.Nodes[i].Echelon * rate * (leads[j] - a.Nodes[i].Lead)
	}
	return levels, cost
}
