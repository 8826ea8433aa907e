package tradewind

import (
	"fmt"
	"slices"
	"testing"

	"tradewind/decision"
	"tradewind/plan"
)

// boughtAWhileAgo returns a workspace of 19 days after an order of 22763 was executed, that
// was approved on 9 December, and the order.
func boughtAWhileAgo(t *testing.T, executed string) (*Engine, DecisionView, int64) {
	t.Helper()
	e := reopen(t, sample(t), func(c *Config) { c.Plan.Cash = "250" }) // so that more is wanted later
	mustImport(t, e, ImportOptions{}, write(t, "stock.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,0,0,2011-12-09\n"))
	d := on(t, mustPlan(t, e), "22763")
	units := explain(t, e, d.ID).Proposal.(decision.Reorder).Units
	mustApprove(t, e, d)
	e = reopen(t, e, func(c *Config) { c.Clock = executed })
	mustExecute(t, e, d.ID)
	return reopen(t, e, func(c *Config) {
		c.Plan.Cash, c.Plan.FillRate, c.FactsAsOf, c.Clock = "", .98, "2011-12-28", "2011-12-28T20:00:00Z"
	}), d, units
}

// TestReplayOfAPlanAfterAnOldOrder: the replay has the orders of then under way since the day
// on which they left, and less what came of them, and is the same to the byte.
func TestReplayOfAPlanAfterAnOldOrder(t *testing.T) {
	for _, receipts := range []string{"", "22763,UK-1,Supplier 09,4,2011-12-09,2011-12-20,\n"} {
		e, bought, _ := boughtAWhileAgo(t, "2011-12-09T21:00:00Z")
		if receipts != "" {
			mustImport(t, e, ImportOptions{}, write(t, "receipts.csv", receiptHeader+receipts))
		}
		next := on(t, mustPlan(t, e), "22763")
		d, err := e.db.Decision(t.Context(), next.ID)
		if err != nil || !slices.Contains(d.Run.Placed, bought.ID) {
			t.Fatalf("the run names %v, %v", d.Run.Placed, err)
		}
		if r, err := e.Replay(t.Context(), next.ID); err != nil || !r.Same {
			t.Errorf("with %q: %+v, %v", receipts, r, err)
		}
	}
}

// TestOrderedFirstAndClickedLater: goods that were ordered on the day of the approval have
// come of the order, though it left here three days later.
func TestOrderedFirstAndClickedLater(t *testing.T) {
	e, bought, units := boughtAWhileAgo(t, "2011-12-12T08:00:00Z")
	mustImport(t, e, ImportOptions{}, write(t, "receipts.csv", fmt.Sprintf("%s22763,UK-1,Supplier 09,%d,2011-12-09,2011-12-20,\n", receiptHeader, units)))
	x, err := e.InventoryItem(t.Context(), "22763", "UK-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range x.Coming {
		if c.Decision == bought.ID {
			t.Errorf("it came, and is still under way: %+v", c)
		}
	}
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	placed, err := e.underWayNow(t.Context(), s)
	day := mustDay(t, "2011-12-12")
	if want := []plan.Placed{{Decision: bought.ID, SKU: "22763", Location: "UK-1", Units: units, Day: day, Approved: day.AddDays(-3)}}; err != nil || !slices.Equal(placed, want) {
		t.Errorf("under way %+v, want %+v; %v", placed, want, err)
	}
	// The product list and the page agree on what lies there.
	rows, err := e.SKUs(t.Context(), "22763", 0)
	if err != nil || len(rows) != 1 || *rows[0].OnHand != x.OnHand {
		t.Errorf("the list says %d, the page %d; %v", *rows[0].OnHand, x.OnHand, err)
	}
}
