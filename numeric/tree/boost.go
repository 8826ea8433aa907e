package tree

import "math/rand/v2"

// BoostForm sets up gradient boosting. The zero value is the default: squared error, 100
// trees that grow leaf by leaf to 31 leaves of at least 20 rows, all rows and features.
type BoostForm struct {
	Loss      Loss    // nil means L2
	Rounds    int     // trees at the most; 0 means 100
	Rate      float64 // what of each tree is added; 0 means 0.1
	MaxDepth  int     // splits above a leaf at the most; 0 means no bound
	MaxLeaves int     // the best leaf is split until there are so many; 0 means 31, or no bound where MaxDepth is given
	MinRows   int     // rows of a leaf at the least; 0 means 20
	MinWeight float64 // hessian of a leaf at the least
	MinGain   float64 // of a split, beyond 0
	L2        float64 // added to the hessian of a leaf
	MaxBins   int     // of a feature; 0 means 255

	Categorical []bool // features that are category codes 0 to 254; nil means none
	Monotone    []int8 // 1: the prediction never falls in the feature, -1: never rises, 0: free; nil means free

	// Row and feature sampling for each tree. All of it draws from the generator that
	// FitBoost is given.
	Rows     float64 // share of the rows; 0 means all
	Features float64 // share of the features; 0 means all
	// OneSide takes the Top rows with the largest gradients and, of the rest, Other of all
	// rows, which then weigh more. Both 0: not used.
	OneSide struct{ Top, Other float64 }

	// Held is held out, later in time than what is learnt from where time matters.
	// Boosting ends when its loss has not fallen for Patience trees, and keeps the trees
	// up to the lowest; nil means that all Rounds are run.
	Held     *Data
	Patience int // 0 means 20

	Workers int // goroutines; 0 means GOMAXPROCS
}

func (form BoostForm) withDefaults() BoostForm {
	if form.Loss == nil {
		form.Loss = L2{}
	}
	form.Rounds = orElse(form.Rounds, 100)
	form.Rate = orElse(form.Rate, 0.1)
	if form.MaxDepth == 0 {
		form.MaxLeaves = orElse(form.MaxLeaves, 31)
	}
	form.MinRows = orElse(form.MinRows, 20)
	form.MaxBins = orElse(form.MaxBins, maxBins)
	form.Rows = orElse(form.Rows, 1)
	form.Features = orElse(form.Features, 1)
	form.Patience = orElse(form.Patience, 20)
	return form
}

func orElse[T int | float64](x, otherwise T) T {
	if x == 0 {
		return otherwise
	}
	return x
}

// Boost is a sum of trees on the scale of a link:
//
//	score(x) = Start + offset + Σ_k tree_k(x),   prediction(x) = Link⁻¹(score(x)).
//
// A fitted Boost may be used by many goroutines at once, and written down by encoding/json
// or gob.
//
// Source: Friedman, Greedy function approximation: a gradient boosting machine (2001),
// Annals of Statistics 29, 1189-1232; Chen & Guestrin, XGBoost (2016), KDD 16, equations
// 5 to 7; Ke et al., LightGBM (2017), NIPS 30, for bins, histograms and one-side sampling.
type Boost struct {
	Start    float64
	Link     Link
	Features int // columns of X
	Trees    []Tree

	Gain     []float64 // what the splits at each feature have taken from twice the loss
	Splits   []int     // how many splits ask for each feature
	HeldLoss []float64 // mean loss of the held-out data after each tree; nil where there is none
}

// FitBoost learns from data. It modifies none of it. It returns a *DataError for a value
// that is infinite, negative where it must not be, or no category, and an *EmptyError
// where there is nothing to learn from. Missing values of X are allowed, of Y not. It
// panics on a form that makes no sense, and where the form samples and rng is nil.
//
// The cost is O(rows · features · depth) for each tree, and one byte a value beside what
// is given.
func FitBoost(data Data, form BoostForm, rng *rand.Rand) (*Boost, error) {
	form = form.withDefaults()
	form.check(len(data.X), rng)
	if err := form.checkData(data, len(data.X)); err != nil {
		return nil, err
	}
	if form.Held != nil {
		if err := form.checkData(*form.Held, len(data.X)); err != nil {
			return nil, err
		}
	}
	b, err := newBooster(data, form, rng)
	if err != nil {
		return nil, err
	}
	b.fit()
	return b.model, nil
}

func (form *BoostForm) check(features int, rng *rand.Rand) {
	switch {
	case form.Rounds < 0 || form.MaxDepth < 0 || form.MaxLeaves < 0 || form.MinRows < 0 || form.Patience < 0:
		panic("tree: Rounds, MaxDepth, MaxLeaves, MinRows and Patience must not be negative")
	case !(form.Rate > 0 && form.Rate <= 1):
		panic("tree: Rate outside (0, 1]")
	case !(form.MinWeight >= 0) || !(form.MinGain >= 0) || !(form.L2 >= 0):
		panic("tree: MinWeight, MinGain and L2 must not be negative")
	case form.MaxBins < 2 || form.MaxBins > maxBins:
		panic("tree: MaxBins outside 2 to 255")
	case !(form.Rows > 0 && form.Rows <= 1) || !(form.Features > 0 && form.Features <= 1):
		panic("tree: Rows and Features must be in (0, 1]")
	case form.oneSided() && !(form.OneSide.Top > 0 && form.OneSide.Other > 0 && form.OneSide.Top+form.OneSide.Other <= 1):
		panic("tree: OneSide must be two shares that are at most 1 together")
	case form.oneSided() && form.Rows < 1:
		panic("tree: Rows and OneSide exclude each other")
	case rng == nil && (form.oneSided() || form.Rows < 1 || form.Features < 1):
		panic("tree: sampling needs a generator")
	}
	switch l := form.Loss.(type) {
	case Tweedie:
		if !(l.power() > 1 && l.power() < 2) {
			panic("tree: the power of Tweedie must be between 1 and 2")
		}
	case Quantile:
		if !(l.u() > 0 && l.u() < 1) {
			panic("tree: a quantile must be between 0 and 1")
		}
	}
	checkColumns(form.Categorical, form.Monotone, features)
}

func checkColumns(categorical []bool, monotone []int8, features int) {
	if categorical != nil && len(categorical) != features || monotone != nil && len(monotone) != features {
		panic("tree: Categorical and Monotone need a value for each feature")
	}
	for j, m := range monotone {
		if m < -1 || m > 1 {
			panic("tree: Monotone is 1, 0 or -1")
		}
		if m != 0 && categorical != nil && categorical[j] {
			panic("tree: a category cannot be monotone")
		}
	}
}

func (form *BoostForm) checkData(d Data, features int) error {
	if len(d.X) != features {
		panic("tree: held-out data has other features")
	}
	if err := d.check(); err != nil {
		return err
	}
	for i, y := range d.Y {
		if reason := form.Loss.check(y); reason != "" {
			return &DataError{Part: "Y", Row: i, Reason: reason}
		}
	}
	return nil
}

func (form *BoostForm) oneSided() bool { return form.OneSide.Top != 0 || form.OneSide.Other != 0 }

// Score writes the score of each row of x, column-major, without an offset, into dst. It
// does not allocate.
func (b *Boost) Score(dst []float64, x [][]float64) {
	checkShape(dst, x, b.Features)
	for i := range dst {
		dst[i] = b.Start
	}
	addTrees(dst, x, b.Trees)
}

// Predict writes the prediction for each row of x, column-major, into dst: a mean, a
// probability or a quantile. offset is on the scale of the link; nil is 0.
func (b *Boost) Predict(dst []float64, x [][]float64, offset []float64) {
	if offset != nil && len(offset) != len(dst) {
		panic("tree: offset and dst differ in length")
	}
	b.Score(dst, x)
	for i, s := range dst {
		if offset != nil {
			s += offset[i]
		}
		dst[i] = b.Link.Inverse(s)
	}
}

// PredictRow returns the prediction for one row, given its features and offset. It does
// not allocate.
func (b *Boost) PredictRow(row []float64, offset float64) float64 {
	if len(row) != b.Features {
		panic("tree: the row has another number of features")
	}
	s := b.Start + offset
	for k := range b.Trees {
		t := &b.Trees[k]
		s += t.Nodes[t.leaf(row)].Value
	}
	return b.Link.Inverse(s)
}
