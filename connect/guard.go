package connect

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// starters begin a formula in one spreadsheet or another.
//
// Source: OWASP, "CSV Injection"; the full-width forms are taken by East Asian editions.
const starters = "=+-@＝＋－＠"

// separators are what a spreadsheet of another country may take for the end of a cell.
const separators = ",;|\"'"

// guard puts an apostrophe wherever a cell of text could begin a formula: at its start
// and after each separator, blanks skipped. An apostrophe there is doubled, so that
// unguard gives the text back. Cells of numbers are not guarded: -12.50 stays a number.
func guard(text string) string {
	var b strings.Builder
	start := true // a cell could start here
	for _, r := range text {
		if start && (r == '\'' || strings.ContainsRune(starters, r)) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		start = strings.ContainsRune(separators, r) || start && r == ' '
	}
	return b.String()
}

// unguard takes back what guard put in.
func unguard(cell string) string {
	var b strings.Builder
	start, dropped := true, false
	for _, r := range cell {
		if start && !dropped && r == '\'' {
			dropped = true
			continue
		}
		b.WriteRune(r)
		start, dropped = strings.ContainsRune(separators, r) || start && r == ' ', false
	}
	return b.String()
}

// readable reports whether a CSV reader gives a text back as it was written.
func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
