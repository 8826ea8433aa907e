package forecast

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// decompositionTable reads a table of testdata/reference whose last column holds numbers
// separated by blanks; the other columns, joined by a slash, are the key.
func decompositionTable(t testing.TB, name string) map[string][]float64 {
	t.Helper()
	data, err := os.ReadFile("testdata/reference/" + name)
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]float64{}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		cells := strings.Split(strings.ReplaceAll(line, `"`, ""), ",")
		var values []float64
		for _, cell := range strings.Fields(cells[len(cells)-1]) {
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				x = math.NaN()
			}
			values = append(values, x)
		}
		table[strings.Join(cells[:len(cells)-1], "/")] = values
	}
	return table
}

// decompositionSeries reads a series of series.csv.
func decompositionSeries(t testing.TB, name string) []float64 {
	t.Helper()
	for key, values := range decompositionTable(t, "series.csv") {
		if strings.HasPrefix(key, name+"/") {
			return values
		}
	}
	t.Fatalf("no series %s", name)
	return nil
}

// nearSeventh compares every seventh value with the reference.
func nearSeventh(t *testing.T, name string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(want) != (len(got)+6)/7 {
		t.Fatalf("%s: %d values, want %d", name, len(got), len(want)*7)
	}
	for i, w := range want {
		if !(math.Abs(got[7*i]-w) <= tolerance*(1+math.Abs(w))) {
			t.Errorf("%s at %d = %.12g, want %.12g", name, 7*i, got[7*i], w)
			return
		}
	}
}

// TestSTLReference holds what R's stl gives, to its twelve printed digits (stl.R).
func TestSTLReference(t *testing.T) {
	want := decompositionTable(t, "stl.csv")
	for _, c := range []struct {
		name, series string
		n            int
		form         STLForm
	}{
		{"nottem periodic", "nottem", 0, STLForm{Period: 12}},
		{"nottem 7 degree 1", "nottem", 0, STLForm{Period: 12, SeasonalWindow: 7, SeasonalDegree: 1}},
		{"AirPassengers robust 13", "AirPassengers", 143, STLForm{Period: 12, SeasonalWindow: 13, Robust: true}},
		{"AirPassengers periodic robust", "AirPassengers", 143, STLForm{Period: 12, Robust: true}},
		{"UKgas 9 trend 7", "UKgas", 0, STLForm{Period: 4, SeasonalWindow: 9, TrendWindow: 7}},
		{"AirPassengers 29 mstl", "AirPassengers", 29, STLForm{Period: 12, SeasonalWindow: 11}},
	} {
		y := decompositionSeries(t, c.series)
		if c.n > 0 {
			y = y[:c.n]
		}
		d, err := STL(y, c.form)
		if err != nil {
			t.Fatal(err)
		}
		nearSeventh(t, c.name+" seasonal", d.Seasonal[0].Values, want[c.name+"/seasonal"], 1e-10)
		nearSeventh(t, c.name+" trend", d.Trend, want[c.name+"/trend"], 1e-10)
		nearSeventh(t, c.name+" remainder", d.Remainder, want[c.name+"/remainder"], 1e-9)
		if c.form.Robust {
			nearSeventh(t, c.name+" weights", d.Weights, want[c.name+"/weights"], 1e-9)
		}
	}
}

// TestMSTLReference holds what mstl of the R package forecast 8.20 gives.
func TestMSTLReference(t *testing.T) {
	want := decompositionTable(t, "stl.csv")
	hours := want["hours/series"]
	for _, c := range []struct {
		name    string
		y       []float64
		periods []int
	}{
		{"AirPassengers mstl", decompositionSeries(t, "AirPassengers"), []int{12}},
		{"hours mstl", hours, []int{168, 24}},
	} {
		d, err := MSTL(c.y, c.periods...)
		if err != nil {
			t.Fatal(err)
		}
		nearSeventh(t, c.name+" trend", d.Trend, want[c.name+"/Trend"], 1e-10)
		nearSeventh(t, c.name+" remainder", d.Remainder, want[c.name+"/Remainder"], 1e-9)
		for _, s := range d.Seasonal {
			part := fmt.Sprintf("Seasonal%d", s.Period)
			nearSeventh(t, c.name+part, s.Values, want[c.name+"/"+part], 1e-10)
		}
		adjusted := d.SeasonallyAdjusted(c.y)
		for i := range adjusted {
			if math.Abs(adjusted[i]-d.Trend[i]-d.Remainder[i]) > 1e-9*math.Abs(c.y[i]) {
				t.Fatalf("%s: parts do not add up at %d", c.name, i)
			}
		}
	}
}

func TestSeasonalStrengthReference(t *testing.T) {
	want := decompositionTable(t, "stl.csv")
	for name, m := range map[string]int{"AirPassengers": 12, "nottem": 12, "UKgas": 4, "JohnsonJohnson": 4, "USAccDeaths": 12, "ldeaths": 12, "co2": 12} {
		got, err := SeasonalStrength(decompositionSeries(t, name), m)
		if err != nil || math.Abs(got-want[name+"/strength"][0]) > 1e-10 {
			t.Errorf("%s: strength %.12g (%v), want %.12g", name, got, err, want[name+"/strength"][0])
		}
	}
	flat := make([]float64, 50)
	for i := range flat {
		flat[i] = 3.7
	}
	if got, err := SeasonalStrength(flat, 12); err != nil || got != 0 {
		t.Errorf("constant: strength %v, %v", got, err)
	}
}

// TestSTLMissing hides four values of UKgas: what fills them is near na.interp of R, which
// starts from another first estimate, and as near to the truth.
func TestSTLMissing(t *testing.T) {
	y := decompositionSeries(t, "UKgas")
	want := decompositionTable(t, "stl.csv")["UKgas gaps na.interp/filled"]
	gaps := []int{9, 10, 49, 76}
	holed := append([]float64(nil), y...)
	for _, i := range gaps {
		holed[i] = math.NaN()
	}
	filled := interpolated(holed, []int{4})
	ours, theirs := 0.0, 0.0
	for k, i := range gaps {
		if relative(filled[i], want[k]) > .05 {
			t.Errorf("filled %d with %v, R with %v", i, filled[i], want[k])
		}
		ours += math.Abs(filled[i] - y[i])
		theirs += math.Abs(want[k] - y[i])
	}
	if ours > 1.2*theirs {
		t.Errorf("error %v, of R %v", ours, theirs)
	}
	d, err := STL(holed, STLForm{Period: 4})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range d.Remainder {
		if math.IsNaN(r) != math.IsNaN(holed[i]) || math.IsNaN(d.Trend[i]+d.Seasonal[0].Values[i]) {
			t.Fatalf("parts at %d: %v, %v, %v", i, d.Trend[i], d.Seasonal[0].Values[i], r)
		}
	}
}

// TestSTLMoves: 3 y + 50 has three times the season and a trend moved alike.
func TestSTLMoves(t *testing.T) {
	y := decompositionSeries(t, "UKgas")
	moved := append([]float64(nil), y...)
	for i := range moved {
		moved[i] = 3*moved[i] + 50
	}
	form := STLForm{Period: 4, SeasonalWindow: 7, Robust: true}
	a, err := STL(y, form)
	if err != nil {
		t.Fatal(err)
	}
	b, err := STL(moved, form)
	if err != nil {
		t.Fatal(err)
	}
	for i := range y {
		if math.Abs(b.Trend[i]-3*a.Trend[i]-50) > 1e-8 || math.Abs(b.Seasonal[0].Values[i]-3*a.Seasonal[0].Values[i]) > 1e-8 {
			t.Fatalf("parts at %d: %v and %v, want 3 times %v + 50 and 3 times %v", i, b.Trend[i], b.Seasonal[0].Values[i], a.Trend[i], a.Seasonal[0].Values[i])
		}
	}
}

// TestDecomposeHardInput: no panic and no number that is not one.
func TestDecomposeHardInput(t *testing.T) {
	for name, y := range hardSeries() {
		for _, m := range []int{2, 7, 12, 168} {
			for kind, decompose := range map[string]func() (*Decomposition, error){
				"STL":       func() (*Decomposition, error) { return STL(y, STLForm{Period: m, Robust: true}) },
				"MSTL":      func() (*Decomposition, error) { return MSTL(y, m, 2*m) },
				"classical": func() (*Decomposition, error) { return ClassicalDecomposition(y, m, false) },
			} {
				d, err := decompose()
				var short *TooShortError
				if err != nil {
					if !errors.As(err, &short) || short.Need <= short.Have {
						t.Errorf("%s of %s by %d: %v", kind, name, m, err)
					}
					continue
				}
				for i := range y {
					sum := d.Trend[i]
					for _, s := range d.Seasonal {
						sum += s.Values[i]
					}
					if kind != "classical" && (math.IsNaN(sum) || math.IsInf(sum, 0)) {
						t.Fatalf("%s of %s by %d: %v at %d", kind, name, m, sum, i)
					}
				}
				if s := d.Strength(0); !(s >= 0 && s <= 1) {
					t.Errorf("%s of %s by %d: strength %v", kind, name, m, s)
				}
			}
		}
	}
}

// hardSeries are series that no method may stumble over.
func hardSeries() map[string][]float64 {
	filled := func(n int, f func(i int) float64) []float64 {
		y := make([]float64, n)
		for i := range y {
			y[i] = f(i)
		}
		return y
	}
	nan := math.NaN()
	return map[string][]float64{
		"empty":       nil,
		"one":         {3},
		"two":         {3, 4},
		"three":       {3, 4, 1},
		"five":        {3, 4, 1, 0, 2},
		"all missing": filled(40, func(int) float64 { return nan }),
		"zero":        filled(60, func(int) float64 { return 0 }),
		"constant":    filled(60, func(int) float64 { return 3.7 }),
		"negative":    filled(90, func(i int) float64 { return -5 - 3*math.Sin(float64(i)) }),
		"outlier": filled(90, func(i int) float64 {
			if i == 44 {
				return 1e12
			}
			return 10 + math.Sin(float64(i)*.9)
		}),
		"tiny": filled(60, func(i int) float64 { return 1e-200 * float64(i%7) }),
		"huge": filled(60, func(i int) float64 { return 1e100 * float64(1+i%7) }),
		"gaps": filled(100, func(i int) float64 {
			if i < 5 || i%3 == 1 || i > 90 {
				return nan
			}
			return float64(20 + i%7)
		}),
		"rare":   filled(100, func(i int) float64 { return float64(i / 50 * (i % 19 / 18)) }),
		"shut":   filled(100, func(i int) float64 { return float64((i % 7) * (1 + i%5)) }), // closed on one day of the week
		"step":   filled(100, func(i int) float64 { return float64(i / 50 * 1000) }),
		"long":   filled(10000, func(i int) float64 { return 50 + 20*math.Sin(2*math.Pi*float64(i)/7) + float64(i%11) }),
		"steady": filled(30, func(i int) float64 { return 2 * float64(i) }),
	}
}

func BenchmarkMSTLMonthly(b *testing.B) {
	y := decompositionSeries(b, "AirPassengers")
	for b.Loop() {
		if _, err := MSTL(y, 12); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMSTLHourly(b *testing.B) {
	y := decompositionTable(b, "stl.csv")["hours/series"]
	for b.Loop() {
		if _, err := MSTL(y, 24, 168); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInterpolatedDaily fills two years of days with a tenth missing.
func BenchmarkInterpolatedDaily(b *testing.B) {
	y := weekly(730, 1)
	for i := 3; i < len(y); i += 10 {
		y[i] = math.NaN()
	}
	for b.Loop() {
		interpolated(y, []int{7})
	}
}
