package sanctions

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tradewind/commerce"
	"tradewind/fault"
)

// partyColumns are the columns of a file of parties. Only name is needed.
var partyColumns = []string{"name", "kind", "country", "role"}

// Suppliers are the parties that the facts of a shop name, each once, ascending.
func Suppliers(supplies []commerce.Supply) []Party {
	var names []string
	for i := range supplies {
		if name := string(supplies[i].Supplier); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []Party
	for _, name := range slices.Compact(names) {
		out = append(out, Party{Name: name, Role: "supplier"})
	}
	return out
}

// ReadParties reads parties to screen: UTF-8 CSV with a row of column names, among them
// name; kind, country and role may stand beside it, and other columns are left alone.
func ReadParties(file string, data []byte) ([]Party, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Invalid, "E-SANCTIONS-ENCODING", fault.A("list", file))
	}
	r := csv.NewReader(bytes.NewReader(data))
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "E-PARTY-EMPTY")
	}
	if err != nil {
		return nil, csvFault(file, err)
	}
	at := map[string]int{}
	for i, column := range header {
		if column = strings.ToLower(strings.TrimSpace(column)); slices.Contains(partyColumns, column) {
			at[column] = i
		}
	}
	if _, ok := at["name"]; !ok {
		return nil, fault.New(fault.Invalid, "E-SANCTIONS-NO-NAME", fault.A("list", file))
	}
	var out []Party
	for {
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvFault(file, err)
		}
		row := userRow{at, values}
		p := Party{Name: row.get("name"), Kind: Kind(strings.ToLower(row.get("kind"))), Country: row.get("country"), Role: row.get("role")}
		line, _ := r.FieldPos(0)
		if p.Name == "" {
			return nil, fault.New(fault.Invalid, "E-PARTY-NAME", fault.A("list", file), fault.A("line", line))
		}
		switch p.Kind {
		case Unstated, Person, Organisation, Vessel:
		default:
			return nil, fault.New(fault.Invalid, "E-SANCTIONS-KIND", fault.A("line", line), fault.A("value", string(p.Kind)))
		}
		out = append(out, p)
	}
	if out == nil {
		return nil, fault.New(fault.Invalid, "E-PARTY-EMPTY")
	}
	return out, nil
}
