package regress

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// rectified finds separated rows by the iterative rectifier, which knows nothing of
// likelihood: regress a candidate that is positive at zeros on columns and effects, rows
// above zero weighing so much that the fit must vanish there, and take the positive part of
// the fit for the next candidate. What it comes to rest at is a combination of the columns
// that is positive at separated rows and 0 elsewhere, or 0 everywhere. It returns false if it
// does not come to rest.
//
// Source: Correia, Guimarães & Zylkin (2021), arXiv:1903.01633, section on the iterative
// rectifier.
func rectified(d *Data) (rows []int32, ok bool) {
	r := &Data{X: d.X, Absorb: d.Absorb, Y: make([]float64, len(d.Y)), Weight: make([]float64, len(d.Y))}
	for i, y := range d.Y {
		r.Weight[i] = 1e8
		if y == 0 {
			r.Y[i], r.Weight[i] = 1, 1
		}
	}
	for range 5000 {
		fit, err := OLS(r, Classical)
		if err != nil {
			return nil, false
		}
		next := make([]float64, len(r.Y))
		top, moved := 0.0, 0.0
		for i, u := range r.Y {
			if d.Y[i] == 0 {
				next[i] = max(0, u-fit.Residual[i])
			}
			top, moved = max(top, next[i]), max(moved, math.Abs(next[i]-u))
		}
		if top < 1e-7 {
			return nil, true
		}
		if moved < 1e-6*top {
			for i, u := range next {
				if u > 1e-3*top {
					rows = append(rows, int32(i))
				}
			}
			return rows, true
		}
		r.Y = next
	}
	return nil, false
}

// On small tables with many holes and zeros, where separation of every kind is common, the
// rows left out are those that the rectifier finds.
func TestPPMLSeparatesWhatTheRectifierDoes(t *testing.T) {
	compared, some := 0, 0
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(14, seed))
		d := &Data{X: make([][]float64, 1), Absorb: make([][]int32, 2)}
		for i := range int32(8) {
			for w := range int32(7) {
				if rng.Float64() < .4 {
					continue
				}
				y := 0.0
				if rng.Float64() < .5 {
					y = 1 + float64(rng.IntN(5))
				}
				d.Y = append(d.Y, y)
				d.X[0] = append(d.X[0], rng.NormFloat64())
				d.Absorb[0] = append(d.Absorb[0], i)
				d.Absorb[1] = append(d.Absorb[1], w)
			}
		}
		want, ok := rectified(d)
		if !ok {
			continue
		}
		p, err := PPML(d, HC0)
		if err != nil {
			continue
		}
		compared++
		if len(want) > 0 {
			some++
		}
		if !slices.Equal(p.Separated, want) {
			t.Errorf("table %d: %v left out, the rectifier finds %v", seed, p.Separated, want)
		}
	}
	t.Logf("%d tables, %d with separation", compared, some)
	if compared < 100 || some < 30 {
		t.Errorf("only %d tables were compared, %d with separation", compared, some)
	}
}
