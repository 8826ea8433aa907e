package expansion

import (
	"math"
	"testing"
)

// Thirteen trials of the BCG vaccine: vaccinated with tuberculosis and without, control
// with and without. The reference is what the R package metafor prints for
// rma(measure="RR", data=dat.bcg, method="DL"): estimate -0.7141, se 0.1787,
// tau^2 0.3088, Q 152.2330.
//
// Source: Colditz et al., JAMA 271 (1994), 698–702; Viechtbauer, Journal of Statistical
// Software 36 (2010), no. 3.
var bcg = [][4]float64{
	{4, 119, 11, 128}, {6, 300, 29, 274}, {3, 228, 11, 209}, {62, 13536, 248, 12619},
	{33, 5036, 47, 5761}, {180, 1361, 372, 1079}, {8, 2537, 10, 619}, {505, 87886, 499, 87892},
	{29, 7470, 45, 7232}, {17, 1699, 65, 1600}, {186, 50448, 141, 27197}, {5, 2493, 3, 2338},
	{27, 16886, 29, 17825},
}

func logRiskRatios() (all []estimate) {
	for _, t := range bcg {
		a, b, c, d := t[0], t[1], t[2], t[3]
		all = append(all, estimate{
			math.Log(a / (a + b) / (c / (c + d))),
			1/a - 1/(a+b) + 1/c - 1/(c+d),
		})
	}
	return all
}

func TestDerSimonianLairdOnThePublishedExample(t *testing.T) {
	p := shrink(logRiskRatios())
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"tau²", p.between, 0.3088},
		{"mean", p.mean, -0.7141},
		{"standard error", math.Sqrt(p.meanVariance), 0.1787},
	} {
		if math.Abs(tt.got-tt.want) > 0.00005 {
			t.Errorf("%s = %.6f, want %.4f", tt.name, tt.got, tt.want)
		}
	}
}

// By hand: y = 0, 1, 2 with v = 1/4 each: w = 4, ȳ = 1, Q = 8, Σw - Σw²/Σw = 12 - 48/12 = 8,
// so τ² = (8-2)/8 = 3/4, B = (1/4)/(1/4+3/4) = 1/4, var(ȳ) = 1/3.
func TestShrinkByHand(t *testing.T) {
	p := shrink([]estimate{{0, 0.25}, {1, 0.25}, {2, 0.25}, none})
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"τ²", p.between, 0.75},
		{"mean", p.mean, 1},
		{"shrunk lowest", p.of(0).mean, 0.25*1 + 0.75*0},
		{"shrunk highest", p.of(2).mean, 0.25*1 + 0.75*2},
		{"variance", p.of(0).variance, 0.75*0.25 + 0.25*0.25/3},
		{"pooled mean", p.of(3).mean, 1},
		{"pooled variance", p.of(3).variance, 0.75 + 1.0/3},
	} {
		if math.Abs(tt.got-tt.want) > 1e-12 {
			t.Errorf("%s = %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	if !p.of(3).pooled || p.of(0).pooled {
		t.Error("the market without a value is the one that is pooled")
	}
}

func TestShrinkAtTheEdges(t *testing.T) {
	if p := shrink([]estimate{none, none}); p.known || !math.IsNaN(p.of(0).mean) {
		t.Error("of nothing something is known")
	}
	one := shrink([]estimate{{0.3, 0.04}})
	if got := one.of(0); got.mean != 0.3 || math.Abs(got.variance-0.04) > 1e-12 {
		t.Errorf("one market alone: %+v, want its own value and variance", got)
	}
	alike := shrink([]estimate{{0.1, 0}, {0.1, 0}})
	if got := alike.of(0); math.Abs(got.mean-0.1) > 1e-12 || got.variance > 1e-7 {
		t.Errorf("markets without error: %+v, want 0.1", got)
	}
}
