package ingest

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tradewind/fault"
)

// layout is where and how the table stands in the text.
type layout struct {
	format *Format
	comma  byte
	eol    byte
	skip   int // records up to and with the header
	header []string
}

const (
	delimiters  = ",;\t|"
	headerDepth = 50 // rows looked at for the header: reports have preambles
)

// detectFormat finds delimiter, header row and format: the one all of whose columns are
// there and that uses the most of the header. Two that use the same are fault.Invalid.
func (s *Source) detectFormat(head []byte, formats []*Format) (layout, error) {
	eol := byte('\n')
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		eol = '\r'
	}
	var d detection
	for _, comma := range []byte(delimiters) {
		split := newSplitter(bytes.NewReader(head), comma, eol)
		for row := 1; row <= headerDepth; row++ {
			rec, err := split.next()
			if err != nil {
				break
			}
			if rec.code != "" || len(rec.fields) < 2 && comma != ',' {
				continue
			}
			if d.try(layout{comma: comma, eol: eol, skip: row, header: headerOf(rec.fields)}, formats) {
				break
			}
		}
	}
	return d.result(s.Name, len(formats) == 1)
}

// detection collects the headers that fit a format best.
type detection struct {
	found   []layout
	most    int // columns used by each of them
	closest closest
}

// try compares a header with every format and reports whether one fits.
func (d *detection) try(l layout, formats []*Format) (fits bool) {
	d.closest.widest = max(d.closest.widest, len(l.header))
	plain := plainHeaders(l.header)
	for _, f := range formats {
		matched, missing := f.match(plain)
		d.closest.consider(f, matched, missing)
		if len(missing) > 0 {
			continue
		}
		fits = true
		if matched > d.most {
			d.most, d.found = matched, d.found[:0]
		}
		if matched == d.most {
			l.format = f
			d.found = append(d.found, l)
		}
	}
	return fits
}

// result returns the one layout that fits best, or says what stands in the way.
func (d *detection) result(file string, asked bool) (layout, error) {
	if len(d.found) == 0 {
		return layout{}, d.closest.fault(file, asked)
	}
	var names []string
	for _, l := range d.found {
		if !slices.Contains(names, l.format.Name) {
			names = append(names, l.format.Name)
		}
	}
	if len(names) > 1 {
		slices.Sort(names)
		return layout{}, fault.New(fault.Invalid, "E-FORMAT-AMBIG", fault.A("file", file), fault.A("formats", strings.Join(names, ", ")))
	}
	return d.found[0], nil
}

// passHeader reads up to the first row behind the header.
func (l *layout) passHeader(r rows) error {
	for range l.skip {
		if _, err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

func headerOf(cells [][]byte) []string {
	header := make([]string, len(cells))
	for i, c := range cells {
		header[i] = strings.TrimSpace(string(c))
	}
	return header
}

// match returns how many columns of the format a header has and which it lacks.
func (f *Format) match(plain []string) (matched int, missing []string) {
	for _, b := range f.bound {
		if slices.ContainsFunc(plain, b.named) {
			matched++
		} else if !b.column.Optional {
			missing = append(missing, b.column.Names[0])
		}
	}
	return matched, missing
}

// bestHeader returns how many columns of the format that fits best a header line has.
func bestHeader(line string, formats []*Format) int {
	best := 0
	for _, comma := range []byte(delimiters) {
		plain := plainHeaders(headerOf(cut(nil, []byte(line), comma)))
		for _, f := range formats {
			matched, _ := f.match(plain)
			best = max(best, matched)
		}
	}
	return best
}

// named reports whether a plain header is one of the column's names.
func (b *boundField) named(plain string) bool { return plain != "" && slices.Contains(b.plain, plain) }

func plainHeaders(header []string) []string {
	plain := make([]string, len(header))
	for i, h := range header {
		plain[i] = plainHeader(h)
	}
	return plain
}

// plainHeader leaves letters and digits only, folded: "Customer ID", "customer_id" and
// "ＣｕｓｔｏｍｅｒＩＤ" are one name.
func plainHeader(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

// closest remembers the format that a file came nearest to.
type closest struct {
	format  *Format
	matched int
	missing []string
	widest  int // columns of the widest row seen
}

func (c *closest) consider(f *Format, matched int, missing []string) {
	if c.format == nil || matched > c.matched || matched == c.matched && len(missing) < len(c.missing) {
		c.format, c.matched, c.missing = f, matched, missing
	}
}

// fault says why no format fits.
func (c *closest) fault(file string, asked bool) error {
	args := []fault.Arg{fault.A("file", file)}
	if c.widest < 2 {
		return fault.New(fault.Invalid, "E-DELIMITER", args...)
	}
	if c.matched == 0 {
		return fault.New(fault.Invalid, "E-FORMAT-UNKNOWN", args...)
	}
	args = append(args, fault.A("format", c.format.Name), fault.A("missing", strings.Join(c.missing, ", ")), fault.A("n", len(c.missing)))
	if asked {
		return fault.New(fault.Invalid, "E-COLUMNS", args...)
	}
	return fault.New(fault.Invalid, "E-FORMAT-CLOSEST", args...)
}

// detectStyles decides by a sample of rows how each column writes dates and numbers.
func (s *Source) detectStyles(sample rows, o Options) error {
	dates := map[*column]*dateVotes{}
	numbers := map[*column]*votes{}
	for _, c := range s.reader.columns {
		switch {
		case c.kind.isDate():
			dates[c] = &dateVotes{}
		case c.kind.isNumber():
			numbers[c] = &votes{}
		}
	}
	for {
		rec, err := sample.next()
		if err != nil {
			break
		}
		for c, v := range dates {
			if c.index < len(rec.fields) {
				v.add(bytes.TrimSpace(rec.fields[c.index]))
			}
		}
		for c, v := range numbers {
			if c.index < len(rec.fields) {
				v.add(bytes.TrimSpace(rec.fields[c.index]), c.kind == someUnits)
			}
		}
	}
	if err := s.decideDates(dates, cmp.Or(o.DateOrder, s.Format.DateOrder)); err != nil {
		return err
	}
	return s.decideNumbers(numbers)
}

// decideDates sets the order of day and month of each column: as told, or as nine
// of ten dates say that can only be read one way.
func (s *Source) decideDates(all map[*column]*dateVotes, told string) error {
	for _, c := range s.reader.columns {
		v, ok := all[c]
		if !ok {
			continue
		}
		switch {
		case told == "dmy":
			c.date = dayFirst
		case told == "mdy":
			c.date = monthFirst
		case v.day > 0 && v.day >= 9*v.month:
			c.date = dayFirst
		case v.month > 0 && v.month >= 9*v.day:
			c.date = monthFirst
		case v.day+v.month+v.open > 0:
			return fault.New(fault.Invalid, "E-DATE-AMBIG", fault.A("file", s.Name), fault.A("column", c.header))
		}
	}
	return nil
}

// decideNumbers sets the decimal sign of each column: as told, as nine of ten values say
// that can only be read one way, or as the other columns of the file say. A point that
// could be either is a decimal sign unless the file is separated by semicolons, as it is
// where commas are decimal signs.
func (s *Source) decideNumbers(all map[*column]*votes) error {
	sum := votes{}
	for _, v := range all {
		sum.point += v.point
		sum.comma += v.comma
	}
	for _, c := range s.reader.columns {
		v, ok := all[c]
		if !ok {
			continue
		}
		switch {
		case s.Format.Decimal != "":
			c.number.comma = s.Format.Decimal == "comma"
		case v.point+v.comma > 0 && v.comma >= 9*v.point:
			c.number.comma = true
		case v.point > 0 && v.point >= 9*v.comma:
		case v.point+v.comma > 0:
			return fault.New(fault.Invalid, "E-DECIMAL-AMBIG", fault.A("file", s.Name), fault.A("column", c.header))
		case sum.comma > 0 && sum.point == 0:
			c.number.comma = true
		case sum.point > 0 && sum.comma == 0:
		case v.openComma+v.openPoint == 0:
			c.number.openComma, c.number.openPoint = true, s.Delimiter == ';'
		case v.openComma == 0 && s.Delimiter != ';':
		default:
			return fault.New(fault.Invalid, "E-DECIMAL-AMBIG", fault.A("file", s.Name), fault.A("column", c.header))
		}
	}
	return nil
}
