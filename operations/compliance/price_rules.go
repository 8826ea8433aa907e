package compliance

import (
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/messages"
)

// The practices that rules on prices are about, as packs call them.
const (
	priceReductions = "price_reductions"
	saleBelowCost   = "sale_below_cost"
	seasonalSale    = "seasonal_sale"
)

// PriceLaw is what law says of prices and reductions in a country on a day. Only supported
// rules bind; what prices alone cannot answer, and what is not known well enough, is left
// to a person in Check.
type PriceLaw struct {
	Prior     PriorLaw
	BelowCost *law.Rule    // bans sales below cost; nil: none does
	Closed    []*law.Rule  // ban announced reductions on this day, each for its goods
	Check     []PriceCheck // by ID
}

// PriorLaw is the rule on the price that a reduction is announced against: the lowest of
// the Days before it. The zero value is no rule.
type PriorLaw struct {
	Days int
	Rule *law.Rule // that asks for them

	// NewGoods: goods that have been on offer for fewer than Days are judged by the days
	// since they came, or by the last NewDays of them.
	NewGoods bool
	NewDays  int
	// Gradual: while a price falls step by step, the days are those before the first step,
	// for GradualDays from it; 0 is without end.
	Gradual     bool
	GradualDays int
	// Perishable: goods that perish have a rule of their own, of PerishableDays; 0 is none.
	Perishable     bool
	PerishableDays int
}

// Window is the number of days before a reduction whose lowest price it is announced
// against, for goods that have been on offer for a number of days. It returns false where
// they are too new for the rule to allow any announcement that it could be sure of.
func (p PriorLaw) Window(onOffer int) (days int, ok bool) {
	switch {
	case onOffer >= p.Days:
		return p.Days, true
	case !p.NewGoods:
		return p.Days, false
	case p.NewDays > 0:
		return p.NewDays, onOffer >= p.NewDays
	}
	return onOffer, onOffer > 0
}

// PriceCheck is a rule that somebody has to look at.
type PriceCheck struct {
	Rule        *law.Rule
	Unconfirmed bool // it is not known well enough; otherwise it hangs on more than prices
}

// Message says why somebody has to look.
func (c PriceCheck) Message() messages.Message {
	if c.Unconfirmed {
		return messages.M("compliance.price.unconfirmed", messages.A("rule", c.Rule.ID))
	}
	return messages.M("compliance.price.conditional", messages.A("rule", c.Rule.ID))
}

// PriceRules finds what law says of prices to consumers in a country on a day, wherever
// the seller is established: a rule that binds only some sellers binds.
func PriceRules(book *law.Book, market commerce.Market, day calendar.Day) PriceLaw {
	return PriceRulesFor(book, "", market, day)
}

// PriceRulesFor is PriceRules for a seller established in a country; "" is not known. Of
// several rules on prior prices that of the place comes before its country's and that
// before a union's, for a state's form of a union's rule holds its exceptions.
func PriceRulesFor(book *law.Book, established, market commerce.Market, day calendar.Day) PriceLaw {
	var l PriceLaw
	nearest := far
	for _, rule := range book.Rules(market, law.TopicPrice, day) {
		r, ok := rule.Params.(law.Requirement)
		if !ok || !r.InSeason(day) || !binds(book, &r, established, market, day) {
			continue
		}
		about := func(practice string) bool { return slices.Contains(r.Practices, practice) }
		switch {
		case !about(priceReductions) && !about(saleBelowCost) && !about(seasonalSale):
		case !rule.Supported():
			l.Check = append(l.Check, PriceCheck{rule, true})
		case about(priceReductions) && slices.Contains(r.Settings, "prior_price_shown") && r.Figures["days"] > 0:
			if d := distance(market, rule.Jurisdiction); d < nearest || d == nearest && int(r.Figures["days"]) > l.Prior.Days {
				nearest, l.Prior = d, priorLaw(rule, &r)
			}
		case about(saleBelowCost) && r.Prohibits:
			if l.BelowCost == nil {
				l.BelowCost = rule
			}
		case about(priceReductions) && r.Prohibits:
			l.Closed = append(l.Closed, rule)
		default:
			l.Check = append(l.Check, PriceCheck{rule, false})
		}
	}
	return l
}

// binds reports whether a rule may bind a seller.
func binds(book *law.Book, r *law.Requirement, established, market commerce.Market, day calendar.Day) bool {
	c := Checker{book: book, seller: Seller{Established: established}, day: day}
	answer, _ := c.bySeller(r, &Question{Item: commerce.Item{Market: market}})
	return answer != no
}

func priorLaw(rule *law.Rule, r *law.Requirement) PriorLaw {
	excepts := func(what string) bool { return slices.Contains(r.Except, what) }
	return PriorLaw{Days: int(r.Figures["days"]), Rule: rule,
		NewGoods: excepts("new_goods"), NewDays: int(r.Figures["new_days"]),
		Gradual: excepts("gradual"), GradualDays: int(r.Figures["gradual_days"]),
		Perishable: excepts("perishable"), PerishableDays: int(r.Figures["perishable_days"])}
}

// ClosedFor is the rule that bans announced reductions of goods, nil where none does.
// Goods without a code may be any: they are taken to be banned.
func (l *PriceLaw) ClosedFor(hs string) *law.Rule {
	for _, rule := range l.Closed {
		prefixes := rule.Params.(law.Requirement).HS
		if len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(prefix string) bool {
			return strings.HasPrefix(hs, prefix) || strings.HasPrefix(prefix, hs)
		}) {
			return rule
		}
	}
	return nil
}

// far is further than any jurisdiction lies from a place.
const far = 4

// distance says how far a jurisdiction lies from a place: itself, its country, a union,
// the world.
func distance(place, jurisdiction commerce.Market) int {
	country, _, _ := strings.Cut(string(place), "-")
	switch jurisdiction {
	case place:
		return 0
	case commerce.Market(country):
		return 1
	case law.World:
		return far - 1
	}
	return 2
}
