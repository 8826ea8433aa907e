package simulate

import (
	"tradewind/commerce"
	"tradewind/money"
)

// Panel is what the files say about one item, week by week. Its columns are views: read
// them, and take them anew after a week was played.
type Panel struct {
	Item        commerce.Item
	Category    string
	Subcategory string
	Currency    money.Currency // of the prices

	Units []float64
	Share []float64 // of the week in stock; 0 before the item was offered
	Price []float64 // regular; NaN before the item was offered
	Paid  []float64 // after the promotion
	Promo []Promo
	Rival []float64
	Cost  []float64 // landed, euro
	Rate  []float64 // euro for one unit of the market's currency

	Kept     float64 // share of the price that is left after payment
	Handling float64 // of a parcel, euro
}

// Panel returns the weeks of item i that are over.
func (s *Stores) Panel(i int) Panel {
	it, n := s.items[i], s.weeks
	p := s.skus[it.product]
	names := categoryNames[p.category]
	return Panel{
		Item: it.item, Category: names[0], Subcategory: names[1+p.subcategory], Currency: places[it.place].currency,
		Units: it.units[:n:n], Share: it.share[:n:n], Price: it.price[:n:n], Paid: it.paid[:n:n], Promo: it.promo[:n:n],
		Rival: it.rival[:n:n], Cost: it.cost[:n:n], Rate: it.rate[:n:n],
		Kept: kept, Handling: places[it.place].handling,
	}
}
