package demand

import (
	"math/rand/v2"
	"testing"

	"tradewind/commerce"
	"tradewind/market"
)

// trade is the activity of a shop from 2009-12-01 to 2011-08-12, busy on weekdays, with a
// share of the usual on holidays of a country.
func trade(t *testing.T, country commerce.Market, share float64) []float64 {
	rng := rand.New(rand.NewPCG(1, 2))
	c, ok := market.CalendarOf(country)
	if !ok {
		t.Fatalf("no calendar of %s", country)
	}
	from := day(t, "2009-12-01")
	activity := make([]float64, day(t, "2011-08-12").Sub(from)+1)
	for k := range activity {
		d := from.AddDays(k)
		if wd := d.Weekday(); wd == 0 || wd == 6 {
			continue
		}
		activity[k] = 200 + 20*rng.NormFloat64()
		if _, holiday := c.On(d); holiday {
			activity[k] *= share
		}
	}
	return activity
}

// TestHolidaysFollowTheShopsHabit: a shop that closed on every British bank holiday closes
// on the next, which falls on another date than last year's; one that worked through them
// goes on to; one that did half of a usual day's trade will do about half.
func TestHolidaysFollowTheShopsHabit(t *testing.T) {
	from, markets := day(t, "2009-12-01"), []commerce.Market{"GB", "DE", "US"}
	summer := day(t, "2011-08-29") // the summer bank holiday was on 30 August in 2010
	for _, tt := range []struct {
		share     float64
		low, high float64
	}{{0, 0, 0}, {1, 1, 1}, {.5, .4, .65}} {
		found := 1.0
		for _, r := range habitsOf(from, trade(t, "GB", tt.share), markets).ahead(60) {
			switch {
			case r.Day == summer:
				if found = r.Share; r.Market != "GB" || r.Name == "" {
					t.Errorf("%v is put down to %q of %q", r.Day, r.Name, r.Market)
				}
			default:
				t.Errorf("share %v: %+v is expected to be a day of rest", tt.share, r)
			}
		}
		if found < tt.low || found > tt.high {
			t.Errorf("a shop that did %v of its trade on bank holidays is expected to do %v on %v", tt.share, found, summer)
		}
	}
}

// TestAFirstHolidayIsExpected: the royal wedding of 2011 had no holiday before it, but the
// shop closed on all others.
func TestAFirstHolidayIsExpected(t *testing.T) {
	from, wedding := day(t, "2009-12-01"), day(t, "2011-04-29")
	activity := trade(t, "GB", 0)[:day(t, "2011-04-01").Sub(from)+1]
	for _, r := range habitsOf(from, activity, []commerce.Market{"GB"}).ahead(40) {
		if r.Day == wedding && r.Share == 0 {
			return
		}
	}
	t.Errorf("no rest is expected on %v", wedding)
}
