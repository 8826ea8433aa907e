package store_test

import (
	"encoding/csv"
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"tradewind/calendar"
	"tradewind/commerce"
	onlineretail "tradewind/examples/online-retail"
	"tradewind/money"
	"tradewind/store"
)

// realLines are the order lines of the two files of Online Retail, read as plainly as the
// store's tests need: rows of price 0 or of no units are left out, negative quantities are
// credit notes, and the key is the row and its occurrence.
var realLines = sync.OnceValues(func() ([][]commerce.OrderLine, error) {
	var files [][]commerce.OrderLine
	for _, name := range onlineretail.Orders {
		file, err := onlineretail.Files().Open(name)
		if err != nil {
			return nil, err
		}
		lines, err := readOnlineRetail(file)
		file.Close()
		if err != nil {
			return nil, err
		}
		files = append(files, lines)
	}
	return files, nil
})

// The two files of the shop overlap: what is in both is known when the second comes, the
// rest is new, and not a row and not a ten-thousandth is lost.
func TestTwoYearsOfOnlineRetail(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: two years of orders on both engines, for -short")
	}
	files := mustRealLines(t)
	sums := make([]store.Tally, 2)
	inFirst := map[commerce.Key]bool{}
	var both store.Tally
	for i, lines := range files {
		for _, l := range lines {
			count(&sums[i], l)
			if i == 0 {
				inFirst[l.Key] = true
			} else if inFirst[l.Key] {
				count(&both, l)
			}
		}
	}
	if both.Rows < 20_000 {
		t.Fatalf("the files overlap in %d lines, want most of 22,523", both.Rows) // examples/online-retail/README.md
	}
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		first, second := total(load(t, db, files[0])), total(load(t, db, files[1]))
		if want := (store.Merged{Loaded: sums[0]}); !cmp.Equal(first, want) {
			t.Errorf("first file: got %+v, want %+v", first, want)
		}
		fresh := store.Tally{Rows: sums[1].Rows - both.Rows, E4: sums[1].E4 - both.E4}
		if want := (store.Merged{Loaded: fresh, Unchanged: both}); !cmp.Equal(second, want) {
			t.Errorf("second file: got %+v, want %+v", second, want)
		}
		again := total(load(t, db, files[0]))
		if want := (store.Merged{Unchanged: sums[0]}); !cmp.Equal(again, want) {
			t.Errorf("first file again: got %+v, want %+v", again, want)
		}
		s, err := db.Snapshot(background, nil, "GBP")
		if err != nil {
			t.Fatal(err)
		}
		if s.From.String() != onlineretail.FirstDay || s.AsOf.String() != onlineretail.LastDay {
			t.Errorf("snapshot of %s to %s, want %s to %s", s.From, s.AsOf, onlineretail.FirstDay, onlineretail.LastDay)
		}
		var units, lines int64
		for r := range s.Sales.Day {
			units += s.Sales.Gross[r]
			lines += int64(s.Sales.Lines[r])
		}
		wantUnits, wantLines := salesOf(files)
		if units != wantUnits || lines != wantLines {
			t.Errorf("snapshot holds %d units in %d lines, want %d in %d", units, lines, wantUnits, wantLines)
		}
	})
}

// salesOf counts units and lines of the sales in either file.
func salesOf(files [][]commerce.OrderLine) (units, lines int64) {
	seen := map[commerce.Key]bool{}
	for _, file := range files {
		for _, l := range file {
			if l.Kind == commerce.Sale && !seen[l.Key] {
				units, lines = units+l.Units, lines+1
			}
			seen[l.Key] = true
		}
	}
	return units, lines
}

func mustRealLines(t testing.TB) [][]commerce.OrderLine {
	t.Helper()
	files, err := realLines()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readOnlineRetail(r io.Reader) ([]commerce.OrderLine, error) {
	plain, err := zstd.NewReader(r)
	if err != nil {
		return nil, err
	}
	defer plain.Close()
	in := csv.NewReader(plain)
	in.ReuseRecord = true
	if _, err := in.Read(); err != nil { // header
		return nil, err
	}
	london, err := time.LoadLocation(onlineretail.Zone)
	if err != nil {
		return nil, err
	}
	var lines []commerce.OrderLine
	seen := map[commerce.Key]int{}
	for n := int64(2); ; n++ {
		row, err := in.Read()
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return nil, err
		}
		if line, ok := lineOf(row, london, seen, n); ok {
			lines = append(lines, line)
		}
	}
}

func lineOf(row []string, zone *time.Location, seen map[commerce.Key]int, n int64) (commerce.OrderLine, bool) {
	units, err := strconv.ParseInt(row[3], 10, 64)
	if err != nil {
		return commerce.OrderLine{}, false
	}
	e4, code := money.ParseE4(row[5])
	if code != "" || e4 <= 0 || units == 0 {
		return commerce.OrderLine{}, false
	}
	at, err := time.ParseInLocation(time.DateTime, row[4], zone)
	if err != nil {
		return commerce.OrderLine{}, false
	}
	buyer, _, _ := strings.Cut(row[6], ".")
	line := commerce.OrderLine{
		Order: strings.Clone(row[0]), SKU: commerce.SKU(strings.Clone(row[1])), Description: strings.Clone(row[2]),
		Units: units, Price: money.FromE4(e4, onlineretail.Currency), At: at.UTC(), Day: calendar.DayIn(at, zone),
		Customer: commerce.CustomerID(strings.Clone(buyer)), Market: commerce.Market(strings.Clone(row[7])), Channel: "web", FileLine: n,
	}
	if units < 0 {
		line.Kind, line.Units = commerce.Credit, -units
	}
	row[6] = buyer // the two files write customers differently
	for occurrence := 1; ; occurrence++ {
		line.Key = keyOf(strings.Join(row, "\x1f"), occurrence)
		if seen[line.Key] == 0 {
			seen[line.Key] = 1
			return line, true
		}
	}
}

func keyOf(text string, occurrence int) commerce.Key {
	h := fnv.New128a()
	io.WriteString(h, text)
	io.WriteString(h, "\x1f"+strconv.Itoa(occurrence))
	sum := h.Sum(nil)
	var k commerce.Key
	for i := range 8 {
		k.Hi, k.Lo = k.Hi<<8|uint64(sum[i]), k.Lo<<8|uint64(sum[8+i])
	}
	return k
}
