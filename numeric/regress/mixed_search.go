package regress

import (
	"math"
	"slices"
)

const (
	mostSteps  = 20_000
	flatEnough = 1e-9 // of the values over the simplex, relative
	restarts   = 8
	newtons    = 3
	difference = 3e-4 // of a number, between two points of a difference
)

// minimize moves x to a minimum of f by the simplex of Nelder and Mead, started anew at
// what it found until that gains nothing more, and then by Newton's steps, which find the
// place to more digits than values alone can. It reports whether it came to rest.
//
// Source: Nelder & Mead (1965), Computer Journal 7, 308.
func minimize(f func([]float64) float64, x []float64) bool {
	steps := mostSteps
	best := math.Inf(1)
	edge := .5
	for range restarts {
		found, left := simplex(f, x, edge, steps)
		if left <= 0 {
			return false
		}
		if best-found <= flatEnough*(1+math.Abs(found)) {
			break
		}
		best, steps, edge = found, left, edge/4
	}
	for range newtons {
		polish(f, x)
	}
	return true
}

// polish takes one of Newton's steps, gradient and curvature from central differences,
// unless the curvature is not that of a minimum or the step leads uphill.
func polish(f func([]float64) float64, x []float64) {
	n := len(x)
	step, gradient, curvature := make([]float64, n), make([]float64, n), make([]float64, n*n)
	here := f(x)
	at := slices.Clone(x)
	value := func(a int, s float64, b int, t float64) float64 {
		copy(at, x)
		at[a] += s * step[a]
		at[b] += t * step[b]
		return f(at)
	}
	for a := range n {
		step[a] = difference * math.Max(.1, math.Abs(x[a]))
		up, down := value(a, 1, a, 0), value(a, -1, a, 0)
		gradient[a] = (up - down) / (2 * step[a])
		curvature[a*n+a] = (up - 2*here + down) / (step[a] * step[a])
		for b := range a {
			v := (value(a, 1, b, 1) - value(a, 1, b, -1) - value(a, -1, b, 1) + value(a, -1, b, -1)) / (4 * step[a] * step[b])
			curvature[a*n+b], curvature[b*n+a] = v, v
		}
	}
	l, ok := cholesky(curvature, n)
	if !ok {
		return
	}
	forward(l, n, gradient)
	backward(l, n, gradient)
	copy(at, x)
	subtract(at, gradient, 1)
	if f(at) <= here+1e-12*math.Abs(here) {
		copy(x, at)
	}
}

// simplex leaves the best point in x and returns its value and the steps that are left.
func simplex(f func([]float64) float64, x []float64, edge float64, steps int) (float64, int) {
	n := len(x)
	slab := make([]float64, (n+4)*n)
	at := func(i int) []float64 { return slab[i*n:][:n] }
	value := make([]float64, n+1)
	for i := range n + 1 {
		copy(at(i), x)
		if i < n {
			at(i)[i] += edge * math.Max(.1, math.Abs(x[i]))
		}
		value[i] = f(at(i))
	}
	centre, try, further := at(n+1), at(n+2), at(n+3)
	low, high := 0, 0
	for ; steps > 0; steps-- {
		low, high = 0, 0
		for i, v := range value {
			if v < value[low] {
				low = i
			}
			if v >= value[high] {
				high = i
			}
		}
		if value[high]-value[low] <= flatEnough/100*(1+math.Abs(value[low])) {
			break
		}
		second := math.Inf(-1)
		clear(centre)
		for i, v := range value {
			if i == high {
				continue
			}
			second = math.Max(second, v)
			for j, c := range at(i) {
				centre[j] += c / float64(n)
			}
		}
		move := func(dst []float64, by float64) float64 {
			for j, c := range centre {
				dst[j] = c + by*(at(high)[j]-c)
			}
			return f(dst)
		}
		accept := func(p []float64, v float64) {
			copy(at(high), p)
			value[high] = v
		}
		v := move(try, -1)
		switch {
		case v < value[low]:
			if w := move(further, -2); w < v {
				accept(further, w)
			} else {
				accept(try, v)
			}
		case v < second || n == 1 && v < value[high]:
			accept(try, v)
		default:
			by := .5
			if v < value[high] {
				by = -.5
			}
			if w := move(further, by); w < math.Min(v, value[high]) {
				accept(further, w)
				break
			}
			for i := range value {
				if i == low {
					continue
				}
				for j, c := range at(low) {
					at(i)[j] = (at(i)[j] + c) / 2
				}
				value[i] = f(at(i))
			}
		}
	}
	copy(x, at(low))
	return value[low], steps
}
