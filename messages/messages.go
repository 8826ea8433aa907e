// Package messages turns codes and arguments into English and Simplified Chinese.
//
// The core carries a Message{Code, Args}, never a sentence; the doors render it. Each
// text stands in both languages in one Go literal (texts_*.go), so that a text missing
// in one language does not compile.
//
// It is not for parsing, and not for numbers that programs read: those are plain JSON.
package messages

import (
	"strings"

	"tradewind/fault"
)

// Language is one of the languages that every text exists in.
type Language string

const (
	English Language = "en"
	Chinese Language = "zh-Hans"
)

// Languages lists every language, English first.
var Languages = []Language{English, Chinese}

// ParseLanguage reads a BCP 47 tag, "en-GB" or "zh-CN". Traditional Chinese readers get
// Simplified, testers Pseudo by its own tag; an unknown language is fault.Usage.
func ParseLanguage(tag string) (Language, error) {
	if tag == string(Pseudo) {
		return Pseudo, nil
	}
	primary, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	switch primary {
	case "en":
		return English, nil
	case "zh":
		return Chinese, nil
	}
	return "", fault.New(fault.Usage, "E-LANGUAGE", fault.A("value", tag))
}

// text is one message in every language. Write it unkeyed, {"…", "…"}, so that the
// compiler counts the languages.
type text struct{ en, zh string }

func (t text) in(lang Language) string {
	switch lang {
	case Chinese:
		return t.zh
	case Pseudo:
		return pseudo(t.en)
	}
	return t.en
}

// catalogue is every text by code: the union of the texts_*.go tables.
var catalogue = func() map[string]text {
	all := map[string]text{}
	for _, table := range tables {
		for code, t := range table {
			if _, twice := all[code]; twice {
				panic("messages: " + code + " is defined twice")
			}
			all[code] = t
		}
	}
	return all
}()

// Message is a code and the arguments of its text.
type Message struct {
	Code string
	Args []Arg
}

// Arg is a named argument. Its value is one of: string, int, int64, Decimal, Percent,
// money.Amount, calendar.Day, time.Time, Message, Both.
type Arg = fault.Arg

// M makes a message.
func M(code string, args ...Arg) Message { return Message{code, args} }

// A names an argument.
func A(name string, value any) Arg { return Arg{Name: name, Value: value} }

// Of returns the message that a failure carries: its own code where it is a fault, and
// E-INTERNAL with the plain error otherwise.
func Of(err error) Message {
	if f := fault.Of(err); f != nil {
		return Message{f.Code, f.Args}
	}
	return M("E-INTERNAL", A("error", err.Error()))
}

// Remedy returns the message that says how to mend the failure named by a code
// "E-…": the text "E-….fix" with the same arguments.
func (m Message) Remedy() Message { return Message{m.Code + ".fix", m.Args} }

// IsZero reports whether there is no message.
func (m Message) IsZero() bool { return m.Code == "" }

// In renders the message in a language. An unknown code or argument shows as itself in
// brackets: a test finds those before a person does.
func (m Message) In(lang Language) string {
	t, ok := catalogue[m.Code]
	if !ok {
		return "[" + m.Code + "]"
	}
	return fill(t.in(lang), lang, m.Args)
}

// Text renders a code and its arguments.
func Text(lang Language, code string, args ...Arg) string { return Message{code, args}.In(lang) }

// Has reports whether a code has a text.
func Has(code string) bool { _, ok := catalogue[code]; return ok }

// Codes yields every code, in no order.
func Codes(yield func(code string) bool) {
	for code := range catalogue {
		if !yield(code) {
			return
		}
	}
}
