package market

import (
	"slices"

	"tradewind/money"
)

// Ending is a customary end of prices: a price ends so when it leaves Value over after
// whole multiples of Of.
type Ending struct {
	Value money.Amount // 0.99, or 980
	Of    money.Amount // 1.00, or 1000: the next power of ten
}

// PriceEndings lists the customary ends of prices there, most usual first. Whether they
// sell more is for an experiment to say.
func (p *Pack) PriceEndings() []Ending {
	var list []Ending
	for _, text := range p.Prices.Endings {
		e, err := parseEnding(text, p.Tender)
		if err != nil {
			panic("market: " + err.Error()) // ReadPack has checked it
		}
		list = append(list, e)
	}
	return list
}

func parseEnding(text string, currency money.Currency) (Ending, error) {
	value, err := money.Parse(text, currency)
	if err != nil {
		return Ending{}, err
	}
	of := int64(10_000) // one unit, in ten-thousandths
	for of <= value.E4() {
		of *= 10
	}
	return Ending{value, money.FromE4(of, currency)}, nil
}

// Below returns the highest price with this ending that is not above a price, and false
// where there is none above zero.
func (e Ending) Below(price money.Amount) (money.Amount, bool) {
	n := (price.E4()-e.Value.E4())/e.Of.E4()*e.Of.E4() + e.Value.E4()
	if n > price.E4() {
		n -= e.Of.E4()
	}
	return money.FromE4(n, price.Currency()), n > 0
}

// Ends reports whether a price ends so.
func (e Ending) Ends(price money.Amount) bool {
	below, ok := e.Below(price)
	return ok && below == price
}

// EndsCustomarily reports whether a price ends as prices there do.
func (p *Pack) EndsCustomarily(price money.Amount) bool {
	return slices.ContainsFunc(p.PriceEndings(), func(e Ending) bool { return e.Ends(price) })
}

// CashRound returns what is paid in cash: the amount rounded to the smallest step of cash,
// halves away from zero. Other ways to pay are not rounded. An amount in another currency
// is returned as it is.
//
// Source: CLDR, currency fractions; the pack's own step where the country differs.
func (p *Pack) CashRound(a money.Amount) money.Amount {
	if a.Currency() != p.Tender {
		return a
	}
	text := p.Cash.Step
	if text == "" {
		text = p.CashStep
	}
	if text == "" {
		return a.Round()
	}
	step, err := money.Parse(text, p.Tender)
	if err != nil {
		panic("market: " + err.Error()) // ReadPack has checked it
	}
	n, s := a.E4(), step.E4()
	half := s / 2
	if n < 0 {
		half = -half
	}
	if rest := n % s; rest == 0 {
		return a
	}
	return money.FromE4((n+half)/s*s, p.Tender)
}
