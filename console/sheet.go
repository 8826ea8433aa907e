package console

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tradewind/money"
)

// sheet is a table as CSV. Column names are those of the JSON answers, so that a sheet
// reads the same in every language; an amount and its currency are two columns.
type sheet struct {
	file    string // without ".csv"
	columns []string
	rows    [][]cell
}

// cell is one value. Text is guarded; numbers and times stay what they are.
type cell struct {
	value string
	text  bool
}

func (s *sheet) add(cells ...cell) { s.rows = append(s.rows, cells) }

func textCell[T ~string](v T) cell     { return cell{string(v), true} }
func plainCell(v string) cell          { return cell{v, false} }
func intCell[T int | int64](v T) cell  { return cell{strconv.FormatInt(int64(v), 10), false} }
func floatCell(v float64) cell         { return cell{strconv.FormatFloat(v, 'g', 10, 64), false} }
func boolCell(v bool) cell             { return cell{strconv.FormatBool(v), false} }
func amountCell(a money.Amount) cell   { return cell{a.Decimal(), false} }
func currencyCell(a money.Amount) cell { return textCell(a.Currency()) }
func timeCell(t time.Time) cell        { return plainCell(t.UTC().Format(time.RFC3339)) }

// guard keeps a spreadsheet from reading text as a formula, full-width forms included.
//
// Source: OWASP, CSV Injection.
func guard(s string) string {
	// Spreadsheets trim spaces before they look for a formula.
	if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " ")); strings.ContainsRune("=+-@＝＋－＠\t\r\n", first) {
		return "'" + s
	}
	return s
}

// encode writes UTF-8 with the mark by which Excel knows it, and line ends as RFC 4180
// has them.
func (s *sheet) encode() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	_ = w.Write(s.columns) // a bytes.Buffer never fails
	record := make([]string, len(s.columns))
	for _, row := range s.rows {
		for i, cell := range row {
			record[i] = cell.value
			if cell.text {
				record[i] = guard(cell.value)
			}
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.Bytes()
}

func (s *sheet) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+fileName(s.file)+`.csv"`)
	sendBody(w, r, s.encode(), 0)
}

// fileName keeps letters, digits, points and dashes.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		}
		return '_'
	}, s)
}
