package plan

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/law/tariff"
	"tradewind/money"
	"tradewind/operations/expansion"
	"tradewind/operations/landed"
	"tradewind/operations/localization"
)

// ruled is a survey of a shop under the rules of a day.
func ruled(t *testing.T, s *commerce.Snapshot, c Config, on string) *Survey {
	t.Helper()
	return NewSurvey(s, c, clock, "test", nil).Under(lawOn(t, s, &c.Seller, on))
}

func lawOn(t *testing.T, s *commerce.Snapshot, seller *commerce.Seller, on string) Law {
	t.Helper()
	book := law.Standard()
	tariffs := map[commerce.Market]*tariff.Schedule{"US": tariff.UnitedStates()}
	l := Law{Book: book, Calculator: landed.New(book, landed.Env{Tariffs: tariffs, Rates: ExchangeRates(s)}), AsOf: onDay(t, on)}
	l.Checker = CheckerOf(book, s, seller, l.AsOf)
	return l
}

// A shop whose prices contain tax keeps the price less the tax: 20 % of the net price in
// Great Britain since 2011-01-04, 17.5 % before.
func TestTermsTakeTaxOffThePrice(t *testing.T) {
	s := shop(t, oneSeller)
	site := Site{s.Stocks[0].SKU, s.Stocks[0].Location}
	s.Warehouses = []commerce.Warehouse{{Location: site.Location, Country: "GB"}}
	for i := range s.Items {
		s.Items[i].Market = "GB"
	}
	for _, tt := range []struct {
		on      string
		withTax bool
		want    float64
	}{
		{"2011-12-09", true, 1 / 1.2},
		{"2010-12-09", true, 1 / 1.175},
		{"2011-12-09", false, 1},
	} {
		v := ruled(t, s, Config{Seller: commerce.Seller{Established: []commerce.Market{"GB"}, PricesWithTax: tt.withTax}}, tt.on)
		got := v.Law.termsAt(s, &v.Config.Seller, site)
		// Prices are rounded to the penny before the tax is taken off.
		if math.Abs(got.kept-tt.want) > .005 || got.open != 0 {
			t.Errorf("%s, with tax %v: kept %v of the price, %v open; want %v, 0", tt.on, tt.withTax, got.kept, got.open, tt.want)
		}
	}
}

// Less is kept of a price that contains tax, so an order is worth less; the decision cites
// the rule, and an approval is stale once the rule is another.
func TestOrdersRestOnLaw(t *testing.T) {
	s := shop(t, oneSeller)
	site := Site{s.Stocks[0].SKU, s.Stocks[0].Location}
	s.Warehouses = []commerce.Warehouse{{Location: site.Location, Country: "GB"}}
	for i := range s.Items {
		s.Items[i].Market = "GB"
	}
	best := func(withTax bool) (*Survey, *decision.Proposal) {
		v := ruled(t, s, Config{Seller: commerce.Seller{Established: []commerce.Market{"GB"}, PricesWithTax: withTax}}, "2011-12-09")
		p := Choose(v, Propose(v, []Site{site}))
		if len(p.Proposals) != 1 {
			t.Fatalf("%d proposals, want 1", len(p.Proposals))
		}
		return v, &p.Proposals[0]
	}
	_, without := best(false)
	v, with := best(true)
	if with.Gain.Mean.Cmp(without.Gain.Mean) >= 0 {
		t.Errorf("worth %s with tax in the price, %s without", with.Gain.Mean, without.Gain.Mean)
	}
	const rule = "GB.vat.standard.2011-01-04"
	if !slices.ContainsFunc(with.Rules, func(r law.Ref) bool { return r.ID == rule }) {
		t.Errorf("the rules cited are %v, want %s among them", with.Rules, rule)
	}
	if got := LawChanges(with, v.Law); len(got) != 0 {
		t.Errorf("changes under the same law: %v", got)
	}
	earlier := v.Law
	earlier.AsOf = earlier.AsOf.AddDays(-400)
	if got := LawChanges(with, earlier); !slices.ContainsFunc(got, func(c string) bool { return strings.HasPrefix(c, "rule "+rule+":") }) {
		t.Errorf("changes under the law of a year before: %v, want %s among them", got, rule)
	}
}

// Moves of whole markets come as decisions with drivers that sum, two alternatives and a
// signature; what is not worth it or not likely does not come.
func TestMovesBecomeDecisions(t *testing.T) {
	s := shop(t, oneSeller)
	v := ruled(t, s, Config{Seller: commerce.Seller{Established: []commerce.Market{"GB"}}}, "2022-03-01")
	gbp := func(n int64) money.Amount { return money.FromE4(n*10_000, s.Currency) }
	crossing := s.AsOf.AddDays(40)
	v.Moves = Moves{
		Entries: []expansion.Entry{
			{Market: "NO", Channel: "web", Value: expansion.Interval{Mean: 900, P10: -50, P50: 700, P90: 2100}, Cost: expansion.Interval{Mean: 300, P10: 150, P50: 280, P90: 600}, Profit: .85, Assumed: []string{"entry_cost"}},
			{Market: "IS", Channel: "web", Value: expansion.Interval{Mean: 10}, Profit: .4},
			{Market: "FO", Channel: "web", Value: expansion.Interval{Mean: -10}, Profit: .6},
		},
		Registrations: []expansion.Registration{
			{Threshold: expansion.Threshold{Market: "EU", Scheme: "oss", Rule: "EU.oss.threshold", Amount: gbp(8_500), Markets: []commerce.Market{"DE", "FR"}}, SoFar: gbp(7_000),
				Within365: .9, P50: &crossing, Next: expansion.Interval{Mean: 9_500, P10: 5_000, P50: 9_300, P90: 14_000}, Selling: []commerce.Market{"DE", "FR"}},
			{Threshold: expansion.Threshold{Market: "NO", Scheme: "voec", Rule: "x", Amount: gbp(8_500)}, Within365: .2, Next: expansion.Interval{Mean: 100}},
		},
		Listings: []localization.Proposal{
			{Action: decision.LocalizeListing{Item: commerce.Item{SKU: s.Stocks[0].SKU, Market: "DE", Channel: "web"}, Language: "de", Findings: "missing"}, Sales: gbp(1_000)},
			{Action: decision.LocalizeListing{Item: commerce.Item{SKU: s.Stocks[0].SKU, Market: "FR", Channel: "web"}, Language: "fr"}},
		},
	}
	got := v.Moves.Propose(v)
	kinds := map[decision.Kind]*decision.Proposal{}
	for i := range got {
		p := &got[i]
		kinds[p.Action.Kind()] = p
		sum := money.FromE4(0, s.Currency)
		for _, d := range p.Drivers {
			sum = mustAdd(sum, d.Amount)
		}
		if sum != p.Gain.Mean || len(p.Alternatives) < 2 || p.Fingerprint == "" || p.ID == "" || p.Summary.IsZero() {
			t.Errorf("%s: drivers sum to %s of %s, %d alternatives, fingerprint %q", p.Action.Kind(), sum, p.Gain.Mean, len(p.Alternatives), p.Fingerprint)
		}
		if i > 0 && p.Gain.Mean.Cmp(got[i-1].Gain.Mean) > 0 {
			t.Errorf("%s stands behind what is worth less", p.Action.Kind())
		}
	}
	if len(got) != 3 || kinds[decision.KindEnterMarket] == nil || kinds[decision.KindRegisterTax] == nil || kinds[decision.KindLocalizeListing] == nil {
		t.Fatalf("%d moves, want an entry, a registration and a listing", len(got))
	}
	if p := kinds[decision.KindEnterMarket]; p.Action.Subject().Market != "NO" || p.Gain.Mean != gbp(900) || p.Cash != gbp(300) {
		t.Errorf("entry into %s worth %s for %s", p.Action.Subject().Market, p.Gain.Mean, p.Cash)
	}
	// 8,000 beyond the threshold at the mean of 19 % and 20 %: 8,000 × .195/1.195.
	if p := kinds[decision.KindRegisterTax]; p.Gain.Mean.Decimal() != "1305.44" {
		t.Errorf("registration worth %s, want 1305.44", p.Gain.Mean)
	}
}

// A British seller of 2011 takes back the 20 % that it charged at home: of the price paid,
// 1.2 a unit of sales, Denmark's 25 % are .24, so .04 are its own; Germany's 19 % cost it
// nothing. In 2022 it takes nothing back.
func TestTaxOwedIsNetOfTaxAtHome(t *testing.T) {
	s := shop(t, oneSeller)
	for _, tt := range []struct {
		on     string
		market commerce.Market
		rate   float64
		gross  bool
		want   float64
	}{
		{"2011-12-09", "DK", .25, false, .04},
		{"2011-12-09", "DK", .25, true, .04 / 1.2},
		{"2011-12-09", "DE", .19, false, 0},
		{"2022-03-01", "DE", .19, false, .19 / 1.19},
		{"2022-03-01", "EU", .20, false, .2 / 1.2},
	} {
		v := ruled(t, s, Config{Seller: commerce.Seller{Established: []commerce.Market{"GB"}, PricesWithTax: tt.gross}}, tt.on)
		if got := v.netTax(tt.rate, v.homeTax(tt.market)); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s on %s: %v of sales, want %v", tt.market, tt.on, got, tt.want)
		}
	}
}
