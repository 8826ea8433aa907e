package mcda

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// phones is a textbook table whose first criterion is the price.
var phones = Table{Criteria: 4, Cost: []bool{true, false, false, false}, Values: []float64{
	250, 16, 12, 5,
	200, 16, 8, 3,
	300, 32, 16, 4,
	275, 32, 8, 4,
	225, 16, 16, 2,
}}

// facility is the table of Papathanasiou & Ploskas, Multiple Criteria Decision Aid, 2018,
// chapters 1 and 2.
var facility = Table{Criteria: 4, Values: []float64{
	8, 7, 2, 1,
	5, 3, 7, 5,
	7, 5, 6, 4,
	9, 9, 7, 3,
	11, 10, 3, 7,
	6, 9, 5, 4,
}}

var facilityWeights = []float64{.4, .3, .1, .2}

// mixed is the same table with two costs.
var mixed = Table{Criteria: 4, Values: facility.Values, Cost: []bool{false, true, false, true}}

func near(t *testing.T, name string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", name, len(got), len(want))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Errorf("%s %d: %.12f, want %.12f", name, i, got[i], want[i])
		}
	}
}

// reference reads testdata/reference/mcda.csv.
func reference(t *testing.T, method string) (values []float64) {
	t.Helper()
	file, err := os.Open("testdata/reference/mcda.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row[0] == method {
			v, err := strconv.ParseFloat(row[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, v)
		}
	}
	return values
}

func TestTOPSIS(t *testing.T) {
	near(t, "phones", TOPSIS(phones, []float64{1, 1, 1, 1}),
		[]float64{.5342768572, .3083677687, .6916322313, .5347365845, .4010461215}, 1e-10)
	near(t, "facility", TOPSIS(facility, facilityWeights),
		[]float64{.38721471, .32716969, .39066999, .61466034, .86849538, .49284834}, 1e-8)
	near(t, "with costs", TOPSIS(mixed, facilityWeights), reference(t, "topsis"), 1e-12)
	near(t, "all alike", TOPSIS(Table{Criteria: 2, Values: []float64{1, 0, 1, 0}}, []float64{1, 1}), []float64{.5, .5}, 0)
}

func TestVIKOR(t *testing.T) {
	near(t, "facility", VIKOR(facility, facilityWeights, .625).Q, []float64{.640, 1, .693, .271, 0, .694}, .0005)
	got := VIKOR(mixed, facilityWeights, .5)
	near(t, "with costs", got.Q, reference(t, "vikor"), 1e-12)
	// By hand: the first two lie closer than 1/(6-1), so neither can be preferred.
	if want := []int{0, 3, 2}; !slices.Equal(got.Solutions, want) {
		t.Errorf("solutions %v, want %v", got.Solutions, want)
	}
	if got := VIKOR(facility, facilityWeights, .625).Solutions; !slices.Equal(got, []int{4}) {
		t.Errorf("solutions %v, want the fifth alone: it leads by .271", got)
	}
}

func TestObjectiveWeights(t *testing.T) {
	entropy, err := EntropyWeights(facility)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "entropy", entropy, reference(t, "entropy"), 1e-12)
	near(t, "CRITIC", CRITICWeights(facility), reference(t, "critic"), 1e-12)
	_, err = EntropyWeights(Table{Criteria: 2, Values: []float64{1, 2, 3, 0}})
	var bad *NotPositiveError
	if !errors.As(err, &bad) || bad.Alternative != 1 || bad.Criterion != 1 {
		t.Errorf("a value of 0 is refused with %v", err)
	}
	alike := Table{Criteria: 2, Values: []float64{3, 5, 3, 5}}
	entropy, _ = EntropyWeights(alike)
	near(t, "entropy where nothing differs", entropy, []float64{.5, .5}, 1e-12)
	near(t, "CRITIC where nothing differs", CRITICWeights(alike), []float64{.5, .5}, 1e-12)
}

func TestAHP(t *testing.T) {
	p, err := AHP([]float64{1, 3, 5, 1. / 3, 1, 3, 1. / 5, 1. / 3, 1}, 3)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "weights", p.Weights, []float64{.6369855717, .2582849944, .1047294339}, 1e-10)
	near(t, "λmax", []float64{p.LambdaMax}, []float64{3.0385110906}, 1e-10)
	near(t, "consistency ratio", []float64{p.ConsistencyRatio}, []float64{.0332}, .00005)
}

// A circle of judgements, each beating the next, is refused and its worst link is named.
func TestAHPRefusesContradictions(t *testing.T) {
	_, err := AHP([]float64{1, 3, 1. / 7, 1. / 3, 1, 3, 7, 1. / 3, 1}, 3)
	var bad *InconsistentError
	if !errors.As(err, &bad) || bad.Ratio < .1 || len(bad.Worst) != 3 {
		t.Fatalf("got %v", err)
	}
	// Four criteria that agree (4 : 2 : 2 : 1) but for one judgement.
	p, err := AHP([]float64{
		1, 2, 2, 1. / 4,
		1. / 2, 1, 1, 2,
		1. / 2, 1, 1, 2,
		4, 1. / 2, 1. / 2, 1}, 4)
	if !errors.As(err, &bad) {
		t.Fatalf("consistency ratio %v is accepted", p.ConsistencyRatio)
	}
	if w := bad.Worst[0]; w.I != 0 || w.J != 3 || w.Given != 1./4 || w.Implied < 3*w.Given {
		t.Errorf("the worst judgement is said to be %+v", w)
	}
	for name, a := range map[string][]float64{
		"zero": {1, 0, 1, 1}, "diagonal": {2, 1, 1, 1}, "mirror": {1, 3, 3, 1}, "NaN": {1, math.NaN(), 1, 1},
	} {
		var not *JudgementError
		if _, err := AHP(a, 2); !errors.As(err, &not) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Weights that judgements are made from come back, with nothing to object to.
func TestAHPFindsConsistentWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, MostJudged).Draw(t, "n")
		w := rapid.SliceOfN(rapid.Float64Range(.05, 1), n, n).Draw(t, "w")
		a := make([]float64, n*n)
		for i := range n {
			for j := range n {
				a[i*n+j] = w[i] / w[j]
			}
			a[i*n+i] = 1
		}
		p, err := AHP(a, n)
		if err != nil || p.ConsistencyRatio > 1e-9 {
			t.Fatalf("%v, consistency ratio %v", err, p.ConsistencyRatio)
		}
		for i, v := range shares(w) {
			if math.Abs(p.Weights[i]-v) > 1e-12 {
				t.Fatalf("weight %d is %v, want %v", i, p.Weights[i], v)
			}
		}
	})
}

// tables draws a table of any shape and directions with weights. Values are quarters, so
// that ties and dominance occur.
func tables(t *rapid.T) (Table, []float64) {
	n, m := rapid.IntRange(1, 7).Draw(t, "alternatives"), rapid.IntRange(1, 5).Draw(t, "criteria")
	table := Table{Criteria: m, Cost: rapid.SliceOfN(rapid.Bool(), m, m).Draw(t, "cost")}
	for range n * m {
		table.Values = append(table.Values, float64(rapid.IntRange(1, 40).Draw(t, "value"))/4)
	}
	return table, rapid.SliceOfN(rapid.Float64Range(.01, 1), m, m).Draw(t, "weights")
}

// scores are the methods that score a table, more being better.
var scores = map[string]func(Table, []float64) []float64{
	"TOPSIS": TOPSIS,
	"VIKOR": func(t Table, w []float64) []float64 {
		q := VIKOR(t, w, .5).Q
		for i := range q {
			q[i] = -q[i]
		}
		return q
	},
}

func TestScoresDoNotDependOnUnitsOrOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, w := tables(t)
		n, m := table.Alternatives(), table.Criteria
		rows := rapid.Permutation(indices(n)).Draw(t, "rows")
		columns := rapid.Permutation(indices(m)).Draw(t, "columns")
		moved := Table{Criteria: m, Cost: make([]bool, m), Values: make([]float64, n*m)}
		movedWeights := make([]float64, m)
		for b, j := range columns {
			unit := rapid.Float64Range(.001, 1000).Draw(t, "unit")
			moved.Cost[b], movedWeights[b] = table.Cost[j], w[j]
			for a, i := range rows {
				moved.Values[a*m+b] = unit * table.At(i, j)
			}
		}
		for name, score := range scores {
			plain, other := score(table, w), score(moved, movedWeights)
			for a, i := range rows {
				if math.Abs(other[a]-plain[i]) > 1e-9 {
					t.Fatalf("%s: alternative %d scores %v, elsewhere %v", name, i, plain[i], other[a])
				}
			}
		}
	})
}

func TestScoresRespectDominance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, w := tables(t)
		for name, score := range scores {
			s := score(table, w)
			for a := range s {
				for b := range s {
					if table.Dominates(a, b) && s[a] < s[b]-1e-12 {
						t.Fatalf("%s: %d dominates %d and scores %v, below %v", name, a, b, s[a], s[b])
					}
				}
			}
		}
	})
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// Under TOPSIS the order of two alternatives can turn when a third leaves; a weighted sum on
// fixed scales has no such thing.
func TestReversals(t *testing.T) {
	table := Table{Criteria: 2, Values: []float64{1, 5.1, 4, 2.6, 9, 0.5}}
	weights := []float64{1, 1}
	before, after := TOPSIS(table, weights), TOPSIS(table.Without(2), weights)
	if !(before[0] > before[1] && after[0] < after[1]) {
		t.Fatalf("closeness %v, then %v: want the first two to change places", before, after)
	}
	found := Reversals(table, func(t Table) []float64 { return TOPSIS(t, weights) })
	if want := (Reversal{Dropped: 2, A: 0, B: 1}); !slices.Contains(found, want) {
		t.Errorf("%v lacks %v", found, want)
	}
	sum := func(t Table) (s []float64) {
		for i := range t.Alternatives() {
			s = append(s, t.At(i, 0)+t.At(i, 1))
		}
		return s
	}
	rapid.Check(t, func(t *rapid.T) {
		table, w := tables(t)
		if table.Criteria >= 2 {
			if diff := gocmp.Diff([]Reversal(nil), Reversals(table, sum)); diff != "" {
				t.Fatalf("a sum reverses:\n%s", diff)
			}
		}
		for _, r := range Reversals(table, func(t Table) []float64 { return TOPSIS(t, w) }) {
			all, rest := TOPSIS(table, w), TOPSIS(table.Without(r.Dropped), w)
			at := func(i int) float64 {
				if i > r.Dropped {
					i--
				}
				return rest[i]
			}
			if !(all[r.A] > all[r.B] && at(r.A) < at(r.B)) {
				t.Fatalf("%+v is no reversal", r)
			}
			if want := slices.ContainsFunc(indices(table.Alternatives()), func(i int) bool { return table.Dominates(i, r.Dropped) }); r.Dominated != want {
				t.Fatalf("%+v: dominated is %v", r, want)
			}
		}
	})
}

func TestShapesPanic(t *testing.T) {
	for name, call := range map[string]func(){
		"ragged":          func() { TOPSIS(Table{Criteria: 2, Values: []float64{1, 2, 3}}, []float64{1, 1}) },
		"unknown":         func() { TOPSIS(Table{Criteria: 1, Values: []float64{math.NaN()}}, []float64{1}) },
		"too few weights": func() { TOPSIS(phones, []float64{1}) },
		"negative weight": func() { TOPSIS(phones, []float64{1, 1, 1, -1}) },
		"no weight":       func() { TOPSIS(phones, []float64{0, 0, 0, 0}) },
		"directions":      func() { CRITICWeights(Table{Criteria: 1, Values: []float64{1}, Cost: []bool{true, true}}) },
		"v":               func() { VIKOR(phones, []float64{1, 1, 1, 1}, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			call()
		})
	}
}
