package store

import (
	"context"
	"database/sql/driver"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// candidateDays is how many days before its credit note a sale may lie. A sale on the day
// of the note counts too.
const candidateDays = 60

const (
	// The staged lines are by now those that were written.
	findTouched = `
CREATE TEMP TABLE touched AS
SELECT customer_id, sku_id, min(day) AS first, max(day) AS last
FROM order_line
WHERE kind = 1 AND (customer_id, sku_id) IN (
	SELECT customer_id, sku_id FROM staged_line
	UNION ALL
	SELECT customer_id, sku_id FROM known_line WHERE changed)
GROUP BY customer_id, sku_id`

	dropTouched = `DROP TABLE touched`

	candidateFields = `
SELECT o.key_hi, o.key_lo, o.order_id, o.sku_id, o.description_id, o.customer_id, o.market_id, o.channel_id,
	o.currency_id, o.units, o.price_e4, o.sold_at, o.day, o.file_line
FROM order_line AS o JOIN touched AS t ON o.customer_id = t.customer_id AND o.sku_id = t.sku_id`

	readCredits = candidateFields + `
WHERE o.kind = 1`

	readSales = candidateFields + `
WHERE o.kind = 0 AND o.day BETWEEN t.first - $1 AND t.last`
)

// Candidates returns what matching needs after Merge: all credit notes of each customer
// and SKU that this load touched, and the sales of the same customer and SKU from 60 days
// before the first of those notes to the day of the last, both in no order.
func (l *Load) Candidates(ctx context.Context) (credits, sales []commerce.OrderLine, err error) {
	if l.merged.lines().Rows == 0 {
		return nil, nil, nil
	}
	if err = exec(ctx, l.tx, findTouched); err == nil {
		err = l.db.dialect.count(ctx, l.tx, "order_line", "touched")
	}
	if err == nil {
		credits, err = l.readLines(ctx, commerce.Credit, readCredits)
	}
	if err == nil && len(credits) > 0 {
		sales, err = l.readLines(ctx, commerce.Sale, readSales, candidateDays)
	}
	if err == nil {
		err = exec(ctx, l.tx, dropTouched)
	}
	return credits, sales, l.wrap(err, "read credit notes and their sales")
}

// lines returns the order lines that a merge wrote.
func (m *Merged) lines() Tally {
	var t Tally
	for _, table := range m.Tables {
		if table.Name == orderLines {
			t.add(table.Loaded)
			t.add(table.Updated)
		}
	}
	return t
}

func (l *Load) readLines(ctx context.Context, kind commerce.LineKind, statement string, args ...any) ([]commerce.OrderLine, error) {
	var lines []commerce.OrderLine
	label := func(v driver.Value) string { return l.names.labels[integer(v)] }
	err := scanRaw(ctx, l.conn, statement, args, func(v []driver.Value) {
		lines = append(lines, commerce.OrderLine{
			Key:         commerce.Key{Hi: uint64(integer(v[0])), Lo: uint64(integer(v[1]))},
			Kind:        kind,
			Order:       label(v[2]),
			SKU:         commerce.SKU(label(v[3])),
			Description: label(v[4]),
			Customer:    commerce.CustomerID(label(v[5])),
			Market:      commerce.Market(label(v[6])),
			Channel:     commerce.Channel(label(v[7])),
			Units:       integer(v[9]),
			Price:       money.FromE4(integer(v[10]), money.Currency(label(v[8]))),
			At:          v[11].(time.Time).UTC(),
			Day:         calendar.FromOrdinal(int32(integer(v[12]))),
			FileLine:    integer(v[13]),
		})
	})
	return lines, err
}

const (
	stageCredits = `CREATE TEMP TABLE staged_credit AS SELECT key_hi, key_lo FROM order_line LIMIT 0`

	dropEvents = `
DELETE FROM line_event USING staged_credit AS c
WHERE line_event.credit_hi = c.key_hi AND line_event.credit_lo = c.key_lo`

	dropStagedCredits = `DROP TABLE staged_credit`
)

// SaveEvents replaces the events of some credit notes.
func (l *Load) SaveEvents(ctx context.Context, credits []commerce.Key, events []commerce.LineEvent) error {
	if len(credits) == 0 && len(events) == 0 {
		return nil
	}
	return l.wrap(l.saveEvents(ctx, credits, events), "save events")
}

func (l *Load) saveEvents(ctx context.Context, credits []commerce.Key, events []commerce.LineEvent) error {
	if err := exec(ctx, l.tx, stageCredits); err != nil {
		return err
	}
	if err := l.bulk(ctx, "staged_credit", keyColumns("key", credits)); err != nil {
		return err
	}
	if err := exec(ctx, l.tx, dropEvents, dropStagedCredits); err != nil {
		return err
	}
	columns := eventColumns(l, events)
	if err := l.flushNames(ctx); err != nil {
		return err
	}
	return l.bulk(ctx, "line_event", columns)
}

// bulk appends columns to a table; no rows are nothing to do.
func (l *Load) bulk(ctx context.Context, table string, columns []column) error {
	if rowsOf(columns) == 0 {
		return nil
	}
	return l.db.dialect.bulk(ctx, l.conn, table, columns)
}

func keyColumns(prefix string, keys []commerce.Key) []column {
	hi, lo := make([]int64, len(keys)), make([]int64, len(keys))
	for i, k := range keys {
		hi[i], lo[i] = int64(k.Hi), int64(k.Lo)
	}
	return []column{{prefix + "_hi", hi}, {prefix + "_lo", lo}}
}

func eventColumns(l *Load, events []commerce.LineEvent) []column {
	n := len(events)
	kind, cur, day := make([]int32, n), make([]int32, n), make([]int32, n)
	units, price := make([]int64, n), make([]int64, n)
	sales, credits := make([]commerce.Key, n), make([]commerce.Key, n)
	for i, e := range events {
		kind[i], day[i], units[i], price[i] = int32(e.Kind), e.Day.Ordinal(), e.Units, e.Price.E4()
		cur[i] = l.names.id(currencyName, string(l.currency(e.Price)))
		sales[i], credits[i] = e.Sale, e.Credit
	}
	columns := []column{{"kind", kind}, {"units", units}, {"price_e4", price}, {"currency_id", cur}, {"day", day}}
	return append(append(columns, keyColumns("sale", sales)...), keyColumns("credit", credits)...)
}
