package plan

import (
	"math"
	"testing"

	"tradewind/commerce"
)

// emptyShelf returns the shop as it would have sold with a SKU out of stock on two days in
// three of the last eight weeks. told says so in the facts.
func emptyShelf(s *commerce.Snapshot, sku commerce.SKU, told bool) *commerce.Snapshot {
	out := *s
	out.Sales = commerce.Sales{}
	c := &out.Sales
	for i, it := range s.Items {
		c.Start = append(c.Start, int32(len(c.Day)))
		r, hi := s.Rows(i)
		for d := range s.Days() {
			day := s.From.AddDays(d)
			sold := r < hi && s.Sales.Day[r] == day
			gone := it.SKU == sku && s.Days()-d <= 56 && d%3 != 0
			if sold && !gone || gone && told {
				row := commerce.Sales{Gross: []int64{0}, Revenue: []int64{0}, InStock: []float32{0}}
				if !gone {
					row = commerce.Sales{Gross: s.Sales.Gross[r : r+1], Revenue: s.Sales.Revenue[r : r+1], InStock: []float32{1}}
				}
				c.Day, c.Gross, c.Revenue = append(c.Day, day), append(c.Gross, row.Gross...), append(c.Revenue, row.Revenue...)
				c.InStock, c.Returned = append(c.InStock, row.InStock...), append(c.Returned, 0)
			}
			if sold {
				r++
			}
		}
	}
	c.Start = append(c.Start, int32(len(c.Day)))
	return &out
}

// TestEmptyShelfIsNoLackOfDemand: a SKU that could not be bought on most days of late is
// ordered for the demand that it has, not for the sales that it had.
func TestEmptyShelfIsNoLackOfDemand(t *testing.T) {
	s := shop(t, manySKUs())
	site := Site{"H07", "UK-1"}
	expects := func(s *commerce.Snapshot, known bool) (units, upTo float64) {
		m := Propose(NewSurvey(s, Config{}, clock, "test", nil), []Site{site})[0]
		if m.Solution == nil {
			t.Fatalf("no menu: %v", m.Refused)
		}
		if m.censored != known {
			t.Fatalf("days without stock are known: %t, want %t", m.censored, known)
		}
		return m.Outlook.Mean(0, 28), m.Solution.UpTo
	}
	full, fullUpTo := expects(s, false)
	knowing, knowingUpTo := expects(emptyShelf(s, site.SKU, true), true)
	blind, _ := expects(emptyShelf(s, site.SKU, false), false)
	if math.Abs(knowing/full-1) > .1 || math.Abs(knowingUpTo/fullUpTo-1) > .15 {
		t.Errorf("with stock-outs that are known: %.0f units in 28 days and an order up to %.0f, want about %.0f and %.0f", knowing, knowingUpTo, full, fullUpTo)
	}
	if blind > .75*full {
		t.Errorf("with stock-outs that nobody tells of: %.0f units of %.0f, the test hides next to nothing", blind, full)
	}
}
