package ingest

import (
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// reader turns the rows of a file into facts.
type reader struct {
	file     string
	format   *Format
	columns  []*column
	width    int            // fields that a row must have
	currency money.Currency // of amounts whose row names none
	asOf     calendar.Day   // of undated facts
	clock    clock
	keys     keys
	builder  func(*reader) commerce.Fact

	values [numFields]value
	bits   uint64 // conditions that the row's words fulfil
	based  uint64 // conditions that missing columns fulfil
	line   int64

	// Facts are written over and over into the same places.
	order     commerce.OrderLine
	product   commerce.Product
	cost      commerce.Cost
	stock     commerce.Stock
	supply    commerce.Supply
	warehouse commerce.Warehouse
	price     commerce.Price
	rate      commerce.Rate
	spend     commerce.Spend
}

// read turns a record into a fact, or says what becomes of the row: *Reject,
// *Exclusion or *Duplicate. Both are nil for a row of empty cells.
func (r *reader) read(rec record) (commerce.Fact, error) {
	r.line = rec.line
	if rec.code != "" {
		return nil, r.reject(rec, nil, rec.code)
	}
	if len(rec.fields) != r.width {
		if blank(rec.fields) {
			return nil, nil
		}
		if len(rec.fields) < r.width || !blank(rec.fields[r.width:]) {
			return nil, r.reject(rec, nil, "E-FIELDS", fault.A("want", r.width), fault.A("got", len(rec.fields)))
		}
	}
	bad, code := r.readCells(rec.fields)
	if code != "" {
		if blank(rec.fields) {
			return nil, nil
		}
		return nil, r.reject(rec, bad, code)
	}
	credit := r.format.credit.matches(r.bits, &r.values)
	amount, code := r.amount(credit)
	if code != "" {
		return nil, r.reject(rec, r.columnOf(fUnits), code)
	}
	for i := range r.format.exclude {
		if r.format.exclude[i].matches(r.bits, &r.values) {
			return nil, &Exclusion{
				Line: rec.line, Rule: r.format.Rules[i].Name, SKU: commerce.SKU(r.values[fSKU].s),
				Units: r.values[fUnits].n, Amount: amount, Raw: storable(rec.raw),
			}
		}
	}
	if bad, code := r.check(credit); code != "" {
		return nil, r.reject(rec, bad, code)
	}
	key, verdict := r.keys.of(&r.values)
	switch verdict {
	case identical:
		return nil, &Duplicate{rec.line, amount}
	case conflict:
		return nil, r.reject(rec, nil, "E-KEY-CONFLICT")
	}
	r.order.Key = key
	r.order.Kind = commerce.Sale
	if credit {
		r.order.Kind = commerce.Credit
	}
	return r.builder(r), nil
}

// readCells reads every column and returns the first that is wrong. It reads on behind
// it, so that the worth of a rejected row is known.
func (r *reader) readCells(cells [][]byte) (bad *column, code string) {
	r.bits = r.based
	for _, c := range r.columns {
		cell := cells[c.index]
		v := &r.values[c.field]
		var wrong string
		if c.kind.isWords() {
			w := c.word(cell, r.format)
			*v, wrong = w.v, w.code
			r.bits |= w.bits
		} else {
			wrong = c.read(cell, v, &r.clock)
		}
		if wrong != "" && code == "" {
			bad, code = c, wrong
		}
		if wrong != "" {
			*v = value{}
		}
	}
	return bad, code
}

// check holds a sound row against what its kind of fact asks for.
func (r *reader) check(credit bool) (*column, string) {
	v := &r.values
	if v[fPrice].n != 0 && r.rowCurrency() == "" {
		return r.columnOf(fCurrency), "E-CELL-EMPTY"
	}
	if r.format.Fact == "order_line" {
		units := v[fUnits].n
		if units == 0 || units < 0 && !credit || units > 0 && credit && r.format.Credit.Quantity == "negative" {
			return r.columnOf(fUnits), "E-QUANTITY-SIGN"
		}
		if v[fPrice].n < 0 {
			return r.columnOf(fPrice), "E-CELL-NEGATIVE"
		}
		return nil, ""
	}
	for _, c := range r.columns {
		at := v[c.field]
		if at.n < 0 && (c.kind == someUnits || c.kind == anAmount && r.format.Fact != "spend") || at.x < 0 {
			return c, "E-CELL-NEGATIVE"
		}
		if c.field == fRate && at.x == 0 {
			return c, "E-RATE-ZERO"
		}
	}
	return nil, ""
}

// amount returns what the row is worth, with the sign of the file; where a format lets
// credit notes write their quantity either way, they are worth less than nothing.
func (r *reader) amount(credit bool) (money.Amount, string) {
	price := money.FromE4(r.values[fPrice].n, r.rowCurrency())
	if r.format.Fact != "order_line" {
		return price, ""
	}
	units := r.values[fUnits].n
	if credit && units > 0 && r.format.Credit.Quantity != "negative" {
		units = -units
	}
	amount, err := price.Times(units)
	if err != nil {
		return money.Amount{}, "E-MONEY-OVERFLOW"
	}
	return amount, ""
}

func (r *reader) rowCurrency() money.Currency {
	if c := r.values[fCurrency].s; c != "" {
		return money.Currency(c)
	}
	return r.currency
}

func (r *reader) columnOf(f field) *column {
	for _, c := range r.columns {
		if c.field == f {
			return c
		}
	}
	return nil
}

// reject makes the quarantined form of a row. Its worth is what could be read of it, and
// nothing where the currency is unknown.
func (r *reader) reject(rec record, bad *column, code string, args ...fault.Arg) *Reject {
	q := &Reject{File: r.file, Line: rec.line, Code: code, Raw: storable(rec.raw), Args: args}
	if bad != nil {
		q.Column = bad.header
		cell := ""
		if bad.index < len(rec.fields) {
			cell = storable(rec.fields[bad.index])
		}
		q.Args = append(q.Args, fault.A("value", cell))
	}
	if len(rec.fields) == r.width && r.rowCurrency() != "" {
		q.Amount, _ = r.amount(r.format.credit.matches(r.bits, &r.values))
	}
	return q
}

func blank(cells [][]byte) bool {
	for _, cell := range cells {
		for _, c := range cell {
			if c != ' ' && c != '\t' {
				return false
			}
		}
	}
	return true
}

// provenance says where the row's fact comes from; day is the fact's own date, if any.
func (r *reader) provenance(day calendar.Day) commerce.Provenance {
	v := &r.values
	p := commerce.Provenance{Source: r.file, AsOf: day, Assumed: v[fAssumed].n == 1}
	if v[fSource].given {
		p.Source = v[fSource].s
	}
	if v[fAsOf].given {
		p.AsOf = v[fAsOf].day
	}
	return p
}

func (r *reader) money() money.Amount { return money.FromE4(r.values[fPrice].n, r.rowCurrency()) }

// builders make a fact of the values of a row, one a kind of fact.
var builders = map[string]func(*reader) commerce.Fact{
	"order_line": (*reader).orderLine,
	"product":    (*reader).productOf,
	"cost":       (*reader).costOf,
	"stock":      (*reader).stockOf,
	"supply":     (*reader).supplyOf,
	"warehouse":  (*reader).warehouseOf,
	"price":      (*reader).priceOf,
	"rate":       (*reader).rateOf,
	"spend":      (*reader).spendOf,
}

func (r *reader) orderLine() commerce.Fact {
	v, o := &r.values, &r.order
	o.Order, o.SKU, o.Description = v[fOrder].s, commerce.SKU(v[fSKU].s), v[fDescription].s
	if o.Units = v[fUnits].n; o.Units < 0 {
		o.Units = -o.Units
	}
	o.Price = r.money()
	o.At, o.Day = time.Unix(v[fAt].n, 0).UTC(), v[fAt].day
	o.Customer = commerce.CustomerID(v[fCustomer].s)
	o.Market, o.Channel = commerce.Market(v[fMarket].s), commerce.Channel(v[fChannel].s)
	o.FileLine = r.line
	return o
}

func (r *reader) productOf() commerce.Fact {
	v := &r.values
	r.product = commerce.Product{
		SKU: commerce.SKU(v[fSKU].s), Name: v[fName].s, Category: v[fCategory].s, Grams: v[fGrams].n,
		HS: v[fHS].s, Origin: commerce.Market(v[fOrigin].s), Provenance: r.provenance(r.asOf),
	}
	return &r.product
}

func (r *reader) costOf() commerce.Fact {
	v := &r.values
	r.cost = commerce.Cost{SKU: commerce.SKU(v[fSKU].s), Unit: r.money(), From: v[fFrom].day, Provenance: r.provenance(v[fFrom].day)}
	return &r.cost
}

func (r *reader) stockOf() commerce.Fact {
	v := &r.values
	r.stock = commerce.Stock{
		SKU: commerce.SKU(v[fSKU].s), Location: commerce.Location(v[fLocation].s), OnHand: v[fOnHand].n,
		Inbound: v[fInbound].n, Day: v[fDay].day, Provenance: r.provenance(v[fDay].day),
	}
	return &r.stock
}

func (r *reader) supplyOf() commerce.Fact {
	v := &r.values
	r.supply = commerce.Supply{
		SKU: commerce.SKU(v[fSKU].s), Supplier: commerce.Supplier(v[fSupplier].s), LeadDays: v[fLeadDays].x,
		LeadSD: v[fLeadSD].x, MOQ: v[fMOQ].n, Pack: v[fPack].n, OrderCost: r.money(), Provenance: r.provenance(r.asOf),
	}
	return &r.supply
}

func (r *reader) warehouseOf() commerce.Fact {
	v := &r.values
	r.warehouse = commerce.Warehouse{
		Location: commerce.Location(v[fLocation].s), Country: commerce.Market(v[fMarket].s),
		Serves: v[fServes].list, Provenance: r.provenance(r.asOf),
	}
	return &r.warehouse
}

func (r *reader) priceOf() commerce.Fact {
	v := &r.values
	r.price = commerce.Price{
		Item:   commerce.Item{SKU: commerce.SKU(v[fSKU].s), Market: commerce.Market(v[fMarket].s), Channel: commerce.Channel(v[fChannel].s)},
		Seller: v[fSeller].s, Price: r.money(), MinUnits: v[fMinUnits].n, From: v[fFrom].day, Provenance: r.provenance(v[fFrom].day),
	}
	return &r.price
}

func (r *reader) rateOf() commerce.Fact {
	v := &r.values
	r.rate = commerce.Rate{
		Base: money.Currency(v[fBase].s), Quote: money.Currency(v[fQuote].s), Day: v[fDay].day,
		Value: v[fRate].x, Provenance: r.provenance(v[fDay].day),
	}
	return &r.rate
}

func (r *reader) spendOf() commerce.Fact {
	v := &r.values
	r.spend = commerce.Spend{
		Day: v[fDay].day, Market: commerce.Market(v[fMarket].s), Channel: commerce.Channel(v[fChannel].s),
		Campaign: v[fCampaign].s, Amount: r.money(), Provenance: r.provenance(v[fDay].day),
	}
	return &r.spend
}
