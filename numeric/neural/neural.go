// Package neural forecasts many series with one model: a long short-term memory network
// (LSTM) that is trained on windows of all of them and gives, for every period of a
// horizon at once, either nine quantiles or a negative binomial distribution.
//
// TrainLSTM and LSTM.Forecast are the whole of it for who wants forecasts. Below them lie
// Network, the weights, and Pass, one batch going forward and back through time, which
// anything else can be built from.
//
// The network learns what series have in common, and so it needs many of them; a single
// short series is better served by package forecast. It knows no calendar: what is known
// of coming periods arrives as numbers. It rests on packages kernel and distribution;
// package forecast, which weighs it against other methods, comes after it.
package neural

import (
	"fmt"
	"math/rand/v2"

	"tradewind/numeric/kernel"
)

// Shape is the size of a Network.
type Shape struct {
	Inputs int // numbers that go in each period
	Hidden int // units of a layer
	Layers int
	Ahead  int // periods that come out at once
	Each   int // numbers that come out for each of them
	Known  int // numbers known beforehand of each of them
}

// Outputs is how many numbers one row of a batch comes out as: [Ahead × Each].
func (s Shape) Outputs() int { return s.Ahead * s.Each }

// Network is the weights of an LSTM with a linear head. A layer computes
//
//	(i, f, g, o) = W z_t,  z_t = (h_{t-1}, x_t, 1, 1)
//	c_t = σ(f) c_{t-1} + σ(i) tanh(g),  h_t = σ(o) tanh(c_t),
//
// x_t being the inputs or the h_t of the layer below, and the two ones the two biases
// that PyTorch has. Of the last h of the top layer and what is known of period j ahead,
//
//	out_j = A_j h_T + b_j + V known_j.
//
// A Network may be read by many goroutines at once.
//
// Source: Hochreiter & Schmidhuber (1997), Neural Computation 9, 1735-1780; the direct
// head after Wen et al. (2017), arXiv:1711.11053.
type Network[F kernel.Float] struct {
	Shape
	Weights []F // all in one stretch: see layerAt
}

// NewNetwork draws the weights: orthogonal from state to state, uniform within
// ±√(6/(fan in + fan out)) elsewhere, forget biases 1 and other biases 0. It panics unless
// all sizes but Known are positive.
//
// Source: Glorot & Bengio (2010); Saxe et al. (2014), arXiv:1312.6120; for the forget bias
// Jozefowicz et al. (2015).
func NewNetwork[F kernel.Float](s Shape, rng *rand.Rand) *Network[F] {
	if min(s.Inputs, s.Hidden, s.Layers, s.Ahead, s.Each) < 1 || s.Known < 0 {
		panic(fmt.Sprintf("neural: shape %+v", s))
	}
	n := &Network[F]{s, make([]F, s.size())}
	n.draw(rng)
	return n
}

// inputs is how many numbers go into a layer from below.
func (s Shape) inputs(layer int) int {
	if layer == 0 {
		return s.Inputs
	}
	return s.Hidden
}

// width is the length of z in a layer, rounded up to whole tiles; what is added stays 0,
// in z and in the weights.
func (s Shape) width(layer int) int { return (s.Hidden + s.inputs(layer) + biases + 3) / 4 * 4 }

const (
	gates  = 4 // in the order input, forget, candidate, output
	biases = 2
)

// A stretch of weights, or of their gradient, holds one after the other
//
//	of each layer Wᵀ, [width × 4 Hidden]: a row for every element of z,
//	Aᵀ [Hidden × Outputs], b [Outputs], Vᵀ [Known × Each].
//
// The functions below say where each begins.

func (s Shape) layerAt(layer int) int {
	at := 0
	for l := range layer {
		at += s.width(l) * gates * s.Hidden
	}
	return at
}

func (s Shape) headAt() int  { return s.layerAt(s.Layers) }
func (s Shape) biasAt() int  { return s.headAt() + s.Hidden*s.Outputs() }
func (s Shape) knownAt() int { return s.biasAt() + s.Outputs() }
func (s Shape) size() int    { return s.knownAt() + s.Known*s.Each }

// layerOf is Wᵀ of a layer.
func layerOf[F kernel.Float](s Shape, stretch []F, l int) kernel.Matrix[F] {
	return kernel.Rows(stretch[s.layerAt(l):], s.width(l), gates*s.Hidden, gates*s.Hidden)
}

// headOf is Aᵀ, biasOf is b and knownOf is Vᵀ.
func headOf[F kernel.Float](s Shape, stretch []F) kernel.Matrix[F] {
	return kernel.Rows(stretch[s.headAt():], s.Hidden, s.Outputs(), s.Outputs())
}

func biasOf[F kernel.Float](s Shape, stretch []F) []F {
	return stretch[s.biasAt():][:s.Outputs()]
}

func knownOf[F kernel.Float](s Shape, stretch []F) kernel.Matrix[F] {
	return kernel.Rows(stretch[s.knownAt():], s.Known, s.Each, s.Each)
}
