package classification

import (
	"math"
	"testing"
)

func TestElementaryFunctions(t *testing.T) {
	for x := 1e-9; x < 1e9; x *= 1.0137 {
		if got, want := ln(x), math.Log(x); math.Abs(got-want) > 2e-15*max(1, math.Abs(want)) {
			t.Errorf("ln %g = %.17g, want %.17g", x, got, want)
		}
	}
	for x := 0.0; x > -699; x -= .0731 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-13*want {
			t.Errorf("exp %g = %.17g, want %.17g", x, got, want)
		}
	}
	if exp(0) != 1 || exp(-701) != 0 || ln(1) != 0 {
		t.Errorf("exp 0 = %g, exp -701 = %g, ln 1 = %g", exp(0), exp(-701), ln(1))
	}
}
