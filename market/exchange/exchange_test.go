package exchange

import (
	"math"
	"testing"

	"tradewind/calendar"
	"tradewind/money"
)

func day(t *testing.T, s string) calendar.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReference(t *testing.T) {
	for _, tt := range []struct {
		base, quote money.Currency
		on, from    string
		want        float64
	}{
		// ECB euro reference rates of 2011-11-30: USD 1.3418, GBP 0.8558.
		{"EUR", "USD", "2011-12-09", "2011-11-30", 1.3418},
		{"GBP", "USD", "2011-12-09", "2011-11-30", 1.3418 / 0.8558},
		{"USD", "EUR", "2011-12-30", "2011-11-30", 1 / 1.3418},
		// The month is over on its last day. ECB, 2011-12-30: USD 1.2939.
		{"EUR", "USD", "2011-12-31", "2011-12-31", 1.2939},
		// After March 2024 H.10 alone. June 2026: GBP 0.7497 for a dollar.
		{"GBP", "USD", "2026-07-15", "2026-06-30", 1 / 0.7497},
	} {
		r, ok := Reference(tt.base, tt.quote, day(t, tt.on))
		if !ok || math.Abs(r.Value/tt.want-1) > 1e-9 || r.Day != day(t, tt.from) {
			t.Errorf("%s/%s on %s: got %v of %s, %v; want %v of %s", tt.base, tt.quote, tt.on, r.Value, r.Day, ok, tt.want, tt.from)
		}
		if !r.Provenance.Assumed || r.Provenance.Source == "" {
			t.Errorf("%s/%s is not marked as assumed, with its source", tt.base, tt.quote)
		}
	}
}

func TestReferenceRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, tt := range []struct {
		base, quote money.Currency
		on          string
	}{
		{"GBP", "USD", "1998-12-31"}, // before the first month
		{"GBP", "USD", "2027-01-01"}, // too long after the last
		{"GBP", "PLN", "2026-01-01"}, // the euro's table ends in 2024, and H.10 has no zloty
		{"GBP", "XYZ", "2011-12-09"},
	} {
		if r, ok := Reference(tt.base, tt.quote, day(t, tt.on)); ok {
			t.Errorf("%s/%s on %s: got %v of %s, want none", tt.base, tt.quote, tt.on, r.Value, r.Day)
		}
	}
}

// Euro and dollar tables overlap for 25 years: crosses through either agree but for the
// difference between a month's end and its mean.
func TestAnchorsAgree(t *testing.T) {
	n := 0
	for on := day(t, "2000-03-01"); on.Before(day(t, "2024-03-31")); on = on.AddDays(61) {
		for _, c := range []money.Currency{"GBP", "JPY", "CAD", "SEK", "CHF"} {
			e, _, okE := lookup("EUR", c, on)
			u, _, okU := lookup("EUR", "USD", on)
			f, _, okF := lookup("USD", c, on)
			if !okE || !okU || !okF {
				t.Fatalf("%s on %s is missing", c, on)
			}
			n++
			if ratio := e / u / f; ratio < .85 || ratio > 1.15 {
				t.Errorf("%s on %s: %v through the euro, %v directly", c, on, e/u, f)
			}
		}
	}
	if n < 600 {
		t.Errorf("only %d rates compared", n)
	}
}
