package tradewind

import (
	"testing"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/money"
)

var pricedMug = commerce.Item{SKU: "MUG-01", Market: "GB", Channel: "web"}

func pence(n int64) money.Amount { return money.FromE4(100*n, "GBP") }

// A decision about a price that was executed keeps others from its item while it runs, and
// not for good: the next price is another decision.
func TestExecutedPricesAreUnderWayForATime(t *testing.T) {
	day := func(text string) calendar.Day {
		d, err := calendar.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	// 28 days between two moves, 4 weeks between two promotions: the usual settings.
	price := decision.SetPrice{Item: pricedMug, Price: pence(250), Was: pence(230)}
	test := decision.StartExperiment{Item: pricedMug, Control: pence(230), Test: pence(250), From: day("2012-01-02"), Weeks: 8}
	promo := decision.RunPromotion{Item: pricedMug, From: day("2012-01-02"), To: day("2012-01-08"), Price: pence(200), Was: pence(230), Vehicle: commerce.PriceCut}
	expires := time.Date(2012, 1, 10, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		action  decision.Action
		changes []string
		on      string
		want    bool
	}{
		{price, nil, "2012-01-05", true},
		{price, []string{"cost.unit: GBP 1 → GBP 2"}, "2012-01-05", true},
		{price, []string{"price.asked: GBP 2.30 → GBP 2.50"}, "2012-01-05", false}, // the facts know it
		{price, nil, "2012-02-06", true},
		{price, nil, "2012-02-07", false}, // nobody ever asked it
		{test, nil, "2012-02-26", true},
		{test, nil, "2012-02-27", false},
		{promo, nil, "2011-12-20", true},
		{promo, nil, "2012-01-29", true},
		{promo, nil, "2012-01-30", false},
		{decision.EnterMarket{Market: "DE"}, nil, "2012-01-05", false},
	} {
		e := &Engine{zone: time.UTC, clock: day(tt.on).StartIn(time.UTC).Add(9 * time.Hour)}
		d := &decision.Decision{Proposal: decision.Proposal{Action: tt.action, Expires: expires}, State: decision.Executed}
		if got := e.underWay(d, tt.changes); got != tt.want {
			t.Errorf("%s on %s with %q: under way %v, want %v", tt.action.Kind(), tt.on, tt.changes, got, tt.want)
		}
	}
}

// What a plan proposes about a price is left out where another decision about it stands,
// and where its first day is over.
func TestOneDecisionAboutAPrice(t *testing.T) {
	now := time.Date(2012, 1, 5, 9, 0, 0, 0, time.UTC)
	proposal := func(id decision.ID, a decision.Action, expires time.Time) decision.Proposal {
		return decision.Proposal{ID: id, Action: a, Expires: expires}
	}
	later := now.Add(time.Hour)
	bowl := commerce.Item{SKU: "BOWL-02", Market: "GB", Channel: "web"}
	kept, left, _ := (&standing{at: now, pricing: map[commerce.Item]bool{pricedMug: true}}).settle([]decision.Proposal{
		proposal("D-1", decision.SetPrice{Item: pricedMug}, later),
		proposal("D-2", decision.RunPromotion{Item: pricedMug}, later),
		proposal("D-3", decision.StartExperiment{Item: pricedMug}, later),
		proposal("D-4", decision.Reorder{SKU: pricedMug.SKU}, later),
		proposal("D-5", decision.RunPromotion{Item: bowl}, later),
		proposal("D-6", decision.StartExperiment{Item: bowl}, now),
	}, map[decision.ID]decision.State{})
	if len(kept) != 2 || kept[0].ID != "D-4" || kept[1].ID != "D-5" {
		t.Errorf("kept %v, want the order and the bowl's promotion", kept)
	}
	if len(left) != 4 {
		t.Errorf("%d are left out, want 4", len(left))
	}
	for _, l := range left {
		if l.Reason.English == "" || l.Reason.Chinese == "" {
			t.Errorf("%v is left out without a reason", l.Subject)
		}
	}
}
