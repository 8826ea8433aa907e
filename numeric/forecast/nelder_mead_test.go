package forecast

import (
	"math"
	"testing"
)

func TestNelderMeadFindsKnownMinima(t *testing.T) {
	cases := []struct {
		name  string
		f     func(x []float64) float64
		start []float64
		want  []float64
	}{
		// Rosenbrock (1960): the minimum is 0 at (1, 1).
		{"Rosenbrock", func(x []float64) float64 {
			return 100*math.Pow(x[1]-x[0]*x[0], 2) + math.Pow(1-x[0], 2)
		}, []float64{-1.2, 1}, []float64{1, 1}},
		{"quadratic in five variables", func(x []float64) float64 {
			sum := 0.0
			for i, v := range x {
				sum += float64(i+1) * (v - float64(i)) * (v - float64(i))
			}
			return sum
		}, []float64{3, 3, 3, 3, 3}, []float64{0, 1, 2, 3, 4}},
		{"one variable with a wall", func(x []float64) float64 {
			if x[0] < 2 {
				return math.Inf(1)
			}
			return x[0]
		}, []float64{5}, []float64{2}},
	}
	for _, c := range cases {
		s := nelderMead{Tolerance: 1e-13, Evaluations: 5000}
		step := make([]float64, len(c.start))
		for i := range step {
			step[i] = .5
		}
		s.minimize(c.f, c.start, step)
		for i, w := range c.want {
			if math.Abs(c.start[i]-w) > 1e-4 {
				t.Errorf("%s: variable %d is %v, want %v", c.name, i, c.start[i], w)
			}
		}
	}
}

func TestNelderMeadDoesNotAllocateAgain(t *testing.T) {
	var s nelderMead
	x, step := []float64{1, 2, 3}, []float64{.1, .1, .1}
	f := func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] + x[2]*x[2] }
	s.minimize(f, x, step)
	if got := testing.AllocsPerRun(10, func() { s.minimize(f, x, step) }); got != 0 {
		t.Errorf("%v allocations a run, want none", got)
	}
}
