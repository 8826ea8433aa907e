package forecast

import (
	"math"
	"slices"

	"tradewind/numeric/tree"
)

// countTrees predict from a view the rate of the periods after it, learnt from all series of
// a set at earlier origins. Their loss is that of Tweedie: totals are often 0, and skewed.
type countTrees struct {
	model   *tree.Boost
	highest float64 // level that they know: of the rows no more than a leaf has to hold lay above it
}

// Few, small trees: what they add to a filter is flat in all of this.
const (
	countTreeRows   = 40_000 // to learn from, about
	leastTreeRows   = 500    // with fewer there are no trees
	countTreeLeaves = 8
	countLeafRows   = 100
)

// growCountTrees learns from the windows of h periods that end in the past, half a window
// apart, of the series that had begun. offsets may be nil. A *TooShortError tells how many
// windows there are, where they are too few. One huge total must not lift all that share its
// leaf: it counts as mostTarget times what large ones are.
func growCountTrees(series, offsets [][]float64, h int) (*countTrees, error) {
	var origins []int
	for q := len(series[0]) - h; q >= h; q -= max(1, h/2) {
		origins = append(origins, q)
	}
	every := max(1, len(origins)*len(series)/countTreeRows)
	data := tree.Data{X: make([][]float64, countFeatures)}
	var levels []float64
	var view countView
	n := 0
	for _, q := range origins {
		for i, y := range series {
			if n++; n%every != 0 {
				continue
			}
			o := rowOf(offsets, i)
			came, exposure, seen := 0.0, 0.0, 0
			for t := q; t < q+h; t++ {
				if count, e := seenAt(y, o, t); e > 0 {
					came += count
					exposure += e
					seen++
				}
			}
			if 2*seen < h || !view.look(y, o, q) {
				continue
			}
			for j, x := range view.features {
				data.X[j] = append(data.X[j], x)
			}
			data.Y = append(data.Y, came)
			data.Offset = append(data.Offset, math.Log(exposure))
			levels = append(levels, view.level())
		}
	}
	if len(data.Y) < leastTreeRows {
		return nil, &TooShortError{Method: "boosted trees over counts", Have: len(data.Y), Need: leastTreeRows}
	}
	most := mostTarget * math.Max(1, leafth(slices.Clone(data.Y)))
	for i, y := range data.Y {
		data.Y[i] = math.Min(y, most)
	}
	model, err := tree.FitBoost(data, tree.BoostForm{
		Loss: tree.Tweedie{}, Rounds: 60, MaxLeaves: countTreeLeaves, MinRows: countLeafRows, L2: 5, MaxBins: 64, Workers: 1,
	}, nil)
	return &countTrees{model, leafth(levels)}, err
}

// leafth sorts x and returns what only a leaf's worth of values lie above.
func leafth(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)-countLeafRows]
}

// rate is what they say of the periods after an origin, 0 of a series that has not begun.
// A tree does not extrapolate: they see a series that is larger than those they know as so
// many times smaller.
func (c *countTrees) rate(y, o []float64, origin int) float64 {
	var view countView
	if !view.look(y, o, origin) {
		return 0
	}
	times := 1.0
	if level := view.level(); level > c.highest && c.highest > 0 {
		times = level / c.highest
		view.shrink(times)
	}
	return times * c.model.PredictRow(view.features[:], 0)
}

// rowOf is nil where there are no offsets.
func rowOf(offsets [][]float64, i int) []float64 {
	if offsets == nil {
		return nil
	}
	return offsets[i]
}
