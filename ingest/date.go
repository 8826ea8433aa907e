package ingest

import (
	"bytes"
	"time"

	"tradewind/calendar"
)

// dateStyle is the order in which a column writes day and month before the year.
type dateStyle uint8

const (
	yearFirst  dateStyle = iota // the column has no date with the year last
	dayFirst                    // 31/12/2011
	monthFirst                  // 12/31/2011
)

const secondsPerDay = 24 * 60 * 60

// moment is a date and time as written: seconds since 1970 on the clock of its place,
// and the offset to UTC where the text names one.
type moment struct {
	civil  int64
	offset int64 // seconds east of UTC
	zoned  bool
}

// readMoment reads 2011-12-09, 2011-12-09 12:50[:00[.000]], the same with T, Z or an
// offset, with / or . between the parts, 2011年12月9日, and 9/12/2011 12:50 in the given
// style, with AM or PM. It reports false for anything else and for days that do not exist.
func readMoment(text []byte, style dateStyle) (m moment, ok bool) {
	var part, width [3]int
	rest := text
	for i := range part {
		if part[i], width[i], rest, ok = leadingNumber(rest); !ok {
			return m, false
		}
		if i == 2 {
			break
		}
		if rest, ok = cutDateSign(rest, i); !ok {
			return m, false
		}
	}
	rest = bytes.TrimPrefix(rest, []byte("日"))
	y, mo, d := part[0], part[1], part[2]
	switch {
	case width[0] == 4 && width[1] <= 2 && width[2] <= 2:
	case width[2] == 4 && width[0] <= 2 && width[1] <= 2 && style == dayFirst:
		y, mo, d = part[2], part[1], part[0]
	case width[2] == 4 && width[0] <= 2 && width[1] <= 2 && style == monthFirst:
		y, mo, d = part[2], part[0], part[1]
	default:
		return m, false
	}
	if mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || y < 1 {
		return m, false
	}
	m.civil = daysFromCivil(y, mo, d) * secondsPerDay
	return readTime(m, rest)
}

// readTime reads what stands behind a date.
func readTime(m moment, rest []byte) (moment, bool) {
	if len(rest) == 0 {
		return m, true
	}
	if rest[0] == 'T' {
		rest = rest[1:]
	} else if trimmed := bytes.TrimLeft(rest, " "); len(trimmed) < len(rest) {
		rest = trimmed
	} else {
		return m, false
	}
	var hms [3]int
	n := 0
	for n < 3 {
		v, width, after, ok := leadingNumber(rest)
		if !ok || width > 2 {
			return m, false
		}
		hms[n], rest = v, after
		n++
		if len(rest) == 0 || rest[0] != ':' {
			break
		}
		rest = rest[1:]
	}
	if n < 2 || hms[0] > 23 || hms[1] > 59 || hms[2] > 59 {
		return m, false
	}
	if n == 3 && len(rest) > 1 && rest[0] == '.' { // fractions of a second are dropped
		_, _, after, ok := leadingNumber(rest[1:])
		if !ok {
			return m, false
		}
		rest = after
	}
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) == 2 && (rest[1] == 'M' || rest[1] == 'm') && hms[0] >= 1 && hms[0] <= 12 {
		switch rest[0] {
		case 'A', 'a':
			hms[0] %= 12
			rest = nil
		case 'P', 'p':
			hms[0] = hms[0]%12 + 12
			rest = nil
		}
	}
	m.civil += int64(hms[0]*3600 + hms[1]*60 + hms[2])
	return readOffset(m, rest)
}

// readOffset reads Z, +02:00, +0200 or +02.
func readOffset(m moment, rest []byte) (moment, bool) {
	switch {
	case len(rest) == 0:
		return m, true
	case len(rest) == 1 && rest[0] == 'Z':
		m.zoned = true
		return m, true
	case rest[0] != '+' && rest[0] != '-':
		return m, false
	}
	digits := bytes.Replace(rest[1:], []byte(":"), nil, 1)
	v, width, after, ok := leadingNumber(digits)
	if !ok || len(after) > 0 || width != 2 && width != 4 {
		return m, false
	}
	if width == 2 {
		v *= 100
	}
	h, min := v/100, v%100
	if h > 14 || min > 59 {
		return m, false
	}
	m.zoned = true
	m.offset = int64(h*3600 + min*60)
	if rest[0] == '-' {
		m.offset = -m.offset
	}
	return m, true
}

// cutDateSign takes off what stands between the parts of a date.
func cutDateSign(text []byte, place int) ([]byte, bool) {
	if len(text) > 0 && (text[0] == '-' || text[0] == '/' || text[0] == '.') {
		return text[1:], true
	}
	sign := []byte("年")
	if place == 1 {
		sign = []byte("月")
	}
	return bytes.CutPrefix(text, sign)
}

func leadingNumber(text []byte) (v, width int, rest []byte, ok bool) {
	for width < len(text) && width < 9 && text[width] >= '0' && text[width] <= '9' {
		v = v*10 + int(text[width]-'0')
		width++
	}
	return v, width, text[width:], width > 0
}

// dateVotes counts what the values of a column say about the order of day and month.
type dateVotes struct{ day, month, open int }

func (v *dateVotes) add(text []byte) {
	a, wa, rest, ok := leadingNumber(text)
	if !ok || wa > 2 {
		return
	}
	if rest, ok = cutDateSign(rest, 0); !ok {
		return
	}
	b, wb, rest, ok := leadingNumber(rest)
	if !ok || wb > 2 || a > 31 || b > 31 {
		return
	}
	if rest, ok = cutDateSign(rest, 0); !ok {
		return
	}
	if _, wy, _, ok := leadingNumber(rest); !ok || wy != 4 {
		return
	}
	switch {
	case a > 12 && b <= 12:
		v.day++
	case b > 12 && a <= 12:
		v.month++
	case a <= 12 && b <= 12 && a != b:
		v.open++
	}
}

// daysFromCivil counts the days from 1970-01-01 to a date of the Gregorian calendar.
//
// Source: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, days_from_civil.
func daysFromCivil(y, m, d int) int64 {
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int64(era)*146097 + int64(doe) - 719468
}

func daysIn(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// clock turns the times of a place into instants. It remembers the offset of the last
// day, since the rows of a file follow each other in time.
type clock struct {
	zone    *time.Location
	day     int64
	offset  int64
	uniform bool // one offset holds all day
	known   bool
}

// at returns the instant of a moment and the business day in the zone. A time that a
// clock change skips or repeats is taken as time.Date takes it.
func (c *clock) at(m moment) (unix int64, day calendar.Day) {
	if m.zoned {
		unix = m.civil - m.offset
		return unix, calendar.DayIn(time.Unix(unix, 0), c.zone)
	}
	n := m.civil / secondsPerDay
	if m.civil%secondsPerDay < 0 {
		n--
	}
	if !c.known || n != c.day {
		c.day, c.known = n, true
		_, first := c.date(n * secondsPerDay).Zone()
		_, last := c.date((n + 1) * secondsPerDay).Zone()
		c.offset, c.uniform = int64(first), first == last
	}
	if c.uniform {
		return m.civil - c.offset, calendar.FromOrdinal(int32(n))
	}
	t := c.date(m.civil)
	return t.Unix(), calendar.DayIn(t, c.zone)
}

// date returns the instant at which clocks in the zone show the given seconds.
func (c *clock) date(civil int64) time.Time {
	u := time.Unix(civil, 0).UTC()
	y, m, d := u.Date()
	return time.Date(y, m, d, u.Hour(), u.Minute(), u.Second(), 0, c.zone)
}
