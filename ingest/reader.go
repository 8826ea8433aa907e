package ingest

import (
	"cmp"
	"math"
	"strconv"
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
	build    func(*reader) commerce.Fact

	// The row at hand.
	values [numFields]value
	bits   uint64 // conditions that its words fulfil
	based  uint64 // conditions that missing columns fulfil, in every row
	line   int64
	key    commerce.Key
	credit bool
	worth  money.Amount // as much as can be read of it, with the sign of the file

	// Facts are written over and over into the same places.
	order     commerce.OrderLine
	product   commerce.Product
	cost      commerce.Cost
	stock     commerce.Stock
	supply    commerce.Supply
	receipt   commerce.Receipt
	warehouse commerce.Warehouse
	price     commerce.Price
	rate      commerce.Rate
	spend     commerce.Spend
	listing   commerce.Listing
	document  commerce.Document
	promotion commerce.Promotion
}

// read turns a record into a fact, or says what becomes of the row: *Reject,
// *Exclusion or *Duplicate. Both are nil for a row of empty cells.
func (r *reader) read(rec record) (commerce.Fact, error) {
	r.line, r.worth = rec.line, money.Amount{}
	if len(rec.fields) < r.width || !blank(rec.fields[r.width:]) {
		switch {
		case rec.code != "":
			return nil, r.reject(rec, nil, rec.code)
		case blank(rec.fields):
			return nil, nil
		}
		return nil, r.reject(rec, nil, "E-FIELDS", fault.A("want", r.width), fault.A("got", len(rec.fields)))
	}
	bad, code := r.readCells(rec.fields)
	switch {
	case rec.code != "":
		return nil, r.reject(rec, nil, rec.code)
	case code != "" && blank(rec.fields):
		return nil, nil
	case code == "E-MONEY-OVERFLOW" && bad.field == fUnits:
		product := storable(rec.fields[bad.index]) + " × " + storable(rec.fields[r.columnOf(fPrice).index])
		return nil, r.reject(rec, bad, code, fault.A("value", product))
	case code != "":
		return nil, r.reject(rec, bad, code)
	}
	for i := range r.format.exclude {
		if r.format.exclude[i].matches(r.bits, &r.values) {
			return nil, &Exclusion{
				Line: rec.line, Rule: r.format.Rules[i].Name, SKU: commerce.SKU(r.values[fSKU].s),
				Units: r.values[fUnits].n, Amount: r.worth, Raw: storable(rec.raw),
			}
		}
	}
	if bad, code := r.check(); code == "E-CELL-RANGE" {
		return nil, r.reject(rec, bad, code, fault.A("most", most[bad.field]))
	} else if code != "" {
		return nil, r.reject(rec, bad, code)
	}
	key, verdict := r.keys.of(&r.values)
	switch verdict {
	case identical:
		return nil, &Duplicate{rec.line, r.worth}
	case conflict:
		return nil, r.reject(rec, nil, "E-KEY-CONFLICT")
	}
	r.key = key
	return r.build(r), nil
}

// readCells reads every column and what the row is worth, and returns the first column
// that is wrong. It reads on behind it, so that the worth of a rejected row is known.
func (r *reader) readCells(cells [][]byte) (bad *column, code string) {
	r.bits = r.based
	priced := true
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
			priced = priced && c.field != fCurrency
		}
	}
	r.credit = r.format.credit.matches(r.bits, &r.values)
	if priced && r.rowCurrency() != "" && !r.appraise() && code == "" {
		return r.columnOf(fUnits), "E-MONEY-OVERFLOW"
	}
	return bad, code
}

// check holds a sound row against what its kind of fact asks for.
func (r *reader) check() (*column, string) {
	v := &r.values
	if (v[fPrice].n != 0 || v[fCost].n != 0 || v[fFunding].n != 0) && r.rowCurrency() == "" {
		return r.columnOf(fCurrency), "E-CELL-EMPTY"
	}
	if v[fPrice].n > most[fPrice]*10_000 {
		return r.columnOf(fPrice), "E-CELL-RANGE"
	}
	if r.format.Fact == "order_line" {
		units := v[fUnits].n
		if units == 0 || units < 0 && !r.credit || units > 0 && r.credit && r.format.Credit.Quantity == "negative" {
			return r.columnOf(fUnits), "E-QUANTITY-SIGN"
		}
		if v[fPrice].n < 0 {
			return r.columnOf(fPrice), "E-CELL-NEGATIVE"
		}
		return nil, ""
	}
	if v[fFrom].given && v[fUntil].given && v[fUntil].day.Before(v[fFrom].day) {
		return r.columnOf(fUntil), "E-DAYS-REVERSED"
	}
	if bad, code := r.checkOffer(); code != "" {
		return bad, code
	}
	if bad, code := r.checkReceipt(); code != "" {
		return bad, code
	}
	for _, c := range r.columns {
		at := v[c.field]
		if at.n < 0 && (c.kind == someUnits || c.kind == anAmount && r.format.Fact != "spend") || at.x < 0 {
			return c, "E-CELL-NEGATIVE"
		}
		if c.field == fRate && at.x == 0 {
			return c, "E-RATE-ZERO"
		}
		limit := most[c.field]
		if c.kind == anAmount {
			limit *= 10_000
		}
		if limit > 0 && (at.n > limit || !(at.x <= float64(limit))) {
			return c, "E-CELL-RANGE"
		}
	}
	return nil, ""
}

// checkOffer asks of a price that it is one, and of a promotion that it says how much
// cheaper it is; goods that are only shown need not be cheaper.
func (r *reader) checkOffer() (*column, string) {
	v, fact := &r.values, r.format.Fact
	if (fact == "price" || fact == "promotion") && v[fPrice].given && v[fPrice].n == 0 {
		return r.columnOf(fPrice), "E-PRICE-ZERO"
	}
	cheaper := v[fPrice].given || v[fDepth].x != 0
	if shown := v[fVehicle].s == commerce.Feature || v[fVehicle].s == commerce.Display; fact == "promotion" && !cheaper && !shown {
		return cmp.Or(r.columnOf(fDepth), r.columnOf(fPrice)), "E-OFFER-EMPTY"
	}
	return nil, ""
}

// most is what a number may be in a shop that exists: beyond it, a code or a date stands
// in the column. 0 is no limit. Amounts are held in whole units of any currency, so a
// price in Vietnamese dong has room.
var most = [numFields]int64{
	fUnits: 1e9, fPrice: 1e12, fGrams: 1e8, fOnHand: 1e9, fInbound: 1e9, fLeadDays: 730, fLeadSD: 730,
	fMOQ: 1e8, fPack: 1e7, fMinUnits: 1e8, fRate: 1e9, fCost: 1e12, fFunding: 1e12,
}

// appraise finds what the row is worth: quantity × price, with the sign of the file; where
// a format lets credit notes write their quantity either way, they are worth less than
// nothing. It reports false when that is more than money can hold.
func (r *reader) appraise() bool {
	if r.format.Fact != "order_line" {
		r.worth = r.money()
		return true
	}
	units := r.values[fUnits].n
	if r.credit && units > 0 && r.format.Credit.Quantity != "negative" {
		units = -units
	}
	var err error
	r.worth, err = r.money().Times(units)
	return err == nil
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

// reject makes the quarantined form of a row.
func (r *reader) reject(rec record, bad *column, code string, args ...fault.Arg) *Reject {
	q := &Reject{File: r.file, Line: rec.line, Code: code, Raw: storable(rec.raw), Args: args, Amount: r.worth}
	if bad != nil {
		q.Column = bad.header
		cell := ""
		if bad.index < len(rec.fields) {
			cell = storable(rec.fields[bad.index])
		}
		q.Args = append(q.Args, fault.A("value", cell))
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
	p := commerce.Provenance{Source: r.file + ":" + strconv.FormatInt(r.line, 10), AsOf: day, Assumed: v[fAssumed].n == 1}
	if v[fSource].given {
		p.Source = v[fSource].s
	}
	if v[fAsOf].given {
		p.AsOf = v[fAsOf].day
	}
	return p
}

func (r *reader) money() money.Amount { return money.FromE4(r.values[fPrice].n, r.rowCurrency()) }

// amount is money of a field that may be empty.
func (r *reader) amount(f field) money.Amount {
	if r.values[f].n == 0 {
		return money.Amount{}
	}
	return money.FromE4(r.values[f].n, r.rowCurrency())
}

// builders make a fact of the values of a row, one a kind of fact.
var builders = map[string]func(*reader) commerce.Fact{
	"order_line": (*reader).orderLine,
	"product":    (*reader).productOf,
	"cost":       (*reader).costOf,
	"stock":      (*reader).stockOf,
	"supply":     (*reader).supplyOf,
	"receipt":    (*reader).receiptOf,
	"warehouse":  (*reader).warehouseOf,
	"price":      (*reader).priceOf,
	"rate":       (*reader).rateOf,
	"spend":      (*reader).spendOf,
	"listing":    (*reader).listingOf,
	"document":   (*reader).documentOf,
	"promotion":  (*reader).promotionOf,
}

func (r *reader) orderLine() commerce.Fact {
	v, o := &r.values, &r.order
	o.Key, o.Kind = r.key, commerce.Sale
	if r.credit {
		o.Kind = commerce.Credit
	}
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
		HS: v[fHS].s, Origin: commerce.Market(v[fOrigin].s), Traits: commerce.Traits(v[fTraits].s), Provenance: r.provenance(r.asOf),
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

func (r *reader) listingOf() commerce.Fact {
	v := &r.values
	r.listing = commerce.Listing{
		Item:     commerce.Item{SKU: commerce.SKU(v[fSKU].s), Market: commerce.Market(v[fMarket].s), Channel: commerce.Channel(v[fChannel].s)},
		Language: v[fLanguage].s, Title: v[fTitle].s, Description: v[fDescription].s,
		Sizes: v[fSizes].s, Legal: v[fLegal].s, Provenance: r.provenance(r.asOf),
	}
	return &r.listing
}

func (r *reader) documentOf() commerce.Fact {
	v := &r.values
	r.document = commerce.Document{
		SKU: commerce.SKU(v[fSKU].s), Market: commerce.Market(v[fMarket].s), Kind: v[fDocument].s,
		Reference: v[fReference].s, From: v[fFrom].day, Until: v[fUntil].day, Provenance: r.provenance(r.asOf),
	}
	return &r.document
}

func (r *reader) promotionOf() commerce.Fact {
	v := &r.values
	depth := math.NaN()
	if v[fDepth].given {
		depth = v[fDepth].x
	}
	r.promotion = commerce.Promotion{
		Item: commerce.Item{SKU: commerce.SKU(v[fSKU].s), Market: commerce.Market(v[fMarket].s), Channel: commerce.Channel(v[fChannel].s)},
		Name: v[fName].s, From: v[fFrom].day, To: v[fUntil].day, Depth: depth, Price: r.amount(fPrice),
		Vehicle: v[fVehicle].s, Cost: r.amount(fCost), Funding: r.amount(fFunding), Provenance: r.provenance(v[fFrom].day),
	}
	return &r.promotion
}
