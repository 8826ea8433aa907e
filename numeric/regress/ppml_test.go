package regress

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// remainders is a panel of 7 items and 8 weeks with holes and zeros, made of remainders so that
// any program can make it again.
func remainders() (d *Data, offset, weight []float64) {
	d = &Data{X: make([][]float64, 2), Absorb: make([][]int32, 2)}
	for i := range 7 {
		for t := range 8 {
			if (i*8+t)%11 == 5 {
				continue
			}
			y := 0.0
			if (i+t)%3 != 0 {
				y = float64((i*5 + t*3 + (i*t*7)%13) % 9)
			}
			d.Y = append(d.Y, y)
			d.X[0] = append(d.X[0], float64((i*37+t*17+i*t*5)%23)/10-1)
			d.X[1] = append(d.X[1], float64((i*13+t*29+i*i*t)%17)/8)
			d.Absorb[0] = append(d.Absorb[0], int32(i))
			d.Absorb[1] = append(d.Absorb[1], int32(t))
			offset = append(offset, math.Log(float64(1+(i+t)%3)))
			weight = append(weight, 1+float64(i*t%4)/2)
		}
	}
	d.Cluster = d.Absorb[0]
	return d, offset, weight
}

// Expected numbers: statsmodels 0.13.5, GLM(family=Poisson()) with a dummy for every item
// and every week but one, tol=1e-14; Classical is scale="X2", Cluster0 its "cluster"
// covariance without the factor 7/6 · 50/35. Printed to 12 digits, of which the last few
// depend on rounding.
func TestPPMLAgreesWithDummies(t *testing.T) {
	plain, offset, weight := remainders()
	withOffset := *plain
	withOffset.Offset = offset
	weighted := withOffset
	weighted.Weight = weight
	uncorrected := math.Sqrt(7. / 6 * 50 / 35)
	for _, c := range []struct {
		name     string
		data     *Data
		errors   Errors
		coef, se [2]float64
		deviance float64
	}{
		{"classical", plain, Classical, [2]float64{-.162700988498, .435182856077}, [2]float64{.36125016813, .362375298049}, 159.414734116},
		{"HC0", plain, HC0, [2]float64{-.162700988498, .435182856077}, [2]float64{.244271684233, .271619954043}, 159.414734116},
		{"cluster", plain, Cluster0, [2]float64{-.162700988498, .435182856077}, [2]float64{.323805480916 / uncorrected, .420496522713 / uncorrected}, 159.414734116},
		{"offset", &withOffset, HC0, [2]float64{-.139178609127, .130127902955}, [2]float64{.195754738854, .220869794045}, 103.413420829},
		{"offset, cluster", &withOffset, Cluster0, [2]float64{-.139178609127, .130127902955}, [2]float64{.315274939626 / uncorrected, .327787545015 / uncorrected}, 103.413420829},
		{"weights", &weighted, Classical, [2]float64{-.0553149756504, .15871417492}, [2]float64{.293615318448, .291044746599}, 156.873778062},
	} {
		p, err := PPML(c.data, c.errors)
		if err != nil {
			t.Fatal(c.name, err)
		}
		for j := range 2 {
			near(t, c.name+" coefficient", p.Coef[j], c.coef[j], 1e-9)
			near(t, c.name+" error", p.SE[j], c.se[j], 1e-8)
		}
		near(t, c.name+" deviance", p.Deviance, c.deviance, 1e-9)
		if got, want := p.Freedom, 51-16; got != want {
			t.Errorf("%s: %d degrees of freedom, want %d", c.name, got, want)
		}
	}
}

// near fails unless got is want up to a relative tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: %.12g, want %.12g within %g", what, got, want, tolerance)
	}
}

// With a constant and one dummy the maximum is the logarithm of the means.
func TestPPMLOfTwoMeans(t *testing.T) {
	d := &Data{Y: []float64{0, 2, 4, 10, 0, 8}, X: [][]float64{{0, 0, 0, 1, 1, 1}}}
	p, err := PPML(d, HC0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ratio", p.Coef[0], math.Log(6./2), 1e-12)
	near(t, "constant", p.Coef[1], math.Log(2), 1e-12)
	// The sandwich of log means by the delta method: Σ(y-m)²/(n m)² of each, added.
	near(t, "error", p.SE[0], math.Sqrt(8./36+(16+36+4)/324.), 1e-10)
}

// Both ways of taking effects out lead to the same fit.
func TestPPMLPathsAgree(t *testing.T) {
	for seed := range uint64(5) {
		d := weekly(60, 30, rand.New(rand.NewPCG(3, seed)))
		exact, err := PPML(d, Cluster1)
		if err != nil {
			t.Fatal(err)
		}
		c, err := newCounts(d, d.Absorb, nil, false, withoutZeroCodes(d.Y, d.Absorb))
		if err != nil {
			t.Fatal(err)
		}
		c.part = newAbsorber(append([][]int32{c.order}, c.factors...))
		c.begin(nil)
		if _, err := c.newton(); err != nil {
			t.Fatal(err)
		}
		p := c.poisson(len(d.Y))
		if err := c.errors(p, d, Cluster1); err != nil {
			t.Fatal(err)
		}
		for j := range exact.Coef {
			near(t, "coefficient", p.Coef[j], exact.Coef[j], 1e-8)
			near(t, "error", p.SE[j], exact.SE[j], 1e-7)
		}
	}
}

// At the maximum the residuals of every item and week add up to 0, and those weighted with
// a regressor too; a scale of y, or of exposure, moves no slope.
func TestPPMLEquations(t *testing.T) {
	for seed := range uint64(10) {
		rng := rand.New(rand.NewPCG(4, seed))
		d := weekly(40, 26, rng)
		d.Weight = make([]float64, len(d.Y))
		for i := range d.Weight {
			d.Weight[i] = .5 + rng.Float64()
		}
		p, err := PPML(d, HC1)
		if err != nil {
			t.Fatal(err)
		}
		for _, codes := range d.Absorb {
			sum := make([]float64, levels(codes))
			for i, c := range codes {
				sum[c] += d.Weight[i] * p.Residual[i]
			}
			for c, s := range sum {
				if math.Abs(s) > 1e-6 {
					t.Errorf("residuals of code %d add up to %g", c, s)
				}
			}
		}
		for j, x := range d.X {
			if s := weighted(d.Weight, x, p.Residual); math.Abs(s) > 1e-6 {
				t.Errorf("regressor %d: residuals add up to %g", j, s)
			}
		}
		scaled := *d
		scaled.Y = slices.Clone(d.Y)
		scaled.Offset = make([]float64, len(d.Y))
		for i := range scaled.Y {
			scaled.Y[i] *= 7
			scaled.Offset[i] = 900 // far beyond what the exponential can take
		}
		q, err := PPML(&scaled, HC1)
		if err != nil {
			t.Fatal(err)
		}
		for j := range p.Coef {
			near(t, "scaled coefficient", q.Coef[j], p.Coef[j], 1e-9)
			near(t, "scaled error", q.SE[j], p.SE[j], 1e-8)
		}
	}
}

// Some items sell early only and are still listed late; others are listed late alone. Then
// nothing compares the early items with the late weeks: their zeros there are separated,
// though every item and week has sales. What remains is estimated as if they were not there.
func TestPPMLSeparatedByEffects(t *testing.T) {
	all := weekly(40, 26, rand.New(rand.NewPCG(5, 1)))
	parted, without := &Data{Absorb: make([][]int32, 2), X: make([][]float64, 3)}, &Data{Absorb: make([][]int32, 2), X: make([][]float64, 3)}
	var want []int32
	for i := range all.Y {
		early, then := all.Absorb[0][i] < 20, all.Absorb[1][i] < 13
		if !early && then {
			continue
		}
		y := all.Y[i]
		if early && !then {
			y = 0
			want = append(want, int32(len(parted.Y)))
		} else {
			appendRow(without, all, i, y)
		}
		appendRow(parted, all, i, y)
	}
	p, err := PPML(parted, HC1)
	if err != nil {
		t.Fatal(err)
	}
	w, err := PPML(without, HC1)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range want {
		if !slices.Contains(p.Separated, i) {
			t.Fatalf("row %d was kept", i)
		}
	}
	if p.Rows != w.Rows {
		t.Errorf("%d rows, %d without those that are separated", p.Rows, w.Rows)
	}
	for j := range p.Coef {
		near(t, "coefficient", p.Coef[j], w.Coef[j], 1e-8)
		near(t, "error", p.SE[j], w.SE[j], 1e-8)
	}
}

// weighted returns Σ w a b.
func weighted(w, a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += w[i] * x * b[i]
	}
	return sum
}

func appendRow(to, from *Data, i int, y float64) {
	to.Y = append(to.Y, y)
	for j, x := range from.X {
		to.X[j] = append(to.X[j], x[i])
	}
	for q, codes := range from.Absorb {
		to.Absorb[q] = append(to.Absorb[q], codes[i])
	}
}

// A column that differs from another only where nothing was sold has no finite coefficient.
func TestPPMLSeparatedByColumn(t *testing.T) {
	d := weekly(40, 26, rand.New(rand.NewPCG(5, 2)))
	flagged := slices.Clone(d.X[0])
	var want []int32
	for i, y := range d.Y {
		if i%7 == 3 && y == 0 {
			flagged[i] += float64(1 + i%3)
			want = append(want, int32(i))
		}
	}
	d.X = append(d.X, flagged)
	_, err := PPML(d, HC0)
	var separated *SeparatedError
	if !errors.As(err, &separated) {
		t.Fatalf("error %v, want separation", err)
	}
	if !slices.Equal(separated.Columns, []int{0, 3}) {
		t.Errorf("columns %v, want 0 and 3", separated.Columns)
	}
	for _, i := range separated.Rows {
		if !slices.Contains(want, i) {
			t.Errorf("row %d is not separated", i)
		}
	}
}

func TestPPMLRefuses(t *testing.T) {
	good := func() *Data { return weekly(10, 20, rand.New(rand.NewPCG(6, 1))) }
	negative := good()
	negative.Y[17] = -1
	_, err := PPML(negative, HC0)
	if diff := cmp.Diff(error(&DataError{"Y", 0, 17, -1}), err); diff != "" {
		t.Error(diff)
	}
	missing := good()
	missing.X[1][3] = math.NaN()
	var value *DataError
	if _, err := PPML(missing, HC0); !errors.As(err, &value) || value.Part != "X" || value.Row != 3 {
		t.Errorf("error %v, want row 3 of X", err)
	}
	twice := good()
	twice.X[2] = twice.X[0]
	_, err = PPML(twice, HC0)
	if diff := cmp.Diff(error(&CollinearError{[]int{0, 2}}), err); diff != "" {
		t.Error(diff)
	}
	absorbed := good()
	for i, c := range absorbed.Absorb[1] {
		absorbed.X[1][i] = float64(c * c)
	}
	_, err = PPML(absorbed, HC0)
	if diff := cmp.Diff(error(&CollinearError{[]int{1}}), err); diff != "" {
		t.Error(diff)
	}
	zero := good()
	clear(zero.Y)
	var separated *SeparatedError
	if _, err = PPML(zero, HC0); !errors.As(err, &separated) || len(separated.Rows) != 200 {
		t.Errorf("error %v, want all rows separated", err)
	}
	if _, err = PPML(&Data{}, HC0); err == nil {
		t.Error("no rows were taken")
	}
}

// Where the model is right and rows are independent, an interval of 95 % holds the truth
// about as often.
func TestPPMLCoverage(t *testing.T) {
	const runs = 200
	held := 0
	for seed := range uint64(runs) {
		p, err := PPML(weekly(60, 26, rand.New(rand.NewPCG(7, seed))), HC1)
		if err != nil {
			t.Fatal(err)
		}
		if low, high := p.Interval(0, .95); low <= -2 && -2 <= high {
			held++
		}
	}
	// Binomial(200, .95) has a standard deviation of 3.1.
	if held < 180 || held > 199 {
		t.Errorf("%d of %d intervals hold the truth", held, runs)
	}
}
