package policy

import "math"

// Rate is a learning rate or a chance of exploring that falls with use,
//
//	max(Least, First · (1 + Slope·k)^-Power),  k the number of uses before.
//
// A rate learns in the limit whatever the noise if ½ < Power <= 1 and Least = 0.
type Rate struct{ First, Slope, Power, Least float64 }

// Constant returns a rate that does not fall.
func Constant(rate float64) Rate { return Rate{First: rate} }

// Rates for learning. HarmonicPower is 1/n^.7 at the n-th use, for pairs that are visited
// one at a time (Even-Dar & Mansour, Learning rates for Q-learning, 2003, Journal of
// Machine Learning Research 5, 1-25). SlowPower is for sweeps: each brings the values one
// step nearer, and must not weigh little from the start.
var (
	HarmonicPower = Rate{First: 1, Slope: 1, Power: .7}
	SlowPower     = Rate{First: 1, Slope: .02, Power: .7}
)

// At returns the rate after k uses.
func (r Rate) At(k int) float64 {
	if r.Power == 0 || r.Slope == 0 {
		return max(r.Least, r.First)
	}
	return max(r.Least, r.First*math.Pow(1+r.Slope*float64(k), -r.Power))
}

// or returns r, or the other where r is the zero value.
func (r Rate) or(other Rate) Rate {
	if r == (Rate{}) {
		return other
	}
	return r
}

// mustLearn panics unless every rate is in (0, 1].
func (r Rate) mustLearn() {
	if !(r.First > 0 && r.First <= 1 && r.Slope >= 0 && r.Power >= 0 && r.Least >= 0 && r.Least <= 1) {
		panic("policy: a learning rate must be above 0 and at most 1, and must not rise")
	}
}

// qRates remembers the first rates, which most updates use.
type qRates struct {
	rate  Rate
	known [1 << 12]float64
}

func newQRates(r Rate) *qRates {
	q := &qRates{rate: r}
	for k := range q.known {
		q.known[k] = r.At(k)
	}
	return q
}

func (q *qRates) at(k int) float64 {
	if k < len(q.known) {
		return q.known[k]
	}
	return q.rate.At(k)
}
