package plan

import (
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/operations/compliance"
	"tradewind/operations/promotion"
)

// priceLaw is what law says of prices in a market on a day, looked up once.
type priceLaw struct {
	law    *Law
	seller commerce.Market // where it stands

	mu    sync.Mutex // a kept plan of promotions is asked by many
	known map[marketDay]compliance.PriceLaw
}

type marketDay struct {
	market commerce.Market
	day    calendar.Day
}

func (v *Survey) priceLaw() *priceLaw {
	return &priceLaw{law: &v.Law, seller: Home(v.Snapshot, &v.Config.Seller), known: map[marketDay]compliance.PriceLaw{}}
}

func (l *priceLaw) at(market commerce.Market, day calendar.Day) *compliance.PriceLaw {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := marketDay{market, day}
	rules, known := l.known[key]
	if !known {
		rules = compliance.PriceRulesFor(l.law.Book, l.seller, market, day)
		l.known[key] = rules
	}
	return &rules
}

// bind puts what law says of price reductions into the limits of a plan.
func (l *priceLaw) bind(limits *promotion.Limits) {
	if l.law.Book == nil {
		return
	}
	limits.PriorDays = func(market commerce.Market, day calendar.Day) (int, string) {
		prior := l.at(market, day).Prior
		return prior.Days, idOf(prior.Rule)
	}
	limits.BelowCost = func(market commerce.Market, day calendar.Day) string { return idOf(l.at(market, day).BelowCost) }
	limits.Closed = func(market commerce.Market, day calendar.Day) string {
		if closed := l.at(market, day).Closed; len(closed) > 0 {
			return closed[0].ID
		}
		return ""
	}
}

func idOf(r *law.Rule) string {
	if r == nil {
		return ""
	}
	return r.ID
}

// checks name the rules on prices that nobody has confirmed, or that hang on more
// than prices tell: a person has to look.
func (l *priceLaw) checks(o *promotion.Offer) []decision.Check {
	if l.law.Book == nil {
		return nil
	}
	var list []decision.Check
	for _, c := range l.at(o.Item.Market, o.From).Check {
		list = append(list, decision.Check{Name: messages.M("promos.check.law", messages.A("what", c.Message())), Outcome: decision.Warn, Value: c.Rule.ID})
	}
	return list
}

// Rules cites the rules that a plan of promotions was held against.
func (p *PromoStudy) Rules() []law.Ref {
	var ids []string
	for _, o := range p.Plan.Offers {
		if o.Proof != nil && o.Proof.Rule != "" {
			ids = append(ids, o.Proof.Rule)
		}
	}
	for _, x := range p.Plan.Excluded {
		if x.Rule != "" {
			ids = append(ids, x.Rule)
		}
	}
	return cite(nil, p.prices.survey.Law.refs(ids))
}
