package tariff

import (
	"sort"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// Status says how far a rate may be relied on.
type Status uint8

const (
	Published   Status = iota // stands in the official schedule
	Conditional               // stands there, for goods that qualify for a programme: nobody checked that here
	Unconfirmed               // not from an official file, or rests on more than the file says
	Supplied                  // from a file of the user's own
)

// String names the status: "tariff.status.…" has the words for people.
func (s Status) String() string {
	return [...]string{"published", "conditional", "unconfirmed", "supplied"}[s]
}

// Rate is what a tariff says of a code, and where it says so.
type Rate struct {
	Code      Code         // at which the rate stands: the one asked for, or one above it
	Text      string       // as published
	Formula   *Formula     // nil: the text is not one that can be computed, and the duty is unknown
	Programme string       // the preference that it rests on; "" for none
	Source    string       // who published it
	Edition   calendar.Day // of the published file, or since when the user's row holds
	Status    Status
}

// Amount returns the duty on a customs value, to the ten-thousandth of its currency: to
// round as the authority does is the caller's. missing names the quantities that the duty
// depends on and that are not known ("kilograms", "pieces" …, or "rate" where the text of
// the rate could not be read); the amount is then meaningless. A negative value or
// quantity is fault.Invalid, and so is a price per unit in another currency than the
// value's: convert the value first.
func (r Rate) Amount(value money.Amount, units Quantities) (duty money.Amount, missing []string, err error) {
	if value.Sign() < 0 {
		return money.Amount{}, nil, fault.New(fault.Invalid, "E-TARIFF-VALUE", fault.A("value", value))
	}
	if r.Formula == nil {
		return money.Amount{}, []string{"rate"}, nil
	}
	e4, err := r.Formula.amount(value, &units, &missing)
	if err != nil || missing != nil {
		return money.Amount{}, missing, err
	}
	return money.FromE4(e4, value.Currency()), nil, nil
}

// AdValorem returns the share of the value that the duty is, and false where it depends
// on quantities or is not known.
func (r Rate) AdValorem() (share float64, ok bool) { return r.Formula.AdValorem() }

// Schedule is the tariff of one country. It is safe for concurrent use.
type Schedule struct {
	country    commerce.Market
	lines      []line              // by code
	at         map[uint64]int      // key of the digits → place in lines
	additional map[uint64]*reading // by code, for it and all below
	above      map[uint64]*reading // by shorter codes, what all lines below share
}

// line is a code with all rates that may apply to it.
type line struct {
	code   Code
	offers []offer
}

// offer is a rate and when it applies.
type offer struct {
	origin    commerce.Market // "" for any
	programme string          // "" where none has to be claimed
	from, to  calendar.Day    // half-open
	edition   calendar.Day
	source    string
	status    Status
	*reading
}

// reading is the text of a rate, read once.
type reading struct {
	text    string
	formula *Formula
}

// forever is later than any day asked for.
var forever = calendar.FromOrdinal(1<<31 - 1)

// Country returns whose tariff it is.
func (s *Schedule) Country() commerce.Market { return s.country }

// Lines returns how many codes have rates of their own.
func (s *Schedule) Lines() int { return len(s.lines) }

// Duty returns the rate for a code on a day. The rate stands at the longest code that
// begins the one asked for; where only longer ones have rates it is theirs if all agree.
// A rate for the very origin comes before one for any, and one for the programme claimed
// before one for all; a programme that does not cover the goods gives the rate without it,
// and Programme is then "". ok is false where no rate is known: ask for it, it is not
// zero. It does not allocate.
func (s *Schedule) Duty(code string, origin commerce.Market, programme string, on calendar.Day) (rate Rate, ok bool) {
	var room [mostDigits]byte
	digits, ok := digitsOf(room[:0], code)
	if !ok {
		return Rate{}, false
	}
	for n := len(digits); n >= chapterDigits; n-- {
		if i, found := s.at[key(digits[:n])]; found {
			if o := s.lines[i].best(origin, programme, on); o != nil {
				return o.rate(s.lines[i].code), true
			}
		}
	}
	var common *offer
	below := s.below(digits)
	for i := range below {
		l := &below[i]
		o := l.best(origin, programme, on)
		if o == nil || common != nil && o.reading != common.reading {
			return Rate{}, false
		}
		if common == nil {
			common, rate = o, o.rate(l.code[:len(digits)])
		}
	}
	return rate, common != nil
}

// Under returns the rates of all longer codes that begin with the one given, by code:
// between what the duty lies when a product is not classified to the last digit.
func (s *Schedule) Under(code string, origin commerce.Market, programme string, on calendar.Day) []Rate {
	var room [mostDigits]byte
	digits, ok := digitsOf(room[:0], code)
	if !ok {
		return nil
	}
	var rates []Rate
	for _, l := range s.below(digits) {
		if o := l.best(origin, programme, on); o != nil {
			rates = append(rates, o.rate(l.code))
		}
	}
	return rates
}

// Additional returns a duty that falls due beside the one of Duty because of the origin:
// for the United States those of section 301 on goods of China, which are Unconfirmed. A
// Rate without text and formula is unknown: only some lines below the code are listed, or
// the list names codes that have been replaced since. ok is false where none is listed.
func (s *Schedule) Additional(code string, origin commerce.Market, on calendar.Day) (rate Rate, ok bool) {
	var room [mostDigits]byte
	digits, ok := digitsOf(room[:0], code)
	if !ok || origin != "CN" || s.additional == nil || on.Before(usEdition) {
		return Rate{}, false
	}
	r := s.above[key(digits)]
	for n := len(digits); n >= lineDigits && r == nil; n-- {
		r = s.additional[key(digits[:n])]
	}
	if r == nil {
		return Rate{}, false
	}
	return Rate{Text: r.text, Formula: r.formula, Source: additionalSource, Edition: usEdition, Status: Unconfirmed}, true
}

// below returns the lines with codes that begin with the digits.
func (s *Schedule) below(digits []byte) []line {
	from := sort.Search(len(s.lines), func(i int) bool { return string(s.lines[i].code) >= string(digits) })
	to := from
	for to < len(s.lines) && strings.HasPrefix(string(s.lines[to].code), string(digits)) {
		to++
	}
	return s.lines[from:to]
}

// best returns the offer that applies, or nil.
func (l *line) best(origin commerce.Market, programme string, on calendar.Day) *offer {
	var best *offer
	rank := -1
	for i := range l.offers {
		o := &l.offers[i]
		if o.origin != "" && o.origin != origin || o.programme != "" && o.programme != programme || on.Before(o.from) || !on.Before(o.to) {
			continue
		}
		r := 0
		if o.origin != "" {
			r += 2
		}
		if o.programme != "" {
			r++
		}
		if r > rank {
			best, rank = o, r
		}
	}
	return best
}

func (o *offer) rate(code Code) Rate {
	return Rate{Code: code, Text: o.text, Formula: o.formula, Programme: o.programme, Source: o.source, Edition: o.edition, Status: o.status}
}

// index makes the lines findable; they are sorted by code already.
func (s *Schedule) index() {
	s.at = make(map[uint64]int, len(s.lines))
	for i, l := range s.lines {
		s.at[key([]byte(l.code))] = i
	}
}
