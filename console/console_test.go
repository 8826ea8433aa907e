package console_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tradewind"
	"tradewind/console"
	"tradewind/decision"
	"tradewind/messages"
)

const addr = "127.0.0.1:8787"

// scratch holds the demo workspace that the tests of a process share.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "tradewind-console-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// demo is two years of a real shop, imported, planned, backtested from one day and
// overridden once for all tests.
var demo = sync.OnceValues(func() (*tradewind.Engine, error) {
	e, _, err := tradewind.Demo(context.Background(), filepath.Join(scratch, "demo"), nil)
	if err != nil {
		return nil, err
	}
	return e, errors.Join(foretell(e), overrideOne(e))
})

func demoEngine(t *testing.T) *tradewind.Engine {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the demo workspace takes a while to make")
	}
	e, err := demo()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// emptyEngine is a workspace as init leaves it.
func emptyEngine(t *testing.T) *tradewind.Engine {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	if err := tradewind.Init(dir, tradewind.Config{}); err != nil {
		t.Fatal(err)
	}
	e, err := tradewind.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// browser asks a console as a browser without JavaScript does.
type browser struct {
	t       *testing.T
	console *console.Console
	header  http.Header
	cookies map[string]*http.Cookie
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)} }

// stranger is a browser that has not logged in.
func stranger(t *testing.T, o console.Options) *browser {
	t.Helper()
	o.Actor, o.Addr = "local:tester", addr
	c, err := console.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, c, http.Header{"Sec-Fetch-Site": {"same-origin"}}, map[string]*http.Cookie{}}
}

// visitor is a browser that has logged in.
func visitor(t *testing.T, e *tradewind.Engine) *browser {
	t.Helper()
	b := stranger(t, console.Options{Engine: e, Token: "welcome", Demo: true})
	if got := b.post("/login", url.Values{"t": {"welcome"}}); got.Code != http.StatusSeeOther {
		t.Fatalf("login = %d, want 303", got.Code)
	}
	return b
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.send(httptest.NewRequest(http.MethodGet, "http://"+addr+path, nil))
}

func (b *browser) post(path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://"+addr+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

func (b *browser) send(r *http.Request) *httptest.ResponseRecorder {
	for name, values := range b.header {
		r.Header[name] = values
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.console.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return w
}

// follow gets where a redirect leads.
func (b *browser) follow(w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	b.t.Helper()
	if w.Code != http.StatusSeeOther {
		b.t.Fatalf("status = %d, want 303: %s", w.Code, w.Body)
	}
	return b.get(w.Header().Get("Location"))
}

func (b *browser) choose(lang messages.Language, theme string) {
	b.cookies["tradewind_lang"] = &http.Cookie{Name: "tradewind_lang", Value: string(lang)}
	b.cookies["tradewind_theme"] = &http.Cookie{Name: "tradewind_theme", Value: theme}
}

// proposed returns the waiting decisions of an engine, the best first.
func proposed(t *testing.T, e *tradewind.Engine) []tradewind.DecisionView {
	t.Helper()
	all, err := e.Decisions(context.Background(), tradewind.DecisionFilter{State: decision.Proposed, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	waiting := all[:0]
	for _, d := range all {
		if d.Snoozed == nil {
			waiting = append(waiting, d)
		}
	}
	if len(waiting) < 20 {
		t.Fatalf("%d decisions wait, want 20 at least", len(waiting))
	}
	return waiting
}

// orders are the decisions among several that reorder a product.
func orders(all []tradewind.DecisionView) []tradewind.DecisionView {
	var some []tradewind.DecisionView
	for _, d := range all {
		if d.Kind == decision.KindReorder {
			some = append(some, d)
		}
	}
	return some
}
