package console

import (
	"net/http"
	"strconv"

	"tradewind"
	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/messages"
)

const (
	importsShown     = 30
	quarantineShown  = 100
	quarantineExport = 1_000_000
)

func (c *Console) dataPage(r *http.Request) (*view, error) {
	status, _, err := c.look(r.Context())
	if err != nil {
		return nil, err
	}
	shown := *status
	shown.Imports = shown.Imports[:min(importsShown, len(shown.Imports))]
	return &view{page: "data", title: c.say(r, "console.data.title"), section: "data", data: shown}, nil
}

// importPage is the report of one file.
func (c *Console) importPage(r *http.Request) (*view, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, wrongParameter("id", r.PathValue("id"))
	}
	imports, err := c.engine.Imports(r.Context())
	if err != nil {
		return nil, err
	}
	for _, f := range imports {
		if f.ID == id {
			return &view{page: "import", title: c.say(r, "console.import.of", messages.A("file", f.File)), section: "data", data: f}, nil
		}
	}
	return nil, fault.New(fault.NotFound, "E-CONSOLE-IMPORT", fault.A("id", strconv.FormatInt(id, 10)))
}

// dataCSV is one table of the data page.
func (c *Console) dataCSV(r *http.Request) (*view, error) {
	switch r.PathValue("table") {
	case "tables.csv":
		return c.tablesCSV(r)
	case "imports.csv":
		return c.importsCSV(r)
	}
	return c.noSuchPage(r)
}

func (c *Console) tablesCSV(r *http.Request) (*view, error) {
	status, err := c.engine.Status(r.Context())
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "tables", columns: []string{"table", "rows", "assumed", "newest"}}
	for _, t := range status.Tables {
		s.add(textCell(t.Name), intCell(t.Rows), intCell(t.Assumed), dayCell(t.Newest))
	}
	return &view{sheet: s}, nil
}

// importsCSV has a row for each outcome of each file, so that a column of it adds up.
func (c *Console) importsCSV(r *http.Request) (*view, error) {
	imports, err := c.engine.Imports(r.Context())
	if err != nil {
		return nil, err
	}
	s := &sheet{file: "imports", columns: []string{"import", "file", "format", "encoding", "zone", "sha256", "bytes", "at", "from", "to",
		"outcome", "code", "rows", "money", "currency"}}
	for _, f := range imports {
		for _, p := range partsOf(f) {
			s.add(intCell(f.ID), textCell(f.File), textCell(f.Format), textCell(f.Encoding), textCell(f.Zone), textCell(f.SHA256), intCell(f.Bytes),
				timeCell(f.At), dayCell(f.From), dayCell(f.To), textCell(p.outcome), textCell(p.Code), intCell(p.Rows), amountCell(p.Money), currencyCell(p.Money))
		}
	}
	return &view{sheet: s}, nil
}

// part is the rows of a file that had one outcome, by the code that decided it.
type part struct {
	outcome string
	tradewind.RuleCount
}

func partsOf(f tradewind.FileReport) []part {
	var m tradewind.RowMoney // no money where a file has several currencies
	if f.Money != nil {
		m = *f.Money
	}
	parts := []part{
		{"loaded", tradewind.RuleCount{Rows: f.Rows.Loaded, Money: m.Loaded}},
		{"updated", tradewind.RuleCount{Rows: f.Rows.Updated, Money: m.Updated}},
		{"unchanged", tradewind.RuleCount{Rows: f.Rows.Unchanged, Money: m.Unchanged}},
		{"duplicate", tradewind.RuleCount{Rows: f.Rows.Duplicate, Money: m.Duplicate}},
	}
	for _, q := range f.Quarantine {
		parts = append(parts, part{"quarantined", q})
	}
	for _, x := range f.Excluded {
		parts = append(parts, part{"excluded", x})
	}
	return parts
}

func dayCell(d *calendar.Day) cell {
	if d == nil {
		return plainCell("")
	}
	return plainCell(d.String())
}

type quarantineView struct {
	Rows   []tradewind.QuarantinedRow
	Groups []quarantineGroup
	More   bool // there are more than are shown
	CSV    string
}

// quarantineGroup is one cause, over the rows shown.
type quarantineGroup struct {
	tradewind.QuarantinedRow
	Count int
}

func (c *Console) quarantinePage(r *http.Request) (*view, error) {
	id, err := importOf(r)
	if err != nil {
		return nil, err
	}
	rows, err := c.engine.Quarantine(r.Context(), id, quarantineShown+1)
	if err != nil {
		return nil, err
	}
	p := quarantineView{Rows: rows[:min(quarantineShown, len(rows))], More: len(rows) > quarantineShown}
	p.Groups = groupByCode(p.Rows)
	p.CSV = with("/data/quarantine.csv", "import", r.URL.Query().Get("import"))
	return &view{page: "quarantine", title: c.say(r, "console.quarantine.title"), section: "data", data: p}, nil
}

// importOf reads the import parameter; 0 is all imports.
func importOf(r *http.Request) (int64, error) {
	text := r.URL.Query().Get("import")
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, wrongParameter("import", text)
	}
	return id, nil
}

// groupByCode counts rows by what is wrong, in the order of their first row.
func groupByCode(rows []tradewind.QuarantinedRow) []quarantineGroup {
	var groups []quarantineGroup
	at := map[string]int{}
	for _, row := range rows {
		i, seen := at[row.Code]
		if !seen {
			i = len(groups)
			at[row.Code] = i
			groups = append(groups, quarantineGroup{QuarantinedRow: row})
		}
		groups[i].Count++
	}
	return groups
}

func (c *Console) quarantineCSV(r *http.Request) (*view, error) {
	id, err := importOf(r)
	if err != nil {
		return nil, err
	}
	rows, err := c.engine.Quarantine(r.Context(), id, quarantineExport)
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "quarantine", columns: []string{"import", "file", "line", "column", "code", "reason", "remedy", "raw"}}
	for _, q := range rows {
		s.add(intCell(q.Import), textCell(q.File), intCell(q.Line), textCell(q.Column), textCell(q.Code), textCell(q.Reason.In(lang)), textCell(q.Remedy.In(lang)), textCell(q.Raw))
	}
	return &view{sheet: s}, nil
}
