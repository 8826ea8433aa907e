package regress

import (
	"errors"
	"math"
	"slices"
)

// Components is a regression whose error has a part that the rows of a group share.
type Components struct {
	Fit
	GroupSD float64   // standard deviation of the part that a group shares
	RowSD   float64   // of the part that is a row's own
	Theta   []float64 // by group, the share of its means that is taken out; NaN for a code without rows
}

// RandomEffects returns the regression with a random effect of each group,
//
//	y_gt = x_gt'β + u_g + e_gt,
//
// by generalised least squares: least squares of y_gt - θ_g ȳ_g on x_gt - θ_g x̄_g with
// θ_g = 1 - √(σ_e²/(σ_e² + T_g σ_u²)). σ_e comes from the regression within groups and σ_u from
// that between them, weighted by rows where groups differ in size; it is 0 where the
// estimate of its square is negative. The constant is the last coefficient; Residual holds
// u + e, R2 and Within what the transformed regression explains; errors are classical.
//
// It does not modify d, whose Weight, Absorb and NoConstant must be at rest, else it panics.
// It fails like OLS, with a *TooFewError also for too few groups.
//
// Source: Swamy & Arora (1972), Econometrica 40, 261; groups of different size: Baltagi &
// Chang (1994), Journal of Econometrics 62, 67.
func RandomEffects(d *Data, group []int32) (*Components, error) {
	d.mustBePlain("RandomEffects")
	if err := d.check(); err != nil {
		return nil, err
	}
	mustBeCodes(group, len(d.Y))
	plain := &Data{Y: d.Y, X: d.X}
	if _, err := OLS(plain, Classical); err != nil {
		return nil, err
	}
	c := &Components{}
	row, err := withinVariance(d, group)
	if err != nil {
		return nil, err
	}
	between, err := betweenVariance(d, group, row)
	if err != nil {
		return nil, err
	}
	c.RowSD, c.GroupSD = math.Sqrt(row), math.Sqrt(between)
	c.Theta = make([]float64, levels(group))
	for g, size := range sizes(group) {
		c.Theta[g] = math.NaN()
		if size > 0 {
			c.Theta[g] = 1
			if row > 0 {
				c.Theta[g] = 1 - math.Sqrt(row/(row+size*between))
			}
		}
	}
	return c, c.transform(d, group)
}

// transform runs the regression on what is left when θ of the groups' means is out.
func (c *Components) transform(d *Data, group []int32) error {
	n := len(d.Y)
	one := make([]float64, n)
	for i := range one {
		one[i] = 1
	}
	cols := [][]float64{d.Y}
	cols = append(append(cols, d.X...), one)
	left := make([][]float64, len(cols))
	for j, x := range cols {
		mean := means(x, group)
		left[j] = make([]float64, n)
		for i, g := range group {
			left[j][i] = x[i] - c.Theta[g]*mean[g]
		}
	}
	fit, err := OLS(&Data{Y: left[0], X: left[1:], NoConstant: true}, Classical)
	if err != nil {
		return err
	}
	rest := inner(fit.Residual, fit.Residual)
	g := design{d: &Data{Y: left[0]}}
	fit.R2 = 1 - rest/g.variation()
	fit.Within = fit.R2
	copy(fit.Residual, d.Y)
	for j, x := range cols[1:] {
		subtract(fit.Residual, x, fit.Coef[j])
	}
	c.Fit = *fit
	return nil
}

// withinVariance returns σ_e² from the regression within groups.
func withinVariance(d *Data, group []int32) (float64, error) {
	y, x, length := copied(d.Y, d.X)
	if err := demean(append([][]float64{y}, x...), [][]int32{group}, nil, absorbTolerance); err != nil {
		return 0, err
	}
	b := independent(x, length)
	b.solve(y)
	taken := used(group) + len(b.q)
	if len(y) <= taken {
		return 0, &TooFewError{"rows", len(y), taken + 1}
	}
	return inner(y, y) / float64(len(y)-taken), nil
}

// betweenVariance returns σ_u² from the regression between the groups' means, each
// weighted by its rows: with RSS that of √T ȳ on √T x̄, G groups and k coefficients,
//
//	σ_u² = (RSS - (G-k)σ_e²) / (n - tr((Σ T x̄x̄')⁻¹ Σ T² x̄x̄')).
func betweenVariance(d *Data, group []int32, row float64) (float64, error) {
	size := sizes(group)
	y := means(d.Y, group)
	one := make([]float64, len(size))
	x := [][]float64{one}
	for _, column := range d.X {
		x = append(x, means(column, group))
	}
	groups := 0
	for g, t := range size {
		if t > 0 {
			groups++
		}
		one[g] = 1
		for _, column := range append([][]float64{y}, x...) {
			column[g] *= math.Sqrt(t)
		}
	}
	_, x, length := copied(y, x)
	b := independent(x, length)
	if groups <= len(b.q) {
		return 0, &TooFewError{"groups", groups, len(b.q) + 1}
	}
	b.solve(y)
	rows := float64(len(d.Y))
	for g, t := range size {
		for _, q := range b.q {
			rows -= t * q[g] * q[g]
		}
	}
	return math.Max(0, (inner(y, y)-float64(groups-len(b.q))*row)/rows), nil
}

// independent orthogonalises the columns, in place, and leaves out those that follow from
// the others: a regressor that is constant within groups says nothing within them.
func independent(x [][]float64, length []float64) *basis {
	x, length = slices.Clone(x), slices.Clone(length)
	for {
		kept := make([][]float64, len(x))
		for j := range x {
			kept[j] = slices.Clone(x[j])
		}
		b, err := orthogonalise(kept, length)
		var c *CollinearError
		if !errors.As(err, &c) {
			return b
		}
		out := c.Columns[len(c.Columns)-1]
		x, length = slices.Delete(x, out, out+1), slices.Delete(length, out, out+1)
	}
}

func copied(y []float64, x [][]float64) ([]float64, [][]float64, []float64) {
	columns := make([][]float64, len(x))
	length := make([]float64, len(x))
	for j := range x {
		columns[j] = slices.Clone(x[j])
		length[j] = math.Sqrt(inner(x[j], x[j]))
	}
	return slices.Clone(y), columns, length
}

// sizes returns the rows of each group.
func sizes(group []int32) []float64 {
	size := make([]float64, levels(group))
	for _, g := range group {
		size[g]++
	}
	return size
}

// means returns the mean of x by group, 0 for a code without rows.
func means(x []float64, group []int32) []float64 {
	mean := make([]float64, levels(group))
	for i, g := range group {
		mean[g] += x[i]
	}
	for g, t := range sizes(group) {
		if t > 0 {
			mean[g] /= t
		}
	}
	return mean
}

func (d *Data) mustBePlain(what string) {
	if d.Weight != nil || len(d.Absorb) > 0 || d.NoConstant {
		panic("regress: " + what + " takes no weights, absorbs nothing and has a constant")
	}
}
