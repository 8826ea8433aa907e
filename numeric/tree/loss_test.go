package tree

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestGradients holds both derivatives of every loss against central differences.
func TestGradients(t *testing.T) {
	for _, c := range []struct {
		loss Loss
		y    []float64
	}{
		{L2{}, []float64{-3, 0, 2.5}},
		{Poisson{}, []float64{0, 1, 7}},
		{Tweedie{Power: 1.1}, []float64{0, .5, 40}},
		{Tweedie{}, []float64{0, .5, 40}},
		{Tweedie{Power: 1.9}, []float64{0, .5, 40}},
		{Logistic{}, []float64{0, .3, 1}},
	} {
		for _, y := range c.y {
			for _, s := range []float64{-2.1, -.4, .3, 1.7} {
				const d = 1e-4
				g, h := c.loss.gradient(y, s)
				up, at, down := c.loss.loss(y, s+d), c.loss.loss(y, s), c.loss.loss(y, s-d)
				if want := (up - down) / (2 * d); math.Abs(g-want) > 1e-5*(1+math.Abs(want)) {
					t.Errorf("%T%+v: gradient at y %v, s %v is %v, want %v", c.loss, c.loss, y, s, g, want)
				}
				if want := (up - 2*at + down) / (d * d); math.Abs(h-want) > 1e-4*(1+math.Abs(want)) {
					t.Errorf("%T%+v: hessian at y %v, s %v is %v, want %v", c.loss, c.loss, y, s, h, want)
				}
				if flat := c.loss.flat(); flat && h != 1 || !(h > 0) {
					t.Errorf("%T: hessian %v, flat %v", c.loss, h, flat)
				}
			}
		}
	}
	q := Quantile{U: .8} // its second derivative is 0, and taken as 1
	for _, s := range []float64{-1, 3} {
		const d = 1e-4
		g, h := q.gradient(1, s)
		if want := (q.loss(1, s+d) - q.loss(1, s-d)) / (2 * d); math.Abs(g-want) > 1e-9 || h != 1 {
			t.Errorf("pinball: gradient %v, want %v; hessian %v, want 1", g, want, h)
		}
	}
}

// TestStart: no constant beside the offsets has a lower loss.
func TestStart(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, loss := range []Loss{L2{}, Poisson{}, Tweedie{Power: 1.3}, Quantile{U: .3}, Logistic{}} {
		d := Data{}
		for range 501 {
			d.Y = append(d.Y, float64(rng.IntN(2)))
			d.Weight = append(d.Weight, rng.Float64())
			d.Offset = append(d.Offset, rng.NormFloat64())
		}
		total := func(s float64) float64 {
			sum := 0.0
			for i, y := range d.Y {
				sum += d.Weight[i] * loss.loss(y, s+d.Offset[i])
			}
			return sum
		}
		s := loss.start(d)
		if at := total(s); at > total(s+1e-3) || at > total(s-1e-3) {
			t.Errorf("%T: the loss at %v is %v, beside it %v and %v", loss, s, at, total(s-1e-3), total(s+1e-3))
		}
	}
}

// TestStartAtTheEdge: where every count is 0, or every answer the same, the start is
// finite and the prediction all but that.
func TestStartAtTheEdge(t *testing.T) {
	for _, c := range []struct {
		loss Loss
		y    float64
	}{{Poisson{}, 0}, {Tweedie{}, 0}, {Logistic{}, 0}, {Logistic{}, 1}} {
		s := c.loss.start(Data{Y: []float64{c.y, c.y, c.y}})
		if got := c.loss.Link().Inverse(s); math.Abs(got-c.y) > 1e-9 || math.IsInf(s, 0) {
			t.Errorf("%T of %v: start %v, prediction %v", c.loss, c.y, s, got)
		}
	}
}

func TestWeightedQuantile(t *testing.T) {
	for _, c := range []struct {
		values, weights []float64
		u, want         float64
	}{
		{[]float64{3, 1, 2}, []float64{1, 1, 1}, .5, 2},
		{[]float64{4, 1, 2, 3}, []float64{1, 1, 1, 1}, .5, 2.5},
		{[]float64{1, 2, 3}, []float64{1, 0, 1}, .5, 2}, // between 1 and 3
		{[]float64{1, 2, 3}, []float64{8, 1, 1}, .9, 2.5},
		{[]float64{1, 2, 3}, []float64{8, 1, 1}, .79, 1},
		{[]float64{7}, []float64{.2}, .99, 7},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			q := weighted{}
			for i, v := range c.values {
				q = append(q, weightedValue{v, c.weights[i]})
			}
			if got := q.quantile(c.u); got != c.want {
				t.Errorf("quantile %v, want %v", got, c.want)
			}
		})
	}
}
