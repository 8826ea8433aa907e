package pricing

import (
	"tradewind/messages"
	"tradewind/money"
)

// Terms are what stands between the price a customer is asked and what is left of it.
// Rates are shares in [0,1].
type Terms struct {
	TaxRate  float64 // VAT, GST or sales tax on the price before tax
	TaxOnTop bool    // prices are asked without tax: it is added at the till and is no part of them

	ImportRate  float64      // duty and import charges that the seller bears, of the price before tax
	ImportFixed money.Amount // and a unit
	ChannelRate float64      // commission, of the price asked
	ChannelFee  money.Amount // and a unit
	PaymentRate float64      // of the price asked
	PaymentFee  money.Amount // and a unit

	ReturnRate float64      // share of units sold that come back and are refunded
	ReturnCost money.Amount // a unit that comes back: freight, handling, what it lost in value
	Recovered  money.Amount // a unit that comes back: the landed cost that it saves, being sold again
	FeesBack   float64      // share of the channel fee given back with a refund
}

func (t *Terms) check(p *Problem) error {
	for _, f := range []struct {
		name  string
		value float64
		most  float64
	}{
		{"tax_rate", t.TaxRate, 10}, {"import_rate", t.ImportRate, 10}, {"channel_rate", t.ChannelRate, 1},
		{"payment_rate", t.PaymentRate, 1}, {"return_rate", t.ReturnRate, 1}, {"fees_back", t.FeesBack, 1},
	} {
		if !(f.value >= 0 && f.value <= f.most) {
			return p.number(f.name, f.value)
		}
	}
	for _, a := range []money.Amount{t.ImportFixed, t.ChannelFee, t.PaymentFee, t.ReturnCost, t.Recovered} {
		if err := p.sameCurrency(a); err != nil {
			return err
		}
	}
	return nil
}

// shares are the parts of a price in whole units of the currency.
type shares struct{ tax, charges, channel, payment, returns float64 }

func (t *Terms) split(price float64) shares {
	before := price
	if !t.TaxOnTop {
		before = price / (1 + t.TaxRate)
	}
	s := shares{
		tax:     price - before,
		charges: before*t.ImportRate + t.ImportFixed.Float(),
		channel: price*t.ChannelRate + t.ChannelFee.Float(),
		payment: price*t.PaymentRate + t.PaymentFee.Float(),
	}
	// A refund gives back the price before tax; the tax was not the seller's.
	s.returns = t.ReturnRate * (before + t.ReturnCost.Float() - t.Recovered.Float() - t.FeesBack*s.channel)
	return s
}

// Net returns what a unit sold at a price leaves after tax, duty, fees and expected
// returns, before the cost of the goods. It is a straight line in the price.
func (t *Terms) Net(price float64) float64 {
	s := t.split(price)
	return price - s.tax - s.charges - s.channel - s.payment - s.returns
}

// Part is one step of a waterfall: what it takes of the price.
type Part struct {
	Name   string // "tax", "import", "channel", "payment", "returns", "landed"
	Amount money.Amount
}

// Label returns the part's name for people.
func (p Part) Label() messages.Message { return messages.M("pricing.part." + p.Name) }

// Waterfall leads from the price asked to the contribution of a unit. Price is exactly
// the sum of the parts and the contribution.
type Waterfall struct {
	Price        money.Amount
	Parts        []Part
	Contribution money.Amount
}

// NewWaterfall takes the parts off a price; the contribution is what is left. Parts in
// another currency than the price are fault.Invalid.
func NewWaterfall(price money.Amount, parts ...Part) (*Waterfall, error) {
	w := &Waterfall{Price: price, Parts: parts, Contribution: price}
	for _, part := range parts {
		left, err := w.Contribution.Sub(part.Amount)
		if err != nil {
			return nil, err
		}
		w.Contribution = left
	}
	return w, nil
}

// Waterfall takes a price apart by the terms. Each part is rounded to a ten-thousandth;
// the contribution takes up the rest, so that the sum is exact.
func (t *Terms) Waterfall(price, unitCost money.Amount) (*Waterfall, error) {
	s := t.split(price.Float())
	var parts []Part
	for _, f := range []struct {
		name  string
		value float64
	}{{"tax", s.tax}, {"import", s.charges}, {"channel", s.channel}, {"payment", s.payment}, {"returns", s.returns}} {
		a, err := money.FromFloat(f.value, price.Currency())
		if err != nil {
			return nil, err
		}
		parts = append(parts, Part{f.name, a})
	}
	return NewWaterfall(price, append(parts, Part{"landed", unitCost})...)
}

// Waterfall takes a price of the problem apart by its Terms. Where Net stands in their
// place, the caller knows the parts: see NewWaterfall.
func (p *Problem) Waterfall(price money.Amount) (*Waterfall, error) {
	return p.Terms.Waterfall(price, p.UnitCost)
}
