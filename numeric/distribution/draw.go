package distribution

import (
	"math"
	"math/rand/v2"
)

// DrawGamma returns a gamma variable of the given shape > 0 and scale 1.
//
// Source: Marsaglia & Tsang, A simple method for generating gamma variables
// (2000), ACM Transactions on Mathematical Software 26, 363-372.
func DrawGamma(shape float64, rng *rand.Rand) float64 {
	if shape < 1 {
		u := 1 - rng.Float64()
		return DrawGamma(shape+1, rng) * math.Pow(u, 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		z := rng.NormFloat64()
		v := 1 + c*z
		if v <= 0 {
			continue
		}
		v *= v * v
		u := 1 - rng.Float64()
		if z2 := z * z; u < 1-0.0331*z2*z2 || math.Log(u) < 0.5*z2+d-d*v+d*math.Log(v) { // the first spares most logarithms
			return d * v
		}
	}
}

// DrawPoisson returns a Poisson variable with the given mean >= 0: waiting times
// counted for small means, transformed rejection (PTRS) for large ones.
//
// Source: Hörmann, The transformed rejection method for generating Poisson
// random variables (1993), Insurance: Mathematics and Economics 12, 39-45.
func DrawPoisson(mean float64, rng *rand.Rand) float64 {
	if mean < 10 {
		n := 0.0
		for left := mean - rng.ExpFloat64(); left >= 0; left -= rng.ExpFloat64() {
			n++
		}
		return n
	}
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	squeeze := 0.9277 - 3.6224/(b-2)
	for {
		u, v := rng.Float64()-0.5, 1-rng.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= squeeze {
			return k
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		logFactorial, _ := math.Lgamma(k + 1)
		logAlpha := math.Log(1.1239 + 1.1328/(b-3.4))
		if math.Log(v)+logAlpha-math.Log(a/(us*us)+b) <= k*math.Log(mean)-mean-logFactorial {
			return k
		}
	}
}
