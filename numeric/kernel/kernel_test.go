package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func numbers[F Float](rng *rand.Rand, n int) []F {
	x := make([]F, n)
	for i := range x {
		x[i] = F(rng.NormFloat64())
	}
	return x
}

// sameBits reports the first place where two slices differ by a bit; all NaNs are alike.
func sameBits(t *testing.T, name string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) && !(got[i] != got[i] && want[i] != want[i]) {
			t.Fatalf("%s: element %d is %v by assembly, %v by the plain loop", name, i, got[i], want[i])
		}
	}
}

// shapes are rows, terms and columns around the edges of the tiles.
var shapes = [][3]int{
	{1, 1, 1}, {3, 2, 5}, {4, 1, 8}, {4, 3, 16}, {5, 7, 17}, {8, 44, 160}, {64, 44, 160},
	{64, 160, 40}, {44, 64, 160}, {43, 61, 31}, {6, 9, 24}, {12, 100, 33}, {4, 0, 16},
}

// TestMulAdd compares with sums in float64.
func TestMulAdd(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, s := range shapes {
		for _, transposed := range []bool{false, true} {
			dst, a, b := operands(rng, s, transposed)
			was := append([]float32(nil), dst.Data...)
			MulAdd(dst, a, b)
			for i := range dst.Rows {
				for j := range dst.RowStep {
					at := i*dst.RowStep + j
					if j >= dst.Cols {
						if at < len(was) && dst.Data[at] != was[at] {
							t.Fatalf("%v: wrote beyond row %d", s, i)
						}
						continue
					}
					want, size := float64(was[at]), math.Abs(float64(was[at]))
					for k := range a.Cols {
						p := float64(a.Data[i*a.RowStep+k*a.ColStep]) * float64(b.Data[k*b.RowStep+j])
						want += p
						size += math.Abs(p)
					}
					if diff := math.Abs(float64(dst.Data[at]) - want); diff > 1e-6*size {
						t.Fatalf("%v transposed %v: (%d, %d) is %v, want %v", s, transposed, i, j, dst.Data[at], want)
					}
				}
			}
		}
	}
}

// operands makes dst, a and b with gaps between their rows, but for the last.
func operands(rng *rand.Rand, s [3]int, transposed bool) (dst, a, b Matrix[float32]) {
	m, k, n := s[0], s[1], s[2]
	packed := func(rows, cols, step int) Matrix[float32] {
		return Rows(numbers[float32](rng, max(0, (rows-1)*step+cols)), rows, cols, step)
	}
	dst, b = packed(m, n, n+3), packed(k, n, n+1)
	if transposed {
		return dst, packed(k, m, m+2).T(), b
	}
	return dst, packed(m, k, k+2), b
}

func TestAssemblyGivesTheSameBytesMulAdd(t *testing.T) {
	needAssembly(t)
	rng := rand.New(rand.NewPCG(2, 2))
	for _, s := range shapes {
		for _, transposed := range []bool{false, true} {
			dst, a, b := operands(rng, s, transposed)
			plain := dst
			plain.Data = append([]float32(nil), dst.Data...)
			MulAdd(dst, a, b)
			mulAddPlain(plain, a, b, 0)
			sameBits(t, "product", dst.Data, plain.Data)
		}
	}
}

func needAssembly(t *testing.T) {
	t.Helper()
	if !simd {
		t.Skip("this processor or build has the plain loops only: there is nothing to compare")
	}
}

// cells are the arguments of both cell functions.
type cells struct{ gates, before, after, squashed, h, dh, dc []float32 }

func newCells(rng *rand.Rand, rows, hidden, step int) cells {
	c := cells{
		numbers[float32](rng, rows*4*hidden), numbers[float32](rng, rows*hidden), make([]float32, rows*hidden),
		make([]float32, rows*hidden), make([]float32, rows*step), numbers[float32](rng, rows*step), numbers[float32](rng, rows*hidden),
	}
	for i := range c.gates {
		c.gates[i] *= float32(math.Exp(4 * rng.NormFloat64())) // far into both tails
	}
	c.gates[0], c.gates[1], c.gates[2] = float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))
	return c
}

func TestAssemblyGivesTheSameBytesCells(t *testing.T) {
	needAssembly(t)
	for _, hidden := range []int{8, 11, 40, 64} {
		const rows = 37
		step := hidden + 4
		fast, plain := newCells(rand.New(rand.NewPCG(3, 3)), rows, hidden, step), newCells(rand.New(rand.NewPCG(3, 3)), rows, hidden, step)
		CellForward(fast.gates, fast.before, fast.after, fast.squashed, fast.h, step, rows, hidden)
		cellForwardPlain(plain.gates, plain.before, plain.after, plain.squashed, plain.h, step, rows, hidden, 0)
		sameBits(t, "gates", fast.gates, plain.gates)
		sameBits(t, "after", fast.after, plain.after)
		sameBits(t, "squashed", fast.squashed, plain.squashed)
		sameBits(t, "h", fast.h, plain.h)
		CellBackward(fast.gates, fast.before, fast.squashed, fast.dh, step, fast.dc, rows, hidden)
		cellBackwardPlain(plain.gates, plain.before, plain.squashed, plain.dh, step, plain.dc, rows, hidden, 0)
		sameBits(t, "derivative by the sums", fast.gates, plain.gates)
		sameBits(t, "derivative by the state", fast.dc, plain.dc)
	}
}

// TestActivations holds the float32 functions against those of package math, over a grid
// and far out.
func TestActivations(t *testing.T) {
	var ofExp, ofSigmoid, ofTanh float64
	for i := -400_000; i <= 400_000; i++ {
		x := float32(i) * 2.5e-4
		if x >= expLeast && x <= expMost {
			want := math.Exp(float64(x))
			ofExp = max(ofExp, math.Abs(float64(exp32(x))-want)/want)
		}
		ofSigmoid = max(ofSigmoid, math.Abs(float64(sigmoid(x))-1/(1+math.Exp(-float64(x)))))
		ofTanh = max(ofTanh, math.Abs(float64(tanh(x))-math.Tanh(float64(x))))
	}
	t.Logf("largest errors: exp %.2g relative, sigmoid %.2g, tanh %.2g", ofExp, ofSigmoid, ofTanh)
	if ofExp > 2e-7 || ofSigmoid > 2e-7 || ofTanh > 3e-7 {
		t.Errorf("errors %v, %v, %v, want at most 2e-7 relative, 2e-7, 3e-7", ofExp, ofSigmoid, ofTanh)
	}
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	if sigmoid(inf) != 1 || sigmoid(-inf) > 1e-37 || tanh(inf) != 1 || tanh(-inf) != -1 || tanh(float32(0)) != 0 {
		t.Error("the limits are wrong")
	}
	if x := sigmoid(nan); x == x {
		t.Errorf("sigmoid of NaN is %v", x)
	}
}

// TestCellBackward compares with differences of CellForward in float64.
func TestCellBackward(t *testing.T) {
	const rows, hidden, eps = 2, 3, 1e-6
	rng := rand.New(rand.NewPCG(5, 5))
	sums, before := numbers[float64](rng, rows*4*hidden), numbers[float64](rng, rows*hidden)
	dh, dc := numbers[float64](rng, rows*hidden), numbers[float64](rng, rows*hidden)
	loss := func() float64 { // Σ dh·h + dc·after
		gates, after, squashed, h := append([]float64(nil), sums...), make([]float64, rows*hidden), make([]float64, rows*hidden), make([]float64, rows*hidden)
		CellForward(gates, before, after, squashed, h, hidden, rows, hidden)
		total := 0.0
		for i := range h {
			total += dh[i]*h[i] + dc[i]*after[i]
		}
		return total
	}
	gates, after, squashed, h := append([]float64(nil), sums...), make([]float64, rows*hidden), make([]float64, rows*hidden), make([]float64, rows*hidden)
	CellForward(gates, before, after, squashed, h, hidden, rows, hidden)
	byBefore := append([]float64(nil), dc...)
	CellBackward(gates, before, squashed, dh, hidden, byBefore, rows, hidden)
	check := func(name string, x, got []float64) {
		for i := range x {
			at := x[i]
			x[i] = at + eps
			up := loss()
			x[i] = at - eps
			want := (up - loss()) / (2 * eps)
			x[i] = at
			if math.Abs(got[i]-want) > 1e-8 {
				t.Errorf("derivative by %s %d is %v, differences give %v", name, i, got[i], want)
			}
		}
	}
	check("sum", sums, gates)
	check("state", before, byBefore)
}

// TestAdam holds two steps against numbers worked out by hand: the first step of Adam is
// the learning rate in the direction of the gradient, whatever its size.
func TestAdam(t *testing.T) {
	w := []float64{1, 2, 3}
	a := NewAdam[float64](3)
	a.Step(w, []float64{10, -.001, 0}, .1)
	for i, want := range []float64{.9, 2.1, 3} {
		if math.Abs(w[i]-want) > 2e-6 {
			t.Errorf("after one step weight %d is %v, want %v", i, w[i], want)
		}
	}
	// m = .9·1+.1·(-5) = .4 of bias .19; v = .999·.1+.001·25 = .1249 of bias .001999
	a.Step(w, []float64{-5, 0, 0}, .1)
	if want := .9 - .1*(.4/.19)/math.Sqrt(.1249/.001999); math.Abs(w[0]-want) > 1e-8 {
		t.Errorf("after two steps weight 0 is %v, want %v", w[0], want)
	}
}

func TestNoAllocations(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	dst, a, b := operands(rng, [3]int{64, 44, 160}, false)
	c := newCells(rng, 8, 40, 44)
	if n := testing.AllocsPerRun(20, func() {
		MulAdd(dst, a, b)
		CellForward(c.gates, c.before, c.after, c.squashed, c.h, 44, 8, 40)
		CellBackward(c.gates, c.before, c.squashed, c.dh, 44, c.dc, 8, 40)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestPanicsOnBadShapes(t *testing.T) {
	x := make([]float32, 12)
	for name, f := range map[string]func(){
		"shapes":      func() { MulAdd(Rows(x, 2, 3, 3), Rows(x, 2, 2, 2), Rows(x, 3, 3, 3)) },
		"data":        func() { MulAdd(Rows(x, 4, 4, 4), Rows(x, 4, 1, 1), Rows(x, 1, 4, 4)) },
		"column step": func() { MulAdd(Rows(x, 3, 2, 2).T(), Rows(x, 2, 1, 1), Rows(x, 1, 3, 3)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// BenchmarkMulAdd is the forward product of one step, hidden 40 and batch 64.
func BenchmarkMulAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(9, 9))
	for _, s := range []struct {
		name       string
		m, k, n    int
		transposed bool
	}{{"forward", 64, 44, 160, false}, {"backward", 64, 160, 40, false}, {"weights", 44, 64, 160, true}} {
		b.Run(s.name, func(b *testing.B) {
			dst, x, y := Rows(make([]float32, s.m*s.n), s.m, s.n, s.n), Rows(numbers[float32](rng, s.m*s.k), s.m, s.k, s.k), Rows(numbers[float32](rng, s.k*s.n), s.k, s.n, s.n)
			if s.transposed {
				x = Rows(numbers[float32](rng, s.m*s.k), s.k, s.m, s.m).T()
			}
			for b.Loop() {
				clear(dst.Data)
				MulAdd(dst, x, y)
			}
			b.ReportMetric(2*float64(s.m*s.k*s.n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkCell(b *testing.B) {
	const rows, hidden = 64, 40
	c := newCells(rand.New(rand.NewPCG(3, 3)), rows, hidden, hidden)
	sums, slope := numbers[float32](rand.New(rand.NewPCG(4, 4)), len(c.gates)), append([]float32(nil), c.dc...)
	for b.Loop() {
		copy(c.gates, sums)
		copy(c.dc, slope)
		CellForward(c.gates, c.before, c.after, c.squashed, c.h, hidden, rows, hidden)
		CellBackward(c.gates, c.before, c.squashed, c.dh, hidden, c.dc, rows, hidden)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows/hidden, "ns/unit")
}
