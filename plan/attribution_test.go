package plan

import (
	"math"
	"testing"

	"tradewind/commerce"
	"tradewind/operations/inventory"
)

// thenAndNow are a shop at the end of its 380th day and at that of its 400th: the facts of
// then know nothing of the last twenty days.
func thenAndNow(t *testing.T, facts string, onHand int64) (then *Survey, now *commerce.Snapshot) {
	t.Helper()
	now = shop(t, facts)
	s := *now
	s.AsOf = now.AsOf.AddDays(-20)
	s.Sales = commerce.Sales{}
	for i := range now.Items {
		s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
		lo, hi := now.Rows(i)
		for r := lo; r < hi && !s.AsOf.Before(now.Sales.Day[r]); r++ {
			c := &s.Sales
			c.Day, c.Gross, c.Returned = append(c.Day, now.Sales.Day[r]), append(c.Gross, now.Sales.Gross[r]), append(c.Returned, now.Sales.Returned[r])
			c.Revenue, c.Lines, c.InStock = append(c.Revenue, now.Sales.Revenue[r]), append(c.Lines, now.Sales.Lines[r]), append(c.InStock, now.Sales.InStock[r])
		}
	}
	s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
	s.Trading = now.Trading[:len(now.Trading)-20]
	s.Stocks = []commerce.Stock{{SKU: "A", Location: "UK-1", OnHand: onHand, Day: s.AsOf}}
	s.Hash = s.Fingerprint()
	return NewSurvey(&s, Config{}, clock, "test", nil), now
}

const attributed = "sells A GB 10 5.00\nstock A UK-1 0 0\ncost A 2.50\nsupply A Acme 7 0 1 1 0\n"

// Nobody placed the order that the plan of then asked for: the shelf runs out, and most of it
// is put down to that.
func TestAttributionOfAnOrderNotPlaced(t *testing.T) {
	then, now := thenAndNow(t, attributed, 60)
	a := Attribute(then, now, Site{"A", "UK-1"}, nil)
	if !a.Refused.IsZero() || len(a.Episodes) == 0 {
		t.Fatalf("%+v", a)
	}
	var money, ordering float64
	for _, e := range a.Episodes {
		if e.Over {
			t.Errorf("too much stock: %+v", e)
		}
		sum := e.Planned
		for _, x := range e.Of {
			sum += x
		}
		if math.Abs(sum-e.Money) > 1e-9 {
			t.Errorf("shares of %+v sum to %v", e, sum)
		}
		money, ordering = money+e.Money, ordering+e.Of[inventory.CauseOrdering]
	}
	if ordering < .6*money {
		t.Errorf("%v of %v is put down to the order that nobody placed", ordering, money)
	}
}

// The plan's order came five days late: that is what most of the sales were lost to.
func TestAttributionOfALateDelivery(t *testing.T) {
	then, now := thenAndNow(t, attributed, 60)
	m := then.propose(Site{"A", "UK-1"})
	ordered := then.Snapshot.AsOf.AddDays(1)
	now.Receipts = []commerce.Receipt{{SKU: "A", Location: "UK-1", Units: commerce.Units(m.Solution.Chosen().Units), Ordered: ordered, Received: ordered.AddDays(12)}}
	now.Stocks = nil
	a := Attribute(then, now, m.Site, nil)
	if !a.Refused.IsZero() || !math.IsNaN(a.Unexplained) {
		t.Fatalf("%+v", a)
	}
	var short, late float64
	for _, e := range a.Episodes {
		if !e.Over {
			short, late = short+e.Money, late+e.Of[inventory.CauseLate]
		}
	}
	if short <= 0 || late < .5*short {
		t.Errorf("%v of %v is put down to the late delivery", late, short)
	}
}

// A count that nothing explains refuses an answer.
func TestAttributionOfCountsThatDoNotAddUp(t *testing.T) {
	then, now := thenAndNow(t, attributed, 60)
	now.Stocks = []commerce.Stock{{SKU: "A", Location: "UK-1", OnHand: 400, Day: now.AsOf.AddDays(-8)}}
	if a := Attribute(then, now, Site{"A", "UK-1"}, nil); a.Refused.Code != "plan.attribution.unexplained" || a.Unexplained < 300 {
		t.Errorf("%+v", a)
	}
}
