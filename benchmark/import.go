package benchmark

import (
	"context"
	"database/sql"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the peer: DuckDB's own reader of CSV

	"tradewind"
)

// repeats is how often work is timed, and two sides alternate. Tests do it once.
var repeats = 3

const (
	secondsToImport   = 8
	secondsToReimport = 3
	mostMemory        = 1024 // MiB
	ratioMust         = 4
	ratioAim          = 2
)

type importQuestion struct {
	Dir   string
	Fresh bool // make the workspace first
	Files []string
}

var importing = newWork("import", func(ctx context.Context, m *meter, q importQuestion) (tradewind.Rows, error) {
	m.Begin()
	defer m.End()
	if q.Fresh {
		if err := tradewind.Init(q.Dir, config); err != nil {
			return tradewind.Rows{}, err
		}
	}
	e, err := tradewind.Open(ctx, q.Dir)
	if err != nil {
		return tradewind.Rows{}, err
	}
	report, err := e.Import(ctx, q.Files, tradewind.ImportOptions{})
	if err != nil {
		e.Close()
		return tradewind.Rows{}, err
	}
	return report.Rows, e.Close()
})

type readAnswer struct {
	Rows    int64
	Version string
}

// reading is DuckDB's read_csv with its defaults: every row of every file, no check but
// the types that it finds, into tables in memory.
var reading = newWork("read", func(ctx context.Context, m *meter, files []string) (readAnswer, error) {
	var a readAnswer
	m.Begin()
	defer m.End()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return a, err
	}
	defer db.Close()
	for i, file := range files {
		table := "file" + string(rune('a'+i))
		quoted := "'" + strings.ReplaceAll(file, "'", "''") + "'"
		if _, err := db.ExecContext(ctx, "CREATE TABLE "+table+" AS SELECT * FROM read_csv("+quoted+")"); err != nil {
			return a, err
		}
		var n int64
		if err := db.QueryRowContext(ctx, "SELECT count(*), version() FROM "+table).Scan(&n, &a.Version); err != nil {
			return a, err
		}
		a.Rows += n
	}
	return a, nil
})

// imported is what the alternating pairs found.
type imported struct {
	rows     tradewind.Rows
	dirs     []string // workspaces that hold them
	own      []Cost
	duck     []Cost
	duckRows int64
	version  string
	pandas   []peerAnswer
	absent   string // why there is no pandas
}

func measureImport(ctx context.Context, r *run) ([]Row, error) {
	o, err := r.files()
	if err != nil {
		return nil, err
	}
	found, err := r.alternate(ctx, o)
	if err != nil {
		return nil, err
	}
	rows := found.figures(o)
	again, worst, err := r.reimport(ctx, o, found.dirs)
	if err != nil {
		return rows, err
	}
	rows = append(rows, again...)
	for _, c := range found.own {
		worst = max(worst, c.Peak)
	}
	rows = append(rows, Row{Name: "peak memory", Value: new(worst), Unit: "MiB", Better: lower, Must: new(float64(mostMemory)),
		Source: "resident memory of the process at its highest, the most of all imports and re-imports"})
	return append(rows, found.peers(r.peers)...), nil
}

// alternate imports into fresh workspaces and lets the peers read, in turn.
func (r *run) alternate(ctx context.Context, o orders) (imported, error) {
	var f imported
	for range repeats {
		dir, err := r.folder("import")
		if err != nil {
			return f, err
		}
		rows, cost, err := importing.run(ctx, importQuestion{dir, true, o.paths})
		if err != nil {
			return f, err
		}
		f.rows, f.dirs, f.own = rows, append(f.dirs, dir), append(f.own, cost)
		read, cost, err := reading.run(ctx, o.paths)
		if err != nil {
			return f, err
		}
		f.duckRows, f.version, f.duck = read.Rows, read.Version, append(f.duck, cost)
		if r.peers && f.absent == "" {
			a, absent := r.python(ctx, "read_csv.py", o.paths...)
			f.absent, f.pandas = absent, append(f.pandas, a)
		}
	}
	return f, nil
}

func (f *imported) figures(o orders) []Row {
	wall, cpu := median(each(f.own, Cost.wall)), median(each(f.own, Cost.cpu))
	sum := f.rows.Loaded + f.rows.Updated + f.rows.Unchanged + f.rows.Duplicate + f.rows.Quarantined + f.rows.Excluded
	how := "median of 3 imports of " + o.String() + " into a fresh DuckDB workspace, with validation, from making the folder to closing it"
	return []Row{
		{Name: "wall time", Value: new(wall), Unit: "s", Better: lower, Must: new(float64(secondsToImport)), Source: how},
		{Name: "CPU time", Value: new(cpu), Unit: "s", Better: lower, Source: how},
		{Name: "rows a second", Value: new(float64(f.rows.In) / wall), Unit: "rows/s", Better: higher, Source: how},
		{Name: "rows read but not accounted for", Value: new(float64(f.rows.In - sum)), Unit: "rows", Better: lower, Must: new(0.0),
			Reference: "rows in = loaded + updated + unchanged + duplicate + quarantined + excluded", Source: "the import's own report"},
		{Name: "rows that DuckDB reads and the import does not count", Value: new(float64(f.duckRows - f.rows.In)), Unit: "rows", Better: lower, Must: new(0.0),
			Reference: "count(*) over the tables that read_csv made", Source: "the import's own report"},
		{Name: "CPU time of DuckDB read_csv", Value: new(median(each(f.duck, Cost.cpu))), Unit: "s", Better: lower,
			Reference: "DuckDB " + f.version, Source: "CREATE TABLE … AS SELECT * FROM read_csv(…) of the same files into memory, no validation; median of 3"},
		{Name: "CPU time / DuckDB read_csv", Value: new(median(ratios(f.own, f.duck))), Unit: "ratio", Better: lower,
			Must: new(float64(ratioMust)), Aim: new(float64(ratioAim)), Reference: "DuckDB " + f.version + " read_csv of the same files",
			Source: "median of the ratios of 3 alternating pairs, each side in a process of its own"},
	}
}

// reimport imports what is there already into each of the workspaces: the same bytes, then
// the same lines in other bytes, which takes every row through the comparison.
func (r *run) reimport(ctx context.Context, o orders, dirs []string) (rows []Row, worst float64, err error) {
	packed, err := r.recompressed(o.paths)
	if err != nil {
		return nil, 0, err
	}
	for _, again := range []struct {
		name  string
		files []string
	}{{"the same bytes", o.paths}, {"the same rows in other bytes", packed}} {
		var costs []Cost
		var changed float64
		for _, dir := range dirs {
			report, cost, err := importing.run(ctx, importQuestion{Dir: dir, Files: again.files})
			if err != nil {
				return rows, worst, err
			}
			costs = append(costs, cost)
			changed = max(changed, float64(report.Loaded+report.Updated+report.Quarantined))
			worst = max(worst, cost.Peak)
		}
		rows = append(rows,
			Row{Name: "re-import of " + again.name + ", wall time", Value: new(median(each(costs, Cost.wall))), Unit: "s", Better: lower,
				Must: new(float64(secondsToReimport)), Source: "median of 3, from opening the workspace to closing it"},
			Row{Name: "re-import of " + again.name + ", changes", Value: new(changed), Unit: "rows", Better: lower,
				Must: new(0.0), Source: "rows loaded, updated or quarantined, the most of 3"})
	}
	return rows, worst, nil
}

func (f *imported) peers(asked bool) []Row {
	row := Row{Name: "CPU time / pandas read_csv", Unit: "ratio", Better: lower, Reference: "pandas",
		Source: "median of the ratios of 3 alternating pairs; pandas.read_csv of the same files with dates parsed, without the start of Python"}
	switch {
	case !asked:
		return nil
	case f.absent != "":
		row.Reason = f.absent
		return []Row{row}
	}
	theirs := make([]Cost, len(f.pandas))
	for i, p := range f.pandas {
		theirs[i] = p.Cost
	}
	version := f.pandas[0].Version
	row.Value, row.Reference = new(median(ratios(f.own, theirs))), version
	return []Row{row, {Name: "CPU time of pandas read_csv", Value: new(median(each(theirs, Cost.cpu))), Unit: "s", Better: lower,
		Reference: version, Source: "pandas.read_csv of the same files with dates parsed; median of 3"}}
}

func (c Cost) wall() float64 { return c.Wall }
func (c Cost) cpu() float64  { return c.CPU }

func each(costs []Cost, get func(Cost) float64) []float64 {
	out := make([]float64, len(costs))
	for i, c := range costs {
		out[i] = get(c)
	}
	return out
}

// ratios divides the CPU seconds of alternating pairs.
func ratios(own, peer []Cost) []float64 {
	out := make([]float64, len(own))
	for i := range own {
		out[i] = own[i].CPU / peer[i].CPU
	}
	return out
}
