package law

import (
	"strings"

	"golang.org/x/text/language"

	"tradewind/commerce"
)

// World is the jurisdiction of rules that hold everywhere, as those of air transport: the
// code that UN M.49 and CLDR give to the world.
const World commerce.Market = "001"

// NorthernIreland is a jurisdiction of its own: for goods it stands in the union's VAT
// area while it is part of the United Kingdom.
const NorthernIreland commerce.Market = "XI"

// withdrawn are codes that ISO 3166 has taken back and CLDR still names.
var withdrawn = map[string]bool{"AN": true, "CS": true, "NT": true, "SU": true}

// isCountry reports whether a code is one of ISO 3166-1 alpha-2 in use, XK included.
func isCountry(code string) bool {
	if len(code) != 2 || withdrawn[code] {
		return false
	}
	region, err := language.ParseRegion(code)
	return err == nil && region.IsCountry() && region.Canonicalize() == region && region.String() == code
}

// isPlace reports whether a code names a country, a part of one in the form of ISO 3166-2
// ("US-CA"), or one of the codes that are neither. Unions are known by their rules.
func isPlace(code commerce.Market) bool {
	switch code {
	case World, NorthernIreland, commerce.EuropeanUnion:
		return true
	}
	country, part, divided := strings.Cut(string(code), "-")
	return isCountry(country) && (!divided || isPart(part))
}

// isPart reports whether the second half of a code of ISO 3166-2 has its form: one to
// three capitals or digits.
func isPart(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 3
}

// countryOf returns the country that a part belongs to, and the place itself otherwise.
func countryOf(place commerce.Market) commerce.Market {
	if i := strings.IndexByte(string(place), '-'); i > 0 {
		return place[:i]
	}
	return place
}
