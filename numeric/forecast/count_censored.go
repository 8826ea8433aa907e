package forecast

import (
	"math"
	"slices"

	"tradewind/numeric/distribution"
)

// completeCensored returns series with every censored count replaced by what is to be
// expected of it, E[D | D >= y]: D is negative binomial around the rate that a filter has
// reached, with the size that makes all counts of the series, censored ones as P(D >= y),
// most likely. Series without a censored count are passed on as they are.
func completeCensored(series, offsets [][]float64, censored [][]bool) [][]float64 {
	if censored == nil {
		return series
	}
	completed := slices.Clone(series)
	for i, y := range series {
		if !slices.Contains(censored[i], true) {
			continue
		}
		mean, size := fitCensored(y, offsets, i, censored[i])
		if !(mean > 0) {
			continue
		}
		filter, prior := countFilter{}, Rate{Mean: mean, Evidence: 2 * max(1, mean)}
		own := slices.Clone(y)
		for t, v := range y {
			o := offsetAt(offsets, i, t)
			if censored[i][t] && v >= 0 && o > 0 {
				v = meanAtLeast(distribution.NewNegativeBinomial(filter.rate(prior, 1).Mean*o, size), v)
				own[t] = v
			}
			filter.update(v, o, usualDiscount)
		}
		completed[i] = own
	}
	return completed
}

// fitCensored maximises the likelihood of one mean and size, on at most about 400 counts,
// with a weak pull to a size of 1.
func fitCensored(y []float64, offsets [][]float64, i int, censored []bool) (mean, size float64) {
	type exposed struct {
		y, o     float64
		censored bool
	}
	var counts []exposed
	every := max(1, len(y)/400)
	sum, exposure := 0.0, 0.0
	begun := false
	for t, v := range y {
		if begun = begun || v > 0; !begun || t%every != 0 {
			continue
		}
		if o := offsetAt(offsets, i, t); v >= 0 && o > 0 {
			counts = append(counts, exposed{v, o, censored[t]})
			sum += v
			exposure += o
		}
	}
	if sum == 0 {
		return 0, 1
	}
	x := []float64{math.Log(sum / exposure), 0}
	new(nelderMead{Tolerance: 1e-7}).minimize(func(p []float64) float64 {
		m, r := math.Exp(math.Min(p[0], 40)), math.Exp(math.Min(math.Max(p[1], -9), 12))
		loss := .2 * p[1] * p[1]
		for _, c := range counts {
			switch {
			case c.censored && c.y > 0:
				loss -= math.Log(math.Max(1e-300, distribution.NewNegativeBinomial(m*c.o, r).Survival(c.y-1)))
			case !c.censored:
				loss += negativeBinomialLoss(c.y, m*c.o, r)
			}
		}
		return loss
	}, x, []float64{.3, .5})
	return math.Exp(x[0]), math.Exp(math.Min(math.Max(x[1], -9), 12))
}

// meanAtLeast is E[D | D >= y] for a count.
func meanAtLeast(d distribution.NegativeBinomial, y float64) float64 {
	above, _ := d.Loss(y)
	left := d.Survival(y - 1)
	if !(left > 1e-200) || !(above > 0) {
		return y
	}
	return y + above/left
}
