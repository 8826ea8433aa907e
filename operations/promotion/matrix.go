package promotion

import (
	"errors"
	"math"
	"slices"

	"tradewind/fault"
	"tradewind/messages"
	"tradewind/numeric/regress"
)

// Matrix is what promotions of one subcategory do to the demand of another of its category:
// ln of its units changes by Effect times the intensity of the promotions, the sum over
// promoted items of f(depth) times their share of the subcategory's units in the market.
// Pairs of which nothing is known to be felt are not listed.
type Matrix struct{ Pairs []Pair }

// Pair is one entry: above 0 halo, below 0 cannibalisation. Of a subcategory on its own
// other items only cannibalisation is believed.
type Pair struct {
	From, To int // subcategories
	Effect   Estimate
}

// Cross returns what promotions of an item of a subcategory do to others: share is the
// item's of the subcategory's units in the market, value the contribution a week of the
// items of a subcategory at their regular prices, the item itself left out.
func (m *Matrix) Cross(from int, share float64, value func(to int) []float64) []Cross {
	var all []Cross
	for _, p := range m.Pairs {
		if p.From == from {
			all = append(all, Cross{Coef: p.Effect.Mean * share, Value: value(p.To)})
		}
	}
	return all
}

const (
	mostPairs   = 400  // columns of the matrix that are looked at
	lassoRounds = 2000 // proximal steps at most
)

// learnMatrix estimates the matrix on what the uplift model leaves: weighted least squares
// of the working residual on the intensities, with item and market × week absorbed. A group
// lasso drops categories in which nothing is felt; what is left is estimated again without
// the penalty, shrunk, and clipped: |t| < 1 is nothing.
//
// Absorbing market × week, it sees what differs between subcategories of the same week.
// What a promotion does to the whole market at once it cannot see; with one subcategory
// there is nothing to see at all.
//
// Source: Yuan & Lin, Model selection and estimation in regression with grouped variables,
// Journal of the Royal Statistical Society B 68 (2006).
func (u *Uplift) learnMatrix(d *design, fit *regress.Poisson) error {
	if d.p.Group == nil || levels(d.p.Group) < 2 {
		return nil
	}
	c := newCross(d, fit)
	if len(c.pairs) > mostPairs {
		u.Notes = append(u.Notes, messages.M("promo.note.matrix", messages.A("n", len(c.pairs)), messages.A("most", mostPairs)))
		return nil
	}
	for len(c.pairs) > 0 {
		kind := regress.Classical // a covariance that can be inverted, for the lasso
		if c.chosen {
			kind = c.kind
		}
		refit, err := regress.OLS(&c.data, kind)
		var collinear *regress.CollinearError
		switch {
		case errors.As(err, &collinear) && len(collinear.Columns) > 0:
			c.drop(slices.Max(collinear.Columns))
			continue
		case err != nil:
			return fault.Wrap(err, "regress.OLS(%d pairs of subcategories)", len(c.pairs))
		}
		if !c.chosen {
			c.choose(refit)
			continue
		}
		return u.clip(c, refit)
	}
	return nil
}

// clip shrinks entries of a kind, within subcategories and across, towards each other and
// keeps what is felt.
func (u *Uplift) clip(c *cross, fit *regress.Fit) error {
	mean, sd := fit.Coef, fit.SE
	if len(c.pairs) > 2 {
		kinds := make([]int32, len(c.pairs))
		for k, p := range c.pairs {
			if p.From == p.To {
				kinds[k] = 1
			}
		}
		shrunk, err := regress.Shrink(fit.Coef[:len(c.pairs)], fit.SE[:len(c.pairs)], kinds)
		if err != nil {
			return fault.Wrap(err, "regress.Shrink(%d pairs of subcategories)", len(c.pairs))
		}
		mean, sd = shrunk.Mean, shrunk.SD
	}
	for k, p := range c.pairs {
		t := fit.Coef[k] / fit.SE[k]
		if math.Abs(t) < 1 || mean[k]*fit.Coef[k] <= 0 || p.From == p.To && mean[k] > 0 {
			continue
		}
		u.Matrix.Pairs = append(u.Matrix.Pairs, Pair{p.From, p.To, Estimate{mean[k], sd[k]}})
	}
	return nil
}

// cross is the regression of the matrix.
type cross struct {
	pairs  []Pair
	data   regress.Data
	kind   regress.Errors
	home   []int // category of each subcategory
	chosen bool  // the group lasso has been run
}

func newCross(d *design, fit *regress.Poisson) *cross {
	p := d.p
	groups := levels(p.Group)
	c := &cross{kind: regress.Cluster1}
	if levels(d.data.Cluster) < leastItems {
		c.kind = regress.HC1
	}
	var kept []int // positions in d.rows
	for k := range d.rows {
		if fit.Mean[k] > 0 {
			kept = append(kept, k)
			c.data.Y = append(c.data.Y, (d.data.Y[k]-fit.Mean[k])/fit.Mean[k])
			c.data.Weight = append(c.data.Weight, fit.Mean[k])
		}
	}
	c.data.Cluster = pick(d.data.Cluster, kept)
	for _, a := range d.data.Absorb {
		c.data.Absorb = append(c.data.Absorb, pick(a, kept))
	}
	intensity, share := d.intensities()
	c.home = make([]int, groups)
	for i, g := range p.Group {
		c.home[g] = int(p.Category[i])
	}
	counts := episodes(p.Group, d.echo.begins)
	for from := range groups {
		if counts[from] < leastOwn {
			continue
		}
		for to := range groups {
			if c.home[from] != c.home[to] {
				continue
			}
			column, some := make([]float64, len(kept)), false
			for n, k := range kept {
				i := d.rows[k]
				if int(p.Group[i]) != to {
					continue
				}
				column[n] = intensity[int(p.Place[i])*groups+from]
				if from == to {
					column[n] -= share[i] * d.f(i)
				}
				some = some || column[n] > 1e-9
			}
			if some {
				c.pairs, c.data.X = append(c.pairs, Pair{From: from, To: to}), append(c.data.X, column)
			}
		}
	}
	return c
}

// intensities returns, for each place and subcategory, the sum of f(depth) of its items by
// their share of the subcategory's usual units there, and the share of each row's item.
func (d *design) intensities() (intensity, share []float64) {
	p := d.p
	groups := levels(p.Group)
	usual, weeks := make([]float64, levels(p.Item)), make([]float64, levels(p.Item))
	for i, y := range p.Units {
		if p.Depth[i] == 0 {
			usual[p.Item[i]] += y
			weeks[p.Item[i]]++
		}
	}
	for i := range usual {
		usual[i] /= math.Max(1, weeks[i])
	}
	cell := func(i int) int { return int(p.Place[i])*groups + int(p.Group[i]) }
	size := make([]float64, levels(p.Place)*groups)
	for i := range p.Units {
		size[cell(i)] += usual[p.Item[i]]
	}
	intensity, share = make([]float64, len(size)), make([]float64, len(p.Units))
	for i := range p.Units {
		if s := size[cell(i)]; s > 0 {
			share[i] = usual[p.Item[i]] / s
		}
		intensity[cell(i)] += share[i] * d.f(i)
	}
	return intensity, share
}

func (c *cross) drop(j int) {
	c.pairs, c.data.X = slices.Delete(c.pairs, j, j+1), slices.Delete(c.data.X, j, j+1)
}
