package messages

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// placesWithoutCountry names the market codes that are no single country; commerce
// defines them.
var placesWithoutCountry = map[string]text{
	"ZZ": {"Country not stated", "未注明国家"},
	"EU": {"European Union, country not stated", "欧盟（未注明国家）"},
	"XJ": {"Channel Islands", "海峡群岛"},
	"XW": {"West Indies", "西印度群岛"},
}

// Country names an ISO 3166-1 alpha-2 code; an unknown code is its own name.
//
// Source: Unicode CLDR, territory display names, through golang.org/x/text.
func Country(lang Language, code string) string {
	if t, ok := placesWithoutCountry[code]; ok {
		return t.in(lang)
	}
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	t := text{display.English.Regions().Name(region), display.SimplifiedChinese.Regions().Name(region)}
	if t.en == "" {
		return code
	}
	return t.in(lang)
}
