package console_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tradewind/console"
	"tradewind/messages"
)

func TestSwitchesAreKeptByTheBrowser(t *testing.T) {
	b := visitor(t, emptyEngine(t))
	for _, c := range []struct{ ask, leads, shows string }{
		{"/decisions?lang=zh-Hans&sort=cash", "/decisions?sort=cash", `<html lang="zh-Hans"`},
		{"/decisions?theme=dark", "/decisions", `data-theme="dark"`},
		{"/keys?keys=off", "/keys", `data-keys="off"`},
		{"/keys?lang=en", "/keys", `<html lang="en"`},
	} {
		w := b.get(c.ask)
		if got := w.Header().Get("Location"); got != c.leads {
			t.Errorf("%s led to %q, want %q", c.ask, got, c.leads)
		}
		if page := b.follow(w).Body.String(); !strings.Contains(page, c.shows) {
			t.Errorf("%s: the page lacks %s", c.ask, c.shows)
		}
	}
	b.get("/keys?theme=auto")
	if page := b.get("/keys").Body.String(); strings.Contains(page, "data-theme") {
		t.Error("the automatic theme names a theme")
	}
	// Unknown values are ignored, other hosts are not led to.
	if got := b.get("/keys?lang=tlh"); got.Code != 200 {
		t.Errorf("unknown language = %d, want 200", got.Code)
	}
	if to := b.get("//attacker.example/?lang=en").Header().Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, "://") {
		t.Errorf("led to %q", to)
	}
}

func TestLanguageFollowsTheBrowser(t *testing.T) {
	e := emptyEngine(t)
	for header, want := range map[string]messages.Language{
		"":                        messages.Chinese, // the console's own
		"de,fr;q=0.5":             messages.Chinese,
		"zh-CN,zh;q=0.9,en;q=0.8": messages.Chinese,
		"en-GB,en;q=0.9,zh;q=0.1": messages.English,
		"de,zh;q=0.3,en;q=0.7":    messages.English,
		"en;q=bad,zh-TW;q=0.2":    messages.Chinese,
		strings.Repeat("x,", 2000) + "en;q=0.001": messages.English,
	} {
		b := stranger(t, console.Options{Engine: e, Language: messages.Chinese})
		b.header.Set("Accept-Language", header)
		if page := b.get("/").Body.String(); !strings.Contains(page, `<html lang="`+string(want)+`"`) {
			t.Errorf("Accept-Language %.40q is not answered in %s", header, want)
		}
	}
}

func TestPagesAreValidatedAndCompressed(t *testing.T) {
	b := visitor(t, emptyEngine(t))
	plain := b.get("/keys")
	tag := plain.Header().Get("ETag")
	if tag == "" {
		t.Fatal("a page has no validator")
	}
	b.header.Set("If-None-Match", tag)
	if got := b.get("/keys"); got.Code != http.StatusNotModified || got.Body.Len() != 0 {
		t.Errorf("known page = %d with %d bytes, want 304 with none", got.Code, got.Body.Len())
	}
	b.header.Del("If-None-Match")
	b.header.Set("Accept-Encoding", "br, gzip")
	z, err := gzip.NewReader(b.get("/keys").Body)
	if err != nil {
		t.Fatal(err)
	}
	if page, err := io.ReadAll(z); err != nil || !bytes.Equal(page, plain.Body.Bytes()) {
		t.Errorf("the compressed page differs (%v)", err)
	}
	b.header.Set("Accept-Encoding", "gzip;q=0")
	if got := b.get("/keys").Header().Get("Content-Encoding"); got != "" {
		t.Errorf("encoding = %q against the browser's wish", got)
	}
}

func TestAssetsAreImmutable(t *testing.T) {
	b := stranger(t, console.Options{Engine: emptyEngine(t)})
	found := regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`).FindAllStringSubmatch(b.get("/").Body.String(), -1)
	if len(found) != 3 {
		t.Fatalf("%d assets on a page, want style, icon and script", len(found))
	}
	for _, m := range found {
		got := b.get(m[1])
		if got.Code != 200 || !strings.Contains(got.Header().Get("Cache-Control"), "immutable") || got.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s = %d, %s", m[1], got.Code, got.Header().Get("Cache-Control"))
		}
	}
	for _, path := range []string{"/static/console.css", "/static/none.css", "/static/..%2fconsole.go"} {
		if got := b.get(path); got.Code != 404 {
			t.Errorf("%s = %d, want 404", path, got.Code)
		}
	}
}
