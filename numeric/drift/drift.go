// Package drift says when what comes in, or how well it was foretold, is no longer what it
// was: two samples held against each other (Reference and PSI, KolmogorovSmirnov, ChiSquare,
// Wasserstein), and streams watched one value at a time (ADWIN, PageHinkley, CUSUM, and
// Monitor, which is what a stream of forecast losses is given to).
//
// Every limit comes from a sampling law or a run length: none is a customary number such as
// "a PSI above .25". A test says how surely something moved; how much it matters is for the
// caller, who knows what a unit of loss costs.
//
// Watchers are plain values in fixed memory. Their fields are exported so that a watcher can
// be kept between runs, as JSON too, and goes on to the last bit as if it had never stopped;
// they are not meant to be set by hand. A value that is not finite is counted in Skipped and
// changes nothing else.
//
// The package knows no business word, does not act on an alarm and fits nothing. It comes
// after package distribution; what is to be done about drift is decided above.
package drift

import (
	"fmt"
	"math"
)

// Test is a statistic and how probable one at least as large is where nothing has moved.
type Test struct {
	Statistic float64
	P         float64
}

// Alarm says that a stream has left its level.
type Alarm struct {
	At        int     // the observation that raised it, counted from 1
	Since     int     // the observation with which the change began, as far as can be told
	Statistic float64 // what was measured
	Limit     float64 // what it had to stay within
	Before    float64 // mean of the stream before Since
	After     float64 // mean from Since to At
}

// ValueError names a value that cannot be used: not finite, or beyond 1e100.
type ValueError struct {
	Part  string // "reference" or "live"
	Index int
	Value float64
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("drift: value %d of the %s sample is %v", e.Index, e.Part, e.Value)
}

// TooFewError says that a sample is too small to say anything.
type TooFewError struct {
	Part       string // "reference", "live" or "categories"
	Have, Need int
}

func (e *TooFewError) Error() string {
	return fmt.Sprintf("drift: %d %s, at least %d needed", e.Have, e.Part, e.Need)
}

// ConstantError says that the reference does not vary, so that nothing can be measured in
// its standard deviations.
type ConstantError struct{ Value float64 }

func (e *ConstantError) Error() string {
	return fmt.Sprintf("drift: every value of the reference is %v", e.Value)
}

// usable reports whether squares of x can be summed without overflow.
func usable(x float64) bool { return math.Abs(x) <= 1e100 }

func check(part string, sample []float64, least int) error {
	if len(sample) < least {
		return &TooFewError{part, len(sample), least}
	}
	for i, x := range sample {
		if !usable(x) {
			return &ValueError{part, i, x}
		}
	}
	return nil
}

// spread returns the mean of a sample and the sum of squared distances from it.
func spread(sample []float64) (mean, squares float64) {
	for i, x := range sample {
		step := x - mean
		mean += step / float64(i+1)
		squares += step * (x - mean)
	}
	return mean, squares
}
