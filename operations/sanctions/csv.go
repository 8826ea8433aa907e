package sanctions

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tradewind/calendar"
	"tradewind/fault"
)

// userColumns are the columns of a list of the user's own. Only name is needed.
var userColumns = []string{"name", "aliases", "kind", "country", "id", "list"}

// userRow reads one row by the names of its columns.
type userRow struct {
	at     map[string]int
	values []string
}

func (r userRow) get(column string) string {
	if i, ok := r.at[column]; ok && i < len(r.values) {
		return spaced(r.values[i])
	}
	return ""
}

func (r userRow) many(column string) []string { return kept(strings.Split(r.get(column), ";")) }

// ReadCSV reads a list of the user's own: UTF-8, a row of column names, then one entry a
// row. The columns are name, aliases and country (several parted by ";"), kind (person,
// organisation or vessel), id, and list, which becomes the entry's programme. Names in a
// script other than Latin become original names. Without an id an entry has its line.
func ReadCSV(name string, version calendar.Day, data []byte) (*List, error) {
	l := &List{Name: name, Version: version, Hash: hashOf(data)}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Invalid, "E-SANCTIONS-ENCODING", fault.A("list", name))
	}
	r := csv.NewReader(bytes.NewReader(data))
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "E-SANCTIONS-EMPTY", fault.A("list", name))
	}
	if err != nil {
		return nil, csvFault(name, err)
	}
	at := map[string]int{}
	for i, column := range header {
		column = strings.ToLower(strings.TrimSpace(column))
		if _, twice := at[column]; twice || !slices.Contains(userColumns, column) {
			return nil, fault.New(fault.Invalid, "E-SANCTIONS-COLUMN", fault.A("list", name), fault.A("value", column))
		}
		at[column] = i
	}
	if _, ok := at["name"]; !ok {
		return nil, fault.New(fault.Invalid, "E-SANCTIONS-NO-NAME", fault.A("list", name))
	}
	seen := map[string]bool{}
	for {
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvFault(name, err)
		}
		line, _ := r.FieldPos(0)
		e, err := userEntry(name, line, userRow{at, values})
		if err != nil {
			return nil, err
		}
		if seen[e.ID] {
			return nil, fault.New(fault.Invalid, "E-SANCTIONS-TWICE", fault.A("line", line), fault.A("value", e.ID))
		}
		seen[e.ID] = true
		l.Entries = append(l.Entries, e)
	}
	if len(l.Entries) == 0 {
		return nil, fault.New(fault.Invalid, "E-SANCTIONS-EMPTY", fault.A("list", name))
	}
	return l, nil
}

func userEntry(list string, line int, row userRow) (Entry, error) {
	e := Entry{ID: row.get("id"), Kind: Kind(strings.ToLower(row.get("kind"))), Countries: row.many("country"), Programme: row.get("list")}
	switch e.Kind {
	case Unstated, Person, Organisation, Vessel:
	default:
		return e, fault.New(fault.Invalid, "E-SANCTIONS-KIND", fault.A("line", line), fault.A("value", string(e.Kind)))
	}
	if e.ID == "" {
		e.ID = fmt.Sprintf("%s:%d", list, line)
	}
	for _, name := range append([]string{row.get("name")}, row.many("aliases")...) {
		switch {
		case name == "":
		case !latin(name):
			e.Original = append(e.Original, name)
		case e.Name == "":
			e.Name = name
		default:
			e.Aliases = append(e.Aliases, Alias{Name: name})
		}
	}
	if row.get("name") == "" {
		return e, fault.New(fault.Invalid, "E-SANCTIONS-NAME", fault.A("line", line))
	}
	if e.Name == "" { // no Latin name at all
		e.Name = e.Original[0]
	}
	return e, nil
}

// csvFault says where a file stops being CSV.
func csvFault(list string, err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return fault.New(fault.Invalid, "E-SANCTIONS-CSV", fault.A("list", list), fault.A("line", p.Line), fault.A("error", p.Err.Error()))
	}
	return fault.Wrap(err, "sanctions.ReadCSV(%s)", list)
}
