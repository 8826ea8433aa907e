package benchmark

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/klauspost/compress/zstd"

	"tradewind"
	onlineretail "tradewind/examples/online-retail"
	"tradewind/plan"
)

// A wide shop sells every article of Online Retail in so many variants, at one location:
// over 50,000 of SKU × location. Each order line buys one of the variants, the same one
// whenever the line is read, and each variant has its part of the stock.
var wideVariants = 11 // tests need one

const wideLimit = 300 // seconds

// writeWide writes the files of the wide shop and returns their paths.
func writeWide(dir string, o orders) ([]string, error) {
	var paths []string
	write := func(name string, in io.Reader, row func(w *csv.Writer, header, line []string) error) error {
		path := filepath.Join(dir, name)
		paths = append(paths, path)
		out, err := os.Create(path)
		if err != nil {
			return err
		}
		defer out.Close()
		if err := widen(out, in, row); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return out.Close()
	}
	for i, path := range o.paths {
		in, err := unpacked(path)
		if err != nil {
			return nil, err
		}
		defer in.Close()
		if err := write(fmt.Sprintf("orders-%d.csv", i+1), in, oneVariant); err != nil {
			return nil, err
		}
	}
	for _, name := range onlineretail.Assumed {
		in, err := onlineretail.Files().Open(name)
		if err != nil {
			return nil, err
		}
		defer in.Close()
		if err := write(name, in, allVariants); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// unpacked opens a compressed file.
func unpacked(path string) (io.ReadCloser, error) {
	packed, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if filepath.Ext(path) == ".gz" {
		return gzip.NewReader(bytes.NewReader(packed))
	}
	plain, err := zstd.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return plain.IOReadCloser(), nil
}

// widen writes a table with what row makes of each of its lines.
func widen(out io.Writer, in io.Reader, row func(w *csv.Writer, header, line []string) error) error {
	r, w := csv.NewReader(in), csv.NewWriter(out)
	r.LazyQuotes = true
	header, err := r.Read()
	if err != nil {
		return err
	}
	if err := w.Write(header); err != nil {
		return err
	}
	for {
		line, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := row(w, header, line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// oneVariant lets an order line buy a variant of its article.
func oneVariant(w *csv.Writer, _, line []string) error {
	h := fnv.New32a()
	for _, field := range line[:2] { // invoice and article
		io.WriteString(h, field)
	}
	line[1] = variant(line[1], int(h.Sum32())%wideVariants)
	return w.Write(line)
}

// allVariants repeats what is said of an article for all variants; what is said of a location
// stays.
func allVariants(w *csv.Writer, header, line []string) error {
	if header[0] != "sku" {
		return w.Write(line)
	}
	sku := line[0]
	for j, name := range header {
		if name != "on_hand" && name != "inbound" {
			continue
		}
		units, err := strconv.ParseFloat(line[j], 64)
		if err != nil {
			return err
		}
		line[j] = strconv.Itoa(int(math.Ceil(units / float64(wideVariants))))
	}
	for k := range wideVariants {
		line[0] = variant(sku, k)
		if err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

func variant(sku string, k int) string { return sku + "-" + string(rune('A'+k)) }

// surveying counts the sites that a plan of a workspace looks at.
var surveying = newWork("survey", func(ctx context.Context, _ *meter, dir string) (int, error) {
	c, err := tradewind.ReadConfig(dir)
	if err != nil {
		return 0, err
	}
	db, err := openStore(ctx, dir)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	s, err := db.Snapshot(ctx, nil, reporting)
	if err != nil {
		return 0, err
	}
	return len(plan.NewSurvey(s, c.Plan, s.AsOf.StartIn(time.UTC), tradewind.Version, nil).Sites), nil
})

// wideRows time a whole plan of the wide shop.
func wideRows(ctx context.Context, r *run) ([]Row, error) {
	o, err := r.files()
	if err != nil {
		return nil, err
	}
	files, err := r.folder("wide")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(files)
	paths, err := writeWide(files, o)
	if err != nil {
		return nil, err
	}
	home, err := r.folder("wide-workspace")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(home)
	if _, _, err := importing.run(ctx, importQuestion{Dir: home, Fresh: true, Files: paths}); err != nil {
		return nil, err
	}
	sites, _, err := surveying.run(ctx, home)
	if err != nil {
		return nil, err
	}
	a, cost, err := planning.run(ctx, planQuestion{home, 2})
	if err != nil {
		return nil, err
	}
	source := fmt.Sprintf("%s, every article in %d variants, among which its order lines fall, and the demo's assumptions; from opening the workspace to %d recorded decisions", o, wideVariants, a.Decisions)
	return []Row{
		{Name: "sites of a wide shop", Value: new(float64(sites)), Unit: "SKU × location", Better: higher, Must: new(50_000.0), Source: source},
		{Name: "plan of the wide shop, CPU time on two cores", Value: new(cost.CPU), Unit: "s", Better: lower, Must: new(float64(wideLimit)), Reference: "five minutes on two cores", Source: source + "; less than the limit of CPU is less than the limit on two cores"},
		{Name: "plan of the wide shop, time on two cores", Value: new(cost.Wall), Unit: "s", Better: lower, Source: source + "; what else the machine does counts"},
		{Name: "plan of the wide shop, peak memory", Value: new(cost.Peak), Unit: "MiB", Better: lower, Source: source},
	}, nil
}
