package plan

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/operations/inventory"
)

// What came after the count is on the shelf and no longer under way, whoever ordered it.
func TestReceivedSinceTheCount(t *testing.T) {
	s := shop(t, "sells A GB 10 5.00\nstock A UK-1 100 80\ncost A 2.50\nsupply A Acme 14 0 1 1 0\n")
	site := Site{"A", "UK-1"}
	s.Stocks[0].Day = s.AsOf.AddDays(-10)
	placed := []Placed{{Decision: "D-1", SKU: "A", Location: "UK-1", Units: 60, Day: s.AsOf.AddDays(-9)}, {Decision: "D-2", SKU: "A", Location: "UK-1", Units: 40, Day: s.AsOf.AddDays(-5)}}
	receipt := func(units commerce.Units, ordered, received int) commerce.Receipt {
		return commerce.Receipt{SKU: "A", Location: "UK-1", Units: units, Ordered: s.AsOf.AddDays(ordered), Received: s.AsOf.AddDays(received)}
	}
	for _, tt := range []struct {
		name                 string
		receipts             []commerce.Receipt
		stock, inbound, open commerce.Units
		orders               int
	}{
		{"nothing", nil, 100, 80, 100, 2},
		{"before the count", []commerce.Receipt{receipt(30, -20, -10)}, 100, 80, 100, 2},
		{"of what the count names", []commerce.Receipt{receipt(30, -20, -3)}, 130, 50, 100, 2},
		{"more than it names", []commerce.Receipt{receipt(90, -20, -3)}, 190, 0, 100, 2},
		{"a part of an order", []commerce.Receipt{receipt(25, -8, -3)}, 125, 80, 75, 2},
		{"an order and a part", []commerce.Receipt{receipt(60, -8, -3), receipt(10, -5, -1)}, 170, 80, 30, 1},
		{"nobody's order", []commerce.Receipt{receipt(70, -1, 0)}, 170, 80, 60, 1},           // dated in the week after D-2
		{"ordered the day before", []commerce.Receipt{receipt(60, -10, -3)}, 160, 80, 40, 1}, // by the calendar of another place
		{"ordered long before", []commerce.Receipt{receipt(60, -11, -3)}, 160, 20, 100, 2},
		{"another location", []commerce.Receipt{{SKU: "A", Location: "EU-1", Units: 9, Ordered: s.AsOf, Received: s.AsOf}}, 100, 80, 100, 2},
	} {
		s.Receipts = tt.receipts
		v := NewSurvey(s, Config{}, clock, "test", placed)
		f := v.gather(site)
		open, ids := site.orders(v.Placed)
		if f.stock.OnHand != tt.stock || f.stock.Inbound != tt.inbound || open != tt.open || len(ids) != tt.orders || len(arrivals(v, site, f.supply)) != tt.orders {
			t.Errorf("%s: %d on the shelf, %d under way by the count, %d by %d orders; want %d, %d, %d by %d", tt.name, f.stock.OnHand, f.stock.Inbound, open, len(ids), tt.stock, tt.inbound, tt.open, tt.orders)
		}
		if again := underWay(s, v.Placed); !reflect.DeepEqual(again, v.Placed) {
			t.Errorf("%s: %+v, asked again %+v", tt.name, v.Placed, again)
		}
		if s.Stocks[0].OnHand != 100 || s.Stocks[0].Inbound != 80 {
			t.Fatal("the snapshot was changed")
		}
	}
}

// No unit comes twice, and none is lost: whatever orders and receipts, parts and others are
// the receipts.
func TestMatchedKeepsEveryUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) calendar.Day {
			return calendar.FromOrdinal(15000 + int32(rapid.IntRange(0, 30).Draw(t, name)))
		}
		var orders []Placed
		for k := range rapid.IntRange(0, 5).Draw(t, "orders") {
			o := Placed{Decision: decision.ID(rune(0x41 + k)), Units: rapid.Int64Range(0, 50).Draw(t, "units"), Day: day("placed")}
			if rapid.Bool().Draw(t, "clicked later") {
				o.Approved = o.Day.AddDays(-rapid.IntRange(0, 9).Draw(t, "approved"))
			}
			orders = append(orders, o)
		}
		var receipts []commerce.Receipt
		came := commerce.Units(0)
		for range rapid.IntRange(0, 8).Draw(t, "receipts") {
			r := commerce.Receipt{Units: rapid.Int64Range(1, 50).Draw(t, "received"), Ordered: day("ordered")}
			receipts, came = append(receipts, r), came+r.Units
		}
		kept := append([]commerce.Receipt{}, receipts...)
		parts, others := matched(orders, receipts)
		for _, r := range others {
			came -= r.Units
		}
		for _, o := range orders {
			left := o.Units
			for _, r := range parts[o.Decision] {
				left, came = left-r.Units, came-r.Units
				from := o.Day
				if o.Approved != (calendar.Day{}) {
					from = o.Approved
				}
				if r.Units <= 0 || r.Ordered.Before(from.AddDays(-1)) || !r.Ordered.Before(o.Day.AddDays(7)) {
					t.Errorf("%+v is no part of %+v", r, o)
				}
			}
			if left < 0 {
				t.Errorf("more came of %+v than was ordered", o)
			}
		}
		if came != 0 || len(receipts) > 0 && !reflect.DeepEqual(kept, receipts) {
			t.Errorf("%d units are lost, receipts %v", came, receipts)
		}
	})
}

// steady is a shop that sells exactly ten a day, and 40 days of it are not known then.
func steady(t *testing.T, onHand int64) (then *Survey, now *commerce.Snapshot) {
	t.Helper()
	then, now = thenAndNow(t, attributed, onHand)
	for _, s := range []*commerce.Snapshot{then.Snapshot, now} {
		c := commerce.Sales{Start: []int32{0}}
		for d := range s.Days() {
			c.Day, c.Gross, c.Returned = append(c.Day, s.From.AddDays(d)), append(c.Gross, 10), append(c.Returned, 0)
			c.Revenue, c.Refunded = append(c.Revenue, 50_0000), append(c.Refunded, 0)
			c.Lines, c.Largest, c.InStock = append(c.Lines, 1), append(c.Largest, 10), append(c.InStock, 1)
			s.Trading[d].Lines = 1
		}
		c.Start = append(c.Start, int32(len(c.Day)))
		s.Sales = c
		s.Hash = s.Fingerprint()
	}
	now.Stocks = nil
	return NewSurvey(then.Snapshot, Config{}, clock, "test", nil), now
}

// TestLateDeliveryByHand: ten a day are asked for, 40 lie there at the end of day 0, a lead
// time of 7 days. What then's plan orders on day 0 is there at the end of day 7: days 5 to 7
// go without as planned. It is ordered on day 1, promised for the end of day 8, which costs
// day 8. It comes at the end of day 13, so days 9 to 13 are the delay's: 50 units at 5.00
// less 2.50.
//
// Of two causes that overlap, each has the mean of what it changes before and after the other:
// two days early, there at the end of day 6 without the late order and of day 5 with the
// order of day 0, late is -10 of the units of days 5 and 6, or 0: -5 units. Where receipts
// go on to day 20 without it, days 5 to 14 go without, 100 units: 70 more than the order
// of day 0 leaves, or 60 more than that of day 1.
func TestLateDeliveryByHand(t *testing.T) {
	then, now := steady(t, 40)
	site, day0 := Site{"A", "UK-1"}, then.Snapshot.AsOf
	receipt := func(units commerce.Units, ordered, received int) commerce.Receipt {
		return commerce.Receipt{SKU: "A", Location: "UK-1", Units: units, Ordered: day0.AddDays(ordered), Received: day0.AddDays(received)}
	}
	m := then.propose(site)
	units := commerce.Units(m.Solution.Chosen().Units)
	order := []Placed{{Decision: "D-1", SKU: "A", Location: "UK-1", Units: units, Day: day0.AddDays(1)}}
	for _, tt := range []struct {
		name     string
		placed   []Placed
		receipts []commerce.Receipt
		late     float64 // money
		lost     float64 // units
	}{
		{"promised", order, nil, 0, 40},
		{"as promised", order, []commerce.Receipt{receipt(units, 1, 8)}, 0, 40},
		{"five days late", order, []commerce.Receipt{receipt(units, 1, 13)}, 125, 90},
		{"written two days later", order, []commerce.Receipt{receipt(units, 3, 13)}, 125, 90},
		{"nobody's order here", nil, []commerce.Receipt{receipt(units, 1, 13)}, 125, 90},
		{"two days early", order, []commerce.Receipt{receipt(units, 1, 6)}, -12.5, 20},
		{"in parts, one late", order, []commerce.Receipt{receipt(20, 1, 8), receipt(units-20, 1, 13)}, 62.5, 70}, // days 11 and 12, or 11 to 13
		{"receipts go on without it", order, []commerce.Receipt{receipt(1, 9, 20)}, 162.5, 100},
	} {
		now.Receipts = tt.receipts
		keep(now)
		a := Attribute(then, now, site, tt.placed)
		if !a.Refused.IsZero() || a.From != day0.AddDays(1) || a.To != day0.AddDays(14) {
			t.Fatalf("%s: %+v", tt.name, a)
		}
		var late, lost float64
		for _, e := range a.Episodes {
			if !e.Over {
				late, lost = late+e.Of[inventory.CauseLate], lost+e.Units
			}
		}
		if math.Abs(late-tt.late) > .5 || math.Abs(lost-tt.lost) > 1e-6 { // .5: the forecast is ten a day within .2 units
			t.Errorf("%s: the delay costs %v of %v units lost, want %v of %v", tt.name, late, lost, tt.late, tt.lost)
		}
	}
}

// A delivery counts as there at the end of its day, as a count does: with one on the day of
// the count nothing is unexplained.
func TestCountOnTheDayOfADelivery(t *testing.T) {
	then, now := steady(t, 100)
	day0 := then.Snapshot.AsOf
	now.Receipts = []commerce.Receipt{{SKU: "A", Location: "UK-1", Units: 70, Ordered: day0.AddDays(1), Received: day0.AddDays(6)}}
	for day, onHand := range map[int]commerce.Units{5: 50, 6: 110, 7: 100} {
		now.Stocks = []commerce.Stock{{SKU: "A", Location: "UK-1", OnHand: onHand, Day: day0.AddDays(day)}}
		keep(now)
		if a := Attribute(then, now, Site{"A", "UK-1"}, nil); !a.Refused.IsZero() || a.Unexplained != 0 {
			t.Errorf("counted on day %d: %v units are unexplained, %+v", day, a.Unexplained, a.Refused)
		}
	}
}

// What was under way on the day that is looked back to comes when its receipts say, and the
// plan of then is not blamed for what it counted on.
func TestUnderWayThenAndLate(t *testing.T) {
	then, now := steady(t, 40)
	day0 := then.Snapshot.AsOf
	placed := []Placed{{Decision: "D-1", SKU: "A", Location: "UK-1", Units: 400, Day: day0.AddDays(-4)}}
	then.Snapshot.Stocks[0].Day, then.Snapshot.Stocks[0].OnHand = day0.AddDays(-4), 80
	then = then.With(placed)
	late := func(receipts ...commerce.Receipt) (money float64) {
		now.Receipts = receipts
		keep(now)
		for _, e := range Attribute(then, now, Site{"A", "UK-1"}, placed).Episodes {
			if !e.Over {
				money += e.Of[inventory.CauseLate]
			}
		}
		return money
	}
	// Promised for the end of day 3, there at the end of day 9: days 5 to 9 go without.
	if got := late(commerce.Receipt{SKU: "A", Location: "UK-1", Units: 400, Ordered: day0.AddDays(-4), Received: day0.AddDays(9)}); math.Abs(got-125) > .5 {
		t.Errorf("six days late costs %v, want 125", got)
	}
	if got := late(); got != 0 {
		t.Errorf("as promised costs %v", got)
	}
}
