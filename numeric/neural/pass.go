package neural

import (
	"math/rand/v2"

	"tradewind/numeric/kernel"
)

// Pass carries batches of windows through a Network, forward and back. It holds all that
// the way back needs, time before row, so that nothing is allocated from one batch to the
// next. It belongs to one goroutine.
type Pass[F kernel.Float] struct {
	// Gradient is the derivative of a loss by the weights, in their order; Backward adds
	// to it.
	Gradient []F

	net           *Network[F]
	periods, most int // most rows that a batch may have
	rows          int // of the batch that is under way
	layers        []layerPass[F]
	known, out    []F  // [rows × Ahead × Known], [rows × Outputs]
	headT         []F  // A
	up            []F  // [period][row][Hidden]: the derivative by what a layer gave to the one above
	back          []F  // [row][Hidden + inputs]: the derivative by z
	dropped       bool // whether masks are in force
}

// layerPass is what one layer remembers of a batch.
type layerPass[F kernel.Float] struct {
	z        []F // [period + 1][row][width]; h of period t stands in z of t+1
	gates    []F // [period][row][4 Hidden]: activations, on the way back derivatives by the sums
	state    []F // [period + 1][row][Hidden]: c, of period t at t+1
	squashed []F // [period][row][Hidden]: tanh(c)
	mask     []F // [row][Hidden]: what dropout leaves, 0 or 1/(1-p)
	weightsT []F // W, [4 Hidden × (Hidden + inputs)]
	slope    []F // [row][Hidden]: the derivative by c
}

// NewPass makes room for batches of up to the given number of rows.
func (n *Network[F]) NewPass(periods, rows int) *Pass[F] {
	h := n.Hidden
	p := &Pass[F]{
		Gradient: make([]F, len(n.Weights)), net: n, periods: periods, most: rows,
		known: make([]F, rows*n.Ahead*n.Known), out: make([]F, rows*n.Outputs()),
		headT: make([]F, h*n.Outputs()), up: make([]F, periods*rows*h),
	}
	widest := 0
	for l := range n.Layers {
		in, width := n.inputs(l), n.width(l)
		widest = max(widest, h+in)
		q := layerPass[F]{
			z: make([]F, (periods+1)*rows*width), gates: make([]F, periods*rows*gates*h),
			state: make([]F, (periods+1)*rows*h), squashed: make([]F, periods*rows*h),
			mask: make([]F, rows*h), weightsT: make([]F, gates*h*(h+in)), slope: make([]F, rows*h),
		}
		for at := h + in; at < len(q.z); at += width {
			q.z[at], q.z[at+1] = 1, 1
		}
		p.layers = append(p.layers, q)
	}
	p.back = make([]F, rows*widest)
	return p
}

// Input is where the numbers of one period of one row go, to be written before Forward.
func (p *Pass[F]) Input(period, row int) []F {
	width := p.net.width(0)
	return p.layers[0].z[(period*p.most+row)*width+p.net.Hidden:][:p.net.Inputs]
}

// Known is where the numbers known of the periods ahead of one row go, [Ahead × Known],
// to be written before Forward.
func (p *Pass[F]) Known(row int) []F {
	n := p.net.Ahead * p.net.Known
	return p.known[row*n:][:n]
}

// Drop silences each unit of each row with probability share until it is called again,
// and makes up for it in the others. A unit that is silent is so in every period, to the
// layer above and to its own next period alike; share 0 lets all speak.
//
// Source: Gal & Ghahramani, A theoretically grounded application of dropout in recurrent
// neural networks (2016), arXiv:1512.05287.
func (p *Pass[F]) Drop(share float64, rng *rand.Rand) {
	p.dropped = share > 0
	if !p.dropped {
		return
	}
	left := F(1 / (1 - share))
	for _, q := range p.layers {
		for i := range q.mask {
			q.mask[i] = 0
			if rng.Float64() >= share {
				q.mask[i] = left
			}
		}
	}
}

// Forward computes the outputs [rows × Outputs] of the inputs that were written. They
// belong to the Pass and last until the next Forward.
func (p *Pass[F]) Forward(rows int) []F {
	if rows < 0 || rows > p.most {
		panic("neural: more rows than the pass has room for")
	}
	p.rows = rows
	n, h := p.net, p.net.Hidden
	for l := range p.layers {
		q := &p.layers[l]
		width, w := n.width(l), layerOf(n.Shape, n.Weights, l)
		for t := range p.periods {
			sums := p.gatesAt(l, t)
			clear(sums.Data)
			kernel.MulAdd(sums, p.zAt(l, t), w)
			before, after, squashed := p.span(q.state, t, h), p.span(q.state, t+1, h), p.span(q.squashed, t, h)
			next := p.span(q.z, t+1, width)
			kernel.CellForward(sums.Data, before, after, squashed, next, width, rows, h)
			if p.dropped {
				silence(next, width, q.mask, rows, h)
			}
			if l+1 < n.Layers {
				above := n.width(l + 1)
				copyColumns(p.span(p.layers[l+1].z, t, above)[h:], above, next, width, rows, h)
			}
		}
	}
	out := p.out[:rows*n.Outputs()]
	bias := biasOf(n.Shape, n.Weights)
	for r := range rows {
		copy(out[r*n.Outputs():], bias)
	}
	kernel.MulAdd(kernel.Rows(out, rows, n.Outputs(), n.Outputs()), p.last(), headOf(n.Shape, n.Weights))
	kernel.MulAdd(p.byPeriod(out), p.knownRows(), knownOf(n.Shape, n.Weights))
	return out
}

// Backward adds to Gradient, given the derivative of a loss by the outputs of the last
// Forward. After it, that Forward is used up.
func (p *Pass[F]) Backward(dOut []F) {
	n, h, rows := p.net, p.net.Hidden, p.rows
	d := kernel.Rows(dOut, rows, n.Outputs(), n.Outputs())
	kernel.MulAdd(headOf(n.Shape, p.Gradient), p.last().T(), d)
	kernel.MulAdd(knownOf(n.Shape, p.Gradient), p.knownRows().T(), p.byPeriod(dOut))
	bias := biasOf(n.Shape, p.Gradient)
	for r := range rows {
		for j, x := range dOut[r*len(bias):][:len(bias)] {
			bias[j] += x
		}
	}
	kernel.Transpose(p.headT, headOf(n.Shape, n.Weights).Data, h, n.Outputs())

	for l := n.Layers - 1; l >= 0; l-- {
		top := l == n.Layers-1
		cols := h + n.inputs(l)
		clear(p.back[:rows*cols])
		if top {
			kernel.MulAdd(kernel.Rows(p.back, rows, h, cols), d, kernel.Rows(p.headT, n.Outputs(), h, h))
		}
		p.layerBackward(l, top)
	}
}

// layerBackward goes back in time through one layer. p.back comes with the derivative by
// the last h. Unless the layer is the top one, p.up holds what came down from above; for
// the layer below it is replaced by what goes down from here.
func (p *Pass[F]) layerBackward(l int, top bool) {
	n, h, rows := p.net, p.net.Hidden, p.rows
	q := &p.layers[l]
	cols := h + n.inputs(l)
	kernel.Transpose(q.weightsT, layerOf(n.Shape, n.Weights, l).Data, cols, gates*h)
	needed := h // the lowest layer has nobody below to tell
	if l > 0 {
		needed = cols
	}
	gradient, wT := layerOf(n.Shape, p.Gradient, l), kernel.Rows(q.weightsT, gates*h, needed, cols)
	back := p.back[:rows*cols]
	slope := q.slope[:rows*h]
	clear(slope)
	for t := p.periods - 1; t >= 0; t-- {
		if !top {
			addColumns(back, cols, p.span(p.up, t, h), rows, h)
		}
		if p.dropped {
			silence(back, cols, q.mask, rows, h)
		}
		d := p.gatesAt(l, t)
		kernel.CellBackward(d.Data, p.span(q.state, t, h), p.span(q.squashed, t, h), back, cols, slope, rows, h)
		kernel.MulAdd(gradient, p.zAt(l, t).T(), d)
		clear(back)
		kernel.MulAdd(kernel.Rows(back, rows, needed, cols), d, wT)
		if l > 0 {
			copyColumns(p.span(p.up, t, h), h, back[h:], cols, rows, h)
		}
	}
}

// span is the part of one period, over the rows of the batch.
func (p *Pass[F]) span(all []F, period, width int) []F {
	return all[period*p.most*width:][:p.rows*width]
}

func (p *Pass[F]) zAt(l, t int) kernel.Matrix[F] {
	width := p.net.width(l)
	return kernel.Rows(p.span(p.layers[l].z, t, width), p.rows, width, width)
}

func (p *Pass[F]) gatesAt(l, t int) kernel.Matrix[F] {
	width := gates * p.net.Hidden
	return kernel.Rows(p.span(p.layers[l].gates, t, width), p.rows, width, width)
}

// last is the h of the top layer after the last period.
func (p *Pass[F]) last() kernel.Matrix[F] {
	m := p.zAt(p.net.Layers-1, p.periods)
	m.Cols = p.net.Hidden
	return m
}

// byPeriod views outputs with a row for each period ahead of each row.
func (p *Pass[F]) byPeriod(out []F) kernel.Matrix[F] {
	return kernel.Rows(out, p.rows*p.net.Ahead, p.net.Each, p.net.Each)
}

func (p *Pass[F]) knownRows() kernel.Matrix[F] {
	return kernel.Rows(p.known, p.rows*p.net.Ahead, p.net.Known, p.net.Known)
}

// silence multiplies the first columns of x by a mask.
func silence[F kernel.Float](x []F, step int, mask []F, rows, cols int) {
	for r := range rows {
		row := x[r*step:][:cols]
		for j, m := range mask[r*cols:][:cols] {
			row[j] *= m
		}
	}
}

// copyColumns copies columns between matrices of different width.
func copyColumns[F kernel.Float](dst []F, dstStep int, src []F, srcStep, rows, cols int) {
	for r := range rows {
		copy(dst[r*dstStep:][:cols], src[r*srcStep:][:cols])
	}
}

// addColumns adds x [rows × cols] to the first columns of dst.
func addColumns[F kernel.Float](dst []F, step int, x []F, rows, cols int) {
	for r := range rows {
		row := dst[r*step:][:cols]
		for j, v := range x[r*cols:][:cols] {
			row[j] += v
		}
	}
}
