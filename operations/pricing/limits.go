package pricing

import (
	"math"

	"tradewind/fault"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
)

// Range is a corridor of prices, both ends included; a zero end is open.
type Range struct{ Low, High money.Amount }

// Ban is an interval of prices that a rule forbids, both ends included; a zero end is open.
type Ban struct {
	Range
	Rule messages.Both // its name
}

// Limits are what law, brands and the team allow. The zero Limits allow what covers its
// cost and lies within Beyond of today's price.
type Limits struct {
	Floor, Ceiling money.Amount // of the team; zero: none
	Advertised     money.Amount // minimum advertised price (MAP) of the brand; zero: none
	MinMargin      float64      // least contribution, as a share of the price asked; below 0 allows a loss
	MaxStep        float64      // longest move as a share of today's price; 0: any
	MinDays        int          // days that a price stays
	DaysSince      int          // days since the last move

	Support Range // lowest and highest price ever seen; zero: today's
	Rivals  Range // corridor around what rivals ask
	Parity  Range // corridor to the seller's other channels
	Bans    []Ban

	Endings []market.Ending                 // Pack.PriceEndings; none: every price of the minor unit
	Cash    func(money.Amount) money.Amount // Pack.CashRound where people pay cash; nil: no rounding
}

// Beyond is how far a price may leave the prices ever seen: a demand curve says little
// out there, and the constant-elasticity curve says too much.
const Beyond = .15

// Limit names one kind of limit.
type Limit uint8

// The limits, in the order in which people would rather give them up.
const (
	LimitEnding     Limit = iota // customary endings and cash
	LimitReach                   // a price more than reach times from today's is no move but another product
	LimitSupport                 // Beyond the prices seen
	LimitStep                    // MaxStep
	LimitWait                    // MinDays
	LimitRivals                  // corridor
	LimitParity                  // corridor
	LimitCeiling                 // of the team
	LimitFloor                   // of the team
	LimitMargin                  // MinMargin over landed cost and fees
	LimitAdvertised              // MAP
	LimitBan                     // of a rule
	limits
)

var limitNames = [limits]string{"ending", "reach", "support", "step", "wait", "rivals", "parity", "ceiling", "floor", "margin", "advertised", "ban"}

// String returns the limit's name for programs.
func (l Limit) String() string { return limitNames[l] }

// broken is a set of limits.
type broken uint16

func (b broken) has(l Limit) bool { return b>>l&1 == 1 }

func (l *Limits) check(p *Problem) error {
	for _, a := range []money.Amount{l.Floor, l.Ceiling, l.Advertised,
		l.Support.Low, l.Support.High, l.Rivals.Low, l.Rivals.High, l.Parity.Low, l.Parity.High} {
		if err := p.limitAmount(a); err != nil {
			return err
		}
	}
	for i := range l.Bans {
		for _, a := range []money.Amount{l.Bans[i].Low, l.Bans[i].High} {
			if err := p.limitAmount(a); err != nil {
				return err
			}
		}
	}
	for _, e := range l.Endings {
		if err := p.sameCurrency(e.Of); err != nil {
			return err
		}
	}
	if !(l.MinMargin < 1) || math.IsInf(l.MinMargin, 0) {
		return p.number("min_margin", l.MinMargin)
	}
	if !(l.MaxStep >= 0) {
		return p.number("max_step", l.MaxStep)
	}
	if l.MinDays < 0 || l.DaysSince < 0 {
		return p.number("min_days", float64(min(l.MinDays, l.DaysSince)))
	}
	return nil
}

func (p *Problem) limitAmount(a money.Amount) error {
	if a.Sign() < 0 {
		return fault.New(fault.Invalid, "E-PRICING-LIMIT", fault.A("sku", string(p.Item.SKU)), fault.A("amount", a))
	}
	return p.sameCurrency(a)
}

// support returns the lowest and the highest price seen, today's among them.
func (l *Limits) support(today money.Amount) Range {
	r := Range{today, today}
	if l.Support.Low.Sign() > 0 && l.Support.Low.E4() < today.E4() {
		r.Low = l.Support.Low
	}
	if l.Support.High.E4() > today.E4() {
		r.High = l.Support.High
	}
	return r
}

// excludes reports whether a price lies outside a corridor.
func (r Range) excludes(e4 int64) bool {
	return r.Low.E4() > 0 && e4 < r.Low.E4() || r.High.E4() > 0 && e4 > r.High.E4()
}

// hair forgives the last bit of a float when it is held against a limit.
const hair = 1e-9

// breaks returns the limits that a price breaks. Staying at today's price is no move: it
// breaks no limit on moves, endings or evidence.
func (p *Problem) breaks(price money.Amount) broken {
	l := &p.Limits
	e4, today := price.E4(), p.Price.E4()
	var b broken
	set := func(limit Limit, is bool) {
		if is {
			b |= 1 << limit
		}
	}
	set(LimitFloor, e4 < l.Floor.E4())
	set(LimitCeiling, l.Ceiling.E4() > 0 && e4 > l.Ceiling.E4())
	set(LimitAdvertised, e4 < l.Advertised.E4())
	set(LimitRivals, l.Rivals.excludes(e4))
	set(LimitParity, l.Parity.excludes(e4))
	for i := range l.Bans {
		set(LimitBan, !l.Bans[i].excludes(e4))
	}
	x := price.Float()
	set(LimitMargin, !(p.contribution(x) >= l.MinMargin*x-hair*x))
	if e4 == today {
		return b
	}
	times := ratio(price, p.Price)
	set(LimitReach, times > reach*(1+hair) || times < (1-hair)/reach)
	set(LimitStep, l.MaxStep > 0 && math.Abs(times-1) > l.MaxStep+hair)
	set(LimitWait, l.DaysSince < l.MinDays)
	seen := l.support(p.Price)
	set(LimitSupport, float64(e4) < float64(seen.Low.E4())*(1-Beyond-hair) || float64(e4) > float64(seen.High.E4())*(1+Beyond+hair))
	set(LimitEnding, !l.ends(price))
	return b
}

// ends reports whether a price can be paid and ends as prices there do.
func (l *Limits) ends(price money.Amount) bool {
	if price.Round() != price || l.Cash != nil && l.Cash(price) != price {
		return false
	}
	for _, e := range l.Endings {
		if e.Ends(price) {
			return true
		}
	}
	return len(l.Endings) == 0
}
