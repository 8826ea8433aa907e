package tradewind

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tradewind/money"
)

// realRows are the sample's order lines as the published files have them.
func realRows(t tester) [][]string {
	var all [][]string
	for _, file := range sampleOrders {
		rows, err := csv.NewReader(strings.NewReader(read(t, file))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows[1:]...)
	}
	return all
}

const retailHeader = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"

// The columns of retailHeader.
const (
	invoice, quantity, date, price, country = 0, 3, 4, 5, 7
)

// spoilt are ways to make a row unreadable; each leaves its quantity and price apart.
var spoilt = []func(row []string){
	func(row []string) { row[date] = "2011-02-30 10:00:00" },
	func(row []string) { row[date] = "" },
	func(row []string) { row[country] = "Atlantis" },
	func(row []string) { row[quantity] = "a dozen" },
	func(row []string) { row[price] = "two pounds" },
	func(row []string) { row[invoice] = "" },
}

// TestAnyFileAddsUp spoils, repeats and turns round real rows, and demands of the import
// that no row and no penny is lost, that the same bytes change nothing, and that the
// facts do not depend on how the rows are spread over files.
func TestAnyFileAddsUp(t *testing.T) {
	all := realRows(t)
	rapid.Check(t, func(rt *rapid.T) {
		var lines []string
		var bad int64
		var sound money.Amount
		for range rapid.IntRange(2, 60).Draw(rt, "rows") {
			row := append([]string{}, rapid.SampledFrom(all).Draw(rt, "row")...)
			change := rapid.IntRange(0, 9).Draw(rt, "change")
			switch {
			case change == 0:
				rapid.SampledFrom(spoilt).Draw(rt, "spoilt")(row)
				bad++
			case change == 1 && row[invoice][0] != 'C' && !strings.HasPrefix(row[quantity], "-"): // take the sale back
				row[invoice], row[quantity] = "C"+row[invoice], "-"+row[quantity]
			}
			if change != 0 {
				sound = plus(rt, sound, worthOf(rt, row))
			}
			line := joined(row)
			lines = append(lines, line)
			if rapid.IntRange(0, 9).Draw(rt, "again") == 0 { // the same line once more
				lines = append(lines, line)
				if change == 0 {
					bad++
				} else {
					sound = plus(rt, sound, worthOf(rt, row))
				}
			}
		}
		file := write(rt, "rows.csv", retailHeader+strings.Join(lines, ""))
		o := ImportOptions{MaxBad: 1}
		e := empty(rt)
		f := mustImport(rt, e, o, file).Files[0]
		addsUp(rt, &f)
		if int(f.Rows.In) != len(lines) || f.Rows.Quarantined != bad {
			rt.Fatalf("%d rows in, %d in quarantine; want %d and %d", f.Rows.In, f.Rows.Quarantined, len(lines), bad)
		}
		if got := f.Money.In.E4() - f.Money.Quarantined.E4(); got != sound.E4() {
			rt.Fatalf("sound rows are worth %d ten-thousandths, want %d", got, sound.E4())
		}
		unchanged(rt, e, func() {
			if again := mustImport(rt, e, o, file).Files[0]; !again.Already {
				rt.Fatal("the same bytes were imported again")
			}
		})
		// Two files that overlap, the later one first.
		cut := rapid.IntRange(0, len(lines)).Draw(rt, "cut")
		overlap := rapid.IntRange(0, cut).Draw(rt, "overlap")
		parts := empty(rt)
		for _, part := range [][]string{lines[cut-overlap:], lines[:cut]} {
			if len(part) > 0 {
				f := mustImport(rt, parts, o, write(rt, "part.csv", retailHeader+strings.Join(part, ""))).Files[0]
				addsUp(rt, &f)
			}
		}
		if got, want := contentsOf(rt, parts).Snapshot, contentsOf(rt, e).Snapshot; got != want {
			rt.Fatalf("two files give the facts %q, one gives %q", got, want)
		}
	})
}

func worthOf(t *rapid.T, row []string) money.Amount {
	units, errUnits := strconv.ParseInt(row[quantity], 10, 64)
	each, errPrice := money.Parse(row[price], "GBP")
	worth, err := each.Times(units)
	if errUnits != nil || errPrice != nil || err != nil {
		t.Fatal(errUnits, errPrice, err)
	}
	return worth
}

func plus(t *rapid.T, a, b money.Amount) money.Amount {
	sum, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func joined(row []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(row) // a strings.Builder takes everything
	w.Flush()
	return b.String()
}
