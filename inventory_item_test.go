package tradewind

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
)

// TestInventoryItem: the page of every stock says what its row on the board says, its order
// is the open decision's, and its parts add up.
func TestInventoryItem(t *testing.T) {
	e, report := planned(t)
	board, err := e.InventoryBoard(t.Context(), StockFilter{Limit: math.MaxInt})
	if err != nil {
		t.Fatal(err)
	}
	orders := map[decision.ID]bool{}
	for _, d := range report.Decisions {
		orders[d.ID] = d.Kind == decision.KindReorder
	}
	ordered := 0
	for _, row := range board.Rows {
		x, err := e.InventoryItem(t.Context(), row.SKU, row.Location)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(x.StockView, row) {
			t.Errorf("%s: the page says %+v, the board %+v", row.SKU, x.StockView, row)
		}
		anywhere, err := e.InventoryItem(t.Context(), row.SKU, "")
		if err != nil || anywhere.Location != row.Location { // the sample has one location
			t.Errorf("%s without a location: %+v, %v", row.SKU, anywhere, err)
		}
		share := 0.0
		for _, p := range x.Places {
			share += p.Share
		}
		if len(x.Places) != 1 || !x.Places[0].Here || math.Abs(share-1) > 1e-9 {
			t.Errorf("%s: places %+v", row.SKU, x.Places)
		}
		if len(x.Facts) < 10 || len(x.Limits) == 0 {
			t.Errorf("%s: %d facts, %d limits", row.SKU, len(x.Facts), len(x.Limits))
		}
		checkPolicy(t, x)
		if !orders[row.Decision] {
			continue
		}
		ordered++
		d, err := e.Explain(t.Context(), row.Decision)
		if err != nil {
			t.Fatal(err)
		}
		if want := d.Proposal.(decision.Reorder).Units; x.Units != want {
			t.Errorf("%s: projected with %d units, the decision orders %d", row.SKU, x.Units, want)
		}
		last := x.Projection[len(x.Projection)-1]
		if len(x.Projection) < forecastDays || last.With < last.Without {
			t.Errorf("%s: %d days, the last %+v", row.SKU, len(x.Projection), last)
		}
	}
	if ordered == 0 {
		t.Fatal("the plan orders nothing: the test shows nothing")
	}
}

// checkPolicy: the order-up-to level is the position and the need, an order pays exactly at
// or below the reorder level, and the best option is marked and worth its drivers.
func checkPolicy(t *testing.T, x *StockItem) {
	t.Helper()
	o := x.Policy
	if o == nil {
		if x.Reason == nil {
			t.Errorf("%s: neither an order nor a reason", x.SKU)
		}
		return
	}
	if math.Abs(o.Position+o.Need-o.UpTo) > 1e-9 || o.Cap != nil || len(o.Reasons) < 4 {
		t.Errorf("%s: %+v", x.SKU, o)
	}
	if pays := o.Reorder != nil && o.Position <= *o.Reorder; pays != (x.Order > 0) {
		t.Errorf("%s: %v units are worth ordering at %v, reorder level %v", x.SKU, x.Order, o.Position, o.Reorder)
	}
	chosen := 0
	for _, option := range x.Options {
		if option.Chosen {
			chosen++
			if option.Units != x.Order || option.Gain.Mean.Cmp(x.Gain) != 0 {
				t.Errorf("%s: best %+v, the row %v for %v", x.SKU, option, x.Order, x.Gain)
			}
		}
		sum := 0.0
		for _, d := range option.Drivers {
			sum += d.Amount.Float()
		}
		if math.Abs(sum-option.Gain.Mean.Float()) > .03 {
			t.Errorf("%s: drivers of %v sum to %v, gain %v", x.SKU, option.Units, sum, option.Gain.Mean)
		}
	}
	if chosen != 1 {
		t.Errorf("%s: %d best options", x.SKU, chosen)
	}
}

func TestInventoryItemNotThere(t *testing.T) {
	e := sample(t)
	for _, tt := range []struct {
		sku      commerce.SKU
		location commerce.Location
		code     string
	}{{"NONE", "", "E-STOCK-SKU"}, {"22453", "US-9", "E-STOCK-LOCATION"}} {
		_, page := e.InventoryItem(t.Context(), tt.sku, tt.location)
		_, past := e.StockHistory(t.Context(), tt.sku, tt.location)
		_, what := e.SimulateInventory(t.Context(), tt.sku, tt.location, StockScenario{})
		for _, err := range []error{page, past, what} {
			if f := fault.Of(err); f == nil || f.Code != tt.code || f.Kind != fault.NotFound {
				t.Errorf("%s at %q: %v, want %s", tt.sku, tt.location, err, tt.code)
			}
		}
	}
}

// An order that was approved is under way, and the page projects the stock without and with
// it: not with it twice.
func TestInventoryItemOfAnApprovedOrder(t *testing.T) {
	e, report := planned(t)
	for _, d := range report.Decisions {
		if d.Kind != decision.KindReorder {
			continue
		}
		before, err := e.InventoryItem(t.Context(), d.Subject.SKU, d.Subject.Location)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Approve(t.Context(), d.ID, d.Fingerprint, "tester", ""); err != nil {
			t.Fatal(err)
		}
		x, err := e.InventoryItem(t.Context(), d.Subject.SKU, d.Subject.Location)
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Coming) != len(before.Coming)+1 || x.Coming[0].Decision != d.ID || x.Coming[0].Day == nil || x.Coming[0].Late {
			t.Errorf("%s: under way %+v", d.ID, x.Coming)
		}
		if x.Units != before.Units || !reflect.DeepEqual(x.Projection, before.Projection) {
			t.Errorf("%s: projected with %d, then with %d, not alike", d.ID, before.Units, x.Units)
		}
		return
	}
	t.Fatal("the plan orders nothing: the test shows nothing")
}

// TestStockHistory: without an older count nothing can be said; with one, what was lost and
// held is the sum of its causes.
func TestStockHistory(t *testing.T) {
	e := sample(t)
	board, err := e.InventoryBoard(t.Context(), StockFilter{Limit: math.MaxInt})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range board.Rows {
		x, err := e.StockHistory(t.Context(), row.SKU, row.Location)
		if err != nil {
			t.Fatal(err)
		}
		if x.Refused == nil || len(x.Episodes) > 0 {
			t.Errorf("%s: no count is known of then, yet %+v", row.SKU, x)
		}
	}
	older := filepath.Join(folder(t), "older.csv")
	text := "sku,location,on_hand,inbound,day,assumed\n"
	for _, row := range board.Rows {
		text += string(row.SKU) + "," + string(row.Location) + ",400,0,2011-08-01,true\n"
	}
	if err := os.WriteFile(older, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Import(t.Context(), []string{older}, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, row := range board.Rows {
		x, err := e.StockHistory(t.Context(), row.SKU, row.Location)
		if err != nil {
			t.Fatal(err)
		}
		lost, held := 0.0, 0.0
		for _, ep := range x.Episodes {
			told++
			sum := ep.Planned.Float()
			for _, c := range ep.Causes {
				sum += c.Amount.Float()
			}
			if got, want := sum, ep.Money.Float(); math.Abs(got-want) > .01*float64(1+len(ep.Causes)) {
				t.Errorf("%s: parts sum to %v of %v", row.SKU, got, want)
			}
			if ep.From.Before(x.From) || x.To.Before(ep.To) {
				t.Errorf("%s: an episode from %s to %s, looked at %s to %s", row.SKU, ep.From, ep.To, x.From, x.To)
			}
			if ep.Over {
				held += ep.Money.Float()
			} else {
				lost += ep.Money.Float()
			}
		}
		near := func(sum float64, a money.Amount) bool {
			return math.Abs(sum-a.Float()) <= .01*float64(1+len(x.Episodes))
		}
		if !near(lost, x.Lost) || !near(held, x.Held) {
			t.Errorf("%s: episodes sum to %v and %v, want %v and %v", row.SKU, lost, held, x.Lost, x.Held)
		}
		if x.Refused != nil {
			t.Logf("%s: %s", row.SKU, x.Refused.English)
		}
	}
	if told == 0 {
		t.Error("no episode: the test shows nothing")
	}
}
