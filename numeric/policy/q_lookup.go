package policy

import (
	"math"

	"tradewind/numeric/distribution"
)

// Lookup turns uniforms into values 0, 1, … of a discrete law by inverse transform, in a
// time that does not depend on the law: a guide table says where to begin to look.
// A larger uniform never gives a smaller value, so that laws can be compared under the
// same uniforms.
//
// Source: Chen & Asau, On generating random variates from an empirical distribution
// (1974), AIIE Transactions 6, 163-166.
type Lookup struct {
	upTo  []float64 // P(D <= k); +Inf for the last
	guide []int32   // the value at u = j/len(guide)
}

// NewLookup returns the lookup for P(D = k) in proportion to p[k]. It panics unless p is
// finite, nowhere negative, and positive somewhere.
func NewLookup(p []float64) Lookup {
	var sum float64
	last := -1
	for k, x := range p {
		if !(x >= 0) || math.IsInf(x, 1) {
			panic("policy: a chance must be finite and not negative")
		}
		if sum += x; x > 0 {
			last = k
		}
	}
	if last < 0 {
		panic("policy: nothing has a chance")
	}
	size := 64
	for size < 4*(last+1) {
		size *= 2
	}
	l := Lookup{make([]float64, last+1), make([]int32, size)}
	var below float64
	for k := range l.upTo {
		below += p[k]
		l.upTo[k] = below / sum
	}
	l.upTo[last] = math.Inf(1)
	var k int32
	for j := range l.guide {
		for float64(j)/float64(size) >= l.upTo[k] {
			k++
		}
		l.guide[j] = k
	}
	return l
}

// LookupOf returns the lookup for a count d, cut to [0, most].
func LookupOf(d distribution.Distribution, most int) Lookup {
	p := make([]float64, most+1)
	var below float64
	for k := range p {
		upTo := d.CDF(float64(k))
		p[k], below = max(0, upTo-below), upTo
	}
	p[most] += 1 - below
	return NewLookup(p)
}

// At returns the value at u in [0, 1).
func (l *Lookup) At(u float64) int {
	k := l.guide[int(u*float64(len(l.guide)))]
	for u >= l.upTo[k] {
		k++
	}
	return int(k)
}
