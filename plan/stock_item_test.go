package plan

import (
	"math"
	"testing"

	"tradewind/calendar"
	"tradewind/operations/inventory"
)

const twoPlaces = `
sells A DE 6 5.00
sells A GB 10 5.00
sells A IE 4 5.00
stock A EU-1 70 30
stock A UK-1 40 0
serves EU-1 DE IE
serves UK-1 GB IE
cost A 2.50
supply A Acme 14 3 24 6 10.00
`

// The network of a SKU: shares of the demand sum to all of it, and what two locations serve
// is shared evenly; what is under way stands in the order of its arrival.
func TestStockPlaces(t *testing.T) {
	s := shop(t, twoPlaces)
	ordered := s.AsOf.AddDays(-3)
	v := NewSurvey(s, Config{}, clock, "test", nil)
	v.Placed = []Placed{{Decision: "D-2", SKU: "A", Location: "EU-1", Units: 12, Day: s.AsOf}, {Decision: "D-1", SKU: "A", Location: "EU-1", Units: 48, Day: ordered}}
	places := StockPlaces(v, Propose(v, v.Sites))
	if len(places) != 2 || places[0].Site.Location != "EU-1" {
		t.Fatalf("%+v", places)
	}
	eu, uk := &places[0], &places[1]
	if sum := eu.Share + uk.Share; math.Abs(sum-1) > 1e-12 || math.Abs(eu.Share-8./20) > .03 {
		t.Errorf("shares %v and %v, want about %v and %v", eu.Share, uk.Share, 8./20, 12./20)
	}
	if eu.Supplier != "Acme" || eu.LeadDays != 14 || len(eu.Serves) != 2 {
		t.Errorf("%+v", eu)
	}
	want := []ComingStock{{48, ordered.AddDays(14), "D-1"}, {12, s.AsOf.AddDays(14), "D-2"}, {30, calendar.Day{}, ""}}
	if len(eu.Coming) != len(want) {
		t.Fatalf("under way: %+v", eu.Coming)
	}
	for i, c := range eu.Coming {
		if c != want[i] {
			t.Errorf("under way %d: %+v, want %+v", i, c, want[i])
		}
	}
	if got, want := eu.Inbound, 90.; got != want {
		t.Errorf("%v units under way, want %v", got, want)
	}
	if got, want := eu.Cover, (70+90)/eu.Daily; math.Abs(got-want) > 1e-9 {
		t.Errorf("lasts %v days, want %v: with all that is under way", got, want)
	}
	if len(uk.Coming) != 0 {
		t.Errorf("nothing is on its way to UK-1: %+v", uk.Coming)
	}
}

// A transfer that people decided on is gone where it leaves and under way where it goes, and
// what a learned policy says is said of the stock that it leaves.
func TestDecidedTransfers(t *testing.T) {
	s := shop(t, twoPlaces)
	moved := []Placed{{Decision: "D-1", SKU: "A", From: "EU-1", Location: "UK-1", Units: 25, Day: s.AsOf}}
	v := NewSurvey(s, Config{}, clock, "test", nil).With(moved).Advised(map[Site]Advice{{"A", "EU-1"}: {Target: 1.3, Price: 1}}, "x")
	before := Propose(v, v.Sites)
	rows := StockRows(v, Decided(v, before))
	if got, want := [4]float64{float64(rows[0].OnHand), rows[0].Inbound, float64(rows[1].OnHand), rows[1].Inbound}, [4]float64{45, 30, 40, 25}; got != want {
		t.Errorf("on hand and under way by site: %v, want %v", got, want)
	}
	if before[0].Problem.OnHand != 70 {
		t.Error("the menus that were given are changed")
	}
	m := Decided(v, before)[0]
	if m.adjusted == nil || before[0].adjusted == nil {
		t.Fatal("the advice moves no order: the test shows nothing")
	}
	was := inventory.Solve(m.Problem).Chosen().Units
	if got := m.adjusted.before; got != was {
		t.Errorf("%v units without the advice, solved for the stock that is left %v", got, was)
	}
	if got := m.Solution.Chosen().Units; got <= was {
		t.Errorf("orders %v, no more than %v without the advice", got, was)
	}
	if then := v.Ask(m, StockChange{}); then.Solution.Chosen().Units != m.Solution.Chosen().Units {
		t.Errorf("asking nothing orders %v, was %v", then.Solution.Chosen().Units, m.Solution.Chosen().Units)
	}
}

// At the reorder level an order pays, and with a few per cent more on the shelf none does.
func TestReorder(t *testing.T) {
	v := NewSurvey(shop(t, twoPlaces), Config{}, clock, "test", nil)
	m := v.propose(Site{"A", "UK-1"})
	level := m.Reorder()
	pays := func(position float64) bool {
		p := *m.Problem
		p.OnHand = position - (p.Position() - p.OnHand)
		return inventory.Solve(&p).Best > 0
	}
	if !pays(level) || pays(level*1.02+2) {
		t.Errorf("an order pays at %v: %t; at %v: %t", level, pays(level), level*1.02+2, pays(level*1.02+2))
	}
	if pays := m.Solution.Best > 0; pays != (m.Problem.Position() <= level) {
		t.Errorf("an order at %v pays: %t, reorder level %v", m.Problem.Position(), pays, level)
	}
	m.Problem.Price = m.Problem.UnitCost + .0001 // a unit earns less than ordering it costs
	m.Problem.OrderCost = 1e6
	if got := m.Reorder(); !math.IsNaN(got) {
		t.Errorf("an order never pays, yet at %v", got)
	}
}

// The cash of a plan pays for whole packs beside the cost of ordering.
func TestMostUnits(t *testing.T) {
	v := NewSurvey(shop(t, twoPlaces), Config{Cash: "100"}, clock, "test", nil)
	m := v.propose(Site{"A", "UK-1"})
	if got, want := m.MostUnits(), 36.; got != want { // (100 - 10) / 2.50 in packs of 6
		t.Errorf("%v units for 100, want %v", got, want)
	}
	m.Problem.Budget = 0
	if got := m.MostUnits(); !math.IsInf(got, 1) {
		t.Errorf("%v units without a limit", got)
	}
}

// What if: the same question as is gives the same answer; more demand, a
// dearer unit and a higher fill rate ask for more, a longer lead time sells more before; a price below cost is refused.
func TestAsk(t *testing.T) {
	v := NewSurvey(shop(t, twoPlaces), Config{}, clock, "test", nil)
	m := v.propose(Site{"A", "UK-1"})
	need := func(c StockChange) float64 {
		then := v.Ask(m, c)
		if then.Solution == nil {
			t.Fatalf("%+v is refused: %v", c, then.Refused.Code)
		}
		return then.Solution.Need
	}
	same := need(StockChange{})
	if same != m.Solution.Need {
		t.Errorf("asking nothing needs %v, was %v", same, m.Solution.Need)
	}
	for _, c := range []StockChange{{Demand: 1.5}, {Price: 2}, {Price: .8, Elasticity: -3}} {
		if got := need(c); got <= same {
			t.Errorf("%+v needs %v, not more than %v", c, got, same)
		}
	}
	if then := v.Ask(m, StockChange{LeadDays: 21}); then.Solution.Lead < 2*m.Solution.Lead {
		t.Errorf("35 days of lead time ask for %v, 14 for %v", then.Solution.Lead, m.Solution.Lead)
	}
	if low, high := need(StockChange{Fill: .8}), need(StockChange{Fill: .99}); low >= high {
		t.Errorf("a fill rate of 80 %% needs %v, one of 99 %% %v", low, high)
	}
	if m.Problem.Scale != 1 || m.Problem.LeadDays != 14 {
		t.Errorf("a question changed the problem: %+v", m.Problem)
	}
	if refused := v.Ask(m, StockChange{Price: .3}); refused.Refused.Code != "plan.refused.no-margin" || refused.Solution != nil {
		t.Errorf("a price below cost: %+v", refused.Refused)
	}
	if refused := v.Ask(m, StockChange{LeadDays: -14}); refused.Refused.Code != "plan.refused.no-lead-time" {
		t.Errorf("no lead time: %+v", refused.Refused)
	}
}

// What an option gains is what its drivers sum to.
func TestOrderDrivers(t *testing.T) {
	v := NewSurvey(shop(t, twoPlaces), Config{}, clock, "test", nil)
	m := v.propose(Site{"A", "UK-1"})
	for i := range m.Solution.Options {
		sum := 0.0
		for _, d := range v.OrderDrivers(&m, i) {
			sum += d.Amount.Float()
		}
		if got, want := sum, m.Solution.Options[i].Mean; math.Abs(got-want) > .03 {
			t.Errorf("option %d: drivers sum to %v, gain %v", i, got, want)
		}
	}
	if len(v.OrderReasons(&m)) < 4 {
		t.Error("an order without its reasons")
	}
}
