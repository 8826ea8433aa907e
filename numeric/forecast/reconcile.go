package forecast

import (
	"fmt"
	"math"
)

// ShapeError says that a table does not fit the structure that it is for.
type ShapeError struct {
	What       string
	Have, Want int
}

func (e *ShapeError) Error() string {
	return fmt.Sprintf("forecast: %s: have %d, want %d", e.What, e.Have, e.Want)
}

// Hierarchy says which series are sums of which: bottom series, and levels of groups of
// them above. Its nodes are the groups of the first level, then those of the next, and the
// bottom series last; tables of forecasts have one row a node, in this order.
//
// It is the summing matrix S of one row a node and one column a bottom series, stored as
// one group number a bottom series and level.
type Hierarchy struct {
	bottom int
	group  [][]int32 // group[k][i] is the node of bottom series i on level k
	labels []string  // of the groups, one a node above the bottom
	start  []int     // first node of each level, and of the bottom
	parent []int32   // of every node, -1 at the top; nil unless every level divides the one above it
}

// NewHierarchy returns the structure of bottom series under levels of labels, from the top
// down: levels[k][i] is the group of bottom series i. Series with the same label on a
// level are one group, numbered in the order in which they appear. A total is a level of
// one label; no level at all is allowed. It does not keep levels. It returns a
// *ShapeError where a level does not have one label a bottom series.
func NewHierarchy(bottom int, levels ...[]string) (*Hierarchy, error) {
	h := &Hierarchy{bottom: bottom, start: []int{0}}
	for k, labels := range levels {
		if len(labels) != bottom {
			return nil, &ShapeError{fmt.Sprintf("labels on level %d of the hierarchy", k), len(labels), bottom}
		}
		number := map[string]int32{}
		group := make([]int32, bottom)
		for i, label := range labels {
			node, known := number[label]
			if !known {
				node = int32(len(h.labels))
				number[label] = node
				h.labels = append(h.labels, label)
			}
			group[i] = node
		}
		h.group = append(h.group, group)
		h.start = append(h.start, len(h.labels))
	}
	h.parent = h.parents()
	return h, nil
}

// parents is nil if a group belongs to two groups of the level above it.
func (h *Hierarchy) parents() []int32 {
	parent := make([]int32, h.Nodes())
	for j := range parent {
		parent[j] = -1
	}
	for k := range h.group {
		for i, above := range h.group[k] {
			below := int32(h.Upper() + i)
			if k+1 < len(h.group) {
				below = h.group[k+1][i]
			}
			if p := parent[below]; p >= 0 && p != above {
				return nil
			}
			parent[below] = above
		}
	}
	return parent
}

// Nodes is the number of all series, Upper of those above the bottom, which come first.
func (h *Hierarchy) Nodes() int { return len(h.labels) + h.bottom }
func (h *Hierarchy) Upper() int { return len(h.labels) }

// Nested reports whether every level divides the groups of the one above it: a tree.
func (h *Hierarchy) Nested() bool { return h.parent != nil }

// Node returns the row of the group with a label on a level, -1 if there is none.
func (h *Hierarchy) Node(level int, label string) int {
	for j := h.start[level]; j < h.start[level+1]; j++ {
		if h.labels[j] == label {
			return j
		}
	}
	return -1
}

// Sum writes S x: it fills the rows above the bottom of table with the sums of their
// bottom rows. The cost is one addition a bottom value and level.
func (h *Hierarchy) Sum(table [][]float64) error {
	if err := h.fits(table); err != nil {
		return err
	}
	h.sum(table)
	return nil
}

func (h *Hierarchy) sum(table [][]float64) {
	upper := h.Upper()
	for _, row := range table[:upper] {
		clear(row)
	}
	for _, group := range h.group {
		for i, j := range group {
			addRow(table[j], table[upper+i])
		}
	}
}

// fits checks that table has one row a node, all of one length, without NaN or infinity.
func (h *Hierarchy) fits(table [][]float64) error {
	if len(table) != h.Nodes() {
		return &ShapeError{"rows of the table, one a node of the hierarchy", len(table), h.Nodes()}
	}
	for j, row := range table {
		if len(row) != len(table[0]) {
			return &ShapeError{fmt.Sprintf("values in row %d of the table", j), len(row), len(table[0])}
		}
		for t, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("forecast: row %d of the table has %v at %d: a hierarchy needs every value", j, v, t)
			}
		}
	}
	return nil
}

// addRow adds x to dst.
func addRow(dst, x []float64) {
	x = x[:len(dst)]
	for t := range dst {
		dst[t] += x[t]
	}
}

// Align changes a table of forecasts or of one sample path so that it adds up, from the top
// down: the first level stays, and every group divides its value among its parts in
// proportion to their own forecasts,
//
//	part ← group · part / Σ parts.
//
// Parts of nothing but zeros (or less) get nothing, and a group of such parts counts as
// zero itself; only where a whole top has such parts is its own value lost. No value is
// negative afterwards. Applied to every sample path it makes quantiles coherent.
//
// It returns a *ShapeError if table does not have one row a node, and an error if the
// hierarchy is not nested.
//
// Source: Athanasopoulos, Ahmed & Hyndman, Hierarchical forecasts for Australian domestic
// tourism (2009), doi:10.1016/j.ijforecast.2008.07.004, forecasted proportions.
func (h *Hierarchy) Align(table [][]float64) error {
	if err := h.fits(table); err != nil {
		return err
	}
	if !h.Nested() {
		return fmt.Errorf("forecast: groups of one level lie across those of another: forecast proportions need a tree")
	}
	if len(table) == 0 {
		return nil
	}
	upper, n := h.Upper(), len(table[0])
	slab := make([]float64, upper*n) // the sums of the parts of each group
	parts := func(j int) []float64 { return slab[j*n : (j+1)*n] }
	for j := len(table) - 1; j >= 0; j-- {
		row := table[j]
		for t, v := range row {
			if v < 0 || j < upper && parts(j)[t] <= 0 {
				row[t] = 0
			}
		}
		if p := h.parent[j]; p >= 0 {
			addRow(parts(int(p)), row)
		}
	}
	for j, row := range table {
		p := h.parent[j]
		if p < 0 {
			continue
		}
		for t, whole := range parts(int(p)) {
			if whole > 0 {
				row[t] *= table[p][t] / whole
			}
		}
	}
	h.sum(table) // to the last bit
	return nil
}
