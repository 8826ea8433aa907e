package mcda

import (
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func accept(t interface {
	Helper()
	Fatal(...any)
}, table Table, form SMAAForm) *Acceptability {
	t.Helper()
	a, err := SMAA(table, form)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Closed forms. Three alternatives, each the best of one criterion: each is first with
// probability 1/3, and its central weights are the means of the greatest and of the other
// two of three even shares, (1 + 1/2 + 1/3)/3 = 11/18 and 7/36. Of two criteria, an
// alternative worth .6 on both is first where .4 < w < .6.
func TestSMAAInClosedForm(t *testing.T) {
	const draws = 40_000
	tolerance := 4 * math.Sqrt(.25/draws)
	specialists := accept(t, Table{Criteria: 3, Values: []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}}, SMAAForm{Draws: draws, Seed: 1})
	for i := range 3 {
		near(t, "first", []float64{specialists.Best(i), specialists.Confidence[i]}, []float64{1. / 3, 1}, tolerance)
		want := []float64{7. / 36, 7. / 36, 7. / 36}
		want[i] = 11. / 18
		near(t, "central weights", specialists.Central[i], want, tolerance)
	}
	allRounder := accept(t, Table{Criteria: 2, Values: []float64{1, 0, 0, 1, .6, .6}}, SMAAForm{Draws: draws, Seed: 2})
	near(t, "first", []float64{allRounder.Best(0), allRounder.Best(1), allRounder.Best(2)}, []float64{.4, .4, .2}, tolerance)
	near(t, "within two", []float64{allRounder.Within(0, 2), allRounder.Within(2, 2)}, []float64{.5, 1}, tolerance)
	near(t, "central", allRounder.Central[0], []float64{.8, .2}, tolerance)
}

// Two values with normal errors: P(first) = Φ((a-b)/√(s²+r²)). With one criterion the
// weights are certain, and the confidence factor is the same probability.
func TestSMAAWithUncertainValues(t *testing.T) {
	table := Table{Criteria: 1, Values: []float64{1, .5}}
	a := accept(t, table, SMAAForm{Draws: 40_000, Seed: 3, Measure: Normal(table, []float64{.3, .4})})
	want := .5 * math.Erfc(-1/math.Sqrt2)
	near(t, "first", []float64{a.Best(0)}, []float64{want}, .009)
	near(t, "confidence", []float64{a.Confidence[0]}, []float64{want}, .05) // of 1,000 draws
}

func TestSMAAGivesTheSameBytesOnAnyNumberOfCores(t *testing.T) {
	table, sd := randomTable(40, 6, 7)
	form := SMAAForm{Draws: 3_000, Seed: 9, Measure: Normal(table, sd), Weights: WeightSet{Order: [][2]int{{0, 1}, {0, 2}}}}
	form.Workers = 1
	want := accept(t, table, form)
	for _, workers := range []int{2, 5, 16} {
		form.Workers = workers
		if diff := gocmp.Diff(want, accept(t, table, form)); diff != "" {
			t.Errorf("%d goroutines give another result:\n%s", workers, diff)
		}
	}
}

func TestSMAAProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _ := tables(t)
		n, m := table.Alternatives(), table.Criteria
		form := SMAAForm{Draws: 200, Seed: rapid.Uint64().Draw(t, "seed"), Workers: 1}
		a := accept(t, table, form)
		for i := range n {
			row, column := 0.0, 0.0
			for k := range n {
				row, column = row+a.Rank[i][k], column+a.Rank[k][i]
			}
			if math.Abs(row-1) > 1e-9 || math.Abs(column-1) > 1e-9 {
				t.Fatalf("acceptabilities of alternative %d sum to %v, of rank %d to %v", i, row, i+1, column)
			}
			for k := range n {
				if table.Dominates(k, i) && a.Best(i) > 0 {
					t.Fatalf("%d is first with probability %v though %d dominates it", i, a.Best(i), k)
				}
			}
		}
		// Other units and origins, and the alternatives in another order. Powers of two keep
		// every digit, so that ties stay ties.
		rows := rapid.Permutation(indices(n)).Draw(t, "rows")
		moved := Table{Criteria: m, Cost: table.Cost, Values: make([]float64, n*m)}
		for j := range m {
			unit := math.Ldexp(1, rapid.IntRange(-9, 9).Draw(t, "unit"))
			for to, i := range rows {
				moved.Values[to*m+j] = unit * table.At(i, j)
			}
		}
		b := accept(t, moved, form)
		for to, i := range rows {
			for r := range n {
				if math.Abs(b.Rank[to][r]-a.Rank[i][r]) > 1e-9 {
					t.Fatalf("rank %d of alternative %d: %v, elsewhere %v", r+1, i, a.Rank[i][r], b.Rank[to][r])
				}
			}
		}
	})
}

func draws(t *testing.T, n int, set WeightSet, count int) [][]float64 {
	t.Helper()
	s, err := newSampler(n, set)
	if err != nil {
		t.Fatal(err)
	}
	c := s.chain(rand.New(rand.NewPCG(4, 5)))
	all := make([][]float64, count)
	for k := range all {
		all[k] = slices.Clone(c.next())
	}
	return all
}

func means(all [][]float64) []float64 {
	sum := make([]float64, len(all[0]))
	for _, w := range all {
		for j, x := range w {
			sum[j] += x / float64(len(all))
		}
	}
	return sum
}

// Means of evenly drawn weights: 1/n on the whole simplex, the rank-order centroid under a
// complete order, whether it is drawn directly or by the chain.
func TestWeightsAreEven(t *testing.T) {
	const n, count = 6, 20_000
	complete := WeightSet{Order: [][2]int{{2, 0}, {0, 5}, {5, 1}, {1, 3}, {3, 4}}}
	centroid := make([]float64, n)
	for k, j := range []int{2, 0, 5, 1, 3, 4} {
		centroid[j] = OrderCentroid(n)[k]
	}
	near(t, "whole", means(draws(t, n, WeightSet{}, count)), []float64{1. / n, 1. / n, 1. / n, 1. / n, 1. / n, 1. / n}, .005)
	near(t, "ordered", means(draws(t, n, complete, count)), centroid, .005)
	byChain := complete
	byChain.Most = []float64{1, 1, 1, 1, 1, 1}
	near(t, "ordered, by the chain", means(draws(t, n, byChain, count)), centroid, .008)
	// Second moments: E[w²] = 2/(n(n+1)) on the whole simplex, by the chain as well.
	for name, set := range map[string]WeightSet{"drawn": {}, "by the chain": {Order: [][2]int{{0, 1}}}} {
		square := 0.0
		for _, w := range draws(t, n, set, count) {
			square += w[4] * w[4] / count
		}
		near(t, name, []float64{square}, []float64{2. / (n * (n + 1))}, .002)
	}
}

// Intervals: the chain's draws are spread as those of the plain simplex that happen to lie
// within, and lower limits alone shift and shrink the simplex.
func TestWeightsWithinIntervals(t *testing.T) {
	set := WeightSet{Least: []float64{.1, 0, 0, .2}, Most: []float64{.3, .4, .5, .6}, Order: [][2]int{{3, 0}}}
	var kept [][]float64
	for _, w := range draws(t, 4, WeightSet{}, 400_000) {
		if w[0] >= .1 && w[3] >= .2 && w[0] <= .3 && w[1] <= .4 && w[2] <= .5 && w[3] <= .6 && w[3] >= w[0] {
			kept = append(kept, w)
		}
	}
	inside := draws(t, 4, set, 30_000)
	near(t, "interval", means(inside), means(kept), .004)
	quantiles := func(all [][]float64, j int) (q []float64) {
		var x []float64
		for _, w := range all {
			x = append(x, w[j])
		}
		slices.Sort(x)
		for _, p := range []float64{.1, .5, .9} {
			q = append(q, x[int(p*float64(len(x)))])
		}
		return q
	}
	for j := range 4 {
		near(t, "quantiles", quantiles(inside, j), quantiles(kept, j), .01)
	}
	near(t, "lower limits", means(draws(t, 3, WeightSet{Least: []float64{.4, .2, 0}}, 20_000)), []float64{.4 + .4/3, .2 + .4/3, .4 / 3}, .005)
}

func TestWeightsObeyTheirSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		set := WeightSet{}
		if rapid.Bool().Draw(t, "limits") {
			set.Least = rapid.SliceOfN(rapid.Float64Range(0, .2), n, n).Draw(t, "least")
			set.Most = rapid.SliceOfN(rapid.Float64Range(.1, 1), n, n).Draw(t, "most")
		}
		for range rapid.IntRange(0, 2*n).Draw(t, "pairs") {
			set.Order = append(set.Order, [2]int{rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")})
		}
		s, err := newSampler(n, set)
		var none *NoWeightsError
		if errors.As(err, &none) {
			return
		}
		c := s.chain(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		for range 20 {
			w := c.next()
			sum := 0.0
			for j, x := range w {
				sum += x
				if x < 0 || set.Least != nil && (x < set.Least[j]-1e-9 || x > set.Most[j]+1e-9) {
					t.Fatalf("weight %d is %v", j, x)
				}
			}
			for _, pair := range set.Order {
				if w[pair[0]] < w[pair[1]]-1e-9 {
					t.Fatalf("%v breaks %v", w, pair)
				}
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Fatalf("%v sums to %v", w, sum)
			}
		}
	})
}

func TestImpossibleWeights(t *testing.T) {
	for name, set := range map[string]WeightSet{
		"circle":     {Order: [][2]int{{0, 1}, {1, 2}, {2, 0}}},
		"too much":   {Least: []float64{.5, .5, .5}},
		"too little": {Most: []float64{.1, .1, .1}},
		"crossed":    {Least: []float64{.5, 0, 0}, Most: []float64{.4, 1, 1}},
		"by order":   {Least: []float64{0, .4, 0}, Most: []float64{.3, 1, 1}, Order: [][2]int{{0, 1}}},
	} {
		var none *NoWeightsError
		if _, err := SMAA(Table{Criteria: 3, Values: []float64{1, 2, 3}}, SMAAForm{Weights: set}); !errors.As(err, &none) {
			t.Errorf("%s: %v", name, err)
		}
	}
	near(t, "around", means(draws(t, 2, Around([]float64{.8, .2}, 1), 10)), []float64{.8, .2}, 1e-9)
}

func randomTable(n, m int, seed uint64) (Table, []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	t, sd := Table{Criteria: m}, []float64{}
	for range n * m {
		t.Values, sd = append(t.Values, rng.Float64()), append(sd, .1)
	}
	return t, sd
}

// The loop over draws allocates nothing: ten times the draws cost no more memory.
func TestSMAAInnerLoopsDoNotAllocate(t *testing.T) {
	table, sd := randomTable(30, 5, 1)
	allocations := func(draws int) float64 {
		form := SMAAForm{Draws: draws, Workers: 1, Measure: Normal(table, sd), Weights: WeightSet{Order: [][2]int{{0, 1}}}}
		return testing.AllocsPerRun(3, func() { accept(t, table, form) })
	}
	if few, many := allocations(1_000), allocations(10_000); many > few+20 {
		t.Errorf("%v allocations for 1,000 draws, %v for 10,000", few, many)
	}
}

func BenchmarkSMAA(b *testing.B) {
	table, sd := randomTable(200, 20, 1)
	b.Logf("%d cores", runtime.GOMAXPROCS(0))
	for name, form := range map[string]SMAAForm{
		"certain": {}, "uncertain": {Measure: Normal(table, sd)},
		"bounded": {Measure: Normal(table, sd), Weights: Around(slices.Repeat([]float64{.05}, 20), 2)},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				accept(b, table, form)
			}
		})
	}
}
