package forecast

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// columns reads a table of numbers with a header.
func columns(t testing.TB, name string) [][]float64 {
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
	table := make([][]float64, len(rows[0]))
	for _, row := range rows[1:] {
		for j, cell := range row {
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			table[j] = append(table[j], x)
		}
	}
	return table
}

func relative(got, want float64) float64 { return math.Abs(got-want) / math.Abs(want) }

// TestLeastSquaresNIST holds the coefficients certified by NIST StRD
// (https://www.itl.nist.gov/div898/strd/lls): 9 digits for Longley, 6 for Filip.
func TestLeastSquaresNIST(t *testing.T) {
	longley, filip := columns(t, "longley.csv"), columns(t, "filip.csv")
	for _, c := range []struct {
		name      string
		y         []float64
		row       func(i int) []float64
		want      []float64
		sigma     float64
		tolerance float64
	}{
		{"Longley", longley[0], func(i int) []float64 {
			row := []float64{1}
			for _, column := range longley[1:] {
				row = append(row, column[i])
			}
			return row
		}, []float64{-3482258.63459582, 15.0618722713733, -0.358191792925910e-1, -2.02022980381683,
			-1.03322686717359, -0.511041056535807e-1, 1829.15146461355}, 304.854073561965, 1e-9},
		{"Filip", filip[0], func(i int) []float64 {
			row := make([]float64, 11)
			for k := range row {
				row[k] = math.Pow(filip[1][i], float64(k))
			}
			return row
		}, []float64{-1467.48961422980, -2772.17959193342, -2316.37108160893, -1127.97394098372, -354.478233703349,
			-75.1242017393757, -10.8753180355343, -1.06221498588947, -0.670191154593408e-1, -0.246781078275479e-2,
			-0.402962525080404e-4}, 0.334801051324544e-2, 1e-6},
	} {
		p := len(c.want)
		var x []float64
		for i := range c.y {
			x = append(x, c.row(i)...)
		}
		ls := newLeastSquares(x, append([]float64(nil), c.y...), p)
		got := make([]float64, p)
		ls.coefficients(got)
		for j := range got {
			if relative(got[j], c.want[j]) > c.tolerance {
				t.Errorf("%s: coefficient %d = %.15g, want %.15g", c.name, j, got[j], c.want[j])
			}
		}
		if relative(ls.sigma(), c.sigma) > c.tolerance {
			t.Errorf("%s: sigma = %.15g, want %.15g", c.name, ls.sigma(), c.sigma)
		}
	}
}

// TestHarmonicAirPassengers holds the regression of AirPassengers to every digit
// printed by statsmodels 0.15 (OLS), see testdata/reference/series.py.
func TestHarmonicAirPassengers(t *testing.T) {
	y := columns(t, "airpassengers.csv")[0]
	m, err := FitHarmonic(y, HarmonicForm{Period: 12})
	if err != nil {
		t.Fatal(err)
	}
	sine, err := FitHarmonic(y, HarmonicForm{Period: 12, Sine: true})
	if err != nil {
		t.Fatal(err)
	}
	f := m.Forecast(3)
	for _, c := range []struct {
		name            string
		got, want, unit float64 // unit of the last printed digit
	}{
		{"a", m.Coefficients[0].Estimate, 86.768798052, 1e-9},
		{"b", m.Coefficients[1].Estimate, 2.669376732, 1e-9},
		{"c", m.Coefficients[2].Estimate, -42.136366939, 1e-9},
		{"SE a", m.Coefficients[0].StdErr, 5.876307586, 1e-9},
		{"SE b", m.Coefficients[1].StdErr, 0.070317394, 1e-9},
		{"SE c", m.Coefficients[2].StdErr, 4.133701988, 1e-9},
		{"t b", m.Coefficients[1].TStatistic, 2.669376732 / 0.070317394, 1e-6},
		{"sigma", m.Sigma, 35.07054928, 1e-8},
		{"R2", m.R2, 0.9157345471, 1e-10},
		{"145", f.Period[0].Mean(), 437.3372600, 1e-7},
		{"146", f.Period[1].Mean(), 455.4296174, 1e-7},
		{"147", f.Period[2].Mean(), 479.1671776, 1e-7},
		{"145 low", f.Period[0].Quantile(.025), 366.7004955, 1e-7},
		{"145 high", f.Period[0].Quantile(.975), 507.9740244, 1e-7},
		{"total", f.Total.Mean(), 437.3372600 + 455.4296174 + 479.1671776, 2e-7},
		{"sine a", sine.Coefficients[0].Estimate, 88.18246555, 1e-8},
		{"sine b", sine.Coefficients[1].Estimate, 2.64987787, 1e-8},
		{"sine cos", sine.Coefficients[2].Estimate, -42.11686808, 1e-8},
		{"sine sin", sine.Coefficients[3].Estimate, -18.05048275, 1e-8},
		{"sine R2", sine.R2, 0.9270872964, 1e-10},
	} {
		if math.Abs(c.got-c.want) > c.unit {
			t.Errorf("%s = %.12g, want %.12g", c.name, c.got, c.want)
		}
	}
	if p := m.Coefficients[2].PValue; p <= 0 || p > 1e-15 {
		t.Errorf("p value of the cosine = %v", p)
	}
}

// TestSimpleSmoothingNile holds α and l_0 of statsmodels 0.15 on the Nile flows,
// to the precision of its optimiser.
func TestSimpleSmoothingNile(t *testing.T) {
	m, err := FitSimpleSmoothing(columns(t, "nile.csv")[0])
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(m.Alpha-0.245726) > 2e-4 || math.Abs(m.Start-1110.75) > 0.2 {
		t.Errorf("α = %v, l0 = %v, want 0.2457 and 1110.75", m.Alpha, m.Start)
	}
	if m.squares > 2038674.433 {
		t.Errorf("squared error %v, statsmodels reaches 2038674.432", m.squares)
	}
}
