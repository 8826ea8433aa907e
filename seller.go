package tradewind

import (
	"slices"
	"strings"

	"tradewind/commerce"
	"tradewind/fault"
)

// checkSeller says which setting of a seller is not of the documented form.
func checkSeller(s *commerce.Seller) (setting string, err error) {
	bad := func(name, value, form string) (string, error) {
		return "seller." + name, fault.New(fault.Invalid, "E-SELLER", fault.A("setting", "seller."+name), fault.A("value", value), fault.A("form", form))
	}
	for _, m := range s.Established {
		if !m.IsCountry() {
			return bad("established", string(m), "GB")
		}
	}
	for _, r := range s.Registered {
		where, scheme, ok := strings.Cut(r, ":")
		place, _, _ := strings.Cut(where, "-") // "US-CA" is a part of the United States
		if !ok || scheme == "" || !commerce.Market(place).Known() {
			return bad("registered", r, "GB:vat")
		}
	}
	for _, choice := range []struct {
		name, value string
		allowed     []string
	}{
		{"incoterm", s.Incoterm, []string{"", "DAP", "DDP"}},
		{"transport", s.Transport, []string{"", "post", "courier", "freight"}},
	} {
		if !slices.Contains(choice.allowed, choice.value) {
			return bad(choice.name, choice.value, strings.Join(choice.allowed[1:], ", "))
		}
	}
	return "", nil
}
