package regress

import (
	"math"
	"slices"
)

// counts is Newton's method for the exponential mean on the rows that are not separated,
// sorted by the factor with the most codes.
type counts struct {
	rows          []int32 // of the data
	y, offset     []float64
	largest       float64 // of the offsets
	weight        []float64
	saturated     []float64 // y log y - y
	x             [][]float64
	part          partial
	order         []int32     // codes of the sorting factor, renumbered; nil without factors
	factors       [][]int32   // the others
	slopes        [][]float64 // of the sorting factor
	eta, mu       []float64   // linear predictor and its exponential
	work, z, rest []float64   // Newton weights, working response and what effects leave of it
	next, trial   []float64
	tilde         [][]float64 // what effects leave of x
	beta, normal  []float64
	deviance      float64
	iterations    int
	constant      int // its column; -1 without
}

// partial takes fixed effects out of columns.
type partial interface {
	weigh(w []float64)
	residuals(columns [][]float64, tol float64) error
}

func (a *arrow) residuals(columns [][]float64, _ float64) error {
	for _, v := range columns {
		a.residual(v, v)
	}
	return nil
}

func (a *absorber) residuals(columns [][]float64, tol float64) error { return a.demean(columns, tol) }

// nothing stands where there are no fixed effects.
type nothing struct{}

func (nothing) weigh([]float64)                      {}
func (nothing) residuals([][]float64, float64) error { return nil }

// newCounts gathers the rows to keep. slopes belong to the first factor, which then is the
// one to sort by.
func newCounts(d *Data, factors [][]int32, slopes [][]float64, constant bool, keep []bool) (*counts, error) {
	c := &counts{constant: -1}
	main := 0
	for f := range factors {
		if slopes == nil && levels(factors[f]) > levels(factors[main]) {
			main = f
		}
	}
	if len(factors) > 0 {
		c.rows = sortedRows(factors[main], keep)
	} else {
		for i, k := range keep {
			if k {
				c.rows = append(c.rows, int32(i))
			}
		}
	}
	n := len(c.rows)
	c.y = pick(d.Y, c.rows)
	if !slices.ContainsFunc(c.y, func(y float64) bool { return y > 0 }) {
		return nil, separatedAll(d)
	}
	c.offset, c.weight = make([]float64, n), make([]float64, n)
	c.saturated = make([]float64, n)
	for k, i := range c.rows {
		c.weight[k] = 1
		if d.Weight != nil {
			c.weight[k] = d.Weight[i]
		}
		if d.Offset != nil {
			c.offset[k] = d.Offset[i]
		}
		if y := c.y[k]; y > 0 {
			c.saturated[k] = y*math.Log(y) - y
		}
	}
	c.largest = slices.Max(c.offset)
	for _, x := range d.X {
		c.x = append(c.x, pick(x, c.rows))
	}
	if constant {
		c.constant = len(c.x)
		one := make([]float64, n)
		for k := range one {
			one[k] = 1
		}
		c.x = append(c.x, one)
	}
	if k := len(c.x); n <= k {
		return nil, &TooFewError{"rows", n, k + 1}
	}
	for _, x := range slopes {
		c.slopes = append(c.slopes, pick(x, c.rows))
	}
	for f, codes := range factors {
		if f == main {
			c.order = compact(pick(codes, c.rows))
		} else {
			c.factors = append(c.factors, compact(pick(codes, c.rows)))
		}
	}
	c.choosePath()
	c.makeRoom()
	return c, nil
}

func separatedAll(d *Data) error {
	e := &SeparatedError{Rows: make([]int32, len(d.Y))}
	for i := range e.Rows {
		e.Rows[i] = int32(i)
	}
	if len(d.Y) == 0 {
		return &TooFewError{"rows", 0, 1}
	}
	return e
}

// The exact path pays while the matrix between codes is small and groups are short.
const (
	mostCodes = 1500
	mostPairs = 4e9
)

// choosePath decides how effects are taken out.
func (c *counts) choosePath() {
	if c.order == nil {
		c.part = nothing{}
		return
	}
	codes := 0
	for _, f := range c.factors {
		codes += levels(f)
	}
	pairs, begin := 0.0, 0 // a group's codes are at most its rows times the factors
	for i := range c.order {
		if i+1 == len(c.order) || c.order[i+1] != c.order[i] {
			n := min(float64(i+1-begin)*float64(len(c.factors)), float64(codes))
			pairs += n * n
			begin = i + 1
		}
	}
	if c.slopes != nil || codes <= mostCodes && pairs <= mostPairs {
		c.part = newArrow(c.order, c.slopes, c.factors)
		return
	}
	c.part = newAbsorber(append([][]int32{c.order}, c.factors...))
}

func (c *counts) makeRoom() {
	n, k := len(c.rows), len(c.x)
	for _, v := range []*[]float64{&c.eta, &c.mu, &c.work, &c.z, &c.rest, &c.next, &c.trial} {
		*v = make([]float64, n)
	}
	for _, x := range c.x {
		c.tilde = append(c.tilde, slices.Clone(x))
	}
	c.beta, c.normal = make([]float64, k), make([]float64, k*k)
}

// sortedRows returns the rows to keep in the order of their codes, ties by row.
func sortedRows(codes []int32, keep []bool) []int32 {
	place := make([]int32, levels(codes)+1)
	for i, c := range codes {
		if keep[i] {
			place[c+1]++
		}
	}
	for c := range place[1:] {
		place[c+1] += place[c]
	}
	rows := make([]int32, place[len(place)-1])
	for i, c := range codes {
		if keep[i] {
			rows[place[c]] = int32(i)
			place[c]++
		}
	}
	return rows
}

func pick[T any](from []T, rows []int32) []T {
	to := make([]T, len(rows))
	for k, i := range rows {
		to[k] = from[i]
	}
	return to
}

// compact renumbers codes without gaps, in their order.
func compact(codes []int32) []int32 {
	number := make([]int32, levels(codes))
	for _, c := range codes {
		number[c] = 1
	}
	next := int32(0)
	for c, seen := range number {
		number[c] = next
		next += seen
	}
	for i, c := range codes {
		codes[i] = number[c]
	}
	return codes
}

// orthogonal decomposes what effects leave of the columns, scaled by the roots of the
// Newton weights. It fails with a *CollinearError.
func (c *counts) orthogonal() (*basis, error) {
	columns, length := make([][]float64, len(c.x)), make([]float64, len(c.x))
	for j, x := range c.x {
		length[j] = math.Sqrt(squares(x, c.work))
		columns[j] = slices.Clone(c.tilde[j])
		for k, w := range c.work {
			columns[j][k] *= math.Sqrt(w)
		}
	}
	b, err := orthogonalise(columns, length)
	if err != nil {
		return nil, withoutConstant(err, c.constant)
	}
	return b, nil
}

// leftOut lists the rows of the data that are not in use.
func (c *counts) leftOut(n int) []int32 {
	used := make([]bool, n)
	for _, i := range c.rows {
		used[i] = true
	}
	var out []int32
	for i, u := range used {
		if !u {
			out = append(out, int32(i))
		}
	}
	return out
}
