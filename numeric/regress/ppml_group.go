package regress

import (
	"math"
	"slices"
)

// GroupPoisson is a Poisson regression in which some coefficients belong to groups. Coef,
// SE and Cov are those of the common columns.
type GroupPoisson struct {
	Poisson
	Slope     [][]float64 // Slope[j][g]: coefficient of slope column j in group g; NaN where nothing tells
	SlopeSE   [][]float64 // +Inf where nothing tells
	GroupRows []int       // rows of each group that are in use
	// GroupFreedom is, by group, the number of clusters less the coefficients: the degrees of
	// freedom of Student's t that intervals of slopes go by.
	GroupFreedom []int
}

// SlopeInterval returns the interval of slope j of a group that holds with probability
// level; it is the whole line if the slope is not identified. It panics unless
// 0 < level < 1.
func (p *GroupPoisson) SlopeInterval(j, group int, level float64) (low, high float64) {
	if !(level > 0 && level < 1) {
		panic("regress: level must lie between 0 and 1")
	}
	if math.IsInf(p.SlopeSE[j][group], 1) {
		return math.Inf(-1), math.Inf(1)
	}
	half := quantileT(1-(1-level)/2, float64(p.GroupFreedom[group])) * p.SlopeSE[j][group]
	return p.Slope[j][group] - half, p.Slope[j][group] + half
}

// GroupPPML estimates
//
//	E[y] = exp(offset + xβ + sθ_g + α_g + Σ fixed effects)
//
// where every group g has an intercept and coefficients θ_g of the columns slopes[j][i],
// while β and the fixed effects d.Absorb (weeks, say) are common. All are estimated
// together: each step of Newton's method eliminates the groups one by one and solves for
// what is common, so that thousands of groups cost little more than their rows.
//
// group holds a code for each row. A slope is not identified, NaN with an infinite standard
// error, if its column does not vary in the group where there is something to explain, or
// varies only as fixed effects do.
//
// The errors of β are clustered by group (HC1 if there is just one). Those of slopes hold
// under unequal variances: they are clustered by d.Cluster within the group (with a nil
// Cluster each row stands alone), residuals are divided by 1 - leverage within the group,
// and with m clusters of n rows and q coefficients a group variances are multiplied by
// m/(m-1) · (n-1)/(n-q). What common effects do not know is part of them; m ≤ q leaves
// them infinite. Rows may depend on each other in time: then let the clusters be stretches
// of time.
//
// Failures are those of PPML; columns of a *CollinearError are common ones. The cost is
// O(rows · columns + Σ_g codes_g²) an iteration, codes_g being the codes of fixed effects
// among the rows of a group, and O(codes²) a slope for the errors, where codes are those
// that groups connect.
//
// Source: as for PPML; the covariance is that of White (1982), Econometrica 50, 1, with
// common coefficients eliminated, the leverage that of MacKinnon & White's HC3 (1985).
func GroupPPML(d *Data, group []int32, slopes [][]float64) (*GroupPoisson, error) {
	if err := d.checkCounts(); err != nil {
		return nil, err
	}
	if len(slopes) == 0 {
		panic("regress: groups without slopes; that is what PPML is for")
	}
	mustBeCodes(group, len(d.Y))
	for j, x := range slopes {
		if err := finite("X", len(d.X)+j, x, len(d.Y)); err != nil {
			return nil, err
		}
	}
	factors := append([][]int32{group}, d.Absorb...)
	c, err := fitCounts(d, factors, slopes, false)
	if err != nil {
		return nil, err
	}
	p := &GroupPoisson{Poisson: *c.poisson(len(d.Y)), GroupRows: make([]int, levels(group)), GroupFreedom: make([]int, levels(group))}
	common, kind := *d, Cluster1
	common.Absorb, common.Cluster, common.Across = factors, group, nil
	a := c.part.(*arrow)
	if len(a.home) == 1 {
		kind = HC1
	}
	if err := c.errors(&p.Poisson, &common, kind); err != nil {
		return nil, err
	}
	c.slopesInto(p, a, pick(group, c.rows), d.Cluster)
	return p, nil
}

// slopesInto writes the groups' coefficients and their errors.
func (c *counts) slopesInto(p *GroupPoisson, a *arrow, group, cluster []int32) {
	for range c.slopes {
		value, se := make([]float64, len(p.GroupRows)), make([]float64, len(p.GroupRows))
		for g := range value {
			value[g], se[g] = math.NaN(), math.Inf(1)
		}
		p.Slope, p.SlopeSE = append(p.Slope, value), append(p.SlopeSE, se)
	}
	known := a.identified()
	if cluster != nil {
		cluster = pick(cluster, c.rows)
	}
	variance, freedom := c.slopeVariances(p.Cov, a, cluster, false)
	for k, v := range c.eta {
		c.rest[k] = v - c.offset[k]
		for j, x := range c.x {
			c.rest[k] -= p.Coef[j] * x[k]
		}
	}
	a.solve(c.rest)
	for h := range a.home {
		g := group[a.start[h]]
		p.GroupRows[g] = int(a.start[h+1] - a.start[h])
		p.GroupFreedom[g] = freedom[h]
		for j := range c.slopes {
			if at := h*a.q + j + 1; known[at] {
				p.Slope[j][g] = a.coef[at]
				p.SlopeSE[j][g] = math.Sqrt(variance[at])
			}
		}
	}
}

// identified tells which of the groups' coefficients do not follow from others. A slope
// whose pivot is 0 does; so does one that helps to make up the dummy of a redundant code.
// Components have nothing in common, so that one column tests a code of each.
func (a *arrow) identified() []bool {
	q := a.q
	known := make([]bool, len(a.home)*q)
	for g := range a.home {
		for j := range q {
			known[g*q+j] = a.block[g*q*q+j*q+j] > 0
		}
	}
	if q == 1 {
		return known
	}
	redundant := make([][]int32, len(a.parts))
	most := 0
	for k := range a.parts {
		part := &a.parts[k]
		for c := range part.codes {
			if part.matrix[c*part.codes+c] == 0 {
				redundant[k] = append(redundant[k], int32(c))
			}
		}
		most = max(most, len(redundant[k]))
	}
	dummy := make([]float64, len(a.w))
	for r := range most {
		clear(dummy)
		for g, k := range a.home {
			if r >= len(redundant[k]) {
				continue
			}
			support := a.support[a.from[g]:a.from[g+1]]
			for _, slot := range a.slot {
				for i := a.start[g]; i < a.start[g+1]; i++ {
					if support[slot[i]] == redundant[k][r] {
						dummy[i] = 1
					}
				}
			}
		}
		a.solve(dummy)
		for g := range a.home {
			for j := 1; j < q; j++ {
				spread := a.block[g*q*q+j*q+j] / a.block[g*q*q]
				if math.Abs(a.coef[g*q+j])*spread > 1e-5 {
					known[g*q+j] = false
				}
			}
		}
	}
	return known
}

// slopeVariances returns the variances of the groups' coefficients, q a group, and the
// degrees of freedom of each group. cov is the covariance of the common coefficients.
func (c *counts) slopeVariances(cov []float64, a *arrow, cluster []int32, exact bool) (variance []float64, freedom []int) {
	s := newScores(c, a, cluster, exact)
	for g := range a.home {
		s.gather(g, true)
		s.spread(g)
	}
	variance, freedom = make([]float64, len(a.home)*a.q), make([]int, len(a.home))
	for g := range a.home {
		s.gather(g, false)
		freedom[g] = s.variance(variance[g*a.q:(g+1)*a.q], g)
	}
	c.addCommon(variance, cov, a)
	return variance, freedom
}

// addCommon adds what the common coefficients do not know: a group's coefficients follow
// them as the groups' coefficients of the columns do.
func (c *counts) addCommon(variance, cov []float64, a *arrow) {
	k := len(c.x)
	if k == 0 {
		return
	}
	follow := make([][]float64, k)
	for j, x := range c.x {
		a.solve(x)
		follow[j] = slices.Clone(a.coef)
	}
	for at := range variance {
		for i := range k {
			for j := range k {
				variance[at] += follow[i][at] * cov[i*k+j] * follow[j][at]
			}
		}
	}
}
