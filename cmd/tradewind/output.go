package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"

	"tradewind/fault"
)

// outputs are the forms that results can be printed in.
var outputs = []string{"table", "json", "ndjson", "csv"}

// result is what a command prints on standard output.
type result struct {
	value any           // -o json
	rows  *rows         // -o csv, one line each in -o ndjson, and the table for people; nil: one object
	page  func(p *page) // -o table where rows alone do not say it; nil: the rows
}

// print writes a result in the form asked for.
func (v *invocation) print(r result) error {
	out := bufio.NewWriter(v.out)
	var err error
	switch v.flags.output {
	case "json":
		err = writeJSON(out, r.value, "  ")
	case "ndjson":
		err = writeNDJSON(out, r)
	case "csv":
		if r.rows == nil {
			return fault.New(fault.Usage, "E-NO-CSV")
		}
		err = r.rows.writeCSV(out)
	default:
		p := &page{v: v, out: out}
		if r.page != nil {
			r.page(p)
		} else {
			p.table(r.rows)
		}
	}
	if err != nil {
		return err
	}
	return fault.Wrap(out.Flush(), "write standard output")
}

func writeJSON(w io.Writer, value any, indent string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	return e.Encode(value)
}

func writeNDJSON(w io.Writer, r result) error {
	if r.rows == nil {
		return writeJSON(w, r.value, "")
	}
	for i := range r.rows.n {
		if err := writeJSON(w, r.rows.value(i), ""); err != nil {
			return err
		}
	}
	return nil
}

// column is one column of a list of T.
type column[T any] struct {
	key   string         // heading in CSV; "" leaves the column out of CSV
	title string         // code of the heading in tables; "" leaves the column out of tables
	right bool           // numbers and money
	flex  bool           // may be cut to fit a terminal
	text  func(T) string // for people
	raw   func(T) string // for programs; nil: the same as text
}

// rows is a list with its columns, ready for every form of output.
type rows struct {
	n       int
	value   func(i int) any
	columns []columnText
}

type columnText struct {
	key, title  string
	right, flex bool
	text, raw   func(i int) string
}

// list joins items and columns.
func list[T any](items []T, columns ...column[T]) *rows {
	r := &rows{n: len(items), value: func(i int) any { return items[i] }}
	for _, c := range columns {
		raw := c.raw
		if raw == nil {
			raw = c.text
		}
		r.columns = append(r.columns, columnText{c.key, c.title, c.right, c.flex,
			func(i int) string { return c.text(items[i]) },
			func(i int) string { return raw(items[i]) }})
	}
	return r
}

func (r *rows) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	var head []string
	for _, c := range r.columns {
		if c.key != "" {
			head = append(head, c.key)
		}
	}
	if err := out.Write(head); err != nil {
		return err
	}
	record := make([]string, 0, len(head))
	for i := range r.n {
		record = record[:0]
		for _, c := range r.columns {
			if c.key != "" {
				record = append(record, c.guarded(i))
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// guarded keeps a spreadsheet from running text that came from outside as a formula.
func (c *columnText) guarded(i int) string {
	cell := c.raw(i)
	if !c.right && cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
