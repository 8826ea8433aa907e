package tradewind

import (
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"tradewind/fault"
)

// quickly is a scenario that is soon played.
func quickly(c StockScenario) StockScenario {
	c.Weeks, c.Episodes = 26, 40
	return c
}

// simulatable finds a stock of the sample whose simulated shop is like it, and what is said
// of those that are not.
func simulatable(t *testing.T, e *Engine) (x *StockSimulation, refused []*StockSimulation) {
	t.Helper()
	board, err := e.InventoryBoard(t.Context(), StockFilter{Limit: math.MaxInt})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range board.Rows {
		s, err := e.SimulateInventory(t.Context(), row.SKU, row.Location, quickly(StockScenario{}))
		if err != nil {
			t.Fatal(err)
		}
		if s.Refused != nil {
			refused = append(refused, s)
		} else if x == nil {
			x = s
		}
	}
	if x == nil {
		t.Fatal("no stock of the sample can be simulated: the test shows nothing")
	}
	return x, refused
}

// TestSimulateInventory: every way of running a stock is played on the same weeks; asking
// nothing changes nothing, the same question has the same answer on any number of cores, and
// a fill rate that is asked for is kept by those that are tuned to it.
func TestSimulateInventory(t *testing.T) {
	e := sample(t)
	x, refused := simulatable(t, e)
	for _, r := range refused {
		if r.Refused.Code == "" || r.Refused.Reason.English == "" || r.Refused.Remedy.English == "" || len(r.Policies) > 0 || (r.Now == nil) == (r.Reason == nil) {
			t.Errorf("%s: refused with %+v, now %+v, reason %+v", r.SKU, r.Refused, r.Now, r.Reason)
		}
	}
	if !reflect.DeepEqual(x.Now, x.Then) {
		t.Errorf("asking nothing: %+v, now %+v", x.Then, x.Now)
	}
	best, names := 0, []string{}
	for _, p := range x.Policies {
		names = append(names, p.Policy)
		if p.Best {
			best++
		}
		if !(p.Fill >= 0 && p.Fill <= 1) || p.Low.Cmp(p.Mean) > 0 || p.Mean.Cmp(p.High) > 0 {
			t.Errorf("%+v", p)
		}
	}
	want := []string{"today", "rule", "base_stock", "projected"}
	if slices.ContainsFunc(x.Policies, func(p StockTrial) bool { return p.FreePrice }) {
		want = append(want, "classical") // the item's own prices tell what demand makes of them
	}
	if !reflect.DeepEqual(names, want) || best != 1 {
		t.Errorf("played %v, %d best; want %v, 1", names, best, want)
	}
	if today := x.Policies[0].Over; !today.Gain.IsZero() || !today.High.IsZero() {
		t.Errorf("today's way against itself: %+v", today)
	}
	cores := runtime.GOMAXPROCS(1)
	again, err := e.SimulateInventory(t.Context(), x.SKU, x.Location, quickly(StockScenario{}))
	runtime.GOMAXPROCS(cores)
	if err != nil || !reflect.DeepEqual(again, x) {
		t.Errorf("on one core: %+v, %v; want %+v", again, err, x)
	}
	tuned, err := e.SimulateInventory(t.Context(), x.SKU, x.Location, quickly(StockScenario{Fill: .9}))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range tuned.Policies[1:4] {
		if math.Abs(p.Fill-.9) > .05 { // tuned on 32 other episodes of 26 weeks
			t.Errorf("%s serves %v, want .9", p.Policy, p.Fill)
		}
	}
}

// A scenario is felt: with twice the demand more is ordered and today's way, which knows
// nothing of it, serves less of it.
func TestSimulateInventoryScenario(t *testing.T) {
	e := sample(t)
	x, _ := simulatable(t, e)
	twice, err := e.SimulateInventory(t.Context(), x.SKU, x.Location, quickly(StockScenario{Demand: 2}))
	if err != nil {
		t.Fatal(err)
	}
	if twice.Then.Daily < 1.99*twice.Now.Daily || twice.Then.UpTo <= twice.Now.UpTo {
		t.Errorf("twice the demand: %+v, now %+v", twice.Then, twice.Now)
	}
	if twice.Policies[0].Fill >= x.Policies[0].Fill {
		t.Errorf("today's way serves %v of twice the demand, %v of all", twice.Policies[0].Fill, x.Policies[0].Fill)
	}
	longer, err := e.SimulateInventory(t.Context(), x.SKU, x.Location, quickly(StockScenario{LeadDays: 200}))
	if err != nil {
		t.Fatal(err)
	}
	if longer.Refused == nil || longer.Refused.Code != "E-SHOP-LEAD" || longer.Then == nil {
		t.Errorf("200 days more do not fit into a simulated shop: %+v", longer.Refused)
	}
	for _, c := range []StockScenario{{Demand: -1}, {Demand: math.NaN()}, {LeadDays: 400}, {LeadDays: -x.Now.LeadDays}, {Fill: 1}, {Price: 100}, {Weeks: 1}, {Episodes: 1}} {
		_, err := e.SimulateInventory(t.Context(), x.SKU, x.Location, c)
		if f := fault.Of(err); f == nil || f.Code != "E-STOCK-SCENARIO" || f.Kind != fault.Usage {
			t.Errorf("%+v: %v, want E-STOCK-SCENARIO", c, err)
		}
	}
}
