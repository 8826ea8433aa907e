package tariff

import (
	"strconv"
	"strings"

	"tradewind/fault"
)

// Edition is the year of an edition of the Harmonized System.
type Edition int

// HS2022 is the edition in force from 2022-01-01 to the end of 2027, and the only one
// whose codes are held.
const HS2022 Edition = 2022

// Code is a code of a tariff as digits alone: a chapter (2), a heading (4), a subheading
// of the Harmonized System (6), or a country's own line below one (7 to 10). It is
// comparable, and codes sort as the nomenclature does.
type Code string

const (
	chapterDigits    = 2
	headingDigits    = 4
	subheadingDigits = 6
	lineDigits       = 8
	mostDigits       = 10
)

// Parse reads a code of the given edition; the zero edition is HS2022. Dots and spaces
// between digits are let pass. What is longer than six digits is a country's own and is
// not checked beyond its first six. A code that the edition does not have is
// fault.Invalid and names the nearest code above it that the edition has; where the code
// is on record as one of an earlier edition it says so, and where not it does not guess.
func Parse(text string, edition Edition) (Code, error) {
	if edition != 0 && edition != HS2022 {
		return "", fault.New(fault.Invalid, "E-HS-EDITION-UNHELD", fault.A("code", text), fault.A("edition", strconv.Itoa(int(edition))))
	}
	var room [mostDigits]byte
	digits, ok := digitsOf(room[:0], text)
	if !ok {
		return "", fault.New(fault.Invalid, "E-HS-FORM", fault.A("code", text))
	}
	code := Code(digits)
	switch len(code) {
	case chapterDigits, headingDigits, subheadingDigits, 7, lineDigits, 9, mostDigits:
	default:
		return "", fault.New(fault.Invalid, "E-HS-FORM", fault.A("code", text))
	}
	known := held()
	international := code[:min(len(code), subheadingDigits)]
	if known.codes[international] {
		return code, nil
	}
	parent := nearest(known.codes, international)
	switch {
	case parent == "":
		return "", fault.New(fault.Invalid, "E-HS-CHAPTER", fault.A("code", text), fault.A("chapter", string(code[:chapterDigits])))
	case known.earlier[international]:
		return "", fault.New(fault.Invalid, "E-HS-EDITION", fault.A("code", text), fault.A("parent", parent.Dotted()))
	}
	return "", fault.New(fault.Invalid, "E-HS-UNKNOWN", fault.A("code", text), fault.A("parent", parent.Dotted()))
}

// Valid reports whether HS 2022 has the code, or the first six digits of a longer one.
func Valid(code Code) bool {
	return held().codes[code[:min(len(code), subheadingDigits)]]
}

// Codes returns how many codes HS 2022 has with 2, 4 or 6 digits; 0 for another length.
func Codes(digits int) int {
	n := 0
	for c := range held().codes {
		if len(c) == digits {
			n++
		}
	}
	return n
}

// nearest cuts digits off until the nomenclature has the code; "" when it never has.
func nearest(codes map[Code]bool, code Code) Code {
	for n := len(code) - 1; n >= chapterDigits; n-- {
		if codes[code[:n]] {
			return code[:n]
		}
	}
	return ""
}

// Chapter returns the first two digits.
func (c Code) Chapter() Code { return c[:min(len(c), chapterDigits)] }

// Heading returns the first four digits, or fewer where the code has no more.
func (c Code) Heading() Code { return c[:min(len(c), headingDigits)] }

// HS6 returns the international part: the first six digits, or fewer where the code has
// no more.
func (c Code) HS6() Code { return c[:min(len(c), subheadingDigits)] }

// Dotted writes the code as tariffs print it: 0101.21.00.10.
func (c Code) Dotted() string {
	if len(c) <= headingDigits {
		return string(c)
	}
	var b strings.Builder
	b.WriteString(string(c[:headingDigits]))
	for i := headingDigits; i < len(c); i += 2 {
		b.WriteByte('.')
		b.WriteString(string(c[i:min(i+2, len(c))]))
	}
	return b.String()
}

// lastChapters is the last chapter of each section, I to XXI.
//
// Source: Harmonized System 2022, sections and chapters.
var lastChapters = [...]string{"05", "14", "15", "24", "27", "38", "40", "43", "46", "49", "63", "67", "70", "71", "83", "85", "89", "92", "93", "96", "97"}

// Section returns the number of the section, 1 to 21, that a code belongs to; 0 where
// HS 2022 has no such chapter.
func (c Code) Section() int {
	if !held().codes[c.Chapter()] {
		return 0
	}
	for i, last := range lastChapters {
		if string(c.Chapter()) <= last {
			return i + 1
		}
	}
	return 0
}

// digitsOf appends the digits of a code to dst and reports whether the text is digits
// with dots and spaces between them, no more of them than a code has. It does not
// allocate where dst has room.
func digitsOf(dst []byte, text string) ([]byte, bool) {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			if len(dst) == mostDigits {
				return dst, false
			}
			dst = append(dst, c)
		case c == '.' || c == ' ':
		default:
			return dst, false
		}
	}
	return dst, len(dst) >= chapterDigits
}

// key packs digits into a number that tells codes of different lengths apart.
func key(digits []byte) uint64 {
	k := uint64(1)
	for _, d := range digits {
		k = k*10 + uint64(d-'0')
	}
	return k
}
