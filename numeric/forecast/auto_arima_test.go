package forecast

import (
	"math"
	"testing"
)

// TestAutoARIMAReference compares the choices with those of R's auto.arima on 17 classic series.
func TestAutoARIMAReference(t *testing.T) {
	series := referenceSeries(t)
	good := 0
	for _, row := range referenceRows(t, "arima.csv") {
		if row["kind"] != "auto" {
			continue
		}
		want := arimaFormOf(t, row)
		m, err := AutoARIMA(series[row["series"]], AutoARIMAForm{Period: want.Period})
		if err != nil {
			t.Errorf("%s: %v", row["series"], err)
			continue
		}
		aicc := referenceNumbers(t, row["aicc"])[0]
		same := m.Form.D == want.D && m.Form.SeasonalD == want.SeasonalD
		if same && m.AICc <= aicc+.01 {
			good++
		}
		t.Logf("%s: %s %.4f, R %s %.4f, %+.4f %v", row["series"], m.Name(), m.AICc, want.name(), aicc, m.AICc-aicc, same)
	}
	if good < 16 {
		t.Errorf("as good as R on %d series", good)
	}
}

// TestAutoARIMAMissing hides a tenth of a series: the forecast stays within two fifths of its own
// deviation.
func TestAutoARIMAMissing(t *testing.T) {
	y := referenceSeries(t)["USAccDeaths"]
	whole, err := AutoARIMA(y, AutoARIMAForm{Period: 12})
	if err != nil {
		t.Fatal(err)
	}
	holes := append([]float64(nil), y...)
	for _, i := range []int{0, 5, 6, 7, 31, 44, 60, 66} {
		holes[i] = math.NaN()
	}
	m, err := AutoARIMA(holes, AutoARIMAForm{Period: 12})
	if err != nil {
		t.Fatal(err)
	}
	got, want := m.Forecast(12), whole.Forecast(12)
	for h, d := range got.Period {
		if gap := math.Abs(d.Mean() - want.Period[h].Mean()); gap > .4*math.Sqrt(d.Variance()) {
			t.Errorf("%s: forecast %d = %v, without holes %v", m.Name(), h+1, d, want.Period[h])
		}
	}
}

// TestAutoARIMARegressors: an effect of known size on a real series is found.
func TestAutoARIMARegressors(t *testing.T) {
	y := append([]float64(nil), referenceSeries(t)["UKDriverDeaths"]...)
	promotion := make([]float64, len(y)+6)
	for i := range promotion {
		if i%5 == 2 || i%7 == 3 {
			promotion[i] = 1
		}
	}
	for i := range y {
		y[i] += 300 * promotion[i]
	}
	m, err := AutoARIMA(y, AutoARIMAForm{Period: 12, Regressors: []Regressor{{"promotion", promotion}}, Horizon: 6})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range m.Coefficients() {
		if c.Name == "promotion" && !(math.Abs(c.Estimate-300) < 3*c.StdErr && c.StdErr < 30) {
			t.Errorf("%s: effect %v ± %v, made with 300", m.Name(), c.Estimate, c.StdErr)
		}
	}
	f := m.Forecast(6)
	promotion[len(y)] = 1 - promotion[len(y)]
	if gap := math.Abs(m.Forecast(1).Period[0].Mean() - f.Period[0].Mean()); math.Abs(gap-300) > 60 {
		t.Errorf("a promotion moves the forecast by %v, made with 300", gap)
	}
}

func BenchmarkFitARIMA(b *testing.B) {
	y := referenceSeries(b)["AirPassengers"]
	for b.Loop() {
		if _, err := FitARIMA(y, ARIMAForm{P: 2, D: 1, Q: 1, SeasonalD: 1, Period: 12}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFitAirline(b *testing.B) {
	y := append([]float64(nil), referenceSeries(b)["AirPassengers"]...)
	for i := range y {
		y[i] = math.Log(y[i])
	}
	for b.Loop() {
		if _, err := FitARIMA(y, ARIMAForm{D: 1, Q: 1, SeasonalD: 1, SeasonalQ: 1, Period: 12}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAutoARIMAMonthly(b *testing.B) {
	series := referenceSeries(b)
	for _, name := range []string{"AirPassengers", "USAccDeaths", "nottem", "UKDriverDeaths"} {
		y := series[name]
		y = y[:min(len(y), 120)]
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := AutoARIMA(y, AutoARIMAForm{Period: 12}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
