package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/numeric/distribution"

	"github.com/google/go-cmp/cmp"
)

// world simulates series that share a calendar: no counts at position 5 of the
// week, closed at t = 100 … 106, a level that doubles in the second half of each
// cycle of 364, rates that wander slowly and lumpy counts.
func world(series, n int, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 99))
	week := []float64{1.3, 1.2, 1.4, 1, 1.1, 0, 1}
	rows := make([][]float64, series)
	for i := range rows {
		rows[i] = make([]float64, n)
		rate := math.Exp(rng.NormFloat64())
		for t := range rows[i] {
			rate *= math.Exp(0.01 * rng.NormFloat64())
			mu := rate * week[t%7] * season(t)
			if t >= 100 && t < 107 || mu == 0 {
				continue
			}
			rows[i][t] = distribution.Sample(distribution.NewNegativeBinomial(mu, 0.3*math.Sqrt(mu)), rng)
		}
	}
	return rows
}

func season(t int) float64 { return 1.5 + 0.5*math.Tanh(40*math.Sin(2*math.Pi*float64(t-182)/364)) }

func TestIndex(t *testing.T) {
	const n, h = 560, 28
	index, err := FitIndex(Activity(world(800, n, 3)), h, nil, IndexForm{})
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range index.Offsets {
		closed := i%7 == 5 || i >= 100 && i < 107
		if closed != (o == 0) {
			t.Fatalf("offset %d = %v, closed %v", i, o, closed)
		}
	}
	if o := index.Positions; o[2] < o[3] || o[5] != 0 {
		t.Errorf("positions %v", o)
	}
	// 520 … 588 lies around 546, where the level rises from 1 to 2
	if before, after := mean(index.Offsets[504:532]), mean(index.Offsets[560:588]); after < before {
		t.Errorf("offsets fall from %v to %v where the level rises", before, after)
	}
	if index.Trust < 0 || index.Trust > 1 {
		t.Errorf("trust %v", index.Trust)
	}
	closed := make([]bool, h)
	closed[3] = true
	rest, _ := FitIndex(Activity(world(50, n, 3)), h, closed, IndexForm{})
	if rest.Offsets[n+3] != 0 {
		t.Errorf("closed period has offset %v", rest.Offsets[n+3])
	}
}

// TestIndexSeesTheCycle: the rise of one cycle ago is expected again.
func TestIndexSeesTheCycle(t *testing.T) {
	activity := make([]float64, 364+182)
	for i := range activity {
		activity[i] = 100 * season(i)
	}
	index, err := FitIndex(activity, 28, nil, IndexForm{})
	if err != nil {
		t.Fatal(err)
	}
	last, next := mean(index.Offsets[len(activity)-28:len(activity)]), mean(index.Offsets[len(activity)+7:])
	if next/last < 1.6 || index.Trust < 0.9 {
		t.Errorf("offsets rise by %v with trust %v, want nearly 2", next/last, index.Trust)
	}
	flat := make([]float64, 560)
	rng := rand.New(rand.NewPCG(1, 8))
	for i := range flat {
		flat[i] = 100 + 10*rng.NormFloat64()
	}
	calm, _ := FitIndex(flat, 28, nil, IndexForm{})
	if calm.Trust > 0.3 {
		t.Errorf("trust %v in noise", calm.Trust)
	}
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func TestPanelIsCalibrated(t *testing.T) {
	const n, h = 540, 28
	rows := world(1200, n+h, 5)
	train := make([][]float64, len(rows))
	for i := range rows {
		train[i] = rows[i][:n]
	}
	activity := make([]float64, n) // most series of this world are active every day: take sums
	for _, y := range train {
		for t, v := range y {
			activity[t] += v
		}
	}
	p, err := FitPanel(train, PanelForm{Activity: activity})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(6, 6))
	var daily, totals Coverage
	var sumF, sumA float64
	for i := range rows {
		f := p.Forecast(i)
		total := 0.0
		for j, y := range rows[i][n:] {
			daily.Add(f.Period[j], y, .8, rng)
			total += y
		}
		totals.AddClosed(f.Total, total, .8)
		sumF += f.Total.Mean()
		sumA += total
	}
	if s := daily.Share(); math.Abs(s-.8) > .02 {
		t.Errorf("coverage of periods %v, want .8", s)
	}
	if s := totals.Share(); math.Abs(s-.8) > .04 {
		t.Errorf("coverage of totals %v, want .8", s)
	}
	if b := sumF/sumA - 1; math.Abs(b) > .15 { // the level doubles within the horizon
		t.Errorf("bias %v", b)
	}
	if p.Error >= p.NaiveError {
		t.Errorf("error %v, seasonal naive %v", p.Error, p.NaiveError)
	}
	for _, f := range []Forecast{p.Forecast(0), p.Forecast(17)} {
		if got, want := mean(f.Means())*h, f.Total.Mean(); relative(got, want) > 1e-12 {
			t.Errorf("means of periods sum to %v, total has %v", got, want)
		}
	}
}

func TestPanelIsDeterministic(t *testing.T) {
	rows := world(60, 500, 2)
	a, err := FitPanel(rows, PanelForm{})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := FitPanel(rows, PanelForm{})
	if diff := cmp.Diff(a, b, cmp.AllowUnexported(Index{})); diff != "" {
		t.Error(diff)
	}
}

// TestPanelMissing hides whole series and stretches and asks for finite answers.
func TestPanelMissing(t *testing.T) {
	rows := world(80, 500, 2)
	for i, y := range rows {
		for t := range y {
			if i == 0 || i%3 == 0 && t > 200 && t < 300 || t == 50 || i%4 == 1 && t > 400 {
				y[t] = math.NaN()
			}
		}
	}
	p, err := FitPanel(rows, PanelForm{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		f := p.Forecast(i)
		for _, d := range append(f.Period, f.Total) {
			if x := d.Mean() + d.Variance() + d.Quantile(.9); math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("series %d: %v", i, x)
			}
		}
	}
	if f := p.Forecast(0); f.Total.Mean() != 0 {
		t.Errorf("series without any value has mean %v", f.Total.Mean())
	}
}

// TestPath compares simulated futures with the closed forms.
func TestPath(t *testing.T) {
	c := Calibration{Scale: 1.1, Size: -1, Slope: 0.5, Drift: 0.1}
	rate, offsets := Rate{Mean: 2, Evidence: 8}, []float64{1, 1.5, 0, 0.7, 2, 1, 1}
	rng := rand.New(rand.NewPCG(4, 4))
	path := make([]float64, len(offsets))
	const paths = 60_000
	totals, second := make([]float64, paths), make([]float64, paths)
	for i := range totals {
		c.Path(path, rate, offsets, rng)
		second[i] = path[1]
		for _, y := range path {
			totals[i] += y
		}
	}
	f := c.Forecast(rate, offsets)
	for _, k := range []struct {
		name      string
		got, want distribution.Distribution
	}{
		{"total", distribution.NewEmpirical(totals), f.Total},
		{"period", distribution.NewEmpirical(second), f.Period[1]},
	} {
		if relative(k.got.Mean(), k.want.Mean()) > .02 || relative(k.got.Variance(), k.want.Variance()) > .05 {
			t.Errorf("%s: simulated %v ± %v, want %v ± %v", k.name, k.got.Mean(), k.got.Variance(), k.want.Mean(), k.want.Variance())
		}
		if a, b := k.got.Quantile(.9), k.want.Quantile(.9); math.Abs(a-b) > 1+.05*b {
			t.Errorf("%s: simulated 90 %% quantile %v, want %v", k.name, a, b)
		}
	}
	if n := testing.AllocsPerRun(100, func() { c.Path(path, rate, offsets, rng) }); n > 0 {
		t.Errorf("Path allocates %v times", n)
	}
}

func TestDraws(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	const n = 60_000
	for _, m := range []float64{0.3, 4, 9.9, 10.1, 250} {
		sum, squares := 0.0, 0.0
		for range n {
			x := distribution.DrawPoisson(m, rng)
			sum += x
			squares += (x - m) * (x - m)
		}
		if relative(sum/n, m) > .03 || relative(squares/n, m) > .04 {
			t.Errorf("Poisson %v: mean %v, variance %v", m, sum/n, squares/n)
		}
	}
	for _, k := range []float64{0.05, 0.9, 3, 200} {
		sum, squares := 0.0, 0.0
		for range n {
			x := distribution.DrawGamma(k, rng)
			sum += x
			squares += (x - k) * (x - k)
		}
		if relative(sum/n, k) > .06 || relative(squares/n, k) > .12 {
			t.Errorf("gamma %v: mean %v, variance %v", k, sum/n, squares/n)
		}
	}
}

func BenchmarkPanel(b *testing.B) {
	rows := world(500, 700, 1)
	for b.Loop() {
		p, err := FitPanel(rows, PanelForm{})
		if err != nil {
			b.Fatal(err)
		}
		for i := range rows {
			p.Forecast(i)
		}
	}
}
