package plan

import (
	"slices"
	"testing"

	"tradewind/commerce"
	"tradewind/law"
	"tradewind/operations/expansion"
)

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
			s := selling(t, "2022-06-30", markets...)
			var got []string
			for _, o := range obligationsOf(s, &tt.seller, lawOn(t, s, &tt.seller, "2022-06-30")) {
				place := string(o.Place)
				if o.Regions > 0 {
					place = "US-*"
				}
				line := place + " " + o.Asks.Scheme
				for _, m := range o.Counts {
					line += " " + string(m)
				}
				got = append(got, line)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Thirty regions of the United States have thresholds in 2022; the lowest stands for them,
// and it is the seller's own registrations that leave the list, not the others'.
func TestRegionalThresholds(t *testing.T) {
	s := selling(t, "2022-06-30", "US")
	regional := func(registered ...string) Obligation {
		t.Helper()
		seller := commerce.Seller{Established: []commerce.Market{"GB"}, Registered: registered}
		all := obligationsOf(s, &seller, lawOn(t, s, &seller, "2022-06-30"))
		if len(all) != 1 || all[0].Regions == 0 {
			t.Fatalf("%+v", all)
		}
		return all[0]
	}
	lowest := regional()
	for r, asks := range law.In[law.Registration](law.Standard(), "US", onDay(t, "2022-06-30")) {
		if asks.Region != "" && asks.Limit.Float() < lowest.Asks.Limit.Float() {
			t.Errorf("%s asks from %v, below the lowest, %v of %s", r.ID, asks.Limit, lowest.Asks.Limit, lowest.Rule.ID)
		}
	}
	after := regional(lowest.Asks.Region + ":sales_tax")
	if after.Regions != lowest.Regions-1 || after.Rule == lowest.Rule {
		t.Errorf("registered in %s: %d regions, the lowest %s; before %d", lowest.Asks.Region, after.Regions, after.Rule.ID, lowest.Regions)
	}
}

// One pound a day is 365.00 in twelve months and 181.00 from 1 January to 30 June; a rule
// from the first sale has nothing to forecast.
func TestObligationsOfASteadyShop(t *testing.T) {
	s := selling(t, "2022-06-30", "DE", "FR", "GB", "NO")
	all, err := studied(t, s, Config{Seller: commerce.Seller{Established: []commerce.Market{"DE"}}}).Obligations()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 {
		t.Fatalf("%d obligations, want 3", len(all))
	}
	for i := range all {
		o, r := &all[i], all[i].registration()
		switch o.Place {
		case "GB":
			if !o.FirstSale() || o.Forecast != nil || !r.Due || o.Sold.Decimal() != "365.00" {
				t.Errorf("%+v", o)
			}
		case "EU":
			if r.SoFar.Decimal() != "181.00" || r.LastYear.Decimal() != "365.00" || r.Due || r.Within365 > .01 || !slices.Equal(o.Counts, []commerce.Market{"FR"}) || o.Rate == nil {
				t.Errorf("%+v", o)
			}
		case "NO":
			if r.SoFar.Decimal() != "365.00" || r.Window != expansion.RollingTwelve || r.Due || !o.Rule.Ref().Supported() {
				t.Errorf("%+v", o)
			}
		default:
			t.Errorf("%s: %+v", o.Place, o)
		}
	}
	slices.SortFunc(all, func(a, b Obligation) int { return Sooner(&a, &b) })
	if all[0].Place != "GB" {
		t.Errorf("%s stands before Britain, where one registers from the first sale", all[0].Place)
	}
}
