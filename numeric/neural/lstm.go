package neural

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"tradewind/numeric/distribution"
)

// LSTM forecasts many series with a few networks of one shape, which differ in the draw
// of their first weights and of their windows. It is not changed by forecasting and may
// be used by many goroutines at once.
type LSTM struct {
	form                 LSTMForm
	networks             []*Network[float32]
	known, static, level columns

	// Validation is the loss on the last Horizon of each series, which no network was
	// trained on but each was stopped by; the mean over the networks.
	Validation float64
}

// TrainLSTM trains on windows of all series: Context periods go in, the Horizon after
// them comes out. The last Horizon of each series is kept back, and the weights are those
// that did best on it. A period without a value enters as such, and is no target.
//
// Sizes of windows are taken out before they enter: see LSTMForm. The loss is that of
// nine quantiles on the scale of the network or, for Counts, the negative binomial
// likelihood.
//
// It does not modify series, and panics if the known or static numbers of two series
// differ in length or known ones are fewer than values. It returns ErrTooShort,
// ErrDiverged, or the error of ctx, which is asked before each batch. The result depends
// on series, form and rng alone, not on how many processors there are.
//
// Source: the network is that of Network; the scaling after Salinas et al., DeepAR (2020),
// doi:10.1016/j.ijforecast.2019.07.001.
func TrainLSTM(ctx context.Context, series []Series, form LSTMForm, rng *rand.Rand) (*LSTM, error) {
	m := &LSTM{form: form.withDefaults()}
	training, validation := m.form.windows(series)
	if len(training) == 0 || len(validation) == 0 {
		return nil, ErrTooShort
	}
	m.standardise(series, training)

	m.networks = make([]*Network[float32], m.form.Seeds)
	losses, failures := make([]float64, m.form.Seeds), make([]error, m.form.Seeds)
	var wait sync.WaitGroup
	var oneAtATime sync.Mutex
	for k := range m.networks {
		own := rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64()))
		wait.Go(func() {
			t := newTrainer(m, series, own)
			t.tell = func(epoch int, training, validation float64) {
				oneAtATime.Lock()
				defer oneAtATime.Unlock()
				if m.form.Progress != nil {
					m.form.Progress(Progress{k, epoch, training, validation})
				}
			}
			m.networks[k], losses[k], failures[k] = t.train(ctx, training, validation)
		})
	}
	wait.Wait()
	for k, err := range failures {
		if err != nil {
			return nil, err
		}
		m.Validation += losses[k] / float64(len(losses))
	}
	return m, nil
}

// standardise learns the usual size of what stands beside the values.
func (m *LSTM) standardise(series []Series, training []window) {
	for i, s := range series {
		if s.Known != nil && len(s.Known) < len(s.Values) || len(s.Static) != len(series[0].Static) || (s.Known == nil) != (series[0].Known == nil) {
			panic(fmt.Sprintf("neural: series %d has other known or static numbers than the first, or too few", i))
		}
	}
	m.known = columnsOf(func(yield func([]float64)) {
		for _, s := range series {
			for _, row := range s.Known {
				yield(row)
			}
		}
	})
	m.static = columnsOf(func(yield func([]float64)) {
		for _, s := range series {
			if s.Static != nil {
				yield(s.Static)
			}
		}
	})
	if m.form.Counts {
		m.level = columnsOf(func(yield func([]float64)) {
			for _, w := range training {
				f, _ := m.form.frame(series[w.series], w.origin)
				yield([]float64{logScale(f)})
			}
		})
	}
}

func (m *LSTM) shape() Shape {
	return Shape{
		Inputs: m.inputs(), Hidden: m.form.Hidden, Layers: m.form.Layers,
		Ahead: m.form.Horizon, Each: m.form.each(), Known: len(m.known.mean),
	}
}

// Forecast returns for each past the distributions of the Horizon periods after it,
// nearest first, or nil if the Context has no value at all. A past may be shorter than
// the Context, and need not be one that was trained on. It panics if Known does not reach
// over the horizon.
//
// The networks' outputs are averaged before they are turned into a distribution:
// Counts give a distribution.NegativeBinomial, others a distribution.Empirical of 200
// values along the nine quantiles, put into order where they cross.
func (m *LSTM) Forecast(past []Series) [][]distribution.Distribution {
	forecasts := make([][]distribution.Distribution, len(past))
	var rows []int // of past, that can be forecast
	for i, s := range past {
		m.mustReach(s)
		if _, some := m.form.frame(s, len(s.Values)); some {
			rows = append(rows, i)
		}
	}
	passes := make([]*Pass[float32], len(m.networks))
	for k, n := range m.networks {
		passes[k] = n.NewPass(m.form.Context, min(m.form.Batch, len(rows)))
	}
	mean := make([]float64, m.shape().Outputs())
	outs, frames := make([][]float32, len(passes)), make([]frame, m.form.Batch)
	for at := 0; at < len(rows); at += m.form.Batch {
		batch := rows[at:min(at+m.form.Batch, len(rows))]
		for k, p := range passes {
			for r, i := range batch {
				frames[r] = m.put(p, r, past[i], len(past[i].Values))
			}
			outs[k] = p.Forward(len(batch))
		}
		for r, i := range batch {
			for j := range mean {
				mean[j] = 0
				for _, out := range outs {
					mean[j] += float64(out[r*len(mean)+j]) / float64(len(outs))
				}
			}
			forecasts[i] = m.distributions(mean, frames[r])
		}
	}
	return forecasts
}

// mustReach panics unless what is known of a past fits and reaches over the horizon.
func (m *LSTM) mustReach(s Series) {
	if len(s.Static) != len(m.static.mean) || (s.Known == nil) != (len(m.known.mean) == 0) {
		panic("neural: other known or static numbers than the network was trained with")
	}
	if s.Known != nil && len(s.Known) < len(s.Values)+m.form.Horizon {
		panic("neural: known numbers do not reach over the horizon")
	}
}
