package store

import (
	"context"

	"tradewind/commerce"
	"tradewind/decision"
)

const (
	newestImport = `SELECT coalesce(max(id), 0) FROM import_file`
	productNames = `SELECT sku, label FROM product WHERE label <> ''`
)

// NewestImport returns the ID of the newest import, 0 before the first: facts change only
// with it.
func (db *DB) NewestImport(ctx context.Context) (id int64, err error) {
	err = db.sql.QueryRowContext(ctx, newestImport).Scan(&id)
	return id, db.wrap(ctx, err, "find the newest import")
}

// ProductNames maps SKUs to the names that product facts give them.
func (db *DB) ProductNames(ctx context.Context) (map[commerce.SKU]string, error) {
	rows, err := db.sql.QueryContext(ctx, productNames)
	if err != nil {
		return nil, db.wrap(ctx, err, "read product names")
	}
	defer rows.Close()
	names := map[commerce.SKU]string{}
	for rows.Next() {
		var sku commerce.SKU
		var name string
		if err := rows.Scan(&sku, &name); err != nil {
			return nil, err
		}
		names[sku] = name
	}
	return names, rows.Err()
}

// States maps every decision to where it stands.
func (db *DB) States(ctx context.Context) (map[decision.ID]decision.State, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, s *standing) error {
		return scan(&s.id, &s.openKey, &s.state)
	}, readStanding)
	states := make(map[decision.ID]decision.State, len(all))
	for _, s := range all {
		states[s.id] = s.state
	}
	return states, db.wrap(ctx, err, "read the states of decisions")
}
