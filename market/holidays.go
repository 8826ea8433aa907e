// Package market holds what is true of a country, as data: its public holidays, and a pack
// of what a seller has to know there — languages, money, measures, addresses, prices, sale
// events, ways to pay, taboos and the texts that its law asks for.
//
// It says when people there rest and what they expect, not what a shop makes of it: that is
// learnt from the shop's own past, and judged by the disciplines. Amounts of tax and duty
// are package law's. Before it come calendar, money and commerce.
package market

import (
	"slices"
	"sync"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
)

// Holiday is a public holiday that a whole country keeps, on one day.
type Holiday struct {
	Day        calendar.Day
	Name       string // in a language of the country
	Substitute bool   // the weekday off for a holiday that falls on a weekend
}

// Calendar is the public holidays of one country.
type Calendar struct {
	Country commerce.Market
	rules   []rule
	years   sync.Map // year → []Holiday
}

var calendars = func() map[commerce.Market]*Calendar {
	all := map[commerce.Market]*Calendar{}
	for country, list := range rules {
		all[country] = &Calendar{Country: country, rules: list}
	}
	for country, list := range ownRules {
		all[country] = &Calendar{Country: country, rules: list}
	}
	return all
}()

// CalendarOf returns the calendar of a country, and false where none is known.
func CalendarOf(country commerce.Market) (*Calendar, bool) {
	c, ok := calendars[country]
	return c, ok
}

// Countries lists the countries with a calendar, ascending.
func Countries() []commerce.Market {
	var list []commerce.Market
	for country := range calendars {
		list = append(list, country)
	}
	slices.Sort(list)
	return list
}

// Holidays lists the holidays of a country in a year by day; nil where no calendar is
// known. The list is shared and must not be changed.
func Holidays(country commerce.Market, year int) []Holiday {
	c, ok := CalendarOf(country)
	if !ok {
		return nil
	}
	return c.Year(year)
}

// Year lists the holidays of a year by day. The list is shared and must not be changed.
func (c *Calendar) Year(year int) []Holiday {
	if known, ok := c.years.Load(year); ok {
		return known.([]Holiday)
	}
	list := computed(c.rules, year)
	c.years.Store(year, list)
	return list
}

// On returns the holiday on a day, and false on any other day.
func (c *Calendar) On(day calendar.Day) (Holiday, bool) {
	year, _, _ := day.Date()
	list := c.Year(year)
	i, found := slices.BinarySearchFunc(list, day, func(h Holiday, d calendar.Day) int { return h.Day.Compare(d) })
	if !found {
		return Holiday{}, false
	}
	return list[i], true
}

// computed applies the rules. A substitute of New Year's Day may fall into the year
// before or after, so those years are asked too.
func computed(list []rule, year int) []Holiday {
	var out []Holiday
	add := func(t time.Time, name string, substitute bool) {
		if t.Year() != year {
			return
		}
		out = append(out, Holiday{calendar.DayIn(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC), time.UTC), name, substitute})
	}
	for _, r := range list {
		for y := year - 1; y <= year+1; y++ {
			actual, observed := r.Calc(y)
			if actual.IsZero() {
				continue
			}
			add(actual, r.Name, false)
			if !observed.Equal(actual) {
				add(observed, r.Name, true)
			}
		}
	}
	// Two holidays on a day count once: the one with the rule that comes first.
	slices.SortStableFunc(out, func(a, b Holiday) int { return a.Day.Compare(b.Day) })
	return slices.CompactFunc(out, func(a, b Holiday) bool { return a.Day == b.Day })
}
