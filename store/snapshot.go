package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// soldLines are the sales up to a day less what was cancelled the same day: a line that
// was cancelled whole is gone.
const soldLines = `
WITH cancelled AS (
	SELECT sale_hi, sale_lo, CAST(sum(units) AS BIGINT) AS units FROM line_event WHERE kind = 1 AND day <= $1 GROUP BY sale_hi, sale_lo
), sold AS (
	SELECT o.sku_id, o.market_id, o.channel_id, o.currency_id, o.day, o.price_e4, o.units - coalesce(c.units, 0) AS units
	FROM order_line AS o LEFT JOIN cancelled AS c ON c.sale_hi = o.key_hi AND c.sale_lo = o.key_lo
	WHERE o.kind = 0 AND o.day <= $1 AND o.units > coalesce(c.units, 0)
)`

const (
	readBounds = `SELECT min(day), max(day) FROM order_line WHERE kind = 0`

	readPaidLines = soldLines + `
SELECT CAST(sku_id AS BIGINT), CAST(market_id AS BIGINT), CAST(channel_id AS BIGINT), CAST(day AS BIGINT), CAST(currency_id AS BIGINT), units, price_e4
FROM sold WHERE day > $1 - 90`
)

// Snapshot freezes the facts up to the end of a day, or of the last day of sales (nil),
// with amounts in a reporting currency. Cancelled units count as never ordered; returned
// units stay in Gross and stand under the day on which they came back. An amount is
// converted with the newest rate of its own day or before; what is not sold yet (costs)
// with that of the last day.
//
// Failure: fault.Invalid E-NO-SALES where there are none up to that day, E-RATE-MISSING.
func (db *DB) Snapshot(ctx context.Context, asOf *calendar.Day, currency money.Currency) (*commerce.Snapshot, error) {
	s, err := db.snapshot(ctx, asOf, currency)
	return s, db.wrap(ctx, err, "freeze the facts")
}

// Shelf freezes what is known beside sales on a day: products, listings, documents, costs.
// It is for questions that a shop has before its first sale; the snapshot has no item.
func (db *DB) Shelf(ctx context.Context, day calendar.Day, currency money.Currency) (*commerce.Snapshot, error) {
	s, err := db.freeze(ctx, currency, func(f *freezer) error {
		f.s.From, f.s.AsOf, f.s.Sales.Start = day, day, []int32{0}
		return nil
	}, func(f *freezer) []func() error { return []func() error{f.products, f.facts, f.receipts, f.offers} })
	return s, db.wrap(ctx, err, "freeze what is known beside sales")
}

func (db *DB) snapshot(ctx context.Context, asOf *calendar.Day, currency money.Currency) (*commerce.Snapshot, error) {
	return db.freeze(ctx, currency, func(f *freezer) error { return f.bounds(asOf) },
		func(f *freezer) []func() error {
			return []func() error{f.sales, f.paid, f.products, f.facts, f.receipts, f.offers}
		})
}

// freeze builds a snapshot of one state of the database: its days first, then its parts.
func (db *DB) freeze(ctx context.Context, currency money.Currency, days func(*freezer) error, parts func(*freezer) []func() error) (*commerce.Snapshot, error) {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, db.dialect.snapshot())
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // nothing was written

	f := freezer{ctx: ctx, conn: conn, tx: tx, s: &commerce.Snapshot{Currency: currency}}
	if err := days(&f); err != nil {
		return nil, err
	}
	if f.rates, err = readRates(ctx, tx, currency, f.s.AsOf); err != nil {
		return nil, err
	}
	if f.names, err = readDictionary(ctx, tx, readItemNames); err != nil {
		return nil, err
	}
	for _, step := range parts(&f) {
		if err := step(); err != nil {
			return nil, err
		}
	}
	f.s.Rates = f.rates.used()
	f.s.Hash = f.s.Fingerprint()
	return f.s, nil
}

// freezer builds one Snapshot from one state of the database.
type freezer struct {
	ctx   context.Context
	conn  *sql.Conn
	tx    *sql.Tx
	s     *commerce.Snapshot
	names *dictionary
	rates *rateTables
}

func (f *freezer) bounds(asOf *calendar.Day) error {
	var first, last sql.NullInt32
	if err := f.tx.QueryRowContext(f.ctx, readBounds).Scan(&first, &last); err != nil {
		return err
	}
	if !first.Valid || asOf != nil && asOf.Ordinal() < first.Int32 {
		return fault.New(fault.Invalid, "E-NO-SALES")
	}
	f.s.From, f.s.AsOf = *day(first), *day(last)
	if asOf != nil {
		f.s.AsOf = *asOf
	}
	return nil
}

// item returns the item of three name numbers.
func (f *freezer) item(v []driver.Value) commerce.Item {
	return commerce.Item{
		SKU:     commerce.SKU(f.names.labels[integer(v[0])]),
		Market:  commerce.Market(f.names.labels[integer(v[1])]),
		Channel: commerce.Channel(f.names.labels[integer(v[2])]),
	}
}

func (f *freezer) currency(id driver.Value) money.Currency {
	return money.Currency(f.names.labels[integer(id)])
}

// paid computes the median price that customers paid for an item at each quantity step.
func (f *freezer) paid() error {
	type shelf struct {
		item commerce.Item
		step commerce.Units
	}
	prices := map[shelf][]int64{}
	var failed error
	err := scanRaw(f.ctx, f.conn, readPaidLines, []any{f.s.AsOf.Ordinal()}, func(v []driver.Value) {
		at := shelf{f.item(v), quantityStep(integer(v[5]))}
		day := calendar.FromOrdinal(int32(integer(v[3])))
		prices[at] = append(prices[at], f.rates.convert(integer(v[6]), f.currency(v[4]), day, &failed))
	})
	if err != nil || failed != nil {
		return cmp.Or(failed, err)
	}
	for at, p := range prices {
		if len(p) < fewestPaid {
			continue
		}
		f.s.Paid = append(f.s.Paid, commerce.PaidPrice{
			Item: at.item, MinUnits: at.step, Price: money.FromE4(median(p), f.s.Currency), Lines: int64(len(p)),
		})
	}
	slices.SortFunc(f.s.Paid, func(a, b commerce.PaidPrice) int {
		if c := a.Item.Compare(b.Item); c != 0 {
			return c
		}
		return int(a.MinUnits - b.MinUnits)
	})
	return nil
}

// fewestPaid is how many lines a median price needs.
const fewestPaid = 3

// quantityStep returns the largest of 1, 2, 3, 6, 12, 24, 48 … that is not above units.
func quantityStep(units commerce.Units) commerce.Units {
	if units < 3 {
		return max(units, 1)
	}
	step := commerce.Units(3)
	for step <= units/2 {
		step *= 2
	}
	return step
}

// median returns the middle value, or the lower of the two middle ones: a price that
// somebody paid. It sorts p.
func median(p []int64) int64 {
	slices.Sort(p)
	return p[(len(p)-1)/2]
}
