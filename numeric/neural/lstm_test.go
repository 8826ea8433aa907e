package neural

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"tradewind/numeric/distribution"
)

// quick is a form that trains in moments.
var quick = LSTMForm{Horizon: 4, Context: 12, Hidden: 8, Seeds: 2, Epochs: 2, Windows: 256}

func plain(values ...[]float64) []Series {
	var list []Series
	for _, v := range values {
		list = append(list, Series{Values: v})
	}
	return list
}

// noise makes series of independent counts.
func noise(rng *rand.Rand, n, length int) []Series {
	list := make([]Series, n)
	for i := range list {
		list[i].Values = make([]float64, length)
		for t := range list[i].Values {
			list[i].Values[t] = distribution.DrawPoisson(3+float64(i%5), rng)
		}
	}
	return list
}

func train(t *testing.T, series []Series, form LSTMForm, seed uint64) *LSTM {
	t.Helper()
	m, err := TrainLSTM(t.Context(), series, form, rand.New(rand.NewPCG(seed, seed)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestLearnsSineAndTrend: without noise the medians explain all but a hundredth of what
// comes, far beyond what any series was trained on.
func TestLearnsSineAndTrend(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for some seconds")
	}
	const length, horizon = 96, 12
	rng := rand.New(rand.NewPCG(31, 1))
	var past []Series
	var ahead [][]float64
	for range 60 {
		level, slope, height, shift := 20+10*rng.Float64(), .2*rng.NormFloat64(), 2+3*rng.Float64(), 12*rng.Float64()
		y := make([]float64, length+horizon)
		for t := range y {
			y[t] = level + slope*float64(t) + height*math.Sin(2*math.Pi*(float64(t)+shift)/12)
		}
		past, ahead = append(past, Series{Values: y[:length]}), append(ahead, y[length:])
	}
	m := train(t, past, LSTMForm{Horizon: horizon, Context: 24, Signed: true, Hidden: 32, Seeds: 1, Epochs: 40, Rate: .005, Dropout: -1}, 2)
	missed, total := 0.0, 0.0
	for i, periods := range m.Forecast(past) {
		mean := 0.0
		for _, y := range ahead[i] {
			mean += y / horizon
		}
		for j, d := range periods {
			missed += math.Pow(ahead[i][j]-d.Quantile(.5), 2)
			total += math.Pow(ahead[i][j]-mean, 2)
		}
	}
	r2 := 1 - missed/total
	t.Logf("R² %.4f over %d series", r2, len(past))
	if !(r2 > .99) {
		t.Errorf("R² %v, want above .99", r2)
	}
}

// TestCountsFollowWhatIsKnown: negative binomial counts that a promotion, known
// beforehand, trebles. The forecast must know the mean with and without, and cover.
func TestCountsFollowWhatIsKnown(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for some seconds")
	}
	const length, horizon, size = 120, 7, 4
	rng := rand.New(rand.NewPCG(32, 1))
	var past []Series
	var means, came [][]float64
	for range 150 {
		level := math.Exp(1 + .7*rng.NormFloat64())
		y, mean, known := make([]float64, length+horizon), make([]float64, length+horizon), make([][]float64, length+horizon)
		for t := range y {
			known[t] = []float64{0}
			mean[t] = level
			if rng.Float64() < .2 {
				known[t][0], mean[t] = 1, 3*level
			}
			y[t] = distribution.DrawPoisson(mean[t]*distribution.DrawGamma(size, rng)/size, rng)
		}
		past = append(past, Series{Values: y[:length], Known: known, Static: []float64{level}})
		means, came = append(means, mean[length:]), append(came, y[length:])
	}
	m := train(t, past, LSTMForm{Horizon: horizon, Context: 28, Counts: true, Hidden: 16, Seeds: 1, Epochs: 25, Windows: 4096, Rate: .005}, 3)
	var ratio, inside [2]float64
	var n [2]float64
	for i, periods := range m.Forecast(past) {
		for j, d := range periods {
			k := int(past[i].Known[length+j][0])
			n[k]++
			ratio[k] += d.Mean() / means[i][j]
			if u := distribution.PIT(d, came[i][j], rng.Float64()); u > .1 && u < .9 {
				inside[k]++
			}
		}
	}
	for k, name := range []string{"without promotion", "with promotion"} {
		t.Logf("%s: mean %.3f of the true one, 80 %% interval covers %.3f", name, ratio[k]/n[k], inside[k]/n[k])
		if r := ratio[k] / n[k]; r < .9 || r > 1.1 {
			t.Errorf("%s: mean is %v of the true one, want .9 to 1.1", name, r)
		}
		if c := inside[k] / n[k]; c < .72 || c > .88 {
			t.Errorf("%s: coverage %v, want .8 within .08", name, c)
		}
	}
}

// TestSameOnAnyProcessors: the forecast is the same to the last bit on one processor and
// on many.
func TestSameOnAnyProcessors(t *testing.T) {
	series := noise(rand.New(rand.NewPCG(33, 1)), 6, 60)
	form := quick
	form.Seeds = 3
	var weights [][]float32
	for _, processors := range []int{1, 4} {
		was := runtime.GOMAXPROCS(processors)
		m := train(t, series, form, 4)
		runtime.GOMAXPROCS(was)
		var all []float32
		for _, n := range m.networks {
			all = append(all, n.Weights...)
		}
		weights = append(weights, all)
	}
	if !slices.Equal(weights[0], weights[1]) {
		t.Error("weights differ between one processor and four")
	}
}

// TestUnits: eight times the values, eight times the quantiles, to the last bit; and for
// signed values any shift goes through.
func TestUnits(t *testing.T) {
	series := noise(rand.New(rand.NewPCG(34, 1)), 6, 60)
	moved := func(by, times float64) []Series {
		var list []Series
		for _, s := range series {
			y := slices.Clone(s.Values)
			for t := range y {
				y[t] = by + times*y[t]
			}
			list = append(list, Series{Values: y})
		}
		return list
	}
	form := quick
	for _, tt := range []struct {
		name      string
		signed    bool
		by, times float64
		within    float64
	}{{"scale", false, 0, 8, 0}, {"signed scale", true, 0, 8, 0}, {"signed shift", true, -64, 1, 1e-3}} {
		form.Signed = tt.signed
		want := train(t, series, form, 5).Forecast(series[:1])[0]
		got := train(t, moved(tt.by, tt.times), form, 5).Forecast(moved(tt.by, tt.times)[:1])[0]
		for j := range want {
			for _, u := range Levels {
				if w, g := tt.by+tt.times*want[j].Quantile(u), got[j].Quantile(u); math.Abs(w-g) > tt.within || math.IsNaN(g) {
					t.Errorf("%s: quantile %v of period %d is %v, want %v", tt.name, u, j, g, w)
				}
			}
		}
	}
}

// TestOddSeries trains on everything that may come in at once, and forecasts each.
func TestOddSeries(t *testing.T) {
	const length = 40
	made := func(f func(int) float64) []float64 {
		y := make([]float64, length)
		for t := range y {
			y[t] = f(t)
		}
		return y
	}
	odd := map[string][]float64{
		"constant":    made(func(int) float64 { return 7 }),
		"zero":        make([]float64, length),
		"missing":     made(func(int) float64 { return math.NaN() }),
		"mostly gone": made(func(t int) float64 { return map[bool]float64{true: 3, false: math.NaN()}[t%5 == 0] }),
		"negative":    made(func(t int) float64 { return -5 - float64(t%3) }),
		"outlier":     made(func(t int) float64 { return map[bool]float64{true: 1e90, false: 2}[t == 30] }),
		"infinite":    made(func(t int) float64 { return map[bool]float64{true: math.Inf(1), false: 2}[t%7 == 0] }),
		"tiny":        made(func(t int) float64 { return 1e-300 * float64(t%4) }),
		"nothing":     nil,
		"one":         {4},
		"two":         {4, 5},
	}
	var series []Series
	var names []string
	for name, y := range odd {
		names = append(names, name)
		series = append(series, Series{Values: y})
	}
	for _, form := range []LSTMForm{{}, {Counts: true}, {Signed: true}} {
		form.Horizon, form.Context, form.Hidden, form.Seeds, form.Epochs, form.Layers = 4, 12, 8, 1, 3, 2
		m := train(t, series, form, 6)
		for i, periods := range m.Forecast(series) {
			if none := names[i] == "missing" || names[i] == "nothing"; none != (periods == nil) {
				t.Errorf("%s: %d periods", names[i], len(periods))
			}
			for _, d := range periods {
				for _, x := range []float64{d.Mean(), d.Quantile(.01), d.Quantile(.5), d.Quantile(.99)} {
					if !isFinite(x) || x < 0 && !form.Signed {
						t.Errorf("%s, %+v: %v", names[i], form, x)
					}
				}
			}
		}
	}
}

// TestMissingIsNotZero: what is missing is neither seen as zero nor learned as one.
func TestMissingIsNotZero(t *testing.T) {
	rng := rand.New(rand.NewPCG(35, 1))
	var series []Series
	for range 20 {
		y := make([]float64, 80)
		for t := range y {
			y[t] = 50 + rng.NormFloat64()
			if rng.Float64() < .5 {
				y[t] = math.NaN()
			}
		}
		series = append(series, Series{Values: y})
	}
	form := quick
	form.Epochs, form.Rate, form.Hidden = 30, .01, 16
	for i, periods := range train(t, series, form, 7).Forecast(series) {
		for _, d := range periods {
			if x := d.Quantile(.5); math.Abs(x-50) > 5 {
				t.Fatalf("series %d: median %v of values around 50", i, x)
			}
		}
	}
}

// TestForecastIsOfEachAlone: who else is in the batch does not matter.
func TestForecastIsOfEachAlone(t *testing.T) {
	series := noise(rand.New(rand.NewPCG(36, 1)), 9, 60)
	form := quick
	form.Batch = 4
	m := train(t, series, form, 8)
	together := m.Forecast(series)
	for i := range series {
		alone := m.Forecast(series[i : i+1])[0]
		for j, d := range alone {
			if d.Mean() != together[i][j].Mean() {
				t.Errorf("series %d period %d: mean %v alone, %v among others", i, j, d.Mean(), together[i][j].Mean())
			}
		}
	}
	if got := m.Forecast(nil); len(got) != 0 {
		t.Errorf("no past gives %d forecasts", len(got))
	}
}

// TestWindowsKeepTheLastBack: nothing that validates, or comes after it, is trained on.
func TestWindowsKeepTheLastBack(t *testing.T) {
	form := quick.withDefaults()
	training, validation := form.windows(plain(make([]float64, 20), make([]float64, 11), make([]float64, 10), make([]float64, 3)))
	if want := []window{{0, 16}, {1, 7}, {2, 6}}; !slices.Equal(validation, want) {
		t.Errorf("validation %v, want %v", validation, want)
	}
	var want []window
	for origin := 12; origin >= 3; origin-- {
		want = append(want, window{0, origin})
	}
	if want = append(want, window{1, 3}); !slices.Equal(training, want) {
		t.Errorf("training %v, want %v", training, want)
	}
}

func TestTrainStops(t *testing.T) {
	series := noise(rand.New(rand.NewPCG(37, 1)), 6, 60)
	rng := rand.New(rand.NewPCG(9, 9))
	for _, short := range [][]Series{nil, plain(nil), plain(make([]float64, 8)), plain([]float64{1, 2})} {
		if _, err := TrainLSTM(t.Context(), short, quick, rng); !errors.Is(err, ErrTooShort) {
			t.Errorf("%d short series give %v", len(short), err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	form := quick
	form.Epochs, form.Patience = 1000, 1000
	var told []Progress
	form.Progress = func(p Progress) {
		told = append(told, p)
		if p.Epoch == 1 {
			cancel()
		}
	}
	if _, err := TrainLSTM(ctx, series, form, rng); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled training gives %v", err)
	}
	if len(told) < 2 || !(told[0].Training > 0 && told[0].Validation > 0) {
		t.Errorf("told %+v", told)
	}
	form.Epochs, form.Patience = 200, 2
	epochs := 0
	form.Seeds, form.Progress = 1, func(p Progress) { epochs = p.Epoch + 1 }
	train(t, series, form, 10)
	if epochs >= 200 {
		t.Error("noise is learned from for 200 epochs")
	}
}
