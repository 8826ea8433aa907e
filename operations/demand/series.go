package demand

import (
	"math"

	"tradewind/calendar"
	"tradewind/commerce"
)

// Series is gross demand a day over the whole span of a snapshot. A day before the first
// sale is NaN: the product was not on offer, which is not a demand of nothing.
type Series struct {
	From  calendar.Day
	Units []float64
	first int // position of the first day with a sale; len(Units) when there is none
}

// NewSeries returns a series without sales for the days from…to, both included.
func NewSeries(from, to calendar.Day) Series {
	n := to.Sub(from) + 1
	units := make([]float64, n)
	for t := range units {
		units[t] = math.NaN()
	}
	return Series{From: from, Units: units, first: n}
}

// Add adds units sold on a day of the span.
func (s *Series) Add(day calendar.Day, units float64) {
	t := day.Sub(s.From)
	if !(units > 0) || t < 0 || t >= len(s.Units) {
		return
	}
	for k := t; k < s.first; k++ {
		s.Units[k] = 0
	}
	s.first = min(s.first, t)
	s.Units[t] += units
}

// SellingDays counts the days with a sale.
func (s *Series) SellingDays() int {
	n := 0
	for _, u := range s.Units[s.first:] {
		if u > 0 {
			n++
		}
	}
	return n
}

// seriesOf unfolds the rows of one item of a snapshot.
func seriesOf(s *commerce.Snapshot, i int) Series {
	y := NewSeries(s.From, s.AsOf)
	lo, hi := s.Rows(i)
	for r := lo; r < hi; r++ {
		y.Add(s.Sales.Day[r], float64(s.Sales.Gross[r]))
	}
	return y
}
