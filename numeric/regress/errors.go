package regress

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// largest is what a value may be at most: squares and their sums must not overflow.
const largest = 1e100

// DataError names a value that cannot be used: not finite, beyond 1e100, or a weight that
// is not positive.
type DataError struct {
	Part   string // "Y", "X", "Weight", "Offset" or "Instrument"
	Column int    // of X or the instruments; 0 elsewhere
	Row    int
	Value  float64
}

func (e *DataError) Error() string {
	if e.Part == "X" || e.Part == "Instrument" {
		return fmt.Sprintf("regress: row %d of column %d of %s is %v", e.Row, e.Column, e.Part, e.Value)
	}
	return fmt.Sprintf("regress: row %d of %s is %v", e.Row, e.Part, e.Value)
}

// CollinearError names columns of which one follows from the others and the fixed effects,
// in ascending order; a single one is constant within the fixed effects, or altogether.
// Coefficients are counted as in Fit; instruments come after the last of them.
type CollinearError struct{ Columns []int }

func (e *CollinearError) Error() string {
	if len(e.Columns) == 1 {
		return fmt.Sprintf("regress: column %d does not vary beside the constant and the fixed effects", e.Columns[0])
	}
	return "regress: columns " + listed(e.Columns) + " are collinear"
}

// TooFewError says that there is less of something than the estimate needs.
type TooFewError struct {
	What       string // "rows", "clusters", "groups" or "instruments"
	Have, Need int
}

func (e *TooFewError) Error() string {
	return fmt.Sprintf("regress: %d %s, at least %d needed", e.Have, e.What, e.Need)
}

// SeparatedError says that no finite maximum of the likelihood exists: Columns are the
// regressors (none: the fixed effects alone) that predict the zeros of Rows perfectly.
type SeparatedError struct {
	Columns []int
	Rows    []int32
}

func (e *SeparatedError) Error() string {
	if len(e.Columns) == 0 {
		return fmt.Sprintf("regress: fixed effects predict %d zeros perfectly", len(e.Rows))
	}
	return fmt.Sprintf("regress: columns %s predict %d zeros perfectly", listed(e.Columns), len(e.Rows))
}

// ConvergenceError says that an iteration did not reach its tolerance.
type ConvergenceError struct {
	What       string // "fixed effects", "likelihood" …
	Iterations int
}

func (e *ConvergenceError) Error() string {
	return fmt.Sprintf("regress: %s did not converge in %d iterations", e.What, e.Iterations)
}

func listed(columns []int) string {
	words := make([]string, len(columns))
	for i, c := range columns {
		words[i] = fmt.Sprint(c)
	}
	return strings.Join(words, ", ")
}

// check looks at every value of d. It panics if lengths differ or a code is negative, which
// are mistakes of the program and not of the data.
func (d *Data) check() error {
	n := len(d.Y)
	if err := finite("Y", 0, d.Y, n); err != nil {
		return err
	}
	for j, x := range d.X {
		if err := finite("X", j, x, n); err != nil {
			return err
		}
	}
	if d.Offset != nil {
		if err := finite("Offset", 0, d.Offset, n); err != nil {
			return err
		}
	}
	if d.Weight != nil {
		if err := finite("Weight", 0, d.Weight, n); err != nil {
			return err
		}
		if i := slices.IndexFunc(d.Weight, func(w float64) bool { return w <= 0 }); i >= 0 {
			return &DataError{"Weight", 0, i, d.Weight[i]}
		}
	}
	for _, codes := range d.Absorb {
		mustBeCodes(codes, n)
	}
	if d.Cluster != nil {
		mustBeCodes(d.Cluster, n)
	}
	if d.Across != nil {
		mustBeCodes(d.Across, n)
	}
	return nil
}

func finite(part string, column int, values []float64, rows int) error {
	if len(values) != rows {
		panic("regress: " + part + " and Y differ in length")
	}
	for i, v := range values {
		if !(math.Abs(v) <= largest) {
			return &DataError{part, column, i, v}
		}
	}
	return nil
}

func mustBeCodes(codes []int32, rows int) {
	if len(codes) != rows {
		panic("regress: codes and Y differ in length")
	}
	for _, c := range codes {
		if c < 0 {
			panic("regress: a code is negative")
		}
	}
}

// levels returns one more than the largest code.
func levels(codes []int32) int {
	most := int32(-1)
	for _, c := range codes {
		most = max(most, c)
	}
	return int(most) + 1
}
