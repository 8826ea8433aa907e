package plan

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/commerce"
	"tradewind/decision"
)

// cameTo is a receipt of a site of oneSeller, by days from a snapshot's last.
func cameTo(s *commerce.Snapshot, units commerce.Units, ordered, received int) commerce.Receipt {
	return commerce.Receipt{SKU: "A", Location: "UK-1", Units: units, Ordered: s.AsOf.AddDays(ordered), Received: s.AsOf.AddDays(received)}
}

// What was sold before goods came was not sold of them: of ten a day, 120 that were counted 19
// days ago last twelve days.
func TestGoodsAreNotSoldBeforeTheyCame(t *testing.T) {
	_, s := steady(t, 0)
	for _, tt := range []struct {
		name     string
		counted  commerce.Units
		receipts []commerce.Receipt
		want     float64
	}{
		{"nothing came", 500, nil, 310},
		{"nothing came and it is empty", 120, nil, 0},
		{"today", 120, []commerce.Receipt{cameTo(s, 220, -10, 0)}, 220},
		{"three days ago", 120, []commerce.Receipt{cameTo(s, 220, -10, -3)}, 190},
		{"before it was empty", 120, []commerce.Receipt{cameTo(s, 100, -30, -15)}, 30},
		{"in two parts, listed the other way round", 120, []commerce.Receipt{cameTo(s, 30, -10, 0), cameTo(s, 25, -10, -3)}, 30},
		{"on one day", 120, []commerce.Receipt{cameTo(s, 30, -10, -1), cameTo(s, 25, -9, -1)}, 45},
		{"below nothing", -5, []commerce.Receipt{cameTo(s, 220, -10, -1)}, -5},
	} {
		s.Stocks = []commerce.Stock{{SKU: "A", Location: "UK-1", OnHand: tt.counted, Day: s.AsOf.AddDays(-19)}}
		s.Receipts = tt.receipts
		keep(s)
		m := NewSurvey(s, Config{}, clock, "test", nil).propose(site)
		if m.Problem == nil || m.Problem.OnHand != tt.want || m.Refused.IsZero() != (tt.counted >= 0) {
			t.Errorf("%s: %+v, refused %v; want %v on hand", tt.name, m.Problem, m.Refused, tt.want)
		}
		if got, want := stockFacts(s, site, "here")[0].Value, count(int64(max(0, tt.want))); got != want {
			t.Errorf("%s: a transfer finds %s, want %s", tt.name, got, want)
		}
		if len(tt.receipts) > 0 && Held(s, s.Stocks[0], nil).OnHand != commerce.Units(tt.want) {
			t.Errorf("%s: %d are held, want %v", tt.name, Held(s, s.Stocks[0], nil).OnHand, tt.want)
		}
	}
}

// Day by day: what is left at the end of a day is what was left, less its sales, at least
// nothing, and what came on it.
func TestLeftOfIsAWalkOverTheDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counted := rapid.Int64Range(0, 80).Draw(t, "counted")
		left, sold := counted, commerce.Units(0)
		var came []commerce.Receipt
		var before []float64
		for range rapid.IntRange(0, 20).Draw(t, "days") {
			today := rapid.Int64Range(0, 12).Draw(t, "sold")
			left, sold = max(0, left-today), sold+today
			if units := rapid.Int64Range(-60, 40).Draw(t, "came"); units > 0 {
				left += units
				came, before = append(came, commerce.Receipt{Units: units}), append(before, float64(sold))
			}
		}
		if got := leftOf(counted, sold, came, before); got != left {
			t.Errorf("%d are left, want %d", got, left)
		}
	})
}

// An order that people placed first and clicked on later has come once.
func TestOrderedBeforeItLeftHere(t *testing.T) {
	s := counted(t, "sells A GB 10 5.00\nstock A UK-1 100 30\ncost A 2.50\nsupply A Acme 14 0 1 1 0\n", 4)
	o := order("D-1", 60, s.AsOf.AddDays(-1))
	o.Approved = s.AsOf.AddDays(-6)
	for ordered, want := range map[int]struct{ inbound, open commerce.Units }{
		-8: {0, 60}, // of what the count names
		-7: {30, 0}, // the day before the approval, elsewhere
		-6: {30, 0},
		-3: {30, 0},
		-1: {30, 0},
	} {
		s.Receipts = []commerce.Receipt{cameTo(s, 60, ordered, 0)}
		v := NewSurvey(s, Config{}, clock, "test", []Placed{o})
		f := v.gather(site)
		open, _ := site.orders(v.Placed)
		if f.stock.OnHand != 160 || f.stock.Inbound != want.inbound || open != want.open {
			t.Errorf("ordered on day %d: %d counted and come, %d under way by the count, %d by orders; want 160, %d, %d", ordered, f.stock.OnHand, f.stock.Inbound, open, want.inbound, want.open)
		}
	}
}

// A receipt goes to the order of its day, and else to the latest one before it.
func TestMatchedTakesTheNearestOrder(t *testing.T) {
	s := shop(t, oneSeller)
	weekly := []Placed{order("D-1", 100, s.AsOf.AddDays(-20)), order("D-2", 100, s.AsOf.AddDays(-13))}
	for _, tt := range []struct {
		name     string
		receipts []commerce.Receipt
		want     map[decision.ID]commerce.Units
	}{
		{"of the second's day", []commerce.Receipt{cameTo(s, 100, -13, -5)}, map[decision.ID]commerce.Units{"D-2": 100}},
		{"one each", []commerce.Receipt{cameTo(s, 100, -20, -5), cameTo(s, 100, -13, -5)}, map[decision.ID]commerce.Units{"D-1": 100, "D-2": 100}},
		{"written two days after the second", []commerce.Receipt{cameTo(s, 100, -11, -5)}, map[decision.ID]commerce.Units{"D-2": 100}},
		{"written six days after the first", []commerce.Receipt{cameTo(s, 100, -14, -5)}, map[decision.ID]commerce.Units{"D-1": 100}},
		{"more than the first", []commerce.Receipt{cameTo(s, 130, -14, -5)}, map[decision.ID]commerce.Units{"D-1": 100, "D-2": 30}},
		{"a week after the second", []commerce.Receipt{cameTo(s, 100, -6, -5)}, nil},
	} {
		parts, _ := matched(weekly, tt.receipts)
		var got map[decision.ID]commerce.Units
		for id, list := range parts {
			for _, r := range list {
				if got == nil {
					got = map[decision.ID]commerce.Units{}
				}
				got[id] += r.Units
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// An earlier order that the count of then knows does not take what came of a later one.
func TestACountedOrderTakesNothingFromALaterOne(t *testing.T) {
	then, now := steady(t, 80)
	day0 := then.Snapshot.AsOf
	then.Snapshot.Stocks[0].Day, then.Snapshot.Stocks[0].OnHand = day0.AddDays(-2), 80
	for _, first := range []int{-9, -8, -4} {
		placed := []Placed{order("D-1", 100, day0.AddDays(first)), order("D-2", 100, day0.AddDays(-2))}
		now.Receipts = []commerce.Receipt{{SKU: "A", Location: "UK-1", Units: 100, Ordered: day0.AddDays(-2), Received: day0.AddDays(2)}}
		now.Stocks = []commerce.Stock{{SKU: "A", Location: "UK-1", OnHand: 60 - 20 + 100 - 20, Day: day0.AddDays(4)}}
		keep(now)
		if a := Attribute(then.With(placed), now, site, placed); !a.Refused.IsZero() || a.Unexplained != 0 {
			t.Errorf("the first on day %d: %v units are unexplained, %+v", first, a.Unexplained, a.Refused)
		}
	}
}

// Every unit of a receipt comes on its day, once; and what was ordered comes once.
func TestDeliveriesKeepEveryUnit(t *testing.T) {
	survey, facts := steady(t, 80)
	day0 := survey.Snapshot.AsOf
	rapid.Check(t, func(t *rapid.T) {
		snapshot, now := *survey.Snapshot, *facts
		inbound := rapid.Int64Range(0, 60).Draw(t, "inbound")
		snapshot.Stocks = []commerce.Stock{{SKU: "A", Location: "UK-1", OnHand: 80, Inbound: inbound, Day: day0.AddDays(-rapid.IntRange(0, 6).Draw(t, "counted"))}}
		var placed []Placed
		for k := range rapid.IntRange(0, 5).Draw(t, "orders") {
			o := order(decision.ID(rune(0x41+k)), rapid.Int64Range(1, 50).Draw(t, "units"), day0.AddDays(rapid.IntRange(-15, 10).Draw(t, "left")))
			o.Approved = o.Day.AddDays(-rapid.IntRange(0, 4).Draw(t, "approved"))
			placed = append(placed, o)
		}
		// The last is nobody's and beyond every promise, so that nothing counts as come without a receipt.
		now.Receipts = []commerce.Receipt{{SKU: "A", Location: "UK-1", Units: 1, Ordered: day0.AddDays(19), Received: day0.AddDays(20)}}
		for range rapid.IntRange(0, 8).Draw(t, "receipts") {
			ordered := day0.AddDays(rapid.IntRange(-16, 12).Draw(t, "ordered"))
			r := commerce.Receipt{SKU: "A", Location: "UK-1", Units: rapid.Int64Range(1, 50).Draw(t, "came"), Ordered: ordered, Received: ordered.AddDays(rapid.IntRange(0, 19).Draw(t, "took"))}
			if !now.AsOf.Before(r.Received) {
				now.Receipts = append(now.Receipts, r)
			}
		}
		snapshot.Receipts = slices.DeleteFunc(slices.Clone(now.Receipts), func(r commerce.Receipt) bool { return day0.Before(r.Received) })
		then := *survey
		then.Snapshot = &snapshot
		var left []Placed // by the day of the survey
		ordered := 0.0    // since
		for _, o := range placed {
			if day0.Before(o.Day) {
				ordered += float64(o.Units)
			} else {
				left = append(left, o)
			}
		}
		m := then.With(left).propose(site)
		if m.Problem == nil {
			t.Fatal(m.Refused)
		}
		p := m.deliveriesOf(then.With(left), &now, placed, 7)
		came := map[int]float64{}
		for _, k := range p.known {
			came[k.Arrived] += k.Units
		}
		for _, c := range p.since {
			came[c.arrived] += c.units
		}
		late := came[notYet]
		delete(came, notYet)
		for _, r := range now.Receipts {
			if d := p.day(r.Received); d > 0 {
				came[d] -= float64(r.Units)
			}
		}
		for d, units := range came {
			if units != 0 {
				t.Errorf("day %d has %v units beside its receipts", d, units)
			}
		}
		if due := m.Problem.Position() - m.Problem.OnHand + ordered; late > due+1e-9 {
			t.Errorf("%v units are still to come of %v", late, due)
		}
		known := 0.0
		for _, k := range p.known {
			known += k.Units
		}
		if want := m.Problem.Position() - m.Problem.OnHand; math.Abs(known-want) > 1e-9 {
			t.Errorf("the survey knew of %v units under way, the replay of %v", want, known)
		}
	})
}

// An approval stands while what was under way comes; it falls with another count, with other
// typed facts, and with goods that nobody here awaited.
func TestAnApprovalStandsWhenGoodsCome(t *testing.T) {
	facts := "sells A GB 12 5.00\nstock A UK-1 40 30\ncost A 2.50\nsupply A Acme 14 3 24 6 10.00\n"
	placed := []Placed{order("D-1", 20, counted(t, facts, 6).AsOf.AddDays(-5))}
	p := propose(t, counted(t, facts, 6), placed...)
	tenth := p.Action.(decision.Reorder).Units / 10
	for _, tt := range []struct {
		name   string
		change func(*commerce.Snapshot)
		want   []string
	}{
		{"an order", func(s *commerce.Snapshot) { s.Receipts = []commerce.Receipt{cameTo(s, 20, -5, 0)} }, nil},
		{"a part", func(s *commerce.Snapshot) { s.Receipts = []commerce.Receipt{cameTo(s, 5, -4, -2)} }, nil},
		{"of what the count names", func(s *commerce.Snapshot) { s.Receipts = []commerce.Receipt{cameTo(s, 30, -9, 0)} }, nil},
		{"both", func(s *commerce.Snapshot) {
			s.Receipts = []commerce.Receipt{cameTo(s, 30, -9, 0), cameTo(s, 20, -5, 0)}
		}, nil},
		{"a few more than ordered", func(s *commerce.Snapshot) { s.Receipts = []commerce.Receipt{cameTo(s, 20+tenth, -5, 0)} }, nil},
		{"more", func(s *commerce.Snapshot) { s.Receipts = []commerce.Receipt{cameTo(s, 20+tenth+1, -5, 0)} },
			[]string{"orders.placed: 20 → ?", "stock.received_since: ? → " + count(20+tenth+1)}},
		{"another count", func(s *commerce.Snapshot) {
			s.Receipts = []commerce.Receipt{cameTo(s, 20, -5, 0)}
			s.Stocks[0].OnHand = 41
		}, []string{"stock.on_hand: 40 → 41", "orders.placed: 20 → ?", "stock.received_since: ? → 20"}},
		{"more under way by the count", func(s *commerce.Snapshot) {
			s.Receipts = []commerce.Receipt{cameTo(s, 20, -5, 0)}
			s.Stocks[0].Inbound = 31
		}, []string{"stock.inbound: 30 → 31", "orders.placed: 20 → ?", "stock.received_since: ? → 20"}},
		{"another cost", func(s *commerce.Snapshot) {
			s.Receipts = []commerce.Receipt{cameTo(s, 20, -5, 0)}
			s.Costs[0].Unit = pounds(t, 2.6)
		}, []string{"cost.unit: GBP 2.50 → GBP 2.60"}},
	} {
		s := counted(t, facts, 6)
		tt.change(s)
		got := slices.DeleteFunc(Changes(p, Facts(s, Config{}, Law{}, site, placed, nil)), func(c string) bool {
			return len(c) > 11 && c[:11] == "supply.lead" // what a receipt teaches is tested beside it
		})
		if len(got) == 0 {
			got = nil
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	s := counted(t, facts, 6)
	s.Receipts = []commerce.Receipt{cameTo(s, 20, -5, 0)}
	if got := Changes(p, Facts(s, Config{}, Law{}, site, append(placed, order("D-2", 20, s.AsOf)), nil)); len(got) == 0 {
		t.Error("as much was ordered anew as came, and the approval stands")
	}
}

// What nobody supplies any more is sold from what was counted and what came since.
func TestTheRestOfASKUWithWhatCame(t *testing.T) {
	_, s := steady(t, 0)
	s.Supplies = nil
	s.Stocks = []commerce.Stock{{SKU: "A", Location: "UK-1", OnHand: 120, Inbound: 50, Day: s.AsOf.AddDays(-19)}}
	for _, tt := range []struct {
		receipts []commerce.Receipt
		want     float64
	}{
		{nil, 170},
		{[]commerce.Receipt{cameTo(s, 40, -30, 0)}, 50}, // 40 there, 10 of the 50 to come
		{[]commerce.Receipt{cameTo(s, 40, -3, 0)}, 90},  // ordered since
	} {
		s.Receipts = tt.receipts
		keep(s)
		if got, endless := NewSurvey(s, Config{}, clock, "test", nil).stockOf(0); endless || got != tt.want {
			t.Errorf("%v: %v are left, want %v", tt.receipts, got, tt.want)
		}
	}
}
