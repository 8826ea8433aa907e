package inventory

import (
	"math"

	"tradewind/numeric/distribution"
)

// PMF is the law of a count: PMF[k] = P(D = k), k = 0, 1, … It is a
// distribution.Distribution. Probabilities must not be negative and should sum to 1; what
// is missing from 1 is a value that never comes.
type PMF []float64

var _ distribution.Distribution = PMF(nil)

// tailPMF is the probability that CountsOf leaves out on either side.
const tailPMF = 1e-14

// CountsOf returns the law of d in whole units: P(k) = F(k+½) - F(k-½), and F(½) at 0. A
// law of counts comes back as it is, a continuous one rounded to the nearest unit. What
// lies beyond the quantiles at 1e-14 is left out.
func CountsOf(d distribution.Distribution) PMF {
	last := int(math.Ceil(max(0, d.Quantile(1-tailPMF))))
	p := make(PMF, last+1)
	before := 0.0
	for k := range p {
		through := d.CDF(float64(k) + .5)
		p[k] = through - before
		before = through
	}
	return p
}

func (p PMF) Mean() float64 {
	var sum float64
	for k, x := range p {
		sum += float64(k) * x
	}
	return sum
}

func (p PMF) Variance() float64 {
	mean := p.Mean()
	var sum float64
	for k, x := range p {
		sum += (float64(k) - mean) * (float64(k) - mean) * x
	}
	return sum
}

func (p PMF) CDF(x float64) float64 {
	var sum float64
	for k := 0; k < len(p) && float64(k) <= x; k++ {
		sum += p[k]
	}
	return min(1, sum)
}

// Quantile returns the smallest count whose CDF reaches u.
func (p PMF) Quantile(u float64) float64 {
	if !(u >= 0 && u <= 1) {
		return math.NaN()
	}
	var sum float64
	for k, x := range p {
		if sum += x; x > 0 && sum >= u {
			return float64(k)
		}
	}
	return float64(len(p) - 1)
}

// Loss sums the differences to x on either side.
func (p PMF) Loss(x float64) (above, below float64) {
	for k, q := range p {
		if d := float64(k) - x; d > 0 {
			above += d * q
		} else {
			below -= d * q
		}
	}
	return above, below
}

// Plus returns the law of the sum of two independent counts.
func (p PMF) Plus(q PMF) PMF {
	if len(p) == 0 || len(q) == 0 {
		return nil
	}
	sum := make(PMF, len(p)+len(q)-1)
	for i, x := range p {
		if x == 0 {
			continue
		}
		for j, y := range q {
			sum[i+j] += x * y
		}
	}
	return sum.trim()
}

// Times returns the law of the sum of n independent counts, by repeated squaring.
func (p PMF) Times(n int) PMF {
	sum, square := PMF{1}, p
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			sum = sum.Plus(square)
		}
		if n > 1 {
			square = square.Plus(square)
		}
	}
	return sum
}

// Over returns the law of the demand over a random whole number of periods, whose law is
// periods, when p is that of one period: Σ P(N = n) p⁽ⁿ⁾. With the lead time for N it is
// the lead-time demand; orders must not overtake each other for it to be exact.
func (p PMF) Over(periods PMF) PMF {
	var total PMF
	sum := PMF{1}
	for n, weight := range periods {
		if n > 0 {
			sum = sum.Plus(p)
		}
		for len(total) < len(sum) {
			total = append(total, 0)
		}
		for k, x := range sum {
			total[k] += weight * x
		}
	}
	return total
}

// trim drops the end of the upper tail that CountsOf would not have kept.
func (p PMF) trim() PMF {
	var gone float64
	n := len(p)
	for n > 1 && gone+p[n-1] < tailPMF/16 {
		n--
		gone += p[n]
	}
	return p[:n]
}
