package store

import "context"

const untiedCredits = `
SELECT CAST(count(*) AS BIGINT), CAST(coalesce(-sum(c.units * c.price_e4), 0) AS BIGINT)
FROM order_line AS c
WHERE c.import_id = $1 AND c.kind = 1
	AND NOT EXISTS (SELECT 1 FROM known_line AS k WHERE k.key_hi = c.key_hi AND k.key_lo = c.key_lo)
	AND NOT EXISTS (SELECT 1 FROM line_event AS e WHERE e.credit_hi = c.key_hi AND e.credit_lo = c.key_lo)`

// UntiedCredits counts the new credit notes of this load that no sale was found for; one
// that was known and changed counts as updated whatever it is tied to. Call it after
// SaveEvents.
func (l *Load) UntiedCredits(ctx context.Context) (Tally, error) {
	if !l.staged {
		return Tally{}, nil // no order lines
	}
	t, err := l.tally(ctx, untiedCredits, l.importID)
	return t, l.wrap(err, "count untied credits")
}

const untiedByImport = `
SELECT c.import_id, CAST(count(*) AS BIGINT), CAST(-sum(c.units * c.price_e4) AS BIGINT)
FROM order_line AS c
WHERE c.kind = 1
	AND NOT EXISTS (SELECT 1 FROM line_event AS e WHERE e.credit_hi = c.key_hi AND e.credit_lo = c.key_lo)
GROUP BY c.import_id`

// Untied counts the credit notes of each import that no sale has been found for to this
// day: a later file may have brought it.
func (db *DB) Untied(ctx context.Context) (map[int64]Tally, error) {
	type row struct {
		id int64
		Tally
	}
	all, err := collect(ctx, db.sql, func(scan func(...any) error, r *row) error { return scan(&r.id, &r.Rows, &r.E4) }, untiedByImport)
	untied := make(map[int64]Tally, len(all))
	for _, r := range all {
		untied[r.id] = r.Tally
	}
	return untied, db.wrap(ctx, err, "count untied credits")
}
