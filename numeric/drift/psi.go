package drift

import (
	"math"
	"slices"
	"sort"

	"tradewind/numeric/distribution"
)

// Reference is a sample reduced to counts in bins: all that is kept of training data in
// order to notice that live data differ. Bin i holds the x with Edges[i-1] < x <= Edges[i];
// the first and the last are open outwards.
type Reference struct {
	Edges  []float64 // ascending, one fewer than bins
	Counts []int
}

// NewReference bins a sample at its own quantiles 1/bins, 2/bins, …, so that all bins are
// about equally full. Values that many observations share make fewer bins. It returns a
// *TooFewError below two values a bin, and a *ValueError.
func NewReference(sample []float64, bins int) (Reference, error) {
	if bins < 2 {
		panic("drift: a reference needs two bins")
	}
	if err := check("reference", sample, 2*bins); err != nil {
		return Reference{}, err
	}
	sorted := slices.Clone(sample)
	slices.Sort(sorted)
	var edges []float64
	for b := 1; b < bins; b++ {
		edge := sorted[(b*len(sorted)+bins-1)/bins-1]
		if len(edges) == 0 || edge > edges[len(edges)-1] {
			edges = append(edges, edge)
		}
	}
	if sorted[0] == sorted[len(sorted)-1] { // what lies below a constant must have a bin too
		edges = []float64{math.Nextafter(sorted[0], math.Inf(-1)), sorted[0]}
	}
	r := Reference{Edges: edges}
	r.Counts = r.count(sample)
	return r, nil
}

// PSI holds live values against the reference; see PSI for its statistic and law.
func (r Reference) PSI(live []float64) (Test, error) {
	if err := check("live", live, 1); err != nil {
		return Test{}, err
	}
	return PSI(r.Counts, r.count(live))
}

func (r Reference) count(sample []float64) []int {
	counts := make([]int, len(r.Edges)+1)
	for _, x := range sample {
		counts[sort.SearchFloat64s(r.Edges, x)]++
	}
	return counts
}

// PSI returns the population stability index of two samples that are counted in the same
// bins or categories,
//
//	Σ (p - q)·ln(p/q),  p = (a + ½)/(n + B/2),  q = (b + ½)/(m + B/2)
//
// over the B bins that are not empty on both sides, with n and m the sums of the counts a
// and b. Where nothing has moved it is about (1/n + 1/m)·χ² of B - 1 degrees of freedom, and
// P comes from that. The half counts keep an empty bin from being infinite.
//
// It returns a *TooFewError if a side has no count or only one bin is filled. It panics if
// the bins differ in number or a count is negative.
//
// Source: Yurdakul & Naranjo, Statistical properties of the population stability index
// (2020), Journal of Risk Model Validation 14(4).
func PSI(reference, live []int) (Test, error) {
	n, m, filled, err := totals(reference, live)
	if err != nil {
		return Test{}, err
	}
	half := float64(filled) / 2
	sum := 0.0
	for i := range reference {
		if reference[i]+live[i] == 0 {
			continue
		}
		p := (float64(reference[i]) + .5) / (n + half)
		q := (float64(live[i]) + .5) / (m + half)
		sum += (p - q) * math.Log(p/q)
	}
	return Test{sum, chiSquareTail(sum/(1/n+1/m), filled-1)}, nil
}

// PSILimit returns what the index of samples of n and m in the given number of bins exceeds
// with probability alpha where nothing has moved.
func PSILimit(n, m, bins int, alpha float64) float64 {
	law := distribution.NewGamma(float64(bins-1)/2, 2)
	return (1/float64(n) + 1/float64(m)) * law.Quantile(1-alpha)
}

// ChiSquare tests whether two samples of categories come from the same shares: Pearson's
// statistic Σ (observed - expected)²/expected of the two rows of counts, without correction,
// on B - 1 degrees of freedom for the B categories that occur. It returns and panics as PSI.
func ChiSquare(reference, live []int) (Test, error) {
	n, m, filled, err := totals(reference, live)
	if err != nil {
		return Test{}, err
	}
	sum := 0.0
	for i := range reference {
		both := float64(reference[i] + live[i])
		if both == 0 {
			continue
		}
		expected := both * n / (n + m)
		apart := float64(reference[i]) - expected
		sum += apart * apart * (1/expected + 1/(both-expected))
	}
	return Test{sum, chiSquareTail(sum, filled-1)}, nil
}

// totals sums both rows of counts and counts the columns that are not empty.
func totals(reference, live []int) (n, m float64, filled int, err error) {
	if len(reference) != len(live) {
		panic("drift: reference and live differ in bins")
	}
	for i := range reference {
		if reference[i] < 0 || live[i] < 0 {
			panic("drift: a count is negative")
		}
		n += float64(reference[i])
		m += float64(live[i])
		if reference[i]+live[i] > 0 {
			filled++
		}
	}
	switch {
	case n == 0:
		err = &TooFewError{"reference", 0, 1}
	case m == 0:
		err = &TooFewError{"live", 0, 1}
	case filled < 2:
		err = &TooFewError{"categories", filled, 2}
	}
	return n, m, filled, err
}

func chiSquareTail(x float64, freedom int) float64 {
	return distribution.GammaQ(float64(freedom)/2, x/2)
}
