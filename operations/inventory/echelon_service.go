package inventory

import (
	"math"
	"slices"
)

// ServiceNode is one place of a network that promises each order within a fixed time.
type ServiceNode struct {
	// Suppliers are the nodes from which it takes goods. Arcs between nodes must form a
	// tree, whatever their direction.
	Suppliers []int
	Time      int     // that processing or the journey here takes once all suppliers delivered
	Holding   float64 // of a unit for a unit of time
	Deviation float64 // of demand from outside in a unit of time; 0 where there is none
	Inbound   int     // time within which suppliers from outside deliver
	Outbound  int     // longest time that customers outside accept; only where Deviation is positive
}

// ServiceNetwork promises service: each node fills every order within its service time,
// for all demand that stays within the bound Safety·σ·√τ above its mean over any time τ;
// what exceeds the bound is dealt with otherwise (overtime, express). The question is where
// to hold safety stock.
//
// Source: S. C. Graves & S. P. Willems, Optimizing strategic safety stock placement in
// supply chains (2000), Manufacturing & Service Operations Management 2(1), 68-83; K. F.
// Simpson, In-process inventories (1958); Snyder & Shen, Fundamentals of Supply Chain
// Theory, 2nd ed. 2019, section 6.3.
type ServiceNetwork struct {
	Nodes  []ServiceNode
	Safety float64 // z
}

// ServiceTimes is a placement of safety stock. Out is what each node promises, In the
// longest that it waits for a supplier, and Stock its mean safety stock.
type ServiceTimes struct {
	Out, In []int
	Stock   []float64
	Cost    float64 // of holding the safety stock for a unit of time
}

// Place returns the service times of least holding cost, in whole units of time, exactly:
//
//	min Σ h·z·σ·√(In + Time - Out), Out of a supplier ≤ In, Out ≤ In + Time, Out ≤ Outbound.
//
// An inner node's σ² is the sum of those it supplies. It takes nodes × time², time being
// the longest from end to end.
func (s ServiceNetwork) Place() ServiceTimes {
	t := &serviceTree{network: s, best: make([]serviceChoice, len(s.Nodes))}
	t.customers = make([][]int, len(s.Nodes))
	for k, node := range s.Nodes {
		for _, i := range node.Suppliers {
			t.customers[i] = append(t.customers[i], k)
		}
	}
	t.deviation, t.longest = make([]float64, len(s.Nodes)), make([]int, len(s.Nodes))
	for k := range s.Nodes {
		t.deviation[k] = math.Sqrt(t.variance(k))
		t.longest[k] = t.reach(k)
	}
	_, out, in := t.solve(0, -1)
	times := ServiceTimes{Out: make([]int, len(s.Nodes)), In: make([]int, len(s.Nodes)), Stock: make([]float64, len(s.Nodes))}
	t.trace(&times, 0, -1, out, in)
	for k := range s.Nodes {
		times.Stock[k] = s.Safety * t.deviation[k] * math.Sqrt(float64(times.In[k]+s.Nodes[k].Time-times.Out[k]))
		times.Cost += s.Nodes[k].Holding * times.Stock[k]
	}
	return times
}

// serviceTree hangs the network from node 0; every other node has one neighbour towards
// it, its anchor.
type serviceTree struct {
	network   ServiceNetwork
	customers [][]int
	deviation []float64
	longest   []int // longest time to bring goods to the node and through it
	best      []serviceChoice
}

// serviceChoice is what is best below a node, for every time that its anchor may set: the
// anchor's Out where the anchor supplies the node, its In where the node supplies it.
type serviceChoice struct {
	cost    []float64
	out, in []int
}

func (t *serviceTree) variance(k int) float64 {
	sum := t.network.Nodes[k].Deviation * t.network.Nodes[k].Deviation
	for _, j := range t.customers[k] {
		sum += t.variance(j)
	}
	return sum
}

func (t *serviceTree) reach(k int) int {
	node := t.network.Nodes[k]
	longest := node.Inbound
	for _, i := range node.Suppliers {
		longest = max(longest, t.reach(i))
	}
	return longest + node.Time
}

// solve fills best of k and all below it. For node 0, which has no anchor, it returns the
// least cost and its times.
func (t *serviceTree) solve(k, anchor int) (cost float64, out, in int) {
	node := t.network.Nodes[k]
	for _, i := range node.Suppliers {
		if i != anchor {
			t.solve(i, k)
		}
	}
	for _, j := range t.customers[k] {
		if j != anchor {
			t.solve(j, k)
		}
	}
	latest := t.longest[k]
	if node.Deviation > 0 {
		latest = min(latest, node.Outbound)
	}
	waits := t.longest[k] - node.Time
	// Where the node supplies its anchor, the anchor bounds Out from above, and else In from below.
	choice := serviceChoice{}
	supplies := anchor >= 0 && !slices.Contains(node.Suppliers, anchor)
	size := waits + 1
	if supplies {
		size = t.longest[anchor] - t.network.Nodes[anchor].Time + 1
	} else if anchor >= 0 {
		size = t.longest[anchor] + 1
	}
	choice.cost, choice.out, choice.in = make([]float64, size), make([]int, size), make([]int, size)
	for i := range choice.cost {
		choice.cost[i] = math.Inf(1)
	}
	cost = math.Inf(1)
	for si := node.Inbound; si <= waits; si++ {
		for s := 0; s <= min(latest, si+node.Time); s++ {
			c := t.at(k, anchor, s, si)
			if c < cost {
				cost, out, in = c, s, si
			}
			key := 0
			if supplies {
				key = s
			} else if anchor >= 0 {
				key = min(si, size-1)
			}
			if c < choice.cost[key] {
				choice.cost[key], choice.out[key], choice.in[key] = c, s, si
			}
		}
	}
	if supplies { // an Out below what the anchor waits for will do
		for i := 1; i < size; i++ {
			if choice.cost[i-1] <= choice.cost[i] {
				choice.cost[i], choice.out[i], choice.in[i] = choice.cost[i-1], choice.out[i-1], choice.in[i-1]
			}
		}
	} else { // an In above what the anchor promises will do
		for i := size - 2; i >= 0; i-- {
			if choice.cost[i+1] < choice.cost[i] {
				choice.cost[i], choice.out[i], choice.in[i] = choice.cost[i+1], choice.out[i+1], choice.in[i+1]
			}
		}
	}
	t.best[k] = choice
	return cost, out, in
}

// at is the cost of node k and all below it for given service times.
func (t *serviceTree) at(k, anchor, out, in int) float64 {
	node := t.network.Nodes[k]
	cost := node.Holding * t.network.Safety * t.deviation[k] * math.Sqrt(float64(in+node.Time-out))
	for _, i := range node.Suppliers {
		if i != anchor {
			cost += t.best[i].cost[in]
		}
	}
	for _, j := range t.customers[k] {
		if j != anchor {
			cost += t.best[j].cost[out]
		}
	}
	return cost
}

// trace writes the times of k and all below it.
func (t *serviceTree) trace(times *ServiceTimes, k, anchor, out, in int) {
	times.Out[k], times.In[k] = out, in
	for _, i := range t.network.Nodes[k].Suppliers {
		if i != anchor {
			t.trace(times, i, k, t.best[i].out[in], t.best[i].in[in])
		}
	}
	for _, j := range t.customers[k] {
		if j != anchor {
			t.trace(times, j, k, t.best[j].out[out], t.best[j].in[out])
		}
	}
}
