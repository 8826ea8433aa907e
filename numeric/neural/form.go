package neural

import (
	"errors"
	"math"
)

// Series is one past, and what is known beside it.
type Series struct {
	Values []float64   // oldest first; NaN, and what lies beyond ±1e100, is missing
	Known  [][]float64 // [period][number]: known beforehand, such as calendar or price, for all Values and, to forecast, for the horizon after them; nil if nothing is
	Static []float64   // of the series itself; nil if nothing is known
}

// LSTMForm sets up TrainLSTM. The zero value is the default: quantiles of values that are
// not negative.
type LSTMForm struct {
	Horizon int // periods ahead; 0 means 28
	Context int // periods that a forecast looks back on; 0 means twice the Horizon

	// Counts asks for negative binomial distributions of whole numbers. Signed allows
	// values below zero, which count as zero otherwise. Not both.
	Counts, Signed bool

	Layers int // 0 means 1
	Hidden int // units of a layer; 0 means 40
	Seeds  int // networks whose outputs are averaged; 0 means 3

	Rate     float64 // of learning, at first; it falls to 0 along a cosine; 0 means .002
	Dropout  float64 // share of units; 0 means .1, below 0 none
	Batch    int     // windows a step; 0 means 64
	Windows  int     // most windows an epoch, drawn anew each time; 0 means 16,384
	Epochs   int     // at the most; 0 means 30
	Patience int     // epochs without a better validation before it stops; 0 means 5

	// Progress, if not nil, is told of every epoch. Networks are trained side by side;
	// the calls come one at a time.
	Progress func(Progress)
}

// Progress is where the training of one network stands.
type Progress struct {
	Seed, Epoch          int // from 0
	Training, Validation float64
}

func (form LSTMForm) withDefaults() LSTMForm {
	if form.Counts && form.Signed {
		panic("neural: counts are not signed")
	}
	whole := func(n *int, usual int) {
		if *n == 0 {
			*n = usual
		}
		if *n < 0 {
			panic("neural: a size is negative")
		}
	}
	whole(&form.Horizon, 28)
	whole(&form.Context, 2*form.Horizon)
	whole(&form.Layers, 1)
	whole(&form.Hidden, 40)
	whole(&form.Seeds, 3)
	whole(&form.Batch, 64)
	whole(&form.Windows, 16_384)
	whole(&form.Epochs, 30)
	whole(&form.Patience, 5)
	if form.Rate == 0 {
		form.Rate = .002
	}
	if form.Dropout == 0 {
		form.Dropout = .1
	}
	return form
}

// each is how many outputs a period ahead has.
func (form LSTMForm) each() int {
	if form.Counts {
		return 2
	}
	return len(Levels)
}

// ErrTooShort says that no series is long enough to train on: a window needs a quarter of
// the Context before it, and the Horizon twice, once to learn and once to validate.
var ErrTooShort = errors.New("neural: no series has enough values to train and to validate on")

// ErrDiverged says that the loss of a network was not a number from the start.
var ErrDiverged = errors.New("neural: training diverged")

// missing reports whether there is no value in a period, or the period lies before the
// series began or after it ended.
func (s Series) missing(t int) bool {
	return t < 0 || t >= len(s.Values) || !(math.Abs(s.Values[t]) <= largestValue)
}

// largestValue leaves room for squares and sums.
const largestValue = 1e100
