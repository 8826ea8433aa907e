package expansion

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/money"
)

// steady sells one pound a day in each market, up to a day.
func steady(asOf calendar.Day, markets ...commerce.Market) *commerce.Snapshot {
	s := &commerce.Snapshot{AsOf: asOf, From: asOf.AddDays(-2*year - 9), Currency: "GBP", Warehouses: []commerce.Warehouse{{Location: "UK-1", Country: "GB"}}}
	s.Sales.Start = []int32{0}
	for _, m := range markets {
		s.Items = append(s.Items, commerce.Item{SKU: "A", Market: m, Channel: "web"})
		for ago := 2*year + 9; ago >= 0; ago-- {
			appendRow(s, asOf.AddDays(-ago), 1, 1_0000, 1)
		}
		s.Sales.Start = append(s.Sales.Start, int32(len(s.Sales.Day)))
	}
	return s
}

func register(t *testing.T, s *commerce.Snapshot, th Threshold, seed uint64) Registration {
	t.Helper()
	all, err := Registrations(s, Params{Draws: 2000}, []Threshold{th}, chance(seed))
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

func pounds(x float64) money.Amount { return money.FromE4(int64(math.Round(x*1e4)), "GBP") }

// By hand. Two markets that sell 2.00 a day together: on 30 June 2011 the year holds 181
// days and 362.00. A threshold of 500.00 is 70 days further; twelve months have 730.00, so
// any threshold below is crossed already.
func TestRegistrationByHand(t *testing.T) {
	asOf, err := calendar.ParseDay("2011-06-30")
	if err != nil {
		t.Fatal(err)
	}
	s := steady(asOf, "DE", "FR")
	union := []commerce.Market{"AT", "DE", "FR"}
	r := register(t, s, Threshold{Market: "GB", Scheme: "OSS", Amount: pounds(1000), Window: CalendarYear, Markets: union}, 1)
	if r.SoFar != pounds(362) || r.LastYear != pounds(730) || r.Due || len(r.Selling) != 2 {
		t.Errorf("%+v", r)
	}
	if math.Abs(r.Next.Mean-730) > 1e-9 {
		t.Errorf("next year's sales %v, want 730", r.Next.Mean)
	}
	// Within 184 days to New Year's Eve it would take 3.47 a day, and a full year has 730.
	if r.Within365 > .1 || r.P50 != nil {
		t.Errorf("crossed with probability %v, on %v: the year cannot have 1,000", r.Within365, r.P50)
	}
	r = register(t, s, Threshold{Market: "DE", Amount: pounds(250), Window: CalendarYear}, 1)
	if !r.Due || *r.Since != calendar.DayIn(dateOf(t, "2010-09-08"), utc) || r.Within365 != 1 || !hasNote(r.Notes, "expansion.note.threshold-crossed") {
		t.Errorf("crossed on the 251st day of 2010, and it says %+v", r)
	}
	r = register(t, s, Threshold{Market: "DE", Amount: pounds(364), Window: RollingTwelve}, 1)
	if !r.Due {
		t.Errorf("365.00 in twelve months are above 364.00: %+v", r)
	}
	r = register(t, s, Threshold{Market: "DE", Amount: pounds(900), Window: RollingTwelve}, 1)
	if r.Due || r.SoFar != pounds(365) || r.Within365 > .01 {
		t.Errorf("%+v: want no crossing of 900.00 at 1.00 a day", r)
	}
	if r := register(t, s, Threshold{Market: "IT", Amount: pounds(1), Window: CalendarYear}, 1); r.Due || r.Within365 != 0 || len(r.Selling) != 0 {
		t.Errorf("a market without sales: %+v", r)
	}
	for name, th := range map[string]Threshold{
		"currency": {Amount: money.FromE4(1, "EUR"), Window: CalendarYear}, "amount": {Amount: pounds(0), Window: CalendarYear},
		"window": {Amount: pounds(1), Window: "month"},
	} {
		if _, err := Registrations(s, Params{}, []Threshold{th}, chance(1)); fault.Of(err) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// A market that doubles from a steady .50 a day to 1.00 will sell 2.00: twelve months, which
// hold 364.50 now, gain 1.00 a day (1.50 tomorrow) and exceed 500.00 on day 136.
func TestRegistrationFindsTheDay(t *testing.T) {
	asOf := calendar.DayIn(dateOf(t, "2011-01-31"), utc)
	s := steady(asOf, "DE")
	for i, day := range s.Sales.Day {
		if asOf.Sub(day) >= year {
			s.Sales.Revenue[i] = 5000
		}
	}
	r := register(t, s, Threshold{Market: "DE", Amount: pounds(500), Window: RollingTwelve}, 2)
	if r.Due || r.P10 == nil || r.P50 == nil || r.P90 == nil {
		t.Fatalf("%+v", r)
	}
	if r.SoFar != pounds(364.5) || r.Within365 < .999 {
		t.Errorf("%+v", r)
	}
	if got := r.P50.Sub(asOf); got < 134 || got > 138 {
		t.Errorf("crossed on day %d (%v to %v), want 136", got, r.P10, r.P90)
	}
	if r.P10.Sub(*r.P50) > 0 || r.P50.Sub(*r.P90) > 0 {
		t.Errorf("days %v, %v, %v are out of order", r.P10, r.P50, r.P90)
	}
}

// In worlds whose next year is known, a crossing within 365 days comes as often as it is
// said to, and the day of crossing falls before the P10 and after the P90 as often as it
// should. Thresholds are set where they matter: at a share of last year's sales.
func TestRegistrationsAreCalibrated(t *testing.T) {
	var said, came, brier, early, late, count float64
	for seed := range uint64(40) {
		rng := chance(8000 + seed)
		w := manyMarkets(20, .2, rng)
		s, next := w.playDaily(rng)
		var thresholds []Threshold
		for i := range w.growth {
			thresholds = append(thresholds, Threshold{Market: market(i), Amount: pounds(1e9), Window: RollingTwelve})
		}
		counted, err := Registrations(s, Params{Draws: 2}, thresholds, rng)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range counted {
			peak := 0.0 // of any twelve months that ended within the last year
			for _, x := range rolling(s, i, nil) {
				peak = max(peak, x)
			}
			thresholds[i].Amount = pounds(max(peak+1, r.SoFar.Float()*(1.02+.25*rng.Float64())))
		}
		all, err := Registrations(s, Params{Draws: 400}, thresholds, rng)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range all {
			if r.Due {
				t.Fatalf("%s is due: %+v", r.Market, r)
			}
			day := 0
			for k, x := range rolling(s, i, next[i]) {
				if x > r.Amount.Float() {
					day = k + 1
					break
				}
			}
			hit := indicator(day > 0)
			said, came, count = said+r.Within365, came+hit, count+1
			brier += (r.Within365 - hit) * (r.Within365 - hit)
			if day > 0 && r.P10 != nil && day < r.P10.Sub(s.AsOf) {
				early++
			}
			if r.P90 != nil && (day == 0 || day > r.P90.Sub(s.AsOf)) {
				late++
			}
		}
	}
	base := came / count * (1 - came/count)
	t.Logf("%.0f thresholds: %.0f crossings expected, %.0f came; Brier score %.3f, %.3f at the mean; before P10 %.1f %%, after P90 %.1f %% of all",
		count, said, came, brier/count, base, 100*early/count, 100*late/count)
	if math.Abs(said-came) > .08*count {
		t.Errorf("%.0f crossings expected, %.0f came of %.0f", said, came, count)
	}
	if brier/count > base {
		t.Errorf("Brier score %.3f is above %.3f, that of one probability for all", brier/count, base)
	}
	if early/count > .15 {
		t.Errorf("%.1f %% cross before their P10", 100*early/count)
	}
}

// TestCalendarYearStartsAnew counts by dates, day by day, and compares.
func TestCalendarYearStartsAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf := calendar.FromOrdinal(int32(rapid.IntRange(14_000, 16_000).Draw(t, "as of")))
		past := takings{make([]float64, 1098)}
		for k := range past.ago {
			past.ago[k] = float64((k*7919 + 13) % 11)
		}
		path := make([]float64, daysAhead)
		for k := range path {
			path[k] = float64((k*104729 + 5) % 13)
		}
		limit := rapid.Float64Range(100, 2500).Draw(t, "limit")
		sums := map[int]float64{}
		for ago := 800; ago >= 0; ago-- {
			y, _, _ := asOf.AddDays(-ago).Date()
			sums[y] += past.ago[ago]
		}
		this, _, _ := asOf.Date()
		if so, last, _ := past.counted(asOf, CalendarYear, limit); so != sums[this] || last != sums[this-1] && asOf.Sub(calendar.DayIn(time.Date(this-1, 1, 1, 0, 0, 0, 0, utc), utc)) <= 800 {
			t.Fatalf("%v: counted %v and %v, want %v and %v", asOf, so, last, sums[this], sums[this-1])
		}
		want := 0
		for k, v := range path {
			y, _, _ := asOf.AddDays(k + 1).Date()
			if sums[y] += v; sums[y] > limit {
				want = k + 1
				break
			}
		}
		if got := past.crosses(asOf, CalendarYear, limit, path); got != want {
			t.Fatalf("%v: crossed on day %d, want %d", asOf, got, want)
		}
	})
}

// rolling returns the sales of twelve months: those that ended on each of the last 365 days,
// or, where there is a next year, those that end on each of its days.
func rolling(s *commerce.Snapshot, item int, next []float64) (sums []float64) {
	days := make([]float64, 2*year+10) // the oldest first
	lo, hi := s.Rows(item)
	for r := lo; r < hi; r++ {
		if ago := s.AsOf.Sub(s.Sales.Day[r]); ago < len(days) {
			days[len(days)-1-ago] += float64(s.Sales.Revenue[r]) / 1e4
		}
	}
	from := len(days) - 365
	if next != nil {
		from, days = len(days), append(days, next...)
	}
	for k := from; k < len(days); k++ {
		sums = append(sums, sum(days[k-364:k+1]))
	}
	return sums
}

var utc = time.UTC

func dateOf(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
