package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
)

const oneSeller = `
	sells  A GB 12 5.00
	stock  A UK-1 40 0
	cost   A 2.50
	supply A Acme 14 3 24 6 10.00
`

// site is where oneSeller's goods lie.
var site = Site{"A", "UK-1"}

func propose(t *testing.T, s *commerce.Snapshot, placed ...Placed) *decision.Proposal {
	t.Helper()
	v := NewSurvey(s, Config{}, clock, "test", placed)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := Choose(v, menus)
	if len(p.Proposals) == 0 {
		return nil
	}
	return &p.Proposals[0]
}

func order(id decision.ID, units int64, day calendar.Day) Placed {
	return Placed{Decision: id, SKU: "A", Location: "UK-1", Units: units, Day: day}
}

func inputOf(p *decision.Proposal, key string) *decision.Input {
	for i := range p.Inputs {
		if p.Inputs[i].Key == key {
			return &p.Inputs[i]
		}
	}
	return nil
}

// What was ordered is not ordered again: it is on its way until a later count knows it.
func TestPlacedOrdersAreOnTheirWay(t *testing.T) {
	s := shop(t, oneSeller)
	first := propose(t, s)
	if first == nil || inputOf(first, "orders.placed") != nil || len(first.Run.Placed) != 0 {
		t.Fatalf("with nothing placed: %+v", first)
	}
	units := first.Action.(decision.Reorder).Units
	if again := propose(t, s, order("D-00000001", units, s.AsOf)); again != nil {
		t.Errorf("the %d units that were ordered are ordered again: %v", units, again.Action)
	}
	// Part of it: the rest is proposed, as another decision that names what it counted.
	part := propose(t, s, order("D-00000002", 10, s.AsOf), order("D-00000001", 20, s.AsOf.AddDays(2)))
	if part == nil {
		t.Fatal("after a small order nothing more is proposed")
	}
	in := inputOf(part, "orders.placed")
	if in == nil || in.Value != "30" || in.Source != "D-00000001, D-00000002" || in.Name.In(messages.Chinese) == "" {
		t.Errorf("the input is %+v", in)
	}
	if got, want := part.Run.Placed, []decision.ID{"D-00000001", "D-00000002"}; !slices.Equal(got, want) {
		t.Errorf("the run names %v, want %v", got, want)
	}
	if part.ID == first.ID || part.Fingerprint == first.Fingerprint || part.Run.Config != first.Run.Config {
		t.Errorf("first %s %s %s, with orders on their way %s %s %s", first.ID, first.Fingerprint, first.Run.Config, part.ID, part.Fingerprint, part.Run.Config)
	}
	if got := part.Action.(decision.Reorder).Units; got >= units {
		t.Errorf("%d are ordered with 30 on their way, %d without", got, units)
	}
	// The count is newer than the order, or the order is for somewhere else.
	for _, o := range []Placed{order("D-00000001", units, s.AsOf.AddDays(-1)), {Decision: "D-00000001", SKU: "A", Location: "EU-1", Units: units, Day: s.AsOf}, {Decision: "D-00000001", SKU: "B", Location: "UK-1", Units: units, Day: s.AsOf}} {
		if same := propose(t, s, o); same == nil || same.ID != first.ID || same.Fingerprint != first.Fingerprint {
			t.Errorf("%+v changed the proposal", o)
		}
	}
}

// counted returns the shop with its stock counted some days ago.
func counted(t *testing.T, facts string, days int) *commerce.Snapshot {
	s := shop(t, facts)
	for i := range s.Stocks {
		s.Stocks[i].Day = s.AsOf.AddDays(-days)
		s.Stocks[i].Provenance.AsOf = s.Stocks[i].Day
	}
	s.Hash = s.Fingerprint()
	return s
}

// What sold since the count is not on the shelf any more.
func TestSalesAreTakenOffAnOldCount(t *testing.T) {
	lots := strings.Replace(oneSeller, "UK-1 40 0", "UK-1 1000 0", 1)
	for _, days := range []int{0, 20, 45} {
		s := counted(t, lots, days)
		a, b := s.Rows(0)
		var sold int64
		for r := a; r < b; r++ {
			if s.AsOf.Sub(s.Sales.Day[r]) < days {
				sold += s.Sales.Gross[r] - s.Sales.Returned[r]
			}
		}
		v := NewSurvey(s, Config{}, clock, "test", nil)
		m := Propose(v, v.Sites)[0]
		if got, want := m.Problem.OnHand, float64(1000-sold); got != want || days > 0 && sold < 100 {
			t.Errorf("counted %d days ago: %v on hand, want %v", days, got, want)
		}
		var since *decision.Input
		for _, in := range Facts(s, Config{}, Law{}, site, nil, nil) {
			if in.Key == "stock.sold_since" {
				since = &in
			}
		}
		if since == nil || since.Value != count(sold) || since.AsOf != s.Stocks[0].Day {
			t.Errorf("counted %d days ago, %d sold since: the input is %+v", days, sold, since)
		}
		warned := false
		for _, c := range v.checks(&m, pick{menu: &m, option: &m.Solution.Options[0]}) {
			if c.Name.Code == "plan.check.count" {
				warned = c.Outcome == decision.Warn
			}
		}
		if want := days > oldestCount; warned != want {
			t.Errorf("counted %d days ago: warned %v, want %v", days, warned, want)
		}
	}
	// More was sold than was counted: the shelf is empty, not below.
	v := NewSurvey(counted(t, oneSeller, 60), Config{}, clock, "test", nil)
	if got := Propose(v, v.Sites)[0].Problem.OnHand; got != 0 {
		t.Errorf("%v on hand, want 0", got)
	}
}

// Two locations that serve a market share what was sold since.
func TestSoldSinceIsTheLocationsShare(t *testing.T) {
	s := counted(t, `
		sells  A GB 12 5.00
		stock  A EU-1 500 0
		stock  A UK-1 500 0
		cost   A 2.50
		supply A Acme 14 3 24 6 10.00
	`, 30)
	whole := soldAt(counted(t, oneSeller, 30), site).sinceCount
	if half := soldAt(s, site).sinceCount; whole < 100 || half < whole/2 || half > whole/2+1 {
		t.Errorf("of %d the share of one in two is %d", whole, half)
	}
}

func TestChanges(t *testing.T) {
	s := shop(t, oneSeller)
	p := propose(t, s)
	units := p.Action.(decision.Reorder).Units
	facts := func(change func(*commerce.Snapshot)) []decision.Input {
		s := shop(t, oneSeller)
		change(s)
		return Facts(s, Config{}, Law{}, site, nil, nil)
	}
	reprice := func(factor float64) func(*commerce.Snapshot) {
		return func(s *commerce.Snapshot) {
			for r := range s.Sales.Revenue {
				s.Sales.Revenue[r] = int64(float64(s.Sales.Revenue[r]) * factor)
			}
		}
	}
	for _, tt := range []struct {
		name string
		now  []decision.Input
		want []string
	}{
		{"nothing", facts(func(*commerce.Snapshot) {}), nil},
		{"price a little", facts(reprice(1.018)), nil},
		{"price more", facts(reprice(1.03)), []string{"price.paid: GBP 5.00 → GBP 5.15"}},
		{"a few sold", facts(func(s *commerce.Snapshot) { s.Sales.Returned[len(s.Sales.Returned)-1]++ }), nil},
		{"stock", facts(func(s *commerce.Snapshot) { s.Stocks[0].OnHand = 41 }), []string{"stock.on_hand: 40 → 41"}},
		{"who serves", facts(func(s *commerce.Snapshot) {
			s.Warehouses = []commerce.Warehouse{{Location: "UK-1", Serves: []commerce.Market{"GB", "IE"}}}
		}), []string{"supply.serves: UK-1: all → UK-1: GB IE"}},
		{"a second location", facts(func(s *commerce.Snapshot) {
			s.Stocks = append([]commerce.Stock{{SKU: "A", Location: "EU-1", Day: s.AsOf}}, s.Stocks...)
		}), []string{"supply.serves: UK-1: all → EU-1: all; UK-1: all"}},
		{"cost gone", facts(func(s *commerce.Snapshot) { s.Costs = nil }), []string{"cost.unit: GBP 2.50 → ?"}},
		{"fees", Facts(s, Config{FeeRate: 0.3}, Law{}, site, nil, nil), []string{"settings.fee_rate: 0 → 0.3"}},
		{"cash", Facts(s, Config{Cash: "500"}, Law{}, site, nil, nil), []string{"settings.cash: ? → 500"}},
		{"an order", Facts(s, Config{}, Law{}, site, []Placed{order("D-00000001", 48, s.AsOf)}, nil), []string{"orders.placed: ? → 48"}},
	} {
		if diff := cmp.Diff(tt.want, Changes(p, tt.now)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	sold := func(n int64) []decision.Input {
		now := Facts(s, Config{}, Law{}, site, nil, nil)
		for i := range now {
			if now[i].Key == "stock.sold_since" {
				now[i].Value = count(n)
			}
		}
		return now
	}
	if got := Changes(p, sold(units/10)); got != nil {
		t.Errorf("a tenth of the order sold since: %v", got)
	}
	if got := Changes(p, sold(units/10+1)); len(got) != 1 {
		t.Errorf("more than a tenth of the order sold since: %v", got)
	}
	if in := inputOf(p, "settings.fee_rate"); in == nil || !in.Assumed {
		t.Errorf("fees that nobody set are not marked as assumed: %+v", in)
	}
}

// A cost in another currency stands as its source has it, beside the rate.
func TestTheRateBehindACostIsAFact(t *testing.T) {
	at := func(rate float64) *commerce.Snapshot {
		s := shop(t, oneSeller)
		s.Costs[0].Quoted = money.FromE4(3_0000, "USD")
		s.Rates = []commerce.Rate{
			{Base: "GBP", Quote: "USD", Day: s.AsOf.AddDays(-9), Value: 2, Provenance: commerce.Provenance{Source: "old.csv"}},
			{Base: "GBP", Quote: "USD", Day: s.AsOf, Value: rate, Provenance: commerce.Provenance{Source: "rates.csv:7"}},
		}
		return s
	}
	p := propose(t, at(1.25))
	cost, rate := inputOf(p, "cost.unit"), inputOf(p, "rate.USD")
	if cost.Value != "USD 3.00" || rate == nil || rate.Value != "0.8" || rate.Source != "rates.csv:7" {
		t.Errorf("cost %+v at %+v", cost, rate)
	}
	for value, want := range map[float64]int{1.25: 0, 1.26: 0, 1.2: 1} {
		if got := Changes(p, Facts(at(value), Config{}, Law{}, site, nil, nil)); len(got) != want {
			t.Errorf("at %v: %v", value, got)
		}
	}
}
