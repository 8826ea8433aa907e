package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"tradewind/commerce"
)

// factTable describes how one kind of fact other than order lines is kept: by a natural
// key, beside what it says and where that comes from.
type factTable struct {
	name    string
	key     string // columns that identify a fact
	content string // columns of what it says; provenance follows
	value   string // what a row counts in money, as in Merged
	newest  string // the day that tells how new a fact is
}

// factTables lists every kind of fact but order lines, in the order of TableStatus.
var factTables = []factTable{
	productTable:   {"product", "sku", "label category grams hs origin traits", "0", "as_of"},
	costTable:      {"cost", "sku from_day", "unit_e4 currency", "unit_e4", "from_day"},
	stockTable:     {"stock", "sku location day", "on_hand inbound", "0", "day"},
	supplyTable:    {"supply", "sku supplier", "lead_days lead_sd moq pack order_cost_e4 currency", "order_cost_e4", "as_of"},
	warehouseTable: {"warehouse", "location", "country serves", "0", "as_of"},
	priceTable:     {"price", "sku market channel seller from_day min_units", "price_e4 currency", "price_e4", "from_day"},
	rateTable:      {"rate", "base quote day", "quantity", "0", "day"},
	spendTable:     {"spend", "day market channel campaign", "amount_e4 currency", "amount_e4", "day"},
	listingTable:   {"listing", "sku market channel language", "title description sizes legal", "0", "as_of"},
	documentTable:  {"document", "kind sku market reference", "from_day until_day", "0", "as_of"},
	receiptTable:   {"receipt", "sku location reference days", "ordered received supplier units", "0", "received"},
	promotionTable: {"promotion", "sku market channel from_day vehicle label", "to_day depth price_e4 cost_e4 funding_e4 currency", "price_e4", "from_day"},
}

const (
	productTable = iota
	costTable
	stockTable
	supplyTable
	warehouseTable
	priceTable
	rateTable
	spendTable
	listingTable
	documentTable
	promotionTable
	receiptTable
)

// factRow returns the table of a fact and its row: key, content, source, as_of, assumed.
func (l *Load) factRow(f commerce.Fact) (table int, row []any) {
	switch f := f.(type) {
	case *commerce.Product:
		return productTable, provenance(f.Provenance, text(f.SKU), text(f.Name), text(f.Category), f.Grams, text(f.HS), text(f.Origin), text(f.Traits))
	case *commerce.Cost:
		return costTable, provenance(f.Provenance, text(f.SKU), f.From.Ordinal(), f.Unit.E4(), text(l.currency(f.Unit)))
	case *commerce.Stock:
		return stockTable, provenance(f.Provenance, text(f.SKU), text(f.Location), f.Day.Ordinal(), f.OnHand, f.Inbound)
	case *commerce.Supply:
		return supplyTable, provenance(f.Provenance, text(f.SKU), text(f.Supplier), f.LeadDays, f.LeadSD, f.MOQ, f.Pack, f.OrderCost.E4(), text(l.currency(f.OrderCost)))
	case *commerce.Receipt:
		return receiptTable, provenance(f.Provenance, text(f.SKU), text(f.Location), text(f.Reference), unnumbered(f), f.Ordered.Ordinal(), f.Received.Ordinal(), text(f.Supplier), f.Units)
	case *commerce.Warehouse:
		return warehouseTable, provenance(f.Provenance, text(f.Location), text(f.Country), serves(f.Serves))
	case *commerce.Price:
		return priceTable, provenance(f.Provenance, text(f.Item.SKU), text(f.Item.Market), text(f.Item.Channel), text(f.Seller), f.From.Ordinal(), f.MinUnits, f.Price.E4(), text(l.currency(f.Price)))
	case *commerce.Rate:
		return rateTable, provenance(f.Provenance, text(f.Base), text(f.Quote), f.Day.Ordinal(), f.Value)
	case *commerce.Spend:
		return spendTable, provenance(f.Provenance, f.Day.Ordinal(), text(f.Market), text(f.Channel), text(f.Campaign), f.Amount.E4(), text(l.currency(f.Amount)))
	case *commerce.Listing:
		return listingTable, provenance(f.Provenance, text(f.Item.SKU), text(f.Item.Market), text(f.Item.Channel), text(f.Language), text(f.Title), text(f.Description), text(f.Sizes), text(f.Legal))
	case *commerce.Document:
		return documentTable, provenance(f.Provenance, text(f.Kind), text(f.SKU), text(f.Market), text(f.Reference), f.From.Ordinal(), f.Until.Ordinal())
	case *commerce.Promotion:
		return promotionTable, provenance(f.Provenance, text(f.Item.SKU), text(f.Item.Market), text(f.Item.Channel), f.From.Ordinal(), text(f.Vehicle), text(f.Name),
			f.To.Ordinal(), f.Depth, f.Price.E4(), f.Cost.E4(), f.Funding.E4(), text(cmp.Or(f.Price.Currency(), f.Cost.Currency(), f.Funding.Currency(), l.base)))
	}
	panic(fmt.Sprintf("store: no table for %T", f))
}

// text copies a text of a fact, fit for both engines.
func text[S ~string](s S) string { return clean(strings.Clone(string(s))) }

// unnumbered are the days that identify a receipt without a number. With one they are what it
// says, and can be corrected.
func unnumbered(r *commerce.Receipt) string {
	if r.Reference != "" {
		return ""
	}
	return r.Ordered.String() + " " + r.Received.String()
}

func serves(markets []commerce.Market) string {
	codes := make([]string, len(markets))
	for i, m := range markets {
		codes[i] = clean(string(m))
	}
	return strings.Join(codes, " ")
}

func provenance(p commerce.Provenance, row ...any) []any {
	return append(row, text(p.Source), p.AsOf.Ordinal(), p.Assumed)
}

// columns lists the columns of a row.
func (t factTable) columns() []string {
	return strings.Fields(t.key + " " + t.content + " source as_of assumed")
}

// The statements of a table are made from its description. The source is not compared: it
// names a file and a line, and the same fact from another file is the same fact.

func (t factTable) staged() string { return "staged_" + t.name }
func (t factTable) known() string  { return "known_" + t.name }

func (t factTable) stage() string {
	return fmt.Sprintf(`CREATE TEMP TABLE %s AS SELECT CAST(0 AS BIGINT) AS seq, %s.* FROM %s LIMIT 0`, t.staged(), t.name, t.name)
}

func (t factTable) drop() []string {
	return []string{`DROP TABLE ` + t.staged(), `DROP TABLE ` + t.known()}
}

func (t factTable) tallyStaged() string {
	return fmt.Sprintf(`SELECT count(*), CAST(coalesce(sum(%s), 0) AS BIGINT) FROM %s`, t.value, t.staged())
}

func (t factTable) dropRepeated() string {
	return fmt.Sprintf(`
DELETE FROM %[1]s USING (SELECT %[2]s, max(seq) AS last FROM %[1]s GROUP BY %[2]s HAVING count(*) > 1) AS repeated
WHERE %[3]s AND %[1]s.seq < repeated.last`, t.staged(), list(t.key), t.same(t.staged(), "repeated"))
}

func (t factTable) findKnown() string {
	return fmt.Sprintf(`CREATE TEMP TABLE %s AS SELECT s.*, (%s) AS changed FROM %s AS s JOIN %s AS o ON %s`,
		t.known(), differ("s", "o", t.content+" as_of assumed"), t.staged(), t.name, t.same("s", "o"))
}

func (t factTable) tallyKnown() string {
	return fmt.Sprintf(`SELECT changed, count(*), CAST(sum(%s) AS BIGINT) FROM %s GROUP BY changed`, t.value, t.known())
}

func (t factTable) dropChanged() string {
	return fmt.Sprintf(`DELETE FROM %[1]s USING %[2]s AS k WHERE %[3]s AND k.changed`, t.name, t.known(), t.same(t.name, "k"))
}

func (t factTable) insert() string {
	columns := strings.Join(t.columns(), ", ")
	return fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM %s AS s WHERE NOT EXISTS (SELECT 1 FROM %s AS k WHERE %s AND NOT k.changed)`,
		t.name, columns, columns, t.staged(), t.known(), t.same("s", "k"))
}

// same is the condition that two tables have one key.
func (t factTable) same(a, b string) string {
	var parts []string
	for _, c := range strings.Fields(t.key) {
		parts = append(parts, a+"."+c+" = "+b+"."+c)
	}
	return strings.Join(parts, " AND ")
}

func list(columns string) string { return strings.Join(strings.Fields(columns), ", ") }

// factBatch are staged rows of one table.
type factBatch struct {
	rows   [][]any
	seq    int64
	staged bool // its staging table exists
}

func newFactBatches() []factBatch { return make([]factBatch, len(factTables)) }

func (l *Load) flushFacts(k int) error {
	t, b := factTables[k], &l.facts[k]
	if len(b.rows) == 0 {
		return nil
	}
	if !b.staged {
		if err := exec(l.ctx, l.tx, t.stage()); err != nil {
			return err
		}
		b.staged = true
	}
	seq := make([]int64, len(b.rows))
	for i := range seq {
		seq[i] = b.seq
		b.seq++
	}
	columns := append([]column{{"seq", seq}}, transposed(t.columns(), b.rows)...)
	b.rows = b.rows[:0]
	return l.db.dialect.bulk(l.ctx, l.conn, t.staged(), columns)
}

// transposed turns rows into columns, typed as the first row is.
func transposed(fields []string, rows [][]any) []column {
	columns := make([]column, len(fields))
	for k, field := range fields {
		columns[k].name = field
		switch rows[0][k].(type) {
		case string:
			columns[k].values = pick[string](rows, k)
		case int64:
			columns[k].values = pick[int64](rows, k)
		case int32:
			columns[k].values = pick[int32](rows, k)
		case float64:
			columns[k].values = pick[float64](rows, k)
		case bool:
			columns[k].values = pick[bool](rows, k)
		}
	}
	return columns
}

func pick[T any](rows [][]any, k int) []T {
	values := make([]T, len(rows))
	for i, row := range rows {
		values[i] = row[k].(T)
	}
	return values
}

// mergeFacts writes the staged facts of one table.
func (l *Load) mergeFacts(ctx context.Context, k int) error {
	if err := l.flushFacts(k); err != nil {
		return err
	}
	t := factTables[k]
	if !l.facts[k].staged {
		return nil
	}
	all, err := l.tally(ctx, t.tallyStaged())
	if err != nil {
		return err
	}
	if err := exec(ctx, l.tx, t.dropRepeated()); err != nil {
		return err
	}
	once, err := l.tally(ctx, t.tallyStaged())
	if err != nil {
		return err
	}
	if err := exec(ctx, l.tx, t.findKnown()); err != nil {
		return err
	}
	m := TableMerged{Name: t.name, Loaded: once, Duplicate: Tally{all.Rows - once.Rows, all.E4 - once.E4}}
	if err := l.tallyKnown(ctx, t.tallyKnown(), &m); err != nil {
		return err
	}
	l.merged.add(m)
	return exec(ctx, l.tx, t.dropChanged(), t.insert())
}

// rowsOf returns the number of rows of a batch.
func rowsOf(columns []column) int {
	switch v := columns[0].values.(type) {
	case []int32:
		return len(v)
	case []int64:
		return len(v)
	case []string:
		return len(v)
	}
	panic(fmt.Sprintf("store: no column of %T", columns[0].values))
}

// columnNames lists the names of columns for a statement.
func columnNames(columns []column) string {
	all := make([]string, len(columns))
	for k, c := range columns {
		all[k] = c.name
	}
	return strings.Join(all, ", ")
}
