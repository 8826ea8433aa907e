package benchmark

import (
	"slices"
	"testing"
)

// TestClassificationIsRegistered: the figures themselves take most of a minute and are the
// benchmark's own; here suggestions alone are timed once.
func TestClassificationIsRegistered(t *testing.T) {
	if !slices.ContainsFunc(benches, func(b bench) bool { return b.name == "classification" }) {
		t.Error("there is no bench of that name")
	}
	n, cost, err := suggesting.run(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if n != suggestedTexts || cost.CPU <= 0 {
		t.Errorf("%d texts in %g s", n, cost.CPU)
	}
}
