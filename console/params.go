package console

import (
	"fmt"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/messages"
	"tradewind/money"
)

// param is one parameter of a rule as a page says it. Values that are words of a pack are
// data unless the catalogue has a text for them.
type param struct {
	Name, Value string
	Data        bool // the value is of the pack, not of a language
}

// paramsIn says the parameters of a rule.
func paramsIn(lang messages.Language, params []tradewind.RuleParam) []param {
	var list []param
	for _, p := range params {
		value, data := saidValue(lang, p)
		list = append(list, param{named(lang, "console.param.", p.Name), value, data})
	}
	return list
}

// shares are the parameters that hold a share of 1.
var shares = map[string]bool{"rate": true, "high": true, "factor": true}

// saidValue says a value; data reports that some word of it has no text.
func saidValue(lang messages.Language, p tradewind.RuleParam) (said string, data bool) {
	switch v := p.Value.(type) {
	case money.Amount:
		return messages.Money(v), false
	case bool:
		return messages.Text(lang, "console.yesno."+strconv.FormatBool(v)), false
	case int:
		return messages.Grouped(strconv.Itoa(v)), false
	case float64:
		if shares[p.Name] {
			return shareOf(v), false
		}
		return strconv.FormatFloat(v, 'f', -1, 64), false
	case string:
		if word := wordOf(lang, v); word != "" {
			return word, false
		}
		if code := "landed.name." + v; messages.Has(code) {
			return messages.Text(lang, code), false
		}
		return v, true
	case []tradewind.RuleParam:
		return saidFields(lang, v)
	case []any:
		var parts []string
		for _, each := range v {
			part, of := saidValue(lang, tradewind.RuleParam{Name: p.Name, Value: each})
			parts, data = append(parts, part), data || of
		}
		return strings.Join(parts, listComma(p.Value)), data
	}
	return fmt.Sprint(p.Value), true
}

// saidFields says fields of a field; a text in both languages is said in one.
func saidFields(lang messages.Language, fields []tradewind.RuleParam) (said string, data bool) {
	if len(fields) == 2 && fields[0].Name == "en" && fields[1].Name == "zh" {
		en, _ := fields[0].Value.(string)
		zh, _ := fields[1].Value.(string)
		return messages.Both{EN: en, ZH: zh}.In(lang), false
	}
	var parts []string
	for _, f := range fields {
		part, of := saidValue(lang, f)
		parts, data = append(parts, named(lang, "console.param.", f.Name)+" "+part), data || of
	}
	return strings.Join(parts, ", "), data
}

// listComma parts the bands of a scale further than the words of a list.
func listComma(v any) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		if _, nested := list[0].([]tradewind.RuleParam); nested {
			return "; "
		}
	}
	return ", "
}

// shareOf says a share of 1 as a percentage, with the decimals that it has.
func shareOf(x float64) string {
	return strconv.FormatFloat(round6(100*x), 'f', -1, 64) + " %"
}

// round6 takes off what binary fractions add: 100 × 0.055 is 5.5.
func round6(x float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 6, 64), 64)
	if err != nil {
		return x
	}
	return rounded
}

// figures are the parameters by which a rule is known in a list, the first one found.
var figures = []string{"rate", "amount", "limit", "to", "members"}

// figureOf says the figure of a rule; "" where it has none.
func figureOf(lang messages.Language, params []tradewind.RuleParam) string {
	for _, name := range figures {
		for _, p := range params {
			if p.Name != name {
				continue
			}
			if members, ok := p.Value.([]any); ok {
				return messages.Text(lang, "console.rules.members", messages.A("n", len(members)))
			}
			said, _ := saidValue(lang, p)
			if name == "limit" {
				return messages.Text(lang, "console.rules.limit", messages.A("limit", said))
			}
			return said
		}
	}
	return ""
}

// plainValue is a value of a pack on one line, for programs.
func plainValue(v any) string {
	switch v := v.(type) {
	case money.Amount:
		return v.Decimal() + " " + string(v.Currency())
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []tradewind.RuleParam:
		var parts []string
		for _, f := range v {
			parts = append(parts, f.Name+"="+plainValue(f.Value))
		}
		return strings.Join(parts, "; ")
	case []any:
		var parts []string
		for _, each := range v {
			parts = append(parts, plainValue(each))
		}
		return strings.Join(parts, " | ")
	}
	return fmt.Sprint(v)
}
