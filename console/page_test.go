package console_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tradewind"
	"tradewind/console"
	"tradewind/decision"
	"tradewind/messages"
)

// place is a page and what it answers.
type place struct {
	path   string
	status int
}

// everyPage lists each kind of page of a workspace, errors included.
func everyPage(t *testing.T, e *tradewind.Engine, full bool) []place {
	places := []place{
		{"/", 200}, {"/decisions", 200}, {"/decisions?state=snoozed", 200}, {"/decisions?state=approved&sort=-cash", 200},
		{"/decisions/approve", 200}, {"/skus", 200}, {"/skus?q=zzzz", 200}, {"/markets", 200}, {"/forecasts", 200}, {"/data", 200}, {"/data/quarantine", 200}, {"/keys", 200},
		{"/compliance", 200}, {"/compliance?market=EE&topic=tax_rate&day=2026-11-22", 200}, {"/compliance?all=1&page=3", 200}, {"/compliance?status=proposed", 200},
		{"/compliance?market=QQ", 404}, {"/compliance?topic=x", 400}, {"/compliance?day=soon", 400},
		{"/compliance/rules/EE.vat.standard.2025-07-01", 200}, {"/compliance/rules/EU.ioss", 200}, {"/compliance/rules/none", 404}, {"/compliance/findings", 200},
		{"/compliance/quote", 200}, {"/compliance/quote?hs=6109.10&units=5&price=12.50&currency=USD&from=CN&to=US&as_of=2026-11-01", 200},
		{"/compliance/quote?hs=6109.10&units=5&price=12.50&from=CN&to=US", 400}, {"/compliance/quote?hs=6109.10&from=CN", 400}, {"/compliance/quote?hs=6109.10&units=none&to=US", 400},
		{"/compliance/products", 200}, {"/compliance/products?outcome=maybe", 400}, {"/compliance/taxes", 200}, {"/compliance/parties", 200}, {"/localization", 200},
		{"/markets/criteria", 200}, {"/markets/entries", 200}, {"/markets/compare", 200}, {"/markets/scenario", 200}, {"/markets/scenario?market=DE&price=x", 400},
		{"/decisions?kind=register_tax", 200},
		{"/prices", 200}, {"/prices?state=change&market=GB", 200}, {"/prices?market=QQ", 200}, {"/prices?state=dear", 400}, {"/prices?page=0", 400}, {"/promotions", 200}, {"/promotions/x.csv", 404},
		{"/automation", 200}, {"/automation?run=A-99", 404}, {"/automation/x.csv", 404}, {"/automation/learned", 200}, {"/automation/learned/site?sku=none-such", 404}, {"/automation/drift", 200},
		{"/guardrails", 200}, {"/guardrails?test=1&price_step=0.05", 200}, {"/guardrails?test=1&price_step=much", 422},
		{"/inventory", 200}, {"/inventory?state=short&q=heart", 200}, {"/inventory?state=dear", 400}, {"/inventory?page=0", 400},
		{"/decisions/D-00000000", 404}, {"/data/imports/999", 404}, {"/nowhere", 404},
		{"/decisions?state=nonsense", 400}, {"/decisions?page=0", 400}, {"/decisions?sort=id", 400}, {"/data/quarantine?import=x", 400},
	}
	if !full {
		return append(places, place{"/skus/none-such", 422}, place{"/markets/compare?m=DE&m=FR", 422}, place{"/markets/scenario?market=DE", 422}, place{"/prices/item?sku=none-such", 422}) // no facts to look in
	}
	all := proposed(t, e)
	d := orders(all)[3]
	places = append(places, pricePlaces(t, e)...)
	for _, kind := range []decision.Kind{decision.KindEnterMarket, decision.KindRegisterTax} {
		// Other tests may have decided about it by now: its page is there in every state.
		listed, err := e.Decisions(t.Context(), tradewind.DecisionFilter{Kind: kind, Limit: 1})
		if err != nil || len(listed) == 0 {
			t.Fatalf("no decision of the kind %s: %v", kind, err)
		}
		places = append(places, place{"/decisions/" + string(listed[0].ID), 200})
	}
	places = append(places, place{"/compliance/products?market=DE&sku=" + string(d.Subject.SKU), 200}, place{"/compliance/products?market=QQ", 404}, place{"/compliance/products?market=BR&day=2026-11-22", 200},
		place{"/localization?market=QQ", 404}, place{"/markets/compare?m=DE&m=FR&m=IN&m=CN", 200}, place{"/markets/compare?m=DE", 422}, place{"/markets/scenario?market=DE&price=5&elasticity=-1.5", 200}, place{"/markets/scenario?market=IN&volume=20&entry_cost=1000", 200})
	places = append(places, place{"/skus/" + string(overridden), 200}, place{"/skus/" + string(overridden) + "?market=GB", 200})
	places = append(places, place{"/skus/" + string(overridden) + "/stock", 200}, place{"/skus/" + string(d.Subject.SKU) + "/stock?location=UK-1", 200}, place{"/skus/" + string(overridden) + "/stock/past", 200}, place{"/skus/none-such/stock", 404}, place{"/skus/" + string(overridden) + "/stock/x.csv", 404}, place{"/inventory?page=2&location=UK-1", 200})
	return append(places, place{"/decisions/" + string(d.ID), 200}, place{"/skus/" + string(d.Subject.SKU), 200},
		place{"/skus/" + string(d.Subject.SKU) + "?market=DE", 200}, place{"/skus/none-such", 404}, place{"/decisions?page=2", 200}, place{"/decisions?select=all", 200},
		place{"/compliance/quote?sku=" + string(d.Subject.SKU) + "&units=6&to=DE", 200}, place{"/decisions/approve?id=" + string(d.ID), 200}, place{"/data/imports/1", 200}, place{"/skus?q=heart", 200})
}

// looks are the combinations in which every page is shown.
func looks(yield func(lang messages.Language, theme string) bool) {
	for _, lang := range messages.Languages {
		for _, theme := range []string{"light", "dark"} {
			if !yield(lang, theme) {
				return
			}
		}
	}
}

func TestEveryPageInEveryLook(t *testing.T) {
	for name, engine := range map[string]func(*testing.T) *tradewind.Engine{"empty": emptyEngine, "demo": demoEngine} {
		t.Run(name, func(t *testing.T) {
			e := engine(t)
			b := visitor(t, e)
			for lang, theme := range looks {
				b.choose(lang, theme)
				for _, p := range everyPage(t, e, name == "demo") {
					got := b.get(p.path)
					if got.Code != p.status {
						t.Errorf("%s = %d, want %d", p.path, got.Code, p.status)
					}
					checkPage(t, fmt.Sprintf("%s %s %s", p.path, lang, theme), got.Body.String(), lang, theme)
				}
			}
		})
	}
}

func TestPagesOutsideASession(t *testing.T) {
	e := emptyEngine(t)
	for lang, theme := range looks {
		b := stranger(t, console.Options{Engine: e, Token: "x", Demo: true})
		b.choose(lang, theme)
		for _, p := range []place{{"/login?t=x", 200}, {"/login", 401}, {"/", 401}, {"/decisions", 401}, {"/nowhere", 404}} {
			got := b.get(p.path)
			if got.Code != p.status {
				t.Errorf("%s = %d, want %d", p.path, got.Code, p.status)
			}
			checkPage(t, fmt.Sprintf("%s %s %s", p.path, lang, theme), got.Body.String(), lang, theme)
		}
	}
}

// A page that cannot be read is a page as well: the database of a closed workspace.
func TestPageOfABrokenWorkspace(t *testing.T) {
	e := emptyEngine(t)
	b := visitor(t, e)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for lang, theme := range looks {
		b.choose(lang, theme)
		got := b.get("/decisions")
		if got.Code != http.StatusInternalServerError {
			t.Errorf("status = %d, want 500", got.Code)
		}
		checkPage(t, "broken", got.Body.String(), lang, theme)
	}
}

var (
	inline    = regexp.MustCompile(`(?i)<style|<script(?:\s+[^>]*)?>[^<]|\sstyle=|\son[a-z]+\s*=\s*["']|javascript:`)
	unfilled  = regexp.MustCompile(`\[[A-Za-z][A-Za-z0-9._-]*\]|<no value>|%!`)
	element   = regexp.MustCompile(`<[a-zA-Z]`)
	foreign   = regexp.MustCompile(`(?:href|src|action)="(?:[a-z]+:)?//`)
	cited     = regexp.MustCompile(`<a href="https?://[^"]*" rel="external noreferrer"`) // the source of a rule: a link, not a part of the page
	data      = regexp.MustCompile(`<[a-z]+[^>]*\btranslate="no"[^>]*>[^<]*`)            // names, sources and what stands in a language of its own
	italics   = regexp.MustCompile(`<(?:i|em|cite|dfn|var)[ >]`)
	headScope = regexp.MustCompile(`<th(?:>| [^>]*>)`)
)

// The budgets of a page: 100 KB as sent uncompressed, 1,500 elements.
const (
	mostBytes    = 100 << 10
	mostElements = 1500
)

func checkPage(t *testing.T, name, page string, lang messages.Language, theme string) {
	t.Helper()
	page = cited.ReplaceAllString(page, "<a")
	if len(page) > mostBytes {
		t.Errorf("%s: %d bytes, want at most %d", name, len(page), mostBytes)
	}
	if n := len(element.FindAllString(page, -1)); n > mostElements {
		t.Errorf("%s: %d elements, want at most %d", name, n, mostElements)
	}
	if !strings.Contains(page, `<html lang="`+string(lang)+`" data-theme="`+theme+`"`) {
		t.Errorf("%s: language or theme is not on the page", name)
	}
	for _, one := range []string{"<h1>", `<main id="main"`, `<a class="skip" href="#main">`, `role="status"`} {
		if n := strings.Count(page, one); n != 1 {
			t.Errorf("%s: %q stands %d times, want once", name, one, n)
		}
	}
	for what, pattern := range map[string]*regexp.Regexp{"inline style or script": inline, "unfilled text": unfilled, "foreign address": foreign, "italics": italics} {
		if found := pattern.FindString(page); found != "" {
			t.Errorf("%s: %s %q", name, what, found)
		}
	}
	for _, th := range headScope.FindAllString(page, -1) {
		if !strings.Contains(th, "scope=") {
			t.Errorf("%s: %s without scope", name, th)
		}
	}
	if tables, captions := strings.Count(page, "<table"), strings.Count(page, "<caption"); tables != captions {
		t.Errorf("%s: %d tables, %d captions", name, tables, captions)
	}
	if lang == messages.Chinese {
		page = data.ReplaceAllString(page, "")
		for _, english := range englishSentences {
			if strings.Contains(page, english) {
				t.Errorf("%s: English on a Chinese page: %q", name, english)
			}
		}
	}
}

// englishSentences are the fixed parts of the English texts, where they are long enough
// to tell, and differ from the Chinese.
var englishSentences = func() []string {
	hole := regexp.MustCompile(`\{[^}]*\}|\[[^\]]*\]`)
	var list []string
	for code := range messages.Codes {
		en, zh := messages.Text(messages.English, code), messages.Text(messages.Chinese, code)
		for _, part := range hole.Split(en, -1) {
			if part = strings.TrimSpace(part); len(part) >= 12 && strings.Contains(part, " ") && !strings.Contains(zh, part) {
				list = append(list, part)
			}
		}
	}
	return list
}()
