package inventory

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawService draws a tree of up to four nodes with arcs in either direction.
func drawService(t *rapid.T) ServiceNetwork {
	n := rapid.IntRange(1, 4).Draw(t, "nodes")
	s := ServiceNetwork{Nodes: make([]ServiceNode, n), Safety: rapid.Float64Range(.5, 3).Draw(t, "safety")}
	supplies := make([]bool, n)
	for k := range s.Nodes {
		s.Nodes[k].Time = rapid.IntRange(0, 2).Draw(t, "time")
		s.Nodes[k].Holding = rapid.Float64Range(.1, 5).Draw(t, "holding")
		s.Nodes[k].Inbound = rapid.IntRange(0, 1).Draw(t, "inbound")
		if k == 0 {
			continue
		}
		other := rapid.IntRange(0, k-1).Draw(t, "neighbour")
		from, to := k, other
		if rapid.Bool().Draw(t, "direction") {
			from, to = other, k
		}
		s.Nodes[to].Suppliers = append(s.Nodes[to].Suppliers, from)
		supplies[from] = true
	}
	for k := range s.Nodes {
		if !supplies[k] {
			s.Nodes[k].Deviation = rapid.Float64Range(.5, 9).Draw(t, "deviation")
			s.Nodes[k].Outbound = rapid.IntRange(0, 3).Draw(t, "outbound")
		}
	}
	return s
}

// everyService tries all service times up to the longest that there can be, node by node.
func everyService(s ServiceNetwork, out []int, k int, most int) float64 {
	if k < len(s.Nodes) {
		best := math.Inf(1)
		for out[k] = 0; out[k] <= most; out[k]++ {
			best = min(best, everyService(s, out, k+1, most))
		}
		return best
	}
	variance := make([]float64, len(s.Nodes))
	var demand func(k int) float64
	demand = func(k int) float64 {
		v := s.Nodes[k].Deviation * s.Nodes[k].Deviation
		for j, node := range s.Nodes {
			for _, i := range node.Suppliers {
				if i == k {
					v += demand(j)
				}
			}
		}
		return v
	}
	var cost float64
	for k, node := range s.Nodes {
		variance[k] = demand(k)
		in := node.Inbound
		for _, i := range node.Suppliers {
			in = max(in, out[i])
		}
		if out[k] > in+node.Time || node.Deviation > 0 && out[k] > node.Outbound {
			return math.Inf(1)
		}
		cost += node.Holding * s.Safety * math.Sqrt(variance[k]*float64(in+node.Time-out[k]))
	}
	return cost
}

func TestServiceIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawService(t)
		times := s.Place()
		want := everyService(s, make([]int, len(s.Nodes)), 0, 9)
		if math.Abs(times.Cost-want) > 1e-9*(1+want) {
			t.Fatalf("cost %g, by trying all times %g", times.Cost, want)
		}
		for k, node := range s.Nodes {
			for _, i := range node.Suppliers {
				if times.Out[i] > times.In[k] {
					t.Fatalf("node %d waits %d for node %d, which promises %d", k, times.In[k], i, times.Out[i])
				}
			}
			if node.Deviation > 0 && times.Out[k] > node.Outbound || times.In[k] < node.Inbound {
				t.Fatalf("node %d: in %d, out %d", k, times.In[k], times.Out[k])
			}
		}
	})
}

// Customers who accept a longer time never make it dearer.
func TestServicePatience(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawService(t)
		before := s.Place().Cost
		for k := range s.Nodes {
			s.Nodes[k].Outbound += rapid.IntRange(0, 3).Draw(t, "more")
		}
		if after := s.Place().Cost; after > before+1e-9 {
			t.Fatalf("cost %g after %g", after, before)
		}
	})
}
