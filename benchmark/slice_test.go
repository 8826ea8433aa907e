package benchmark

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"hash/fnv"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	onlineretail "tradewind/examples/online-retail"
	"tradewind/numeric/distribution"
	"tradewind/numeric/forecast"
)

// slice writes two years of every twentieth product as --data may hold them.
func slice(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range onlineretail.Orders {
		packed, err := fs.ReadFile(onlineretail.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := zstd.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.Create(filepath.Join(dir, givenOrders[i]))
		if err != nil {
			t.Fatal(err)
		}
		out := gzip.NewWriter(file)
		if err := few(plain, out); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// few copies the header and the lines of every twentieth product, the second column.
func few(in io.Reader, out io.Writer) error {
	reader, writer := csv.NewReader(in), csv.NewWriter(out)
	for i := 0; ; i++ {
		record, err := reader.Read()
		if err == io.EOF {
			writer.Flush()
			return writer.Error()
		}
		if err != nil {
			return err
		}
		h := fnv.New32a()
		h.Write([]byte(record[1]))
		if i == 0 || h.Sum32()%20 == 0 {
			if err := writer.Write(record); err != nil {
				return err
			}
		}
	}
}

// TestBenches runs every bench but the demo on a slice of the shop. Goals are for the
// whole shop; what must hold on any part of it is checked here.
func TestBenches(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process for every case and takes a minute")
	}
	variants := wideVariants
	wideVariants = 1
	t.Cleanup(func() { wideVariants = variants })
	var out, errs bytes.Buffer
	code := Main([]string{"import", "plan", "console", "demand", "inventory", "--data", slice(t), "-o", "json"}, nil, &out, &errs)
	if code == misused {
		t.Fatal(errs.String())
	}
	var rows []Row
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, r := range rows {
		if r.Value == nil && strings.HasPrefix(r.Reason, "--data has no ") {
			continue // the slice is of orders alone
		}
		if r.Value == nil {
			t.Errorf("%s: %s was not measured: %s", r.Bench, r.Name, r.Reason)
			continue
		}
		if _, twice := got[r.Bench+": "+r.Name]; twice {
			t.Errorf("%s: %s stands there twice", r.Bench, r.Name)
		}
		got[r.Bench+": "+r.Name] = *r.Value
	}
	for name, want := range map[string]float64{
		"import: rows read but not accounted for":                      0,
		"import: rows that DuckDB reads and the import does not count": 0,
		"import: re-import of the same bytes, changes":                 0,
		"import: re-import of the same rows in other bytes, changes":   0,
		"plan: same bytes on 1 and 16 goroutines":                      1,
	} {
		if value, there := got[name]; !there || value != want {
			t.Errorf("%s: %v (measured: %v), want %v", name, value, there, want)
		}
	}
	for name, limits := range map[string][2]float64{
		"import: CPU time":                                     {.01, 60},
		"import: peak memory":                                  {20, 1024},
		"plan: items planned":                                  {500, 3000}, // 28,075 / 20
		"console: heaviest page, HTML unpacked":                {5, 1000},
		"console: median, one at a time":                       {.05, 1000},
		"demand: the oracle below seasonal naive":              {10, 60},
		"demand: daily 80 % interval covers, at least":         {60, 95},
		"inventory: orders judged a CPU second":                {10, 1e6},
		"inventory: order-up-to level, distance from the book": {0, 1.3},
	} {
		if value, there := got[name]; !there || !(value >= limits[0] && value <= limits[1]) {
			t.Errorf("%s: %v (measured: %v), want %v", name, value, there, limits)
		}
	}
	if zero, oracle := got["demand: the all-zero forecast below seasonal naive"], got["demand: the oracle below seasonal naive"]; !(zero < oracle) {
		t.Errorf("nothing scores %v, the oracle %v", zero, oracle)
	}
}

// TestDemo builds the program and runs the whole demo once.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and imports two years of orders")
	}
	var out, errs bytes.Buffer
	Main([]string{"demo", "-o", "json"}, nil, &out, &errs)
	var rows []Row
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Value == nil || !(*r.Value > 0) {
			t.Errorf("%s: %v %s %s", r.Name, r.Value, r.Reason, errs.String())
		}
	}
	if len(rows) < 4 {
		t.Errorf("%d rows: %s", len(rows), errs.String())
	}
}

// certain forecasts the same number of units for every day, without doubt.
func certain(x float64) forecast.Forecast {
	f := forecast.Forecast{Total: distribution.Point(x * window)}
	for range window {
		f.Period = append(f.Period, distribution.Point(x))
	}
	return f
}

// TestScore works one series by hand: sales alternate between 1 and 2, so every
// neighbouring difference is 1 and an error of e a day scores e; the window sells 3 a day.
func TestScore(t *testing.T) {
	train := make([]float64, 70)
	for i := range train {
		train[i] = 1 + float64(i%2)
	}
	actual := constant(3)
	got := score([]test{{train: train, actual: actual, forecast: certain(2)}})
	naive := math.Sqrt((4*1 + 3*4) / 7.) // the last week sold 2 on four days and 1 on three
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"own", got.Own, 1}, {"zero", got.Zero, 3}, {"oracle", got.Oracle, 0}, {"naive", got.Naive, naive},
		{"bias", got.Bias, 100 * (2./3 - 1)}, {"daily", got.Daily, 0}, {"total", got.Total, 0}, {"below", got.below(got.Own), 100 * (1 - 1/naive)},
	} {
		if math.Abs(tt.got-tt.want) > 1e-12 {
			t.Errorf("%s %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

func TestPageKinds(t *testing.T) {
	for link, want := range map[string]string{
		"/": "/", "/decisions": "/decisions", "/decisions/D-1": "/decisions/…", "/decisions?state=open": "/decisions?…",
		"/skus/85123A?market=GB": "/skus/…?…", "/data/quarantine": "/data/quarantine", "/data/imports/3": "/data/imports/…",
		"/decisions/approve": "/decisions/approve", "/skus/85123A/stock/past?location=GB": "/skus/…/stock/past?…",
	} {
		if got := kindOf(link); got != want {
			t.Errorf("kind of %s is %s, want %s", link, got, want)
		}
	}
	page := []byte(`<link href="/static/a.css"><a href="/skus?q=a&amp;page=2#top"><a href="/x.csv"><a href="/keys?keys=off"><a href="https://elsewhere.example/"><script src="/static/b.js">`)
	if got := pageLinks(page); len(got) != 1 || got[0] != "/skus?q=a&page=2" {
		t.Errorf("page links %q", got)
	}
	if got := assetLinks(page); len(got) != 2 {
		t.Errorf("asset links %q", got)
	}
}
