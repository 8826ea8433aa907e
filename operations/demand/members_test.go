package demand

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/commerce"
)

// TestCensoredDaysAreLearntFrom hides sales: on two days in five a series is out of stock
// after a part of the day, or all of it. Told so, every member finds the rates within 3 % of
// those that it finds where all was seen; not told, they fall short.
func TestCensoredDaysAreLearntFrom(t *testing.T) {
	s, _, _ := world(t, 250, 500, 11)
	rng := rand.New(rand.NewPCG(5, 5))
	told := *s
	told.Sales = commerce.Sales{}
	for i := range s.Items {
		told.Sales.Start = append(told.Sales.Start, int32(len(told.Sales.Day)))
		r, hi := s.Rows(i)
		for k := range s.Days() {
			day, gross, share := s.From.AddDays(k), int64(0), 1.0
			if r < hi && s.Sales.Day[r] == day {
				gross = s.Sales.Gross[r]
				r++
			}
			if rng.Float64() < .4 {
				share = []float64{0, .5, .75}[rng.IntN(3)]
			}
			kept := int64(0)
			for range gross {
				if rng.Float64() < share {
					kept++
				}
			}
			if kept > 0 || share < 1 {
				told.Sales.Day = append(told.Sales.Day, day)
				told.Sales.Gross = append(told.Sales.Gross, kept)
				told.Sales.InStock = append(told.Sales.InStock, float32(share))
			}
		}
	}
	told.Sales.Start = append(told.Sales.Start, int32(len(told.Sales.Day)))
	silent := told
	silent.Sales.InStock = nil
	rates := func(s *commerce.Snapshot) (sums [memberCount]float64) {
		looking := viewer{origin: NewSurvey(s).origins[0]}
		for i := range s.Items {
			y := SeriesOf(s, i)
			if view, ok := looking.see(&y); ok {
				for k, r := range view.rates {
					sums[k] += r
				}
			}
		}
		return sums
	}
	full, knowing, blind := rates(s), rates(&told), rates(&silent)
	for k, name := range memberNames {
		if math.Abs(knowing[k]/full[k]-1) > .03 {
			t.Errorf("%s, told of stock-outs: %.2f units a day, want within 3 %% of %.2f", name, knowing[k], full[k])
		}
		if blind[k]/full[k] > .9 {
			t.Errorf("%s, not told: %.2f units a day, the mask hides next to nothing of %.2f", name, blind[k], full[k])
		}
	}
}
