package pricing

import (
	"math"
	"slices"

	"tradewind/messages"
	"tradewind/money"
)

// bindings puts a set of limits into words. Of the bans it names those that forbid one of
// the prices.
func (p *Problem) bindings(b broken, prices ...money.Amount) []Binding {
	var all []Binding
	for limit := range limits {
		switch {
		case !b.has(limit):
		case limit == LimitBan:
			for i := range p.Limits.Bans {
				if ban := &p.Limits.Bans[i]; ban.forbidsOne(prices) {
					all = append(all, Binding{limit, p.describeBan(ban)})
				}
			}
		default:
			all = append(all, Binding{limit, p.describe(limit)})
		}
	}
	return all
}

func (b *Ban) forbidsOne(prices []money.Amount) bool {
	return slices.ContainsFunc(prices, func(price money.Amount) bool { return !b.excludes(price.E4()) })
}

// describe names a limit with its figures.
func (p *Problem) describe(limit Limit) messages.Message {
	l := &p.Limits
	switch limit {
	case LimitEnding:
		return messages.M("pricing.limit.ending")
	case LimitReach:
		return messages.M("pricing.limit.reach", messages.A("times", messages.Decimal{X: reach, Places: 1}))
	case LimitSupport:
		return messages.M("pricing.limit.support", messages.A("share", messages.Percent(Beyond)), messages.A("range", l.support(p.Price).message()))
	case LimitStep:
		return messages.M("pricing.limit.step", messages.A("share", messages.Percent(l.MaxStep)))
	case LimitWait:
		return messages.M("pricing.limit.wait", messages.A("days", l.MinDays), messages.A("since", l.DaysSince))
	case LimitRivals:
		return messages.M("pricing.limit.rivals", messages.A("range", l.Rivals.message()))
	case LimitParity:
		return messages.M("pricing.limit.parity", messages.A("range", l.Parity.message()))
	case LimitCeiling:
		return messages.M("pricing.limit.ceiling", messages.A("at", l.Ceiling))
	case LimitFloor:
		return messages.M("pricing.limit.floor", messages.A("at", l.Floor))
	case LimitAdvertised:
		return messages.M("pricing.limit.advertised", messages.A("at", l.Advertised))
	}
	if l.MinMargin == 0 {
		return messages.M("pricing.limit.cost", messages.A("cost", p.UnitCost))
	}
	return messages.M("pricing.limit.margin", messages.A("share", messages.Percent(l.MinMargin)), messages.A("cost", p.UnitCost))
}

func (p *Problem) describeBan(b *Ban) messages.Message {
	return messages.M("pricing.limit.ban", messages.A("rule", b.Rule), messages.A("range", b.message()))
}

// Bounds lists the limits that are set for a price, whether or not they bind.
func (p *Problem) Bounds() []Binding {
	l := &p.Limits
	var all []Binding
	add := func(limit Limit, set bool) {
		if set {
			all = append(all, Binding{limit, p.describe(limit)})
		}
	}
	add(LimitMargin, true)
	add(LimitFloor, l.Floor.Sign() > 0)
	add(LimitCeiling, l.Ceiling.Sign() > 0)
	add(LimitAdvertised, l.Advertised.Sign() > 0)
	add(LimitStep, l.MaxStep > 0)
	add(LimitWait, l.MinDays > 0 && l.DaysSince < l.MinDays)
	add(LimitSupport, true)
	add(LimitRivals, l.Rivals != Range{})
	add(LimitParity, l.Parity != Range{})
	add(LimitEnding, len(l.Endings) > 0 || l.Cash != nil)
	for i := range l.Bans {
		all = append(all, Binding{LimitBan, p.describeBan(&l.Bans[i])})
	}
	return all
}

// message shows a corridor, open ends left out.
func (r Range) message() messages.Message {
	switch {
	case r.Low.Sign() <= 0:
		return messages.M("pricing.range.to", messages.A("high", r.High))
	case r.High.Sign() <= 0:
		return messages.M("pricing.range.from", messages.A("low", r.Low))
	}
	return messages.M("pricing.range.both", messages.A("low", r.Low), messages.A("high", r.High))
}

// move says what has to become of a limit for a price to be legal.
func (p *Problem) move(limit Limit, price money.Amount) messages.Message {
	l := &p.Limits
	to := messages.A("to", price)
	switch limit {
	case LimitEnding:
		return messages.M("pricing.move.ending", to)
	case LimitReach:
		return messages.M("pricing.move.reach", to)
	case LimitSupport:
		return messages.M("pricing.move.support", to)
	case LimitStep:
		return messages.M("pricing.move.step", messages.A("from", messages.Percent(l.MaxStep)), messages.A("to", roundedUp(math.Abs(ratio(price, p.Price)-1))))
	case LimitWait:
		return messages.M("pricing.move.wait", messages.A("days", l.MinDays-l.DaysSince))
	case LimitRivals:
		return messages.M("pricing.move.rivals", to)
	case LimitParity:
		return messages.M("pricing.move.parity", to)
	case LimitCeiling:
		return messages.M("pricing.move.ceiling", messages.A("from", l.Ceiling), to)
	case LimitFloor:
		return messages.M("pricing.move.floor", messages.A("from", l.Floor), to)
	case LimitAdvertised:
		return messages.M("pricing.move.advertised", messages.A("from", l.Advertised), to)
	}
	left := p.contribution(price.Float()) / price.Float()
	return messages.M("pricing.move.margin", messages.A("from", messages.Percent(l.MinMargin)), messages.A("to", -roundedUp(-left)))
}

// roundedUp rounds a share up to the tenth of a per cent that is shown, so that a limit
// set as told lets the price through.
func roundedUp(share float64) messages.Percent {
	return messages.Percent(math.Ceil(share*1000-1e-6) / 1000)
}

// list joins the words of several limits.
func list(all []Binding) messages.Message {
	if len(all) == 0 {
		return messages.M("pricing.nothing")
	}
	joined := all[0].Message
	for _, b := range all[1:] {
		joined = messages.M("pricing.and", messages.A("a", joined), messages.A("b", b.Message))
	}
	return joined
}
