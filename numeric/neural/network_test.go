package neural

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"tradewind/numeric/kernel"
)

// reference is what testdata/reference.py wrote.
type reference[F kernel.Float] struct {
	Version                                        string
	Periods, Rows, Inputs, Hidden, Layers, Outputs int
	X, Y, Out                                      []F
	Loss                                           float64
	Weights, Gradients                             []Tensor[F]
}

func readReference[F kernel.Float](t *testing.T) reference[F] {
	t.Helper()
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var r reference[F]
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// fill writes [period][row][input] into a pass.
func fill[F kernel.Float](p *Pass[F], x []F, rows int) {
	n := p.net.Inputs
	for t := range p.periods {
		for r := range rows {
			copy(p.Input(t, r), x[(t*rows+r)*n:][:n])
		}
	}
}

// TestPyTorch: same weights, same batch, same outputs, loss and gradients. PyTorch works
// in float32; what float64 gives lies as far from it as its own rounding.
func TestPyTorch(t *testing.T) {
	t.Run("float32", comparePyTorch[float32])
	t.Run("float64", comparePyTorch[float64])
}

func comparePyTorch[F kernel.Float](t *testing.T) {
	r := readReference[F](t)
	n := NewNetwork[F](Shape{Inputs: r.Inputs, Hidden: r.Hidden, Layers: r.Layers, Ahead: r.Outputs, Each: 1}, rand.New(rand.NewPCG(1, 1)))
	if err := n.SetTensors(r.Weights); err != nil {
		t.Fatal(err)
	}
	p := n.NewPass(r.Periods, r.Rows+3)
	fill(p, r.X, r.Rows)
	out := p.Forward(r.Rows)
	dOut := make([]F, len(out))
	loss, _ := MeanSquare(dOut, out, r.Y)
	forward := largestDifference(out, r.Out)
	if forward > 1e-5 || math.Abs(loss-r.Loss) > 1e-5 {
		t.Errorf("outputs differ by %.2g, loss %v, want %v", forward, loss, r.Loss)
	}
	p.Backward(dOut)
	backward := 0.0
	for i, got := range n.Tensors(p.Gradient) {
		want := r.Gradients[i]
		if got.Name != want.Name || !slices.Equal(got.Shape, want.Shape) {
			t.Fatalf("tensor %d is %s %v, want %s %v", i, got.Name, got.Shape, want.Name, want.Shape)
		}
		d := largestDifference(got.Data, want.Data)
		backward = max(backward, d)
		if d > 1e-5 {
			t.Errorf("gradient of %s differs by %.2g", got.Name, d)
		}
	}
	t.Logf("PyTorch %s: largest difference forward %.2g, backward %.2g", r.Version, forward, backward)
}

func largestDifference[F kernel.Float](got, want []F) float64 {
	most := 0.0
	if len(got) != len(want) {
		return math.Inf(1)
	}
	for i := range want {
		most = max(most, math.Abs(float64(got[i])-float64(want[i])))
	}
	return most
}

// losses under which the gradient is checked, with what each output gives per period.
var losses = []struct {
	name string
	each int
	loss func(dOut, out, want []float64) float64
}{
	{"mean square", 1, func(dOut, out, want []float64) float64 { l, _ := MeanSquare(dOut, out, want); return l }},
	{"pinball", len(Levels), func(dOut, out, want []float64) float64 { l, _ := Pinball(dOut, out, want); return l }},
	{"negative binomial", 2, func(dOut, out, want []float64) float64 {
		scale := make([]float64, len(want))
		for i := range scale {
			scale[i] = 1.5 + float64(i%3)
		}
		l, _ := NegativeBinomial(dOut, out, want, scale)
		return l
	}},
}

// TestGradient compares every element of every tensor with central differences in
// float64, under each loss, with one layer and two, with dropout, covariates and missing
// targets.
func TestGradient(t *testing.T) {
	const periods, rows, eps = 5, 3, 1e-5
	for _, layers := range []int{1, 2} {
		for _, l := range losses {
			t.Run(fmt.Sprintf("%s, %d layers", l.name, layers), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(11, uint64(layers)))
				n := NewNetwork[float64](Shape{Inputs: 2, Hidden: 5, Layers: layers, Ahead: 3, Each: l.each, Known: 2}, rng)
				for i := range n.Weights { // away from where the network starts
					if n.Weights[i] != 0 {
						n.Weights[i] += .3 * rng.NormFloat64()
					}
				}
				p := n.NewPass(periods, rows)
				for r := range rows {
					for t := range periods {
						normal(p.Input(t, r), rng)
					}
					normal(p.Known(r), rng)
				}
				p.Drop(.3, rng)
				want := make([]float64, rows*n.Ahead)
				for i := range want {
					want[i] = float64(rng.IntN(9))
				}
				want[1] = math.NaN()
				dOut := make([]float64, rows*n.Outputs())
				loss := func() float64 { return l.loss(dOut, p.Forward(rows), want) }
				loss()
				p.Backward(dOut)
				gradient := n.Tensors(p.Gradient)
				weights := n.Tensors(n.Weights)
				for k, w := range weights {
					differ, size := 0.0, 0.0
					for i, at := range w.Data {
						move := func(x float64) float64 {
							w.Data[i] = x
							if err := n.SetTensors(weights); err != nil {
								t.Fatal(err)
							}
							return loss()
						}
						slope := (move(at+eps) - move(at-eps)) / (2 * eps)
						move(at)
						differ += (slope - gradient[k].Data[i]) * (slope - gradient[k].Data[i])
						size += slope * slope
					}
					if relative := math.Sqrt(differ / size); !(relative <= 1e-6) {
						t.Errorf("%s: gradient is %.2g off relative to its length %.2g", w.Name, relative, math.Sqrt(size))
					}
				}
			})
		}
	}
}

func normal[F kernel.Float](dst []F, rng *rand.Rand) {
	for i := range dst {
		dst[i] = F(rng.NormFloat64())
	}
}

func TestDigamma(t *testing.T) {
	for _, tt := range []struct{ x, want float64 }{ // Abramowitz & Stegun 6.3.2, 6.3.3 and the recurrence
		{1, -0.57721566490153286}, {.5, -1.9635100260214235}, {2, 0.42278433509846714}, {.001, -1000.5755719318103},
		{3000, 8.006200891724320}, // log x - 1/(2x) - 1/(12x²)
	} {
		if got := digamma(tt.x); math.Abs(got-tt.want) > 1e-11*(1+math.Abs(tt.want)) {
			t.Errorf("digamma(%v) = %v, want %v", tt.x, got, tt.want)
		}
	}
}

func TestOrthogonal(t *testing.T) {
	rows := orthogonal(40, rand.New(rand.NewPCG(3, 3)))
	for i := range rows {
		for j := range rows {
			want := 0.0
			if i == j {
				want = 1
			}
			if got := dot(rows[i], rows[j]); math.Abs(got-want) > 1e-14 {
				t.Fatalf("rows %d and %d have product %v, want %v", i, j, got, want)
			}
		}
	}
}

func TestSetTensorsRefuses(t *testing.T) {
	n := NewNetwork[float32](Shape{Inputs: 1, Hidden: 4, Layers: 1, Ahead: 1, Each: 1}, rand.New(rand.NewPCG(1, 1)))
	was := slices.Clone(n.Weights)
	tensors := n.Tensors(n.Weights)
	tensors[1].Data = tensors[1].Data[1:]
	if err := n.SetTensors(tensors); err == nil || !slices.Equal(n.Weights, was) {
		t.Errorf("a tensor that is too short gives %v", err)
	}
	if err := n.SetTensors(tensors[2:]); err == nil {
		t.Error("a missing tensor gives no error")
	}
}

// fit trains a network on what batch writes, until the steps are done.
func fit(n *Network[float32], p *Pass[float32], steps int, rate float64, batch func() (rows int, want []float32)) float64 {
	adam := kernel.NewAdam[float32](len(n.Weights))
	dOut := make([]float32, len(p.out))
	loss := 0.0
	for step := range steps {
		rows, want := batch()
		out := p.Forward(rows)
		loss, _ = MeanSquare(dOut[:len(out)], out, want)
		clear(p.Gradient)
		p.Backward(dOut[:len(out)])
		clip(p.Gradient)
		adam.Step(n.Weights, p.Gradient, rate*cosine(step, steps))
	}
	return loss
}

// TestOverfitsOneBatch: a network that cannot learn eight windows by heart learns nothing.
func TestOverfitsOneBatch(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 1))
	n := NewNetwork[float32](Shape{Inputs: 1, Hidden: 32, Layers: 1, Ahead: 2, Each: 1}, rng)
	p := n.NewPass(10, 8)
	for r := range 8 {
		for t := range 10 {
			normal(p.Input(t, r), rng)
		}
	}
	want := make([]float32, 16)
	normal(want, rng)
	if loss := fit(n, p, 400, .01, func() (int, []float32) { return 8, want }); loss > 1e-3 {
		t.Errorf("loss %v, want at most 1e-3", loss)
	}
}

// TestAddingProblem: of 50 numbers two are marked, and their sum is asked for. Who forgets
// what was marked first does no better than the variance, 1/6.
//
// Source: Hochreiter & Schmidhuber (1997), section 5.4.
func TestAddingProblem(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for some seconds")
	}
	const periods, rows = 50, 64
	rng := rand.New(rand.NewPCG(22, 2))
	n := NewNetwork[float32](Shape{Inputs: 2, Hidden: 32, Layers: 1, Ahead: 1, Each: 1}, rng)
	p := n.NewPass(periods, rows)
	want := make([]float32, rows)
	batch := func() (int, []float32) {
		for r := range rows {
			marked := [2]int{rng.IntN(periods / 2), periods/2 + rng.IntN(periods/2)}
			want[r] = 0
			for t := range periods {
				x := p.Input(t, r)
				x[0], x[1] = rng.Float32(), 0
				if t == marked[0] || t == marked[1] {
					x[1] = 1
					want[r] += x[0]
				}
			}
		}
		return rows, want
	}
	fit(n, p, 2500, .005, batch)
	sum := 0.0
	for range 10 {
		rows, want := batch()
		loss, _ := MeanSquare(make([]float32, rows), p.Forward(rows), want)
		sum += loss / 10
	}
	t.Logf("mean squared error %.4f of fresh batches", sum)
	if sum > .01 {
		t.Errorf("mean squared error %v, want at most .01 where guessing gives .167", sum)
	}
}

// TestPassIsReused: a batch leaves nothing behind for the next, whatever its size.
func TestPassIsReused(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 3))
	n := NewNetwork[float32](Shape{Inputs: 2, Hidden: 12, Layers: 2, Ahead: 2, Each: 1}, rng)
	x := make([]float32, 6*3*2)
	normal(x, rng)
	run := func(p *Pass[float32]) ([]float32, []float32) {
		fill(p, x, 3)
		out := slices.Clone(p.Forward(3))
		clear(p.Gradient)
		p.Backward([]float32{1, 2, 3, 4, 5, 6})
		return out, p.Gradient
	}
	wantOut, wantGradient := run(n.NewPass(6, 3))
	p := n.NewPass(6, 7)
	big := make([]float32, 6*7*2)
	normal(big, rng)
	fill(p, big, 7)
	p.Drop(.5, rng)
	p.Forward(7)
	p.Backward(make([]float32, 14))
	p.Drop(0, nil)
	gotOut, gotGradient := run(p)
	if !slices.Equal(gotOut, wantOut) || !slices.Equal(gotGradient, wantGradient) {
		t.Error("a pass that was used before gives other numbers than a new one")
	}
	if allocations := testing.AllocsPerRun(5, func() { p.Forward(3); p.Backward(wantOut) }); allocations > 0 {
		t.Errorf("%v allocations a batch", allocations)
	}
}
