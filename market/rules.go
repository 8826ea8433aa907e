package market

import (
	"time"

	"tradewind/commerce"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// rule is a holiday and when it falls.
type rule = *cal.Holiday

// rules are the holidays that a whole country keeps.
var rules = map[commerce.Market][]rule{
	"AR": ar.Holidays, "AT": at.Holidays, "BE": be.Holidays, "BG": bg.Holidays, "BR": br.Holidays,
	"CZ": cz.Holidays, "DE": de.Holidays, "DK": dk.Holidays,
	"ES": es.Holidays, "FR": fr.Holidays, "GR": gr.Holidays, "HR": hr.Holidays, "IE": ie.Holidays,
	"IT": it.Holidays, "JP": jp.Holidays, "LT": lt.Holidays, "LV": lv.Holidays, "NL": nl.Holidays,
	"NO": no.Holidays, "NZ": nz.Holidays, "PL": pl.Holidays, "RO": ro.Holidays, "SE": se.Holidays,
	"SI": si.Holidays, "SK": sk.Holidays, "US": us.Holidays, "ZA": za.Holidays,

	"AU": everywhere(au.HolidaysNSW, au.HolidaysVIC, au.HolidaysQLD, au.HolidaysSA, au.HolidaysWA, au.HolidaysTAS, au.HolidaysNT, au.HolidaysACT),
	"GB": append([]rule{
		once("Royal Wedding", 2011, time.April, 29),
		once("Spring Bank Holiday", 2012, time.June, 4),
		once("Diamond Jubilee", 2012, time.June, 5),
		once("State Funeral of Elizabeth II", 2022, time.September, 19),
	}, without(gb.Holidays, 2012, gb.SpringHoliday)...),
}

// once is a holiday that is kept in a single year.
func once(name string, year int, month time.Month, day int) rule {
	return &cal.Holiday{Name: name, StartYear: year, EndYear: year, Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

// without leaves one holiday out in one year, in which it was moved.
func without(list []rule, year int, moved rule) []rule {
	var out []rule
	for _, h := range list {
		if h == moved {
			h = h.Clone(&cal.Holiday{Except: append([]int{year}, h.Except...)})
		}
		out = append(out, h)
	}
	return out
}

// everywhere are the holidays that all parts of a country share.
func everywhere(parts ...[]rule) []rule {
	var out []rule
	for _, h := range parts[0] {
		shared := true
		for _, part := range parts[1:] {
			found := false
			for _, other := range part {
				found = found || other == h
			}
			shared = shared && found
		}
		if shared {
			out = append(out, h)
		}
	}
	return out
}
