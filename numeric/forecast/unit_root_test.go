package forecast

import (
	"math"
	"testing"
)

// TestKPSS holds urca 1.3's ur.kpss(type = "mu", use.lag = trunc(3 * sqrt(n) / 13)) and forecast 8.20's
// ndiffs.
func TestKPSS(t *testing.T) {
	series := referenceSeries(t)
	for name, want := range map[string]struct {
		statistic   float64
		differences int
	}{
		"Nile": {1.31522646318, 1}, "lh": {.367889110815, 0}, "WWWusage": {.721974318082, 1},
		"LakeHuron": {1.22121856939, 1}, "lynx": {.0694650820944, 0}, "presidents": {.372269089793, 0},
	} {
		if got := KPSS(series[name]); math.Abs(got-want.statistic) > 1e-10 {
			t.Errorf("%s: KPSS %.12g, want %.12g", name, got, want.statistic)
		}
		if got := unitRootDifferences(series[name]); got != want.differences {
			t.Errorf("%s: %d differences, want %d", name, got, want.differences)
		}
	}
	if got := KPSS([]float64{4, 4, math.NaN(), 4}); got != 0 {
		t.Errorf("constant: KPSS %v", got)
	}
}
