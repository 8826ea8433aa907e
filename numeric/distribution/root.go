package distribution

import "math"

// invert solves F(x) = u for a continuous increasing F with density f on
// [lo, hi], given the upper tail S = 1 - F: Newton steps on the smaller of the two
// logarithmic tails, kept inside a bracket that only shrinks. The support ends
// may be infinite. x is the first guess.
func invert(u, x, lo, hi float64, tails func(float64) (lower, upper float64), density func(float64) float64) float64 {
	inUpper := u > 0.5
	for range 200 {
		lower, upper := tails(x)
		move := math.Log(u/lower) * lower / density(x)
		if inUpper {
			move = math.Log(upper/(1-u)) * upper / density(x)
		}
		if math.Abs(move) <= 1e-9*math.Abs(x) { // the move after this one is below rounding
			return x + move
		}
		if move > 0 {
			lo = x
		} else {
			hi = x
		}
		if x += move; !(x > lo && x < hi) {
			x = between(lo, hi, x-move)
		}
	}
	return x
}

// between returns a point inside the bracket when Newton's method left it.
func between(lo, hi, x float64) float64 {
	switch {
	case math.IsInf(hi, 1) && math.IsInf(lo, -1):
		return x / 2
	case math.IsInf(hi, 1):
		return lo + 2*math.Abs(x-lo) + math.Abs(lo) + tiny
	case math.IsInf(lo, -1):
		return hi - 2*math.Abs(hi-x) - math.Abs(hi) - tiny
	case lo > 0 && hi > 4*lo:
		return math.Sqrt(lo) * math.Sqrt(hi)
	case lo == 0 && hi > tiny:
		return hi / 16
	default:
		return lo + (hi-lo)/2
	}
}

// fuzz keeps Quantile(CDF(k)) at k in spite of rounding.
const fuzz = 1e-13

// searchLattice returns the smallest integer k >= 0 with F(k) >= u, near guess,
// by doubling steps and bisection. Upper tails are compared in the tail, so that
// u close to one keeps its meaning.
func searchLattice(u, guess float64, tails func(k float64) (lower, upper float64)) float64 {
	reached := func(k float64) bool {
		lower, upper := tails(k)
		if u > 0.5 {
			return upper <= (1-u)*(1+fuzz)+epsilon
		}
		return lower >= u*(1-fuzz)
	}
	lo, hi := -1.0, math.Max(0, math.Floor(guess)) // lo is never reached, hi is
	if reached(hi) {
		for step := 1.0; hi > 0; step *= 2 {
			k := math.Max(0, hi-step)
			if !reached(k) {
				lo = k
				break
			}
			hi = k
		}
	} else {
		for step := 1.0; ; step *= 2 {
			lo, hi = hi, hi+step
			if reached(hi) {
				break
			}
		}
	}
	for hi-lo > 1 {
		mid := math.Floor(lo + (hi-lo)/2)
		if reached(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// cornishFisher approximates the u-quantile from mean, standard deviation and
// skewness.
func cornishFisher(u, mean, sd, skew float64) float64 {
	z := normalQuantile(u)
	return mean + sd*(z+skew*(z*z-1)/6)
}

// atEnds answers Quantile for u outside the open interval (0, 1).
func atEnds(u, lo, hi float64) (x float64, done bool) {
	switch {
	case u == 0:
		return lo, true
	case u == 1:
		return hi, true
	case !(u > 0 && u < 1):
		return math.NaN(), true
	}
	return 0, false
}
