package market

import (
	"time"

	"tradewind/calendar"
)

// festival is a day of another calendar.
type festival struct {
	days      func(year int) []calendar.Day
	from, to  int // years of its table; 0 where it is computed for every year
	estimated bool
}

var festivals = map[string]festival{
	"chinese new-year":     chinese(lunarNewYear),
	"chinese buddha":       chinese(buddha),
	"chinese dragon-boats": chinese(dragonBoats),
	"chinese mid-autumn":   chinese(midAutumn),
	"chinese double-ninth": chinese(doubleNinth),
	"chinese qixi":         table(qixi, false),

	"vietnamese new-year": newYearElsewhere(map[int]int{2007: -1, 2030: -1}),
	"korean new-year":     newYearElsewhere(koreanNewYear),

	"islamic ramadan":     table(ramadan, true),
	"islamic eid-al-fitr": table(eidAlFitr, true),
	"islamic eid-al-adha": table(eidAlAdha, true),
	"mabims ramadan":      table(mabimsRamadan, true),
	"mabims eid-al-fitr":  table(mabimsEidAlFitr, true),

	"hindu diwali":         table(diwali, false),
	"hindu dussehra":       table(dussehra, false),
	"hindu raksha-bandhan": table(rakshaBandhan, false),

	"hebrew new-year": {days: func(year int) []calendar.Day { return []calendar.Day{hebrewNewYear(year + 3761)} }},
	"hebrew passover": {days: func(year int) []calendar.Day { return []calendar.Day{passover(year)} }},
	"hebrew purim":    {days: func(year int) []calendar.Day { return []calendar.Day{passover(year).AddDays(-30)} }},
	"hebrew hanukkah": {days: func(year int) []calendar.Day { return []calendar.Day{hanukkah(year)} }},
}

// koreanNewYear are the years in which the new moon falls on another day in Seoul than in
// Beijing, and by how many days. Source: the table of python-holidays 0.109 (MIT).
var koreanNewYear = map[int]int{2027: 1, 2028: 1}

func chinese(which int) festival {
	return festival{from: lunarFrom, to: lunarFrom + len(lunar) - 1, days: func(year int) []calendar.Day {
		return onDates(year, lunar[year-lunarFrom][which])
	}}
}

// newYearElsewhere is the Chinese new year but in years in which the moon decides otherwise
// in another time zone. The years are known as far as the shorter table goes.
func newYearElsewhere(differs map[int]int) festival {
	return festival{from: movingFrom, to: movingFrom + len(moving) - 1, days: func(year int) []calendar.Day {
		return []calendar.Day{onDates(year, lunar[year-lunarFrom][lunarNewYear])[0].AddDays(differs[year])}
	}}
}

func table(which int, estimated bool) festival {
	return festival{from: movingFrom, to: movingFrom + len(moving) - 1, estimated: estimated, days: func(year int) []calendar.Day {
		return onDates(year, moving[year-movingFrom][which])
	}}
}

// onDates reads a date of a table, 217 or 105_1226.
func onDates(year, dates int) []calendar.Day {
	var list []calendar.Day
	if dates > 1231 {
		list = onDates(year, dates/10000)
	}
	date := dates % 10000
	return append(list, dayOf(year, time.Month(date/100), date%100))
}

// hebrewNewYear is the first day of a year of the Hebrew calendar.
//
// Source: Reingold and Dershowitz, Calendrical Calculations, 4th edition (2018), chapter 8.
func hebrewNewYear(hebrew int) calendar.Day {
	const epoch = -1373427 - 719163 // of the calendar, counted from 1970-01-01
	before, this, after := hebrewElapsed(hebrew-1), hebrewElapsed(hebrew), hebrewElapsed(hebrew+1)
	delay := 0
	switch {
	case after-this == 356:
		delay = 2
	case this-before == 382:
		delay = 1
	}
	return calendar.FromOrdinal(int32(epoch + this + delay))
}

func hebrewElapsed(hebrew int) int {
	months := (235*hebrew - 234) / 19
	parts := 12084 + 13753*months
	day := 29*months + parts/25920
	if 3*(day+1)%7 < 3 {
		day++
	}
	return day
}

// passover is 163 days before the new year that follows it.
func passover(year int) calendar.Day { return hebrewNewYear(year + 3761).AddDays(-163) }

// hanukkah is the 25th day of the third month. The second month has a thirtieth day only
// in a complete year, one of 355 or 385 days.
func hanukkah(year int) calendar.Day {
	first, next := hebrewNewYear(year+3761), hebrewNewYear(year+3762)
	day := first.AddDays(30 + 29 + 24)
	if next.Sub(first)%10 == 5 {
		day = day.AddDays(1)
	}
	return day
}

// julianEaster is Easter of the orthodox churches, in the common calendar; the two
// calendars lie 13 days apart from 1900 to 2099.
//
// Source: Meeus, Astronomical Algorithms (1991), chapter 8.
func julianEaster(year int) calendar.Day {
	a, b, c := year%4, year%7, year%19
	d := (19*c + 15) % 30
	e := (2*a + 4*b - d + 34) % 7
	f := d + e + 114
	days := 13
	if year >= 2100 {
		days = 14
	}
	return dayOf(year, time.Month(f/31), f%31+1).AddDays(days)
}
