package forecast

import (
	"math"
	"testing"
)

// TestClassicalDecompositionReference holds the seasonal indices of R's decompose.
func TestClassicalDecompositionReference(t *testing.T) {
	want := decompositionTable(t, "stl.csv")
	for _, c := range []struct {
		name           string
		y              []float64
		m              int
		multiplicative bool
	}{
		{"AirPassengers additive", decompositionSeries(t, "AirPassengers"), 12, false},
		{"AirPassengers multiplicative", decompositionSeries(t, "AirPassengers"), 12, true},
		{"UKgas additive", decompositionSeries(t, "UKgas"), 4, false},
		{"UKgas multiplicative", decompositionSeries(t, "UKgas"), 4, true},
		{"hours 7 additive", want["hours/series"], 7, false},
	} {
		d, err := ClassicalDecomposition(c.y, c.m, c.multiplicative)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want[c.name+"/figure"] {
			if got := d.Seasonal[0].Values[c.m+i]; math.Abs(got-w) > 1e-10*(1+math.Abs(w)) {
				t.Errorf("%s: index %d = %.12g, want %.12g", c.name, i, got, w)
			}
		}
		adjusted := d.SeasonallyAdjusted(c.y)
		for i := c.m; i < len(c.y)-c.m; i++ {
			rest := adjusted[i] - d.Trend[i] - d.Remainder[i]
			if c.multiplicative {
				rest = adjusted[i] - d.Trend[i]*d.Remainder[i]
			}
			if math.Abs(rest) > 1e-10*math.Abs(c.y[i]) {
				t.Fatalf("%s: parts do not make the value at %d", c.name, i)
			}
		}
		if s := d.Strength(0); s < 0 || s > 1 || d.TrendStrength() < 0 || d.TrendStrength() > 1 {
			t.Errorf("%s: strengths %v and %v", c.name, s, d.TrendStrength())
		}
	}
	if _, err := ClassicalDecomposition(make([]float64, 40), 4, true); err == nil {
		t.Error("multiplicative decomposition of zeros: no error")
	}
}

// TestStrengthOrder: noise has next to none, a pure season has all.
func TestStrengthOrder(t *testing.T) {
	pure, trend := make([]float64, 120), make([]float64, 120)
	for i := range pure {
		pure[i] = float64(10 + i%7)
		trend[i] = float64(i) + .5*math.Sin(float64(i*i))
	}
	if s, _ := SeasonalStrength(pure, 7); s < .999 {
		t.Errorf("pure season: strength %v", s)
	}
	if s, _ := SeasonalStrength(trend, 7); s > .4 {
		t.Errorf("trend and noise: strength %v", s)
	}
	d, err := MSTL(trend, 7)
	if err != nil || d.TrendStrength() < .99 {
		t.Errorf("trend: strength %v, %v", d.TrendStrength(), err)
	}
}
