package forecast

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// referenceSeries reads the series of testdata/reference/series.csv.
func referenceSeries(t testing.TB) map[string][]float64 {
	t.Helper()
	series := map[string][]float64{}
	for _, row := range referenceRows(t, "series.csv") {
		series[row["series"]] = referenceNumbers(t, row["values"])
	}
	return series
}

// referenceRows reads a table of testdata/reference, one map a row.
func referenceRows(t testing.TB, name string) []map[string]string {
	t.Helper()
	file, err := os.Open("testdata/reference/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var table []map[string]string
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for j, cell := range cells {
			row[rows[0][j]] = cell
		}
		table = append(table, row)
	}
	return table
}

// referenceNumbers reads a blank-separated list.
func referenceNumbers(t testing.TB, list string) []float64 {
	t.Helper()
	var values []float64
	for _, cell := range strings.Fields(list) {
		x, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, x)
	}
	return values
}

func arimaFormOf(t testing.TB, row map[string]string) ARIMAForm {
	at := func(name string) int {
		i, err := strconv.Atoi(row[name])
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	return ARIMAForm{P: at("p"), D: at("d"), Q: at("q"), SeasonalP: at("P"), SeasonalD: at("D"), SeasonalQ: at("Q"),
		Period: at("m"), Constant: row["constant"] == "1", ConditionalLeastSquares: row["kind"] == "css"}
}

// sinesFirst puts each sine before its cosine, as R does.
func sinesFirst(r []Regressor) []Regressor {
	for i := 0; i+1 < len(r); i += 2 {
		r[i], r[i+1] = r[i+1], r[i]
	}
	return r
}

// TestARIMAReference holds R's arima() on classic series; see testdata/reference/arima.R. The
// likelihood may be higher: R stops early on flat ones.
func TestARIMAReference(t *testing.T) {
	series := referenceSeries(t)
	for _, row := range referenceRows(t, "arima.csv") {
		if row["kind"] == "auto" {
			continue
		}
		form := arimaFormOf(t, row)
		y := append([]float64(nil), series[row["series"]]...)
		if row["log"] == "1" {
			for i := range y {
				y[i] = math.Log(y[i])
			}
		}
		form.Horizon = 12
		switch row["x"] {
		case "1":
			trend := make([]float64, len(y)+12)
			for i := range trend {
				trend[i] = float64(i + 1)
			}
			form.Regressors = []Regressor{{"trend", trend}}
		case "fourier3":
			form.Regressors = sinesFirst(Fourier{[]float64{float64(form.Period)}, []int{3}}.Regressors(len(y) + 12))
		}
		m, err := FitARIMA(y, form)
		if err != nil {
			t.Errorf("%s: %v", row["series"], err)
			continue
		}
		name := row["series"] + " " + row["kind"] + " " + m.Name()
		if want := referenceNumbers(t, row["loglik"])[0]; math.Abs(m.LogLik-want) > 1e-4 {
			t.Errorf("%s: log-likelihood %.7f, want %.7f", name, m.LogLik, want)
		}
		if want := referenceNumbers(t, row["aicc"])[0]; row["kind"] == "ml" && math.Abs(m.AICc-want) > 2e-4 {
			t.Errorf("%s: AICc %.7f, want %.7f", name, m.AICc, want)
		}
		want, se := referenceNumbers(t, row["coefficients"]), referenceNumbers(t, row["se"])
		for j, c := range m.Coefficients() {
			if math.Abs(c.Estimate-want[j]) > 1e-3*math.Max(1, math.Abs(want[j])) {
				t.Errorf("%s: %s = %.7f, want %.7f", name, c.Name, c.Estimate, want[j])
			}
			// R's second differences are coarse, and near the boundary its standard errors are those
			// of a parabola that is not there.
			if math.Abs(want[j]) < .97 && relative(c.StdErr, se[j]) > 2e-2 && row["kind"] == "ml" {
				t.Errorf("%s: standard error of %s = %.7f, want %.7f", name, c.Name, c.StdErr, se[j])
			}
		}
		f, mean, sd := m.Forecast(12), referenceNumbers(t, row["mean"]), referenceNumbers(t, row["sd"])
		for h, d := range f.Period {
			if math.Abs(d.Mean()-mean[h]) > 2e-3*sd[h] {
				t.Errorf("%s: forecast %d = %.7f, want %.7f", name, h+1, d.Mean(), mean[h])
			}
			if got := math.Sqrt(d.Variance()); relative(got, sd[h]) > 2e-3 {
				t.Errorf("%s: deviation %d = %.7f, want %.7f", name, h+1, got, sd[h])
			}
		}
	}
}
