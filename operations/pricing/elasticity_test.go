package pricing

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tradewind/commerce"
	"tradewind/messages"
)

// TestBeliefHasTheMomentsOfTheLogNormal: where the cut is far away, mean and standard
// deviation are those of the textbook. Source: Johnson, Kotz & Balakrishnan, Continuous
// Univariate Distributions 1 (1994), chapter 14.
func TestBeliefHasTheMomentsOfTheLogNormal(t *testing.T) {
	var e Elasticity
	belief{.7, .1}.fill(&e, commerce.Item{SKU: "A"})
	mean := -math.Exp(.7 + .005)
	sd := -mean * math.Sqrt(math.Expm1(.01))
	if math.Abs(e.Mean-mean) > 1e-4 || math.Abs(e.SD-sd) > 2e-3*sd+1e-3 {
		t.Errorf("mean %.5f, SD %.5f, want %.5f and %.5f", e.Mean, e.SD, mean, sd)
	}
	const z95, z975 = 1.6448536269514722, 1.959963984540054
	for _, q := range []struct{ got, z float64 }{{e.Q05, z95}, {e.Q95, -z95}, {e.Low, z975}, {e.High, -z975}} {
		if want := -math.Exp(.7 + .1*q.z); math.Abs(q.got-want) > 1e-9 {
			t.Errorf("quantile %.6f, want %.6f", q.got, want)
		}
	}
}

// TestDrawsAreStratified: whatever is believed, the draws are one quantile of each stratum, in
// an order that differs between items, and within what demand can do.
func TestDrawsAreStratified(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := belief{rapid.Float64Range(-4, 4).Draw(t, "mean"), rapid.Float64Range(.01, 2).Draw(t, "sd")}
		n := rapid.IntRange(1, 600).Draw(t, "draws")
		var e Elasticity
		b.fill(&e, commerce.Item{SKU: commerce.SKU(rapid.String().Draw(t, "sku"))})
		sorted := slices.Sorted(slices.Values(e.Draw(n)))
		for k, x := range sorted {
			if want := b.quantile((float64(k) + .5) / float64(n)); x != want || x < Steepest || x > Flattest {
				t.Fatalf("draw %d of %d is %v, want %v", k, n, x, want)
			}
		}
		if !(Steepest <= e.Low && e.Low <= e.Q05 && e.Q05 <= e.Q95 && e.Q95 <= e.High && e.High <= Flattest && e.SD >= 0) {
			t.Fatalf("%+v", e)
		}
	})
	var a, b Elasticity
	belief{.7, .1}.fill(&a, commerce.Item{SKU: "A"})
	belief{.7, .1}.fill(&b, commerce.Item{SKU: "B"})
	if slices.Equal(a.Draw(64), b.Draw(64)) {
		t.Error("two items draw in the same order")
	}
}

// TestDisagreementIsSaid: every estimator that disagrees and is not known to mislead is named.
func TestDisagreementIsSaid(t *testing.T) {
	e := Elasticity{Rungs: []Rung{
		{Name: RungNaive, Low: 1, High: 2, Informational: true},
		{Name: RungPoisson, Low: -2, High: -1, Agrees: true},
		{Name: RungInstrument, Low: -6, High: -5},
	}}
	got := e.Warnings()
	if len(got) != 1 || got[0].In(messages.English) != "Another estimator disagrees. Landed cost as the instrument of price: -6.0 to -5.0." {
		t.Errorf("%v", got)
	}
}
