package pricing

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/numeric/regress"
	"tradewind/numeric/tree"
)

// naive is least squares of log units on the log of what was paid, weeks without a sale left
// out and nothing held equal: what anybody computes first.
func (v *model) naive(k int) estimate {
	lo, hi := v.rows(k)
	var y, x []float64
	for r := lo; r < hi; r++ {
		if v.rate[r] > 0 && v.x[atDepth][r] < 1 {
			y, x = append(y, math.Log(v.rate[r])), append(x, v.x[atPrice][r]+math.Log(1-v.x[atDepth][r]))
		}
	}
	fit, err := regress.OLS(&regress.Data{Y: y, X: [][]float64{x}}, regress.HC1)
	if err != nil {
		return estimate{}
	}
	return estimate{fit.Coef[0], fit.SE[0]}
}

// stretch is how many weeks are taken to depend on each other in errors.
const stretch = 8

// groupPoisson is Poisson pseudo-likelihood with a slope for each item and effects of item
// and of market and week, promotions and the rivals' price held equal.
func (v *model) groupPoisson() []estimate {
	out := make([]estimate, len(v.items))
	d := &regress.Data{Y: make([]float64, len(v.row)), Offset: make([]float64, len(v.row)),
		Absorb: [][]int32{v.marketWeeks()}, Cluster: make([]int32, len(v.row))}
	group := make([]int32, len(v.row))
	for k := range v.items {
		lo, hi := v.rows(k)
		for r := lo; r < hi; r++ {
			d.Y[r], d.Offset[r] = v.rate[r]*v.seen[r], math.Log(v.seen[r])
			group[r], d.Cluster[r] = int32(k), v.week[r]/stretch
		}
	}
	for j := atRival; j <= atDimmed; j++ {
		if v.slopes[j].active {
			d.X = append(d.X, v.x[j])
		}
	}
	var fit *regress.GroupPoisson
	err := withoutCollinear(&d.X, 0, func() (err error) {
		fit, err = regress.GroupPPML(d, group, [][]float64{v.x[atPrice]})
		return err
	})
	if err != nil { // nothing to be told apart: the rung says nothing
		return out
	}
	for k := range out {
		if known(fit.Slope[0][k]) {
			out[k] = estimate{fit.Slope[0][k], fit.SlopeSE[0][k]}
		}
	}
	return out
}

// withoutCollinear fits again and again, without the last of the columns that cannot be told
// apart, as long as that is not among the first few.
func withoutCollinear(columns *[][]float64, first int, fit func() error) error {
	for {
		err := fit()
		var same *regress.CollinearError
		if !errors.As(err, &same) {
			return err
		}
		at := same.Columns[len(same.Columns)-1]
		if at < first || at >= len(*columns) {
			return err
		}
		*columns = slices.Delete(slices.Clone(*columns), at, at+1)
	}
}

// marketWeeks codes market × week by row.
func (v *model) marketWeeks() []int32 {
	number := map[string]int32{}
	code := make([]int32, len(v.row))
	for k, i := range v.items {
		market := string(v.panel.Items[i].Market)
		if _, seen := number[market]; !seen {
			number[market] = int32(len(number))
		}
		lo, hi := v.rows(k)
		for r := lo; r < hi; r++ {
			code[r] = number[market]*int32(v.panel.Weeks) + v.week[r]
		}
	}
	return code
}

const (
	fewestPooled = 8    // identified items of a category that a pooled estimate needs
	mostPooled   = 12   // categories that get pooled estimates of their own: those with most items
	pooledRows   = 4000 // of a category: every so many-th item beyond
)

// climbPooled estimates one elasticity for all identified items of a category.
func (c *climb) climbPooled(s *Study) {
	c.study, c.pooled = s, make([]int, len(c.panel.Items))
	for i := range c.pooled {
		c.pooled[i] = -1
	}
	if c.model == nil {
		return
	}
	members := map[string][]int{}
	var names []string
	for k, i := range c.model.items {
		if c.model.learn[k] {
			name := c.panel.Category[i]
			if members[name] == nil {
				names = append(names, name)
			}
			members[name] = append(members[name], k)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return len(members[b]) - len(members[a]) })
	place := map[string]int{}
	for _, name := range names {
		if len(place) == mostPooled || len(members[name]) < fewestPooled {
			break
		}
		place[name] = len(s.Pooled)
		node := &c.tree.categories[c.tree.category[c.tree.product[c.model.items[members[name][0]]]]]
		s.Pooled = append(s.Pooled, Pooled{Category: name, Mean: -math.Exp(node.mean), SD: math.Exp(node.mean) * math.Sqrt(node.variance), Items: len(members[name])})
	}
	each(len(s.Pooled), alone, func(_ struct{}, n int) { c.model.pool(&s.Pooled[n], members[s.Pooled[n].Category]) })
	for i := range c.pooled {
		if n, ok := place[c.panel.Category[i]]; ok {
			c.pooled[i] = n
		}
	}
}

// pool runs the estimators that look at many items at once.
func (v *model) pool(p *Pooled, members []int) {
	t := v.table(members)
	add := func(name string, x estimate, low, high float64, informational bool) {
		r := Rung{Name: name, Estimate: x.value, SE: x.se, Low: low, High: high, Items: len(members), Informational: informational}
		// Estimators weigh items differently, so that they differ by a little where items do.
		half := normal975*p.SD + weighting*math.Abs(p.Mean)
		r.Agrees = low <= p.Mean+half && high >= p.Mean-half
		p.Rungs = append(p.Rungs, r)
	}
	d := t.data()
	var fit *regress.Fit
	if withoutCollinear(&d.X, 1, func() (err error) { fit, err = regress.OLS(d, regress.Cluster1); return err }) == nil {
		low, high := fit.Interval(0, .95)
		add(RungWithin, estimate{fit.Coef[0], fit.SE[0]}, low, high, false)
	}
	if x, low, high, ok := t.doubleML(); ok {
		add(RungDoubleML, x, low, high, false)
	}
	if x, low, high, strong, ok := t.instrumented(); ok {
		add(RungInstrument, x, low, high, !strong)
	}
}

const weighting = .1

// table is the rows with sales of some items: logs, centred by item.
type table struct {
	y        []float64
	x        [][]float64 // price, rival, depth, shown, dipped, dimmed
	landed   []float64   // nil where it is not known everywhere
	controls [][]float64 // what a seller may look at before he sets a price, and what moves demand
	item     []int32
	week     []int32
	market   []int32 // × week
	product  []int32
	weeks    int
}

const memory = .25 // of the exponential average of past sales

func (v *model) table(members []int) *table {
	t := &table{weeks: v.panel.Weeks}
	rows := 0
	for _, k := range members {
		lo, hi := v.rows(k)
		rows += hi - lo
	}
	step := (rows + pooledRows - 1) / pooledRows
	code := v.marketWeeks()
	t.x = make([][]float64, atDimmed+1)
	t.controls = make([][]float64, 6)
	landed := true
	for n := 0; n < len(members); n += step {
		k := members[n]
		lo, hi := v.rows(k)
		var sum, costs, count float64
		for r := lo; r < hi; r++ {
			if v.rate[r] > 0 {
				cost := math.Log(v.panel.Landed[v.row[r]])
				landed = landed && known(cost)
				sum, costs, count = sum+math.Log(v.rate[r]), costs+cost, count+1
			}
		}
		recent := 0.0
		for r := lo; r < hi; r++ {
			past := recent
			if v.rate[r] > 0 {
				off := math.Log(v.rate[r]) - sum/count
				if v.x[atDepth][r] == 0 {
					recent += memory * (off - recent)
				}
				t.y = append(t.y, off)
				for j := range t.x {
					t.x[j] = append(t.x[j], v.x[j][r])
				}
				t.landed = append(t.landed, math.Log(v.panel.Landed[v.row[r]])-costs/count)
				for j, x := range []float64{past, v.common.sum[r], v.x[atTrend][r], v.x[atCosine][r], v.x[atSine][r], sum / count} {
					t.controls[j] = append(t.controls[j], x)
				}
				t.item, t.week, t.market = append(t.item, int32(n)), append(t.week, v.week[r]), append(t.market, code[r])
				t.product = append(t.product, int32(v.tree.product[v.items[k]]))
			}
		}
	}
	if !landed {
		t.landed = nil
	}
	t.dropDead()
	return t
}

// dropDead takes out regressors beside the price that never move.
func (t *table) dropDead() {
	alive := t.x[:1]
	for _, x := range t.x[1:] {
		if slices.ContainsFunc(x, func(v float64) bool { return v != 0 }) {
			alive = append(alive, x)
		}
	}
	t.x = alive
}

func (t *table) data() *regress.Data {
	return &regress.Data{Y: t.y, X: t.x, Absorb: [][]int32{t.item, t.market}, Cluster: t.product}
}

// instrumented lets only those moves of the price count that landed cost explains.
func (t *table) instrumented() (x estimate, low, high float64, strong, ok bool) {
	if t.landed == nil {
		return
	}
	d := t.data()
	var fit *regress.Instrumented
	err := withoutCollinear(&d.X, 1, func() (err error) {
		fit, err = regress.TwoStage(d, []int{0}, [][]float64{t.landed}, regress.Cluster1)
		return err
	})
	if err != nil {
		return
	}
	low, high = fit.Interval(0, .95)
	if strong = fit.EffectiveF >= strongF; !strong {
		low, high = math.Inf(1), math.Inf(-1)
		for _, span := range fit.AndersonRubinSet(.95) {
			low, high = math.Min(low, span.Low), math.Max(high, span.High)
		}
	}
	return estimate{fit.Coef[0], fit.SE[0]}, low, high, strong, low <= high
}

const strongF = 10 // effective F below which only the Anderson–Rubin interval is given

// doubleML lets learners take out of sales and of prices what a seller could know before he
// set the price, and what moves demand beside it; folds are stretches of time.
func (t *table) doubleML() (x estimate, low, high float64, ok bool) {
	form := regress.DoubleMLForm{Block: make([]int32, len(t.week)), Cluster: t.product, Repeats: repeats}
	for r, week := range t.week {
		form.Block[r] = t.item[r]%itemGroups*int32(t.weeks) + week/stretch
	}
	rng := rand.New(rand.NewPCG(uint64(len(t.y)), 1)) // the same for the same rows
	fit, err := regress.DoubleML(t.y, t.x[atPrice], slices.Concat(t.x[1:], t.controls), form, boosted, rng)
	if err != nil {
		return
	}
	return estimate{fit.Coef, fit.SE}, fit.Low, fit.High, true
}

const (
	repeats    = 2 // divisions into folds
	itemGroups = 4 // of items, each with folds of its own
)

// boosted learns a nuisance by gradient boosting.
func boosted(dst, y []float64, x, at [][]float64, rng *rand.Rand) error {
	b, err := tree.FitBoost(tree.Data{X: x, Y: y}, tree.BoostForm{Rounds: 40, MaxLeaves: 15, Rate: .15, MaxBins: 63, Workers: 1}, rng)
	if err != nil {
		return err
	}
	b.Predict(dst, at, nil)
	return nil
}
