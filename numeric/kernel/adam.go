package kernel

import "math"

// The usual constants of Adam.
const (
	adamFirst  = .9
	adamSecond = .999
	adamLeast  = 1e-8
)

// Adam holds the running moments of the gradient of n weights.
//
// Source: Kingma & Ba, Adam: a method for stochastic optimization (2015),
// arXiv:1412.6980, algorithm 1, with β₁ = .9, β₂ = .999, ε = 1e-8.
type Adam[F Float] struct {
	mean, square []F
	steps        int
}

// NewAdam returns Adam for n weights, at rest.
func NewAdam[F Float](n int) *Adam[F] { return &Adam[F]{mean: make([]F, n), square: make([]F, n)} }

// Step moves the weights against their gradient at the given rate. It panics if the
// lengths differ.
func (a *Adam[F]) Step(weights, gradient []F, rate float64) {
	if len(weights) != len(a.mean) || len(gradient) != len(a.mean) {
		panic("kernel: weights, gradient and moments differ in length")
	}
	a.steps++
	step := F(rate / (1 - math.Pow(adamFirst, float64(a.steps))))
	scale := F(1 / math.Sqrt(1-math.Pow(adamSecond, float64(a.steps))))
	for i, g := range gradient {
		m := F(adamFirst*a.mean[i]) + F((1-adamFirst)*g)
		v := F(adamSecond*a.square[i]) + F((1-adamSecond)*F(g*g))
		a.mean[i], a.square[i] = m, v
		weights[i] -= F(step * m / (F(F(math.Sqrt(float64(v)))*scale) + adamLeast))
	}
}
