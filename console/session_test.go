package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tradewind/console"
)

func TestTokenLogsInOnceByPost(t *testing.T) {
	b := stranger(t, console.Options{Engine: emptyEngine(t), Token: "welcome"})
	// Whoever previews the link, however often, does not use it up.
	for range 3 {
		if got := b.get("/login?t=welcome"); got.Code != 200 || len(b.cookies) != 0 {
			t.Fatalf("GET /login = %d with %d cookies, want 200 with none", got.Code, len(b.cookies))
		}
	}
	for _, wrong := range []string{"", "welcom", "welcome2"} {
		if got := b.post("/login", url.Values{"t": {wrong}}); got.Code != 401 {
			t.Errorf("token %q = %d, want 401", wrong, got.Code)
		}
	}
	got := b.post("/login", url.Values{"t": {"welcome"}})
	if got.Code != 303 || got.Header().Get("Location") != "/" {
		t.Fatalf("login = %d to %q, want 303 to /", got.Code, got.Header().Get("Location"))
	}
	cookie := got.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || len(cookie.Value) < 43 {
		t.Errorf("session cookie = %+v, want HttpOnly, SameSite=Strict, Path=/ and 256 bits", cookie)
	}
	if got := b.get("/"); got.Code != 200 {
		t.Errorf("overview = %d, want 200", got.Code)
	}
	if got := b.post("/login", url.Values{"t": {"welcome"}}); got.Code != 401 {
		t.Errorf("token used twice = %d, want 401", got.Code)
	}
}

func TestLinkLastsTenMinutes(t *testing.T) {
	now := newClock()
	b := stranger(t, console.Options{Engine: emptyEngine(t), Now: now.Now})
	login := func() int {
		link, err := url.Parse(b.console.NewLink())
		if err != nil || link.Host != addr {
			t.Fatalf("link = %v, %v", link, err)
		}
		now.pass(10*time.Minute - time.Second)
		early := b.post("/login", url.Values{"t": {link.Query().Get("t")}}).Code
		link, _ = url.Parse(b.console.NewLink())
		now.pass(10 * time.Minute)
		if late := b.post("/login", url.Values{"t": {link.Query().Get("t")}}).Code; late != 401 {
			t.Errorf("login after ten minutes = %d, want 401", late)
		}
		return early
	}
	if got := login(); got != 303 {
		t.Errorf("login before ten minutes = %d, want 303", got)
	}
}

func TestSessionEnds(t *testing.T) {
	for name, use := range map[string]func(b *browser, now *clock) int{
		"after thirty idle minutes": func(b *browser, now *clock) int {
			now.pass(30 * time.Minute)
			return b.get("/keys").Code
		},
		"after twelve hours of use": func(b *browser, now *clock) int {
			for range 12*3 - 1 {
				now.pass(20 * time.Minute)
				if got := b.get("/keys").Code; got != 200 {
					return -got
				}
			}
			now.pass(20 * time.Minute)
			return b.get("/keys").Code
		},
		"on logout, for every copy of the cookie": func(b *browser, now *clock) int {
			copied := map[string]*http.Cookie{}
			for name, c := range b.cookies {
				copied[name] = c
			}
			if got := b.post("/logout", nil).Code; got != 200 || len(b.cookies) != 0 {
				return -got
			}
			b.cookies = copied
			return b.get("/keys").Code
		},
	} {
		t.Run(name, func(t *testing.T) {
			now := newClock()
			b := stranger(t, console.Options{Engine: emptyEngine(t), Token: "welcome", Now: now.Now})
			b.post("/login", url.Values{"t": {"welcome"}})
			if got := b.get("/keys").Code; got != 200 {
				t.Fatalf("page in a session = %d, want 200", got)
			}
			if got := use(b, now); got != 401 {
				t.Errorf("page = %d, want 401", got)
			}
		})
	}
}

// Every address but the login answers 401 to a stranger, with a cookie of his making too.
func TestEverythingElseNeedsASession(t *testing.T) {
	b := stranger(t, console.Options{Engine: emptyEngine(t), Token: "welcome"})
	b.cookies["tradewind_8787"] = &http.Cookie{Name: "tradewind_8787", Value: console.NewToken()}
	for _, path := range []string{"/", "/decisions", "/decisions.csv", "/decisions/approve", "/decisions/D-1", "/decisions/D-1/inputs.csv", "/skus", "/skus.csv",
		"/skus/1", "/skus/1/history.csv", "/markets", "/markets.csv", "/data", "/data/tables.csv", "/data/imports/1", "/data/quarantine", "/data/quarantine.csv", "/keys"} {
		if got := b.get(path); got.Code != 401 || strings.Contains(got.Body.String(), `class="side"`) {
			t.Errorf("GET %s = %d, want 401 without navigation", path, got.Code)
		}
	}
	for _, path := range []string{"/logout", "/decisions/approve", "/decisions/D-1/approve", "/decisions/D-1/reject", "/decisions/D-1/snooze"} {
		if got := b.post(path, url.Values{"reason": {"x"}}); got.Code != 401 {
			t.Errorf("POST %s = %d, want 401", path, got.Code)
		}
	}
}

func TestHostNamesTheConsole(t *testing.T) {
	b := stranger(t, console.Options{Engine: emptyEngine(t)})
	for host, want := range map[string]int{
		"127.0.0.1:8787": 401, "localhost:8787": 401, "[::1]:8787": 401,
		"127.0.0.1": 421, "127.0.0.1:80": 421, "attacker.example:8787": 421, "127.0.0.1.attacker.example:8787": 421, "": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://"+addr+"/", nil)
		r.Host = host
		if got := b.send(r).Code; got != want {
			t.Errorf("Host %q = %d, want %d", host, got, want)
		}
	}
	if _, err := console.New(console.Options{Addr: "8787"}); err == nil {
		t.Error("an address without a host was taken")
	}
}

func TestFormsOfOtherPagesAreRefused(t *testing.T) {
	e := emptyEngine(t)
	for name, c := range map[string]struct {
		header http.Header
		want   int
	}{
		"own page":                       {http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"null"}}, 303},
		"own page, browser without both": {http.Header{"Origin": {"http://" + addr}}, 303},
		"other site":                     {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://attacker.example"}}, 403},
		"other port of this host":        {http.Header{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://127.0.0.1:9999"}}, 403},
		"other site, old browser":        {http.Header{"Origin": {"https://attacker.example"}}, 403},
		"other port, old browser":        {http.Header{"Origin": {"http://127.0.0.1:9999"}}, 403},
		"hidden origin":                  {http.Header{"Origin": {"null"}}, 403},
		"nothing said":                   {http.Header{}, 403},
	} {
		b := stranger(t, console.Options{Engine: e, Token: "welcome"})
		b.header = c.header
		if got := b.post("/login", url.Values{"t": {"welcome"}}).Code; got != c.want {
			t.Errorf("%s: POST = %d, want %d", name, got, c.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	b := visitor(t, emptyEngine(t))
	for _, path := range []string{"/", "/decisions.csv", "/nowhere", "/login?t=x"} {
		h := b.get(path).Header()
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "style-src 'self'", "script-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy %q lacks %q", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") || strings.Contains(csp, "*") {
			t.Errorf("%s: policy %q is not strict", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", path, name, got, want)
			}
		}
	}
}
