package store

import (
	"cmp"
	"database/sql/driver"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// readMovements has a row for each price of an item on a day: so the median of the prices
// needs no sorted copy of all lines in either engine. Its columns are narrow: DuckDB holds
// the whole result at once.
const readMovements = soldLines + `
SELECT sku_id, market_id, channel_id, day, currency_id, price_e4,
	CAST(sum(gross) AS BIGINT), CAST(sum(returned) AS BIGINT), CAST(sum(lines) AS INTEGER), max(gross)
FROM (
	SELECT sku_id, market_id, channel_id, day, currency_id, price_e4, units AS gross, CAST(0 AS BIGINT) AS returned, 1 AS lines FROM sold
	UNION ALL
	SELECT o.sku_id, o.market_id, o.channel_id, e.day, e.currency_id, e.price_e4, 0, e.units, 0
	FROM line_event AS e JOIN order_line AS o ON o.key_hi = e.sale_hi AND o.key_lo = e.sale_lo
	WHERE e.kind = 0 AND e.day <= $1
) AS movement
GROUP BY sku_id, market_id, channel_id, day, currency_id, price_e4
ORDER BY sku_id, market_id, channel_id, day, currency_id, price_e4`

// sales reads the columns in the order of the numbers of names, then puts the items into
// the order of their names: the engines do not agree on the order of texts.
func (f *freezer) sales() error {
	b := salesColumns{rates: f.rates, trading: make([]int64, f.s.Days())}
	err := scanRaw(f.ctx, f.conn, readMovements, []any{f.s.AsOf.Ordinal()}, func(v []driver.Value) {
		at := movement{[3]int64{integer(v[0]), integer(v[1]), integer(v[2])}, integer(v[3]), integer(v[4])}
		if len(b.items) == 0 || at != b.at {
			b.begin(f, at, v)
		}
		lines := integer(v[8])
		b.add(integer(v[5]), integer(v[6]), integer(v[7]), lines, integer(v[9]))
		if lines > 0 {
			b.trading[b.day.Sub(f.s.From)] += lines
		}
	})
	if err != nil {
		return err
	}
	if len(b.items) > 0 { // none: all that was imported is excluded, or of another kind
		b.settle()
	}
	if b.failed != nil {
		return b.failed
	}
	b.Start = append(b.Start, int32(len(b.Day)))
	f.s.Items, f.s.Sales = inOrder(b.items, &b.Sales)
	slices.SortFunc(b.charged, func(a, b commerce.Charged) int {
		return cmp.Or(a.Item.Compare(b.Item), a.From.Compare(b.From), cmp.Compare(a.Currency, b.Currency))
	})
	f.s.Charged = b.charged
	for i, n := range b.trading {
		f.s.Trading = append(f.s.Trading, commerce.TradingDay{Day: f.s.From.AddDays(i), Lines: n})
	}
	return nil
}

// movement is what the rows of one item on one day in one currency have in common.
type movement struct {
	item     [3]int64
	day      int64
	currency int64
}

// salesColumns grow with the rows of readMovements, in their order.
type salesColumns struct {
	commerce.Sales
	rates   *rateTables
	items   []commerce.Item
	charged []commerce.Charged
	own     int     // where those of the item at hand begin
	trading []int64 // lines by day
	failed  error

	// The movement at hand: what it adds up to before its conversion.
	at       movement
	day      calendar.Day
	currency money.Currency
	revenue  int64
	refunded int64
	prices   []pricedLines // ascending
	lines    int64

	// The currency that speaks for the typical price of the day: the one with most lines.
	spoke     money.Currency
	spokenFor int64
}

// pricedLines are order lines at one price.
type pricedLines struct{ e4, lines int64 }

// begin starts a movement; a new item or day also starts a row.
func (b *salesColumns) begin(f *freezer, at movement, v []driver.Value) {
	first := len(b.items) == 0
	if !first {
		b.settle()
	}
	if first || at.item != b.at.item {
		b.items, b.own = append(b.items, f.item(v)), len(b.charged)
		b.Start = append(b.Start, int32(len(b.Day)))
	}
	if first || at.item != b.at.item || at.day != b.at.day {
		b.day = calendar.FromOrdinal(int32(at.day))
		b.spoke, b.spokenFor = "", 0
		appendDay(&b.Sales, b.day)
	}
	b.at, b.currency = at, f.currency(v[4])
	b.revenue, b.refunded, b.prices, b.lines = 0, 0, b.prices[:0], 0
}

// add takes in the lines and the returns at one price.
func (b *salesColumns) add(e4, gross, returned, lines, largest int64) {
	last := len(b.Day) - 1
	b.Gross[last] += gross
	b.Returned[last] += returned
	b.Lines[last] += int32(lines)
	b.Largest[last] = max(b.Largest[last], largest)
	b.revenue = b.plus(b.revenue, gross, e4)
	b.refunded = b.plus(b.refunded, returned, e4)
	if lines > 0 {
		b.prices = append(b.prices, pricedLines{e4, lines})
		b.lines += lines
	}
}

// plus returns a sum with units × price added to it. More than half of what an amount can
// hold is refused: so much of one item on one day is a slip of a pen.
func (b *salesColumns) plus(sum, units, e4 int64) int64 {
	if x := float64(sum) + float64(units)*float64(e4); !(math.Abs(x) < 1<<62) {
		if b.failed == nil {
			b.failed = fault.New(fault.Invalid, "E-MONEY-OVERFLOW", fault.A("value", money.FromE4(sum, b.currency).String()))
		}
		return 0
	}
	return sum + units*e4
}

// settle ends a movement: more than one currency on a day adds up in one row, but only one
// of them says what the price was.
func (b *salesColumns) settle() {
	last := len(b.Day) - 1
	b.Revenue[last] += b.rates.convert(b.revenue, b.currency, b.day, &b.failed)
	b.Refunded[last] += b.rates.convert(b.refunded, b.currency, b.day, &b.failed)
	if b.lines == 0 {
		return
	}
	if b.lines > b.spokenFor || b.lines == b.spokenFor && b.currency < b.spoke {
		b.Typical[last], b.spoke, b.spokenFor = typical(b.prices, b.lines), b.currency, b.lines
	}
	for i := b.own; i < len(b.charged); i++ {
		if c := &b.charged[i]; c.Currency == b.currency {
			c.To, c.Lines = b.day, c.Lines+b.lines
			return
		}
	}
	b.charged = append(b.charged, commerce.Charged{
		Item: b.items[len(b.items)-1], Currency: b.currency, From: b.day, To: b.day, Lines: b.lines,
	})
}

// typical returns the median price over lines, the lower of the two middle ones: a line
// counts once however many units it has, so that a rare bulk order with a discount for
// quantity does not pass for a price cut.
func typical(prices []pricedLines, lines int64) int64 {
	for _, p := range prices {
		if lines -= 2 * p.lines; lines <= 0 {
			return p.e4
		}
	}
	panic("store: prices with fewer lines than were counted")
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
	c.Typical = append(c.Typical, 0)
	c.InStock = append(c.InStock, 1) // until a source of stock by day is read, an item could be bought
}

// inOrder returns items sorted by Item.Compare, with their rows. It empties c on the way,
// so that of most columns one copy is held.
func inOrder(items []commerce.Item, c *commerce.Sales) ([]commerce.Item, commerce.Sales) {
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return items[a].Compare(items[b]) })
	sorted := make([]commerce.Item, len(items))
	out := commerce.Sales{
		Start:    make([]int32, 1, len(c.Start)),
		Day:      permuted(&c.Day, order, c.Start),
		Gross:    permuted(&c.Gross, order, c.Start),
		Returned: permuted(&c.Returned, order, c.Start),
		Revenue:  permuted(&c.Revenue, order, c.Start),
		Refunded: permuted(&c.Refunded, order, c.Start),
		Lines:    permuted(&c.Lines, order, c.Start),
		Largest:  permuted(&c.Largest, order, c.Start),
		Typical:  permuted(&c.Typical, order, c.Start),
		InStock:  c.InStock,
	}
	for i, from := range order {
		sorted[i] = items[from]
		out.Start = append(out.Start, out.Start[i]+c.Start[from+1]-c.Start[from])
	}
	return sorted, out
}

// permuted returns a column with the blocks of items in another order, and lets go of it.
func permuted[T any](column *[]T, order []int, start []int32) []T {
	out := make([]T, 0, len(*column))
	for _, i := range order {
		out = append(out, (*column)[start[i]:start[i+1]]...)
	}
	*column = nil
	return out
}
