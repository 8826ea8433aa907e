package tradewind

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// addsUp demands the identity of every import, in rows and in money.
func addsUp(t tester, f *FileReport) {
	t.Helper()
	r := f.Rows
	if got := r.Loaded + r.Updated + r.Unchanged + r.Duplicate + r.Quarantined + r.Excluded; got != r.In {
		t.Errorf("%s: %d rows came in, %d are accounted for: %+v", f.File, r.In, got, r)
	}
	for _, n := range []int64{r.Loaded, r.Updated, r.Unchanged, r.Duplicate, r.Quarantined, r.Excluded} {
		if n < 0 {
			t.Errorf("%s: a negative count: %+v", f.File, r)
		}
	}
	excluded, quarantined := rowsOf(f.Excluded), rowsOf(f.Quarantine)
	if excluded != r.Excluded || quarantined != r.Quarantined {
		t.Errorf("%s: rules name %d and %d rows, want %d and %d", f.File, excluded, quarantined, r.Excluded, r.Quarantined)
	}
	if m := f.Money; m != nil {
		got, err := money.Sum(m.Loaded, m.Updated, m.Unchanged, m.Duplicate, m.Quarantined, m.Excluded)
		if err != nil || got.E4() != m.In.E4() {
			t.Errorf("%s: %v came in, %v is accounted for: %v", f.File, m.In, got, err)
		}
	}
}

func rowsOf(list []RuleCount) (n int64) {
	for _, r := range list {
		n += r.Rows
	}
	return n
}

// TestDemoAddsUp holds the imports of the demo against what the publisher's files have:
// rows and quantity × price, counted apart from this program (examples/online-retail).
func TestDemoAddsUp(t *testing.T) {
	_, r := demo(t)
	for i := range r.Files {
		addsUp(t, &r.Files[i])
	}
	for i, want := range []struct{ rows, pence int64 }{{525_461, 953_948_463}, {541_909, 974_774_793}} {
		f := r.Files[i]
		if f.Rows.In != want.rows || f.Money.In.Round() != money.FromE4(100*want.pence, "GBP") {
			t.Errorf("%s: %d rows worth %v came in, want %d worth %d pence", f.File, f.Rows.In, f.Money.In, want.rows, want.pence)
		}
		if f.Rows.Quarantined != 0 {
			t.Errorf("%s: %d rows of the published file are in quarantine", f.File, f.Rows.Quarantined)
		}
	}
	// Whatever of the overlap is still a row of its own is in both files.
	if got := r.Files[1].Rows; got.Unchanged == 0 || got.Updated != 0 {
		t.Errorf("the overlap: %d rows unchanged, %d updated; want some and 0", got.Unchanged, got.Updated)
	}
}

func TestTheSameBytesChangeNothing(t *testing.T) {
	e := sample(t)
	unchanged(t, e, func() {
		r := mustImport(t, e, ImportOptions{}, append(slices.Clone(sampleOrders), sampleAssumed...)...)
		for i := range r.Files {
			f := &r.Files[i]
			addsUp(t, f)
			if !f.Already || f.Rows.Loaded+f.Rows.Updated != 0 {
				t.Errorf("%s: already %v, %+v", f.File, f.Already, f.Rows)
			}
		}
	})
}

func TestTheOrderOfFilesDoesNotMatter(t *testing.T) {
	want := contentsOf(t, sample(t)).Snapshot
	files := append(slices.Clone(sampleAssumed), sampleOrders[1], sampleOrders[0])
	e := empty(t)
	mustImport(t, e, ImportOptions{}, files...)
	if got := contentsOf(t, e).Snapshot; got != want {
		t.Errorf("the facts are %s, want %s", got, want)
	}
}

func TestOverlappingRowsAreOneFact(t *testing.T) {
	header, rows := rowsIn(t, sampleOrders[1])
	half := len(rows) / 2
	e := empty(t)
	mustImport(t, e, ImportOptions{}, write(t, "first.csv", header+strings.Join(rows[:half+50], "")))
	second := mustImport(t, e, ImportOptions{}, write(t, "second.csv", header+strings.Join(rows[half:], ""))).Files[0]
	addsUp(t, &second)
	if second.Rows.Unchanged == 0 || second.Rows.Unchanged > 50 {
		t.Errorf("%d rows unchanged, want 1 to the 50 of the overlap", second.Rows.Unchanged)
	}
	whole := empty(t)
	mustImport(t, whole, ImportOptions{}, sampleOrders[1])
	if got, want := contentsOf(t, e).Snapshot, contentsOf(t, whole).Snapshot; got != want {
		t.Errorf("two halves give the facts %s, the whole %s", got, want)
	}
}

// rowsIn splits a file without quoted line ends.
func rowsIn(t tester, file string) (header string, rows []string) {
	t.Helper()
	lines := strings.SplitAfter(strings.TrimSuffix(read(t, file), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	return lines[0], lines[1:]
}

func TestANewCostUpdatesOneRow(t *testing.T) {
	e := sample(t)
	before, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(read(t, "testdata/assumed-costs.csv"), "22763,4.577", "22763,4.60", 1)
	f := mustImport(t, e, ImportOptions{}, write(t, "costs.csv", changed)).Files[0]
	addsUp(t, &f)
	if want := (Rows{In: 3, Updated: 1, Unchanged: 2}); f.Rows != want {
		t.Errorf("got %+v, want %+v", f.Rows, want)
	}
	after, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := after.Cost("22763").Unit, money.FromE4(46_000, "GBP"); got != want {
		t.Errorf("the cost is %v, want %v", got, want)
	}
	if after.Hash == before.Hash {
		t.Error("another cost left the hash of the facts as it was")
	}
}

// TestACreditNoteThatChangesIsUpdated: it counts once, although no sale is tied to it.
func TestACreditNoteThatChangesIsUpdated(t *testing.T) {
	const header = "order_id,line_id,ordered_at,sku,quantity,unit_price,currency,market,kind\n"
	e := empty(t)
	first := mustImport(t, e, ImportOptions{}, write(t, "a.csv", header+
		"1,1,2011-11-01,A,10,2.00,GBP,GB,sale\n2,1,2011-11-05,B,3,4.00,GBP,GB,credit\n")).Files[0]
	addsUp(t, &first)
	if want := (Rows{In: 2, Loaded: 1, Excluded: 1}); first.Rows != want {
		t.Errorf("first: got %+v, want %+v", first.Rows, want)
	}
	second := mustImport(t, e, ImportOptions{}, write(t, "b.csv", header+
		"1,1,2011-11-01,A,10,2.00,GBP,GB,sale\n2,1,2011-11-05,B,3,4.50,GBP,GB,credit\n")).Files[0]
	addsUp(t, &second)
	if want := (Rows{In: 2, Updated: 1, Unchanged: 1}); second.Rows != want {
		t.Errorf("second: got %+v, want %+v", second.Rows, want)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	e := empty(t)
	var dry *ImportReport
	unchanged(t, e, func() { dry = mustImport(t, e, ImportOptions{DryRun: true}, sampleOrders[0]) })
	wet := mustImport(t, e, ImportOptions{}, sampleOrders[0])
	if !dry.DryRun || dry.Files[0].ID != 0 {
		t.Errorf("the report does not say that it was a dry run: %+v", dry.Files[0])
	}
	wet.DryRun, wet.Files[0].ID = true, 0
	if diff := cmp.Diff(wet, dry, words); diff != "" {
		t.Errorf("a dry run reports something else (-import +dry run):\n%s", diff)
	}
}

func TestTooManyBadRowsLeaveNothing(t *testing.T) {
	e := sample(t)
	header, rows := rowsIn(t, sampleOrders[0])
	for i := range 30 { // of 183
		rows[i] = strings.Replace(rows[i], "2010-", "the year of ", 1)
	}
	file := write(t, "bad.csv", header+strings.Join(rows, ""))
	unchanged(t, e, func() {
		_, err := e.Import(t.Context(), []string{file}, ImportOptions{})
		refused(t, err, fault.Invalid, "E-TOO-MANY-BAD")
	})
	f := mustImport(t, e, ImportOptions{MaxBad: 0.5}, file).Files[0]
	addsUp(t, &f)
	waiting, err := e.Quarantine(t.Context(), f.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if f.Rows.Quarantined == 0 || int(f.Rows.Quarantined) != len(waiting) {
		t.Fatalf("%d rows in quarantine, %d of them kept", f.Rows.Quarantined, len(waiting))
	}
	for _, q := range waiting {
		if q.File != "bad.csv" || q.Line < 2 || q.Raw+"\n" != rows[q.Line-2] || q.Column != "InvoiceDate" {
			t.Errorf("a row in quarantine does not name its place: %+v", q)
		}
		for _, text := range []LocalizedText{q.Reason, q.Remedy} {
			if text.English == "" || text.Chinese == "" || strings.HasPrefix(text.English, "[") {
				t.Errorf("line %d: %q", q.Line, text)
			}
		}
	}
}

func TestSeveralCurrencies(t *testing.T) {
	e := empty(t)
	f := mustImport(t, e, ImportOptions{MaxBad: 0.5}, write(t, "orders.csv",
		"order_id,line_id,ordered_at,sku,quantity,unit_price,currency,market\n"+
			"1,1,2011-11-01,A,10,2.00,GBP,GB\n1,2,2011-11-02,A,4,3.00,EUR,DE\n"+
			"1,3,2011-11-03,A,4,3.00,EUR,Atlantis\n1,4,2011-11-03,A,4,300,JPY,JP\n")).Files[0]
	addsUp(t, &f)
	if want := (Rows{In: 4, Loaded: 3, Quarantined: 1}); f.Rows != want {
		t.Errorf("got %+v, want %+v", f.Rows, want)
	}
	if f.Money != nil || !f.Quarantine[0].Money.IsZero() {
		t.Errorf("a sum over currencies: %v, %v", f.Money, f.Quarantine[0].Money)
	}
	_, err := e.Plan(t.Context(), PlanOptions{})
	refused(t, err, fault.Invalid, "E-RATE-MISSING")

	mustImport(t, e, ImportOptions{}, write(t, "rates.csv",
		"base,quote,day,value\nEUR,GBP,2011-10-31,0.86\nGBP,JPY,2011-10-31,125\n"))
	if _, err := e.Plan(t.Context(), PlanOptions{}); err != nil {
		t.Fatal(err)
	}
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, e4 := range s.Sales.Revenue {
		sum += e4
	}
	// 10·2.00 + 4·3.00·0.86 + 4·300/125 pounds.
	if want := int64(200_000 + 103_200 + 96_000); sum != want {
		t.Errorf("revenue is %d ten-thousandths, want %d", sum, want)
	}
}

// TestUndatedFactsAreOfToday: a file that names no day speaks of the day it came in.
func TestUndatedFactsAreOfToday(t *testing.T) {
	e := sample(t)
	mustImport(t, e, ImportOptions{}, write(t, "supplies.csv", "sku,supplier,lead_days\n22763,Supplier 09,40\n"))
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(s.Supplies, func(x commerce.Supply) bool { return x.SKU == "22763" })
	if got, want := s.Supplies[i].Provenance.AsOf.String(), demoConfig.FactsAsOf; got != want {
		t.Errorf("as of %s, want %s", got, want)
	}
}

func TestAnInterruptedImportKeepsWhatItFinished(t *testing.T) {
	e := empty(t)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	progress := func(Progress) {
		if calls++; calls == 3 { // the first file begins and ends; the second begins
			cancel()
		}
	}
	r, err := e.Import(ctx, sampleOrders, ImportOptions{Progress: progress})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want a cancelled context", err)
	}
	if len(r.Files) != 1 {
		t.Fatalf("%d files were finished, want 1", len(r.Files))
	}
	imports, err := e.Imports(t.Context())
	if err != nil || len(imports) != 1 {
		t.Fatalf("the workspace has %d imports, want 1: %v", len(imports), err)
	}
	mustImport(t, e, ImportOptions{}, append(slices.Clone(sampleOrders), sampleAssumed...)...)
	if got, want := contentsOf(t, e).Snapshot, contentsOf(t, sample(t)).Snapshot; got != want {
		t.Errorf("begun again it gives the facts %s, want %s", got, want)
	}
}
