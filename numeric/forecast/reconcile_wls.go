package forecast

import (
	"fmt"
	"math"
	"slices"
)

// Projection makes tables add up by weighted least squares: it changes every value as
// little as its variance allows,
//
//	b̂ = argmin (ŷ - S b)' W⁻¹ (ŷ - S b),   ỹ = S b̂,   W diagonal.
//
// A variance of 0 holds a value where it is (a group's, as far as its parts and other held
// values let it). For W = I this is ordinary least squares.
//
// A tree is solved in closed form, one pass up and one down: the parts of a group and its
// own forecast are two estimates of one number, weighted by their precision, and what that
// changes is shared out by variance. Groups that lie across each other are solved by
// conjugate gradients on the equations of the groups,
//
//	(W_u + A W_b A') z = ŷ_u - A ŷ_b,   b̂ = ŷ_b + W_b A' z,   S = [A; I],
//
// without ever storing a matrix.
//
// Source: Wickramasuriya, Athanasopoulos & Hyndman, Optimal forecast reconciliation for
// hierarchical and grouped time series through trace minimization (2019),
// doi:10.1080/01621459.2018.1448825.
type Projection struct {
	NonNegative bool // least squares among tables without a value below zero

	h         *Hierarchy
	variance  []float64 // W, one a node
	gain      []float64 // of a tree: how far a group moves from its parts to its own forecast
	share     []float64 // of a tree: how much of what its group is changed by falls on a node
	iteration int       // most iterations of conjugate gradients
}

// WLS returns the projection with the given variances of the forecasts, one a node: finite
// and not negative. It does not keep variances.
func (h *Hierarchy) WLS(variances []float64) (*Projection, error) {
	if len(variances) != h.Nodes() {
		return nil, &ShapeError{"variances, one a node of the hierarchy", len(variances), h.Nodes()}
	}
	for j, v := range variances {
		if !(v >= 0) || math.IsInf(v, 1) {
			return nil, fmt.Errorf("forecast: the variance of node %d is %v: want 0 or more", j, v)
		}
	}
	p := &Projection{h: h, variance: slices.Clone(variances), iteration: 10*h.Upper() + 50}
	if h.Nested() {
		p.gain, p.share = make([]float64, h.Upper()), make([]float64, h.Nodes())
		h.gains(p.gain, p.share, variances)
	} else {
		p.variance = h.withoutConflicts(variances)
	}
	return p, nil
}

// withoutConflicts gives groups that lie across each other at least 1e-9 of the variance of
// their parts: several held values may not fit together, and the equations would have no solution.
func (h *Hierarchy) withoutConflicts(variances []float64) []float64 {
	least := make([]float64, h.Nodes())
	for _, group := range h.group {
		for i, j := range group {
			least[j] += 1e-9 * variances[h.Upper()+i]
		}
	}
	for j, v := range variances {
		least[j] = math.Max(least[j], v)
	}
	return least
}

// OLS returns the projection with equal variances.
func (h *Hierarchy) OLS() *Projection {
	variances := make([]float64, h.Nodes())
	for j := range variances {
		variances[j] = 1
	}
	p, _ := h.WLS(variances)
	return p
}

// Structural returns the projection whose variances are the numbers of bottom series in
// a node: that of bottom errors that are independent and alike.
func (h *Hierarchy) Structural() *Projection {
	variances := make([]float64, h.Nodes())
	for i := range h.bottom {
		variances[h.Upper()+i] = 1
	}
	for _, group := range h.group {
		for _, j := range group {
			variances[j]++
		}
	}
	p, _ := h.WLS(variances)
	return p
}

// gains goes up a tree. The parts of a group together are known with variance Σ v; with its
// own forecast of variance w it is known with variance v = w Σv/(w + Σv).
func (h *Hierarchy) gains(gain, share, variance []float64) {
	upper := h.Upper()
	parts := make([]float64, upper) // Σ v
	copy(share, variance)           // v, until it is divided by that of its group
	for j := h.Nodes() - 1; j >= 0; j-- {
		if j < upper {
			gain[j] = 0
			if whole := parts[j] + variance[j]; parts[j] > 0 {
				gain[j] = parts[j] / whole
			}
			share[j] = gain[j] * variance[j]
		}
		if p := h.parent[j]; p >= 0 {
			parts[p] += share[j]
		}
	}
	for j := range share {
		if p := h.parent[j]; p >= 0 && parts[p] > 0 {
			share[j] /= parts[p]
		} else {
			share[j] = 0
		}
	}
}

// Apply changes a table of forecasts, or of one sample path, so that it adds up. Applied to
// every sample path it makes quantiles coherent. What adds up already stays (if it is not
// negative where it must not be). It returns a *ShapeError if table does not have one row
// a node.
//
// A tree costs O(values). Values that would be negative cost a solution each for their
// column, a few times.
func (p *Projection) Apply(table [][]float64) error {
	if err := p.h.fits(table); err != nil {
		return err
	}
	if p.h.Nodes() == 0 {
		return nil
	}
	var columns *columnSolver
	if p.NonNegative || !p.h.Nested() {
		columns = newColumnSolver(p)
	}
	if !p.h.Nested() {
		for t := range table[0] {
			columns.solve(table, t)
		}
		p.h.sum(table)
		return nil
	}
	if p.NonNegative {
		columns.keep(table)
	}
	p.tree(table)
	if p.NonNegative {
		columns.mend(table)
	}
	p.h.sum(table)
	return nil
}

// tree solves all columns of a nested hierarchy at once.
func (p *Projection) tree(table [][]float64) {
	h, upper, n := p.h, p.h.Upper(), len(table[0])
	slab := make([]float64, upper*n) // the sums of the parts of each group, then what they change by
	for j := h.Nodes() - 1; j >= 0; j-- {
		row := table[j]
		if j < upper {
			g := p.gain[j]
			for t, sum := range slab[j*n : (j+1)*n] {
				row[t] = sum + g*(row[t]-sum)
			}
		}
		if above := h.parent[j]; above >= 0 {
			addRow(slab[int(above)*n:(int(above)+1)*n], row)
		}
	}
	for j, row := range table {
		if above := h.parent[j]; above >= 0 {
			s := p.share[j]
			for t, change := range slab[int(above)*n : (int(above)+1)*n] {
				row[t] += s * change
			}
		}
		if j < upper {
			change := slab[j*n : (j+1)*n]
			for t, v := range row {
				change[t] = v - change[t]
			}
		}
	}
}
