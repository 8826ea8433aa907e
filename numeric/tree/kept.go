package tree

import (
	"math/bits"
	"slices"
)

// Kept is which rows are in each leaf of a forest.
type Kept struct {
	Sorted []float64 // Y of all rows, ascending; the place in it is the rank of a row
	Weight []float64 // of each rank; nil: all 1
	Leaves []LeafRows

	rank []uint32 // of each row, while the forest grows
}

// LeafRows are the rows of the leaves of one tree: node i has Ranks[First[i]:First[i+1]],
// where a row stands as often as it was drawn.
type LeafRows struct {
	First []int32
	Ranks []uint32
}

func newKept(data Data, trees int) *Kept {
	n := len(data.Y)
	rows := make([]uint32, n)
	for i := range rows {
		rows[i] = uint32(i)
	}
	slices.SortStableFunc(rows, func(a, b uint32) int {
		switch {
		case data.Y[a] < data.Y[b]:
			return -1
		case data.Y[a] > data.Y[b]:
			return 1
		}
		return 0
	})
	k := &Kept{Sorted: make([]float64, n), Leaves: make([]LeafRows, trees), rank: make([]uint32, n)}
	if data.Weight != nil {
		k.Weight = make([]float64, n)
	}
	for rank, r := range rows {
		k.Sorted[rank], k.rank[r] = data.Y[r], uint32(rank)
		if k.Weight != nil {
			k.Weight[rank] = data.Weight[r]
		}
	}
	return k
}

// keep writes down the rows of the tree that p has just grown.
func (k *Kept) keep(tree int, p *planter) {
	leaves := LeafRows{First: make([]int32, len(p.tree.Nodes)+1), Ranks: make([]uint32, 0, len(p.rows))}
	at := make([]int32, len(p.tree.Nodes)) // the leaf of each node
	for i, l := range p.leaves {
		at[l.node] = int32(i)
	}
	for node, n := range p.tree.Nodes {
		if n.Left == 0 {
			l := p.leaves[at[node]]
			for _, r := range p.drawn[l.begin:l.end] {
				for range p.counts[r] {
					leaves.Ranks = append(leaves.Ranks, k.rank[r])
				}
			}
		}
		leaves.First[node+1] = int32(len(leaves.Ranks))
	}
	k.Leaves[tree] = leaves
}

// PredictQuantiles writes the u[q]-quantile for each row of x, column-major, into
// dst[q]: the lowest Y whose share of the weight, with all below, reaches u. A row of the
// sample weighs as often as it shares a leaf with the row asked for, each leaf in full
// counting 1. It panics unless the form had KeepRows.
//
// The cost for a row is O(trees + Rows/64).
//
// Source: Meinshausen (2006), equations 4 to 6, with the rows of the bootstrap sample.
func (f *Forest) PredictQuantiles(dst [][]float64, x [][]float64, u []float64) {
	if f.Kept == nil {
		panic("tree: quantiles need a forest with KeepRows")
	}
	if len(dst) != len(u) {
		panic("tree: dst and u differ in length")
	}
	for _, v := range u {
		if !(v > 0 && v < 1) {
			panic("tree: a quantile must be between 0 and 1")
		}
	}
	rows := 0
	if len(x) > 0 {
		rows = len(x[0])
	} else if len(dst) > 0 {
		rows = len(dst[0])
	}
	for _, d := range dst {
		checkShape(d, x, f.Features)
	}
	newTeam(0).chunks(rows, func(_, begin, end int) {
		w := weights{of: make([]float64, len(f.Kept.Sorted)), some: make([]uint64, len(f.Kept.Sorted)/64+1)}
		for i := begin; i < end; i++ {
			f.weigh(&w, x, i)
			for q, v := range u {
				dst[q][i] = f.Kept.Sorted[w.quantile(v*float64(len(f.Trees)))]
			}
			w.clear()
		}
	})
}

// weights of ranks, most of which have none.
type weights struct {
	of   []float64
	some []uint64 // a bit for each rank that has weight
}

// weigh adds the rows that share a leaf with row i of x.
func (f *Forest) weigh(w *weights, x [][]float64, i int) {
	for k := range f.Trees {
		leaves := &f.Kept.Leaves[k]
		node := f.Trees[k].leafOf(x, i)
		ranks := leaves.Ranks[leaves.First[node]:leaves.First[node+1]]
		whole := float64(len(ranks))
		if f.Kept.Weight != nil {
			whole = 0
			for _, r := range ranks {
				whole += f.Kept.Weight[r]
			}
		}
		for _, r := range ranks {
			one := 1.0
			if f.Kept.Weight != nil {
				one = f.Kept.Weight[r]
			}
			w.of[r] += one / whole
			w.some[r>>6] |= 1 << (r & 63)
		}
	}
}

// quantile returns the lowest rank that with all below it has the weight want.
func (w *weights) quantile(want float64) int {
	sum, last := 0.0, 0
	for k, word := range w.some {
		for ; word != 0; word &= word - 1 {
			last = k<<6 | bits.TrailingZeros64(word)
			if sum += w.of[last]; sum >= want*(1-1e-12) {
				return last
			}
		}
	}
	return last
}

func (w *weights) clear() {
	for k, word := range w.some {
		for ; word != 0; word &= word - 1 {
			w.of[k<<6|bits.TrailingZeros64(word)] = 0
		}
		w.some[k] = 0
	}
}
