package neural

import (
	"math"

	"tradewind/numeric/kernel"
)

// Levels are the probabilities of the nine quantiles: those that the M5 uncertainty
// competition asked for.
var Levels = [9]float64{.005, .025, .165, .25, .5, .75, .835, .975, .995}

// Each loss below is a mean over the targets that are not NaN, writes its derivative by
// the outputs into dOut, 0 for the others, and returns the mean and the number of such
// targets. Sums are taken in float64, one after the other.

// MeanSquare is the mean of (out - want)², both [n].
func MeanSquare[F kernel.Float](dOut, out, want []F) (loss float64, seen int) {
	seen = count(want)
	for i, y := range want {
		dOut[i] = 0
		if y == y {
			e := float64(out[i]) - float64(y)
			loss += e * e
			dOut[i] = F(2 * e / float64(seen))
		}
	}
	return loss / float64(max(1, seen)), seen
}

// Pinball is the mean over targets and Levels u of (y - q)(u - [y < q]), out being
// [n × 9] and want [n].
//
// Source: Koenker & Bassett, Regression quantiles (1978), Econometrica 46, 33-50.
func Pinball[F kernel.Float](dOut, out, want []F) (loss float64, seen int) {
	seen = count(want)
	weight := 1 / float64(max(1, seen)*len(Levels))
	for i, y := range want {
		q, d := out[i*len(Levels):][:len(Levels)], dOut[i*len(Levels):][:len(Levels)]
		for j, u := range Levels {
			slope := 0.0
			switch e := float64(y) - float64(q[j]); {
			case e >= 0:
				slope = -u
				loss += e * u
			case e < 0:
				slope = 1 - u
				loss += e * (u - 1)
			}
			d[j] = F(slope * weight)
		}
	}
	return loss * weight, seen
}

// furthest bounds what the negative binomial head says of mean and size, on the scale of
// logarithms: a mean between 1/2981 and 2981 times the usual one, a size between the same.
const furthest = 8

// countsOf reads the two outputs for a period: mean = scale·e^a and size = e^b, a and b
// being the outputs bent into ±furthest.
func countsOf(out0, out1, scale float64) (mean, size, slope0, slope1 float64) {
	a, b := math.Tanh(out0/furthest), math.Tanh(out1/furthest)
	return scale * math.Exp(furthest*a), math.Exp(furthest * b), 1 - a*a, 1 - b*b
}

// NegativeBinomial is the mean of -log P(want) under the mean and size that the outputs
// say, up to the terms that depend on want alone; out is [n × 2], want [n] and scale [n].
func NegativeBinomial[F kernel.Float](dOut, out, want []F, scale []float64) (loss float64, seen int) {
	seen = count(want)
	for i := range want {
		dOut[2*i], dOut[2*i+1] = 0, 0
		y := float64(want[i])
		if math.IsNaN(y) {
			continue
		}
		m, k, slopeM, slopeK := countsOf(float64(out[2*i]), float64(out[2*i+1]), scale[i])
		more, _ := math.Lgamma(y + k)
		own, _ := math.Lgamma(k)
		loss -= more - own - k*math.Log1p(m/k) + y*math.Log(m/(k+m))
		dM := (m - y) * k / (k + m)
		dK := -k * (digamma(y+k) - digamma(k) - math.Log1p(m/k) + (m-y)/(k+m))
		dOut[2*i] = F(dM * slopeM / float64(seen))
		dOut[2*i+1] = F(dK * slopeK / float64(seen))
	}
	return loss / float64(max(1, seen)), seen
}

// digamma is the derivative of log Γ at x > 0, within 1e-12: its recurrence up to 10, and
// beyond that the asymptotic series.
//
// Source: Abramowitz & Stegun 6.3.5 and 6.3.18.
func digamma(x float64) float64 {
	sum := 0.0
	for ; x < 10; x++ {
		sum -= 1 / x
	}
	z := 1 / (x * x)
	return sum + math.Log(x) - .5/x - z*(1./12-z*(1./120-z*(1./252-z*(1./240-z*(1./132)))))
}

// count is how many targets are not missing.
func count[F kernel.Float](want []F) int {
	n := 0
	for _, y := range want {
		if y == y {
			n++
		}
	}
	return n
}

// clip shortens a gradient to length 1 if it is longer.
//
// Source: Pascanu, Mikolov & Bengio (2013), arXiv:1211.5063.
func clip[F kernel.Float](gradient []F) {
	sum := 0.0
	for _, g := range gradient {
		sum += float64(g) * float64(g)
	}
	if sum > 1 {
		shorter := F(1 / math.Sqrt(sum))
		for i := range gradient {
			gradient[i] *= shorter
		}
	}
}
