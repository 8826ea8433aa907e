package pricing

import (
	"math"
	"slices"
)

// common is what items have in common in a week: a sum of effects of the shop, the market,
// the category, and the two together, each effect drawn from a normal distribution of its
// own spread. With many items an effect is what they say; with few it is drawn to 0, and a
// price that moves with the week is then not mistaken for a season.
type common struct {
	levels []level
	sum    []float64 // by row: what all levels say
}

type level struct {
	code     []int32 // by row
	effect   []float64
	variance float64 // of effects
	weight   []float64
	right    []float64
}

const firstCommonVariance = .3 * .3

// newCommon lays out the levels. A level whose groups are those of another is left out.
func newCommon(d *design) *common {
	p := d.panel
	c := &common{sum: make([]float64, len(d.row))}
	type group struct{ market, category string }
	var before [][]int
	for _, key := range []func(i int) group{
		func(i int) group { return group{} },
		func(i int) group { return group{market: string(p.Items[i].Market)} },
		func(i int) group { return group{category: p.Category[i]} },
		func(i int) group { return group{string(p.Items[i].Market), p.Category[i]} },
	} {
		number, of := map[group]int{}, make([]int, len(d.items))
		for k, i := range d.items {
			g := key(i)
			if _, seen := number[g]; !seen {
				number[g] = len(number)
			}
			of[k] = number[g]
		}
		if slices.ContainsFunc(before, func(other []int) bool { return slices.Equal(other, of) }) {
			continue
		}
		before = append(before, of)
		c.levels = append(c.levels, newLevel(d, of, len(number)))
	}
	return c
}

func newLevel(d *design, of []int, groups int) level {
	n := groups * d.panel.Weeks
	l := level{code: make([]int32, len(d.row)), effect: make([]float64, n), weight: make([]float64, n), right: make([]float64, n),
		variance: firstCommonVariance}
	for k := range d.items {
		lo, hi := d.rows(k)
		for r := lo; r < hi; r++ {
			l.code[r] = int32(of[k]*d.panel.Weeks) + d.week[r]
		}
	}
	return l
}

// fit moves every level in turn to what residuals say beside the other levels. precision is
// that of the residuals.
func (c *common) fit(residual, precision []float64) {
	for k := range c.levels {
		l := &c.levels[k]
		clear(l.weight)
		clear(l.right)
		for r, code := range l.code {
			w := precision[r]
			l.weight[code] += w
			l.right[code] += w * (residual[r] - c.sum[r] + l.effect[code])
		}
		for code, w := range l.weight {
			e := l.right[code] / (w + 1/l.variance)
			l.right[code] = e - l.effect[code]
			l.effect[code] = e
		}
		for r, code := range l.code {
			c.sum[r] += l.right[code]
		}
	}
}

// share is how much of row r's own residual comes back in what is estimated in common.
func (c *common) share(r int, precision float64) float64 {
	rest := 1.0
	for k := range c.levels {
		l := &c.levels[k]
		rest *= 1 - precision/math.Max(precision, l.weight[l.code[r]]+1/l.variance)
	}
	return 1 - rest
}

// spread moves the variance of each level to what its effects say (a step of EM).
func (c *common) spread() {
	for k := range c.levels {
		l := &c.levels[k]
		sum, n := 0.0, 0
		for code, w := range l.weight {
			if w > 0 {
				sum += l.effect[code]*l.effect[code] + 1/(w+1/l.variance)
				n++
			}
		}
		if n > 0 {
			l.variance = max(sum/float64(n), 1e-6)
		}
	}
}

// without returns a column less what items have in common in it, under the same law.
func (c *common) without(column, precision []float64) []float64 {
	other := &common{sum: make([]float64, len(column))}
	for _, l := range c.levels {
		n := len(l.effect)
		other.levels = append(other.levels, level{code: l.code, variance: l.variance,
			effect: make([]float64, n), weight: make([]float64, n), right: make([]float64, n)})
	}
	for range 5 {
		other.fit(column, precision)
	}
	out := make([]float64, len(column))
	for r, x := range column {
		out[r] = x - other.sum[r]
	}
	return out
}
