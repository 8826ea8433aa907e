package commerce

import (
	"slices"
	"sort"

	"tradewind/calendar"
	"tradewind/money"
)

// Snapshot is everything that a plan reads, frozen at the end of a day: columns sorted
// by item and day, amounts in the reporting currency. It holds no persons, and nobody
// changes it after it is made.
type Snapshot struct {
	AsOf     calendar.Day   // the last day of facts, included
	From     calendar.Day   // the first day of facts
	Currency money.Currency // the reporting currency
	Items    []Item         // sorted by Item.Compare
	Sales    Sales

	Products   []Product    // sorted by SKU
	Costs      []Cost       // one a SKU, the one in force, in the reporting currency
	Stocks     []Stock      // sorted by SKU, location; the latest count of each
	Supplies   []Supply     // sorted by SKU, supplier
	Receipts   []Receipt    // received by AsOf; sorted by SKU, location, received, ordered, reference
	Warehouses []Warehouse  // sorted by location
	Paid       []PaidPrice  // sorted by item, step
	Charged    []Charged    // sorted by item, from, currency
	Prices     []Price      // asked, own and rivals', as asked: never converted; sorted by item, seller, min units, from
	Promotions []Promotion  // amounts as given: never converted; sorted by item, from, vehicle, name
	Listings   []Listing    // sorted by item, language
	Documents  []Document   // sorted by SKU, market, kind, until
	Rates      []Rate       // the rates that the conversion used
	Trading    []TradingDay // every day From…AsOf
	Hash       string       // hex SHA-256 of all of the above
}

// Sales are the columns of sold units: row r of item i lies in Start[i] ≤ r < Start[i+1],
// days ascending, only days with a sale or a return.
type Sales struct {
	Start    []int32 // len(Items)+1
	Day      []calendar.Day
	Gross    []Units   // units ordered and not cancelled the same day
	Returned []Units   // units taken back on this day
	Revenue  []int64   // of Gross, in ten-thousandths of the reporting currency
	Refunded []int64   // of Returned, likewise
	Lines    []int32   // order lines
	Largest  []Units   // units of the largest line
	Typical  []int64   // median price a unit over the day's order lines, in ten-thousandths of the currency charged: never converted; 0 where none
	InStock  []float32 // share of the day on which the item could be bought; 1 when unknown
}

// PaidPrice is what customers paid for an item at one quantity step.
type PaidPrice struct {
	Item     Item
	MinUnits Units        // lines of at least this many units, up to the next step
	Price    money.Amount // median a unit over the last 90 days of sales
	Lines    int64
}

// Charged says in which currency an item was sold, and when. An item with two of them
// has no one series of prices.
type Charged struct {
	Item     Item
	Currency money.Currency
	From, To calendar.Day // the first and the last day with an order line in it
	Lines    int64        // order lines
}

// TradingDay says how much of the shop's trade happened on a day, over all items: what
// tells a closed day from a slow one.
type TradingDay struct {
	Day   calendar.Day
	Lines int64
}

// Rows returns the half-open range of sales rows of item i.
func (s *Snapshot) Rows(i int) (lo, hi int) { return int(s.Sales.Start[i]), int(s.Sales.Start[i+1]) }

// Days returns the number of days From…AsOf, both included.
func (s *Snapshot) Days() int { return s.AsOf.Sub(s.From) + 1 }

// Item returns the position of an item, or -1.
func (s *Snapshot) Item(it Item) int {
	if i, ok := slices.BinarySearchFunc(s.Items, it, Item.Compare); ok {
		return i
	}
	return -1
}

// ItemsOf returns the half-open range of positions of a SKU's items.
func (s *Snapshot) ItemsOf(sku SKU) (lo, hi int) {
	lo = sort.Search(len(s.Items), func(i int) bool { return s.Items[i].SKU >= sku })
	hi = sort.Search(len(s.Items), func(i int) bool { return s.Items[i].SKU > sku })
	return lo, hi
}

// SKUs returns every SKU that has sales, ascending.
func (s *Snapshot) SKUs() []SKU {
	var skus []SKU
	for _, it := range s.Items {
		if n := len(skus); n == 0 || skus[n-1] != it.SKU {
			skus = append(skus, it.SKU)
		}
	}
	return skus
}

// Product returns the description of a SKU, or nil.
func (s *Snapshot) Product(sku SKU) *Product {
	return first(s.Products, sku, func(p *Product) SKU { return p.SKU })
}

// Cost returns the cost in force of a SKU, or nil.
func (s *Snapshot) Cost(sku SKU) *Cost {
	return first(s.Costs, sku, func(c *Cost) SKU { return c.SKU })
}

// StocksOf returns the latest counts of a SKU, one a location.
func (s *Snapshot) StocksOf(sku SKU) []Stock {
	return all(s.Stocks, sku, func(x *Stock) SKU { return x.SKU })
}

// SuppliesOf returns who delivers a SKU, and how.
func (s *Snapshot) SuppliesOf(sku SKU) []Supply {
	return all(s.Supplies, sku, func(x *Supply) SKU { return x.SKU })
}

// ReceiptsOf returns the goods receipts of a SKU at all its locations.
func (s *Snapshot) ReceiptsOf(sku SKU) []Receipt {
	return all(s.Receipts, sku, func(x *Receipt) SKU { return x.SKU })
}

// PaidOf returns the prices paid for an item by quantity step.
func (s *Snapshot) PaidOf(it Item) []PaidPrice {
	return ofItem(s.Paid, it, func(p *PaidPrice) Item { return p.Item })
}

// ChargedIn returns the currencies in which an item was sold.
func (s *Snapshot) ChargedIn(it Item) []Charged {
	return ofItem(s.Charged, it, func(c *Charged) Item { return c.Item })
}

// PricesOf returns the prices asked for an item, the seller's own (Seller "") first.
func (s *Snapshot) PricesOf(it Item) []Price {
	return ofItem(s.Prices, it, func(p *Price) Item { return p.Item })
}

// PromotionsOf returns the offers on an item, past and planned.
func (s *Snapshot) PromotionsOf(it Item) []Promotion {
	return ofItem(s.Promotions, it, func(p *Promotion) Item { return p.Item })
}

// Serves reports whether a location serves a market. A location that is not described,
// or that lists no market, serves all.
func (s *Snapshot) Serves(loc Location, m Market) bool {
	i := sort.Search(len(s.Warehouses), func(i int) bool { return s.Warehouses[i].Location >= loc })
	if i == len(s.Warehouses) || s.Warehouses[i].Location != loc || len(s.Warehouses[i].Serves) == 0 {
		return true
	}
	return slices.Contains(s.Warehouses[i].Serves, m)
}

// ofItem returns the rows of an item among rows sorted by item.
func ofItem[T any](rows []T, it Item, key func(*T) Item) []T {
	lo := sort.Search(len(rows), func(i int) bool { return key(&rows[i]).Compare(it) >= 0 })
	hi := lo
	for hi < len(rows) && key(&rows[hi]) == it {
		hi++
	}
	return rows[lo:hi]
}

// all returns the rows of a SKU among rows sorted by SKU.
func all[T any](rows []T, sku SKU, key func(*T) SKU) []T {
	lo := sort.Search(len(rows), func(i int) bool { return key(&rows[i]) >= sku })
	hi := lo
	for hi < len(rows) && key(&rows[hi]) == sku {
		hi++
	}
	return rows[lo:hi]
}

func first[T any](rows []T, sku SKU, key func(*T) SKU) *T {
	if found := all(rows, sku, key); len(found) > 0 {
		return &found[0]
	}
	return nil
}
