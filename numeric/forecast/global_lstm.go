package forecast

import (
	"context"
	"math"
	"math/rand/v2"

	"tradewind/numeric/distribution"
	"tradewind/numeric/neural"
)

// GlobalLSTMForm sets up FitGlobalLSTM. Only Horizon must be given; Rows is for trees.
type GlobalLSTMForm struct {
	GlobalForm
	// Network is what is trained. Its Horizon, Counts, Signed and Patience are set here;
	// what else is zero in it takes a default of its own: a Context of 24 periods, or the
	// Horizon if that is longer, and without a season of 1.5 times the Horizon; 32 units,
	// one seed, a rate of .003, 30 epochs of at most 10,000 windows.
	Network neural.LSTMForm
}

// GlobalLSTM forecasts all series of a class with a recurrent network, one that sees their
// values and one that sees their logarithms, without the season as for GlobalBoost. The
// quantiles of the two are averaged; the mean of a period is their median. For counts it
// is one network with negative binomial distributions.
//
// Source: Hewamalage, Bergmeir & Bandara, Recurrent neural networks for time series
// forecasting (2021), doi:10.1016/j.ijforecast.2020.06.008, for the season taken out
// beforehand; neural.TrainLSTM for the network.
type GlobalLSTM struct {
	Models []*neural.LSTM // one on the scale of the values, one on that of their logarithms; of counts one
	form   GlobalForm
	rho    float64
}

// FitGlobalLSTM trains on the series of a class, which it does not modify. Missing values
// are allowed; series too short to be learnt from teach nothing and can still be forecast.
// It returns a *TooShortError where none is long enough, neural.ErrDiverged or the error of
// ctx, and panics without a horizon. The same series, form and generator give the same model.
//
// The cost is that of two trainings by neural.TrainLSTM, of one for counts: some ten seconds
// for a thousand series.
func FitGlobalLSTM(ctx context.Context, series [][]float64, form GlobalLSTMForm, rng *rand.Rand) (*GlobalLSTM, error) {
	g := &GlobalLSTM{form: form.GlobalForm.withDefaults()}
	network := g.form.network(form.Network)
	pasts, longest := globalPasts(series)
	for _, logs := range g.form.scales() {
		in := g.form.windows(pasts, logs, network)
		if in == nil {
			return nil, &TooShortError{Method: "global LSTM", Have: longest, Need: leastWindow(network)}
		}
		m, err := neural.TrainLSTM(ctx, in, network, rng)
		if err != nil {
			return nil, err
		}
		g.Models = append(g.Models, m)
	}
	g.learnDependence(pasts)
	return g, nil
}

// network fills in what a class needs.
func (form GlobalForm) network(n neural.LSTMForm) neural.LSTMForm {
	n.Horizon, n.Counts, n.Signed = form.Horizon, form.Counts, !form.Counts
	if n.Context == 0 {
		if n.Context = max(8, 3*form.Horizon/2); len(form.Seasons) > 0 {
			n.Context = max(24, form.Horizon)
		}
	}
	if n.Hidden == 0 {
		n.Hidden = 32
	}
	if n.Seeds == 0 {
		n.Seeds = 1
	}
	if n.Rate == 0 {
		n.Rate = .003
	}
	if n.Windows == 0 {
		n.Windows = 10_000
	}
	if n.Epochs == 0 {
		n.Epochs = 30
	}
	n.Patience = n.Epochs
	return n
}

// leastWindow is how many values a series needs to be learnt from.
func leastWindow(n neural.LSTMForm) int { return max(leastPast, n.Context/4) + n.Horizon }

// windows are the series as the network sees them. It keeps the last horizon of each back
// to stop by; but the last values say the most about the next. So it is shown a horizon of
// nothing after each series, runs through all epochs while its rate of learning falls, and
// has only every tenth series to be told by which of the last epochs was the best.
func (form GlobalForm) windows(pasts [][]float64, logs bool, n neural.LSTMForm) []neural.Series {
	const every = 10
	var in []neural.Series
	long := 0
	for _, y := range pasts {
		if observed(y) < leastWindow(n) {
			continue
		}
		x := form.view(y, logs).x
		whole := append(make([]float64, 0, len(x)+n.Horizon), x...)
		for range n.Horizon {
			whole = append(whole, math.NaN())
		}
		in = append(in, neural.Series{Values: whole})
		if len(x) >= leastWindow(n) {
			if long%every == 0 {
				in = append(in, neural.Series{Values: x})
			}
			long++
		}
	}
	if long == 0 {
		return nil
	}
	return in
}

// globalGrid is how many quantiles a distribution is made of.
const globalGrid = 200

// Forecast returns the distributions of the h periods after a past and of their total. The
// past need not be one that was learnt from. Beyond the Horizon the last step's answer
// stays, in intervals that grow. It fails only with ErrNothingObserved.
func (g *GlobalLSTM) Forecast(y []float64, h int) (Forecast, error) {
	past := globalPast(y)
	if observed(past) == 0 {
		return Forecast{}, ErrNothingObserved
	}
	f := Forecast{Period: make([]distribution.Distribution, h)}
	mean, sum, squares := 0.0, 0.0, 0.0
	for i, d := range g.periods(past, h) {
		f.Period[i] = d
		v := d.Variance()
		mean, sum, squares = mean+d.Mean(), sum+math.Sqrt(v), squares+v
	}
	variance := squares + g.rho*(sum*sum-squares)
	if g.form.Counts {
		f.Total = distribution.NegativeBinomialOf(mean, math.Max(variance, mean))
	} else {
		f.Total = boundedNormal(mean, math.Sqrt(variance))
	}
	return f, nil
}

// periods are the distributions of the next h periods of a past that has a value.
func (g *GlobalLSTM) periods(past []float64, h int) []distribution.Distribution {
	if g.form.Counts {
		return g.countPeriods(past, h)
	}
	quantiles := make([][]float64, h)
	for i := range quantiles {
		quantiles[i] = make([]float64, globalGrid+1) // the last is the median
	}
	for k, logs := range g.form.scales() {
		v := g.form.view(past, logs)
		own := g.Models[k].Forecast([]neural.Series{{Values: v.x}})[0]
		for i, q := range quantiles {
			d := own[min(i, len(own)-1)]
			wider := math.Sqrt(math.Max(1, float64(i+1)/float64(len(own))))
			middle := d.Quantile(.5)
			for u := range q {
				x := middle
				if u < globalGrid {
					x += wider * (d.Quantile((float64(u)+.5)/globalGrid) - middle)
				}
				y, _ := v.value(i+1, v.z(x))
				q[u] += bounded(y) / float64(len(g.Models))
			}
		}
	}
	low, high := sane(past)
	list := make([]distribution.Distribution, h)
	for i, q := range quantiles {
		sample, mean := q[:globalGrid], 0.0
		for _, x := range sample {
			mean += x / globalGrid
		}
		move := math.Max(low, math.Min(high, q[globalGrid])) - mean
		for u := range sample {
			sample[u] += move
		}
		list[i] = distribution.NewEmpirical(sample)
	}
	return list
}

// countPeriods are the network's own distributions.
func (g *GlobalLSTM) countPeriods(past []float64, h int) []distribution.Distribution {
	list := make([]distribution.Distribution, h)
	own := g.Models[0].Forecast([]neural.Series{{Values: g.form.view(past, false).x}})[0]
	for i := range list {
		if list[i] = distribution.Point(0); own != nil { // nothing was seen for as long as it looks back
			list[i] = own[min(i, len(own)-1)]
		}
	}
	return list
}

// learnDependence looks at the errors of the last horizon.
func (g *GlobalLSTM) learnDependence(pasts [][]float64) {
	before := g.form.beforeLast(pasts)
	var paths []globalPath
	var actual [][]float64
	for i, past := range before {
		if past == nil {
			continue
		}
		p := globalPath{}
		for _, d := range g.periods(past, g.form.Horizon) {
			p.mean, p.unit = append(p.mean, d.Mean()), append(p.unit, math.Sqrt(d.Variance()))
		}
		paths, actual = append(paths, p), append(actual, pasts[i][len(past):])
	}
	s := &globalSpread{sigma: make([]float64, g.form.Horizon)}
	for t := range s.sigma {
		s.sigma[t] = 1
	}
	s.learnDependence(paths, actual)
	g.rho = s.rho
}

// Method is the model as a forecasting method. It has learnt from the pasts that it was
// fitted to: a backtest needs one that was fitted to what came before.
func (g *GlobalLSTM) Method() Method { return Method{Name: "global LSTM", Forecast: g.Forecast} }
