package tariff

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// The columns of a user's schedule. Those with a star may be left out.
var (
	needed   = []string{"country", "hs", "rate", "from", "source"}
	optional = []string{"origin", "programme", "to"}
)

// mostFailures bounds how many rows ReadSchedule complains of at once.
const mostFailures = 20

// ReadSchedule reads the tariff of one country from CSV text; name stands in complaints.
// The first row names the columns, in any order:
//
//	country    ISO 3166-1 code, the same in every row, or EU
//	hs         a code of HS 2022 or a longer one of the country; a rate holds for all below
//	rate       as ParseRate reads it
//	from, to   first and last day, year-month-day; an empty "to" leaves the end open
//	source     who published the rate
//	origin     ISO 3166-1 code; empty or * for any
//	programme  the preference to be claimed; empty for none
//
// Rates of one code, origin and programme whose days overlap are refused. A failure is
// fault.Invalid with file, line, column and code; there may be several, joined.
func ReadSchedule(name string, data []byte) (*Schedule, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.TrimLeadingSpace = true
	f := file{name: name, reader: r, columns: map[string]int{}, readings: map[string]*reading{}, lines: map[Code][]placed{}}
	if err := f.header(); err != nil {
		return nil, err
	}
	var failures []error
	for len(failures) < mostFailures {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = f.add(row)
		} else {
			err = f.unreadable(err)
		}
		if err != nil {
			failures = append(failures, err)
		}
	}
	switch {
	case failures != nil:
		return nil, errors.Join(failures...)
	case len(f.lines) == 0:
		return nil, fault.New(fault.Invalid, "E-TARIFF-EMPTY", fault.A("file", name))
	}
	return f.schedule(), nil
}

// file is a schedule while it is read.
type file struct {
	name     string
	reader   *csv.Reader
	columns  map[string]int
	country  commerce.Market
	readings map[string]*reading
	lines    map[Code][]placed
}

// placed is an offer and the line of the file that it stands on.
type placed struct {
	offer
	at int
}

func (f *file) header() error {
	row, err := f.reader.Read()
	if err == io.EOF {
		return fault.New(fault.Invalid, "E-TARIFF-EMPTY", fault.A("file", f.name))
	}
	if err != nil {
		return f.unreadable(err)
	}
	for i, title := range row {
		title = strings.ToLower(strings.TrimSpace(title))
		if _, twice := f.columns[title]; twice || !slices.Contains(needed, title) && !slices.Contains(optional, title) {
			return f.refuse("E-TARIFF-COLUMN", i, fault.A("column", title), fault.A("columns", strings.Join(slices.Concat(needed, optional), ", ")))
		}
		f.columns[title] = i
	}
	for _, title := range needed {
		if _, ok := f.columns[title]; !ok {
			return fault.New(fault.Invalid, "E-TARIFF-COLUMN-MISSING", fault.A("file", f.name), fault.A("column", title))
		}
	}
	return nil
}

func (f *file) unreadable(err error) error {
	line := 0
	if p := (*csv.ParseError)(nil); errors.As(err, &p) {
		line, err = p.Line, p.Err
	}
	return fault.New(fault.Invalid, "E-TARIFF-CSV", fault.A("file", f.name), fault.A("line", line), fault.A("error", err.Error()))
}

// refuse complains of a cell of the row read last. The arguments common to all cells
// come first, so that a text may show them.
func (f *file) refuse(code string, column int, args ...fault.Arg) error {
	line, at := f.reader.FieldPos(column)
	return fault.New(fault.Invalid, code, append([]fault.Arg{fault.A("file", f.name), fault.A("line", line), fault.A("at", at)}, args...)...)
}

func (f *file) add(row []string) error {
	cell := func(title string) string {
		if i, ok := f.columns[title]; ok {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	refuse := func(code, title string, cause error) error {
		err := f.refuse(code, f.columns[title], fault.A("column", title), fault.A("value", cell(title)))
		if cause != nil {
			fault.Of(err).Err = cause
		}
		return err
	}
	country, ok := market(cell("country"))
	if !ok {
		return refuse("E-TARIFF-COUNTRY", "country", nil)
	}
	if f.country == "" {
		f.country = country
	}
	if country != f.country {
		return refuse("E-TARIFF-TWO", "country", nil)
	}
	code, err := Parse(cell("hs"), HS2022)
	if err != nil {
		return f.refuse("E-TARIFF-CODE", f.columns["hs"], fault.A("reason", messages.Of(err)))
	}
	o := offer{programme: cell("programme"), source: cell("source"), status: Supplied, to: forever}
	if text := cell("origin"); text != "" && text != "*" {
		if o.origin, ok = market(text); !ok {
			return refuse("E-TARIFF-COUNTRY", "origin", nil)
		}
	}
	if o.reading, err = f.read(cell("rate")); err != nil {
		return refuse("E-TARIFF-RATE-CELL", "rate", err)
	}
	if o.from, err = calendar.ParseDay(cell("from")); err != nil {
		return refuse("E-TARIFF-DATE", "from", err)
	}
	o.edition = o.from
	if text := cell("to"); text != "" {
		last, err := calendar.ParseDay(text)
		if err != nil || last.Before(o.from) {
			return refuse("E-TARIFF-DATE", "to", err)
		}
		o.to = last.AddDays(1)
	}
	if o.source == "" {
		return refuse("E-TARIFF-SOURCE", "source", nil)
	}
	here, _ := f.reader.FieldPos(0)
	for _, p := range f.lines[code] {
		if p.origin == o.origin && p.programme == o.programme && o.from.Before(p.to) && p.from.Before(o.to) {
			return f.refuse("E-TARIFF-OVERLAP", f.columns["from"], fault.A("code", code.Dotted()), fault.A("other", p.at))
		}
	}
	f.lines[code] = append(f.lines[code], placed{o, here})
	return nil
}

// market reads a country code in capitals.
func market(text string) (commerce.Market, bool) {
	if len(text) != 2 || strings.ToUpper(text) != text {
		return "", false
	}
	region, err := language.ParseRegion(text)
	return commerce.Market(text), text == string(commerce.EuropeanUnion) || err == nil && region.IsCountry() && region.String() == text
}

func (f *file) read(text string) (*reading, error) {
	if r := f.readings[text]; r != nil {
		return r, nil
	}
	formula, err := ParseRate(text)
	if err != nil {
		return nil, err
	}
	r := &reading{text, formula}
	f.readings[text] = r
	return r, nil
}

func (f *file) schedule() *Schedule {
	s := &Schedule{country: f.country}
	for code, offers := range f.lines {
		l := line{code: code}
		for _, p := range offers {
			l.offers = append(l.offers, p.offer)
		}
		s.lines = append(s.lines, l)
	}
	slices.SortFunc(s.lines, func(a, b line) int { return strings.Compare(string(a.code), string(b.code)) })
	s.index()
	return s
}
