package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tradewind"
	"tradewind/console"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// chromium starts a browser for a test. Without one the test is skipped at home and
// fails in CI.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium: in CI the browser tests must run (make needs)")
		}
		t.Skip("no Chromium on this machine; make needs installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	// The first call starts the browser and must not have a deadline of its own.
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900)))
	ctx, stop := context.WithTimeout(ctx, 15*time.Minute)
	t.Cleanup(stop)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// served is a console that listens.
type served struct{ base, link string }

func serve(t *testing.T, e *tradewind.Engine) served {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	c, err := console.New(console.Options{Engine: e, Actor: "local:tester", Addr: l.Addr().String(), Demo: true})
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return served{"http://" + l.Addr().String(), c.NewLink()}
}

// enter logs in as a person does: open the link, press the button.
func (s served) enter(t *testing.T, ctx context.Context) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.Navigate(s.link), chromedp.Click(chromedp.CSS("main button")), chromedp.WaitVisible(chromedp.CSS("nav.side"))))
}

func (s served) choose(t *testing.T, ctx context.Context, lang messages.Language, theme string) {
	t.Helper()
	for name, value := range map[string]string{"tradewind_lang": string(lang), "tradewind_theme": theme} {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: s.base})
		must(t, err)
	}
}

// axe-core judges every page by WCAG 2.2 AA and its best practices.
const judge = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
	JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " + n.failureSummary)}))))`

type violation struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

func TestAxeFindsNothing(t *testing.T) {
	library, err := os.ReadFile("testdata/axe/axe.min.js")
	must(t, err)
	for name, engine := range map[string]func(*testing.T) *tradewind.Engine{"empty": emptyEngine, "demo": demoEngine} {
		t.Run(name, func(t *testing.T) {
			e := engine(t)
			ctx := chromium(t)
			s := serve(t, e)
			for lang, theme := range looks {
				s.choose(t, ctx, lang, theme)
				check(t, ctx, string(library), s.link, fmt.Sprintf("login %s %s", lang, theme))
				check(t, ctx, string(library), s.base+"/decisions", fmt.Sprintf("outside %s %s", lang, theme))
			}
			s.enter(t, ctx)
			for lang, theme := range looks {
				s.choose(t, ctx, lang, theme)
				for _, p := range everyPage(t, e, name == "demo") {
					check(t, ctx, string(library), s.base+p.path, fmt.Sprintf("%s %s %s", p.path, lang, theme))
				}
			}
		})
	}
}

func TestAxeFindsNothingInListings(t *testing.T) {
	library, err := os.ReadFile("testdata/axe/axe.min.js")
	must(t, err)
	ctx := chromium(t)
	s := serve(t, listedEngine(t))
	s.enter(t, ctx)
	for lang, theme := range looks {
		s.choose(t, ctx, lang, theme)
		check(t, ctx, string(library), s.base+"/localization", fmt.Sprintf("listings %s %s", lang, theme))
	}
}

// The judge itself is judged: it must find an image without a text.
func TestAxeFindsSomething(t *testing.T) {
	library, err := os.ReadFile("testdata/axe/axe.min.js")
	must(t, err)
	ctx := chromium(t)
	s := serve(t, emptyEngine(t))
	must(t, chromedp.Do(ctx, chromedp.Navigate(s.link), chromedp.Evaluate[chromedp.Void](`document.querySelector("main").append(document.createElement("img"))`)))
	for _, v := range inspect(t, ctx, string(library)) {
		if v.ID == "image-alt" {
			return
		}
	}
	t.Error("axe did not find an image without a text")
}

// check fails a page with every violation found on it.
func check(t *testing.T, ctx context.Context, library, url, name string) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.Navigate(url)))
	for _, v := range inspect(t, ctx, library) {
		t.Errorf("%s: %s: %s\n\t%s", name, v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

func inspect(t *testing.T, ctx context.Context, library string) []violation {
	t.Helper()
	// What is folded away is judged too.
	must(t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => { d.open = true })`),
		chromedp.Evaluate[chromedp.Void](library+";0")))
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](judge, chromedp.EvalAwaitPromise))
	must(t, err)
	var violations []violation
	must(t, json.Unmarshal([]byte(found), &violations))
	return violations
}

// press sends a key as a keyboard does: the letter arrives only if nobody took the key.
func press(t *testing.T, ctx context.Context, key string) {
	t.Helper()
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key}
	if key == "Enter" {
		down.Text, down.WindowsVirtualKeyCode = "\r", 13
	}
	_, err := chromedp.Call(ctx, input.DispatchKeyEvent, down)
	must(t, err)
	_, err = chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, WindowsVirtualKeyCode: down.WindowsVirtualKeyCode})
	must(t, err)
}

// Without a mouse: from the overview to an approved decision by keys alone.
func TestKeyboardDecides(t *testing.T) {
	e := demoEngine(t)
	ctx := chromium(t)
	s := serve(t, e)
	s.enter(t, ctx)
	first, second := proposed(t, e)[0], proposed(t, e)[1]
	key := func(keys ...string) {
		t.Helper()
		for _, k := range keys {
			press(t, ctx, k)
		}
	}
	at := func(path string) {
		t.Helper()
		for range 100 {
			if here, err := chromedp.Run(ctx, chromedp.Location()); err == nil && strings.HasPrefix(strings.TrimPrefix(here, s.base), path) {
				must(t, chromedp.Do(ctx, chromedp.WaitReady(chromedp.CSS("main"))))
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		here, _ := chromedp.Run(ctx, chromedp.Location())
		t.Fatalf("at %s, want %s", here, path)
	}
	evaluate := func(script string) bool {
		t.Helper()
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		must(t, err)
		return ok
	}

	key("g", "d")
	at("/decisions")
	key("j", "j", "k", "x")
	if !evaluate(`document.querySelector("#rows tbody tr input").checked && /^1 /.test(document.getElementById("picked").textContent)`) {
		t.Error("x did not tick the first row, or the sum does not say so")
	}
	key("a")
	at("/decisions?did=approve")
	if got := explain(t, e, first.ID).State; got != decision.Approved {
		t.Errorf("%s = %s, want approved by one key", first.ID, got)
	}
	key("j", "Enter")
	at("/decisions/" + string(second.ID))
	key("r")
	if !evaluate(`document.activeElement.id === "reason"`) {
		t.Error("r did not lead to the reason")
	}
	// While somebody types, the keys are letters.
	key("g", "o", "a")
	if !evaluate(`document.getElementById("reason").value === "goa"`) {
		t.Error("letters typed into a field did not arrive there")
	}
	must(t, chromedp.Do(ctx, chromedp.Navigate(s.base+"/keys?keys=off")))
	key("g", "d")
	time.Sleep(100 * time.Millisecond)
	at("/keys")
	must(t, chromedp.Do(ctx, chromedp.Navigate(s.base+"/keys?keys=on")))
	key("?")
	at("/keys")
	key("/")
	at("/skus")
}

// A browser refuses what the policy forbids; here it is asked whether it had to, with
// names that try to break out of every place where a name is shown.
func TestNamesStayNames(t *testing.T) {
	e := emptyEngine(t)
	file := t.TempDir() + "/orders.csv"
	var rows strings.Builder
	rows.WriteString("order_id,line_id,sku,description,quantity,unit_price,currency,ordered_at,country\n")
	for i, name := range payloads {
		fmt.Fprintf(&rows, "%d,1,S%d,\"%s\",3,2.50,GBP,2011-12-%02d 10:00:00,GB\n", i+1, i, strings.ReplaceAll(name, `"`, `""`), i%9+1)
	}
	fmt.Fprintf(&rows, "99,1,S99,\"%s\",3,free,GBP,2011-12-01 10:00:00,GB\n", payloads[0]) // no price: to quarantine
	must(t, os.WriteFile(file, []byte(rows.String()), 0o600))
	if _, err := e.Import(context.Background(), []string{file}, tradewind.ImportOptions{MaxBad: 0.5}); err != nil && !fault.Is(err, fault.Partial) {
		t.Fatal(err)
	}
	ctx := chromium(t)
	s := serve(t, e)
	s.enter(t, ctx)
	for _, path := range []string{"/", "/skus", "/skus/S0", "/skus/S1", "/skus/S2?market=GB", "/data", "/data/quarantine", "/decisions?sku=%3Cscript%3Epwned()%3C/script%3E", `/skus?q=%22%3E%3Cimg%20src=x%20onerror=pwned()%3E`} {
		must(t, chromedp.Do(ctx, chromedp.Navigate(s.base+path)))
		ran, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`"pwned" in window || !!document.querySelector("main img, main script, main iframe")`))
		must(t, err)
		if ran {
			t.Errorf("%s: a name became markup", path)
		}
	}
	library, err := os.ReadFile("testdata/axe/axe.min.js")
	must(t, err)
	for _, lang := range messages.Languages {
		s.choose(t, ctx, lang, "light")
		for _, path := range []string{"/data/quarantine", "/data/quarantine?import=1", "/data/imports/1", "/skus/S0", "/"} {
			check(t, ctx, string(library), s.base+path, path)
		}
	}
	must(t, chromedp.Do(ctx, chromedp.Navigate(s.base+"/data/quarantine")))
	rejects, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll("main table tbody tr").length`))
	must(t, err)
	if rejects != 1 {
		t.Errorf("%d rows in quarantine, want 1", rejects)
	}
	must(t, chromedp.Do(ctx, chromedp.Navigate(s.base+"/skus")))
	names, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.getElementById("rows").textContent`))
	must(t, err)
	if !strings.Contains(names, "<script>window.pwned=1</script>") {
		t.Error("the product list does not show the names")
	}
}

var payloads = []string{
	`<script>window.pwned=1</script>`, `"><img src=x onerror=window.pwned=1>`, `'><svg onload=window.pwned=1>`, `</title><script>window.pwned=1</script>`,
	`javascript:window.pwned=1`, `{{.Now}}`, `</textarea><script>window.pwned=1</script>`, `<iframe srcdoc="<script>parent.pwned=1</script>">`, "\u202Egnp.exe",
}

func TestServeEndsWithItsContext(t *testing.T) {
	e := emptyEngine(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	c, err := console.New(console.Options{Engine: e, Addr: l.Addr().String(), Token: "x"})
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Serve(ctx, l) }()
	got, err := http.Get("http://" + l.Addr().String() + "/login?t=x")
	must(t, err)
	got.Body.Close()
	if got.StatusCode != 200 {
		t.Errorf("status = %d, want 200", got.StatusCode)
	}
	stop()
	select {
	case err := <-ended:
		must(t, err)
	case <-time.After(6 * time.Second):
		t.Fatal("the console did not end with its context")
	}
}
