package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/store"
)

// smallShop is a shop that can be computed by hand. Its days count from 2024-01-01.
func smallShop(t testing.TB, db *store.DB) {
	t.Helper()
	in := func(l *commerce.OrderLine, market commerce.Market, currency money.Currency) *commerce.OrderLine {
		l.Market, l.Price = market, money.FromE4(l.Price.E4(), currency)
		return l
	}
	named := func(l *commerce.OrderLine, name string) *commerce.OrderLine { l.Description = name; return l }
	rate := func(base, quote money.Currency, day int, value float64) *commerce.Rate {
		return &commerce.Rate{Base: base, Quote: quote, Day: day0.AddDays(day), Value: value, Provenance: given}
	}
	cost := func(day int, e4 int64, currency money.Currency) *commerce.Cost {
		return &commerce.Cost{SKU: "B", Unit: money.FromE4(e4, currency), From: day0.AddDays(day), Provenance: guessed}
	}
	stock := func(day int, units int64) *commerce.Stock {
		return &commerce.Stock{SKU: "B", Location: "UK-1", OnHand: units, Day: day0.AddDays(day), Provenance: given}
	}
	facts := []commerce.Fact{
		named(sale(1, "B", 0, 10, 20_000), "BOX"), named(sale(2, "B", 0, 2, 25_000), "BOX, WOOD"), // two lines on one day
		named(sale(3, "B", 2, 4, 25_000), "BOX, WOOD"), named(credit(4, "B", 5, 3, 24_000), "BOX"), // 3 of the 10 came back
		sale(5, "B", 3, 80_995, 10_000), credit(6, "B", 3, 80_995, 10_000), // a slip, cancelled whole
		sale(7, "B", 4, 6, 30_000), credit(8, "B", 4, 1, 30_000), // cancelled in part
		in(sale(9, "B", 2, 1, 100_000), "DE", "EUR"), in(sale(10, "B", 4, 1, 100_000), "DE", "EUR"),
		in(sale(11, "A", 4, 1, 100_000), "US", "USD"),
		sale(12, "A", 6, 7, 10_000), // after the day of the snapshot
		rate("EUR", "GBP", 0, 0.9), rate("EUR", "GBP", 3, 0.8), rate("GBP", "USD", 1, 1.25), rate("EUR", "GBP", 6, 0.5),
		cost(-9, 1_000, "GBP"), cost(1, 10_000, "EUR"), cost(6, 5_000, "GBP"),
		stock(0, 40), stock(4, 30), stock(6, 20),
		&commerce.Product{SKU: "A", Name: "Angel", Provenance: given},
	}
	event := func(kind commerce.EventKind, s, c uint64, units, e4 int64, day int) commerce.LineEvent {
		return commerce.LineEvent{Kind: kind, Sale: sale(s, "B", 0, 1, 1).Key, Credit: sale(c, "B", 0, 1, 1).Key, Units: units, Price: gbp(e4), Day: day0.AddDays(day)}
	}
	bringWithEvents(t, db, []commerce.LineEvent{
		event(commerce.Returned, 1, 4, 3, 24_000, 5),
		event(commerce.Cancelled, 5, 6, 80_995, 10_000, 3),
		event(commerce.Cancelled, 7, 8, 1, 30_000, 4),
	}, facts...)
}

func TestSnapshotOfSmallShop(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		smallShop(t, db)
		asOf := day0.AddDays(5)
		got, err := db.Snapshot(background, &asOf, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		on := func(days ...int) (all []calendar.Day) {
			for _, d := range days {
				all = append(all, day0.AddDays(d))
			}
			return all
		}
		want := &commerce.Snapshot{
			AsOf: asOf, From: day0, Currency: "GBP",
			Items: []commerce.Item{{SKU: "A", Market: "US", Channel: "web"}, {SKU: "B", Market: "DE", Channel: "web"}, {SKU: "B", Market: "GB", Channel: "web"}},
			Sales: commerce.Sales{
				Start:    []int32{0, 1, 3, 7},
				Day:      on(4, 2, 4, 0, 2, 4, 5),
				Gross:    []int64{1, 1, 1, 12, 4, 5, 0},
				Returned: []int64{0, 0, 0, 0, 0, 0, 3},
				// 10.00 USD at 1.25; 10.00 EUR at 0.9, then 0.8; 10 × 2.00 + 2 × 2.50; 4 × 2.50; 5 × 3.00
				Revenue:  []int64{80_000, 90_000, 80_000, 250_000, 100_000, 150_000, 0},
				Refunded: []int64{0, 0, 0, 0, 0, 0, 72_000},
				Lines:    []int32{1, 1, 1, 2, 1, 1, 0},
				Largest:  []int64{1, 1, 1, 10, 4, 5, 0},
				Typical:  []int64{100_000, 100_000, 100_000, 20_000, 25_000, 30_000, 0}, // USD; EUR; of 2.00 and 2.50 the lower; none of a return
				InStock:  []float32{1, 1, 1, 1, 1, 1, 1},
			},
			Products: []commerce.Product{
				{SKU: "A", Name: "Angel", Provenance: given},
				{SKU: "B", Name: "a B", Provenance: commerce.Provenance{Source: "orders", AsOf: asOf}},
			},
			Costs:      []commerce.Cost{{SKU: "B", Unit: gbp(8_000), Quoted: money.FromE4(10_000, "EUR"), From: day0.AddDays(1), Provenance: guessed}}, // 1.00 EUR at 0.8
			Stocks:     []commerce.Stock{{SKU: "B", Location: "UK-1", OnHand: 30, Day: day0.AddDays(4), Provenance: given}},
			Supplies:   []commerce.Supply{},
			Receipts:   []commerce.Receipt{},
			Warehouses: []commerce.Warehouse{},
			Rates: []commerce.Rate{
				{Base: "EUR", Quote: "GBP", Day: day0, Value: 0.9, Provenance: given},
				{Base: "EUR", Quote: "GBP", Day: day0.AddDays(3), Value: 0.8, Provenance: given},
				{Base: "GBP", Quote: "USD", Day: day0.AddDays(1), Value: 1.25, Provenance: given},
			},
			Charged: []commerce.Charged{
				{Item: commerce.Item{SKU: "A", Market: "US", Channel: "web"}, Currency: "USD", From: day0.AddDays(4), To: day0.AddDays(4), Lines: 1},
				{Item: commerce.Item{SKU: "B", Market: "DE", Channel: "web"}, Currency: "EUR", From: day0.AddDays(2), To: day0.AddDays(4), Lines: 2},
				{Item: commerce.Item{SKU: "B", Market: "GB", Channel: "web"}, Currency: "GBP", From: day0, To: day0.AddDays(4), Lines: 4},
			},
			Listings: []commerce.Listing{}, Documents: []commerce.Document{}, Prices: []commerce.Price{}, Promotions: []commerce.Promotion{},
			Trading: trading(2, 0, 2, 0, 3, 0),
		}
		want.Hash = want.Fingerprint()
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(money.Amount{}), cmp.Comparer(sameDay)); diff != "" {
			t.Errorf("snapshot (-want +got):\n%s", diff)
		}
	})
}

// trading returns the trading days from day0 on.
func trading(lines ...int64) (days []commerce.TradingDay) {
	for i, n := range lines {
		days = append(days, commerce.TradingDay{Day: day0.AddDays(i), Lines: n})
	}
	return days
}

// Both engines freeze the same facts to the same bytes, in whatever pieces they came.
func TestSnapshotsOfBothEnginesAgree(t *testing.T) {
	hashes := map[string]string{}
	onBoth(t, func(t *testing.T, db *store.DB, url string) {
		facts := randomLines(7, 0, 20_000)
		if url[:4] == "duck" {
			bring(t, db, facts...)
		} else {
			bring(t, db, facts[12_000:]...)
			bring(t, db, facts[:13_000]...)
		}
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		hashes[url[:4]] = s.Hash
	})
	if duck, post := hashes["duck"], hashes["post"]; post != "" && duck != post {
		t.Errorf("duckdb %s, postgres %s", duck, post)
	}
}

func TestSnapshotPricesPaid(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		var facts []commerce.Fact
		n := uint64(0)
		sell := func(day int, units int64, prices ...int64) {
			for _, e4 := range prices {
				n++
				facts = append(facts, sale(n, "S1", day, units, e4))
			}
		}
		sell(100, 1, 30, 10, 20) // step 1: median 20
		sell(99, 2, 9, 9)        // step 2: too few
		sell(98, 13, 5)          // step 12, with the next two
		sell(98, 23, 7, 6, 8)    // lower of the two middle ones of 5 6 7 8
		sell(11, 50, 3, 3, 3)    // step 48, on the first of the last 90 days
		sell(10, 6, 4, 4, 4)     // a day too old
		sell(100, 1000, 1, 2, 3) // step 768
		bring(t, db, facts...)
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		item := commerce.Item{SKU: "S1", Market: "GB", Channel: "web"}
		want := []commerce.PaidPrice{
			{Item: item, MinUnits: 1, Price: gbp(20), Lines: 3},
			{Item: item, MinUnits: 12, Price: gbp(6), Lines: 4},
			{Item: item, MinUnits: 48, Price: gbp(3), Lines: 3},
			{Item: item, MinUnits: 768, Price: gbp(2), Lines: 3},
		}
		if diff := cmp.Diff(want, s.Paid, cmp.AllowUnexported(money.Amount{})); diff != "" {
			t.Errorf("prices paid (-want +got):\n%s", diff)
		}
	})
}

func TestSnapshotWithoutSales(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		if _, err := db.Snapshot(background, nil, "GBP"); codeOf(err) != "E-NO-SALES" || !fault.Is(err, fault.Invalid) {
			t.Errorf("empty store: got %v, want E-NO-SALES", err)
		}
		bring(t, db, sale(1, "S1", 3, 1, 100))
		early := day0
		if _, err := db.Snapshot(background, &early, "GBP"); codeOf(err) != "E-NO-SALES" {
			t.Errorf("before the first sale: got %v, want E-NO-SALES", err)
		}
	})
}

func TestSnapshotNamesTheMissingRate(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		first, second := sale(1, "S2", 3, 1, 100), sale(2, "S1", 5, 1, 100)
		first.Price, second.Price = money.FromE4(100, "EUR"), money.FromE4(100, "EUR")
		bring(t, db, first, second, &commerce.Rate{Base: "EUR", Quote: "GBP", Day: day0.AddDays(4), Value: 0.9, Provenance: given})
		_, err := db.Snapshot(background, nil, "GBP")
		want := []fault.Arg{fault.A("base", "EUR"), fault.A("quote", "GBP"), fault.A("day", day0.AddDays(3))}
		if f := fault.Of(err); f == nil || f.Code != "E-RATE-MISSING" || f.Kind != fault.Invalid || !cmp.Equal(f.Args, want, cmp.Comparer(sameDay)) {
			t.Errorf("got %v, want E-RATE-MISSING %v", err, want)
		}
	})
}

func TestStatus(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		empty, err := db.Span(background)
		if diff := cmp.Diff(store.SpanStatus{}, empty); err != nil || diff != "" {
			t.Errorf("span of an empty store: %v\n%s", err, diff)
		}
		smallShop(t, db)
		span, err := db.Span(background)
		first, last := day0, day0.AddDays(6)
		if diff := cmp.Diff(store.SpanStatus{First: &first, Last: &last, Markets: 3, SKUs: 2}, span, cmp.Comparer(sameDay)); err != nil || diff != "" {
			t.Errorf("span: %v\n%s", err, diff)
		}
		returns, err := db.Returns(background)
		want := store.ReturnStatus{Credits: 3, Matched: 3, Returned: 1, Cancelled: 2, UnmatchedE4: map[money.Currency]int64{}}
		if diff := cmp.Diff(want, returns); err != nil || diff != "" {
			t.Errorf("returns: %v\n%s", err, diff)
		}
		tables, err := db.Tables(background)
		if err != nil {
			t.Fatal(err)
		}
		costs := store.TableStatus{Name: "cost", Rows: 3, Assumed: 3, Newest: &last}
		if diff := cmp.Diff(costs, tables[2], cmp.Comparer(sameDay)); diff != "" {
			t.Errorf("costs (-want +got):\n%s", diff)
		}
	})
}

// codeOf returns the code of a failure, or "".
func codeOf(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	return ""
}

// Before the first sale the shelf is known: products and listings, and not an item.
func TestShelfNeedsNoSale(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, oneOfEach()...)
		s, err := db.Shelf(background, day0.AddDays(9), "GBP")
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Products) != 1 || len(s.Listings) != 1 || len(s.Documents) != 1 || len(s.Costs) != 1 || len(s.Items) != 0 || s.Days() != 1 {
			t.Errorf("%d products, %d listings, %d documents, %d costs, %d items over %d days", len(s.Products), len(s.Listings), len(s.Documents), len(s.Costs), len(s.Items), s.Days())
		}
		if lo, hi := s.ItemsOf("S1"); lo != hi || len(s.SKUs()) != 0 {
			t.Errorf("items %d to %d of a SKU that was never sold", lo, hi)
		}
	})
}
