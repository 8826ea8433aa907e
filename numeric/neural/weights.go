package neural

import (
	"fmt"
	"math"
	"math/rand/v2"

	"tradewind/numeric/kernel"
)

// draw fills the weights of a new network.
func (n *Network[F]) draw(rng *rand.Rand) {
	h := n.Hidden
	for l := range n.Layers {
		w := layerOf(n.Shape, n.Weights, l)
		for gate := range gates {
			for j, row := range orthogonal(h, rng) {
				for k, x := range row {
					w.Data[j*w.RowStep+gate*h+k] = F(x)
				}
			}
		}
		for i := range n.inputs(l) {
			uniform(w.Data[(h+i)*w.RowStep:][:gates*h], n.inputs(l), h, rng)
		}
		forget := w.Data[(h+n.inputs(l))*w.RowStep+h:][:h]
		for k := range forget {
			forget[k] = 1
		}
	}
	head, known := headOf(n.Shape, n.Weights), knownOf(n.Shape, n.Weights)
	uniform(head.Data[:head.Rows*head.Cols], h, n.Outputs(), rng)
	uniform(known.Data[:known.Rows*known.Cols], max(1, n.Known), n.Each, rng)
}

func uniform[F kernel.Float](dst []F, fanIn, fanOut int, rng *rand.Rand) {
	limit := math.Sqrt(6 / float64(fanIn+fanOut))
	for i := range dst {
		dst[i] = F(limit * (2*rng.Float64() - 1))
	}
}

// orthogonal returns the rows of a random rotation: normal rows, each freed of what it
// shares with those before it (modified Gram–Schmidt, twice for accuracy).
func orthogonal(n int, rng *rand.Rand) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		x := make([]float64, n)
		for j := range x {
			x[j] = rng.NormFloat64()
		}
		for range 2 {
			for _, y := range rows[:i] {
				p := dot(x, y)
				for j := range x {
					x[j] -= p * y[j]
				}
			}
			length := math.Sqrt(dot(x, x))
			for j := range x {
				x[j] /= length
			}
		}
		rows[i] = x
	}
	return rows
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}

// Tensor is one matrix or vector of weights under the name and in the layout that
// PyTorch's nn.LSTM gives it: row-major, the gates in the order i, f, g, o.
type Tensor[F kernel.Float] struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
	Data  []F    `json:"data"`
}

// Tensors copies a stretch of weights, or of their gradient, into tensors: of each layer
// weight_ih, weight_hh, bias_ih and bias_hh, then head.weight [Outputs × Hidden],
// head.bias [Outputs] and, if something is known beforehand, known.weight [Each × Known].
func (n *Network[F]) Tensors(stretch []F) []Tensor[F] {
	var tensors []Tensor[F]
	n.eachTensor(func(name string, shape []int, at []int) {
		data := make([]F, len(at))
		for i, from := range at {
			data[i] = stretch[from]
		}
		tensors = append(tensors, Tensor[F]{name, shape, data})
	})
	return tensors
}

// SetTensors copies tensors, as Tensors gives them, into the weights. It returns an error
// and changes nothing unless all are there, each with as many numbers as it needs.
func (n *Network[F]) SetTensors(tensors []Tensor[F]) error {
	byName := map[string][]F{}
	for _, t := range tensors {
		byName[t.Name] = t.Data
	}
	weights := make([]F, len(n.Weights))
	var failure error
	n.eachTensor(func(name string, shape []int, at []int) {
		data, given := byName[name]
		if !given || len(data) != len(at) {
			failure = fmt.Errorf("neural: tensor %s has %d numbers, want shape %v", name, len(data), shape)
			return
		}
		for i, to := range at {
			weights[to] = data[i]
		}
	})
	if failure == nil {
		n.Weights = weights
	}
	return failure
}

// eachTensor visits the tensors in their order with the places of their elements.
func (n *Network[F]) eachTensor(visit func(name string, shape []int, at []int)) {
	h := n.Hidden
	for l := range n.Layers {
		in, w := n.inputs(l), gates*h
		part := func(name string, firstRow, cols int, shape ...int) {
			visit(fmt.Sprintf("%s_l%d", name, l), shape, transposed(n.layerAt(l)+firstRow*w, cols, w))
		}
		part("weight_ih", h, in, w, in)
		part("weight_hh", 0, h, w, h)
		part("bias_ih", h+in, 1, w)
		part("bias_hh", h+in+1, 1, w)
	}
	visit("head.weight", []int{n.Outputs(), h}, transposed(n.headAt(), h, n.Outputs()))
	visit("head.bias", []int{n.Outputs()}, transposed(n.biasAt(), 1, n.Outputs()))
	if n.Known > 0 {
		visit("known.weight", []int{n.Each, n.Known}, transposed(n.knownAt(), n.Known, n.Each))
	}
}

// transposed lists the places of a [rows × cols] matrix that starts at from, column by
// column.
func transposed(from, rows, cols int) []int {
	at := make([]int, 0, rows*cols)
	for j := range cols {
		for i := range rows {
			at = append(at, from+i*cols+j)
		}
	}
	return at
}
