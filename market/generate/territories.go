package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// territory has the field names of market.Territory.
type territory struct {
	Languages    []language `json:"languages"`
	Currency     string     `json:"currency"`
	CashStep     string     `json:"cash_step,omitempty"` // smallest amount of cash where it is not the minor unit
	Measures     string     `json:"measures"`
	Paper        string     `json:"paper"`
	FirstDay     string     `json:"first_day"`
	Weekend      [2]string  `json:"weekend"`
	Calling      string     `json:"calling,omitempty"`
	Phone        string     `json:"phone,omitempty"`
	PhoneLengths []int      `json:"phone_lengths,omitempty"`
	Address      string     `json:"address,omitempty"`
	Required     string     `json:"required,omitempty"`
	Postcode     string     `json:"postcode,omitempty"`
	PostcodeLike string     `json:"postcode_like,omitempty"`
}

type language struct {
	Tag      string  `json:"tag"`
	Script   string  `json:"script"`
	Official string  `json:"official,omitempty"` // CLDR's word: official, de_facto_official, official_regional
	Reads    float64 `json:"reads"`              // share of the population
	Decimal  string  `json:"decimal"`
	Group    string  `json:"group"`
	Price    string  `json:"price"` // CLDR pattern
}

const (
	// A language is listed where it is official or where this share of the people reads it.
	enoughReaders = 0.05
	// A territory is listed when its code is one of ISO 3166-1, which has two letters; these
	// two-letter codes are not.
	notISO = "AC CP DG EA EU EZ IC QO TA UN XA XB XK ZZ"
)

type spoken struct {
	Population string `json:"_populationPercent"`
	Literacy   string `json:"_literacyPercent"`
	Writing    string `json:"_writingPercent"`
	Official   string `json:"_officialStatus"`
}

type spokenIn struct {
	Literacy  string            `json:"_literacyPercent"`
	Languages map[string]spoken `json:"languagePopulation"`
}

func territories(from sources) (map[string]territory, error) {
	info, err := supplemental[map[string]spokenIn](from, "territoryInfo")
	if err != nil {
		return nil, err
	}
	likely, err := supplemental[map[string]string](from, "likelySubtags")
	if err != nil {
		return nil, err
	}
	week, err := supplemental[struct{ FirstDay, WeekendStart, WeekendEnd map[string]string }](from, "weekData")
	if err != nil {
		return nil, err
	}
	measures, err := supplemental[struct{ MeasurementSystem, PaperSize map[string]string }](from, "measurementData")
	if err != nil {
		return nil, err
	}
	money, err := moneyOf(from)
	if err != nil {
		return nil, err
	}
	phones, err := read[struct{ Countries map[string][]any }](from.phones)
	if err != nil {
		return nil, err
	}
	all := map[string]territory{}
	for code, people := range info {
		if len(code) != 2 || strings.Contains(notISO, code) {
			continue
		}
		t := territory{
			Measures: of(measures.MeasurementSystem, code), Paper: of(measures.PaperSize, code),
			FirstDay: of(week.FirstDay, code), Weekend: [2]string{of(week.WeekendStart, code), of(week.WeekendEnd, code)},
		}
		money.describe(&t, code)
		if phone, ok := phones.Countries[code]; ok {
			t.Calling, t.Phone = phone[0].(string), phone[2].(string)
			for _, n := range phone[3].([]any) {
				t.PhoneLengths = append(t.PhoneLengths, int(n.(float64)))
			}
		}
		if err := address(&t, from, code); err != nil {
			return nil, err
		}
		if t.Languages, err = languages(from, code, people, likely); err != nil {
			return nil, err
		}
		all[code] = t
	}
	return all, nil
}

// of looks a territory up; 001, the world, holds where it is not listed.
func of(table map[string]string, code string) string {
	if v, ok := table[code]; ok {
		return v
	}
	return table["001"]
}

// address reads the form of a postal address; a country without a file has the common one.
func address(t *territory, from sources, code string) error {
	name := filepath.Join(from.addresses, strings.ToLower(code)+".json")
	if !exists(name) {
		return nil
	}
	all, err := read[map[string]struct{ Fmt, Require, Zip, Zipex string }](name)
	if err != nil {
		return err
	}
	a := all[code]
	t.Address, t.Required, t.Postcode = a.Fmt, a.Require, a.Zip
	t.PostcodeLike, _, _ = strings.Cut(a.Zipex, ",")
	return nil
}

func languages(from sources, code string, people spokenIn, likely map[string]string) ([]language, error) {
	var list []language
	for name, s := range people.Languages {
		reads := percent(s.Population, 0) * percent(s.Writing, percent(s.Literacy, percent(people.Literacy, 1)))
		if s.Official == "" && reads < enoughReaders {
			continue
		}
		l := language{Tag: strings.ReplaceAll(name, "_", "-"), Official: s.Official, Reads: round(reads)}
		l.Script = scriptOf(l.Tag, code, likely)
		if usual := scriptOf(l.Tag, "", likely); !strings.Contains(l.Tag, "-") && (l.Script != usual || l.Tag == "zh" || l.Tag == "sr") {
			l.Tag += "-" + l.Script
		}
		if err := numbers(&l, from, code); err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b language) int {
		if a.Reads != b.Reads {
			return map[bool]int{true: -1, false: 1}[a.Reads > b.Reads]
		}
		return strings.Compare(a.Tag, b.Tag)
	})
	return list, nil
}

// scriptOf asks CLDR's likely subtags, "zh-TW" → "zh-Hant-TW".
func scriptOf(tag, code string, likely map[string]string) string {
	for _, part := range strings.Split(tag, "-")[1:] {
		if len(part) == 4 {
			return part
		}
	}
	for _, key := range []string{tag + "-" + code, tag} {
		if full, ok := likely[key]; ok {
			return strings.Split(full, "-")[1]
		}
	}
	return ""
}

// numbers reads how a language writes numbers in a country: the most particular locale
// that CLDR has.
func numbers(l *language, from sources, code string) error {
	base, _, _ := strings.Cut(l.Tag, "-")
	for _, locale := range []string{l.Tag + "-" + code, base + "-" + l.Script + "-" + code, base + "-" + code, l.Tag, base + "-" + l.Script, base} {
		name := filepath.Join(from.numbers, locale, "numbers.json")
		if !exists(name) {
			continue
		}
		type part struct {
			Numbers struct {
				Default string                          `json:"defaultNumberingSystem"`
				Symbols struct{ Decimal, Group string } `json:"symbols-numberSystem-latn"`
				Price   struct{ Standard string }       `json:"currencyFormats-numberSystem-latn"`
			} `json:"numbers"`
		}
		all, err := read[struct{ Main map[string]part }](name)
		if err != nil {
			return err
		}
		for _, p := range maps.All(all.Main) {
			l.Decimal, l.Group, l.Price = p.Numbers.Symbols.Decimal, p.Numbers.Symbols.Group, p.Numbers.Price.Standard
		}
		return nil
	}
	return nil
}

func percent(s string, otherwise float64) float64 {
	if s == "" {
		return otherwise
	}
	x, _ := strconv.ParseFloat(s, 64)
	return x / 100
}

// round keeps four decimals: more than the source's figures are good for.
func round(x float64) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 4, 64), 64)
	return y
}
