package forecast

import (
	"math"
	"strings"
	"testing"
)

// TestThetaReference holds thetaf of the R package forecast 8.20. Its search for α stops a
// little earlier, so forecasts agree to 1e-4.
func TestThetaReference(t *testing.T) {
	want := decompositionTable(t, "theta.csv")
	periods := map[string]int{"AirPassengers": 12, "USAccDeaths": 12, "UKgas": 4, "JohnsonJohnson": 4, "wineind": 12}
	for key, means := range want {
		name, ok := strings.CutSuffix(key, "/mean")
		if !ok {
			continue
		}
		f, err := FitTheta(decompositionSeries(t, name), max(1, periods[name]))
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range f.Forecast(24).Means() {
			if relative(got, means[i]) > 1e-4 {
				t.Errorf("%s: forecast %d = %v, want %v", name, i, got, means[i])
			}
		}
		if got, w := f.Drift(), want[name+"/drift"][0]; relative(got, w) > 1e-9 {
			t.Errorf("%s: drift %v, want %v", name, got, w)
		}
		if got, w := f.Alpha(), want[name+"/alpha"][0]; math.Abs(got-w) > 1e-3 {
			t.Errorf("%s: α %v, want %v", name, got, w)
		}
		if got, w := f.Sigma(), want[name+"/sigma"][0]; got > w*(1+1e-9) || got < w*.999 {
			t.Errorf("%s: σ %v, want %v or a little less", name, got, w)
		}
	}
}

// TestOptimizedThetaReference runs the four models with the parameters of statsforecast 2.1.1,
// which must give its forecasts and squared errors, and asks the fit for no more squares.
func TestOptimizedThetaReference(t *testing.T) {
	want := decompositionTable(t, "theta_models.csv")
	forms := map[string]ThetaForm{"STM": {Static: true, Theta: 2}, "OTM": {Static: true}, "DSTM": {Theta: 2}, "DOTM": {}}
	for key, parameters := range want {
		key, ok := strings.CutSuffix(key, "/parameters")
		if !ok {
			continue
		}
		model, name, _ := strings.Cut(key, "/")
		form := forms[model]
		y := decompositionSeries(t, name)
		theirs := &OptimizedTheta{Start: parameters[0], Alpha: parameters[1], Theta: parameters[2], form: form}
		theirs.follow(newThetaSearch(y, form))
		squares := theirs.squares
		if form.Static { // the file leaves out the first
			first := &OptimizedTheta{Start: parameters[0], Theta: parameters[2]}
			line := newThetaSearch(y, form)
			e := y[0] - first.Start - first.pull()*(line.intercept[0]+line.slope[0])
			squares -= e * e
		}
		if relative(squares, want[key+"/squares"][0]) > 1e-6 {
			t.Errorf("%s: squares %v, want %v", key, squares, want[key+"/squares"][0])
		}
		for i, got := range theirs.Forecast(12).Means() {
			if w := want[key+"/mean"][i]; relative(got, w) > 1e-8 {
				t.Errorf("%s: forecast %d = %v, want %v", key, i, got, w)
			}
		}
		ours, err := FitOptimizedTheta(y, form)
		if err != nil {
			t.Fatal(err)
		}
		if ours.squares > theirs.squares*(1+1e-9) {
			t.Errorf("%s: squares %v (α %v θ %v), statsforecast's parameters leave %v", key, ours.squares, ours.Alpha, ours.Theta, theirs.squares)
		}
		if ours.Name() != model {
			t.Errorf("%s is called %s", model, ours.Name())
		}
	}
}

// TestStaticThetaIsTheta: the static model with θ = 2 and the α and l_0 of simple smoothing is
// the classic method, up to (1-α)^n, here 5e-13.
func TestStaticThetaIsTheta(t *testing.T) {
	y := decompositionSeries(t, "Nile")
	classic, err := FitTheta(y, 1)
	if err != nil {
		t.Fatal(err)
	}
	form := ThetaForm{Static: true, Theta: 2}
	static := &OptimizedTheta{Alpha: classic.Alpha(), Theta: 2, Start: classic.ses.Start, form: form}
	static.follow(newThetaSearch(y, form))
	a, b := classic.Forecast(9).Means(), static.Forecast(9).Means()
	for i := range a {
		if relative(b[i], a[i]) > 1e-10 {
			t.Errorf("forecast %d: %v, of theta %v", i, b[i], a[i])
		}
	}
}

// TestDOTMRecursion compares the filter with the equations of the source written out.
func TestDOTMRecursion(t *testing.T) {
	y := decompositionSeries(t, "LakeHuron")
	m, err := FitOptimizedTheta(y, ThetaForm{})
	if err != nil {
		t.Fatal(err)
	}
	level, mean, slope, at := m.Start, 0.0, 0.0, 0.0
	squares := 0.0
	step := func(n float64, v float64) { // value number n
		level = m.Alpha*v + (1-m.Alpha)*level
		if n == 1 {
			mean, slope, at = v, 0, v
			return
		}
		slope = ((n-2)*slope + 6/n*(v-mean)) / (n + 1)
		mean = ((n-1)*mean + v) / n
		at = mean - (n+1)/2*slope
	}
	forecast := func(n float64) float64 { // of value number n
		q := math.Pow(1-m.Alpha, n-1)
		return level + (1-1/m.Theta)*(q*at+(1-q*(1-m.Alpha))/m.Alpha*slope)
	}
	for i, v := range y {
		n := float64(i + 1)
		if i > 0 {
			e := v - forecast(n)
			squares += e * e
		}
		step(n, v)
	}
	if relative(m.squares, squares) > 1e-9 {
		t.Errorf("squares %v, written out %v", m.squares, squares)
	}
	for i, got := range m.Forecast(30).Means() {
		n := float64(len(y) + i + 1)
		want := forecast(n)
		step(n, want)
		if relative(got, want) > 1e-10 {
			t.Errorf("forecast %d = %v, written out %v", i, got, want)
		}
	}
}

func TestDOTMLossAllocatesNothing(t *testing.T) {
	search := newThetaSearch(decompositionSeries(t, "Nile"), ThetaForm{})
	if n := testing.AllocsPerRun(100, func() { search.loss(.4) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkThetaMonthly(b *testing.B) {
	y := decompositionSeries(b, "AirPassengers")[:120]
	for b.Loop() {
		if _, err := FitTheta(y, 12); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDOTMMonthly(b *testing.B) {
	y := decompositionSeries(b, "AirPassengers")[:120]
	for b.Loop() {
		if _, err := FitOptimizedTheta(y, ThetaForm{Period: 12}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDOTMForecast(b *testing.B) {
	m, err := FitOptimizedTheta(decompositionSeries(b, "AirPassengers")[:120], ThetaForm{Period: 12})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m.Forecast(18)
	}
}
