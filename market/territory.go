package market

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"tradewind/commerce"
	"tradewind/money"
)

//go:embed territories.json
var territoriesJSON []byte

// Territory is what published tables say of a country: nobody here judged any of it.
//
// Source: Unicode CLDR 48 for languages, tender, cash, measures, paper, week and numbers;
// libphonenumber for telephones; libaddressinput for addresses.
type Territory struct {
	Languages    []Language     `json:"languages"` // official, or read by one in twenty; most readers first
	Currency     money.Currency `json:"currency"`
	CashStep     string         `json:"cash_step"` // smallest amount of cash, "0.05"; "" is the minor unit
	Measures     string         `json:"measures"`  // metric, US or UK
	Paper        string         `json:"paper"`     // A4 or US-Letter
	FirstDay     string         `json:"first_day"` // mon … sun
	Weekend      [2]string      `json:"weekend"`   // first and last day
	Calling      string         `json:"calling"`   // telephone, without the +
	Phone        string         `json:"phone"`     // pattern of a national number
	PhoneLengths []int          `json:"phone_lengths"`
	Address      AddressForm    `json:"address"`
	Required     string         `json:"required"` // letters of AddressForm that an address must have
	Postcode     string         `json:"postcode"` // pattern; "" where there are none
	PostcodeLike string         `json:"postcode_like"`
}

// Language is a language that people of a territory read.
type Language struct {
	Tag      string  `json:"tag"`      // BCP 47, with the script where there are several
	Script   string  `json:"script"`   // ISO 15924: Latn, Hans …
	Official string  `json:"official"` // official, de_facto_official, official_regional or ""
	Reads    float64 `json:"reads"`    // share of the population
	Decimal  string  `json:"decimal"`
	Group    string  `json:"group"`
	Price    string  `json:"price"` // CLDR pattern: where the currency stands
}

// AddressForm writes an address: %N name, %O company, %A street, %D district, %C city,
// %S state, %Z postcode, %X sorting code, %n a new line.
type AddressForm string

// Lines returns the letters of the fields, line by line.
func (f AddressForm) Lines() []string {
	var lines []string
	for _, line := range strings.Split(string(f), "%n") {
		fields := ""
		for i := 0; i+1 < len(line); i++ {
			if line[i] == '%' {
				fields += line[i+1 : i+2]
			}
		}
		if fields != "" {
			lines = append(lines, fields)
		}
	}
	return lines
}

var territories = sync.OnceValue(func() map[commerce.Market]*Territory {
	return mustDecode[map[commerce.Market]*Territory](territoriesJSON)
})

// TerritoryOf returns what the tables say of a country, and false where none says any.
// What it points to is shared and must not be changed.
func TerritoryOf(m commerce.Market) (*Territory, bool) {
	t, ok := territories()[m]
	return t, ok
}

// Reads returns how a language stands in the territory. "zh" finds "zh-Hans" only where
// that is the one way in which Chinese is written there.
func (t *Territory) Reads(tag string) (Language, bool) {
	i := slices.IndexFunc(t.Languages, func(l Language) bool { return l.Tag == tag || l.Tag == baseOf(tag)+"-"+l.Script && tag == baseOf(tag) })
	if i < 0 {
		return Language{}, false
	}
	return t.Languages[i], true
}

func baseOf(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}

// FitsPostcode reports whether a postcode is of the form used there. Where there are no
// postcodes anything fits.
func (t *Territory) FitsPostcode(code string) bool {
	return t.Postcode == "" || whole(t.Postcode).MatchString(strings.ToUpper(strings.TrimSpace(code)))
}

// FitsPhone reports whether a national number, without the calling code and a leading 0,
// is of a form that is given out there. Blanks and other signs between the digits do not
// count.
func (t *Territory) FitsPhone(national string) bool {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, national)
	return slices.Contains(t.PhoneLengths, len(digits)) && whole(t.Phone).MatchString(digits)
}

var patterns sync.Map // string → *regexp.Regexp

// whole compiles a pattern of the tables, to match from beginning to end.
func whole(pattern string) *regexp.Regexp {
	if r, ok := patterns.Load(pattern); ok {
		return r.(*regexp.Regexp)
	}
	r := regexp.MustCompile("^(?:" + pattern + ")$")
	patterns.Store(pattern, r)
	return r
}
