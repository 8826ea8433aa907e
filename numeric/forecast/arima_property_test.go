package forecast

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestARIMALikelihoodIsThatOfTheNormal compares the filter with the density of a normal vector
// whose covariances come from a long moving average, with and without missing values.
func TestARIMALikelihoodIsThatOfTheNormal(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, order := range []arimaOrder{{2, 1, 1, 1, 4}, {0, 2, 0, 1, 5}, {3, 0, 0, 0, 1}, {1, 4, 0, 1, 3}, {0, 0, 0, 0, 1}, {0, 0, 2, 0, 4}} {
		n := 40
		y, x := make([]float64, n), make([]float64, order.parameters())
		for i := range y {
			y[i] = rng.NormFloat64()
		}
		for i := range x {
			x[i] = rng.Float64()*1.6 - .8
		}
		for _, hidden := range [][]int{nil, {0}, {3, 4, 17}, {12, 39}} {
			f := newARIMAFilter(order, append(append([]float64(nil), y...), dummyColumns(n, hidden)...), n, len(hidden))
			f.objective(x)
			used := float64(n - len(hidden))
			sigma2 := f.gls.squares / used
			got := -.5 * (used*math.Log(2*math.Pi*sigma2) + used + f.logDet + f.gls.logDet)
			if want := normalLogDensity(y, hidden, f.natural, order, sigma2); math.Abs(got-want) > 1e-6 {
				t.Errorf("%v without %v: log-likelihood %.9f, want %.9f", order, hidden, got, want)
			}
		}
	}
}

func dummyColumns(n int, at []int) []float64 {
	columns := make([]float64, n*len(at))
	for i, t := range at {
		columns[i*n+t] = 1
	}
	return columns
}

// normalLogDensity is that of y without the hidden values.
func normalLogDensity(y []float64, hidden []int, natural []float64, o arimaOrder, sigma2 float64) float64 {
	ar, ma := newARIMALags(o.p, o.sp, o.m), newARIMALags(o.q, o.sq, o.m)
	a, m, sa, sm := o.split(natural)
	ar.multiply(a, sa, o.m, -1)
	ma.multiply(m, sm, o.m, 1)
	psi := make([]float64, 4000)
	for h := range psi {
		if h == 0 {
			psi[0] = 1
			continue
		}
		if h <= len(ma.c) {
			psi[h] = ma.c[h-1]
		}
		for j := 1; j <= min(h, len(ar.c)); j++ {
			psi[h] += ar.c[j-1] * psi[h-j]
		}
	}
	var kept []int
	for t := range y {
		hide := false
		for _, h := range hidden {
			hide = hide || h == t
		}
		if !hide {
			kept = append(kept, t)
		}
	}
	k := len(kept)
	cov, e := make([]float64, k*k), make([]float64, k)
	for i := range kept {
		for j := range i + 1 {
			gap := kept[i] - kept[j]
			cov[i*k+j] = sigma2 * arimaDot(psi[gap:], psi[:len(psi)-gap])
		}
		e[i] = y[kept[i]]
	}
	arimaCholesky(cov, k)
	arimaForward(cov, e, k)
	density := -.5 * (arimaDot(e, e) + float64(k)*math.Log(2*math.Pi))
	for i := range k {
		density -= math.Log(cov[i*k+i])
	}
	return density
}

func TestARIMALikelihoodDoesNotAllocate(t *testing.T) {
	y := referenceSeries(t)["AirPassengers"]
	form := ARIMAForm{P: 2, D: 1, Q: 1, SeasonalP: 1, SeasonalD: 1, SeasonalQ: 1, Period: 12}
	design, err := newARIMADesign(y, form, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := design.filter(form.order(), false)
	x := []float64{.3, .1, -.4, .2, .5}
	if got := testing.AllocsPerRun(50, func() { f.objective(x) }); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

// TestARIMAUnits: y → 10 y and, with a difference or a mean, y → y + 1000 change nothing else.
func TestARIMAUnits(t *testing.T) {
	y := referenceSeries(t)["USAccDeaths"]
	ten, up := make([]float64, len(y)), make([]float64, len(y))
	for i, v := range y {
		ten[i], up[i] = 10*v, v+1000
	}
	for _, form := range []ARIMAForm{
		{D: 1, Q: 1, SeasonalD: 1, SeasonalQ: 1, Period: 12},
		{P: 2, Q: 1, Constant: true, SeasonalP: 1, Period: 12},
	} {
		a, errA := FitARIMA(y, form)
		b, errB := FitARIMA(ten, form)
		c, errC := FitARIMA(up, form)
		if err := errors.Join(errA, errB, errC); err != nil {
			t.Fatal(err)
		}
		if got, want := b.LogLik, a.LogLik-float64(a.Observations)*math.Log(10); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: log-likelihood of ten times the series %v, want %v", a.Name(), got, want)
		}
		if math.Abs(c.LogLik-a.LogLik) > 1e-6 {
			t.Errorf("%s: log-likelihood of the shifted series %v, want %v", a.Name(), c.LogLik, a.LogLik)
		}
		fa, fb, fc := a.Forecast(15), b.Forecast(15), c.Forecast(15)
		for h := range fa.Period {
			sd := math.Sqrt(fa.Period[h].Variance())
			if math.Abs(fb.Period[h].Mean()-10*fa.Period[h].Mean()) > 1e-2*sd || math.Abs(fc.Period[h].Mean()-1000-fa.Period[h].Mean()) > 1e-3*sd {
				t.Errorf("%s: forecast %d: %v, %v, %v", a.Name(), h+1, fa.Period[h].Mean(), fb.Period[h].Mean(), fc.Period[h].Mean())
			}
		}
	}
}

// TestARIMAUpdate: learning values one by one leads where filtering all of them leads, and a missing one is
// predicted through.
func TestARIMAUpdate(t *testing.T) {
	series := referenceSeries(t)
	trend := Regressor{"trend", make([]float64, 300)}
	for i := range trend.Values {
		trend.Values[i] = float64(i * i % 17)
	}
	for _, c := range []struct {
		name string
		form ARIMAForm
	}{
		{"AirPassengers", ARIMAForm{P: 2, D: 1, Q: 1, SeasonalD: 1, Period: 12}},
		{"UKgas", ARIMAForm{P: 1, Q: 1, SeasonalD: 1, SeasonalQ: 1, Period: 4, Constant: true}},
		{"lynx", ARIMAForm{P: 3, Q: 2, Constant: true}},
		{"Nile", ARIMAForm{Q: 2, Constant: true, Regressors: []Regressor{trend}}},
		{"presidents", ARIMAForm{P: 1, SeasonalQ: 1, Period: 4, Constant: true}},
	} {
		y := append([]float64(nil), series[c.name]...)
		first := len(y) - 10
		for _, hide := range []bool{false, true} {
			if hide {
				y[first+4], y[first+5] = math.NaN(), math.NaN()
			}
			m, err := FitARIMA(y[:first], c.form)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := FitARIMA(y[:first], c.form)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range y[first:] {
				m.Update(v)
			}
			filled, gaps := arimaInterpolate(y[whole.lead:])
			whole.series, whole.gaps = filled, gaps
			whole.condition(gaps)
			f, g := m.Forecast(9), whole.Forecast(9)
			for h := range f.Period {
				sd := math.Sqrt(g.Period[h].Variance())
				if math.Abs(f.Period[h].Mean()-g.Period[h].Mean()) > 1e-6*sd || relative(f.Period[h].Variance(), g.Period[h].Variance()) > 1e-6 {
					t.Errorf("%s %s: forecast %d is %v, want %v", c.name, m.Name(), h+1, f.Period[h], g.Period[h])
				}
			}
			if relative(f.Total.Variance(), g.Total.Variance()) > 1e-6 {
				t.Errorf("%s %s: total %v, want %v", c.name, m.Name(), f.Total, g.Total)
			}
		}
	}
}

// TestARIMAPath compares moments of 20,000 paths with the forecast, also after missing values.
func TestARIMAPath(t *testing.T) {
	series := referenceSeries(t)
	gaps := append([]float64(nil), series["USAccDeaths"]...)
	for _, i := range []int{60, 69, 70, 71} {
		gaps[i] = math.NaN()
	}
	for name, c := range map[string]struct {
		y    []float64
		form ARIMAForm
	}{
		"short season": {series["JohnsonJohnson"][:24], ARIMAForm{D: 1, Q: 1, SeasonalD: 1, SeasonalQ: 1, Period: 4}},
		"gaps":         {gaps, ARIMAForm{D: 1, Q: 1, SeasonalD: 1, SeasonalQ: 1, Period: 12}},
		"level":        {series["lynx"], ARIMAForm{P: 2, Q: 2, Constant: true}},
	} {
		m, err := FitARIMA(c.y, c.form)
		if err != nil {
			t.Fatal(err)
		}
		const h, draws = 7, 20000
		f := m.Forecast(h)
		rng := rand.New(rand.NewPCG(7, 7))
		path := make([]float64, h)
		var sum, squares [h + 1]float64
		for range draws {
			m.Path(path, rng)
			total := 0.0
			for i, v := range path {
				v -= f.Period[i].Mean()
				sum[i] += v
				squares[i] += v * v
				total += v
			}
			sum[h] += total
			squares[h] += total * total
		}
		for i := range h + 1 {
			want := f.Total.Variance()
			if i < h {
				want = f.Period[i].Variance()
			}
			if mean := sum[i] / draws; math.Abs(mean) > 4*math.Sqrt(want/draws) {
				t.Errorf("%s: paths are off by %v in period %d", name, mean, i+1)
			}
			if got := squares[i] / draws; relative(got, want) > .05 {
				t.Errorf("%s: variance of paths %v in period %d, want %v", name, got, i+1, want)
			}
		}
	}
}

// TestARIMARecovers simulates ARMA processes and asks for the coefficients back within four
// standard errors.
func TestARIMARecovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 10 {
		phi, theta, seasonal := .7-.4*rng.Float64(), .6*rng.Float64()-.3, .5*rng.Float64()
		y, e := make([]float64, 1200), make([]float64, 1200)
		for i := range y {
			e[i] = rng.NormFloat64()
			y[i] = 5 + e[i]
			if i >= 8 {
				y[i] = 5 + phi*(y[i-1]-5) + e[i] + theta*e[i-1] + seasonal*e[i-7] + theta*seasonal*e[i-8]
			}
		}
		m, err := FitARIMA(y, ARIMAForm{P: 1, Q: 1, SeasonalQ: 1, Period: 7, Constant: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []float64{phi, theta, seasonal, 5} {
			if c := m.Coefficients()[i]; !(math.Abs(c.Estimate-want) < 4*c.StdErr) || c.StdErr > .2 {
				t.Errorf("%s = %v ± %v, simulated with %v", c.Name, c.Estimate, c.StdErr, want)
			}
		}
	}
}

func TestARIMARegressorErrors(t *testing.T) {
	y := referenceSeries(t)["Nile"]
	a, b := make([]float64, len(y)+4), make([]float64, len(y)+4)
	for i := range a {
		a[i] = math.Sin(float64(i))
		b[i] = 3 - 2*a[i]
	}
	_, err := FitARIMA(y, ARIMAForm{P: 1, Constant: true, Regressors: []Regressor{{"wave", a}, {"echo", b}}})
	if !errors.Is(err, ErrDependent) || !strings.Contains(err.Error(), "echo") {
		t.Errorf("dependent regressor: %v", err)
	}
	_, err = FitARIMA(y, ARIMAForm{P: 1, Horizon: 5, Regressors: []Regressor{{"wave", a}}})
	if err == nil || !strings.Contains(err.Error(), "wave") || !strings.Contains(err.Error(), "105") {
		t.Errorf("regressor without a future value: %v", err)
	}
	a[7] = math.NaN()
	_, err = FitARIMA(y, ARIMAForm{Regressors: []Regressor{{"wave", a}}})
	if err == nil || !strings.Contains(err.Error(), "period 8") {
		t.Errorf("regressor with a hole: %v", err)
	}
	var short *TooShortError
	if _, err := FitARIMA(y[:5], ARIMAForm{P: 3, D: 1, Q: 3}); !errors.As(err, &short) {
		t.Errorf("five values: %v", err)
	}
}

// TestARIMAHardInput: an answer without NaN, or a *TooShortError, whatever comes in.
func TestARIMAHardInput(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	series := map[string][]float64{"empty": nil, "one": {3}, "two": {3, 4}, "three": {1, 5, 2}, "four": {1, 5, 2, 8}}
	add := func(name string, n int, f func(i int) float64) {
		y := make([]float64, n)
		for i := range y {
			y[i] = f(i)
		}
		series[name] = y
	}
	add("constant", 40, func(int) float64 { return 7.3 })
	add("zero", 40, func(int) float64 { return 0 })
	add("missing", 40, func(int) float64 { return math.NaN() })
	add("line", 40, func(i int) float64 { return 3 * float64(i) })
	add("parabola", 40, func(i int) float64 { return float64(i * i) })
	add("season", 60, func(i int) float64 { return float64(i % 12) })
	add("season and line", 60, func(i int) float64 { return float64(i%12) + float64(i) })
	add("outlier", 60, func(i int) float64 {
		if i == 31 {
			return 1e12
		}
		return rng.NormFloat64()
	})
	add("negative", 60, func(int) float64 { return -100 + rng.NormFloat64() })
	add("tiny", 60, func(int) float64 { return 1e-200 * rng.NormFloat64() })
	add("huge level", 60, func(int) float64 { return 1e12 + rng.NormFloat64() })
	add("nine", 9, func(int) float64 { return rng.NormFloat64() })
	add("thirteen", 13, func(int) float64 { return rng.NormFloat64() })
	add("half missing", 80, func(i int) float64 {
		if i%2 == 1 {
			return math.NaN()
		}
		return rng.NormFloat64() + float64(i)
	})
	add("Januaries missing", 96, func(i int) float64 {
		if i%12 == 0 {
			return math.NaN()
		}
		return 10*math.Sin(float64(i)*math.Pi/6) + rng.NormFloat64()
	})
	add("mostly missing", 100, func(i int) float64 {
		if i%25 != 3 {
			return math.NaN()
		}
		return rng.NormFloat64()
	})
	add("rare demand", 100, func(i int) float64 { return float64(max(0, i%17-15)) })
	add("walk", 400, func(int) float64 { return 0 })
	for i := 1; i < 400; i++ {
		series["walk"][i] = series["walk"][i-1] + rng.NormFloat64()
	}
	for name, y := range series {
		before := append([]float64(nil), y...)
		for _, method := range []Method{AutoARIMAMethod(1), AutoARIMAMethod(12), AutoARIMAMethod(52), DynamicHarmonicMethod(7, 12.5), {
			Name: "ARIMA", Forecast: func(y []float64, h int) (Forecast, error) {
				m, err := FitARIMA(y, ARIMAForm{P: 1, D: 1, Q: 1, SeasonalP: 1, SeasonalQ: 1, Period: 4})
				if err != nil {
					return Forecast{}, err
				}
				m.Coefficients()
				m.Update(math.NaN())
				m.Update(1)
				m.Path(make([]float64, h), rng)
				return m.Forecast(h), nil
			}}} {
			f, err := method.Forecast(y, 15)
			var short *TooShortError
			if err != nil {
				if !errors.As(err, &short) || len(y) > 15 && name != "missing" && name != "mostly missing" {
					t.Errorf("%s of %s: %v", method.Name, name, err)
				}
				continue
			}
			for h, d := range append(f.Period, f.Total) {
				if mean, v := d.Mean(), d.Variance(); math.IsNaN(mean+v) || math.IsInf(mean+v, 0) {
					t.Errorf("%s of %s: period %d has mean %v and variance %v", method.Name, name, h+1, mean, v)
					break
				}
			}
		}
		for i, v := range y {
			if v != before[i] && !math.IsNaN(v) {
				t.Fatalf("%s was modified", name)
			}
		}
	}
}

func TestARIMAExactSeries(t *testing.T) {
	line, season := make([]float64, 40), make([]float64, 60)
	for i := range line {
		line[i] = 3 * float64(i)
	}
	for i := range season {
		season[i] = float64(i%12) + .5*float64(i)
	}
	for _, c := range []struct {
		y    []float64
		name string
		next float64
	}{
		{[]float64{5, 5, 5, 5, 5}, "ARIMA(0,0,0) with mean", 5},
		{line, "ARIMA(0,1,0) with drift", 120},
		{season, "ARIMA(0,0,0)(0,1,0)[12] with drift", 30},
	} {
		m, err := AutoARIMA(c.y, AutoARIMAForm{Period: 12})
		if err != nil {
			t.Fatal(err)
		}
		next := m.Forecast(1).Period[0]
		if m.Name() != c.name || math.Abs(next.Mean()-c.next) > 1e-6 || next.Variance() > 1e-12 {
			t.Errorf("%s forecasts %v, want %s and %v", m.Name(), next, c.name, c.next)
		}
	}
}
