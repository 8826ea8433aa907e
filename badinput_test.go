package tradewind

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/fault"
)

const orderHeader = "order_id,line_id,ordered_at,sku,quantity,unit_price,currency,market\n"

// order is one sound row below orderHeader.
const order = "77001,1,2011-12-08 10:00:00,22763,2,9.95,GBP,GB\n"

func gzipped(t tester, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestFilesThatAreRefused: a message with a remedy, nothing half done, and the next good
// file goes in.
func TestFilesThatAreRefused(t *testing.T) {
	e := sample(t)
	retail := read(t, sampleOrders[0])
	packed := gzipped(t, retail)
	flipped := []byte(packed)
	flipped[len(flipped)-6] ^= 0xff // in the checksum
	for _, tt := range []struct {
		name, content string
		code          string
	}{
		{"empty.csv", "", "E-EMPTY"},
		{"blank.csv", "\n \n\n", "E-EMPTY"},
		{"truncated.csv.gz", packed[:len(packed)/2], "E-TRUNCATED"},
		{"damaged.csv.gz", string(flipped), "E-CORRUPT"},
		{"delimiter.csv", strings.ReplaceAll(orderHeader+order, ",", "#"), "E-DELIMITER"},
		{"columns.csv", "order_id,line_id,ordered_at,sku,quantity\n1,1,2011-12-08,22763,2\n", "E-FORMAT-CLOSEST"},
		{"foreign.csv", "poet,born\nAda,1815\nGrace,1906\n", "E-FORMAT-UNKNOWN"},
		{"zeros.csv", strings.Repeat("\x00", 4096), "E-BINARY"},
		{"workbook.csv", "PK\x03\x04" + strings.Repeat("x", 100), "E-FILE-KIND"},
		{"dates.csv", orderHeader + "1,1,03/04/2011,22763,2,9.95,GBP,GB\n1,2,05/06/2011,22763,1,9.95,GBP,GB\n", "E-DATE-AMBIG"},
		{"decimals.csv", orderHeader + "1,1,2011-12-08,22763,2,\"1,234\",GBP,GB\n", "E-DECIMAL-AMBIG"},
		{"twice.csv", "order_id,order_id,line_id,ordered_at,sku,quantity,unit_price,currency,market\n1,1,1,2011-12-08,22763,2,9.95,GBP,GB\n", "E-COLUMN-TWICE"},
		{"all-bad.csv", orderHeader + "1,1,never,22763,2,9.95,GBP,GB\n", "E-TOO-MANY-BAD"},
		{"sums.csv", orderHeader + "1,1,2011-12-08,22763,9,100000000000000,GBP,GB\n1,2,2011-12-08,22763,9,100000000000000,GBP,GB\n", "E-SUM-OVERFLOW"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := write(t, tt.name, tt.content)
			unchanged(t, e, func() {
				_, err := e.Import(t.Context(), []string{file}, ImportOptions{})
				refused(t, err, fault.Invalid, tt.code)
			})
		})
	}
	folder := t.TempDir()
	for _, tt := range []struct {
		name, path string
		kind       fault.Kind
		code       string
	}{
		{"a folder", folder, fault.Invalid, "E-FILE-NONE"},
		{"no file", filepath.Join(folder, "none.csv"), fault.NotFound, "E-FILE-NOT-FOUND"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			unchanged(t, e, func() {
				_, err := e.Import(t.Context(), []string{tt.path}, ImportOptions{})
				refused(t, err, tt.kind, tt.code)
			})
		})
	}
	for code, o := range map[string]ImportOptions{
		"E-ZONE": {Zone: "Mars/Olympus"}, "E-DATE-ORDER": {DateOrder: "ymd"}, "E-ENCODING-NAME": {Encoding: "morse"},
		"E-FORMAT-NAME": {Format: "telegram"},
	} {
		t.Run(code, func(t *testing.T) {
			file := write(t, "orders.csv", orderHeader+order)
			unchanged(t, e, func() {
				_, err := e.Import(t.Context(), []string{file}, o)
				refused(t, err, fault.Usage, code)
			})
		})
	}
	f := mustImport(t, e, ImportOptions{}, write(t, "orders.csv", orderHeader+order)).Files[0]
	if want := (Rows{In: 1, Loaded: 1}); f.Rows != want {
		t.Errorf("the next good file: got %+v, want %+v", f.Rows, want)
	}
}

// TestRowsThatWait: what is wrong with single rows leaves the others alone.
func TestRowsThatWait(t *testing.T) {
	var rest strings.Builder
	for i := range 40 {
		rest.WriteString(strings.Replace(order, "77001,1", "77002,"+string(rune('A'+i%26))+string(rune('a'+i/26)), 1))
	}
	for _, tt := range []struct{ name, row, column, code string }{
		{"NUL", "1,1,2011-12-08,227\x0063,2,9.95,GBP,GB\n", "", "E-NUL"},
		{"not UTF-8", "1,1,2011-12-08,227\xff63,2,9.95,GBP,GB\n", "", "E-ENCODING-ROW"},
		{"10 MB", "1,1,2011-12-08," + strings.Repeat("x", 10<<20) + ",2,9.95,GBP,GB\n", "", "E-LINE-LENGTH"},
		{"open quote", "1,1,2011-12-08,\"22763,2,9.95,GBP,GB\n", "", "E-QUOTE"},
		{"too few", "1,1,2011-12-08,22763,2\n", "", "E-FIELDS"},
		{"no such day", "1,1,2011-02-30,22763,2,9.95,GBP,GB\n", "ordered_at", "E-DATE-FORMAT"},
		{"amount", "1,1,2011-12-08,22763,2,99999999999999999,GBP,GB\n", "unit_price", "E-MONEY-OVERFLOW"},
		{"amount × units", "1,1,2011-12-08,22763,9000000,900000000,GBP,GB\n", "quantity", "E-MONEY-OVERFLOW"},
		{"decimals", "1,1,2011-12-08,22763,2,9.12345,GBP,GB\n", "unit_price", "E-MONEY-PRECISION"},
		{"country", "1,1,2011-12-08,22763,2,9.95,GBP,Atlantis\n", "market", "E-MARKET"},
		{"currency", "1,1,2011-12-08,22763,2,9.95,$,GB\n", "currency", "E-CURRENCY"},
		{"halves", "1,1,2011-12-08,22763,2.5,9.95,GBP,GB\n", "quantity", "E-CELL-UNITS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := empty(t)
			f := mustImport(t, e, ImportOptions{}, write(t, "orders.csv", orderHeader+tt.row+rest.String())).Files[0]
			addsUp(t, &f)
			if want := (Rows{In: 41, Loaded: 40, Quarantined: 1}); f.Rows != want {
				t.Fatalf("got %+v (%v), want %+v", f.Rows, f.Quarantine, want)
			}
			waiting, err := e.Quarantine(t.Context(), f.ID, 0)
			if err != nil || len(waiting) != 1 {
				t.Fatalf("%d rows wait, want 1: %v", len(waiting), err)
			}
			q := waiting[0]
			if q.Code != tt.code || q.Line != 2 || q.Column != tt.column || len(q.Raw) > 5000 {
				t.Errorf("got %s in line %d, column %q, %d bytes; want %s in line 2, column %q", q.Code, q.Line, q.Column, len(q.Raw), tt.code, tt.column)
			}
			for _, text := range []LocalizedText{q.Reason, q.Remedy} {
				if strings.ContainsAny(text.English[:1]+text.Chinese[:1], "[") || text.English == text.Chinese {
					t.Errorf("not a text in both languages: %q", text)
				}
			}
		})
	}
}

// TestFilesThatCanBeReadOneWay: told the order of day and month, or with decimal commas
// that nothing contradicts, a file goes in and means what it says.
func TestFilesThatCanBeReadOneWay(t *testing.T) {
	for _, tt := range []struct {
		name, content string
		o             ImportOptions
	}{
		{"day first", orderHeader + "1,1,03/04/2011,A,2,9.95,GBP,GB\n", ImportOptions{DateOrder: "dmy"}},
		{"month first", orderHeader + "1,1,04/03/2011,A,2,9.95,GBP,GB\n", ImportOptions{DateOrder: "mdy"}},
		{"another row tells", orderHeader + "1,1,03/04/2011,A,2,9.95,GBP,GB\n1,2,31/03/2011,B,1,1.00,GBP,GB\n", ImportOptions{}},
		{"decimal commas", strings.ReplaceAll(orderHeader, ",", ";") + "1;1;2011-04-03;A;2;9,95;GBP;GB\n", ImportOptions{}},
		{"byte order mark", "\ufeff" + orderHeader + "1,1,2011-04-03,A,2,9.95,GBP,GB\r\n", ImportOptions{}},
		{"tabs, gzip", gzipped(t, strings.ReplaceAll(orderHeader+"1,1,2011-04-03,A,2,9.95,GBP,GB\n", ",", "\t")), ImportOptions{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := workspace(t, Config{})
			mustImport(t, e, tt.o, write(t, "orders", tt.content))
			s, err := e.snapshot(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			i := s.Item(commerce.Item{SKU: "A", Market: "GB", Channel: "web"})
			if i < 0 {
				t.Fatal("the item is not there")
			}
			r, _ := s.Rows(i)
			if got, want := s.Sales.Day[r].String(), "2011-04-03"; got != want {
				t.Errorf("sold on %s, want %s", got, want)
			}
			if got, want := s.Sales.Revenue[r], int64(199_000); got != want {
				t.Errorf("revenue is %d ten-thousandths, want %d", got, want)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	_, err := Open(t.Context(), t.TempDir())
	refused(t, err, fault.NotFound, "E-NO-WORKSPACE")

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, databaseFile), []byte(strings.Repeat("no database ", 2000)), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir)
	refused(t, err, fault.Invalid, "E-STORE-CORRUPT")
	refused(t, Init(dir, Config{}), fault.Blocked, "E-WORKSPACE-EXISTS")

	dir = t.TempDir()
	if err := Init(dir, Config{Database: "mysql://x"}); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir)
	refused(t, err, fault.Invalid, "E-STORE-URL")
	refused(t, Init(dir, Config{}), fault.Blocked, "E-WORKSPACE-EXISTS")
}

// TestAWorkspaceOfANewerVersionIsLeftAlone makes one by adding a step that this version
// does not know.
func TestAWorkspaceOfANewerVersionIsLeftAlone(t *testing.T) {
	e := sample(t)
	want := contentsOf(t, e)
	set := func(statement string) {
		t.Helper()
		pool, err := sql.Open("duckdb", filepath.Join(e.Dir(), databaseFile))
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		if _, err := pool.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	set(`INSERT INTO schema_version (version, applied_at) VALUES (999, '2031-01-01')`)
	_, err := Open(t.Context(), e.Dir())
	refused(t, err, fault.Invalid, "E-STORE-NEWER")
	set(`DELETE FROM schema_version WHERE version = 999`)
	if diff := cmp.Diff(want, contentsOf(t, open(t, e.Dir())), words); diff != "" {
		t.Errorf("the workspace changed (-before +after):\n%s", diff)
	}
}

// TestTheDemoKeepsOutOfAShop: it does not mix its data with somebody's own.
func TestTheDemoKeepsOutOfAShop(t *testing.T) {
	e := workspace(t, Config{Zone: "Europe/Berlin"})
	mustImport(t, e, ImportOptions{}, write(t, "orders.csv", orderHeader+order))
	want := contentsOf(t, e).Imports
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, err := Demo(t.Context(), e.Dir(), nil)
	refused(t, err, fault.Blocked, "E-DEMO-OTHER")
	if diff := cmp.Diff(want, contentsOf(t, open(t, e.Dir())).Imports, words); diff != "" {
		t.Errorf("the imports changed (-before +after):\n%s", diff)
	}
}
