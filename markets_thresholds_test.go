package tradewind

import (
	"math"
	"slices"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
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

// Who must register where follows from where the seller stands:
//   - In the European Union from 1 July 2021, 10,000 euros of distance sales over all of it
//     (VAT Directive, Article 59c), whose count leaves home out.
//   - Britain asks sellers from abroad to register from the first sale (HM Revenue & Customs).
//   - Norway from 50,000 kroner in twelve months, Australia from 75,000 dollars.
//   - A state of the United States asks by its own sales, which nobody knows here.
func TestObligations(t *testing.T) {
	markets := []commerce.Market{"AU", "DE", "FR", "GB", "IE", "NO", "US"}
	for _, tt := range []struct {
		name   string
		seller commerce.Seller
		want   []string // place, scheme and whose sales count
	}{
		{"in Germany", commerce.Seller{Established: []commerce.Market{"DE"}},
			[]string{"AU gst AU", "EU oss FR IE", "GB vat GB", "NO vat NO", "US-* sales_tax US"}},
		{"in Britain", commerce.Seller{Established: []commerce.Market{"GB"}},
			[]string{"AU gst AU", "NO vat NO", "US-* sales_tax US"}},
		{"in Germany, registered", commerce.Seller{Established: []commerce.Market{"DE"}, Registered: []string{"EU:oss", "GB:vat"}},
			[]string{"AU gst AU", "NO vat NO", "US-* sales_tax US"}},
		{"to businesses", commerce.Seller{Established: []commerce.Market{"DE"}, Businesses: true},
			[]string{"AU gst AU", "GB vat GB", "NO vat NO", "US-* sales_tax US"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := workspace(t, Config{FactsAsOf: "2022-06-30", RulesAsOf: "2022-06-30", Seller: tt.seller})
			s := selling(t, "2022-06-30", markets...)
			l := lawOf(t, e, s)
			var got []string
			for _, o := range e.obligations(s, l) {
				place := string(o.place)
				if o.regions > 0 {
					place = "US-*"
				}
				line := place + " " + o.asks.Scheme
				for _, m := range o.counts {
					line += " " + string(m)
				}
				got = append(got, line)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			for _, th := range e.thresholds(s, l) {
				if th.Amount.Sign() <= 0 || th.Amount.Currency() != "GBP" || th.Market == "GB" || len(th.Market) > 2 {
					t.Errorf("a plan cannot foresee %+v", th)
				}
			}
		})
	}
}

// Thirty regions of the United States have thresholds in 2022; the lowest stands for them,
// and it is the seller's own registrations that leave the list, not the others'.
func TestRegionalThresholds(t *testing.T) {
	s := selling(t, "2022-06-30", "US")
	regional := func(registered ...string) obligation {
		t.Helper()
		e := workspace(t, Config{FactsAsOf: "2022-06-30", RulesAsOf: "2022-06-30", Seller: commerce.Seller{Established: []commerce.Market{"GB"}, Registered: registered}})
		all := e.obligations(s, lawOf(t, e, s))
		if len(all) != 1 || all[0].regions == 0 {
			t.Fatalf("%+v", all)
		}
		return all[0]
	}
	lowest := regional()
	for r, asks := range law.In[law.Registration](law.Standard(), "US", someDay(t, "2022-06-30")) {
		if asks.Region != "" && asks.Limit.Float() < lowest.asks.Limit.Float() {
			t.Errorf("%s asks from %v, below the lowest, %v of %s", r.ID, asks.Limit, lowest.asks.Limit, lowest.rule.ID)
		}
	}
	after := regional(lowest.asks.Region + ":sales_tax")
	if after.regions != lowest.regions-1 || after.rule == lowest.rule {
		t.Errorf("registered in %s: %d regions, the lowest %s; before %d", lowest.asks.Region, after.regions, after.rule.ID, lowest.regions)
	}
}

// One pound a day is 365.00 in twelve months and 181.00 from 1 January to 30 June; a rule
// from the first sale is due at once.
func TestThresholdsOfASteadyShop(t *testing.T) {
	e := workspace(t, Config{FactsAsOf: "2022-06-30", RulesAsOf: "2022-06-30", Seller: commerce.Seller{Established: []commerce.Market{"DE"}}})
	s := selling(t, "2022-06-30", "DE", "FR", "GB", "NO")
	l := lawOf(t, e, s)
	all := e.obligations(s, l)
	forecast, err := e.registrations(s, l, all)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		v := e.thresholdView(s, &all[i], forecast[i])
		switch v.Market {
		case "GB":
			if !v.FirstSale || !v.Due || *v.Within365 != 1 || v.SoFar.Decimal() != "365.00" || !noted(v.Notes, "markets.note.first-sale") {
				t.Errorf("%+v", v)
			}
		case "EU":
			if v.SoFar.Decimal() != "181.00" || v.LastYear.Decimal() != "365.00" || v.Due || *v.Within365 > .01 || !slices.Equal(v.Selling, []commerce.Market{"FR"}) || v.Rate == nil {
				t.Errorf("%+v", v)
			}
		case "NO":
			if v.SoFar.Decimal() != "365.00" || v.LastYear != nil || v.Due || !v.Supported {
				t.Errorf("%+v", v)
			}
		default:
			t.Errorf("%s: %+v", v.Market, v)
		}
	}
}
