package ingest

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// numberStyle is how a column writes numbers.
type numberStyle struct {
	comma bool // the decimal sign is a comma, and points group thousands

	// The rows that were looked at leave it open whether a comma, or a point, before
	// three digits groups thousands: such a number is refused.
	openComma, openPoint bool
}

// isPlain reports whether plain numbers mean what they say.
func (s numberStyle) isPlain() bool { return !s.comma && !s.openPoint }

// plainNumber reports whether text is digits with at most a leading minus and one point:
// the form that needs no rewriting.
func plainNumber(text []byte) bool {
	if len(text) > 0 && text[0] == '-' {
		text = text[1:]
	}
	if len(text) == 0 || text[0] == '.' {
		return false
	}
	points := 0
	for _, c := range text {
		if c == '.' {
			points++
		} else if c < '0' || c > '9' {
			return false
		}
	}
	return points <= 1
}

// plain rewrites a number as people write it into the plain form "-1234.5" in dst: signs
// before or behind, accounting brackets, grouped thousands, full-width digits. It reports
// false for anything that is not one number in this style.
func (s numberStyle) plain(dst, text []byte) ([]byte, bool) {
	text = bytes.TrimSpace(text)
	if s.isPlain() && plainNumber(text) {
		return append(dst, text...), true
	}
	negative := false
	if n := len(text); n > 2 && text[0] == '(' && text[n-1] == ')' {
		negative, text = true, text[1:n-1]
	}
	var digits [64]byte // of the whole part, with separators as ','
	var decimals [64]byte
	whole, frac := digits[:0], decimals[:0]
	signs, inFraction := 0, false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		i += size
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		switch {
		case r >= '0' && r <= '9':
			if len(whole)+len(frac) >= len(digits) {
				return dst, false
			}
			if inFraction {
				frac = append(frac, byte(r))
			} else {
				whole = append(whole, byte(r))
			}
		case r == '-' || r == '−' || r == '－' || r == '+':
			if signs++; signs > 1 || i != size && i != len(text) {
				return dst, false
			}
			negative = negative || r != '+'
		case r == s.decimal() || r == '．' && !s.comma || r == '，' && s.comma:
			if inFraction {
				return dst, false
			}
			inFraction = true
		case r == s.group() || r == ' ' || r == '\'' || r == '’' || r == '\u00a0' || r == '\u202f' || r == '\u2009' || r == '，' && !s.comma:
			if inFraction || len(whole) == 0 || len(whole) >= len(digits)-1 {
				return dst, false
			}
			whole = append(whole, ',')
		default:
			return dst, false
		}
	}
	if len(whole)+len(frac) == 0 || !grouped(whole) {
		return dst, false
	}
	if negative {
		dst = append(dst, '-')
	}
	if len(whole) == 0 {
		dst = append(dst, '0')
	}
	for _, c := range whole {
		if c != ',' {
			dst = append(dst, c)
		}
	}
	if len(frac) > 0 {
		dst = append(append(dst, '.'), frac...)
	}
	return dst, true
}

func (s numberStyle) decimal() rune {
	if s.comma {
		return ','
	}
	return '.'
}

func (s numberStyle) group() rune {
	if s.comma {
		return '.'
	}
	return ','
}

// grouped reports whether the separators stand where thousands are: three digits behind
// the last one, two or three between others (1,234,567 and 12,34,567).
func grouped(whole []byte) bool {
	first := bytes.IndexByte(whole, ',')
	if first < 0 {
		return true
	}
	if first > 3 {
		return false
	}
	rest := whole[first+1:]
	for {
		next := bytes.IndexByte(rest, ',')
		if next < 0 {
			return len(rest) == 3
		}
		if next != 2 && next != 3 {
			return false
		}
		rest = rest[next+1:]
	}
}

// readUnits reads a whole number; "6.0" and "6,00" are whole.
func readUnits(plain []byte) (int64, string) {
	digits := plain
	if i := bytes.IndexByte(plain, '.'); i >= 0 {
		if len(bytes.Trim(plain[i+1:], "0")) > 0 {
			return 0, "E-CELL-UNITS"
		}
		digits = plain[:i]
	}
	negative := len(digits) > 0 && digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	if len(digits) == 0 {
		return 0, "E-CELL-UNITS"
	}
	if len(digits) > 18 && len(bytes.TrimLeft(digits, "0")) > 18 {
		return 0, "E-CELL-UNITS-RANGE"
	}
	var n int64
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, ""
}

// readNumber reads a decimal number.
func readNumber(plain []byte) (float64, string) {
	x, err := strconv.ParseFloat(string(plain), 64)
	if err != nil {
		return 0, "E-CELL-NUMBER"
	}
	return x, ""
}

// votes counts what the values of a column say about its decimal sign.
type votes struct{ point, comma, openPoint, openComma int }

// add lets one value vote: a separator that comes twice groups; of two kinds the last is
// the decimal sign; one that is not followed by exactly three digits, or follows a zero
// or more than three digits, is a decimal sign. "1,234" alone leaves the question open,
// but not in a column of whole numbers.
func (v *votes) add(text []byte, whole bool) {
	point, comma := bytes.LastIndexByte(text, '.'), bytes.LastIndexByte(text, ',')
	switch {
	case point < 0 && comma < 0:
		return
	case point >= 0 && comma >= 0:
		v.cast(comma > point, true)
		return
	}
	sep, at := byte('.'), point
	if comma >= 0 {
		sep, at = ',', comma
	}
	isComma := sep == ','
	if bytes.Count(text, []byte{sep}) > 1 {
		v.cast(!isComma, true)
		return
	}
	before, behind := digits(text[:at]), digits(text[at+1:])
	sure := behind != 3 || before == 0 || before > 3 || bytes.TrimLeft(text, "-( +")[0] == '0'
	if whole && isComma && !sure && !bytes.HasSuffix(text, []byte("000")) {
		isComma, sure = false, true
	}
	v.cast(isComma, sure)
}

func (v *votes) cast(comma, sure bool) {
	switch {
	case comma && sure:
		v.comma++
	case comma:
		v.openComma++
	case sure:
		v.point++
	default:
		v.openPoint++
	}
}

func digits(text []byte) (n int) {
	for _, c := range text {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}
