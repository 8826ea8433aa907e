package calendar

import (
	"encoding/json"
	"math"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"pgregory.net/rapid"

	"tradewind/fault"
)

// zones have what clocks do: none, summer time north and south, half hours, a skipped
// day, changes at midnight, and both ends of the world.
var zones = []string{
	"UTC", "Europe/London", "America/New_York", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
	"Pacific/Apia", "Pacific/Kiritimati", "Pacific/Kwajalein", "Etc/GMT+12", "Etc/GMT-14", "America/Sao_Paulo",
	"America/Havana", "America/St_Johns", "Africa/Cairo", "Asia/Beirut", "Asia/Tehran", "Asia/Manila", "America/Juneau",
}

func load(t interface{ Fatal(...any) }, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// days draws what ISO 8601 can write: years 0000 to 9999.
func days() *rapid.Generator[Day] {
	first, last := dateOf(0, time.January, 1), dateOf(9999, time.December, 31)
	return rapid.OneOf(
		rapid.Map(rapid.Int32Range(first.ordinal, last.ordinal), FromOrdinal),
		rapid.Map(rapid.Int32Range(-40_000, 40_000), FromOrdinal), // 1860 to 2079
	)
}

func instants() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(-3_000_000_000, 4_000_000_000), func(s int64) time.Time { return time.Unix(s, 0).UTC() })
}

func TestDayInIsWhatClocksShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, loc := instants().Draw(t, "instant"), load(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		if got, want := DayIn(at, loc).String(), at.In(loc).Format(time.DateOnly); got != want {
			t.Fatalf("%v in %v is %s, want %s", at, loc, got, want)
		}
	})
}

func TestDayIn(t *testing.T) {
	for _, tt := range []struct{ at, zone, want string }{
		{"2011-12-09T12:00:00Z", "UTC", "2011-12-09"},
		{"2011-12-09T12:00:00Z", "Etc/GMT-14", "2011-12-10"}, // UTC+14
		{"2011-12-09T11:59:59Z", "Etc/GMT+12", "2011-12-08"}, // UTC-12
		{"2011-12-09T16:00:00Z", "Asia/Shanghai", "2011-12-10"},
		{"2011-12-30T09:59:59Z", "Pacific/Apia", "2011-12-29"}, // Samoa had no 30th
		{"2011-12-30T10:00:00Z", "Pacific/Apia", "2011-12-31"},
		{"2011-03-27T00:59:59Z", "Europe/London", "2011-03-27"}, // an hour is skipped
		{"2011-03-27T01:00:00Z", "Europe/London", "2011-03-27"},
		{"2011-06-30T23:00:00Z", "Europe/London", "2011-07-01"},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := DayIn(at, load(t, tt.zone)).String(); got != tt.want {
			t.Errorf("%s in %s is %s, want %s", tt.at, tt.zone, got, tt.want)
		}
	}
}

func TestNoDayWithoutAZone(t *testing.T) {
	for name, f := range map[string]func(){
		"DayIn":   func() { DayIn(time.Unix(0, 0), nil) },
		"StartIn": func() { FromOrdinal(0).StartIn(nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s without a zone did not panic", name)
				}
			}()
			f()
		}()
	}
}

// StartIn is the first instant of the day: clocks show the day, and a second earlier
// they show an earlier one. In Samoa 2011-12-30 starts with the 31st.
func TestStartInIsTheFirstInstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, loc := FromOrdinal(rapid.Int32Range(-40_000, 40_000).Draw(t, "day")), load(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		start := d.StartIn(loc)
		if start.Location() != time.UTC {
			t.Fatalf("%v starts at %v, want UTC", d, start)
		}
		at, before := DayIn(start, loc), DayIn(start.Add(-time.Second), loc)
		if at.Before(d) || !before.Before(d) {
			t.Fatalf("%v in %v starts at %v, where clocks show %v after %v", d, loc, start, at, before)
		}
		if at != d && DayIn(start.Add(-time.Second), loc) != d.AddDays(-1) {
			t.Fatalf("%v in %v starts on %v without having been skipped", d, loc, at)
		}
	})
}

func TestStartIn(t *testing.T) {
	for _, tt := range []struct{ day, zone, want string }{
		{"2011-12-09", "Europe/London", "2011-12-09T00:00:00Z"},
		{"2011-07-01", "Europe/London", "2011-06-30T23:00:00Z"},
		{"2011-12-10", "Asia/Shanghai", "2011-12-09T16:00:00Z"},
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"}, // midnight is skipped
		{"2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"},      // the day is skipped
		{"2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00Z"},
		{"2040-12-31", "Europe/London", "2040-12-31T00:00:00Z"}, // the clocks' rules are extrapolated
		{"2041-01-01", "America/New_York", "2041-01-01T05:00:00Z"},
		{"2012-11-04", "America/Havana", "2012-11-04T04:00:00Z"},   // midnight comes twice
		{"2010-11-07", "America/St_Johns", "2010-11-07T02:30:00Z"}, // 00:01 falls back to the day before
	} {
		d, err := ParseDay(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.StartIn(load(t, tt.zone)).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s in %s starts at %s, want %s", tt.day, tt.zone, got, tt.want)
		}
	}
}

func TestTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := days().Draw(t, "day")
		if got, err := ParseDay(d.String()); err != nil || got != d {
			t.Fatalf("%d is written %q and read %v, %v", d.Ordinal(), d, got, err)
		}
		if got := FromOrdinal(d.Ordinal()); got != d {
			t.Fatalf("%v is stored as %v", d, got)
		}
		text, err := json.Marshal(map[Day]Day{d: d})
		if err != nil {
			t.Fatal(err)
		}
		var back map[Day]Day
		if err := json.Unmarshal(text, &back); err != nil || len(back) != 1 || back[d] != d {
			t.Fatalf("%s read as %v, %v", text, back, err)
		}
	})
}

func TestArithmeticAgainstTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := days().Draw(t, "day"), rapid.IntRange(-100_000, 100_000).Draw(t, "n")
		y, m, day := d.Date()
		ref := time.Date(y, m, day, 12, 0, 0, 0, time.UTC)
		if got, want := d.Weekday(), ref.Weekday(); got != want {
			t.Fatalf("%v is a %v, want %v", d, got, want)
		}
		gotYear, gotWeek := d.ISOWeek()
		if year, week := ref.ISOWeek(); gotYear != year || gotWeek != week {
			t.Fatalf("%v is in week %d of %d, want %d of %d", d, gotWeek, gotYear, week, year)
		}
		later := d.AddDays(n)
		if got, want := later.utc(), ref.AddDate(0, 0, n).Truncate(24*time.Hour); !got.Equal(want) {
			t.Fatalf("%v + %d days = %v, want %v", d, n, got, want)
		}
		if later.Sub(d) != n || later.Before(d) != (n < 0) || later.Compare(d) != sign(n) {
			t.Fatalf("%v and %v, %d days apart, compare wrongly", d, later, n)
		}
		monday := d.Monday()
		if monday.Weekday() != time.Monday || d.Sub(monday) < 0 || d.Sub(monday) > 6 {
			t.Fatalf("the Monday of %v is %v, a %v", d, monday, monday.Weekday())
		}
	})
	if got := FromOrdinal(0).Weekday(); got != time.Thursday {
		t.Errorf("1970-01-01 is a %v", got)
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Period{FromOrdinal(rapid.Int32Range(0, 60).Draw(t, "from")), FromOrdinal(rapid.Int32Range(0, 60).Draw(t, "to"))}
		inside := 0
		for n := range int32(61) {
			if p.Contains(FromOrdinal(n)) {
				inside++
			}
		}
		if inside != p.Days() {
			t.Fatalf("%v contains %d days and counts %d", p, inside, p.Days())
		}
	})
}

func TestParseDayRefuses(t *testing.T) {
	for _, bad := range []string{"", "2011-12-9", "2011-13-01", "2011-02-29", "09/12/2011", "2011-12-09T00:00:00Z", " 2011-12-09", "2011-12-09 ", "20111209", "２０１１-12-09"} {
		if got, err := ParseDay(bad); fault.Of(err) == nil || fault.Of(err).Code != "E-DATE-FORMAT" {
			t.Errorf("%q read as %v, %v; want E-DATE-FORMAT", bad, got, err)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, seed := range []string{"2011-12-09", "0000-01-01", "9999-12-31", "2012-02-29", "2011-02-29", "1970-01-01", "-001-01-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDay(text)
		if err != nil {
			if d != (Day{}) || !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q read as %v with %v", text, d, err)
			}
			return
		}
		if d.String() != text {
			t.Fatalf("%q read as %v", text, d)
		}
	})
}

func TestOrdinalsAtTheEnds(t *testing.T) {
	for _, n := range []int32{math.MinInt32, math.MaxInt32} {
		d := FromOrdinal(n)
		y, m, day := d.Date()
		if got := dateOf(y, m, day); got != d {
			t.Errorf("ordinal %d is %d-%d-%d and comes back as %d", n, y, m, day, got.Ordinal())
		}
	}
}
