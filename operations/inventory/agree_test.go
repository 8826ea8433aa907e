package inventory

import (
	"math"
	"testing"
)

// agree compares within a share of the larger of 1 and the wanted number.
func agree(t *testing.T, name string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within*max(1, math.Abs(want))) {
		t.Errorf("%s: got %.15g, want %.15g within %g", name, got, want, within)
	}
}
