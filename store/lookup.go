package store

import (
	"context"
	"database/sql"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
)

const (
	newestImport = `SELECT coalesce(max(id), 0) FROM import_file`
	productNames = `SELECT sku, label FROM product`

	// The group comes before the join: there are many order lines and few names.
	describedAs = `
SELECT s.label, d.label, o.lines FROM (
	SELECT sku_id, description_id, count(*) AS lines FROM order_line WHERE kind = 0 GROUP BY sku_id, description_id
) AS o JOIN name AS s ON s.id = o.sku_id JOIN name AS d ON d.id = o.description_id`

	lastFact = `
SELECT max(day) FROM (
	SELECT max(day) AS day FROM order_line WHERE kind = 0 AND day <= $1
	UNION ALL
	SELECT max(day) AS day FROM stock WHERE day <= $1
) AS last`

	counted = `SELECT count(*) FROM stock WHERE sku = $1 AND location = $2 AND day <= $3`
)

// NewestImport returns the ID of the newest import, 0 before the first: facts change only
// with it.
func (db *DB) NewestImport(ctx context.Context) (id int64, err error) {
	err = db.sql.QueryRowContext(ctx, newestImport).Scan(&id)
	return id, db.wrap(ctx, err, "find the newest import")
}

// LastDay returns the newest day up to today that something was sold or counted on, or
// nil. Days that are still to come are slips of a pen or of a clock.
func (db *DB) LastDay(ctx context.Context, today calendar.Day) (*calendar.Day, error) {
	var last sql.NullInt32
	err := db.sql.QueryRowContext(ctx, lastFact, today.Ordinal()).Scan(&last)
	return day(last), db.wrap(ctx, err, "find the last day of facts")
}

// Counted reports whether the stock of a SKU at a location was counted by the end of a day.
func (db *DB) Counted(ctx context.Context, sku commerce.SKU, location commerce.Location, by calendar.Day) (bool, error) {
	var n int
	err := db.sql.QueryRowContext(ctx, counted, string(sku), string(location), by.Ordinal()).Scan(&n)
	return n > 0, db.wrap(ctx, err, "find stock counts")
}

// ProductNames maps SKUs to the names that product facts give them, or else to the
// description that most of their order lines bear.
func (db *DB) ProductNames(ctx context.Context) (map[commerce.SKU]string, error) {
	names, err := db.productNames(ctx)
	return names, db.wrap(ctx, err, "read product names")
}

func (db *DB) productNames(ctx context.Context) (map[commerce.SKU]string, error) {
	best := mostFrequent{}
	if err := each(ctx, db.sql, describedAs, func(sku commerce.SKU, name string, lines int64) { best.add(sku, name, lines) }); err != nil {
		return nil, err
	}
	names := best.names()
	rows, err := db.sql.QueryContext(ctx, productNames)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var sku commerce.SKU
		var name string
		if err := rows.Scan(&sku, &name); err != nil {
			return nil, err
		}
		if name != "" {
			names[sku] = name
		}
	}
	return names, rows.Err()
}

func each(ctx context.Context, q querier, statement string, row func(commerce.SKU, string, int64)) error {
	rows, err := q.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var sku commerce.SKU
		var text string
		var n int64
		if err := rows.Scan(&sku, &text, &n); err != nil {
			return err
		}
		row(sku, text, n)
	}
	return rows.Err()
}

// mostFrequent finds the description of each SKU that most of its order lines bear, of
// equals the first by the alphabet. An SKU without any is there with "".
type mostFrequent map[commerce.SKU]described

type described struct {
	text  string
	lines int64
}

func (m mostFrequent) add(sku commerce.SKU, text string, lines int64) {
	best, known := m[sku]
	if text != "" && (lines > best.lines || lines == best.lines && text < best.text) {
		m[sku] = described{text, lines}
	} else if !known {
		m[sku] = described{}
	}
}

func (m mostFrequent) names() map[commerce.SKU]string {
	names := make(map[commerce.SKU]string, len(m))
	for sku, d := range m {
		names[sku] = d.text
	}
	return names
}

// States maps every decision to where it stands.
func (db *DB) States(ctx context.Context) (map[decision.ID]decision.State, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, s *standing) error {
		return scan(&s.id, &s.openKey, &s.state, &s.author)
	}, readStanding)
	states := make(map[decision.ID]decision.State, len(all))
	for _, s := range all {
		states[s.id] = s.state
	}
	return states, db.wrap(ctx, err, "read the states of decisions")
}
