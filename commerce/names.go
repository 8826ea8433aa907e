// Package commerce holds the words of trade that two or more packages share: names,
// the facts that files bring in, and the frozen Snapshot that every discipline reads.
//
// A type lives here only if two packages that do not import each other need it. It is
// not for methods (numeric), decisions (decision) or storage (store).
package commerce

import "cmp"

// SKU names a product as the seller does.
type SKU string

// Market is a country of sale: an ISO 3166-1 alpha-2 code, or one of the codes for
// places that are no single country (see UnstatedMarket and its neighbours).
type Market string

// Channel is where a sale is made: "web", "amazon", "shopify" …
type Channel string

// Location is a warehouse. One location serves many markets.
type Location string

// Supplier is who sells to the seller.
type Supplier string

// CustomerID is opaque: it tells two customers apart and says nothing about either.
// "" is an unknown customer.
type CustomerID string

// Units counts pieces.
type Units = int64

// Item is what demand, price and law belong to: a product in a market on a channel.
type Item struct {
	SKU     SKU     `json:"sku"`
	Market  Market  `json:"market"`
	Channel Channel `json:"channel"`
}

// Compare orders items by SKU, market, channel: the order of every Snapshot column.
func (i Item) Compare(j Item) int {
	return cmp.Or(cmp.Compare(i.SKU, j.SKU), cmp.Compare(i.Market, j.Market), cmp.Compare(i.Channel, j.Channel))
}

// Codes for markets that the source does not name as one country. ISO 3166-1 keeps
// XA–XZ and ZZ for users, and reserves EU.
const (
	UnstatedMarket        Market = "ZZ" // no country stated
	EuropeanUnion         Market = "EU" // "European Community"
	ChannelIslandsMarket  Market = "XJ" // Jersey or Guernsey, not told apart
	CaribbeanIslandMarket Market = "XW" // "West Indies"
)
