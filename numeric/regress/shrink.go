package regress

import (
	"math"
	"slices"
)

// Shrunk is what is believed about each of many quantities after the others are known.
type Shrunk struct {
	Mean, SD []float64 // posterior, by estimate
	Group    []Prior   // by group
}

// Prior is how the quantities of a group are distributed. Mean and SD are posterior means,
// the latter the root of that of the variance; both are NaN where there is nothing to learn
// from.
type Prior struct {
	Mean, SD float64
	MeanSE   float64 // of Mean
	N        int     // estimates that it was learnt from
	Pooled   bool    // learnt from all groups, because this one has fewer than three estimates
}

const fewest = 3 // estimates without which the spread of a group cannot be told from their errors

// Shrink draws estimates towards the mean of their group, the less certain ones further:
//
//	estimate_i ~ N(θ_i, se_i²),  θ_i ~ N(m_g, τ_g²),
//
// with m flat and τ half-Cauchy, its scale the spread of the group's estimates. The mean is
// integrated out in closed form and τ over a grid of its marginal likelihood that closes in
// on the mass, so that what is not known about both is part of every SD: where a single τ
// would be put in, a group of few would shrink too far and too surely.
//
// se of +Inf or NaN says that a quantity has no estimate of its own: it gets what its group
// tells. An se of 0 is certainty. Groups of fewer than three estimates learn from the
// estimates of all groups; if those are too few as well, estimates are left as they are and
// what has none is NaN with an infinite SD. It fails with a *DataError for a negative se, and
// for an estimate that is not finite though its se is; it panics if lengths differ. A nil
// group puts all in one. It does not modify what it is given.
//
// Source: Morris (1983), Parametric empirical Bayes inference, Journal of the American
// Statistical Association 78, 47; Gelman et al., Bayesian data analysis (2013), section 5.4;
// Polson & Scott (2012), Bayesian Analysis 7, 887, for the half-Cauchy.
func Shrink(est, se []float64, group []int32) (*Shrunk, error) {
	if group == nil {
		group = make([]int32, len(est))
	}
	mustBeCodes(group, len(est))
	if len(se) != len(est) {
		panic("regress: estimates and their errors differ in length")
	}
	members := make([][]int32, levels(group))
	for i, s := range se {
		if s < 0 {
			return nil, &DataError{"SE", 0, i, s}
		}
		if told(s) && (math.IsNaN(est[i]) || math.IsInf(est[i], 0)) {
			return nil, &DataError{"Estimate", 0, i, est[i]}
		}
		members[group[i]] = append(members[group[i]], int32(i))
	}
	sh := &Shrunk{make([]float64, len(est)), make([]float64, len(est)), make([]Prior, len(members))}
	all := gatherEstimates(est, se, nil)
	var pooled *spread
	for g, rows := range members {
		own := gatherEstimates(est, se, rows)
		n := len(own.est)
		few := n < fewest
		if few {
			own = all
		}
		if len(own.est) < fewest {
			sh.leave(g, n, rows, est, se)
			continue
		}
		var s *spread
		switch {
		case !few:
			s = own.integrate()
		default:
			if pooled == nil {
				pooled = all.integrate()
			}
			s = pooled
		}
		mean, meanSE, sd := s.prior()
		sh.Group[g] = Prior{mean, sd, meanSE, len(own.est), few}
		for _, i := range rows {
			sh.Mean[i], sh.SD[i] = s.posterior(est[i], se[i])
		}
	}
	return sh, nil
}

// told reports whether an error says that there is an estimate.
func told(se float64) bool { return !math.IsNaN(se) && !math.IsInf(se, 1) }

// leave passes estimates on as they are.
func (sh *Shrunk) leave(g, n int, rows []int32, est, se []float64) {
	sh.Group[g] = Prior{math.NaN(), math.NaN(), math.NaN(), n, false}
	for _, i := range rows {
		sh.Mean[i], sh.SD[i] = est[i], se[i]
		if !told(se[i]) {
			sh.Mean[i], sh.SD[i] = math.NaN(), math.Inf(1)
		}
	}
}

// estimates are those of a group that have a standard error.
type estimates struct{ est, variance []float64 }

// gatherEstimates takes rows, or all for nil.
func gatherEstimates(est, se []float64, rows []int32) estimates {
	var e estimates
	take := func(i int) {
		if told(se[i]) {
			e.est = append(e.est, est[i])
			e.variance = append(e.variance, se[i]*se[i])
		}
	}
	if rows == nil {
		for i := range est {
			take(i)
		}
	}
	for _, i := range rows {
		take(int(i))
	}
	return e
}

// spread is the posterior of τ on a grid, with what the mean is at each point.
type spread struct {
	weight   []float64 // sums to 1
	variance []float64 // τ²
	mean     []float64 // of m given τ
	doubt    []float64 // variance of m given τ
}

const (
	gridPoints  = 96
	gridRounds  = 5
	gridDepth   = 16 // logarithms of likelihood below the peak that are left out
	gridMargins = 1  // points kept beyond
)

// integrate lays the grid. In u, τ = A tan(πu/2), a half-Cauchy prior of scale A is flat,
// so that points at equal distances in u weigh as the likelihood alone.
func (e estimates) integrate() *spread {
	scale := e.scale()
	s := &spread{}
	low, high := 0.0, 1.0
	for range gridRounds {
		*s = spread{}
		log := make([]float64, gridPoints)
		step := (high - low) / gridPoints
		for k := range gridPoints {
			tau := scale * math.Tan(math.Pi/2*(low+(float64(k)+.5)*step))
			mean, doubt, l := e.restricted(tau * tau)
			s.variance = append(s.variance, tau*tau)
			s.mean, s.doubt = append(s.mean, mean), append(s.doubt, doubt)
			log[k] = l
		}
		top := slices.Max(log)
		first, last, total := gridPoints, 0, 0.0
		for k, l := range log {
			w := math.Exp(l - top)
			s.weight = append(s.weight, w)
			total += w
			if l > top-gridDepth {
				first, last = min(first, k), k
			}
		}
		for k := range s.weight {
			s.weight[k] /= total
		}
		if last-first > gridPoints/2 {
			break
		}
		low, high = max(0, low+float64(first-gridMargins)*step), min(1, low+float64(last+1+gridMargins)*step)
	}
	return s
}

// scale returns the standard deviation of the estimates, which is not below the truth's, or
// a positive number if they are all the same.
func (e estimates) scale() float64 {
	mean, squares := 0.0, 0.0
	for _, v := range e.est {
		mean += v / float64(len(e.est))
	}
	for _, v := range e.est {
		squares += (v - mean) * (v - mean)
	}
	if sd := math.Sqrt(squares / float64(len(e.est)-1)); sd > 0 {
		return sd
	}
	if v := slices.Max(e.variance); v > 0 {
		return math.Sqrt(v)
	}
	return math.Abs(mean) + 1
}

// restricted returns the mean of m given τ², its variance, and the logarithm of the
// likelihood of τ² with m integrated out.
func (e estimates) restricted(variance float64) (mean, doubt, log float64) {
	mass, sum := 0.0, 0.0
	for i, v := range e.variance {
		w := 1 / (v + variance)
		mass += w
		sum += w * e.est[i]
		log -= math.Log(v+variance) / 2
	}
	mean = sum / mass
	for i, v := range e.variance {
		r := e.est[i] - mean
		log -= r * r / (v + variance) / 2
	}
	return mean, 1 / mass, log - math.Log(mass)/2
}

// prior returns the mean of m, its standard error, and the root of the mean of τ².
func (s *spread) prior() (mean, se, sd float64) {
	variance, doubt := 0.0, 0.0
	for k, w := range s.weight {
		mean += w * s.mean[k]
		variance += w * s.variance[k]
	}
	for k, w := range s.weight {
		doubt += w * (s.doubt[k] + (s.mean[k]-mean)*(s.mean[k]-mean))
	}
	return mean, math.Sqrt(doubt), math.Sqrt(variance)
}

// posterior returns mean and standard deviation of one quantity.
func (s *spread) posterior(est, se float64) (mean, sd float64) {
	at := func(k int) (m, v float64) {
		if !told(se) {
			return s.mean[k], s.variance[k] + s.doubt[k]
		}
		own := se * se
		share := own / (own + s.variance[k]) // that the group has
		return share*s.mean[k] + (1-share)*est, (1-share)*own + share*share*s.doubt[k]
	}
	for k, w := range s.weight {
		m, _ := at(k)
		mean += w * m
	}
	variance := 0.0
	for k, w := range s.weight {
		m, v := at(k)
		variance += w * (v + (m-mean)*(m-mean))
	}
	return mean, math.Sqrt(variance)
}
