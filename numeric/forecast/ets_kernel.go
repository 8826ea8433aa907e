package forecast

import "math"

// The filters run one pass over y from given initial states and return Σe² and, for
// relative errors, Σ log μ. They do not allocate; ring holds the season in the order of
// its use and is overwritten. A mean that is not positive makes relative errors
// impossible: Σe² is then +Inf.

const (
	etsSmallest = 1e-100 // a mean below counts as not positive; y is at most 1
	etsUnlogged = 1e-100 // product of means whose logarithm is due
)

// etsPlain filters y without a season: μ = l + φb.
func etsPlain(y []float64, relative bool, alpha, beta, phi, level, slope float64) (squares, logs float64) {
	product := 1.0
	for _, v := range y {
		slope *= phi
		mu := level + slope
		e := v - mu
		if e != e {
			level = mu
			continue
		}
		level = mu + alpha*e
		slope += beta * e
		if relative {
			if !(mu > etsSmallest) {
				return math.Inf(1), 0
			}
			e /= mu
			if product *= mu; product < etsUnlogged || product > 1/etsUnlogged {
				logs += math.Log(product)
				product = 1
			}
		}
		squares += e * e
	}
	return squares, logs + math.Log(product)
}

// etsAdded filters y with an additive season: μ = l + φb + s.
func etsAdded(y []float64, relative bool, alpha, beta, gamma, phi, level, slope float64, ring []float64) (squares, logs float64) {
	product := 1.0
	i := 0
	for _, v := range y {
		slope *= phi
		season := ring[i]
		q := level + slope
		mu := q + season
		e := v - mu
		if e == e {
			level = q + alpha*e
			slope += beta * e
			ring[i] = season + gamma*e
			if relative {
				if !(mu > etsSmallest) {
					return math.Inf(1), 0
				}
				e /= mu
				if product *= mu; product < etsUnlogged || product > 1/etsUnlogged {
					logs += math.Log(product)
					product = 1
				}
			}
			squares += e * e
		} else {
			level = q
		}
		if i++; i == len(ring) {
			i = 0
		}
	}
	return squares, logs + math.Log(product)
}

// etsMultiplied filters y with a multiplicative season and relative errors: μ = (l + φb) s.
func etsMultiplied(y []float64, alpha, beta, gamma, phi, level, slope float64, ring []float64) (squares, logs float64) {
	product := 1.0
	i := 0
	for _, v := range y {
		slope *= phi
		season := ring[i]
		q := level + slope
		mu := q * season
		if !(mu > etsSmallest && q > 0) {
			return math.Inf(1), 0
		}
		e := v/mu - 1
		if e == e {
			level = q + alpha*q*e
			slope += beta * q * e
			ring[i] = season + gamma*season*e
			if product *= mu; product < etsUnlogged || product > 1/etsUnlogged {
				logs += math.Log(product)
				product = 1
			}
			squares += e * e
		} else {
			level = q
		}
		if i++; i == len(ring) {
			i = 0
		}
	}
	return squares, logs + math.Log(product)
}
