package console_test

import (
	"context"
	"encoding/csv"
	"errors"
	"net/url"
	"strings"
	"testing"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
)

// overridden is a product of the demo that nobody decides on and that somebody overrode.
var overridden commerce.SKU

// foretell keeps the forecasts of one past day.
func foretell(e *tradewind.Engine) error {
	_, err := e.Backtest(context.Background(), tradewind.BacktestOptions{Origins: 1})
	return err
}

// overrideOne overrides a product without an open decision, with a reason that tries to be
// markup.
func overrideOne(e *tradewind.Engine) error {
	ctx := context.Background()
	rows, err := e.SKUs(ctx, "", 2000)
	if err != nil {
		return err
	}
	units := 120.0
	from, errFrom := calendar.ParseDay("2011-12-12")
	to, errTo := calendar.ParseDay("2011-12-18")
	if err := errors.Join(errFrom, errTo); err != nil {
		return err
	}
	for _, row := range rows {
		if row.Decision != "" {
			continue
		}
		overridden = row.SKU
		_, err := e.Override(ctx, tradewind.OverrideRequest{SKU: row.SKU, Market: "GB", From: from, To: to, Units: &units, Reason: payloads[0], By: "Li Wei"})
		return err
	}
	return errors.New("every product has an open decision")
}

func form(change ...string) url.Values {
	f := url.Values{"market": {"GB"}, "from": {"2011-12-20"}, "to": {"2011-12-23"}, "how": {"units"}, "number": {"40"}, "reason": {"fair in Leeds"}}
	for i := 0; i+1 < len(change); i += 2 {
		f.Set(change[i], change[i+1])
	}
	return f
}

func TestPastForecastsStandBesideWhatCame(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	f, err := e.Forecast(t.Context(), overridden, "GB")
	if err != nil {
		t.Fatal(err)
	}
	page := b.get("/skus/" + string(overridden) + "?market=GB").Body.String()
	for what, pattern := range map[string]string{
		"the origin":              `<th scope="row" class="day">` + f.Past[0].Origin.String() + `</th>`,
		"its chart":               `<title>Past forecasts and what came</title>`,
		"its weeks":               `<caption id="chaintable">`,
		"the author":              `<td><span translate="no">Li Wei</span> <span class="meta" translate="no">&lt;script&gt;`,
		"the form":                `action="/skus/` + string(overridden) + `/overrides"`,
		"the model's own mean":    `<th scope="col" class="n">Model</th>`,
		"how the forecast did":    `href="/forecasts"`,
		"evidence of its methods": `RMSSE`,
	} {
		if !strings.Contains(page, pattern) {
			t.Errorf("%s is not on the page: no %s", what, pattern)
		}
	}
	for _, table := range []string{"past.csv", "overrides.csv", "forecast.csv"} {
		if rows := sheetOf(t, b, "/skus/"+string(overridden)+"/"+table+"?market=GB"); len(rows) < 2 {
			t.Errorf("%s has %d rows", table, len(rows))
		}
	}
}

func sheetOf(t *testing.T, b *browser, path string) [][]string {
	t.Helper()
	got := b.get(path)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body.String(), "\ufeff"))).ReadAll()
	if got.Code != 200 || err != nil {
		t.Fatalf("%s = %d, %v", path, got.Code, err)
	}
	return rows
}

// The page, its sheet and the engine say the same of accuracy.
func TestForecastAccuracy(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	r, err := e.Accuracy(t.Context())
	if err != nil || len(r.Runs) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	page := b.get("/forecasts").Body.String()
	for _, text := range []string{r.Runs[0].ID, "GB United Kingdom", "promised: 80 %", `href="/forecasts" aria-current="page"`} {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
	rows := sheetOf(t, b, "/forecasts.csv")
	if want := 1 + 2 + len(r.Classes) + len(r.Markets); len(rows) != want || rows[1][0] != "all" {
		t.Errorf("the sheet has %d rows, first %v; want %d", len(rows), rows[1], want)
	}
	if rows := sheetOf(t, visitor(t, emptyEngine(t)), "/forecasts.csv"); len(rows) != 1 {
		t.Errorf("of an empty workspace: %v", rows)
	}
}

// A forecast is overridden and given back by forms, without a script.
func TestOverrideByForm(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	path := "/skus/" + string(overridden)
	w := b.post(path+"/overrides", form())
	if to := w.Header().Get("Location"); w.Code != 303 || !strings.HasPrefix(to, path+"?") || !strings.Contains(to, "market=GB") {
		t.Fatalf("answer = %d to %q, want 303 to the product", w.Code, to)
	}
	page := b.follow(w).Body.String()
	if !strings.Contains(page, "The forecast is overridden") || !strings.Contains(page, "fair in Leeds") {
		t.Error("the page does not say what was done")
	}
	list, err := e.Overrides(t.Context(), overridden)
	if err != nil || list[0].By != "local:tester" || list[0].Units != 40 || list[0].State != tradewind.OverrideInForce {
		t.Fatalf("overrides %+v, %v", list, err)
	}
	remove := path + "/overrides/remove"
	if !strings.Contains(page, `action="`+remove+`"`) || !strings.Contains(page, "<option>"+list[0].ID+"</option>") {
		t.Fatal("there is no form to remove it")
	}
	if got := b.post(remove, url.Values{"id": {list[0].ID}, "reason": {" "}}); got.Code != 422 {
		t.Errorf("removal without a reason = %d, want 422", got.Code)
	}
	if page := b.follow(b.post(remove, url.Values{"id": {list[0].ID}, "reason": {"rained off"}})).Body.String(); !strings.Contains(page, "removed by local:tester: rained off") {
		t.Error("the page does not say that it is removed, by whom and why")
	}
	if got := b.post(remove, url.Values{"id": {list[0].ID}, "reason": {"again"}}); got.Code != 412 {
		t.Errorf("second removal = %d, want 412", got.Code)
	}
}

// What is wrong is said at the form, which keeps what was filled in.
func TestWrongOverrideIsSaidAtTheForm(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	b.choose(messages.Chinese, "dark")
	before, err := e.Overrides(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	path := "/skus/" + string(overridden) + "/overrides"
	for _, tt := range []struct {
		name string
		form url.Values
		code int
	}{
		{"no reason", form("reason", " "), 422},
		{"a day gone by", form("from", "2011-12-01"), 422},
		{"a day that is none", form("to", "Friday"), 422},
		{"a number that is none", form("number", "many"), 422},
		{"NaN", form("number", "NaN"), 422},
		{"less than nothing", form("number", "-3"), 422},
		{"a market without sales", form("market", "VN"), 404},
		{"no market", form("market", ""), 400},
	} {
		got := b.post(path, tt.form)
		page := got.Body.String()
		if got.Code != tt.code || !strings.Contains(page, `id="override-problem" role="alert"`) || !strings.Contains(page, `<details id="override" open>`) {
			t.Errorf("%s = %d, want %d with the problem at the form", tt.name, got.Code, tt.code)
		}
		if reason := tt.form.Get("reason"); !strings.Contains(page, ">"+reason+"</textarea>") {
			t.Errorf("%s: the form forgot the reason %q", tt.name, reason)
		}
		checkPage(t, tt.name, page, messages.Chinese, "dark")
	}
	if got := b.post("/skus/none-such/overrides", form()); got.Code != 404 {
		t.Errorf("an unknown product = %d, want 404", got.Code)
	}
	if got := b.post(path+"/remove", url.Values{"id": {"O-999"}, "reason": {"x"}}); got.Code != 404 {
		t.Errorf("an unknown override = %d, want 404", got.Code)
	}
	// A form that another site sends is refused.
	foreign := &browser{t, b.console, map[string][]string{"Sec-Fetch-Site": {"cross-site"}}, b.cookies}
	if got := foreign.post(path, form()); got.Code != 403 {
		t.Errorf("a form from elsewhere = %d, want 403", got.Code)
	}
	after, err := e.Overrides(t.Context(), "")
	if err != nil || len(after) != len(before) {
		t.Errorf("%d overrides, were %d, %v", len(after), len(before), err)
	}
}
