package demand

import (
	"math"

	"tradewind/calendar"
	"tradewind/commerce"
)

// Series is gross demand a day over the whole span of a snapshot. A day before the first
// sale is NaN: the product was not on offer, which is not a demand of nothing. So is a day
// without stock, on which demand could not show.
type Series struct {
	From  calendar.Day
	Units []float64
	// Stocked is the share of each day on which the product could be bought; nil means all
	// of every day. Sales of a day stand for that share of its demand.
	Stocked []float64

	Market   commerce.Market // "" when unknown, or several
	Category string          // of the product; "" when unknown

	returns returns
	first   int // position of the first day with a sale; len(Units) when there is none
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
	s.returns.sold += units
}

// AddReturned adds units that came back, of whatever sale.
func (s *Series) AddReturned(units float64) {
	if units > 0 {
		s.returns.back += units
	}
}

// Limit says that the product was in stock for a share of a day only. A day without any
// stock shows no demand.
func (s *Series) Limit(day calendar.Day, share float64) {
	t := day.Sub(s.From)
	if !(share < 1) || t < 0 || t >= len(s.Units) {
		return
	}
	if s.Stocked == nil {
		s.Stocked = make([]float64, len(s.Units))
		for k := range s.Stocked {
			s.Stocked[k] = 1
		}
	}
	s.Stocked[t] = math.Max(0, share)
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

// exposure is the share of day t on which the product could be bought.
func (s *Series) exposure(t int) float64 {
	if s.Stocked == nil {
		return 1
	}
	return s.Stocked[t]
}

// sellingDays counts the days with a sale among the first n days.
func (s *Series) sellingDays(n int) int {
	count := 0
	for t := s.first; t < n; t++ {
		if s.Units[t] > 0 {
			count++
		}
	}
	return count
}

// sellsBy reports whether the series had MinSellingDays days with a sale before day n.
func (s *Series) sellsBy(n int) bool {
	count := 0
	for t := s.first; t < n; t++ {
		if s.Units[t] > 0 {
			if count++; count == MinSellingDays {
				return true
			}
		}
	}
	return false
}

// known are the units since the first sale, NaN on days without stock.
func (s *Series) known() []float64 {
	if s.Stocked == nil {
		return s.Units[s.first:]
	}
	out := append([]float64(nil), s.Units[s.first:]...)
	for t := range out {
		if s.Stocked[s.first+t] == 0 {
			out[t] = math.NaN()
		}
	}
	return out
}

// SeriesOf unfolds the rows of item i of a snapshot.
func SeriesOf(s *commerce.Snapshot, i int) Series {
	y := NewSeries(s.From, s.AsOf)
	y.Market = s.Items[i].Market
	if p := s.Product(s.Items[i].SKU); p != nil {
		y.Category = p.Category
	}
	lo, hi := s.Rows(i)
	for r := lo; r < hi; r++ {
		y.Add(s.Sales.Day[r], float64(s.Sales.Gross[r]))
		if len(s.Sales.Returned) > 0 {
			y.AddReturned(float64(s.Sales.Returned[r]))
		}
		if len(s.Sales.InStock) > 0 {
			y.Limit(s.Sales.Day[r], float64(s.Sales.InStock[r]))
		}
	}
	return y
}

// Sum is the demand of several items over the span that all of them have: of each the share
// that counts, from 0 to 1. On a day on which some items are out of stock it is in stock to
// the extent of the others' part in the demand.
func Sum(items []Series, shares []float64) Series {
	var sum Series
	var rates []float64
	limited, all := false, 0.0
	for i := range items {
		y, share := &items[i], shares[i]
		if i == 0 {
			sum = NewSeries(y.From, y.From.AddDays(len(y.Units)-1))
			sum.Market, sum.Category = y.Market, y.Category
		}
		if y.Market != sum.Market {
			sum.Market = ""
		}
		for t := y.first; t < len(y.Units); t++ {
			sum.Add(y.From.AddDays(t), share*y.Units[t])
		}
		sum.AddReturned(share * y.returns.back)
		rates = append(rates, share*y.daily())
		limited, all = limited || y.Stocked != nil, all+rates[i]
	}
	if !limited {
		return sum
	}
	for t := range sum.Units {
		gone := 0.0
		for i := range items {
			gone += rates[i] / all * (1 - items[i].exposure(t))
		}
		if gone > 0 { // false as well where nothing was ever sold
			sum.Limit(sum.From.AddDays(t), 1-gone)
		}
	}
	return sum
}

// daily is what was sold a day on which the product could be bought.
func (y *Series) daily() float64 {
	days := 0.0
	for t := y.first; t < len(y.Units); t++ {
		days += y.exposure(t)
	}
	if days == 0 {
		return 0
	}
	return y.returns.sold / days
}
