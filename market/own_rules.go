package market

import (
	"time"

	"tradewind/commerce"

	"github.com/rickar/cal/v2"
)

// ownRules are the countries that the library of holidays does not have, or of which it
// lists what only parts keep. Sources: the
// holiday laws of the countries; the islamic and hindu holidays of Singapore, which are
// proclaimed year by year, are left out.
var ownRules = map[commerce.Market][]rule{
	"CA": {
		fixed("New Year's Day", time.January, 1), easter("Good Friday", -2), weekdayFrom("Victoria Day", time.May, 18, time.Monday),
		fixed("Canada Day", time.July, 1), nth("Labour Day", time.September, time.Monday, 1),
		since(2021, fixed("National Day for Truth and Reconciliation", time.September, 30)),
		nth("Thanksgiving", time.October, time.Monday, 2), fixed("Christmas Day", time.December, 25),
	},
	"CH": { // by federal law the national day alone; the others are kept by nearly all cantons
		fixed("Neujahrstag", time.January, 1), easter("Karfreitag", -2), easter("Ostermontag", 1), easter("Auffahrt", 39), easter("Pfingstmontag", 50),
		fixed("Bundesfeier", time.August, 1), fixed("Weihnachten", time.December, 25), fixed("Stephanstag", time.December, 26),
	},
	"CN": {
		fixed("元旦", time.January, 1),
		moon("春节", lunarNewYear, 0), moon("春节", lunarNewYear, 1), moon("春节", lunarNewYear, 2),
		qingming("清明节"), fixed("劳动节", time.May, 1), moon("端午节", dragonBoats, 0), moon("中秋节", midAutumn, 0),
		fixed("国庆节", time.October, 1), fixed("国庆节", time.October, 2), fixed("国庆节", time.October, 3),
	},
	"EE": {
		fixed("uusaasta", time.January, 1), fixed("iseseisvuspäev", time.February, 24), easter("suur reede", -2),
		easter("ülestõusmispühade 1. püha", 0), fixed("kevadpüha", time.May, 1), easter("nelipühade 1. püha", 49),
		fixed("võidupüha", time.June, 23), fixed("jaanipäev", time.June, 24), fixed("taasiseseisvumispäev", time.August, 20),
		fixed("jõululaupäev", time.December, 24), fixed("esimene jõulupüha", time.December, 25), fixed("teine jõulupüha", time.December, 26),
	},
	"FI": {
		fixed("Uudenvuodenpäivä", time.January, 1), fixed("Loppiainen", time.January, 6), easter("Pitkäperjantai", -2),
		easter("Pääsiäispäivä", 0), easter("2. pääsiäispäivä", 1), fixed("Vappu", time.May, 1), easter("Helatorstai", 39),
		easter("Helluntaipäivä", 49), weekdayFrom("Juhannusaatto", time.June, 19, time.Friday), weekdayFrom("Juhannuspäivä", time.June, 20, time.Saturday),
		weekdayFrom("Pyhäinpäivä", time.October, 31, time.Saturday), fixed("Itsenäisyyspäivä", time.December, 6),
		fixed("Jouluaatto", time.December, 24), fixed("Joulupäivä", time.December, 25), fixed("Tapaninpäivä", time.December, 26),
	},
	"HK": {
		fixed("一月一日", time.January, 1),
		moon("農曆年初一", lunarNewYear, 0), moon("農曆年初二", lunarNewYear, 1), moon("農曆年初三", lunarNewYear, 2),
		qingming("清明節"), easter("耶穌受難節", -2), easter("耶穌受難節翌日", -1), easter("復活節星期一", 1), fixed("勞動節", time.May, 1),
		moon("佛誕", buddha, 0), moon("端午節", dragonBoats, 0), fixed("香港特別行政區成立紀念日", time.July, 1),
		moon("中秋節翌日", midAutumn, 1), fixed("國慶日", time.October, 1), moon("重陽節", doubleNinth, 0),
		fixed("聖誕節", time.December, 25), fixed("聖誕節後第一個周日", time.December, 26),
	},
	"HU": {
		fixed("Újév", time.January, 1), fixed("Nemzeti ünnep", time.March, 15), since(2017, easter("Nagypéntek", -2)), easter("Húsvét", 0),
		easter("Húsvét Hétfő", 1), fixed("A Munka ünnepe", time.May, 1), easter("Pünkösd", 49), easter("Pünkösdhétfő", 50),
		fixed("Az államalapítás ünnepe", time.August, 20), fixed("Nemzeti ünnep", time.October, 23), fixed("Mindenszentek", time.November, 1),
		fixed("Karácsony", time.December, 25), fixed("Karácsony másnapja", time.December, 26),
	},
	"KR": {
		fixed("신정연휴", time.January, 1),
		seollal("설날 전날", -1), seollal("설날", 0), seollal("설날 다음날", 1),
		fixed("3·1절", time.March, 1), fixed("어린이날", time.May, 5), moon("부처님오신날", buddha, 0), fixed("현충일", time.June, 6),
		fixed("광복절", time.August, 15), moon("추석 전날", midAutumn, -1), moon("추석", midAutumn, 0), moon("추석 다음날", midAutumn, 1),
		fixed("개천절", time.October, 3), since(2013, fixed("한글날", time.October, 9)), fixed("기독탄신일", time.December, 25),
	},
	"LU": {
		fixed("Neijoerschdag", time.January, 1), easter("Ouschterméindeg", 1), fixed("Dag vun der Aarbecht", time.May, 1),
		since(2019, fixed("Europadag", time.May, 9)), easter("Christi Himmelfaart", 39), easter("Péngschtméindeg", 50),
		fixed("Nationalfeierdag", time.June, 23), fixed("Léiffrawëschdag", time.August, 15), fixed("Allerhellgen", time.November, 1),
		fixed("Chrëschtdag", time.December, 25), fixed("Stiefesdag", time.December, 26),
	},
	"MX": {
		fixed("Año Nuevo", time.January, 1), nth("Día de la Constitución", time.February, time.Monday, 1),
		nth("Natalicio de Benito Juárez", time.March, time.Monday, 3), fixed("Día del Trabajo", time.May, 1),
		fixed("Día de la Independencia", time.September, 16), nth("Día de la Revolución", time.November, time.Monday, 3),
		fixed("Navidad", time.December, 25),
	},
	"PT": {
		fixed("Ano Novo", time.January, 1), easter("Sexta-feira Santa", -2), easter("Domingo de Páscoa", 0), fixed("Dia da Liberdade", time.April, 25),
		fixed("Dia do Trabalhador", time.May, 1), suspended(easter("Corpo de Deus", 60)), fixed("Dia de Portugal", time.June, 10),
		fixed("Assunção de Nossa Senhora", time.August, 15), suspended(fixed("Implantação da República", time.October, 5)),
		suspended(fixed("Dia de Todos os Santos", time.November, 1)), suspended(fixed("Restauração da Independência", time.December, 1)),
		fixed("Imaculada Conceição", time.December, 8), fixed("Dia de Natal", time.December, 25),
	},
	"SG": {
		fixed("New Year's Day", time.January, 1), moon("Chinese New Year", lunarNewYear, 0), moon("Chinese New Year", lunarNewYear, 1),
		easter("Good Friday", -2), fixed("Labour Day", time.May, 1), fixed("National Day", time.August, 9), fixed("Christmas Day", time.December, 25),
	},
	"TW": {
		fixed("中華民國開國紀念日", time.January, 1),
		moon("農曆除夕", lunarNewYear, -1), moon("春節", lunarNewYear, 0), moon("春節", lunarNewYear, 1), moon("春節", lunarNewYear, 2),
		fixed("和平紀念日", time.February, 28), fixed("兒童節", time.April, 4), qingming("清明節"), moon("端午節", dragonBoats, 0),
		moon("中秋節", midAutumn, 0), fixed("國慶日", time.October, 10),
	},
}

func fixed(name string, month time.Month, day int) rule {
	return &cal.Holiday{Name: name, Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

// easter is so many days after Easter Sunday.
func easter(name string, days int) rule {
	return &cal.Holiday{Name: name, Offset: days, Func: cal.CalcEasterOffset}
}

func nth(name string, month time.Month, weekday time.Weekday, n int) rule {
	return &cal.Holiday{Name: name, Month: month, Weekday: weekday, Offset: n, Func: cal.CalcWeekdayOffset}
}

// weekdayFrom is the first such weekday on a date or after it.
func weekdayFrom(name string, month time.Month, day int, weekday time.Weekday) rule {
	return &cal.Holiday{Name: name, Month: month, Day: day, Weekday: weekday, Offset: 1, Func: cal.CalcWeekdayFrom}
}

// since is kept from a year on.
func since(year int, h rule) rule { return h.Clone(&cal.Holiday{StartYear: year}) }

// suspended was not kept in Portugal in the years 2013 to 2015.
func suspended(h rule) rule { return h.Clone(&cal.Holiday{Except: []int{2013, 2014, 2015}}) }

// moon is so many days after a day of the Chinese calendar, as far as the table goes.
func moon(name string, festival, days int) rule {
	return &cal.Holiday{Name: name, StartYear: lunarFrom, EndYear: lunarFrom + len(lunar) - 1, Func: func(_ *cal.Holiday, year int) time.Time {
		date := lunar[year-lunarFrom][festival]
		return time.Date(year, time.Month(date/100), date%100+days, 0, 0, 0, 0, cal.DefaultLoc)
	}}
}

// seollal is so many days after the first day of the year as the moon is seen from Seoul.
func seollal(name string, days int) rule {
	h := moon(name, lunarNewYear, days)
	inBeijing := h.Func
	h.Func = func(h *cal.Holiday, year int) time.Time { return inBeijing(h, year).AddDate(0, 0, koreanNewYear[year]) }
	return h
}

// qingming is the day on which the sun reaches 15°: by a rule that holds from 1929 to 2100.
// Source: the table of solar terms of the Purple Mountain Observatory, with the century
// value 4.81.
func qingming(name string) rule {
	return &cal.Holiday{Name: name, Func: func(_ *cal.Holiday, year int) time.Time {
		y := year % 100
		return time.Date(year, time.April, int(float64(y)*.2422+4.81)-y/4, 0, 0, 0, 0, cal.DefaultLoc)
	}}
}
