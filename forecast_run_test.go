package tradewind

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/store"
)

func mustForecast(t *testing.T, e *Engine, o ForecastOptions) *ForecastRun {
	t.Helper()
	r, err := e.RunForecast(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustBacktest(t *testing.T, e *Engine, o BacktestOptions) *AccuracyReport {
	t.Helper()
	r, err := e.Backtest(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustShow(t *testing.T, e *Engine, sku commerce.SKU, market commerce.Market) *ForecastView {
	t.Helper()
	f, err := e.Forecast(t.Context(), sku, market)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// keptRows are the forecasts of a run by SKU and market.
func keptRows(t *testing.T, e *Engine, id string) []store.ForecastRow {
	t.Helper()
	run, err := e.db.ForecastRunOf(t.Context(), id)
	if err != nil || run == nil {
		t.Fatalf("run %s: %v, %v", id, run, err)
	}
	rows, err := e.db.Forecasts(t.Context(), run.Seq)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b store.ForecastRow) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Market, b.Market))
	})
	return rows
}

// at takes a workspace to the evening of a day.
func at(t *testing.T, e *Engine, day string) *Engine {
	t.Helper()
	return reopen(t, e, func(c *Config) { c.FactsAsOf, c.Clock = day, day+"T20:00:00Z" })
}

// The same facts give the same run, whoever asks; a run is of every SKU in every market and
// in all, and says what the SKU's page says.
func TestARunIsMadeOnce(t *testing.T) {
	e, p := planned(t)
	r := mustForecast(t, e, ForecastOptions{})
	if !r.Known || r.ID != p.Forecasts || r.For != "plan" {
		t.Errorf("after a plan: run %s for %s, made before %t; want %s of the plan", r.ID, r.For, r.Known, p.Forecasts)
	}
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows := keptRows(t, e, r.ID)
	if want := len(s.Items) + len(s.SKUs()); len(rows) != want || r.Series != want {
		t.Errorf("%d forecasts, the run says %d; want %d", len(rows), r.Series, want)
	}
	series := 0
	for _, m := range r.Methods {
		series += m.Series
	}
	if series != r.Series {
		t.Errorf("the methods forecast %d series of %d", series, r.Series)
	}
	for _, row := range rows {
		f := mustShow(t, e, row.SKU, row.Market)
		if math.Abs(f.Total.Mean-row.Total.Mean) > 1e-4 || f.Total.P90 != row.Total.P90 {
			t.Errorf("%s %s: kept %+v, shown %+v", row.SKU, row.Market, row.Total, f.Total)
		}
		week := 0.0
		for _, d := range f.Forecast[7:14] {
			week += d.Mean
		}
		if math.Abs(week-row.Weeks[1].Mean) > 1e-4 {
			t.Errorf("%s %s: second week %v, its days add up to %v", row.SKU, row.Market, row.Weeks[1].Mean, week)
		}
	}
	scoped := mustForecast(t, e, ForecastOptions{SKU: "22763", Market: "GB"})
	if again := mustForecast(t, e, ForecastOptions{SKU: "22763", Market: "GB"}); scoped.Known || !again.Known || again.ID != scoped.ID || scoped.Series != 1 || scoped.ID == r.ID {
		t.Errorf("of one series: %+v, then %+v", scoped, again)
	}
	mustImport(t, e, ImportOptions{}, write(t, "other.csv", otherSKU))
	if other := mustForecast(t, e, ForecastOptions{}); other.Known || other.ID == r.ID {
		t.Errorf("with another fact the run is %s, made before %t", other.ID, other.Known)
	}
	_, err = e.RunForecast(t.Context(), ForecastOptions{SKU: "NONE"})
	refused(t, err, fault.NotFound, "E-SKU-NOT-FOUND")
	_, err = e.RunForecast(t.Context(), ForecastOptions{Market: "XX"})
	refused(t, err, fault.NotFound, "E-MARKET-NOT-FOUND")
	_, err = empty(t).RunForecast(t.Context(), ForecastOptions{})
	refused(t, err, fault.Invalid, "E-NO-SALES")
}

// A backtest forecasts what a workspace would have that never saw the later orders.
func TestABacktestSeesNoFuture(t *testing.T) {
	const origin = "2011-11-11"
	e := sample(t)
	report := mustBacktest(t, e, BacktestOptions{Origins: 1})
	if len(report.Runs) != 1 || report.Runs[0].Origin.String() != origin {
		t.Fatalf("runs %+v, want one from %s", report.Runs, origin)
	}

	c := demoConfig
	c.FactsAsOf, c.Clock = origin, origin+"T20:00:00Z"
	then := workspace(t, c)
	for _, file := range sampleOrders {
		header, rows := rowsIn(t, file)
		earlier := []string{header}
		for _, row := range rows {
			if day := strings.Split(row, ",")[4]; day[:len(origin)] <= origin {
				earlier = append(earlier, row)
			}
		}
		mustImport(t, then, ImportOptions{}, write(t, "orders.csv", strings.Join(earlier, "\n")+"\n"))
	}
	mustImport(t, then, ImportOptions{}, sampleAssumed...)
	want := keptRows(t, then, mustForecast(t, then, ForecastOptions{}).ID)
	if diff := gocmp.Diff(want, keptRows(t, e, report.Runs[0].ID)); diff != "" || len(want) == 0 {
		t.Errorf("forecasts (-without the future +with it):\n%s", diff)
	}
}

// Past forecasts stand beside what the history says was sold.
func TestPastForecastsAndWhatCame(t *testing.T) {
	e := sample(t)
	report := mustBacktest(t, e, BacktestOptions{Origins: 3})
	if report.All.Series == 0 || report.All.Coverage == nil || report.Together.TotalError == nil || len(report.Markets) == 0 {
		t.Errorf("the accuracy is %+v", report.All)
	}
	f := mustShow(t, e, "22763", "GB")
	if len(f.Past) != 3 {
		t.Fatalf("%d past forecasts, want 3", len(f.Past))
	}
	sold := func(b PastBlock) int64 { return unitsBetween(f.History, b.From, b.To) }
	units := 0.0
	for i, p := range f.Past {
		sum, mean := int64(0), 0.0
		for _, w := range p.Weeks {
			sum, mean = sum+*w.Actual, mean+w.Mean
		}
		if p.Run != report.Runs[i].ID || *p.Total.Actual != sold(p.Total) || sum != sold(p.Total) || math.Abs(mean-p.Total.Mean) > 3e-4 {
			t.Errorf("from %s: %+v, weeks add up to %d and %v; %d were sold", p.Origin, p, sum, mean, sold(p.Total))
		}
		if i > 0 && p.Total.To != f.Past[i-1].Origin {
			t.Errorf("the 28 days from %s end on %s", p.Origin, p.Total.To)
		}
		if i > 0 && f.Past[i-1].Before != *p.Total.Actual {
			t.Errorf("in the 28 days before %s %d were sold, and %d", f.Past[i-1].Origin, f.Past[i-1].Before, *p.Total.Actual)
		}
		units += float64(sum)
	}
	// The same three, judged for this series only.
	one := mustBacktest(t, e, BacktestOptions{Origins: 3, ForecastOptions: ForecastOptions{SKU: "22763", Market: "GB"}})
	if one.All.Series != 3 || one.All.Units != units || one.Runs[0].ID != report.Runs[0].ID {
		t.Errorf("of one series: %+v, want three forecasts and %v units", one.All, units)
	}
	// Kept runs are what the accuracy page judges, and facts of later days judge more of them.
	kept, err := e.Accuracy(t.Context())
	if err != nil || kept.All.Series != report.All.Series || *kept.All.Bias != *report.All.Bias {
		t.Errorf("accuracy: %+v, %v; want that of the backtest", kept, err)
	}
	e = at(t, e, "2011-11-20")
	kept, err = e.Accuracy(t.Context())
	if err != nil || len(kept.Runs) != 2 {
		t.Errorf("on 2011-11-20: %d runs are over, %v; want 2", len(kept.Runs), err)
	}
	if f := mustShow(t, e, "22763", "GB"); len(f.Past) != 3 || f.Past[0].Total.Actual != nil || f.Past[0].Weeks[0].Actual == nil || f.Past[0].Weeks[1].Actual != nil {
		t.Errorf("on 2011-11-20 of the forecast from 2011-11-11 one week is over: %+v", f.Past[0])
	}
}

// What was done when somebody breaks a backtest off is kept, and not done again.
func TestABacktestGoesOn(t *testing.T) {
	e := sample(t)
	ctx, stop := context.WithCancel(t.Context())
	origins := map[any]bool{}
	_, err := e.Backtest(ctx, BacktestOptions{Origins: 3, ForecastOptions: ForecastOptions{Progress: func(p Progress) {
		if p.Stage.Code == "engine.stage.backtest" {
			if origins[p.Stage.Args[0].Value] = true; len(origins) == 2 {
				stop()
			}
		}
	}}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
	first, err := e.db.ForecastRuns(t.Context())
	if err != nil || len(first) != 1 {
		t.Fatalf("%d runs are kept, %v; want the first", len(first), err)
	}
	if r := mustBacktest(t, e, BacktestOptions{Origins: 3}); len(r.Runs) != 3 || r.Runs[0].ID != first[0].ID {
		t.Errorf("it goes on with %+v", r.Runs)
	}
	if all, err := e.db.ForecastRuns(t.Context()); err != nil || len(all) != 3 {
		t.Errorf("%d runs are kept in the end, %v; want 3", len(all), err)
	}
}

func TestBacktestOutOfRange(t *testing.T) {
	e := sample(t)
	for _, tt := range []struct {
		options BacktestOptions
		kind    fault.Kind
		code    string
	}{
		{BacktestOptions{Origins: -1}, fault.Usage, "E-BACKTEST-ORIGINS"},
		{BacktestOptions{Origins: 25}, fault.Usage, "E-BACKTEST-ORIGINS"},
		{BacktestOptions{Origins: 24}, fault.Invalid, "E-BACKTEST-SHORT"}, // two years hold 24 windows, and nothing before them
		{BacktestOptions{ForecastOptions: ForecastOptions{SKU: "NONE"}}, fault.NotFound, "E-SKU-NOT-FOUND"},
		{BacktestOptions{ForecastOptions: ForecastOptions{SKU: "22763", Market: "JP"}}, fault.NotFound, "E-ITEM-NOT-FOUND"},
	} {
		unchanged(t, e, func() {
			_, err := e.Backtest(t.Context(), tt.options)
			refused(t, err, tt.kind, tt.code)
		})
	}
	_, err := empty(t).Backtest(t.Context(), BacktestOptions{})
	refused(t, err, fault.Invalid, "E-NO-SALES")
	if r, err := e.Accuracy(t.Context()); err != nil || len(r.Runs) != 0 || r.All.RMSSE != nil {
		t.Errorf("accuracy without a run: %+v, %v", r, err)
	}
}
