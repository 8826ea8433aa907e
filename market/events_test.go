package market

import (
	"slices"
	"testing"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
)

// TestDateRules: days that calendars, governments and churches have published.
func TestDateRules(t *testing.T) {
	for _, tt := range []struct{ rule, want string }{
		{"11-11", "2026-11-11"},
		{"4th thursday november", "2026-11-26"}, {"4th thursday november +1", "2026-11-27"}, {"4th thursday november +4", "2025-12-01"},
		{"2nd sunday may", "2026-05-10"}, {"last monday may", "2026-05-25"}, {"last sunday may", "2026-05-31"}, {"last friday december", "2027-12-31"},
		// French sales, as the prefectures announced them.
		{"wednesday from 01-06", "2024-01-10"}, {"wednesday from 01-06", "2025-01-08"}, {"wednesday from 01-06", "2026-01-07"},
		{"wednesday from 06-22", "2022-06-22"}, {"wednesday from 06-22", "2023-06-28"}, {"wednesday from 06-22", "2025-06-25"},
		{"easter", "2026-04-05"}, {"easter", "2025-04-20"}, {"easter -21", "2026-03-15"}, {"easter +39", "2026-05-14"},
		{"julian-easter", "2024-05-05"}, {"julian-easter", "2025-04-20"}, {"julian-easter", "2026-04-12"},
		{"chinese new-year", "2026-02-17"}, {"chinese mid-autumn", "2025-10-06"}, {"chinese qixi", "2026-08-19"}, {"chinese qixi", "2025-08-29"},
		{"korean new-year", "2026-02-17"}, {"korean new-year", "2027-02-07"}, {"chinese new-year", "2027-02-06"},
		{"vietnamese new-year", "2007-02-17"}, {"vietnamese new-year", "2026-02-17"},
		{"islamic ramadan", "2025-03-01"}, {"islamic eid-al-fitr", "2025-03-30"}, {"islamic eid-al-fitr", "2026-03-20"}, {"islamic eid-al-adha", "2025-06-06"},
		{"mabims eid-al-fitr", "2025-03-31"}, {"mabims ramadan", "2024-03-12"},
		{"hindu diwali", "2023-11-12"}, {"hindu diwali", "2024-10-31"}, {"hindu diwali", "2025-10-20"}, {"hindu diwali", "2026-11-08"},
		{"hindu raksha-bandhan", "2025-08-09"}, {"hindu dussehra", "2025-10-02"},
		{"hebrew new-year", "2024-10-03"}, {"hebrew new-year", "2025-09-23"}, {"hebrew new-year", "2026-09-12"},
		{"hebrew passover", "2025-04-13"}, {"hebrew passover", "2026-04-02"}, {"hebrew purim", "2025-03-14"}, {"hebrew purim", "2026-03-03"},
		{"hebrew hanukkah", "2023-12-08"}, {"hebrew hanukkah", "2024-12-26"}, {"hebrew hanukkah", "2025-12-15"}, {"hebrew hanukkah", "2026-12-05"},
	} {
		r, err := ParseDateRule(tt.rule)
		if err != nil {
			t.Fatal(err)
		}
		want := day(t, tt.want)
		year, _, _ := want.Date()
		got, err := r.In(year)
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %v %v, want %v", tt.rule, got, err, want)
		}
	}
}

// The Islamic year is eleven days shorter: a festival comes twice in some years.
func TestTwiceAYear(t *testing.T) {
	r, _ := ParseDateRule("islamic eid-al-fitr")
	got, err := r.In(2033)
	if err != nil || !slices.Equal(got, []calendar.Day{day(t, "2033-01-02"), day(t, "2033-12-23")}) {
		t.Errorf("got %v %v", got, err)
	}
}

// Twelve new moons lie between two Ramadans: 354 or 355 days. A slip in the table shows.
func TestIslamicYears(t *testing.T) {
	for _, name := range []string{"islamic ramadan", "islamic eid-al-fitr", "islamic eid-al-adha", "mabims ramadan", "mabims eid-al-fitr"} {
		r, _ := ParseDateRule(name)
		var last calendar.Day
		for year := movingFrom; year < movingFrom+len(moving); year++ {
			days, err := r.In(year)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range days {
				if gap := d.Sub(last); last != (calendar.Day{}) && (gap < 353 || gap > 356) {
					t.Errorf("%s: %d days from %v to %v", name, gap, last, d)
				}
				last = d
			}
		}
	}
}

func TestDateRulesRefused(t *testing.T) {
	for _, text := range []string{"", "13-01", "02-29", "5th friday may", "4th thursday", "th thursday may", "st2 thursday may", "last day may", "easter 2", "easter +x", "easter +999", "chinese", "islamic", "chinese diwali", "11-11 12-12"} {
		if r, err := ParseDateRule(text); fault.Of(err) == nil || fault.Of(err).Code != "E-DATE-RULE" {
			t.Errorf("%q is read as %v", text, r)
		}
	}
	for _, tt := range []struct {
		rule string
		year int
	}{{"islamic ramadan", 2004}, {"islamic ramadan", 2036}, {"hindu diwali", 2040}, {"chinese new-year", 2041}, {"easter", 1500}, {"11-11", 3000}} {
		r, err := ParseDateRule(tt.rule)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.In(tt.year); fault.Of(err) == nil || fault.Of(err).Code != "E-DATE-RULE-YEAR" {
			t.Errorf("%s %d: %v", tt.rule, tt.year, err)
		}
	}
}

func TestEvents(t *testing.T) {
	for _, p := range Packs() {
		for year := 2010; year <= 2035; year++ {
			list, err := p.Events(year)
			if err != nil {
				t.Fatalf("%s %d: %v", p.Market, year, err)
			}
			for i, e := range list {
				if e.Name.EN == "" || e.Name.ZH == "" || e.Period.Days() < 1 || i > 0 && e.Period.From.Before(list[i-1].Period.From) {
					t.Errorf("%s %d: %+v", p.Market, year, e)
				}
			}
		}
	}
	for _, tt := range []struct{ market, key, from, to string }{
		{"CN", "chinese_new_year", "2026-02-17", "2026-02-24"}, {"CN", "singles_day", "2026-11-11", "2026-11-12"}, {"CN", "golden_week_cn", "2026-10-01", "2026-10-08"},
		{"US", "black_friday", "2026-11-27", "2026-11-28"}, {"GB", "boxing_day", "2026-12-26", "2026-12-27"}, {"IN", "diwali", "2026-11-06", "2026-11-11"},
		{"JP", "golden_week_jp", "2026-04-29", "2026-05-06"}, {"SA", "eid_al_fitr", "2026-03-20", "2026-03-23"}, {"MY", "eid_al_fitr_mabims", "2026-03-21", "2026-03-23"},
		{"IL", "hanukkah", "2026-12-05", "2026-12-13"}, {"MX", "buen_fin", "2024-11-15", "2024-11-19"},
	} {
		p, _ := Of(commerce.Market(tt.market))
		from := day(t, tt.from)
		year, _, _ := from.Date()
		list, err := p.Events(year)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(list, func(e Event) bool { return e.Key == tt.key })
		if want := (calendar.Period{From: from, To: day(t, tt.to)}); i < 0 || list[i].Period != want {
			t.Errorf("%s %s: got %+v, want %v", tt.market, tt.key, list, want)
		}
	}
	sa, _ := Of("SA")
	if _, err := sa.Events(2036); !fault.Is(err, fault.Invalid) {
		t.Errorf("a year beyond the table: %v", err)
	}
	us, _ := Of("US")
	if _, err := us.Events(2090); err != nil {
		t.Errorf("a market without such festivals: %v", err)
	}
}

// In 2027 and 2028 the moon is new after midnight in Seoul and before it in Beijing.
func TestSeollal(t *testing.T) {
	kr, _ := CalendarOf("KR")
	for d, want := range map[string]bool{"2027-02-05": false, "2027-02-06": true, "2027-02-07": true, "2027-02-08": true, "2028-01-25": false, "2028-01-27": true, "2026-02-17": true} {
		if _, got := kr.On(day(t, d)); got != want {
			t.Errorf("%s: %v, want %v", d, got, want)
		}
	}
}
