package benchmark

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/numeric/tree"
)

// Friedman's first problem, made to the digit as scikit-learn makes it.
const (
	friedmanLearnt, friedmanHeld = 100_000, 20_000
	friedmanColumns              = 20
)

type treeAnswer struct {
	RMSE    float64 // of the held-out rows
	Predict float64 // CPU seconds for them
}

// boosting and growing fit 100 trees on one goroutine; only the fit is timed.
var boosting = newWork("boost", func(_ context.Context, m *meter, _ int) (treeAnswer, error) {
	learnt, held := friedmanData()
	m.Begin()
	b, err := tree.FitBoost(learnt, tree.BoostForm{MaxDepth: 6, MinRows: 1, L2: 1, Workers: 1}, nil)
	m.End()
	if err != nil {
		return treeAnswer{}, err
	}
	return predicted(held, func(dst []float64) { b.Predict(dst, held.X, nil) }), nil
})

var growing = newWork("forest", func(_ context.Context, m *meter, seed uint64) (treeAnswer, error) {
	learnt, held := friedmanData()
	m.Begin()
	f, err := tree.FitForest(learnt, tree.ForestForm{Workers: 1}, rand.New(rand.NewPCG(seed, 0)))
	m.End()
	if err != nil {
		return treeAnswer{}, err
	}
	return predicted(held, func(dst []float64) { f.Predict(dst, held.X) }), nil
})

func predicted(held tree.Data, predict func(dst []float64)) treeAnswer {
	dst := make([]float64, len(held.Y))
	var m meter
	m.Begin()
	predict(dst)
	m.End()
	return treeAnswer{RMSE: math.Sqrt(meanSquare(dst, held.Y)), Predict: m.cost.CPU}
}

func meanSquare(got, want []float64) float64 {
	sum := 0.0
	for i, v := range got {
		sum += (v - want[i]) * (v - want[i])
	}
	return sum / float64(len(got))
}

// fits are one side's runs of one kind of model.
type fits struct {
	costs   []Cost
	rmse    []float64
	predict []float64
	version string
	absent  string
}

func (c *fits) add(a treeAnswer, cost Cost) {
	c.costs, c.rmse, c.predict = append(c.costs, cost), append(c.rmse, a.RMSE), append(c.predict, a.Predict)
}

// python lets a peer fit the same model to the same data.
func (c *fits) python(ctx context.Context, r *run, model string) {
	if c.absent != "" {
		return
	}
	if !r.peers {
		c.absent = "run without --peers"
		return
	}
	a, absent := r.python(ctx, "tree.py", model)
	c.absent, c.version = absent, a.Version
	if absent == "" {
		c.add(treeAnswer{a.RMSE, a.Predict}, a.Cost)
	}
}

func measureTree(ctx context.Context, r *run) ([]Row, error) {
	rows, err := learnerRows(ctx, r)
	if err != nil {
		return nil, err
	}
	checks, err := treeChecks()
	return append(rows, checks...), err
}

// learnerRows measures boosting and forest beside their peers, once a run: they serve
// forecasts and the learning of demand alike.
func learnerRows(ctx context.Context, r *run) ([]Row, error) {
	if r.learners != nil {
		return slices.Clone(r.learners), nil
	}
	boost, forest := fits{}, fits{}
	xgboost, histogram, scikit := fits{version: "xgboost"}, fits{version: "scikit-learn"}, fits{version: "scikit-learn"}
	for k := range repeats {
		a, cost, err := boosting.run(ctx, 0)
		if err != nil {
			return nil, err
		}
		boost.add(a, cost)
		xgboost.python(ctx, r, "xgboost")
		histogram.python(ctx, r, "histogram")
		if a, cost, err = growing.run(ctx, uint64(k)); err != nil {
			return nil, err
		}
		forest.add(a, cost)
	}
	scikit.python(ctx, r, "forest") // once: it takes most of a minute
	const data = "Friedman's first problem, 100,000 rows of 20 features with noise 1, 20,000 held out, made as scikit-learn does"
	boosted := fmt.Sprintf("%s; 100 trees of depth 6, rate .1, L2 1; one thread; median of %d", data, repeats)
	planted := fmt.Sprintf("%s; 100 trees, a third of the features, leaves of 5; one thread; median of %d seeds", data, repeats)
	rows := []Row{
		{Name: "boosting, root mean squared error", Value: new(median(boost.rmse)), Better: lower, Must: new(1.0552 * 1.01),
			Reference: "xgboost 1.7.4 hist: 1.0552", Source: boosted},
		{Name: "boosting, CPU time", Value: new(median(each(boost.costs, Cost.cpu))), Unit: "s", Better: lower, Source: boosted},
		{Name: "boosting, CPU time to predict 20,000 rows", Value: new(median(boost.predict)), Unit: "s", Better: lower, Source: boosted},
		{Name: "forest, root mean squared error", Value: new(median(forest.rmse)), Better: lower, Must: new(1.3525 * 1.01),
			Reference: "scikit-learn 1.2.1: 1.3525, and 1.337 to 1.345 with five other seeds", Source: planted},
		{Name: "forest, CPU time", Value: new(median(each(forest.costs, Cost.cpu))), Unit: "s", Better: lower, Source: planted},
		{Name: "forest, CPU time to predict 20,000 rows", Value: new(median(forest.predict)), Unit: "s", Better: lower, Source: planted},
	}
	rows = append(rows, beside("boosting", "xgboost hist", boost, xgboost, 1.2, 1, "the same data and settings, in turns")...)
	rows = append(rows, beside("boosting", "scikit-learn histogram boosting", boost, histogram, 0, 0, "the same data, 31 leaves there, in turns")...)
	rows = append(rows, beside("forest", "scikit-learn", forest, scikit, .8, .4, "the same data and settings; the peer runs once")...)
	r.learners = rows
	return slices.Clone(rows), nil
}

// beside compares accuracy and CPU time with a peer; without a must for information.
func beside(what, name string, own, peer fits, must, aim float64, source string) []Row {
	accuracy := Row{Name: what + ", error / " + name, Unit: "ratio", Better: lower}
	cost := Row{Name: what + ", CPU time / " + name, Unit: "ratio", Better: lower}
	predict := Row{Name: what + ", CPU time to predict / " + name, Unit: "ratio", Better: lower}
	if must > 0 {
		accuracy.Must, cost.Must, cost.Aim = new(1.01), new(must), new(aim)
	}
	if peer.absent == "" {
		accuracy.Value = new(median(own.rmse) / median(peer.rmse))
		cost.Value = new(median(each(own.costs, Cost.cpu)) / median(each(peer.costs, Cost.cpu)))
		if len(own.costs) == len(peer.costs) { // in turns
			cost.Value = new(median(ratios(own.costs, peer.costs)))
		}
		predict.Value = new(median(own.predict) / median(peer.predict))
	}
	rows := []Row{accuracy, cost, predict}
	for i := range rows {
		rows[i].Reason, rows[i].Reference, rows[i].Source = peer.absent, peer.version, source
	}
	return rows
}

// treeChecks holds small models against what scikit-learn's reach.
func treeChecks() ([]Row, error) {
	learnt, held := friedman1(2000, 10, 0), friedman1(5000, 10, 1)
	dst := make([]float64, len(held.Y))
	b, err := tree.FitBoost(learnt, tree.BoostForm{Rounds: 300, Rate: .05, MaxLeaves: 15}, nil)
	if err != nil {
		return nil, err
	}
	b.Predict(dst, held.X, nil)
	boost := meanSquare(dst, held.Y)
	f, err := tree.FitForest(learnt, tree.ForestForm{Trees: 500}, rand.New(rand.NewPCG(1, 0)))
	if err != nil {
		return nil, err
	}
	f.Predict(dst, held.X)
	const data = "Friedman's first problem, 2,000 rows of 10 features with noise 1, 5,000 held out"
	forest := Row{Name: "small forest, mean squared error", Value: new(meanSquare(dst, held.Y)),
		Reference: "scikit-learn 1.2.1: 3.833", Source: data + "; 500 trees, a third of the features, leaves of 5"}
	bag := forest
	bag.Name, bag.Value, bag.Reference = "small forest, R² out of bag", new(f.OutOfBag(learnt).R2), "scikit-learn 1.2.1: .8506 to .8515 by seed"
	rows := between(Row{Name: "small boosting, mean squared error", Value: &boost,
		Reference: "scikit-learn 1.2.1: 1.6478", Source: data + "; 300 trees of 15 leaves of 20 rows, rate .05"}, 1.648*.95, 1.648*1.05)
	rows = append(rows, between(forest, 3.832*.96, 3.832*1.04)...)
	return append(rows, between(bag, .8506-.006, .8506+.006)...), nil
}

func friedmanData() (learnt, held tree.Data) {
	all := friedman1(friedmanLearnt+friedmanHeld, friedmanColumns, 0)
	learnt, held = tree.Data{Y: all.Y[:friedmanLearnt]}, tree.Data{Y: all.Y[friedmanLearnt:]}
	for _, x := range all.X {
		learnt.X, held.X = append(learnt.X, x[:friedmanLearnt]), append(held.X, x[friedmanLearnt:])
	}
	return learnt, held
}

// friedman1 returns the data of scikit-learn's make_friedman1 with noise 1, by column.
//
// Source: Friedman, Multivariate adaptive regression splines (1991), Annals of Statistics
// 19, 1-67.
func friedman1(rows, columns int, seed uint32) tree.Data {
	t := newTwister(seed)
	d := tree.Data{X: make([][]float64, columns), Y: make([]float64, rows)}
	for j := range d.X {
		d.X[j] = make([]float64, rows)
	}
	for i := range rows {
		for j := range d.X {
			d.X[j][i] = t.uniform()
		}
	}
	x := d.X
	for i := range d.Y {
		d.Y[i] = 10*math.Sin(math.Pi*x[0][i]*x[1][i]) + 20*(x[2][i]-.5)*(x[2][i]-.5) + 10*x[3][i] + 5*x[4][i] + t.normal()
	}
	return d
}

// twister is the Mersenne Twister with the draws of NumPy's RandomState.
//
// Source: Matsumoto & Nishimura (1998), ACM Transactions on Modeling and Computer
// Simulation 8, 3-30; NumPy, legacy-distributions.c.
type twister struct {
	state [624]uint32
	at    int
	kept  float64 // the second normal of a pair
	has   bool
}

func newTwister(seed uint32) *twister {
	t := &twister{at: 624}
	t.state[0] = seed
	for i := 1; i < len(t.state); i++ {
		last := t.state[i-1]
		t.state[i] = 1812433253*(last^last>>30) + uint32(i)
	}
	return t
}

func (t *twister) next() uint32 {
	if t.at == len(t.state) {
		for i := range t.state {
			y := t.state[i]&(1<<31) | t.state[(i+1)%624]&(1<<31-1)
			t.state[i] = t.state[(i+397)%624] ^ y>>1 ^ y&1*0x9908b0df
		}
		t.at = 0
	}
	y := t.state[t.at]
	t.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (t *twister) uniform() float64 {
	a, b := t.next()>>5, t.next()>>6
	return (float64(a)*(1<<26) + float64(b)) / (1 << 53)
}

func (t *twister) normal() float64 {
	if t.has {
		t.has = false
		return t.kept
	}
	for {
		x, y := 2*t.uniform()-1, 2*t.uniform()-1
		if r := x*x + y*y; r < 1 && r != 0 {
			f := math.Sqrt(-2 * math.Log(r) / r)
			t.kept, t.has = f*x, true
			return f * y
		}
	}
}
