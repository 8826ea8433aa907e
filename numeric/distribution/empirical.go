package distribution

import (
	"math"
	"slices"
	"sort"
)

// Empirical is the distribution that puts the same weight on each of n sampled
// values, for example the totals of simulated paths.
type Empirical struct {
	sorted []float64
	sums   []float64 // sums[i] is the sum of the i smallest values
	spread float64   // variance
}

// NewEmpirical returns the empirical distribution of sample; it does not modify
// or keep sample. It panics if sample is empty or holds a value that is not finite.
func NewEmpirical(sample []float64) *Empirical {
	if len(sample) == 0 {
		panic("distribution: empty sample")
	}
	d := &Empirical{sorted: slices.Clone(sample), sums: make([]float64, len(sample)+1)}
	slices.Sort(d.sorted)
	finite("smallest value", d.sorted[0])
	finite("largest value", d.sorted[len(sample)-1])
	for i, x := range d.sorted {
		d.sums[i+1] = d.sums[i] + x
	}
	mean := d.Mean()
	for _, x := range d.sorted {
		d.spread += (x - mean) * (x - mean)
	}
	d.spread /= float64(len(sample))
	return d
}

func (d *Empirical) Mean() float64     { return d.sums[len(d.sorted)] / float64(len(d.sorted)) }
func (d *Empirical) Variance() float64 { return d.spread }

func (d *Empirical) CDF(x float64) float64 {
	if math.IsNaN(x) {
		return x
	}
	return float64(d.upTo(x)) / float64(len(d.sorted))
}

// upTo is the number of values <= x.
func (d *Empirical) upTo(x float64) int {
	return sort.Search(len(d.sorted), func(i int) bool { return d.sorted[i] > x })
}

func (d *Empirical) Quantile(u float64) float64 {
	n := len(d.sorted)
	if x, done := atEnds(u, d.sorted[0], d.sorted[n-1]); done {
		return x
	}
	k := int(math.Ceil(u*float64(n)*(1-fuzz))) - 1
	return d.sorted[min(max(k, 0), n-1)]
}

// Loss sums the differences to x on either side, from running sums.
func (d *Empirical) Loss(x float64) (above, below float64) {
	n, k := len(d.sorted), d.upTo(x)
	below = (x*float64(k) - d.sums[k]) / float64(n)
	above = (d.sums[n] - d.sums[k] - x*float64(n-k)) / float64(n)
	return math.Max(0, above), math.Max(0, below)
}
