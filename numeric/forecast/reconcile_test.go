package forecast

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tradewind/numeric/distribution"
)

// threeNodes is A = B + C.
func threeNodes(t testing.TB) *Hierarchy {
	t.Helper()
	h, err := NewHierarchy(2, []string{"A", "A"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// oneColumn makes a table of one period.
func oneColumn(values ...float64) [][]float64 {
	table := make([][]float64, len(values))
	for j, v := range values {
		table[j] = []float64{v}
	}
	return table
}

// TestReconcileByHand: the deviation -1 of A = B + C with ŷ = (10, 6, 3), which misses one,
// is shared in proportion to the variances. By hand, from
// ỹ = ŷ - W C' (C W C')⁻¹ C ŷ with C = (1, -1, -1).
func TestReconcileByHand(t *testing.T) {
	h := threeNodes(t)
	weighted, err := h.WLS([]float64{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		p    *Projection
		want []float64
	}{
		{"OLS", h.OLS(), []float64{10 - 1.0/3, 6 + 1.0/3, 3 + 1.0/3}},
		{"WLS 1, 2, 3", weighted, []float64{10 - 1.0/6, 6 + 2.0/6, 3 + 3.0/6}},
		{"structural", h.Structural(), []float64{10 - 2.0/4, 6 + 1.0/4, 3 + 1.0/4}},
	} {
		table := oneColumn(10, 6, 3)
		if err := c.p.Apply(table); err != nil {
			t.Fatal(err)
		}
		for j, want := range c.want {
			if math.Abs(table[j][0]-want) > 1e-12 {
				t.Errorf("%s: node %d is %v, want %v", c.name, j, table[j][0], want)
			}
		}
	}
	table := oneColumn(10, 6, 3)
	if err := h.Align(table); err != nil {
		t.Fatal(err)
	}
	if got := []float64{table[0][0], table[1][0], table[2][0]}; math.Abs(got[1]-20.0/3) > 1e-12 || math.Abs(got[2]-10.0/3) > 1e-12 || math.Abs(got[0]-10) > 1e-12 {
		t.Errorf("aligned %v, want 10, 6.667, 3.333", got)
	}
}

// hierarchies are a tree of three levels and groups that lie across each other.
func hierarchies(t testing.TB, bottom int) map[string]*Hierarchy {
	t.Helper()
	total, market, shop, category := make([]string, bottom), make([]string, bottom), make([]string, bottom), make([]string, bottom)
	for i := range bottom {
		total[i] = "all"
		market[i] = fmt.Sprint("m", i%3)
		shop[i] = fmt.Sprint("s", i%3, i%9)
		category[i] = fmt.Sprint("c", i%4)
	}
	tree, err := NewHierarchy(bottom, total, market, shop)
	if err != nil {
		t.Fatal(err)
	}
	crossed, err := NewHierarchy(bottom, total, market, category)
	if err != nil {
		t.Fatal(err)
	}
	if !tree.Nested() || crossed.Nested() {
		t.Fatal("the tree is not one, or the groups across are")
	}
	return map[string]*Hierarchy{"tree": tree, "across": crossed}
}

// randomTable fills a table with gamma values, some bottom series all zero.
func randomTable(h *Hierarchy, periods int, rng *rand.Rand) [][]float64 {
	table := make([][]float64, h.Nodes())
	for j := range table {
		table[j] = make([]float64, periods)
		for t := range table[j] {
			if j < h.Upper() || j%5 > 0 {
				table[j][t] = 4 * distribution.DrawGamma(.5, rng)
			}
		}
	}
	return table
}

func randomVariances(h *Hierarchy, rng *rand.Rand) []float64 {
	variances := make([]float64, h.Nodes())
	for j := range variances {
		if j%7 > 0 { // some are held
			variances[j] = distribution.DrawGamma(2, rng)
		}
	}
	return variances
}

// denseWLS solves the normal equations S'W⁻¹S b = S'W⁻¹ŷ with a stored matrix.
func denseWLS(h *Hierarchy, variance, forecast []float64) []float64 {
	n := h.bottom
	a := make([][]float64, n)
	for i := range a {
		a[i] = make([]float64, n+1)
	}
	members := make([][]int, h.Nodes())
	for i := range n {
		members[h.Upper()+i] = []int{i}
		for _, group := range h.group {
			members[group[i]] = append(members[group[i]], i)
		}
	}
	for j, m := range members {
		for _, i := range m {
			for _, k := range m {
				a[i][k] += 1 / variance[j]
			}
			a[i][n] += forecast[j] / variance[j]
		}
	}
	for k := range n {
		for i := k + 1; i < n; i++ {
			f := a[i][k] / a[k][k]
			for c := k; c <= n; c++ {
				a[i][c] -= f * a[k][c]
			}
		}
	}
	b := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		b[i] = a[i][n]
		for c := i + 1; c < n; c++ {
			b[i] -= a[i][c] * b[c]
		}
		b[i] /= a[i][i]
	}
	return b
}

// TestWLSIsLeastSquares compares both ways of solving with elimination on S'W⁻¹S.
func TestWLSIsLeastSquares(t *testing.T) {
	for name, h := range hierarchies(t, 40) {
		rng := rand.New(rand.NewPCG(5, 1))
		variances := make([]float64, h.Nodes())
		for j := range variances {
			variances[j] = .1 + distribution.DrawGamma(2, rng)
		}
		p, _ := h.WLS(variances)
		table := randomTable(h, 3, rng)
		for period := range 3 {
			forecast := make([]float64, h.Nodes())
			for j := range forecast {
				forecast[j] = table[j][period]
			}
			want := denseWLS(h, variances, forecast)
			got := oneColumn(forecast...)
			if err := p.Apply(got); err != nil {
				t.Fatal(err)
			}
			for i, b := range want {
				if math.Abs(got[h.Upper()+i][0]-b) > 1e-9*(1+math.Abs(b)) {
					t.Errorf("%s: bottom series %d is %v, want %v", name, i, got[h.Upper()+i][0], b)
				}
			}
		}
	}
}

// TestReconcileProperties: results add up; what adds up stays (S P S = S); doing it twice
// changes nothing; variances of zero hold; all-zero series stay zero under proportions.
func TestReconcileProperties(t *testing.T) {
	for name, h := range hierarchies(t, 60) {
		rng := rand.New(rand.NewPCG(6, 1))
		variances := randomVariances(h, rng)
		weighted, _ := h.WLS(variances)
		positive, _ := h.WLS(variances)
		positive.NonNegative = true
		ways := map[string]func([][]float64) error{"OLS": h.OLS().Apply, "structural": h.Structural().Apply, "WLS": weighted.Apply, "non-negative": positive.Apply}
		if h.Nested() {
			ways["proportions"] = h.Align
		}
		for way, apply := range ways {
			table := randomTable(h, 5, rand.New(rand.NewPCG(7, 1)))
			before := copyTable(table)
			if err := apply(table); err != nil {
				t.Fatal(err)
			}
			summed := copyTable(table)
			h.Sum(summed)
			nearTable(t, name+", "+way+" adds up", table, summed)
			again := copyTable(table)
			apply(again)
			nearTable(t, name+", "+way+" twice", again, table)
			if way == "WLS" {
				for i := range h.bottom {
					if j := h.Upper() + i; variances[j] == 0 && math.Abs(table[j][0]-before[j][0]) > 1e-9 {
						t.Errorf("%s: node %d was to be held at %v and is %v", name, j, before[j][0], table[j][0])
					}
				}
			}
			if way == "proportions" || way == "non-negative" {
				for j, row := range table {
					if slices.Min(row) < 0 {
						t.Errorf("%s, %s: node %d is %v", name, way, j, row)
					}
				}
			}
			if way == "proportions" {
				nearTable(t, "the top stays", table[:1], before[:1])
			}
		}
	}
}

// TestNonNegativeIsOptimal checks the conditions of Karush, Kuhn and Tucker: the gradient
// vanishes where a value is above zero and does not pull up where it is zero.
func TestNonNegativeIsOptimal(t *testing.T) {
	for name, h := range hierarchies(t, 50) {
		rng := rand.New(rand.NewPCG(8, 1))
		variances := make([]float64, h.Nodes())
		for j := range variances {
			variances[j] = .2 + distribution.DrawGamma(1, rng)
		}
		p, _ := h.WLS(variances)
		p.NonNegative = true
		zeros := 0
		for range 20 {
			forecast := randomTable(h, 1, rng)
			for j := range h.Upper() {
				forecast[j][0] *= 2 // far below what the parts say
			}
			table := copyTable(forecast)
			if err := p.Apply(table); err != nil {
				t.Fatal(err)
			}
			for i := range h.bottom {
				j := h.Upper() + i
				pull := (forecast[j][0] - table[j][0]) / variances[j]
				for _, group := range h.group {
					k := group[i]
					pull += (forecast[k][0] - table[k][0]) / variances[k]
				}
				switch b := table[j][0]; {
				case b == 0 && pull < 1e-8:
					zeros++
				case b < 0 || math.Abs(pull) > 1e-8:
					t.Errorf("%s: bottom series %d is %v with a pull of %v", name, i, b, pull)
				}
			}
		}
		if zeros == 0 {
			t.Errorf("%s: the bound never bites", name)
		}
	}
}

// TestAlignWithNothingToShare: a group of all-zero series gets nothing, and the rest of the
// total goes to the others.
func TestAlignWithNothingToShare(t *testing.T) {
	h, err := NewHierarchy(4, []string{"all", "all", "all", "all"}, []string{"a", "a", "b", "b"})
	if err != nil {
		t.Fatal(err)
	}
	table := oneColumn(12, 5, 3, 0, 0, 1, 2)
	if err := h.Align(table); err != nil {
		t.Fatal(err)
	}
	nearTable(t, "aligned", table, oneColumn(12, 0, 12, 0, 0, 4, 8))
	zero := oneColumn(0, 0, 0, 0, 0, 0, 0)
	for _, apply := range []func([][]float64) error{h.Align, h.OLS().Apply} {
		if err := apply(zero); err != nil {
			t.Fatal(err)
		}
		nearTable(t, "all zero", zero, oneColumn(0, 0, 0, 0, 0, 0, 0))
	}
	if h.Node(1, "b") != 2 || h.Node(0, "all") != 0 || h.Node(1, "c") != -1 {
		t.Error("nodes are not found by their labels")
	}
}

// TestReconciledPaths: the same projection on every path is that of their mean.
func TestReconciledPaths(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 4))
	h := hierarchies(t, 12)["tree"]
	p := h.Structural()
	centre := randomTable(h, 4, rng)
	before, after := randomTable(h, 4, rng), randomTable(h, 4, rng)
	for j := range before {
		clear(before[j])
		clear(after[j])
	}
	for range 200 {
		path := copyTable(centre)
		for j, row := range path {
			for t := range row {
				row[t] += rng.NormFloat64()
			}
			addRow(before[j], row)
		}
		if err := p.Apply(path); err != nil {
			t.Fatal(err)
		}
		for j := range after {
			addRow(after[j], path[j])
		}
	}
	if err := p.Apply(before); err != nil {
		t.Fatal(err)
	}
	nearTable(t, "mean of the paths", after, before)
}

func TestHierarchyErrors(t *testing.T) {
	var shape *ShapeError
	if _, err := NewHierarchy(3, []string{"a", "b"}); !errors.As(err, &shape) || shape.Have != 2 || shape.Want != 3 {
		t.Errorf("two labels for three series: %v", err)
	}
	h := threeNodes(t)
	for _, table := range [][][]float64{nil, oneColumn(1, 2), oneColumn(1, 2, 3, 4), {{1, 2}, {1}, {1, 2}}} {
		for _, apply := range []func([][]float64) error{h.Align, h.OLS().Apply, h.Sum} {
			if err := apply(table); !errors.As(err, &shape) {
				t.Errorf("table %v: %v, want a *ShapeError", table, err)
			}
		}
	}
	if err := h.Align(oneColumn(1, math.NaN(), 2)); err == nil {
		t.Error("NaN in the table: no error")
	}
	if _, err := h.WLS([]float64{1, 2}); !errors.As(err, &shape) {
		t.Errorf("two variances: %v", err)
	}
	for _, v := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := h.WLS([]float64{1, v, 2}); err == nil {
			t.Errorf("a variance of %v: no error", v)
		}
	}
	if err := hierarchies(t, 12)["across"].Align(randomTable(hierarchies(t, 12)["across"], 1, rand.New(rand.NewPCG(1, 1)))); err == nil {
		t.Error("proportions of groups across each other: no error")
	}
	flat, err := NewHierarchy(2)
	if err != nil || flat.OLS().Apply(oneColumn(3, 4)) != nil || flat.Align(oneColumn(3, 4)) != nil {
		t.Errorf("no level at all: %v", err)
	}
	if empty, err := NewHierarchy(0); err != nil || empty.OLS().Apply(nil) != nil || empty.Align(nil) != nil {
		t.Errorf("no series at all: %v", err)
	}
}

func copyTable(table [][]float64) [][]float64 {
	c := make([][]float64, len(table))
	for j, row := range table {
		c[j] = slices.Clone(row)
	}
	return c
}

func nearTable(t *testing.T, what string, got, want [][]float64) {
	t.Helper()
	for j := range want {
		for k, w := range want[j] {
			if g := got[j][k]; !(math.Abs(g-w) <= 1e-8*(1+math.Abs(w))) {
				t.Errorf("%s: node %d, period %d is %v, want %v", what, j, k, g, w)
			}
		}
	}
}

// shopTree has 30,000 series under two levels.
func shopTree(b *testing.B) (*Hierarchy, [][]float64) {
	const bottom = 30_000
	total, category := make([]string, bottom), make([]string, bottom)
	for i := range bottom {
		total[i], category[i] = "all", fmt.Sprint(i%300)
	}
	h, err := NewHierarchy(bottom, total, category)
	if err != nil {
		b.Fatal(err)
	}
	return h, randomTable(h, 28, rand.New(rand.NewPCG(1, 7)))
}

func BenchmarkAlign(b *testing.B) {
	h, table := shopTree(b)
	for b.Loop() {
		h.Align(table)
	}
}

func BenchmarkWLS(b *testing.B) {
	h, table := shopTree(b)
	p := h.Structural()
	for b.Loop() {
		p.Apply(table)
	}
}

func BenchmarkWLSNonNegative(b *testing.B) {
	h, table := shopTree(b)
	p := h.Structural()
	p.NonNegative = true
	start := copyTable(table)
	for b.Loop() {
		for j := range table {
			copy(table[j], start[j])
		}
		p.Apply(table)
	}
}

func BenchmarkWLSAcross(b *testing.B) {
	const bottom = 30_000
	market, category := make([]string, bottom), make([]string, bottom)
	for i := range bottom {
		market[i], category[i] = fmt.Sprint(i%7), fmt.Sprint(i%300)
	}
	h, _ := NewHierarchy(bottom, market, category)
	start := randomTable(h, 28, rand.New(rand.NewPCG(1, 7)))
	table := copyTable(start)
	p := h.Structural()
	for b.Loop() {
		for j := range table {
			copy(table[j], start[j])
		}
		p.Apply(table)
	}
}
