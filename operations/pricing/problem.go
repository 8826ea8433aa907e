package pricing

import (
	"math"
	"strconv"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// Problem is the price of one item to set, in the currency in which it is asked. Column
// s of Demand, Weight and Elasticity is scenario s.
type Problem struct {
	Item  commerce.Item
	Price money.Amount // asked today

	Demand     []float64 // units wanted over the horizon at today's price
	Weight     []float64 // of the scenarios; nil: all alike
	Elasticity []float64 // per cent of units for one per cent of price, at today's price; above 0 counts as 0
	Curve      Curve
	Share      float64 // Logit only: today's share of those who might buy, in [0,1)

	// Net is what a unit sold at a price leaves after tax, duty, fees and returns, before
	// the cost of the goods. Nil: Terms.Net.
	Net   func(price float64) float64
	Terms Terms

	UnitCost money.Amount // landed
	Bid      money.Amount // what a unit kept for later or for elsewhere is worth beyond its cost
	Stock    float64      // units that can be sold over the horizon; +Inf: enough
	Horizon  int          // days that Demand covers

	Limits Limits
}

const (
	steepest = -100              // the most elastic draw that is still taken for one
	dearest  = int64(1e13) * 1e4 // ten-thousandths: the grid around it must be an amount as well
)

// check refuses what is no price problem: every code says what to mend.
func (p *Problem) check() error {
	if p.Price.Sign() <= 0 {
		return fault.New(fault.Invalid, "E-PRICING-PRICE", fault.A("sku", string(p.Item.SKU)), fault.A("price", p.Price))
	}
	if len(p.Demand) == 0 || len(p.Elasticity) != len(p.Demand) || p.Weight != nil && len(p.Weight) != len(p.Demand) {
		return fault.New(fault.Invalid, "E-PRICING-SCENARIOS", fault.A("sku", string(p.Item.SKU)),
			fault.A("demand", len(p.Demand)), fault.A("elasticity", len(p.Elasticity)), fault.A("weight", len(p.Weight)))
	}
	weight := 0.
	for s, d := range p.Demand {
		w := 1.
		if p.Weight != nil {
			w = p.Weight[s]
		}
		switch e := p.Elasticity[s]; {
		case !(d >= 0) || math.IsInf(d, 1):
			return p.bad("E-PRICING-DEMAND", s, d)
		case !(e >= steepest) || math.IsInf(e, 1):
			return p.bad("E-PRICING-ELASTICITY", s, e)
		case !(w >= 0) || math.IsInf(w, 1):
			return p.bad("E-PRICING-WEIGHT", s, w)
		}
		weight += w
	}
	if weight == 0 {
		return p.bad("E-PRICING-WEIGHT", 0, 0)
	}
	if p.Price.E4() > dearest {
		return p.number("price", p.Price.Float())
	}
	if !(p.Stock >= 0) {
		return p.number("stock", p.Stock)
	}
	if !(p.Share >= 0 && p.Share < 1) {
		return p.number("share", p.Share)
	}
	if p.Horizon < 0 {
		return p.number("horizon", float64(p.Horizon))
	}
	if p.UnitCost.Sign() < 0 {
		return p.number("unit_cost", p.UnitCost.Float())
	}
	for _, a := range []money.Amount{p.UnitCost, p.Bid} {
		if err := p.sameCurrency(a); err != nil {
			return err
		}
	}
	if err := p.Terms.check(p); err != nil {
		return err
	}
	if net := p.net(p.Price.Float()); math.IsNaN(net) || math.IsInf(net, 0) {
		return p.number("net", net)
	}
	return p.Limits.check(p)
}

func (p *Problem) bad(code string, scenario int, value float64) error {
	return fault.New(fault.Invalid, code, fault.A("sku", string(p.Item.SKU)), fault.A("scenario", scenario), fault.A("value", plain(value)))
}

// number refuses one figure of a problem by the name of its field.
func (p *Problem) number(field string, value float64) error {
	return fault.New(fault.Invalid, "E-PRICING-NUMBER", fault.A("sku", string(p.Item.SKU)), fault.A("field", field), fault.A("value", plain(value)))
}

// plain shows a number as it is, also one that is none.
func plain(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// sameCurrency refuses an amount in another currency than the price; nothing is nothing
// in every currency.
func (p *Problem) sameCurrency(a money.Amount) error {
	if a.IsZero() || a.Currency() == p.Price.Currency() {
		return nil
	}
	return fault.New(fault.Invalid, "E-PRICING-CURRENCY", fault.A("sku", string(p.Item.SKU)), fault.A("price", p.Price), fault.A("amount", a))
}

// net is what a unit sold at a price leaves before the cost of the goods.
func (p *Problem) net(price float64) float64 {
	if p.Net != nil {
		return p.Net(price)
	}
	return p.Terms.Net(price)
}

// contribution is what a unit sold at a price leaves after the cost of the goods.
func (p *Problem) contribution(price float64) float64 { return p.net(price) - p.UnitCost.Float() }

// margin is contribution less what the unit would be worth if it were kept.
func (p *Problem) margin(price float64) float64 { return p.contribution(price) - p.Bid.Float() }

func ratio(a, b money.Amount) float64 { return float64(a.E4()) / float64(b.E4()) }
