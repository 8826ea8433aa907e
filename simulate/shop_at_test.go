package simulate

import (
	"math"
	"testing"
)

// TestFormAsItWas: what a form expects of a period is what the form of an earlier one
// expects of it, whether the season or growth is behind it.
func TestFormAsItWas(t *testing.T) {
	f := DrawShopForm(3)
	f.Growth, f.Now, f.NowSD = .2, .1, .01
	then := f.At(-30)
	if err := then.Check(); err != nil {
		t.Fatal(err)
	}
	for k := range 60 {
		got, want := then.Expected(k, f.Reference), f.Expected(k-30, f.Reference)
		if math.Abs(got-want) > 1e-9*want {
			t.Errorf("period %d: got %v, want %v", k, got, want)
		}
	}
	if then.Now != 0 || then.NowSD <= f.NowSD {
		t.Errorf("the belief of then: %v ± %v", then.Now, then.NowSD)
	}
}
