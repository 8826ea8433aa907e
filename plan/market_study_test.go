package plan

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/operations/expansion"
)

// selling is a shop in Britain that sells one unit a day for one pound in each market, for
// two years.
func selling(t *testing.T, asOf string, markets ...commerce.Market) *commerce.Snapshot {
	t.Helper()
	day := onDay(t, asOf)
	s := &commerce.Snapshot{AsOf: day, From: day.AddDays(-800), Currency: "GBP", Warehouses: []commerce.Warehouse{{Location: "UK-1", Country: "GB"}},
		Products: []commerce.Product{{SKU: "A", HS: "69120025", Origin: "CN", Grams: 400}}}
	s.Sales.Start = []int32{0}
	slices.Sort(markets)
	for _, m := range markets {
		s.Items = append(s.Items, commerce.Item{SKU: "A", Market: m, Channel: "web"})
		for ago := 800; ago >= 0; ago-- {
			s.Sales.Day = append(s.Sales.Day, day.AddDays(-ago))
			s.Sales.Gross, s.Sales.Returned = append(s.Sales.Gross, 1), append(s.Sales.Returned, 0)
			s.Sales.Revenue, s.Sales.Refunded = append(s.Sales.Revenue, 1_0000), append(s.Sales.Refunded, 0)
			s.Sales.Lines, s.Sales.Largest = append(s.Sales.Lines, 1), append(s.Sales.Largest, 1)
		}
		s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
	}
	return s
}

func onDay(t *testing.T, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// studied is a study of a shop's markets under the rules of the last day of its facts.
func studied(t *testing.T, s *commerce.Snapshot, c Config) *MarketStudy {
	t.Helper()
	m, err := NewMarketStudy(s, c, lawOn(t, s, &c.Seller, s.AsOf.String()))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// near reports whether two figures are equal but for rounding.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(1, math.Abs(a), math.Abs(b)) }

// A shop with too few foreign markets has its own ranked, and is told why there are no
// candidates.
func TestFewMarkets(t *testing.T) {
	m := studied(t, selling(t, "2022-06-30", "GB", "DE", "FR"), Config{})
	if f := fault.Of(m.Refused); f == nil || f.Code != "E-EXPANSION-FEW-MARKETS" || len(m.Ranked) != 3 || m.Assessment == nil {
		t.Errorf("refused: %v; %d markets ranked, assessment %+v", m.Refused, len(m.Ranked), m.Assessment)
	}
	if m := studied(t, selling(t, "2022-06-30"), Config{}); m.Study != nil && len(m.Ranked) > 0 {
		t.Errorf("an empty shop: %+v", m)
	}
}

// What moves come from is what a study shows: the same days of registration, drawn once. A
// shop of which too little is known says so, and is not told of parts of countries.
func TestMovesComeFromTheStudy(t *testing.T) {
	s := selling(t, "2022-06-30", "AU", "DE", "FR", "GB", "IE", "NO", "US")
	c := Config{Seller: commerce.Seller{Established: []commerce.Market{"DE"}}}
	study := studied(t, s, c)
	all, err := study.Obligations()
	if err != nil {
		t.Fatal(err)
	}
	var want []expansion.Registration
	parts := 0
	for _, o := range all {
		switch {
		case o.Regions > 0:
			parts++
		case !o.FirstSale():
			want = append(want, *o.Forecast)
		}
	}
	if parts != 1 || len(want) != 3 {
		t.Fatalf("%d registrations and %d in parts of a country, want 3 and 1", len(want), parts)
	}
	v := NewSurvey(s, c, clock, "test", nil).Under(study.law)
	got, warnings, err := MovesOf(v, study)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Registrations, cmp.Comparer(func(a, b money.Amount) bool { return a == b })); diff != "" {
		t.Errorf("registrations -study +moves\n%s", diff)
	}
	var codes []string
	for _, w := range warnings {
		codes = append(codes, w.Code)
	}
	if len(got.Entries) != 0 || !slices.Equal(codes, []string{"engine.no-entries", "engine.not-screened"}) {
		t.Errorf("%d entries, warnings %q", len(got.Entries), codes)
	}
}

// A seller of pots who bears import charges (DDP) pays what a quote for the same order says:
// nothing or some for pots of one pound, which reliefs free from duty, and for pots of 400
// pounds more, unless the duty has no tariff, and then it is unknown.
func TestLandedChargesAreThoseOfAQuote(t *testing.T) {
	seller := commerce.Seller{Established: []commerce.Market{"GB"}, Incoterm: "DDP"}
	markets := []commerce.Market{"DE", "GB", "NO", "US"}
	statuses := map[string]int{}
	for _, price := range []int64{1, 400} {
		s := selling(t, "2022-06-30", markets...)
		for r := range s.Sales.Revenue {
			s.Sales.Revenue[r] *= price
		}
		l := lawOn(t, s, &seller, "2022-06-30")
		best := basketsOf(s)
		all := chargesOf(s, &seller, l, best, nil)
		landedTo := borneBySeller(all)
		for _, to := range markets {
			sales := l.usualSales(s, &seller, "GB", to, best.of(to))
			if len(sales) != 1 || sales[0].revenue != 365*float64(price) || sales[0].Units != 1 {
				t.Fatalf("%s: the basket is %+v", to, sales)
			}
			q, err := l.Calculator.Quote(sales[0].Consignment())
			if err != nil {
				t.Fatal(err)
			}
			due, levied := all[to].Due, (q.Duty.Low.Float()+q.Tax.Low.Float()+q.Fees.Low.Float())/float64(price)
			if open := q.Duty.Unknown || q.Tax.Unknown || q.Fees.Unknown; open != (due.Status == "unknown") || !open && !near(due.Low, levied) {
				t.Errorf("%s at %d: all charges are %+v, the quote says %v (unknown: %v)", to, price, due, levied, open)
			}
			got := landedTo(to)
			statuses[string(got.Status)]++
			if q.NetRevenue.Unknown {
				if got.Status != "unknown" || got.Rate != 0 {
					t.Errorf("%s at %d: the quote is open, and the charges are %+v", to, price, got)
				}
				continue
			}
			low, high := 1-q.NetRevenue.High.Float()/float64(price), 1-q.NetRevenue.Low.Float()/float64(price)
			if got.Status == "unknown" || !near(got.Low, low) || !near(got.High, high) || len(got.Rules) == 0 {
				t.Errorf("%s at %d: charges %+v, the quote says %v to %v", to, price, got, low, high)
			}
		}
		if got := landedTo("ZZ"); got.Status != "unknown" {
			t.Errorf("a market that is not in the shop: %+v", got)
		}
	}
	if statuses["known"] == 0 || statuses["unknown"] == 0 {
		t.Errorf("%v: one kind is not tested", statuses)
	}
}
