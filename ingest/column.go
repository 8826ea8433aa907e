package ingest

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law/tariff"
	"tradewind/money"

	"golang.org/x/text/language"
)

// value is what a cell says: words in s, everything else in n (units, ten-thousandths,
// seconds since 1970, days since 1970, 1 for yes) or x.
type value struct {
	s     string
	n     int64
	x     float64
	day   calendar.Day
	list  []commerce.Market
	given bool // the cell is not empty
}

// word is a text that was seen before, read once and for all.
type word struct {
	raw  string
	v    value
	bits uint64 // the conditions of the format that it fulfils
	code string // what is wrong with it
}

// A column whose words take more memory than this begins anew; order numbers do in long
// files.
const (
	maxWords   = 1 << 16
	maxLetters = 8 << 20
)

// column is a column of the file, tied to the field that it holds.
type column struct {
	Column
	field  field
	kind   valueKind
	index  int    // in the row
	header string // as the file has it
	needed bool   // an empty cell is a fault

	number numberStyle
	date   dateStyle

	last   *word
	words  map[string]*word
	held   int               // bytes of their texts
	values map[string]string // Column.Values by folded text
	moment moment            // of the cell last read
	text   []byte            // that cell
	plain  []byte            // scratch
}

func newColumn(b boundField, index int, header string, needed bool) *column {
	c := &column{
		Column: b.column, field: b.field, kind: fields[b.field].kind,
		index: index, header: header, needed: needed,
		last: &word{raw: "\x00"}, words: map[string]*word{},
	}
	if len(b.column.Values) > 0 {
		c.values = make(map[string]string, len(b.column.Values))
		for from, to := range b.column.Values {
			c.values[strings.ToLower(from)] = to
		}
	}
	return c
}

// checkDefault reads the default and returns what is wrong with it.
func (c *column) checkDefault() (code string) {
	if c.kind.isWords() {
		return c.readWord("").code
	}
	return c.read(nil, &value{}, &clock{zone: time.UTC})
}

// word reads a cell of words. The result is shared by all cells with the same text.
func (c *column) word(cell []byte, f *Format) *word {
	if string(cell) == c.last.raw {
		return c.last
	}
	if w, ok := c.words[string(cell)]; ok {
		c.last = w
		return w
	}
	if c.held += len(cell); len(c.words) >= maxWords || c.held > maxLetters {
		clear(c.words)
		c.held = len(cell)
	}
	w := c.readWord(string(cell))
	w.bits = f.bits(c.field, w.v.s)
	c.words[w.raw] = w
	c.last = w
	return w
}

func (c *column) readWord(raw string) *word {
	w := &word{raw: raw}
	s := strings.TrimSpace(raw)
	if c.DropSuffix != "" {
		s = strings.TrimSuffix(s, c.DropSuffix)
	}
	if s == "" {
		s = c.Default
	}
	if c.Case == "upper" {
		s = strings.ToUpper(s)
	}
	if meant, ok := c.values[strings.ToLower(s)]; ok {
		s = meant
	}
	w.v.s, w.v.given = s, s != ""
	if s == "" {
		if c.needed {
			w.code = "E-CELL-EMPTY"
		}
		return w
	}
	switch c.kind {
	case anID:
		if scientific(s) {
			w.code = "E-ID-SCIENTIFIC"
		}
	case aMarket:
		if !commerce.Market(s).Known() {
			w.code = "E-MARKET"
		}
	case aMarkets:
		for _, m := range strings.Fields(s) {
			if !commerce.Market(m).Known() {
				w.code = "E-MARKET"
			}
			w.v.list = append(w.v.list, commerce.Market(m))
		}
	case aCurrency:
		if _, err := money.ParseCurrency(s); err != nil {
			w.code = "E-CURRENCY"
		}
	case aWord:
		if s != "sale" && s != "credit" {
			w.code = "E-CELL-KIND"
		}
	case aFlag:
		switch strings.ToLower(s) {
		case "true", "yes", "y", "1", "是", "真":
			w.v.n = 1
		case "false", "no", "n", "0", "否", "假":
		default:
			w.code = "E-CELL-FLAG"
		}
	case traitWords:
		if commerce.Traits(s).Unknown() != "" {
			w.code = "E-TRAITS"
		}
	case aVehicle:
		if w.v.s = strings.ToLower(s); !slices.Contains(commerce.KnownVehicles, w.v.s) {
			w.code = "E-VEHICLE"
		}
	case aLanguage:
		tag, err := language.Parse(s)
		if err != nil {
			w.code = "E-CELL-LANGUAGE"
		}
		w.v.s = tag.String()
	case aTariff:
		digits := strings.ReplaceAll(s, ".", "")
		w.v.s = digits
		if len(digits) < 2 || len(digits) > 10 || strings.Trim(digits, "0123456789") != "" {
			w.code = "E-HS"
		} else if known := digits[:min(len(digits)/2*2, 6)]; !tariff.Valid(tariff.Code(known)) {
			w.code = "E-HS-OF-2022"
		}
	}
	return w
}

// scientific reports whether a spreadsheet wrote an identifier as a rounded number, such
// as 1.12E+14.
func scientific(s string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToUpper(s), "E+")
	if !found || mantissa == "" || exponent == "" {
		return false
	}
	return strings.Trim(mantissa, "0123456789.,") == "" && strings.Trim(exponent, "0123456789") == ""
}

// read reads a cell that is not of words; the code says what is wrong with it.
func (c *column) read(cell []byte, v *value, clock *clock) (code string) {
	if c.kind.isDate() {
		return c.readDate(cell, v, clock)
	}
	v.given = true
	text, percent := cell, false
	if !c.number.isPlain() || !plainNumber(cell) {
		if text = bytes.TrimSpace(cell); len(text) == 0 {
			text = []byte(c.Default)
		}
		if len(text) == 0 {
			*v = value{}
			if c.needed {
				return "E-CELL-EMPTY"
			}
			return ""
		}
		if c.kind == aShare {
			text, percent = cutPercent(text)
		}
		var ok bool
		if c.plain, ok = c.number.plain(c.plain[:0], text); !ok || c.isOpen(text) {
			return "E-CELL-NUMBER"
		}
		text = c.plain
	}
	switch c.kind {
	case someUnits:
		v.n, code = readUnits(text)
	case anAmount:
		v.n, code = money.ParseE4(text)
	case aNumber:
		v.x, code = readNumber(text)
	case aShare:
		v.x, code = readNumber(text)
		if percent {
			v.x /= 100
		}
		if code == "" && !(v.x < 1) {
			code = "E-CELL-SHARE"
		}
	}
	return code
}

// cutPercent takes the sign off a number of per cent.
func cutPercent(text []byte) (number []byte, found bool) {
	for _, sign := range []string{"%", "％"} {
		if number, found = bytes.CutSuffix(text, []byte(sign)); found {
			return bytes.TrimSpace(number), true
		}
	}
	return text, false
}

// isOpen reports whether a number can be read two ways and nothing tells which.
func (c *column) isOpen(text []byte) bool {
	if !c.number.openComma && !c.number.openPoint {
		return false
	}
	var v votes
	v.add(text, c.kind == someUnits)
	return c.number.openComma && v.openComma > 0 || c.number.openPoint && v.openPoint > 0
}

func (c *column) readDate(cell []byte, v *value, clock *clock) (code string) {
	if !bytes.Equal(cell, c.text) || len(c.text) == 0 {
		c.text = append(c.text[:0], cell...)
		text := bytes.TrimSpace(cell)
		if len(text) == 0 {
			text = []byte(c.Default)
		}
		if len(text) == 0 {
			*v, c.text = value{}, c.text[:0]
			if c.needed {
				return "E-CELL-EMPTY"
			}
			return ""
		}
		var ok bool
		if c.moment, ok = readMoment(text, c.date); !ok {
			c.text = c.text[:0]
			return "E-DATE-FORMAT"
		}
	}
	v.given = true
	if c.kind == aDay {
		m := c.moment
		v.day = calendar.FromOrdinal(int32((m.civil - (m.civil%secondsPerDay+secondsPerDay)%secondsPerDay) / secondsPerDay))
		v.n = int64(v.day.Ordinal())
		return ""
	}
	v.n, v.day = clock.at(c.moment)
	return ""
}
