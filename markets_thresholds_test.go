package tradewind

import (
	"math"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/plan"
)

// The thresholds of the demo are those of 2011 for distance sales from Britain, as Open to
// Export lists them; nobody has confirmed it. What counts is what the facts hold of the
// calendar year.
func TestTaxThresholdsOfTheDemo(t *testing.T) {
	e, _ := demo(t)
	found, err := e.TaxThresholds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[commerce.Market]ThresholdView{}
	for i, v := range found {
		seen[v.Market] = v
		if i > 0 && v.Due && !found[i-1].Due {
			t.Errorf("%s is due and stands behind %s, which is not", v.Market, found[i-1].Market)
		}
		if v.Supported || v.Rule.Status != law.Unconfirmed || v.Scheme != "vat" || v.Amount == nil || v.Within365 == nil {
			t.Fatalf("%s: %+v", v.Market, v)
		}
		if math.Abs(v.Amount.Float()-v.Rate.Value*v.Limit.Float()) > .005 {
			t.Errorf("%s: %v at %v are %v", v.Market, v.Limit, v.Rate.Value, v.Amount)
		}
	}
	lastYear, thisYear := someDay(t, "2010-01-01"), someDay(t, "2011-01-01")
	for m, limit := range map[commerce.Market]string{"DE": "100000.00", "IE": "35000.00", "SE": "320000.00", "BE": "35000.00"} {
		v, ok := seen[m]
		if !ok || !v.Due || v.Since == nil || *v.Within365 != 1 || v.Limit.Decimal() != limit {
			t.Errorf("%s: %+v; it took more than %s", m, v, limit)
			continue
		}
		if got, want := v.SoFar.E4(), between(s, m, thisYear, s.AsOf); got-want < -50 || got-want > 50 {
			t.Errorf("%s: %v so far, the facts of 2011 have %d ten-thousandths", m, v.SoFar, want)
		}
		from := lastYear
		if !v.Since.Before(thisYear) {
			from = thisYear
		}
		before, on := between(s, m, from, v.Since.AddDays(-1)), between(s, m, from, *v.Since)
		if before > v.Amount.E4() || on <= v.Amount.E4() {
			t.Errorf("%s: crossed on %s, when the year went from %d to %d ten-thousandths; the threshold is %v", m, v.Since, before, on, v.Amount)
		}
	}
	for _, m := range []commerce.Market{"GB", "AU", "US", "CH"} {
		if v, ok := seen[m]; ok {
			t.Errorf("%s: %+v; no rule of 2011 asks for it", m, v)
		}
	}
}

// between sums what a market took from one day to another, net of returns.
func between(s *commerce.Snapshot, m commerce.Market, from, to calendar.Day) (sum int64) {
	for i, it := range s.Items {
		lo, hi := s.Rows(i)
		for r := lo; r < hi && it.Market == m; r++ {
			if day := s.Sales.Day[r]; !day.Before(from) && !to.Before(day) {
				sum += s.Sales.Revenue[r] - s.Sales.Refunded[r]
			}
		}
	}
	return sum
}

// What is owed from the first sale is due, and says so; twelve months that roll have no
// year before them.
func TestThresholdViews(t *testing.T) {
	pounds := money.FromE4(365_0000, "GBP")
	from := map[commerce.Market]ThresholdView{}
	for _, m := range []commerce.Market{"GB", "NO"} {
		for r, asks := range law.In[law.Registration](law.Standard(), m, someDay(t, "2022-06-30")) {
			o := plan.Obligation{Rule: r, Asks: asks, Place: m, Sold: pounds, Limit: &pounds}
			if !o.FirstSale() {
				o.Forecast = &expansion.Registration{Threshold: expansion.Threshold{Window: expansion.Window(asks.Window)}, SoFar: pounds, Within365: .25}
			}
			from[m] = thresholdView(&o, &commerce.Seller{PricesWithTax: true})
		}
	}
	if v := from["GB"]; !v.FirstSale || !v.Due || *v.Within365 != 1 || *v.SoFar != pounds || v.Next != nil || !noted(v.Notes, "markets.note.first-sale") {
		t.Errorf("Britain: %+v", v)
	}
	if v := from["NO"]; v.FirstSale || v.Due || *v.Within365 != .25 || *v.SoFar != pounds || v.LastYear != nil || !noted(v.Notes, "markets.note.with-tax") {
		t.Errorf("Norway: %+v", v)
	}
}
