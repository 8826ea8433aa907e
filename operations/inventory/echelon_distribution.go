package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// DistributionNode is one place of a network that goods fan out through.
type DistributionNode struct {
	From    int     // the place that it draws from, which comes before it; -1 for the first
	Lead    float64 // time that goods take from there
	Holding float64 // of a unit on the shelf here for a unit of time
	Rate    float64 // mean demand here in a unit of time; only places that nobody draws from have one
	Under   float64 // of a customer here who waits for a unit of time
}

// DistributionNetwork is watched all the time. Demand is Poisson, every place keeps a local
// base stock, orders a unit whenever one leaves and serves whoever asked first.
//
// Source: F. B. Simon, Stationary properties of a two-echelon inventory model for low
// demand items (1971), Operations Research 19(3), 761-773; S. Axsäter, Inventory Control,
// 3rd ed. 2015, chapter 10.
type DistributionNetwork struct {
	Nodes []DistributionNode
}

// PlaceStock is what a place has in the mean.
type PlaceStock struct {
	OnHand float64
	Owed   float64 // units that it owes to the places it serves, or to customers
	Ready  float64 // probability that a demand is served at once
}

// Cost returns the cost in a unit of time of local base stocks, none negative: what is on
// shelves and who waits. Goods in transit are as many whatever the levels, and do not count.
func (d DistributionNetwork) Cost(levels []int) float64 { return d.cost(d.Watch(levels)) }

func (d DistributionNetwork) cost(places []PlaceStock) float64 {
	var cost float64
	for j, p := range places {
		cost += d.Nodes[j].Holding * p.OnHand
		if d.Nodes[j].Rate > 0 {
			cost += d.Nodes[j].Under * p.Owed
		}
	}
	return cost
}

// Watch returns what local base stocks bring, exactly. A place misses what it is owed and
// the demand X of its lead time beyond its level; of what its supplier owes, each unit is
// its own with probability of its share in the supplier's demand.
func (d DistributionNetwork) Watch(levels []int) []PlaceStock {
	_, places := d.follow(levels, false)
	return places
}

// follow is Watch; with free set, the levels of places with customers are first set to the
// best ones for what reaches them. It returns the levels.
func (d DistributionNetwork) follow(levels []int, free bool) ([]int, []PlaceStock) {
	rates := d.rates()
	levels = append([]int(nil), levels...)
	places := make([]PlaceStock, len(d.Nodes))
	owed := make([]PMF, len(d.Nodes))
	for j, node := range d.Nodes {
		missing := CountsOf(distribution.NewPoisson(rates[j] * node.Lead))
		if node.From >= 0 {
			missing = missing.Plus(owed[node.From].thinned(rates[j] / rates[node.From]))
		}
		if free && node.Rate > 0 {
			best, _ := Newsvendor{missing, node.Holding, node.Under}.Best()
			levels[j] = int(best)
		}
		above, below := missing.Loss(float64(levels[j]))
		places[j] = PlaceStock{OnHand: below, Owed: above, Ready: missing.CDF(float64(levels[j] - 1))}
		owed[j] = missing.beyond(levels[j])
	}
	return levels, places
}

// rates is the demand that each place sees, its own and that of all it serves.
func (d DistributionNetwork) rates() []float64 {
	rates := make([]float64, len(d.Nodes))
	for j := len(d.Nodes) - 1; j >= 0; j-- {
		rates[j] += d.Nodes[j].Rate
		if from := d.Nodes[j].From; from >= 0 {
			rates[from] += rates[j]
		}
	}
	return rates
}

// Best returns local base stocks of low cost, and that cost. They are the best where the
// first place serves all others; else no single change of a place in between, by up to 8
// units and with the places of customers set anew, makes them better.
func (d DistributionNetwork) Best() (levels []int, cost float64) {
	levels, places := d.follow(d.Matched(), true)
	cost = d.cost(places)
	try := func(j, level int) bool {
		if level < 0 {
			return false
		}
		other := append([]int(nil), levels...)
		other[j] = level
		other, places := d.follow(other, true)
		c := d.cost(places)
		if c >= cost-1e-12*cost {
			return false
		}
		levels, cost = other, c
		return true
	}
	if d.inner() == 1 {
		most := CountsOf(distribution.NewPoisson(d.rates()[0] * d.Nodes[0].Lead))
		for level := range most {
			try(0, level)
		}
		return levels, cost
	}
	for better := true; better; {
		better = false
		for j, node := range d.Nodes {
			if node.Rate > 0 {
				continue
			}
			for _, step := range []int{-8, -4, -2, -1, 1, 2, 4, 8} {
				for try(j, levels[j]+step) {
					better = true
				}
			}
		}
	}
	return levels, cost
}

// inner is the number of places without customers.
func (d DistributionNetwork) inner() (n int) {
	for _, node := range d.Nodes {
		if node.Rate == 0 {
			n++
		}
	}
	return n
}

// Matched returns local base stocks by decomposition and aggregation: each place with
// customers and those above it are a chain of their own, solved as Serial, and a place in
// between gets the smallest level at which it owes no more than all its chains together.
//
// Source: Y. Rong, Z. Atan & L. V. Snyder, Heuristics for base-stock levels in multi-echelon
// distribution networks (2017), Production and Operations Management 26(9), 1760-1777; the
// chains are solved exactly where they average bounds.
func (d DistributionNetwork) Matched() []int {
	levels := make([]int, len(d.Nodes))
	owed := make([]float64, len(d.Nodes)) // by all chains
	for i, node := range d.Nodes {
		if node.Rate == 0 {
			continue
		}
		path, local, places := d.alone(i)
		for k, j := range path {
			if j == i {
				levels[j] = local[k]
			} else {
				owed[j] += places[k].Owed
			}
		}
	}
	rates := d.rates()
	beyond := make([]PMF, len(d.Nodes))
	for j, node := range d.Nodes {
		missing := CountsOf(distribution.NewPoisson(rates[j] * node.Lead))
		if node.From >= 0 {
			missing = missing.Plus(beyond[node.From].thinned(rates[j] / rates[node.From]))
		}
		if node.Rate == 0 {
			for above, _ := missing.Loss(0); above > owed[j]+1e-12; above, _ = missing.Loss(float64(levels[j])) {
				levels[j]++
			}
		}
		beyond[j] = missing.beyond(levels[j])
	}
	return levels
}

// alone is the chain from the first place to place i with that demand only: its nodes from
// the first on, their best local levels and what those bring.
func (d DistributionNetwork) alone(i int) (path, levels []int, places []PlaceStock) {
	rate := d.Nodes[i].Rate
	var chain Serial
	for j := i; j >= 0; j = d.Nodes[j].From {
		added := d.Nodes[j].Holding
		if from := d.Nodes[j].From; from >= 0 {
			added = max(0, added-d.Nodes[from].Holding)
		}
		chain.Stages = append(chain.Stages, SerialStage{added, distribution.NewPoisson(rate * d.Nodes[j].Lead)})
		path = append([]int{j}, path...)
	}
	chain.Under = d.Nodes[i].Under
	echelon, _ := chain.Best()
	// Local levels from echelon ones: a stage cannot hold more than the one before it.
	low := math.Inf(1)
	for k := len(echelon) - 1; k >= 0; k-- {
		low = min(low, echelon[k])
		echelon[k] = low
	}
	single := DistributionNetwork{}
	for k, j := range path {
		node := d.Nodes[j]
		node.From = k - 1
		single.Nodes = append(single.Nodes, node)
		stage := len(path) - 1 - k
		level := echelon[stage]
		if stage > 0 {
			level -= echelon[stage-1]
		}
		levels = append(levels, int(math.Round(level)))
	}
	return path, levels, single.Watch(levels)
}

// beyond is the law of (D - level)⁺, level not negative.
func (p PMF) beyond(level int) PMF {
	var kept float64
	for k := 0; k <= level && k < len(p); k++ {
		kept += p[k]
	}
	out := PMF{kept}
	if level+1 < len(p) {
		out = append(out, p[level+1:]...)
	}
	return out.trim()
}

// thinned is the law of how many of D units are marked, each with the given probability.
func (p PMF) thinned(share float64) PMF {
	// Horner's rule on the generating function G(1 - share + share·z).
	out := make(PMF, len(p))
	for n := len(p) - 1; n >= 0; n-- {
		for k := len(p) - 1 - n; k > 0; k-- {
			out[k] = out[k]*(1-share) + out[k-1]*share
		}
		out[0] = out[0]*(1-share) + p[n]
	}
	return out.trim()
}
