package forecast

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"testing"
)

// etsReference is a model that R's forecast 8.20 fitted, see testdata/reference/ets.R.
type etsReference struct {
	series, use          string
	form                 ETSForm
	x                    []float64
	logLik, aicc, sigma2 float64
	mean, variance       []float64
}

func etsReferences(t testing.TB) []etsReference {
	t.Helper()
	file, err := os.Open("testdata/reference/ets.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var references []etsReference
	for _, row := range rows[1:] {
		r := etsReference{series: row[0], use: row[1], form: etsFormOf(row[3], int(referenceNumbers(t, row[2])[0]))}
		states := referenceNumbers(t, row[8])
		alpha, beta, gamma := referenceNumbers(t, row[4])[0], referenceNumbers(t, row[5])[0], referenceNumbers(t, row[6])[0]
		r.x = []float64{alpha, 0, 0, referenceNumbers(t, row[7])[0], states[0], 0}
		states = states[1:]
		if r.form.Trend != ETSNone {
			r.x[etsBeta], r.x[etsSlope] = (beta-etsLeast)/(alpha-etsLeast), states[0]
			states = states[1:]
		}
		if r.form.Season != ETSNone {
			r.x[etsGamma] = (gamma - etsLeast) / (1 - alpha - etsLeast)
			slices.Reverse(states) // R has the last of the season first
			r.x = append(r.x, states...)
		} else {
			r.x = append(r.x, 0)
		}
		r.logLik, r.aicc, r.sigma2 = referenceNumbers(t, row[9])[0], referenceNumbers(t, row[10])[0], referenceNumbers(t, row[11])[0]
		r.mean, r.variance = referenceNumbers(t, row[12]), referenceNumbers(t, row[13])
		references = append(references, r)
	}
	return references
}

// etsFormOf reads a form such as MAdN.
func etsFormOf(name string, period int) ETSForm {
	kind := map[byte]ETSKind{'N': ETSNone, 'A': ETSAdditive, 'M': ETSMultiplicative}
	form, err := ETSForm{
		Period: period, Error: kind[name[0]], Trend: kind[name[1]], Damped: name[2] == 'd', Season: kind[name[len(name)-1]],
	}.normal()
	if err != nil {
		panic(err)
	}
	return form
}

// etsSeries are the series of testdata/reference/series.csv with their frequencies.
func etsSeries(t testing.TB) (series map[string][]float64, frequency map[string]int) {
	t.Helper()
	file, err := os.Open("testdata/reference/series.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	series, frequency = map[string][]float64{}, map[string]int{}
	for _, row := range rows[1:] {
		frequency[row[0]] = int(referenceNumbers(t, row[1])[0])
		series[row[0]] = referenceNumbers(t, row[2])
	}
	return series, frequency
}

// etsAt is the model of y at given parameters, in the units of the workspace.
func etsAt(y []float64, form ETSForm, x []float64) *ETS {
	w := newETSFit(y, form.Period)
	scaled := slices.Clone(x)
	for i := etsLevel; i < len(x) && (i < etsSeason || form.Season != ETSMultiplicative); i++ {
		scaled[i] /= w.unit
	}
	return w.model(newETSCandidate(form, scaled, w.deviance(form, scaled), w.n))
}

// TestETSFilterReference runs the filter with R's parameters: likelihood, variance and the moments
// of the future are R's.
func TestETSFilterReference(t *testing.T) {
	series, _ := etsSeries(t)
	for _, r := range etsReferences(t) {
		m := etsAt(series[r.series], r.form, r.x)
		sigma := m.Sigma()
		f := m.Forecast(len(r.mean))
		for _, c := range []struct {
			name      string
			got, want float64
		}{{"log likelihood", m.LogLik(), r.logLik}, {"AICc", m.AICc(), r.aicc}, {"σ²", sigma * sigma, r.sigma2}} {
			if relative(c.got, c.want) > 1e-9 {
				t.Errorf("%s %v: %s %.12g, want %.12g", r.series, r.form, c.name, c.got, c.want)
			}
		}
		for i := range r.mean {
			if mean, variance := f.Period[i].Mean(), f.Period[i].Variance(); relative(mean, r.mean[i]) > 1e-9 || relative(variance, r.variance[i]) > 1e-8 {
				t.Errorf("%s %v: period %d mean %.12g variance %.12g, want %.12g and %.12g", r.series, r.form, i+1, mean, variance, r.mean[i], r.variance[i])
				break
			}
		}
	}
}

// TestETSFitReference asks for at least R's likelihood of each form.
func TestETSFitReference(t *testing.T) {
	series, _ := etsSeries(t)
	for _, r := range etsReferences(t) {
		m, err := FitETS(series[r.series], r.form)
		if err != nil {
			t.Fatal(err)
		}
		if m.LogLik() < r.logLik-0.05 {
			t.Errorf("%s %v: log likelihood %.4f, R reaches %.4f", r.series, r.form, m.LogLik(), r.logLik)
		}
	}
}

// TestETSAutoReference asks for at most R's AICc, and for forecasts near those of R's model: the
// models differ where R's optimiser stopped early.
func TestETSAutoReference(t *testing.T) {
	series, frequency := etsSeries(t)
	for _, r := range etsReferences(t) {
		if r.use != "auto" {
			continue
		}
		m, err := AutoETS(series[r.series], frequency[r.series])
		if err != nil {
			t.Fatal(err)
		}
		if m.AICc() > r.aicc+0.01 {
			t.Errorf("%s: %s with AICc %.4f, R has %v with %.4f", r.series, m.Name(), m.AICc(), r.form, r.aicc)
		}
		fixed, err := FitETS(series[r.series], r.form)
		if err != nil {
			t.Fatal(err)
		}
		f := fixed.Forecast(len(r.mean))
		for i, want := range r.mean {
			got, sd := f.Period[i].Mean(), math.Sqrt(r.variance[i])
			if math.Abs(got-want) > 0.5*sd {
				t.Errorf("%s %v: period %d %.4f, R has %.4f with a standard deviation of %.4f", r.series, r.form, i+1, got, want, sd)
			}
		}
	}
}
