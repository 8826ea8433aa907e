package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

const (
	retailHeader = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
	retailRow    = "536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
	ordersHeader = "order_id,line_id,ordered_at,sku,quantity,unit_price,currency,market\n"
)

func gzipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t testing.TB, text string) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll([]byte(text), nil)
}

// manyRows is more than the head of a file, and does not compress away.
func manyRows(n int) string {
	var b strings.Builder
	b.WriteString(retailHeader)
	for i := range n {
		fmt.Fprintf(&b, "%d,%d,HOLDER %x,%d,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n", 500000+i, 10000+i%4000, i*2654435761, 1+i%50)
	}
	return b.String()
}

// TestBadFiles: what cannot be read is refused as a whole, with a code that has a text
// and a remedy in both languages, before or while it is read.
func TestBadFiles(t *testing.T) {
	big := manyRows(20_000)
	gz, zst := gzipped(t, big), zstandard(t, big)
	damaged := bytes.Clone(gz)
	for i := len(damaged) / 2; i < len(damaged)/2+64; i++ {
		damaged[i] ^= 0x5a
	}
	utc := Options{Zone: time.UTC}
	for _, test := range []struct {
		name string
		data []byte
		o    Options
		want string
	}{
		{"empty", nil, utc, "E-EMPTY"},
		{"blank", []byte("\n \n\n"), utc, "E-EMPTY"},
		{"empty gzip", gzipped(t, ""), utc, "E-EMPTY"},
		{"truncated gzip", gz[:len(gz)*2/3], utc, "E-TRUNCATED"},
		{"truncated small gzip", gzipped(t, retailHeader+retailRow)[:40], utc, "E-TRUNCATED"},
		{"gzip without its end", gz[:len(gz)-4], utc, "E-TRUNCATED"},
		{"truncated zstd", zst[:len(zst)*2/3], utc, "E-TRUNCATED"},
		{"damaged gzip", damaged, utc, "E-CORRUPT"},
		{"binary", bytes.Repeat([]byte{0, 1, 2, 255, 0, 0}, 1000), utc, "E-BINARY"},
		{"workbook", []byte("PK\x03\x04 and so on"), utc, "E-FILE-KIND"},
		{"delimiter", []byte(strings.ReplaceAll(retailHeader+retailRow, ",", "^")), utc, "E-DELIMITER"},
		{"missing column", []byte("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,CustomerID,Country\n"), utc, "E-FORMAT-CLOSEST"},
		{"missing column of a named format", []byte("order_id,sku\n"), Options{Format: "orders"}, "E-COLUMNS"},
		{"unknown", []byte("alpha,beta\n1,2\n"), utc, "E-FORMAT-UNKNOWN"},
		{"no such format", []byte(ordersHeader), Options{Format: "nothing"}, "E-FORMAT-NAME"},
		{"no such format file", []byte(ordersHeader), Options{Format: "./nothing.yaml"}, "E-FORMAT-FILE"},
		{"column twice", []byte("sku,SKU,name\n"), utc, "E-COLUMN-TWICE"},
		{"encoding", []byte(ordersHeader), Options{Encoding: "ebcdic"}, "E-ENCODING-NAME"},
		{"no zone", []byte(ordersHeader + "1,1,2026-01-01,A,1,1,GBP,GB\n"), Options{}, "E-ZONE-MISSING"},
		{"no currency", []byte("order_id,line_id,ordered_at,sku,quantity,unit_price,market\n"), utc, "E-CURRENCY-MISSING"},
		{"dates", []byte(ordersHeader + "1,1,03/04/2026,A,1,1,GBP,GB\n2,1,5/6/2026,A,1,1,GBP,GB\n"), utc, "E-DATE-AMBIG"},
		{"date order", []byte(ordersHeader), Options{Zone: time.UTC, DateOrder: "ymd"}, "E-DATE-ORDER"},
		{"decimals", []byte(ordersHeader + "1,1,2026-04-03,A,1,\"1,234\",GBP,GB\n"), utc, "E-DECIMAL-AMBIG"},
		{"damaged parquet", []byte("PAR1 and nothing else PAR1"), utc, "E-PARQUET"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := readAll(bytes.NewReader(test.data), test.o)
			f := fault.Of(err)
			if f == nil || f.Code != test.want {
				t.Fatalf("got %v, want %s", err, test.want)
			}
			if f.Kind == fault.Internal {
				t.Errorf("%s is an internal failure", f.Code)
			}
			for _, lang := range messages.Languages {
				for _, m := range []messages.Message{messages.Of(err), messages.Of(err).Remedy()} {
					if text := m.In(lang); strings.ContainsAny(text, "[]{}") {
						t.Errorf("%s in %s has a hole: %s", m.Code, lang, text)
					}
				}
			}
		})
	}
}

// readAll returns what stops the reading of a file, nil when nothing does.
func readAll(r io.Reader, o Options) error {
	s, err := Open("file", r, 0, o)
	if err != nil {
		return err
	}
	for _, err := range s.Read() {
		if err != nil && !isRow(err) {
			return err
		}
	}
	return nil
}

// isRow reports whether an error is about one row.
func isRow(err error) bool {
	var reject *Reject
	var exclusion *Exclusion
	var duplicate *Duplicate
	return errors.As(err, &reject) || errors.As(err, &exclusion) || errors.As(err, &duplicate)
}

// TestReaderFails: an I/O error is passed on and is no fault of the file.
func TestReaderFails(t *testing.T) {
	disk := errors.New("the disk went away")
	for _, text := range []string{"", retailHeader, manyRows(20_000)} {
		err := readAll(io.MultiReader(strings.NewReader(text), iotest.ErrReader(disk)), Options{})
		if !errors.Is(err, disk) || fault.KindOf(err) != fault.Internal {
			t.Errorf("after %d bytes: got %v, want %v as an internal failure", len(text), err, disk)
		}
	}
}

// TestBadRows: what is wrong with one row costs that row only.
func TestBadRows(t *testing.T) {
	row := func(cells string) string { return "1,1,2026-01-01," + cells + "\n" }
	for _, test := range []struct {
		name, rows string
		want       string // code
		column     string
	}{
		{"nul", "1,1,2026-01-01,A\x00,1,1,GBP,GB\n", "E-NUL", ""},
		{"utf-8", strings.Repeat("2,1,2026-01-01,A,1,1,GBP,GB\n", 40) + row("A\xff\xfe\x81,1,1,GBP,GB"), "E-ENCODING-ROW", ""},
		{"too few", row("A,1,1,GBP"), "E-FIELDS", ""},
		{"too many", row("A,1,1,GBP,GB,x"), "E-FIELDS", ""},
		{"long line", row(strings.Repeat("x", 10<<20) + ",1,1,GBP,GB"), "E-LINE-LENGTH", ""},
		{"quote", row(`"A"B,1,1,GBP,GB`), "E-QUOTE", ""},
		{"open quote", row(`"A,1,1,GBP,GB`), "E-QUOTE", ""},
		{"overflow of a price", row("A,1,922337203685478,GBP,GB"), "E-MONEY-OVERFLOW", "unit_price"},
		{"overflow of a row", row("A,1000000000,922337203685,GBP,GB"), "E-MONEY-OVERFLOW", "quantity"},
		{"quantity", row("A,1.5,1,GBP,GB"), "E-CELL-UNITS", "quantity"},
		{"quantity too large", row("A,9999999999999999999,1,GBP,GB"), "E-CELL-UNITS-RANGE", "quantity"},
		{"no quantity", row("A,0,1,GBP,GB"), "E-QUANTITY-SIGN", "quantity"},
		{"infinite price", row("A,1,1e308,GBP,GB"), "E-CELL-NUMBER", "unit_price"},
		{"negative price", row("A,1,-1,GBP,GB"), "E-CELL-NEGATIVE", "unit_price"},
		{"empty price", row("A,1,,GBP,GB"), "E-CELL-EMPTY", "unit_price"},
		{"symbol", row("A,1,1,¥,GB"), "E-CURRENCY", "currency"},
		{"country", row("A,1,1,GBP,Atlantis"), "E-MARKET", "market"},
		{"spreadsheet", row("1.12E+14,1,1,GBP,GB"), "E-ID-SCIENTIFIC", "sku"},
		{"no such day", "1,1,2026-02-30,A,1,1,GBP,GB\n", "E-DATE-FORMAT", "ordered_at"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := ordersHeader + test.rows + "9,9,2026-01-02,B,1,1,GBP,GB\n"
			s, err := Open("t.csv", strings.NewReader(text), 0, Options{Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			var rejects []*Reject
			last := ""
			for fact, err := range s.Read() {
				var r *Reject
				switch {
				case errors.As(err, &r):
					rejects = append(rejects, r)
				case err == nil:
					last = fact.(*commerce.OrderLine).Order
				}
			}
			if len(rejects) != 1 {
				t.Fatalf("%d rows rejected, want 1: %v", len(rejects), rejects)
			}
			r := rejects[0]
			if r.Code != test.want || r.Column != test.column {
				t.Errorf("rejected by %s in %q, want %s in %q", r.Code, r.Column, test.want, test.column)
			}
			if want := int64(1 + strings.Count(test.rows, "\n")); r.Line != want {
				t.Errorf("on line %d, want %d", r.Line, want)
			}
			if last != "9" {
				t.Errorf("the row behind it was lost")
			}
			if strings.ContainsRune(r.Raw, 0) || len(r.Raw) > rawLimit+8 {
				t.Errorf("raw text is not fit to be stored: %d bytes", len(r.Raw))
			}
			for _, lang := range messages.Languages {
				for _, m := range []messages.Message{r.Message(), r.Remedy()} {
					if text := m.In(lang); strings.ContainsAny(text, "[]{}") {
						t.Errorf("%s in %s has a hole: %s", m.Code, lang, text)
					}
				}
			}
		})
	}
}

// TestWorthOfRejects: a rejected row is worth what can be read of it, and nothing of the
// row before it.
func TestWorthOfRejects(t *testing.T) {
	text := ordersHeader + strings.Repeat("1,1,2026-01-01,A,1,50,GBP,GB\n", 30) +
		"2,1,2026-01-01,A\x00,2,3.50,GBP,GB\n" + // NUL
		"3,1,2026-01-01,A\xff,3,3.50,GBP,GB\n" + // no UTF-8
		"4,1,2026-01-01,A,4,3.50,£,GB\n" + // in an unknown currency
		"5,1,2026-01-01,A,some,3.50,GBP,GB\n" + // no quantity
		"6,1,soon,A,6,3.50,EUR,GB\n" +
		"7,1,2026-01-01\n"
	s, err := Open("t.csv", strings.NewReader(text), 0, Options{Zone: time.UTC, Currency: "USD"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, err := range s.Read() {
		var r *Reject
		if errors.As(err, &r) {
			got = append(got, r.Code+" "+r.Amount.String())
		}
	}
	want := []string{"E-NUL GBP 7.00", "E-ENCODING-ROW GBP 10.50", "E-CURRENCY 0.00", "E-CELL-NUMBER GBP 0.00", "E-DATE-FORMAT EUR 21.00", "E-FIELDS 0.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestStyles: the same order written in the ways of several places, decided by the file
// or told.
func TestStyles(t *testing.T) {
	for _, test := range []struct {
		name, text string
		o          Options
		at, price  string
	}{
		{"iso", "1,1,2026-04-03 00:00,A,1,1234.5,EUR,DE\n", Options{}, "2026-04-03", "EUR 1234.50"},
		{"told day first", "1,1,03/04/2026,A,1,1234.5,EUR,DE\n", Options{DateOrder: "dmy"}, "2026-04-03", "EUR 1234.50"},
		{"told month first", "1,1,04/03/2026,A,1,1234.5,EUR,DE\n", Options{DateOrder: "mdy"}, "2026-04-03", "EUR 1234.50"},
		{"day first by another row", "1,1,03/04/2026,A,1,1234.5,EUR,DE\n2,1,13/04/2026,A,1,1,EUR,DE\n", Options{}, "2026-04-03", "EUR 1234.50"},
		{"same day and month", "1,1,04/04/2026,A,1,1234.5,EUR,DE\n2,1,04/13/2026,A,1,1,EUR,DE\n", Options{}, "2026-04-04", "EUR 1234.50"},
		{"comma by another row", "1,1,2026-04-03,A,1,\"1.234\",EUR,DE\n2,1,2026-04-03,A,1,\"2,5\",EUR,DE\n", Options{}, "2026-04-03", "EUR 1234.00"},
		{"point by another row", "1,1,2026-04-03,A,1,\"1,234\",EUR,DE\n2,1,2026-04-03,A,1,2.5,EUR,DE\n", Options{}, "2026-04-03", "EUR 1234.00"},
		{"three decimals", "1,1,2026-04-03,A,1,1.234,EUR,DE\n", Options{}, "2026-04-03", "EUR 1.234"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.o.Zone = time.UTC
			s, err := Open("t.csv", strings.NewReader(ordersHeader+test.text), 0, test.o)
			if err != nil {
				t.Fatal(err)
			}
			for fact, err := range s.Read() {
				if err != nil {
					t.Fatal(err)
				}
				line := fact.(*commerce.OrderLine)
				if line.Day.String() != test.at || line.Price.String() != test.price {
					t.Errorf("read %s at %s, want %s at %s", line.Day, line.Price, test.at, test.price)
				}
				break
			}
		})
	}
}

// TestInflation: a file that unpacks to a thousand times its size is stopped. The rows
// are blank, so that nothing else stops it.
func TestInflation(t *testing.T) {
	bomb := zstandard(t, retailHeader+retailRow+strings.Repeat(strings.Repeat(" ", 1<<16)+"\n", (freeInflation>>16)+64))
	if f := fault.Of(readAll(bytes.NewReader(bomb), Options{})); f == nil || f.Code != "E-INFLATION" {
		t.Errorf("%d bytes of bomb: got %v, want E-INFLATION", len(bomb), f)
	}
}

// TestUndecodable: bytes that are nothing in the file's encoding cost their row.
func TestUndecodable(t *testing.T) {
	text, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("商品编码,商品名称\nA,搪瓷杯\nB,?\nC,陶瓷碗\n"))
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("?"), []byte{0xff}, 1)
	got := transcript(t, "t.csv", text, Options{})
	if !strings.HasPrefix(got, "products gb18030 ") || strings.Count(got, "\nproduct ") != 2 || !strings.Contains(got, "line 3 rejected E-ENCODING-ROW") {
		t.Errorf("got %s", got)
	}
}

// TestLateEvidence: what tells day from month may stand far behind the head of a file.
func TestLateEvidence(t *testing.T) {
	text := ordersHeader + strings.Repeat("1,1,03/04/2026,A,1,1.50,EUR,DE\n", 20_000) + "2,1,25/04/2026,A,1,1.50,EUR,DE\n"
	s, err := Open("t.csv", strings.NewReader(text), 0, Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]int{}
	rows := 0
	for fact, err := range s.Read() {
		rows++
		if err == nil {
			days[fact.(*commerce.OrderLine).Day.String()]++
		}
	}
	if rows != 20_001 || days["2026-04-03"] != 1 || days["2026-04-25"] != 1 {
		t.Errorf("%d rows on %v, want 20001, one on 2026-04-03 that comes again and one on 2026-04-25", rows, days)
	}
}

// TestUndecided: where the head of a file says nothing about the decimal sign, a later
// number that could be read two ways is rejected, not guessed.
func TestUndecided(t *testing.T) {
	for _, delimiter := range []string{",", ";"} {
		text := ordersHeader + strings.Repeat("1,1,2026-04-03,A,1,7,EUR,DE\n", 20_000) +
			"2,1,2026-04-03,A,1,\"1·234\",EUR,DE\n" + "3,1,2026-04-03,A,1,1.234,EUR,DE\n" + "4,1,2026-04-03,A,\"1·240\",2.5,EUR,DE\n"
		text = strings.ReplaceAll(strings.ReplaceAll(text, ",", delimiter), "·", ",")
		s, err := Open("t.csv", strings.NewReader(text), 0, Options{Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for fact, err := range s.Read() {
			var r *Reject
			if errors.As(err, &r) {
				got += r.Code + " "
			} else if err == nil {
				got += RowAmount(fact).String() + " "
			}
		}
		want := map[string]string{
			",": "EUR 7.00 E-CELL-NUMBER EUR 1.234 EUR 3100.00 ",
			";": "EUR 7.00 E-CELL-NUMBER E-CELL-NUMBER EUR 3100.00 ",
		}
		if got != want[delimiter] {
			t.Errorf("separated by %q: %s, want %s", delimiter, got, want[delimiter])
		}
	}
}

// TestLayouts: preambles, all delimiters, old line ends, compression.
func TestLayouts(t *testing.T) {
	want := readFacts(t, []byte(retailHeader+retailRow))
	if len(want) != 1 {
		t.Fatalf("%d facts, want 1", len(want))
	}
	tab := func(s, delimiter string) string { return strings.ReplaceAll(s, ",", delimiter) }
	for name, data := range map[string][]byte{
		"semicolon":   []byte(tab(retailHeader+retailRow, ";")),
		"tab":         []byte(tab(retailHeader+retailRow, "\t")),
		"bar":         []byte(tab(retailHeader+retailRow, "|")),
		"preamble":    []byte("A report\n\nof orders, all of them\n" + retailHeader + retailRow),
		"windows":     []byte(strings.ReplaceAll(retailHeader+retailRow, "\n", "\r\n")),
		"macintosh":   []byte(strings.ReplaceAll(retailHeader+retailRow, "\n", "\r")),
		"header case": []byte(strings.ToUpper(retailHeader) + retailRow),
		"full width":  []byte(strings.Replace(retailHeader, "Country", "Ｃｏｕｎｔｒｙ", 1) + retailRow),
		"empty rows":  []byte(retailHeader + ",,,,,,,\n" + retailRow + "\n,,,,,,,,,\n"),
		"trailing":    []byte(retailHeader + strings.TrimSuffix(retailRow, "\n") + ",,\n"),
		"gzip":        gzipped(t, retailHeader+retailRow),
		"zstd":        zstandard(t, retailHeader+retailRow),
		"two members": slices.Concat(gzipped(t, retailHeader), gzipped(t, retailRow)),
	} {
		got := readFacts(t, data)
		for i := range got {
			got[i].FileLine = want[0].FileLine
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

func readFacts(t *testing.T, data []byte) (lines []commerce.OrderLine) {
	t.Helper()
	s, err := Open("t.csv", bytes.NewReader(data), int64(len(data)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for fact, err := range s.Read() {
		if err != nil {
			t.Error(err)
			continue
		}
		lines = append(lines, *fact.(*commerce.OrderLine))
	}
	if s.Offset() != int64(len(data)) {
		t.Errorf("offset %d at the end of %d bytes", s.Offset(), len(data))
	}
	return lines
}
