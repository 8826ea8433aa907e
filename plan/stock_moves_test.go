package plan

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
)

// twoSites is a shop with products that lie at two places, some long here and short there,
// and with products of which too little lies anywhere.
func twoSites() string {
	var b strings.Builder
	for i := range 12 {
		sku := fmt.Sprintf("%c%02d", 'A'+i, i)
		fmt.Fprintf(&b, "sells %s GB %d 4.%d0\nsells %s DE %d 7.00\nsells %s FR %d 6.00\n", sku, 3+i%9, i%10, sku, 2+i%5, sku, 1+i%4)
		fmt.Fprintf(&b, "stock %s EU-1 %d %d\nstock %s UK-1 %d 0\n", sku, (i*53)%60, i%3*20, sku, (i*97)%900)
		fmt.Fprintf(&b, "cost %s 2.%d0\nsupply %s S %d %d 1 1 5\n", sku, i%10, sku, 20+i, i%5)
	}
	for i := range 4 {
		sku := fmt.Sprintf("X%02d", i)
		fmt.Fprintf(&b, "sells %s DE %d 9.00\nsells %s FR %d 4.00\n", sku, 3+i, sku, 7+i)
		fmt.Fprintf(&b, "stock %s EU-1 %d 0\ncost %s 2.50\nsupply %s S 25 3 1 1 5\n", sku, 40+20*i, sku, sku)
	}
	return b.String() + "serves EU-1 DE FR\nserves UK-1 GB\n"
}

// stockPlan plans with orders and transfers under way.
func stockPlan(t testing.TB, s *commerce.Snapshot, c Config, placed []Placed) *Plan {
	t.Helper()
	v := NewSurvey(s, c, clock, "test", nil).With(placed)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	v.Moves.Stock, menus = StudyStock(v, menus)
	return Choose(v, menus)
}

func ofKind(p *Plan, kind decision.Kind) []*decision.Proposal {
	var list []*decision.Proposal
	for i := range p.Proposals {
		if p.Proposals[i].Action.Kind() == kind {
			list = append(list, &p.Proposals[i])
		}
	}
	return list
}

var priced = Config{TransferCost: "0.25", TransferDays: 4}

func TestStockProposalsKeepTheirContract(t *testing.T) {
	s := shop(t, twoSites())
	p := stockPlan(t, s, priced, nil)
	moves, caps := ofKind(p, decision.KindMoveStock), ofKind(p, decision.KindAllocateStock)
	if len(moves) < 3 || len(caps) < 2 {
		t.Fatalf("%d transfers and %d caps: the test has nothing to look at", len(moves), len(caps))
	}
	keys := map[string]bool{}
	for _, q := range append(moves, caps...) {
		if key := decision.OpenKey(q.Action); keys[key] {
			t.Errorf("%s: a second decision of its kind on %v", q.ID, q.Action.Subject())
		} else {
			keys[key] = true
		}
		sum := q.Gain.Mean
		for _, d := range q.Drivers {
			var err error
			if sum, err = sum.Sub(d.Amount); err != nil {
				t.Fatal(err)
			}
		}
		if !sum.IsZero() {
			t.Errorf("%s: drivers miss the mean by %s", q.ID, sum)
		}
		if q.Gain.P10.Cmp(q.Gain.P50) > 0 || q.Gain.P50.Cmp(q.Gain.P90) > 0 || q.Gain.Mean.Sign() <= 0 {
			t.Errorf("%s: gains %+v", q.ID, q.Gain)
		}
		if n := len(q.Alternatives); n < 2 || q.Alternatives[n-1].Name.Code != "plan.option.nothing" || !q.Alternatives[0].Chosen {
			t.Errorf("%s: alternatives %+v", q.ID, q.Alternatives)
		}
		if q.Fingerprint == "" || !q.Expires.After(clock) || len(q.Inputs) < 6 {
			t.Errorf("%s: unsigned, expired or without inputs", q.ID)
		}
		for _, lang := range messages.Languages {
			for _, m := range append([]messages.Message{q.Summary, q.Backtest}, append(q.Reasons, q.Caveats...)...) {
				if text := m.In(lang); strings.ContainsAny(text, "[{") {
					t.Errorf("%s: %q", q.ID, text)
				}
			}
			if text := q.Summary.In(lang); len([]rune(text)) > 140 {
				t.Errorf("%s: summary %q", q.ID, text)
			}
		}
		if changes := StockChanges(s, priced, q); len(changes) > 0 {
			t.Errorf("%s is stale at once: %q", q.ID, changes)
		}
	}
	again, err := json.Marshal(stockPlan(t, s, priced, nil))
	if err != nil {
		t.Fatal(err)
	}
	if first, _ := json.Marshal(p); string(first) != string(again) {
		t.Error("the same shop has two plans")
	}
}

// What is behind a transfer or a cap makes it stale, a few sales do not.
func TestStockProposalsGoStale(t *testing.T) {
	facts := twoSites()
	s := shop(t, facts)
	p := stockPlan(t, s, priced, nil)
	for _, q := range append(ofKind(p, decision.KindMoveStock), ofKind(p, decision.KindAllocateStock)...) {
		at, sku := q.Action.Subject().Location, q.Action.Subject().SKU
		counted := func(change int64) []string {
			now := *s
			now.Stocks = append([]commerce.Stock(nil), s.Stocks...)
			for i := range now.Stocks {
				if st := &now.Stocks[i]; st.SKU == sku && st.Location == at {
					st.OnHand += change
				}
			}
			return StockChanges(&now, priced, q)
		}
		units := int64(0)
		switch a := q.Action.(type) {
		case decision.MoveStock:
			units = a.Units
		case decision.AllocateStock:
			units = a.Units
		}
		if few := units / 10; len(counted(few)) > 0 {
			t.Errorf("%s: %d units more of %d make it stale: %q", q.ID, few, units, counted(few))
		}
		if changes := counted(units/10 + 2); len(changes) != 1 || !strings.HasPrefix(changes[0], "stock.at.") {
			t.Errorf("%s: %d units more of %d change %q", q.ID, units/10+2, units, changes)
		}
		if q.Action.Kind() == decision.KindMoveStock {
			if changes := StockChanges(s, Config{TransferCost: "0.26", TransferDays: 4}, q); len(changes) != 1 || !strings.HasPrefix(changes[0], "settings.transfer_cost: ") {
				t.Errorf("%s: another cost of moving changes %q", q.ID, changes)
			}
		}
	}
}

// A transfer that people agreed to is under way until a later count: it is not proposed
// again, orders are reckoned with it, and an order that does not know of it is stale.
func TestTransfersUnderWay(t *testing.T) {
	s := shop(t, twoSites())
	first := stockPlan(t, s, priced, nil)
	unaware := stockPlan(t, s, Config{}, nil)
	orderAt := func(p *Plan, site Site) *decision.Proposal {
		for _, q := range ofKind(p, decision.KindReorder) {
			if r := q.Action.(decision.Reorder); r.SKU == site.SKU && r.Location == site.Location {
				return q
			}
		}
		return nil
	}
	var move, with, without *decision.Proposal
	var a decision.MoveStock
	for _, q := range ofKind(first, decision.KindMoveStock) {
		b := q.Action.(decision.MoveStock)
		if x, y := orderAt(first, Site{b.SKU, b.To}), orderAt(unaware, Site{b.SKU, b.To}); x != nil && y != nil {
			move, a, with, without = q, b, x, y
		}
	}
	if move == nil {
		t.Fatal("no order where units go: the test has nothing to look at")
	}
	decided := []Placed{{Decision: move.ID, SKU: a.SKU, Location: a.To, From: a.From, Units: a.Units, Day: s.AsOf}}
	second := stockPlan(t, s, priced, decided)
	for _, q := range ofKind(second, decision.KindMoveStock) {
		if b := q.Action.(decision.MoveStock); b.SKU == a.SKU && b.From == a.From && b.To == a.To {
			t.Errorf("%s is proposed again: %+v", move.ID, b)
		}
	}
	site := Site{a.SKU, a.To}
	stale := func(q *decision.Proposal, c Config, placed []Placed) []string {
		return Changes(q, append(Facts(s, c, Law{}, site, placed, nil), MovedFact(s, q, site, placed)...))
	}
	if got := stale(with, priced, nil); len(got) > 0 {
		t.Errorf("an order reckoned with a proposed transfer is stale before that is decided: %q", got)
	}
	if got := stale(with, priced, decided); len(got) > 0 {
		t.Errorf("and after: %q", got)
	}
	if got := stale(without, Config{}, decided); len(got) != 1 || !strings.HasPrefix(got[0], "stock.moved: ? → +") {
		t.Errorf("an order that knows of no transfer, after one: %q", got)
	}
	later := *s
	later.Stocks = append([]commerce.Stock(nil), s.Stocks...)
	for i := range later.Stocks {
		later.Stocks[i].Day = s.AsOf.AddDays(1)
	}
	if got := movesUnderWay(&later, decided); len(got) > 0 {
		t.Errorf("a later count does not know of %v", got)
	}
	if got := NewSurvey(s, priced, clock, "test", nil).With(decided); len(got.Moved) != 1 || len(got.Placed) != 0 {
		t.Errorf("under way: %v and orders %v", got.Moved, got.Placed)
	}
}

// Moving takes of the cash before orders do, and no plan takes more than there is.
func TestTransfersTakeCash(t *testing.T) {
	s := shop(t, twoSites())
	for _, limit := range []string{"0", "10", "60", "900"} {
		c := priced
		c.Cash = limit
		p := stockPlan(t, s, c, nil)
		most, _ := money.Parse(limit, "GBP")
		if p.Cash.Cmp(most) > 0 {
			t.Errorf("takes %s of %s", p.Cash, limit)
		}
		if n := len(ofKind(p, decision.KindMoveStock)); (n > 0) != (limit != "0") {
			t.Errorf("%d transfers with %s", n, limit)
		}
	}
}

// A dearer transfer never moves more, and one that costs more than a sale contributes moves
// nothing to save sales.
func TestDearerTransfersMoveLess(t *testing.T) {
	s := shop(t, twoSites())
	before := int64(math.MaxInt64)
	for _, cost := range []string{"0", "0.25", "1", "3", "20"} {
		units := int64(0)
		for _, q := range ofKind(stockPlan(t, s, Config{TransferCost: cost, TransferDays: 4}, nil), decision.KindMoveStock) {
			units += q.Action.(decision.MoveStock).Units
		}
		if units > before {
			t.Errorf("at %s, %d units move; at less, %d", cost, units, before)
		}
		before = units
	}
	if before != 0 {
		t.Errorf("%d units move at 20 each", before)
	}
}

// Flips of transfers and caps were solved on both sides: at the value shown nothing is worth
// doing, a little before it something is.
func TestStockFlipsHold(t *testing.T) {
	s := shop(t, twoSites())
	v := NewSurvey(s, priced, clock, "test", nil)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	st, _ := StudyStock(v, menus)
	checked := 0
	for i := range st.Transfers {
		tr := &st.Transfers[i]
		for _, f := range tr.flips {
			gain := func(x float64) float64 {
				p := v.pair(tr)
				switch f.Input {
				case "settings.transfer_cost":
					p.lanes[0].Cost = x * p.lot
				case "stock.at.to":
					p.stocks[1].OnHand = x
				}
				for _, s := range p.rebalance() {
					return s.Gain
				}
				return 0
			}
			if at, before := gain(f.At), gain(f.At*(1-2e-3)); at >= 1 || before < 1 {
				t.Errorf("%+v: flip of %s at %v: gains %v there and %v before", tr.Action, f.Input, f.At, at, before)
			}
			checked++
		}
	}
	if checked < 4 {
		t.Errorf("only %d flips to check", checked)
	}
}

func TestTransferSettings(t *testing.T) {
	for _, c := range []Config{{TransferCost: "-1"}, {TransferCost: "a pound"}, {TransferDays: -1}, {TransferDays: 121}} {
		if c.Check() == nil {
			t.Errorf("%+v passes", c)
		}
	}
	if err := (Config{TransferCost: "0.20", TransferDays: 3}).Check(); err != nil {
		t.Error(err)
	}
	if (Config{}).Hash() == priced.Hash() {
		t.Error("the cost of moving is not among the settings of a plan")
	}
}
