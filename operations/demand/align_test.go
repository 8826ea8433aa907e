package demand

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/commerce"
)

// tides is a shop of two markets that are calm for a year and a half and then change week by
// week, one up by growth and the other down, each alike in all its series: what no series of
// a few units a week can show, and their total shows at once. With growth 0 nothing changes.
func tides(t testing.TB, n, days int, growth float64) (s *commerce.Snapshot, ahead map[commerce.Market]float64) {
	rng := rand.New(rand.NewPCG(21, 3))
	from := day(t, "2009-12-01")
	s = &commerce.Snapshot{From: from, AsOf: from.AddDays(days - 1), Currency: "GBP"}
	ahead = map[commerce.Market]float64{}
	for i := range 2 * n {
		market, slope := commerce.Market("DE"), -growth
		if i >= n {
			market, slope = "GB", growth
		}
		rate := .1 * math.Pow(5, rng.Float64())
		s.Items = append(s.Items, commerce.Item{SKU: commerce.SKU([]byte{'A' + byte(i/26), 'A' + byte(i%26)}), Market: market})
		s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
		for k := range days + held {
			mean := rate * math.Exp(slope*math.Max(0, float64(k-days+26*7))/7)
			if k >= days {
				ahead[market] += mean
				continue
			}
			units := int64(0)
			for at := rng.ExpFloat64(); at < mean; at += rng.ExpFloat64() {
				units++
			}
			if units > 0 {
				s.Sales.Day = append(s.Sales.Day, from.AddDays(k))
				s.Sales.Gross = append(s.Sales.Gross, units)
			}
		}
	}
	s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
	return s, ahead
}

// TestTotalsAreHeard: where markets move as one, the survey's own windows show that it pays
// to listen to totals, and the series then add up to nearly what comes.
func TestTotalsAreHeard(t *testing.T) {
	s, ahead := tides(t, 100, 728, .02)
	v := NewSurvey(s)
	sum, alone := map[commerce.Market]float64{}, map[commerce.Market]float64{}
	for i := range s.Items {
		y := SeriesOf(s, i)
		o := v.Outlook(y)
		sum[y.Market] += o.Mean(0, held)
		a := o.Alignment
		alone[y.Market] += o.Mean(0, held) / a.Applied()
		if a.Windows == 0 {
			continue // without a rate of its own, or in a class that keeps to a method of its own
		}
		if a.Market != y.Market || a.Strength == 0 || !(a.Gain > a.Error) || a.Windows != judged {
			t.Fatalf("series in %s: alignment %+v, want one to its market that lowered the error", y.Market, a)
		}
		paths := o.Forecast(held).Total.Mean()
		if math.Abs(paths-o.Mean(0, held)) > 1e-6*(1+paths) {
			t.Fatalf("total %v, mean of the paths %v: only one of them is aligned", paths, o.Mean(0, held))
		}
	}
	for m, want := range ahead {
		if off, before := math.Abs(math.Log(sum[m]/want)), math.Abs(math.Log(alone[m]/want)); off > .7*before {
			t.Errorf("%s: %.0f units with alignment, %.0f without, truth %.0f", m, sum[m], alone[m], want)
		}
	}
}

// TestTotalsThatSayNothing: where nothing moves, totals are not listened to, or change next
// to nothing.
func TestTotalsThatSayNothing(t *testing.T) {
	s, _ := tides(t, 100, 640, 0)
	v := NewSurvey(s)
	for _, m := range []commerce.Market{"DE", "GB", "FR"} {
		a := v.alignment.of(&Series{Market: m})
		if f := a.Applied(); math.Abs(f-1) > .05 {
			t.Errorf("%s: %+v is applied as %v, want no more than noise", m, a, f)
		}
	}
	if a := NewSurvey(&commerce.Snapshot{}).Outlook(NewSeries(s.From, s.AsOf)).Alignment; a.Applied() != 1 {
		t.Errorf("no shop: %+v", a)
	}
}

// TestTotalsDoNotKnowTheFuture: what comes after an origin does not change its factors.
func TestTotalsDoNotKnowTheFuture(t *testing.T) {
	s, _ := tides(t, 60, 560, .03)
	all := make([]Series, len(s.Items))
	for i := range all {
		all[i] = SeriesOf(s, i)
	}
	o := flatOrigin(500)
	total := func() []float64 {
		units := make([]float64, len(all[0].Units))
		for i := range all {
			for d, u := range all[i].Units {
				if u > 0 {
					units[d] += u
				}
			}
		}
		return units
	}
	before := o.totalAhead(total(), totalMethod())
	for i := range all {
		for d := 500; d < 560; d++ {
			all[i].Units[d] = 1000
		}
	}
	if after := o.totalAhead(total(), totalMethod()); after != before || !(before > 0) {
		t.Errorf("forecast of the total after day 500: %v, with another future %v", before, after)
	}
}

// TestSum: shares count, and stock-outs by the part that an item has in the demand.
func TestSum(t *testing.T) {
	from := day(t, "2011-01-01")
	a, b := NewSeries(from, from.AddDays(9)), NewSeries(from, from.AddDays(9))
	for k := range 10 {
		a.Add(from.AddDays(k), 6)
		b.Add(from.AddDays(k), 4)
	}
	a.Market, b.Market = "GB", "FR"
	b.AddReturned(10)
	b.Limit(from.AddDays(9), 0) // it still sold before it ran out
	y := Sum([]Series{a, b}, []float64{.5, 1})
	if y.Units[3] != 7 || y.Market != "" || y.returns != (returns{70, 10}) {
		t.Errorf("got %v units a day in %q, returns %+v; want 7 in no single market, 10 of 70", y.Units[3], y.Market, y.returns)
	}
	// b sold 40 units on 9 days in stock, half of a 30 on 10.
	if got, want := y.exposure(9), 3/(3+40./9); math.Abs(got-want) > 1e-12 || y.exposure(8) != 1 {
		t.Errorf("in stock for %v on the last day, want %v", got, want)
	}
}
