// Package mcda ranks alternatives by several criteria at once, where there is no common
// unit to add them up in (multiple-criteria decision analysis): TOPSIS and VIKOR for given
// weights, AHP, entropy and CRITIC for finding weights, and SMAA-2 for how far a ranking
// depends on weights and measurements that nobody knows exactly.
//
// What can be expressed in money should be, before it comes here: every method below turns
// a difference of one criterion into a difference of another by a rule of its own. A single
// ranking is therefore an illustration, and the acceptabilities of SMAA-2 are the answer.
//
// It knows no business word and imports nothing of the project. Criteria, their directions
// and their weights come from the discipline that uses it.
package mcda

import (
	"fmt"
	"math"
)

// Table holds what each alternative scores on each criterion.
type Table struct {
	Criteria int       // number of columns
	Values   []float64 // row-major, alternatives × criteria; finite
	Cost     []bool    // by criterion: less is better; nil: more is better everywhere
}

// Alternatives returns the number of rows.
func (t Table) Alternatives() int {
	if t.Criteria <= 0 {
		return 0
	}
	return len(t.Values) / t.Criteria
}

// At returns what alternative i scores on criterion j.
func (t Table) At(i, j int) float64 { return t.Values[i*t.Criteria+j] }

func (t Table) cost(j int) bool { return t.Cost != nil && t.Cost[j] }

// Without returns the table without alternative i, in storage of its own.
func (t Table) Without(i int) Table {
	rest := make([]float64, 0, len(t.Values)-t.Criteria)
	rest = append(rest, t.Values[:i*t.Criteria]...)
	rest = append(rest, t.Values[(i+1)*t.Criteria:]...)
	return Table{t.Criteria, rest, t.Cost}
}

// Dominates reports whether a is at least as good as b on every criterion and better on one.
func (t Table) Dominates(a, b int) bool {
	better := false
	for j := range t.Criteria {
		x, y := t.At(a, j), t.At(b, j)
		if t.cost(j) {
			x, y = -x, -y
		}
		if x < y {
			return false
		}
		better = better || x > y
	}
	return better
}

// check panics where the shape is wrong: that is a defect of the caller, not of the data.
func (t Table) check() {
	if t.Criteria <= 0 || len(t.Values)%t.Criteria != 0 {
		panic("mcda: values are not a whole number of rows")
	}
	if t.Cost != nil && len(t.Cost) != t.Criteria {
		panic("mcda: one direction a criterion, or none at all")
	}
	for _, v := range t.Values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			panic("mcda: values must be finite; what is not known belongs into the draws of SMAA")
		}
	}
}

// normalized returns weights that sum to 1.
func (t Table) normalized(weights []float64) []float64 {
	t.check()
	if len(weights) != t.Criteria {
		panic("mcda: one weight a criterion")
	}
	total := 0.0
	for _, w := range weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			panic("mcda: weights must be finite and not negative")
		}
		total += w
	}
	if !(total > 0) {
		panic("mcda: weights must not all be 0")
	}
	share := make([]float64, len(weights))
	for j, w := range weights {
		share[j] = w / total
	}
	return share
}

// span returns the least and the greatest value of a criterion.
func (t Table) span(j int) (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for i := range t.Alternatives() {
		least, most = min(least, t.At(i, j)), max(most, t.At(i, j))
	}
	return least, most
}

// ideal returns the best and the worst value of a criterion.
func (t Table) ideal(j int) (best, worst float64) {
	worst, best = t.span(j)
	if t.cost(j) {
		worst, best = best, worst
	}
	return best, worst
}

// NotPositiveError says that a method which needs positive values was given another.
type NotPositiveError struct {
	Method                 string
	Alternative, Criterion int
	Value                  float64
}

func (e *NotPositiveError) Error() string {
	return fmt.Sprintf("mcda: %s needs values above 0: alternative %d, criterion %d is %v", e.Method, e.Alternative, e.Criterion, e.Value)
}
