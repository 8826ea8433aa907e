package forecast

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// etsSample is a positive series with trend, season and noise.
func etsSample(n, m int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 7))
	y := make([]float64, n)
	for t := range y {
		y[t] = (100 + 0.4*float64(t)) * (1 + 0.3*math.Sin(2*math.Pi*float64(t)/float64(m))) * math.Exp(0.05*rng.NormFloat64())
	}
	return y
}

// TestETSDerivatives compares the derivatives of the filter with differences of the deviance, with
// a value missing.
func TestETSDerivatives(t *testing.T) {
	y := etsSample(61, 4, 1)
	y[20] = math.NaN()
	for _, form := range etsForms(true, len(y), 4) {
		w := newETSFit(y, form.Period)
		c := w.candidates(form)[0]
		w.improve(c, etsCoarse, 1, math.Inf(1))
		w.differentiate(c)
		scale := 2 * float64(w.n) / w.slopes.squares
		for k, i := range c.free {
			got := -scale * w.slopes.gradient[k]
			if form.Error == ETSMultiplicative {
				got += 2 * w.slopes.pull[k]
			}
			const h = 1e-6
			x := slices.Clone(c.x)
			x[i] += h
			up := w.deviance(form, x)
			x[i] -= 2 * h
			down := w.deviance(form, x)
			if i < etsLevel && (c.x[i] < etsBox[i][0]+h || c.x[i] > etsBox[i][1]-h) {
				continue // at a bound
			}
			if want := (up - down) / (2 * h); math.Abs(got-want) > 1e-4*(1+math.Abs(want)) {
				t.Errorf("%v: derivative by parameter %d is %.8g, differences give %.8g", form, i, got, want)
			}
		}
	}
}

// TestETSAdmissible compares the recursion with the roots of the polynomial, found by the method of
// Durand and Kerner.
func TestETSAdmissible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, 13).Draw(t, "m")
		alpha := rapid.Float64Range(etsLeast, etsMost).Draw(t, "alpha")
		beta := alpha * rapid.Float64Range(0.01, 1).Draw(t, "beta")
		gamma := (1 - alpha) * rapid.Float64Range(0.01, 1).Draw(t, "gamma")
		phi := rapid.SampledFrom([]float64{1, 0.98, 0.8}).Draw(t, "phi")
		trend := rapid.Bool().Draw(t, "trend")
		inner := alpha + beta - alpha*phi
		p := []float64{1, alpha + beta - phi}
		if trend {
			for range m - 2 {
				p = append(p, inner)
			}
			p = append(p, inner+gamma-1, phi*(1-alpha-gamma))
		} else {
			p = p[:1]
			for range m - 1 {
				p = append(p, alpha)
			}
			p = append(p, alpha+gamma-1)
		}
		largest := largestRoot(p)
		if math.Abs(largest-1) < 1e-6 {
			return
		}
		if got := etsAdmissible(alpha, beta, gamma, phi, m, trend, make([]float64, m+2), make([]float64, m+2)); got != (largest < 1) {
			t.Errorf("admissible %v, largest root %v", got, largest)
		}
	})
}

// largestRoot of a polynomial by falling power, in absolute value.
func largestRoot(p []float64) float64 {
	roots := make([]complex128, len(p)-1)
	for i := range roots {
		roots[i] = cmplx.Pow(complex(0.4, 0.9), complex(float64(i), 0))
	}
	for range 500 {
		for i, z := range roots {
			value, others := complex(0, 0), complex(1, 0)
			for _, c := range p {
				value = value*z + complex(c, 0)
			}
			for j, other := range roots {
				if j != i {
					others *= z - other
				}
			}
			roots[i] -= value / others
		}
	}
	largest := 0.0
	for _, z := range roots {
		largest = math.Max(largest, cmplx.Abs(z))
	}
	return largest
}

func TestETSLikelihoodDoesNotAllocate(t *testing.T) {
	y := etsSample(120, 12, 2)
	for _, form := range etsForms(true, len(y), 12) {
		w := newETSFit(y, form.Period)
		c := w.candidates(form)[0]
		if n := testing.AllocsPerRun(10, func() {
			w.deviance(form, c.x)
			w.improve(c, etsFine, 3, math.Inf(1))
		}); n != 0 {
			t.Errorf("%v: %v allocations", form, n)
		}
	}
}

// TestETSMoments compares means and variances of all forms with those of drawn paths: they are
// exact but for the total of a multiplicative season after its first round, and but for what
// relative errors below -1 would do.
func TestETSMoments(t *testing.T) {
	y := etsSample(60, 4, 3)
	const h, draws = 10, 60_000
	for k, form := range etsForms(true, len(y), 4) {
		m, err := FitETS(y, form)
		if err != nil {
			t.Fatal(err)
		}
		m.Alpha, m.Beta, m.Gamma = 0.5, min(m.Beta*1e9, 0.2), min(m.Gamma*1e9, 0.4)
		rng := rand.New(rand.NewPCG(4, uint64(k)))
		path := make([]float64, h)
		var sum, squares [h + 1]float64
		for range draws {
			m.Path(path, rng)
			total := 0.0
			for i, v := range path {
				sum[i] += v
				squares[i] += v * v
				total += v
			}
			sum[h] += total
			squares[h] += total * total
		}
		f := m.Forecast(h)
		for i, d := range append(slices.Clone(f.Period), f.Total) {
			mean := sum[i] / draws
			variance := squares[i]/draws - mean*mean
			if gap := math.Abs(d.Mean()-mean) / math.Sqrt(variance/draws); gap > 4.5 {
				t.Errorf("%v: mean of period %d of %d is %.6g, paths have %.6g", form, i+1, h, d.Mean(), mean)
			}
			tolerance := 0.03
			if i == h && form.Season == ETSMultiplicative {
				tolerance = 0.06
			}
			if relative(d.Variance(), variance) > tolerance {
				t.Errorf("%v: variance of period %d of %d is %.6g, paths have %.6g", form, i+1, h, d.Variance(), variance)
			}
		}
	}
}

// TestETSUpdate moves the origin: the filter on a part of the series and then on the rest ends where
// the filter on all of it does.
func TestETSUpdate(t *testing.T) {
	y := etsSample(70, 12, 5)
	y[45] = math.NaN()
	for _, form := range etsForms(true, len(y), 12) {
		for _, origin := range []int{40, 47, 53} {
			w := newETSFit(y[:origin], form.Period)
			c := w.race(w.candidates(form))
			m := w.model(c)
			for _, v := range y[origin:] {
				m.Update(v)
			}
			x := slices.Clone(c.x)
			for i := etsLevel; i < len(x) && (i < etsSeason || form.Season != ETSMultiplicative); i++ {
				x[i] *= w.unit
			}
			want := etsAt(y, form, x).Forecast(14)
			got := m.Forecast(14)
			for i := range want.Period {
				if relative(got.Period[i].Mean(), want.Period[i].Mean()) > 1e-6 || relative(got.Period[i].Variance(), want.Period[i].Variance()) > 1e-6 {
					t.Errorf("%v updated from %d: period %d %v, want %v", form, origin, i, got.Period[i], want.Period[i])
				}
			}
		}
	}
}

// TestETSSeasonalPosition updates a strict pattern to every position of the season.
func TestETSSeasonalPosition(t *testing.T) {
	pattern := []float64{10, 50, 20, 80, 40, 30, 60}
	rng := rand.New(rand.NewPCG(6, 6))
	var y []float64
	for t := range 84 {
		y = append(y, pattern[t%7]+0.1*rng.NormFloat64())
	}
	m, err := AutoETS(y[:70], 7)
	if err != nil {
		t.Fatal(err)
	}
	for origin := 70; origin < len(y); origin++ {
		for i, d := range m.Forecast(7).Period {
			if want := pattern[(origin+i)%7]; math.Abs(d.Mean()-want) > 1 {
				t.Errorf("%s at %d: period %d has mean %v, want %v", m.Name(), origin, i+1, d.Mean(), want)
			}
		}
		m.Update(y[origin])
	}
}

// TestETSScale: units of y do not matter, and for additive forms neither does its zero.
func TestETSScale(t *testing.T) {
	y := etsSample(80, 4, 8)
	scaled, shifted := slices.Clone(y), slices.Clone(y)
	for i := range y {
		scaled[i] *= 1000
		shifted[i] += 500
	}
	for _, form := range etsForms(true, len(y), 4) {
		base, err := FitETS(y, form)
		if err != nil {
			t.Fatal(err)
		}
		larger, err := FitETS(scaled, form)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := larger.LogLik(), base.LogLik()-float64(len(y))*math.Log(1000); math.Abs(got-want) > 1e-6 {
			t.Errorf("%v: log likelihood in thousandths %.8f, want %.8f", form, got, want)
		}
		for i, d := range larger.Forecast(5).Period {
			if want := base.Forecast(5).Period[i]; relative(d.Mean(), 1000*want.Mean()) > 1e-5 || relative(d.Variance(), 1e6*want.Variance()) > 1e-5 {
				t.Errorf("%v: period %d in thousandths %v, want a thousand times %v", form, i+1, d, want)
			}
		}
		if form.Error == ETSMultiplicative {
			continue
		}
		moved, err := FitETS(shifted, form)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(moved.LogLik()-base.LogLik()) > 0.01 {
			t.Errorf("%v: log likelihood %.6f, of the shifted series %.6f", form, base.LogLik(), moved.LogLik())
		}
	}
}

// TestETSBadInput goes through series that no model was made for.
func TestETSBadInput(t *testing.T) {
	nan := math.NaN()
	of := func(n int, f func(t int) float64) []float64 {
		y := make([]float64, n)
		for t := range y {
			y[t] = f(t)
		}
		return y
	}
	outlier := etsSample(60, 12, 9)
	outlier[33] = 1e12
	for name, c := range map[string]struct {
		y      []float64
		period int
	}{
		"constant":             {of(40, func(int) float64 { return 3 }), 12},
		"zeros":                {of(40, func(int) float64 { return 0 }), 7},
		"one value at the end": {of(40, func(t int) float64 { return float64(t / 39) }), 7},
		"line":                 {of(40, func(t int) float64 { return float64(2 + t) }), 4},
		"falling line":         {of(40, func(t int) float64 { return float64(40 - t) }), 4},
		"outlier":              {outlier, 12},
		"negative":             {of(50, func(t int) float64 { return -5 - float64(t%5) }), 5},
		"season after season":  {of(48, func(t int) float64 { return []float64{1, 1000, 3, 0.001}[t%4] }), 4},
		"short":                {of(5, func(t int) float64 { return float64(3 + t*t) }), 1},
		"period beyond series": {etsSample(20, 4, 10), 24},
		"period too long":      {etsSample(120, 52, 11), 52},
		"no period":            {etsSample(30, 4, 12), 0},
		"mostly missing": {of(60, func(t int) float64 {
			if t%7 != 0 {
				return nan
			}
			return float64(5 + t%3)
		}), 7},
		"missing at the ends": {of(60, func(t int) float64 {
			if t < 13 || t > 50 {
				return nan
			}
			return float64(5 + t%3)
		}), 12},
		"tiny": {of(40, func(t int) float64 { return 1e-300 * float64(1+t%5) }), 5},
		"huge": {of(40, func(t int) float64 { return 1e300 * float64(1+t%5) }), 5},
		"long": {etsSample(10_000, 7, 13), 7},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := AutoETS(c.y, c.period)
			if err != nil {
				t.Fatal(err)
			}
			path := make([]float64, 30)
			m.Path(path, rand.New(rand.NewPCG(1, 1)))
			f := m.Forecast(30)
			numbers := append(path, m.LogLik(), m.AIC(), m.AICc(), m.Sigma(), f.Total.Mean(), f.Total.Quantile(0.9))
			for _, d := range f.Period {
				numbers = append(numbers, d.Mean(), d.Quantile(0.1))
			}
			m.Update(nan)
			m.Update(-1)
			m.Update(0)
			numbers = append(numbers, m.Forecast(30).Means()...)
			for _, v := range numbers {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%s: %v", m.Name(), numbers)
				}
			}
		})
	}
}

func TestETSErrors(t *testing.T) {
	nan := math.NaN()
	for _, y := range [][]float64{nil, {1, 2, 3, 4}, {nan, nan, nan, nan, nan, nan, nan}} {
		var short *TooShortError
		if _, err := AutoETS(y, 1); !errors.As(err, &short) {
			t.Errorf("AutoETS of %v: %v, want a *TooShortError", y, err)
		}
	}
	var short *TooShortError
	if _, err := FitETS(etsSample(14, 12, 1), ETSForm{Period: 12, Season: ETSAdditive}); !errors.As(err, &short) || short.Need != 17 {
		t.Errorf("a season of 12 on 14 values: %v, want a *TooShortError that needs 17", err)
	}
	y := etsSample(40, 4, 1)
	for _, form := range []ETSForm{
		{Period: 4, Season: ETSMultiplicative},
		{Error: ETSMultiplicative, Trend: ETSMultiplicative},
		{Damped: true},
		{Period: 1, Season: ETSAdditive},
		{Error: 7},
	} {
		if _, err := FitETS(y, form); !errors.Is(err, ErrETSForm) {
			t.Errorf("%+v: %v, want ErrETSForm", form, err)
		}
	}
	y[7] = 0
	if _, err := FitETS(y, ETSForm{Error: ETSMultiplicative}); !errors.Is(err, ErrETSPositive) {
		t.Errorf("a zero: %v, want ErrETSPositive", err)
	}
	if n := len(etsForms(true, 100, 12)); n != 15 {
		t.Errorf("%d admissible forms, want 15", n)
	}
}

// TestETSMissing hides a tenth of the values: the forecast stays near that of the whole series.
func TestETSMissing(t *testing.T) {
	y := etsSample(120, 12, 14)
	whole, err := AutoETS(y, 12)
	if err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(y)
	for i := range y {
		if i%10 == 3 {
			y[i] = math.NaN()
		}
	}
	m, err := AutoETS(y, 12)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Residuals()) != 120 || !math.IsNaN(m.Residuals()[3]) || math.IsNaN(m.Residuals()[4]) {
		t.Errorf("residuals %v", m.Residuals())
	}
	want := whole.Forecast(12)
	for i, d := range m.Forecast(12).Period {
		if gap := math.Abs(d.Mean() - want.Period[i].Mean()); gap > math.Sqrt(want.Period[i].Variance()) {
			t.Errorf("period %d: %v with gaps, %v without", i+1, d.Mean(), want.Period[i].Mean())
		}
	}
	if before[4] != y[4] {
		t.Error("the series was modified")
	}
}

func BenchmarkAutoETS(b *testing.B) {
	series, frequency := etsSeries(b)
	for _, name := range []string{"AirPassengers", "USAccDeaths", "wineind"} {
		y := series[name]
		y = y[:min(120, len(y))]
		b.Run(fmt.Sprint(name, len(y)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := AutoETS(y, frequency[name]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("daily730", func(b *testing.B) {
		y := etsSample(730, 7, 1)
		for b.Loop() {
			if _, err := AutoETS(y, 7); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("counts730", func(b *testing.B) { // zeros leave the additive forms only
		y := weekly(730, 1)
		for b.Loop() {
			if _, err := AutoETS(y, 7); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkETSLikelihood(b *testing.B) {
	series, _ := etsSeries(b)
	y := series["AirPassengers"][:120]
	for _, name := range []string{"AAdN", "AAdA", "MAdA", "MAdM"} {
		form := etsFormOf(name, 12)
		w := newETSFit(y, form.Period)
		c := w.candidates(form)[0]
		b.Run(form.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.deviance(form, c.x)
			}
		})
	}
}

func BenchmarkETSForecast(b *testing.B) {
	series, _ := etsSeries(b)
	for _, name := range []string{"AAdA", "MAdA", "MAdM"} {
		m, err := FitETS(series["AirPassengers"], etsFormOf(name, 12))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(m.Name(), func(b *testing.B) {
			for b.Loop() {
				m.Forecast(18)
			}
		})
	}
}
