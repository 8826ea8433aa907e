package compliance

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/money"
)

func euros(t testing.TB, s string) money.Amount {
	t.Helper()
	a, err := money.Parse(s, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// benchmark/prior_price.csv holds the golden cases of the price; here stands what is told
// beside it.
func TestPriorPriceTellsGapsAndNewGoods(t *testing.T) {
	start := day(t, "2026-07-31")
	full, err := PriorPrice([]Asked{{day(t, "2026-06-01"), day(t, "2026-07-30"), euros(t, "10")}}, start, 30)
	if err != nil || full.Days != 30 || full.Short || full.Day != day(t, "2026-07-30") {
		t.Errorf("%+v, %v: want 30 days, not short, last asked on the day before", full, err)
	}
	gap, err := PriorPrice([]Asked{{day(t, "2026-07-01"), day(t, "2026-07-10"), euros(t, "9")}, {day(t, "2026-07-21"), day(t, "2026-07-30"), euros(t, "12")}}, start, 30)
	if err != nil || gap.Days != 20 || gap.Short || gap.Day != day(t, "2026-07-10") {
		t.Errorf("%+v, %v: want 20 days, not short, asked until 10 July", gap, err)
	}
	fresh, err := PriorPrice([]Asked{{day(t, "2026-07-21"), day(t, "2026-08-30"), euros(t, "11")}}, start, 30)
	if err != nil || fresh.Days != 10 || !fresh.Short {
		t.Errorf("%+v, %v: want 10 days and short", fresh, err)
	}
	if got := full.Reduction(euros(t, "7.50")); math.Abs(got-.25) > 1e-12 {
		t.Errorf("reduction %v, want .25", got)
	}
	if got := full.Reduction(euros(t, "12")); got > 0 {
		t.Errorf("a higher price is a reduction of %v", got)
	}
}

func TestPriorPriceRefuses(t *testing.T) {
	start := day(t, "2026-07-31")
	dollars, _ := money.Parse("5", "USD")
	for _, tt := range []struct {
		history []Asked
		want    string
	}{
		{nil, "E-PRICE-NO-PRIOR"},
		{[]Asked{{day(t, "2026-07-02"), day(t, "2026-07-01"), euros(t, "1")}}, "E-PRICE-PERIOD"},
		{[]Asked{{day(t, "2026-07-01"), day(t, "2026-07-10"), euros(t, "1")}, {day(t, "2026-07-10"), day(t, "2026-07-11"), euros(t, "2")}}, "E-PRICE-OVERLAP"},
		{[]Asked{{day(t, "2026-07-01"), day(t, "2026-07-10"), euros(t, "1")}, {day(t, "2026-07-11"), day(t, "2026-07-12"), dollars}}, "E-MONEY-MIXED"},
	} {
		_, err := PriorPrice(tt.history, start, 30)
		if f := fault.Of(err); f == nil || f.Code != tt.want {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
}

func TestPriorDays(t *testing.T) {
	for _, tt := range []struct {
		market commerce.Market
		day    string
		want   int
	}{{"DE", "2022-05-27", 0}, {"DE", "2022-05-28", 30}, {"US", "2026-11-22", 0}} {
		if got, _ := PriorDays(law.Standard(), tt.market, day(t, tt.day)); got != tt.want {
			t.Errorf("%s on %s: %d, want %d", tt.market, tt.day, got, tt.want)
		}
	}
}

func TestAskedPrices(t *testing.T) {
	it, other := commerce.Item{SKU: "A", Market: "DE"}, commerce.Item{SKU: "B", Market: "DE"}
	got := AskedPrices([]commerce.Price{
		{Item: it, Price: euros(t, "3"), From: day(t, "2026-07-10")},
		{Item: it, Price: euros(t, "2"), From: day(t, "2026-07-01")},
		{Item: it, Price: euros(t, "1"), From: day(t, "2026-07-10"), MinUnits: 10},
		{Item: it, Price: euros(t, "1"), From: day(t, "2026-07-05"), Seller: "rival"},
		{Item: other, Price: euros(t, "1"), From: day(t, "2026-07-05")},
		{Item: it, Price: euros(t, "4"), From: day(t, "2026-07-10")},
		{Item: it, Price: euros(t, "9"), From: day(t, "2026-08-01")},
	}, it, day(t, "2026-07-31"))
	want := []Asked{{day(t, "2026-07-01"), day(t, "2026-07-09"), euros(t, "2")}, {day(t, "2026-07-10"), day(t, "2026-07-31"), euros(t, "4")}}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b calendar.Day) bool { return a == b }), cmp.Comparer(func(a, b money.Amount) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The prior price is that of a day by day look at the window.
func TestPriorPriceAgreesWithEveryDay(t *testing.T) {
	start := day(t, "2026-07-31")
	rapid.Check(t, func(t *rapid.T) {
		asked := map[int]int64{} // by days before the start
		var history []Asked
		days := rapid.IntRange(1, 40).Draw(t, "days")
		for at := 80; at > 0; {
			length, gap := rapid.IntRange(1, 15).Draw(t, "length"), rapid.IntRange(0, 8).Draw(t, "gap")
			price := rapid.Int64Range(1, 50).Draw(t, "price")
			amount, err := money.Parse("1", "EUR")
			if err != nil {
				t.Fatal(err)
			}
			if amount, err = amount.Times(price); err != nil {
				t.Fatal(err)
			}
			history = append(history, Asked{start.AddDays(-at), start.AddDays(-at + length - 1), amount})
			for k := range length {
				asked[at-k] = price
			}
			at -= length + gap
		}
		var lowest, count int64
		for before := 1; before <= days; before++ {
			if price, ok := asked[before]; ok {
				if count++; count == 1 || price < lowest {
					lowest = price
				}
			}
		}
		got, err := PriorPrice(history, start, days)
		if count == 0 {
			if err == nil {
				t.Fatalf("%v: want none", got)
			}
			return
		}
		if err != nil || got.Price.Float() != float64(lowest) || int64(got.Days) != count {
			t.Fatalf("%v on %d days, %v; want %d on %d days", got.Price, got.Days, err, lowest, count)
		}
	})
}
