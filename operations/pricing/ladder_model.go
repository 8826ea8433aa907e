package pricing

import (
	"math"
	"slices"
)

// model is the sequential estimator: demand of all items at once.
//
//	log μ_it = common_t + level_i + drift_it + Σ_j β_ij x_ijt
//
// Units are counts of mean μ with noise beyond Poisson's. The price slopes β_i0 are free and
// shrunk as elasticities; the other slopes are drawn from normal distributions of their
// category, fitted along. It is estimated by turns (items given what they have in common,
// and the other way round), which is the penalised quasi-likelihood of all.
//
// Source: Breslow & Clayton, Approximate inference in generalized linear mixed models
// (1993), Journal of the American Statistical Association 88, 9-25.
type model struct {
	*design
	common *common
	tree   *kinship // of all items of the panel
	law    drift
	slopes [columns]population // of the regressors but the price

	beside    [shared][]float64 // price and rivals' price less what items have in common in them
	eta       []float64         // log mean without drift, what is linearised at
	response  []float64
	variance  []float64
	precision []float64
	drifting  []float64 // expected drift
	residual  []float64
	fixed     []float64 // by row: level and regressors of the item

	coef     [][1 + columns]float64 // of each item: level, regressors
	spreads  [][1 + columns]float64 // error variance of each
	estimate []float64              // price slope by its own data alone
	se       []float64
	scale    []float64 // innovation variance of each item over the law's
	kept     []normal
	learn    []bool     // whether an item teaches others of its elasticity
	tests    []estimate // of each item of the panel
	said     []estimate // of each item of the panel: tests and own slopes
}

// population is the law of a slope over items: a mean for each category, one spread.
type population struct {
	mean     []float64
	variance float64
	free     bool // the mean is estimated; else it is 0
	active   bool // some item has the regressor
}

const (
	turns         = 3 // between items and what they have in common, for each linearising
	lawSample     = 200
	ownFreedom    = 30 // how many weeks the law's own variance counts for beside an item's
	diffuse       = 1e-6
	smallestSlope = 1e-4
	shared        = atRival + 1 // regressors that move in common: price and rivals' price
)

// starts are mean and variance of slopes before anything is known.
var starts = [columns]population{
	atRival: {variance: .09, free: true}, atDepth: {variance: 1, free: true}, atShown: {variance: .09, free: true},
	atDipped: {variance: .25, free: true}, atDimmed: {variance: .04, free: true},
	atTrend: {variance: .01}, atCosine: {variance: .01}, atSine: {variance: .01},
}

func newModel(d *design, tests []estimate) *model {
	n, m := len(d.row), len(d.items)
	v := &model{design: d, common: newCommon(d), tree: newKinship(d.panel), law: drift{.9, .1, .02},
		tests: tests, said: make([]estimate, len(tests))}
	for _, column := range []*[]float64{&v.eta, &v.response, &v.variance, &v.precision, &v.drifting, &v.residual, &v.fixed} {
		*column = make([]float64, n)
	}
	for _, column := range []*[]float64{&v.estimate, &v.se, &v.scale} {
		*column = make([]float64, m)
	}
	v.kept = make([]normal, m)
	v.coef, v.spreads, v.learn = make([][1 + columns]float64, m), make([][1 + columns]float64, m), make([]bool, m)
	for j := range v.slopes {
		v.slopes[j] = starts[j]
		v.slopes[j].mean = make([]float64, len(v.tree.categories))
		v.slopes[j].active = slices.ContainsFunc(d.x[j], func(x float64) bool { return x != 0 })
	}
	for k := range d.items {
		lo, hi := d.rows(k)
		sold, seen := 0.0, 0.0
		for r := lo; r < hi; r++ {
			sold, seen = sold+d.rate[r]*d.seen[r], seen+d.seen[r]
		}
		v.coef[k][0] = math.Log(sold / seen)
		for r := lo; r < hi; r++ {
			v.fixed[r], v.eta[r] = v.coef[k][0], v.coef[k][0]
		}
		v.scale[k], v.learn[k] = 1, true
	}
	return v
}

// fit estimates everything.
func (v *model) fit(rounds int) {
	for round := range rounds {
		v.linearise(round < careful)
		v.setBeside()
		for range turns {
			v.fitItems()
			v.fitCommon()
		}
		v.common.spread()
		v.spread()
		if round%3 == 1 {
			v.fitLaw()
		}
	}
	v.linearise(false)
	v.setBeside()
	v.fitItems()
}

// setBeside takes out of prices what moves them for all: the season, a rate of exchange.
// Slopes are estimated on what is left, so that an error in what items have in common does
// not reach them.
//
// Source: Robinson, Root-N-consistent semiparametric regression (1988), Econometrica 56,
// 931-954.
func (v *model) setBeside() {
	for j := range v.beside {
		v.beside[j] = v.common.without(v.x[j], v.precision)
	}
}

const (
	leastMean = .02 // units a week; below it one sale would be a response of 50
	careful   = 2   // rounds that linearise halfway to the data
)

// linearise writes the working response and its variance at the present mean, or halfway
// between that and the data while the mean is still far off: a week that sells thirty times
// what is expected would throw everything off otherwise.
func (v *model) linearise(halfway bool) {
	for r := range v.eta {
		mu := math.Max(math.Exp(v.fixed[r]+v.common.sum[r]), leastMean)
		if halfway {
			mu = (mu + v.rate[r]) / 2
		}
		v.eta[r] = math.Log(mu)
		v.response[r] = v.eta[r] + (v.rate[r]-mu)/mu
		v.variance[r] = 1/(mu*v.seen[r]) + v.law.noise
		v.precision[r] = 1 / v.variance[r]
	}
}

// filterItem returns what the filter reads of item k. dst is room for a response.
func (v *model) filterItem(k int, dst []float64) filterItem {
	lo, hi := v.rows(k)
	f := filterItem{week: v.week[lo:hi], response: dst[:hi-lo], variance: v.variance[lo:hi]}
	for r := lo; r < hi; r++ {
		dst[r-lo] = v.response[r] - v.common.sum[r]
		for j, x := range v.beside {
			dst[r-lo] -= v.coef[k][1+j] * (v.x[j][r] - x[r])
		}
	}
	for j := range v.x {
		f.x[j] = v.x[j][lo:hi]
	}
	for j := range v.beside {
		f.x[j] = v.beside[j][lo:hi]
	}
	return f
}

// known adds to the normal equations of item k what is known of its slopes beforehand.
func (v *model) known(w *workspace, k int) {
	category := v.tree.category[v.tree.product[v.items[k]]]
	w.matrix[0][0] += diffuse
	w.matrix[1][1] += diffuse
	for j := 1; j < columns; j++ {
		s := &v.slopes[j]
		w.matrix[1+j][1+j] += 1 / s.variance
		w.right[1+j] += s.mean[category] / s.variance
	}
}

// fitItems estimates each item given what items have in common: first its price slope by
// its own data, then all slopes together, and with the shrunk slope all else again.
func (v *model) fitItems() {
	const n = 1 + columns
	each(len(v.items), v.room, func(w *room, k int) {
		f := v.filterItem(k, w.response)
		w.equations(&f, v.law)
		v.known(w.workspace, k)
		v.kept[k] = normal{w.matrix, w.right}
		w.solve(n)
		v.estimate[k] = w.solution[1+atPrice]
		v.se[k] = math.Sqrt(w.varianceOf(1+atPrice, n) * v.scale[k])
	})
	v.shrink()
	each(len(v.items), v.room, func(w *room, k int) {
		w.matrix, w.right = v.kept[k].matrix, v.kept[k].right
		pin(w.workspace, 1+atPrice, -math.Exp(v.tree.mean[v.items[k]]))
		w.solve(n)
		share := v.step(w.workspace, k)
		for j := range n {
			v.coef[k][j] += share * (w.solution[j] - v.coef[k][j])
			v.spreads[k][j] = w.varianceOf(j, n)
		}
		v.settle(w.workspace, k)
	})
}

// longestStep is by how much the log mean of a week may change at once. A step of Newton's
// from far below the data goes far beyond them.
const longestStep = 3

// step returns how much of the way to the solution item k may go.
func (v *model) step(w *workspace, k int) float64 {
	lo, hi := v.rows(k)
	most := 0.0
	for r := lo; r < hi; r++ {
		sum := w.solution[0]
		for j := range v.x {
			sum += w.solution[1+j] * v.x[j][r]
		}
		most = math.Max(most, math.Abs(sum-v.fixed[r]))
	}
	if most > longestStep {
		return longestStep / most
	}
	return 1
}

// pin fixes a coefficient.
func pin(w *workspace, j int, value float64) {
	const firm = 1e9
	w.matrix[j][j] += firm
	w.right[j] += firm * value
}

// settle writes what item k explains and its drift, and measures its innovations.
func (v *model) settle(w *workspace, k int) {
	lo, hi := v.rows(k)
	for r := lo; r < hi; r++ {
		sum := v.coef[k][0]
		for j := range v.x {
			sum += v.coef[k][1+j] * v.x[j][r]
		}
		v.fixed[r] = sum
		v.residual[r] = v.response[r] - v.common.sum[r] - sum
	}
	square := w.smooth(v.drifting[lo:hi], v.residual[lo:hi], v.variance[lo:hi], v.week[lo:hi], v.law)
	freedom := math.Max(2, float64(hi-lo)-v.used(k))
	v.scale[k] = (ownFreedom + square) / (ownFreedom + freedom)
}

// used returns how many parameters the innovations of item k have been fitted with: level,
// price slope, of each other slope the share that its own data say, and its part in what
// items have in common.
func (v *model) used(k int) float64 {
	sum := 2.0
	for j := 1; j < columns; j++ {
		if v.slopes[j].active {
			sum += math.Max(0, 1-v.spreads[k][1+j]/v.slopes[j].variance)
		}
	}
	lo, hi := v.rows(k)
	for r := lo; r < hi; r++ {
		sum += v.common.share(r, v.precision[r])
	}
	return sum
}

// room is what a worker needs for one item after the other.
type room struct {
	*workspace
	response, noise []float64
}

func (v *model) room() *room {
	n := v.panel.Weeks
	return &room{newWorkspace(n), make([]float64, n), make([]float64, n)}
}

// shrink draws the slopes of the items that teach, and the price tests, toward each other.
func (v *model) shrink() {
	for i := range v.said {
		v.said[i] = v.tests[i]
	}
	for k, i := range v.items {
		if v.learn[k] {
			v.said[i] = v.said[i].and(estimate{v.estimate[k], v.se[k]})
		}
	}
	v.tree.shrink(v.said)
}

// fitCommon estimates what items have in common, given each of them.
func (v *model) fitCommon() {
	for r := range v.residual {
		v.residual[r] = v.response[r] - v.fixed[r] - v.drifting[r]
	}
	v.common.fit(v.residual, v.precision)
}

// placebo returns, for each item, how many standard errors next week's price is away from
// having no effect on this week's sales, beside this week's price.
func (v *model) placebo() []float64 {
	lead := v.common.without(v.lead, v.precision)
	t := make([]float64, len(v.items))
	const n = 2 + columns
	each(len(v.items), v.room, func(w *room, k int) {
		lo, hi := v.rows(k)
		f := v.filterItem(k, w.response)
		f.more = lead[lo:hi]
		w.equations(&f, v.law)
		v.known(w.workspace, k)
		w.matrix[n-1][n-1] += diffuse
		w.solve(n)
		t[k] = w.solution[n-1] / math.Sqrt(w.varianceOf(n-1, n)*v.scale[k])
	})
	return t
}

// evidences returns what each item's own weeks say.
func (v *model) evidences() []evidence {
	scales := slices.Sorted(slices.Values(v.scale))
	usual := scales[len(scales)/2]
	out := make([]evidence, len(v.items))
	for k, t := range v.placebo() {
		p := &v.tree.products[v.tree.product[v.items[k]]]
		kin, spread := -math.Exp(p.mean), v.tree.spread[0]
		out[k] = evidence{
			placebo: t,
			kin:     (v.estimate[k] - kin) / math.Sqrt(v.se[k]*v.se[k]+kin*kin*(p.variance+spread*spread)),
			loud:    v.scale[k] / usual,
			vague:   v.se[k] / math.Max(1, -kin),
		}
	}
	return out
}

// spread moves the laws of the slopes to what the items' slopes say (a step of EM). A
// category's mean leans on that of all items as if five more of them said so.
func (v *model) spread() {
	const lean = 5
	for j := 1; j < columns; j++ {
		s := &v.slopes[j]
		if !s.active {
			continue
		}
		if s.free {
			all, total := 0.0, 0.0
			sum, weight := make([]float64, len(s.mean)), make([]float64, len(s.mean))
			for k := range v.items {
				c := v.tree.category[v.tree.product[v.items[k]]]
				w := math.Max(0, 1-v.spreads[k][1+j]/s.variance) + 1e-9 // how much the item's own data say
				all, total = all+w*v.coef[k][1+j], total+w
				sum[c], weight[c] = sum[c]+w*v.coef[k][1+j], weight[c]+w
			}
			for c := range s.mean {
				s.mean[c] = (sum[c] + lean*all/total) / (weight[c] + lean)
			}
		}
		square := 0.0
		for k := range v.items {
			e := v.coef[k][1+j] - s.mean[v.tree.category[v.tree.product[v.items[k]]]]
			square += e*e + v.spreads[k][1+j]
		}
		s.variance = math.Max(smallestSlope, square/float64(len(v.items)))
	}
}

// fitLaw moves the law of drift and noise to its greatest likelihood, item by item with
// the slopes integrated out, on a sample of the items.
func (v *model) fitLaw() {
	step := max(1, len(v.items)/lawSample)
	n := (len(v.items) + step - 1) / step
	part := make([]float64, n)
	likelihood := func(law drift) float64 {
		each(n, v.room, func(w *room, s int) {
			k := s * step
			lo, hi := v.rows(k)
			f := v.filterItem(k, w.response)
			for r := lo; r < hi; r++ {
				w.noise[r-lo] = 1/(math.Exp(v.eta[r])*v.seen[r]) + law.noise
			}
			f.variance = w.noise[:hi-lo]
			logDet, square := w.equations(&f, law)
			v.known(w.workspace, k)
			half := w.solve(1 + columns)
			for j := range 1 + columns {
				square -= w.right[j] * w.solution[j]
			}
			part[s] = -.5*(logDet+square) - half
		})
		sum := 0.0
		for _, l := range part {
			sum += l
		}
		return sum
	}
	for range 2 {
		v.law.noise = best(.002, 3, func(x float64) float64 { return likelihood(drift{v.law.rho, v.law.level, x}) })
		v.law.level = best(.01, 1, func(x float64) float64 { return likelihood(drift{v.law.rho, x, v.law.noise}) })
		v.law.rho = 1 - best(.01, .9, func(x float64) float64 { return likelihood(drift{1 - x, v.law.level, v.law.noise}) })
	}
}
