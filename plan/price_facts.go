package plan

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/compliance"
)

// Spell is a price and the days on which it was asked, both included.
type Spell struct {
	Price    money.Amount
	From, To calendar.Day
	Source   string // "asked": from a price list; "paid": what customers paid
}

// Spells is the history of the price of item i, oldest first: of the seller's own price
// list where there is one, and else of what customers paid week by week.
func (st *PriceStudy) Spells(i int) []Spell {
	s, p := st.survey.Snapshot, st.panel
	var list []Spell
	for _, a := range compliance.AskedPrices(s.PricesOf(s.Items[i]), s.Items[i], s.AsOf) {
		list = append(list, Spell{a.Price, a.From, a.To, "asked"})
	}
	if len(list) > 0 {
		return list
	}
	lo, hi := p.Rows(i)
	for r := lo; r < hi; r++ {
		price, err := money.FromFloat(p.Price[r], p.Currency[i])
		if err != nil {
			continue
		}
		monday := p.From.AddDays(7 * int(p.Week[r]))
		price, sunday := price.Round(), monday.AddDays(6)
		if n := len(list); n > 0 && list[n-1].Price == price && list[n-1].To.AddDays(1) == monday {
			list[n-1].To = sunday
			continue
		}
		list = append(list, Spell{price, monday, sunday, "paid"})
	}
	if n := len(list); n > 0 && list[n-1].To.Before(s.AsOf) {
		list[n-1].To = s.AsOf // the days of a week that is not over
	}
	return list
}

// today is the price that is asked for item i and since when: of the price list of the day
// where there is one, which the whole weeks of the panel may not know yet, or know as a mean
// of two prices. While a promotion is on, the list may show its price: the panel knows the
// one before.
func (st *PriceStudy) today(i int) (price money.Amount, since calendar.Day, known bool) {
	price, since, known = st.panel.Today(i)
	s, item := st.survey.Snapshot, st.survey.Snapshot.Items[i]
	asked := compliance.AskedPrices(s.PricesOf(item), item, s.AsOf)
	n := len(asked)
	if !known || n == 0 || asked[n-1].Price.Currency() != price.Currency() || asked[n-1].Price.Sign() <= 0 {
		return price, since, known
	}
	for _, promo := range s.PromotionsOf(item) {
		if !s.AsOf.Before(promo.From) && !promo.To.Before(s.AsOf) {
			return price, since, known
		}
	}
	price, since = asked[n-1].Price.Round(), calendar.Day{}
	for k := n - 1; k > 0; k-- {
		if asked[k-1].Price.Round() != price {
			return price, asked[k].From, true
		}
	}
	return price, since, true
}

// lists reports whether the history of the price of item i is a list of prices asked: what
// customers paid is weaker proof of what was asked.
func (st *PriceStudy) lists(i int) bool {
	spells := st.Spells(i)
	return len(spells) > 0 && spells[0].Source == "asked"
}

// Ignores reports whether a limit that people set for this very item is in another
// currency, and so is not applied.
func (st *PriceStudy) Ignores(p *PriceItem) bool {
	return st.survey.Config.Prices.otherMoney(p.Item, p.Price.Currency())
}

// Cost is the landed cost of a unit in the currency of the item; zero where none is known.
func (p *PriceItem) Cost() money.Amount { return p.costIn() }

// Assumes reports whether the cost of any item that was solved is assumed.
func (st *PriceStudy) Assumes() bool {
	for i := range st.Items {
		if p := &st.Items[i]; p.Problem != nil && p.cost.Provenance.Assumed {
			return true
		}
	}
	return false
}

// AssumedOf says which inputs of an item's price nobody measured.
func (st *PriceStudy) AssumedOf(p *PriceItem) []messages.Message {
	var list []messages.Message
	add := func(is bool, code string, args ...messages.Arg) {
		if is {
			list = append(list, messages.M(code, args...))
		}
	}
	c := &st.survey.Config
	add(p.cost != nil && p.cost.Provenance.Assumed, "plan.price.assumed.cost", messages.A("source", sourceOf(p.cost)))
	add(c.FeeRate == 0, "plan.price.assumed.fees")
	add(c.Seller.IsZero(), "plan.price.assumed.seller")
	add(p.rate.Provenance.Assumed, "plan.price.assumed.rate", messages.A("currency", string(p.Price.Currency())))
	add(p.Open, "plan.price.assumed.charges")
	return list
}

func sourceOf(c *commerce.Cost) string {
	if c == nil {
		return ""
	}
	return c.Provenance.Source
}

// AssumesPart reports whether a part of the waterfall of an item's price is assumed.
func (st *PriceStudy) AssumesPart(p *PriceItem, code string) bool {
	c := &st.survey.Config
	switch code {
	case "landed":
		return p.cost != nil && p.cost.Provenance.Assumed
	case "fees":
		return c.FeeRate == 0
	case "law":
		return p.Open || c.Seller.IsZero()
	}
	return false
}
