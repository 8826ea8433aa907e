package law

import (
	"reflect"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// Field is one parameter of a rule under the name that it has in a pack. Its value is a
// string, a float64, an int, a bool, a money.Amount, or a []any or []Field of these.
type Field struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Fields lists the parameters that a rule sets, in the order of their documentation. What
// must be there is listed also where it is zero, as a rate of 0 is.
func Fields(p Params) []Field { return fieldsOf(reflect.ValueOf(p)) }

func fieldsOf(v reflect.Value) []Field {
	var all []Field
	f := formOf(v.Type())
	for _, name := range f.names {
		known := f.fields[name]
		x := v.FieldByIndex(known.index)
		if x.IsZero() && !(known.tag.must && x.Kind() == reflect.Float64) && x.Type() != amountType {
			continue
		}
		if amount, ok := x.Interface().(money.Amount); ok && amount == (money.Amount{}) {
			continue // "0 EUR" is an answer, no amount at all is none
		}
		all = append(all, Field{name, plain(x)})
	}
	return all
}

func plain(x reflect.Value) any {
	switch v := x.Interface().(type) {
	case money.Amount, string, float64, int, bool:
		return v
	case commerce.Market:
		return string(v)
	case calendar.Day:
		return v.String()
	}
	switch x.Kind() {
	case reflect.Pointer:
		return plain(x.Elem())
	case reflect.Slice:
		all := make([]any, x.Len())
		for i := range all {
			all[i] = plain(x.Index(i))
		}
		return all
	case reflect.Map:
		var all []Field
		for _, key := range x.MapKeys() {
			all = append(all, Field{key.String(), plain(x.MapIndex(key))})
		}
		slices.SortFunc(all, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
		return all
	case reflect.Struct:
		return fieldsOf(x)
	}
	return x.String()
}
