package tariff

import (
	"strings"

	"tradewind/fault"
	"tradewind/money"
)

// ParseRate reads the text of a rate:
//
//	Free    4.2%    1.1 USD/kg    5% + 2 EUR/100 kg    max(10%; 3 EUR/piece)
//
// with + between parts that are added, max and min over alternatives, and the units kg,
// g, t, l, hl, piece, dozen, gross, thousand, pair, m, m2, m3, carat, barrel and pf.liter,
// a whole number before them or not. Currencies are ISO 4217 codes. What it does not read
// in full is fault.Invalid.
func ParseRate(text string) (*Formula, error) { return parseRate(text, false) }

// parseRate also reads the signs ¢ and $ where they can only mean US dollars.
func parseRate(text string, dollars bool) (*Formula, error) {
	p := parser{rest: strings.Join(strings.Fields(text), " "), dollars: dollars}
	if strings.EqualFold(p.rest, "free") {
		return &Formula{parts: []part{{}}}, nil
	}
	f, ok := p.sum(0)
	if !ok || p.rest != "" {
		return nil, fault.New(fault.Invalid, "E-TARIFF-RATE", fault.A("rate", text))
	}
	return f, nil
}

// parser holds what is left to read, single spaces inside.
type parser struct {
	rest    string
	dollars bool
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " ") }

func (p *parser) take(prefix string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, prefix)
	if ok {
		p.rest = rest
	}
	return ok
}

// deepest bounds how far max and min may stand in each other.
const deepest = 8

// highest is the percentage above which a rate is taken for a slip.
const highest = 10_000

// most bounds the parts of one sum or choice.
const most = 16

func (p *parser) sum(depth int) (*Formula, bool) {
	f := &Formula{join: sum}
	for {
		part, ok := p.part(depth)
		if !ok || len(f.parts) == most {
			return nil, false
		}
		f.parts = append(f.parts, part)
		if !p.take("+") {
			p.space()
			return f, true
		}
	}
}

func (p *parser) part(depth int) (part, bool) {
	if p.take("max(") {
		inner, ok := p.choice(largest, depth+1)
		return part{inner: inner}, ok
	}
	if p.take("min(") {
		inner, ok := p.choice(smallest, depth+1)
		return part{inner: inner}, ok
	}
	if p.dollars && p.take("$") {
		n, ok := p.number()
		return p.specific(n, money.Currency("USD"), ok)
	}
	n, ok := p.number()
	switch {
	case !ok:
		return part{}, false
	case p.take("%"):
		return part{rate: n / 100}, n%100 == 0 && n <= highest*billion
	case p.dollars && p.take("¢"):
		return p.specific(n/100, "USD", n%100 == 0)
	}
	p.space()
	if len(p.rest) < 3 {
		return part{}, false
	}
	currency, err := money.ParseCurrency(p.rest[:3])
	p.rest = p.rest[3:]
	return p.specific(n, currency, err == nil)
}

func (p *parser) choice(j join, depth int) (*Formula, bool) {
	f := &Formula{join: j}
	for {
		inner, ok := p.sum(depth)
		if !ok || depth > deepest || len(f.parts) == most {
			return nil, false
		}
		f.parts = append(f.parts, part{inner: inner})
		if p.take(")") {
			return f, true
		}
		if !p.take(";") {
			return nil, false
		}
	}
}

// specific reads the unit after a price: "/kg", "each".
func (p *parser) specific(n int64, currency money.Currency, ok bool) (part, bool) {
	p.space()
	if !ok || !p.take("/") && !strings.HasPrefix(p.rest, "each") {
		return part{}, false
	}
	end := strings.IndexAny(p.rest, "+;)")
	if end < 0 {
		end = len(p.rest)
	}
	u, ok := parseUnit(p.rest[:end])
	p.rest = p.rest[end:]
	return part{rate: n, specific: true, currency: currency, unit: u}, ok
}

// number reads digits with at most one point and nine decimals, in billionths.
func (p *parser) number() (int64, bool) {
	p.space()
	n, digits, decimals, point, i := int64(0), 0, 0, false, 0
	for ; i < len(p.rest); i++ {
		c := p.rest[i]
		if c == '.' && !point {
			point = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		if point {
			decimals++
		}
		if digits++; digits > 15 || decimals > 9 {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	p.rest = p.rest[i:]
	for range 9 - decimals {
		if n > (1<<63-1)/10 {
			return 0, false
		}
		n *= 10
	}
	return n, digits > 0
}
