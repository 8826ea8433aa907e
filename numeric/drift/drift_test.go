package drift

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/numeric/distribution"
)

// laws are the shapes that losses come in, each of standard deviation 1.
var laws = map[string]func(*rand.Rand) float64{
	"normal":      func(r *rand.Rand) float64 { return 1 + r.NormFloat64() },
	"exponential": func(r *rand.Rand) float64 { return r.ExpFloat64() },
	"mostly zero": func(r *rand.Rand) float64 {
		if r.Float64() < .6 {
			return 0
		}
		return 1.25 * r.ExpFloat64()
	},
}

// TestPSILaw holds the index of samples that come from the same distribution against
// (1/n + 1/m)·χ²: its mean within 4 % and its 5 % limit exceeded by 3.5 to 6.5 %.
func TestPSILaw(t *testing.T) {
	const runs = 2000
	for name, draw := range map[string]func(*rand.Rand) float64{
		"normal": func(r *rand.Rand) float64 { return r.NormFloat64() },
		"counts": func(r *rand.Rand) float64 { return distribution.DrawPoisson(3, r) },
	} {
		rng := rand.New(rand.NewPCG(1, 15))
		beyond, scaled := 0, 0.0
		for range runs {
			reference, err := NewReference(sample(400, rng, draw), 10)
			if err != nil {
				t.Fatal(err)
			}
			test, err := reference.PSI(sample(200, rng, draw))
			if err != nil {
				t.Fatal(err)
			}
			freedom := float64(len(reference.Counts) - 1)
			scaled += test.Statistic / (1./400 + 1./200) / freedom / runs
			if test.P <= .05 {
				beyond++
			}
		}
		if share := float64(beyond) / runs; share < .035 || share > .065 {
			t.Errorf("%s: %.3f of the indices lie beyond their 5 %% limit", name, share)
		}
		if math.Abs(scaled-1) > .04 {
			t.Errorf("%s: the index is %.3f of its expectation", name, scaled)
		}
	}
}

func sample(n int, rng *rand.Rand, draw func(*rand.Rand) float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = draw(rng)
	}
	return values
}

func TestReferenceOfSharedValues(t *testing.T) {
	for _, row := range []struct {
		name         string
		sample, live []float64
		want         Reference
		moved        bool
	}{
		{"distinct", []float64{8, 1, 2, 3, 4, 5, 6, 7}, []float64{1, 3, 5, 7}, Reference{[]float64{2, 4, 6}, []int{2, 2, 2, 2}}, false},
		{"many zeros", []float64{0, 0, 0, 0, 0, 0, 1, 2}, []float64{0, 0, 0, 1}, Reference{[]float64{0}, []int{6, 2}}, false},
		{"constant", []float64{3, 3, 3, 3, 3, 3, 3, 3}, []float64{2, 2, 2, 2, 2, 2}, Reference{[]float64{math.Nextafter(3, 0), 3}, []int{0, 8, 0}}, true},
	} {
		got, err := NewReference(row.sample, 4)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
		test, err := got.PSI(row.live)
		if err != nil {
			t.Fatal(err)
		}
		if moved := test.P < .05; moved != row.moved {
			t.Errorf("%s: P %v", row.name, test.P)
		}
	}
}

// TestTestsDoNotDependOnUnits moves and stretches both samples, and shuffles one.
func TestTestsDoNotDependOnUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(-50, 50), 8, 60)
		x, y := floats(values.Draw(t, "reference")), floats(values.Draw(t, "live"))
		a, b := float64(rapid.IntRange(-9, 9).Draw(t, "shift")), math.Ldexp(1, rapid.IntRange(-3, 3).Draw(t, "scale"))
		moved := func(from []float64) []float64 {
			to := slices.Clone(from)
			for i := range to {
				to[i] = a + b*to[i]
			}
			slices.Reverse(to)
			return to
		}
		one, err := KolmogorovSmirnov(x, y)
		if err != nil {
			t.Fatal(err)
		}
		other, err := KolmogorovSmirnov(moved(x), moved(y))
		if err != nil {
			t.Fatal(err)
		}
		if one != other {
			t.Fatalf("Kolmogorov-Smirnov: %v and %v", one, other)
		}
		if one.P < 0 || one.P > 1 || one.Statistic < 0 || one.Statistic > 1 {
			t.Fatalf("Kolmogorov-Smirnov: %v", one)
		}
		first, err := Wasserstein(x, y)
		var constant *ConstantError
		if errors.As(err, &constant) {
			return
		}
		second, _ := Wasserstein(moved(x), moved(y))
		if math.Abs(first-second) > 1e-9*(1+first) {
			t.Fatalf("Wasserstein: %v and %v", first, second)
		}
	})
}

func floats(from []int) []float64 {
	to := make([]float64, len(from))
	for i, x := range from {
		to[i] = float64(x)
	}
	return to
}

// TestMarsagliasValues are 1 - K(n, d) as printed in Marsaglia, Tsang & Wang (2003).
func TestMarsagliasValues(t *testing.T) {
	near(t, "K(10, .274)", UniformityTail(.274, 10), 1-.6284796154565, 1e-9)
	near(t, "K(2000, .04)", UniformityTail(.04, 2000), 1-.99676943191713676985, 1e-9)
}

func TestUniformityFindsADeviation(t *testing.T) {
	var even, heaped []float64
	for i := range 100 {
		u := (float64(i) + .5) / 100
		even, heaped = append(even, u), append(heaped, u*u)
	}
	if test, err := Uniformity(even); err != nil || test.P < .999 || math.Abs(test.Statistic-.005) > 1e-12 {
		t.Errorf("an even spread: %v, %v", test, err)
	}
	if test, err := Uniformity(heaped); err != nil || test.P > 1e-4 {
		t.Errorf("a heap: %v, %v", test, err)
	}
}

// TestBadSamples: what cannot be tested is an error that says where.
func TestBadSamples(t *testing.T) {
	var few *TooFewError
	var value *ValueError
	var constant *ConstantError
	good := []float64{1, 2, 3}
	for name, tt := range map[string]struct {
		err  error
		into any
	}{
		"reference too small":   {second(NewReference(good, 4)), &few},
		"reference not finite":  {second(NewReference([]float64{1, 2, 3, math.NaN()}, 2)), &value},
		"live empty":            {second(Reference{[]float64{1}, []int{3, 4}}.PSI(nil)), &few},
		"one category":          {second(PSI([]int{0, 3}, []int{0, 4})), &few},
		"no reference counts":   {second(ChiSquare([]int{0, 0}, []int{1, 4})), &few},
		"samples empty":         {second(KolmogorovSmirnov(good, nil)), &few},
		"sample not finite":     {second(KolmogorovSmirnov([]float64{math.Inf(1)}, good)), &value},
		"outside of [0, 1]":     {second(Uniformity(good)), &value},
		"constant reference":    {second(Wasserstein([]float64{2, 2}, good)), &constant},
		"reference of one":      {second(Wasserstein([]float64{2}, good)), &few},
		"live value too large":  {second(Wasserstein(good, []float64{1e200})), &value},
		"uniformity of nothing": {second(Uniformity(nil)), &few},
	} {
		if tt.err == nil || !errors.As(tt.err, tt.into) || tt.err.Error() == "" {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
}

// TestLargeSamplesUseTheLimit: with 2,000 values on either side P is Kolmogorov's, and a shift
// by a tenth of σ is found.
func TestLargeSamplesUseTheLimit(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	x, y := sample(2000, rng, laws["normal"]), sample(2000, rng, laws["normal"])
	same, err := KolmogorovSmirnov(x, y)
	if err != nil {
		t.Fatal(err)
	}
	if want := KolmogorovTail(same.Statistic * math.Sqrt(1000)); same.P != want || want < .01 {
		t.Errorf("P %v, want %v", same.P, want)
	}
	near(t, "the limit beside the exact law", SmirnovTail(.04, 2000, 2000), KolmogorovTail(.04*math.Sqrt(1000)), .05)
	for i := range y {
		y[i] += .1
	}
	if moved, err := KolmogorovSmirnov(x, y); err != nil || moved.P > .01 {
		t.Errorf("a shift: %v, %v", moved, err)
	}
}

// TestMistakesOfTheProgram: what only a wrong call can bring about panics.
func TestMistakesOfTheProgram(t *testing.T) {
	normal := distribution.NewNormal(0, 1)
	for name, call := range map[string]func(){
		"one bin":               func() { NewReference([]float64{1, 2}, 1) },
		"bins that differ":      func() { PSI([]int{1}, []int{1, 2}) },
		"a negative count":      func() { ChiSquare([]int{1, -1}, []int{1, 2}) },
		"a P of 2":              func() { BenjaminiHochberg([]float64{2}) },
		"a certainty of 1":      func() { NewADWIN(ADWINForm{Delta: 1}) },
		"a negative threshold":  func() { NewPageHinkley(PageHinkleyForm{Threshold: -1}) },
		"a negative shift":      func() { NewMonitor(nil, MonitorForm{Shift: -1}) },
		"no limit":              func() { RunLength(normal, .5, 0) },
		"a run of 1":            func() { Limit(normal, .5, 1) },
		"an unstoppable upward": func() { Limit(distribution.NewNormal(9, 1), .5, 1e9) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

func second[T any](_ T, err error) error { return err }

// TestADWINKeepsTheWindow holds count, mean and variance of the buckets against the values
// themselves, and the number of buckets against O(Buckets·log n).
func TestADWINKeepsTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		form := ADWINForm{Delta: .05, Buckets: rapid.IntRange(2, 8).Draw(t, "buckets"), Clock: rapid.IntRange(1, 9).Draw(t, "clock")}
		window := NewADWIN(form)
		var values []float64
		level := 0.0
		for range rapid.IntRange(1, 400).Draw(t, "values") {
			if rng.Float64() < .01 {
				level = 3 * rng.NormFloat64()
			}
			values = append(values, level+rng.Float64())
			if alarm, cut := window.Update(values[len(values)-1]); cut {
				if alarm.At != len(values) || alarm.Since != len(values)-window.Width()+1 || !(alarm.Statistic > alarm.Limit) {
					t.Fatalf("%+v with a window of %d after %d", alarm, window.Width(), len(values))
				}
				mean, _ := spread(values[alarm.Since-1:])
				if math.Abs(alarm.After-mean) > 1e-9 {
					t.Fatalf("mean after the cut: %v, want %v", alarm.After, mean)
				}
			}
			mean, squares := spread(values[len(values)-window.Width():])
			if math.Abs(window.Mean()-mean) > 1e-9 || math.Abs(window.Variance()-squares/float64(window.Width())) > 1e-9 {
				t.Fatalf("after %d: mean %v, want %v; variance %v", len(values), window.Mean(), mean, window.Variance())
			}
			buckets := 0
			for _, row := range window.Rows {
				buckets += len(row)
			}
			if most := form.Buckets * (2 + int(math.Log2(float64(len(values))))); buckets > most {
				t.Fatalf("%d buckets for %d values", buckets, len(values))
			}
		}
	})
}

// TestADWINErrs measures what the method promises: while nothing changes, a cut at no more than
// the share δ of all values, and a shift of one standard deviation seen within 60 values on
// average.
func TestADWINErrs(t *testing.T) {
	const runs, delta = 300, .002
	for name, draw := range laws {
		false_, values := 0, 0
		var delays []float64
		for run := range uint64(runs) {
			rng := rand.New(rand.NewPCG(run, 7))
			window := NewADWIN(ADWINForm{Delta: delta})
			for range 1000 {
				values++
				if _, cut := window.Update(draw(rng)); cut {
					false_++
				}
			}
			window = NewADWIN(ADWINForm{Delta: delta})
			for range 300 {
				window.Update(draw(rng))
			}
			for delay := 1; ; delay++ {
				if alarm, cut := window.Update(draw(rng) + 1); cut && alarm.After > alarm.Before {
					delays = append(delays, float64(delay))
					break
				}
			}
		}
		slices.Sort(delays)
		mean, _ := spread(delays)
		t.Logf("%s: %d false cuts in %d values; delay mean %.1f, 95 %% %v", name, false_, values, mean, delays[runs*95/100])
		if float64(false_)/float64(values) > delta {
			t.Errorf("%s: %d false cuts in %d values", name, false_, values)
		}
		if mean > 60 {
			t.Errorf("%s: a shift by σ is seen after %.1f values on average", name, mean)
		}
	}
}

// TestCUSUMRunsAsLongAsComputed simulates what RunLength computes.
func TestCUSUMRunsAsLongAsComputed(t *testing.T) {
	const runs = 4000
	for name, row := range map[string]struct {
		law  distribution.Distribution
		k, h float64
	}{
		"normal":  {distribution.NewNormal(0, 1), .5, 3},
		"shifted": {distribution.NewNormal(1, 1), .5, 4},
		"skew":    {distribution.NewScaled(distribution.NewGamma(1, 1), -1, 1), .5, 4},
		"t":       {distribution.NewStudentT(0, 1, 4), .5, 4},
	} {
		rng := rand.New(rand.NewPCG(4, 2))
		var lengths []float64
		for range runs {
			sum := CUSUM{K: row.k, H: row.h, UpOnly: true}
			for {
				if alarm, found := sum.Update(distribution.Sample(row.law, rng)); found {
					lengths = append(lengths, float64(alarm.At))
					break
				}
			}
		}
		mean, squares := spread(lengths)
		se := math.Sqrt(squares) / runs
		if want := RunLength(row.law, row.k, row.h); math.Abs(mean-want) > 4*se {
			t.Errorf("%s: runs for %.2f (±%.2f), computed %.2f", name, mean, se, want)
		}
	}
}

func TestCUSUMTellsWhenItBegan(t *testing.T) {
	for name, tt := range map[string]struct {
		values []float64
		want   Alarm
	}{
		"rise": {[]float64{0, -1, .25, 2, 3}, Alarm{At: 5, Since: 4, Statistic: 4, Limit: 3.5, Before: -.25, After: 2.5}},
		"fall": {[]float64{0, 1, -3, -2}, Alarm{At: 4, Since: 3, Statistic: 4, Limit: 3.5, Before: .5, After: -2.5}},
	} {
		sum := CUSUM{K: .5, H: 3.5}
		got := detections(tt.values, sum.Update)
		if diff := gocmp.Diff([]Alarm{tt.want}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestPageHinkleyTellsWhenItBegan: forty values of 2, then one more or less.
func TestPageHinkleyTellsWhenItBegan(t *testing.T) {
	for _, step := range []float64{1, -1} {
		values := make([]float64, 60)
		for i := range values {
			values[i] = 2
			if i >= 40 {
				values[i] += step
			}
		}
		got := detections(values, NewPageHinkley(PageHinkleyForm{Threshold: 5}).Update)
		if len(got) != 1 || got[0].Since != 41 || got[0].Before != 2 || math.Abs(got[0].After-2-step) > 1e-12 {
			t.Errorf("a step by %v: %+v", step, got)
		}
	}
}

// TestWatchersCanBeKept interrupts each watcher at every value, keeps it as JSON and goes on
// with what comes back: the alarms are the same to the last bit, and values that are not
// finite change nothing.
func TestWatchersCanBeKept(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	values := []float64{math.NaN(), math.Inf(1)}
	for i := range 400 {
		values = append(values, rng.ExpFloat64()+float64(i/200))
	}
	keep(t, "ADWIN", values, NewADWIN(ADWINForm{}), func(w *ADWIN, x float64) (any, bool) { return pack(w.Update(x)) })
	keep(t, "Page-Hinkley", values, NewPageHinkley(PageHinkleyForm{Threshold: 20}), func(w *PageHinkley, x float64) (any, bool) { return pack(w.Update(x)) })
	keep(t, "CUSUM", values, &CUSUM{K: 1.5, H: 6}, func(w *CUSUM, x float64) (any, bool) { return pack(w.Update(x)) })
	keep(t, "Monitor", values, NewMonitor(values[:40], MonitorForm{Window: 100}), func(w *Monitor, x float64) (any, bool) { return pack(w.Update(x)) })
}

func pack[T any](v T, found bool) (any, bool) { return v, found }

func keep[T any](t *testing.T, name string, values []float64, watcher *T, update func(*T, float64) (any, bool)) {
	t.Helper()
	text, err := json.Marshal(watcher)
	if err != nil {
		t.Fatal(err)
	}
	alarms := 0
	for i, x := range values {
		kept := new(T)
		if err := json.Unmarshal(text, kept); err != nil {
			t.Fatal(err)
		}
		want, found := update(watcher, x)
		got, foundAgain := update(kept, x)
		if found {
			alarms++
		}
		if diff := gocmp.Diff(want, got); diff != "" || found != foundAgain {
			t.Fatalf("%s: after %d values: %s", name, i, diff)
		}
		if text, err = json.Marshal(kept); err != nil {
			t.Fatal(err)
		}
	}
	if alarms == 0 {
		t.Errorf("%s: no alarm to compare", name)
	}
}

// TestMonitorKeepsItsBudget counts false alarms in streams that never change: with the zero
// form one in 100 losses at most (a 2 % margin for the simulation), whatever losses look like
// and however small the reference is.
func TestMonitorKeepsItsBudget(t *testing.T) {
	form := NewMonitor(nil, MonitorForm{}).Form
	for name, draw := range laws {
		for _, known := range []int{0, 26, 104} {
			alarms, losses := 0, 0
			for run := range uint64(200) {
				rng := rand.New(rand.NewPCG(run, uint64(known)))
				form.Seed = run
				m := NewMonitor(sample(known, rng, draw), form)
				for range 500 {
					losses++
					if _, alarm := m.Update(draw(rng)); alarm {
						alarms++
					}
				}
			}
			per := float64(losses) / float64(alarms)
			t.Logf("%s, %d known: an alarm in %.1f losses", name, known, per)
			if per < 98 {
				t.Errorf("%s, %d known: a false alarm in %.1f losses", name, known, per)
			}
		}
	}
}

// TestMonitorSeesARise: losses that rise by one standard deviation raise an alarm within 60
// losses, in the order of ten on average, say by how much, and alarm again while it lasts.
func TestMonitorSeesARise(t *testing.T) {
	form := NewMonitor(nil, MonitorForm{}).Form
	for name, draw := range laws {
		var delays []float64
		again, rises := 0, 0.0
		const runs = 300
		for run := range uint64(runs) {
			rng := rand.New(rand.NewPCG(run, 9))
			form.Seed = run
			m := NewMonitor(sample(104, rng, draw), form)
			first := true
			for i := 1; i <= 60; i++ {
				alarm, found := m.Update(draw(rng) + 1)
				if found && first {
					delays, first = append(delays, float64(i)), false
					rises += (alarm.After - alarm.Before) / runs
				} else if found {
					again++
				}
			}
		}
		mean, _ := spread(delays)
		t.Logf("%s: %d of %d seen, delay %.1f, rise %.2f, further alarms %.1f", name, len(delays), runs, mean, rises, float64(again)/runs)
		if len(delays) < runs*99/100 || mean > 15 {
			t.Errorf("%s: %d of %d rises seen, after %.1f losses", name, len(delays), runs, mean)
		}
		if again < runs {
			t.Errorf("%s: a rise that lasts is said again %d times in %d streams", name, again, runs)
		}
	}
}

// TestRanksAreUniform: a loss takes its place among those before it and itself, anywhere in
// it, and its equals share theirs.
func TestRanksAreUniform(t *testing.T) {
	for _, tt := range []struct{ loss, low, high float64 }{{0, 0, .2}, {1.5, .2, .4}, {2, .2, .8}, {9, .8, 1}} {
		least, most := 1.0, 0.0
		for seed := range uint64(2000) {
			m := Monitor{Form: MonitorForm{Seed: seed}, Past: []float64{2, 3, 1, 2}}
			u := m.rank(tt.loss)
			least, most = min(least, u), max(most, u)
		}
		if least < tt.low || least > tt.low+.002 || most > tt.high || most < tt.high-.002 {
			t.Errorf("a loss of %v has ranks from %v to %v, want %v to %v", tt.loss, least, most, tt.low, tt.high)
		}
	}
}

// TestMonitorKeepsTheLatest: of six losses a window of four keeps the last, in order.
func TestMonitorKeepsTheLatest(t *testing.T) {
	m := NewMonitor([]float64{1, 2, 3, 4, 5, 6}, MonitorForm{Window: 4})
	if before, after := m.around(2); before != 3.5 || after != 5.5 {
		t.Errorf("means %v and %v, want 3.5 and 5.5", before, after)
	}
}

// TestMonitorWatchesRises: losses that fall are no alarm, and those that creep up by σ within
// 200 losses are one of the window, the ranks being told to bear with much.
func TestMonitorWatchesRises(t *testing.T) {
	form := NewMonitor(nil, MonitorForm{RunLength: 1e6, Shift: 3}).Form
	crept := 0
	for run := range uint64(50) {
		rng := rand.New(rand.NewPCG(run, 6))
		down, up := NewMonitor(sample(100, rng, laws["normal"]), form), NewMonitor(sample(100, rng, laws["normal"]), form)
		seen := false
		for i := range 300 {
			if alarm, found := down.Update(laws["normal"](rng) - 2); found {
				t.Errorf("an alarm at losses that fell: %+v", alarm)
			}
			alarm, found := up.Update(laws["normal"](rng) + math.Min(1, float64(i)/200))
			seen = seen || found && alarm.By == ByWindow && alarm.After > alarm.Before
		}
		if seen {
			crept++
		}
	}
	if crept < 45 {
		t.Errorf("a slow rise is seen in %d of 50 streams", crept)
	}
}

// TestMonitorForgets: after a restart on losses of the new level there is no alarm left.
func TestMonitorForgets(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	m := NewMonitor(sample(100, rng, laws["normal"]), MonitorForm{RunLength: 2000})
	for range 50 {
		m.Update(laws["normal"](rng) + 3)
	}
	var fresh []float64
	for range 100 {
		fresh = append(fresh, laws["normal"](rng)+3)
	}
	m.Restart(fresh)
	if m.Seen != 50 {
		t.Errorf("%d losses counted, want 50", m.Seen)
	}
	for i := range 50 {
		if alarm, found := m.Update(laws["normal"](rng) + 3); found {
			t.Errorf("an alarm %d losses after the restart: %+v", i, alarm)
		}
	}
}

func BenchmarkMonitor(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 5))
	m := NewMonitor(sample(256, rng, laws["normal"]), MonitorForm{})
	losses := sample(1024, rng, laws["normal"])
	i := 0
	for b.Loop() {
		m.Update(losses[i%1024])
		i++
	}
}
