package store_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
	"tradewind/store"
)

var shelf = commerce.Item{SKU: "S1", Market: "GB", Channel: "web"}

// A row counts by its lines: half a warehouse at a discount is one line.
func TestTypicalPriceIsThatOfLines(t *testing.T) {
	euro := func(number uint64, day int, units, e4 int64) *commerce.OrderLine {
		l := sale(number, "S1", day, units, e4)
		l.Price = money.FromE4(e4, "EUR")
		return l
	}
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db,
			sale(1, "S1", 0, 1, 25_000), sale(2, "S1", 0, 2, 25_000), sale(3, "S1", 0, 5_000, 17_000), // a bulk order
			sale(4, "S1", 1, 1, 25_000), sale(5, "S1", 1, 1, 19_000), // the lower of two
			euro(6, 2, 1, 31_000), euro(7, 2, 1, 29_000), euro(8, 2, 1, 30_000), sale(9, "S1", 2, 900, 10_000), // most lines are in euro
			euro(10, 3, 1, 30_000), sale(11, "S1", 3, 900, 26_000), // as many of each: the first by the alphabet
			&commerce.Rate{Base: "EUR", Quote: "GBP", Day: day0, Value: 0.5, Provenance: given},
		)
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := s.Sales.Typical, []int64{25_000, 19_000, 30_000, 30_000}; !slices.Equal(got, want) {
			t.Errorf("typical prices %v, want %v", got, want)
		}
		want := []commerce.Charged{
			{Item: shelf, Currency: "GBP", From: day0, To: day0.AddDays(3), Lines: 7},
			{Item: shelf, Currency: "EUR", From: day0.AddDays(2), To: day0.AddDays(3), Lines: 4},
		}
		if diff := cmp.Diff(want, s.ChargedIn(shelf), cmp.Comparer(sameDay)); diff != "" {
			t.Errorf("charged (-want +got):\n%s", diff)
		}
	})
}

// The typical price is the lower median of the day's prices, line by line.
func TestTypicalPriceAgainstSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	prices := map[int][]int64{}
	var facts []commerce.Fact
	for n := range uint64(3_000) {
		day, e4 := r.IntN(400), 10_000+500*r.Int64N(6)
		prices[day] = append(prices[day], e4)
		facts = append(facts, sale(n, "S1", day, 1+r.Int64N(90), e4))
	}
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, facts...)
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Sales.Day) != len(prices) {
			t.Fatalf("%d days, want %d", len(s.Sales.Day), len(prices))
		}
		for r, d := range s.Sales.Day {
			all := slices.Sorted(slices.Values(prices[d.Sub(day0)]))
			if got, want := s.Sales.Typical[r], all[(len(all)-1)/2]; got != want {
				t.Errorf("%s: %d, want %d of %v", d, got, want, all)
			}
		}
	})
}

// Asked prices come as they were asked, the seller's own first; those of after the day
// were not known on it.
func TestSnapshotPricesAsked(t *testing.T) {
	ask := func(it commerce.Item, seller string, day int, min, e4 int64, currency money.Currency) *commerce.Price {
		return &commerce.Price{Item: it, Seller: seller, Price: money.FromE4(e4, currency), MinUnits: min, From: day0.AddDays(day), Provenance: given}
	}
	other := commerce.Item{SKU: "S1", Market: "DE", Channel: "web"}
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, sale(1, "S1", 9, 1, 100),
			ask(shelf, "Rival", 3, 1, 23_900, "GBP"), ask(shelf, "", 5, 1, 26_000, "GBP"), ask(shelf, "", 0, 12, 20_000, "GBP"),
			ask(shelf, "", 0, 1, 25_000, "GBP"), ask(other, "Rival", 0, 1, 29_900, "EUR"), ask(shelf, "Rival", 10, 1, 21_000, "GBP"))
		s, err := db.Snapshot(background, nil, "GBP") // as of day 9, and no rate is known
		if err != nil {
			t.Fatal(err)
		}
		options := cmp.Options{cmp.AllowUnexported(money.Amount{}), cmp.Comparer(sameDay)}
		want := []commerce.Price{*ask(shelf, "", 0, 1, 25_000, "GBP"), *ask(shelf, "", 5, 1, 26_000, "GBP"), *ask(shelf, "", 0, 12, 20_000, "GBP"), *ask(shelf, "Rival", 3, 1, 23_900, "GBP")}
		if diff := cmp.Diff(want, s.PricesOf(shelf), options); diff != "" {
			t.Errorf("prices (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]commerce.Price{*ask(other, "Rival", 0, 1, 29_900, "EUR")}, s.PricesOf(other), options); diff != "" {
			t.Errorf("prices elsewhere (-want +got):\n%s", diff)
		}
	})
}

// Promotions come whole, those to come as well; what nobody knows of one stays unknown.
func TestSnapshotPromotions(t *testing.T) {
	offer := func(name string, from, to int, depth float64, price, cost money.Amount, vehicle string) *commerce.Promotion {
		return &commerce.Promotion{Item: shelf, Name: name, From: day0.AddDays(from), To: day0.AddDays(to), Depth: depth, Price: price, Vehicle: vehicle, Cost: cost, Provenance: given}
	}
	none := money.Amount{}
	spring := offer("Spring", 3, 9, math.NaN(), money.FromE4(19_900, "EUR"), money.FromE4(500_000, "EUR"), commerce.PriceCut)
	letter := offer("Spring", 3, 4, math.NaN(), none, none, commerce.Feature)
	sales := offer("Sales", 60, 66, 0.25, none, none, commerce.Coupon)
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, sale(1, "S1", 9, 1, 100), spring, sales, letter)
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		options := cmp.Options{cmp.AllowUnexported(money.Amount{}), cmp.Comparer(sameDay), cmpopts.EquateNaNs()}
		if diff := cmp.Diff([]commerce.Promotion{*letter, *spring, *sales}, s.PromotionsOf(shelf), options); diff != "" {
			t.Errorf("promotions (-want +got):\n%s", diff)
		}
		// An unknown depth is not news each time it is imported.
		if again := bring(t, db, spring, sales, letter); again.Unchanged.Rows != 3 || again.Loaded.Rows+again.Updated.Rows != 0 {
			t.Errorf("brought in again: %+v", again)
		}
		longer := *sales
		longer.To = calendar.FromOrdinal(sales.To.Ordinal() + 7)
		if again := bring(t, db, &longer); again.Updated.Rows != 1 {
			t.Errorf("a longer promotion: %+v", again)
		}
	})
}
