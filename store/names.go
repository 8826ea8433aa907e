package store

import (
	"context"
	"database/sql"
	"strings"
)

// nameKind tells the texts of order lines apart: "X" as a SKU and "X" as a channel have
// two numbers.
type nameKind = int32

const (
	orderName nameKind = iota
	skuName
	descriptionName
	customerName
	marketName
	channelName
	currencyName
	nameKinds
)

const (
	readNames = `SELECT id, kind, label FROM name`

	// All but orders and customers: a snapshot holds neither.
	readItemNames = `SELECT id, kind, label FROM name WHERE kind NOT IN (0, 3)`
)

// dictionary numbers the texts of order lines. It is held in memory while a file is
// loaded: about a hundred bytes a text.
type dictionary struct {
	ids    [nameKinds]map[string]int32
	labels []string // by id; id 0 is not used
	fresh  names    // given a number since the last flush
}

// names are rows of the table name.
type names struct {
	id, kind []int32
	label    []string
}

func (n *names) columns() []column {
	return []column{{"id", n.id}, {"kind", n.kind}, {"label", n.label}}
}

func (n *names) reset() { n.id, n.kind, n.label = n.id[:0], n.kind[:0], n.label[:0] }

// readDictionary reads all names, or those that a statement selects.
func readDictionary(ctx context.Context, q querier, statement string) (*dictionary, error) {
	d := &dictionary{labels: make([]string, 1)}
	for k := range d.ids {
		d.ids[k] = map[string]int32{}
	}
	rows, err := q.QueryContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, kind int32
		var label sql.RawBytes
		if err := rows.Scan(&id, &kind, &label); err != nil {
			return nil, err
		}
		text := string(label)
		for int(id) >= len(d.labels) {
			d.labels = append(d.labels, "")
		}
		d.labels[id] = text
		d.ids[kind][text] = id
	}
	return d, rows.Err()
}

// id returns the number of a text, a new one where it has none. It keeps a copy of s.
func (d *dictionary) id(kind nameKind, s string) int32 {
	if id, ok := d.ids[kind][s]; ok {
		return id
	}
	key := strings.Clone(s)
	label := clean(key)
	id, known := d.ids[kind][label]
	if !known {
		id = int32(len(d.labels))
		d.labels = append(d.labels, label)
		d.ids[kind][label] = id
		d.fresh.id = append(d.fresh.id, id)
		d.fresh.kind = append(d.fresh.kind, kind)
		d.fresh.label = append(d.fresh.label, label)
	}
	d.ids[kind][key] = id
	return id
}
