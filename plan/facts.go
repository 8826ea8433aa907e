package plan

import (
	"strconv"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/money"
)

// facts are the facts that an order at a site needs; what is missing is nil.
type facts struct {
	stock  *commerce.Stock
	cost   *commerce.Cost
	supply *commerce.Supply
}

// gather finds the facts of a site. Of several suppliers it takes the one with the
// shortest lead time, the first by name among equals.
func gather(s *commerce.Snapshot, site Site) facts {
	f := facts{cost: s.Cost(site.SKU)}
	for _, st := range s.StocksOf(site.SKU) {
		if st.Location == site.Location {
			f.stock = &st
		}
	}
	for _, sup := range s.SuppliesOf(site.SKU) {
		if f.supply == nil || sup.LeadDays < f.supply.LeadDays {
			f.supply = &sup
		}
	}
	return f
}

// missing says which fact an order cannot do without, and with it the cheapest remedy.
func (m *Menu) missing() messages.Message {
	switch {
	case m.Facts.stock == nil:
		return messages.M("plan.refused.no-stock")
	case m.Facts.cost == nil:
		return messages.M("plan.refused.no-cost")
	case m.Facts.supply == nil:
		return messages.M("plan.refused.no-supply")
	}
	return messages.Message{}
}

// Facts lists what a decision at a site rests on and nobody but a new fact can change:
// stock, cost, supply, price and settings, in their canonical form. An approval compares
// the list of its own day with the one that was approved.
func Facts(s *commerce.Snapshot, c Config, site Site) []decision.Input {
	c = c.withDefaults()
	f := gather(s, site)
	var list []decision.Input
	if f.stock != nil {
		list = append(list,
			input("stock.on_hand", count(f.stock.OnHand), f.stock.Provenance),
			input("stock.inbound", count(f.stock.Inbound), f.stock.Provenance))
	}
	if f.cost != nil {
		list = append(list, input("cost.unit", f.cost.Unit.String(), f.cost.Provenance))
	}
	if f.supply != nil {
		list = append(list,
			input("supply.supplier", string(f.supply.Supplier), f.supply.Provenance),
			input("supply.lead_days", number(f.supply.LeadDays), f.supply.Provenance),
			input("supply.lead_sd", number(f.supply.LeadSD), f.supply.Provenance),
			input("supply.moq", count(max(1, f.supply.MOQ)), f.supply.Provenance),
			input("supply.pack", count(max(1, f.supply.Pack)), f.supply.Provenance),
			input("supply.order_cost", f.supply.OrderCost.String(), f.supply.Provenance))
	}
	if sold := soldAt(s, site); sold.price > 0 {
		if paid, err := money.FromFloat(sold.price, s.Currency); err == nil {
			list = append(list, input("price.paid", paid.Round().String(), commerce.Provenance{Source: "orders", AsOf: sold.last}))
		}
	}
	return append(list, input("settings.holding_rate", number(c.HoldingRate),
		commerce.Provenance{Source: "tradewind.yaml", AsOf: s.AsOf, Assumed: c.assumesHolding}))
}

func input(key, value string, p commerce.Provenance) decision.Input {
	return decision.Input{
		Key: key, Name: messages.M("plan.input." + key), Value: value,
		Source: p.Source, AsOf: p.AsOf, Assumed: p.Assumed,
	}
}

func count(n int64) string    { return strconv.FormatInt(n, 10) }
func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
