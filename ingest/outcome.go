package ingest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// Reject is a row that cannot be read: it goes to quarantine and reading goes on.
type Reject struct {
	File   string
	Line   int64  // the row's first line in the uncompressed text, 1 for the first
	Column string // as the file's header names it; "" is the whole row
	Code   string // has a text and a remedy in package messages
	Raw    string // the row as it stands, cut at 4 KiB, fit to be stored
	Args   []fault.Arg
	Amount money.Amount // what the row is worth, where that much can be read
}

// Error gives the plain form for logs.
func (r *Reject) Error() string {
	return fmt.Sprintf("%s:%d: %s: %s", r.File, r.Line, r.Code, r.Column)
}

// Message says what is wrong with the row.
func (r *Reject) Message() messages.Message {
	args := []messages.Arg{messages.A("file", r.File), messages.A("line", r.Line), messages.A("column", r.Column)}
	return messages.Message{Code: r.Code, Args: append(args, r.Args...)}
}

// Remedy says how to mend the row.
func (r *Reject) Remedy() messages.Message { return r.Message().Remedy() }

// Exclusion is a sound row that a named rule of the format leaves out.
type Exclusion struct {
	Line   int64
	Rule   string
	SKU    commerce.SKU
	Units  commerce.Units // with the sign of the file
	Amount money.Amount
	Raw    string
}

func (e *Exclusion) Error() string { return fmt.Sprintf("line %d: excluded by %s", e.Line, e.Rule) }

// Duplicate is a row that says again what an earlier row of the file says.
type Duplicate struct {
	Line   int64
	Amount money.Amount
}

func (d *Duplicate) Error() string { return fmt.Sprintf("line %d: duplicate", d.Line) }

// RowAmount returns what the row of a fact is worth as its file has it: quantity × price
// of an order line, negative for a credit note; the amount of a cost, price, promotional
// price, spend or order cost; nothing for facts without money.
func RowAmount(f commerce.Fact) money.Amount {
	switch f := f.(type) {
	case *commerce.OrderLine:
		units := f.Units
		if f.Kind == commerce.Credit {
			units = -units
		}
		amount, err := f.Price.Times(units)
		if err != nil {
			panic("ingest: an order line worth more than money can hold was not read here")
		}
		return amount
	case *commerce.Cost:
		return f.Unit
	case *commerce.Supply:
		return f.OrderCost
	case *commerce.Price:
		return f.Price
	case *commerce.Promotion:
		return f.Price
	case *commerce.Spend:
		return f.Amount
	}
	return money.Amount{}
}

const rawLimit = 4 << 10

// storable copies a row for people to look at: valid UTF-8 without NUL, which no
// database refuses, cut at rawLimit.
func storable(raw []byte) string {
	cut := ""
	if len(raw) > rawLimit {
		raw, cut = raw[:rawLimit], "…"
		for len(raw) > rawLimit-utf8.UTFMax && !utf8.Valid(raw[len(raw)-1:]) {
			raw = raw[:len(raw)-1]
		}
	}
	s := strings.ToValidUTF8(string(raw), "\uFFFD")
	return strings.ReplaceAll(s, "\x00", "\u2400") + cut
}
