package console_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"tradewind"
	"tradewind/calendar"
	"tradewind/console"
	"tradewind/decision"
)

// mandateForm is a mandate as a person fills it in.
func mandateForm(e *tradewind.Engine) url.Values {
	until := calendar.DayIn(e.Now(), e.Now().Location()).AddDays(20).String()
	return url.Values{"policy": {"routine"}, "kind": {"reorder"}, "max_cash": {"100"}, "day_cash": {"300"}, "until": {until}, "reason": {"small orders"}}
}

func stateOf(t *testing.T, e *tradewind.Engine, id decision.ID) decision.State {
	t.Helper()
	return explain(t, e, id).State
}

func TestPauseIsOneClick(t *testing.T) {
	e := emptyEngine(t)
	b := visitor(t, e)
	paused := func() bool {
		t.Helper()
		s, err := e.Automation(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s.Paused
	}
	page := b.follow(b.post("/automation/pause", url.Values{"note": {"stock count"}})).Body.String()
	if !paused() || !strings.Contains(page, `action="/automation/resume"`) || !strings.Contains(page, "stock count") || !strings.Contains(page, "local:tester") {
		t.Errorf("paused = %t; the page does not say so, or not by whom and why", paused())
	}
	page = b.follow(b.post("/automation/resume", nil)).Body.String()
	if paused() || !strings.Contains(page, `action="/automation/pause"`) {
		t.Errorf("paused = %t after it was let go on", paused())
	}
}

func TestMandateFromFormToEnd(t *testing.T) {
	e := emptyEngine(t)
	b := visitor(t, e)
	w := b.post("/automation/mandates", mandateForm(e))
	path, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	id := decision.ID(strings.TrimPrefix(path, "/decisions/"))
	if got := stateOf(t, e, id); w.Code != http.StatusSeeOther || got != decision.Proposed {
		t.Fatalf("%d, %s", w.Code, got)
	}
	b.post(path+"/approve", url.Values{"fingerprint": {explain(t, e, id).Fingerprint}})
	mandates, err := e.Mandates(t.Context())
	if err != nil || len(mandates) != 1 || !mandates[0].InForce || mandates[0].MaxCash.Decimal() != "100.0000" && mandates[0].MaxCash.Decimal() != "100.00" {
		t.Fatalf("mandates = %+v, %v", mandates, err)
	}
	if page := b.get(path).Body.String(); !strings.Contains(page, `action="`+path+`/revoke"`) {
		t.Error("the page of a mandate in force has no button that ends it")
	}
	b.post(path+"/revoke", url.Values{"note": {"enough"}})
	if got := stateOf(t, e, id); got != decision.Proposed {
		t.Errorf("taken back, it is %s", got)
	}
}

// A mandate without a limit or an end is refused with its form as it was filled in.
func TestMandatesThatAreNone(t *testing.T) {
	e := emptyEngine(t)
	b := visitor(t, e)
	for field, wrong := range map[string]string{"max_cash": "", "day_cash": "-1", "until": "2001-01-01", "kind": "enter_market", "policy": "Two Words", "max_step": "x"} {
		form := mandateForm(e)
		form.Set(field, wrong)
		w := b.post("/automation/mandates", form)
		if body := w.Body.String(); w.Code != 422 || !strings.Contains(body, `role="alert"`) || !strings.Contains(body, "small orders") {
			t.Errorf("%s = %q: status %d, want 422 with what was filled in", field, wrong, w.Code)
		}
	}
	if mandates, err := e.Mandates(t.Context()); err != nil || len(mandates) != 0 {
		t.Errorf("proposed: %+v, %v", mandates, err)
	}
}

func TestGuardrailIsTriedAndSet(t *testing.T) {
	e := emptyEngine(t)
	b := visitor(t, e)
	value := func() string {
		t.Helper()
		limits, err := e.Guardrails(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range limits {
			if g.Name == "price_step" {
				return g.Value
			}
		}
		return "none"
	}
	was := value()
	if got := b.get("/guardrails?test=1&price_step=0.03"); got.Code != 200 || value() != was {
		t.Errorf("trying a limit = %d and the limit is %s, want %s", got.Code, value(), was)
	}
	if got := b.post("/guardrails", url.Values{"name": {"price_step"}, "value": {"a lot"}}); got.Code != 422 || value() != was || !strings.Contains(got.Body.String(), "a lot") {
		t.Errorf("no number = %d and the limit is %s", got.Code, value())
	}
	page := b.follow(b.post("/guardrails", url.Values{"name": {"price_step"}, "value": {"0.03"}, "note": {"first weeks"}})).Body.String()
	if value() != "0.03" || !strings.Contains(page, "3.0 %") || !strings.Contains(page, "first weeks") {
		t.Errorf("the limit is %s, want 0.03 on the page with its note", value())
	}
}

// team adds users, and returns their tokens.
func team(t *testing.T, e *tradewind.Engine, who ...string) map[string]string {
	t.Helper()
	tokens := map[string]string{}
	ctx := t.Context()
	for _, each := range who {
		name, role, _ := strings.Cut(each, ":")
		u, err := e.AddUser(ctx, name, tradewind.Role(role), "local:tester")
		if err != nil {
			t.Fatal(err)
		}
		tokens[name] = u.Token
		if len(tokens) == 1 {
			ctx = actAs(t, e, u.Token)
		}
	}
	return tokens
}

func actAs(t *testing.T, e *tradewind.Engine, token string) context.Context {
	t.Helper()
	a, err := e.SignIn(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return tradewind.WithActor(t.Context(), a)
}

// signedIn is a browser of a user.
func signedIn(t *testing.T, e *tradewind.Engine, token string) *browser {
	t.Helper()
	b := stranger(t, console.Options{Engine: e})
	if got := b.post("/login", url.Values{"token": {token}}); got.Code != 303 {
		t.Fatalf("sign-in = %d, want 303", got.Code)
	}
	return b
}

func TestUsersSignInByToken(t *testing.T) {
	e := emptyEngine(t)
	old := visitor(t, e)
	tokens := team(t, e, "ada:admin", "vic:viewer")
	if got := old.get("/keys"); got.Code != 401 || !strings.Contains(got.Body.String(), `name="token"`) {
		t.Errorf("a session of before there were users = %d, want 401 and the form for a token", got.Code)
	}
	b := stranger(t, console.Options{Engine: e, Token: "welcome"})
	if got := b.get("/login?t=welcome"); got.Code != 200 || !strings.Contains(got.Body.String(), `name="token"`) {
		t.Errorf("a link in a workspace with users = %d, want the form for a token", got.Code)
	}
	for name, form := range map[string]url.Values{"link": {"t": {"welcome"}}, "nothing": {}, "wrong token": {"token": {"tw_x"}}} {
		if got := b.post("/login", form); got.Code != 401 || len(b.cookies) != 0 {
			t.Errorf("%s = %d with %d cookies, want 401 and none", name, got.Code, len(b.cookies))
		}
	}
	v := signedIn(t, e, " "+tokens["vic"]+"\n")
	page := v.get("/automation")
	if body := page.Body.String(); page.Code != 200 || !strings.Contains(body, `translate="no">vic<`) {
		t.Errorf("automation = %d, want a page that names vic", page.Code)
	}
	if _, err := e.DisableUser(actAs(t, e, tokens["ada"]), "vic", ""); err != nil {
		t.Fatal(err)
	}
	if got := v.get("/automation"); got.Code != 401 {
		t.Errorf("page of a disabled user = %d, want 401", got.Code)
	}
}

// What a role may not do is greyed out with the reason, and refused where it is tried.
func TestRolesBindTheConsole(t *testing.T) {
	e := emptyEngine(t)
	tokens := team(t, e, "ada:admin", "vic:viewer")
	ada, vic := signedIn(t, e, tokens["ada"]), signedIn(t, e, tokens["vic"])
	path, _, _ := strings.Cut(ada.post("/automation/mandates", mandateForm(e)).Header().Get("Location"), "?")
	id := decision.ID(strings.TrimPrefix(path, "/decisions/"))
	for page, button := range map[string]string{path: `<button class="primary full" disabled aria-describedby="why-approve">`, "/automation": `disabled aria-describedby="why-switch"`, "/guardrails": `aria-describedby="why-set" disabled`} {
		if body := vic.get(page).Body.String(); !strings.Contains(body, button) || !strings.Contains(body, "vic is viewer") {
			t.Errorf("%s: a viewer's button is not greyed out with the reason", page)
		}
		if body := ada.get(page).Body.String(); strings.Contains(body, button) {
			t.Errorf("%s: an admin's button is greyed out", page)
		}
	}
	form := url.Values{"fingerprint": {explain(t, e, id).Fingerprint}, "reason": {"x"}, "name": {"price_step"}, "value": {"0.5"}, "days": {"1"}}
	for _, post := range []string{path + "/approve", path + "/reject", path + "/snooze", path + "/revoke", path + "/rollback", "/automation/pause", "/automation/run", "/automation/mandates", "/guardrails"} {
		if got := vic.post(post, form); got.Code != 403 {
			t.Errorf("POST %s by a viewer = %d, want 403", post, got.Code)
		}
	}
	if got := stateOf(t, e, id); got != decision.Proposed {
		t.Errorf("after all that it is %s", got)
	}
	ada.post(path+"/approve", form)
	x := explain(t, e, id)
	if x.State != decision.Approved || x.History[len(x.History)-1].By != "user:ada" {
		t.Errorf("%s by %s, want approved by user:ada", x.State, x.History[len(x.History)-1].By)
	}
}

// Above the amount two people decide, and the page says who has agreed.
func TestEndorsementIsShown(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	if err := tradewind.Init(dir, tradewind.Config{Approval: tradewind.ApprovalConfig{TwoAbove: "100"}}); err != nil {
		t.Fatal(err)
	}
	e, err := tradewind.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	tokens := team(t, e, "ada:admin", "bo:approver", "cy:approver")
	ada, bo, cy := signedIn(t, e, tokens["ada"]), signedIn(t, e, tokens["bo"]), signedIn(t, e, tokens["cy"])
	path, _, _ := strings.Cut(ada.post("/automation/mandates", mandateForm(e)).Header().Get("Location"), "?")
	id := decision.ID(strings.TrimPrefix(path, "/decisions/"))
	form := url.Values{"fingerprint": {explain(t, e, id).Fingerprint}}
	page := bo.follow(bo.post(path+"/approve", form)).Body.String()
	if got := stateOf(t, e, id); got != decision.Proposed || !strings.Contains(page, "1 of 2 approvals") || !strings.Contains(page, "user:bo") || !strings.Contains(page, "You have agreed already") {
		t.Errorf("%s after one of two, and the page does not say by whom", got)
	}
	if list := cy.get("/decisions?kind=grant_mandate").Body.String(); !strings.Contains(list, "user:bo") {
		t.Error("the list does not say who has agreed")
	}
	cy.post(path+"/approve", form)
	if got := stateOf(t, e, id); got != decision.Approved {
		t.Errorf("%s after two", got)
	}
}

// Every table of automation and stock is a CSV with the columns that its page has.
func TestAutomationAndStockAsCSV(t *testing.T) {
	e := demoEngine(t)
	b := visitor(t, e)
	sku := "/skus/" + string(overridden) + "/stock/"
	for path, first := range map[string]string{"/automation/mandates.csv": "id", "/automation/rounds.csv": "id", "/automation/steps.csv": "round", "/automation/learned.csv": "sku", "/automation/drift.csv": "sku",
		"/guardrails.csv": "name", "/guardrails/test.csv?test=1&cover_days=30": "decision", "/inventory.csv?state=short": "sku",
		sku + "options.csv": "units", sku + "projection.csv": "day", sku + "facts.csv": "key", sku + "network.csv": "location", sku + "coming.csv": "units", sku + "limits.csv": "name", sku + "past.csv": "from"} {
		got := b.get(path)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body.String(), "\ufeff"))).ReadAll()
		if err != nil || got.Code != 200 || rows[0][0] != first {
			t.Errorf("%s = %d, %v, want a table that begins with %q", path, got.Code, err, first)
		}
	}
	board, err := e.InventoryBoard(t.Context(), tradewind.StockFilter{State: tradewind.StockShort, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := csv.NewReader(strings.NewReader(b.get("/inventory.csv?state=short").Body.String())).ReadAll()
	if len(rows)-1 != board.Total || board.Total == 0 {
		t.Errorf("%d rows as CSV, want the %d of the board", len(rows)-1, board.Total)
	}
}
