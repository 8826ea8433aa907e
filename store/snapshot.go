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

	readSalesColumns = soldLines + `
SELECT CAST(sku_id AS BIGINT), CAST(market_id AS BIGINT), CAST(channel_id AS BIGINT), CAST(day AS BIGINT), CAST(currency_id AS BIGINT),
	CAST(sum(gross) AS BIGINT), CAST(sum(returned) AS BIGINT), CAST(sum(gross * price_e4) AS BIGINT), CAST(sum(returned * price_e4) AS BIGINT),
	CAST(sum(lines) AS BIGINT), max(gross)
FROM (
	SELECT sku_id, market_id, channel_id, day, currency_id, price_e4, units AS gross, CAST(0 AS BIGINT) AS returned, 1 AS lines FROM sold
	UNION ALL
	SELECT o.sku_id, o.market_id, o.channel_id, e.day, e.currency_id, e.price_e4, 0, e.units, 0
	FROM line_event AS e JOIN order_line AS o ON o.key_hi = e.sale_hi AND o.key_lo = e.sale_lo
	WHERE e.kind = 0 AND e.day <= $1
) AS movement
GROUP BY sku_id, market_id, channel_id, day, currency_id
ORDER BY sku_id, market_id, channel_id, day, currency_id`

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
	}, func(f *freezer) []func() error { return []func() error{f.products, f.facts} })
	return s, db.wrap(ctx, err, "freeze what is known beside sales")
}

func (db *DB) snapshot(ctx context.Context, asOf *calendar.Day, currency money.Currency) (*commerce.Snapshot, error) {
	return db.freeze(ctx, currency, func(f *freezer) error { return f.bounds(asOf) },
		func(f *freezer) []func() error { return []func() error{f.sales, f.paid, f.products, f.facts} })
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

// sales reads the columns in the order of the numbers of names, then puts the items into
// the order of their names: the engines do not agree on the order of texts.
func (f *freezer) sales() error {
	var c commerce.Sales
	var items []commerce.Item
	var ids [3]int64 // of the row before
	lines := make([]int64, f.s.Days())
	var failed error
	err := scanRaw(f.ctx, f.conn, readSalesColumns, []any{f.s.AsOf.Ordinal()}, func(v []driver.Value) {
		day := calendar.FromOrdinal(int32(integer(v[3])))
		same := len(items) > 0 && ids == [3]int64{integer(v[0]), integer(v[1]), integer(v[2])}
		if !same {
			ids = [3]int64{integer(v[0]), integer(v[1]), integer(v[2])}
			items = append(items, f.item(v))
			c.Start = append(c.Start, int32(len(c.Day)))
		}
		if last := len(c.Day) - 1; !same || c.Day[last] != day {
			appendDay(&c, day)
		}
		// More than one currency on a day adds up in one row.
		last := len(c.Day) - 1
		currency := f.currency(v[4])
		c.Gross[last] += integer(v[5])
		c.Returned[last] += integer(v[6])
		c.Revenue[last] += f.rates.convert(integer(v[7]), currency, day, &failed)
		c.Refunded[last] += f.rates.convert(integer(v[8]), currency, day, &failed)
		c.Lines[last] += int32(integer(v[9]))
		c.Largest[last] = max(c.Largest[last], integer(v[10]))
		if n := integer(v[9]); n > 0 {
			lines[day.Sub(f.s.From)] += n
		}
	})
	if err != nil || failed != nil {
		return cmp.Or(failed, err)
	}
	c.Start = append(c.Start, int32(len(c.Day)))
	f.s.Items, f.s.Sales = inOrder(items, c)
	for i, n := range lines {
		f.s.Trading = append(f.s.Trading, commerce.TradingDay{Day: f.s.From.AddDays(i), Lines: n})
	}
	return nil
}

// appendDay begins a row.
func appendDay(c *commerce.Sales, day calendar.Day) {
	c.Day = append(c.Day, day)
	c.Gross = append(c.Gross, 0)
	c.Returned = append(c.Returned, 0)
	c.Revenue = append(c.Revenue, 0)
	c.Refunded = append(c.Refunded, 0)
	c.Lines = append(c.Lines, 0)
	c.Largest = append(c.Largest, 0)
	c.InStock = append(c.InStock, 1) // until a source of stock by day is read, an item could be bought
}

// inOrder returns items sorted by Item.Compare, with their rows.
func inOrder(items []commerce.Item, c commerce.Sales) ([]commerce.Item, commerce.Sales) {
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return items[a].Compare(items[b]) })
	sorted := make([]commerce.Item, len(items))
	out := commerce.Sales{
		Start:    make([]int32, 1, len(c.Start)),
		Day:      permuted(c.Day, order, c.Start),
		Gross:    permuted(c.Gross, order, c.Start),
		Returned: permuted(c.Returned, order, c.Start),
		Revenue:  permuted(c.Revenue, order, c.Start),
		Refunded: permuted(c.Refunded, order, c.Start),
		Lines:    permuted(c.Lines, order, c.Start),
		Largest:  permuted(c.Largest, order, c.Start),
		InStock:  c.InStock,
	}
	for i, from := range order {
		sorted[i] = items[from]
		out.Start = append(out.Start, out.Start[i]+c.Start[from+1]-c.Start[from])
	}
	return sorted, out
}

// permuted returns a column with the blocks of items in another order.
func permuted[T any](column []T, order []int, start []int32) []T {
	out := make([]T, 0, len(column))
	for _, i := range order {
		out = append(out, column[start[i]:start[i+1]]...)
	}
	return out
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
