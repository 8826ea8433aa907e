package distribution

import "testing"

// TestBeta compares with SciPy 1.10.1: beta.ppf at four probabilities, and the integral of
// beta.sf from x to 1 (quad, 1e-13).
func TestBeta(t *testing.T) {
	levels := []float64{1e-6, .05, .5, .975}
	for _, c := range []struct {
		a, b      float64
		quantiles []float64
		x, above  float64
	}{
		{3, 40, []float64{.0004452159998612149, .01975080506143475, .06315981697647279, .16164195969165393}, .08443863573713102, .00974734435047711},
		{.5, .5, []float64{2.46740110027031e-12, .0061558297024311365, .5, .9984586668665639}, .7938926261462365, .04059126585625003},
		{1, 1, levels, .7, .045},
		{200, 1.5, []float64{.9262907344078359, .9806766423661832, .9941098537541443, .9994613297167244}, .9964516172622914, .00047876984083679617},
		{2000, 3000, []float64{.3673899650763303, .38862787996739506, .39998666562641755, .4136149463731886}, .40362359552493915, .0013240735527595417},
	} {
		d := NewBeta(c.a, c.b)
		for i, u := range levels {
			if got := d.Quantile(u); difference(got, c.quantiles[i]) > 1e-11 {
				t.Errorf("beta(%v, %v) quantile %v = %.17g, want %.17g", c.a, c.b, u, got, c.quantiles[i])
			}
		}
		if above, _ := d.Loss(c.x); difference(above, c.above) > 1e-10 {
			t.Errorf("beta(%v, %v) above %v = %.17g, want %.17g", c.a, c.b, c.x, above, c.above)
		}
	}
}
