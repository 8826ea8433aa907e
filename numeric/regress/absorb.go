package regress

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	absorbTolerance = 1e-11
	mostSweeps      = 20_000 // of one column; a chain of 10,000 links needs about that
	mostRefinements = 4
)

// demean replaces every column by its weighted residual after the fixed effects of absorb,
// in place:
//
//	min_α Σ_i w_i (x_i - Σ_q α_q[absorb_q[i]])².
//
// The root mean square of what is left of any level's mean is at most tol times that of the
// column once its first dimension is out. A nil weight is 1 everywhere. It fails with a
// *ConvergenceError. Callers that absorb the same dimensions many times keep an absorber.
func demean(cols [][]float64, absorb [][]int32, weight []float64, tol float64) error {
	if len(absorb) == 0 || len(cols) == 0 {
		return nil
	}
	a := newAbsorber(absorb)
	a.weigh(weight)
	return a.demean(cols, tol)
}

// absorber takes fixed effects out of columns. It solves the normal equations
//
//	D'WD α = D'Wx
//
// of the dummy variables D by conjugate gradients with the diagonal, the summed weights of
// the levels, as preconditioner: one pass over the rows an iteration, whatever the number of
// dimensions, and no matrix but the codes. The iteration is that of alternating projections,
// accelerated. Two dimensions need twice the square root of the iterations that alternating
// projections take. Columns share nothing, so that they run side by side with the same bytes.
//
// Source: Gaure (2013), Computational Statistics & Data Analysis 66, 8, for the projections;
// Hestenes & Stiefel (1952), Journal of Research of the NBS 49, 409; Correia (2017), Linear
// models with high-dimensional fixed effects, for the acceleration.
type absorber struct {
	absorb  [][]int32
	weight  []float64
	start   []int     // where a dimension's levels begin in a vector of all levels; one more for the end
	inverse []float64 // of the summed weight of each level; 0 for a level without rows
	spaces  []*absorbSpace
}

// absorbSpace is what one column needs: vectors over all levels.
type absorbSpace struct{ effect, residual, direction, image []float64 }

func newAbsorber(absorb [][]int32) *absorber {
	a := &absorber{absorb: absorb, start: make([]int, len(absorb)+1)}
	for q, codes := range absorb {
		a.start[q+1] = a.start[q] + levels(codes)
	}
	total := a.start[len(absorb)]
	a.inverse = make([]float64, total)
	a.spaces = make([]*absorbSpace, runtime.GOMAXPROCS(0))
	return a
}

// weigh sets the weights of the rows for the columns to come.
func (a *absorber) weigh(weight []float64) {
	a.weight = weight
	clear(a.inverse)
	for q, codes := range a.absorb {
		sum := a.inverse[a.start[q]:a.start[q+1]]
		if weight == nil {
			for _, c := range codes {
				sum[c]++
			}
			continue
		}
		for i, c := range codes {
			sum[c] += weight[i]
		}
	}
	for l, w := range a.inverse {
		if w > 0 {
			a.inverse[l] = 1 / w
		}
		if math.IsInf(a.inverse[l], 0) { // a weight so small that it says nothing
			a.inverse[l] = 0
		}
	}
}

func (a *absorber) demean(cols [][]float64, tol float64) error {
	workers := min(len(cols), len(a.spaces))
	if workers <= 1 {
		for _, x := range cols {
			if err := a.column(a.space(0), x, tol); err != nil {
				return err
			}
		}
		return nil
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	failed := make([]error, workers)
	for w := range workers {
		wait.Go(func() {
			s := a.space(w)
			for j := int(next.Add(1)) - 1; j < len(cols) && failed[w] == nil; j = int(next.Add(1)) - 1 {
				failed[w] = a.column(s, cols[j], tol)
			}
		})
	}
	wait.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *absorber) space(w int) *absorbSpace {
	if a.spaces[w] == nil {
		total := len(a.inverse)
		slab := make([]float64, 4*total)
		a.spaces[w] = &absorbSpace{slab[:total:total], slab[total : 2*total : 2*total], slab[2*total : 3*total : 3*total], slab[3*total:]}
	}
	return a.spaces[w]
}

// column demeans one column. The first dimension goes out exactly before the iteration
// starts: a column of large mean then loses no digits to it.
func (a *absorber) column(s *absorbSpace, x []float64, tol float64) error {
	before := a.norm(x)
	a.takeFirstOut(s, x)
	if len(a.absorb) == 1 {
		a.takeFirstOut(s, x) // again, for the rounding of the mean
		return nil
	}
	norm := a.norm(x)
	if norm <= 1e-28*before { // nothing but rounding is left
		return nil
	}
	most := tol * tol * norm
	sweeps := 0
	for range mostRefinements {
		size := a.gather(s, x)
		if size <= most {
			return nil
		}
		done, ok := a.solve(s, size, most, mostSweeps-sweeps)
		a.takeOut(s.effect, x)
		sweeps += done
		if !ok {
			return &ConvergenceError{"fixed effects", sweeps}
		}
	}
	if a.gather(s, x) > 100*most {
		return &ConvergenceError{"fixed effects", sweeps}
	}
	return nil
}

// norm returns Σ w x².
func (a *absorber) norm(x []float64) float64 {
	sum := 0.
	if a.weight == nil {
		for _, v := range x {
			sum += v * v
		}
		return sum
	}
	for i, v := range x {
		sum += a.weight[i] * v * v
	}
	return sum
}

// takeFirstOut subtracts the means of the first dimension.
func (a *absorber) takeFirstOut(s *absorbSpace, x []float64) {
	codes := a.absorb[0]
	mean := s.image[:a.start[1]]
	clear(mean)
	if a.weight == nil {
		for i, c := range codes {
			mean[c] += x[i]
		}
	} else {
		for i, c := range codes {
			mean[c] += a.weight[i] * x[i]
		}
	}
	for l := range mean {
		mean[l] *= a.inverse[l]
	}
	for i, c := range codes {
		x[i] -= mean[c]
	}
}

// gather fills s.residual with D'Wx and returns its size in the metric of the
// preconditioner: Σ over levels of weight · mean².
func (a *absorber) gather(s *absorbSpace, x []float64) float64 {
	clear(s.residual)
	for q, codes := range a.absorb {
		sum := s.residual[a.start[q]:a.start[q+1]]
		if a.weight == nil {
			for i, c := range codes {
				sum[c] += x[i]
			}
			continue
		}
		for i, c := range codes {
			sum[c] += a.weight[i] * x[i]
		}
	}
	return a.size(s.residual)
}

func (a *absorber) size(r []float64) float64 {
	sum := 0.
	for l, v := range r {
		sum += v * v * a.inverse[l]
	}
	return sum
}

// solve finds s.effect with D'WD·effect = s.residual by preconditioned conjugate gradients,
// until the size of the residual is at most most. The matrix is singular, the system
// consistent: the iteration stays in the range. It returns the iterations taken.
func (a *absorber) solve(s *absorbSpace, size, most float64, limit int) (int, bool) {
	clear(s.effect)
	for l, r := range s.residual {
		s.direction[l] = r * a.inverse[l]
	}
	for sweep := 1; sweep <= limit; sweep++ {
		a.apply(s.image, s.direction)
		curvature := 0.
		for l, d := range s.direction {
			curvature += d * s.image[l]
		}
		if !(curvature > 0) { // the direction is in the null space: rounding is all that is left
			return sweep, true
		}
		step := size / curvature
		after := 0.
		for l, d := range s.direction {
			s.effect[l] += step * d
			r := s.residual[l] - step*s.image[l]
			s.residual[l] = r
			after += r * r * a.inverse[l]
		}
		if after <= most {
			return sweep, true
		}
		turn := after / size
		size = after
		for l, r := range s.residual {
			s.direction[l] = r*a.inverse[l] + turn*s.direction[l]
		}
	}
	return limit, false
}

// apply writes D'WD·v to dst.
func (a *absorber) apply(dst, v []float64) {
	clear(dst)
	if len(a.absorb) == 2 {
		a.applyTwo(dst, v)
		return
	}
	weight := 1.
	for i := range a.absorb[0] {
		sum := 0.
		for q, codes := range a.absorb {
			sum += v[a.start[q]+int(codes[i])]
		}
		if a.weight != nil {
			weight = a.weight[i]
		}
		sum *= weight
		for q, codes := range a.absorb {
			dst[a.start[q]+int(codes[i])] += sum
		}
	}
}

func (a *absorber) applyTwo(dst, v []float64) {
	first, second := a.absorb[0], a.absorb[1]
	second = second[:len(first)]
	v1, v2 := v[:a.start[1]], v[a.start[1]:]
	d1, d2 := dst[:a.start[1]], dst[a.start[1]:]
	if a.weight == nil {
		for i, c := range first {
			e := second[i]
			sum := v1[c] + v2[e]
			d1[c] += sum
			d2[e] += sum
		}
		return
	}
	weight := a.weight[:len(first)]
	for i, c := range first {
		e := second[i]
		sum := weight[i] * (v1[c] + v2[e])
		d1[c] += sum
		d2[e] += sum
	}
}

// takeOut subtracts the fixed effects from x.
func (a *absorber) takeOut(effect, x []float64) {
	for q, codes := range a.absorb {
		e := effect[a.start[q]:a.start[q+1]]
		for i, c := range codes {
			x[i] -= e[c]
		}
	}
}
