package regress

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBadData(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const n = 40
	firm := make([]int32, n)
	for i := range firm {
		firm[i] = int32(i / 10)
	}
	fresh := func() *Data { return &Data{Y: normals(rng, n, 1)[0], X: normals(rng, n, 4)} }
	with := func(change func(d *Data)) *Data {
		d := fresh()
		change(d)
		return d
	}
	for _, tt := range []struct {
		name string
		data *Data
		want error
	}{
		{"a gap in y", with(func(d *Data) { d.Y[7] = math.NaN() }), &DataError{"Y", 0, 7, math.NaN()}},
		{"an infinite regressor", with(func(d *Data) { d.X[2][9] = math.Inf(-1) }), &DataError{"X", 2, 9, math.Inf(-1)}},
		{"a square beyond numbers", with(func(d *Data) { d.X[0][1] = 1e160 }), &DataError{"X", 0, 1, 1e160}},
		{"a weight of 0", with(func(d *Data) { d.Weight = make([]float64, n) }), &DataError{"Weight", 0, 0, 0}},
		{"a sum", with(func(d *Data) {
			for i := range n {
				d.X[3][i] = 2*d.X[0][i] - d.X[2][i]
			}
		}), &CollinearError{[]int{0, 2, 3}}},
		{"a sum and the constant", with(func(d *Data) {
			for i := range n {
				d.X[1][i] = 2*d.X[0][i] - 7
			}
		}), &CollinearError{[]int{0, 1}}},
		{"one price only", with(func(d *Data) {
			for i := range n {
				d.X[1][i] = 9.99
			}
		}), &CollinearError{[]int{1}}},
		{"a column of 0", with(func(d *Data) { clear(d.X[1]) }), &CollinearError{[]int{1}}},
		{"constant within fixed effects", with(func(d *Data) {
			d.Absorb = [][]int32{firm}
			for i := range n {
				d.X[0][i] = math.Sqrt(float64(2 + firm[i]))
			}
		}), &CollinearError{[]int{0}}},
		{"no more rows than coefficients", &Data{Y: []float64{1, 2, 3}, X: [][]float64{{1, 2, 4}, {1, 0, 1}}}, &TooFewError{"rows", 3, 4}},
		{"no rows", &Data{}, &TooFewError{"rows", 0, 2}},
		{"one cluster", with(func(d *Data) { d.Cluster = make([]int32, n) }), &TooFewError{"clusters", 1, 2}},
		{"a row a fixed effect", with(func(d *Data) { d.Absorb = [][]int32{int32s(n)} }), &TooFewError{"rows", n, n + 5}},
	} {
		kind := Classical
		if tt.data.Cluster != nil {
			kind = Cluster1
		}
		_, err := OLS(tt.data, kind)
		if diff := cmp.Diff(tt.want, err, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}

	d := fresh()
	z := normals(rng, n, 2)
	if _, err := TwoStage(d, []int{0, 1}, z[:1], HC1); err == nil || err.Error() != "regress: 1 instruments, at least 2 needed" {
		t.Errorf("too few instruments: got %v", err)
	}
	z[1][3] = math.NaN()
	var bad *DataError
	if _, err := TwoStage(d, []int{0}, z, HC1); !errors.As(err, &bad) || bad.Part != "Instrument" || bad.Column != 1 || bad.Row != 3 {
		t.Errorf("a gap in an instrument: got %v", err)
	}
	var collinear *CollinearError
	if _, err := TwoStage(d, []int{0}, [][]float64{z[0], d.X[2]}, HC1); !errors.As(err, &collinear) || !cmp.Equal(collinear.Columns, []int{2, 6}) {
		t.Errorf("a regressor as its own excluded instrument: got %v", err)
	}
}

func int32s(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

// Mistakes of the program panic: they are no property of anybody's data.
func TestPanics(t *testing.T) {
	y, x := []float64{1, 2, 4, 3, 5}, [][]float64{{1, 3, 2, 5, 4}}
	for name, call := range map[string]func(){
		"lengths":          func() { OLS(&Data{Y: y, X: [][]float64{{1}}}, HC0) },
		"a negative code":  func() { OLS(&Data{Y: y, Absorb: [][]int32{{0, 0, -1, 1, 1}}}, HC0) },
		"no clusters":      func() { OLS(&Data{Y: y, X: x}, Cluster1) },
		"an offset":        func() { OLS(&Data{Y: y, X: x, Offset: y}, HC0) },
		"no such column":   func() { TwoStage(&Data{Y: y, X: x}, []int{1}, x, HC0) },
		"a column twice":   func() { TwoStage(&Data{Y: y, X: x}, []int{0, 0}, x, HC0) },
		"weights in mixed": func() { Mixed(&Data{Y: y, X: x, Weight: y}, []int32{0, 0, 1, 1, 1}, nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}
