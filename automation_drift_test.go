package tradewind

import (
	"math"
	"math/rand/v2"
	"testing"

	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/plan"
)

// weeks are losses of so many weeks up to a day, drawn around a mean that jumps to another.
func weeks(asOf calendar.Day, before, after int, from, to float64) (list []DriftWeek) {
	rng := rand.New(rand.NewPCG(1, 2))
	n := before + after
	for i := range n {
		mean := from
		if i >= before {
			mean = to
		}
		list = append(list, DriftWeek{asOf.AddDays(-7*(n-i) + 1), mean * math.Exp(.3*rng.NormFloat64())})
	}
	return list
}

// TestLossesThatRiseAlarm: forecasts that become four times as wrong are seen within weeks,
// in money, and the longer it lasts the more is called for; alarms before a training are
// told and count no more.
func TestLossesThatRiseAlarm(t *testing.T) {
	e := sample(t)
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	short := e.watch(weeks(s.AsOf, 60, 8, .1, .4), 1, 500, s.From, s.AsOf)
	long := e.watch(weeks(s.AsOf, 60, 26, .1, .4), 1, 500, s.From, s.AsOf)
	if len(short.Alarms) == 0 || short.Response == "none" || short.What.English == "" || short.What.Chinese == "" {
		t.Fatalf("no alarm in eight weeks: %+v", short.DriftView)
	}
	if long.response <= short.response {
		t.Errorf("after eight weeks %s, after half a year %s", short.Response, long.Response)
	}
	last := short.Alarms[len(short.Alarms)-1]
	if want := e.reported((last.After - last.Before) * 500); last.Cost != want || short.Cost != want || want.Float() < 50 {
		t.Errorf("alarm %+v costs %v, want %v", last, short.Cost, want)
	}
	past := e.watch(weeks(s.AsOf, 60, 8, .1, .4), 1, 500, s.AsOf, s.AsOf)
	if past.Response != "none" || past.Cost.Sign() != 0 || len(past.Alarms) != len(short.Alarms) {
		t.Errorf("alarms before the training: %+v", past.DriftView)
	}
	if calm := e.watch(weeks(s.AsOf, 40, 0, .1, .1), 1, 500, s.From, s.AsOf); len(calm.Alarms) != 0 {
		t.Errorf("alarms in calm weeks: %+v", calm.Alarms)
	}
}

// TestDriftOfKeptForecasts: the losses are those of the forecasts that were kept, one week
// after the other and none twice.
func TestDriftOfKeptForecasts(t *testing.T) {
	e := sample(t)
	none, err := e.Drift(t.Context(), 0)
	if err != nil || len(none.Items) == 0 || none.Items[0].Weeks != 0 {
		t.Fatalf("without forecasts: %+v, %v", none, err)
	}
	if _, err := e.Backtest(t.Context(), BacktestOptions{Origins: 4}); err != nil {
		t.Fatal(err)
	}
	r, err := e.Drift(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Items {
		kept, err := e.db.ForecastsOf(t.Context(), v.SKU, "", 10)
		if err != nil || len(kept) != 4 {
			t.Fatalf("%d kept forecasts of %s, %v", len(kept), v.SKU, err)
		}
		if v.Weeks != 16 {
			t.Errorf("%s: %d weeks, want 4 of each of 4 origins", v.SKU, v.Weeks)
		}
		for i := 1; i < len(v.Loss); i++ {
			if v.Loss[i].From.Sub(v.Loss[i-1].From) < 7 {
				t.Errorf("%s: weeks of %v and %v overlap", v.SKU, v.Loss[i-1].From, v.Loss[i].From)
			}
		}
		// The last week by hand.
		f, week := kept[0].Weeks[3], v.Loss[len(v.Loss)-1]
		sold := plan.SeriesOf(s, v.SKU, inMarket("")).Units
		units, _ := unitsOf(sold[week.From.Sub(s.From):][:7])
		loss := 0.
		for _, q := range []struct{ at, p float64 }{{f.P10, .1}, {f.P50, .5}, {f.P90, .9}} {
			loss += math.Max(q.p*(units-q.at), (q.p-1)*(units-q.at)) / 3
		}
		first := kept[3].Run.Origin.Sub(s.From) + 1
		usual := weekOf(sold, max(0, first-usualDays), first)
		if want := loss / usual; math.Abs(week.Loss-want) > 1e-12 || week.From != kept[0].Run.Origin.AddDays(22) {
			t.Errorf("%s: loss of %v is %v, want %v", v.SKU, week.From, week.Loss, want)
		}
	}
	_, err = empty(t).Drift(t.Context(), 0)
	refused(t, err, fault.Invalid, "E-NO-SALES")
}
