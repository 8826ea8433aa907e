package kernel

import "math"

// The constants of exp32: Moshier's polynomial for e^r on |r| <= ln(2)/2, and ln(2) cut in
// two so that n·ln2High is exact.
const (
	expMost  = 88
	expLeast = -87
	log2e    = 1.44269504088896341
	rounder  = 3 << 22 // adding it to |x| < 2^22 leaves the nearest whole number in the low bits
	ln2High  = 0.693359375
	ln2Low   = -2.12194440e-4
	exp0     = 1.9875691500e-4
	exp1     = 1.3981999507e-3
	exp2     = 8.3334519073e-3
	exp3     = 4.1665795894e-2
	exp4     = 1.6666665459e-1
	exp5     = 5.0000001201e-1
)

// exp32 returns e^x within 1e-7 relative; x is first cut to [-87, 88], where neither the
// result nor its reciprocal overflows.
//
// Source: Moshier, Cephes Mathematical Library, single precision, expf.
func exp32(x float32) float32 {
	if expMost < x {
		x = expMost
	}
	if expLeast > x {
		x = expLeast
	}
	shifted := float32(x*log2e) + rounder
	n := shifted - rounder
	r := x - float32(n*ln2High)
	r -= float32(n * ln2Low)
	p := float32(exp0*r) + exp1
	p = float32(p*r) + exp2
	p = float32(p*r) + exp3
	p = float32(p*r) + exp4
	p = float32(p*r) + exp5
	p = float32(p*float32(r*r)) + r + 1
	return p * math.Float32frombits((math.Float32bits(shifted)+127)<<23) // p·2^n
}

// sigmoid returns 1/(1+e^-x), within 2e-7 for float32.
func sigmoid[F Float](x F) F {
	if x, ok := any(x).(float32); ok {
		return F(1 / (1 + exp32(-x)))
	}
	return F(1 / (1 + math.Exp(-float64(x))))
}

// tanh returns the hyperbolic tangent, within 3e-7 for float32.
func tanh[F Float](x F) F {
	if _, ok := any(x).(float32); ok {
		return 2*sigmoid(x+x) - 1
	}
	return F(math.Tanh(float64(x)))
}

// spread holds the constants for the assembly, each in every lane. The order is that of
// the offsets in cell_amd64.s.
var spread = func() (s [constants][lanes]float32) {
	for i, c := range [constants]float32{
		float32(math.Copysign(0, -1)), 1, expMost, expLeast, log2e, rounder, ln2High, ln2Low,
		exp0, exp1, exp2, exp3, exp4, exp5, math.Float32frombits(127),
	} {
		for j := range s[i] {
			s[i][j] = c
		}
	}
	return s
}()

const constants = 15
