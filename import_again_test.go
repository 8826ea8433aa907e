package tradewind

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"tradewind/store"
)

// onHand reads a stock from the frozen facts.
func onHand(t *testing.T, e *Engine, sku string) int64 {
	t.Helper()
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range s.Stocks {
		if string(st.SKU) == sku {
			return st.OnHand
		}
	}
	t.Fatalf("no stock of %s", sku)
	return 0
}

// TestAnEarlierFileCanBeImportedAgain to go back to what it says.
func TestAnEarlierFileCanBeImportedAgain(t *testing.T) {
	e := sample(t)
	a := write(t, "stock-a.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,30,0,2011-12-09\n")
	b := write(t, "stock-b.csv", "sku,location,on_hand,inbound,day\n22763,UK-1,77,0,2011-12-09\n")
	for _, step := range []struct {
		file    string
		want    int64
		already bool
	}{{a, 30, false}, {a, 30, true}, {b, 77, false}, {a, 30, false}, {a, 30, true}, {b, 77, false}} {
		f := mustImport(t, e, ImportOptions{}, step.file).Files[0]
		if got := onHand(t, e, "22763"); got != step.want || f.Already != step.already {
			t.Errorf("after %s: %d on hand, already %v; want %d, %v", f.File, got, f.Already, step.want, step.already)
		}
	}
}

// TestReadAnotherWayIsAnotherImport: a wrong zone is mended by saying the right one.
func TestReadAnotherWayIsAnotherImport(t *testing.T) {
	e := sample(t)
	file := write(t, "orders.csv", orderHeader+"77001,1,2011-12-08 20:30:00,22763,2,9.95,GBP,GB\n")
	day := func() string {
		t.Helper()
		imports, err := e.db.Imports(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return imports[0].From.String() + " " + imports[0].Zone
	}
	mustImport(t, e, ImportOptions{Zone: "Asia/Shanghai"}, file)
	if f := mustImport(t, e, ImportOptions{Zone: "Asia/Shanghai"}, file).Files[0]; !f.Already {
		t.Errorf("the same once more: %+v", f)
	}
	f := mustImport(t, e, ImportOptions{Zone: "Europe/London"}, file).Files[0]
	if f.Already || f.Rows.Updated != 1 || day() != "2011-12-08 Europe/London" {
		t.Errorf("read with the right zone: %+v, %s", f, day())
	}
}

const creditHeader = "order_id,line_id,ordered_at,sku,quantity,unit_price,currency,market,customer_id,kind\n"

// TestALaterFileTiesCreditNotes: the imports, their sum and the returns say the same.
func TestALaterFileTiesCreditNotes(t *testing.T) {
	e := workspace(t, Config{Currency: "GBP", Zone: "UTC", Clock: "2011-12-09T20:00:00Z"})
	notes := write(t, "credits.csv", creditHeader+"C1,1,2011-11-05,A,3,2.00,GBP,GB,17,credit\nC2,1,2011-11-06,B,1,5.00,GBP,GB,17,credit\n")
	first := mustImport(t, e, ImportOptions{}, notes).Files[0]
	if first.Rows.Excluded != 2 {
		t.Fatalf("without a sale: %+v", first.Rows)
	}
	mustImport(t, e, ImportOptions{}, write(t, "sales.csv", creditHeader+"1,1,2011-11-01,A,10,2.00,GBP,GB,17,sale\n"))
	status, err := e.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if untied := status.Returns.Credits - status.Returns.Matched; status.Rows.Excluded != untied || untied != 1 || status.Rows.Loaded != 2 {
		t.Errorf("rows %+v, returns %+v", status.Rows, status.Returns)
	}
	again := mustImport(t, e, ImportOptions{}, notes).Files[0]
	if !again.Already || again.Rows.Excluded != 1 || again.Rows.Unchanged != 1 || again.Money.Excluded != again.Excluded[0].Money {
		t.Errorf("again: %+v, money %+v, rules %+v", again.Rows, again.Money, again.Excluded)
	}
	addsUp(t, &again)
	for i := range status.Imports {
		addsUp(t, &status.Imports[i])
	}
}

// TestACorrectedFileSupersedesItsQuarantine: what was mended does not wait any more, and
// can still be looked up.
func TestACorrectedFileSupersedesItsQuarantine(t *testing.T) {
	e := sample(t)
	waiting := func() int {
		t.Helper()
		rows, err := e.Quarantine(t.Context(), 0, 0)
		status, errStatus := e.Status(t.Context())
		if err != nil || errStatus != nil || status.Waiting != int64(len(rows)) {
			t.Fatalf("%d rows wait, the status says %d: %v %v", len(rows), status.Waiting, err, errStatus)
		}
		return len(rows)
	}
	before := waiting()
	var sound []string
	for _, line := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		sound = append(sound, "7700"+line+",1,2011-12-08 10:00:00,22763,2,9.95,GBP,GB")
	}
	bad := "77010,1,2011-12-08 10:00:00,22763,many,9.95,GBP,GB"
	mended := strings.Replace(bad, "many", "4", 1)
	file := func(name, last string) string {
		return write(t, name, orderHeader+strings.Join(append(slices.Clone(sound), last), "\n")+"\n")
	}
	o := ImportOptions{MaxBad: 0.5}
	first := mustImport(t, e, o, file("orders.csv", bad)).Files[0]
	if got := waiting(); got != before+1 || first.Rows.Quarantined != 1 {
		t.Fatalf("%d rows wait, want %d", got, before+1)
	}
	mustImport(t, e, o, file("other.csv", strings.Replace(bad, "many", "5", 1)))
	if got := waiting(); got != before+1 {
		t.Errorf("after another file %d rows wait, want %d", got, before+1)
	}
	corrected := mustImport(t, e, o, file("orders.csv", mended)).Files[0]
	if got := waiting(); got != before {
		t.Errorf("after the corrected file %d rows wait, want %d", got, before)
	}
	rows, err := e.Quarantine(t.Context(), first.ID, 0)
	if err != nil || len(rows) != 1 || rows[0].Superseded != corrected.ID {
		t.Errorf("the first import's rows are %+v, %v", rows, err)
	}
}

// TestTheSameFileFromTwoSides at once is one import.
func TestTheSameFileFromTwoSides(t *testing.T) {
	e := sample(t)
	before, err := e.db.Imports(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, "orders.csv", orderHeader+order)
	var all sync.WaitGroup
	already := make([]bool, 6)
	for i := range already {
		all.Go(func() {
			r, err := e.Import(context.Background(), []string{file}, ImportOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			already[i] = r.Files[0].Already
		})
	}
	all.Wait()
	after, err := e.db.Imports(t.Context())
	if err != nil || len(after) != len(before)+1 {
		t.Errorf("%d imports, want one more than %d: %v", len(after), len(before), err)
	}
	if n := len(slices.DeleteFunc(already, func(b bool) bool { return b })); n != 1 {
		t.Errorf("%d of them imported it, want 1", n)
	}
}

// TestRetieKeepsTheSum of an import, whatever was tied since.
func TestRetieKeepsTheSum(t *testing.T) {
	for _, untied := range []store.Tally{{}, {Rows: 2, E4: -30}, {Rows: 3, E4: -50}, {Rows: 9, E4: -90}} {
		r := store.ImportRecord{
			Rows: store.Outcomes{In: 10, Loaded: 6, Excluded: 4}, Money: store.Outcomes{In: 40, Loaded: 100, Excluded: -60},
			Excluded: []store.RuleCount{{Code: creditUntied, Rows: 3, E4: -50}, {Code: "postage", Rows: 1, E4: -10}}, Currency: "GBP",
		}
		retie(&r, untied)
		tl := tally{record: r}
		if err := tl.reconcile(); err != nil {
			t.Errorf("%+v: %+v does not add up", untied, r)
		}
		var rows, e4 int64
		for _, c := range r.Excluded {
			rows, e4 = rows+c.Rows, e4+c.E4
		}
		if want := 1 + min(untied.Rows, 3); rows != want || rows != r.Rows.Excluded || e4 != r.Money.Excluded {
			t.Errorf("%+v: rules say %d and %d, rows %d and %d, want %d rows", untied, rows, e4, r.Rows.Excluded, r.Money.Excluded, want)
		}
	}
}
