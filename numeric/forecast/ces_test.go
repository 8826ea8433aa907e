package forecast

import (
	"math"
	"strings"
	"testing"
)

var cesForms = map[string]CESForm{"N": CESNone, "S": CESSimple, "P": CESPartial, "F": CESFull}

// TestCESReference runs the filter with the parameters of statsforecast 2.1.1, which keeps
// its states in single precision, and compares squares and forecasts; and it asks the
// fit for no more squares than that optimiser left, which searches a box instead.
func TestCESReference(t *testing.T) {
	want := decompositionTable(t, "ces.csv")
	periods := map[string]int{"AirPassengers": 12, "USAccDeaths": 12, "UKgas": 4, "nottem": 12, "woolyrnq": 4, "Nile": 1, "LakeHuron": 1}
	for key, parameters := range want {
		key, ok := strings.CutSuffix(key, "/parameters")
		if !ok {
			continue
		}
		letter, name, _ := strings.Cut(key, "/")
		y, m := decompositionSeries(t, name), periods[name]
		search := newCESSearch(y, m)
		p, admissible := cesParametersOf(parameters)
		squares := search.run(cesForms[letter], &p)
		if relative(squares, want[key+"/squares"][0]) > 1e-4 {
			t.Errorf("%s: squares %v, want %v", key, squares, want[key+"/squares"][0])
		}
		c := &CES{Form: cesForms[letter], Alpha: [2]float64{p.alpha0, p.alpha1}, Beta: [2]float64{p.beta0, p.beta1}, state: search.state}
		for i, got := range c.Forecast(24).Means() {
			if w := want[key+"/mean"][i]; math.Abs(got-w) > 2e-4*math.Abs(w) {
				t.Errorf("%s: forecast %d = %v, want %v", key, i, got, w)
			}
		}
		if !admissible {
			continue
		}
		fit, err := FitCESForm(y, m, cesForms[letter])
		if err != nil {
			t.Fatal(err)
		}
		if least := want[key+"/squares"][0]; fit.squares > least*(1+1e-4) {
			t.Errorf("%s: squares %v, statsforecast %v", key, fit.squares, least)
		}
	}
}

// TestCESChoosesForm: the form with the least AICc, and none where no season can be had.
func TestCESChoosesForm(t *testing.T) {
	y := decompositionSeries(t, "AirPassengers")
	c, err := FitCES(y, 12)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []CESForm{CESNone, CESSimple, CESPartial, CESFull} {
		other, err := FitCESForm(y, 12, form)
		if err != nil || other.AICc < c.AICc {
			t.Errorf("%v: AICc %v, of the chosen %v %v (%v)", form, other.AICc, c.Name(), c.AICc, err)
		}
	}
	if c, err := FitCES(y[:24], 12); err != nil || c.Form != CESNone {
		t.Errorf("two years: %v, %v", c.Name(), err)
	}
	if _, err := FitCESForm(y[:24], 12, CESFull); err == nil {
		t.Error("full season of two years: no error")
	}
}

func TestCESLossAllocatesNothing(t *testing.T) {
	search := newCESSearch(decompositionSeries(t, "AirPassengers"), 12)
	for _, form := range []CESForm{CESNone, CESSimple, CESPartial, CESFull} {
		search.form = form
		x := []float64{1.2, 1, 1, 1}
		if n := testing.AllocsPerRun(100, func() { search.loss(x) }); n != 0 {
			t.Errorf("%v: %v allocations", form, n)
		}
	}
}

func BenchmarkCESMonthly(b *testing.B) {
	y := decompositionSeries(b, "AirPassengers")[:120]
	for b.Loop() {
		if _, err := FitCES(y, 12); err != nil {
			b.Fatal(err)
		}
	}
}
