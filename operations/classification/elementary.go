package classification

import "math"

// ln returns the natural logarithm of a positive number within 1e-15 relative. Unlike
// that of package math, which uses what the processor has, it gives the same bits on
// every machine: each product is rounded before it is added.
func ln(x float64) float64 {
	f, e := math.Frexp(x) // x = f·2^e, f in [½, 1)
	if f < math.Sqrt2/2 {
		f, e = 2*f, e-1
	}
	// ln f = 2 artanh s, |s| <= .172
	s := (f - 1) / (f + 1)
	square := s * s
	sum := 0.0
	for k := 21; k >= 1; k -= 2 {
		sum = float64(sum*square) + 1/float64(k)
	}
	return float64(2*s*sum) + float64(float64(e)*math.Ln2)
}

// factorials are 1/k! from k = 13 down to 0.
var factorials = func() (inverse [14]float64) {
	product := 1.0
	for k := range inverse {
		inverse[len(inverse)-1-k] = 1 / product
		product *= float64(k + 1)
	}
	return inverse
}()

// exp returns e^x for x <= 0 in the same manner, within 1e-15 relative; 0 below -700.
func exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	n := math.Round(x * (1 / math.Ln2))
	r := x - float64(n*math.Ln2) // |r| <= .35
	sum := 0.0
	for _, c := range factorials {
		sum = float64(sum*r) + c
	}
	return sum * math.Float64frombits(uint64(1023+int(n))<<52)
}
