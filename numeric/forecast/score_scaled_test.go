package forecast

import (
	"math"
	"testing"

	"tradewind/numeric/distribution"
)

// TestScaledScores compares with values worked out by hand.
func TestScaledScores(t *testing.T) {
	nan := math.NaN()
	train := []float64{10, 20, 12, 26, 15, 29} // seasonal differences 2, 6, 3, 3; plain 10, 8, 14, 11, 14
	actual, forecast := []float64{10, 0, nan, 30}, []float64{30, 0, 5, 20}
	interval := []distribution.Distribution{distribution.NewNormal(10, 0), distribution.NewNormal(7, 0), distribution.NewNormal(1, 0), distribution.NewNormal(34, 0)}
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"sMAPE: 200·20/40, 0 for a pair of zeros, 200·10/50", SMAPE(actual, forecast), (100.0 + 0 + 40) / 3},
		{"sMAPE of opposite signs is the most", SMAPE([]float64{-3}, []float64{3}), 200},
		{"sMAPE of negative values uses their size", SMAPE([]float64{-2}, []float64{-6}), 100},
		{"sMAPE of nothing", SMAPE([]float64{nan}, []float64{1}), nan},
		{"scale, season of 2", SeasonalScale(train, 2), 14.0 / 4},
		{"scale, season of 1", SeasonalScale(train, 1), 57.0 / 5},
		{"scale with a missing value", SeasonalScale([]float64{10, 20, nan, 26, 15, 29}, 2), (6.0 + 3) / 2},
		{"scale of a constant", SeasonalScale([]float64{4, 4, 4}, 1), nan},
		{"scale of less than a season", SeasonalScale([]float64{4, 5, 6}, 3), nan},
		{"MASE", MASE(train, actual, forecast, 2), (20.0 + 0 + 10) / 3 / 3.5},
		{"MASE of a constant past", MASE([]float64{1, 1, 1}, actual, forecast, 1), nan},
		// Points as intervals: no width, 2/.05 times the miss of 0, 7 and 4.
		{"MSIS of points", MSIS(train, actual, interval, .95, 2), 40 * (0.0 + 7 + 4) / 3 / 3.5},
	} {
		if math.IsNaN(tt.want) != math.IsNaN(tt.got) || math.Abs(tt.got-tt.want) > 1e-11 {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

// TestMSISOfNormal: a value inside costs the width only, one outside 2/α of its distance
// beyond the end. The ends of N(0, 1) at 90 % are ±1.6448536269514722.
func TestMSISOfNormal(t *testing.T) {
	const z = 1.6448536269514722
	d := []distribution.Distribution{standardNormal}
	train := []float64{0, 2, 0, 2} // scale 2
	for _, tt := range []struct{ y, want float64 }{
		{0, 2 * z / 2},
		{z + 1, (2*z + 20) / 2},
		{-z - .5, (2*z + 10) / 2},
	} {
		if got := MSIS(train, []float64{tt.y}, d, .9, 1); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("MSIS of %v is %v, want %v", tt.y, got, tt.want)
		}
	}
}

// TestMSISIsProper: an interval that says what is true scores better than one that is half
// or twice as wide.
func TestMSISIsProper(t *testing.T) {
	y := make([]float64, 999)
	for i := range y {
		y[i] = standardNormal.Quantile(float64(i+1) / 1000)
	}
	score := func(sd float64) float64 {
		d := make([]distribution.Distribution, len(y))
		for i := range d {
			d[i] = distribution.NewNormal(0, sd)
		}
		return MSIS([]float64{0, 1}, y, d, .95, 1)
	}
	if right, narrow, wide := score(1), score(.5), score(2); right >= narrow || right >= wide {
		t.Errorf("MSIS %v of the truth, %v of half and %v of twice its width", right, narrow, wide)
	}
}
