package ingest

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"

	"tradewind/fault"
)

// Format is the signature of a kind of file: which columns it has, which values they
// hold, what identifies a row and which rows are left out. It is data, written in YAML;
// docs/formats.md explains every field.
type Format struct {
	Name           string            `yaml:"name"`
	Fact           string            `yaml:"fact"`            // order_line, product, cost, stock, supply, receipt, warehouse, price, promotion, rate, spend, listing, document
	Source         string            `yaml:"source"`          // who keeps the identifiers unique; part of the natural key; "" is the name
	Zone           string            `yaml:"zone"`            // IANA zone of times without one; "" asks the caller
	DateOrder      string            `yaml:"date_order"`      // dmy or mdy, for dates such as 03/04/2011; "" decides by the file
	Decimal        string            `yaml:"decimal"`         // point or comma; "" decides by the file
	Encoding       string            `yaml:"encoding"`        // "" decides by the file
	Key            []string          `yaml:"key"`             // fields that identify a row; "row" is the whole row
	IdenticalLines string            `yaml:"identical_lines"` // duplicate (default) or keep
	Columns        map[string]Column `yaml:"columns"`         // by field
	Credit         Credit            `yaml:"credit"`
	Rules          []Rule            `yaml:"rules"`

	bound   []boundField // the columns in the order of fields
	hashed  []field      // what the hash of a row covers
	keys    []field
	byRow   bool // the key is the whole row
	keep    bool
	tests   []wordTest
	credit  matcher
	exclude []matcher
}

// Column says how a field is found and read.
type Column struct {
	Names      []string          `yaml:"names"`       // headers; case, spaces, width and punctuation do not matter
	Default    string            `yaml:"default"`     // value where the column or the cell is missing
	Optional   bool              `yaml:"optional"`    // the file may lack the column
	Case       string            `yaml:"case"`        // "upper" folds letters
	DropSuffix string            `yaml:"drop_suffix"` // taken off the end of a value
	Values     map[string]string `yaml:"values"`      // what the file writes → what it means
}

// Credit says which order lines are credit notes.
type Credit struct {
	When     map[string]Condition `yaml:"when"`
	Quantity string               `yaml:"quantity"` // "negative": the file must write it so; "" accepts both signs
}

// Rule names rows that are left out.
type Rule struct {
	Name string               `yaml:"name"`
	When map[string]Condition `yaml:"when"` // all must hold
}

type boundField struct {
	field  field
	column Column
	plain  []string // Column.Names as plainHeader leaves them
}

//go:embed formats/*.yaml
var formatFiles embed.FS

var shipped = sync.OnceValue(func() []*Format {
	entries, err := formatFiles.ReadDir("formats")
	if err != nil {
		panic("ingest: " + err.Error())
	}
	var all []*Format
	for _, e := range entries {
		data, err := formatFiles.ReadFile(path.Join("formats", e.Name()))
		if err != nil {
			panic("ingest: " + err.Error())
		}
		f, err := LoadFormat(e.Name(), bytes.NewReader(data))
		if err != nil {
			panic("ingest: " + err.Error())
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b *Format) int { return cmp.Compare(a.Name, b.Name) })
	return all
})

// Formats returns the formats that Tradewind knows, by name.
func Formats() []*Format { return slices.Clone(shipped()) }

// LoadFormat reads one format file; name is for messages. What is not of the documented
// form is fault.Invalid.
func LoadFormat(name string, r io.Reader) (*Format, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxRecord))
	if err != nil {
		return nil, fault.Wrap(err, "read format %s", name)
	}
	f := &Format{}
	if err := yaml.UnmarshalWithOptions(data, f, yaml.Strict()); err != nil {
		return nil, fault.From(err, fault.Invalid, "E-FORMAT-FILE", fault.A("file", name), fault.A("reason", yaml.FormatError(err, false, false)))
	}
	if err := f.compile(); err != nil {
		return nil, fault.From(err, fault.Invalid, "E-FORMAT-FILE", fault.A("file", name), fault.A("reason", err.Error()))
	}
	return f, nil
}

// formatNamed finds a format by its name or loads the file that the name is a path of.
func formatNamed(name string) (*Format, error) {
	var known []string
	for _, f := range shipped() {
		if f.Name == name {
			return f, nil
		}
		known = append(known, f.Name)
	}
	if !strings.ContainsAny(name, `/\`) && !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") {
		return nil, fault.New(fault.Usage, "E-FORMAT-NAME", fault.A("format", name), fault.A("known", strings.Join(known, ", ")))
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fault.From(err, fault.NotFound, "E-FORMAT-FILE", fault.A("file", name), fault.A("reason", err.Error()))
	}
	defer file.Close()
	return LoadFormat(name, file)
}

// compile checks what the YAML says and turns names into fields.
func (f *Format) compile() error {
	shape, ok := shapes[f.Fact]
	if !ok {
		return fmt.Errorf("fact %q is not one of order_line, product, cost, stock, supply, receipt, warehouse, price, promotion, rate, spend, listing, document", f.Fact)
	}
	if f.Name == "" {
		return fmt.Errorf("name is missing")
	}
	f.Source = cmp.Or(f.Source, f.Name)
	if _, err := time.LoadLocation(f.Zone); err != nil {
		return fmt.Errorf("zone %q is not an IANA time zone", f.Zone)
	}
	for _, choice := range []struct{ setting, value, allowed string }{
		{"date_order", f.DateOrder, "dmy mdy"},
		{"decimal", f.Decimal, "point comma"},
		{"identical_lines", f.IdenticalLines, "duplicate keep"},
		{"credit.quantity", f.Credit.Quantity, "negative"},
	} {
		if choice.value != "" && !slices.Contains(strings.Fields(choice.allowed), choice.value) {
			return fmt.Errorf("%s %q is not one of: %s", choice.setting, choice.value, choice.allowed)
		}
	}
	if f.Encoding != "" {
		if _, ok := encodings[f.Encoding]; !ok {
			return fmt.Errorf("encoding %q is not known", f.Encoding)
		}
	}
	f.keep = f.IdenticalLines == "keep"
	if err := f.bindColumns(shape); err != nil {
		return err
	}
	if err := f.bindKey(); err != nil {
		return err
	}
	return f.bindRules()
}

func (f *Format) bindColumns(shape shape) error {
	for name, c := range f.Columns {
		id, ok := fieldNamed(name)
		if !ok || !slices.Contains(shape.required, id) && !slices.Contains(shape.optional, id) {
			return fmt.Errorf("columns: a %s has no field %q", f.Fact, name)
		}
		if c.Case != "" && c.Case != "upper" {
			return fmt.Errorf("columns: %s: case %q is not upper", name, c.Case)
		}
		if len(c.Names) == 0 && c.Default == "" {
			return fmt.Errorf("columns: %s needs names or a default", name)
		}
		if len(c.Names) == 0 {
			c.Optional = true
		}
		b := boundField{field: id, column: c}
		for _, n := range c.Names {
			b.plain = append(b.plain, plainHeader(n))
		}
		if code := newColumn(b, -1, name, false).checkDefault(); code != "" {
			return fmt.Errorf("columns: %s: the default %q is refused (%s)", name, c.Default, code)
		}
		f.bound = append(f.bound, b)
	}
	slices.SortFunc(f.bound, func(a, b boundField) int { return cmp.Compare(a.field, b.field) })
	for _, b := range f.bound {
		if len(b.column.Names) > 0 {
			f.hashed = append(f.hashed, b.field)
		}
	}
	for _, id := range shape.required {
		c, ok := f.Columns[fields[id].name]
		if !ok {
			return fmt.Errorf("columns: %s is missing, and a %s needs it", fields[id].name, f.Fact)
		}
		if c.Optional && c.Default == "" {
			return fmt.Errorf("columns: %s may be missing in the file, so it needs a default", fields[id].name)
		}
	}
	return nil
}

func (f *Format) bindKey() error {
	if len(f.Key) == 0 {
		return fmt.Errorf("key is missing: list the fields that identify a row, or row")
	}
	for _, name := range f.Key {
		if name == "row" {
			f.byRow = true
			continue
		}
		id, ok := fieldNamed(name)
		if _, used := f.Columns[name]; !ok || !used {
			return fmt.Errorf("key: %q is not among the columns", name)
		}
		f.keys = append(f.keys, id)
	}
	slices.Sort(f.keys)
	return nil
}

func (f *Format) bindRules() (err error) {
	if f.credit, err = f.compileWhen("credit", f.Credit.When); err != nil {
		return err
	}
	for _, r := range f.Rules {
		if r.Name == "" || len(r.When) == 0 {
			return fmt.Errorf("rules: every rule needs a name and a condition")
		}
		m, err := f.compileWhen("rule "+r.Name, r.When)
		if err != nil {
			return err
		}
		f.exclude = append(f.exclude, m)
	}
	return nil
}

// location returns the format's own zone, nil when it has none.
func (f *Format) location() *time.Location {
	if f.Zone == "" {
		return nil
	}
	loc, err := time.LoadLocation(f.Zone)
	if err != nil {
		panic("ingest: the zone of " + f.Name + " was checked when it was loaded")
	}
	return loc
}
