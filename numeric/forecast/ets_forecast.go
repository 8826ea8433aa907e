package forecast

import (
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
)

// Forecast returns normal distributions of the next h periods and of their total. Means and
// variances of the periods are exact, those of classes 1 to 3 of the source, with σ² taken as known. The
// variance of the total is exact but for a multiplicative season beyond its first
// round, where it is that of the model linearised in its errors, put on the scale of the exact
// variances of the periods. The cost is O(h²).
//
// Source: Hyndman, Koehler, Ord & Snyder, Forecasting with exponential smoothing (2008),
// sections 6.3 to 6.5; Hyndman, Koehler, Ord & Snyder (2005), doi:10.1002/for.938.
func (s *ETS) Forecast(h int) Forecast {
	f := Forecast{Period: make([]distribution.Distribution, h)}
	p := s.projection(h)
	sum := 0.0
	for i := range f.Period {
		f.Period[i] = boundedNormal(s.unit*p.mean[i], s.unit*math.Sqrt(p.variance[i]))
		sum += p.mean[i]
	}
	f.Total = boundedNormal(s.unit*sum, s.unit*math.Sqrt(p.total))
	return f
}

// etsProjection is the future in units of ETS.unit.
type etsProjection struct {
	mean, variance []float64
	total          float64 // variance
}

func (s *ETS) projection(h int) etsProjection {
	slab := make([]float64, 3*h)
	p := etsProjection{mean: slab[:h], variance: slab[h : 2*h]}
	variance := s.variance()
	if s.Form.Season == ETSMultiplicative {
		s.factors(&p, variance)
	} else {
		s.terms(&p, variance, slab[2*h:])
	}
	return p
}

// response is what an error of one does to the level after i periods: α + β(φ + … + φ^i), to
// be called for one period after the other.
type etsResponse struct{ level, slope, phi float64 }

func (s *ETS) response() etsResponse { return etsResponse{s.Alpha, s.Beta, s.Phi} }

func (r *etsResponse) next() float64 {
	r.slope *= r.phi
	r.level += r.slope
	return r.level
}

// terms are the moments of forms whose states are linear in the news. With c_i the response
// of a period to the news i periods before and θ_j = E[μ_j²], news have variance σ² or σ² θ_j
// and are uncorrelated.
func (s *ETS) terms(p *etsProjection, variance float64, theta []float64) {
	h, m := len(p.mean), len(s.season)
	slab := make([]float64, 2*h+1)
	c, sums := slab[:h], slab[h:] // c_0 = 1, for the news of the period itself
	r := s.response()
	level, slope := s.level, s.slope
	for i := range c {
		slope *= s.Phi
		level += slope
		p.mean[i] = level
		if s.Form.Season == ETSAdditive {
			p.mean[i] += s.season[(s.next+i)%m]
		}
		c[i] = 1
		if i > 0 {
			c[i] = r.next()
			if s.Form.Season == ETSAdditive && i%m == 0 {
				c[i] += s.Gamma
			}
		}
		sums[i+1] = sums[i] + c[i]
	}
	spread := 0.0 // variance of μ
	for i := range p.variance {
		theta[i] = 1
		if s.Form.Error == ETSMultiplicative {
			spread = 0
			for j := range i {
				spread += variance * c[i-j] * c[i-j] * theta[j]
			}
			theta[i] = p.mean[i]*p.mean[i] + spread
		} else if i > 0 {
			spread += variance * c[i] * c[i]
		}
		p.variance[i] = spread + variance*theta[i]
		p.total += variance * theta[i] * sums[h-i] * sums[h-i]
	}
}

// factors are the moments of forms with a multiplicative season. The state enters as the
// product of x = (l, b)' and one s at a time, so E[x s] and E[x x' s²] of each position of the
// season are all that is needed: with A the transition of x, w = (1, φ)', g = (α, β)' and
// u = w'x,
//
//	x ← (A + g w'ε) x,  and s ← s (1 + γε) for the position of the period.
func (s *ETS) factors(p *etsProjection, variance float64) {
	m := len(s.season)
	positions := make([]etsPosition, m)
	for i, z := range s.season {
		positions[i] = etsPosition{l: s.level * z, b: s.slope * z, ll: s.level * s.level * z * z, lb: s.level * s.slope * z * z, bb: s.slope * s.slope * z * z}
	}
	for i := range p.mean {
		now := (s.next + i) % m
		mu, square := positions[now].mean(s.Phi)
		p.mean[i] = mu
		p.variance[i] = math.Max(0, (1+variance)*square-mu*mu)
		for k := range positions {
			gamma := 0.0
			if k == now {
				gamma = s.Gamma
			}
			positions[k].advance(s, gamma, variance)
		}
	}
	s.linearTotal(p, variance)
}

// etsPosition holds E[x s] and E[x x' s²].
type etsPosition struct{ l, b, ll, lb, bb float64 }

// mean returns E[u s] and E[u² s²].
func (e *etsPosition) mean(phi float64) (first, second float64) {
	return e.l + phi*e.b, e.ll + 2*phi*e.lb + phi*phi*e.bb
}

func (e *etsPosition) advance(s *ETS, gamma, variance float64) {
	phi, alpha, beta := s.Phi, s.Alpha, s.Beta
	first, square := e.mean(phi)
	cross := phi * (e.lb + phi*e.bb) // E[φb u s²]
	moved := 1 + gamma*gamma*variance
	both := 2 * gamma * variance
	own := variance + 3*gamma*gamma*variance*variance
	e.l, e.b = first*(1+gamma*variance*alpha), phi*e.b+gamma*variance*beta*first
	e.ll, e.lb, e.bb = moved*square+2*both*alpha*square+own*alpha*alpha*square,
		moved*cross+both*(alpha*cross+beta*square)+own*alpha*beta*square,
		moved*phi*phi*e.bb+2*both*beta*cross+own*beta*beta*square
}

// linearTotal sets the variance of the total from the derivative of every period by every
// error along the path of the means.
func (s *ETS) linearTotal(p *etsProjection, variance float64) {
	h, m := len(p.mean), len(s.season)
	q := make([]float64, h)
	level, slope := s.level, s.slope
	for i := range q {
		slope *= s.Phi
		level += slope
		q[i] = level
	}
	exact, linear := 0.0, 0.0
	for j := range q {
		z := s.season[(s.next+j)%m]
		weight := q[j] * z
		linear += variance * weight * weight
		r := s.response()
		for i := j + 1; i < h; i++ {
			d := q[j] * r.next() * s.season[(s.next+i)%m]
			if (i-j)%m == 0 {
				d += q[i] * s.Gamma * z
			}
			weight += d
			linear += variance * d * d
		}
		p.total += variance * weight * weight
		exact += p.variance[j]
	}
	if linear > 0 {
		p.total *= exact / linear
	}
}

// Path draws one course of the next len(dst) periods into dst. A relative error is at
// least -1.
func (s *ETS) Path(dst []float64, rng *rand.Rand) {
	run := s.copy()
	sigma := math.Sqrt(s.variance())
	for t := range dst {
		mu, q, season := run.mean()
		e := sigma * rng.NormFloat64()
		if s.Form.Error == ETSAdditive {
			dst[t] = mu + e
			run.move(q, season, e, e)
		} else {
			e = math.Max(-1, e)
			dst[t] = mu + mu*e
			run.moveRelative(mu, q, season, e)
		}
		dst[t] = math.Min(math.Max(s.unit*dst[t], -math.MaxFloat64), math.MaxFloat64)
	}
}
