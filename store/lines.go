package store

import (
	"context"
	"strings"

	"tradewind/commerce"
	"tradewind/money"
)

// lineBatch are rows of the table staged_line: order lines in columns, names as numbers.
type lineBatch struct {
	seq, keyHi, keyLo, units, price, fileLine           []int64
	kind, order, sku, desc, buyer, market, channel, cur []int32
	day                                                 []int32
	at                                                  []micros

	rows int64 // staged so far, flushed ones included
	last struct {
		order, buyer, market, channel, currency      string // of the line before
		orderID, buyerID, marketID, channelID, curID int32
	}
}

// add appends a line. The lines of an order follow each other, so most of its names are
// those of the line before.
func (b *lineBatch) add(l *Load, f *commerce.OrderLine) {
	p := &b.last
	if f.Order != p.order || b.rows == 0 {
		p.orderID = l.names.id(orderName, f.Order)
		p.order = l.names.labels[p.orderID]
	}
	if string(f.Customer) != p.buyer || b.rows == 0 {
		p.buyerID = l.names.id(customerName, string(f.Customer))
		p.buyer = l.names.labels[p.buyerID]
	}
	if string(f.Market) != p.market || b.rows == 0 {
		p.marketID = l.names.id(marketName, string(f.Market))
		p.market = l.names.labels[p.marketID]
	}
	if string(f.Channel) != p.channel || b.rows == 0 {
		p.channelID = l.names.id(channelName, string(f.Channel))
		p.channel = l.names.labels[p.channelID]
	}
	if currency := l.currency(f.Price); string(currency) != p.currency || b.rows == 0 {
		p.curID = l.names.id(currencyName, string(currency))
		p.currency = l.names.labels[p.curID]
	}
	b.seq = append(b.seq, b.rows)
	b.keyHi = append(b.keyHi, int64(f.Key.Hi))
	b.keyLo = append(b.keyLo, int64(f.Key.Lo))
	b.kind = append(b.kind, int32(f.Kind))
	b.order = append(b.order, p.orderID)
	b.sku = append(b.sku, l.names.id(skuName, string(f.SKU)))
	b.desc = append(b.desc, l.names.id(descriptionName, f.Description))
	b.buyer = append(b.buyer, p.buyerID)
	b.market = append(b.market, p.marketID)
	b.channel = append(b.channel, p.channelID)
	b.cur = append(b.cur, p.curID)
	b.units = append(b.units, f.Units)
	b.price = append(b.price, f.Price.E4())
	b.at = append(b.at, micros(f.At.UnixMicro()))
	b.day = append(b.day, f.Day.Ordinal())
	b.fileLine = append(b.fileLine, f.FileLine)
	b.rows++
}

// currency returns the currency of an amount: the load's own where it names none.
func (l *Load) currency(a money.Amount) money.Currency {
	if a.Currency() == "" {
		return l.base
	}
	return a.Currency()
}

func (b *lineBatch) columns() []column {
	return []column{
		{"seq", b.seq}, {"key_hi", b.keyHi}, {"key_lo", b.keyLo}, {"kind", b.kind}, {"order_id", b.order},
		{"sku_id", b.sku}, {"description_id", b.desc}, {"customer_id", b.buyer}, {"market_id", b.market},
		{"channel_id", b.channel}, {"currency_id", b.cur}, {"units", b.units}, {"price_e4", b.price},
		{"sold_at", b.at}, {"day", b.day}, {"file_line", b.fileLine},
	}
}

func (b *lineBatch) reset() {
	b.seq, b.keyHi, b.keyLo, b.units, b.price, b.fileLine = b.seq[:0], b.keyHi[:0], b.keyLo[:0], b.units[:0], b.price[:0], b.fileLine[:0]
	b.kind, b.order, b.sku, b.desc, b.buyer = b.kind[:0], b.order[:0], b.sku[:0], b.desc[:0], b.buyer[:0]
	b.market, b.channel, b.cur, b.day, b.at = b.market[:0], b.channel[:0], b.cur[:0], b.day[:0], b.at[:0]
}

const stageLines = `CREATE TEMP TABLE staged_line AS SELECT CAST(0 AS BIGINT) AS seq, order_line.* FROM order_line LIMIT 0`

var dropStagedLines = []string{`DROP TABLE staged_line`, `DROP TABLE known_line`}

// flushLines moves the batch and the names that it made to the database.
func (l *Load) flushLines() error {
	if len(l.lines.keyHi) == 0 {
		return nil
	}
	if !l.staged {
		if err := exec(l.ctx, l.tx, stageLines); err != nil {
			return err
		}
		l.staged = true
	}
	if err := l.flushNames(l.ctx); err != nil {
		return err
	}
	if err := l.db.dialect.bulk(l.ctx, l.conn, "staged_line", l.lines.columns()); err != nil {
		return err
	}
	l.lines.reset()
	return nil
}

func (l *Load) flushNames(ctx context.Context) error {
	fresh := &l.names.fresh
	if len(fresh.id) == 0 {
		return nil
	}
	defer fresh.reset()
	return l.db.dialect.bulk(ctx, l.conn, "name", fresh.columns())
}

// What an order line says; the rest says where it was read.
const lineContent = `kind order_id sku_id description_id customer_id market_id channel_id currency_id units price_e4 sold_at day`

var lineFields = `key_hi, key_lo, ` + strings.ReplaceAll(lineContent, " ", ", ")

const lineValue = `(CASE WHEN kind = 1 THEN -units ELSE units END) * price_e4`

const (
	tallyStagedLines = `SELECT count(*), CAST(coalesce(sum(` + lineValue + `), 0) AS BIGINT) FROM staged_line`

	countRepeatedLines = `
SELECT count(*) FROM (SELECT key_hi, key_lo FROM staged_line GROUP BY key_hi, key_lo HAVING count(*) > 1) AS repeated`

	dropRepeatedLines = `
DELETE FROM staged_line USING (
	SELECT key_hi, key_lo, max(seq) AS last FROM staged_line GROUP BY key_hi, key_lo HAVING count(*) > 1
) AS repeated
WHERE staged_line.key_hi = repeated.key_hi AND staged_line.key_lo = repeated.key_lo AND staged_line.seq < repeated.last`

	tallyKnownLines = `
SELECT changed, count(*), CAST(sum(` + lineValue + `) AS BIGINT) FROM known_line GROUP BY changed`

	// Dropping what is known before inserting the rest is faster than inserting what is
	// not known: DuckDB does not count the rows of an open transaction, and would build
	// its hash table of whole staged rows.
	dropUnchangedLines = `
DELETE FROM staged_line USING known_line AS k
WHERE staged_line.key_hi = k.key_hi AND staged_line.key_lo = k.key_lo AND NOT k.changed`

	dropEventsOfChangedSales = `
DELETE FROM line_event USING known_line AS k
WHERE line_event.sale_hi = k.key_hi AND line_event.sale_lo = k.key_lo AND k.changed`

	dropEventsOfChangedCredits = `
DELETE FROM line_event USING known_line AS k
WHERE line_event.credit_hi = k.key_hi AND line_event.credit_lo = k.key_lo AND k.changed`

	dropChangedLines = `
DELETE FROM order_line USING known_line AS k
WHERE order_line.key_hi = k.key_hi AND order_line.key_lo = k.key_lo AND k.changed`
)

// A known line is one staged line that is stored too: with its customer and SKU as they
// were stored, and whether its content changed.
var findKnownLines = `
CREATE TEMP TABLE known_line AS
SELECT s.key_hi, s.key_lo, s.kind, s.units, s.price_e4, o.customer_id, o.sku_id, (` + differ("s", "o", lineContent) + `) AS changed
FROM staged_line AS s JOIN order_line AS o ON s.key_hi = o.key_hi AND s.key_lo = o.key_lo`

var insertLines = `
INSERT INTO order_line (` + lineFields + `, import_id, file_line)
SELECT ` + lineFields + `, CAST($1 AS BIGINT), file_line FROM staged_line`

// differ is the condition that one of some columns differs between two tables.
func differ(a, b, columns string) string {
	var parts []string
	for _, c := range strings.Fields(columns) {
		parts = append(parts, a+"."+c+" <> "+b+"."+c)
	}
	return strings.Join(parts, " OR ")
}

// mergeLines writes the staged order lines.
func (l *Load) mergeLines(ctx context.Context) error {
	if err := l.flushLines(); err != nil {
		return err
	}
	if !l.staged {
		return nil
	}
	all, err := l.tally(ctx, tallyStagedLines)
	if err != nil {
		return err
	}
	once, err := l.dropRepeated(ctx, all)
	if err != nil {
		return err
	}
	if err := l.db.dialect.count(ctx, l.tx, "staged_line"); err != nil {
		return err
	}
	if err := exec(ctx, l.tx, findKnownLines); err != nil {
		return err
	}
	if err := l.db.dialect.count(ctx, l.tx, "known_line"); err != nil {
		return err
	}
	m := TableMerged{Name: orderLines, Loaded: once, Duplicate: Tally{all.Rows - once.Rows, all.E4 - once.E4}}
	if err := l.tallyKnown(ctx, tallyKnownLines, &m); err != nil {
		return err
	}
	l.merged.add(m)
	if m.Updated.Rows > 0 {
		if err := exec(ctx, l.tx, dropEventsOfChangedSales, dropEventsOfChangedCredits, dropChangedLines); err != nil {
			return err
		}
	}
	if m.Loaded.Rows+m.Updated.Rows == 0 {
		return nil
	}
	if m.Unchanged.Rows > 0 {
		if err := exec(ctx, l.tx, dropUnchangedLines); err != nil {
			return err
		}
	}
	_, err = l.tx.ExecContext(ctx, insertLines, l.importID)
	return err
}

// dropRepeated keeps the last of staged lines with one key and returns what is left.
func (l *Load) dropRepeated(ctx context.Context, all Tally) (Tally, error) {
	var repeated int64
	if err := l.tx.QueryRowContext(ctx, countRepeatedLines).Scan(&repeated); err != nil || repeated == 0 {
		return all, err
	}
	if err := exec(ctx, l.tx, dropRepeatedLines); err != nil {
		return all, err
	}
	return l.tally(ctx, tallyStagedLines)
}

func (l *Load) tally(ctx context.Context, statement string, args ...any) (t Tally, err error) {
	err = l.tx.QueryRowContext(ctx, statement, args...).Scan(&t.Rows, &t.E4)
	return t, err
}

// tallyKnown moves known rows from m.Loaded to m.Updated and m.Unchanged.
func (l *Load) tallyKnown(ctx context.Context, statement string, m *TableMerged) error {
	rows, err := l.tx.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var changed bool
		var t Tally
		if err := rows.Scan(&changed, &t.Rows, &t.E4); err != nil {
			return err
		}
		if changed {
			m.Updated = t
		} else {
			m.Unchanged = t
		}
		m.Loaded.add(Tally{-t.Rows, -t.E4})
	}
	return rows.Err()
}
