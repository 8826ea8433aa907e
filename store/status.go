package store

import (
	"context"
	"database/sql"
	"fmt"

	"tradewind/calendar"
	"tradewind/money"
)

// orderLines is the name of the table of order lines in reports.
const orderLines = "order_line"

// TableStatus is how many facts of a kind there are, how many of them nobody measured, and
// the newest day that they speak of.
type TableStatus struct {
	Name          string
	Rows, Assumed int64
	Newest        *calendar.Day // nil when there are none
}

const countOrderLines = `SELECT count(*), CAST(0 AS BIGINT), max(day) FROM order_line`

func (t factTable) count() string {
	return fmt.Sprintf(`SELECT count(*), CAST(coalesce(sum(CASE WHEN assumed THEN 1 ELSE 0 END), 0) AS BIGINT), max(%s) FROM %s`, t.newest, t.name)
}

// Tables returns every kind of fact, order lines first.
func (db *DB) Tables(ctx context.Context) ([]TableStatus, error) {
	all := []TableStatus{{Name: orderLines}}
	statements := []string{countOrderLines}
	for _, t := range factTables {
		all = append(all, TableStatus{Name: t.name})
		statements = append(statements, t.count())
	}
	for i := range all {
		var newest sql.NullInt32
		t := &all[i]
		if err := db.sql.QueryRowContext(ctx, statements[i]).Scan(&t.Rows, &t.Assumed, &newest); err != nil {
			return nil, db.wrap(ctx, err, "count %s", t.Name)
		}
		t.Newest = day(newest)
	}
	return all, nil
}

func day(ordinal sql.NullInt32) *calendar.Day {
	if !ordinal.Valid {
		return nil
	}
	d := calendar.FromOrdinal(ordinal.Int32)
	return &d
}

// ReturnStatus says how many credit notes are tied to their sales.
type ReturnStatus struct {
	Credits     int64                    // lines of credit notes
	Matched     int64                    // of those, tied to a sale wholly or in part
	Returned    int64                    // events
	Cancelled   int64                    // events
	UnmatchedE4 map[money.Currency]int64 // what could not be tied, by currency
}

const (
	countCredits = `SELECT count(*) FROM order_line WHERE kind = 1`
	countEvents  = `
SELECT CAST(coalesce(sum(CASE WHEN kind = 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
	CAST(coalesce(sum(CASE WHEN kind = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM line_event`
	countMatched = `SELECT count(*) FROM (SELECT DISTINCT credit_hi, credit_lo FROM line_event) AS c`

	sumUnmatched = `
SELECT n.label, CAST(sum((o.units - coalesce(e.units, 0)) * o.price_e4) AS BIGINT)
FROM order_line AS o JOIN name AS n ON n.id = o.currency_id
LEFT JOIN (
	SELECT credit_hi, credit_lo, CAST(sum(units) AS BIGINT) AS units FROM line_event GROUP BY credit_hi, credit_lo
) AS e ON e.credit_hi = o.key_hi AND e.credit_lo = o.key_lo
WHERE o.kind = 1 GROUP BY n.label`
)

// Returns counts credit notes and what they were tied to.
func (db *DB) Returns(ctx context.Context) (ReturnStatus, error) {
	r := ReturnStatus{UnmatchedE4: map[money.Currency]int64{}}
	err := db.sql.QueryRowContext(ctx, countCredits).Scan(&r.Credits)
	if err == nil {
		err = db.sql.QueryRowContext(ctx, countEvents).Scan(&r.Returned, &r.Cancelled)
	}
	if err == nil {
		err = db.sql.QueryRowContext(ctx, countMatched).Scan(&r.Matched)
	}
	if err == nil {
		err = r.readUnmatched(ctx, db.sql)
	}
	return r, db.wrap(ctx, err, "count returns")
}

func (r *ReturnStatus) readUnmatched(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, sumUnmatched)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var currency money.Currency
		var e4 int64
		if err := rows.Scan(&currency, &e4); err != nil {
			return err
		}
		if e4 != 0 {
			r.UnmatchedE4[currency] = e4
		}
	}
	return rows.Err()
}

// SpanStatus is how far the sales reach.
type SpanStatus struct {
	First, Last   *calendar.Day // of sales; nil when there are none
	Markets, SKUs int
}

const readSpan = `
SELECT min(day), max(day), count(DISTINCT market_id), count(DISTINCT sku_id) FROM order_line WHERE kind = 0`

// Span returns the first and the last day of sales, and how many markets and SKUs they
// are in.
func (db *DB) Span(ctx context.Context) (SpanStatus, error) {
	var s SpanStatus
	var first, last sql.NullInt32
	err := db.sql.QueryRowContext(ctx, readSpan).Scan(&first, &last, &s.Markets, &s.SKUs)
	s.First, s.Last = day(first), day(last)
	return s, db.wrap(ctx, err, "read span")
}
