package store

import (
	"cmp"
	"database/sql/driver"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

const (
	readProducts = `SELECT sku, label, category, grams, hs, origin, traits, source, as_of, assumed FROM product`

	readDescriptions = `
SELECT CAST(sku_id AS BIGINT), CAST(description_id AS BIGINT), count(*) FROM order_line
WHERE kind = 0 AND day <= $1 GROUP BY sku_id, description_id`

	readCosts = `
SELECT sku, from_day, unit_e4, currency, source, as_of, assumed FROM cost AS c
WHERE from_day = (SELECT max(from_day) FROM cost AS o WHERE o.sku = c.sku AND o.from_day <= $1)`

	readStocks = `
SELECT sku, location, on_hand, inbound, day, source, as_of, assumed FROM stock AS s
WHERE day = (SELECT max(day) FROM stock AS o WHERE o.sku = s.sku AND o.location = s.location AND o.day <= $1)`

	readSupplies = `
SELECT sku, supplier, lead_days, lead_sd, moq, pack, order_cost_e4, currency, source, as_of, assumed FROM supply`

	readShopListings = `
SELECT sku, market, channel, language, title, description, sizes, legal, source, as_of, assumed FROM listing`

	readDocuments = `
SELECT kind, sku, market, reference, from_day, until_day, source, as_of, assumed FROM document`

	readWarehouses = `SELECT location, country, serves, source, as_of, assumed FROM warehouse`
)

// ordersSource is the source of a product's name that nobody gave: the descriptions of
// its order lines.
const ordersSource = "orders"

// products reads what is known of products, and names the others by the description that
// most of their order lines bear.
func (f *freezer) products() error {
	all, err := collect(f.ctx, f.tx, func(scan func(...any) error, p *commerce.Product) error {
		return scan(&p.SKU, &p.Name, &p.Category, &p.Grams, &p.HS, &p.Origin, &p.Traits, &p.Provenance.Source, ordinal{&p.Provenance.AsOf}, &p.Provenance.Assumed)
	}, readProducts)
	if err != nil {
		return err
	}
	described, err := f.descriptions()
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Name == "" {
			all[i].Name = described[all[i].SKU]
		}
		delete(described, all[i].SKU)
	}
	for sku, name := range described {
		all = append(all, commerce.Product{SKU: sku, Name: name, Provenance: commerce.Provenance{Source: ordersSource, AsOf: f.s.AsOf}})
	}
	slices.SortFunc(all, func(a, b commerce.Product) int { return cmp.Compare(a.SKU, b.SKU) })
	f.s.Products = all
	return nil
}

// descriptions returns the most frequent description of each SKU, of equals the first by
// the alphabet.
func (f *freezer) descriptions() (map[commerce.SKU]string, error) {
	best := mostFrequent{}
	err := scanRaw(f.ctx, f.conn, readDescriptions, []any{f.s.AsOf.Ordinal()}, func(v []driver.Value) {
		best.add(commerce.SKU(f.names.labels[integer(v[0])]), f.names.labels[integer(v[1])], integer(v[2]))
	})
	return best.names(), err
}

// facts reads what is known beside sales and products, as it stands at the end of the day.
func (f *freezer) facts() (err error) {
	var failed error
	asOf := f.s.AsOf.Ordinal()
	convert := func(e4 int64, from money.Currency) money.Amount {
		return money.FromE4(f.rates.convert(e4, from, f.s.AsOf, &failed), f.s.Currency)
	}
	quoted := func(e4 int64, from money.Currency) money.Amount {
		if from == f.s.Currency {
			return money.Amount{}
		}
		return money.FromE4(e4, from)
	}
	f.s.Costs, err = collect(f.ctx, f.tx, func(scan func(...any) error, c *commerce.Cost) error {
		var e4 int64
		var currency money.Currency
		err := scan(&c.SKU, ordinal{&c.From}, &e4, &currency, &c.Provenance.Source, ordinal{&c.Provenance.AsOf}, &c.Provenance.Assumed)
		c.Unit, c.Quoted = convert(e4, currency), quoted(e4, currency)
		return err
	}, readCosts, asOf)
	if err != nil {
		return err
	}
	f.s.Stocks, err = collect(f.ctx, f.tx, func(scan func(...any) error, s *commerce.Stock) error {
		return scan(&s.SKU, &s.Location, &s.OnHand, &s.Inbound, ordinal{&s.Day}, &s.Provenance.Source, ordinal{&s.Provenance.AsOf}, &s.Provenance.Assumed)
	}, readStocks, asOf)
	if err != nil {
		return err
	}
	f.s.Supplies, err = collect(f.ctx, f.tx, func(scan func(...any) error, s *commerce.Supply) error {
		var e4 int64
		var currency money.Currency
		err := scan(&s.SKU, &s.Supplier, &s.LeadDays, &s.LeadSD, &s.MOQ, &s.Pack, &e4, &currency, &s.Provenance.Source, ordinal{&s.Provenance.AsOf}, &s.Provenance.Assumed)
		s.OrderCost, s.Quoted = convert(e4, currency), quoted(e4, currency)
		return err
	}, readSupplies)
	if err != nil {
		return err
	}
	f.s.Warehouses, err = collect(f.ctx, f.tx, func(scan func(...any) error, w *commerce.Warehouse) error {
		var serves string
		err := scan(&w.Location, &w.Country, &serves, &w.Provenance.Source, ordinal{&w.Provenance.AsOf}, &w.Provenance.Assumed)
		for _, m := range strings.Fields(serves) {
			w.Serves = append(w.Serves, commerce.Market(m))
		}
		return err
	}, readWarehouses)
	f.sortFacts()
	if err = cmp.Or(err, failed); err != nil {
		return err
	}
	return f.texts()
}

// texts reads listings and documents.
func (f *freezer) texts() (err error) {
	f.s.Listings, err = collect(f.ctx, f.tx, func(scan func(...any) error, l *commerce.Listing) error {
		return scan(&l.Item.SKU, &l.Item.Market, &l.Item.Channel, &l.Language, &l.Title, &l.Description, &l.Sizes, &l.Legal,
			&l.Provenance.Source, ordinal{&l.Provenance.AsOf}, &l.Provenance.Assumed)
	}, readShopListings)
	if err != nil {
		return err
	}
	f.s.Documents, err = collect(f.ctx, f.tx, func(scan func(...any) error, d *commerce.Document) error {
		return scan(&d.Kind, &d.SKU, &d.Market, &d.Reference, ordinal{&d.From}, ordinal{&d.Until},
			&d.Provenance.Source, ordinal{&d.Provenance.AsOf}, &d.Provenance.Assumed)
	}, readDocuments)
	slices.SortFunc(f.s.Listings, func(a, b commerce.Listing) int {
		return cmp.Or(a.Item.Compare(b.Item), cmp.Compare(a.Language, b.Language))
	})
	slices.SortFunc(f.s.Documents, func(a, b commerce.Document) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Market, b.Market), cmp.Compare(a.Kind, b.Kind), a.Until.Compare(b.Until), cmp.Compare(a.Reference, b.Reference))
	})
	return err
}

func (f *freezer) sortFacts() {
	slices.SortFunc(f.s.Costs, func(a, b commerce.Cost) int { return cmp.Compare(a.SKU, b.SKU) })
	slices.SortFunc(f.s.Stocks, func(a, b commerce.Stock) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Location, b.Location))
	})
	slices.SortFunc(f.s.Supplies, func(a, b commerce.Supply) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Supplier, b.Supplier))
	})
	slices.SortFunc(f.s.Warehouses, func(a, b commerce.Warehouse) int { return cmp.Compare(a.Location, b.Location) })
}

// ordinal scans a stored day.
type ordinal struct{ day *calendar.Day }

func (o ordinal) Scan(v any) error {
	*o.day = calendar.FromOrdinal(int32(integer(v)))
	return nil
}
