package benchmark

import (
	"bufio"
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"tradewind"
	onlineretail "tradewind/examples/online-retail"
)

// givenOrders are the files of Online Retail that --data may hold, oldest first, in the
// folder itself or in its folder online-retail.
var givenOrders = []string{"online-retail-ii-2009-2010.csv.gz", "online-retail.csv.gz"}

// orders are the files of order lines that a run works on, oldest first.
type orders struct {
	paths []string
	given bool // from --data
}

// String says what the files are; it goes into the source of a row.
func (o orders) String() string {
	if o.given {
		return "the two gzip CSV files of Online Retail in --data"
	}
	return "the two embedded zstd CSV files of Online Retail"
}

// files finds the order files: those in --data, or else the embedded ones, written out.
func (r *run) files() (orders, error) {
	if r.found != nil {
		return *r.found, nil
	}
	o := orders{paths: lookFor(r.data, givenOrders), given: true}
	if o.paths == nil {
		dir, err := r.folder("orders")
		if err != nil {
			return o, err
		}
		o.given = false
		if o.paths, err = writeOut(dir, onlineretail.Orders); err != nil {
			return o, err
		}
	}
	r.found = &o
	return o, nil
}

// lookFor returns the paths of all names, or nil where one is missing.
func lookFor(data string, names []string) []string {
	if data == "" {
		return nil
	}
	for _, dir := range []string{filepath.Join(data, "online-retail"), data} {
		var paths []string
		for _, name := range names {
			if path := filepath.Join(dir, name); isFile(path) {
				paths = append(paths, path)
			}
		}
		if len(paths) == len(names) {
			return paths
		}
	}
	return nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// writeOut writes embedded files into a folder.
func writeOut(dir string, names []string) ([]string, error) {
	var paths []string
	for _, name := range names {
		data, err := fs.ReadFile(onlineretail.Files(), name)
		if err != nil {
			return nil, err
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// config sets a workspace as the demo does: its today is the last day of the data.
var config = tradewind.Config{
	Currency: onlineretail.Currency, Zone: onlineretail.Zone,
	FactsAsOf: onlineretail.LastDay, RulesAsOf: onlineretail.LastDay, Clock: onlineretail.LastDay + "T20:00:00Z",
}

// workspace makes, once a run, a workspace that holds the orders and the demo's assumed
// costs, stock and suppliers. Nobody changes it: benches that write take a copy.
func (r *run) workspace(ctx context.Context) (string, error) {
	if r.stock != "" {
		return r.stock, nil
	}
	o, err := r.files()
	if err != nil {
		return "", err
	}
	dir, err := r.folder("assumed")
	if err != nil {
		return "", err
	}
	assumed, err := writeOut(dir, onlineretail.Assumed)
	if err != nil {
		return "", err
	}
	home, err := r.folder("workspace")
	if err != nil {
		return "", err
	}
	if _, _, err := importing.run(ctx, importQuestion{Dir: home, Fresh: true, Files: append(append([]string{}, o.paths...), assumed...)}); err != nil {
		return "", err
	}
	r.stock = home
	return home, nil
}

// copied returns a copy of the workspace.
func (r *run) copied(ctx context.Context) (string, error) {
	from, err := r.workspace(ctx)
	if err != nil {
		return "", err
	}
	to, err := r.folder("copy")
	if err != nil {
		return "", err
	}
	return to, os.CopyFS(to, os.DirFS(from))
}

// recompressed writes the same lines into other bytes: each file packed anew, in its own
// kind of compression and at the lowest level.
func (r *run) recompressed(paths []string) ([]string, error) {
	dir, err := r.folder("recompressed")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, path := range paths {
		to := filepath.Join(dir, filepath.Base(path))
		if err := repack(path, to); err != nil {
			return nil, err
		}
		out = append(out, to)
	}
	return out, nil
}

func repack(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	defer file.Close()
	unpacked, packed, err := codec(from, bufio.NewReader(in), file)
	if err != nil {
		return err
	}
	if _, err := io.Copy(packed, unpacked); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return file.Close()
}

func codec(name string, in io.Reader, out io.Writer) (io.Reader, io.WriteCloser, error) {
	if strings.HasSuffix(name, ".zst") {
		unpacked, err := zstd.NewReader(in)
		if err != nil {
			return nil, nil, err
		}
		packed, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest))
		return unpacked, packed, err
	}
	unpacked, err := gzip.NewReader(in)
	if err != nil {
		return nil, nil, err
	}
	packed, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	return unpacked, packed, err
}
