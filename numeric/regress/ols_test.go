package regress

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The numbers are those of R 4.2 on testdata/grunfeld.csv: lm, sandwich 3.0 (vcovHC; vcovCL
// with type HC0 and without cadjust for Cluster0, type HC1 for Cluster1, firm + year for
// both), to all printed digits.
func TestOLSGrunfeld(t *testing.T) {
	d, tab := grunfeld(t)
	d.Cluster = tab.code["firm"]
	for _, tt := range []struct {
		name   string
		errors Errors
		across []int32
		se     []float64
	}{
		{"classical", Classical, nil, []float64{0.005835709557221, 0.025475801476509, 9.511676031423896}},
		{"HC0", HC0, nil, []float64{0.006759679290054, 0.048497663239301, 11.487562855581498}},
		{"HC1", HC1, nil, []float64{0.006810954456872, 0.048865539534342, 11.574701117099652}},
		{"CR0", Cluster0, nil, []float64{0.01500272808280, 0.08020079805464, 19.27943088190150}},
		{"CR1", Cluster1, nil, []float64{0.01589433668706, 0.08496711263554, 20.42520292847387}},
		{"both ways", Cluster0, tab.code["year"], []float64{0.01543448610966, 0.07407184183876, 18.41142129493464}},
	} {
		d.Across = tt.across
		f, err := OLS(d, tt.errors)
		if err != nil {
			t.Fatal(err)
		}
		allClose(t, tt.name+" coefficient", f.Coef, []float64{0.1155621563606, 0.2306784887320, -42.7143694365594}, 1e-11)
		allClose(t, tt.name+" error", f.SE, tt.se, 1e-11)
		closeTo(t, "R2", f.R2, 0.8124080125447, 1e-11)
		closeTo(t, "sigma", f.Sigma, 94.40840333225, 1e-11)
	}
	f, _ := OLS(&Data{Y: d.Y, X: d.X}, Classical)
	low, high := f.Interval(0, .95)
	allClose(t, "interval", []float64{low, high}, []float64{0.1040536758955, 0.1270706368256}, 1e-11)
	closeTo(t, "p at the end of the interval", f.PValue(0, low), .05, 1e-9)
}

// Weighted, and without a constant, again from R's lm with weights = year - 1930.
func TestOLSWeighted(t *testing.T) {
	d, tab := grunfeld(t)
	for _, y := range tab.number["year"] {
		d.Weight = append(d.Weight, y-1930)
	}
	f, err := OLS(d, Classical)
	if err != nil {
		t.Fatal(err)
	}
	allClose(t, "coefficient", f.Coef, []float64{0.1274618648479, 0.2157639662483, -49.7447663039393}, 1e-11)
	allClose(t, "error", f.SE, []float64{0.006690574053338, 0.026008005405058, 10.323352109960890}, 1e-11)
	closeTo(t, "R2", f.R2, 0.82944343757, 1e-11)
	f, _ = OLS(d, HC0)
	allClose(t, "HC0", f.SE, []float64{0.00672535252761, 0.05236782766066, 14.58151628069447}, 1e-11)

	d.Absorb = [][]int32{tab.code["firm"], tab.code["year"]} // lm with factor(firm) + factor(year)
	f, err = OLS(d, Classical)
	if err != nil {
		t.Fatal(err)
	}
	allClose(t, "absorbed coefficient", f.Coef, []float64{0.1354300082425, 0.3640799373005}, 1e-10)
	allClose(t, "absorbed error", f.SE, []float64{0.01454388678115, 0.02255039568329}, 1e-10)
	closeTo(t, "absorbed R2", f.R2, 0.960468666555, 1e-10)
	if f.Freedom != 169 || f.Absorbed != 29 {
		t.Errorf("freedom %d and %d absorbed, want 169 and 29", f.Freedom, f.Absorbed)
	}

	f, err = OLS(&Data{Y: d.Y, X: d.X, NoConstant: true}, Classical)
	if err != nil {
		t.Fatal(err)
	}
	allClose(t, "through the origin", f.Coef, []float64{0.1076384256450, 0.1832062412179}, 1e-11)
	allClose(t, "its errors", f.SE, []float64{0.005825582882765, 0.024274988583620}, 1e-11)
	closeTo(t, "its R2", f.R2, 0.857893210133, 1e-11)
}

// Within firms, and within firms and years: R package plm 2.6, model "within", vcovHC of
// Arellano with type HC0, vcovDC with type HC0.
func TestWithinGrunfeld(t *testing.T) {
	d, tab := grunfeld(t)
	d.Absorb, d.Cluster = [][]int32{tab.code["firm"]}, tab.code["firm"]
	for _, tt := range []struct {
		errors Errors
		across []int32
		se     []float64
	}{
		{Classical, nil, []float64{0.0118566942140, 0.0173545027756}},
		{Cluster0, nil, []float64{0.0143421437124, 0.0497926087238}},
		{Cluster0, tab.code["year"], []float64{math.Sqrt(0.000122195968871), math.Sqrt(0.001692891756011)}},
	} {
		d.Across = tt.across
		f, err := OLS(d, tt.errors)
		if err != nil {
			t.Fatal(err)
		}
		allClose(t, "coefficient", f.Coef, []float64{0.110123804121, 0.310065341300}, 1e-11)
		allClose(t, "error", f.SE, tt.se, 1e-10)
	}
	d.Across = nil
	first, _ := OLS(d, Cluster0)
	more, _ := OLS(d, Cluster1) // firms are nested in clusters: k' is 2 and a constant
	closeTo(t, "factor of CR1", more.SE[0]/first.SE[0], math.Sqrt(10./9*199/197), 1e-12)
	d.Absorb = append(d.Absorb, tab.code["year"])
	f, err := OLS(d, Classical)
	if err != nil {
		t.Fatal(err)
	}
	allClose(t, "two-way coefficient", f.Coef, []float64{0.117715855083, 0.357916273073}, 1e-11)
	allClose(t, "two-way error", f.SE, []float64{0.0137512830036, 0.0227190108826}, 1e-10)
}

// R² as R's lm and scikit-learn 1.2.1 (LinearRegression().score) give it.
func TestOLSDiabetes(t *testing.T) {
	tab := readTable(t, "diabetes.csv")
	d := &Data{Y: tab.number["progress"]}
	for _, name := range []string{"age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"} {
		d.X = append(d.X, tab.number[name])
	}
	f, err := OLS(d, Classical)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "R2", f.R2, 0.51774842222035, 1e-13)
}

// panelOf draws an unbalanced panel with two or three dimensions of fixed effects.
func panelOf(t *rapid.T) *Data {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	n := rapid.IntRange(60, 150).Draw(t, "rows")
	d := &Data{Y: normals(rng, n, 1)[0], X: normals(rng, n, 3), Cluster: randomCodes(rng, n, 7)}
	for range rapid.IntRange(1, 3).Draw(t, "dimensions") {
		d.Absorb = append(d.Absorb, randomCodes(rng, n, 5))
	}
	if rapid.Bool().Draw(t, "weighted") {
		d.Weight = make([]float64, n)
		for i := range d.Weight {
			d.Weight[i] = .1 + rng.ExpFloat64()
		}
	}
	for i := range d.Y {
		d.Y[i] += d.X[0][i] + 5*float64(d.Absorb[0][i])
		d.X[1][i] += 3 * float64(d.Absorb[0][i]) * d.X[0][i]
	}
	return d
}

// Absorbing fixed effects is the same as having a dummy for each of their levels.
func TestAbsorbedAreDummies(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := panelOf(rt)
		wide := &Data{Y: d.Y, X: slices.Clone(d.X), Weight: d.Weight, Cluster: d.Cluster}
		for _, codes := range d.Absorb {
			wide.X = append(wide.X, dummies(codes, 1)...)
		}
		for _, e := range []Errors{Classical, HC0, HC1, Cluster0} {
			got, err := OLS(d, e)
			if err != nil {
				rt.Fatal(err)
			}
			want, err := OLS(wide, e)
			if err != nil {
				rt.Fatal(err)
			}
			for j := range d.X {
				if math.Abs(got.Coef[j]-want.Coef[j]) > 1e-8 || math.Abs(got.SE[j]/want.SE[j]-1) > 1e-7 {
					rt.Fatalf("errors %d, coefficient %d: got %v ± %v, want %v ± %v", e, j, got.Coef[j], got.SE[j], want.Coef[j], want.SE[j])
				}
			}
			if got.Freedom != want.Freedom || math.Abs(got.R2-want.R2) > 1e-9 {
				rt.Fatalf("got %d degrees and R² %v, want %d and %v", got.Freedom, got.R2, want.Freedom, want.R2)
			}
			for i := range d.Y {
				if math.Abs(got.Residual[i]-want.Residual[i]) > 1e-7 {
					rt.Fatalf("residual %d: got %v, want %v", i, got.Residual[i], want.Residual[i])
				}
			}
		}
	})
}

// The order of rows and the names of levels mean nothing.
func TestOrderOfRows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := panelOf(rt)
		n := len(d.Y)
		order := rapid.Permutation(indices(n)).Draw(rt, "order")
		moved := &Data{Y: permuted(d.Y, order), Cluster: permuted(d.Cluster, order)}
		for _, x := range d.X {
			moved.X = append(moved.X, permuted(x, order))
		}
		for _, c := range d.Absorb {
			moved.Absorb = append(moved.Absorb, permuted(c, order))
		}
		if d.Weight != nil {
			moved.Weight = permuted(d.Weight, order)
		}
		got, err := OLS(moved, Cluster1)
		if err != nil {
			rt.Fatal(err)
		}
		want, _ := OLS(d, Cluster1)
		for j := range d.X {
			if math.Abs(got.Coef[j]-want.Coef[j]) > 1e-10 || math.Abs(got.SE[j]-want.SE[j]) > 1e-10 {
				rt.Fatalf("coefficient %d: got %v ± %v, want %v ± %v", j, got.Coef[j], got.SE[j], want.Coef[j], want.SE[j])
			}
		}
	})
}

func indices(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func permuted[T any](s []T, order []int) []T {
	moved := make([]T, len(s))
	for i, o := range order {
		moved[i] = s[o]
	}
	return moved
}

// Closed forms: a mean, a difference of means, and a line through points that lie on it.
func TestOLSClosedForms(t *testing.T) {
	y := []float64{3, 5, 10, 14}
	f, err := OLS(&Data{Y: y}, Classical)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "mean", f.Coef[0], 8, 1e-15)
	closeTo(t, "its error", f.SE[0], math.Sqrt(74./3/4), 1e-14) // s²/n

	f, err = OLS(&Data{Y: y, Absorb: [][]int32{{0, 0, 1, 1}}}, HC1) // fixed effects alone
	if err != nil {
		t.Fatal(err)
	}
	allClose(t, "residuals", f.Residual, []float64{-1, 1, -2, 2}, 1e-15)
	closeTo(t, "R2", f.R2, 1-10./74, 1e-14)

	f, _ = OLS(&Data{Y: y, X: [][]float64{{0, 0, 1, 1}}}, HC0)
	allClose(t, "difference", f.Coef, []float64{8, 4}, 1e-14)
	closeTo(t, "its error", f.SE[0], math.Sqrt(2./4+8./4), 1e-14) // Σ over both of Σe²/n²

	f, _ = OLS(&Data{Y: []float64{1e9 + 1, 1e9 + 3, 1e9 + 5}, X: [][]float64{{1e6, 1e6 + 1, 1e6 + 2}}}, Classical)
	closeTo(t, "slope far from the origin", f.Coef[0], 2, 1e-6) // 16 digits less the 9 of y
	if f.R2 < 1-1e-12 {
		t.Errorf("R² of a line is %v", f.R2)
	}
}

// A regressor that clusters share, errors that they share too: intervals clustered hold the
// truth in 95 of 100 draws (standard error of 600 draws: .9 of 100), those that take rows
// for independent do not.
func TestClusteredIntervalsCover(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	const draws, clusters, size = 600, 40, 10
	held := map[Errors]int{}
	for range draws {
		d := &Data{Y: normals(rng, clusters*size, 1)[0], X: normals(rng, clusters*size, 1), Cluster: make([]int32, clusters*size)}
		shared := normals(rng, clusters, 2)
		for i := range d.Y {
			c := i / size
			d.Cluster[i] = int32(c)
			d.X[0][i] = .3*d.X[0][i] + shared[0][c]
			d.Y[i] += shared[1][c] - 2*d.X[0][i]
		}
		for _, e := range []Errors{Cluster1, HC1} {
			f, err := OLS(d, e)
			if err != nil {
				t.Fatal(err)
			}
			if low, high := f.Interval(0, .95); low <= -2 && -2 <= high {
				held[e]++
			}
		}
	}
	if share := float64(held[Cluster1]) / draws; share < .92 || share > .975 {
		t.Errorf("clustered intervals hold the truth in %v of the draws, want .95", share)
	}
	if share := float64(held[HC1]) / draws; share > .75 {
		t.Errorf("intervals that ignore clusters hold it in %v: the design shows nothing", share)
	}
}
