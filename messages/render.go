package messages

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tradewind/calendar"
	"tradewind/money"
)

// Decimal is a number shown with a fixed number of decimals.
type Decimal struct {
	X      float64 `json:"x"`
	Places int     `json:"places"`
}

// Both is a text that comes from data in both languages: the name of a rule, a custom, a
// claim. It is shown in the language of the message around it.
type Both struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// In returns the text in a language.
func (b Both) In(lang Language) string { return text{b.EN, b.ZH}.in(lang) }

// unknown stands where a number is not known.
const unknown = "–"

// Percent is a share in [0,1] shown as a percentage with one decimal.
type Percent float64

// fill replaces {name} by the argument of that name, and {n|row|rows} by the English
// singular or plural for the number n. Chinese needs no plural form.
func fill(template string, lang Language, args []Arg) string {
	if !strings.Contains(template, "{") {
		return template
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		hole, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		b.WriteString(fillHole(hole, lang, args))
		template = after
	}
}

func fillHole(hole string, lang Language, args []Arg) string {
	name, forms, plural := strings.Cut(hole, "|")
	for _, a := range args {
		if a.Name != name {
			continue
		}
		if !plural {
			return show(a.Value, lang)
		}
		one, many, _ := strings.Cut(forms, "|")
		if isOne(a.Value) {
			return one
		}
		return many
	}
	return "[" + name + "]"
}

func isOne(v any) bool {
	switch v := v.(type) {
	case int:
		return v == 1
	case int64:
		return v == 1
	}
	return false
}

func show(v any, lang Language) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return Grouped(strconv.Itoa(v))
	case int64:
		return Grouped(strconv.FormatInt(v, 10))
	case Decimal:
		if math.IsNaN(v.X) || math.IsInf(v.X, 0) {
			return unknown
		}
		return Grouped(strconv.FormatFloat(noNegativeZero(v.X, v.Places), 'f', v.Places, 64))
	case Percent:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return unknown
		}
		return strconv.FormatFloat(noNegativeZero(float64(v)*100, 1), 'f', 1, 64) + " %"
	case money.Amount:
		return Money(v)
	case calendar.Day:
		return v.String()
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04 UTC")
	case Message:
		return v.In(lang)
	case Both:
		return v.In(lang)
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(v)
}

// Money shows an amount for people, rounded to its minor unit and grouped, the ISO code
// before it: "GBP 1,234.50". Unit prices that need more decimals keep them.
func Money(a money.Amount) string {
	if a.Currency() == "" {
		return Grouped(a.Decimal())
	}
	return string(a.Currency()) + " " + Grouped(a.Decimal())
}

// Grouped puts a comma between the thousands of a plain decimal. The same form serves
// both languages.
func Grouped(decimal string) string {
	sign := ""
	if strings.HasPrefix(decimal, "-") {
		sign, decimal = "-", decimal[1:]
	}
	whole, frac, point := strings.Cut(decimal, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if point {
		b.WriteString("." + frac)
	}
	return b.String()
}

func noNegativeZero(x float64, places int) float64 {
	if math.Abs(x) < 0.5*math.Pow10(-places) {
		return 0
	}
	return x
}
