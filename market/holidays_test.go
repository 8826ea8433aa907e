package market

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
)

func day(t testing.TB, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAgainstPythonHolidays holds four years of every country against another library.
// Libraries differ in what they call public, in days off by decree and in regional days:
// at least 60 % of a country's days must be known (74 % but for China and Singapore), and
// 80 % of what is known be right.
func TestAgainstPythonHolidays(t *testing.T) {
	f, err := os.Open("testdata/reference/holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[commerce.Market]map[calendar.Day]bool{}
	for _, r := range rows[1:] {
		c := commerce.Market(r[0])
		if want[c] == nil {
			want[c] = map[calendar.Day]bool{}
		}
		want[c][day(t, r[1])] = true
	}
	for _, c := range Countries() {
		if want[c] == nil {
			t.Errorf("%s has no reference", c)
			continue
		}
		own, right := 0, 0
		for _, year := range []int{2011, 2019, 2024, 2026} {
			for _, h := range Holidays(c, year) {
				if h.Substitute {
					continue
				}
				own++
				if want[c][h.Day] {
					right++
				} else {
					t.Logf("%s %v %s is not in the reference", c, h.Day, h.Name)
				}
			}
		}
		if known := float64(right) / float64(len(want[c])); known < .6 || known < .74 && c != "CN" && c != "SG" {
			t.Errorf("%s: %.0f %% of the reference is known", c, 100*known)
		}
		if share := float64(right) / float64(own); share < .8 {
			t.Errorf("%s: %.0f %% of what is known is right", c, 100*share)
		}
	}
}

// TestKnownDays checks days that governments have published.
func TestKnownDays(t *testing.T) {
	for _, tt := range []struct {
		country commerce.Market
		day     string
		want    bool
	}{
		{"GB", "2011-04-29", true},  // royal wedding
		{"GB", "2010-12-28", true},  // in lieu of Boxing Day
		{"GB", "2012-05-28", false}, // the spring holiday was moved to
		{"GB", "2012-06-04", true},
		{"DE", "2026-10-03", true},
		{"DE", "2026-11-01", false}, // in some states only
		{"CN", "2026-02-17", true},  // new year
		{"KR", "2025-10-06", true},  // Chuseok
		{"HK", "2025-10-29", true},  // Chung Yeung
		{"US", "2026-11-26", true},  // Thanksgiving
		{"US", "2026-07-03", true},  // in lieu of a Saturday
		{"US", "2021-12-31", true},  // in lieu of New Year's Day 2022
		{"PT", "2014-12-01", false}, // suspended
		{"FI", "2024-06-21", true},  // midsummer eve
		{"FR", "2026-02-03", false},
	} {
		c, ok := CalendarOf(tt.country)
		if !ok {
			t.Fatalf("no calendar of %s", tt.country)
		}
		if h, got := c.On(day(t, tt.day)); got != tt.want {
			t.Errorf("%s %s: %v %q, want %v", tt.country, tt.day, got, h.Name, tt.want)
		}
	}
}

// TestYearsAreInOrder: ascending days of the year itself, one holiday a day, every one with
// a name.
func TestYearsAreInOrder(t *testing.T) {
	if got := len(Countries()); got < 40 {
		t.Errorf("%d countries", got)
	}
	for _, c := range Countries() {
		for year := 2000; year <= 2045; year++ {
			list := Holidays(c, year)
			if !slices.IsSortedFunc(list, func(a, b Holiday) int { return a.Day.Compare(b.Day) }) {
				t.Fatalf("%s %d is not in order", c, year)
			}
			for i, h := range list {
				if y, _, _ := h.Day.Date(); y != year || h.Name == "" || i > 0 && h.Day == list[i-1].Day {
					t.Fatalf("%s %d: %+v", c, year, h)
				}
			}
		}
	}
	if Holidays("XX", 2026) != nil {
		t.Error("a country of nobody has holidays")
	}
}
