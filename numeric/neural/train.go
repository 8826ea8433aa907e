package neural

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"tradewind/numeric/kernel"
)

// trainer trains one network of an LSTM.
type trainer struct {
	m      *LSTM
	series []Series
	rng    *rand.Rand
	tell   func(epoch int, training, validation float64)

	network *Network[float32]
	pass    *Pass[float32]
	want    []float32 // [row × Horizon]
	scale   []float64 // likewise
	dOut    []float32
}

func newTrainer(m *LSTM, series []Series, rng *rand.Rand) *trainer {
	n := NewNetwork[float32](m.shape(), rng)
	rows := m.form.Batch * m.form.Horizon
	return &trainer{
		m: m, series: series, rng: rng, network: n, pass: n.NewPass(m.form.Context, m.form.Batch),
		want: make([]float32, rows), scale: make([]float64, rows), dOut: make([]float32, m.form.Batch*n.Outputs()),
	}
}

// train returns the network with the weights that did best on the validation windows, and
// their loss there.
func (t *trainer) train(ctx context.Context, training, validation []window) (*Network[float32], float64, error) {
	form := t.m.form
	training = slices.Clone(training)
	batches := (min(form.Windows, len(training)) + form.Batch - 1) / form.Batch
	adam := kernel.NewAdam[float32](len(t.network.Weights))
	best, bestWeights, since := math.Inf(1), slices.Clone(t.network.Weights), 0
	for epoch := 0; epoch < form.Epochs && since < form.Patience; epoch++ {
		t.rng.Shuffle(len(training), func(i, j int) { training[i], training[j] = training[j], training[i] })
		sum := meanLoss{}
		for b := range batches {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			chosen := training[b*form.Batch : min((b+1)*form.Batch, len(training))]
			t.pass.Drop(form.Dropout, t.rng)
			sum.add(t.forward(chosen))
			clear(t.pass.Gradient)
			t.pass.Backward(t.dOut[:len(chosen)*t.network.Outputs()])
			clip(t.pass.Gradient)
			adam.Step(t.network.Weights, t.pass.Gradient, form.Rate*cosine(epoch*batches+b, form.Epochs*batches))
		}
		loss, err := t.validate(ctx, validation)
		if err != nil {
			return nil, 0, err
		}
		t.tell(epoch, sum.mean(), loss)
		since++
		if loss < best {
			best, since = loss, 0
			copy(bestWeights, t.network.Weights)
		}
	}
	if math.IsInf(best, 1) {
		return nil, 0, ErrDiverged
	}
	t.network.Weights = bestWeights
	return t.network, best, nil
}

// validate is the loss with all units in place.
func (t *trainer) validate(ctx context.Context, validation []window) (float64, error) {
	t.pass.Drop(0, nil)
	sum := meanLoss{}
	for chosen := range slices.Chunk(validation, t.m.form.Batch) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		sum.add(t.forward(chosen))
	}
	return sum.mean(), nil
}

// forward carries some windows through the network and returns their loss and how many
// targets it is the mean of; dOut holds its derivative.
func (t *trainer) forward(chosen []window) (loss float64, seen int) {
	h := t.m.form.Horizon
	for r, w := range chosen {
		f := t.m.put(t.pass, r, t.series[w.series], w.origin)
		t.m.targets(t.want[r*h:][:h], t.series[w.series], w.origin, f)
		for j := range h {
			t.scale[r*h+j] = f.scale
		}
	}
	out := t.pass.Forward(len(chosen))
	dOut, want := t.dOut[:len(out)], t.want[:len(chosen)*h]
	if t.m.form.Counts {
		return NegativeBinomial(dOut, out, want, t.scale)
	}
	return Pinball(dOut, out, want)
}

// meanLoss is a mean over batches, weighted by their targets.
type meanLoss struct {
	sum  float64
	seen int
}

func (l *meanLoss) add(loss float64, seen int) {
	l.sum += loss * float64(seen)
	l.seen += seen
}

func (l *meanLoss) mean() float64 { return l.sum / float64(max(1, l.seen)) }
