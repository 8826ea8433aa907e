package store

import (
	"cmp"
	"slices"

	"tradewind/commerce"
	"tradewind/money"
)

const (
	// What a rival asks later was not known on the day.
	readPrices = `
SELECT sku, market, channel, seller, from_day, min_units, price_e4, currency, source, as_of, assumed FROM price
WHERE from_day <= $1`

	// Promotions to come are the seller's own plan.
	readPromotions = `
SELECT sku, market, channel, from_day, vehicle, label, to_day, depth, price_e4, cost_e4, funding_e4, currency, source, as_of, assumed FROM promotion`
)

// offers reads asked prices and promotions. Neither is converted: what a customer saw is
// an amount in the currency of the shop window.
func (f *freezer) offers() (err error) {
	shared := texts{}
	f.s.Prices, err = collect(f.ctx, f.tx, func(scan func(...any) error, p *commerce.Price) error {
		var e4 int64
		var currency money.Currency
		err := scan(&p.Item.SKU, &p.Item.Market, &p.Item.Channel, &p.Seller, ordinal{&p.From}, &p.MinUnits, &e4, &currency,
			&p.Provenance.Source, ordinal{&p.Provenance.AsOf}, &p.Provenance.Assumed)
		p.Item, p.Seller, p.Price = shared.item(p.Item), shared.one(p.Seller), money.FromE4(e4, money.Currency(shared.one(string(currency))))
		return err
	}, readPrices, f.s.AsOf.Ordinal())
	if err != nil {
		return err
	}
	f.s.Promotions, err = collect(f.ctx, f.tx, func(scan func(...any) error, p *commerce.Promotion) error {
		var price, cost, funding int64
		var currency money.Currency
		err := scan(&p.Item.SKU, &p.Item.Market, &p.Item.Channel, ordinal{&p.From}, &p.Vehicle, &p.Name, ordinal{&p.To}, &p.Depth, &price, &cost, &funding, &currency,
			&p.Provenance.Source, ordinal{&p.Provenance.AsOf}, &p.Provenance.Assumed)
		p.Price, p.Cost, p.Funding = amountOf(price, currency), amountOf(cost, currency), amountOf(funding, currency)
		return err
	}, readPromotions)
	slices.SortFunc(f.s.Prices, func(a, b commerce.Price) int {
		return cmp.Or(a.Item.Compare(b.Item), cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.MinUnits, b.MinUnits), a.From.Compare(b.From))
	})
	slices.SortFunc(f.s.Promotions, func(a, b commerce.Promotion) int {
		return cmp.Or(a.Item.Compare(b.Item), a.From.Compare(b.From), cmp.Compare(a.Vehicle, b.Vehicle), cmp.Compare(a.Name, b.Name))
	})
	return err
}

// amountOf is an amount that may not be there.
func amountOf(e4 int64, currency money.Currency) money.Amount {
	if e4 == 0 {
		return money.Amount{}
	}
	return money.FromE4(e4, currency)
}

// texts keep one copy of each text: a list of prices says the same few over and over.
type texts map[string]string

func (t texts) one(s string) string {
	if known, ok := t[s]; ok {
		return known
	}
	t[s] = s
	return s
}

func (t texts) item(it commerce.Item) commerce.Item {
	return commerce.Item{
		SKU: commerce.SKU(t.one(string(it.SKU))), Market: commerce.Market(t.one(string(it.Market))), Channel: commerce.Channel(t.one(string(it.Channel))),
	}
}
