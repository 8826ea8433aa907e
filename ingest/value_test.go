package ingest

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/money"
)

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		text  string
		comma bool
		want  string // "" is refused
	}{
		{"1234.5", false, "1234.5"},
		{"-12", false, "-12"},
		{"+12", false, "12"},
		{" 1,234.50 ", false, "1234.50"},
		{"12,34,567", false, "1234567"},
		{"1'234.50", false, "1234.50"},
		{"(1,234.50)", false, "-1234.50"},
		{"1.00-", false, "-1.00"},
		{"−3", false, "-3"},
		{"１２０．５", false, "120.5"},
		{".5", false, "0.5"},
		{"5.", false, "5."},
		{"1.234,56", true, "1234.56"},
		{"1 234,56", true, "1234.56"},
		{"1\u00a0234,5", true, "1234.5"},
		{"1\u202f234", true, "1234"},
		{"-0,5", true, "-0.5"},
		{"1,2,3", false, ""},
		{"1,23", false, ""},
		{"1.2.3", false, ""},
		{"1.234,56", false, ""},
		{"1,234.56", true, ""},
		{"12a", false, ""},
		{"1e308", false, ""},
		{"--1", false, ""},
		{"1-2", false, ""},
		{"£5", false, ""},
		{"", false, ""},
		{"-", false, ""},
		{"NaN", false, ""},
		{strings.Repeat("9", 100), true, ""},
	} {
		got, ok := numberStyle{comma: test.comma}.plain(nil, []byte(test.text))
		if ok != (test.want != "") || ok && string(got) != test.want {
			t.Errorf("plain(%q, comma %v) = %q, %v, want %q", test.text, test.comma, got, ok, test.want)
		}
	}
}

// FuzzAmount: whatever is read as a number in either style is what money reads, and an
// amount written in any style is read back to the ten-thousandth.
func FuzzAmount(f *testing.F) {
	f.Add("1.234,56", int64(12345678))
	f.Add("(1,234.50)", int64(-1))
	f.Add("99999999999999999999", int64(9223372036854775807))
	f.Add("−１２．５", int64(0))
	f.Fuzz(func(t *testing.T, text string, e4 int64) {
		for _, comma := range []bool{false, true} {
			style := numberStyle{comma: comma}
			plain, ok := style.plain(nil, []byte(text))
			if ok {
				if _, code := money.ParseE4(plain); code == "E-MONEY-FORMAT" {
					t.Errorf("%q became %q, which is no amount", text, plain)
				}
				if again, ok := (numberStyle{}).plain(nil, plain); !ok || string(again) != string(plain) {
					t.Errorf("%q became %q, which is not plain", text, plain)
				}
			}
			written := writeAmount(e4, comma, uint64(len(text)))
			plain, ok = style.plain(nil, []byte(written))
			if !ok {
				t.Fatalf("%d was written %q and refused", e4, written)
			}
			if got, code := money.ParseE4(plain); got != e4 || code != "" {
				t.Errorf("%d was written %q and read %d %s", e4, written, got, code)
			}
		}
	})
}

// writeAmount writes ten-thousandths as people do, in a way that the seed chooses.
func writeAmount(e4 int64, comma bool, seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 0))
	decimal := strings.TrimPrefix(money.FromE4(e4, "").Decimal(), "-")
	whole, fraction, _ := strings.Cut(decimal, ".")
	point, group := ".", ","
	if comma {
		point, group = ",", "."
	}
	if random.IntN(2) == 0 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + group + whole[i:]
		}
	}
	text := whole
	if fraction != "" {
		text += point + fraction
	}
	if e4 >= 0 {
		return text
	}
	return [...]string{"-" + text, text + "-", "(" + text + ")", "−" + text}[random.IntN(4)]
}

func TestUnits(t *testing.T) {
	for _, test := range []struct {
		plain string
		want  int64
		code  string
	}{
		{"6", 6, ""}, {"-6.00", -6, ""}, {"0", 0, ""}, {"007", 7, ""},
		{"1.5", 0, "E-CELL-UNITS"}, {"-", 0, "E-CELL-UNITS"},
		{"999999999999999999", 999999999999999999, ""}, {"1000000000000000000", 0, "E-CELL-UNITS-RANGE"},
	} {
		if got, code := readUnits([]byte(test.plain)); got != test.want || code != test.code {
			t.Errorf("readUnits(%q) = %d %q, want %d %q", test.plain, got, code, test.want, test.code)
		}
	}
}

func TestMoments(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		text  string
		style dateStyle
		want  string // RFC 3339 in UTC; "" is refused
		day   string
	}{
		{"2010-12-01 08:26:00", yearFirst, "2010-12-01T08:26:00Z", "2010-12-01"},
		{"2011-07-03 11:02:00", yearFirst, "2011-07-03T10:02:00Z", "2011-07-03"}, // summer time
		{"2011-07-03 00:30", yearFirst, "2011-07-02T23:30:00Z", "2011-07-03"},
		{"2011-07-03", yearFirst, "2011-07-02T23:00:00Z", "2011-07-03"},
		{"2011-03-27 00:59:59", yearFirst, "2011-03-27T00:59:59Z", "2011-03-27"}, // the clock goes forward at 01:00
		{"2011-03-27 02:00:00", yearFirst, "2011-03-27T01:00:00Z", "2011-03-27"},
		{"2011-10-30 03:00:00", yearFirst, "2011-10-30T03:00:00Z", "2011-10-30"}, // and back at 02:00
		{"2026-03-14T09:26:53.589Z", yearFirst, "2026-03-14T09:26:53Z", "2026-03-14"},
		{"2025-10-07 09:50:26 +0200", yearFirst, "2025-10-07T07:50:26Z", "2025-10-07"},
		{"2025-10-07T23:50:26-05:30", yearFirst, "2025-10-08T05:20:26Z", "2025-10-08"},
		{"2026/3/4 5:06", yearFirst, "2026-03-04T05:06:00Z", "2026-03-04"},
		{"2026年11月22日", yearFirst, "2026-11-22T00:00:00Z", "2026-11-22"},
		{"2026年11月22日 12:01", yearFirst, "2026-11-22T12:01:00Z", "2026-11-22"},
		{"31.12.2011 18:05", dayFirst, "2011-12-31T18:05:00Z", "2011-12-31"},
		{"12/1/2010 8:26", monthFirst, "2010-12-01T08:26:00Z", "2010-12-01"},
		{"12/1/2010 8:26", dayFirst, "2010-01-12T08:26:00Z", "2010-01-12"},
		{"12/1/2010 1:05 PM", monthFirst, "2010-12-01T13:05:00Z", "2010-12-01"},
		{"12/1/2010 12:05 am", monthFirst, "2010-12-01T00:05:00Z", "2010-12-01"},
		{"2012-02-29", yearFirst, "2012-02-29T00:00:00Z", "2012-02-29"},
		{"2011-02-29", yearFirst, "", ""},
		{"1900-02-29", yearFirst, "", ""},
		{"2011-13-01", yearFirst, "", ""},
		{"12/1/2010", yearFirst, "", ""},
		{"13/1/2010", monthFirst, "", ""},
		{"12/1/10", dayFirst, "", ""},
		{"2011-12-09 24:00", yearFirst, "", ""},
		{"2011-12-09 8", yearFirst, "", ""},
		{"2011-12-09x", yearFirst, "", ""},
		{"20111209", yearFirst, "", ""},
		{"0000-01-01", yearFirst, "", ""},
		{"yesterday", yearFirst, "", ""},
	} {
		m, ok := readMoment([]byte(test.text), test.style)
		if ok != (test.want != "") {
			t.Errorf("readMoment(%q, %d) ok = %v, want %q", test.text, test.style, ok, test.want)
			continue
		}
		if !ok {
			continue
		}
		unix, day := (&clock{zone: london}).at(m)
		if got := time.Unix(unix, 0).UTC().Format(time.RFC3339); got != test.want || day.String() != test.day {
			t.Errorf("%q is %s on %s, want %s on %s", test.text, got, day, test.want, test.day)
		}
	}
}

// TestClock compares the remembered offsets with package time, hour by hour over years
// with clock changes, forwards, backwards and at random.
func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{
			"Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "UTC",
		}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		c := &clock{zone: zone}
		for _, hour := range rapid.SliceOf(rapid.IntRange(0, 24*366*20)).Draw(t, "hours") {
			civil := int64(hour) * 3600
			u := time.Unix(civil, 0).UTC().AddDate(30, 0, 0)
			want := time.Date(u.Year(), u.Month(), u.Day(), u.Hour(), 0, 0, 0, zone)
			unix, day := c.at(moment{civil: u.Unix()})
			if unix != want.Unix() || day != calendar.DayIn(want, zone) {
				t.Fatalf("%s in %s is %d on %s, want %d on %s", u, zone, unix, day, want.Unix(), calendar.DayIn(want, zone))
			}
		}
	})
}

func TestDaysFromCivil(t *testing.T) {
	for n := int64(-800_000); n < 800_000; n += 97 {
		u := time.Unix(n*secondsPerDay, 0).UTC()
		if got := daysFromCivil(u.Year(), int(u.Month()), u.Day()); got != n {
			t.Fatalf("daysFromCivil(%s) = %d, want %d", u.Format(time.DateOnly), got, n)
		}
	}
}

func TestScientific(t *testing.T) {
	for id, want := range map[string]bool{
		"1.12E+14": true, "8E+05": true, "1,12e+14": true,
		"85123A": false, "12E3": false, "E+5": false, "1E+": false, "E+": false, "ABCE+12": false,
	} {
		if got := scientific(id); got != want {
			t.Errorf("scientific(%q) = %v, want %v", id, got, want)
		}
	}
}

func TestSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s seen
		want := map[[2]uint64]uint64{}
		for i, k := range rapid.SliceOf(rapid.Uint64Range(0, 50)).Draw(t, "keys") {
			key := [2]uint64{k % 7, k}
			content, before := s.add(key[0], key[1], uint64(i))
			old, had := want[key]
			if before != had || had && *content != old {
				t.Fatalf("key %v: was there %v with %d, want %v with %d", key, before, *content, had, old)
			}
			if !had {
				want[key] = uint64(i)
			}
		}
	})
	var s seen
	for i := range uint64(100_000) {
		if _, before := s.add(i*7919, i, i); before {
			t.Fatal("found before it was there: " + strconv.FormatUint(i, 10))
		}
	}
}
