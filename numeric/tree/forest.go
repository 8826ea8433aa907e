package tree

import (
	"math"
	"math/rand/v2"
	"slices"
)

// ForestForm sets up a random forest. The zero value is the default.
type ForestForm struct {
	Trees    int     // 0 means 100
	Features float64 // share of the features that each split chooses from; 0 means 1/3
	MinRows  int     // different rows of a leaf at the least; 0 means 5
	MaxDepth int     // splits above a leaf at the most; 0 means no bound
	MaxBins  int     // of a feature; 0 means 4095

	Categorical []bool // features that are category codes 0 to 254; nil means none
	Monotone    []int8 // 1: the prediction never falls in the feature, -1: never rises, 0: free; nil means free

	// KeepRows keeps which rows are in each leaf, 4 bytes for a row and tree: needed for
	// quantiles.
	KeepRows bool
	Workers  int // goroutines; 0 means GOMAXPROCS
}

func (form ForestForm) withDefaults() ForestForm {
	form.Trees = orElse(form.Trees, 100)
	form.Features = orElse(form.Features, 1.0/3)
	form.MinRows = orElse(form.MinRows, 5)
	form.MaxBins = orElse(form.MaxBins, fineBins)
	return form
}

func (form *ForestForm) check(data Data, rng *rand.Rand) {
	switch {
	case form.Trees < 0 || form.MinRows < 0 || form.MaxDepth < 0:
		panic("tree: Trees, MinRows and MaxDepth must not be negative")
	case !(form.Features > 0 && form.Features <= 1):
		panic("tree: Features outside (0, 1]")
	case form.MaxBins < 2 || form.MaxBins > fineBins:
		panic("tree: MaxBins outside 2 to 4095")
	case data.Offset != nil:
		panic("tree: a forest has no offset")
	case rng == nil:
		panic("tree: a forest needs a generator")
	}
	checkColumns(form.Categorical, form.Monotone, len(data.X))
}

// Forest is the mean of regression trees, each grown to small leaves on its own bootstrap
// sample, each split the best within a random choice of the features.
//
// A fitted Forest may be used by many goroutines at once, and written down by
// encoding/json or gob.
//
// Source: Breiman, Random forests (2001), Machine Learning 45, 5-32; Meinshausen,
// Quantile regression forests (2006), Journal of Machine Learning Research 7, 983-999.
type Forest struct {
	Features int // columns of X
	Rows     int // that it has learnt from, those of weight 0 included
	Trees    []Tree
	Seeds    [][2]uint64 // each tree's own generator, which first draws the bootstrap sample

	Gain   []float64 // what the splits at each feature have taken from the squared error, a tree
	Splits []int     // how many splits ask for each feature
	Kept   *Kept     // nil unless the form asks for it
}

// FitForest learns from data, which must have no offset. It modifies none of it. It
// returns a *DataError for a value that is infinite or no category and an *EmptyError
// where there is nothing to learn from. Missing values of X are allowed, of Y not. It
// panics on a form that makes no sense. Draws two numbers a tree from rng.
//
// The cost is O(rows · log(rows) · share of features) for each tree; the features are put
// into bins first, so that no node ever sorts its rows.
func FitForest(data Data, form ForestForm, rng *rand.Rand) (*Forest, error) {
	form = form.withDefaults()
	form.check(data, rng)
	if err := data.check(); err != nil {
		return nil, err
	}
	team := newTeam(form.Workers)
	bins, err := newBinnings(data, form.Categorical, form.MaxBins, team)
	if err != nil {
		return nil, err
	}
	f := &Forest{Features: len(data.X), Rows: len(data.Y), Trees: make([]Tree, form.Trees)}
	f.Gain, f.Splits = make([]float64, f.Features), make([]int, f.Features)
	f.Seeds = make([][2]uint64, form.Trees)
	for k := range f.Seeds {
		f.Seeds[k] = [2]uint64{rng.Uint64(), rng.Uint64()}
	}
	if form.KeepRows {
		f.Kept = newKept(data, form.Trees)
	}
	n := newNursery(data, form, bins, team)
	gains, counts := make([][]float64, form.Trees), make([][]int, form.Trees)
	planters := make(chan *planter, int(team))
	for range int(team) {
		planters <- nil
	}
	team.each(form.Trees, func(k int) {
		p := <-planters
		if p == nil {
			p = n.planter()
		}
		f.Trees[k] = p.plant(f.generator(k))
		gains[k], counts[k] = slices.Clone(p.gain), slices.Clone(p.count)
		if f.Kept != nil {
			f.Kept.keep(k, p)
		}
		planters <- p
	})
	if f.Kept != nil {
		f.Kept.rank = nil
	}
	for k := range gains {
		for j := range f.Gain {
			f.Gain[j] += gains[k][j] / float64(form.Trees)
			f.Splits[j] += counts[k][j]
		}
	}
	return f, nil
}

// generator returns the generator of a tree as it was before its first draw.
func (f *Forest) generator(tree int) *rand.Rand {
	return rand.New(rand.NewPCG(f.Seeds[tree][0], f.Seeds[tree][1]))
}

// bootstrap draws as many of the rows as there are, with replacement, and counts them.
func bootstrap(counts []uint16, rows []uint32, rng *rand.Rand) {
	clear(counts)
	for range rows {
		r := rows[rng.IntN(len(rows))]
		if counts[r] < math.MaxUint16 {
			counts[r]++
		}
	}
}

// weighted returns the rows that have a weight.
func (d Data) weighted() []uint32 {
	rows := make([]uint32, 0, len(d.Y))
	for i := range d.Y {
		if d.weight(i) > 0 {
			rows = append(rows, uint32(i))
		}
	}
	return rows
}

// Predict writes the prediction for each row of x, column-major, into dst.
func (f *Forest) Predict(dst []float64, x [][]float64) {
	checkShape(dst, x, f.Features)
	clear(dst)
	addTrees(dst, x, f.Trees)
	for i := range dst {
		dst[i] /= float64(len(f.Trees))
	}
}

// PredictRow returns the prediction for one row. It does not allocate.
func (f *Forest) PredictRow(row []float64) float64 {
	if len(row) != f.Features {
		panic("tree: the row has another number of features")
	}
	sum := 0.0
	for k := range f.Trees {
		t := &f.Trees[k]
		sum += t.Nodes[t.leaf(row)].Value
	}
	return sum / float64(len(f.Trees))
}

// nursery is what all trees of a forest grow from.
type nursery struct {
	form    ForestForm
	limits  limits
	choices int // features that a split chooses from
	mean    float64
	rows    []uint32   // that have a weight
	sums    *sums      // of each row: its distance from the mean, and its weight
	bins    []binning  // of each feature
	columns [][]uint16 // and in which every row is; missing values in the last of all
}

// missingFine is the bin of missing values in a column of a forest. It comes after all
// bins, and with 1 added before them.
const missingFine = math.MaxUint16

func newNursery(data Data, form ForestForm, bins []binning, team team) *nursery {
	rows := len(data.Y)
	n := &nursery{
		form: form, limits: limits{minRows: form.MinRows, minWeight: math.SmallestNonzeroFloat64},
		choices: max(1, int(form.Features*float64(len(bins))+1e-9)),
		mean:    L2{}.start(data), rows: data.weighted(), sums: newSums(rows, true),
		bins: bins, columns: make([][]uint16, len(bins)),
	}
	if slices.ContainsFunc(form.Monotone, func(m int8) bool { return m != 0 }) {
		n.limits.monotone = form.Monotone
	}
	team.each(len(bins), func(j int) {
		column := make([]uint16, rows)
		for i, v := range data.X[j] {
			column[i] = missingFine
			if v == v {
				column[i] = uint16(bins[j].bin(v))
			}
		}
		n.columns[j] = column
	})
	g, h := make([]float64, rows), make([]float64, rows)
	most, heaviest := 0.0, 0.0
	for i, y := range data.Y {
		h[i] = data.weight(i)
		g[i] = h[i] * (n.mean - y)
		most, heaviest = max(most, math.Abs(g[i])), max(heaviest, h[i])
	}
	// One row could be drawn every time.
	n.sums.scale(most*float64(rows), heaviest*float64(rows))
	n.sums.fill(0, g, h)
	return n
}
