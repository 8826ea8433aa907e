package benchmark

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"tradewind/numeric/kernel"
	"tradewind/numeric/neural"
)

// The work of an epoch: 22,000 windows of 1,000 noisy sines of 200 periods each.
const (
	sines        = 1000
	sineLength   = 200
	epochWindow  = 24              // sineLength that are seen
	epochNumbers = epochWindow + 1 // the last is what is asked for
	epochStride  = 8
	epochHidden  = 40
	epochBatch   = 64
	epochRate    = 1e-3
	epochSeed    = 20
)

// epochWork is what the folder of an epoch holds beside windows.f32, for the peer.
type epochWork struct {
	Window  int                      `json:"window"`
	Hidden  int                      `json:"hidden"`
	Batch   int                      `json:"batch"`
	Rate    float64                  `json:"rate"`
	Order   []int                    `json:"order"`
	Weights []neural.Tensor[float32] `json:"weights"`
}

// epochAnswer is how an epoch went, here or at the peer.
type epochAnswer struct {
	Out      []float32                `json:"out"`      // of the first batch, before any step
	Gradient []neural.Tensor[float32] `json:"gradient"` // likewise
	MSE      float64                  `json:"mse"`      // mean over the epoch
}

// training does one epoch. With a folder it leaves the work there for a peer.
var training = newWork("train", func(ctx context.Context, m *meter, dir string) (epochAnswer, error) {
	rng := rand.New(rand.NewPCG(epochSeed, epochSeed))
	windows := sineWindows(rng)
	n := neural.NewNetwork[float32](neural.Shape{Inputs: 1, Hidden: epochHidden, Layers: 1, Ahead: 1, Each: 1}, rng)
	order := rng.Perm(len(windows) / epochNumbers)
	if dir != "" {
		w := epochWork{epochWindow, epochHidden, epochBatch, epochRate, order, n.Tensors(n.Weights)}
		if err := writeEpoch(dir, windows, w); err != nil {
			return epochAnswer{}, err
		}
	}
	first := n.NewPass(epochWindow, epochBatch)
	var a epochAnswer
	dOut := make([]float32, epochBatch)
	a.Out = append(a.Out, squareBatch(first, windows, order[:epochBatch], dOut).out...)
	a.Gradient = n.Tensors(first.Gradient)

	m.Begin()
	defer m.End()
	p, adam := n.NewPass(epochWindow, epochBatch), kernel.NewAdam[float32](len(n.Weights))
	total := 0.0
	for at := 0; at < len(order); at += epochBatch {
		rows := order[at:min(at+epochBatch, len(order))]
		total += squareBatch(p, windows, rows, dOut).loss * float64(len(rows))
		adam.Step(n.Weights, p.Gradient, epochRate)
		if err := ctx.Err(); err != nil {
			return a, err
		}
	}
	a.MSE = total / float64(len(order))
	return a, nil
})

type batchAnswer struct {
	out  []float32
	loss float64
}

// squareBatch carries the windows with the given numbers forward and back.
func squareBatch(p *neural.Pass[float32], windows []float32, rows []int, dOut []float32) batchAnswer {
	var want [epochBatch]float32
	for r, k := range rows {
		w := windows[k*epochNumbers:][:epochNumbers]
		for t, x := range w[:epochWindow] {
			p.Input(t, r)[0] = x
		}
		want[r] = w[epochWindow]
	}
	out := p.Forward(len(rows))
	loss, _ := neural.MeanSquare(dOut[:len(rows)], out, want[:len(rows)])
	clear(p.Gradient)
	p.Backward(dOut[:len(rows)])
	return batchAnswer{out, loss}
}

// sineWindows makes the series 10 + 3 sin(2π(t + shift)/12) + noise, each standardised,
// and cuts them into windows.
func sineWindows(rng *rand.Rand) []float32 {
	var windows []float32
	y := make([]float64, sineLength)
	for range sines {
		shift := float64(rng.IntN(12))
		sum, squares := 0.0, 0.0
		for t := range y {
			y[t] = 10 + 3*math.Sin(2*math.Pi*(float64(t)+shift)/12) + rng.NormFloat64()
			sum += y[t]
			squares += y[t] * y[t]
		}
		mean := sum / sineLength
		sd := math.Sqrt(squares/sineLength - mean*mean)
		for from := 0; from+epochNumbers <= sineLength; from += epochStride {
			for _, v := range y[from : from+epochNumbers] {
				windows = append(windows, float32((v-mean)/sd))
			}
		}
	}
	return windows
}

func writeEpoch(dir string, windows []float32, w epochWork) error {
	raw, err := binary.Append(nil, binary.LittleEndian, windows)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "windows.f32"), raw, 0o644); err != nil {
		return err
	}
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "work.json"), text, 0o644)
}

func measureNeural(ctx context.Context, r *run) ([]Row, error) {
	dir, err := r.folder("epoch")
	if err != nil {
		return nil, err
	}
	var ours, theirs epochAnswer
	var own, ratios []float64
	version, absent := "PyTorch", "run without --peers"
	for range repeats {
		a, cost, err := training.run(ctx, dir)
		if err != nil {
			return nil, err
		}
		ours, own = a, append(own, cost.CPU)
		if !r.peers {
			continue
		}
		var peer peerAnswer
		if peer, absent = r.python(ctx, "lstm.py", dir); absent != "" {
			continue
		}
		version, ratios = peer.Version, append(ratios, cost.CPU/peer.CPU)
		if theirs, err = readEpoch(dir); err != nil {
			return nil, err
		}
	}
	rows := []Row{
		{Name: "CPU time of an epoch", Value: new(median(own)), Unit: "s", Better: lower,
			Source: fmt.Sprintf("%d windows of %d periods, batch %d, hidden %d, Adam, mean squared error; median of %d",
				sines*((sineLength-epochNumbers)/epochStride+1), epochWindow, epochBatch, epochHidden, repeats)},
		{Name: "mean loss of the epoch", Value: new(ours.MSE), Better: lower, Source: "while the weights change; the variance of what is asked for is 1"},
	}
	beside := []Row{
		{Name: "CPU time of an epoch / PyTorch", Unit: "ratio", Must: new(1.0), Aim: new(.4), Source: "the same windows, first weights and order, in turns; median of the ratios"},
		{Name: "mean loss of the epoch, PyTorch", Source: "the same windows, first weights and order"},
		{Name: "mean loss of the epoch, distance from PyTorch", Unit: "millionths", Must: new(1000.0), Source: "both take the same steps, roundings apart"},
		{Name: "outputs, largest difference from PyTorch", Unit: "millionths", Must: new(10.0), Source: "the first batch"},
		{Name: "gradient, largest difference from PyTorch", Unit: "millionths", Must: new(10.0), Source: "the first batch, every element of every tensor"},
	}
	for i := range beside {
		beside[i].Better, beside[i].Reference, beside[i].Reason = lower, version+" on a CPU, one thread", absent
	}
	if len(ratios) > 0 {
		forward, backward := ours.differences(theirs)
		for i, v := range []float64{median(ratios), theirs.MSE, 1e6 * math.Abs(ours.MSE-theirs.MSE), 1e6 * forward, 1e6 * backward} {
			beside[i].Value = new(v)
		}
	}
	return append(rows, beside...), nil
}

func readEpoch(dir string) (a epochAnswer, err error) {
	text, err := os.ReadFile(filepath.Join(dir, "peer.json"))
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(text, &a)
}

// differences are the largest of the outputs and of the gradients.
func (a epochAnswer) differences(b epochAnswer) (forward, backward float64) {
	forward = furthestApart(a.Out, b.Out)
	if len(a.Gradient) != len(b.Gradient) {
		return forward, math.NaN()
	}
	for i, g := range a.Gradient {
		backward = math.Max(backward, furthestApart(g.Data, b.Gradient[i].Data))
	}
	return forward, backward
}

func furthestApart(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.NaN()
	}
	most := 0.0
	for i := range a {
		most = math.Max(most, math.Abs(float64(a[i])-float64(b[i])))
	}
	return most
}
