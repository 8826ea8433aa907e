package console_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tradewind"
	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/messages"
)

// rowsOf reads a sheet into one map a row, by column.
func rowsOf(t *testing.T, b *browser, path string) []map[string]string {
	t.Helper()
	got := b.get(path)
	if got.Code != 200 || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/csv") {
		t.Fatalf("%s = %d %s", path, got.Code, got.Header().Get("Content-Type"))
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// The standard rate of Estonia is 22 % until June and 24 % from 1 July 2025 on
// (Käibemaksuseadus, § 15).
func TestRulesOfADay(t *testing.T) {
	e := emptyEngine(t)
	b := visitor(t, e)
	for day, rate := range map[string]string{"2025-06-30": "22 %", "2025-07-01": "24 %"} {
		for lang, theme := range looks {
			b.choose(lang, theme)
			page := b.get("/compliance?market=EE&topic=tax_rate&day=" + day).Body.String()
			if !strings.Contains(page, `<td class="n wrap">`+rate+`</td>`) {
				t.Errorf("%s %s: no rate of %s on the page", day, lang, rate)
			}
			for _, l := range messages.Languages {
				if !strings.Contains(page, messages.Text(l, "law.not-advice")) {
					t.Errorf("%s %s: it is not said in %s that this is no legal advice", day, lang, l)
				}
			}
		}
		asOf, err := calendar.ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		want, err := e.RulesAsOf(context.Background(), asOf, nil, tradewind.RuleFilter{Market: "EE", Topic: "tax_rate"})
		if err != nil {
			t.Fatal(err)
		}
		got := rowsOf(t, b, "/compliance/rules.csv?market=EE&topic=tax_rate&day="+day)
		if len(got) != len(want) || len(got) == 0 {
			t.Fatalf("%s: %d rows, want %d", day, len(got), len(want))
		}
		for i, row := range got {
			if row["id"] != want[i].ID || row["verified_on"] != want[i].VerifiedOn.String() || row["source"] == "" {
				t.Errorf("%s: row %d = %v, want %s with its source", day, i, row, want[i].ID)
			}
		}
	}
}

// Every rule has a page that says all of its parameters, and its source or why not.
func TestEveryRuleHasAPage(t *testing.T) {
	e := emptyEngine(t)
	b := visitor(t, e)
	all, err := e.Rules(context.Background(), tradewind.RuleFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 300 {
		t.Fatalf("%d rules, want 300 at least", len(all))
	}
	for lang := range looks {
		b.choose(lang, "light")
		for _, rule := range all {
			path := "/compliance/rules/" + url.PathEscape(rule.ID)
			got := b.get(path)
			page := got.Body.String()
			if got.Code != 200 || !strings.Contains(page, rule.ID+"@"+strconv.Itoa(rule.Version)) || strings.Contains(page, "map[") || strings.Contains(page, "%!") || unfilled.MatchString(page) {
				t.Errorf("%s %s = %d, or not whole", path, lang, got.Code)
			}
			if rule.Source.URL != "" && !strings.Contains(page, `rel="external noreferrer"`) {
				t.Errorf("%s: the source cannot be followed", path)
			}
		}
	}
}

// What is not known is said to be so, in the page and in the sheet, and is no zero.
func TestQuoteSaysWhatIsNotKnown(t *testing.T) {
	b := visitor(t, emptyEngine(t))
	query := "?hs=6109.10&units=5&price=12.50&currency=USD&from=CN&to=US&as_of=2026-11-01"
	for lang, theme := range looks {
		b.choose(lang, theme)
		page := b.get("/compliance/quote" + query).Body.String()
		for _, code := range []string{"console.quote.incomplete", "console.quote.missing", "console.unknown"} {
			if !strings.Contains(page, messages.Text(lang, code)) {
				t.Errorf("%s: %q is not on the page", lang, code)
			}
		}
	}
	unknown := 0
	for _, row := range rowsOf(t, b, "/compliance/quote.csv"+query) {
		if row["unknown"] != "true" {
			continue
		}
		unknown++
		if row["high"] != "" || row["low"] == "0.00" {
			t.Errorf("%s is not known and says %q to %q", row["code"], row["low"], row["high"])
		}
	}
	if unknown == 0 {
		t.Error("no line of the quote is unknown, and the page said so")
	}
}

// The sheet of a quote holds the engine's figures, each with its rules.
func TestQuoteHasTheEnginesFigures(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	sku := orders(proposed(t, e))[0].Subject.SKU
	want, err := e.Quote(context.Background(), tradewind.QuoteRequest{To: "DE", Lines: []tradewind.QuoteLine{{SKU: sku, Units: 6}}})
	if err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(t, b, "/compliance/quote.csv?units=6&to=DE&sku="+url.QueryEscape(string(sku)))
	if len(rows) != len(want.Lines)+6 {
		t.Fatalf("%d rows, want %d lines and six totals", len(rows), len(want.Lines))
	}
	page := b.get("/compliance/quote?units=6&to=DE&sku=" + url.QueryEscape(string(sku))).Body.String()
	for i, line := range want.Lines {
		if rows[i]["code"] != line.Code || rows[i]["low"] != line.Amount.Low.Round().Decimal() {
			t.Errorf("row %d = %s %s, want %s %s", i, rows[i]["code"], rows[i]["low"], line.Code, line.Amount.Low.Round().Decimal())
		}
		for _, rule := range line.Rules {
			id := rule.ID + "@" + strconv.Itoa(rule.Version)
			if !strings.Contains(rows[i]["rules"], id) || !strings.Contains(page, id) || !strings.Contains(page, rule.VerifiedOn.String()) {
				t.Errorf("%s does not cite %s with its days", line.Code, id)
			}
		}
	}
}

// A decision that rests on law shows each of its rules, whole.
func TestDecisionCitesItsRules(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	seen := map[decision.Kind]bool{}
	for _, d := range proposed(t, e) {
		if seen[d.Kind] {
			continue
		}
		x := explain(t, e, d.ID)
		if len(x.Rules) == 0 {
			continue
		}
		seen[d.Kind] = true
		rows := rowsOf(t, b, "/decisions/"+string(d.ID)+"/rules.csv")
		if len(rows) != len(x.Rules) {
			t.Errorf("%s: %d rules in the sheet, want %d", d.ID, len(rows), len(x.Rules))
		}
		for lang, theme := range looks {
			b.choose(lang, theme)
			page := b.get("/decisions/" + string(d.ID)).Body.String()
			for _, r := range x.Rules {
				if !strings.Contains(page, r.ID+"@"+strconv.Itoa(r.Version)) || !strings.Contains(page, messages.Text(lang, "law.status."+string(r.Status))) {
					t.Errorf("%s %s: %s is not cited with its status", d.ID, lang, r.ID)
				}
			}
			for _, l := range messages.Languages {
				if !strings.Contains(page, messages.Text(l, "law.not-advice")) {
					t.Errorf("%s: it is not said in %s that this is no legal advice", d.ID, l)
				}
			}
		}
	}
	if len(seen) < 2 {
		t.Errorf("only decisions of %v cite rules", seen)
	}
}

// listedEngine is a small shop with listings of which some are in the wrong language.
func listedEngine(t *testing.T) *tradewind.Engine {
	t.Helper()
	e := emptyEngine(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"orders.csv": "order_id,line_id,sku,description,quantity,unit_price,currency,ordered_at,country\n1,1,A1,Candle,3,12.50,GBP,2026-11-02 10:00:00,DE\n2,1,A1,Candle,2,12.50,GBP,2026-11-03 10:00:00,GB\n",
		"listings.csv": "sku,market,channel,language,title,description,sizes,legal\n" +
			"A1,DE,web,de,Scented candle in a glass,\"This candle burns for forty hours and smells of lavender and cedar.\",,\n" +
			"A1,GB,web,en,Scented candle in a glass,\"This candle burns for forty hours and smells of lavender and cedar.\",,\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Import(context.Background(), []string{file}, tradewind.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func TestListingsAreAudited(t *testing.T) {
	e := listedEngine(t)
	b := visitor(t, e)
	want, err := e.Localization(context.Background(), tradewind.LocalizationFilter{})
	if err != nil {
		t.Fatal(err)
	}
	findings := 0
	for _, l := range want.Listings {
		findings += len(l.Findings)
	}
	if rows := rowsOf(t, b, "/localization.csv"); len(rows) != findings || findings == 0 {
		t.Errorf("%d rows, want %d findings", len(rows), findings)
	}
	for lang, theme := range looks {
		b.choose(lang, theme)
		page := b.get("/localization").Body.String()
		checkPage(t, fmt.Sprint("localization ", lang, theme), page, lang, theme)
		for _, m := range want.Markets {
			if !strings.Contains(page, `href="/localization?market=`+string(m.Market)+`"`) {
				t.Errorf("%s: %s is not on the page", lang, m.Market)
			}
		}
		if !strings.Contains(page, "<svg") || !strings.Contains(page, messages.Text(lang, "console.l10n.ready")) {
			t.Errorf("%s: no drawing of readiness with its names", lang)
		}
	}
	empty := visitor(t, emptyEngine(t)).get("/localization").Body.String()
	if !strings.Contains(empty, "tradewind import listings.csv") {
		t.Error("a shop without listings is not told how to load them")
	}
}

// As sent, no page is heavier than 60 KB.
func TestPagesAreLight(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	b.header = map[string][]string{"Accept-Encoding": {"gzip"}}
	heaviest, at := 0, ""
	for _, p := range everyPage(t, e, true) {
		if n := b.get(p.path).Body.Len(); n > heaviest {
			heaviest, at = n, p.path
		}
	}
	t.Logf("the heaviest page is %s: %d bytes", at, heaviest)
	if heaviest > 60_000 {
		t.Errorf("%s has %d bytes, want 60,000 at most", at, heaviest)
	}
}
