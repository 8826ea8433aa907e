package landed

import (
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/money"
)

// wholeScope decides whether a scope takes the consignment in, as far as that does not
// depend on a line.
func (x *work) wholeScope(s *law.Scope, on calendar.Day) tri {
	c := x.c
	switch {
	case s.Consumers && c.Business,
		len(s.ShippedFrom) > 0 && !x.within(c.From, s.ShippedFrom, on),
		len(s.NotFrom) > 0 && x.within(c.From, s.NotFrom, on):
		return no
	}
	met := yes
	if len(s.Transport) > 0 {
		by := c.Transport
		if by == "" {
			by = "courier"
			x.assume("landed.assumed.courier", "")
		}
		if !slices.Contains(s.Transport, by) {
			return no
		}
	}
	if s.Per != "item" {
		value := int64(0)
		for i := range x.lines {
			value += x.lines[i].value
		}
		if s.Value == "customs" && x.cif {
			value += x.apart()
		}
		met = x.limits(s, value, on)
	}
	return met
}

// apart is the freight and insurance that the buyer pays beside the price.
func (x *work) apart() int64 {
	if x.carriage == Buyer {
		return x.freight + x.insurance
	}
	return 0
}

// lineScope decides the rest for a line.
func (x *work) lineScope(s *law.Scope, i int, on calendar.Day) tri {
	l := &x.lines[i]
	goods, excluded, origin, value := yes, no, yes, yes
	if len(s.HS) > 0 {
		goods = prefixed(l.hs, s.HS)
	}
	if len(s.NotHS) > 0 {
		excluded = prefixed(l.hs, s.NotHS)
	}
	if len(s.Origins)+len(s.NotOrigins) > 0 {
		switch from := x.c.Lines[i].Origin; {
		case from == "":
			origin = maybe
		case len(s.Origins) > 0 && !x.within(from, s.Origins, on), len(s.NotOrigins) > 0 && x.within(from, s.NotOrigins, on):
			origin = no
		}
	}
	if s.Per == "item" {
		value = x.limits(s, l.unit, on)
	}
	met := min(goods, origin, value)
	if met == no || excluded == yes {
		return no
	}
	if goods == maybe {
		x.lack("landed.missing.hs", i, "", "")
	}
	if origin == maybe {
		x.lack("landed.missing.origin", i, "", "")
	}
	if excluded == maybe {
		x.assume("landed.assumed.not_excluded", "")
	}
	return met
}

// limits holds a value against the limits of a scope, exactly and in the currency of each.
func (x *work) limits(s *law.Scope, value int64, on calendar.Day) tri {
	met := yes
	if !s.Limit.IsZero() {
		switch sign, ok := x.against(value, s.Limit, on); {
		case !ok:
			met = maybe
		case sign > 0 || sign == 0 && s.Exclusive:
			return no
		}
	}
	if !s.Above.IsZero() {
		switch sign, ok := x.against(value, s.Above, on); {
		case !ok:
			met = maybe
		case sign <= 0:
			return no
		}
	}
	return met
}

// against compares a value with a limit: -1, 0, 1.
func (x *work) against(value int64, limit money.Amount, on calendar.Day) (sign int, ok bool) {
	f, ok := x.factor(limit.Currency(), on)
	if !ok {
		x.lack("landed.missing.rate", -1, string(limit.Currency()), string(x.q))
		return 0, false
	}
	return -f.compare(limit.E4(), value), true
}

func (x *work) within(place commerce.Market, areas []commerce.Market, on calendar.Day) bool {
	for _, area := range areas {
		if x.k.book.Within(place, area, on) {
			return true
		}
	}
	return false
}

// prefixed reports whether a code begins with one of the prefixes; a code that is shorter
// than a prefix which begins with it may.
func prefixed(hs string, prefixes []string) tri {
	met := no
	for _, p := range prefixes {
		switch {
		case strings.HasPrefix(hs, p):
			return yes
		case strings.HasPrefix(p, hs):
			met = maybe
		}
	}
	return met
}

// scope is both parts for a line.
func (x *work) scope(s *law.Scope, i int, on calendar.Day) tri {
	met := x.wholeScope(s, on)
	if met == no {
		return no
	}
	return and(met, x.lineScope(s, i, on))
}

// scopeOfAll asks that every line be in the scope.
func (x *work) scopeOfAll(s *law.Scope, on calendar.Day) tri {
	met := x.wholeScope(s, on)
	for i := range x.lines {
		if met == no {
			return no
		}
		met = and(met, x.lineScope(s, i, on))
	}
	return met
}
