package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/store"
)

// bring loads facts as one file and returns what they were.
func bring(t testing.TB, db *store.DB, facts ...commerce.Fact) store.Merged {
	t.Helper()
	l := begin(t, db)
	add(t, l, facts...)
	m, err := l.Merge(background)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Commit(background, store.ImportRecord{File: "facts.csv"}); err != nil {
		t.Fatal(err)
	}
	return m
}

func begin(t testing.TB, db *store.DB) *store.Load {
	t.Helper()
	l, err := db.BeginLoad(background, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Rollback() })
	return l
}

func add(t testing.TB, l *store.Load, facts ...commerce.Fact) {
	t.Helper()
	for _, f := range facts {
		if err := l.Add(f); err != nil {
			t.Fatal(err)
		}
	}
}

// rowsOf returns how many rows each table of facts has; empty ones are left out.
func rowsOf(t testing.TB, db *store.DB) map[string]int64 {
	t.Helper()
	tables, err := db.Tables(background)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int64{}
	for _, table := range tables {
		if table.Rows > 0 {
			rows[table.Name] = table.Rows
		}
	}
	return rows
}

// total leaves the tables out.
func total(m store.Merged) store.Merged { m.Tables = nil; return m }

func TestSameFactsTwiceChangeNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		facts := append(randomLines(1, 0, 5000), oneOfEach()...)
		first := bring(t, db, facts...)
		if first.Loaded.Rows != int64(len(facts)) || first.Updated.Rows+first.Unchanged.Rows+first.Duplicate.Rows != 0 {
			t.Errorf("first load: got %+v, want %d rows loaded", total(first), len(facts))
		}
		rows := rowsOf(t, db)
		second := bring(t, db, facts...)
		if want := (store.Merged{Unchanged: first.Loaded}); !cmp.Equal(total(second), want) {
			t.Errorf("second load: got %+v, want %+v", total(second), want)
		}
		if diff := cmp.Diff(rows, rowsOf(t, db)); diff != "" {
			t.Errorf("rows after the second load (-first +second):\n%s", diff)
		}
	})
}

func TestFactsComeBackAsTheyWere(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		facts := oneOfEach()
		sold := sale(1, "S1", 3, 5, 25_500)
		bring(t, db, append(facts, sold)...)
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		got := []any{s.Products[0], s.Costs[0], s.Stocks[0], s.Supplies[0], s.Warehouses[0], s.Listings[0], s.Documents[0], s.Prices[0], s.Promotions[0], s.Receipts[0]}
		want := []any{*facts[0].(*commerce.Product), *facts[1].(*commerce.Cost), *facts[2].(*commerce.Stock), *facts[3].(*commerce.Supply), *facts[4].(*commerce.Warehouse),
			*facts[8].(*commerce.Listing), *facts[9].(*commerce.Document), *facts[5].(*commerce.Price), *facts[10].(*commerce.Promotion), *facts[11].(*commerce.Receipt)}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(money.Amount{}), cmp.Comparer(sameDay), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("facts (-want +got):\n%s", diff)
		}
	})
}

// An order line comes back from Candidates field by field, also with texts that a database
// could trip over.
func TestCandidatesReturnWholeLines(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		sold, back := sale(1, "85123A", 10, 6, 25_500), credit(2, "85123A", 20, 2, 25_500)
		for _, l := range []*commerce.OrderLine{sold, back} {
			l.Description, l.Customer, l.Market, l.At = "钻石 'lantern' \\N \t;", "", "ZZ", l.At.Add(1234*time.Microsecond)
			l.Price = money.FromE4(25_500, "EUR")
		}
		old, other := sale(3, "85123A", -51, 1, 100), sale(4, "22423", 10, 1, 100)
		old.Customer = ""
		l := begin(t, db)
		add(t, l, sold, back, old, other)
		if _, err := l.Merge(background); err != nil {
			t.Fatal(err)
		}
		credits, sales, err := l.Candidates(background)
		if err != nil {
			t.Fatal(err)
		}
		same := cmp.Options{cmp.AllowUnexported(money.Amount{}), cmp.Comparer(sameDay)}
		if diff := cmp.Diff([]commerce.OrderLine{*back}, credits, same); diff != "" {
			t.Errorf("credits (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]commerce.OrderLine{*sold}, sales, same); diff != "" {
			t.Errorf("sales, without the one of 71 days before (-want +got):\n%s", diff)
		}
	})
}

// A later file touches a group: its older credit notes are candidates again; groups that
// it does not touch are not.
func TestCandidatesOfLaterLoads(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, credit(1, "S1", 20, 2, 100), credit(2, "S2", 20, 2, 100))
		l := begin(t, db)
		add(t, l, sale(3, "S1", 18, 2, 100))
		if _, err := l.Merge(background); err != nil {
			t.Fatal(err)
		}
		credits, sales, err := l.Candidates(background)
		if err != nil {
			t.Fatal(err)
		}
		if len(credits) != 1 || credits[0].SKU != "S1" || len(sales) != 1 {
			t.Errorf("got %d credits and %d sales, want the credit and the sale of S1", len(credits), len(sales))
		}
	})
}

func TestChangedFactsReplaceStoredOnes(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, sale(1, "S1", 0, 2, 10_000), sale(2, "S1", 1, 3, 10_000))
		dearer := sale(2, "S1", 1, 3, 12_000)
		m := bring(t, db, sale(1, "S1", 0, 2, 10_000), dearer, sale(3, "S2", 2, 1, 5_000))
		want := store.Merged{Loaded: store.Tally{Rows: 1, E4: 5_000}, Updated: store.Tally{Rows: 1, E4: 36_000}, Unchanged: store.Tally{Rows: 1, E4: 20_000}}
		if !cmp.Equal(total(m), want) {
			t.Errorf("got %+v, want %+v", total(m), want)
		}
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := s.Sales.Revenue, []int64{20_000, 36_000, 5_000}; !slices.Equal(got, want) {
			t.Errorf("revenue: got %v, want %v", got, want)
		}
	})
}

// An update of a sale takes its events away until matching makes them again.
func TestChangedSaleLosesItsEvents(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		sold, back := sale(1, "S1", 0, 5, 100), credit(2, "S1", 3, 2, 100)
		bringWithEvents(t, db, []commerce.LineEvent{{Kind: commerce.Returned, Sale: sold.Key, Credit: back.Key, Units: 2, Price: gbp(100), Day: back.Day}}, sold, back)
		bring(t, db, sale(1, "S1", 0, 1, 100))
		r, err := db.Returns(background)
		if err != nil {
			t.Fatal(err)
		}
		want := store.ReturnStatus{Credits: 1, UnmatchedE4: map[money.Currency]int64{"GBP": 200}}
		if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("returns (-want +got):\n%s", diff)
		}
	})
}

// bringWithEvents loads facts and says what their credit notes took back.
func bringWithEvents(t testing.TB, db *store.DB, events []commerce.LineEvent, facts ...commerce.Fact) {
	t.Helper()
	l := begin(t, db)
	add(t, l, facts...)
	if _, err := l.Merge(background); err != nil {
		t.Fatal(err)
	}
	credits, _, err := l.Candidates(background)
	if err != nil {
		t.Fatal(err)
	}
	var keys []commerce.Key
	for _, c := range credits {
		keys = append(keys, c.Key)
	}
	for range 2 { // the second call replaces the first one's events
		if err := l.SaveEvents(background, keys, events); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Commit(background, store.ImportRecord{}); err != nil {
		t.Fatal(err)
	}
}

func TestRollbackLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		l := begin(t, db)
		add(t, l, append(randomLines(3, 0, 2000), oneOfEach()...)...)
		l.Quarantine(store.Quarantined{File: "orders.csv", Line: 7, Code: "E-DATE-FORMAT"})
		if _, err := l.Merge(background); err != nil {
			t.Fatal(err)
		}
		if err := l.Rollback(); err != nil {
			t.Fatal(err)
		}
		if got := rowsOf(t, db); len(got) != 0 {
			t.Errorf("after rollback: %v", got)
		}
		if m := bring(t, db, randomLines(3, 0, 2000)...); m.Loaded.Rows != 2000 {
			t.Errorf("the load after a rollback: got %+v, want 2000 rows loaded", total(m))
		}
	})
}

func TestCancelledLoadLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		bring(t, db, sale(1, "S1", 0, 1, 100))
		ctx, cancel := context.WithCancel(background)
		l, err := db.BeginLoad(ctx, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Rollback()
		add(t, l, randomLines(4, 100, 3000)...)
		cancel()
		if _, err := l.Merge(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("merge of a cancelled load: got %v, want context.Canceled", err)
		}
		if _, err := l.Commit(ctx, store.ImportRecord{}); err == nil {
			t.Error("a cancelled load was committed")
		}
		if err := l.Rollback(); err != nil {
			t.Errorf("rollback: %v", err)
		}
		if diff := cmp.Diff(map[string]int64{"order_line": 1}, rowsOf(t, db)); diff != "" {
			t.Errorf("after cancel (-want +got):\n%s", diff)
		}
	})
}

// Whatever is loaded in whatever pieces, rows and money are conserved, and the store holds
// what a map would hold.
func TestLoadsConserveRowsAndMoney(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		held := map[uint64]commerce.OrderLine{}
		rapid.Check(t, func(rt *rapid.T) {
			lines := rapid.SliceOfN(rapid.Custom(drawLine), 0, 60).Draw(rt, "lines")
			var staged, loaded, updated, unchanged, duplicate store.Tally
			latest := map[uint64]commerce.OrderLine{}
			for _, l := range lines {
				count(&staged, l)
				if before, twice := latest[l.Key.Lo]; twice {
					count(&duplicate, before)
				}
				latest[l.Key.Lo] = l
			}
			for key, l := range latest {
				stored, known := held[key]
				l.FileLine, stored.FileLine = 0, 0 // where it was read is not what it says
				switch {
				case !known:
					count(&loaded, l)
				case l != stored:
					count(&updated, l)
				default:
					count(&unchanged, l)
				}
				held[key] = l
			}
			var facts []commerce.Fact
			for i := range lines {
				facts = append(facts, &lines[i])
			}
			m := total(bring(t, db, facts...))
			if want := (store.Merged{Loaded: loaded, Updated: updated, Unchanged: unchanged, Duplicate: duplicate}); !cmp.Equal(m, want) {
				rt.Fatalf("got %+v, want %+v", m, want)
			}
			if sum := m.Loaded.Rows + m.Updated.Rows + m.Unchanged.Rows + m.Duplicate.Rows; sum != staged.Rows {
				rt.Fatalf("%d rows staged, %d accounted for", staged.Rows, sum)
			}
			if sum := m.Loaded.E4 + m.Updated.E4 + m.Unchanged.E4 + m.Duplicate.E4; sum != staged.E4 {
				rt.Fatalf("%d e4 staged, %d accounted for", staged.E4, sum)
			}
			if got := rowsOf(t, db)["order_line"]; got != int64(len(held)) {
				rt.Fatalf("the store holds %d lines, want %d", got, len(held))
			}
		})
	})
}

func drawLine(t *rapid.T) commerce.OrderLine {
	n := rapid.Uint64Range(1, 40).Draw(t, "key")
	l := *sale(n, rapid.SampledFrom([]string{"S1", "S2", "85123A"}).Draw(t, "sku"), rapid.IntRange(0, 3).Draw(t, "day"),
		rapid.Int64Range(1, 3).Draw(t, "units"), rapid.Int64Range(1, 5).Draw(t, "price")*1000)
	l.Kind = rapid.SampledFrom([]commerce.LineKind{commerce.Sale, commerce.Sale, commerce.Credit}).Draw(t, "kind")
	return l
}

func count(t *store.Tally, l commerce.OrderLine) {
	sign := int64(1)
	if l.Kind == commerce.Credit {
		sign = -1
	}
	t.Rows++
	t.E4 += sign * l.Units * l.Price.E4()
}

func TestImportsAndQuarantine(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		d := day0
		record := store.ImportRecord{
			File: "orders.csv", SHA256: "ab12", Bytes: 99, Format: "orders", Encoding: "utf-8", Zone: "Europe/London", At: at(day0),
			Rows: store.Outcomes{In: 4, Loaded: 2, Quarantined: 1, Excluded: 1}, Money: store.Outcomes{In: 40, Loaded: 40},
			Excluded: []store.RuleCount{{Code: "postage", Rows: 1, E4: 7}}, Quarantine: []store.RuleCount{{Code: "E-DATE-FORMAT", Rows: 1}},
			Currency: "GBP", From: &d, To: &d,
		}
		rejected := store.Quarantined{File: "orders.csv", Line: 3, Column: "Date", Code: "E-DATE-FORMAT", Raw: "x\x00y\xff",
			Message: messages.M("E-DATE-FORMAT", messages.A("value", "31.31.2024"), messages.A("line", int64(3)))}
		for want := int64(1); want <= 2; want++ {
			l := begin(t, db)
			l.Quarantine(rejected)
			id, err := l.Commit(background, record)
			if err != nil || id != want {
				t.Fatalf("commit: got %d, %v, want import %d", id, err, want)
			}
		}
		record.ID = 2
		if got, err := db.RepeatedImport(background, "ab12", ""); err != nil || !cmp.Equal(got, &record, cmp.Comparer(sameDay)) {
			t.Errorf("find import: %v\n%s", err, cmp.Diff(&record, got, cmp.Comparer(sameDay)))
		}
		if got, err := db.RepeatedImport(background, "none", ""); got != nil || err != nil {
			t.Errorf("find unknown import: got %v, %v, want nil, nil", got, err)
		}
		if all, err := db.Imports(background); err != nil || len(all) != 2 || all[0].ID != 2 {
			t.Errorf("imports: got %v, %v, want 2 and 1", all, err)
		}
		rejected.Import, rejected.Raw, rejected.Superseded = 1, "x␀y\uFFFD", 2
		got, err := db.Quarantine(background, 1, 10)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]store.Quarantined{rejected}, got); diff != "" {
			t.Errorf("quarantine (-want +got):\n%s", diff)
		}
		if all, err := db.Quarantine(background, 0, 10); err != nil || len(all) != 1 {
			t.Errorf("quarantine of all imports: got %d rows, %v, want the one that waits", len(all), err)
		}
		if one, err := db.Quarantine(background, 0, 1); err != nil || len(one) != 1 || one[0].Import != 2 {
			t.Errorf("one row of quarantine: got %v, %v, want one of import 2", one, err)
		}
	})
}

// A workspace takes one load at a time; who waits can be called off.
func TestSecondLoadWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		first := begin(t, db)
		ctx, cancel := context.WithTimeout(background, 50*time.Millisecond)
		defer cancel()
		if _, err := db.BeginLoad(ctx, "GBP"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("second load: got %v, want it to wait until its deadline", err)
		}
		if err := first.Rollback(); err != nil {
			t.Fatal(err)
		}
		begin(t, db)
	})
}
