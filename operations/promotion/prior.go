package promotion

import (
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// Asked is a price at which an item was offered, from a day to a day, both included. Days
// between two of them are days on which it was not on offer.
type Asked struct {
	From, To calendar.Day
	Price    money.Amount
}

// Proof is the price history behind a prior price: which price, asked from when to when,
// was the lowest of the days that the rule names.
type Proof struct {
	Rule   string
	Days   int
	Window calendar.Period // the days before the reduction
	Lowest Asked           // the part of it within the window that lies last
}

// Exclusion is a reduction that may not be announced in some weeks, and why.
type Exclusion struct {
	Item     commerce.Item
	From, To calendar.Day // first days of reductions that are out, both included
	Depth    float64      // off the regular price
	Rule     string       // of law; "" where it is a limit of the team's
	Reason   messages.Message
	Proof    *Proof // of the prior price, where that is the reason
}

// past answers questions about prior prices for one item of a plan: history before the
// first week, the regular price in weeks without promotion, the promotions of the plan.
//
// A rule looks at the lowest price of all days of its window. Of the plan's own
// promotions in a window the last has the lowest price, because each was announced against
// the ones before it; so the state of the dynamic programme, which knows the last, is
// enough, and the constraint is exact. Where the number of days changes within a plan the
// largest is used throughout, which is on the safe side.
type past struct {
	start   calendar.Day
	regular money.Amount
	history []Asked // before start
	days    int     // 0: no rule
	rule    string
}

func newPast(it *Item, l *Limits) past {
	p := past{start: l.Start, regular: it.Price}
	if l.PriorDays != nil {
		for week := range l.Weeks {
			if days, rule := l.PriorDays(it.Item.Market, l.Start.AddDays(7*week)); days > p.days {
				p.days, p.rule = days, rule
			}
		}
	}
	for _, a := range it.History {
		if !a.From.Before(p.start) {
			continue
		}
		if !a.To.Before(p.start) {
			a.To = p.start.AddDays(-1)
		}
		p.history = append(p.history, a)
	}
	return p
}

// checkHistory refuses a history that proves nothing.
func checkHistory(it *Item) *fault.Error {
	for i, a := range it.History {
		switch {
		case a.To.Before(a.From):
			return fault.New(fault.Invalid, "E-PROMOTION-HISTORY", fault.A("from", a.From), fault.A("to", a.To))
		case i > 0 && !it.History[i-1].To.Before(a.From):
			return fault.New(fault.Invalid, "E-PROMOTION-HISTORY", fault.A("from", a.From), fault.A("to", it.History[i-1].To))
		case a.Price.Currency() != it.Price.Currency():
			return fault.New(fault.Invalid, "E-PROMOTION-CURRENCY", fault.A("price", a.Price), fault.A("other", it.Price))
		}
	}
	return nil
}

// reach is the most weeks after a promotion's start in which a reduction may begin that
// has a day of it in its window.
func (p *past) reach() int { return (p.days + 6) / 7 }

// first is the first day on which the item is known to have been on offer.
func (p *past) first() calendar.Day {
	if len(p.history) > 0 {
		return p.history[0].From
	}
	return p.start
}

// before is the prior price of a reduction that begins in a week, after a promotion of the
// plan since weeks ago at a price; since is 0 where there was none. It returns false
// where the item was not on offer on any of the days.
func (p *past) before(week, since int, promoted money.Amount) (Proof, bool) {
	start := p.start.AddDays(7 * week)
	proof := Proof{Rule: p.rule, Days: p.days, Window: calendar.Period{From: start.AddDays(-p.days), To: start}}
	known := false
	lower := func(a Asked) {
		if a.From.Before(proof.Window.From) {
			a.From = proof.Window.From
		}
		if a.To.Before(a.From) {
			return
		}
		if !known || a.Price.Cmp(proof.Lowest.Price) <= 0 {
			proof.Lowest, known = a, true
		}
	}
	for _, a := range p.history {
		lower(a)
	}
	switch {
	case since > 0 && since <= week:
		from := start.AddDays(-7 * since)
		if since > 1 {
			lower(Asked{from.AddDays(7), start.AddDays(-1), p.regular})
		}
		lower(Asked{from, from.AddDays(6), promoted})
	case week > 0:
		lower(Asked{p.start, start.AddDays(-1), p.regular})
	}
	return proof, known
}

// whole reports whether the item was on the market before the window of a week began:
// for newer goods countries may have rules of their own, and the days prove nothing.
func (p *past) whole(week int) bool {
	return !p.start.AddDays(7*week - p.days).Before(p.first())
}

// announced is the share by which a price lies below a prior price.
func announced(price, was money.Amount) float64 {
	if was.Sign() <= 0 {
		return 0
	}
	return 1 - price.Float()/was.Float()
}

// barred says why a price may not be asked as a reduction in a week, whatever else the
// plan holds; nil where it may.
func (c *candidate) barred(week int, l *level, limits *Limits) *Exclusion {
	day := limits.Start.AddDays(7 * week)
	x := &Exclusion{Item: c.Item.Item, From: day, To: day, Depth: l.depth}
	market := c.Item.Item.Market
	if l.depth > c.Response.Support+supportRoom {
		x.Reason = messages.M("promo.excluded.support", messages.A("depth", messages.Percent(l.depth)), messages.A("support", messages.Percent(c.Response.Support)))
		return x
	}
	if limits.Closed != nil {
		for d := range 7 {
			if x.Rule = limits.Closed(market, day.AddDays(d)); x.Rule != "" {
				x.Reason = messages.M("promo.excluded.closed", messages.A("rule", x.Rule), messages.A("day", day.AddDays(d)))
				return x
			}
		}
	}
	if limits.BelowCost != nil && l.net < c.UnitCost {
		for d := range 7 {
			if x.Rule = limits.BelowCost(market, day.AddDays(d)); x.Rule != "" {
				x.Reason = messages.M("promo.excluded.below_cost", messages.A("rule", x.Rule), messages.A("price", l.price))
				return x
			}
		}
	}
	if c.past.days == 0 {
		return nil
	}
	x.Rule = c.past.rule
	proof, known := c.past.before(week, 0, money.Amount{})
	switch {
	case !known:
		x.Reason = messages.M("promo.excluded.no_prior", messages.A("rule", x.Rule), messages.A("from", proof.Window.From), messages.A("to", day.AddDays(-1)))
	case !c.past.whole(week):
		x.Proof = &proof
		x.Reason = messages.M("promo.excluded.new", messages.A("rule", x.Rule), messages.A("n", proof.Days), messages.A("day", c.past.first()))
	case announced(l.price, proof.Lowest.Price) < limits.announce()-1e-12:
		x.Proof = &proof
		x.Reason = messages.M("promo.excluded.prior", messages.A("rule", x.Rule), messages.A("price", l.price),
			messages.A("was", proof.Lowest.Price), messages.A("from", proof.Lowest.From), messages.A("to", proof.Lowest.To), messages.A("least", messages.Percent(limits.announce())))
	default:
		return nil
	}
	return x
}

// merge joins exclusions of weeks that follow each other and differ in nothing but the
// window they look at.
func merge(all []Exclusion) []Exclusion {
	var out []Exclusion
	for _, x := range all {
		i := slices.IndexFunc(out, func(y Exclusion) bool {
			same := y.Rule == x.Rule && y.Reason.Code == x.Reason.Code && y.Depth == x.Depth && y.To.AddDays(7) == x.From && (y.Proof == nil) == (x.Proof == nil)
			return same && (x.Proof == nil || y.Proof.Lowest.Price == x.Proof.Lowest.Price)
		})
		if i < 0 {
			out = append(out, x)
			continue
		}
		out[i].To = x.To
	}
	return out
}
