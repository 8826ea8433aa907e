package tradewind

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
)

// TestForecastAddsUp: the history of a SKU is what the facts hold, by market and in all,
// and the expected demand and stock follow it day by day.
func TestForecastAddsUp(t *testing.T) {
	e, p := planned(t)
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, sku := range s.SKUs() {
		var units, returned int64
		markets := map[commerce.Market]int64{}
		lo, hi := s.ItemsOf(sku)
		for i := lo; i < hi; i++ {
			a, b := s.Rows(i)
			for r := a; r < b; r++ {
				units += s.Sales.Gross[r]
				returned += s.Sales.Returned[r]
				markets[s.Items[i].Market] += s.Sales.Gross[r]
			}
		}
		all, err := e.Forecast(t.Context(), sku, "")
		if err != nil {
			t.Fatal(err)
		}
		gotUnits, gotReturned := total(all.History)
		if gotUnits != units || gotReturned != returned {
			t.Errorf("%s: the history has %d sold and %d returned, the facts %d and %d", sku, gotUnits, gotReturned, units, returned)
		}
		for market, want := range markets {
			f, err := e.Forecast(t.Context(), sku, market)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := total(f.History); got != want || len(f.Stock) != 0 {
				t.Errorf("%s in %s: %d sold, want %d; %d days of stock, want 0", sku, market, got, want, len(f.Stock))
			}
		}
		if len(all.History) != s.Days() || len(all.Forecast) != forecastDays || len(all.Stock) != forecastDays {
			t.Errorf("%s: %d days past, %d and %d ahead", sku, len(all.History), len(all.Forecast), len(all.Stock))
		}
		mean := 0.0
		for i, d := range all.Forecast {
			if want := s.AsOf.AddDays(i + 1); d.Day != want || !(0 <= d.P10 && d.P10 <= d.P50 && d.P50 <= d.P90) {
				t.Errorf("%s: day %s is %+v", sku, want, d)
			}
			if i < all.TotalDays {
				mean += d.Mean
			}
		}
		if math.Abs(mean-all.Total.Mean) > 1e-6*mean {
			t.Errorf("%s: the days sum to %v, the total says %v", sku, mean, all.Total.Mean)
		}
		for _, d := range all.Stock {
			if d.With < d.Without || d.WithP10 < d.WithoutP10 || d.WithoutP10 > d.Without || d.WithoutP10 < 0 {
				t.Errorf("%s: projected stock %+v", sku, d)
			}
		}
		if len(all.Decisions) != 1 || all.Decisions[0].ID != on(t, p, string(sku)).ID {
			t.Errorf("%s: the open decisions are %v", sku, all.Decisions)
		}
		if len(all.Facts) == 0 || all.Product == "" {
			t.Errorf("%s: no facts or no name", sku)
		}
	}
	_, err = e.Forecast(t.Context(), "NONE", "")
	refused(t, err, fault.NotFound, "E-SKU-NOT-FOUND")
	_, err = e.Forecast(t.Context(), "22763", "JP")
	refused(t, err, fault.NotFound, "E-ITEM-NOT-FOUND")
}

func total(history []DemandPoint) (units, returned int64) {
	for _, d := range history {
		units += d.Units
		returned += d.Returned
	}
	return units, returned
}

func TestMarketsAddUp(t *testing.T) {
	e, _ := demo(t)
	list, err := e.Markets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(list), marketsIn(s); got != want || got != 43 { // the publisher counts 43 countries
		t.Errorf("%d markets are ranked, the facts have %d, want 43", got, want)
	}
	want := map[commerce.Market]int64{} // ten-thousandths, last 365 days, net of returns
	for i, item := range s.Items {
		a, b := s.Rows(i)
		for r := a; r < b; r++ {
			if s.AsOf.Sub(s.Sales.Day[r]) < 365 {
				want[item.Market] += s.Sales.Revenue[r] - s.Sales.Refunded[r]
			}
		}
	}
	shares, top := 0.0, 0.0
	for i, m := range list {
		if m.Rank != i+1 || m.Name.English == "" || m.Name.Chinese == "" {
			t.Errorf("place %d: %+v", i+1, m)
		}
		if d := m.Sales.E4() - want[m.Market]; d < -50 || d > 50 { // half a penny
			t.Errorf("%s: sales of %v, the facts have %d ten-thousandths", m.Market, m.Sales, want[m.Market])
		}
		if i > 0 && m.Score.Mean > list[i-1].Score.Mean {
			t.Errorf("%s ranks behind %s with a higher score", m.Market, list[i-1].Market)
		}
		for _, v := range []*IntervalView{&m.Score, m.Growth, m.Margin} {
			if v != nil && !(v.Low <= v.Mean && v.Mean <= v.High) {
				t.Errorf("%s: an interval out of order: %+v", m.Market, *v)
			}
		}
		shares += m.Share
		top += m.TopThree
		if m.Home != (m.Market == "GB") {
			t.Errorf("%s: home %v", m.Market, m.Home)
		}
	}
	if math.Abs(shares-1) > 1e-9 {
		t.Errorf("shares sum to %v, want 1", shares)
	}
	if math.Abs(top-3) > 1e-9 {
		t.Errorf("the probabilities of the first three places sum to %v, want 3", top)
	}
}

// TestStatusOfTheDemo holds the status against the facts and the imports.
func TestStatusOfTheDemo(t *testing.T) {
	e, report := demo(t)
	status, err := e.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if status.Rows != report.Rows || len(status.Imports) != len(report.Files) || len(status.Missing) != 0 {
		t.Errorf("%+v in %d files, %v missing; the demo reports %+v in %d", status.Rows, len(status.Imports), status.Missing, report.Rows, len(report.Files))
	}
	if status.FactsAsOf.String() != "2011-12-09" || status.RulesAsOf.String() != "2011-12-09" || status.Span.From.String() != "2009-12-01" || status.Span.To.String() != "2011-12-10" {
		t.Errorf("facts %s, rules %s, span %s", status.FactsAsOf, status.RulesAsOf, status.Span)
	}
	rows := map[string]TableStatus{}
	for _, table := range status.Tables {
		rows[table.Name] = table
	}
	// Every order line that was loaded is kept, and so are credit notes that no sale was
	// found for, which count as excluded.
	var untied, loaded int64
	for _, f := range report.Files {
		if f.From != nil {
			loaded += f.Rows.Loaded
		}
		for _, r := range f.Excluded {
			if r.Code == creditUntied {
				untied += r.Rows
			}
		}
	}
	if got := rows["order_line"].Rows; got != loaded+untied {
		t.Errorf("%d order lines are kept, want %d loaded and %d untied", got, loaded, untied)
	}
	for _, name := range []string{"cost", "stock", "supply", "product", "warehouse"} {
		if table := rows[name]; table.Rows == 0 || table.Assumed != table.Rows {
			t.Errorf("%s: %d rows, %d assumed; want some and all", name, table.Rows, table.Assumed)
		}
	}
	r := status.Returns
	if r.Matched == 0 || r.Matched > r.Credits || r.Credits-r.Matched > untied || r.Returned+r.Cancelled < r.Matched {
		t.Errorf("returns do not add up: %+v, %d untied", r, untied)
	}
}

func TestStatusSaysWhatIsMissing(t *testing.T) {
	e := empty(t)
	status, err := e.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if status.FactsAsOf != nil || len(status.Missing) != 4 {
		t.Errorf("facts as of %v, missing %v", status.FactsAsOf, status.Missing)
	}
	mustImport(t, e, ImportOptions{}, append([]string{"testdata/assumed-stock.csv"}, sampleOrders...)...)
	if status, err = e.Status(t.Context()); err != nil || len(status.Missing) != 2 {
		t.Errorf("with orders and stock %v is missing: %v", status.Missing, err)
	}
}

func TestSKUs(t *testing.T) {
	e, p := demo(t)
	open := map[commerce.SKU]decision.ID{}
	for _, d := range p.Decisions {
		if d.Subject.SKU == "" {
			continue // about a whole market
		}
		open[d.Subject.SKU] = d.ID
	}
	rows, err := e.SKUs(t.Context(), "", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i, row := range rows {
		if i > 0 && row.Units28 > rows[i-1].Units28 {
			t.Errorf("%s sold more than %s before it", row.SKU, rows[i-1].SKU)
		}
		if row.Decision != open[row.SKU] {
			t.Errorf("%s: decision %q, want %q", row.SKU, row.Decision, open[row.SKU])
		}
		if row.Decision != "" {
			found++
		}
		if row.Cover != nil && (row.OnHand == nil || math.Abs(*row.Cover*float64(row.Units28)-28*float64(*row.OnHand)) > 1e-6) {
			t.Errorf("%s: %v days of cover", row.SKU, *row.Cover)
		}
	}
	if found != len(open) {
		t.Errorf("%d decisions are shown, want %d", found, len(open))
	}
	hearts, err := e.SKUs(t.Context(), " heart ", 5)
	if err != nil || len(hearts) != 5 {
		t.Fatalf("%d SKUs, want 5: %v", len(hearts), err)
	}
	for _, row := range hearts {
		if !strings.Contains(row.Name, "HEART") {
			t.Errorf("%s does not match", row.Name)
		}
	}
}

func TestDecisionsAreSortedAndChosen(t *testing.T) {
	e, p := demo(t)
	all, err := e.Decisions(t.Context(), DecisionFilter{Limit: 1000})
	if err != nil || len(all) != len(p.Decisions) {
		t.Fatalf("%d decisions, want %d: %v", len(all), len(p.Decisions), err)
	}
	for sort, before := range map[string]func(a, b DecisionView) bool{
		"":         func(a, b DecisionView) bool { return a.Gain.Mean.Cmp(b.Gain.Mean) >= 0 },
		"-gain":    func(a, b DecisionView) bool { return a.Gain.Mean.Cmp(b.Gain.Mean) <= 0 },
		"cash":     func(a, b DecisionView) bool { return a.Cash.Cmp(b.Cash) >= 0 },
		"expires":  func(a, b DecisionView) bool { return !b.Expires.Before(a.Expires) },
		"-expires": func(a, b DecisionView) bool { return !a.Expires.Before(b.Expires) },
	} {
		list, err := e.Decisions(t.Context(), DecisionFilter{Sort: sort})
		if err != nil || len(list) != 50 {
			t.Fatalf("%q: %d decisions, want the 50 of no limit: %v", sort, len(list), err)
		}
		for i := range list[1:] {
			if !before(list[i], list[i+1]) {
				t.Errorf("%q: %s comes before %s", sort, list[i].ID, list[i+1].ID)
			}
		}
	}
	next, err := e.Decisions(t.Context(), DecisionFilter{Offset: 1, Limit: 1})
	if err != nil || len(next) != 1 || next[0].ID != all[1].ID {
		t.Errorf("the second is %v, want %s: %v", next, all[1].ID, err)
	}
	order := all[7+slices.IndexFunc(all[7:], func(d DecisionView) bool { return d.Subject.SKU != "" })]
	one, err := e.Decisions(t.Context(), DecisionFilter{SKU: order.Subject.SKU})
	about := func(d DecisionView) bool { return d.Subject.SKU == order.Subject.SKU }
	if err != nil || !slices.ContainsFunc(one, func(d DecisionView) bool { return d.ID == order.ID }) || len(one) != len(slices.DeleteFunc(slices.Clone(all), func(d DecisionView) bool { return !about(d) })) {
		t.Errorf("on %s there is %v, want %s and all others about it: %v", order.Subject.SKU, one, order.ID, err)
	}
	_, err = e.Decisions(t.Context(), DecisionFilter{Sort: "colour"})
	refused(t, err, fault.Usage, "E-SORT")
}
