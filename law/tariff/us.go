package tariff

import (
	"strconv"
	"strings"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
)

// Where the US rates are from.
const (
	usSource         = "Harmonized Tariff Schedule of the United States, US International Trade Commission"
	additionalSource = "Section 301 duties on goods of China, compiled by github.com/Oneusg/Customs from lists of the US Trade Representative"
	column2Source    = usSource + ", column 2; countries by general note 3(b)"
)

// usEdition is the day on which the file of the schedule was uploaded: earlier days have
// no rate.
var usEdition = day("2025-04-17")

func day(iso string) calendar.Day {
	d, err := calendar.ParseDay(iso)
	if err != nil {
		panic("tariff: " + err.Error())
	}
	return d
}

// column2 are the countries without normal trade relations. They are not part of the
// schedule's file, so that their rates are Unconfirmed.
var column2 = []commerce.Market{"BY", "CU", "KP", "RU"}

// ofOneCountry are the programmes of agreements with a single country, which are claimed
// under its own code. The others (S for the USMCA, P for CAFTA-DR, A for the GSP …) stand
// for groups; whether they are in force and whom they admit is not judged here.
var ofOneCountry = map[string]bool{
	"AU": true, "BH": true, "CL": true, "CO": true, "IL": true, "JO": true, "JP": true, "KR": true,
	"MA": true, "NP": true, "OM": true, "PA": true, "PE": true, "SG": true,
}

// UnitedStates returns the schedule of the United States: column 1 for most origins,
// column 2 for those without normal trade relations, and the special rates for a programme
// that is claimed by its symbol. Statistical suffixes inherit the rate of their line.
var UnitedStates = sync.OnceValue(func() *Schedule {
	h := held()
	s := &Schedule{country: "US", lines: make([]line, 0, len(h.priced)), additional: make(map[uint64]*reading, len(h.additional)), above: map[uint64]*reading{}}
	b := usBuilder{readings: map[string]*reading{}, offers: map[[3]string][]offer{}}
	for _, row := range h.priced {
		s.lines = append(s.lines, line{row.code, b.offersOf(row)})
	}
	s.index()
	b.addAdditional(s, h)
	return s
})

// unsure stands where the list of additional duties does not settle a code.
var unsure = &reading{}

// addAdditional fills in the additional duties. The list is older than the schedule: where
// it names codes that are gone, what took their place is unsure, unless it is listed
// itself. Unsure is also a code of which just some lines below are listed.
func (b *usBuilder) addAdditional(s *Schedule, h *holding) {
	there := map[Code]bool{}
	for _, e := range h.entries {
		there[e.Code] = true
	}
	for _, row := range h.priced {
		there[row.code] = true
	}
	gone := map[Code]bool{}
	for code, share := range h.additional {
		x, err := strconv.ParseFloat(share, 64)
		if err != nil {
			panic("tariff: additional duty: " + err.Error())
		}
		s.additional[key([]byte(code))] = b.read(strconv.FormatFloat(x*100, 'f', -1, 64) + "%")
		if !there[code] {
			gone[nearest(h.codes, code)] = true
		}
	}
	for code := range h.additional {
		if len(code) == mostDigits {
			s.additional[key([]byte(code[:lineDigits]))] = unsure
		}
	}
	for _, l := range s.lines {
		if k := key([]byte(l.code)); s.additional[k] == nil && (gone[l.code.HS6()] || gone[l.code.Heading()]) {
			s.additional[k] = unsure
		}
	}
	for _, digits := range []int{subheadingDigits, headingDigits, chapterDigits} {
		for i, l := range s.lines {
			above, own := key([]byte(l.code[:digits])), s.additional[key([]byte(l.code))]
			if i == 0 || s.lines[i-1].code[:digits] != l.code[:digits] {
				s.above[above] = own
			} else if s.above[above] != own {
				s.above[above] = unsure
			}
		}
	}
}

// usBuilder reads every text once: there are a few hundred for eleven thousand lines.
type usBuilder struct {
	readings map[string]*reading
	offers   map[[3]string][]offer
}

func (b *usBuilder) read(text string) *reading {
	r := b.readings[text]
	if r == nil {
		r = &reading{text: text}
		if f, err := parseRate(text, true); err == nil {
			r.formula = f
		}
		b.readings[text] = r
	}
	return r
}

func (b *usBuilder) offersOf(row pricedRow) []offer {
	texts := [3]string{row.general, row.special, row.column2}
	if known := b.offers[texts]; known != nil {
		return known
	}
	add := func(o offer) {
		o.from, o.to, o.edition = usEdition, forever, usEdition
		b.offers[texts] = append(b.offers[texts], o)
	}
	add(offer{source: usSource, status: Published, reading: b.read(row.general)})
	for _, country := range column2 {
		add(offer{origin: country, source: column2Source, status: Unconfirmed, reading: b.read(row.column2)})
	}
	for text, symbols := range specials(row.special) {
		for _, symbol := range symbols {
			o := offer{programme: symbol, source: usSource, status: Conditional, reading: b.read(text)}
			if ofOneCountry[symbol] {
				o.origin = commerce.Market(symbol)
			}
			add(o)
		}
	}
	return b.offers[texts]
}

// specials yields the rates of the special column with the symbols of their programmes:
// "Free (AU, BH) 1.2% (KR)".
func specials(cell string) func(yield func(text string, symbols []string) bool) {
	return func(yield func(string, []string) bool) {
		for cell != "" {
			text, rest, open := strings.Cut(cell, "(")
			list, after, closed := strings.Cut(rest, ")")
			if !open || !closed {
				return
			}
			symbols := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '.' || r == '(' })
			if !yield(strings.TrimSpace(text), symbols) {
				return
			}
			cell = strings.TrimSpace(after)
		}
	}
}
