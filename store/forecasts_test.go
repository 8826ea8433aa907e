package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/store"
)

// sells loads sales of SKUs in GB and in DE, so that they have names.
func sells(t testing.TB, db *store.DB, skus ...string) {
	t.Helper()
	var facts []commerce.Fact
	for i, sku := range skus {
		home, abroad := sale(uint64(2*i+1), sku, i, 3, 25_000), sale(uint64(2*i+2), sku, i, 2, 25_000)
		home.Market, abroad.Market = "GB", "DE"
		facts = append(facts, home, abroad)
	}
	bring(t, db, facts...)
}

func forecastRun(id string, origin calendar.Day) store.ForecastRun {
	return store.ForecastRun{
		ID: id, Origin: origin, At: noon, For: "run", Snapshot: "abc", Version: "test", Detail: []byte(`{"methods":[]}`),
	}
}

// forecastRow is a forecast whose numbers all differ.
func forecastRow(sku commerce.SKU, market commerce.Market, base float64) store.ForecastRow {
	r := store.ForecastRow{SKU: sku, Market: market, Method: 2, InsideP10: .25, InsideP90: .75}
	for w := range r.Weeks {
		b := base + float64(w)
		r.Weeks[w] = store.Spread{Mean: b + .1234, P10: b, P50: b + 1, P90: b + 2}
	}
	r.Total = store.Spread{Mean: 4*base + .0001, P10: 3 * base, P50: 4 * base, P90: 6 * base}
	return r
}

var dayValues = cmpopts.EquateComparable(calendar.Day{})

func TestForecastsComeBackAsTheyWere(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		sells(t, db, "A", "B")
		rows := []store.ForecastRow{forecastRow("A", "GB", 10), forecastRow("A", "", 30), forecastRow("B", "DE", 0)}
		want := forecastRun("F-1", day0)
		kept, err := db.SaveForecasts(background, want, rows)
		if err != nil {
			t.Fatal(err)
		}
		want.Seq, want.Series = 1, 3
		if diff := gocmp.Diff(&want, kept, dayValues); diff != "" {
			t.Errorf("run (-want +got):\n%s", diff)
		}
		got, err := db.Forecasts(background, kept.Seq)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(got, func(a, b store.ForecastRow) int {
			return cmp.Or(cmp.Compare(a.SKU, b.SKU), -cmp.Compare(a.Market, b.Market))
		})
		if diff := gocmp.Diff(rows, got); diff != "" {
			t.Errorf("forecasts (-want +got):\n%s", diff)
		}
		of, err := db.ForecastsOf(background, "A", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([]store.KeptForecast{{Run: want, ForecastRow: rows[1]}}, of, dayValues); diff != "" {
			t.Errorf("forecasts of A (-want +got):\n%s", diff)
		}
		for _, none := range []struct {
			sku    commerce.SKU
			market commerce.Market
		}{{"B", ""}, {"B", "GB"}, {"Z", ""}, {"A", "FR"}, {"' OR 1=1 --", ""}} {
			if of, err := db.ForecastsOf(background, none.sku, none.market, 10); err != nil || len(of) != 0 {
				t.Errorf("forecasts of %s in %q: got %v, %v, want none", none.sku, none.market, of, err)
			}
		}
	})
}

func TestForecastsAreNeverReplaced(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		sells(t, db, "A")
		first := []store.ForecastRow{forecastRow("A", "GB", 10)}
		if _, err := db.SaveForecasts(background, forecastRun("F-1", day0), first); err != nil {
			t.Fatal(err)
		}
		again := forecastRun("F-1", day0)
		again.For = "backtest"
		kept, err := db.SaveForecasts(background, again, []store.ForecastRow{forecastRow("A", "GB", 99), forecastRow("A", "DE", 99)})
		if err != nil || kept.For != "run" || kept.Series != 1 {
			t.Errorf("the second of one ID: got %+v, %v; want the first", kept, err)
		}
		if got, err := db.Forecasts(background, 1); err != nil || !gocmp.Equal(first, got) {
			t.Errorf("forecasts: got %v, %v, want %v", got, err, first)
		}
		if runs, err := db.ForecastRuns(background); err != nil || len(runs) != 1 {
			t.Errorf("runs: got %v, %v, want one", runs, err)
		}
	})
}

func TestForecastsOfTheNewestDayComeFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		sells(t, db, "A")
		for i, origin := range []calendar.Day{day0, day0.AddDays(28), day0.AddDays(-28), day0.AddDays(28), day0.AddDays(28)} {
			run := forecastRun(fmt.Sprint("F-", i), origin)
			if i == 4 {
				run.For = "backtest"
			}
			if _, err := db.SaveForecasts(background, run, []store.ForecastRow{forecastRow("A", "GB", float64(i))}); err != nil {
				t.Fatal(err)
			}
		}
		runs, err := db.ForecastRuns(background)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range runs {
			got = append(got, r.ID)
		}
		if want := []string{"F-3", "F-1", "F-4", "F-0", "F-2"}; !slices.Equal(got, want) {
			t.Errorf("runs: got %v, want %v", got, want)
		}
		of, err := db.ForecastsOf(background, "A", "GB", 2)
		if err != nil || len(of) != 2 || of[0].Run.ID != "F-3" || of[1].Run.ID != "F-1" {
			t.Errorf("the newest two of A: got %v, %v", of, err)
		}
	})
}

// What breaks off leaves nothing, and numbers out of all bounds do no harm.
func TestForecastsAllOrNone(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		sells(t, db, "A")
		if _, err := db.SaveForecasts(background, forecastRun("F-1", day0), []store.ForecastRow{forecastRow("A", "GB", 1), forecastRow("Z", "GB", 1)}); err == nil {
			t.Error("a forecast of what was never sold was kept")
		}
		ended, cancel := context.WithCancel(background)
		cancel()
		if _, err := db.SaveForecasts(ended, forecastRun("F-1", day0), []store.ForecastRow{forecastRow("A", "GB", 1)}); !errors.Is(err, context.Canceled) {
			t.Errorf("after the end: got %v, want context.Canceled", err)
		}
		if runs, err := db.ForecastRuns(background); err != nil || len(runs) != 0 {
			t.Errorf("runs: got %v, %v, want none", runs, err)
		}
		wild := forecastRow("A", "GB", 1)
		wild.Total.P90, wild.Total.Mean = math.Inf(1), 1e30
		if _, err := db.SaveForecasts(background, forecastRun("F-2", day0), []store.ForecastRow{wild}); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Forecasts(background, 1); err != nil || len(got) != 1 || got[0].Total.P90 < 1e12 {
			t.Errorf("a wild forecast: got %v, %v", got, err)
		}
	})
}

func TestOverridesAreAHistory(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		units := store.Override{
			SKU: "A", Market: "GB", From: day0, HasUnits: true, Units: []float64{0, 12.5}, Expected: []float64{3, 4}, Model: "naive", Snapshot: "abc",
		}
		factor := store.Override{SKU: "B", Market: "DE", From: day0, Factor: 1.3, Units: []float64{1.3}, Expected: []float64{1}, Model: "naive", Snapshot: "abc"}
		first, err := db.SaveOverride(background, units, "local:ada", "influencer\x00", noon)
		if err != nil {
			t.Fatal(err)
		}
		second, err := db.SaveOverride(background, factor, "local:li", "达人推广", noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.RemoveOverride(background, first.ID, "local:li", "called off", noon); err != nil {
			t.Fatal(err)
		}
		units.ID, units.Seq, factor.ID, factor.Seq = "O-1", 1, "O-2", 2
		units.History = []store.OverrideEvent{{Verb: "make", By: "local:ada", At: noon, Reason: "influencer␀"}, {Verb: "remove", By: "local:li", At: noon, Reason: "called off"}}
		factor.History = []store.OverrideEvent{{Verb: "make", By: "local:li", At: noon, Reason: "达人推广"}}
		got, err := db.Overrides(background, "")
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([]store.Override{units, factor}, got, dayValues); diff != "" {
			t.Errorf("overrides (-want +got):\n%s", diff)
		}
		if got[0].Removed() == nil || got[1].Removed() != nil {
			t.Errorf("removed: got %v and %v, want the first only", got[0].Removed(), got[1].Removed())
		}
		of, err := db.Overrides(background, "B")
		if diff := gocmp.Diff([]store.Override{*second}, of, dayValues); err != nil || diff != "" {
			t.Errorf("overrides of B: %v (-want +got):\n%s", err, diff)
		}
		if err := db.RemoveOverride(background, first.ID, "local:li", "again", noon); codeOf(err) != "E-OVERRIDE-REMOVED" || !fault.Is(err, fault.Stale) {
			t.Errorf("removed twice: got %v, want E-OVERRIDE-REMOVED", err)
		}
		if err := db.RemoveOverride(background, "O-9", "local:li", "?", noon); codeOf(err) != "E-OVERRIDE-NOT-FOUND" || !fault.Is(err, fault.NotFound) {
			t.Errorf("unknown: got %v, want E-OVERRIDE-NOT-FOUND", err)
		}
	})
}

// Of many who remove one override at once exactly one does.
func TestOneOfManyRemovesAnOverride(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		o, err := db.SaveOverride(background, store.Override{SKU: "A", Market: "GB", From: day0, HasUnits: true, Units: []float64{1}, Expected: []float64{1}}, "ada", "why", noon)
		if err != nil {
			t.Fatal(err)
		}
		errs := make([]error, 20)
		var people sync.WaitGroup
		for i := range errs {
			people.Go(func() { errs[i] = db.RemoveOverride(background, o.ID, fmt.Sprint("p", i), "off", noon) })
		}
		people.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Stale) {
				t.Errorf("a loser: got %v, want fault.Stale", err)
			}
		}
		if all, err := db.Overrides(background, ""); won != 1 || err != nil || len(all[0].History) != 2 {
			t.Errorf("%d removed it, history %v, %v; want 1 and two events", won, all, err)
		}
	})
}
