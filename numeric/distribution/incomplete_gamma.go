package distribution

import "math"

const (
	epsilon    = 0x1p-53
	logSqrt2Pi = 0.918938533204672741780329736406
	tiny       = 1e-300
)

// GammaP returns the regularised lower incomplete gamma function
//
//	P(a, x) = 1/Γ(a) ∫_0^x t^(a-1) e^-t dt,  a > 0, x >= 0,
//
// with a relative error near 1e-14 into the tails (1e-300). It is NaN for
// arguments out of range. The cost grows like sqrt(a).
//
// Source: Abramowitz & Stegun 6.5.29 (series), 6.5.31 (continued fraction).
func GammaP(a, x float64) float64 {
	p, _ := gammaPQ(a, x)
	return p
}

// GammaQ returns the upper tail Q(a, x) = 1 - P(a, x), without cancellation.
func GammaQ(a, x float64) float64 {
	_, q := gammaPQ(a, x)
	return q
}

func gammaPQ(a, x float64) (p, q float64) {
	switch {
	case !(a > 0) || !(x >= 0) || math.IsInf(a, 1):
		return math.NaN(), math.NaN()
	case x == 0:
		return 0, 1
	case math.IsInf(x, 1):
		return 1, 0
	}
	front := math.Exp(logPoissonTerm(a, x)) // x^a e^-x / Γ(a+1)
	if x < a+1 {
		p = math.Min(1, front*gammaSeries(a, x))
		return p, 1 - p
	}
	q = math.Min(1, front*a*gammaFraction(a, x))
	return 1 - q, q
}

// gammaSeries is 1 + x/(a+1) + x²/((a+1)(a+2)) + …
func gammaSeries(a, x float64) float64 {
	sum, term := 1.0, 1.0
	for n := 1.0; ; n++ {
		term *= x / (a + n)
		sum += term
		if term < sum*epsilon/4 {
			return sum
		}
	}
}

// gammaFraction is the continued fraction 1/(x+1-a- 1(1-a)/(x+3-a- …)) by
// Lentz's method.
func gammaFraction(a, x float64) float64 {
	b := x + 1 - a
	c := 1 / tiny
	d := 1 / b
	h := d
	for n := 1.0; n < 1e7; n++ {
		an := -n * (n - a)
		b += 2
		d = nonzero(an*d + b)
		c = nonzero(b + an/c)
		d = 1 / d
		step := d * c
		h *= step
		if math.Abs(step-1) < 2*epsilon {
			break
		}
	}
	return h
}

func nonzero(x float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// logPoissonTerm is log(x^a e^-x / Γ(a+1)) without the cancellation of large
// logarithms.
//
// Source: Loader, Fast and accurate computation of binomial probabilities (2000).
func logPoissonTerm(a, x float64) float64 {
	if a == 0 {
		return -x
	}
	return -stirlingError(a) - deviance(a, x) - logSqrt2Pi - 0.5*math.Log(a)
}

// logBinomialTerm is log(Γ(a+b+1)/(Γ(a+1)Γ(b+1)) x^a y^b), x + y = 1.
func logBinomialTerm(a, b, x, y float64) float64 {
	switch {
	case a == 0:
		return b * logOfRest(y, x)
	case b == 0:
		return a * logOfRest(x, y)
	}
	n := a + b
	return stirlingError(n) - stirlingError(a) - stirlingError(b) -
		deviance(a, n*x) - deviance(b, n*y) -
		logSqrt2Pi - 0.5*(math.Log(a)+math.Log(b/n))
}

// logOfRest is log(x), taken from rest = 1 - x where that is more exact.
func logOfRest(x, rest float64) float64 {
	if rest < 0.5 {
		return math.Log1p(-rest)
	}
	return math.Log(x)
}

// stirlingError is log Γ(n+1) - (n+1/2) log n + n - log sqrt(2π).
func stirlingError(n float64) float64 {
	if n <= 15 {
		g, _ := math.Lgamma(n + 1)
		return g - (n+0.5)*math.Log(n) + n - logSqrt2Pi
	}
	const (
		s0 = 1.0 / 12
		s1 = 1.0 / 360
		s2 = 1.0 / 1260
		s3 = 1.0 / 1680
		s4 = 1.0 / 1188
		s5 = 691.0 / 360360
		s6 = 1.0 / 156
	)
	nn := n * n
	return (s0 - (s1-(s2-(s3-(s4-(s5-s6/nn)/nn)/nn)/nn)/nn)/nn) / n
}

// deviance is x log(x/m) + m - x, exact also where x is close to m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		if m == 0 {
			return math.Inf(1)
		}
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	s := (x - m) * v
	term := 2 * x * v
	v *= v
	for j := 3.0; ; j += 2 {
		term *= v
		next := s + term/j
		if next == s {
			return next
		}
		s = next
	}
}
