package regress

import "math"

// AndersonRubin returns the probability of slopes on the instruments as large as those of
// y - Σ beta·x, x the endogenous regressors, if beta were the truth: a test that holds
// however weak the instruments are. With s the slopes of q orthonormal instruments and V(beta)
// their covariance, s'V⁻¹s/q is held against F with q degrees of freedom and those of the
// fit's tests; for Classical errors and normal residuals that is exact. It is NaN where V is
// singular, as with fewer clusters than instruments, and panics unless there is one beta for
// each endogenous regressor.
//
// Source: Anderson & Rubin (1949), Annals of Mathematical Statistics 20, 46; under other
// errors Andrews, Stock & Sun (2019), Annual Review of Economics 11, 727, section 5.
func (r *reduced) AndersonRubin(beta ...float64) float64 {
	if len(beta) != len(r.slope)-1 {
		panic("regress: one beta for each endogenous regressor")
	}
	at := make([]float64, len(r.slope))
	at[0] = 1
	for a, b := range beta {
		at[a+1] = -b
	}
	return tailF(r.statistic(at), float64(len(r.slope[0])), r.freedom)
}

// statistic returns s'V⁻¹s/q for the slopes s of Σ at·variable. It does not depend on the
// scale of at.
func (r *reduced) statistic(at []float64) float64 {
	q := len(r.slope[0])
	slope, spread := make([]float64, q), make([]float64, q*q)
	for a, u := range at {
		for l, v := range r.slope[a] {
			slope[l] += u * v
		}
		for b, w := range at {
			for i, v := range r.spread[a][b] {
				spread[i] += u * w * v
			}
		}
	}
	l, ok := cholesky(spread, q)
	if !ok {
		return math.NaN()
	}
	forward(l, q, slope)
	return inner(slope, slope) / float64(q)
}

// Span is a closed interval; its ends may be infinite.
type Span struct{ Low, High float64 }

const (
	angles    = 4096
	bisection = 80
)

// AndersonRubinSet returns the values of the coefficient of a single endogenous regressor
// that the Anderson–Rubin test does not refuse at probability 1 - level, as intervals in
// ascending order. With weak instruments it is rightly unbounded, or two rays; with
// instruments that contradict each other it may be empty. The ends are found on 4,096
// directions that lie closest about the estimate, then by bisection: a gap narrower than
// about a thousandth of the standard error goes unseen. It panics unless there is one
// endogenous regressor and 0 < level < 1.
func (r *reduced) AndersonRubinSet(level float64) []Span {
	if len(r.slope) != 2 {
		panic("regress: the set is for a single endogenous regressor")
	}
	if !(level > 0 && level < 1) {
		panic("regress: level must lie between 0 and 1")
	}
	centre, scale := r.guess[0], r.guess[1]
	at := make([]float64, 2)
	// The statistic is a function of the direction (1, -β); β = centre + scale·tan φ runs
	// through all of them while φ runs from -π/2 to π/2, both of which are β = ∞.
	holds := func(phi float64) bool {
		sin, cos := math.Sincos(phi)
		at[0], at[1] = cos, -(centre*cos + scale*sin)
		return tailF(r.statistic(at), float64(len(r.slope[0])), r.freedom) > 1-level
	}
	value := func(phi float64) float64 { return centre + scale*math.Tan(phi) }
	edge := func(low, high float64) float64 {
		was := holds(low)
		for range bisection {
			middle := (low + high) / 2
			if holds(middle) == was {
				low = middle
			} else {
				high = middle
			}
		}
		return value((low + high) / 2)
	}
	var set []Span
	phi := -math.Pi / 2
	inside := holds(phi)
	low := math.Inf(-1)
	for step := 1; step <= angles; step++ {
		next := math.Pi * (float64(step)/angles - .5)
		now := holds(next)
		switch {
		case now && !inside:
			low = edge(phi, next)
		case !now && inside:
			set = append(set, Span{low, edge(phi, next)})
		}
		phi, inside = next, now
	}
	if inside {
		set = append(set, Span{low, math.Inf(1)})
	}
	return set
}
