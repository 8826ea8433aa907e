// Package calendar holds business days: a date in the zone of a market, never a date of
// no place. Instants stay time.Time in UTC.
package calendar

import (
	"fmt"
	"time"

	"tradewind/fault"
)

// Day is a calendar date, counted in days from 1970-01-01. It is comparable and ordered
// by its ordinal. A Day is made from an instant only with a zone (DayIn), or read where
// a date was written as a date (ParseDay).
type Day struct{ ordinal int32 }

const secondsPerDay = 24 * 60 * 60

// DayIn returns the date that clocks in loc show at t. It panics on a nil loc: a day
// without a zone does not exist.
func DayIn(t time.Time, loc *time.Location) Day {
	if loc == nil {
		panic("calendar: a day needs a zone")
	}
	y, m, d := t.In(loc).Date()
	return dateOf(y, m, d)
}

// ParseDay reads an ISO 8601 date, "2011-12-09".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Day{}, fault.From(err, fault.Invalid, "E-DATE-FORMAT", fault.A("value", s))
	}
	return dateOf(t.Date()), nil
}

// FromOrdinal returns the day that is n days after 1970-01-01: the form in which days
// are stored.
func FromOrdinal(n int32) Day { return Day{n} }

// Ordinal returns the days since 1970-01-01.
func (d Day) Ordinal() int32 { return d.ordinal }

// AddDays returns the day n days later.
func (d Day) AddDays(n int) Day { return Day{d.ordinal + int32(n)} }

// Sub returns the number of days from other to d.
func (d Day) Sub(other Day) int { return int(d.ordinal) - int(other.ordinal) }

// Before reports whether d comes before other.
func (d Day) Before(other Day) bool { return d.ordinal < other.ordinal }

// Compare returns -1, 0 or 1.
func (d Day) Compare(other Day) int {
	switch {
	case d.ordinal < other.ordinal:
		return -1
	case d.ordinal > other.ordinal:
		return 1
	}
	return 0
}

// Weekday returns the day of the week. 1970-01-01 was a Thursday.
func (d Day) Weekday() time.Weekday {
	return time.Weekday(((int(d.ordinal)+int(time.Thursday))%7 + 7) % 7)
}

// Date returns year, month and day of the month.
func (d Day) Date() (year int, month time.Month, day int) { return d.utc().Date() }

// ISOWeek returns the ISO 8601 year and week.
func (d Day) ISOWeek() (year, week int) { return d.utc().ISOWeek() }

// Monday returns the first day of d's ISO week.
func (d Day) Monday() Day { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }

// StartIn returns the first instant, in UTC, at which clocks in loc show d. Where a clock
// change skips midnight it is the instant of the change; where one skips the whole day,
// as Samoa did on 2011-12-30, it is the start of the next.
func (d Day) StartIn(loc *time.Location) time.Time {
	midnight := d.utc()
	t := midnight.Add(-16 * time.Hour).In(loc) // no zone was ever further ahead of UTC
	for {
		_, offset := t.Zone()
		start := midnight.Add(-time.Duration(offset) * time.Second)
		_, end := t.ZoneBounds() // until when that offset holds
		// On the last day of leap years from 2040 on Go gives an end that is past already;
		// no zone changes its clocks then.
		if end.IsZero() || start.Before(end) || !end.After(t) {
			if start.Before(t) {
				start = t // the change itself led into the day
			}
			return start.UTC()
		}
		t = end
	}
}

// String returns the ISO 8601 date.
func (d Day) String() string {
	y, m, day := d.Date()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
}

// MarshalText writes the ISO 8601 date.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads an ISO 8601 date.
func (d *Day) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDay(string(text))
	return err
}

// Period is a half-open span of days: From is in it, To is not.
type Period struct {
	From Day `json:"from"`
	To   Day `json:"to"`
}

// Days returns the number of days in the period; 0 when it is empty or reversed.
func (p Period) Days() int { return max(0, p.To.Sub(p.From)) }

// Contains reports whether d lies in the period.
func (p Period) Contains(d Day) bool { return !d.Before(p.From) && d.Before(p.To) }

func (p Period) String() string { return p.From.String() + "/" + p.To.String() }

func dateOf(y int, m time.Month, d int) Day {
	s := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()
	n := s / secondsPerDay
	if s%secondsPerDay < 0 {
		n--
	}
	return Day{int32(n)}
}

func (d Day) utc() time.Time { return time.Unix(int64(d.ordinal)*secondsPerDay, 0).UTC() }
