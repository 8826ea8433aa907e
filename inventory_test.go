package tradewind

import (
	"reflect"
	"slices"
	"testing"

	"tradewind/decision"
	"tradewind/fault"
)

// TestInventoryBoard: every counted stock is a row, every order of the plan stands on it
// with its units, and asking anew gives the same board.
func TestInventoryBoard(t *testing.T) {
	e, report := planned(t)
	board, err := e.InventoryBoard(t.Context(), StockFilter{Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(board.Rows), len(s.Stocks); got != want || board.Total != want {
		t.Errorf("%d rows of %d, want %d", got, board.Total, want)
	}
	rows := map[decision.Subject]StockView{}
	counted, last := 0, 0
	for _, r := range board.Rows {
		rows[decision.Subject{SKU: r.SKU, Location: r.Location}] = r
		rank := slices.Index(StockStates, r.State)
		if rank < last {
			t.Fatalf("%s in state %s stands below a less urgent one", r.SKU, r.State)
		}
		last = rank
	}
	for _, n := range board.Counts {
		counted += n
	}
	if counted != board.Total {
		t.Errorf("states count %d rows, want %d", counted, board.Total)
	}
	orders := 0
	for _, d := range report.Decisions {
		if d.Kind != decision.KindReorder {
			continue
		}
		orders++
		r := rows[d.Subject]
		if r.Decision != d.ID || r.State != StockShort && r.State != StockOrder || r.Order <= 0 {
			t.Errorf("%s: row says %s, %v units, decision %q", d.ID, r.State, r.Order, r.Decision)
		}
	}
	if orders == 0 {
		t.Fatal("the plan orders nothing: the test shows nothing")
	}
	e.stocks.last = nil
	again, err := e.InventoryBoard(t.Context(), StockFilter{Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(board, again) {
		t.Error("the board made after the plan and one made anew differ")
	}
	short, err := e.InventoryBoard(t.Context(), StockFilter{State: StockShort, Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	if short.Total != board.Counts[StockShort] || len(short.Rows) != min(3, short.Total) {
		t.Errorf("%d of %d short rows, want 3 of %d", len(short.Rows), short.Total, board.Counts[StockShort])
	}
	if _, err := e.InventoryBoard(t.Context(), StockFilter{State: "empty"}); fault.Of(err) == nil || fault.Of(err).Code != "E-STOCK-STATE" {
		t.Errorf("unknown state: %v, want E-STOCK-STATE", err)
	}
}
