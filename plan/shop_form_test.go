package plan

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/simulate"
)

// shopOf makes the shop of a site of a snapshot.
func shopOf(t *testing.T, s *commerce.Snapshot, site Site, c Config) (*ShopFacts, error) {
	t.Helper()
	v := NewSurvey(s, c, clock, "test", nil)
	st, err := NewPriceStudy(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return v.ShopForm(site, st)
}

const oneShop = `
	sells  A GB 12 5.00
	sells  A IE 4 5.00
	sells  B GB 7 9.00 40
	stock  A UK-1 300 0
	stock  B UK-1 100 0
	stock  C UK-1 100 0
	cost   A 2.50
	cost   B 4.00
	supply A Acme 21 3 24 6 10.00
	supply B Acme 21 3 24 6 10.00
	serves UK-1 GB IE
`

// TestShopFormReadsTheFacts holds the shop of a steady seller against the lines that made
// him: (12 + 4) units on each of five days a week, at 5.00.
func TestShopFormReadsTheFacts(t *testing.T) {
	s := shop(t, oneShop)
	got, err := shopOf(t, s, Site{"A", "UK-1"}, Config{FeeRate: .1})
	if err != nil {
		t.Fatal(err)
	}
	f := got.Form
	if err := f.Check(); err != nil {
		t.Fatal(err)
	}
	next := 0.0
	for week := range 4 {
		next += f.Expected(week, 5) * math.Exp(f.Now)
	}
	if math.Abs(next/320-1) > .15 { // Poisson counts: a month has an SD of 6 %
		t.Errorf("expects %.0f units in four weeks, want about 320", next)
	}
	for name, pair := range map[string][2]float64{
		"reference": {f.Reference, 5}, "cost": {f.Cost, 2.5}, "kept": {f.Kept, .9}, "holding": {f.Holding, .25},
		"minimum": {f.MOQ, 24}, "pack": {f.Pack, 6}, "order cost": {f.OrderCost, 10}, "lead": {f.LeadDays, 21}, "lead SD": {f.LeadSD, 3},
		"week":  {f.Week, 49}, // 2011-12-10 is the 344th day: 49 weeks are over
		"floor": {f.Floor, 4.25}, "ceiling": {f.Ceiling, 5.75},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	if f.Size < 50 { // Poisson counts have none
		t.Errorf("size %v of counts without any", f.Size)
	}
	if f.Elasticity >= 0 || f.ElasticitySD <= 0 {
		t.Errorf("elasticity %v (SD %v)", f.Elasticity, f.ElasticitySD)
	}
	var codes []string
	for _, m := range got.Assumed {
		codes = append(codes, m.Code)
	}
	want := []string{"plan.shop.assumed.elasticity", "plan.shop.assumed.holding", "plan.shop.assumed.lead-error", "plan.shop.assumed.costless", "plan.shop.assumed.steady"}
	if diff := cmp.Diff(codes, want); diff != "" {
		t.Error(diff)
	}
	if n := len(got.History.Units); n != 57 || len(got.History.Price) != n || got.History.Price[0] != 5 || got.History.Share[9] != 1 {
		t.Errorf("history of %d weeks, first price %v", n, got.History.Price[0])
	}
	units := 0.0
	for _, u := range got.History.Units {
		units += u
	}
	if math.Abs(units/(57*80)-1) > .05 {
		t.Errorf("%v units in 57 weeks of 80", units)
	}

	c, err := simulate.Calibrate(&f, got.History, 1)
	if err != nil || !c.Passed() {
		t.Errorf("a steady seller's shop does not fit him: %+v, %v", c, err)
	}
	f.Level *= 1.5
	if c, err := simulate.Calibrate(&f, got.History, 1); err != nil || c.Passed() {
		t.Errorf("half as much again fits him as well: %+v, %v", c, err)
	}

	again, _ := shopOf(t, shop(t, oneShop), Site{"A", "UK-1"}, Config{FeeRate: .1})
	if diff := cmp.Diff(again.Form, got.Form); diff != "" {
		t.Error("the same facts make another shop: " + diff)
	}
}

// TestStockOutsAndPromotionsInTheHistory marks a week half out of stock and a promoted one.
func TestStockOutsAndPromotionsInTheHistory(t *testing.T) {
	s := shop(t, oneShop)
	for r := range s.Sales.InStock {
		if d := s.AsOf.Sub(s.Sales.Day[r]); d >= 14 && d < 21 {
			s.Sales.InStock[r] = .4
		}
	}
	s.Promotions = []commerce.Promotion{{Item: s.Items[0], From: s.AsOf.AddDays(-30), To: s.AsOf.AddDays(-30), Depth: .2}}
	got, err := shopOf(t, s, Site{"A", "UK-1"}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	h, n := got.History, len(got.History.Units)
	if h.Share[n-3] > .6 || h.Share[n-2] != 1 || h.Share[n-4] != 1 {
		t.Errorf("in-stock shares end on %.2f", h.Share[n-4:])
	}
	if !math.IsNaN(h.Units[n-5]) || math.IsNaN(h.Units[n-4]) || math.IsNaN(h.Units[n-6]) {
		t.Errorf("units end on %v; the fifth week before the end was promoted", h.Units[n-6:])
	}
}

// TestShopFormRefuses says what is missing, short or wrong.
func TestShopFormRefuses(t *testing.T) {
	s := shop(t, oneShop)
	for _, tt := range []struct {
		site Site
		code string
		set  func(*commerce.Snapshot)
	}{
		{Site{"C", "UK-1"}, "E-SHOP-FACTS", nil}, // no cost
		{Site{"A", "DE-1"}, "E-SHOP-FACTS", nil}, // no stock
		{Site{"B", "UK-1"}, "E-SHOP-SHORT", nil}, // five weeks of sales
		{Site{"A", "UK-1"}, "E-SHOP-FORM", func(s *commerce.Snapshot) { s.Supplies[0].LeadDays = 0 }},
		{Site{"A", "UK-1"}, "E-SHOP-FORM", func(s *commerce.Snapshot) { s.Supplies[0].LeadDays = math.NaN() }},
		{Site{"A", "UK-1"}, "E-SHOP-LEAD", func(s *commerce.Snapshot) { s.Supplies[0].LeadDays = 300 }},
	} {
		own := *s
		own.Supplies = append([]commerce.Supply(nil), s.Supplies...)
		if tt.set != nil {
			tt.set(&own)
		}
		got, err := shopOf(t, &own, tt.site, Config{})
		if e := fault.Of(err); got != nil || e == nil || e.Code != tt.code || e.Kind != fault.Invalid {
			t.Errorf("%v: %v, %v, want %s", tt.site, got, err, tt.code)
		}
	}
}

// TestShopFormReadsDeliveries: where deliveries tell the lead time, its spread and the error
// of its mean are theirs, and nothing about it is assumed. Nine of 40 days beside 21 ± 3:
// mean (3·21 + 9·40)/12 = 35.25, variance (3·9·3/4 + 3·14.25² + 9·4.75²)/12 = 69.375.
func TestShopFormReadsDeliveries(t *testing.T) {
	s := shop(t, oneShop)
	took(s, "A", 40, 40, 40, 40, 40, 40, 40, 40, 40)
	got, err := shopOf(t, s, Site{"A", "UK-1"}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	spread := math.Sqrt(69.375)
	for name, pair := range map[string][2]float64{"lead": {got.Form.LeadDays, 35.25}, "lead SD": {got.Form.LeadSD, spread}, "error of its mean": {got.Form.LeadMeanSD, spread / math.Sqrt(12) / 35.25}} {
		if math.Abs(pair[0]-pair[1]) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	for _, m := range got.Assumed {
		if m.Code == "plan.shop.assumed.lead-error" {
			t.Error("the error of the lead time is called assumed")
		}
	}
}
