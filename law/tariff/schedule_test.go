package tariff

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/money"
)

var may = day("2025-05-01")

// TestScheduleAddsUp holds sums over all lines against those of the published file, taken
// with Python's csv module from its own rows: lines of chapters 1 to 97 with a column 2
// rate, the first of each eight digits.
func TestScheduleAddsUp(t *testing.T) {
	us := UnitedStates()
	free, percent, column2, free2, korea := 0, 0, 0, 0, 0
	sum, sum2 := 0.0, 0.0
	for _, l := range us.lines {
		code := string(l.code)
		general, ok := us.Duty(code, "DE", "", may)
		if !ok || general.Code != l.code || general.Status != Published || general.Edition.String() != "2025-04-17" || general.Source == "" {
			t.Fatalf("%s: %+v, %v", code, general, ok)
		}
		plain := func(text string) bool { return strings.Trim(text, "0123456789.") == "%" }
		if general.Text == "Free" {
			free++
		} else if share, _ := general.AdValorem(); plain(general.Text) {
			percent, sum = percent+1, sum+100*share
		}
		cuba, _ := us.Duty(code, "CU", "", may)
		if cuba.Status != Unconfirmed {
			t.Fatalf("%s: column 2 is %v", code, cuba.Status)
		}
		if cuba.Text == "Free" {
			free2++
		} else if share, _ := cuba.AdValorem(); plain(cuba.Text) {
			column2, sum2 = column2+1, sum2+100*share
		}
		if kr, _ := us.Duty(code, "KR", "KR", may); kr.Programme == "KR" && kr.Text == "Free" {
			korea++
		}
	}
	got := fmt.Sprint(us.Lines(), free, percent, math.Round(1e4*sum)/1e4, column2, math.Round(1e4*sum2)/1e4, free2, korea)
	if want := "11414 4315 5863 43195.75 8066 324784.97 757 7014"; got != want {
		t.Errorf("lines, free, percent, their sum, in column 2, their sum, free there, free for Korea: got %s, want %s", got, want)
	}
}

// TestMostRatesAreRead: texts that are no formula stay texts; there are a few of those.
func TestMostRatesAreRead(t *testing.T) {
	unread := 0
	for _, l := range UnitedStates().lines {
		if l.offers[0].formula == nil {
			unread++
		}
	}
	if unread != 227 {
		t.Errorf("%d general rates are not read, want 227 of 11,414", unread)
	}
}

// TestKnownRates are rates that the US International Trade Commission publishes at
// hts.usitc.gov, in the edition of April 2025.
func TestKnownRates(t *testing.T) {
	for _, tt := range []struct {
		code      string
		origin    commerce.Market
		programme string
		text      string
		standsAt  Code
		status    Status
	}{
		{"6109.10.00.12", "CN", "", "16.5%", "61091000", Published}, // T-shirts of cotton
		{"6109.10.00.12", "KR", "KR", "Free", "61091000", Conditional},
		{"6109.10.00.12", "CN", "KR", "16.5%", "61091000", Published}, // not Korea's to claim
		{"6109.10.00.12", "RU", "", "90%", "61091000", Unconfirmed},
		{"6109.10.00.12", "MX", "S", "Free", "61091000", Conditional},
		{"6110.20.20", "IT", "", "16.5%", "61102020", Published}, // sweaters of cotton
		{"6403.99.90", "IT", "", "10%", "64039990", Published},   // leather shoes of women
		{"8517.13.00.00", "CN", "", "Free", "85171300", Published},
		{"8517.13", "CN", "", "Free", "851713", Published}, // all lines below agree
		{"9503.00.00.73", "CN", "", "Free", "95030000", Published},
		{"6911.10.10.00", "GB", "", "25%", "69111010", Published}, // hotel porcelain
		{"0102.29.40.24", "CA", "", "1¢/kg", "01022940", Published},
		{"0402.10.05", "NZ", "", "3.3¢/kg", "04021005", Published},
	} {
		r, ok := UnitedStates().Duty(tt.code, tt.origin, tt.programme, may)
		if !ok || r.Text != tt.text || r.Code != tt.standsAt || r.Status != tt.status {
			t.Errorf("%s of %s under %q: %+v, %v", tt.code, tt.origin, tt.programme, r, ok)
		}
	}
}

func TestDutyIsUnknown(t *testing.T) {
	us := UnitedStates()
	for _, code := range []string{"", "6", "9903.88.15", "77", "6109.99.99", "abc", "12345678901"} {
		if r, ok := us.Duty(code, "CN", "", may); ok {
			t.Errorf("%q has %+v", code, r)
		}
	}
	if r, ok := us.Duty("6109.10.00", "CN", "", usEdition.AddDays(-1)); ok {
		t.Errorf("the day before the edition: %+v", r)
	}
	if r, ok := us.Duty("6110.20", "CN", "", may); ok { // 5 % and 16.5 %
		t.Errorf("lines that differ: %+v", r)
	}
	rates := us.Under("6110.20", "CN", "", may)
	if len(rates) != 2 || rates[0].Text != "5%" || rates[1].Text != "16.5%" {
		t.Errorf("under 6110.20: %v", rates)
	}
}

// TestAdditional holds the duties of section 301 against single rows of the published
// list; see SOURCE of the data for how little it vouches for them.
func TestAdditional(t *testing.T) {
	us := UnitedStates()
	for code, want := range map[string]string{
		"8401.20.00":    "25%", // in the list as it stands
		"6109.10.00.12": "7.5%",
		"4202.22.45":    "25%",
		"9405.41.60":    "", // the list has 9405.40, which HS 2022 split
		"9503.00.00.73": "none",
		"4202.22":       "25%",
		"42":            "",
	} {
		r, ok := us.Additional(code, "CN", may)
		switch {
		case !ok && want != "none":
			t.Errorf("%s: nothing, want %q", code, want)
		case ok && (r.Text != want || r.Status != Unconfirmed || (r.Formula == nil) != (want == "")):
			t.Errorf("%s: %+v, want %q", code, r, want)
		}
	}
	if _, ok := us.Additional("8401.20.00", "VN", may); ok {
		t.Error("goods of Vietnam pay for China")
	}
}

func TestEntries(t *testing.T) {
	entries := Entries()
	if got, want := len(entries), 31506; got != want { // of chapters 1 to 97
		t.Errorf("%d entries, want %d", got, want)
	}
	if e := entries[0]; e.Code != "0101" || e.Indent != 0 || e.Text != "Live horses, asses, mules and hinnies:" {
		t.Errorf("the first is %+v", e)
	}
	for _, e := range entries {
		if e.Code != "" && !Valid(e.Code) {
			t.Errorf("%+v is not of HS 2022", e)
		}
	}
}

func TestLookupDoesNotAllocate(t *testing.T) {
	us := UnitedStates()
	value := money.FromE4(1_000_000, "USD")
	got := testing.AllocsPerRun(100, func() {
		for _, code := range []string{"6109.10.00.12", "8517.13", "0402.10.05", "77"} {
			r, _ := us.Duty(code, "CN", "", may)
			if _, _, err := r.Amount(value, Quantities{Kilograms: 1}); err != nil {
				t.Fatal(err)
			}
			us.Additional(code, "CN", may)
		}
	})
	// One for the complaint that 77 has no formula.
	if got > 1 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkDuty(b *testing.B) {
	us := UnitedStates()
	value := money.FromE4(1_000_000, "USD")
	codes := []string{"6109.10.00.12", "0102.29.40", "8517.13.00.00", "6403.99.90"}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		r, ok := us.Duty(codes[i%len(codes)], "KR", "KR", may)
		if _, _, err := r.Amount(value, Quantities{Kilograms: 1}); err != nil || !ok {
			b.Fatal(err)
		}
	}
}
