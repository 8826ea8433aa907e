package regress

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// What is left is orthogonal to every dummy, and taking out again changes nothing.
func TestDemean(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	const n = 3000
	weight := make([]float64, n)
	for i := range weight {
		weight[i] = math.Exp(3 * rng.NormFloat64())
	}
	// A chain: level l of the second dimension joins levels l and l+1 of the first, by two
	// rows each: the slowest graph there is.
	chain := [2][]int32{make([]int32, n), make([]int32, n)}
	for i := range n {
		chain[0][i], chain[1][i] = int32((i/2+1)/2), int32(i/4)
	}
	for _, tt := range []struct {
		name   string
		absorb [][]int32
	}{
		{"one", [][]int32{randomCodes(rng, n, 50)}},
		{"two", [][]int32{randomCodes(rng, n, 400), randomCodes(rng, n, 30)}},
		{"three", [][]int32{randomCodes(rng, n, 300), randomCodes(rng, n, 50), randomCodes(rng, n, 7)}},
		{"the same twice", [][]int32{chain[0], chain[0]}},
		{"a chain", chain[:]},
	} {
		for _, w := range [][]float64{nil, weight} {
			x := normals(rng, n, 2)
			for i := range n {
				x[1][i] += 1e6 + 100*float64(tt.absorb[0][i]%13)
			}
			if err := demean(x, tt.absorb, w, 1e-11); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			for _, column := range x {
				a := newAbsorber(tt.absorb)
				a.weigh(w)
				if left := a.gather(a.space(0), column); left > 1e-20*a.norm(column) {
					t.Errorf("%s: means of %v of the size are left", tt.name, math.Sqrt(left/a.norm(column)))
				}
				again := slices.Clone(column)
				if err := demean([][]float64{again}, tt.absorb, w, 1e-11); err != nil {
					t.Fatal(err)
				}
				for i := range again {
					if math.Abs(again[i]-column[i]) > 1e-7*math.Sqrt(a.norm(column)) {
						t.Fatalf("%s: row %d moves from %v to %v", tt.name, i, column[i], again[i])
					}
				}
			}
		}
	}
}

// An iteration that is cut short says so.
func TestSolveCutShort(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	a := newAbsorber([][]int32{randomCodes(rng, 500, 90), randomCodes(rng, 500, 80)})
	a.weigh(nil)
	s := a.space(0)
	size := a.gather(s, normals(rng, 500, 1)[0])
	if sweeps, ok := a.solve(s, size, 1e-22*size, 3); ok || sweeps != 3 {
		t.Errorf("got %d sweeps and %v, want 3 and false", sweeps, ok)
	}
}

// The classical example of Abowd, Creecy & Kramarz: each component of the graph takes one
// degree of freedom back.
func TestAbsorbedFreedom(t *testing.T) {
	for _, tt := range []struct {
		name   string
		absorb [][]int32
		want   int
	}{
		{"none", nil, 0},
		{"one", [][]int32{{0, 1, 1, 4}}, 3},
		{"connected", [][]int32{{0, 0, 1, 1}, {0, 1, 0, 1}}, 3},
		{"two components", [][]int32{{0, 0, 1, 1}, {0, 1, 2, 3}}, 4},
		{"the same twice", [][]int32{{0, 1, 2, 2}, {2, 1, 0, 0}}, 3},
		{"three, the third nested in the first", [][]int32{{0, 1, 2, 3, 0, 1}, {0, 0, 0, 1, 1, 1}, {0, 0, 1, 1, 0, 0}}, 5},
	} {
		if got := absorbedFreedom(tt.absorb, nil); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

// The same bytes on one core and on four.
func TestSameOnAnyNumberOfCores(t *testing.T) {
	d := widePanel(20_000, 1000, 50)
	var first *Fit
	for _, cores := range []int{1, 4} {
		before := runtime.GOMAXPROCS(cores)
		f, err := OLS(d, Cluster1)
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = f
			continue
		}
		if !slices.Equal(f.Coef, first.Coef) || !slices.Equal(f.Cov, first.Cov) || !slices.Equal(f.Residual, first.Residual) {
			t.Error("four cores give another fit than one")
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	d := widePanel(2000, 100, 20)
	a := newAbsorber(d.Absorb)
	x := [][]float64{slices.Clone(d.Y)}
	a.space(0)
	if got := testing.AllocsPerRun(10, func() {
		a.weigh(d.Weight)
		if err := a.demean(x, 1e-10); err != nil {
			t.Fatal(err)
		}
	}); got != 0 {
		t.Errorf("absorbing allocates %v times", got)
	}
	m, err := newMixture(&Data{Y: d.Y, X: d.X}, d.Absorb[0], []int{0})
	if err != nil {
		t.Fatal(err)
	}
	theta := []float64{1, 0, 1}
	if got := testing.AllocsPerRun(10, func() { m.deviance(theta) }); got != 0 {
		t.Errorf("the likelihood allocates %v times", got)
	}
}

// widePanel draws rows of items in weeks, with three regressors of which the first moves
// with both; one row in ten of a full panel is missing.
func widePanel(rows, items, weeks int) *Data {
	rng := rand.New(rand.NewPCG(11, 12))
	d := &Data{Y: make([]float64, rows), X: normals(rng, rows, 3), Cluster: make([]int32, rows), Absorb: [][]int32{make([]int32, rows), make([]int32, rows)}}
	ofItem, ofWeek := normals(rng, items, 1)[0], normals(rng, weeks, 1)[0]
	at := 0
	for i := range rows {
		if at++; rng.IntN(10) == 0 {
			at++
		}
		item, week := at/weeks%items, at%weeks
		d.Absorb[0][i], d.Absorb[1][i], d.Cluster[i] = int32(item), int32(week), int32(item)
		d.X[0][i] += ofItem[item] + ofWeek[week]
		d.Y[i] = -2*d.X[0][i] + .5*d.X[1][i] + 3*ofItem[item] + ofWeek[week] + rng.NormFloat64()
	}
	return d
}

func BenchmarkDemeanPanel(b *testing.B) {
	d := widePanel(1_000_000, 10_000, 111)
	benchmarkDemean(b, d.Y, d.Absorb, nil)
}

func BenchmarkDemeanWeighted(b *testing.B) {
	d := widePanel(1_000_000, 10_000, 111)
	weight := make([]float64, len(d.Y))
	for i := range weight {
		weight[i] = math.Exp(d.X[2][i])
	}
	benchmarkDemean(b, d.Y, d.Absorb, weight)
}

// Ten rows for each of 100,000 levels, strewn over 30,000 others: a sparse graph in random
// order, bad for caches.
func BenchmarkDemeanStrewn(b *testing.B) {
	rng := rand.New(rand.NewPCG(13, 14))
	const n = 1_000_000
	benchmarkDemean(b, normals(rng, n, 1)[0], [][]int32{randomCodes(rng, n, 100_000), randomCodes(rng, n, 30_000)}, nil)
}

func benchmarkDemean(b *testing.B, y []float64, absorb [][]int32, weight []float64) {
	a := newAbsorber(absorb)
	a.weigh(weight)
	x := [][]float64{make([]float64, len(y))}
	b.ReportAllocs()
	for b.Loop() {
		copy(x[0], y)
		if err := a.demean(x, absorbTolerance); err != nil {
			b.Fatal(err)
		}
	}
}

// A million rows, three regressors, two dimensions, clustered errors.
func BenchmarkOLS(b *testing.B) {
	d := widePanel(1_000_000, 10_000, 111)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := OLS(d, Cluster1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTwoStage(b *testing.B) {
	d := widePanel(100_000, 1000, 111)
	rng := rand.New(rand.NewPCG(15, 16))
	z := normals(rng, len(d.Y), 2)
	for i := range d.Y {
		d.X[0][i] += z[0][i] + z[1][i]
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := TwoStage(d, []int{0}, z, Cluster1); err != nil {
			b.Fatal(err)
		}
	}
}

// 10,000 groups with an intercept and a slope of their own.
func BenchmarkMixed(b *testing.B) {
	d := widePanel(1_000_000, 10_000, 111)
	plain := &Data{Y: d.Y, X: d.X}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Mixed(plain, d.Absorb[0], []int{0}); err != nil {
			b.Fatal(err)
		}
	}
}
