package main

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// money is the currencies of CLDR: who uses which from when to when, and how cash is
// rounded.
type money struct {
	Fractions map[string]struct {
		Digits     string `json:"_digits"`
		Cash       string `json:"_cashRounding"` // in units of the last of the digits; 0 is 1
		CashDigits string `json:"_cashDigits"`   // "" is Digits
	}
	Region map[string][]map[string]struct {
		From   string `json:"_from"`
		To     string `json:"_to"`
		Tender string `json:"_tender"`
	}
}

func moneyOf(from sources) (money, error) { return supplemental[money](from, "currencyData") }

// describe sets the legal tender of today, the first one listed.
func (m money) describe(t *territory, code string) {
	for _, entry := range m.Region[code] {
		for currency, use := range entry {
			if use.To != "" || use.Tender == "false" || t.Currency != "" {
				continue
			}
			t.Currency = currency
			t.CashStep = m.cashStep(currency)
		}
	}
}

// cashStep is "0.05" where cash is rounded to five hundredths, "" where cash is not rounded.
func (m money) cashStep(currency string) string {
	f := m.Fractions[currency]
	if f.Cash == "" {
		return ""
	}
	digits, err := strconv.Atoi(f.CashDigits)
	if err != nil {
		digits, _ = strconv.Atoi(f.Digits)
	}
	units, _ := strconv.Atoi(f.Cash)
	return strconv.FormatFloat(float64(max(units, 1))*math.Pow10(-digits), 'f', digits, 64)
}

// gone is a currency that ISO 4217 has withdrawn.
type gone struct {
	Name       string   `json:"name"`
	Withdrawn  string   `json:"withdrawn"`            // year and month, as the list has it
	Successors []string `json:"successors,omitempty"` // what its countries use today
}

// withdrawn reads ISO 4217's list of historic codes; a code that is also in use is none.
func withdrawn(from sources) (map[string]gone, error) {
	f, err := os.Open(from.currencies)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	m, err := moneyOf(from)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, r := range rows[1:] {
		if r[5] == "" {
			used[r[2]] = true
		}
	}
	all := map[string]gone{}
	for _, r := range rows[1:] {
		name, code, date := r[1], r[2], r[5]
		if code == "" || date == "" || used[code] {
			continue
		}
		if _, last, span := strings.Cut(date, " to "); span {
			date = last
		}
		if known, ok := all[code]; ok && known.Withdrawn >= date {
			continue
		}
		all[code] = gone{Name: name, Withdrawn: date, Successors: m.successors(code)}
	}
	return all, nil
}

// successors are the tenders of today of the countries that once used a currency. More
// than three say nothing.
func (m money) successors(code string) []string {
	found := map[string]bool{}
	for country, entries := range m.Region {
		once := false
		for _, entry := range entries {
			_, has := entry[code]
			once = once || has
		}
		if once {
			var t territory
			m.describe(&t, country)
			found[t.Currency] = t.Currency != ""
		}
	}
	if len(found) > 3 {
		return nil
	}
	return sorted(found)
}

func sorted(set map[string]bool) []string {
	var list []string
	for k, in := range set {
		if in {
			list = append(list, k)
		}
	}
	slices.Sort(list)
	return list
}
