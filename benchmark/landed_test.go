package benchmark

import (
	"context"
	"testing"
)

// Every golden case passes, and the quotes that are timed are mixed: some are complete and
// some are not.
func TestLandedRows(t *testing.T) {
	rows, err := goldenRows()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r = judged(r); r.OK == nil || !*r.OK {
			t.Errorf("%s is %v, want %v: %s", r.Name, *r.Value, *r.Must, r.Source)
		}
	}
	for _, short := range []bool{false, true} {
		a, _, err := quoting.run(context.Background(), quoteQuestion{Workers: 2, Rounds: 1, Short: short})
		if err != nil {
			t.Fatal(err)
		}
		if want := 2 * len(mixedSales()); a.Quotes != want || a.Complete < want/5 || a.Complete > want*4/5 {
			t.Errorf("%d quotes, %d of them complete; want %d, a fifth at least of each kind", a.Quotes, a.Complete, want)
		}
	}
}
