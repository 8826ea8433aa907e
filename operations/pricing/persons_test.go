package pricing

import (
	"reflect"
	"testing"

	"tradewind/commerce"
)

// TestPricesKnowNoPerson: nothing that can be reached from what this package is given names
// a customer, so that no price can depend on who is buying.
func TestPricesKnowNoPerson(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, input := range []any{commerce.Snapshot{}, Panel{}, Form{}, Test{}, Study{}, Elasticity{}, Problem{}, Limits{}, Terms{}} {
		if path := personIn(reflect.TypeOf(input), seen); path != "" {
			t.Errorf("%T%s is a customer", input, path)
		}
	}
	if !seen[reflect.TypeFor[commerce.Item]()] {
		t.Error("items were not looked at: nothing was")
	}
	if got := personIn(reflect.TypeFor[[]*commerce.OrderLine](), map[reflect.Type]bool{}); got != "[].Customer" {
		t.Errorf("in an order line the customer was found at %q, want [].Customer", got)
	}
}

// personIn returns the way from a type to a customer, "" where there is none.
func personIn(t reflect.Type, seen map[reflect.Type]bool) string {
	if t == reflect.TypeFor[commerce.CustomerID]() {
		return " "
	}
	if seen[t] {
		return ""
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer:
		return personIn(t.Elem(), seen)
	case reflect.Slice, reflect.Array, reflect.Chan:
		return within("[]", personIn(t.Elem(), seen))
	case reflect.Map:
		return within("[key]", personIn(t.Key(), seen)) + within("[]", personIn(t.Elem(), seen))
	case reflect.Func:
		for k := range t.NumIn() {
			if path := personIn(t.In(k), seen); path != "" {
				return within("(…)", path)
			}
		}
		for k := range t.NumOut() {
			if path := personIn(t.Out(k), seen); path != "" {
				return within("()", path)
			}
		}
	case reflect.Struct:
		for k := range t.NumField() {
			if path := personIn(t.Field(k).Type, seen); path != "" {
				return within("."+t.Field(k).Name, path)
			}
		}
	}
	return ""
}

func within(step, path string) string {
	switch path {
	case "":
		return ""
	case " ":
		return step
	}
	return step + path
}
