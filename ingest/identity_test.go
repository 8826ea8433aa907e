package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/commerce"
	onlineretail "tradewind/examples/online-retail"
	"tradewind/money"
)

// tally counts what became of the rows of a file.
type tally struct {
	rows  map[string]int
	money map[string]int64 // ten-thousandths
}

func newTally() tally { return tally{map[string]int{}, map[string]int64{}} }

func (c tally) add(what string, amount money.Amount) {
	c.rows[what]++
	c.money[what] += amount.E4()
}

func (c tally) total() (rows int, e4 int64) {
	for what, n := range c.rows {
		rows, e4 = rows+n, e4+c.money[what]
	}
	return rows, e4
}

// count reads a whole file; each may be nil.
func count(t testing.TB, s *Source, each func(*commerce.OrderLine)) tally {
	t.Helper()
	c := newTally()
	for fact, err := range s.Read() {
		var (
			reject    *Reject
			exclusion *Exclusion
			duplicate *Duplicate
		)
		switch {
		case err == nil:
			c.add("fact", RowAmount(fact))
			if each != nil {
				each(fact.(*commerce.OrderLine))
			}
		case errors.As(err, &exclusion):
			c.add(exclusion.Rule, exclusion.Amount)
		case errors.As(err, &duplicate):
			c.add("duplicate", duplicate.Amount)
		case errors.As(err, &reject):
			c.add(reject.Code, reject.Amount)
		default:
			t.Fatal(err)
		}
	}
	return c
}

// TestRowsAddUp: in generated files every row comes out once, and the amounts of what
// comes out add up to quantity × price of what went in.
func TestRowsAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(r, label) }
		n := rapid.IntRange(0, 60).Draw(r, "rows")
		var b strings.Builder
		b.WriteString(retailHeader)
		b.WriteString("500000,1,the first,1,2010-12-01 08:26:00,1.00,,United Kingdom\n") // fixes the decimal sign
		want, wantE4 := n+1, int64(10_000)
		for range n {
			units := rapid.IntRange(-20, 20).Draw(r, "units")
			price := rapid.IntRange(-5, 50_000).Draw(r, "price") // hundredths
			fmt.Fprintf(&b, "%s,%s,%s,%d,%s,%s,%s,%s\n",
				pick("order", "500001", "500002", "C500003", "A500004"),
				pick("sku", "85123A", "85123a", "POST", "m", "22139", "1.12E+14"),
				pick("description", "HOLDER", `"a, b"`, "", "\"two\nlines\""),
				units,
				pick("date", "2010-12-01 08:26:00", "2010-12-02 08:26", "2010-02-30 08:26:00", "soon"),
				money.FromE4(int64(price)*100, "").Decimal(),
				pick("customer", "", "17850.0", "17850"),
				pick("country", "United Kingdom", "EIRE", "Atlantis", ""))
			wantE4 += int64(units) * int64(price) * 100
		}
		s, err := Open("t.csv", strings.NewReader(b.String()), 0, Options{})
		if err != nil {
			r.Fatal(err)
		}
		got := count(t, s, nil)
		if rows, e4 := got.total(); rows != want || e4 != wantE4 {
			r.Errorf("%d rows worth %d came out, want %d worth %d: %v", rows, e4, want, wantE4, got)
		}
	})
}

// openRetail opens one of the two years of the shop.
func openRetail(t testing.TB, name string) *Source {
	t.Helper()
	file, err := onlineretail.Files().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	s, err := Open(name, file.(io.Reader), 0, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOnlineRetail reads the two years of a real shop. Rows and sums are those of the
// data set (525,461 rows worth 9,539,484.634 and 541,909 worth 9,747,747.934, counted
// with Python's csv and decimal modules); the counts of each rule stand in
// docs/formats.md.
func TestOnlineRetail(t *testing.T) {
	want := []tally{
		{
			rows:  map[string]int{"fact": 511_974, "duplicate": 6_853, "bad_debt": 3, "non_product": 2_980, "write_off": 2_119, "zero_price": 1_532},
			money: map[string]int64{"fact": 95_572_593_700, "duplicate": 336_933_600, "bad_debt": -1_365_520_200, "non_product": 850_839_240, "write_off": 0, "zero_price": 0},
		},
		{
			rows:  map[string]int{"fact": 531_105, "duplicate": 5_257, "bad_debt": 3, "non_product": 3_050, "write_off": 1_336, "zero_price": 1_158},
			money: map[string]int64{"fact": 97_699_328_300, "duplicate": 213_907_200, "bad_debt": -110_620_600, "non_product": -325_135_560, "write_off": 0, "zero_price": 0},
		},
	}
	totals := []struct {
		rows int
		e4   int64
	}{{525_461, 95_394_846_340}, {541_909, 97_477_479_340}}

	first := map[commerce.Key]bool{}
	shared := 0
	var sales, credits []commerce.OrderLine
	markets := map[commerce.Market]bool{}
	customers := map[commerce.CustomerID]bool{}
	for i, name := range onlineretail.Orders {
		got := count(t, openRetail(t, name), func(line *commerce.OrderLine) {
			markets[line.Market], customers[line.Customer] = true, true
			if first[line.Key] {
				shared++
				return
			}
			first[line.Key] = true
			if line.Kind == commerce.Credit {
				credits = append(credits, *line)
			} else {
				sales = append(sales, *line)
			}
		})
		if diff := cmp.Diff(want[i], got, cmp.AllowUnexported(tally{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if rows, e4 := got.total(); rows != totals[i].rows || e4 != totals[i].e4 {
			t.Errorf("%s: %d rows worth %d, want %d worth %d", name, rows, e4, totals[i].rows, totals[i].e4)
		}
	}
	// The files overlap in 22,523 rows (2010-12-01 to 2010-12-09), of which 21,925 are
	// neither excluded nor identical to another (counted with Python's csv module).
	if want := 21_925; shared != want {
		t.Errorf("%d lines are in both files, want %d", shared, want)
	}
	if len(markets) != 43 {
		t.Errorf("%d markets, want 43: %v", len(markets), slices.Sorted(maps.Keys(markets)))
	}
	t.Logf("%d sales, %d credit notes, %d customers", len(sales), len(credits), len(customers)-1)
	checkRetailMatches(t, credits, sales)
}

// TestAssumed: the files of assumptions of the demo hold no bad row.
func TestAssumed(t *testing.T) {
	for _, name := range onlineretail.Assumed {
		data, err := fs.ReadFile(onlineretail.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		s, err := Open(name, strings.NewReader(string(data)), 0, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for fact, err := range s.Read() {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if rows++; rows == 1 && !strings.Contains(show(fact), "Assumed:true") {
				t.Errorf("%s: %s is not marked as assumed", name, show(fact))
			}
		}
		if want := strings.Count(string(data), "\n") - 1; rows != want {
			t.Errorf("%s: %d facts, want %d", name, rows, want)
		}
	}
}
