package compliance

import (
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/money"
)

// Asked is a price at which goods were offered, from a day to a day, both included. Days
// between two of them are days on which the goods were not on offer.
type Asked struct {
	From, To calendar.Day
	Price    money.Amount
}

// Prior is the price that a reduction is announced against.
type Prior struct {
	Price  money.Amount
	Day    calendar.Day // the last day of the window on which it was asked
	Window calendar.Period
	Days   int  // of the window on which the goods were on offer
	Short  bool // the goods came on offer within the window: the country may have a rule of its own for new goods
}

// PriorPrice is the lowest price at which goods were on offer in the days before a
// reduction: days is the number that law asks for, thirty in the Union, and start the
// first day of the reduction, or of the campaign where prices fall step by step. The
// window is start−days … start−1; a gap in it neither lengthens it nor counts as a price.
// Goods that were not on offer in it at all have no prior price: fault.Invalid, as are
// mixed currencies, overlaps and periods that end before they begin.
//
// Source: Directive 98/6/EC, Article 6a; Court of Justice, C-330/23 (2024).
func PriorPrice(history []Asked, start calendar.Day, days int) (Prior, error) {
	p := Prior{Window: calendar.Period{From: start.AddDays(-days), To: start}}
	sorted := slices.Clone(history)
	slices.SortStableFunc(sorted, func(a, b Asked) int { return a.From.Compare(b.From) })
	earlier := false
	for i, a := range sorted {
		switch {
		case a.To.Before(a.From):
			return p, fault.New(fault.Invalid, "E-PRICE-PERIOD", fault.A("from", a.From), fault.A("to", a.To))
		case i > 0 && !sorted[i-1].To.Before(a.From):
			return p, fault.New(fault.Invalid, "E-PRICE-OVERLAP", fault.A("day", a.From))
		}
		earlier = earlier || a.From.Before(p.Window.From.AddDays(1))
		from, to := later(a.From, p.Window.From), earliest(a.To, start.AddDays(-1))
		if to.Before(from) {
			continue
		}
		p.Days += to.Sub(from) + 1
		switch {
		case p.Day == (calendar.Day{}):
			p.Price, p.Day = a.Price, to
		case p.Price.Currency() != a.Price.Currency():
			return p, fault.New(fault.Invalid, "E-MONEY-MIXED", fault.A("a", p.Price), fault.A("b", a.Price))
		case a.Price.Cmp(p.Price) <= 0:
			p.Price, p.Day = a.Price, to
		}
	}
	if p.Days == 0 {
		return p, fault.New(fault.Invalid, "E-PRICE-NO-PRIOR", fault.A("from", p.Window.From), fault.A("to", start.AddDays(-1)))
	}
	p.Short = !earlier
	return p, nil
}

// Reduction is the share by which a price lies below the prior price: what may be
// announced. It is not above zero where there is nothing to announce.
func (p Prior) Reduction(price money.Amount) float64 {
	if p.Price.Float() <= 0 || price.Currency() != p.Price.Currency() {
		return 0
	}
	return 1 - price.Float()/p.Price.Float()
}

// PriorDays is the number of days that law asks for in a country on a day, and the rule;
// 0 where no supported rule asks for any. PriceRules says more.
func PriorDays(book *law.Book, market commerce.Market, day calendar.Day) (int, *law.Rule) {
	prior := PriceRules(book, market, day).Prior
	return prior.Days, prior.Rule
}

// AskedPrices makes a history of the seller's own prices of an item for one unit, the
// last of which holds to the day until. Prices of other sellers and items are left out,
// and of two prices from one day the later in the list counts.
func AskedPrices(prices []commerce.Price, item commerce.Item, until calendar.Day) []Asked {
	var out []Asked
	for _, p := range prices {
		if p.Item == item && p.Seller == "" && p.MinUnits <= 1 && !until.Before(p.From) {
			out = append(out, Asked{From: p.From, To: until, Price: p.Price})
		}
	}
	slices.SortStableFunc(out, func(a, b Asked) int { return a.From.Compare(b.From) })
	kept := out[:0]
	for _, a := range out {
		if n := len(kept); n > 0 && kept[n-1].From == a.From {
			kept[n-1] = a
			continue
		} else if n > 0 {
			kept[n-1].To = a.From.AddDays(-1)
		}
		kept = append(kept, a)
	}
	return kept
}

func later(a, b calendar.Day) calendar.Day {
	if a.Before(b) {
		return b
	}
	return a
}

func earliest(a, b calendar.Day) calendar.Day {
	if b.Before(a) {
		return b
	}
	return a
}
