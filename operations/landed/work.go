package landed

import (
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/money"
)

// work is one question on its way to an answer. It is reused, so that a quote allocates
// little more than what it returns.
type work struct {
	k *Calculator
	c *Consignment
	q money.Currency

	moved Consignment // c, where the address is that of another place than it was given for

	lines []line
	dates Dates

	tax, customs *regime // by the day of payment, and by that of the declaration
	found        *zone   // that the address lies in

	outsideDuty, outsideTax bool  // the destination lies in another customs or tax union
	importer                Party // who bears what falls due at the border
	carriage                Party // who bears freight and insurance

	freight, insurance, brokerage, handling int64
	spent                                   int64 // by the buyer this year

	// Of the scenario that is being worked out.
	mask    uint
	zone    *zone // found, where its rule holds
	charges []charge

	borderDuty, borderTax bool
	cif                   bool
	taxBase               []string
	baseRule              *law.Rule
	taxable               int64 // fees that import tax is charged on

	scenarios int
	merged    []charge
	totals    totals
	doubts    []any
	missing   []note
	assumed   []note
	pairs     []pair
}

// line is a line of the consignment in the currency of the quote, and what has been found
// out about it in a scenario.
type line struct {
	hs    string // digits
	class string
	price int64 // a unit
	gross int64 // of all units, as asked

	value   int64 // goods alone, without tax
	unit    int64 // that of a unit
	sold    int64 // what the seller is paid for the goods, without tax at the sale
	customs int64
	duty    int64
	unsure  bool // the duty is not known, or not all of it
	saleTax *law.Rule
	payer   Party // of that tax
	relief  *law.Rule
	flat    *law.Rule
	free    bool // no import tax

	open     bool // how much of the price is tax is not confirmed
	unpriced bool // or not known at all
	listed   bool // the tariff has an additional duty on it
}

// charge is a line of a quote in ten-thousandths of the quote's currency.
type charge struct {
	code              Code
	name              string
	line              int
	class             string
	payer, bearer, to Party
	base              int64
	rate              Share
	low, high         int64
	unknown           bool
	recoverable       bool
	count, each       int64
	published         Published
	how               how
	rules             [5]*law.Rule
	seen              int // scenarios in which it was there
}

// cite adds a rule that the charge rests on.
func (c *charge) cite(r *law.Rule) {
	if r == nil {
		return
	}
	for i, known := range c.rules {
		if known == r {
			return
		}
		if known == nil {
			c.rules[i] = r
			return
		}
	}
}

// note is a message that is missing or assumed, before it is put into words.
type note struct {
	code string
	line int
	text string
	more string
}

func add(notes []note, n note) []note {
	for _, known := range notes {
		if known == n {
			return notes
		}
	}
	return append(notes, n)
}

func (x *work) lack(code string, line int, text, more string) {
	x.missing = add(x.missing, note{code, line, text, more})
}

func (x *work) assume(code, text string) { x.assumed = add(x.assumed, note{code, -1, text, ""}) }

// pair is an exchange rate that was looked up.
type pair struct {
	from money.Currency
	on   calendar.Day
	by   factor
	rate commerce.Rate
	ok   bool
}

// factor returns what one of a currency is in the currency of the quote.
func (x *work) factor(from money.Currency, on calendar.Day) (factor, bool) {
	if from == x.q || from == "" {
		return one, true
	}
	for i := range x.pairs {
		if x.pairs[i].from == from && x.pairs[i].on == on {
			return x.pairs[i].by, x.pairs[i].ok
		}
	}
	p := pair{from: from, on: on}
	if x.k.env.Rates != nil {
		if rate, ok := x.k.env.Rates(from, x.q, on); ok {
			p.by, p.ok = factorOf(rate.Value)
			p.rate = rate
		} else if rate, ok := x.k.env.Rates(x.q, from, on); ok {
			p.by, p.ok = factorOf(rate.Value)
			p.by, p.rate = p.by.inverse(), rate
		}
	}
	x.pairs = append(x.pairs, p)
	return p.by, p.ok
}

// tri is a truth that may not be known.
type tri uint8

const (
	no tri = iota
	maybe
	yes
)

func and(a, b tri) tri { return min(a, b) }

// doubt asks whether something that is not known holds in the scenario that is being
// worked out, and remembers to work out the other one, too.
func (x *work) doubt(about any) bool {
	for i, known := range x.doubts {
		if known == about {
			return x.mask>>i&1 == 1
		}
	}
	x.doubts = append(x.doubts, about)
	return x.mask>>(len(x.doubts)-1)&1 == 1
}

// holds decides whether a rule is applied: one that is confirmed and whose conditions are
// met is, one that is not confirmed or of which a condition is not known is in one
// scenario and not in the other.
func (x *work) holds(r *law.Rule, met tri) bool {
	if met == no {
		return false
	}
	if r.Supported() && met == yes {
		return true
	}
	if !r.Supported() {
		x.lack("landed.missing.confirm", -1, r.ID, "")
	}
	return x.doubt(r)
}

// Up to this many doubts are worked out in every combination; more of them one at a time
// and all together.
const combined = 4

// run works out every scenario and merges their charges.
func (x *work) run() error {
	x.scenario(0)
	for mask := uint(1); mask < 1<<min(len(x.doubts), combined); mask++ {
		x.scenario(mask)
	}
	if len(x.doubts) > combined {
		for i := combined; i < min(len(x.doubts), 32); i++ {
			x.scenario(1 << i)
		}
		x.scenario(1<<32 - 1)
	}
	for i := range x.merged {
		if c := &x.merged[i]; c.high > most || c.low < -most {
			return tooLarge(string(c.code))
		}
	}
	return nil
}

func (x *work) scenario(mask uint) {
	x.mask = mask
	x.charges = x.charges[:0]
	x.taxable = 0
	x.evaluate()
	x.merge()
	x.totals.widen(x.sum(), x.scenarios == 0)
	x.scenarios++
}

// merge widens what is known by the charges of a scenario.
func (x *work) merge() {
	if x.scenarios == 0 {
		x.merged = append(x.merged[:0], x.charges...)
		for i := range x.merged {
			x.merged[i].seen = 1
		}
		return
	}
	for i := range x.charges {
		c := &x.charges[i]
		m := x.find(c)
		if m == nil {
			first := *c
			first.low, first.high, first.seen = min(0, first.low), max(0, first.high), x.scenarios+1
			x.merged = append(x.merged, first)
			continue
		}
		m.seen = x.scenarios + 1
		if c.low == m.low && c.high == m.high && c.unknown == m.unknown {
			continue
		}
		low, high, unknown, rules := min(m.low, c.low), max(m.high, c.high), m.unknown || c.unknown, m.rules
		if c.high > m.high { // the larger one shows how it is found
			seen := m.seen
			*m = *c
			m.seen = seen
		}
		m.low, m.high, m.unknown = low, high, unknown
		for _, more := range [2][5]*law.Rule{rules, c.rules} {
			for _, r := range more {
				m.cite(r)
			}
		}
	}
	for i := range x.merged {
		if m := &x.merged[i]; m.seen <= x.scenarios { // it was not there this time
			m.low, m.high, m.seen = min(0, m.low), max(0, m.high), x.scenarios+1
		}
	}
}

func (x *work) find(c *charge) *charge {
	for i := range x.merged {
		if m := &x.merged[i]; m.code == c.code && m.line == c.line && m.name == c.name && m.class == c.class {
			return m
		}
	}
	return nil
}
